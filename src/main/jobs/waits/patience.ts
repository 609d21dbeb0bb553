import { AppError } from '../../../contract/errors.ts';
import { storageReason } from '../runner/runner.ts';
import type { PauseReason } from '../types.ts';

export interface Patience {
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /** Told why it waits, and null when it waits no more. */
  readonly tellWaiting: (reason: PauseReason | null) => void;
}

const FIRST_MS = 1_000;
const MOST_MS = 30_000;
/** Tries that take about ten minutes in all. */
const MOST_TRIES = 24;

/**
 * Does a piece of work that the journal takes whole or not at all, again while the disk is full or another program holds the database. Rejects
 * with what the last try said, or when the signal says so.
 */
export async function patiently<T>(work: () => Promise<T>, { sleep, signal, tellWaiting }: Patience): Promise<T> {
  const isStopped = (): boolean => signal?.aborted === true;
  for (let tries = 0; ; tries += 1) {
    try {
      const done = await work();
      if (tries > 0) tellWaiting(null);
      return done;
    } catch (error) {
      const reason = error instanceof AppError ? storageReason(error) : null;
      const passes = reason === 'disk_full' || reason === 'database_busy';
      if (!passes || tries >= MOST_TRIES || isStopped()) throw error;
      tellWaiting(reason);
      await sleep(Math.min(MOST_MS, FIRST_MS * 2 ** tries), signal).catch(() => {});
      if (isStopped()) throw error;
    }
  }
}
