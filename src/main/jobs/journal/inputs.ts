import type { Databases } from '../../store/serve.ts';
import type { JobState } from '../types.ts';

/** An earlier job of the same file. */
export interface EarlierJob {
  readonly jobId: number;
  readonly state: JobState;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly total: number;
  readonly succeeded: number;
}

/** Most that are told; the newest. */
const MOST_EARLIER = 20;

/**
 * Jobs of an account and operation that were read from a file of the same bytes, the newest first. A job that was cancelled before anything
 * was sent does not count, nor one that was made of another job.
 */
export function earlierJobs(
  { reader }: Databases,
  args: { accountId: string; operation: string; sha256: string },
): EarlierJob[] {
  const found = reader
    .prepare(
      `SELECT id, state, created_at,
         (SELECT count(*) FROM row WHERE job_id = job.id) AS total,
         (SELECT count(*) FROM row WHERE job_id = job.id AND state = 'succeeded') AS succeeded
       FROM job
       WHERE account_id = ? AND parent_id IS NULL AND state <> 'intake'
         AND json_extract(spec, '$.operation') = ? AND json_extract(spec, '$.source.sha256') = ?
         AND json_extract(spec, '$.source.kind') = 'file'
         AND NOT (state = 'cancelled' AND started_at IS NULL)
       ORDER BY id DESC LIMIT ${MOST_EARLIER}`,
    )
    .all(args.accountId, args.operation, args.sha256);
  return found.map((row) => ({
    jobId: Number(row['id']),
    state: String(row['state']) as JobState,
    createdAt: String(row['created_at']),
    total: Number(row['total']),
    succeeded: Number(row['succeeded']),
  }));
}

interface HeaderOf {
  readonly vendor: string;
  readonly operation: string;
  /** The header's hash. */
  readonly header: string;
}

/** Keeps the columns that were used for a header; the last ones count. */
export function rememberMapping(
  { writer }: Databases,
  args: HeaderOf & { readonly columns: Readonly<Record<string, number>>; readonly atMs: number },
): void {
  writer
    .prepare(
      `INSERT INTO mapping (vendor, operation, header, columns, used_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET columns = excluded.columns, used_at = excluded.used_at`,
    )
    .run(args.vendor, args.operation, args.header, JSON.stringify(args.columns), args.atMs);
}

/** The columns that were last used for a header; null when it is new. */
export function recallMapping({ reader }: Databases, args: HeaderOf): Readonly<Record<string, number>> | null {
  const row = reader
    .prepare('SELECT columns FROM mapping WHERE vendor = ? AND operation = ? AND header = ?')
    .get(args.vendor, args.operation, args.header);
  return row === undefined ? null : (JSON.parse(String(row['columns'])) as Readonly<Record<string, number>>);
}
