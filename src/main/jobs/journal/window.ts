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

/** Which rows: of a state, of a reason, of a code (a failure's or problem's; else the reason's or state's own name), seen for the preview or not. */
export interface WindowFilter {
  readonly state?: RowState | undefined;
  readonly reason?: NotSentReason | undefined;
  readonly code?: string | undefined;
  readonly seen?: boolean | undefined;
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
  if (filter.seen !== undefined) where.push(`r.seen_values IS ${filter.seen ? 'NOT ' : ''}NULL`);
  const byReason = state === 'not_sent' && filter.reason === undefined;
  const order = byReason ? 'r.reason, r.row_no' : 'r.row_no';
  if (filter.code === undefined) return { joins: '', where: where.join(' AND '), order, values };
  if (state === undefined) where.push("r.state IN ('failed', 'unknown', 'not_sent')");
  where.push(`(r.reason IS NULL OR r.reason NOT IN ${PLAIN_REASONS} OR r.reason = ?)`, `${CODE} = ?`);
  return { joins: PHRASES, where: where.join(' AND '), order, values: [...values, filter.code, filter.code] };
}

function isAll({ state, reason, code, seen }: WindowFilter): boolean {
  return state === undefined && reason === undefined && code === undefined && seen === undefined;
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

interface Found {
  readonly key: string;
  readonly version: number;
  readonly rows: Uint32Array;
}

/** The last filter by code and its rows: no index has codes, so the journal is not searched anew for each page. */
const found = new WeakMap<Connection, Found>();

/** The numbers of all rows that pass, in their order; those of the last filter are kept for as long as nothing is written. */
function allThatPass(reader: Connection, { joins, where, order, values }: Query): Uint32Array {
  const key = JSON.stringify([where, values]);
  const version = Number(reader.prepare('PRAGMA data_version').get()?.['data_version']);
  const known = found.get(reader);
  if (known?.key === key && known.version === version) return known.rows;
  // As one text: handing a million rows over one by one takes many times as long.
  const list = reader
    .prepare(
      `SELECT group_concat(n) AS list FROM (SELECT r.row_no AS n FROM row r ${joins} WHERE ${where} ORDER BY ${order})`,
    )
    .get(...values)?.['list'];
  const rows = typeof list === 'string' ? Uint32Array.from(list.split(','), Number) : new Uint32Array(0);
  found.set(reader, { key, version, rows });
  return rows;
}

/** One page of the rows that pass the filter, by position, and how many pass it. */
export function rowsAt(
  databases: Databases,
  args: { jobId: number; filter: WindowFilter; offset: number; limit: number },
): { total: number; rows: JournalRow[] } {
  const { reader } = databases;
  const { jobId, filter, offset, limit } = args;
  const rowsOf = (numbers: Iterable<number>): JournalRow[] =>
    Array.from(numbers).flatMap((rowNo) => rowOf(databases, jobId, rowNo) ?? []);
  return snapshot(databases, () => {
    if (isAll(filter)) {
      // Rows are numbered from 1 without a gap, so that a position is a number.
      return { total: lastRowNo(reader, jobId), rows: getRows(databases, { jobId, after: offset, limit }) };
    }
    const wanted = query(jobId, filter);
    if (filter.code !== undefined) {
      const all = allThatPass(reader, wanted);
      return { total: all.length, rows: rowsOf(all.subarray(offset, offset + limit)) };
    }
    const { where, order, values } = wanted;
    const total = Number(reader.prepare(`SELECT count(*) AS n FROM row r WHERE ${where}`).get(...values)?.['n']);
    const page = reader
      .prepare(`SELECT r.row_no FROM row r WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`)
      .all(...values, limit, offset);
    return { total, rows: rowsOf(page.map((row) => Number(row['row_no']))) };
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
export function rowAtLine(reader: Connection, jobId: number, line: number): number | null {
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
    const first = reader
      .prepare(
        `SELECT r.row_no FROM row r INDEXED BY row_by_order ${joins} WHERE ${where} AND r.order_no = ? ORDER BY r.row_no LIMIT 1`,
      )
      .get(...values, order)?.['row_no'];
    const atLine = /^[1-9]\d{0,8}$/.test(order) ? rowAtLine(reader, jobId, Number(order)) : null;
    const rowNo = first === undefined ? atLine : Number(first);
    if (rowNo === null) return null;
    if (isAll(filter)) return rowNo - 1;
    const wanted = query(jobId, filter);
    if (filter.code !== undefined) {
      const at = allThatPass(reader, wanted).indexOf(rowNo);
      return at < 0 ? null : at;
    }
    const own = reader.prepare(`SELECT r.reason FROM row r WHERE ${where} AND r.row_no = ?`).get(...values, rowNo);
    return own === undefined ? null : positionOf(reader, wanted, rowNo, own['reason']);
  });
}

/** How many rows that pass a filter of the index of states stand before this one. */
function positionOf(
  reader: Connection,
  { where, order, values }: Query,
  rowNo: number,
  reason: SQLOutputValue | undefined,
): number {
  const count = (more: string, ...last: SQLInputValue[]): number =>
    Number(reader.prepare(`SELECT count(*) AS n FROM row r WHERE ${where} AND ${more}`).get(...values, ...last)?.['n']);
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
  /** How many of them a person has mended, for a follow-up. */
  readonly mended: number;
  /** The first lines of the input that are in it, at most 5. */
  readonly lines: number[];
}

const MOST_LINES = 5;
/** More causes than a person reads. */
const MOST_CAUSES = 500;
/** Rows that are looked at together for their lines. */
const WALK_ROWS = 1_000;

/** Where rows with a cause stand. */
const PLACES: readonly (readonly [RowState, NotSentReason | null])[] = [
  ['failed', null],
  ['unknown', null],
  ['not_sent', 'set_aside'],
  ['not_sent', 'changed_since_preview'],
  ['not_sent', 'state_forbids'],
  ['not_sent', 'unreadable'],
  ['not_sent', 'too_late'],
  ['not_sent', 'in_doubt_elsewhere'],
  ['not_sent', 'rejected'],
];

/** The phrase that says why a row stands where it does: a failure, else a problem, else a note; 0 when nothing does. */
const CAUSE_ID = 'coalesce(failure_id, problem_id, note_id, 0)';
/**
 * What makes causes the same, of a phrase c. A failure has the vendor's words, which may differ from row to row (an order's number in them), and
 * a problem has its line: a failure's code and reading, a problem's code and a note's words tell causes apart.
 */
const SAME = `c.code AS code, c.json ->> '$.reading.en' AS reading, c.json ->> '$.zh' AS note`;

function sameOf(row: Readonly<Record<string, SQLOutputValue>>): string {
  return JSON.stringify([row['code'], row['reading'], row['note']]);
}

/** A phrase as what it is: failures have a class, notes have words alone. */
function phraseOf(json: SQLOutputValue | undefined): Pick<CauseGroup, 'failure' | 'problem' | 'note'> {
  const phrase = (typeof json === 'string' ? JSON.parse(json) : null) as VendorFailure | Problem | Bilingual | null;
  const nothing = { failure: null, problem: null, note: null };
  if (phrase === null) return nothing;
  if ('class' in phrase) return { ...nothing, failure: phrase };
  return 'code' in phrase ? { ...nothing, problem: phrase } : { ...nothing, note: phrase };
}

/** The causes of rows that failed, are in doubt, or were kept back for a cause of their own; the most frequent first. */
export function causes(databases: Databases, args: { jobId: number }): CauseGroup[] {
  const { reader } = databases;
  // Grouped by the phrases' numbers first: their texts are read once for each, not for each row.
  const groups = reader.prepare(
    `SELECT ${SAME}, sum(r.n) AS n, sum(r.mended) AS mended, min(r.first) AS first, c.json
     FROM (
       SELECT ${CAUSE_ID} AS cause, count(*) AS n, count(mended) AS mended, min(row_no) AS first FROM row INDEXED BY row_by_state
       WHERE job_id = ? AND state = ? AND reason IS ? GROUP BY cause
     ) r LEFT JOIN phrase c ON c.id = r.cause
     GROUP BY 1, 2, 3 ORDER BY n DESC, first LIMIT ${MOST_CAUSES}`,
  );
  return snapshot(databases, () =>
    PLACES.flatMap(([state, reason]) => {
      const bySame = new Map<string, CauseGroup>();
      for (const row of groups.all(args.jobId, state, reason)) {
        const [count, mended] = [Number(row['n']), Number(row['mended'])];
        bySame.set(sameOf(row), { state, reason, ...phraseOf(row['json']), count, mended, lines: [] });
      }
      firstLines(reader, [args.jobId, state, reason], bySame);
      return [...bySame.values()];
    })
      .sort((a, b) => b.count - a.count)
      .slice(0, MOST_CAUSES),
  );
}

/** Fills in each group's first lines: one walk in the rows' order, past the rows of causes that have theirs, to the last that is wanted. */
function firstLines(
  reader: Connection,
  place: readonly [number, RowState, NotSentReason | null],
  groups: ReadonlyMap<string, CauseGroup>,
): void {
  let left = [...groups.values()].reduce((sum, { count }) => sum + Math.min(count, MOST_LINES), 0);
  const rows = reader.prepare(
    `SELECT r.row_no, r.line, r.cause, ${SAME}
     FROM (
       SELECT row_no, line, ${CAUSE_ID} AS cause FROM row INDEXED BY row_by_state
       WHERE job_id = ? AND state = ? AND reason IS ? AND row_no > ? AND cause NOT IN (SELECT value FROM json_each(?))
       ORDER BY row_no LIMIT ${WALK_ROWS}
     ) r LEFT JOIN phrase c ON c.id = r.cause ORDER BY r.row_no`,
  );
  const done = new Set<number>();
  for (let after = 0; left > 0;) {
    const page = rows.all(...place, after, JSON.stringify([...done].slice(0, WALK_ROWS)));
    if (page.length === 0) return;
    for (const row of page) {
      after = Number(row['row_no']);
      const group = groups.get(sameOf(row));
      if (group === undefined) continue;
      if (group.lines.length >= MOST_LINES) {
        done.add(Number(row['cause']));
        continue;
      }
      group.lines.push(Number(row['line']));
      left -= 1;
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
