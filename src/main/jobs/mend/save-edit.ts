import type { Bilingual } from '../../../contract/text.ts';
import { problemOf } from '../../vendors/shared/check.ts';
import type { Problem, UpdateOperation, Values } from '../../vendors/types.ts';
import type { JobContext } from '../runner/types.ts';
import { changedFields, checkEdit, editable, editingOf, orderFieldOf } from './edit.ts';
import { notEditable } from './refusals.ts';

/** What an edit came to: saved, or what is wrong with it, at its field. */
export type Edited = {
  readonly saved: boolean;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
};

const MOVED_ON: Bilingual = { zh: '它刚刚有了变化', en: 'it has just changed' };

/** Two rows of a job with one order would be two wishes for it. */
function sameOrder(operation: UpdateOperation, line: number): Problem {
  return problemOf('duplicate', orderFieldOf(operation), {
    zh: `第 ${line} 行已是这个订单`,
    en: `line ${line} has this order already`,
  });
}

/** Checks one row's other values and puts them in its place; see `JobService.editRow`. */
export async function saveEdit(context: JobContext, rowNo: number, values: Values): Promise<Edited> {
  const { job, operation, account, journal, now } = context;
  const jobId = job.id;
  const row = await journal.call('rowAt', { jobId, rowNo });
  const editing = editingOf(job, row);
  if (editing.place === null) throw notEditable(row, editing.why);
  const checked = checkEdit(operation, values, job.params, account.settings);
  if (!checked.ok) return { saved: false, problems: checked.problems, warnings: [] };
  const fields = changedFields(operation, editable(job, operation, row), checked.value);
  const edits = [{ rowNo, ...checked.value, fields }];
  const refused = await journal.call('editRows', { jobId, place: editing.place, edits, atMs: now() });
  const [first] = refused;
  if (first === undefined) return { saved: true, problems: [], warnings: checked.warnings };
  if (first.line === null) throw notEditable(row, MOVED_ON);
  return { saved: false, problems: [sameOrder(operation, first.line)], warnings: [] };
}
