import type { FileHandle } from 'node:fs/promises';
import { appError, type AppError } from '../../../contract/errors.ts';
import type { RowState } from '../../../contract/outcome.ts';
import type { Bilingual, Language } from '../../../contract/text.ts';
import { say } from '../../../contract/text.ts';
import type { Job, JobCounts, JournalRow } from '../types.ts';
import { ADDED_COLUMNS, addedName, csvRecord, protectCell } from './cells.ts';
import { addedCells } from './columns.ts';
import { wholeFile } from './file.ts';

export interface ExportRequest {
  readonly job: Pick<Job, 'id' | 'mapping'>;
  /** The original header, null when the input had none. */
  readonly header: readonly string[] | null;
  /** All rows of the job, in order. */
  readonly rows: AsyncIterable<readonly JournalRow[]>;
  /** What the journal counted, of the same moment as `rows`. */
  readonly counts: JobCounts;
  readonly path: string;
  readonly language: Language;
  readonly overwrite?: boolean;
  /** Writes the cells as they are, without protections: for programs, not for spreadsheets. */
  readonly raw?: boolean;
}

export interface Exported {
  readonly path: string;
  readonly rows: number;
}

const FLUSH_CHARS = 256 * 1024;

/**
 * Writes a job as one CSV: the original cells, then outcome, code, reading, remedy, request id, time, attempts, order sent, note, line, surplus cells. The file
 * gets its name only when it is whole: every row written, counted by state, compared with the journal's counts, and on the disk. Throws
 * EXPORT_EXISTS, EXPORT_MISMATCH, DISK_FULL, JOB_STATE (a call is under way) or FILE_UNREADABLE; then no file is left behind.
 */
export async function exportCsv(request: ExportRequest): Promise<Exported> {
  const { path, counts, raw = false } = request;
  refuseSending(counts);
  const protect = raw ? (cell: string): string => cell : protectCell;
  const table = new ExportTable(request, raw);
  await wholeFile(path, request.overwrite === true, async (file) => {
    await writeCsv(file, table, protect);
    table.check(counts);
  });
  return { path, rows: table.total };
}

async function writeCsv(file: FileHandle, table: ExportTable, protect: (cell: string) => string): Promise<void> {
  let text = '\uFEFF';
  for await (const records of table.records()) {
    for (const record of records) {
      text += `${csvRecord(record.map(protect))}\r\n`;
      if (text.length < FLUSH_CHARS) continue;
      await file.appendFile(text, 'utf8');
      text = '';
    }
  }
  await file.appendFile(text, 'utf8');
}

/** What an export of a job's rows has for records, whatever the file's kind: the header, then one a row; and what has passed, by state. */
export class ExportTable {
  readonly #request: Pick<ExportRequest, 'job' | 'header' | 'rows' | 'language'>;
  readonly #raw: boolean;
  readonly #byState: Record<RowState, number> = { succeeded: 0, failed: 0, unknown: 0, not_sent: 0, sending: 0 };
  #total = 0;
  #width: number | null = null;

  /** `raw`: the header says that cells are written without protections. */
  constructor(request: Pick<ExportRequest, 'job' | 'header' | 'rows' | 'language'>, raw: boolean) {
    this.#request = request;
    this.#raw = raw;
  }

  /** Rows that have passed. */
  get total(): number {
    return this.#total;
  }

  /** Columns of the original; known when the first records have been read. */
  get width(): number {
    return this.#width ?? 0;
  }

  /** The records, unprotected, page by page; the first of the first page is the header, where there is one row or a header at all. */
  async *records(): AsyncGenerator<readonly (readonly string[])[]> {
    const { header, job, language, rows: pages } = this.#request;
    if (header !== null) yield [this.#header(header)];
    for await (const rows of pages) {
      const records: (readonly string[])[] = [];
      for (const row of rows) {
        if (this.#width === null) records.push(this.#header(inventedHeader(row.cells.length, job.mapping, language)));
        const width = this.width;
        const padded = Array.from({ length: width }, (_, index) => row.cells[index] ?? '');
        records.push([...padded, ...addedCells(row, width, language)]);
        this.#byState[row.state] += 1;
        this.#total += 1;
      }
      yield records;
    }
  }

  /** Throws EXPORT_MISMATCH where what has passed is not what the journal counted. */
  check(counts: JobCounts): void {
    const { succeeded, failed, unknown, notSent } = counts;
    const outcomes = succeeded + failed + unknown + notSent;
    const by = this.#byState;
    const same =
      outcomes === counts.total &&
      this.#total === counts.total &&
      by.succeeded === succeeded &&
      by.failed === failed &&
      by.unknown === unknown &&
      by.not_sent === notSent;
    if (!same) throw mismatch(this.#total, counts.total, outcomes);
  }

  #header(original: readonly string[]): readonly string[] {
    this.#width = original.length;
    return [...original, ...ADDED_COLUMNS.map((column) => addedName(column, this.#request.language, this.#raw))];
  }
}

/** Names for the columns of an input without a header: the mapped fields' ids, which a re-import knows, and numbers. */
function inventedHeader(
  width: number,
  mapping: Readonly<Record<string, number>>,
  language: Language,
): readonly string[] {
  const widest = Math.max(width, ...Object.values(mapping).map((column) => column + 1));
  return Array.from({ length: widest }, (_, index) => {
    const field = Object.keys(mapping).find((id) => mapping[id] === index);
    return field ?? say({ zh: `列 ${index + 1}`, en: `column ${index + 1}` }, language);
  });
}

/** That what was read is not what was counted: the job is changing. */
export function mismatch(written: number, total: number, outcomes: number): AppError {
  return appError(
    'EXPORT_MISMATCH',
    {
      zh: `导出的 ${written} 行与任务记录的 ${total} 行（各结果之和 ${outcomes}）对不上，没有生成文件`,
      en: `The ${written} rows of the export do not agree with the job's ${total} (its outcomes sum to ${outcomes}); no file was made.`,
    },
    { zh: '任务可能正在变化；请暂停任务后再导出', en: 'The job may be changing; pause it and export again.' },
    { data: { written, total, outcomes } },
  );
}

/** Throws JOB_STATE while a call is under way: the outcome of its rows is open. */
export function refuseSending({ sending }: Pick<JobCounts, 'sending'>): void {
  if (sending > 0) throw stillSending(sending);
}

function stillSending(rows: number): AppError {
  const what: Bilingual = {
    zh: `还有 ${rows} 行正在发送，结果未定，不能导出`,
    en: `${rows} rows are being sent just now, so that their outcome is open.`,
  };
  return appError(
    'JOB_STATE',
    what,
    {
      zh: '请暂停任务，等正在发送的行结束后再导出',
      en: 'Pause the job, wait for the calls under way, and export again.',
    },
    { data: { sending: rows } },
  );
}
