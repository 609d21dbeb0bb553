/** What a twin may be told to do wrong. */
export type FaultKind =
  /** Waits `ms` before acting (with `acted: true` after it). */
  | 'latency'
  /** The vendor's limit reply, acted on only with `acted: true`; `retryAfter` (seconds) becomes the header. */
  | 'limit'
  /** Blocks every request for `ms` (default five minutes) of the twin's clock, this one included; not acted on. */
  | 'block'
  /** HTTP `status` (default 500) with a plain body; acted on only with `acted: true`. */
  | 'server_error'
  /** The connection is reset after the whole request was read, before acting. */
  | 'reset_before'
  /** Acted on, then the connection is reset without a reply byte. */
  | 'reset_after'
  /** A connection that served a request before is closed after reading the next; not acted on. First requests never match. */
  | 'close_reused'
  /** Acted on (unless `acted: false`); half of the reply's body comes, then the connection ends. */
  | 'truncated'
  /** An HTML page with `status` (default 200) instead of the reply; acted on only with `acted: true`. */
  | 'html'
  /** An empty body with `status` (default 200); acted on only with `acted: true`. */
  | 'empty'
  /** The twin's clock (window check and Date header) is `ms` off for this request. */
  | 'clock_skew'
  /** One order of the batch counts as unknown and the whole batch fails; `when.orders` names it, else the batch's first. */
  | 'unknown_order'
  /** A failure in the vendor's own envelope (`code`, `message`); acted on only with `acted: true`. */
  | 'failure'
  /** Acted on (unless `acted: false`); no reply ever comes, the connection stays open. */
  | 'silent';

/** Which requests a rule strikes; every given condition must hold, none given means all requests. */
export interface FaultCondition {
  /** A part of the path. */
  readonly path?: string;
  /** Counted from 1 among the requests that match `path` and `orders` since the rules were set. */
  readonly nth?: readonly number[];
  /** 0 to 1, drawn from the twin's seed: the same seed and requests strike the same ones. */
  readonly probability?: number;
  /** Requests that name one of these order numbers in path, query or body. */
  readonly orders?: readonly string[];
}

export interface FaultRule {
  readonly kind: FaultKind;
  readonly when?: FaultCondition;
  readonly ms?: number;
  readonly status?: number;
  /** Seconds. */
  readonly retryAfter?: number;
  readonly acted?: boolean;
  readonly code?: string;
  readonly message?: string;
}

/** What a rule is matched against. */
export interface FaultSubject {
  readonly path: string;
  readonly query: string;
  readonly bodyText: () => string;
  readonly reused: boolean;
}

/** A 32-bit mix of a seed and two numbers: the same numbers, the same result; well spread. */
export function mix(seed: number, a: number, b = 0): number {
  let h = (seed ^ Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

const wordCharacter = /[0-9A-Za-z]/;

/** Whether `text` holds `order` as a whole word, so that order 12 is not found in 123. */
export function names(text: string, order: string): boolean {
  for (let at = text.indexOf(order); at >= 0; at = text.indexOf(order, at + 1)) {
    const before = text[at - 1] ?? '';
    const after = text[at + order.length] ?? '';
    if (!wordCharacter.test(before) && !wordCharacter.test(after)) return true;
  }
  return false;
}

/** The rules of one twin with their counters. */
export class Faults {
  #rules: readonly FaultRule[] = [];
  #matches: number[] = [];
  readonly #struck = new Map<FaultKind, number>();
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Replaces all rules; counters start anew. */
  set(rules: readonly FaultRule[]): void {
    this.#rules = rules;
    this.#matches = rules.map(() => 0);
  }

  get none(): boolean {
    return this.#rules.length === 0;
  }

  /** How many requests each kind has struck since the twin began. */
  get struck(): Readonly<Partial<Record<FaultKind, number>>> {
    return Object.fromEntries(this.#struck);
  }

  /** The rules that strike this request, in the order they were set; counts it. */
  strike(subject: FaultSubject): readonly FaultRule[] {
    const struck = this.#matching(subject);
    for (const { kind } of struck) this.#struck.set(kind, (this.#struck.get(kind) ?? 0) + 1);
    return struck;
  }

  #matching(subject: FaultSubject): readonly FaultRule[] {
    return this.#rules.filter((rule, index) => {
      const { path, nth, probability, orders } = rule.when ?? {};
      if (rule.kind === 'close_reused' && !subject.reused) return false;
      if (path !== undefined && !subject.path.includes(path)) return false;
      if (orders !== undefined && !orders.some((order) => this.#named(subject, order))) return false;
      const count = (this.#matches[index] ?? 0) + 1;
      this.#matches[index] = count;
      if (nth !== undefined && !nth.includes(count)) return false;
      return probability === undefined || mix(this.#seed, index, count) / 2 ** 32 < probability;
    });
  }

  #named(subject: FaultSubject, order: string): boolean {
    return names(subject.path, order) || names(subject.query, order) || names(subject.bodyText(), order);
  }
}
