import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { NotSentReason, RowState, VendorFailure } from '../../../contract/outcome.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Connection } from '../../store/database.ts';
import type { Databases } from '../../store/serve.ts';
import type { Problem, Values } from '../../vendors/types.ts';
import type { Decision, JobCounts, JournalRow, Mended } from '../types.ts';

/** Most rows of one page. */
export const MOST_ROWS = 5_000;

export interface RowFilter {
  readonly state?: RowState;
  readonly reason?: NotSentReason;
}

const SELECT = `
  SELECT r.job_id, r.row_no, r.line, r.cells, r.order_no, r.fields, r.state, r.reason, r.attempts, r.settled_at, r.old_values,
    r.readings, r.seen_values, r.seen_at, r.insisted, r.track, r.decided, r.expects, r.mended, r.moved_to, p.json AS problem, f.json AS failure,
    n.json AS note, c.stamped_at, c.ended_at, c.request_id
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
    endedAtMs: number(row['ended_at']),
    settledAtMs: number(row['settled_at']),
    oldValues: parsed(row['old_values']) as Values | null,
    seenValues: parsed(row['seen_values']) as Values | null,
    seenAtMs: number(row['seen_at']),
    insisted: row['insisted'] === 1,
    track: parsed(row['track']) as Values | null,
    decided: parsed(row['decided']) as Decision | null,
    expects: parsed(row['expects']) as Values | null,
    mended: parsed(row['mended']) as Mended | null,
    movedTo: number(row['moved_to']),
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
  /** JSON of the present values that the row takes for granted; null when it takes none. */
  readonly expects: string | null;
  /** JSON of the present values that the preview showed; null when nobody has seen any. */
  readonly seen: string | null;
  /** Whether a person wants it sent although its state was seen to forbid it. */
  readonly insisted: boolean;
}

/** The next pending rows after `after`, in order. */
export function nextPending(
  { reader }: Databases,
  args: { jobId: number; after: number; limit: number },
): PendingRow[] {
  return reader
    .prepare(
      `SELECT row_no, order_no, fields, expects, seen_values, insisted FROM row
       WHERE job_id = ? AND state = 'not_sent' AND reason = 'pending' AND row_no > ? ORDER BY row_no LIMIT ?`,
    )
    .all(args.jobId, args.after, Math.min(args.limit, MOST_ROWS))
    .map((row) => ({
      rowNo: Number(row['row_no']),
      order: String(row['order_no']),
      fields: String(row['fields']),
      expects: row['expects'] === null ? null : String(row['expects']),
      seen: typeof row['seen_values'] === 'string' ? row['seen_values'] : null,
      insisted: row['insisted'] === 1,
    }));
}

/** How many rows have which state and reason. */
type Groups = Map<RowState, Map<NotSentReason | null, number>>;

const SAMPLES = 9;
/** Spreads samples without a period that a job's rows could share. */
const GOLDEN = 0.618_033_988_749_895;

/** State and reason of some of a job's rows. */
function samples(reader: Connection, jobId: number, total: number): { state: string; reason: string | null }[] {
  const one = reader.prepare('SELECT state, reason FROM row WHERE job_id = ? AND row_no = ?');
  return Array.from({ length: SAMPLES }, (_, i) => one.get(jobId, 1 + Math.floor(((i * GOLDEN) % 1) * total)))
    .filter((row) => row !== undefined)
    .map((row) => ({ state: String(row['state']), reason: row['reason'] === null ? null : String(row['reason']) }));
}

const GROUP = 'SELECT state, reason, count(*) AS n FROM row INDEXED BY row_by_state WHERE job_id = ?1 AND';
const BY = 'GROUP BY state, reason';
/** All groups but that of state ?2 and reason ?3: only rows not sent have a reason. */
const OTHER_GROUPS = `${GROUP} state < ?2 ${BY} UNION ALL ${GROUP} state > ?2 ${BY}
  UNION ALL ${GROUP} state = ?2 AND reason < ?3 ${BY} UNION ALL ${GROUP} state = ?2 AND reason > ?3 ${BY}`;

/**
 * Counts a job's rows by state and reason. A group of a million takes 80 ms to count, so the one that most samples are of is what the others
 * leave of the total: rows are numbered from 1 without a gap.
 */
function countGroups(reader: Connection, jobId: number): { total: number; groups: Groups } {
  const last = reader.prepare('SELECT max(row_no) AS n FROM row WHERE job_id = ?').get(jobId);
  const total = Number(last?.['n'] ?? 0);
  const groups: Groups = new Map();
  const found = samples(reader, jobId, total);
  const like = (one: (typeof found)[number]): number =>
    found.filter(({ state, reason }) => state === one.state && reason === one.reason).length;
  const main = found.toSorted((a, b) => like(b) - like(a))[0];
  if (main === undefined) return { total, groups };
  const put = (state: unknown, reason: unknown, n: number): void => {
    const of = groups.get(state as RowState) ?? new Map<NotSentReason | null, number>();
    groups.set(state as RowState, of.set(reason as NotSentReason | null, n));
  };
  let rest = total;
  for (const row of reader.prepare(OTHER_GROUPS).all(jobId, main.state, main.reason)) {
    put(row['state'], row['reason'], Number(row['n']));
    rest -= Number(row['n']);
  }
  put(main.state, main.reason, rest);
  return { total, groups };
}

/** Counts rows of a state (and reason) by the code of their problem or failure. */
function byCode(
  reader: Connection,
  column: 'problem_id' | 'failure_id',
  where: string,
  jobId: number,
): [string, number][] {
  return reader
    .prepare(
      `SELECT p.code, sum(r.n) AS n
       FROM (
         SELECT ${column} AS id, count(*) AS n FROM row INDEXED BY row_by_cause
         WHERE job_id = ? AND ${where} AND (problem_id IS NOT NULL OR failure_id IS NOT NULL) GROUP BY 1
       ) r
         JOIN phrase p ON p.id = r.id
       GROUP BY p.code`,
    )
    .all(jobId)
    .map((row) => [String(row['code']), Number(row['n'])]);
}

/** How many rows of a job stand where, read from the rows themselves in one consistent snapshot. */
export function getCounts({ reader }: Databases, { jobId }: { jobId: number }): JobCounts {
  reader.db.exec('BEGIN');
  try {
    const { total, groups } = countGroups(reader, jobId);
    const of = (state: RowState): number => [...(groups.get(state)?.values() ?? [])].reduce((sum, n) => sum + n, 0);
    const reasons = [...(groups.get('not_sent') ?? [])].flatMap(([reason, n]) =>
      reason === null ? [] : [[reason, n] as const],
    );
    const failed = byCode(reader, 'failure_id', "state = 'failed' AND reason IS NULL", jobId);
    const byFailure = Object.fromEntries(failed);
    for (const [code, n] of byCode(reader, 'failure_id', "state = 'not_sent' AND reason = 'rejected'", jobId))
      byFailure[code] = (byFailure[code] ?? 0) + n;
    return {
      total,
      succeeded: of('succeeded'),
      failed: of('failed'),
      unknown: of('unknown'),
      notSent: of('not_sent'),
      sending: of('sending'),
      byReason: Object.fromEntries(reasons),
      byProblem: Object.fromEntries(byCode(reader, 'problem_id', "state = 'not_sent' AND reason = 'set_aside'", jobId)),
      byFailure,
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
