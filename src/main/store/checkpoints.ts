import { Worker } from 'node:worker_threads';
import type { Connection } from './database.ts';

/** Changes of rows after which the write-ahead log is written back: about 16 MB of it, of an intake and of a running job alike. */
const ENOUGH_CHANGES = 20_000;

/**
 * Has a thread of its own write the log back into the database, so that the commits of the database thread, for which calls wait, need not. A
 * log that it cannot keep up with is written back by those commits after all, at `wal_autocheckpoint` pages.
 */
export class Checkpoints {
  readonly #entry: URL;
  readonly #path: string;
  #worker: Worker | null = null;
  #busy = false;
  /** It could not be started, or it ended: the commits do its work. */
  #given = false;
  #changes = 0;

  /** `entry`: `checkpoint-thread.ts`, or what it was built to. */
  constructor(entry: URL, path: string) {
    this.#entry = entry;
    this.#path = path;
  }

  /** To be called after work of the writer; asks for a checkpoint when enough was changed since the last. Never throws. */
  after(writer: Connection): void {
    if (this.#busy || this.#given) return;
    try {
      this.#askWhenDue(writer);
    } catch {
      this.#given = true;
    }
  }

  #askWhenDue(writer: Connection): void {
    const changes = Number(writer.prepare('SELECT total_changes() AS n').get()?.['n']);
    if (changes - this.#changes < ENOUGH_CHANGES) return;
    this.#changes = changes;
    this.#busy = true;
    this.#worker ??= this.#start();
    this.#worker.postMessage(null);
  }

  /** Ends the thread, after the checkpoint that is under way. */
  async close(): Promise<void> {
    this.#given = true;
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise<void>((resolve) => void worker.once('exit', () => resolve()));
    worker.postMessage('close');
    await ended;
  }

  #start(): Worker {
    const worker = new Worker(this.#entry, { workerData: this.#path, name: 'checkpoints' });
    const giveUp = (): void => {
      this.#given = true;
      this.#worker = null;
    };
    worker.on('message', () => {
      this.#busy = false;
    });
    worker.on('error', giveUp);
    worker.on('exit', giveUp);
    worker.unref();
    return worker;
  }
}
