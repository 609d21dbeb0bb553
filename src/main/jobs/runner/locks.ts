import type { Exclusive } from '../../vendors/types.ts';

/** What a call holds while it runs, and for a while after it. Ended once; ending it again does nothing. */
export interface Turn {
  /** The result is known, or nothing was sent: the next call may go. */
  end(): void;
  /** The call has ended without a result: each key stays taken for its time. */
  cool(): void;
}

interface Holder {
  /** When it ends by itself, steady ms; Infinity while the call runs. */
  untilMs: number;
}

/**
 * Who has which key: machines and the like that take one call at a time. One for all runs of a process, as two jobs may want the same one.
 * Times are those of a clock that nobody sets.
 */
export class KeyLocks {
  readonly #now: () => number;
  readonly #held = new Map<string, Holder>();
  #waiting: (() => void)[] = [];

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether all keys are free. */
  isFree(keys: readonly Exclusive[]): boolean {
    return keys.every(({ key }) => this.#live(key) === undefined);
  }

  /** All keys for one call, or null when one of them is taken. */
  take(keys: readonly Exclusive[]): Turn | null {
    return this.isFree(keys) ? this.#hold(keys, () => Infinity) : null;
  }

  /** Keys of a call that was sent `sinceMs` ago, in this process or another, and has no known result: taken for what is left of their times. */
  resume(keys: readonly Exclusive[], sinceMs: number): Turn {
    // A clock that was set back must not hold a machine longer than its own time.
    const since = Math.max(0, sinceMs);
    const left = keys.filter(({ key, ms }) => ms > since && this.#live(key) === undefined);
    return this.#hold(left, ({ ms }) => this.#now() + ms - since);
  }

  /** How long until the first of the taken keys ends by itself, ms; Infinity when none does. */
  nextMs(): number {
    const nowMs = this.#now();
    let least = Infinity;
    for (const [key, { untilMs }] of this.#held) {
      if (untilMs > nowMs) least = Math.min(least, untilMs);
      // One that has ended must not be waited for again and again.
      else this.#held.delete(key);
    }
    return least - nowMs;
  }

  /** Resolves when a key was given back or began to cool; ends by themselves are told by `nextMs`. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #live(key: string): Holder | undefined {
    const holder = this.#held.get(key);
    if (holder === undefined || holder.untilMs > this.#now()) return holder;
    this.#held.delete(key);
    return undefined;
  }

  #hold(keys: readonly Exclusive[], untilMs: (one: Exclusive) => number): Turn {
    const mine = keys.map((one): readonly [Exclusive, Holder] => [one, { untilMs: untilMs(one) }]);
    for (const [{ key }, holder] of mine) this.#held.set(key, holder);
    return {
      end: () => {
        // A key that ended by itself may be another's by now.
        for (const [{ key }, holder] of mine) if (this.#held.get(key) === holder) this.#held.delete(key);
        this.#tell();
      },
      cool: () => {
        for (const [{ ms }, holder] of mine) holder.untilMs = Math.min(holder.untilMs, this.#now() + ms);
        this.#tell();
      },
    };
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
