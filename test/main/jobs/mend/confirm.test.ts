import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventsOf } from '../../../../src/main/jobs/journal/events.ts';
import { getJob } from '../../../../src/main/jobs/journal/jobs.ts';
import { confirmCount } from '../../../../src/main/jobs/journal/mend.ts';
import { demandConfirmed, isUndoable, needsCount } from '../../../../src/main/jobs/mend/confirm.ts';
import type { JobSpec } from '../../../../src/main/jobs/types.ts';
import {
  fitRow,
  jobSpec,
  readyJob,
  straightJournal,
  testDatabases,
  type TestDatabases,
} from '../../../support/journal.ts';
import { failure as refusal } from '../intake/support.ts';
import { NOW_MS } from '../runner/support.ts';
import { NOTE_SPEC, noteJob, order, settle } from './support.ts';

const options = (readBefore: boolean): JobSpec['options'] => ({ ...jobSpec().options, readBefore });

describe('whether a job can be set back', () => {
  it.each<[string, Partial<JobSpec>, boolean]>([
    ['notes whose old ones are read', { ...NOTE_SPEC, options: options(true) }, true],
    ['notes that are written unread', { ...NOTE_SPEC, options: options(false) }, false],
    ['notes put after the present ones', { ...NOTE_SPEC, params: { mode: 'append' }, options: options(false) }, true],
    ['a status', { options: options(true) }, false],
    ['a look-up', { operation: 'order-get', options: options(true) }, false],
  ])('depends on the operation and the reading: %s', (_what, change, can) => {
    expect(isUndoable(jobSpec(change))).toBe(can);
  });
});

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

/** A job of a status that nobody can set back, with so many rows that wait. */
const statusJob = (pending: number): number =>
  readyJob(
    databases,
    Array.from({ length: pending }, (_, index) => fitRow(index + 1, order(index + 1))),
  );

function demand(jobId: number, given: number | null, firstRows: number | null = null): Promise<void> {
  const limit = { journal: straightJournal(databases), confirmAbove: 3, nowMs: NOW_MS };
  return demandConfirmed(limit, getJob(databases, { id: jobId }), firstRows, given);
}

const confirmed = (jobId: number) =>
  eventsOf(databases, { jobId, after: 0, limit: 9 }).map(({ kind, atMs, data }) => [kind, atMs, data]);

describe('how many rows are sent without a way back', () => {
  it('need no number up to the limit, and their own above it', async () => {
    await demand(statusJob(3), null);
    const jobId = statusJob(4);
    const error = await refusal(() => demand(jobId, null));
    expect([error.code, error.text, error.data]).toEqual([
      'COUNT_NOT_CONFIRMED',
      {
        message: {
          zh: `任务 ${jobId} 将发送 4 行，发出后无法撤销，要输入行数确认。`,
          en: `Job ${jobId} would send 4 rows, with no way back: their number must be typed to confirm.`,
        },
        remedy: { zh: '请核对行数，再输入一次。', en: 'Compare the number and type it again.' },
      },
      { job: jobId, count: 4 },
    ]);
    expect(confirmed(jobId)).toEqual([]);
  });

  it.each([3, 5, 0])('are not confirmed by another number: %i', async (given) => {
    const jobId = statusJob(4);
    const error = await refusal(() => demand(jobId, given));
    expect([error.code, error.text.message, error.data]).toEqual([
      'COUNT_NOT_CONFIRMED',
      {
        zh: `输入的行数是 ${given}，而任务 ${jobId} 将发送 4 行；什么都没有发送。`,
        en: `${given} was typed, but job ${jobId} would send 4 rows; nothing was sent.`,
      },
      { job: jobId, count: 4 },
    ]);
    expect(confirmed(jobId)).toEqual([]);
  });

  it('are confirmed by their number once, for all later runs of no more rows', async () => {
    const jobId = statusJob(6);
    await demand(jobId, 6);
    expect(confirmed(jobId)).toEqual([['confirmed', NOW_MS, { count: 6 }]]);
    await demand(jobId, null);
    await demand(jobId, null, 4);
  });

  it('are the first rows where only those are sent, and either number counts', async () => {
    const jobId = statusJob(6);
    await demand(jobId, null, 3);
    await expect(demand(jobId, null, 4)).rejects.toMatchObject({ data: { count: 4 } });
    await expect(demand(jobId, 5, 4)).rejects.toMatchObject({ data: { count: 4 } });
    await demand(jobId, 4, 4);
    await demand(jobId, 6, 4);
    expect(confirmed(jobId).map(([, , data]) => data)).toEqual([{ count: 4 }, { count: 6 }]);
  });

  it('are never more than wait', async () => {
    const jobId = statusJob(4);
    settle(databases, jobId, 1, { state: 'succeeded' });
    await demand(jobId, null, 100);
    await expect(demand(jobId, 100, 100)).rejects.toMatchObject({ data: { count: 3 } });
    for (const rowNo of [2, 3, 4]) settle(databases, jobId, rowNo, { state: 'succeeded' });
    await demand(jobId, 0);
  });

  it('need no number where they can be set back; a typed one must be right all the same', async () => {
    const rows = [1, 2, 3, 4].map((n) => [order(n), 'note']);
    const jobId = noteJob(databases, rows, { options: options(true) });
    await demand(jobId, null);
    await expect(demand(jobId, 3)).rejects.toMatchObject({ code: 'COUNT_NOT_CONFIRMED' });
  });

  it('are asked for above the limit and above what was confirmed', async () => {
    const jobId = statusJob(1);
    const needs = (sends: number): Promise<boolean> => needsCount(straightJournal(databases), 3, jobId, sends);
    expect([await needs(3), await needs(4)]).toEqual([false, true]);
    confirmCount(databases, { jobId, count: 5, atMs: NOW_MS });
    expect([await needs(4), await needs(5), await needs(6)]).toEqual([false, false, true]);
    const notes = noteJob(databases, [[order(1), 'note']], { options: options(true) });
    expect(await needsCount(straightJournal(databases), 3, notes, 4)).toBe(false);
  });
});
