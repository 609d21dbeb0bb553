import type { VendorFailure } from '../../../contract/outcome.ts';
import type { JobState } from '../types.ts';
import type { Tally } from './tally.ts';
import type { Progress } from './types.ts';

/** At most five events a second (design, The window). */
const EVERY_MS = 200;
/** The rate is taken over about this time. */
const WINDOW_MS = 5_000;
const MOST_REASONS = 200;

/** Follows a run and tells of it, coalesced: however many rows settle, at most five events a second leave. */
export class ProgressTeller {
  readonly #jobId: number;
  readonly #tally: Tally;
  readonly #now: () => number;
  readonly #tell: (progress: Progress) => void;
  readonly #marks: { atMs: number; done: number }[] = [];
  readonly #reasons = new Map<string, { failure: VendorFailure; count: number }>();
  #lastMs = -Infinity;
  #state: JobState = 'running';
  /** Tells of what came too soon after the last telling: nothing else may come for as long as a call takes. */
  #later: NodeJS.Timeout | null = null;

  constructor(jobId: number, tally: Tally, now: () => number, tell: (progress: Progress) => void) {
    this.#jobId = jobId;
    this.#tally = tally;
    this.#now = now;
    this.#tell = tell;
  }

  /** Counts a failure towards the top reasons. */
  failed(failure: VendorFailure): void {
    const known = this.#reasons.get(failure.code);
    if (known !== undefined) known.count += 1;
    else if (this.#reasons.size < MOST_REASONS) this.#reasons.set(failure.code, { failure, count: 1 });
  }

  /** Something settled: tells of it unless it told less than 200 ms ago. */
  touch(): void {
    const sinceMs = this.#now() - this.#lastMs;
    // Less than none: the machine's clock was set back, and waiting for it to catch up could take hours.
    if (sinceMs >= EVERY_MS || sinceMs < 0) this.#emit();
    else this.#later ??= setTimeout(() => this.#emit(), EVERY_MS - sinceMs).unref();
  }

  /** The run's state changed: always told. */
  state(state: JobState): void {
    this.#state = state;
    this.#emit();
  }

  #emit(): void {
    if (this.#later !== null) clearTimeout(this.#later);
    this.#later = null;
    const nowMs = this.#now();
    if (nowMs < this.#lastMs) this.#marks.length = 0;
    this.#lastMs = nowMs;
    const counts = this.#tally.read();
    const done = counts.succeeded + counts.failed + counts.unknown;
    this.#marks.push({ atMs: nowMs, done });
    while (this.#marks.length > 2 && (this.#marks[0]?.atMs ?? nowMs) < nowMs - WINDOW_MS) this.#marks.shift();
    const first = this.#marks[0];
    const elapsed = first === undefined ? 0 : nowMs - first.atMs;
    const rate = first === undefined || elapsed < 500 ? null : ((done - first.done) * 1000) / elapsed;
    const open = counts.pending + counts.sending;
    const leftMs = rate === null || rate <= 0 ? null : Math.round((open * 1000) / rate);
    const reasons = [...this.#reasons.values()]
      .sort((a, b) => b.count - a.count)
      .slice(0, 3)
      .map(({ failure, count }) => ({ reading: failure.reading, code: failure.code, count }));
    this.#tell({ jobId: this.#jobId, state: this.#state, counts, rate, leftMs, reasons });
  }
}
