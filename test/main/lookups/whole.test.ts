import { describe, expect, it } from 'vitest';
import type { Finds } from '../../../src/main/lookups/found.ts';
import { Reading, type LookupResult } from '../../../src/main/lookups/run.ts';
import { shanghaiTime } from '../../../src/main/vendors/shared/time.ts';
import { failure } from '../../support/journal.ts';
import { ACCOUNT, BROKEN, Shelf, shelfOperation, type ShelfOrder } from './shelf.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 1);

/** So many orders, one every `everyMs`. */
const ordersOf = (count: number, everyMs: number): ShelfOrder[] =>
  Array.from({ length: count }, (_, at) => ({ no: `n${String(at).padStart(5, '0')}`, atMs: START_MS + at * everyMs }));

function readingOf(shelf: Shelf, widestMs: number | null, untilMs = START_MS + 30 * DAY_MS, lanes = 3) {
  const params = widestMs === null ? {} : { from: shanghaiTime(START_MS), to: shanghaiTime(untilMs) };
  const reading = new Reading({
    gateway: shelf,
    account: ACCOUNT,
    operation: shelfOperation(widestMs),
    params,
    lanes,
  });
  const found: string[] = [];
  const run = (signal?: AbortSignal): Promise<LookupResult> =>
    reading.run(({ fresh }) => {
      for (const { values } of fresh) found.push(values['no'] ?? '');
    }, signal);
  return { reading, found, run };
}
const namesOf = (orders: readonly ShelfOrder[]): string[] => orders.map(({ no }) => no).sort();

describe('a span of time', () => {
  it('is read in windows, the newest first, and found whole', async () => {
    const orders = ordersOf(300, 2 * HOUR_MS);
    const shelf = new Shelf(orders, 7);
    const asked: (string | undefined)[] = [];
    shelf.onCall = (_call, params) => void asked.push(params['to']);
    const { found, run } = readingOf(shelf, 7 * DAY_MS);
    const result = await run();
    expect(result).toMatchObject({ complete: true, rows: 300, share: 1, again: 0, missing: [], why: null });
    expect(found.toSorted()).toEqual(namesOf(orders));
    expect(asked[0]).toBe(shanghaiTime(START_MS + 30 * DAY_MS));
    expect(new Set(asked).size).toBe(5);
  });

  it('adapts its windows when the vendor says out of range, and does not ask so wide again', async () => {
    const orders = ordersOf(200, 3 * HOUR_MS);
    const shelf = new Shelf(orders, 50);
    shelf.widestMs = 2 * DAY_MS;
    const refused: string[] = [];
    shelf.onCall = (_call, { from = '', to = '' }) => {
      const wide = Date.parse(`${to.replace(' ', 'T')}Z`) - Date.parse(`${from.replace(' ', 'T')}Z`) > shelf.widestMs;
      if (wide) refused.push(to);
      return undefined;
    };
    const { found, run } = readingOf(shelf, 16 * DAY_MS, START_MS + 30 * DAY_MS, 1);
    expect(await run()).toMatchObject({ complete: true, rows: 200 });
    expect(found.toSorted()).toEqual(namesOf(orders));
    // 16 days, then 8, then 4: each width once.
    expect(refused).toHaveLength(3);
  });

  it('has a second with more orders than a page', async () => {
    const rush = Array.from({ length: 40 }, (_, at) => ({ no: `rush${String(at)}`, atMs: START_MS + DAY_MS }));
    const shelf = new Shelf([...rush, ...ordersOf(20, DAY_MS)], 6);
    shelf.widestMs = 0;
    const { found, run } = readingOf(shelf, DAY_MS, START_MS + DAY_MS + 4_000);
    // One second is the least there is: even a vendor that takes no more is read, if only around its rush.
    shelf.widestMs = 500_000;
    expect(await run()).toMatchObject({ complete: true, rows: 42 });
    expect(new Set(found).size).toBe(42);
  });

  it('that begins further back than the vendor reaches is read up to there; the rest is named, and tried again', async () => {
    const orders = ordersOf(100, 7 * HOUR_MS);
    const shelf = new Shelf(orders, 50);
    shelf.earliestMs = START_MS + 10 * DAY_MS;
    const { found, run, reading } = readingOf(shelf, 4 * DAY_MS);
    const result = await run();
    expect(result.complete).toBe(false);
    const reachable = orders.filter(({ atMs }) => atMs >= shelf.earliestMs + HOUR_MS);
    expect(found).toEqual(expect.arrayContaining(reachable.map(({ no }) => no)));
    expect(result.missing).toHaveLength(1);
    expect(result.missing[0]?.name.en).toContain(
      `${shanghaiTime(START_MS)} to ${shanghaiTime(shelf.earliestMs).slice(0, 10)}`,
    );
    expect(result.failure?.code).toBe('outofrange');
    expect(shelf.calls).toBeLessThan(40);
    expect(reading.canGoOn).toBe(true);
    shelf.earliestMs = -Infinity;
    expect(await run()).toMatchObject({ complete: true, rows: 100 });
    expect(found.toSorted()).toEqual(namesOf(orders));
  });

  it('that the vendor takes in no width at all ends with its reason', async () => {
    const shelf = new Shelf(ordersOf(5, HOUR_MS), 5);
    shelf.widestMs = -1;
    const { run } = readingOf(shelf, DAY_MS);
    expect(await run()).toMatchObject({ complete: false, rows: 0, failure: { code: 'outofrange' } });
    expect(shelf.calls).toBeLessThan(80);
  });
});

describe('pages that move', () => {
  /** Adds an order before all others, or takes the first one away, at a call. */
  const changing = (shelf: Shelf, at: number, change: 'insert' | 'remove'): void => {
    shelf.onCall = (call) => {
      if (call !== at) return undefined;
      if (change === 'insert') shelf.insert({ no: 'new', atMs: START_MS });
      else shelf.remove(0);
      return undefined;
    };
  };

  it.each([2, 3, 4, 5, 6, 7])('by an order that goes at call %i are read again, and none is lost', async (at) => {
    const orders = ordersOf(26, HOUR_MS);
    const shelf = new Shelf(orders, 5);
    changing(shelf, at, 'remove');
    const { found, run } = readingOf(shelf, null, undefined, 1);
    const result = await run();
    expect(result).toMatchObject({ complete: true });
    expect(result.again).toBeGreaterThan(0);
    expect(found).toEqual(expect.arrayContaining(namesOf(orders.slice(1))));
    expect(new Set(found).size).toBe(found.length);
  });

  it.each([3, 4, 5, 6])('by an order that comes at call %i are read again, and none is found twice', async (at) => {
    const orders = ordersOf(26, HOUR_MS);
    const shelf = new Shelf(orders, 5);
    changing(shelf, at, 'insert');
    const { found, run } = readingOf(shelf, null, undefined, 1);
    expect(await run()).toMatchObject({ complete: true });
    expect(found.toSorted()).toEqual([...namesOf(orders), 'new'].sort());
  });

  it('without an end are given up and said to be incomplete; once they stand still they are read whole', async () => {
    const shelf = new Shelf(ordersOf(26, HOUR_MS), 5);
    let made = 0;
    shelf.onCall = () => {
      shelf.insert({ no: `new${String((made += 1))}`, atMs: START_MS - made });
      return undefined;
    };
    const { found, run } = readingOf(shelf, null);
    const result = await run();
    expect(result.complete).toBe(false);
    expect(result.why?.en).toMatch(/kept moving/);
    shelf.onCall = () => undefined;
    expect(await run()).toMatchObject({ complete: true, rows: shelf.orders.length });
    expect(new Set(found).size).toBe(found.length);
  });

  it('in one part of a span are cut out of it, so that the rest is read once', async () => {
    const orders = ordersOf(400, HOUR_MS);
    const shelf = new Shelf(orders, 5);
    const lastMs = orders.at(-1)?.atMs ?? 0;
    let made = 0;
    // Each time that a window with the newest hour is begun another order has come there.
    shelf.onCall = (_call, { to = '' }, cursor) => {
      const touches = Date.parse(`${to.replace(' ', 'T')}+08:00`) >= lastMs;
      if (touches && cursor !== null && made < 60) shelf.insert({ no: `new${String((made += 1))}`, atMs: lastMs });
      return undefined;
    };
    const { run, found } = readingOf(shelf, 30 * DAY_MS);
    expect(await run()).toMatchObject({ complete: true });
    expect(found).toEqual(expect.arrayContaining(namesOf(orders)));
    // A whole reading has 80 pages; the moving end alone is read over and over.
    expect(shelf.calls).toBeLessThan(500);
  });
});

describe('a page that cannot be read', () => {
  it('is tried again, then named; the lookup goes on, says that it is incomplete, and can be continued there', async () => {
    const orders = ordersOf(40, HOUR_MS);
    const shelf = new Shelf(orders, 5);
    shelf.onCall = (_call, _params, cursor) => (cursor === '3' ? BROKEN : undefined);
    const { found, run, reading } = readingOf(shelf, null);
    const result = await run();
    expect(result).toMatchObject({ complete: false, rows: 35 });
    expect(result.missing).toEqual([
      { name: { zh: '第 3 页', en: 'Page 3' }, why: { zh: '断了', en: 'it broke' }, failure: null },
    ]);
    expect(result.why?.en).toBe('Page 3 could not be read: it broke');
    const before = shelf.calls;
    expect(reading.canGoOn).toBe(true);
    shelf.onCall = () => undefined;
    expect(await run()).toMatchObject({ complete: true, rows: 40, missing: [], why: null });
    // The page itself, and the first and the last once more.
    expect(shelf.calls - before).toBe(3);
    expect(found.toSorted()).toEqual(namesOf(orders));
    expect(reading.canGoOn).toBe(false);
  });

  it('that breaks twice is read at the third try', async () => {
    const shelf = new Shelf(ordersOf(40, HOUR_MS), 5);
    let broke = 0;
    shelf.onCall = (_call, _params, cursor) => (cursor === '3' && (broke += 1) <= 2 ? BROKEN : undefined);
    expect(await readingOf(shelf, null).run()).toMatchObject({ complete: true, rows: 40 });
  });

  it('of a window is named with its times', async () => {
    const shelf = new Shelf(ordersOf(40, HOUR_MS), 50);
    shelf.onCall = (_call, { from }) => (from === shanghaiTime(START_MS) ? BROKEN : undefined);
    const { run } = readingOf(shelf, DAY_MS, START_MS + 2 * DAY_MS);
    const result = await run();
    expect(result.missing.map(({ name }) => name.en)).toEqual([
      `Page 1 of ${shanghaiTime(START_MS)} to ${shanghaiTime(START_MS + DAY_MS)}`,
    ]);
    expect(result.share).toBe(0.5);
  });

  it('for a reason that all others would meet ends the lookup at once', async () => {
    const shelf = new Shelf(ordersOf(400, HOUR_MS), 5);
    const refusal = failure('quota', 'quota');
    shelf.onCall = (call) => (call > 4 ? { kind: 'rejected', failure: refusal } : undefined);
    const { run, reading } = readingOf(shelf, null);
    expect(await run()).toMatchObject({ complete: false, failure: refusal, why: refusal.reading, missing: [] });
    expect(shelf.calls).toBeLessThan(10);
    expect(reading.canGoOn).toBe(true);
  });
});

describe('stopping', () => {
  it('keeps what was read, and going on asks for the rest alone', async () => {
    const orders = ordersOf(200, HOUR_MS);
    const shelf = new Shelf(orders, 5);
    const stop = new AbortController();
    shelf.onCall = (call) => {
      if (call === 20) stop.abort();
      return undefined;
    };
    const { found, run, reading } = readingOf(shelf, null);
    const stopped = await run(stop.signal);
    expect(stopped).toMatchObject({ complete: false, failure: null, why: { en: 'Stopped.' }, missing: [] });
    expect(reading.standing.share).toBeGreaterThan(0);
    expect(reading.standing.share).toBeLessThan(1);
    shelf.onCall = () => undefined;
    expect(await run()).toMatchObject({ complete: true, rows: 200 });
    expect(found.toSorted()).toEqual(namesOf(orders));
    expect(new Set(found).size).toBe(200);
    // 40 pages, the first and the last once more, and what was under way at the stop.
    expect(shelf.calls).toBeLessThanOrEqual(40 + 2 + 4);
  });

  it('between two windows leaves the others to be read', async () => {
    const orders = ordersOf(60, 12 * HOUR_MS);
    const shelf = new Shelf(orders, 50);
    const stop = new AbortController();
    const reading = new Reading({
      gateway: shelf,
      account: ACCOUNT,
      operation: shelfOperation(5 * DAY_MS),
      params: { from: shanghaiTime(START_MS), to: shanghaiTime(START_MS + 30 * DAY_MS) },
      lanes: 1,
    });
    const found: string[] = [];
    const take = ({ fresh }: Finds): void => {
      for (const { values } of fresh) found.push(values['no'] ?? '');
      stop.abort();
    };
    expect(await reading.run(take, stop.signal)).toMatchObject({ complete: false });
    expect(reading.canGoOn).toBe(true);
    expect(await reading.run(take)).toMatchObject({ complete: true, rows: 60, share: 1 });
    expect(found.toSorted()).toEqual(namesOf(orders));
  });

  it('a page that could not be kept is asked for once more', async () => {
    const shelf = new Shelf(ordersOf(20, HOUR_MS), 5);
    const reading = new Reading({
      gateway: shelf,
      account: ACCOUNT,
      operation: shelfOperation(null),
      params: {},
      lanes: 2,
    });
    const found: string[] = [];
    let full = true;
    const take = ({ fresh }: Finds): void => {
      if (full && found.length >= 10) throw new Error('no room');
      for (const { values } of fresh) found.push(values['no'] ?? '');
    };
    await expect(reading.run(take)).rejects.toThrow('no room');
    full = false;
    expect(await reading.run(take)).toMatchObject({ complete: true, rows: 20 });
    expect(new Set(found).size).toBe(20);
    expect(found).toHaveLength(20);
  });
});
