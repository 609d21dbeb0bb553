import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVERY_ORDER, type KeptView } from '../../../src/contract/kept.ts';
import type { OrderFacts } from '../../../src/contract/order.ts';
import type { Account } from '../../../src/contract/account.ts';
import { OrderKeeper } from '../../../src/main/orders/keeper.ts';
import { orderFacts } from '../../support/orders.ts';
import { accountOf, folderOf, TestConsole } from './support.ts';

const WORKER = new URL('../../../src/main/data-worker.ts', import.meta.url);
const ALL: KeptView = { filter: EVERY_ORDER, sort: { column: 'order', descending: false } };
const NAME = '欧阳小明';

let folder: ReturnType<typeof folderOf>;
let test: TestConsole;
let keeper: OrderKeeper;
let polyv: string;

beforeEach(async () => {
  folder = folderOf();
  test = await TestConsole.start(folder.path);
  polyv = await accountOf(test, 'polyv');
  const vendors = new Map((await test.call('accounts.list')).map(({ id, vendor }) => [id, vendor]));
  // As another process would, which reads orders while the console is open.
  keeper = new OrderKeeper({
    folder: join(folder.path, 'twins'),
    worker: WORKER,
    account: async (id) => ({ id, vendor: vendors.get(id) }) as Account,
    keepDays: () => 30,
  });
});
afterEach(async () => {
  await Promise.all([keeper.close(), test.console.close()]);
  folder.remove();
});

const person = (id: string): OrderFacts =>
  orderFacts(id, {
    buyer: { name: NAME, phone: '13800138000', address: '杭州市文三路' },
    title: 'a course',
    fields: { channelId: '7', viewerNickName: 'nick-of-viewer', somethingNew: 'not-described' },
  });

const page = (view: KeptView = ALL) => test.call('orders.page', { view, offset: 0, limit: 200 });
const ordersIn = async (view: KeptView = ALL): Promise<string[]> => (await page(view)).rows.map(({ order }) => order);

/** Which of some texts stand in the bytes of any file of the data folder. */
function traces(texts: readonly string[]): string[] {
  return readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      return texts.filter((text) => bytes.includes(text)).map((text) => `${entry.name}: ${text}`);
    });
}

describe('kept orders', () => {
  it('are shown by pages with nothing personal in them, and found by their buyer all the same', async () => {
    await keeper.put(polyv, [person('E1'), orderFacts('E2')], 5_000);
    const { total, rows } = await page();
    expect(total).toBe(2);
    expect(rows[0]).toMatchObject({ order: 'E1', accountId: polyv, hasBuyer: true, readAt: 5_000, selected: false });
    expect(rows[1]).toMatchObject({ order: 'E2', hasBuyer: false });
    expect(JSON.stringify(rows)).not.toContain(NAME);
    expect(await ordersIn({ ...ALL, filter: { ...EVERY_ORDER, find: '小明' } })).toEqual(['E1']);
  });

  it('show what is personal in the detail alone, and only when it is asked for', async () => {
    await keeper.put(polyv, [person('E1')], 5_000);
    const id = (await page()).rows[0]?.id ?? 0;
    const masked = await test.call('orders.detail', { id, personal: false });
    expect(masked?.hasPersonal).toBe(true);
    expect(masked?.facts.fields).toEqual({ channelId: '7', viewerNickName: '•••', somethingNew: '•••' });
    expect(masked?.facts.buyer).toEqual({ name: '•••', phone: '•••', address: '•••' });
    expect((await test.call('orders.detail', { id, personal: true }))?.facts).toEqual(person('E1'));
    expect(await test.call('orders.detail', { id: id + 1, personal: true })).toBeNull();
  });

  it('are those of the last days in the zone of the person', async () => {
    const now = new Date();
    const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
    await keeper.put(
      polyv,
      [orderFacts('E1', { createdAt: midnight }), orderFacts('E2', { createdAt: midnight - 1 })],
      1,
    );
    expect(await ordersIn({ ...ALL, filter: { ...EVERY_ORDER, days: 1 } })).toEqual(['E1']);
    expect(await ordersIn({ ...ALL, filter: { ...EVERY_ORDER, days: 2 } })).toEqual(['E1', 'E2']);
  });

  it('are selected as a predicate with exceptions, which what comes later is not in, and sent to an update by account', async () => {
    await keeper.put(
      polyv,
      ['E1', 'E2', 'E3', 'F1'].map((id) => orderFacts(id)),
      1,
    );
    const view = { ...ALL, filter: { ...EVERY_ORDER, find: 'E' } };
    expect(await test.call('orders.select', { kind: 'all', view })).toEqual({ selected: 3 });
    const e2 = (await page()).rows.find(({ order }) => order === 'E2')?.id ?? 0;
    expect(await test.call('orders.select', { kind: 'one', id: e2, selected: false })).toEqual({ selected: 2 });
    await keeper.put(polyv, [orderFacts('E4')], 2);
    expect((await page()).rows.filter(({ selected }) => selected).map(({ order }) => order)).toEqual(['E1', 'E3']);
    // The last two of all, E4 and F1, in the order that is shown.
    expect(await test.call('orders.select', { kind: 'range', view: ALL, from: 3, to: 4, selected: true })).toEqual({
      selected: 4,
    });
    expect(await test.call('orders.chosen')).toEqual({
      selected: 4,
      accounts: [{ accountId: polyv, vendor: 'polyv', count: 4 }],
    });
    const look = await test.call('updates.look', {
      accountId: polyv,
      operation: 'update-status',
      source: { kind: 'kept' },
    });
    expect(look.header).toEqual(['orderNo']);
    expect(look.sample.map(({ cells }) => cells)).toEqual([['E1'], ['E3'], ['F1'], ['E4']]);
    const pdd = await accountOf(test, 'pdd');
    const other = await test.refusal('updates.look', {
      accountId: pdd,
      operation: 'note-update',
      source: { kind: 'kept' },
    });
    expect(other.code).toBe('INTAKE_EMPTY');
    expect(await test.call('orders.select', { kind: 'none' })).toEqual({ selected: 0 });
  });

  it('of a machine go to an update with it and with their time', async () => {
    const vending = await accountOf(test, 'vending');
    await keeper.put(vending, [orderFacts('77', { machine: '12345678', createdAt: Date.UTC(2026, 0, 2, 3) })], 1);
    await test.call('orders.select', { kind: 'all', view: ALL });
    const { vendors } = { vendors: await test.call('vendors.list') };
    const update = vendors
      .find(({ id }) => id === 'vending')
      ?.operations.find(({ rowFields }) => rowFields?.some(({ id }) => id === 'created_at'));
    const look = await test.call('updates.look', {
      accountId: vending,
      operation: update?.id ?? '',
      source: { kind: 'kept' },
    });
    expect(look.header).toEqual(['order_id', 'machine_no', 'created_at']);
    expect(look.sample[0]?.cells).toEqual(['77', '12345678', '2026-01-02 11:00:00']);
  });

  it('are saved as CSV: the view or the selected ones, personal data masked unless it is asked for', async () => {
    await keeper.put(polyv, [person('E1'), orderFacts('E2', { note: '=1+1' })], 1);
    const file = join(folder.path, 'out.csv');
    test.desk.saveTo = () => file;
    const saved = await test.call('orders.export', { view: ALL, selectedOnly: false, personal: false });
    expect(saved).toMatchObject({ name: 'out.csv', rows: 2 });
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(NAME);
    expect(text).toContain("'=1+1");
    await test.call('orders.select', { kind: 'one', id: (await page()).rows[0]?.id ?? 0, selected: true });
    await test.call('orders.export', { view: ALL, selectedOnly: true, personal: true });
    const own = readFileSync(file, 'utf8');
    expect(own).toContain(NAME);
    expect(own).not.toContain('E2');
  });

  it('are counted by state, by day and vendor, and by how long they wait', async () => {
    const day = 86_400_000;
    const now = Date.now();
    await keeper.put(
      polyv,
      [
        orderFacts('E1', { createdAt: now - 3 * day, paidAt: now - 2 * day }),
        orderFacts('E2', { createdAt: now - 5 * day }),
        orderFacts('E3', { createdAt: now - 90 * day, paidAt: now - 80 * day, state: 'shipped' }),
      ],
      1,
    );
    const pictures = await test.call('orders.pictures', ALL);
    expect(pictures.total).toBe(3);
    expect(pictures.states.map(({ state, count }) => [state, count])).toEqual([
      ['to_ship', 2],
      ['shipped', 1],
    ]);
    expect(pictures.days).toHaveLength(30);
    expect(pictures.days.flatMap(({ vendors }) => vendors.polyv ?? [])).toEqual([1, 1]);
    const first = pictures.days.find(({ vendors }) => vendors.polyv !== undefined);
    const shown = await ordersIn({
      ...ALL,
      filter: { ...EVERY_ORDER, from: first?.from ?? 0, until: first?.until ?? 0 },
    });
    expect(shown).toEqual(['E2']);
    expect(pictures.waiting.map(({ row, since }) => [row.order, since])).toEqual([
      ['E2', now - 5 * day],
      ['E1', now - 2 * day],
    ]);
  });

  it('are looked at by saved views, one a name', async () => {
    const view = { ...ALL, filter: { ...EVERY_ORDER, find: NAME } };
    await test.call('orders.saveView', { name: ' late ', view: ALL, watch: null });
    const [saved] = await test.call('orders.saveView', { name: 'late', view, watch: { everyMinutes: 5, limit: 3 } });
    expect(saved).toMatchObject({ name: 'late', view, watch: { everyMinutes: 5, limit: 3 } });
    expect(await test.call('orders.views')).toHaveLength(1);
    expect(await test.call('orders.removeView', { id: saved?.id ?? 0 })).toEqual([]);
  });
});

describe('erasing customers’ data', () => {
  /** A job over one order, with a buyer's name among its original cells. */
  async function job(order: string): Promise<number> {
    const text = `orderNo,buyer\n${order},${NAME}-in-a-job\n`;
    const { jobId } = await test.call('updates.import', {
      importId: order,
      accountId: polyv,
      operation: 'update-status',
      params: { status: 'delivering' },
      source: { kind: 'paste', text },
      mapping: { orderNo: 0 },
      options: { readBefore: false, writeUnreadable: false, verifyAfter: false },
    });
    return jobId;
  }

  it('leaves none in any file of the data folder; order numbers and outcomes of jobs stay', async () => {
    await keeper.put(polyv, [person('E1')], 1);
    await test.call('orders.saveView', {
      name: 'one',
      view: { ...ALL, filter: { ...EVERY_ORDER, find: NAME } },
      watch: null,
    });
    const ended = await job('unheard-of-1');
    await test.call('jobs.run', { jobId: ended, firstRows: null });
    await test.heard('runEnded', ({ jobId }) => jobId === ended);
    const before = await test.call('jobs.get', { jobId: ended });
    const waiting = await job('unheard-of-2');
    const personal = [NAME, '13800138000', '文三路', 'nick-of-viewer', `${NAME}-in-a-job`];
    expect(traces(personal)).not.toEqual([]);
    expect(await test.call('orders.erase', 'every')).toEqual({ orders: 1, rows: 1, jobsLeft: [waiting] });
    await test.call('jobs.cancel', { jobId: waiting });
    expect(await test.call('orders.erase', 'every')).toEqual({ orders: 0, rows: 1, jobsLeft: [] });
    await keeper.close();
    expect(traces(personal)).toEqual([]);
    expect((await test.call('jobs.get', { jobId: ended })).counts).toEqual(before.counts);
    const row = await test.call('jobs.row', { jobId: ended, rowNo: 1 });
    expect(row.row).toMatchObject({
      order: 'unheard-of-1',
      state: before.counts.failed === 1 ? 'failed' : row.row.state,
    });
    expect(row.row.cells?.[0] ?? 'unheard-of-1').toBe('unheard-of-1');
    // There is nothing left to send.
    expect((await test.call('jobs.retry', { jobId: ended })).rows).toBe(0);
  });

  it('takes the selected orders alone, and what jobs hold of them', async () => {
    await keeper.put(
      polyv,
      [person('E1'), { ...person('E2'), buyer: { name: '赵二', phone: null, address: null } }],
      1,
    );
    const [one] = (await page()).rows;
    await test.call('orders.select', { kind: 'one', id: one?.id ?? 0, selected: true });
    expect(await test.call('orders.erase', 'selected')).toMatchObject({ orders: 1 });
    expect(await ordersIn()).toEqual(['E2']);
    expect(await test.call('orders.chosen')).toEqual({ selected: 0, accounts: [] });
    await keeper.close();
    expect(traces([NAME])).toEqual([]);
    expect(traces(['赵二'])).not.toEqual([]);
  });
});
