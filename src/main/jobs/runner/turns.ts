import type { Exclusive } from '../../vendors/types.ts';
import type { Next } from './ends.ts';
import type { FedRow, Feed, Unit } from './feed.ts';
import type { KeyLocks, Turn } from './locks.ts';

/** Calls that wait for their keys while others go on; a job of one machine alone must not be read into memory for it. */
const MOST_PARKED = 1_000;

/** Where a runner gets its calls from. */
export type UnitFeed = Pick<Feed, 'next' | 'giveBack'>;

export interface TurnOptions {
  readonly feed: UnitFeed;
  readonly locks: KeyLocks;
  readonly keysOf: (row: FedRow) => readonly Exclusive[];
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

interface Parked {
  readonly unit: Unit;
  readonly keys: readonly Exclusive[];
}

/**
 * A feed that hands a call out only with the turn of all that it takes for itself: a call whose machine is busy is parked, the next one goes
 * instead. Every unit handed out has a turn, which must be ended or left to cool.
 */
export class TurnFeed implements UnitFeed {
  readonly #options: TurnOptions;
  readonly #turns = new WeakMap<Unit, Turn>();
  #parked: Parked[] = [];

  constructor(options: TurnOptions) {
    this.#options = options;
  }

  /** The turn of a unit that was handed out. */
  turnOf(unit: Unit): Turn | null {
    return this.#turns.get(unit) ?? null;
  }

  giveBack(unit: Unit): void {
    this.#options.feed.giveBack(unit);
  }

  /** The next call whose turn it is; null when none is left, or when the run stops. */
  async next(): Promise<Unit | null> {
    const { feed, locks, keysOf, signal } = this.#options;
    while (!signal.aborted) {
      const changed = locks.changed();
      const ready = this.#unpark();
      if (ready !== null) return ready;
      if (this.#parked.length < MOST_PARKED) {
        const unit = await feed.next();
        if (unit !== null) {
          const keys = unit.rows.flatMap(keysOf);
          // What was parked before goes first, so that no call overtakes another of its machine.
          if (!this.#parked.some((one) => sharesKey(one.keys, keys)) && this.#take(unit, keys)) return unit;
          this.#parked.push({ unit, keys });
          continue;
        }
        // Another lane may have parked one while this one read.
        if (this.#parked.length === 0) return null;
      }
      await this.#wait(changed);
    }
    return null;
  }

  #take(unit: Unit, keys: readonly Exclusive[]): boolean {
    const turn = this.#options.locks.take(keys);
    if (turn === null) return false;
    this.#turns.set(unit, turn);
    return true;
  }

  /** The first parked call that may go now. */
  #unpark(): Unit | null {
    const passed = new Set<string>();
    for (const [at, { unit, keys }] of this.#parked.entries()) {
      if (!keys.some(({ key }) => passed.has(key)) && this.#take(unit, keys)) {
        this.#parked.splice(at, 1);
        return unit;
      }
      for (const { key } of keys) passed.add(key);
    }
    return null;
  }

  /** Until a key is given back, ends by itself, or the run stops. */
  async #wait(changed: Promise<void>): Promise<void> {
    const { locks, sleep, signal } = this.#options;
    const own = new AbortController();
    const both = AbortSignal.any([signal, own.signal]);
    const ms = locks.nextMs();
    const over = ms === Infinity ? aborted(both) : sleep(ms, both).catch(() => undefined);
    await Promise.race([changed, over]);
    own.abort();
  }
}

function sharesKey(a: readonly Exclusive[], b: readonly Exclusive[]): boolean {
  return a.some(({ key }) => b.some((one) => one.key === key));
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Ends a turn by what its call came to; null when nothing was sent. A row in doubt keeps its keys for their time. */
export function endTurn(turn: Turn | null, next: Next | null): void {
  if (next?.settled.some(({ state }) => state === 'unknown') === true) turn?.cool();
  else turn?.end();
}
