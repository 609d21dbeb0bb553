// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import type { LookupRowView, LookupStatus } from '../../../src/contract/lookup.ts';
import { useApp } from '../../../src/renderer/stores/app.ts';
import { useHandover } from '../../../src/renderer/stores/handover.ts';
import { useOrders } from '../../../src/renderer/stores/orders.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { ACCOUNT, appState, fakeBridge, refusal } from '../fake-bridge.ts';
import { POLYV, SUNING } from './vendors.ts';

const status = ({ held = 0, ...more }: Partial<LookupStatus> = {}): LookupStatus => ({
  lookupId: 'one',
  accountId: 'shop',
  operation: 'order-list',
  running: true,
  rows: 0,
  held: more.rows ?? held,
  pages: 0,
  totalRows: null,
  totalPages: null,
  share: null,
  again: 0,
  missing: [],
  missingCount: 0,
  notFound: [],
  notFoundCount: 0,
  canContinue: false,
  complete: false,
  failure: null,
  why: null,
  warnings: [],
  readAtMs: null,
  selected: 0,
  ...more,
});
const row = (key: number, selected = false): LookupRowView => ({
  key,
  selected,
  values: { orderNo: `order ${String(key)}` },
  lists: {},
});

let bridge: FakeBridge;
let orders: ReturnType<typeof useOrders>;
/** The place's state, which there is once an account is. */
const place = () => {
  if (orders.place === null) throw new Error('no account');
  return orders.place;
};

beforeEach(async () => {
  bridge = fakeBridge({
    'app.state': () => appState(),
    'vendors.list': () => [POLYV, SUNING],
    'accounts.list': () => [ACCOUNT, { ...ACCOUNT, id: 'other', vendor: 'suning' }],
    'lookups.start': () => status(),
    'lookups.stop': () => undefined,
  });
  await useApp().start();
  orders = useOrders();
});

/** Looks up `rows` rows to the end. */
async function looked(rows: number): Promise<void> {
  await orders.look();
  bridge.tell('lookup', status({ running: false, complete: true, rows, readAtMs: 1 }));
}

describe('a lookup', () => {
  it('asks nothing of main while a field is wrong, and says which until it is right', async () => {
    orders.form = { ...orders.form, pageSize: '0' };
    expect(await orders.look()).toBe(false);
    expect(bridge.asked('lookups.start')).toEqual([]);
    expect(Object.keys(place().problems)).toEqual(['pageSize']);
    orders.form = { ...orders.form, pageSize: '100' };
    expect(place().problems).toEqual({});
    expect(await orders.look()).toBe(true);
    expect(bridge.asked('lookups.start')).toMatchObject([
      { accountId: 'shop', operation: 'order-list', params: { pageSize: '100' } },
    ]);
  });

  it('follows its own events, and has the grid read anew when rows came', async () => {
    await orders.look();
    const before = orders.source.version;
    bridge.tell('lookup', status({ rows: 400, pages: 2 }));
    expect(orders.source.total).toBe(400);
    expect(orders.source.version).not.toBe(before);
    bridge.tell('lookup', status({ lookupId: 'another', rows: 9 }));
    expect(orders.source.total).toBe(400);
  });

  it('keeps what was read when another cannot begin', async () => {
    await looked(400);
    bridge.answer({
      'lookups.start': () => {
        throw refusal('KEYCHAIN_LOCKED', '钥匙串已锁。', 'The keychain is locked.');
      },
    });
    expect(await orders.look()).toBe(false);
    expect([orders.source.total, place().error?.code, place().starting]).toEqual([400, 'KEYCHAIN_LOCKED', false]);
  });

  it('shows what was read before, and why, when another ends without a row', async () => {
    await looked(400);
    bridge.answer({ 'lookups.page': () => ({ total: 40, rows: [] }) });
    orders.see({ find: '7' });
    const why = { zh: '没有连接', en: 'no connection' };
    bridge.answer({ 'lookups.start': () => status({ lookupId: 'two' }) });
    await orders.look();
    expect(place().status).toMatchObject({ lookupId: 'two', rows: 0 });
    bridge.tell('lookup', status({ lookupId: 'two', running: false, why }));
    expect(place()).toMatchObject({ status: { lookupId: 'one', rows: 400 }, missed: { why }, view: { find: '7' } });
    // One that brings rows, or ends well without any, takes their place.
    bridge.answer({ 'lookups.start': () => status({ lookupId: 'three' }) });
    await orders.look();
    expect(place().missed).toBeNull();
    bridge.tell('lookup', status({ lookupId: 'three', running: false, complete: true }));
    expect(place()).toMatchObject({ status: { lookupId: 'three', rows: 0 }, missed: null });
    bridge.answer({ 'lookups.start': () => status({ lookupId: 'four' }) });
    await orders.look();
    bridge.tell('lookup', status({ lookupId: 'four', rows: 20 }));
    bridge.tell('lookup', status({ lookupId: 'four', running: false, rows: 20, why }));
    expect(place()).toMatchObject({ status: { lookupId: 'four', rows: 20, why }, missed: null });
  });

  it('shows each account its own, and forgets them with the workspace', async () => {
    await looked(400);
    const app = useApp();
    app.accountId = 'other';
    expect([orders.source.total, orders.operation?.id]).toEqual([0, 'order-status']);
    app.accountId = 'shop';
    expect(orders.source.total).toBe(400);
    bridge.answer({ 'app.workspace': () => appState({ workspace: 'practice' }) });
    await app.goTo('practice');
    app.accountId = 'shop';
    expect(orders.source.total).toBe(0);
  });
});

describe('a result', () => {
  it('counts the rows of a filtered view by asking for one', async () => {
    await looked(400);
    bridge.answer({ 'lookups.page': () => ({ total: 12, rows: [row(1)] }) });
    orders.see({ find: 'x' });
    await expect.poll(() => orders.source.total).toBe(12);
    expect(bridge.asked('lookups.page')).toEqual([
      { lookupId: 'one', view: { sort: null, find: 'x', values: {} }, offset: 0, limit: 1 },
    ]);
    expect(orders.filtered).toBe(true);
  });

  it('does not take the answer for a view that is no longer looked at', async () => {
    await looked(400);
    let answer: (() => void) | undefined;
    bridge.answer({
      'lookups.page': async () => {
        await new Promise<void>((resolve) => (answer = resolve));
        return { total: 12, rows: [] };
      },
    });
    orders.see({ find: 'x' });
    orders.see({ find: '' });
    answer?.();
    await Promise.resolve();
    expect(orders.source.total).toBe(400);
  });

  it('says how many are selected, as main counts them', async () => {
    await looked(400);
    bridge.answer({ 'lookups.select': () => ({ selected: 400 }) });
    const before = orders.source.version;
    await orders.select({ kind: 'all', view: place().view });
    expect(place().selected).toBe(400);
    expect(orders.source.version).not.toBe(before);
  });

  it('hands on the selected rows only, page by page', async () => {
    await looked(450);
    place().selected = 3;
    const chosen = new Set([3, 210, 449]);
    bridge.answer({
      'lookups.page': ({ offset, limit }) => ({
        total: 450,
        rows: Array.from({ length: Math.min(limit, 450 - offset) }, (_, at) =>
          row(offset + at, chosen.has(offset + at)),
        ),
      }),
    });
    const keys: number[] = [];
    expect(await orders.eachSelected(({ key }) => keys.push(key))).toBe(3);
    expect(keys).toEqual([3, 210, 449]);
  });

  it('asks to be looked up again once main has let it go', async () => {
    await looked(400);
    bridge.answer({
      'lookups.select': () => {
        throw refusal('LOOKUP_GONE', '结果已不在。', 'The result is gone.');
      },
    });
    await orders.select({ kind: 'none' });
    expect([place().status, orders.source.total, place().error?.code]).toEqual([null, 0, 'LOOKUP_GONE']);
  });

  it('masks personal data again when its detail is closed before it came', async () => {
    await looked(400);
    let answer: (() => void) | undefined;
    const detail = (personal: boolean) => ({
      key: 3,
      values: { name: personal ? '张三' : '•••' },
      lists: {},
      personalShown: personal,
      hasPersonal: true,
      until: null,
      pictures: null,
    });
    bridge.answer({
      'lookups.detail': async ({ personal }) => {
        if (personal) await new Promise<void>((resolve) => (answer = resolve));
        return detail(personal);
      },
    });
    await orders.openDetail(3);
    expect(orders.detail).toEqual(detail(false));
    const asked = orders.openDetail(3, true);
    orders.closeDetail();
    await expect.poll(() => answer).toBeDefined();
    answer?.();
    await asked;
    expect(orders.detail).toBeNull();
  });
});

it('hands rows to a bulk update once', () => {
  const handover = useHandover();
  const rows = { source: { kind: 'lookup', lookupId: 'one' }, accountId: 'shop' } as const;
  handover.offer(rows);
  expect([handover.take(), handover.take()]).toEqual([rows, null]);
});
