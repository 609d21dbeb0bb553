import type { RowState } from '../../../contract/outcome.ts';
import type { Databases } from '../../store/serve.ts';
import type { JobEvent } from '../types.ts';
import { toEvent } from './events.ts';

/** Rows of one piece of a job that reached the same state in the same second. */
export interface SettledGroup {
  /** Seconds since 1970 (this machine's clock); null for rows that wait for their turn or never had a time. */
  readonly second: number | null;
  readonly state: RowState;
  /** Whether the value before the write is kept. */
  readonly kept: boolean;
  readonly count: number;
}

/** Most rows that are looked at together, so that a run's writes never wait long behind a report. */
export const MOST_SETTLED = 20_000;

/**
 * When the rows after row `after`, at most `limit` of them, came to where they stand, grouped by second: a walk along the rows' own key, since an
 * index of times would cost each row of every job two changes more.
 */
export function settledTimes(
  { reader }: Databases,
  args: { jobId: number; after: number; limit: number },
): SettledGroup[] {
  return reader
    .prepare(
      `SELECT second, state, kept, count(*) AS n
       FROM (
         SELECT CASE WHEN state = 'not_sent' AND reason = 'pending' THEN NULL ELSE settled_at / 1000 END AS second,
           state, old_values IS NOT NULL AS kept
         FROM row WHERE job_id = ? AND row_no > ? ORDER BY row_no LIMIT ?
       ) GROUP BY 1, 2, 3`,
    )
    .all(args.jobId, args.after, Math.min(args.limit, MOST_SETTLED))
    .map((row) => ({
      second: row['second'] === null ? null : Number(row['second']),
      state: String(row['state']) as RowState,
      kept: Number(row['kept']) === 1,
      count: Number(row['n']),
    }));
}

/** One page of the states that a job came to after event `after`, in order; what happened to its rows apart. */
export function jobStates({ reader }: Databases, args: { jobId: number; after: number; limit: number }): JobEvent[] {
  return reader
    .prepare(
      `SELECT id, job_id, row_no, at, kind, data FROM event
       WHERE job_id = ? AND row_no IS NULL AND id > ? AND kind = 'state' ORDER BY id LIMIT ?`,
    )
    .all(args.jobId, args.after, args.limit)
    .map(toEvent);
}
