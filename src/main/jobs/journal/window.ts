import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { appError } from '../../../contract/errors.ts';
import type { NotSentReason, RowState, VendorFailure } from '../../../contract/outcome.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Connection } from '../../store/database.ts';
import type { Databases } from '../../store/serve.ts';
import type { Problem } from '../../vendors/types.ts';
import type { Job, JournalRow } from '../types.ts';
import { getJob } from './jobs.ts';
import { getRows } from './reads.ts';

/** What a grid or a report asks of the journal: rows by their position, positions of rows, reasons with counts. It only reads. */

/** Which rows: of a state, of a reason, of a code (a failure's or problem's; else the reason's or state's own name). */
export interface WindowFilter {
  readonly state?: RowState | undefined;
  readonly reason?: NotSentReason | undefined;
  readonly code?: string | undefined;
}

/** Reasons of rows that no failure or problem can be about. */
const PLAIN_REASONS = "('pending', 'nothing_to_do', 'cancelled', 'not_reached')";

/** A row's code: what `WindowFilter.code` means. */
const CODE = 'coalesce(f.code, p.code, r.reason, r.state)';
const PHRASES = 'LEFT JOIN phrase f ON f.id = r.failure_id LEFT JOIN phrase p ON p.id = r.problem_id';

/** A filter as SQL: `joins` to the table r, `order` the order of its rows, which an index has. */
interface Query {
  readonly joins: string;
  readonly where: string;
  readonly order: string;
  readonly values: readonly SQLInputValue[];
}

/**
 * A filter by state follows the index of states, where rows that were not sent stand by reason, then by number: their own order would have to be
 * sorted anew for each page.
 */
function query(jobId: number, filter: WindowFilter): Query {
  const where = ['r.job_id = ?'];
  const values: SQLInputValue[] = [jobId];
  const state = filter.state ?? (filter.reason === undefined ? undefined : 'not_sent');
  if (state !== undefined) {
    where.push('r.state = ?');
    values.push(state);
    // Only rows not sent have a reason; said, the index is in the rows' order.
    if (state !== 'not_sent') where.push('r.reason IS NULL');
  }
  if (filter.reason !== undefined) {
    where.push('r.reason = ?');
    values.push(filter.reason);
  }
  const byReason = state === 'not_sent' && filter.reason === undefined;
  const order = byReason ? 'r.reason, r.row_no' : 'r.row_no';
  if (filter.code === undefined) return { joins: '', where: where.join(' AND '), order, values };
  if (state === undefined) where.push("r.state IN ('failed', 'unknown', 'not_sent')");
  where.push(`(r.reason IS NULL OR r.reason NOT IN ${PLAIN_REASONS} OR r.reason = ?)`, `${CODE} = ?`);
  return { joins: PHRASES, where: where.join(' AND '), order, values: [...values, filter.code, filter.code] };
}

function isAll({ state, reason, code }: WindowFilter): boolean {
  return state === undefined && reason === undefined && code === undefined;
}

function rowOf(databases: Databases, jobId: number, rowNo: number): JournalRow | null {
  const row = getRows(databases, { jobId, after: rowNo - 1, limit: 1 })[0];
  return row?.rowNo === rowNo ? row : null;
}

function lastRowNo(reader: Connection, jobId: number): number {
  return Number(reader.prepare('SELECT max(row_no) AS n FROM row WHERE job_id = ?').get(jobId)?.['n'] ?? 0);
}

/** Runs a read in one snapshot of the journal. */
function snapshot<T>({ reader }: Databases, read: () => T): T {
  reader.db.exec('BEGIN');
  try {
    return read();
  } finally {
    reader.db.exec('COMMIT');
  }
}

/** One page of the rows that pass the filter, by position, and how many pass it. */
export function rowsAt(
  databases: Databases,
  args: { jobId: number; filter: WindowFilter; offset: number; limit: number },
): { total: number; rows: JournalRow[] } {
  const { reader } = databases;
  const { jobId, filter, offset, limit } = args;
  return snapshot(databases, () => {
    if (isAll(filter)) {
      // Rows are numbered from 1 without a gap, so that a position is a number.
      return { total: lastRowNo(reader, jobId), rows: getRows(databases, { jobId, after: offset, limit }) };
    }
    const { joins, where, order, values } = query(jobId, filter);
    const total = Number(
      reader.prepare(`SELECT count(*) AS n FROM row r ${joins} WHERE ${where}`).get(...values)?.['n'],
    );
    const rows = reader
      .prepare(`SELECT r.row_no FROM row r ${joins} WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`)
      .all(...values, limit, offset)
      .flatMap((row) => rowOf(databases, jobId, Number(row['row_no'])) ?? []);
    return { total, rows };
  });
}

/** One row by its number; throws JOB_NOT_FOUND when the job has none of it. */
export function rowAt(databases: Databases, args: { jobId: number; rowNo: number }): JournalRow {
  const row = rowOf(databases, args.jobId, args.rowNo);
  if (row !== null) return row;
  throw appError(
    'JOB_NOT_FOUND',
    { zh: `任务 ${args.jobId} 没有第 ${args.rowNo} 条记录。`, en: `Job ${args.jobId} has no row ${args.rowNo}.` },
    { zh: '请重新打开这个任务。', en: 'Open the job again.' },
    { data: { job: args.jobId, row: args.rowNo } },
  );
}

/** The first row at a line of the input, null when no row begins there: lines never fall from row to row. */
function rowAtLine(reader: Connection, jobId: number, line: number): number | null {
  const lineOf = reader.prepare('SELECT line FROM row WHERE job_id = ? AND row_no = ?');
  let low = 1;
  let high = lastRowNo(reader, jobId) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (Number(lineOf.get(jobId, middle)?.['line']) < line) low = middle + 1;
    else high = middle;
  }
  return Number(lineOf.get(jobId, low)?.['line']) === line ? low : null;
}

/** The position among the rows that pass the filter of the first of an order, or else of the row at a line; null when it is not among them. */
export function locateRow(
  databases: Databases,
  args: { jobId: number; filter: WindowFilter; order: string },
): number | null {
  const { reader } = databases;
  const { jobId, filter, order } = args;
  return snapshot(databases, () => {
    const { joins, where, values } = query(jobId, filter);
    const found = reader
      .prepare(
        `SELECT r.row_no FROM row r INDEXED BY row_by_order ${joins} WHERE ${where} AND r.order_no = ? ORDER BY r.row_no LIMIT 1`,
      )
      .get(...values, order)?.['row_no'];
    const atLine = /^[1-9]\d{0,8}$/.test(order) ? rowAtLine(reader, jobId, Number(order)) : null;
    const rowNo = found === undefined ? atLine : Number(found);
    if (rowNo === null) return null;
    if (isAll(filter)) return rowNo - 1;
    const own = reader
      .prepare(`SELECT r.reason FROM row r ${joins} WHERE ${where} AND r.row_no = ?`)
      .get(...values, rowNo);
    if (own === undefined) return null;
    return positionOf(reader, query(jobId, filter), rowNo, own['reason']);
  });
}

function positionOf(
  reader: Connection,
  { joins, where, order, values }: Query,
  rowNo: number,
  reason: SQLOutputValue | undefined,
): number {
  const count = (more: string, ...last: SQLInputValue[]): number =>
    Number(
      reader.prepare(`SELECT count(*) AS n FROM row r ${joins} WHERE ${where} AND ${more}`).get(...values, ...last)?.[
        'n'
      ],
    );
  if (order === 'r.row_no') return count('r.row_no < ?', rowNo);
  return count('r.reason < ?', String(reason)) + count('r.reason = ? AND r.row_no < ?', String(reason), rowNo);
}

/** Rows of one state (and reason) that share a cause: a failure by code and reading, a problem by code, or a note. */
export interface CauseGroup {
  readonly state: RowState;
  readonly reason: NotSentReason | null;
  readonly failure: VendorFailure | null;
  readonly problem: Problem | null;
  readonly note: Bilingual | null;
  readonly count: number;
  /** The first lines of the input that are in it, at most 5. */
  readonly lines: number[];
}

const MOST_LINES = 5;
/** More causes than a person reads. */
const MOST_CAUSES = 500;

/**
 * What makes causes the same. A failure's phrase has the vendor's words, which may differ from row to row (an order's number in them), and a
 * problem's has the line: code and reading tell causes apart.
 */
const CAUSE = `r.state, r.reason, f.code, f.json ->> '$.reading.en', p.code, CASE WHEN f.id IS NULL AND p.id IS NULL THEN r.note_id END`;

/** The causes of rows that failed, are in doubt, or were kept back for a cause of their own; the most frequent first. */
export function causes(databases: Databases, args: { jobId: number }): CauseGroup[] {
  const { reader } = databases;
  return snapshot(databases, () => {
    // Grouped by the phrases' numbers first: their texts are read once for each, not for each row.
    const groups = reader
      .prepare(
        `SELECT r.state, r.reason, f.code AS fc, f.json ->> '$.reading.en' AS reading, p.code AS pc, sum(r.n) AS n, min(r.first) AS first,
           f.json AS failure, p.json AS problem, n.json AS note,
           CASE WHEN f.id IS NULL AND p.id IS NULL THEN r.note_id END AS note_id
         FROM (
           SELECT state, reason, failure_id, problem_id, note_id, count(*) AS n, min(row_no) AS first FROM row
           WHERE job_id = ?1 AND state IN ('failed', 'unknown') AND reason IS NULL GROUP BY 1, 2, 3, 4, 5
           UNION ALL
           SELECT state, reason, failure_id, problem_id, note_id, count(*), min(row_no) FROM row
           WHERE job_id = ?1 AND state = 'not_sent'
             AND reason IN ('set_aside', 'changed_since_preview', 'unreadable', 'in_doubt_elsewhere', 'rejected') GROUP BY 1, 2, 3, 4, 5
         ) r ${PHRASES} LEFT JOIN phrase n ON n.id = r.note_id
         GROUP BY ${CAUSE} ORDER BY n DESC, first LIMIT ${MOST_CAUSES}`,
      )
      .all(args.jobId);
    const found = new Map<string, CauseGroup>();
    for (const row of groups) {
      const failure = JSON.parse(String(row['failure'] ?? 'null')) as VendorFailure | null;
      const problem = JSON.parse(String(row['problem'] ?? 'null')) as Problem | null;
      const note = JSON.parse(String(row['note'] ?? 'null')) as Bilingual | null;
      found.set(keyOf(row), {
        state: String(row['state']) as RowState,
        reason: row['reason'] as NotSentReason | null,
        failure,
        problem,
        note,
        count: Number(row['n']),
        lines: [],
      });
    }
    firstLines(reader, args.jobId, found);
    return [...found.values()];
  });
}

function keyOf(row: Readonly<Record<string, SQLOutputValue>>): string {
  return JSON.stringify(['state', 'reason', 'fc', 'reading', 'pc', 'note_id'].map((name) => row[name] ?? null));
}

/** Fills in each group's first lines: one walk for each state and reason, which ends as soon as all its groups have theirs. */
function firstLines(reader: Connection, jobId: number, groups: ReadonlyMap<string, CauseGroup>): void {
  const walks = new Map<string, { state: RowState; reason: NotSentReason | null; left: number }>();
  for (const { state, reason, count } of groups.values()) {
    const walk = walks.get(`${state} ${reason ?? ''}`) ?? { state, reason, left: 0 };
    walk.left += Math.min(count, MOST_LINES);
    walks.set(`${state} ${reason ?? ''}`, walk);
  }
  const rows = reader.prepare(
    `SELECT r.line, r.state, r.reason, f.code AS fc, f.json ->> '$.reading.en' AS reading, p.code AS pc,
       CASE WHEN f.id IS NULL AND p.id IS NULL THEN r.note_id END AS note_id
     FROM row r ${PHRASES} WHERE r.job_id = ? AND r.state = ? AND r.reason IS ? ORDER BY r.row_no`,
  );
  for (const walk of walks.values()) {
    if (walk.left === 0) continue;
    for (const row of rows.iterate(jobId, walk.state, walk.reason)) {
      const group = groups.get(keyOf(row));
      if (group === undefined || group.lines.length >= MOST_LINES) continue;
      group.lines.push(Number(row['line']));
      walk.left -= 1;
      if (walk.left === 0) break;
    }
  }
}

/** One page of jobs, the newest first, and how many there are. */
export function jobsAt(databases: Databases, args: { offset: number; limit: number }): { total: number; jobs: Job[] } {
  const { reader } = databases;
  return snapshot(databases, () => ({
    total: Number(reader.prepare('SELECT count(*) AS n FROM job').get()?.['n']),
    jobs: reader
      .prepare('SELECT id FROM job ORDER BY id DESC LIMIT ? OFFSET ?')
      .all(args.limit, args.offset)
      .map((row) => getJob(databases, { id: Number(row['id']) })),
  }));
}

/** Jobs that a process that died left behind and nobody has gone on with, each with its rows in doubt. */
export function crashedJobs({ reader }: Databases): { jobId: number; unknown: number }[] {
  return reader
    .prepare(
      `SELECT j.id, (SELECT count(*) FROM row r WHERE r.job_id = j.id AND r.state = 'unknown') AS n
       FROM job j WHERE j.state = 'paused' AND j.pause_reason = 'crash' ORDER BY j.id DESC`,
    )
    .all()
    .map((row) => ({ jobId: Number(row['id']), unknown: Number(row['n']) }));
}

/** Whether a job of the account is running, in this process or another. */
export function accountRuns({ reader }: Databases, args: { accountId: string }): boolean {
  return (
    reader.prepare("SELECT 1 FROM job WHERE account_id = ? AND state = 'running'").get(args.accountId) !== undefined
  );
}
