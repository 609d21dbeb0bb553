import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { NotSentReason, RowState, VendorFailure } from '../../../contract/outcome.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Connection } from '../../store/database.ts';
import type { Databases } from '../../store/serve.ts';
import type { Problem, Values } from '../../vendors/types.ts';
import type { JobCounts, JournalRow } from '../types.ts';

/** Most rows of one page. */
export const MOST_ROWS = 5_000;

export interface RowFilter {
  readonly state?: RowState;
  readonly reason?: NotSentReason;
}

const SELECT = `
  SELECT r.job_id, r.row_no, r.line, r.cells, r.order_no, r.fields, r.state, r.reason, r.attempts, r.settled_at, r.old_values,
    r.readings, p.json AS problem, f.json AS failure, n.json AS note, c.stamped_at, c.request_id
  FROM row r
    LEFT JOIN phrase p ON p.id = r.problem_id
    LEFT JOIN phrase f ON f.id = r.failure_id
    LEFT JOIN phrase n ON n.id = r.note_id
    LEFT JOIN call c ON c.id = r.call_id`;

function parsed(value: SQLOutputValue | undefined): unknown {
  return typeof value === 'string' ? (JSON.parse(value) as unknown) : null;
}

function number(value: SQLOutputValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** The columns hold what this program wrote as JSON of these types. */
function toRow(row: Record<string, SQLOutputValue>): JournalRow {
  return {
    jobId: Number(row['job_id']),
    rowNo: Number(row['row_no']),
    line: Number(row['line']),
    cells: parsed(row['cells']) as string[],
    order: String(row['order_no']),
    values: parsed(row['fields']) as Values | null,
    state: String(row['state']) as RowState,
    reason: row['reason'] as NotSentReason | null,
    problem: parsed(row['problem']) as Problem | null,
    failure: parsed(row['failure']) as VendorFailure | null,
    note: parsed(row['note']) as Bilingual | null,
    requestId: row['request_id'] === null ? null : String(row['request_id']),
    attempts: Number(row['attempts']),
    sentAtMs: number(row['stamped_at']),
    settledAtMs: number(row['settled_at']),
    oldValues: parsed(row['old_values']) as Values | null,
    readings: (parsed(row['readings']) as number[] | null) ?? [],
  };
}

/** One page of a job's rows in the input's order, after row `after`. */
export function getRows(
  { reader }: Databases,
  args: { jobId: number; filter?: RowFilter; after: number; limit: number },
): JournalRow[] {
  const { state, reason } = args.filter ?? {};
  const where: string[] = ['r.job_id = ?', 'r.row_no > ?'];
  const values: SQLInputValue[] = [args.jobId, args.after];
  if (state !== undefined) {
    where.push('r.state = ?');
    values.push(state);
  }
  if (reason !== undefined) {
    where.push('r.reason = ?');
    values.push(reason);
  }
  return reader
    .prepare(`${SELECT} WHERE ${where.join(' AND ')} ORDER BY r.row_no LIMIT ?`)
    .all(...values, Math.min(args.limit, MOST_ROWS))
    .map(toRow);
}

/** A row that waits for its turn, as the runner needs it. */
export interface PendingRow {
  readonly rowNo: number;
  readonly order: string;
  /** JSON of the row's values. */
  readonly fields: string;
}

/** The next pending rows after `after`, in order. */
export function nextPending(
  { reader }: Databases,
  args: { jobId: number; after: number; limit: number },
): PendingRow[] {
  return reader
    .prepare(
      `SELECT row_no, order_no, fields FROM row
       WHERE job_id = ? AND state = 'not_sent' AND reason = 'pending' AND row_no > ? ORDER BY row_no LIMIT ?`,
    )
    .all(args.jobId, args.after, Math.min(args.limit, MOST_ROWS))
    .map((row) => ({ rowNo: Number(row['row_no']), order: String(row['order_no']), fields: String(row['fields']) }));
}

function byCode(
  reader: Connection,
  column: 'problem_id' | 'failure_id',
  jobId: number,
  where: string,
): Record<string, number> {
  const found: Record<string, number> = {};
  const rows = reader
    .prepare(
      `SELECT p.code, count(*) AS n FROM row r JOIN phrase p ON p.id = r.${column} WHERE r.job_id = ? AND ${where} GROUP BY p.code`,
    )
    .all(jobId);
  for (const row of rows) found[String(row['code'])] = Number(row['n']);
  return found;
}

/** How many rows of a job stand where, read from the rows themselves in one consistent snapshot. */
export function getCounts({ reader }: Databases, args: { jobId: number }): JobCounts {
  reader.db.exec('BEGIN');
  try {
    const byState: Record<string, number> = {};
    const byReason: Partial<Record<NotSentReason, number>> = {};
    const groups = reader
      .prepare('SELECT state, reason, count(*) AS n FROM row WHERE job_id = ? GROUP BY state, reason')
      .all(args.jobId);
    for (const group of groups) {
      const state = String(group['state']);
      byState[state] = (byState[state] ?? 0) + Number(group['n']);
      if (group['reason'] !== null) byReason[String(group['reason']) as NotSentReason] = Number(group['n']);
    }
    const of = (state: RowState): number => byState[state] ?? 0;
    return {
      total: Object.values(byState).reduce((sum, n) => sum + n, 0),
      succeeded: of('succeeded'),
      failed: of('failed'),
      unknown: of('unknown'),
      notSent: of('not_sent'),
      sending: of('sending'),
      byReason,
      byProblem: byCode(reader, 'problem_id', args.jobId, "r.state = 'not_sent' AND r.reason = 'set_aside'"),
      byFailure: byCode(
        reader,
        'failure_id',
        args.jobId,
        "(r.state = 'failed' OR (r.state = 'not_sent' AND r.reason = 'rejected'))",
      ),
    };
  } finally {
    reader.db.exec('COMMIT');
  }
}

/** Every row of every job that has this order number, the newest job first. */
export function findOrder({ reader }: Databases, args: { order: string }): JournalRow[] {
  const one = reader.prepare(`${SELECT} WHERE r.job_id = ? AND r.order_no = ? ORDER BY r.row_no`);
  return reader
    .prepare('SELECT id FROM job ORDER BY id DESC')
    .all()
    .flatMap((job) => one.all(Number(job['id']), args.order).map(toRow));
}
