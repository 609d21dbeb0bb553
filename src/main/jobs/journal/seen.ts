import type { Bilingual } from '../../../contract/text.ts';
import type { Databases } from '../../store/serve.ts';
import type { Values } from '../../vendors/types.ts';
import { addEvent } from './events.ts';
import { noteId, phrasing } from './phrases.ts';

/** The present values of a job's rows, read for the preview: which are to be read, what was read, and what a person makes of it. */

/** Rows that a reading may move: those that wait, and those that one has kept back, whose state may be another by now. */
const IN_SCOPE = `state = 'not_sent' AND reason IN ('pending', 'nothing_to_do', 'state_forbids') AND fields IS NOT NULL`;
/** Not read since ?2; what a person insists on stays as they saw it. */
const UNSEEN = `${IN_SCOPE} AND insisted IS NULL AND (seen_values IS NULL OR seen_at < ?2)`;

/** Since when a row counts as read, ms: the begin of the last reading of all rows; null when there was none. */
function since({ reader }: Pick<Databases, 'reader'>, jobId: number): number | null {
  const last = reader
    .prepare(
      `SELECT data ->> '$.since' AS since FROM event
       WHERE job_id = ? AND row_no IS NULL AND kind = 'seen' ORDER BY id DESC LIMIT 1`,
    )
    .get(jobId)?.['since'];
  return typeof last === 'number' ? last : null;
}

/**
 * Begins to read a job's rows: all of them (`again`, or for the first time), or those that the last reading has not come to or could not
 * read. Answers since when a row counts as read, and how many rows are to be.
 */
export function beginSeeing(
  { writer }: Databases,
  args: { jobId: number; again: boolean; atMs: number },
): { sinceMs: number; rows: number } {
  return writer.transaction(() => {
    const sinceMs = (args.again ? null : since({ reader: writer }, args.jobId)) ?? Math.round(args.atMs);
    addEvent(writer, { jobId: args.jobId, rowNo: null, atMs: args.atMs, kind: 'seen', data: { since: sinceMs } });
    const rows = writer
      .prepare(`SELECT count(*) AS n FROM row WHERE job_id = ?1 AND ${UNSEEN}`)
      .get(args.jobId, sinceMs);
    return { sinceMs, rows: Number(rows?.['n']) };
  });
}

/** A row whose present values are to be read. */
export interface UnseenRow {
  readonly rowNo: number;
  readonly order: string;
  /** JSON of the row's values. */
  readonly fields: string;
  /** JSON of the present values that the row takes for granted; null when it takes none. */
  readonly expects: string | null;
}

/** The next rows to be read after row `after`, in order. */
export function rowsToSee(
  { reader }: Databases,
  args: { jobId: number; sinceMs: number; after: number; limit: number },
): UnseenRow[] {
  return reader
    .prepare(
      `SELECT row_no, order_no, fields, expects FROM row
       WHERE job_id = ?1 AND row_no > ?3 AND ${UNSEEN} ORDER BY row_no LIMIT ?4`,
    )
    .all(args.jobId, args.sinceMs, args.after, args.limit)
    .map((row) => ({
      rowNo: Number(row['row_no']),
      order: String(row['order_no']),
      fields: String(row['fields']),
      expects: typeof row['expects'] === 'string' ? row['expects'] : null,
    }));
}

/** What reading one row came to. `seen` null: it could not be read, and stays where it waits. */
export interface SeenRow {
  readonly rowNo: number;
  readonly seen: Values | null;
  readonly reason: 'pending' | 'nothing_to_do' | 'state_forbids' | 'changed_since_preview';
  readonly note: Bilingual | null;
}

/** Keeps what was read. A row that has left the reading's scope meanwhile stays as it is. */
export function see({ writer }: Databases, args: { jobId: number; rows: readonly SeenRow[]; atMs: number }): void {
  phrasing(writer, () => {
    const update = writer.prepare(
      `UPDATE row SET reason = ?, note_id = ?, seen_values = ?, seen_at = ?, settled_at = ?, failure_id = NULL
       WHERE job_id = ? AND row_no = ? AND ${IN_SCOPE}`,
    );
    const at = Math.round(args.atMs);
    for (const { rowNo, seen, reason, note } of args.rows) {
      const values = seen === null ? null : JSON.stringify(seen);
      const settled = reason === 'pending' ? null : at;
      update.run(reason, noteId(writer, note), values, at, settled, args.jobId, rowNo);
    }
  });
}

/** Where the reading of a job's waiting rows stands. */
export interface Seen {
  /** Rows that wait and were read, and those that were not or could not be. */
  readonly seen: number;
  readonly unread: number;
  /** Rows that the last reading has not come to. */
  readonly left: number;
  readonly oldestMs: number | null;
  /** What was said of rows that wait, the most frequent first. `read` false: why they could not be read. */
  readonly notes: readonly { readonly text: Bilingual; readonly count: number; readonly read: boolean }[];
}

const MOST_NOTES = 20;

/** How far a job's rows have been read; null when nobody has begun to. */
export function seenOf(databases: Databases, { jobId }: { jobId: number }): Seen | null {
  const { reader } = databases;
  const sinceMs = since(databases, jobId);
  if (sinceMs === null) return null;
  const groups = reader
    .prepare(
      `SELECT r.*, p.json FROM (
         SELECT seen_values IS NOT NULL AS read, note_id, count(*) AS n, min(seen_at) AS oldest,
           count(*) FILTER (WHERE seen_at IS NULL OR seen_at < ?2) AS open
         FROM row INDEXED BY row_by_state WHERE job_id = ?1 AND state = 'not_sent' AND reason = 'pending' GROUP BY 1, 2
       ) r LEFT JOIN phrase p ON p.id = r.note_id ORDER BY r.n DESC`,
    )
    .all(jobId, sinceMs);
  const sum = { seen: 0, unread: 0, left: 0 };
  const notes: { text: Bilingual; count: number; read: boolean }[] = [];
  let oldestMs: number | null = null;
  for (const group of groups) {
    const [read, count] = [group['read'] === 1, Number(group['n'])];
    sum[read ? 'seen' : 'unread'] += count;
    sum.left += Number(group['open']);
    if (read) oldestMs = Math.min(oldestMs ?? Infinity, Number(group['oldest']));
    if (typeof group['json'] === 'string' && notes.length < MOST_NOTES)
      notes.push({ text: JSON.parse(group['json']) as Bilingual, count, read });
  }
  return { ...sum, oldestMs, notes };
}

/**
 * Makes rows pending that a reading kept back, on the person's word: those whose state forbids the change (which is then insisted on), or those
 * that were changed since the preview. Their present values are what the person confirms. Answers how many.
 */
export function allowRows(
  { writer }: Databases,
  args: { jobId: number; reason: 'state_forbids' | 'changed_since_preview'; atMs: number },
): number {
  return writer.transaction(() => {
    // What was seen is what counts from now on, not what a reverse row took for granted.
    const insists = args.reason === 'state_forbids' ? ', insisted = 1' : ', expects = NULL';
    const changed = writer
      .prepare(
        `UPDATE row SET reason = 'pending', note_id = NULL, failure_id = NULL, settled_at = NULL${insists}
         WHERE job_id = ? AND state = 'not_sent' AND reason = ? AND fields IS NOT NULL`,
      )
      .run(args.jobId, args.reason);
    const rows = Number(changed.changes);
    const { jobId, reason, atMs } = args;
    if (rows > 0) addEvent(writer, { jobId, rowNo: null, atMs, kind: 'allowed', data: { reason, rows } });
    return rows;
  });
}
