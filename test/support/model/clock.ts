import { setImmediate } from 'node:timers/promises';

/**
 * The time of a sequence: it stands still until something waits, and a wait takes none of ours. The machine's clock may be set wrong by
 * `skewMs`; the vendor's and the steady one may not.
 */
export class ModelClock {
  #ms: number;
  skewMs = 0;
  /** Told of each wait before it is over. */
  onSleep: () => void = () => {};

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** The true time, which never goes back. */
  readonly trueNow = (): number => this.#ms;
  /** What this machine believes. */
  readonly machineNow = (): number => this.#ms + this.skewMs;

  advance(ms: number): void {
    this.#ms += ms;
  }

  readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    const until = this.#ms + ms;
    this.onSleep();
    await setImmediate(undefined, signal === undefined ? undefined : { signal });
    this.#ms = Math.max(this.#ms, until);
  };
}
