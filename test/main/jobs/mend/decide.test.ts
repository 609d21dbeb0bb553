import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpackEntries, type PackedEntries } from '../../../../src/main/jobs/journal/entries.ts';
import { eventsOf } from '../../../../src/main/jobs/journal/events.ts';
import { getJob } from '../../../../src/main/jobs/journal/jobs.ts';
import { decideRows, isChosen, type ChosenRows } from '../../../../src/main/jobs/mend/decide.ts';
import type { JournalRow } from '../../../../src/main/jobs/types.ts';
import { allRows, failure, straightJournal, testDatabases, type TestDatabases } from '../../../support/journal.ts';
import { row } from '../export/support.ts';
import { NOW_MS, WHY } from '../runner/support.ts';
import { noteJob, order, settle, settleRows } from './support.ts';

const all = (filter: Extract<ChosenRows, { kind: 'all' }>['filter'], ...but: number[]): ChosenRows => ({
  kind: 'all',
  filter,
  but: new Set(but),
});
const some = (...rows: number[]): ChosenRows => ({ kind: 'rows', rows: new Set(rows) });

describe('whether a row is among those chosen', () => {
  const problem = { code: 'P', message: WHY };
  it.each<[string, ChosenRows, Partial<JournalRow>, boolean]>([
    ['by its number', some(3, 4), {}, true],
    ['not by another', some(1, 2), {}, false],
    ['among all', all({}), {}, true],
    ['not when it is taken out', all({}, 3), {}, false],
    ['whatever else is taken out', all({}, 1, 4), {}, true],
    ['by its state', all({ state: 'unknown' }), { state: 'unknown' }, true],
    ['not by another state', all({ state: 'unknown' }), { state: 'failed' }, false],
    ['by its reason', all({ reason: 'rejected' }), { state: 'not_sent', reason: 'rejected' }, true],
    ['not by another reason', all({ reason: 'rejected' }), { state: 'not_sent', reason: 'pending' }, false],
    ['by its failure’s code', all({ code: 'F' }), { failure: failure('F'), problem, reason: 'rejected' }, true],
    ['not by what its failure hides', all({ code: 'P' }), { failure: failure('F'), problem }, false],
    ['by its problem’s code', all({ code: 'P' }), { problem, reason: 'set_aside' }, true],
    ['not by what its problem hides', all({ code: 'set_aside' }), { problem, reason: 'set_aside' }, false],
    ['by its reason’s name', all({ code: 'cancelled' }), { state: 'not_sent', reason: 'cancelled' }, true],
    ['not by what its reason hides', all({ code: 'not_sent' }), { state: 'not_sent', reason: 'cancelled' }, false],
    ['by its state’s name', all({ code: 'unknown' }), { state: 'unknown' }, true],
    ['only by all at once', all({ state: 'unknown', code: 'F' }), { state: 'unknown' }, false],
  ])('is told %s', (_how, chosen, change, isOne) => {
    expect(isChosen(chosen, row(3, ['a'], change))).toBe(isOne);
  });
});

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

const unknown = { state: 'unknown', note: WHY } as const;

describe('a decision by a person', () => {
  const jobOf = (): number => {
    const jobId = noteJob(
      databases,
      [1, 2, 3, 4].map((n) => [order(n), 'note']),
    );
    for (const rowNo of [1, 2]) settle(databases, jobId, rowNo, { ...unknown, failure: failure(`F${rowNo}`) });
    settle(databases, jobId, 3, { state: 'succeeded' });
    return jobId;
  };
  const decide = (jobId: number, chosen: ChosenRows, as: 'succeeded' | 'failed'): Promise<number> =>
    decideRows(straightJournal(databases), getJob(databases, { id: jobId }), chosen, as, NOW_MS + 9);
  const at = new Date(NOW_MS + 9).toISOString();

  it('that it did happen makes the row succeed, in words of its own', async () => {
    const jobId = jobOf();
    expect(await decide(jobId, some(1), 'succeeded')).toBe(1);
    const rows = allRows(databases, jobId);
    expect(rows.map(({ state }) => state)).toEqual(['succeeded', 'unknown', 'succeeded', 'not_sent']);
    expect(rows[0]).toMatchObject({
      note: { zh: '由您确认：确实已执行', en: 'You decided: it did happen' },
      failure: null,
      decided: { as: 'succeeded', at },
      settledAtMs: NOW_MS + 9,
    });
    expect(rows[2]?.decided).toBeNull();
    expect(eventsOf(databases, { jobId, after: 0, limit: 9 })).toMatchObject([
      { rowNo: 1, atMs: NOW_MS + 9, kind: 'decided', data: { as: 'succeeded' } },
    ]);
  });

  it('that it did not happen makes the row fail, so that it may be retried', async () => {
    const jobId = jobOf();
    expect(await decide(jobId, all({ state: 'unknown' }), 'failed')).toBe(2);
    const rows = allRows(databases, jobId);
    expect(rows.map(({ state }) => state)).toEqual(['failed', 'failed', 'succeeded', 'not_sent']);
    expect(rows[1]).toMatchObject({
      note: null,
      failure: {
        code: 'console.decided',
        message: '',
        class: 'not_applied',
        reading: { zh: '由您确认：没有执行', en: 'You decided: it did not happen' },
        remedy: { zh: '可以重试', en: 'It can be retried' },
      },
      decided: { as: 'failed', at },
    });
  });

  it('frees the orders, which may be sent again', async () => {
    const jobId = jobOf();
    await decide(jobId, all({ code: 'F2' }), 'failed');
    const next = noteJob(
      databases,
      [1, 2].map((n) => [order(n), 'other']),
    );
    settle(databases, next, 2, { state: 'succeeded' });
    expect(allRows(databases, next)[1]?.state).toBe('succeeded');
    expect(() => settle(databases, next, 1, { state: 'succeeded' })).toThrow('row 1 is not sending');
  });

  it('leaves rows that are in no doubt', async () => {
    const jobId = jobOf();
    expect(await decide(jobId, some(3, 4, 99), 'failed')).toBe(0);
    expect(eventsOf(databases, { jobId, after: 0, limit: 9 })).toEqual([]);
  });

  it('of many rows is written a thousand at a time', async () => {
    const numbers = Array.from({ length: 2_501 }, (_, index) => index + 1);
    const jobId = noteJob(
      databases,
      numbers.map((n) => [order(n), 'note']),
    );
    settleRows(
      databases,
      jobId,
      numbers.map((rowNo) => ({ rowNo, order: order(rowNo), ...unknown })),
    );
    const pieces: number[] = [];
    const journal = straightJournal(databases, (name, args) => {
      if (name !== 'apply') return;
      for (const { rows } of unpackEntries((args as { entries: PackedEntries }).entries)) pieces.push(rows.length);
    });
    const job = getJob(databases, { id: jobId });
    expect(await decideRows(journal, job, all({ state: 'unknown' }, 7), 'succeeded', NOW_MS)).toBe(2_500);
    expect(pieces).toEqual([1_000, 999, 501]);
    expect(allRows(databases, jobId).flatMap(({ rowNo, state }) => (state === 'unknown' ? [rowNo] : []))).toEqual([7]);
  });
});
