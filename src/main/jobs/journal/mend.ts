import type { JobKind } from '../../../contract/job.ts';
import type { Connection } from '../../store/database.ts';
import type { Databases } from '../../store/serve.ts';
import type { Problem, Values } from '../../vendors/types.ts';
import type { JobSpec, Mended } from '../types.ts';
import { addEvent } from './events.ts';
import { keyOf, settleDuplicates } from './intake.ts';
import { phrasing, problemId } from './phrases.ts';
import { rowAtLine } from './window.ts';

/** What a person makes of a job's rows afterwards: edits, follow-ups and reverse jobs. */

/** One row as a person has mended it, checked by the definition. */
export interface RowEdit extends Mended {
  readonly rowNo: number;
  /** Ids of the fields that are not what they were. */
  readonly fields: readonly string[];
}

/** Where an edit goes: into a row of a job that has not begun, or beside the row, for a follow-up. */
export type EditPlace = 'row' | 'follow_up';

/** An edit that was not written: another row of the job has the order (its line), or the row does not stand any more where it may be edited. */
export interface EditRefused {
  readonly rowNo: number;
  readonly line: number | null;
}

/** Rows that a follow-up may take, wherever the caller has looked before: nothing that succeeded, is under way or in doubt. */
const MENDABLE = `moved_to IS NULL AND (state = 'failed' OR (state = 'not_sent' AND reason IN ('set_aside', 'rejected', 'unreadable')))`;
const UNBEGUN = `state = 'not_sent' AND reason IN ('set_aside', 'pending') AND attempts = 0
  AND EXISTS (SELECT 1 FROM job WHERE job.id = row.job_id AND job.state = 'ready' AND job.started_at IS NULL)`;

const EDIT: Readonly<Record<EditPlace, string>> = {
  row: `UPDATE row SET order_no = ?, fields = ?, reason = 'pending', problem_id = NULL, note_id = NULL, seen_values = NULL,
    seen_at = NULL, insisted = NULL
    WHERE job_id = ? AND row_no = ? AND ${UNBEGUN}`,
  follow_up: `UPDATE row SET mended = json_object('order', ?, 'values', json(?)) WHERE job_id = ? AND row_no = ? AND ${MENDABLE}`,
};

/**
 * Writes edits of one job, each with its event, all in one transaction; those that do not fit the journal's state are left out and answered.
 * No two rows of a job are left with the same order (and the same values of `rowKey`, which tells rows of one order apart) to send. The events name
 * fields and never what stands in them.
 */
export function editRows(
  { writer }: Databases,
  args: {
    jobId: number;
    place: EditPlace;
    edits: readonly RowEdit[];
    atMs: number;
    rowKey?: readonly string[] | undefined;
  },
): EditRefused[] {
  const { jobId, place, atMs, rowKey = [] } = args;
  return writer.transaction(() => {
    const others = writer.prepare(
      `SELECT line, fields FROM row INDEXED BY row_by_order
       WHERE job_id = ? AND order_no = ? AND row_no <> ? AND fields IS NOT NULL AND mended IS NULL ORDER BY row_no`,
    );
    const edit = writer.prepare(EDIT[place]);
    const refused: EditRefused[] = [];
    for (const { rowNo, order, values, fields } of args.edits) {
      const text = JSON.stringify(values);
      const key = keyOf(text, rowKey);
      const line = others.all(jobId, order, rowNo).find((other) => keyOf(other['fields'], rowKey) === key)?.['line'];
      const written = line === undefined && Number(edit.run(order, text, jobId, rowNo).changes) === 1;
      if (!written) {
        refused.push({ rowNo, line: line === undefined ? null : Number(line) });
        continue;
      }
      addEvent(writer, { jobId, rowNo, atMs, kind: 'edited', data: { fields: fields.join(',') } });
    }
    return refused;
  });
}

/** Forgets what a person gave in place of a row, unless a follow-up has it; answers whether there was something. */
export function dropEdit({ writer }: Databases, args: { jobId: number; rowNo: number; atMs: number }): boolean {
  const { jobId, rowNo, atMs } = args;
  return writer.transaction(() => {
    const dropped = writer
      .prepare(
        'UPDATE row SET mended = NULL WHERE job_id = ? AND row_no = ? AND mended IS NOT NULL AND moved_to IS NULL',
      )
      .run(jobId, rowNo);
    if (Number(dropped.changes) === 0) return false;
    addEvent(writer, { jobId, rowNo, atMs, kind: 'edited', data: { fields: '', dropped: true } });
    return true;
  });
}

/** The rows that begin at these lines, by line; lines at which none does are left out. */
export function rowsAtLines(
  { reader }: Databases,
  args: { jobId: number; lines: readonly number[] },
): { readonly line: number; readonly rowNo: number }[] {
  return args.lines.flatMap((line) => {
    const rowNo = rowAtLine(reader, args.jobId, line);
    return rowNo === null ? [] : [{ line, rowNo }];
  });
}

/**
 * Makes a job, ready to run, of the rows of another that were mended: with their lines and original cells, in their order. The rows are marked
 * as taken over, so that no row is in two follow-ups. Answers null when there is none.
 */
export function makeFollowUp(
  { writer }: Databases,
  args: { parentId: number; spec: JobSpec; at: string; rowKey?: readonly string[] | undefined },
): { readonly jobId: number; readonly rows: number } | null {
  const { parentId, spec, at } = args;
  return phrasing(writer, () => {
    const WAITING = `job_id = ? AND mended IS NOT NULL AND ${MENDABLE}`;
    if (writer.prepare(`SELECT 1 FROM row WHERE ${WAITING} LIMIT 1`).get(parentId) === undefined) return null;
    const made = writer
      .prepare(
        "INSERT INTO job (account_id, spec, state, created_at, parent_id) VALUES (?, ?, 'ready', ?, ?) RETURNING id",
      )
      .get(spec.accountId, JSON.stringify(spec), at, parentId);
    const jobId = Number(made?.['id']);
    const taken = writer
      .prepare(
        `INSERT INTO row (job_id, row_no, line, order_no, cells, fields, state, reason)
         SELECT ?, row_number() OVER (ORDER BY row_no), line, mended ->> '$.order', cells, mended -> '$.values', 'not_sent', 'pending'
         FROM row WHERE ${WAITING}`,
      )
      .run(jobId, parentId);
    writer.prepare(`UPDATE row SET moved_to = ? WHERE ${WAITING}`).run(jobId, parentId);
    settleDuplicates(writer, jobId, args.rowKey ?? []);
    return { jobId, rows: Number(taken.changes) };
  });
}

/** A row of a reverse job. */
export interface ReverseRow {
  readonly line: number;
  readonly order: string;
  readonly cells: readonly string[];
  /** What is written back; null when the row cannot be set back, which `problem` says. */
  readonly values: Values | null;
  /** The present values that are taken for granted. */
  readonly expects: Values | null;
  readonly problem: Problem | null;
}

/** Appends rows to a reverse job in state `intake`; see `addRows`. */
export function addReverseRows(
  { writer }: Databases,
  args: { jobId: number; firstRowNo: number; rows: readonly ReverseRow[] },
): void {
  phrasing(
    writer,
    () => {
      const insert = writer.prepare(
        `INSERT INTO row (job_id, row_no, line, order_no, cells, fields, state, reason, problem_id, expects)
         VALUES (?, ?, ?, ?, ?, ?, 'not_sent', ?, ?, ?)`,
      );
      args.rows.forEach(({ line, order, cells, values, expects, problem }, index) => {
        insert.run(
          args.jobId,
          args.firstRowNo + index,
          line,
          order,
          JSON.stringify(cells),
          values === null ? null : JSON.stringify(values),
          values === null ? 'set_aside' : 'pending',
          problemId(writer, problem),
          expects === null ? null : JSON.stringify(expects),
        );
      });
    },
    'withNext',
  );
}

/** What stands around a job: jobs made from it, mended rows that wait, the most rows a person has typed to confirm. */
export interface JobLinks {
  readonly children: readonly { readonly id: number; readonly kind: JobKind | null }[];
  readonly mended: number;
  readonly confirmed: number;
}

/** See `JobLinks`. */
export function jobLinks({ reader }: Databases, { jobId }: { jobId: number }): JobLinks {
  const children = reader
    .prepare("SELECT id, spec ->> '$.kind' AS kind FROM job WHERE parent_id = ? ORDER BY id")
    .all(jobId)
    .map((row) => ({ id: Number(row['id']), kind: row['kind'] as JobKind | null }));
  const mended = reader
    .prepare(
      'SELECT count(*) AS n FROM row INDEXED BY row_by_mended WHERE job_id = ? AND mended IS NOT NULL AND moved_to IS NULL',
    )
    .get(jobId);
  return { children, mended: Number(mended?.['n'] ?? 0), confirmed: mostConfirmed(reader, jobId) };
}

function mostConfirmed(reader: Connection, jobId: number): number {
  const most = reader
    .prepare(
      "SELECT max(data ->> '$.count') AS n FROM event WHERE job_id = ? AND row_no IS NULL AND kind = 'confirmed'",
    )
    .get(jobId);
  return Number(most?.['n'] ?? 0);
}

/** Keeps that a person typed how many rows may be sent without a way back. */
export function confirmCount({ writer }: Databases, args: { jobId: number; count: number; atMs: number }): void {
  const { jobId, count, atMs } = args;
  addEvent(writer, { jobId, rowNo: null, atMs, kind: 'confirmed', data: { count } });
}
