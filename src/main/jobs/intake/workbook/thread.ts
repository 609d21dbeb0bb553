import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { AppError } from '../../../../contract/errors.ts';
import { unreadableError } from '../problems.ts';
import { refuseCompound } from './cfb.ts';
import type { Answer, Task } from './messages.ts';
import { readParts, type SheetPart, type WorkbookParts } from './parts.ts';
import { changedWhileRead, damagedWorkbook, emptySheets, noSuchSheet } from './refusals.ts';
import { readSheet, type SheetRow } from './sheet.ts';
import { openZip } from './zip.ts';

const HASH_BYTES = 256 * 1024;
/** Rows of the first look at a sheet: more than a sample shows. */
const HEAD_ROWS = 60;
/** Rows of one message, whatever a sheet's gaps make of a few bytes. */
const MOST_ROWS = 2_000;

async function openParts(fd: number, { file, limits }: Task): Promise<WorkbookParts> {
  const magic = Buffer.alloc(4);
  readSync(fd, magic, 0, 4, 0);
  if (magic.toString('hex') === 'd0cf11e0') throw refuseCompound(fd, file);
  return readParts(openZip(fd, file, limits));
}

/** The first rows of a sheet from the first that has something on; none when it is empty. */
async function headOf(parts: WorkbookParts, sheet: SheetPart): Promise<SheetRow[]> {
  const head: SheetRow[] = [];
  await readSheet(parts, sheet, (rows) => {
    head.push(...rows.slice(0, HEAD_ROWS - head.length));
    return head.length < HEAD_ROWS;
  });
  return head;
}

/** The sheet that is asked for, or the first visible one with something in it, with its first rows. */
async function chooseSheet(
  parts: WorkbookParts,
  wanted: string | null,
  file: string,
): Promise<[SheetPart, SheetRow[]]> {
  const names = parts.sheets.map(({ name }) => name);
  const candidates = parts.sheets.filter(({ name, hidden }) => (wanted === null ? !hidden : name === wanted));
  if (wanted !== null && candidates.length === 0) throw noSuchSheet(file, wanted, names);
  for (const sheet of candidates) {
    const head = await headOf(parts, sheet);
    if (head.some(({ cells }) => cells.some((cell) => cell.trim() !== ''))) return [sheet, head];
  }
  const hidden = parts.sheets.filter((sheet) => sheet.hidden).map(({ name }) => name);
  throw emptySheets(file, wanted, wanted === null ? hidden : []);
}

function sha256Of(fd: number): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(HASH_BYTES);
  for (let at = 0; ;) {
    const got = readSync(fd, buffer, 0, HASH_BYTES, at);
    if (got === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, got));
    at += got;
  }
}

const unchanged = (one: Stats, other: Stats): boolean => one.size === other.size && one.mtimeMs === other.mtimeMs;

async function look(fd: number, task: Task, send: (answer: Answer) => void): Promise<void> {
  const parts = await openParts(fd, task);
  const [chosen, head] = await chooseSheet(parts, task.sheet, task.file);
  const sheets = parts.sheets.map(({ name, hidden }) => ({ name, hidden }));
  send({ kind: 'look', sheets, sheet: chosen.name, head });
  if (!task.counts) return;
  const counts: { filled: number; hidden: number }[] = [];
  for (const sheet of parts.sheets) counts.push(await readSheet(parts, sheet, () => true));
  send({ kind: 'counts', counts });
}

async function rows(
  fd: number,
  task: Task,
  send: (answer: Answer) => void,
  next: () => Promise<unknown>,
): Promise<void> {
  const before = fstatSync(fd);
  const sha256 = sha256Of(fd);
  const parts = await openParts(fd, task);
  const sheet = parts.sheets.find(({ name }) => name === task.sheet);
  if (sheet === undefined) throw changedWhileRead(task.file);
  const { hidden } = await readSheet(parts, sheet, async (batch) => {
    for (let at = 0; at < batch.length; at += MOST_ROWS) {
      await next();
      send({ kind: 'rows', rows: batch.slice(at, at + MOST_ROWS) });
    }
    return true;
  });
  await next();
  if (!unchanged(before, fstatSync(fd))) throw changedWhileRead(task.file);
  send({ kind: 'end', sha256, hidden });
}

function asAppError(error: unknown, file: string): AppError {
  if (error instanceof AppError) return error;
  // Removed, locked or taken away since it was chosen.
  if (error instanceof Error && 'syscall' in error) return unreadableError(file, error);
  return damagedWorkbook(file, { zh: '内容无法识别', en: 'its contents make no sense' });
}

function toAnswer(error: unknown, file: string): Answer {
  const known = asAppError(error, file);
  const cause = error instanceof AppError ? '' : String(error instanceof Error ? error.stack : error);
  return { kind: 'error', code: known.code, text: known.text, data: known.data, cause };
}

/** Answers one task and ends. Rows are sent one batch at a time, each when it is asked for. */
async function serve(port: MessagePort, task: Task): Promise<void> {
  const asked: (() => void)[] = [];
  let open = 0;
  port.on('message', () => {
    const waiting = asked.shift();
    if (waiting === undefined) open += 1;
    else waiting();
  });
  const next = async (): Promise<void> => {
    if (open > 0) open -= 1;
    else await new Promise<void>((resolve) => asked.push(resolve));
  };
  const send = (answer: Answer): void => port.postMessage(answer);
  try {
    const fd = openSync(task.path, 'r');
    try {
      await (task.kind === 'look' ? look(fd, task, send) : rows(fd, task, send, next));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    send(toAnswer(error, task.file));
  } finally {
    port.close();
  }
}

// The entry of the thread that reads a workbook: whatever is in the file, it hurts this thread alone.
if (parentPort === null) throw new Error('thread.ts runs as a worker thread');
void serve(parentPort, workerData as Task);
