import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteInput, RouteOutput } from '../../../src/contract/routes.ts';
import { startTwins, type PddOrder, type Twins } from '../../../src/main/twins/index.ts';
import { accountOf, folderOf, TestConsole } from './support.ts';

const DAY_MS = 86_400_000;
const folder = folderOf();
let twins: Twins;
let test: TestConsole;

beforeAll(async () => {
  twins = await startTwins({ orders: 300 });
  test = await TestConsole.start(folder.path, { twins: async () => twins });
});
afterAll(async () => {
  await test.console.close();
  folder.remove();
});

async function imported(
  vendor: string,
  operation: string,
  change: Pick<RouteInput<'updates.import'>, 'params' | 'mapping'> & { readonly text: string },
): Promise<RouteOutput<'updates.import'>> {
  const { text, ...more } = change;
  return test.call('updates.import', {
    importId: crypto.randomUUID(),
    accountId: await accountOf(test, vendor),
    operation,
    source: { kind: 'paste', text },
    hasHeader: true,
    options: { readBefore: false, writeUnreadable: false, verifyAfter: false },
    ...more,
  });
}

async function looked(jobId: number, again = false): Promise<void> {
  test.forget();
  await test.call('jobs.look', { jobId, again });
  await test.heard('lookEnded', (end) => end.jobId === jobId);
}

async function ran(jobId: number): Promise<void> {
  test.forget();
  await test.call('jobs.run', { jobId, firstRows: null });
  await test.heard('runEnded', (end) => end.jobId === jobId);
}

/** Orders of Pinduoduo that can still be read, with a note or without. */
function pddOrders(has: boolean, count: number): readonly PddOrder[] {
  const young = Array.from({ length: twins.pdd.orderCount }, (_, index) => twins.pdd.order(index)).filter(
    ({ createdAt }) => twins.pdd.now() - createdAt < 80 * DAY_MS,
  );
  return young.filter(({ note }) => (note !== '') === has).slice(0, count);
}

describe('notes put after the present ones', () => {
  it('are filled in from columns, previewed, written exactly so, and never without the present note', async () => {
    const [marked] = pddOrders(true, 1);
    const [plain] = pddOrders(false, 1);
    if (marked === undefined || plain === undefined) throw new Error('too few notes');
    const unknown = '210324-000000000000000';
    const lines = [
      `${marked.number},SF1`,
      `${plain.number},SF2`,
      `${unknown},SF3`,
      `${unknown}0,`,
      `${unknown}1,1.5E+17`,
    ];
    const { jobId } = await imported('pdd', 'note-update', {
      params: { mode: 'append', separator: ' / ', template: '已发货 {物流单号}' },
      mapping: { order_sn: 0 },
      text: ['订单号,物流单号', ...lines].join('\n'),
    });
    const { counts } = await test.call('jobs.get', { jobId });
    expect(counts.byProblem).toEqual({ 'template.empty': 1, 'template.damaged': 1 });
    const actions = twins.pdd.ledger.actions.length;
    await looked(jobId);
    expect(twins.pdd.ledger.actions).toHaveLength(actions);
    expect((await test.call('jobs.preview', { jobId })).seen).toMatchObject({
      seen: 2,
      unread: 1,
      left: 0,
      notes: [{ count: 1, read: false }],
    });
    const pending = { state: 'not_sent', reason: 'pending' } as const;
    const { rows } = await test.call('jobs.rows', { jobId, filter: pending, offset: 0, limit: 9 });
    expect(rows.map(({ seenValues, writes }) => [seenValues?.['note'], writes?.['note']])).toEqual([
      [marked.note, `${marked.note} / 已发货 SF1`],
      ['', '已发货 SF2'],
      [undefined, undefined],
    ]);
    const unread = { ...pending, seen: false };
    expect((await test.call('jobs.rows', { jobId, filter: unread, offset: 0, limit: 9 })).total).toBe(1);
    await ran(jobId);
    expect(twins.pdd.order(marked.index)).toMatchObject({
      note: `${marked.note} / 已发货 SF1`,
      tag: marked.tag,
      tagName: marked.tagName,
    });
    expect(twins.pdd.order(plain.index).note).toBe('已发货 SF2');
    expect((await test.call('jobs.get', { jobId })).counts.byReason).toMatchObject({ unreadable: 1, set_aside: 2 });
    // The way back writes what was there, from what was kept.
    const undone = await test.call('jobs.undo', { jobId });
    await looked(undone.jobId);
    await ran(undone.jobId);
    expect(twins.pdd.order(marked.index).note).toBe(marked.note);
  });

  it('name a placeholder that is no column at once, and make no job', async () => {
    const before = (await test.call('jobs.list', { offset: 0, limit: 9 })).total;
    const input = {
      importId: 'wrong',
      accountId: await accountOf(test, 'pdd'),
      operation: 'note-update',
      params: { template: '{运单}' },
      source: { kind: 'paste', text: '订单号,物流单号\n210324-137383117442221,SF1' },
      mapping: { order_sn: 0 },
      options: { readBefore: true, writeUnreadable: false, verifyAfter: false },
    } as const;
    const refusal = await test.refusal('updates.import', input);
    expect(refusal).toMatchObject({ code: 'INTAKE_TEMPLATE' });
    expect(refusal.text.message.en).toContain('no column is named "运单"');
    expect((await test.call('jobs.list', { offset: 0, limit: 9 })).total).toBe(before);
  });
});

describe('orders in other states', () => {
  it('are read page by page where Polyv lists them, and kept back with the reason', async () => {
    const all = Array.from({ length: twins.polyv.orderCount }, (_, index) => twins.polyv.order(index));
    const lookups = twins.polyv.ledger.arrivals.length;
    const { jobId } = await imported('polyv', 'update-status', {
      params: { status: 'delivering' },
      mapping: { orderNo: 0 },
      text: ['订单号', ...all.map((order) => order.number)].join('\n'),
    });
    await looked(jobId);
    const of = (...statuses: readonly string[]): number => all.filter(({ status }) => statuses.includes(status)).length;
    const { counts } = await test.call('jobs.get', { jobId });
    expect(counts.byReason).toEqual({
      pending: of('wait_delivery'),
      nothing_to_do: of('delivering', 'finish'),
      state_forbids: of('wait_pay', 'close'),
    });
    expect(counts.notSent).toBe(counts.total);
    expect(twins.polyv.ledger.arrivals.length - lookups).toBeLessThan(all.length / 2);
    const reasons = await test.call('jobs.reasons', { jobId });
    expect(reasons.map(({ code, retry }) => [code, retry])).toContainEqual(['state_forbids', null]);
    expect(await test.call('jobs.allow', { jobId, reason: 'state_forbids' })).toEqual({
      rows: of('wait_pay', 'close'),
    });
    expect((await test.call('jobs.get', { jobId })).job.state).toBe('ready');
  });

  it('are told by the vending query, its refusal for age among it', async () => {
    const numbers = Array.from({ length: 150 }, (_, index) => twins.vending.order(index));
    const { jobId } = await imported('vending', 'order-update', {
      params: { status: '3' },
      mapping: { order_id: 0, machine_no: 1 },
      text: ['订单号,设备编号', ...numbers.map((order) => `${order.number},${order.machineNo}`)].join('\n'),
    });
    await looked(jobId);
    // Which have expired the twin tells by its latest request.
    const orders = numbers.map(({ index }) => twins.vending.order(index));
    const expired = orders.filter((order) => order.expired).length;
    const open = orders.filter((order) => order.status === 'NOTPAY' && !order.expired).length;
    const { byReason } = (await test.call('jobs.get', { jobId })).counts;
    expect(expired).toBeGreaterThan(0);
    expect(byReason.state_forbids ?? 0).toBeGreaterThanOrEqual(expired);
    expect(byReason.pending ?? 0).toBeGreaterThanOrEqual(open);
    expect(byReason.nothing_to_do ?? 0).toBe(orders.filter(({ status }) => status === 'CLOSED').length);
  });
});

describe('a job kept for later', () => {
  it('bears its name and what was read into the next start', async () => {
    const [order] = pddOrders(false, 1);
    const { jobId } = await imported('pdd', 'note-update', {
      params: {},
      mapping: { order_sn: 0, note: 1 },
      text: `订单号,备注\n${order?.number ?? ''},later`,
    });
    await looked(jobId);
    await test.call('jobs.name', { jobId, title: 'Friday' });
    await test.console.close();
    const next = await TestConsole.start(folder.path, { twins: () => startTwins({ orders: 300 }) });
    test = next;
    const { job } = await test.call('jobs.get', { jobId });
    expect(job).toMatchObject({ state: 'ready', title: 'Friday', busy: null });
    const { seen } = await test.call('jobs.preview', { jobId });
    expect(seen).toMatchObject({ seen: 1, unread: 0 });
    expect(seen?.oldestMs).toBeLessThanOrEqual(Date.now());
    await test.call('jobs.name', { jobId, title: null });
    expect((await test.call('jobs.get', { jobId })).job.title).toBeNull();
  });
});
