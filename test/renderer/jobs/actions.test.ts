// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { isTyped, open as question } from '../../../src/renderer/components/confirm.ts';
import { language } from '../../../src/renderer/i18n/index.ts';
import { act, actionsOf } from '../../../src/renderer/screens/jobs/actions.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { fakeBridge, jobOf } from '../fake-bridge.ts';

let bridge: FakeBridge;
beforeEach(() => {
  language.value = 'en';
  bridge = fakeBridge({
    'jobs.run': () => undefined,
    'jobs.cancel': () => undefined,
    'jobs.pause': () => undefined,
    'jobs.export': () => ({ fileId: 'f1', name: 'job-7.csv', rows: 100 }),
  });
});

const SAVES = ['export', 'export_xlsx', 'export_html'] as const;

describe('actionsOf', () => {
  const states = [
    ['a paused job', jobOf(7), ['open', 'resume', 'verify', 'name', 'cancel', ...SAVES]],
    [
      'a running job',
      jobOf(7, { job: { state: 'running', pauseReason: null, busy: 'running' } }),
      ['open', 'pause', 'name', 'cancel', ...SAVES],
    ],
    ['a job that pauses', jobOf(7, { job: { state: 'running', busy: 'pausing' } }), ['open', 'name', ...SAVES]],
    ['a job being verified', jobOf(7, { job: { busy: 'verifying' } }), ['open', 'name', 'cancel', ...SAVES]],
    [
      'a job that waits for the network',
      jobOf(7, { job: { busy: 'waiting', waiting: { reason: 'network', text: null, sinceMs: 1, nextMs: 2 } } }),
      ['open', 'resume', 'pause', 'name', 'cancel', 'export', 'export_xlsx', 'export_html'],
    ],
    [
      'a job that the vendor asked to wait',
      jobOf(7, { job: { busy: 'waiting', waiting: { reason: 'vendor_block', text: null, sinceMs: 1, nextMs: 2 } } }),
      ['open', 'pause', 'name', 'cancel', 'export', 'export_xlsx', 'export_html'],
    ],
    [
      'a job that was not begun',
      jobOf(7, { job: { state: 'ready' }, counts: { unknown: 0 } }),
      ['open', 'name', 'cancel', ...SAVES],
    ],
    ['a finished job', jobOf(7, { job: { state: 'finished' }, counts: { unknown: 0 } }), ['open', 'name', ...SAVES]],
    ['a finished job in doubt', jobOf(7, { job: { state: 'finished' } }), ['open', 'verify', 'name', ...SAVES]],
    ['a job being read in', jobOf(7, { job: { state: 'intake' }, counts: { unknown: 0 } }), ['open']],
  ] as const;
  it.each(states)('offers for %s what fits it', (_, entry, expected) => {
    expect(actionsOf(entry, true, false)).toEqual(expected);
  });

  it('offers no verification where the vendor has none, and only looks where another console writes', () => {
    expect(actionsOf(jobOf(7), false, false)).not.toContain('verify');
    expect(actionsOf(jobOf(7), true, true)).toEqual(['open', ...SAVES]);
  });
});

describe('act', () => {
  it('goes on with a job that waits without a question: it would go on anyway', async () => {
    const waiting = { reason: 'network', text: null, sinceMs: 1, nextMs: 2 } as const;
    expect(await act('resume', jobOf(7, { job: { busy: 'waiting', waiting } }), 100)).toEqual({});
    expect(question.value).toBeNull();
    expect(bridge.calls).toEqual([['jobs.run', { jobId: 7, firstRows: null }]]);
  });

  it('asks before it sends the rest, naming the count, the account, why it stands, and what is in doubt', async () => {
    const done = act('resume', jobOf(7, { counts: { byReason: { pending: 1234 } } }), 5_000);
    expect(question.value).toMatchObject({ verb: 'Send 1,234 orders', danger: false });
    expect(question.value?.text).toContain('Flagship');
    expect(question.value?.warnings).toEqual([
      'It was paused: the program ended unexpectedly',
      'The outcome of 3 more is unknown; they are not sent again.',
      'There is no undo: what the vendor has done stays done.',
    ]);
    expect(bridge.calls).toEqual([]);
    question.value?.answer(true);
    expect(await done).toEqual({});
    expect(bridge.calls).toEqual([['jobs.run', { jobId: 7, firstRows: null }]]);
  });

  it('wants the number typed where no one can set so many back, and sends it along', async () => {
    const entry = jobOf(7, { counts: { byReason: { pending: 1234 } } });
    const done = act('resume', entry, 100);
    expect(question.value?.typed).toBe(1234);
    question.value?.answer(true);
    await done;
    expect(bridge.calls).toEqual([['jobs.run', { jobId: 7, firstRows: null, confirmed: 1234 }]]);
    for (const job of [{ undoable: true }, { confirmed: 2_000 }]) {
      void act('resume', { ...entry, job: { ...entry.job, ...job } }, 100);
      expect(question.value?.typed).toBeNull();
    }
    expect(isTyped(' 1,234 ', 1234)).toBe(true);
    expect(isTyped('１２３４', 1234)).toBe(true);
    expect(isTyped('123', 1234)).toBe(false);
  });

  it('cancels only on the word of the person', async () => {
    const no = act('cancel', jobOf(7), 100);
    expect(question.value).toMatchObject({ verb: 'Cancel 36 orders', danger: true });
    question.value?.answer(false);
    expect(await no).toBe('no');
    expect(bridge.calls).toEqual([]);
  });

  it('pauses without a question', async () => {
    expect(await act('pause', jobOf(7), 100)).toEqual({});
    expect(bridge.calls).toEqual([['jobs.pause', { jobId: 7 }]]);
  });

  it('says where an export lies, and nothing when the dialog was closed', async () => {
    expect(await act('export', jobOf(7), 100)).toEqual({
      text: '100 rows of job 7 were exported to job-7.csv.',
      fileId: 'f1',
    });
    bridge.answer({ 'jobs.export': () => null });
    expect(await act('export', jobOf(7), 100)).toBe('no');
  });
});
