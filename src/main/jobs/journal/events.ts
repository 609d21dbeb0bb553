import type { SQLOutputValue } from 'node:sqlite';
import type { Connection } from '../../store/database.ts';
import type { Databases } from '../../store/serve.ts';
import type { EventKind, JobEvent } from '../types.ts';

/** An event that is about to be written. */
export type NewEvent = Omit<JobEvent, 'id'>;

/** Writes one event; within the caller's transaction where there is one, so that it stands or falls with what it tells of. */
export function addEvent(writer: Connection, { jobId, rowNo, atMs, kind, data }: NewEvent): void {
  writer
    .prepare('INSERT INTO event (job_id, row_no, at, kind, data) VALUES (?, ?, ?, ?, ?)')
    .run(jobId, rowNo, Math.round(atMs), kind, JSON.stringify(data));
}

/** One page of a job's events after event `after`, in order; those of one row alone when `rowNo` is given. */
export function eventsOf(
  { reader }: Databases,
  args: { jobId: number; rowNo?: number; after: number; limit: number },
): JobEvent[] {
  const { jobId, rowNo, after, limit } = args;
  return reader
    .prepare(
      `SELECT id, job_id, row_no, at, kind, data FROM event
       WHERE job_id = ? ${rowNo === undefined ? '' : 'AND row_no = ?'} AND id > ? ORDER BY id LIMIT ?`,
    )
    .all(jobId, ...(rowNo === undefined ? [] : [rowNo]), after, limit)
    .map(toEvent);
}

/** An event as it is read; `data` is what this program wrote. */
export function toEvent(row: Record<string, SQLOutputValue>): JobEvent {
  return {
    id: Number(row['id']),
    jobId: Number(row['job_id']),
    rowNo: row['row_no'] === null ? null : Number(row['row_no']),
    atMs: Number(row['at']),
    kind: String(row['kind']) as EventKind,
    data: JSON.parse(String(row['data'])) as JobEvent['data'],
  };
}
