import type { Bilingual } from '../../../contract/text.ts';
import type { Problem, Values } from '../../vendors/types.ts';
import type { JobContext } from '../runner/types.ts';
import { changedFields, checkEdit, editable, editingOf, sameOrder } from './edit.ts';
import { notEditable } from './refusals.ts';

/** What an edit came to: saved, or what is wrong with it, at its field. */
export interface Edited {
  readonly saved: boolean;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const MOVED_ON: Bilingual = { zh: '它刚刚有了变化', en: 'it has just changed' };

/** Saves an edit of one row where it may be edited and the check lets it pass. Throws ROW_NOT_EDITABLE, JOB_NOT_FOUND. */
export async function saveEdit(context: JobContext, rowNo: number, values: Values): Promise<Edited> {
  const { job, operation, account, journal, now } = context;
  const row = await journal.call('rowAt', { jobId: job.id, rowNo });
  const editing = editingOf(job, row);
  if (editing.place === null) throw notEditable(row, editing.why);
  const checked = checkEdit(operation, values, job.params, account.settings);
  if (!checked.ok) return { saved: false, problems: checked.problems, warnings: [] };
  const fields = changedFields(operation, editable(job, operation, row), checked.value);
  const edits = [{ rowNo, ...checked.value, fields }];
  const { rowKey } = operation;
  const refused = await journal.call('editRows', { jobId: job.id, place: editing.place, edits, atMs: now(), rowKey });
  const [first] = refused;
  if (first === undefined) return { saved: true, problems: [], warnings: checked.warnings };
  if (first.line === null) throw notEditable(row, MOVED_ON);
  return { saved: false, problems: [sameOrder(operation, first.line)], warnings: [] };
}
