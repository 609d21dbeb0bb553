// A job of the window that waits for its vendor: what the routes say of it, and what the desktop is told.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeTwins, startTwins, type Twins } from '../../../src/main/embedded.ts';
import { startTwin } from '../../../src/main/twins/index.ts';
import { accountOf, folderOf, TestConsole } from './support.ts';

const ROWS = 3;
const VENDOR = { orders: ROWS, vendorOptions: { orders: 'waiting', data: 'lists' } };

let folder: ReturnType<typeof folderOf>;
let twins: Twins;
let test: TestConsole;
beforeAll(async () => {
  folder = folderOf();
  twins = await startTwins({ epochMs: Date.now() }, { polyv: { ...VENDOR, epochMs: Date.now() } });
  test = await TestConsole.start(folder.path, { twins: async () => twins });
});
afterAll(async () => {
  await test.console.close();
  await closeTwins(twins);
  folder.remove();
});

it('is shown as waiting, told of, paused by the person, and goes on when the network changes', async () => {
  const accountId = await accountOf(test, 'polyv');
  const { port, epochMs } = twins.polyv;
  const orders = Array.from({ length: ROWS }, (_, index) => twins.polyv.orderNumber(index));
  const { jobId } = await test.call('updates.import', {
    importId: 'one',
    accountId,
    operation: 'update-status',
    params: { status: 'delivering' },
    source: { kind: 'paste', text: ['orderNo', ...orders].join('\n') },
    mapping: { orderNo: 0 },
    hasHeader: true,
    options: { readBefore: false, writeUnreadable: false, verifyAfter: false },
  });
  await twins.polyv.close();
  await test.call('jobs.run', { jobId, firstRows: null });
  await test.heard('waiting', ({ waiting }) => waiting?.reason === 'network');
  expect((await test.call('jobs.get', { jobId })).job).toMatchObject({
    state: 'paused',
    pauseReason: 'network',
    busy: 'waiting',
    waiting: { reason: 'network', nextMs: expect.any(Number) },
  });
  expect(test.desk.of('notify')).toEqual([
    {
      shows: { jobId },
      title: `Job ${jobId}: the network is down`,
      body: `0 succeeded · ${ROWS} not sent · goes on by itself`,
    },
  ]);
  expect([test.desk.of('barState').at(-1), test.desk.of('watchNetwork').at(-1)]).toEqual(['paused', true]);

  await test.call('jobs.pause', { jobId });
  expect(await test.heard('runEnded')).toMatchObject({ jobId, state: 'paused', reason: 'person' });
  expect((await test.call('jobs.get', { jobId })).job).toMatchObject({ pauseReason: 'person', busy: null });
  expect(test.desk.of('watchNetwork').at(-1)).toBe(false);

  test.forget();
  await test.call('jobs.run', { jobId, firstRows: null });
  await test.heard('waiting', ({ waiting }) => waiting?.reason === 'network');
  // One that waits can be told to go on, which it does as far as it can.
  await test.call('jobs.run', { jobId, firstRows: null });
  twins = { ...twins, polyv: await startTwin('polyv', { ...VENDOR, port, epochMs }) };
  test.console.networkChanged();
  expect(await test.heard('runEnded')).toMatchObject({ jobId, state: 'finished' });
  expect((await test.call('jobs.get', { jobId })).counts).toMatchObject({ total: ROWS, succeeded: ROWS });
  expect(twins.polyv.ledger.totals).toMatchObject({ orders: ROWS, actions: ROWS });
  expect(test.desk.of('notify').at(-1)).toMatchObject({ title: `Job ${jobId}: finished` });
  expect(test.desk.of('progressBar').at(-1)).toBeNull();
});

it('pauses for a sleep of the machine and goes on after it; a machine that wakes begins nothing else', async () => {
  test.console.suspended();
  await test.console.resumed();
  expect(test.console.runningJobs()).toBe(0);
});
