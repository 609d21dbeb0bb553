import { setImmediate } from 'node:timers/promises';

interface Timer {
  readonly atMs: number;
  wake(): void;
}

/** Time that passes only while nothing works but sleepers: then from one's end to the next. */
export class FakeTime {
  nowMs: number;
  #timers: Timer[] = [];
  readonly #working = new Set<Promise<unknown>>();

  constructor(nowMs = 0) {
    this.nowMs = nowMs;
  }

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const timer: Timer = {
        atMs: this.nowMs + ms,
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.#timers = this.#timers.filter((one) => one !== timer);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#timers.push(timer);
    });
  };

  /** Real work, such as a call of the journal's: no time passes while it lasts. */
  during<T>(work: Promise<T>): Promise<T> {
    const done = (): void => void this.#working.delete(watched);
    const watched: Promise<void> = work.then(done, done);
    this.#working.add(watched);
    return work;
  }

  /** Lets time pass until the work is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    const state = { isDone: false };
    const isDone = (): boolean => state.isDone;
    const done = work.finally(() => {
      state.isDone = true;
    });
    done.catch(() => {});
    while (!isDone()) {
      for (let turn = 0; turn < 5; turn += 1) await setImmediate();
      if (isDone()) break;
      if (this.#working.size > 0) {
        await Promise.all(this.#working);
        continue;
      }
      const next = this.#timers.toSorted((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) continue;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.wake();
    }
    return done;
  }

  /** Sleepers that are left. */
  get sleeping(): number {
    return this.#timers.length;
  }
}
