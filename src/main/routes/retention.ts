import { eraseJobCells } from '../jobs/erase.ts';
import type { Services } from '../services.ts';

export interface RetentionOptions {
  readonly services: Pick<Services, 'orders' | 'journal' | 'log'>;
  /** How many days customers' data is kept. */
  readonly keepDays: () => number;
  /** Whether nothing is at work that would have to wait meanwhile. */
  readonly mayErase: () => boolean;
  readonly now?: () => number;
  readonly later?: (run: () => void, ms: number) => NodeJS.Timeout;
}

const DAY_MS = 86_400_000;
/** After the start, which must not wait for it; and from then on. */
const FIRST_MS = 60_000;
const EVERY_MS = 6 * 3_600_000;
/** While something is at work. */
const AGAIN_MS = 5 * 60_000;

function afterwards(run: () => void, ms: number): NodeJS.Timeout {
  return setTimeout(run, ms).unref();
}

/** Erases what has been kept for as long as the person wants it: orders by when they were last read, cells of jobs by when those ended. */
export async function eraseOld({
  services,
  keepDays,
  now = Date.now,
}: Omit<RetentionOptions, 'mayErase'>): Promise<void> {
  const { orders, journal, log } = services;
  const count = await orders.eraseOld();
  const { rows } = await eraseJobCells(journal, { endedBeforeMs: now() - keepDays() * DAY_MS });
  if (rows > 0) await journal.call('finishErasing', undefined);
  if (count + rows > 0) log.info('erased_old', { orders: count, rows });
}

/** Erases what is too old from time to time, while nothing else is at work, until the answer is called; that resolves when nothing is under way. */
export function keepTidy(options: RetentionOptions): () => Promise<void> {
  const { services, mayErase, later = afterwards } = options;
  let running: Promise<void> = Promise.resolve();
  let timer = later(tidy, FIRST_MS);
  let ended = false;
  function tidy(): void {
    if (!mayErase()) {
      timer = later(tidy, AGAIN_MS);
      return;
    }
    running = eraseOld(options)
      .catch((error: unknown) => services.log.warn('erase_old', { error }))
      .then(() => {
        if (!ended) timer = later(tidy, EVERY_MS);
      });
  }
  return async () => {
    ended = true;
    clearTimeout(timer);
    await running;
  };
}
