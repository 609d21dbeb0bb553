import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOT_SENT_REASONS, type NotSentReason, type RowState } from '../../../../src/contract/outcome.ts';
import { setJobState } from '../../../../src/main/jobs/journal/jobs.ts';
import { failureId, noteId, problemId } from '../../../../src/main/jobs/journal/phrases.ts';
import {
  accountRuns,
  causes,
  crashedJobs,
  jobsAt,
  locateRow,
  rowAt,
  rowsAt,
  type WindowFilter,
} from '../../../../src/main/jobs/journal/window.ts';
import type { JournalRow } from '../../../../src/main/jobs/types.ts';
import { allRows, failure, fitRow, readyJob, testDatabases, type TestDatabases } from '../../../support/journal.ts';

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

/** How one row stands. */
interface Standing {
  readonly state: RowState;
  readonly reason: NotSentReason | null;
  readonly failure?: string;
  readonly problem?: string;
  readonly note?: string;
}

const FAILURES = ['F1', 'F2'];
const PROBLEMS = ['duplicate', 'malformed'];
const standing: fc.Arbitrary<Standing> = fc.oneof(
  fc.constant<Standing>({ state: 'succeeded', reason: null }),
  fc.constant<Standing>({ state: 'sending', reason: null }),
  fc.constantFrom(...FAILURES).map((code): Standing => ({ state: 'failed', reason: null, failure: code })),
  fc
    .record({ note: fc.constantFrom('n1', 'n2'), code: fc.constantFrom(undefined, ...FAILURES) })
    .map(({ note, code }): Standing => ({
      state: 'unknown',
      reason: null,
      note,
      ...(code === undefined ? {} : { failure: code }),
    })),
  fc.constantFrom(...FAILURES).map((code): Standing => ({ state: 'not_sent', reason: 'rejected', failure: code })),
  fc.constantFrom(...PROBLEMS).map((code): Standing => ({ state: 'not_sent', reason: 'set_aside', problem: code })),
  fc
    .constantFrom(...NOT_SENT_REASONS.filter((reason) => reason !== 'rejected' && reason !== 'set_aside'))
    .map((reason): Standing => ({ state: 'not_sent', reason })),
);

/** A job whose rows stand so; two rows a line, every fifth order twice. */
function jobOf(standings: readonly Standing[]): number {
  const jobId = readyJob(
    databases,
    standings.map((_, index) => fitRow(2 + Math.floor(index / 2) * 3, `A-${index}`)),
  );
  const { writer } = databases;
  writer.transaction(() => {
    standings.forEach(({ state, reason, failure: f, problem: p, note: n }, index) => {
      const words = { zh: n ?? '', en: n ?? '' };
      writer
        .prepare(
          'UPDATE row SET state = ?, reason = ?, failure_id = ?, problem_id = ?, note_id = ?, order_no = ? WHERE job_id = ? AND row_no = ?',
        )
        .run(
          state,
          reason,
          // The vendor's words differ from row to row.
          failureId(writer, f === undefined ? null : { ...failure(f), message: `order ${index % 3}` }),
          problemId(
            writer,
            p === undefined ? null : { code: p, message: { zh: `第 ${index} 行`, en: `Line ${index}` } },
          ),
          noteId(writer, n === undefined ? null : words),
          `A-${index % 5 === 0 ? 0 : index}`,
          jobId,
          index + 1,
        );
    });
  });
  return jobId;
}

const codeOf = (row: JournalRow): string => row.failure?.code ?? row.problem?.code ?? row.reason ?? row.state;
const NO_CAUSE: readonly (NotSentReason | null)[] = ['pending', 'nothing_to_do', 'cancelled', 'not_reached'];

/** Whether a row passes, said anew. */
function passes(row: JournalRow, { state, reason, code }: WindowFilter): boolean {
  if (state !== undefined && row.state !== state) return false;
  if (reason !== undefined && row.reason !== reason) return false;
  if (code === undefined) return true;
  const ended = row.state === 'failed' || row.state === 'unknown' || row.state === 'not_sent';
  return (state !== undefined || ended) && codeOf(row) === code;
}

function naive(jobId: number, filter: WindowFilter): number[] {
  const rows = allRows(databases, jobId).filter((row) => passes(row, filter));
  const byReason = filter.reason === undefined && filter.state === 'not_sent';
  const order = (a: JournalRow, b: JournalRow): number =>
    (byReason ? ((a.reason ?? '') < (b.reason ?? '') ? -1 : (a.reason ?? '') > (b.reason ?? '') ? 1 : 0) : 0) ||
    a.rowNo - b.rowNo;
  return rows.sort(order).map((row) => row.rowNo);
}

const option = <T>(...values: readonly T[]): fc.Arbitrary<T | undefined> => fc.constantFrom(undefined, ...values);
const filter: fc.Arbitrary<WindowFilter> = fc
  .record({
    state: option<RowState>('succeeded', 'failed', 'unknown', 'not_sent', 'sending'),
    reason: option<NotSentReason>('pending', 'set_aside', 'rejected', 'cancelled'),
    code: option(...FAILURES, ...PROBLEMS, 'unknown', 'unreadable', 'pending', 'nothing'),
  })
  .map((one) => (one.reason === undefined ? one : { ...one, state: 'not_sent' as const }));

describe('rows by position', () => {
  it('are those of a naive filter, page by page, and each is found again where it is', () => {
    fc.assert(
      fc.property(fc.array(standing, { minLength: 1, maxLength: 40, size: 'max' }), filter, (standings, wanted) => {
        const jobId = jobOf(standings);
        const expected = naive(jobId, wanted);
        const found: number[] = [];
        for (let offset = 0; offset <= expected.length; offset += 7) {
          const page = rowsAt(databases, { jobId, filter: wanted, offset, limit: 7 });
          expect(page.total).toBe(expected.length);
          found.push(...page.rows.map((row) => row.rowNo));
        }
        expect(found).toEqual(expected);
        const rows = new Map(allRows(databases, jobId).map((row) => [row.rowNo, row]));
        for (const [offset, rowNo] of expected.entries()) {
          const order = rows.get(rowNo)?.order ?? '';
          // An order that is there twice is found at its first row.
          const first = [...expected].sort((a, b) => a - b).find((one) => rows.get(one)?.order === order);
          const at = locateRow(databases, { jobId, filter: wanted, order });
          expect(at).toBe(first === rowNo ? offset : expected.indexOf(first ?? 0));
        }
      }),
      { numRuns: 80 },
    );
  });

  it('are found by the line of the input, the first of several; and not where they are not', () => {
    const jobId = jobOf(Array.from({ length: 9 }, (_, index) => ({ state: 'succeeded', reason: null, index })));
    expect(allRows(databases, jobId).map((row) => row.line)).toEqual([2, 2, 5, 5, 8, 8, 11, 11, 14]);
    const at = (order: string, only: WindowFilter = {}): number | null =>
      locateRow(databases, { jobId, filter: only, order });
    expect(['2', '5', '14'].map((line) => at(line))).toEqual([0, 2, 8]);
    expect(['1', '3', '15', '0', '-2', 'x', '99999999999'].map((line) => at(line))).toEqual(Array(7).fill(null));
    expect(at('5', { state: 'succeeded' })).toBe(2);
    expect(at('5', { state: 'failed' })).toBeNull();
    expect(at('A-3', { state: 'failed' })).toBeNull();
  });

  it('by a code are read anew after a change', () => {
    const jobId = jobOf([{ state: 'failed', reason: null, failure: 'F1' }]);
    const count = (): number => rowsAt(databases, { jobId, filter: { code: 'F1' }, offset: 0, limit: 5 }).total;
    expect([count(), count()]).toEqual([1, 1]);
    databases.writer.prepare("UPDATE row SET state = 'succeeded', failure_id = NULL WHERE job_id = ?").run(jobId);
    expect(count()).toBe(0);
  });

  it('of another job are none of this one’s', () => {
    const one = jobOf([{ state: 'failed', reason: null, failure: 'F1' }]);
    const other = jobOf([{ state: 'succeeded', reason: null }]);
    expect(rowsAt(databases, { jobId: other, filter: { state: 'failed' }, offset: 0, limit: 5 })).toEqual({
      total: 0,
      rows: [],
    });
    expect(rowsAt(databases, { jobId: other, filter: {}, offset: 0, limit: 5 }).total).toBe(1);
    expect(locateRow(databases, { jobId: other, filter: { code: 'F1' }, order: 'A-0' })).toBeNull();
    expect(rowAt(databases, { jobId: one, rowNo: 1 }).failure?.code).toBe('F1');
  });

  it('by a number that the job does not have are refused', () => {
    const jobId = jobOf([{ state: 'succeeded', reason: null }]);
    expect(() => rowAt(databases, { jobId, rowNo: 2 })).toThrow(
      expect.objectContaining({ code: 'JOB_NOT_FOUND', data: { job: jobId, row: 2 } }) as Error,
    );
  });
});

describe('causes', () => {
  it('are those of a naive grouping, each with its first lines', () => {
    fc.assert(
      fc.property(fc.array(standing, { minLength: 1, maxLength: 60, size: 'max' }), (standings) => {
        const jobId = jobOf(standings);
        const expected = new Map<string, { count: number; lines: number[] }>();
        for (const row of allRows(databases, jobId)) {
          if (row.state === 'succeeded' || row.state === 'sending') continue;
          if (row.state === 'not_sent' && NO_CAUSE.includes(row.reason)) continue;
          const note = row.failure === null && row.problem === null ? row.note?.en : undefined;
          const key = JSON.stringify([row.state, row.reason, row.failure?.code, row.problem?.code, note]);
          const group = expected.get(key) ?? { count: 0, lines: [] };
          group.count += 1;
          if (group.lines.length < 5) group.lines.push(row.line);
          expected.set(key, group);
        }
        const found = causes(databases, { jobId });
        const keyed = found.map((group) => {
          const note = group.failure === null && group.problem === null ? group.note?.en : undefined;
          const key = JSON.stringify([group.state, group.reason, group.failure?.code, group.problem?.code, note]);
          return [key, { count: group.count, lines: group.lines }] as const;
        });
        expect(new Map(keyed)).toEqual(expected);
        expect(keyed).toHaveLength(expected.size);
        expect(found.map(({ count }) => count)).toEqual(found.map(({ count }) => count).sort((a, b) => b - a));
      }),
      { numRuns: 80 },
    );
  });

  it('of one code with two readings are two', () => {
    const jobId = jobOf([
      { state: 'failed', reason: null, failure: 'F1' },
      { state: 'failed', reason: null, failure: 'F1' },
    ]);
    const other = { ...failure('F1'), reading: { zh: '另', en: 'other' } };
    const { writer } = databases;
    writer
      .prepare('UPDATE row SET failure_id = ? WHERE job_id = ? AND row_no = 2')
      .run(failureId(writer, other), jobId);
    expect(causes(databases, { jobId }).map((group) => [group.failure?.reading.en, group.lines])).toEqual([
      ['reading F1', [2]],
      ['other', [2]],
    ]);
  });
});

describe('jobs', () => {
  it('are paged, the newest first', () => {
    const ids = [1, 2, 3].map(() => jobOf([{ state: 'succeeded', reason: null }]));
    expect(jobsAt(databases, { offset: 0, limit: 2 })).toMatchObject({
      total: 3,
      jobs: [{ id: ids[2] }, { id: ids[1] }],
    });
    expect(jobsAt(databases, { offset: 2, limit: 2 }).jobs.map(({ id }) => id)).toEqual([ids[0]]);
  });

  it('that a crash left behind are told with their rows in doubt, until somebody goes on with them', () => {
    const at = '2026-01-02T03:04:05.000Z';
    const jobId = jobOf([
      { state: 'unknown', reason: null, note: 'n1' },
      { state: 'succeeded', reason: null },
    ]);
    jobOf([{ state: 'unknown', reason: null, note: 'n1' }]);
    setJobState(databases, { id: jobId, state: 'paused', reason: 'crash', at });
    expect(crashedJobs(databases)).toEqual([{ jobId, unknown: 1 }]);
    setJobState(databases, { id: jobId, state: 'running', at });
    expect(crashedJobs(databases)).toEqual([]);
    expect(accountRuns(databases, { accountId: 'shop-1' })).toBe(true);
    expect(accountRuns(databases, { accountId: 'shop-2' })).toBe(false);
    setJobState(databases, { id: jobId, state: 'finished', at });
    expect(accountRuns(databases, { accountId: 'shop-1' })).toBe(false);
  });
});
