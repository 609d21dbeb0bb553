import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WaitingView } from '../../../src/contract/job.ts';
import type { Bilingual } from '../../../src/contract/text.ts';
import { getJob } from '../../../src/main/jobs/journal/jobs.ts';
import { getCounts } from '../../../src/main/jobs/journal/reads.ts';
import { Mailbox } from '../../../src/main/jobs/mailbox.ts';
import { JobService } from '../../../src/main/jobs/service.ts';
import {
  failure,
  fitRow,
  readyJob,
  straightJournal,
  temporaryFolder,
  testDatabases,
  type TestDatabases,
} from '../../support/journal.ts';
import { accountOf, allSucceeded, Gate, NOW_MS, orders, ScriptedGateway } from './runner/support.ts';

// A job that is run through what interrupts it, straight on a database: two calls, of which the first is held.

const SLEPT = { zh: '电脑休眠过。', en: 'The computer slept.' };
const BLOCKED = failure('WAIT', 'limit');

let databases: TestDatabases;
let folder: ReturnType<typeof temporaryFolder>;
let gateway: ScriptedGateway;
let service: JobService;
let calling: Gate;
let gate: Gate;
let told: (WaitingView | null)[];
let sleeps: number[];
/** This machine's clock, the steady one and its uptime. */
let clock: { now: number; steady: number; up: number };

beforeEach(() => {
  databases = testDatabases();
  folder = temporaryFolder();
  gateway = new ScriptedGateway();
  [calling, gate, told, sleeps] = [new Gate(), new Gate(), [], []];
  clock = { now: NOW_MS, steady: 1_000, up: 5_000 };
  gateway.script = async (rows, nth) => {
    if (nth > 0) return allSucceeded(rows);
    calling.open();
    await gate.opened;
    return allSucceeded(rows);
  };
  service = new JobService({
    journal: straightJournal(databases),
    gateway,
    account: async (id) => accountOf(id, { pacing: { concurrency: 1 } }),
    mailbox: new Mailbox(join(folder.path, 'wishes')),
    now: () => clock.now,
    steadyNow: () => clock.steady,
    uptimeMs: () => clock.up,
    // A wait lasts until something ends it.
    sleep: (ms, signal) =>
      new Promise((_resolve, reject) => {
        sleeps.push(ms);
        signal?.addEventListener('abort', () => reject(new Error('woken')));
      }),
    confirmAbove: () => 100,
    lookEveryMs: 60_000,
  });
});
afterEach(() => {
  databases.close();
  folder.remove();
});

/** Runs a job of 1,001 rows through, up to its first call. */
async function through(): Promise<{ jobId: number; run: ReturnType<JobService['runThrough']> }> {
  const jobId = readyJob(
    databases,
    orders(1_001).map((order, index) => fitRow(index + 1, order)),
  );
  const run = service.runThrough(jobId, { confirmed: 1_001, tellWaiting: (waiting) => told.push(waiting) });
  await calling.opened;
  return { jobId, run };
}
const waits = (jobId: number) => vi.waitFor(() => expect(service.waiting(jobId)).not.toBeNull());
const pause = (jobId: number) => {
  const { state, pauseReason, pauseText } = getJob(databases, { id: jobId });
  return [state, pauseReason, pauseText];
};
const pass = (ms: number): void => {
  clock = { now: clock.now + ms, steady: clock.steady + ms, up: clock.up + ms };
};

/** What pauses a run for a while, why it says so, and what ends the wait. */
const BREAKS: readonly [string, () => void, string, Bilingual, () => void][] = [
  ['a sleep', () => service.suspended(), 'sleep', SLEPT, () => service.resumed()],
  [
    'a vendor that asks to wait for a minute',
    () => service.hear({ kind: 'backing_off', accountId: 'shop-1', untilMs: NOW_MS + 60_000, failure: BLOCKED }),
    'vendor_block',
    BLOCKED.reading,
    () => {
      pass(60_000);
      service.networkChanged();
    },
  ],
];

describe('a run that is gone through with', () => {
  it.each(BREAKS)('pauses for %s, tells it, and goes on when it is over', async (_what, begin, reason, text, end) => {
    const { jobId, run } = await through();
    expect(service.waiting(jobId)).toBeNull();
    begin();
    gate.open();
    await waits(jobId);
    expect(pause(jobId)).toEqual(['paused', reason, text]);
    expect(service.waiting(jobId)).toMatchObject({ reason, text, sinceMs: NOW_MS });
    expect(told).toEqual([service.waiting(jobId)]);
    if (reason === 'vendor_block') expect(sleeps).toEqual([60_000]);
    end();
    expect(await run).toMatchObject({ state: 'finished' });
    expect(told.at(-1)).toBeNull();
    expect(getCounts(databases, { jobId })).toMatchObject({ succeeded: 1_001 });
    expect(service.waiting(jobId)).toBeNull();
  });

  it.each<[string, () => void]>([
    [
      'a vendor that asks to wait for less than a minute',
      () => service.hear({ kind: 'backing_off', accountId: 'shop-1', untilMs: NOW_MS + 59_999, failure: BLOCKED }),
    ],
    [
      'another account that is asked to wait',
      () => service.hear({ kind: 'backing_off', accountId: 'shop-2', untilMs: NOW_MS + 90_000, failure: BLOCKED }),
    ],
    ['a clock that was learnt', () => service.hear({ kind: 'clock', accountId: 'shop-1', offsetMs: 9, warn: true })],
    [
      'clocks that go on together',
      () => {
        pass(3_000);
        service.lookAtTime();
      },
    ],
  ])('does not pause for %s', async (_what, happen) => {
    const { run } = await through();
    happen();
    gate.open();
    expect(await run).toMatchObject({ state: 'finished' });
    expect(told).toEqual([]);
  });

  it.each<[string, () => void, string, Bilingual | null]>([
    ['a sleep', () => (clock.up += 600_000), 'sleep', SLEPT],
    ['a clock that was set', () => (clock.now += 600_000), 'clock_changed', null],
  ])('notices %s by its clocks, and goes on with what is learnt anew', async (_what, happen, reason, text) => {
    const { run } = await through();
    clock.now += reason === 'sleep' ? 600_000 : 0;
    happen();
    service.hear({ kind: 'clock_jumped', accountId: 'shop-1', byMs: 1 });
    gate.open();
    expect(await run).toMatchObject({ state: 'finished' });
    expect(told.map((waiting) => waiting?.reason ?? null)).toEqual([reason, null]);
    if (text !== null) expect(told[0]?.text).toEqual(text);
  });

  it('ends a wait at once on the person’s word', async () => {
    const { jobId, run } = await through();
    service.suspended();
    gate.open();
    await waits(jobId);
    service.goOn(jobId);
    expect(await run).toMatchObject({ state: 'finished' });
  });

  it.each<[string, (jobId: number) => void, object, unknown[]]>([
    ['paused', (jobId) => service.pause(jobId), { state: 'paused', reason: 'person' }, ['paused', 'person', null]],
    ['left', (jobId) => service.leave(jobId), { state: 'paused', reason: 'sleep' }, ['paused', 'sleep', SLEPT]],
    ['cancelled', (jobId) => void service.cancel(jobId), { state: 'cancelled' }, ['cancelled', null, null]],
  ])('can be %s while it waits', async (_what, ask, end, stands) => {
    const { jobId, run } = await through();
    service.suspended();
    gate.open();
    await waits(jobId);
    ask(jobId);
    expect(await run).toMatchObject(end);
    expect(pause(jobId)).toEqual(stands);
    expect(gateway.calls).toHaveLength(1);
    expect(getCounts(databases, { jobId })).toMatchObject({ succeeded: 1_000 });
  });

  it('is refused twice at once, and anything else with it meanwhile', async () => {
    const { jobId, run } = await through();
    const busy = { code: 'JOB_STATE', data: { job: jobId, state: 'busy' } };
    await expect(service.runThrough(jobId)).rejects.toMatchObject(busy);
    service.suspended();
    gate.open();
    await waits(jobId);
    // Nothing is under way now, but it goes on by itself.
    await expect(service.runThrough(jobId)).rejects.toMatchObject(busy);
    await expect(service.followUp(jobId)).rejects.toMatchObject(busy);
    service.resumed();
    await run;
    await expect(service.followUp(jobId)).rejects.toMatchObject({ code: 'NOTHING_MENDED' });
  });

  it('asks for the number once', async () => {
    const jobId = readyJob(
      databases,
      orders(101).map((order, index) => fitRow(index + 1, order)),
    );
    await expect(service.runThrough(jobId)).rejects.toMatchObject({ code: 'COUNT_NOT_CONFIRMED' });
    gate.open();
    expect(await service.runThrough(jobId, { confirmed: 101, firstRows: 60 })).toMatchObject({ reason: 'first_rows' });
    expect(await service.runThrough(jobId)).toMatchObject({ state: 'finished' });
    expect(gateway.calls.map(({ length }) => length)).toEqual([60, 41]);
  });
});
