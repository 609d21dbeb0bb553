import type { Values } from '../../vendors/types.ts';
import type { PendingRow } from '../journal/reads.ts';

/** A row on its way to the vendor. */
export interface FedRow {
  readonly rowNo: number;
  readonly order: string;
  readonly values: Values;
  /** The present values that the row takes for granted; null when it takes none. */
  readonly expects: Values | null;
  /** The present values that the preview showed; null when nobody has seen any. */
  readonly seen: Values | null;
  /** Whether a person wants it sent although its state was seen to forbid it. */
  readonly insisted: boolean;
}

/** Rows that go out in one call, and what has been tried with them. */
export interface Unit {
  readonly rows: readonly FedRow[];
  readonly limitTries: number;
  readonly clockTries: number;
  /** Calls made so far to find the one row that fails the batch; shared by all parts of it. */
  readonly halving: { calls: number } | null;
}

export type FetchPending = (after: number, limit: number) => Promise<readonly PendingRow[]>;

/** Few enough that a row is young when its call has ended: what lives longer costs the collector several times as much. */
const PAGE_ROWS = 250;

/**
 * Hands out the pending rows of a job in calls of at most `batchSize`, reading a page at a time, so that memory does not grow with
 * the job, and the next one when half of a page is left, so that nobody waits for it. Calls that come back (after a limit, halved) go out
 * before new rows.
 */
export class Feed {
  readonly #fetch: FetchPending;
  readonly #batchSize: number;
  /** Rows of a page. */
  readonly #limit: number;
  #page: FedRow[] = [];
  #next = 0;
  #after = 0;
  #left: number;
  #ended = false;
  #reading: Promise<void> | null = null;
  #returned: Unit[] = [];

  /** `most`: how many rows may be handed out in all. */
  constructor(fetch: FetchPending, batchSize: number, most: number) {
    this.#fetch = fetch;
    this.#batchSize = batchSize;
    this.#limit = Math.max(PAGE_ROWS, batchSize);
    this.#left = most;
  }

  /** Puts a call back to the front. */
  giveBack(unit: Unit): void {
    this.#returned.unshift(unit);
  }

  /** The next call, or null when nothing is left to hand out now; at once where no page must be read for it. */
  next(): Unit | null | Promise<Unit | null> {
    const returned = this.#returned.shift();
    if (returned !== undefined) return returned;
    if (this.#short()) return this.#readOn();
    const unit = this.#take();
    // Whoever is short of rows reads again, and is told what is wrong.
    if (this.#lacks(Math.ceil(this.#limit / 2))) this.#read().catch(() => undefined);
    return unit;
  }

  #short(): boolean {
    return this.#lacks(this.#batchSize);
  }

  /** Whether fewer rows than these, or than may still be handed out, have been read, and there may be more. */
  #lacks(rows: number): boolean {
    return this.#page.length - this.#next < Math.min(rows, this.#left) && !this.#ended;
  }

  async #readOn(): Promise<Unit | null> {
    while (this.#short()) await this.#read();
    // Another lane may have put a call back, or taken the rows, while this one waited.
    return this.#returned.shift() ?? this.#take();
  }

  #take(): Unit | null {
    const rows = this.#page.slice(this.#next, this.#next + Math.min(this.#batchSize, this.#left));
    if (rows.length === 0) return null;
    this.#next += rows.length;
    this.#left -= rows.length;
    return { rows, limitTries: 0, clockTries: 0, halving: null };
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readPage().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readPage(): Promise<void> {
    const found = await this.#fetch(this.#after, this.#limit);
    const last = found.at(-1);
    if (last === undefined) {
      this.#ended = true;
      return;
    }
    this.#after = last.rowNo;
    const rows = found.map(({ rowNo, order, fields, expects, seen, insisted }): FedRow => ({
      rowNo,
      order,
      values: JSON.parse(fields) as Values,
      expects: expects === null ? null : (JSON.parse(expects) as Values),
      seen: seen === null ? null : (JSON.parse(seen) as Values),
      insisted,
    }));
    this.#page = [...this.#page.slice(this.#next), ...rows];
    this.#next = 0;
  }
}
