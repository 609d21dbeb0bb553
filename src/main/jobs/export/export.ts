import { randomBytes } from 'node:crypto';
import { access, link, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, appError } from '../../../contract/errors.ts';
import type { RowState } from '../../../contract/outcome.ts';
import type { Bilingual, Language } from '../../../contract/text.ts';
import { say } from '../../../contract/text.ts';
import type { Job, JobCounts, JournalRow } from '../types.ts';
import { ADDED_COLUMNS, addedName, csvRecord, protectCell } from './cells.ts';
import { addedCells } from './columns.ts';

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
const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** What a file system says that has no hard links (FAT, some network drives). */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EISDIR']);

/**
 * Writes a job as one CSV: the original cells, then outcome, code, reading, remedy, request id, time, attempts, order sent, note, surplus cells. The file
 * gets its name only when it is whole: every row written, counted by state, compared with the journal's counts, and on the disk. Throws
 * EXPORT_EXISTS, EXPORT_MISMATCH, DISK_FULL, JOB_STATE (a call is under way) or FILE_UNREADABLE; then no file is left behind.
 */
export async function exportCsv(request: ExportRequest): Promise<Exported> {
  const { path, counts } = request;
  if (counts.sending > 0) throw stillSending(counts.sending);
  if (request.overwrite !== true && (await exists(path))) throw alreadyThere(path);
  const temporary = join(dirname(path), `.${basename(path).slice(0, 80)}.${randomBytes(6).toString('hex')}.part`);
  try {
    const written = await writeWhole(temporary, request);
    checkCounts(written, counts);
    await giveName(temporary, path, request.overwrite === true);
    return { path, rows: written.total };
  } catch (cause) {
    throw asExportError(cause, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

interface Written {
  readonly total: number;
  readonly byState: Readonly<Record<RowState, number>>;
}

async function writeWhole(temporary: string, request: ExportRequest): Promise<Written> {
  const file = await open(temporary, 'wx', 0o600);
  try {
    const written = await writeRows(file, request);
    await file.sync();
    return written;
  } finally {
    await file.close();
  }
}

async function writeRows(file: FileHandle, request: ExportRequest): Promise<Written> {
  const { language, raw = false } = request;
  const protect = raw ? (cell: string): string => cell : protectCell;
  const byState: Record<RowState, number> = { succeeded: 0, failed: 0, unknown: 0, not_sent: 0, sending: 0 };
  let header = request.header;
  let text = '\uFEFF';
  let total = 0;
  const begin = (width: number): void => {
    header ??= inventedHeader(width, request.job.mapping, language);
    const added = ADDED_COLUMNS.map((column) => addedName(column, language, raw));
    text += `${csvRecord([...header.map(protect), ...added])}\r\n`;
  };
  if (header !== null) begin(header.length);
  for await (const rows of request.rows) {
    for (const row of rows) {
      if (total === 0 && header === null) begin(row.cells.length);
      const width = header?.length ?? 0;
      const padded = Array.from({ length: width }, (_, index) => row.cells[index] ?? '');
      text += `${csvRecord([...padded, ...addedCells(row, width, language)].map(protect))}\r\n`;
      byState[row.state] += 1;
      total += 1;
      if (text.length < FLUSH_CHARS) continue;
      await file.appendFile(text, 'utf8');
      text = '';
    }
  }
  await file.appendFile(text, 'utf8');
  return { total, byState };
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

function checkCounts({ total, byState }: Written, counts: JobCounts): void {
  const outcomes = counts.succeeded + counts.failed + counts.unknown + counts.notSent;
  const same =
    outcomes === counts.total &&
    total === counts.total &&
    byState.succeeded === counts.succeeded &&
    byState.failed === counts.failed &&
    byState.unknown === counts.unknown &&
    byState.not_sent === counts.notSent;
  if (same) return;
  throw appError(
    'EXPORT_MISMATCH',
    {
      zh: `导出的 ${total} 行与任务记录的 ${counts.total} 行（各结果之和 ${outcomes}）对不上，没有生成文件`,
      en: `The ${total} rows of the export do not agree with the job's ${counts.total} (its outcomes sum to ${outcomes}); no file was made.`,
    },
    { zh: '任务可能正在变化；请暂停任务后再导出', en: 'The job may be changing; pause it and export again.' },
    { data: { written: total, total: counts.total, outcomes } },
  );
}

/** Gives the whole file its name, without ever replacing a file that nobody asked to replace. */
async function giveName(temporary: string, path: string, overwrite: boolean): Promise<void> {
  if (overwrite) await rename(temporary, path);
  else await nameNewly(temporary, path);
  await syncFolder(dirname(path));
}

async function nameNewly(temporary: string, path: string): Promise<void> {
  try {
    // A link, unlike a rename, fails when the name is taken.
    await link(temporary, path);
  } catch (cause) {
    if (!NO_LINKS.has(codeOf(cause))) throw cause;
    if (await exists(path)) throw alreadyThere(path);
    await rename(temporary, path);
  }
}

/** Makes the name itself durable where the system can. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows opens no folders; the file's own bytes are on the disk already.
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (cause) {
    return codeOf(cause) !== 'ENOENT';
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

function asExportError(cause: unknown, path: string): unknown {
  if (cause instanceof AppError) return cause;
  const code = codeOf(cause);
  if (code === 'EEXIST') return alreadyThere(path);
  if (NO_SPACE.has(code)) {
    return appError(
      'DISK_FULL',
      {
        zh: '磁盘空间不足（或不能存放这么大的文件），没有生成导出文件',
        en: 'The disk is full, or takes no file this large; no export was made.',
      },
      { zh: '请清理空间或换一个位置再导出', en: 'Free some space or choose another place, and export again.' },
      { data: { file: basename(path), code }, cause },
    );
  }
  // The iterable's own failures (the journal's) are not ours to rename.
  if (!/^E[A-Z]+$/u.test(code)) return cause;
  return appError(
    'FILE_UNREADABLE',
    { zh: `无法写入“${basename(path)}”（${code}）`, en: `"${basename(path)}" cannot be written (${code}).` },
    {
      zh: '请检查文件夹是否存在、是否有权限，关闭占用它的程序后再试',
      en: 'Check that the folder exists and may be written to, close programs that hold the file, and try again.',
    },
    { data: { file: basename(path), code }, cause },
  );
}

function alreadyThere(path: string): AppError {
  return appError(
    'EXPORT_EXISTS',
    { zh: `“${basename(path)}”已经存在，没有覆盖`, en: `"${basename(path)}" exists already and was left as it is.` },
    { zh: '请换一个文件名，或确认覆盖', en: 'Choose another name, or ask for it to be replaced.' },
    { data: { file: basename(path) } },
  );
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
