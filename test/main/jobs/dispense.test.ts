import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Account } from '../../../src/contract/account.ts';
import { createGateway } from '../../../src/main/gateway/gateway.ts';
import type { Gateway } from '../../../src/main/gateway/types.ts';
import { Mailbox } from '../../../src/main/jobs/mailbox.ts';
import { JobService } from '../../../src/main/jobs/service.ts';
import type { Journal } from '../../../src/main/jobs/runner/types.ts';
import type { JobOptions, JournalRow } from '../../../src/main/jobs/types.ts';
import { startTwin, type Twin, type VendingOrder } from '../../../src/main/twins/index.ts';
import { operation, vendor } from '../../../src/main/vendors/registry.ts';
import { temporaryFolder } from '../../support/journal.ts';
import { credentialsOf } from '../../support/twin-accounts.ts';
import { FakeTime } from './runner/fake-time.ts';
import { NOW_MS, TestJournal } from './runner/support.ts';

/** Dispenses through the real gateway, journal and definition, against the machines of the twin and its ledger, in fake time. */

const OPTIONS = { readBefore: true, writeUnreadable: false, firstRows: null, verifyAfter: false };
const dispense = operation('vending', 'dispense', 'update');
const orderUpdate = operation('vending', 'order-update', 'update');

let journal: TestJournal;
let folder: ReturnType<typeof temporaryFolder>;
let time: FakeTime;
let twin: Twin<VendingOrder>;
let gateway: Gateway;
let account: Account;
let accounts = 0;

beforeAll(async () => {
  journal = await TestJournal.start();
  folder = temporaryFolder();
});
afterAll(async () => {
  await journal.close();
  folder.remove();
});
beforeEach(() => {
  time = new FakeTime(NOW_MS);
});
afterEach(async () => {
  await gateway.close();
  await twin.close();
});

async function start(vendorOptions: Record<string, string> = {}): Promise<void> {
  twin = await startTwin('vending', { orders: 2_000, now: () => time.nowMs, vendorOptions });
  accounts += 1;
  const { plain, secrets } = credentialsOf('vending', twin.credentials);
  account = {
    id: `machines-${String(accounts)}`,
    label: 'Machines',
    vendor: 'vending',
    environment: 'twin',
    baseUrl: twin.url,
    hosts: [new URL(twin.url).host],
    plain,
    settings: {},
    pacing: { perSecond: 1_000, concurrency: 4 },
    createdAt: '2026-01-01T00:00:00.000Z',
  };
  gateway = createGateway({
    secrets: async () => secrets,
    vendors: (id) => vendor(id),
    proxy: { url: null },
    now: () => time.nowMs,
    steadyNow: () => performance.now(),
    sleep: (ms, signal) => wait(ms, undefined, signal && { signal }),
  });
}

/** The jobs of a process that has just begun: its own locks, the journal that is there. */
function process(): JobService {
  const plain = journal.plain;
  const timed: Journal = { ...plain, call: (name, args) => time.during(plain.call(name, args)) };
  return new JobService({
    journal: timed,
    gateway: {
      prepare: (...given) => time.during(gateway.prepare(...given)),
      update: (...given) => time.during(gateway.update(...given)),
      lookup: (...given) => time.during(gateway.lookup(...given)),
      vendorNow: (of) => gateway.vendorNow(of),
    },
    account: async () => account,
    mailbox: new Mailbox(join(folder.path, account.id)),
    now: () => time.nowMs,
    steadyNow: () => time.nowMs,
    sleep: time.sleep,
  });
}

/** Paid orders, each of which is at a machine of its own where `apart` says so. */
function paid(count: number, apart = true): VendingOrder[] {
  const found: VendingOrder[] = [];
  for (let index = 0; found.length < count; index += 1) {
    const order = twin.order(index);
    if (order.status !== 'SUCCESS') continue;
    if (apart && found.some(({ machineNo }) => machineNo === order.machineNo)) continue;
    found.push(order);
  }
  return found;
}

async function imported(
  jobs: JobService,
  lines: readonly string[],
  header = 'order_id,machine_no,record_id',
  options: JobOptions = OPTIONS,
): Promise<number> {
  const update = header.includes('record_id') ? dispense : orderUpdate;
  const text = [header, ...lines].join('\n');
  const source = { kind: 'paste', text, name: 'paste' } as const;
  const params: Record<string, string> = update === dispense ? {} : { status: '1' };
  const { jobId } = await time.run(jobs.import({ account, operation: update, params, source, options }));
  return jobId;
}

const lineOf = (order: VendingOrder, at = 0): string =>
  `${order.number},${order.machineNo},${String(order.records[at]?.id ?? 0)}`;
const rowsOf = (jobId: number): Promise<JournalRow[]> =>
  journal.plain.call('getRows', { jobId, after: 0, limit: 5_000 });
const statesOf = async (jobId: number): Promise<string[]> =>
  (await rowsOf(jobId)).map(({ state, reason }) => (reason === null ? state : `${state}:${reason}`));
const commands = () => twin.ledger.actions.filter(({ action }) => action === 'delivery');

it('dispenses each record once, reads each to its end, and keeps its number', async () => {
  await start();
  const jobs = process();
  const orders = paid(4);
  const jobId = await imported(
    jobs,
    orders.map((order) => lineOf(order)),
  );
  const end = await time.run(jobs.run(jobId));
  expect(end).toEqual({ state: 'finished', reason: null, text: null });
  expect(await statesOf(jobId)).toEqual(orders.map(() => 'succeeded'));
  expect(
    commands()
      .map(({ order }) => order)
      .toSorted(),
  ).toEqual(orders.map(({ number }) => number).toSorted());
  for (const { index } of orders)
    expect(twin.order(index).records[0]).toMatchObject({ status: 'IS_SUCCESS', drops: 1 });
  for (const { track } of await rowsOf(jobId)) expect(track?.['delivery_id']).toMatch(/^5\d{15}$/);
});

it('takes the records of one order for rows of their own, one after the other', async () => {
  await start({ dispenseMs: '20000' });
  const jobs = process();
  const order = paid(400, false).find(({ records }) => records.length === 3);
  if (order === undefined) throw new Error('no order of three records');
  const jobId = await imported(
    jobs,
    [0, 1, 2, 1].map((at) => lineOf(order, at)),
  );
  await time.run(jobs.run(jobId));
  expect(await statesOf(jobId)).toEqual(['succeeded', 'succeeded', 'succeeded', 'not_sent:set_aside']);
  const [first, second, third] = commands();
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(20_000);
  expect((third?.atMs ?? 0) - (second?.atMs ?? 0)).toBeGreaterThanOrEqual(20_000);
  expect(twin.order(order.index).records.map(({ drops }) => drops)).toEqual([1, 1, 1]);
});

it('calls a dispense that the device reports as failed, or is silent about, failed, with the reason and no retry', async () => {
  await start({ device: 'fails' });
  let jobs = process();
  const failing = await imported(
    jobs,
    paid(2).map((order) => lineOf(order)),
  );
  await time.run(jobs.run(failing));
  for (const { state, failure } of await rowsOf(failing)) {
    expect(state).toBe('failed');
    expect(failure).toMatchObject({ code: 'console.dispense_failed', class: 'vendor' });
    expect(failure?.message).not.toBe('');
  }
  expect(await time.run(jobs.retry(failing))).toBe(0);
  await gateway.close();
  await twin.close();

  await start({ device: 'silent' });
  jobs = process();
  const silent = await imported(
    jobs,
    paid(1).map((order) => lineOf(order)),
  );
  const beganMs = time.nowMs;
  await time.run(jobs.run(silent));
  expect((await rowsOf(silent))[0]).toMatchObject({ state: 'failed', failure: { code: 'console.dispense_timeout' } });
  expect(time.nowMs - beganMs).toBeGreaterThanOrEqual(120_000);
  expect(commands()).toHaveLength(1);
});

/** A paid order, an unpaid one, one that has been dispensed already, and one without the record that is asked for. */
async function mixed(jobs: JobService): Promise<string[]> {
  const all = Array.from({ length: 400 }, (_, index) => twin.order(index));
  const unpaid = all.find(({ status }) => status === 'NOTPAY');
  const [paidOne, dispensed, other] = paid(3);
  if (unpaid === undefined || paidOne === undefined || dispensed === undefined || other === undefined) {
    throw new Error('no such orders');
  }
  await time.run(jobs.run(await imported(jobs, [lineOf(dispensed)])));
  return [lineOf(paidOne), lineOf(unpaid), lineOf(dispensed), `${other.number},${other.machineNo},7`];
}

const SET_ASIDE = ['not_sent:state_forbids', 'not_sent:state_forbids', 'not_sent:state_forbids'];

it.each([
  ['as it does by itself', OPTIONS],
  ['with reading and caution switched off', { ...OPTIONS, readBefore: false, writeUnreadable: true }],
])('reads before it dispenses, and sets aside what is unpaid, dispensed or not there: %s', async (_name, options) => {
  await start();
  const jobs = process();
  const lines = await mixed(jobs);
  const before = commands().length;
  const jobId = await imported(jobs, lines, undefined, options);
  await time.run(jobs.run(jobId));
  expect(await statesOf(jobId)).toEqual(['succeeded', ...SET_ASIDE]);
  const [sent, unpaid, dispensed, absent] = await rowsOf(jobId);
  expect(sent?.oldValues).toEqual({ status: 'SUCCESS', record_status: 'WAITING_PICKED_UP' });
  expect([unpaid?.oldValues?.['status'], unpaid?.note?.en]).toEqual([
    'NOTPAY',
    expect.stringContaining('only paid (SUCCESS) and pickup code'),
  ]);
  expect(dispensed?.oldValues).toEqual({ status: 'SUCCESS', record_status: 'IS_SUCCESS' });
  expect(dispensed?.note?.en).toContain('no longer waits');
  expect(absent?.note?.en).toContain('has no record 7');
  expect(
    commands()
      .slice(before)
      .map(({ order }) => order),
  ).toEqual([sent?.order]);
});

it('shows before anything is sent which records would not be dispensed', async () => {
  await start();
  const jobs = process();
  const lines = await mixed(jobs);
  const before = commands().length;
  const jobId = await imported(jobs, lines, undefined, { ...OPTIONS, readBefore: false });
  const look = await time.run(jobs.look(jobId, { again: false }));
  expect(look).toMatchObject({ read: 4, changes: 1, forbidden: 3, nothing: 0, unread: 0, stopped: null });
  expect(await statesOf(jobId)).toEqual(['not_sent:pending', ...SET_ASIDE]);
  expect((await rowsOf(jobId)).map(({ seenValues }) => seenValues?.['status'])).toEqual([
    'SUCCESS',
    'NOTPAY',
    'SUCCESS',
    'SUCCESS',
  ]);
  expect(commands()).toHaveLength(before);
});

it('sends nothing that its state forbids, whoever insists on it', async () => {
  await start();
  const jobs = process();
  const [, unpaid = ''] = await mixed(jobs);
  const before = commands().length;
  const jobId = await imported(jobs, [unpaid]);
  await time.run(jobs.look(jobId, { again: false }));
  await expect(time.run(jobs.allow(jobId, 'state_forbids'))).rejects.toMatchObject({ code: 'JOB_STATE' });
  expect(await statesOf(jobId)).toEqual(['not_sent:state_forbids']);
  // A row that an older console let a person insist on.
  await journal.plain.call('allowRows', { jobId, reason: 'state_forbids', atMs: time.nowMs });
  await time.run(jobs.run(jobId));
  expect(await statesOf(jobId)).toEqual(['not_sent:state_forbids']);
  expect(commands()).toHaveLength(before);
});

it('does not dispense what cannot be read, whatever the job says', async () => {
  await start();
  const jobs = process();
  const jobId = await imported(
    jobs,
    paid(1).map((order) => lineOf(order)),
    undefined,
    { ...OPTIONS, readBefore: false, writeUnreadable: true },
  );
  twin.setFaults([{ kind: 'html', when: { path: '/orders' } }]);
  await time.run(jobs.run(jobId));
  expect(await statesOf(jobId)).toEqual(['not_sent:unreadable']);
  expect(commands()).toEqual([]);
});

it('never sends a command again whose answer was lost; its record decides', async () => {
  await start();
  const jobs = process();
  twin.setFaults([{ kind: 'reset_after', when: { path: '/deliveries', nth: [1] } }]);
  const [order] = paid(1);
  if (order === undefined) throw new Error('no paid order');
  const jobId = await imported(jobs, [lineOf(order)]);
  await time.run(jobs.run(jobId));
  expect(await statesOf(jobId)).toEqual(['unknown']);
  expect((await rowsOf(jobId))[0]?.track).toBeNull();
  await time.run(jobs.verify(jobId, { waitMs: 90_000 }));
  expect(await statesOf(jobId)).toEqual(['succeeded']);
  expect(commands()).toHaveLength(1);
  expect(twin.order(order.index).records[0]?.drops).toBe(1);
});

it('a command that never arrived stays in doubt and is offered to nobody', async () => {
  await start();
  const jobs = process();
  twin.setFaults([{ kind: 'reset_before', when: { path: '/deliveries', nth: [1] } }]);
  const jobId = await imported(
    jobs,
    paid(1).map((order) => lineOf(order)),
  );
  await time.run(jobs.run(jobId));
  await time.run(jobs.verify(jobId, { waitMs: 400_000 }));
  expect(await statesOf(jobId)).toEqual(['unknown']);
  expect(await time.run(jobs.retry(jobId))).toBe(0);
  expect(commands()).toEqual([]);
});

it('a process that dies while it reads leaves a number by which the next one goes on, within the lock and without a second command', async () => {
  await start({ dispenseMs: '30000' });
  const first = process();
  const [order] = paid(1);
  const next = paid(2_00, false).find(
    ({ machineNo, number }) => machineNo === order?.machineNo && number !== order.number,
  );
  if (order === undefined || next === undefined) throw new Error('no two orders of one machine');
  const jobId = await imported(
    first,
    [order, next].map((one) => lineOf(one)),
  );
  // What is durable when the answer has been journalled is all that a killed process leaves.
  twin.afterReply = (request) => {
    if (request.path.endsWith('/deliveries')) first.pause(jobId);
  };
  await time.run(first.run(jobId));
  twin.afterReply = null;
  const [row] = await rowsOf(jobId);
  expect([row?.state, row?.track?.['delivery_id']]).toEqual(['unknown', expect.stringMatching(/^5/)]);
  await journal.plain.call('recover', { atMs: time.nowMs, at: new Date(time.nowMs).toISOString() });
  const second = process();
  const end = await time.run(second.run(jobId));
  expect(end.state).toBe('finished');
  expect(await statesOf(jobId)).toEqual(['succeeded', 'succeeded']);
  const [one, two] = commands();
  expect(commands()).toHaveLength(2);
  expect((two?.atMs ?? 0) - (one?.atMs ?? 0)).toBeGreaterThanOrEqual(30_000);
  for (const { index } of [order, next]) expect(twin.order(index).records[0]?.drops).toBe(1);
});

it('sets unpaid orders past their limit aside, and does not send one that passes it while it waits', async () => {
  await start({ orders: 'unpaid' });
  const jobs = process();
  const [a, b, c] = [twin.order(0), twin.order(1), twin.order(2)];
  const beijing = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
  const line = (order: VendingOrder, createdMs: number): string =>
    `${order.number},${order.machineNo},${beijing(createdMs)}`;
  const minute = 60_000;
  const jobId = await imported(
    jobs,
    [line(a, time.nowMs - 19 * minute), line(b, time.nowMs - 18 * minute), `${c.number},${c.machineNo},`],
    'order_id,machine_no,created_at',
  );
  expect(await statesOf(jobId)).toEqual(['not_sent:set_aside', 'not_sent:pending', 'not_sent:pending']);
  expect((await rowsOf(jobId))[0]?.problem?.message.en).toContain('refund what was paid');
  // It waited for its turn a minute: past the margin before the limit.
  time.nowMs += minute;
  await time.run(jobs.run(jobId));
  expect(await statesOf(jobId)).toEqual(['not_sent:set_aside', 'not_sent:too_late', 'succeeded']);
  expect((await rowsOf(jobId))[1]?.failure).toMatchObject({ code: 'console.too_late', class: 'state' });
  expect(twin.ledger.actions.map(({ order }) => order)).toEqual([c.number]);
});

it('counts an order without a creation time from when it was first seen', async () => {
  await start({ orders: 'unpaid', expiry: 'off' });
  const jobs = process();
  const order = twin.order(0);
  const jobId = await imported(jobs, [`${order.number},${order.machineNo},`], 'order_id,machine_no,created_at');
  time.nowMs += 19 * 60_000;
  await time.run(jobs.run(jobId));
  expect(await statesOf(jobId)).toEqual(['not_sent:too_late']);
});
