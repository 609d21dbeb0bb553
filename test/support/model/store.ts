import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { appError } from '../../../src/contract/errors.ts';
import type { JournalEntry } from '../../../src/main/jobs/journal/calls.ts';
import { unpackEntries, type PackedEntries } from '../../../src/main/jobs/journal/entries.ts';
import { journalProcedures, type JournalProcedures } from '../../../src/main/jobs/journal/procedures.ts';
import type { Journal } from '../../../src/main/jobs/runner/types.ts';
import { openReader, openWriter, type Connection } from '../../../src/main/store/database.ts';
import { storeError } from '../../../src/main/store/errors.ts';
import type { Databases } from '../../../src/main/store/serve.ts';
import { temporaryFolder } from '../journal.ts';

/** A journal's file, where a copy of it begins its life. */
export interface JournalFile {
  readonly folder: string;
  readonly name: string;
}

/** Where a transaction of the runner's stands: about to be written, or written and not yet told of. */
export type ApplyHook = (entries: readonly JournalEntry[], when: 'before' | 'after') => void;

/** Writes that a full disk refuses. */
const WRITES: ReadonlySet<string> = new Set(['apply', 'setJobState', 'cancelPending', 'rependRejected', 'retryRows']);

function diskFull(): Error {
  return appError('DISK_FULL', { zh: '磁盘已满', en: 'The disk is full.' }, { zh: '腾出空间', en: 'Free some.' });
}

/** A wait without an end: what becomes of the calls of a process that is gone. */
export function never<T>(): Promise<T> {
  return new Promise(() => {});
}

/** A journal that nobody has written to yet, made once: its migrations take longer than a short sequence. */
let empty: ReturnType<typeof temporaryFolder> | null = null;

/** A file system in memory, where there is one: a journal is flushed at every commit, and no sequence of a model cuts the power. */
const MEMORY = '/dev/shm';

/** A folder for the journals of one sequence. */
export function sequenceFolder(): ReturnType<typeof temporaryFolder> {
  return temporaryFolder(existsSync(MEMORY) ? MEMORY : undefined);
}

/** Puts an empty journal of today's schema into a folder. */
export function emptyJournal(folder: string): JournalFile {
  if (empty === null) {
    empty = sequenceFolder();
    openWriter(join(empty.path, 'empty.db')).close();
    const made = empty;
    process.once('exit', () => made.remove());
  }
  copyFileSync(join(empty.path, 'empty.db'), join(folder, 'journal-0.db'));
  return { folder, name: 'journal-0.db' };
}

/**
 * The journal as a process has it: the real procedures on a real file, in this thread. It can be abandoned, as by a crash: its calls never end
 * from then on, and the files as they were at that moment are the next process's.
 */
export class ModelStore {
  readonly databases: Databases;
  readonly journal: Journal;
  /** So many of the next writes are refused for want of space. */
  refusals = 0;
  onApply: ApplyHook = () => {};
  readonly #writer: Connection;
  readonly #reader: Connection;
  readonly #file: JournalFile;
  #dead = false;

  constructor(file: JournalFile) {
    this.#file = file;
    const path = join(file.folder, file.name);
    this.#writer = openWriter(path);
    this.#reader = openReader(path);
    this.databases = { writer: this.#writer, reader: this.#reader };
    this.journal = {
      call: ((name, args) => this.#call(name, args)) as Journal['call'],
      durability: () => Promise.reject(new Error('not asked for in a model')),
      close: () => Promise.resolve(),
    };
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** Ends it without another write: the copy of its database and log is what a process that died now leaves. */
  abandon(name: string): JournalFile {
    this.#dead = true;
    for (const suffix of ['', '-wal']) {
      const from = join(this.#file.folder, this.#file.name + suffix);
      if (existsSync(from)) copyFileSync(from, join(this.#file.folder, name + suffix));
    }
    this.#close();
    return { folder: this.#file.folder, name };
  }

  /** Ends it as a program does that is quit. */
  close(): JournalFile {
    this.#dead = true;
    this.#close();
    return this.#file;
  }

  #close(): void {
    this.#reader.close();
    this.#writer.close();
  }

  async #call(name: keyof JournalProcedures, args: unknown): Promise<unknown> {
    // As from another thread: the answer comes a turn later, and others may get theirs in between.
    await setImmediate();
    if (this.#dead) return never();
    const entries = name === 'apply' ? unpackEntries((args as { entries: PackedEntries }).entries) : null;
    if (entries !== null) this.onApply(entries, 'before');
    if (this.#isDead()) return never();
    if (this.refusals > 0 && WRITES.has(name)) {
      this.refusals -= 1;
      throw diskFull();
    }
    const procedure = journalProcedures[name] as (databases: Databases, args: unknown) => unknown;
    let value: unknown;
    try {
      value = procedure(this.databases, args);
    } catch (error) {
      throw storeError(error);
    }
    if (entries !== null) this.onApply(entries, 'after');
    return this.#isDead() ? never() : value;
  }

  /** Asked anew after a hook, in which the process may have died. */
  #isDead(): boolean {
    return this.#dead;
  }
}
