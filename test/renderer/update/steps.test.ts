import { describe, expect, it } from 'vitest';
import type { ProgressView, ReasonGroup, RowView } from '../../../src/contract/job.ts';
import { filterOf, reasonItems, topReasons, valueText, whyOf } from '../../../src/renderer/screens/update/reasons.ts';
import { columnLetters, fitRows, reachable, stepBefore, stepOf } from '../../../src/renderer/screens/update/steps.ts';
import { jobOf } from '../fake-bridge.ts';

const begun = '2026-05-12T09:42:00.000Z';
const none = { succeeded: 0, failed: 0, unknown: 0, notSent: 100 };
const ready = jobOf(1, { job: { state: 'ready', pauseReason: null }, counts: { ...none, byReason: { pending: 100 } } });
const unfit = jobOf(1, {
  job: { state: 'ready', pauseReason: null },
  counts: { ...none, byReason: { set_aside: 100 } },
});
const paused = jobOf(1, { job: { startedAt: begun } });
const finished = jobOf(1, { job: { state: 'finished', startedAt: begun }, counts: { byReason: {} } });

describe('the step of a job', () => {
  it('is where it stands', () => {
    const running = jobOf(1, { job: { state: 'running', startedAt: begun, busy: 'running' } });
    const verifying = jobOf(1, { job: { state: 'finished', startedAt: begun, busy: 'verifying' } });
    const cancelled = jobOf(1, { job: { state: 'cancelled' } });
    expect([ready, unfit, running, paused, verifying, finished, cancelled].map(stepOf)).toEqual([
      'preview',
      'check',
      'run',
      'run',
      'run',
      'report',
      'report',
    ]);
  });

  it('lets one look at what there is, and back', () => {
    expect([...reachable(null, false)]).toEqual(['intake']);
    expect([...reachable(ready, false)]).toEqual(['intake', 'check', 'preview']);
    expect([...reachable(unfit, false)]).toEqual(['intake', 'check']);
    expect([...reachable(paused, false)]).toEqual(['intake', 'check', 'preview', 'run', 'report']);
    expect([...reachable(finished, false)]).toEqual(['intake', 'check', 'run', 'report']);
    expect(reachable(finished, true).has('preview')).toBe(true);
    expect(stepBefore('run', reachable(finished, false))).toBe('check');
    expect(stepBefore('intake', reachable(finished, false))).toBeNull();
  });

  it('counts the rows that a check let through', () => {
    expect(fitRows(jobOf(1, { counts: { byReason: { set_aside: 3, cancelled: 4 } } }))).toBe(97);
  });
});

it('names columns as a spreadsheet does', () => {
  expect([0, 25, 26, 701, 702].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA']);
});

const failure = {
  code: '40001',
  message: '',
  class: 'not_found',
  reading: { zh: '没有这个订单', en: 'no such order' },
  remedy: { zh: '核对', en: 'compare' },
} as const;
const text = { zh: '字', en: 'word' };
const group = (part: Partial<ReasonGroup>): ReasonGroup => ({
  state: 'failed',
  code: '40001',
  failure: null,
  text: null,
  retry: null,
  count: 2,
  mended: 0,
  lines: [4, 9],
  ...part,
});

describe('reasons', () => {
  it('stand for the rows of their state and code', () => {
    expect(filterOf(group({ failure }))).toEqual({ state: 'failed', code: '40001' });
    expect(filterOf(group({ state: 'not_sent', failure }))).toEqual({ state: 'not_sent', code: '40001' });
    expect(filterOf(group({ state: 'unknown', code: 'unknown', text }))).toEqual({ state: 'unknown', code: 'unknown' });
    expect(filterOf(group({ state: 'not_sent', code: 'in_doubt_elsewhere' }))).toEqual({
      state: 'not_sent',
      reason: 'in_doubt_elsewhere',
    });
    expect(filterOf(group({ state: 'not_sent', code: 'order.scientific' }))).toEqual({
      state: 'not_sent',
      reason: 'set_aside',
      code: 'order.scientific',
    });
  });

  it('say the reading and the remedy, or our own words; codes of ours that only repeat them are left out', () => {
    const [failed, doubt, held] = reasonItems([
      group({ failure }),
      group({ state: 'unknown', code: 'unknown' }),
      group({ state: 'not_sent', code: 'in_doubt_elsewhere' }),
    ]);
    expect(failed).toMatchObject({ text: failure.reading, remedy: failure.remedy, code: '40001', setAside: false });
    expect(doubt).toMatchObject({ text: { en: 'No trustworthy answer' }, code: null });
    expect(held).toMatchObject({ text: { en: 'in doubt in another job' }, code: null });
  });

  it('of a run are the three most frequent, rows in doubt among them, rows set aside not', () => {
    const groups = [
      group({ state: 'not_sent', code: 'blank', count: 50 }),
      group({ failure, count: 3 }),
      group({ code: '1', failure: { ...failure, code: '1' } }),
    ];
    expect(topReasons(null, groups).map(({ code }) => code)).toEqual(['40001', '1']);
    const counts = { total: 90, succeeded: 1, failed: 9, unknown: 7, notSent: 0, sending: 0, pending: 0 };
    const reasons = ['40001', '2', '3'].map((code, at) => ({ reading: failure.reading, code, count: 8 - 2 * at }));
    const progress: ProgressView = { jobId: 1, state: 'running', counts, rate: 1, leftMs: 1, reasons };
    const top = topReasons(progress, groups);
    expect(top.map(({ key, count }) => [key, count])).toEqual([
      ['40001', 8],
      ['unknown', 7],
      ['2', 6],
    ]);
    expect(top[0]?.remedy).toEqual(failure.remedy);
    expect(topReasons({ ...progress, counts: { ...counts, unknown: 0 } }, groups).map(({ key }) => key)).toEqual([
      '40001',
      '2',
      '3',
    ]);
  });

  it('of a row are its problem, its failure, its note, or why it was not sent', () => {
    const row = { problem: null, failure: null, note: null, reason: 'cancelled' } as RowView;
    const problem = { code: 'blank', message: text };
    expect(whyOf({ ...row, problem, failure })).toBe(text);
    expect(whyOf({ ...row, failure, note: text })).toBe(failure.reading);
    expect(whyOf({ ...row, note: text })).toBe(text);
    expect(whyOf(row)).toMatchObject({ en: 'cancelled' });
    expect(whyOf({ ...row, reason: null })).toBeNull();
  });
});

it('says a choice by its name and any other value as it is', () => {
  const field = {
    id: 'tag',
    names: text,
    kind: 'choice',
    required: false,
    choices: [{ value: '3', names: text }],
  } as const;
  expect([valueText(field, '3'), valueText(field, '9'), valueText(undefined, 'x')]).toEqual(['字', '9', 'x']);
});
