import type { Databases } from '../../store/serve.ts';
import type { Values } from '../../vendors/types.ts';

/** A row in doubt with the call that brought it there. */
export interface CallInDoubt {
  readonly jobId: number;
  readonly rowNo: number;
  readonly order: string;
  readonly operation: string;
  readonly values: Values;
  readonly track: Values | null;
  /** Vendor's time of the call. */
  readonly sentAtMs: number;
  /** When it ended, this machine's time; null while it is being sent. */
  readonly endedAtMs: number | null;
  /** This machine's time from which the row is known to be in doubt; null while it is being sent. */
  readonly settledAtMs: number | null;
}

/** Rows of an account that have been in doubt, or are being sent, since `sinceMs` (this machine's time), in all its jobs. */
export function callsInDoubt({ reader }: Databases, args: { accountId: string; sinceMs: number }): CallInDoubt[] {
  return reader
    .prepare(
      `SELECT r.job_id, r.row_no, r.order_no, r.fields, r.track, r.settled_at, c.stamped_at, c.ended_at, json_extract(j.spec, '$.operation') AS operation
       FROM doubt d JOIN row r ON r.job_id = d.job_id AND r.row_no = d.row_no
         JOIN call c ON c.id = r.call_id JOIN job j ON j.id = r.job_id
       WHERE d.account_id = ? AND r.fields IS NOT NULL AND (r.settled_at IS NULL OR r.settled_at >= ?)
       ORDER BY c.id`,
    )
    .all(args.accountId, args.sinceMs)
    .map((row) => ({
      jobId: Number(row['job_id']),
      rowNo: Number(row['row_no']),
      order: String(row['order_no']),
      operation: String(row['operation']),
      values: JSON.parse(String(row['fields'])) as Values,
      track: row['track'] === null ? null : (JSON.parse(String(row['track'])) as Values),
      sentAtMs: Number(row['stamped_at']),
      endedAtMs: row['ended_at'] === null ? null : Number(row['ended_at']),
      settledAtMs: row['settled_at'] === null ? null : Number(row['settled_at']),
    }));
}
