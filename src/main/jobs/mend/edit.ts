import { retryClassOf, type NotSentReason } from '../../../contract/outcome.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Field } from '../../../contract/vendor.ts';
import { problemOf } from '../../vendors/shared/check.ts';
import type { Problem, Settings, UpdateOperation, Values } from '../../vendors/types.ts';
import { unwrapped } from '../intake/order.ts';
import { CELL_CHARS, damageOf, tooLong } from '../intake/rows.ts';
import type { EditPlace } from '../journal/mend.ts';
import type { Job, JournalRow, Mended } from '../types.ts';

/** Whether a person may edit a row, and where the edit goes; else why not. */
export type Editing = { readonly place: EditPlace } | { readonly place: null; readonly why: Bilingual };

function no(zh: string, en: string): Editing {
  return { place: null, why: { zh, en } };
}

/** Rows that surely were not sent for a cause of their own. */
const MENDABLE: ReadonlySet<NotSentReason> = new Set(['set_aside', 'rejected', 'unreadable']);

/** What stands against editing a row, whatever the job's state. */
function rowRefuses(job: Job, row: JournalRow): Editing | null {
  if (job.kind === 'undo')
    return no('撤销任务写回的是原来的值，不能改', 'A reverse job writes back what was there before; it is not edited');
  if (row.movedTo !== null)
    return no(
      `这一行已转入任务 ${row.movedTo}，请在那里改`,
      `Job ${row.movedTo} has taken the row over; mend it there`,
    );
  switch (row.state) {
    case 'succeeded':
      return no('这一行已成功', 'The row has succeeded');
    case 'sending':
      return no('这一行正在发送', 'The row is being sent');
    case 'unknown':
      return no('这一行结果未知，先查证或决定', 'The row is in doubt; verify it or decide first');
    case 'failed':
    case 'not_sent':
      return row.failure !== null && retryClassOf(row.failure.class) === 'never'
        ? no('按供应商的答复，改了重发也没有用', 'By what the vendor said, mending and sending it again is of no use')
        : null;
  }
}

/**
 * Whether a row may be edited: in a job that has not begun what is set aside or waits, in the row itself; later what failed, was rejected, unreadable or set
 * aside, for a follow-up. Rows that succeeded or are in doubt never, nor those whose failure no mending cures.
 */
export function editingOf(job: Job, row: JournalRow): Editing {
  const refused = rowRefuses(job, row);
  if (refused !== null) return refused;
  const unbegun = job.state === 'ready' && job.startedAt === null;
  if (unbegun && row.attempts === 0 && (row.reason === 'set_aside' || row.reason === 'pending'))
    return { place: 'row' };
  if (job.state === 'intake' || job.state === 'running')
    return no('任务正在进行，先暂停', 'The job is at work; pause it first');
  if (row.state === 'failed' || (row.reason !== null && MENDABLE.has(row.reason))) return { place: 'follow_up' };
  return no('这一行没有可改的', 'There is nothing to mend in this row');
}

/** The operation's field that holds the order's number. */
export function orderFieldOf(operation: UpdateOperation): Field {
  const field = operation.rowFields.find(({ kind }) => kind === 'order');
  if (field === undefined) throw new Error(`${operation.id} has no field of the order`);
  return field;
}

/** A row's values by field id as a person edits them: what was mended before, what is sent, or the original cells. */
export function editable(job: Job, operation: UpdateOperation, row: JournalRow): Values {
  const order = orderFieldOf(operation).id;
  if (row.mended !== null) return { ...row.mended.values, [order]: row.mended.order };
  if (row.values !== null) return { ...row.values, [order]: row.order };
  return fromCells(job, operation, row.cells);
}

/** The values of original cells by field id, as an intake reads them. */
export function fromCells(job: Pick<Job, 'mapping'>, operation: UpdateOperation, cells: readonly string[]): Values {
  return Object.fromEntries(
    operation.rowFields.flatMap(({ id, kind }) => {
      const column = job.mapping[id];
      if (column === undefined) return [];
      const cell = cells[column] ?? '';
      return [[id, kind === 'text' ? cell : unwrapped(cell)]];
    }),
  );
}

export type CheckedEdit =
  | { readonly ok: true; readonly value: Mended; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks values as an intake would: a spreadsheet's damage first, then the definition's own rules. Every problem names its field where it has one. */
export function checkEdit(operation: UpdateOperation, values: Values, params: Values, settings: Settings): CheckedEdit {
  const problems: Problem[] = [];
  for (const field of operation.rowFields) {
    const value = values[field.id] ?? '';
    const problem = value.length > CELL_CHARS ? tooLong(field) : damageOf(value, value, field);
    if (problem !== null) problems.push(problem.field === undefined ? { ...problem, field: field.id } : problem);
  }
  if (problems.length > 0) return { ok: false, problems };
  const known = Object.fromEntries(operation.rowFields.map(({ id }) => [id, values[id] ?? '']));
  const checked = operation.checkRow(known, params, settings);
  if (!checked.ok) return checked;
  const { order, values: fit } = checked.value;
  return { ok: true, value: { order, values: fit }, warnings: checked.warnings };
}

/** Ids of the fields in which the mended row is not what it was. */
export function changedFields(operation: UpdateOperation, before: Values, after: Mended): readonly string[] {
  const order = orderFieldOf(operation).id;
  const now: Values = { ...after.values, [order]: after.order };
  return operation.rowFields.map(({ id }) => id).filter((id) => (before[id] ?? '') !== (now[id] ?? ''));
}

/** Two rows of a job with one order would be two wishes for it. */
export function sameOrder(operation: UpdateOperation, line: number): Problem {
  return problemOf('duplicate', orderFieldOf(operation), {
    zh: `第 ${line} 行已是这个订单`,
    en: `line ${line} has this order already`,
  });
}
