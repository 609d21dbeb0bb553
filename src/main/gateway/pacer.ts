/** Waits that many milliseconds; rejects with the signal's reason when it is aborted. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

export interface PacerClock {
  /** A clock that never goes back, milliseconds. */
  readonly now: () => number;
  readonly sleep: Sleep;
}

/** `perSecond` may be Infinity: no limit on the rate. */
export interface PaceLimits {
  readonly perSecond: number;
  readonly concurrency: number;
}

/** How late a start may be and still keep its place in the rate: what a timer's coarseness costs is caught up, a pause is not. */
const LATE_MS = 10;
/** A back-off that we chose grows no longer than this; a wish of the vendor's is kept up to the second. */
export const BACK_OFF_CAP_MS = 15 * 60_000;
const WISH_CAP_MS = 60 * 60_000;
const TIMER_MAX_MS = 2_147_483_647;

interface Waiter {
  live: boolean;
  grant(turn: number): void;
}

/**
 * Gives out an account's slots: at most `perSecond` starts a second, evenly spaced, at most `concurrency` at once, first come first served,
 * none before the end of a back-off. A slot has a turn number, by which a reply tells whether its call began before a back-off.
 */
export class Pacer {
  readonly #clock: PacerClock;
  #interval = 0;
  #concurrency = 1;
  #running = 0;
  #turn = 0;
  /** When the next start is due. */
  #nextAt = -Infinity;
  #blockedUntil = -Infinity;
  /** The last turn given out before the latest back-off, and how many back-offs came one after another. */
  #limitedTurn = -1;
  #repeats = 0;
  #queue: Waiter[] = [];
  #head = 0;
  #live = 0;
  #timer: { readonly at: number; readonly stop: AbortController } | null = null;

  constructor(limits: PaceLimits, clock: PacerClock) {
    this.#clock = clock;
    this.#set(limits);
  }

  /** Calls that hold a slot. */
  get running(): number {
    return this.#running;
  }

  /** Callers that wait for a slot. */
  get waiting(): number {
    return this.#live;
  }

  /** When the back-off ends by the steady clock; -Infinity when there is none. */
  get blockedUntil(): number {
    return this.#blockedUntil;
  }

  /** Changes the limits; takes effect for those who wait, too. */
  adjust(limits: PaceLimits): void {
    this.#set(limits);
    // What was spaced by the old rate must not hold the new one up.
    const latest = this.#clock.now() + this.#interval;
    if (this.#nextAt > latest) this.#nextAt = latest;
    this.#pump();
  }

  /** A slot's turn number, at once when one is free. Rejects with the signal's reason. Every turn must be released. */
  take(signal?: AbortSignal): number | Promise<number> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    if (this.#live === 0 && this.#delay() === 0) return this.#grant();
    return new Promise<number>((resolve, reject) => {
      const onAbort = (): void => {
        waiter.live = false;
        this.#live--;
        if (this.#live === 0) this.#disarm();
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        live: true,
        grant: (turn) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(turn);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(waiter);
      this.#live++;
      this.#pump();
    });
  }

  /** Gives one slot back. */
  release(): void {
    this.#running--;
    if (this.#live > 0) this.#pump();
  }

  /**
   * Takes note of a limit reply to the call of that turn and returns how long the account now waits, milliseconds. `wishMs` is the vendor's own
   * (Retry-After), `baseMs` the vendor's usual. Repeated limits double it; replies to calls that began before the back-off are the same limit.
   */
  limited(turn: number, wishMs: number | undefined, baseMs: number): number {
    const now = this.#clock.now();
    const first = Math.min(Math.max(wishMs ?? baseMs, 0), WISH_CAP_MS);
    const again = turn > this.#limitedTurn;
    if (again) {
      this.#repeats++;
      this.#limitedTurn = this.#turn;
    }
    const factor = again ? 2 ** Math.min(this.#repeats - 1, 20) : 1;
    const wait = Math.max(first, Math.min(first * factor, BACK_OFF_CAP_MS));
    this.#blockedUntil = Math.max(this.#blockedUntil, now + wait);
    this.#pump();
    return this.#blockedUntil - now;
  }

  /** Takes note of a reply that was no limit: the next back-off begins small again. */
  succeeded(turn: number): void {
    if (turn > this.#limitedTurn) this.#repeats = 0;
  }

  #set(limits: PaceLimits): void {
    this.#interval = limits.perSecond > 0 ? 1000 / limits.perSecond : 0;
    this.#concurrency = Math.max(1, Math.floor(limits.concurrency));
  }

  /** Milliseconds until a start is allowed: 0 now, Infinity when a slot must be given back first. */
  #delay(): number {
    if (this.#running >= this.#concurrency) return Infinity;
    if (this.#interval === 0 && this.#blockedUntil === -Infinity) return 0;
    const now = this.#clock.now();
    if (this.#blockedUntil <= now) this.#blockedUntil = -Infinity;
    return Math.max(0, this.#blockedUntil - now, this.#interval === 0 ? 0 : this.#nextAt - now);
  }

  #grant(): number {
    if (this.#interval > 0) this.#nextAt = Math.max(this.#nextAt, this.#clock.now() - LATE_MS) + this.#interval;
    this.#running++;
    return ++this.#turn;
  }

  #pump(): void {
    while (this.#live > 0) {
      const wait = this.#delay();
      if (wait === Infinity) return this.#disarm();
      if (wait > 0) return this.#arm(wait);
      const waiter = this.#shift();
      if (waiter.live) {
        waiter.live = false;
        this.#live--;
        waiter.grant(this.#grant());
      }
    }
    this.#disarm();
  }

  #shift(): Waiter {
    const waiter = this.#queue[this.#head++];
    if (waiter === undefined) throw new Error('pacer: no one waits');
    if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return waiter;
  }

  #arm(wait: number): void {
    const ms = Math.min(Math.ceil(wait), TIMER_MAX_MS);
    const at = this.#clock.now() + ms;
    if (this.#timer !== null) {
      if (this.#timer.at <= at && this.#timer.at >= at - 1) return;
      this.#disarm();
    }
    const timer = { at, stop: new AbortController() };
    this.#timer = timer;
    this.#clock.sleep(ms, timer.stop.signal).then(
      () => {
        if (this.#timer !== timer) return;
        this.#timer = null;
        this.#pump();
      },
      () => undefined,
    );
  }

  #disarm(): void {
    const timer = this.#timer;
    this.#timer = null;
    timer?.stop.abort();
  }
}
