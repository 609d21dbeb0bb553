import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVERY_ORDER, type KeptRow, type KeptView, type SavedView } from '../../../src/contract/kept.ts';
import type { Account } from '../../../src/contract/account.ts';
import { addTwinAccounts, closeTwins, startTwins, type Twins } from '../../../src/main/embedded.ts';
import { OrderDesk } from '../../../src/main/routes/order-desk.ts';
import { OrderRefresh } from '../../../src/main/routes/refresh.ts';
import { openServices, type Services } from '../../../src/main/services.ts';
import { createMemoryKeychain } from '../../../src/main/vault/index.ts';
import type { Refreshing } from '../../../src/contract/kept.ts';
import { orderFacts } from '../../support/orders.ts';
import { folderOf } from './support.ts';

const WORKER = new URL('../../../src/main/data-worker.ts', import.meta.url);
const PACING = { perSecond: 1_000, concurrency: 4 };
const ALL: KeptView = { filter: EVERY_ORDER, sort: { column: 'order', descending: false } };
/** When the orders that a test begins with were read. */
const LONG_AGO = 1;

let folder: ReturnType<typeof folderOf>;
let twins: Twins;
let services: Services;
let accounts: Readonly<Record<string, Account>>;
let desk: OrderDesk;
let refresh: OrderRefresh;
const told: Refreshing[] = [];
const logged: unknown[] = [];

beforeEach(async () => {
  folder = folderOf();
  twins = await startTwins({ orders: 40 });
  services = await openServices({
    folder: folder.path,
    mode: 'write',
    worker: WORKER,
    keychain: createMemoryKeychain(),
  });
  accounts = await addTwinAccounts(services.vault, twins, PACING);
  desk = new OrderDesk(services);
  told.length = 0;
  logged.length = 0;
  refresh = new OrderRefresh({
    services,
    desk,
    tell: (standing) => told.push(standing),
    log: (error) => logged.push(error),
  });
});
afterEach(async () => {
  await refresh.stop();
  await services.close();
  await closeTwins(twins);
  folder.remove();
});

const idOf = (vendor: string): string => accounts[vendor]?.id ?? '';
const rows = async (view: KeptView = ALL): Promise<KeptRow[]> => (await desk.page(view, 0, 200)).rows;
const ended = () => expect.poll(() => told.at(-1)?.running, { timeout: 20_000 }).toBe(false);

describe('reading the selected orders again', () => {
  it('asks each vendor for them by their numbers, and keeps what it says now', async () => {
    const numbers = [0, 1, 2].map((at) => twins.polyv.order(at));
    await services.orders.put(
      idOf('polyv'),
      numbers.map(({ number }) => orderFacts(number, { vendorState: 'old' })),
      LONG_AGO,
    );
    await services.orders.put(idOf('pdd'), [orderFacts(twins.pdd.orderNumber(0), { vendorState: 'old' })], LONG_AGO);
    await services.orders.put(idOf('polyv'), [orderFacts('not-selected', { vendorState: 'old' })], LONG_AGO);
    await desk.selection.change({ kind: 'all', view: ALL });
    const left = (await rows()).find(({ order }) => order === 'not-selected');
    await desk.selection.change({ kind: 'one', id: left?.id ?? 0, selected: false });
    expect(refresh.start()).toMatchObject({ running: true });
    await ended();
    expect(told.at(-1)).toEqual({ running: false, done: 4, total: 4, why: null });
    const now = await rows();
    expect(now.filter(({ readAt }) => readAt === LONG_AGO).map(({ order }) => order)).toEqual(['not-selected']);
    for (const { number, status } of numbers) {
      expect(now.find(({ order }) => order === number)?.vendorState).toBe(status);
    }
  });

  it('says why some could not be read: a vendor without such a look-up, an account that is gone', async () => {
    await services.orders.put(idOf('suning'), [orderFacts('S1')], LONG_AGO);
    await desk.selection.change({ kind: 'all', view: ALL });
    refresh.start();
    await ended();
    expect(told.at(-1)).toMatchObject({ done: 0, total: 1 });
    expect(told.at(-1)?.why?.en).toContain('no lookup by order number');
    await services.vault.remove(idOf('suning'));
    refresh.start();
    await ended();
    expect(told.at(-1)?.why?.en).toContain('account');
    expect(logged).toEqual([]);
  });
});

describe('reading a saved view again', () => {
  it('reads what is new of its last days, and of its orders those not read for the longest', async () => {
    const known = twins.polyv.order(0);
    await services.orders.put(
      idOf('polyv'),
      [orderFacts(known.number, { vendorState: 'old', createdAt: Date.now() })],
      LONG_AGO,
    );
    const view: SavedView = {
      id: 1,
      name: 'all of Polyv',
      view: { ...ALL, filter: { ...EVERY_ORDER, vendors: ['polyv'], days: 3_650 } },
      watch: { everyMinutes: 5, limit: null },
    };
    await refresh.view(view);
    const now = await rows();
    const all = Array.from({ length: twins.polyv.orderCount }, (_, at) => twins.polyv.orderNumber(at));
    expect(now.map(({ order }) => order)).toEqual(expect.arrayContaining(all));
    expect(new Set(now.map(({ accountId }) => accountId))).toEqual(new Set([idOf('polyv')]));
    expect(now.find(({ order }) => order === known.number)?.vendorState).toBe(known.status);
    expect(now.every(({ readAt }) => readAt > LONG_AGO)).toBe(true);
  });
});
