/** A window of time, both ends included, ms since 1970. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The vendors' times have no finer part. */
const SECOND_MS = 1_000;
/** A span that is beyond the vendor's reach is not looked into more finely than this. */
const FINEST_MS = 3_600_000;

export const widthOf = ({ fromMs, toMs }: Span): number => toMs - fromMs;

/**
 * The two halves of a window, the newer first; none of a single second. They share the second between them: whether a vendor's end means the
 * beginning or the end of its second no document says, and an order found twice does no harm.
 */
export function halvesOf(span: Span): readonly Span[] {
  const width = widthOf(span);
  if (width <= 0) return [];
  if (width <= SECOND_MS) {
    return [
      { fromMs: span.toMs, toMs: span.toMs },
      { fromMs: span.fromMs, toMs: span.fromMs },
    ];
  }
  const middle = span.fromMs + Math.floor(width / 2 / SECOND_MS) * SECOND_MS;
  return [
    { fromMs: middle, toMs: span.toMs },
    { fromMs: span.fromMs, toMs: middle },
  ];
}

/** What a refusal for a window's range comes to: it is cut, it lies too far back, or no window at all is taken. */
export type Refused = 'cut' | 'too_old' | 'never';

/**
 * Cuts a span of time into windows, the newest first, of a width that adapts: one that the vendor refuses is halved, and so are those to come. When it refuses
 * what it has taken in that width before, it is the age: the edge is looked for, and what is older is left.
 */
export class Cuts {
  readonly #whole: Span;
  /** Windows that were cut out of refused ones, the next last. */
  readonly #queue: Span[] = [];
  #rest: Span | null;
  #width: number;
  #taken = -1;
  #edgeMs: number | null = null;

  constructor(whole: Span, widestMs: number) {
    this.#whole = whole;
    this.#rest = whole;
    this.#width = Math.max(SECOND_MS, widestMs);
  }

  /** Whether every window has been given out. */
  get isEmpty(): boolean {
    return this.#rest === null && this.#queue.length === 0;
  }

  /** What the vendor refuses for its age; null while there is no such thing. */
  get beyond(): Span | null {
    return this.#edgeMs === null ? null : { fromMs: this.#whole.fromMs, toMs: this.#edgeMs };
  }

  /** The next window; null when all were given out. */
  next(): Span | null {
    const cut = this.#cutQueue() ?? this.#cutRest();
    if (cut === null || this.#edgeMs === null || cut.toMs > this.#edgeMs) return cut;
    this.#queue.length = 0;
    this.#rest = null;
    return null;
  }

  /** The next of those that were given back; one that is wider than what is taken by now is halved first. */
  #cutQueue(): Span | null {
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) {
      if (widthOf(next) <= this.#width) return next;
      this.putBack(halvesOf(next));
    }
    return null;
  }

  #cutRest(): Span | null {
    const rest = this.#rest;
    if (rest === null) return null;
    const fromMs = Math.max(rest.fromMs, rest.toMs - this.#width);
    this.#rest = fromMs > rest.fromMs ? { fromMs: rest.fromMs, toMs: fromMs } : null;
    return { fromMs, toMs: rest.toMs };
  }

  /** Gives windows out again, the newest of them next. */
  putBack(windows: readonly Span[]): void {
    // Taken from its end, so the newest comes last.
    this.#queue.push(...windows);
    this.#queue.sort((a, b) => a.toMs - b.toMs || a.fromMs - b.fromMs);
  }

  /** The vendor answered for this window. */
  accepted(window: Span): void {
    this.#taken = Math.max(this.#taken, widthOf(window));
  }

  /** The vendor refused this window for its range. */
  refused(window: Span): Refused {
    const width = widthOf(window);
    if (this.#edgeMs !== null && window.toMs <= this.#edgeMs) return 'too_old';
    const isOld = width <= this.#taken;
    if (isOld && width <= FINEST_MS) {
      this.#edgeMs = window.toMs;
      return 'too_old';
    }
    if (width === 0) return 'never';
    if (!isOld) this.#width = Math.min(this.#width, Math.max(SECOND_MS, Math.floor(width / 2)));
    this.putBack(halvesOf(window));
    return 'cut';
  }

  /** Forgets the edge, so that what lies beyond it is asked for once more. */
  lookBeyond(): void {
    const { beyond } = this;
    this.#edgeMs = null;
    if (beyond !== null) this.putBack([beyond]);
  }
}
