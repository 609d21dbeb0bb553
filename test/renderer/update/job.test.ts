// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JobWithCounts, ReasonGroup } from '../../../src/contract/job.ts';
import { useApp } from '../../../src/renderer/stores/app.ts';
import { retryableRows, useUpdateJob } from '../../../src/renderer/stores/update-job.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { fakeBridge, jobOf, refusal, startAnswers } from '../fake-bridge.ts';

const READY = jobOf(5, { job: { state: 'ready', pauseReason: null } });
const RUNNING = jobOf(5, { job: { state: 'running', pauseReason: null, busy: 'running' } });
const FINISHED = jobOf(5, { job: { state: 'finished', pauseReason: null }, counts: { byReason: {} } });
const PROGRESS = {
  jobId: 5,
  state: 'running',
  counts: { total: 100, succeeded: 80, failed: 2, unknown: 3, notSent: 10, sending: 5, pending: 10 },
  rate: 12,
  leftMs: 1000,
  reasons: [],
} as const;
const END = { jobId: 5, state: 'finished', reason: null, text: null } as const;

let bridge: FakeBridge;
let now: JobWithCounts;
beforeEach(async () => {
  now = READY;
  bridge = fakeBridge({
    ...startAnswers(),
    'jobs.get': () => now,
    'jobs.reasons': () => [],
    'jobs.run': () => undefined,
    'jobs.pause': () => undefined,
    'jobs.retry': () => ({ rows: 2 }),
  });
  await useApp().start();
});

async function opened() {
  const open = useUpdateJob();
  await open.open(5);
  return open;
}

describe('the rows that a retry sends', () => {
  it('are those surely not acted on and the failed ones that may be retried, never those in doubt', () => {
    const group = { code: '1', failure: null, text: null, mended: 0, lines: [] };
    const reasons: ReasonGroup[] = [
      { ...group, state: 'failed', retry: 'retryable', count: 4 },
      { ...group, state: 'failed', retry: 'never', count: 8 },
      { ...group, state: 'not_sent', retry: 'retryable', count: 16 },
      { ...group, state: 'unknown', retry: null, count: 32 },
    ];
    const counts = { byReason: { rejected: 1, cancelled: 2, set_aside: 64, nothing_to_do: 128, pending: 256 } };
    expect(retryableRows(jobOf(5, { counts }), reasons)).toBe(7);
  });
});

describe('an open job', () => {
  it('shows what its progress tells while it runs, and what is read when it ends', async () => {
    const open = await opened();
    await open.run(null);
    expect(open.busy).toBe('running');
    bridge.tell('progress', { ...PROGRESS, jobId: 6 });
    expect(open.counts?.succeeded).toBe(60);
    bridge.tell('progress', PROGRESS);
    expect([open.counts?.succeeded, open.pending]).toEqual([80, 10]);
    now = FINISHED;
    bridge.tell('runEnded', END);
    await flushPromises();
    expect([open.found?.job.state, open.busy, open.progress]).toEqual(['finished', null, null]);
  });

  it('is not revived by an event that comes after the end', async () => {
    now = FINISHED;
    const open = await opened();
    bridge.tell('progress', PROGRESS);
    bridge.tell('verify', { jobId: 5, read: 2, waitingMs: 500 });
    await flushPromises();
    expect([open.busy, open.progress, open.verify]).toEqual([null, null, null]);
  });

  it('waits for what passes by itself, and runs again', async () => {
    now = RUNNING;
    const open = await opened();
    const waiting = { reason: 'network', text: { zh: '断', en: 'down' }, sinceMs: 1, nextMs: 2 } as const;
    bridge.tell('waiting', { jobId: 6, waiting });
    expect(open.busy).toBe('running');
    bridge.tell('waiting', { jobId: 5, waiting });
    expect(open.found?.job).toMatchObject({ state: 'paused', busy: 'waiting', pauseReason: 'network', waiting });
    await open.goOn();
    expect(bridge.asked('jobs.run')).toHaveLength(1);
    bridge.tell('waiting', { jobId: 5, waiting: null });
    expect(open.found?.job).toMatchObject({ state: 'running', busy: 'running', pauseReason: null, waiting: undefined });
  });

  it('goes from its run into the verification without a rest between', async () => {
    now = RUNNING;
    const open = await opened();
    now = jobOf(5, { job: { state: 'finished', pauseReason: null, busy: 'verifying' } });
    bridge.tell('runEnded', END);
    expect(open.busy).toBe('running');
    await flushPromises();
    expect([open.busy, open.verify]).toEqual(['verifying', { read: 0, againAtMs: null }]);
    bridge.tell('verify', { jobId: 5, read: 3, waitingMs: null });
    expect(open.verify?.read).toBe(3);
    now = FINISHED;
    bridge.tell('verifyEnded', { jobId: 5, succeeded: 2, failed: 0, unknown: 1, stopped: null });
    await flushPromises();
    expect([open.busy, open.verify, open.verified?.succeeded]).toEqual([null, null, 2]);
  });

  it('stands as it did when main refuses to run it', async () => {
    const open = await opened();
    bridge.answer({ 'jobs.run': () => Promise.reject(refusal('JOB_STATE', '不能', 'no')) });
    expect(await open.run(10)).toBe(false);
    expect([open.error?.code, open.found?.job.state, open.busy]).toEqual(['JOB_STATE', 'ready', null]);
  });

  it('asks for one thing at a time', async () => {
    now = RUNNING;
    const open = await opened();
    await Promise.all([open.pause(), open.pause()]);
    expect(bridge.asked('jobs.pause')).toHaveLength(1);
    expect(open.busy).toBe('pausing');
  });

  it('sends again what may be retried, but nothing while other rows wait', async () => {
    now = jobOf(5, { job: { state: 'finished' }, counts: { byReason: { rejected: 2 } } });
    const open = await opened();
    bridge.answer({
      'jobs.retry': () => {
        now = jobOf(5, { counts: { byReason: { pending: 2 } } });
        return { rows: 2 };
      },
    });
    expect(await open.retry()).toBe(true);
    expect(bridge.asked('jobs.run')).toEqual([{ jobId: 5, firstRows: null }]);
    now = jobOf(5, { counts: { byReason: { pending: 30, rejected: 2 } } });
    await open.reload();
    expect(await open.retry()).toBe(false);
    expect(bridge.asked('jobs.retry')).toHaveLength(1);
  });

  it('forgets all of it when another is opened, and late answers about it', async () => {
    const open = await opened();
    let answer: (job: JobWithCounts) => void = () => undefined;
    bridge.answer({ 'jobs.get': () => new Promise((resolve) => (answer = resolve)) });
    const late = open.reload();
    const first = answer;
    const next = open.open(6);
    expect(open.found).toBeNull();
    answer(jobOf(6));
    first(FINISHED);
    await Promise.all([late, next]);
    expect(open.found?.job.id).toBe(6);
  });

  it('is remembered while it runs or waits, until it ends', async () => {
    const open = await opened();
    await open.run(null);
    await open.open(null);
    expect(open.begun).toEqual({ jobId: 5, account: 'Flagship' });
    bridge.tell('runEnded', { ...END, state: 'paused', reason: 'person' });
    expect(open.begun).not.toBeNull();
    bridge.tell('runEnded', END);
    expect(open.begun).toBeNull();
  });
});
