import type { RowState } from '../../../contract/outcome.ts';
import { ROW_STATES } from '../../../contract/outcome.ts';

/** How many rows reached which state. */
export type StateCounts = Readonly<Record<RowState, number>>;

/** A span of time and what was settled in it. */
export interface Bucket {
  readonly fromMs: number;
  readonly counts: StateCounts;
}

/** Most spans of a chart: more are not told apart on paper. */
export const MOST_BUCKETS = 60;

/** Widths in seconds, each a multiple of the one before, so that spans join exactly; beyond the last they double. */
const WIDTHS = [1, 2, 10, 20, 60, 120, 600, 1_200, 3_600, 7_200, 21_600, 43_200, 86_400];
/** Spans begin where a clock of Beijing shows round numbers. */
const BEIJING_S = 8 * 3_600;

type Counts = Record<RowState, number>;

export function noCounts(): Counts {
  return Object.fromEntries(ROW_STATES.map((state) => [state, 0])) as Counts;
}

/**
 * Counts by time in at most `MOST_BUCKETS` equal spans, whatever comes in whatever order: where a time would need more, the spans are joined to wider
 * ones. Memory is that of the spans.
 */
export class Histogram {
  #width = 1;
  #buckets = new Map<number, Counts>();

  /** Width of a span, seconds. */
  get widthS(): number {
    return this.#width;
  }

  /** Adds rows that reached a state in a second since 1970. */
  add(second: number, state: RowState, count: number): void {
    const at = (): number => Math.floor((second + BEIJING_S) / this.#width);
    while (this.#span(at()) > MOST_BUCKETS) this.#widen();
    const counts = this.#buckets.get(at()) ?? noCounts();
    counts[state] += count;
    this.#buckets.set(at(), counts);
  }

  /** All spans from the first to the last, empty ones between them included. */
  buckets(): readonly Bucket[] {
    if (this.#buckets.size === 0) return [];
    const first = Math.min(...this.#buckets.keys());
    return Array.from({ length: this.#span(first) }, (_, index) => ({
      fromMs: ((first + index) * this.#width - BEIJING_S) * 1_000,
      counts: this.#buckets.get(first + index) ?? noCounts(),
    }));
  }

  /** Spans from the first to the last, when there is one at `index`. */
  #span(index: number): number {
    const all = [...this.#buckets.keys(), index];
    return Math.max(...all) - Math.min(...all) + 1;
  }

  #widen(): void {
    const next = WIDTHS.find((width) => width > this.#width) ?? this.#width * 2;
    const factor = next / this.#width;
    const joined = new Map<number, Counts>();
    for (const [index, counts] of this.#buckets) {
      const to = Math.floor(index / factor);
      const sum = joined.get(to) ?? noCounts();
      for (const state of ROW_STATES) sum[state] += counts[state];
      joined.set(to, sum);
    }
    this.#width = next;
    this.#buckets = joined;
  }
}
