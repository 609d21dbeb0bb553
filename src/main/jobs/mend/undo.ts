import type { Bilingual } from '../../../contract/text.ts';
import type { Problem, UpdateOperation } from '../../vendors/types.ts';
import type { ReverseRow } from '../journal/mend.ts';
import { rowPages } from '../journal/pages.ts';
import type { JobContext } from '../runner/types.ts';
import type { JobSpec, JournalRow } from '../types.ts';
import { composed } from '../written.ts';
import { orderFieldOf } from './edit.ts';

/** What became of a job's succeeded rows on the way into its reverse job. */
export interface Undone {
  readonly jobId: number;
  /** Rows of the reverse job: every succeeded row of the first. */
  readonly rows: number;
  /** Rows that will be set back. */
  readonly ready: number;
  /** Rows whose old value nobody has read. */
  readonly unread: number;
  /** Rows whose old value the vendor does not take. */
  readonly refused: number;
  /** Rows that were as they are now. */
  readonly same: number;
}

const UNREAD: Problem = {
  code: 'undo.unread',
  message: {
    zh: '写入前没有读到原来的值，不能撤销',
    en: 'its old value was not read before the write, so it cannot be set back',
  },
};
const SAME: Problem = {
  code: 'undo.same',
  message: {
    zh: '写入前已是这个值，没有可撤销的',
    en: 'it was the same before the write; there is nothing to set back',
  },
};

function refusedBy(problems: readonly Problem[]): Problem {
  const words: Bilingual = {
    zh: problems.map(({ message }) => message.zh).join('；'),
    en: problems.map(({ message }) => message.en).join('; '),
  };
  const field = problems[0]?.field;
  return {
    code: 'undo.refused',
    ...(field === undefined ? {} : { field }),
    message: {
      zh: `原来的值写不回去：${words.zh}`,
      en: `its old value cannot be written back: ${words.en}`,
    },
  };
}

/** The row of a reverse job for a row that succeeded: what is written back, on which condition, or why nothing is. */
export function reverseRow(
  { operation, job, account }: Pick<JobContext, 'operation' | 'job' | 'account'>,
  row: JournalRow,
): ReverseRow {
  const cellsOf = (values: Readonly<Record<string, string>>): readonly string[] => cells(operation, row.order, values);
  const aside = (problem: Problem): ReverseRow => {
    return { line: row.line, order: row.order, cells: cellsOf({}), values: null, expects: null, problem };
  };
  if (row.oldValues === null || row.values === null || operation.undo === undefined) return aside(UNREAD);
  // Composed again with what was read before: what was written, be it only a part of what was read in.
  const written = composed(operation, { order: row.order, values: row.values }, row.oldValues, job.params);
  const back = operation.undo(written, row.oldValues, job.params);
  if (back === null) return aside(SAME);
  const order = orderFieldOf(operation).id;
  const params = operation.undoParams?.(job.params) ?? job.params;
  const checked = operation.checkRow({ ...back.values, [order]: back.order }, params, account.settings);
  if (!checked.ok) return aside(refusedBy(checked.problems));
  const { values } = back;
  return { line: row.line, order: back.order, cells: cellsOf(values), values, expects: written.values, problem: null };
}

/** Cells as if the reverse job had been read in: one for each field, so that its export can be read in again for what it is. */
function cells(operation: UpdateOperation, order: string, values: Readonly<Record<string, string>>): readonly string[] {
  return operation.rowFields.map(({ id, kind }) => (kind === 'order' ? order : (values[id] ?? '')));
}

/**
 * Makes the reverse job of a job, in its order and with its lines: of every succeeded row, ready to run where something can be set back. Answers
 * null, and leaves nothing, when no row can.
 */
export async function makeReverse(context: JobContext): Promise<Undone | null> {
  const { job, journal, operation, now } = context;
  const spec: JobSpec = {
    vendor: job.vendor,
    accountId: job.accountId,
    accountLabel: job.accountLabel,
    operation: job.operation,
    params: operation.undoParams?.(job.params) ?? job.params,
    source: job.source,
    header: operation.rowFields.map(({ id }) => id),
    mapping: Object.fromEntries(operation.rowFields.map(({ id }, index) => [id, index])),
    // The read before each write is what keeps it from undoing someone else's work.
    options: { ...job.options, readBefore: true, writeUnreadable: false, firstRows: null },
    kind: 'undo',
  };
  const at = new Date(now()).toISOString();
  const jobId = await journal.call('createJob', { spec, at, parentId: job.id });
  const sum = { rows: 0, ready: 0, unread: 0, refused: 0, same: 0 };
  try {
    for await (const page of rowPages(journal, job.id, { state: 'succeeded' })) {
      const rows = page.map((row) => reverseRow(context, row));
      await journal.call('addReverseRows', { jobId, firstRowNo: sum.rows + 1, rows });
      sum.rows += rows.length;
      for (const { problem } of rows) sum[kindOf(problem)] += 1;
    }
    if (sum.ready === 0) {
      await journal.call('dropIntake', { jobId });
      return null;
    }
    await journal.call('finishIntake', { jobId, spec });
  } catch (error) {
    await journal.call('dropIntake', { jobId }).catch(() => {});
    throw error;
  }
  return { jobId, ...sum };
}

function kindOf(problem: Problem | null): 'ready' | 'unread' | 'refused' | 'same' {
  if (problem === null) return 'ready';
  if (problem.code === UNREAD.code) return 'unread';
  return problem.code === SAME.code ? 'same' : 'refused';
}
