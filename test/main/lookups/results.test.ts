import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LookupView, SelectionChange } from '../../../src/contract/lookup.ts';
import type { Column } from '../../../src/contract/vendor.ts';
import { MASK, ResultSet } from '../../../src/main/lookups/results.ts';
import type { LookupRow } from '../../../src/main/vendors/types.ts';

const names = (id: string): Column['names'] => ({ zh: id, en: id });
const COLUMNS: readonly Column[] = [
  { id: 'order', names: names('order'), kind: 'order' },
  {
    id: 'status',
    names: names('status'),
    kind: 'status',
    words: { PAID: { zh: '已支付', en: 'paid' }, SHIPPED: { zh: '已发货', en: 'on its way' } },
  },
  { id: 'amount', names: names('amount'), kind: 'amount' },
  { id: 'at', names: names('at'), kind: 'time' },
  { id: 'shop', names: names('shop'), kind: 'text' },
  { id: 'phone', names: names('phone'), kind: 'text', personal: true },
  { id: 'items.owner', names: names('owner'), kind: 'text', personal: true },
];
const ALL: LookupView = { sort: null, find: '', values: {} };
const PHONE = '13800001111';

function resultOf(rows: readonly LookupRow[]): ResultSet {
  const results = new ResultSet(COLUMNS);
  results.add(rows);
  return results;
}

const rowsWith = (column: string, values: readonly string[]): LookupRow[] =>
  values.map((value) => ({ values: { [column]: value } }));

async function sortedBy(column: string, values: readonly string[], descending = false): Promise<string[]> {
  const results = resultOf(rowsWith(column, values));
  const { rows } = await results.page({ ...ALL, sort: { column, descending } }, 0, 200);
  return rows.map((row) => row.values[column] ?? '');
}

async function keysOf(results: ResultSet, view: LookupView): Promise<number[]> {
  return (await results.page(view, 0, 100_000)).rows.map((row) => row.key);
}

describe('the order of a view', () => {
  it('of amounts is theirs to the last digit', async () => {
    const wanted = ['-10.5', '-2', '-0.10', '0', '0.0999999999999999999', '0.1', '2', '10', '9007199254740993.1', ''];
    expect(await sortedBy('amount', [...wanted].reverse())).toEqual(wanted);
    expect(await sortedBy('amount', wanted, true)).toEqual([...wanted.slice(0, -1).reverse(), '']);
  });

  it('of equal amounts in different writing is the one they were read in', async () => {
    expect(await sortedBy('amount', ['1.50', '01.5', '1.5'])).toEqual(['1.50', '01.5', '1.5']);
    expect(await sortedBy('amount', ['1.50', '01.5', '1.5'], true)).toEqual(['1.50', '01.5', '1.5']);
  });

  it('of order numbers is by size, other texts after them', async () => {
    expect(await sortedBy('order', ['B2', '100', '99', 'A', '220601-1', '99999999999999999999'])).toEqual([
      '99',
      '100',
      '99999999999999999999',
      '220601-1',
      'A',
      'B2',
    ]);
  });

  it('of numbers as long as a page takes as long as they are', async () => {
    const long = '0'.repeat(200_000);
    expect(await sortedBy('order', [`${long}x`, `0.${long}y`, `${long}2`, `1.${long}`])).toEqual([
      `1.${long}`,
      `${long}2`,
      `0.${long}y`,
      `${long}x`,
    ]);
  });

  it('of texts is as people look them up', async () => {
    expect(await sortedBy('shop', ['张', 'b', '安', 'A', '李'])).toEqual(['安', '李', '张', 'A', 'b']);
    expect(await sortedBy('shop', ['b', 'C', 'a'])).toEqual(['a', 'b', 'C']);
  });

  it('of times is theirs', async () => {
    expect(await sortedBy('at', ['2024-05-02 00:00:00', '', '2024-05-01 23:59:59'], true)).toEqual([
      '2024-05-02 00:00:00',
      '2024-05-01 23:59:59',
      '',
    ]);
  });

  it('is that of a plain sort, for any integers and any number of rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 3_000, size: 'max' }),
        fc.boolean(),
        async (list, down) => {
          const results = resultOf(rowsWith('amount', list.map(String)));
          const naive = list
            .map((value, key) => ({ value, key }))
            .sort((a, b) => (down ? b.value - a.value : a.value - b.value));
          const { total, rows } = await results.page(
            { ...ALL, sort: { column: 'amount', descending: down } },
            0,
            5_000,
          );
          expect(total).toBe(list.length);
          expect(rows.map((row) => row.key)).toEqual(naive.map(({ key }) => key));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is refused for a column that is not there', async () => {
    await expect(resultOf([]).page({ ...ALL, sort: { column: 'no', descending: false } }, 0, 1)).rejects.toMatchObject({
      code: 'USAGE',
    });
  });
});

describe('what a view finds', () => {
  it('looks at a value that is named as what every object has, and finds no words for it', async () => {
    const results = resultOf(rowsWith('status', ['constructor', '__proto__', 'toString', 'PAID']));
    expect(await keysOf(results, { ...ALL, find: 'paid' })).toEqual([3]);
    expect(await keysOf(results, { ...ALL, find: 'proto' })).toEqual([1]);
  });

  const results = resultOf([
    { values: { order: 'A1', status: 'PAID', shop: 'North', phone: PHONE } },
    { values: { order: 'A2', status: 'SHIPPED', phone: PHONE } },
    { values: { order: 'B3', status: 'ODD' } },
  ]);
  it.each([
    ['a', [0, 1]],
    ['NORTH', [0]],
    [' 已支付 ', [0]],
    ['On Its', [1]],
    ['odd', [2]],
    [PHONE, []],
    ['nothing', []],
  ])('by %j', async (find, keys) => {
    expect(await keysOf(results, { ...ALL, find })).toEqual(keys);
  });

  it('by values of columns, empty ones too', async () => {
    expect(await keysOf(results, { ...ALL, values: { status: ['PAID', 'ODD'] } })).toEqual([0, 2]);
    expect(await keysOf(results, { ...ALL, values: { status: ['PAID', 'ODD'], shop: [''] } })).toEqual([2]);
    expect(await keysOf(results, { ...ALL, values: { status: [] } })).toEqual([]);
  });

  it('never by personal data', async () => {
    await expect(results.page({ ...ALL, values: { phone: [PHONE] } }, 0, 1)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(results.page({ ...ALL, values: { stray: ['x'] } }, 0, 1)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('is made anew when rows arrive', async () => {
    const growing = resultOf([{ values: { order: 'A' } }]);
    expect((await growing.page({ ...ALL, find: 'a' }, 0, 10)).total).toBe(1);
    growing.add([{ values: { order: 'AA' } }]);
    expect((await growing.page({ ...ALL, find: 'a' }, 0, 10)).total).toBe(2);
  });

  it('is paged by position', async () => {
    const many = resultOf(
      rowsWith(
        'order',
        Array.from({ length: 500 }, (_, index) => String(index)),
      ),
    );
    const page = await many.page(ALL, 490, 200);
    expect(page.total).toBe(500);
    expect(page.rows.map((row) => row.key)).toEqual([490, 491, 492, 493, 494, 495, 496, 497, 498, 499]);
    expect((await many.page(ALL, 500, 200)).rows).toEqual([]);
  });
});

describe('personal data', () => {
  const row: LookupRow = {
    values: { order: 'A1', phone: PHONE, stray: PHONE },
    lists: { items: [{ name: 'pen', owner: PHONE }] },
  };
  const results = resultOf([row, { values: { order: 'A2', phone: '' } }]);

  it('is masked in pages, and only what has a column is in them', async () => {
    expect((await results.page(ALL, 0, 10)).rows).toEqual([
      { key: 0, selected: false, values: { order: 'A1', phone: MASK }, lists: { items: 1 } },
      { key: 1, selected: false, values: { order: 'A2' }, lists: {} },
    ]);
  });

  it('is in a detail only when it is asked for', () => {
    expect(results.detail(0, false)).toEqual({
      key: 0,
      values: { order: 'A1', phone: MASK, stray: MASK },
      lists: { items: [{ name: 'pen', owner: MASK }] },
      personalShown: false,
      hasPersonal: true,
    });
    expect(results.detail(0, true)).toMatchObject({ ...row, personalShown: true, hasPersonal: true });
    expect(results.detail(1, false).hasPersonal).toBe(false);
  });

  it('is in a file only when it is asked for', async () => {
    const masked = await results.exported(ALL, { selectedOnly: false, personal: false });
    expect(JSON.stringify([...masked.keys].map((key) => masked.row(key)))).not.toContain(PHONE);
    const open = await results.exported(ALL, { selectedOnly: false, personal: true });
    expect(open.row(0)).toEqual(row);
  });

  it('of no row is shown', () => {
    expect(() => results.detail(7, true)).toThrow(expect.objectContaining({ code: 'LOOKUP_GONE' }) as Error);
  });
});

describe('a selection', () => {
  const shops = ['n', 's', ''];
  const row = fc.record({ order: fc.stringMatching(/^[A-C]\d$/), shop: fc.constantFrom(...shops) });
  const view: fc.Arbitrary<LookupView> = fc.record({
    sort: fc.option(fc.record({ column: fc.constantFrom('order', 'shop'), descending: fc.boolean() }), { nil: null }),
    find: fc.constantFrom('', 'a', '1', 'b2'),
    values: fc.option(fc.record({ shop: fc.subarray(shops) }), { nil: {} }),
  });
  const change = fc.oneof(
    fc.record({ kind: fc.constant('none' as const) }),
    fc.record({ kind: fc.constant('all' as const), view }),
    fc.record({ kind: fc.constant('one' as const), key: fc.nat(29), selected: fc.boolean() }),
    fc.record({ kind: fc.constant('range' as const), view, from: fc.nat(29), to: fc.nat(29), selected: fc.boolean() }),
  );

  /** The selection as a plain set of keys. */
  async function carryOut(model: Set<number>, results: ResultSet, one: SelectionChange): Promise<void> {
    const set = (key: number, selected: boolean): void => {
      if (selected) model.add(key);
      else model.delete(key);
    };
    if (one.kind === 'none') model.clear();
    if (one.kind === 'one') set(one.key, one.selected);
    if (one.kind === 'none' || one.kind === 'one') return;
    const keys = await keysOf(results, one.view);
    if (one.kind === 'all') {
      model.clear();
      keys.forEach((key) => set(key, true));
    } else {
      const [from, to] = [Math.min(one.from, one.to), Math.max(one.from, one.to)];
      keys.slice(from, to + 1).forEach((key) => set(key, one.selected));
    }
  }

  it('is that of a naive model, whatever is changed, rows that arrive meanwhile included', async () => {
    const step = fc.oneof({ weight: 5, arbitrary: change }, { weight: 1, arbitrary: fc.array(row, { maxLength: 5 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 30, maxLength: 40 }),
        fc.array(step, { maxLength: 12 }),
        async (rows, steps) => {
          const results = resultOf(rows.map((values) => ({ values })));
          const orders = rows.map(({ order }) => order);
          const model = new Set<number>();
          for (const one of steps) {
            if (Array.isArray(one)) {
              results.add(one.map((values) => ({ values })));
              orders.push(...one.map(({ order }) => order));
            } else {
              await carryOut(model, results, one);
              expect(await results.select(one)).toBe(model.size);
            }
          }
          const keys = [...model].sort((a, b) => a - b);
          expect(results.selected).toBe(model.size);
          expect(results.selectedValues('order')).toEqual(keys.map((key) => orders[key]));
          const shown = (await results.page(ALL, 0, 1_000)).rows.filter((one) => one.selected);
          expect(shown.map((one) => one.key)).toEqual(keys);
          const sort = { column: 'order', descending: true };
          const file = await results.exported(
            { sort, find: 'zzz', values: {} },
            { selectedOnly: true, personal: false },
          );
          expect([...file.keys].sort((a, b) => a - b)).toEqual(keys);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('of a row that is not there is refused', async () => {
    await expect(resultOf([]).select({ kind: 'one', key: 0, selected: true })).rejects.toMatchObject({
      code: 'LOOKUP_GONE',
    });
  });
});

describe('a large result', () => {
  it('is sorted and searched in steps: what waits is done in between', async () => {
    const results = resultOf(
      rowsWith(
        'shop',
        Array.from({ length: 60_000 }, (_, index) => `店 ${((index * 7_919) % 60_000).toString(36)}`),
      ),
    );
    const others = { turns: 0, done: false };
    const turn = (): void => {
      others.turns += 1;
      if (!others.done) setImmediate(turn);
    };
    setImmediate(turn);
    const { total } = await results.page({ ...ALL, sort: { column: 'shop', descending: false }, find: '店' }, 0, 1);
    others.done = true;
    expect(total).toBe(60_000);
    expect(others.turns).toBeGreaterThan(5);
  });
});
