import { appError, type AppError } from '../../../contract/errors.ts';
import type { Problem, UpdateOperation, Values } from '../../vendors/types.ts';
import { originalCells, ownLayout, restoreCell, type OwnLayout } from '../export/cells.ts';
import { isBlank } from '../intake/csv.ts';
import { openInput, type InputSource } from '../intake/input.ts';
import { unwrapped } from '../intake/order.ts';
import type { EditPlace, RowEdit } from '../journal/mend.ts';
import type { JobContext } from '../runner/types.ts';
import type { Job } from '../types.ts';
import { changedFields, checkEdit, editable, editingOf, fromCells, sameOrder } from './edit.ts';

/** What a file of mended rows came to. */
export interface MendedFromFile {
  /** Rows of the file. */
  readonly read: number;
  readonly saved: number;
  /** Rows whose cells are those of the input. */
  readonly unchanged: number;
  /** Changed rows that are not to be mended (they succeeded, are in doubt …) or that the job does not have. */
  readonly left: number;
  /** Rows that did not pass the check, by their lines. */
  readonly refused: readonly { readonly line: number; readonly problems: readonly Problem[] }[];
}

/** Rows that are looked up and written together. */
const AT_ONCE = 500;
/** More refused rows than anyone reads are counted, not kept. */
const MOST_REFUSED = 1_000;

function notOurs(name: string): AppError {
  return appError(
    'INTAKE_HEADER',
    {
      zh: `“${name}”不是这个任务的导出文件，或没有“控制台 行号”一列，找不到对应的行。`,
      en: `"${name}" is no export of this job, or lacks its column "Console line", so its rows cannot be told.`,
    },
    {
      zh: '请用 jobs export 重新导出，只改单元格的内容，保留各列。',
      en: 'Export the job anew with "jobs export", change cells alone and keep the columns.',
    },
    { data: { file: name } },
  );
}

/** Positions of the fields among the file's original columns, by the names that the export gave them. */
function columnsOf(job: Job, operation: UpdateOperation, names: readonly string[]): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  for (const { id } of operation.rowFields) {
    const column = job.mapping[id];
    if (column === undefined) continue;
    // Without a header the export names a mapped column by its field.
    const name = job.header === null ? id : (job.header[column] ?? '');
    const at = names.indexOf(name);
    if (at >= 0) columns.set(id, at);
  }
  return columns;
}

/** One row of the file: its line in the job's input, and its fields as they stand in the file now. */
interface FileRow {
  readonly line: number;
  readonly values: Values;
}

function rowOf(
  cells: readonly string[],
  layout: OwnLayout & { readonly line: number },
  columns: ReadonlyMap<string, number>,
  operation: UpdateOperation,
): FileRow | null {
  const line = restoreCell((cells[layout.line] ?? '').trim());
  const originals = originalCells(cells, layout);
  if (!/^[1-9]\d{0,9}$/.test(line) || originals === null) return null;
  const values: Record<string, string> = {};
  for (const { id, kind } of operation.rowFields) {
    const column = columns.get(id);
    if (column === undefined) continue;
    const cell = originals[column] ?? '';
    values[id] = kind === 'text' ? cell : unwrapped(cell);
  }
  return { line: Number(line), values };
}

/**
 * Takes the mended cells of a job's own export for edits of its rows, which are found by their lines. Rows whose cells are those of the input are
 * left alone. Throws INTAKE_HEADER when it is no such file, and what reading it throws.
 */
export async function mendFromFile(context: JobContext, source: InputSource): Promise<MendedFromFile> {
  const { job, operation } = context;
  const input = await openInput(source);
  const layout = ownLayout(input.first.cells);
  if (layout === null || layout.line === null) throw notOurs(input.name);
  const { line } = layout;
  const names = layout.originals.map((index) =>
    layout.raw ? (input.first.cells[index] ?? '') : restoreCell(input.first.cells[index] ?? ''),
  );
  const columns = columnsOf(job, operation, names);
  const sum = {
    read: 0,
    saved: 0,
    unchanged: 0,
    left: 0,
    refused: [] as { line: number; problems: readonly Problem[] }[],
  };
  let waiting: FileRow[] = [];
  let header = true;
  for await (const records of input.records()) {
    for (const { cells } of records) {
      if (isBlank(cells)) continue;
      if (header) {
        header = false;
        continue;
      }
      sum.read += 1;
      const row = rowOf(cells, { ...layout, line }, columns, operation);
      if (row === null) sum.left += 1;
      else waiting.push(row);
      if (waiting.length < AT_ONCE) continue;
      await mendSome(context, waiting, sum);
      waiting = [];
    }
  }
  await mendSome(context, waiting, sum);
  return sum;
}

type Sum = {
  saved: number;
  unchanged: number;
  left: number;
  refused: { line: number; problems: readonly Problem[] }[];
};

async function mendSome(context: JobContext, rows: readonly FileRow[], sum: Sum): Promise<void> {
  const { job, journal, operation, account, now } = context;
  const found = await journal.call('rowsAtLines', { jobId: job.id, lines: rows.map(({ line }) => line) });
  const numbers = new Map(found.map(({ line, rowNo }) => [line, rowNo]));
  const edits: Record<EditPlace, RowEdit[]> = { row: [], follow_up: [] };
  const lines = new Map<number, number>();
  const refuse = (line: number, problems: readonly Problem[]): void => {
    if (sum.refused.length < MOST_REFUSED) sum.refused.push({ line, problems });
  };
  for (const { line, values } of rows) {
    const rowNo = numbers.get(line);
    if (rowNo === undefined) {
      sum.left += 1;
      continue;
    }
    const row = await journal.call('rowAt', { jobId: job.id, rowNo });
    const before = fromCells(job, operation, row.cells);
    if (Object.entries(values).every(([id, value]) => (before[id] ?? '') === value)) {
      sum.unchanged += 1;
      continue;
    }
    const editing = editingOf(job, row);
    if (editing.place === null) {
      sum.left += 1;
      continue;
    }
    const now_ = editable(job, operation, row);
    const checked = checkEdit(operation, { ...now_, ...values }, job.params, account.settings);
    if (!checked.ok) {
      refuse(line, checked.problems);
      continue;
    }
    lines.set(rowNo, line);
    edits[editing.place].push({ rowNo, ...checked.value, fields: changedFields(operation, now_, checked.value) });
  }
  for (const place of ['row', 'follow_up'] as const) {
    if (edits[place].length === 0) continue;
    const { rowKey } = operation;
    const refused = await journal.call('editRows', { jobId: job.id, place, edits: edits[place], atMs: now(), rowKey });
    sum.saved += edits[place].length - refused.length;
    for (const { rowNo, line } of refused) {
      if (line === null) sum.left += 1;
      else refuse(lines.get(rowNo) ?? 0, [sameOrder(operation, line)]);
    }
  }
}
