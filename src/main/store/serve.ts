import { mkdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { appError, type AppError } from '../../contract/errors.ts';
import type { ErrorCode, ErrorText } from '../../contract/errors.ts';
import { Checkpoints } from './checkpoints.ts';
import { durability, openReader, openWriter, type Connection } from './database.ts';
import { storeError } from './errors.ts';
import { takeWriterLock } from './lock.ts';
import { CUSTOMERS, JOURNAL, type DatabaseKind } from './schema.ts';

/** The two connections of the worker thread: long reads never hold up the writer's transaction. */
export interface Databases {
  readonly writer: Connection;
  readonly reader: Connection;
}

/** A named piece of work in the worker thread. Arguments and results are plain data. */
export type Procedure<A, R> = (databases: Databases, args: A) => R;
export type Procedures = Readonly<Record<string, Procedure<never, unknown>>>;

export interface StoreOptions {
  /** The folder of the database, made when absent. */
  readonly folder: string;
  /** Which of the folder's databases; the journal by default. The customers' one has no writer's lock: several processes may write it. */
  readonly database?: 'journal' | 'customers';
  /** `write` takes the writer's lock; `read` never writes and fails when there is no database yet. */
  readonly mode: 'write' | 'read';
  /** How long a write waits for another program's lock, ms; 5,000 by default. */
  readonly busyMs?: number;
}

export const DATABASE_FILE = JOURNAL.file;
export const LOCK_FILE = 'writer.lock';

export interface RequestMessage {
  readonly id: number;
  readonly name: string;
  readonly args: unknown;
}
export type ReplyMessage =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: WireError };

/** An AppError as plain data; the cause is reduced to its message, for the log. */
export interface WireError {
  readonly code: ErrorCode;
  readonly text: ErrorText;
  readonly data: Readonly<Record<string, string | number | boolean>>;
  readonly cause: string;
}

function toWire(error: unknown): WireError {
  const known: AppError = storeError(error);
  const cause = known.cause instanceof Error ? (known.cause.stack ?? known.cause.message) : '';
  return { code: known.code, text: known.text, data: known.data, cause };
}

function noDatabase(): AppError {
  return appError(
    'DATABASE_MISSING',
    { zh: '这里还没有任务记录。', en: 'There is no journal here yet.' },
    { zh: '第一次批量修改时会建立。', en: 'It is made with the first bulk update.' },
  );
}

function openBoth(path: string, kind: DatabaseKind, busyMs: number | undefined): Databases & { close(): void } {
  const writer = openWriter(path, process.platform, busyMs, kind);
  try {
    const reader = openReader(path);
    const close = (): void => {
      reader.close();
      writer.close();
    };
    return { writer, reader, close };
  } catch (error) {
    writer.close();
    throw error;
  }
}

function open(options: StoreOptions): Databases & { close(): void } {
  const kind = options.database === 'customers' ? CUSTOMERS : JOURNAL;
  const path = join(options.folder, kind.file);
  if (options.mode === 'read') {
    if (!existsSync(path)) throw noDatabase();
    const reader = openReader(path);
    return { writer: reader, reader, close: () => reader.close() };
  }
  if (!existsSync(options.folder)) mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  if (!kind.locked) return openBoth(path, kind, options.busyMs);
  const lock = takeWriterLock(join(options.folder, LOCK_FILE));
  try {
    const both = openBoth(path, kind, options.busyMs);
    const close = (): void => {
      both.close();
      lock.release();
    };
    return { ...both, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function tryOpen(options: StoreOptions, send: (message: ReplyMessage) => void): ReturnType<typeof open> | null {
  try {
    const opened = open(options);
    send({ id: 0, ok: true, value: null });
    return opened;
  } catch (error) {
    send({ id: 0, ok: false, error: toWire(error) });
    return null;
  }
}

/** Whoever writes the journal has its log written back beside it; the customers' database is written too little for that. */
function checkpointsOf(options: StoreOptions, entry: URL | null): Checkpoints | null {
  if (entry === null || options.mode !== 'write' || options.database === 'customers') return null;
  return new Checkpoints(entry, join(options.folder, DATABASE_FILE));
}

/**
 * Serves the procedures on the port of a worker thread until it is told to close. The first message that leaves says whether
 * the database could be opened (id 0). `checkpointer` is the entry of the thread that writes the journal's log back; null for none.
 */
export function serve(
  port: MessagePort,
  options: StoreOptions,
  procedures: Procedures,
  checkpointer: URL | null = null,
): void {
  const send = (message: ReplyMessage): void => {
    port.postMessage(message);
  };
  const opened = tryOpen(options, send);
  if (opened === null) {
    port.close();
    return;
  }
  const checkpoints = checkpointsOf(options, checkpointer);
  const close = async (id: number): Promise<void> => {
    await checkpoints?.close();
    try {
      opened.close();
      send({ id, ok: true, value: null });
    } catch (error) {
      send({ id, ok: false, error: toWire(error) });
    }
    port.close();
  };
  port.on('message', (message: RequestMessage) => {
    if (message.name === 'close') return void close(message.id);
    try {
      if (message.name === 'durability') {
        send({ id: message.id, ok: true, value: durability(opened.writer) });
        return;
      }
      const procedure = Object.hasOwn(procedures, message.name) ? procedures[message.name] : undefined;
      if (procedure === undefined) throw new Error(`no procedure ${message.name}`);
      // The client's types tie each name to its arguments; here they are only handed on.
      send({ id: message.id, ok: true, value: procedure(opened, message.args as never) });
    } catch (error) {
      send({ id: message.id, ok: false, error: toWire(error) });
    }
    // After the answer: what was committed is not held up by it, nor told as failed.
    checkpoints?.after(opened.writer);
  });
}
