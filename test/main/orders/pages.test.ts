import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVERY_ORDER, KEPT_SORTS, type KeptFilter, type KeptView } from '../../../src/contract/kept.ts';
import { COMMON_STATES, type OrderFacts } from '../../../src/contract/order.ts';
import { chosenAmong, chosenCounts, chosenOrders, factsOf, lastOrder } from '../../../src/main/orders/chosen.ts';
import { ordersAt } from '../../../src/main/orders/pages.ts';
import { amountInOrder, putOrders } from '../../../src/main/orders/put.ts';
import type { TestDatabases } from '../../support/journal.ts';
import { customerDatabases, orderFacts } from '../../support/orders.ts';

let databases: TestDatabases;
beforeEach(() => {
  databases = customerDatabases();
});
afterEach(() => databases.close());

const put = (facts: readonly OrderFacts[], readAtMs = 1_000, accountId = 'shop'): void =>
  putOrders(databases, { accountId, vendor: accountId === 'shop' ? 'polyv' : 'suning', facts, readAtMs });
const view = (filter: Partial<KeptFilter> = {}, sort: KeptView['sort'] = null): KeptView => ({
  filter: { ...EVERY_ORDER, ...filter },
  sort,
});
const found = (
  filter: Partial<KeptFilter>,
  sort: KeptView['sort'] = { column: 'order', descending: false },
): string[] => ordersAt(databases, { view: view(filter, sort), offset: 0, limit: 200 }).rows.map(({ order }) => order);

describe('orders that are kept', () => {
  it('are kept once by account, number and machine, as they were last read', () => {
    put([orderFacts('1', { state: 'unpaid' }), orderFacts('2')]);
    put([orderFacts('1', { state: 'shipped', vendorState: 'sent' })], 2_000);
    put([orderFacts('1'), orderFacts('1', { machine: 'M1' })], 2_000, 'other');
    expect(ordersAt(databases, { view: view(), offset: 0, limit: 10 }).total).toBe(4);
    const [row] = ordersAt(databases, { view: view({ find: '1', accounts: ['shop'] }), offset: 0, limit: 10 }).rows;
    expect(row).toMatchObject({ order: '1', state: 'shipped', vendorState: 'sent', readAt: 2_000, vendor: 'polyv' });
  });

  it('do not go back to an older reading that came later, which only fills in what is missing', () => {
    put([orderFacts('1', { state: 'shipped' })], 2_000);
    put([orderFacts('1', { state: 'unpaid', title: 'a course' })], 1_000);
    expect(ordersAt(databases, { view: view(), offset: 0, limit: 10 }).rows).toMatchObject([
      { state: 'shipped', title: 'a course', readAt: 2_000 },
    ]);
  });

  it('keep what a shorter reading leaves out, and forget a mark that was taken away', () => {
    const whole = orderFacts('1', {
      buyer: { name: '王小明', phone: '13800138000', address: '上海市' },
      note: 'gift',
      tag: { code: 1, name: 'RED' },
      fields: { a: '1' },
      parts: [{ kind: 'goods', id: 'g', state: '', title: 'cup', fields: {} }],
    });
    put([whole]);
    put([orderFacts('1', { state: 'shipped', fields: { b: '2' } })], 2_000);
    const id = lastOrder(databases);
    const [kept] = factsOf(databases, { ids: [id] });
    expect(kept?.facts).toMatchObject({
      state: 'shipped',
      buyer: whole.buyer,
      note: 'gift',
      tag: whole.tag,
      fields: { a: '1', b: '2' },
      parts: whole.parts,
    });
    put([orderFacts('1', { note: '' })], 3_000);
    expect(factsOf(databases, { ids: [id] })[0]?.facts).toMatchObject({ note: '', tag: null });
  });

  it('are found by the beginning of their number', () => {
    put(['E10', 'E11', 'E2', '231015-1', 'xE1'].map((id) => orderFacts(id)));
    expect(found({ find: 'E1' })).toEqual(['E10', 'E11']);
    expect(found({ find: '231015-' })).toEqual(['231015-1']);
    expect(found({ find: ' E2 ' })).toEqual(['E2']);
    expect(found({ find: 'E%' })).toEqual([]);
  });

  it('are found by two characters of the buyer wherever they stand, by one, and by more', () => {
    const buyer = (name: string, phone: string | null = null) => ({ name, phone, address: null });
    put([
      orderFacts('1', { buyer: buyer('欧阳小明', '138 0013 8000') }),
      orderFacts('2', { buyer: buyer('王小明') }),
      orderFacts('3', { buyer: buyer('Li Ming', '139****8000') }),
      orderFacts('4', { buyer: buyer('明') }),
      orderFacts('5', { buyer: buyer('小明小王') }),
    ]);
    expect(found({ find: '小明' })).toEqual(['1', '2', '5']);
    expect(found({ find: '欧阳' })).toEqual(['1']);
    expect(found({ find: '明' })).toEqual(['1', '2', '4', '5']);
    expect(found({ find: '小明小' })).toEqual(['5']);
    expect(found({ find: 'LI m' })).toEqual(['3']);
    expect(found({ find: '8000' })).toEqual(['1', '3']);
    expect(found({ find: '13800' })).toEqual(['1']);
    expect(found({ find: '小王', states: ['closed'] })).toEqual([]);
    // The new name finds it, the old one no more.
    put([orderFacts('2', { buyer: buyer('赵大') })], 2_000);
    expect(found({ find: '王小' })).toEqual([]);
    expect(found({ find: '赵大' })).toEqual(['2']);
  });

  it('sort amounts by their size whatever their digits, and what has none last in both directions', () => {
    put([
      orderFacts('a', { amount: '9.9' }),
      orderFacts('b', { amount: '10' }),
      orderFacts('c', { amount: null }),
      orderFacts('d', { amount: '-1.05' }),
    ]);
    expect(found({}, { column: 'amount', descending: false })).toEqual(['d', 'a', 'b', 'c']);
    expect(found({}, { column: 'amount', descending: true })).toEqual(['b', 'a', 'd', 'c']);
    expect(amountInOrder('1e5')).toBeNull();
  });
});

const moment = fc.option(fc.integer({ min: 1, max: 12 }), { nil: null });
const someFacts = fc.record({
  id: fc.stringMatching(/^[AB][0-3]{1,3}$/),
  machine: fc.constantFrom(null, 'M1'),
  state: fc.constantFrom(...COMMON_STATES),
  createdAt: moment,
  paidAt: moment,
  changedAt: moment,
  amount: fc.constantFrom(null, '1', '2.5', '10', '-3'),
  name: fc.constantFrom(null, '王小明', '王明', '李小王', 'Bo A'),
});
const someView = fc.record({
  filter: fc.record({
    find: fc.constantFrom('', 'A', 'A1', 'B0', '王', '小明', '李小王', 'bo', 'zz', 'b'),
    vendors: fc.subarray(['polyv', 'suning'] as const),
    accounts: fc.subarray(['shop', 'other']),
    states: fc.subarray([...COMMON_STATES], { maxLength: 3 }),
    days: fc.constant(null),
    from: moment,
    until: moment,
  }),
  sort: fc.option(fc.record({ column: fc.constantFrom(...KEPT_SORTS), descending: fc.boolean() }), { nil: null }),
});

describe('pages of any view', () => {
  it('are what filtering and sorting all orders by hand comes to, page by page', () => {
    fc.assert(
      fc.property(
        fc.array(someFacts, { maxLength: 60 }),
        someView,
        fc.integer({ min: 1, max: 9 }),
        (list, wanted, limit) => {
          const own = customerDatabases();
          try {
            const model = new Map<string, { facts: OrderFacts; account: string }>();
            list.forEach(({ name, ...given }, at) => {
              const facts = orderFacts(given.id, { ...given, buyer: { name, phone: null, address: null } });
              const account = at % 3 === 0 ? 'other' : 'shop';
              const key = JSON.stringify([account, facts.id, facts.machine]);
              if (model.has(key)) return;
              model.set(key, { facts, account });
              const vendor = account === 'shop' ? 'polyv' : 'suning';
              putOrders(own, { accountId: account, vendor, facts: [facts], readAtMs: 1_000 + (at % 5) });
            });
            const { filter, sort } = wanted;
            const text = filter.find.toLowerCase();
            const passes = ({ facts, account }: { facts: OrderFacts; account: string }): boolean =>
              (facts.id.startsWith(filter.find) ||
                (text !== '' && (facts.buyer.name ?? '').toLowerCase().replace(' ', '').includes(text))) &&
              (filter.accounts.length === 0 || filter.accounts.includes(account)) &&
              (filter.vendors.length === 0 || filter.vendors.includes(account === 'shop' ? 'polyv' : 'suning')) &&
              (filter.states.length === 0 || filter.states.includes(facts.state)) &&
              (filter.from === null || (facts.createdAt !== null && facts.createdAt >= filter.from)) &&
              (filter.until === null || (facts.createdAt !== null && facts.createdAt < filter.until));
            const expected = [...model.values()].filter(passes);
            const rows = [];
            for (let offset = 0; ; offset += limit) {
              const page = ordersAt(own, { view: wanted, offset, limit });
              expect(page.total).toBe(expected.length);
              rows.push(...page.rows);
              if (page.rows.length < limit) break;
            }
            const keyOf = (account: string, order: string, machine: string | null): string =>
              [account, order, machine].join('/');
            expect(rows.map((row) => keyOf(row.accountId, row.order, row.machine)).sort()).toEqual(
              expected.map(({ facts, account }) => keyOf(account, facts.id, facts.machine)).sort(),
            );
            const { column, descending } = sort ?? { column: 'created', descending: true };
            const values = rows.map((row) => {
              if (column === 'order') return row.order;
              if (column === 'state') return COMMON_STATES.indexOf(row.state);
              if (column === 'amount') return amountInOrder(row.amount);
              return { created: row.createdAt, paid: row.paidAt, changed: row.changedAt, read: row.readAt }[column];
            });
            const present = values.filter((value) => value !== null);
            expect(values.slice(0, present.length)).toEqual(present);
            const sorted = present.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
            expect(present).toEqual(descending ? sorted.reverse() : sorted);
          } finally {
            own.close();
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are right on both ways to a row, also where a view is too large to be kept as a list', () => {
    const many = Array.from({ length: 31_000 }, (_, at) =>
      orderFacts(`N${String(at).padStart(6, '0')}`, {
        createdAt: at % 7 === 0 ? null : at,
        state: at % 2 === 0 ? 'to_ship' : 'shipped',
      }),
    );
    put(many);
    const all = [...many].sort((a, b) => (a.createdAt ?? Infinity) - (b.createdAt ?? Infinity));
    const have = all.filter(({ createdAt }) => createdAt !== null).map(({ id }) => id);
    const wanted = view({}, { column: 'created', descending: false });
    for (const offset of [0, 100, 20_000, have.length - 5, 30_990]) {
      const { total, rows } = ordersAt(databases, { view: wanted, offset, limit: 100 });
      expect(total).toBe(31_000);
      const ids = rows.map(({ order }) => order);
      const expected = have.slice(offset, offset + 100);
      expect(ids.slice(0, expected.length)).toEqual(expected);
      expect(ids).toHaveLength(Math.min(100, 31_000 - offset));
    }
    const down = ordersAt(databases, { view: view(), offset: 5, limit: 3 });
    expect(down.rows.map(({ order }) => order)).toEqual(have.toReversed().slice(5, 8));
    const prefix = view({ find: 'N0' });
    expect(ordersAt(databases, { view: prefix, offset: 0, limit: 1 }).total).toBe(31_000);
    expect(ordersAt(databases, { view: prefix, offset: 9, limit: 2 }).rows.map(({ order }) => order)).toEqual(
      have.toReversed().slice(9, 11),
    );
  });
});

describe('chosen orders', () => {
  it('are all of a filter that were there then but some, or some by name; told by account', () => {
    put(['A1', 'A2', 'B1'].map((id) => orderFacts(id)));
    put([orderFacts('A9')], 1_000, 'other');
    const upTo = lastOrder(databases);
    const idOf = (order: string): number =>
      ordersAt(databases, { view: view({ find: order }), offset: 0, limit: 1 }).rows[0]?.id ?? 0;
    const chosen = { kind: 'all', filter: { ...EVERY_ORDER, find: 'A' }, upTo, but: [idOf('A2')], and: [] } as const;
    put([orderFacts('A3')]);
    expect(chosenCounts(databases, { chosen })).toEqual([
      { accountId: 'other', vendor: 'suning', count: 1 },
      { accountId: 'shop', vendor: 'polyv', count: 1 },
    ]);
    expect(chosenAmong(databases, { chosen, ids: ['A1', 'A2', 'A3', 'B1'].map(idOf) })).toEqual([idOf('A1')]);
    expect(chosenOrders(databases, { chosen, accountId: 'shop', after: 0, limit: 9 })).toMatchObject([{ order: 'A1' }]);
    expect(chosenOrders(databases, { chosen, accountId: 'shop', after: idOf('A1'), limit: 9 })).toEqual([]);
    expect(
      chosenAmong(databases, { chosen: { ...chosen, and: [idOf('B1')] }, ids: ['A1', 'A2', 'B1'].map(idOf) }),
    ).toEqual([idOf('A1'), idOf('B1')]);
    const some = { kind: 'some', ids: [idOf('A3')] } as const;
    expect(chosenCounts(databases, { chosen: some })).toEqual([{ accountId: 'shop', vendor: 'polyv', count: 1 }]);
  });
});
