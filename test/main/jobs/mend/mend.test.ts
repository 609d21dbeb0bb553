import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { apply, type SettledRow } from '../../../../src/main/jobs/journal/calls.ts';
import { packEntries, unpackEntries } from '../../../../src/main/jobs/journal/entries.ts';
import { eventsOf } from '../../../../src/main/jobs/journal/events.ts';
import { getJob, setJobState } from '../../../../src/main/jobs/journal/jobs.ts';
import {
  addReverseRows,
  confirmCount,
  dropEdit,
  editRows,
  jobLinks,
  makeFollowUp,
  rowsAtLines,
} from '../../../../src/main/jobs/journal/mend.ts';
import { getCounts, nextPending } from '../../../../src/main/jobs/journal/reads.ts';
import { rependRejected, retryRows } from '../../../../src/main/jobs/journal/recovery.ts';
import { causes } from '../../../../src/main/jobs/journal/window.ts';
import type { IntakeRow } from '../../../../src/main/jobs/types.ts';
import {
  allRows,
  failure,
  fitRow,
  jobSpec,
  readyJob,
  testDatabases,
  type TestDatabases,
} from '../../../support/journal.ts';

const AT = '2026-03-04T05:06:07.000Z';
const AT_MS = Date.parse(AT);
const NOTE = { zh: '说明', en: 'note' };

let databases: TestDatabases | null = null;
const opened = (): TestDatabases => (databases ??= testDatabases());
afterEach(() => {
  databases?.close();
  databases = null;
});

const asideRow = (line: number, order: string): IntakeRow => ({
  line,
  cells: [order, ''],
  order,
  values: null,
  problem: { code: 'field.required', message: { zh: '缺', en: 'missing' } },
});

/** Where a row is put by a test, as a call or a check would. */
type Place = 'succeeded' | 'failed' | 'never' | 'unknown' | 'rejected' | 'pending' | 'aside' | 'sending';
const PLACES: readonly Place[] = ['succeeded', 'failed', 'never', 'unknown', 'rejected', 'pending', 'aside', 'sending'];

function settledAt(place: Place, rowNo: number, order: string): SettledRow | null {
  const at = { rowNo, order };
  switch (place) {
    case 'succeeded':
      return { ...at, state: 'succeeded' };
    case 'failed':
      return { ...at, state: 'failed', failure: failure('F', 'input') };
    case 'never':
      return { ...at, state: 'failed', failure: failure('N', 'vendor') };
    case 'unknown':
      return { ...at, state: 'unknown', note: NOTE };
    case 'rejected':
      return { ...at, state: 'not_sent', reason: 'rejected', failure: failure('R', 'sign') };
    default:
      return null;
  }
}

/** A job that has run: each row where it is said to be. */
function jobWith(places: readonly Place[], state: 'paused' | 'ready' = 'paused'): number {
  const db = opened();
  const rows = places.map((place, index) => (place === 'aside' ? asideRow : fitRow)(index + 2, `o${index + 1}`));
  const jobId = readyJob(db, rows);
  places.forEach((place, index) => {
    if (place === 'aside' || place === 'pending') return;
    const [rowNo, order] = [index + 1, `o${index + 1}`];
    const of = { jobId, accountId: 'shop-1' };
    const [claimed] = apply(db, {
      entries: [{ kind: 'claim', ...of, rows: [{ rowNo, order }], hash: 'h', stampedAtMs: AT_MS }],
    });
    const one = settledAt(place, rowNo, order);
    if (one === null) return;
    const callId = claimed?.callId ?? 0;
    apply(db, { entries: [{ kind: 'settle', ...of, callId, rows: [one], how: 'answered', atMs: AT_MS }] });
  });
  if (state !== 'ready') {
    setJobState(db, { id: jobId, state: 'running', at: AT });
    setJobState(db, { id: jobId, state, at: AT });
  }
  return jobId;
}

const editOf = (rowNo: number, order: string, note = 'mended') => ({
  rowNo,
  order,
  values: { order, note },
  fields: ['note'],
});
const forFollowUp = (jobId: number, ...edits: ReturnType<typeof editOf>[]) =>
  editRows(opened(), { jobId, place: 'follow_up', edits, atMs: AT_MS });
const follow = (parentId: number) => makeFollowUp(opened(), { parentId, spec: jobSpec({ kind: 'follow_up' }), at: AT });

describe('an edit for a follow-up', () => {
  it('is kept beside the row, whose outcome stays, with an event that names the fields alone', () => {
    const jobId = jobWith(['failed', 'succeeded']);
    expect(forFollowUp(jobId, editOf(1, 'o9'))).toEqual([]);
    const [row] = allRows(opened(), jobId);
    expect(row).toMatchObject({
      state: 'failed',
      order: 'o1',
      mended: { order: 'o9', values: { order: 'o9', note: 'mended' } },
    });
    expect(eventsOf(opened(), { jobId, rowNo: 1, after: 0, limit: 10 })).toMatchObject([
      { kind: 'edited', atMs: AT_MS, data: { fields: 'note' } },
    ]);
    expect(jobLinks(opened(), { jobId })).toEqual({ children: [], mended: 1, confirmed: 0 });
    expect(causes(opened(), { jobId })).toMatchObject([{ state: 'failed', count: 1, mended: 1 }]);
  });

  it('is refused for an order that another row of the job has, and says which', () => {
    const jobId = jobWith(['failed', 'succeeded']);
    expect(forFollowUp(jobId, editOf(1, 'o2'))).toEqual([{ rowNo: 1, line: 3 }]);
    expect(allRows(opened(), jobId)[0]?.mended).toBeNull();
  });

  it('can be taken back until a follow-up has it', () => {
    const jobId = jobWith(['failed', 'failed']);
    forFollowUp(jobId, editOf(1, 'o1'), editOf(2, 'o2'));
    expect(dropEdit(opened(), { jobId, rowNo: 1, atMs: AT_MS })).toBe(true);
    expect(dropEdit(opened(), { jobId, rowNo: 1, atMs: AT_MS })).toBe(false);
    expect(follow(jobId)).toMatchObject({ rows: 1 });
    expect(dropEdit(opened(), { jobId, rowNo: 2, atMs: AT_MS })).toBe(false);
    expect(eventsOf(opened(), { jobId, rowNo: 1, after: 0, limit: 10 }).at(-1)?.data).toEqual({
      fields: '',
      dropped: true,
    });
  });

  it('keeps a mended row out of a retry and a resume', () => {
    const jobId = jobWith(['rejected', 'rejected']);
    forFollowUp(jobId, editOf(1, 'o1'));
    expect(rependRejected(opened(), { jobId })).toBe(1);
    const other = jobWith(['rejected', 'rejected']);
    forFollowUp(other, editOf(1, 'o1'));
    expect(retryRows(opened(), { jobId: other })).toBe(1);
  });
});

describe('a follow-up', () => {
  it('has the mended rows with their lines and cells, linked both ways, and takes none twice', () => {
    const jobId = jobWith(['succeeded', 'failed', 'aside', 'unknown']);
    forFollowUp(jobId, editOf(2, 'o2'), editOf(3, 'o7'));
    const made = follow(jobId);
    expect(made).toMatchObject({ rows: 2 });
    const followId = made?.jobId ?? 0;
    expect(getJob(opened(), { id: followId })).toMatchObject({
      parentId: jobId,
      kind: 'follow_up',
      state: 'ready',
      startedAt: null,
    });
    expect(allRows(opened(), followId)).toMatchObject([
      {
        rowNo: 1,
        line: 3,
        order: 'o2',
        cells: ['o2'],
        values: { order: 'o2', note: 'mended' },
        reason: 'pending',
        attempts: 0,
      },
      { rowNo: 2, line: 4, order: 'o7', cells: ['o3', ''], reason: 'pending' },
    ]);
    expect(allRows(opened(), jobId).map(({ movedTo }) => movedTo)).toEqual([null, followId, followId, null]);
    expect(jobLinks(opened(), { jobId })).toMatchObject({ children: [{ id: followId, kind: 'follow_up' }], mended: 0 });
    expect(follow(jobId)).toBeNull();
    expect(forFollowUp(jobId, editOf(2, 'o2'))).toEqual([{ rowNo: 2, line: null }]);
  });

  it('sends one order once, though two rows were mended to it', () => {
    const jobId = jobWith(['failed', 'failed', 'failed']);
    forFollowUp(jobId, editOf(1, 'x'), editOf(2, 'x'), editOf(3, 'y'));
    const followId = follow(jobId)?.jobId ?? 0;
    expect(allRows(opened(), followId).map(({ reason, problem }) => [reason, problem?.code ?? null])).toEqual([
      ['pending', null],
      ['set_aside', 'duplicate'],
      ['pending', null],
    ]);
  });

  it('never has a row that succeeded, is under way, waits or is in doubt, whatever is asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PLACES), { minLength: 1, maxLength: 12 }), (places) => {
        const jobId = jobWith(places);
        const asked = places.map((_, index) => editOf(index + 1, `m${index + 1}`));
        const refused = new Set(forFollowUp(jobId, ...asked).map(({ rowNo }) => rowNo));
        const mendable = (place: Place): boolean => ['failed', 'never', 'rejected', 'aside'].includes(place);
        expect(places.map((place, index) => mendable(place) !== refused.has(index + 1)).every(Boolean)).toBe(true);
        const before = getCounts(opened(), { jobId });
        const made = follow(jobId);
        const after = getCounts(opened(), { jobId });
        expect(after).toEqual(before);
        expect(made?.rows ?? 0).toBe(places.filter(mendable).length);
        if (made !== null) {
          const lines = new Set(allRows(opened(), made.jobId).map(({ line }) => line));
          places.forEach((place, index) => expect(lines.has(index + 2)).toBe(mendable(place)));
          const sum = getCounts(opened(), { jobId: made.jobId });
          expect(sum.succeeded + sum.failed + sum.unknown + sum.notSent).toBe(sum.total);
        }
        databases?.close();
        databases = null;
      }),
      { numRuns: 40 },
    );
  });
});

describe('an edit in the row itself', () => {
  it('makes a row that was set aside wait for its turn, in a job that has not begun', () => {
    const jobId = jobWith(['pending', 'aside'], 'ready');
    expect(
      editRows(opened(), { jobId, place: 'row', edits: [editOf(2, 'o2'), editOf(1, 'o1', 'other')], atMs: AT_MS }),
    ).toEqual([]);
    expect(nextPending(opened(), { jobId, after: 0, limit: 10 })).toEqual([
      { rowNo: 1, order: 'o1', fields: '{"order":"o1","note":"other"}', expects: null, seen: null, insisted: false },
      { rowNo: 2, order: 'o2', fields: '{"order":"o2","note":"mended"}', expects: null, seen: null, insisted: false },
    ]);
    expect(allRows(opened(), jobId)[1]).toMatchObject({ cells: ['o2', ''], problem: null });
    expect(getCounts(opened(), { jobId })).toMatchObject({ total: 2, notSent: 2, byReason: { pending: 2 } });
  });

  it('is refused once the job has begun, and for an order that is there', () => {
    const begun = jobWith(['pending', 'aside']);
    expect(editRows(opened(), { jobId: begun, place: 'row', edits: [editOf(2, 'o2')], atMs: AT_MS })).toEqual([
      { rowNo: 2, line: null },
    ]);
    const ready = jobWith(['pending', 'aside'], 'ready');
    expect(editRows(opened(), { jobId: ready, place: 'row', edits: [editOf(2, 'o1')], atMs: AT_MS })).toEqual([
      { rowNo: 2, line: 2 },
    ]);
  });
});

describe('an edit of a row whose order has others, told apart by a field', () => {
  it('is refused only for what another of them has in that field', () => {
    const jobId = jobWith(['pending', 'aside'], 'ready');
    const edit = (...edits: ReturnType<typeof editOf>[]) =>
      editRows(opened(), { jobId, place: 'row', edits, atMs: AT_MS, rowKey: ['note'] });
    expect(edit(editOf(1, 'o1', 'first'), editOf(2, 'o1', 'second'))).toEqual([]);
    expect(edit(editOf(2, 'o1', 'first'))).toEqual([{ rowNo: 2, line: 2 }]);
    expect(allRows(opened(), jobId).map(({ order, values }) => [order, values?.['note']])).toEqual([
      ['o1', 'first'],
      ['o1', 'second'],
    ]);
  });
});

describe('a decision', () => {
  const decide = (jobId: number, rowNo: number, as: 'succeeded' | 'failed'): void => {
    const order = `o${rowNo}`;
    const row: SettledRow =
      as === 'succeeded'
        ? { rowNo, order, state: 'succeeded', note: NOTE }
        : { rowNo, order, state: 'failed', failure: failure('console.decided', 'not_applied') };
    const decided = { as, at: AT };
    const entries = [
      { kind: 'decide', jobId, accountId: 'shop-1', from: 'unknown', rows: [row], decided, atMs: AT_MS },
    ] as const;
    // As it crosses to the database thread.
    apply(opened(), { entries: unpackEntries(packEntries(entries)) });
  };
  const claimed = (jobId: number, rowNo: number, order: string): boolean =>
    apply(opened(), {
      entries: [{ kind: 'claim', jobId, accountId: 'shop-1', rows: [{ rowNo, order }], hash: 'h', stampedAtMs: AT_MS }],
    })[0]?.callId !== null;

  it('is kept with the row and as an event, and frees the order', () => {
    const jobId = jobWith(['unknown', 'unknown']);
    const other = readyJob(opened(), [fitRow(1, 'o1'), fitRow(2, 'o2')]);
    // No order may be claimed while it is undecided.
    expect(claimed(other, 1, 'o1')).toBe(false);
    decide(jobId, 2, 'failed');
    expect(claimed(other, 2, 'o2')).toBe(true);
    const [first, second] = allRows(opened(), jobId);
    expect(first).toMatchObject({ state: 'unknown', decided: null });
    expect(second).toMatchObject({
      state: 'failed',
      decided: { as: 'failed', at: AT },
      failure: { class: 'not_applied' },
    });
    expect(eventsOf(opened(), { jobId, rowNo: 2, after: 0, limit: 5 })).toMatchObject([
      { kind: 'decided', data: { as: 'failed' } },
    ]);
  });

  it('leaves the row with its next call, and stays among the events', () => {
    const jobId = jobWith(['unknown']);
    decide(jobId, 1, 'failed');
    expect(retryRows(opened(), { jobId })).toBe(1);
    expect(claimed(jobId, 1, 'o1')).toBe(true);
    expect(allRows(opened(), jobId)[0]).toMatchObject({ state: 'sending', decided: null });
    expect(eventsOf(opened(), { jobId, rowNo: 1, after: 0, limit: 5 })).toHaveLength(1);
  });

  it('is for rows in doubt alone', () => {
    const jobId = jobWith(['succeeded']);
    expect(() => decide(jobId, 1, 'failed')).toThrow('row 1 is not unknown');
  });
});

describe('a reverse job’s rows', () => {
  it('bear what they take for granted, or why they cannot be set back', () => {
    const db = opened();
    const jobId = readyJob(db, []);
    addReverseRows(db, {
      jobId,
      firstRowNo: 1,
      rows: [
        { line: 2, order: 'a', cells: ['a', 'old'], values: { note: 'old' }, expects: { note: 'new' }, problem: null },
        {
          line: 3,
          order: 'b',
          cells: ['b', ''],
          values: null,
          expects: null,
          problem: { code: 'undo.unread', message: NOTE },
        },
      ],
    });
    expect(nextPending(db, { jobId, after: 0, limit: 9 })).toEqual([
      { rowNo: 1, order: 'a', fields: '{"note":"old"}', expects: '{"note":"new"}', seen: null, insisted: false },
    ]);
    expect(allRows(db, jobId)).toMatchObject([
      { reason: 'pending', expects: { note: 'new' } },
      { reason: 'set_aside', problem: { code: 'undo.unread' }, expects: null },
    ]);
  });
});

describe('what is known around a job', () => {
  it('is the most rows that were confirmed, and its rows by their lines', () => {
    const jobId = jobWith(['pending', 'aside', 'failed']);
    expect(jobLinks(opened(), { jobId }).confirmed).toBe(0);
    for (const count of [9, 100, 20]) confirmCount(opened(), { jobId, count, atMs: AT_MS });
    expect(jobLinks(opened(), { jobId }).confirmed).toBe(100);
    expect(rowsAtLines(opened(), { jobId, lines: [4, 99, 2, 1] })).toEqual([
      { line: 4, rowNo: 3 },
      { line: 2, rowNo: 1 },
    ]);
  });
});
