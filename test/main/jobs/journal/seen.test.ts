import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bilingual } from '../../../../src/contract/text.ts';
import { apply } from '../../../../src/main/jobs/journal/calls.ts';
import { eventsOf } from '../../../../src/main/jobs/journal/events.ts';
import { addReverseRows } from '../../../../src/main/jobs/journal/mend.ts';
import {
  allowRows,
  beginSeeing,
  rowsToSee,
  see,
  seenOf,
  type SeenRow,
} from '../../../../src/main/jobs/journal/seen.ts';
import type { IntakeRow } from '../../../../src/main/jobs/types.ts';
import { allRows, failure, fitRow, readyJob, testDatabases, type TestDatabases } from '../../../support/journal.ts';
import { settleRows } from '../mend/support.ts';

const NOTE: Bilingual = { zh: '读不到', en: 'not read' };
let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

const asideRow = (line: number): IntakeRow => ({
  line,
  cells: [],
  order: `o${line}`,
  values: null,
  problem: { code: 'P', message: NOTE },
});
const jobOf = (n: number): number =>
  readyJob(
    databases,
    Array.from({ length: n }, (_, index) => fitRow(index + 1, `o${index + 1}`)),
  );
const read = (rowNo: number, reason: SeenRow['reason'] = 'pending', note: Bilingual | null = null): SeenRow => ({
  rowNo,
  seen: { note: `old ${rowNo}` },
  reason,
  note,
});
const unread = (rowNo: number, note: Bilingual | null = NOTE): SeenRow => ({
  rowNo,
  seen: null,
  reason: 'pending',
  note,
});
const begin = (jobId: number, atMs: number, again = false) => beginSeeing(databases, { jobId, again, atMs });
const keep = (jobId: number, atMs: number, ...rows: SeenRow[]): void => see(databases, { jobId, rows, atMs });
const left = (jobId: number, sinceMs: number, after = 0, limit = 99): number[] =>
  rowsToSee(databases, { jobId, sinceMs, after, limit }).map(({ rowNo }) => rowNo);
const allow = (jobId: number, reason: 'state_forbids' | 'changed_since_preview') =>
  allowRows(databases, { jobId, reason, atMs: 70.4 });
const events = (jobId: number) =>
  eventsOf(databases, { jobId, after: 0, limit: 99 }).map(({ rowNo, kind, atMs, data }) => [rowNo, kind, atMs, data]);
const stands = (jobId: number) => allRows(databases, jobId).map(({ state, reason }) => reason ?? state);

describe('a reading of present values', () => {
  it('begins with all rows that wait, and is kept as an event of the job', () => {
    const jobId = jobOf(2);
    expect(begin(jobId, 100.6)).toEqual({ sinceMs: 101, rows: 2 });
    expect(events(jobId)).toEqual([[null, 'seen', 101, { since: 101 }]]);
    expect(left(jobId, 101)).toEqual([1, 2]);
  });

  it('goes on with what the last one has not come to or could not read, unless all is to be read again', () => {
    const jobId = jobOf(3);
    begin(jobId, 100);
    keep(jobId, 100, read(1), unread(2));
    expect(begin(jobId, 200)).toEqual({ sinceMs: 100, rows: 2 });
    expect(left(jobId, 100)).toEqual([2, 3]);
    expect(begin(jobId, 300, true)).toEqual({ sinceMs: 300, rows: 3 });
    keep(jobId, 300, read(3));
    // What was read before counts no more; the last reading does.
    expect(begin(jobId, 400)).toEqual({ sinceMs: 300, rows: 2 });
    expect(events(jobId).map(([, , , data]) => data)).toEqual([
      { since: 100 },
      { since: 100 },
      { since: 300 },
      { since: 300 },
    ]);
  });

  it('knows no reading but its own job’s', () => {
    begin(jobOf(1), 100);
    const jobId = jobOf(1);
    expect(begin(jobId, 200)).toEqual({ sinceMs: 200, rows: 1 });
  });

  it('hands its rows out in order, page by page, with what they want and take for granted', () => {
    const jobId = readyJob(databases, [fitRow(1, 'a', { note: 'x' }), asideRow(2)]);
    const back = { line: 3, order: 'b', cells: [], values: { note: 'y' }, expects: { note: 'z' }, problem: null };
    addReverseRows(databases, { jobId, firstRowNo: 3, rows: [back] });
    expect(rowsToSee(databases, { jobId, sinceMs: 1, after: 0, limit: 9 })).toEqual([
      { rowNo: 1, order: 'a', fields: '{"order":"a","note":"x"}', expects: null },
      { rowNo: 3, order: 'b', fields: '{"note":"y"}', expects: '{"note":"z"}' },
    ]);
    const many = jobOf(5);
    expect([left(many, 1, 0, 2), left(many, 1, 2, 2), left(many, 1, 4, 2)]).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('reads again what one has kept back, and nothing that was sent, changed since, or is insisted on', () => {
    const jobId = jobOf(6);
    keep(
      jobId,
      50,
      read(1, 'nothing_to_do'),
      read(2, 'state_forbids'),
      read(3, 'changed_since_preview'),
      read(4, 'state_forbids'),
    );
    settleRows(databases, jobId, [{ rowNo: 5, order: 'o5', state: 'succeeded' }]);
    expect(left(jobId, 100)).toEqual([1, 2, 4, 6]);
    expect(left(jobId, 50)).toEqual([6]);
    expect(allow(jobId, 'state_forbids')).toBe(2);
    expect(left(jobId, 100)).toEqual([1, 6]);
  });
});

describe('what was read', () => {
  it('is kept with the row: the values, when, why it is kept back, and what was said', () => {
    const jobId = jobOf(4);
    keep(jobId, 60.6, read(1), read(2, 'nothing_to_do'), read(3, 'state_forbids', NOTE), unread(4));
    expect(
      allRows(databases, jobId).map(({ reason, seenValues, seenAtMs, settledAtMs, note }) => [
        reason,
        seenValues,
        seenAtMs,
        settledAtMs,
        note,
      ]),
    ).toEqual([
      ['pending', { note: 'old 1' }, 61, null, null],
      ['nothing_to_do', { note: 'old 2' }, 61, 61, null],
      ['state_forbids', { note: 'old 3' }, 61, 61, NOTE],
      ['pending', null, 61, null, NOTE],
    ]);
  });

  it('takes the place of what was read before, and of a failure that kept the row back', () => {
    const jobId = jobOf(1);
    apply(databases, {
      entries: [
        {
          kind: 'decide',
          jobId,
          accountId: 'shop-1',
          from: 'pending',
          rows: [{ rowNo: 1, order: 'o1', state: 'not_sent', reason: 'state_forbids', failure: failure('F') }],
          atMs: 1,
        },
      ],
    });
    expect(allRows(databases, jobId)[0]?.failure?.code).toBe('F');
    keep(jobId, 60, read(1));
    expect(allRows(databases, jobId)[0]).toMatchObject({ reason: 'pending', failure: null, settledAtMs: null });
    keep(jobId, 70, unread(1));
    expect(allRows(databases, jobId)[0]).toMatchObject({ seenValues: null, seenAtMs: 70, note: NOTE });
  });

  it('changes no row that has left the reading meanwhile', () => {
    const jobId = readyJob(databases, [fitRow(1, 'o1'), asideRow(2)]);
    settleRows(databases, jobId, [{ rowNo: 1, order: 'o1', state: 'succeeded' }]);
    keep(jobId, 60, read(1, 'nothing_to_do'), read(2));
    expect(stands(jobId)).toEqual(['succeeded', 'set_aside']);
    expect(allRows(databases, jobId).map(({ seenAtMs }) => seenAtMs)).toEqual([null, null]);
  });
});

describe('where a reading stands', () => {
  it('is not known before one has begun', () => {
    const jobId = jobOf(1);
    expect(seenOf(databases, { jobId })).toBeNull();
    begin(jobId, 100);
    expect(seenOf(databases, { jobId })).toEqual({ seen: 0, unread: 1, left: 1, oldestMs: null, notes: [] });
  });

  it('counts rows that wait: read, unread, and those that it has not come to, with the oldest reading', () => {
    const jobId = jobOf(7);
    keep(jobId, 50, read(1));
    keep(jobId, 60, read(2, 'pending', NOTE));
    begin(jobId, 55);
    keep(jobId, 70, read(3), unread(4), read(5, 'nothing_to_do'));
    expect(seenOf(databases, { jobId })).toEqual({
      seen: 3,
      unread: 3,
      left: 3,
      oldestMs: 50,
      notes: expect.arrayContaining([
        { text: NOTE, count: 1, read: true },
        { text: NOTE, count: 1, read: false },
      ]) as unknown,
    });
    keep(jobId, 54, read(1));
    expect(seenOf(databases, { jobId })).toMatchObject({ left: 3, oldestMs: 54 });
    keep(jobId, 55, read(1));
    expect(seenOf(databases, { jobId })).toMatchObject({ left: 2, oldestMs: 55 });
  });

  it('tells what was said most first, and no more than twenty', () => {
    const jobId = jobOf(30);
    begin(jobId, 1);
    const note = (n: number): Bilingual => ({ zh: `第 ${n}`, en: `no ${n}` });
    const rows = Array.from({ length: 27 }, (_, index) => unread(index + 1, note(Math.max(0, index - 5))));
    keep(jobId, 1, ...rows);
    const notes = seenOf(databases, { jobId })?.notes ?? [];
    expect(notes[0]).toEqual({ text: note(0), count: 6, read: false });
    expect(notes).toHaveLength(20);
    expect(seenOf(databases, { jobId })).toMatchObject({ unread: 30, left: 3 });
  });
});

describe('a person’s word on rows that a reading kept back', () => {
  const kept = (): number => {
    const jobId = readyJob(databases, []);
    const values = { note: 'y' };
    const rows = [1, 2, 3, 4].map((n) => ({
      line: n,
      order: `o${n}`,
      cells: [],
      values,
      expects: { note: 'z' },
      problem: null,
    }));
    addReverseRows(databases, { jobId, firstRowNo: 1, rows });
    keep(jobId, 60, read(1, 'state_forbids', NOTE), read(2, 'changed_since_preview', NOTE), read(3, 'nothing_to_do'));
    return jobId;
  };
  const rowOf = (jobId: number, rowNo: number) => allRows(databases, jobId)[rowNo - 1];

  it('has those sent whose state forbids it, as they were seen, and what they take for granted stays', () => {
    const jobId = kept();
    expect(allow(jobId, 'state_forbids')).toBe(1);
    expect(stands(jobId)).toEqual(['pending', 'changed_since_preview', 'nothing_to_do', 'pending']);
    expect(rowOf(jobId, 1)).toMatchObject({
      insisted: true,
      expects: { note: 'z' },
      seenValues: { note: 'old 1' },
      note: null,
      settledAtMs: null,
    });
    expect(events(jobId)).toEqual([[null, 'allowed', 70, { reason: 'state_forbids', rows: 1 }]]);
  });

  it('has those sent that have changed since, by what was seen instead of what they took for granted', () => {
    const jobId = kept();
    expect(allow(jobId, 'changed_since_preview')).toBe(1);
    expect(stands(jobId)).toEqual(['state_forbids', 'pending', 'nothing_to_do', 'pending']);
    expect(rowOf(jobId, 2)).toMatchObject({ insisted: false, expects: null, note: null, settledAtMs: null });
    expect(rowOf(jobId, 1)).toMatchObject({ insisted: false, note: NOTE, settledAtMs: 60 });
    expect(events(jobId)).toEqual([[null, 'allowed', 70, { reason: 'changed_since_preview', rows: 1 }]]);
  });

  it('is kept only where there was such a row', () => {
    const jobId = jobOf(1);
    expect(allow(jobId, 'state_forbids')).toBe(0);
    expect(events(jobId)).toEqual([]);
  });
});
