// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { flushPromises } from '@vue/test-utils';
import { useApp } from '../../../src/renderer/stores/app.ts';
import { operationNames, useJobs, withProgress } from '../../../src/renderer/stores/jobs.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { refusal, fakeBridge, jobOf, startAnswers, VENDOR } from '../fake-bridge.ts';

const PROGRESS = {
  jobId: 9,
  state: 'running',
  counts: { total: 100, succeeded: 80, failed: 2, unknown: 3, notSent: 10, sending: 5, pending: 10 },
  rate: 12,
  leftMs: 1000,
  reasons: [],
} as const;

let bridge: FakeBridge;
beforeEach(() => {
  bridge = fakeBridge({
    ...startAnswers(),
    'jobs.list': ({ offset, limit }) => ({
      total: 9,
      jobs: [9, 8, 7, 6, 5, 4, 3, 2, 1].slice(offset, offset + limit).map((id) => jobOf(id)),
    }),
    'jobs.get': ({ jobId }) => jobOf(jobId, { job: { state: 'running', pauseReason: null, busy: 'running' } }),
  });
});

describe('withProgress', () => {
  it('takes the counts and the state of the progress and keeps the rest', () => {
    const { job, counts } = withProgress(jobOf(9), PROGRESS);
    expect(job).toMatchObject({
      id: 9,
      state: 'running',
      pauseReason: null,
      busy: 'running',
      accountLabel: 'Flagship',
    });
    expect(counts).toMatchObject({ succeeded: 80, sending: 5, byReason: { pending: 10 } });
    expect(counts).not.toHaveProperty('pending');
  });

  it('still says that a job is pausing', () => {
    expect(withProgress(jobOf(9, { job: { busy: 'pausing' } }), PROGRESS).job.busy).toBe('pausing');
  });
});

describe('operationNames', () => {
  it('finds the words of any vendor, or leaves the id', () => {
    expect(operationNames([VENDOR], 'update-status').en).toBe('Update order status');
    expect(operationNames([VENDOR], 'update-status', 'pdd').en).toBe('update-status');
  });
});

describe('the store of jobs', () => {
  it('shows a running job as its progress says, and as main says once the run has ended', async () => {
    const jobs = useJobs();
    const [entry] = await jobs.page(0, 1);
    if (entry === undefined) throw new Error('no job');
    bridge.tell('progress', PROGRESS);
    await flushPromises();
    expect(jobs.now(entry).counts.succeeded).toBe(80);
    expect(jobs.running).toBe(1);

    bridge.answer({ 'jobs.get': () => jobOf(9, { job: { state: 'finished', pauseReason: null } }) });
    bridge.tell('runEnded', { jobId: 9, state: 'finished', reason: null, text: null });
    await flushPromises();
    expect(jobs.now(entry).job.state).toBe('finished');
    expect(jobs.running).toBe(0);
  });

  it.each([
    ['a last one that says so', { ...PROGRESS, state: 'paused' as const }],
    ['one that was on its way', PROGRESS],
  ])('is not misled by a progress that comes after the end: %s', async (_, late) => {
    const jobs = useJobs();
    const [entry] = await jobs.page(0, 1);
    if (entry === undefined) throw new Error('no job');
    bridge.tell('progress', PROGRESS);
    await flushPromises();
    bridge.answer({ 'jobs.get': () => jobOf(9, { job: { pauseReason: 'first_rows' } }) });
    bridge.tell('runEnded', { jobId: 9, state: 'paused', reason: 'first_rows', text: null });
    await flushPromises();
    bridge.tell('progress', late);
    await flushPromises();
    expect(jobs.running).toBe(0);
    expect(jobs.now(entry).job).toMatchObject({ state: 'paused', pauseReason: 'first_rows', busy: null });
  });

  it('reads the pages anew when a job runs that it does not know', async () => {
    const jobs = useJobs();
    await jobs.refresh();
    const { version } = jobs;
    bridge.tell('progress', PROGRESS);
    await flushPromises();
    expect(jobs.version).toBe(version);
    bridge.tell('progress', { ...PROGRESS, jobId: 10 });
    await flushPromises();
    expect(jobs.version).toBe(version + 1);
  });

  it('keeps what was there when the jobs cannot be read', async () => {
    const jobs = useJobs();
    await jobs.refresh();
    bridge.answer({
      'jobs.list': () => {
        throw refusal('DATABASE_FAILED', '读不出来。', 'It could not be read.');
      },
    });
    await jobs.refresh();
    expect(jobs.failed?.code).toBe('DATABASE_FAILED');
    expect(jobs.total).toBe(9);
  });

  it('shows the rows of the order that was asked last, whichever answer comes last', async () => {
    const answers: Record<string, (rows: []) => void> = {};
    bridge.answer({ 'jobs.find': ({ order }) => new Promise((resolve) => (answers[order] = resolve)) });
    const jobs = useJobs();
    void jobs.find('A1');
    void jobs.find('B2');
    answers['B2']?.([]);
    await flushPromises();
    expect(jobs.found).toEqual([]);
    void jobs.find('C3');
    answers['A1']?.([]);
    await flushPromises();
    expect(jobs.found).toBeNull();
  });

  it('forgets all of it with the workspace', async () => {
    const app = useApp();
    await app.start();
    const jobs = useJobs();
    await jobs.refresh();
    bridge.tell('progress', PROGRESS);
    bridge.answer({ 'app.workspace': () => ({ ...startState(), workspace: 'practice' }) });
    await app.goTo('practice');
    expect([jobs.total, jobs.running]).toEqual([null, 0]);

    function startState() {
      if (app.state === null) throw new Error('not started');
      return app.state;
    }
  });

  it('keeps no more changed jobs than a bound, and reads the pages anew for those it drops', async () => {
    const jobs = useJobs();
    await jobs.refresh();
    const { version } = jobs;
    bridge.answer({ 'jobs.get': ({ jobId }) => jobOf(jobId, { counts: { succeeded: 61 } }) });
    for (let id = 1; id <= 200; id += 1) await jobs.reread(id);
    expect(jobs.version).toBe(version);
    await jobs.reread(201);
    expect(jobs.version).toBe(version + 1);
    expect(jobs.now(jobOf(1)).counts.succeeded).toBe(60);
    expect(jobs.now(jobOf(2)).counts.succeeded).toBe(61);
  });
});
