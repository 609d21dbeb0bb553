/** The machine's clocks, all in milliseconds. */
interface TimeSource {
  /** The one that people set. */
  readonly now: () => number;
  /** One that nobody can set; on some systems it stands still while the machine sleeps. */
  readonly steadyNow: () => number;
  /** Since the machine was started, its sleep counted. */
  readonly uptimeMs: () => number;
}

/** What happened between two looks at the clocks; 0 where nothing did. */
export interface TimeStep {
  /** How long the machine slept, or this process was held up. */
  readonly sleptMs: number;
  /** By how much somebody set the machine's clock: ahead, or back when negative. */
  readonly clockByMs: number;
}

/** How often the clocks are compared while a job is at work. */
export const LOOK_EVERY_MS = 5_000;
/** A sleep shorter than this is none, and so is a longer time between two looks: a busy machine may be late. */
const SLEEP_FROM_MS = 10_000;
const LATE_MS = LOOK_EVERY_MS + 30_000;
/** A step of the clock below this is the system's own correction. */
const STEP_FROM_MS = 10_000;

/** Notices a sleep that no one told of (a lid, a paused virtual machine) and a clock that was set, by three clocks that differ in what they count. */
export class TimeWatch {
  readonly #source: TimeSource;
  #last: { readonly now: number; readonly steady: number; readonly up: number };

  constructor(source: TimeSource) {
    this.#source = source;
    this.#last = this.#read();
  }

  /** Forgets what was before. */
  reset(): void {
    this.#last = this.#read();
  }

  /** What has happened since the last look. */
  look(): TimeStep {
    const before = this.#last;
    const next = this.#read();
    this.#last = next;
    const steady = next.steady - before.steady;
    const hidden = next.up - before.up - steady;
    const slept = hidden >= SLEEP_FROM_MS ? hidden : steady >= LATE_MS ? steady : 0;
    // Time that went by unseen is no step of the clock.
    const clockBy = next.now - before.now - steady - (hidden >= SLEEP_FROM_MS ? hidden : 0);
    return { sleptMs: slept, clockByMs: Math.abs(clockBy) >= STEP_FROM_MS ? clockBy : 0 };
  }

  #read(): { now: number; steady: number; up: number } {
    const { now, steadyNow, uptimeMs } = this.#source;
    return { now: now(), steady: steadyNow(), up: uptimeMs() };
  }
}
