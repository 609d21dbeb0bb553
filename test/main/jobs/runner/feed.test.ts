import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PendingRow } from '../../../../src/main/jobs/journal/reads.ts';
import { Feed, type FedRow, type FetchPending, type Unit } from '../../../../src/main/jobs/runner/feed.ts';

const pending = (rowNo: number): PendingRow => ({
  rowNo,
  order: `o${rowNo}`,
  fields: JSON.stringify({ order: `o${rowNo}`, n: String(rowNo) }),
  expects: null,
  seen: rowNo % 2 === 0 ? '{"n":"old"}' : null,
  insisted: rowNo % 3 === 0,
});
const range = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
const fed = (rowNo: number): FedRow => ({
  rowNo,
  order: `o${rowNo}`,
  values: { order: `o${rowNo}`, n: String(rowNo) },
  expects: null,
  seen: rowNo % 2 === 0 ? { n: 'old' } : null,
  insisted: rowNo % 3 === 0,
});

interface Asked {
  readonly after: number;
  readonly limit: number;
}

/** A source that gives at most `page` rows at a time. */
function source(rows: readonly number[], page = Infinity): { asked: Asked[]; fetch: FetchPending } {
  const asked: Asked[] = [];
  return {
    asked,
    fetch: async (after, limit) => {
      asked.push({ after, limit });
      await Promise.resolve();
      return rows
        .filter((rowNo) => rowNo > after)
        .slice(0, Math.min(limit, page))
        .map(pending);
    },
  };
}

async function drain(feed: Feed): Promise<Unit[]> {
  const units: Unit[] = [];
  for (let unit = await feed.next(); unit !== null; unit = await feed.next()) units.push(unit);
  return units;
}

const rowNos = (units: readonly Unit[]): number[][] => units.map((unit) => unit.rows.map((row) => row.rowNo));

describe('handing rows out', () => {
  it('gives calls of at most the batch size, in order, untried, with the rows as the journal has them', async () => {
    const units = await drain(new Feed(source(range(7)).fetch, 3, Infinity));
    expect(units).toEqual([
      { rows: [1, 2, 3].map(fed), limitTries: 0, clockTries: 0, halving: null },
      { rows: [4, 5, 6].map(fed), limitTries: 0, clockTries: 0, halving: null },
      { rows: [7].map(fed), limitTries: 0, clockTries: 0, halving: null },
    ]);
  });

  it('fills a call across pages', async () => {
    const { asked, fetch } = source(range(10), 4);
    expect(rowNos(await drain(new Feed(fetch, 3, Infinity)))).toEqual([[1, 2, 3], [4, 5, 6], [7, 8, 9], [10]]);
    expect(asked.map((one) => one.after)).toEqual([0, 4, 8, 10]);
  });

  it('reads 250 rows at a time, or a call when that is more', async () => {
    const small = source(range(2));
    await drain(new Feed(small.fetch, 5, Infinity));
    expect(small.asked[0]).toEqual({ after: 0, limit: 250 });
    const large = source(range(2));
    await drain(new Feed(large.fetch, 251, Infinity));
    expect(large.asked[0]).toEqual({ after: 0, limit: 251 });
  });

  it('reads the next page when half of one is left, so that nobody waits, and none after the end', async () => {
    const { asked, fetch } = source(range(450));
    const feed = new Feed(fetch, 1, Infinity);
    await feed.next();
    for (let row = 2; row <= 125; row += 1) expect(feed.next()).toMatchObject({ rows: [{ rowNo: row }] });
    expect(asked).toHaveLength(1);
    expect(feed.next()).toMatchObject({ rows: [{ rowNo: 126 }] });
    expect(asked.map((one) => one.after)).toEqual([0, 250]);
    await new Promise((resolve) => setImmediate(resolve));
    for (let row = 127; row <= 450; row += 1) {
      expect(feed.next()).toMatchObject({ rows: [{ rowNo: row }] });
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(await feed.next()).toBeNull();
    expect(await feed.next()).toBeNull();
    expect(asked.map((one) => one.after)).toEqual([0, 250, 450]);
  });

  it('reads no page ahead of what may be handed out', async () => {
    const { asked, fetch } = source(range(1_000));
    expect(await drain(new Feed(fetch, 1, 250))).toHaveLength(250);
    expect(asked).toHaveLength(1);
  });

  it('keeps a failure to read ahead for one who is short of rows', async () => {
    let broken = false;
    const good = source(range(300));
    const feed = new Feed(
      (after, limit) => (broken ? Promise.reject(new Error('disk')) : good.fetch(after, limit)),
      1,
      Infinity,
    );
    await feed.next();
    broken = true;
    for (let row = 2; row <= 250; row += 1) expect(await feed.next()).not.toBeNull();
    await expect(Promise.resolve(feed.next())).rejects.toThrow('disk');
    broken = false;
    expect(await drain(feed)).toHaveLength(50);
  });

  it('skips over gaps in the numbers', async () => {
    const { fetch } = source([2, 9, 10, 700], 2);
    expect(rowNos(await drain(new Feed(fetch, 3, Infinity)))).toEqual([[2, 9, 10], [700]]);
  });

  it.each([
    [0, []],
    [1, [[1]]],
    [3, [[1, 2, 3]]],
    [4, [[1, 2, 3], [4]]],
    [7, [[1, 2, 3], [4, 5, 6], [7]]],
    [8, [[1, 2, 3], [4, 5, 6], [7]]],
  ])('hands out at most %i', async (most, expected) => {
    expect(rowNos(await drain(new Feed(source(range(7)).fetch, 3, most)))).toEqual(expected);
  });

  it('reads nothing when nothing may be handed out', async () => {
    const { asked, fetch } = source(range(7));
    expect(await new Feed(fetch, 3, 0).next()).toBeNull();
    expect(asked).toEqual([]);
  });

  it('hands on a failure to read, and tries again when asked again', async () => {
    let tries = 0;
    const good = source(range(2));
    const feed = new Feed(
      (after, limit) => {
        tries += 1;
        return tries === 1 ? Promise.reject(new Error('disk')) : good.fetch(after, limit);
      },
      1,
      Infinity,
    );
    await expect(feed.next()).rejects.toThrow('disk');
    expect(rowNos(await drain(feed))).toEqual([[1], [2]]);
  });
});

describe('calls given back', () => {
  it('go out first, the latest first, and do not count as new rows', async () => {
    const feed = new Feed(source(range(3)).fetch, 1, 2);
    const one = await feed.next();
    if (one === null) throw new Error('no row');
    const again = { ...one, limitTries: 2 };
    feed.giveBack(one);
    feed.giveBack(again);
    expect(await feed.next()).toBe(again);
    expect(await feed.next()).toBe(one);
    expect(rowNos(await drain(feed))).toEqual([[2]]);
    feed.giveBack(again);
    expect(await feed.next()).toBe(again);
    expect(await feed.next()).toBeNull();
  });

  it('go before new rows to one who waits for a page', async () => {
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { fetch } = source(range(1));
    const feed = new Feed(async (after, limit) => gate.then(() => fetch(after, limit)), 1, Infinity);
    const unit: Unit = { rows: [fed(9)], limitTries: 1, clockTries: 0, halving: null };
    const waiting = feed.next();
    feed.giveBack(unit);
    release();
    expect(await waiting).toBe(unit);
    expect(rowNos(await drain(feed))).toEqual([[1]]);
  });
});

describe('with any sizes and any number of takers', () => {
  it('hands out every row exactly once, in calls of at most the batch size, at most as many as wanted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 120 }),
        fc.integer({ min: 1, max: 17 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 8 }),
        fc.option(fc.integer({ min: 0, max: 130 }), { nil: Infinity }),
        fc.array(fc.boolean(), { maxLength: 60 }),
        async (numbers, batchSize, page, takers, most, returns) => {
          const rows = numbers.toSorted((a, b) => a - b);
          const feed = new Feed(source(rows, page).fetch, batchSize, most);
          const taken: number[] = [];
          const taker = async (): Promise<void> => {
            for (let unit = await feed.next(); unit !== null; unit = await feed.next()) {
              expect(unit.rows.length).toBeGreaterThan(0);
              expect(unit.rows.length).toBeLessThanOrEqual(batchSize);
              await Promise.resolve();
              if (returns.pop() === true) feed.giveBack(unit);
              else taken.push(...unit.rows.map((row) => row.rowNo));
            }
          };
          await Promise.all(Array.from({ length: takers }, taker));
          expect(taken.toSorted((a, b) => a - b)).toEqual(rows.slice(0, most));
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});
