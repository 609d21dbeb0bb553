/** Rows of one page (what is seen and little more), and how many pages are kept: nothing in the window grows with the rows. */
export const PAGE_SIZE = 50;
export const MOST_PAGES = 10;
const MOST_CALLS = 2;

/** Where a grid's rows come from. A new object with another `version` or `total` says that the rows changed. */
export interface PageSource<Row> {
  readonly total: number;
  readonly version: string | number;
  /** At most `limit` rows from a 0-based position; rejects when they cannot be read. */
  page(offset: number, limit: number): Promise<readonly Row[]>;
}

interface Page<Row> {
  readonly rows: readonly Row[];
  /** The version whose rows these are; older ones are shown until the new ones are read. */
  readonly age: number;
}

/**
 * The pages that a grid has read, at most MOST_PAGES, the least recently seen left first. Only pages that are wanted at that moment are
 * asked for, two at a time: a bar that is dragged through a million rows asks for what it stops at.
 */
export class PageCache<Row> {
  #source: PageSource<Row>;
  readonly #changed: () => void;
  readonly #failed: (error: unknown) => void;
  readonly #pages = new Map<number, Page<Row>>();
  readonly #asked = new Set<number>();
  /** Pages that could not be read: asked for again when the rows change or other pages are seen. */
  readonly #broken = new Set<number>();
  #wanted: readonly number[] = [];
  #age = 0;

  constructor(source: PageSource<Row>, changed: () => void, failed: (error: unknown) => void) {
    this.#source = source;
    this.#changed = changed;
    this.#failed = failed;
  }

  /** How many pages are kept, for tests and measurements. */
  get size(): number {
    return this.#pages.size;
  }

  /** Takes another state of the rows. What is shown stays until it is read anew. */
  take(source: PageSource<Row>): void {
    const same = source.version === this.#source.version && source.total === this.#source.total;
    this.#source = source;
    if (!same) {
      this.#age += 1;
      this.#broken.clear();
    }
    this.#ask();
  }

  /** The row at a position, or undefined while it is not read. */
  at(index: number): Row | undefined {
    if (index >= this.#source.total) return undefined;
    return this.#pages.get(Math.floor(index / PAGE_SIZE))?.rows[index % PAGE_SIZE];
  }

  /** Whether all rows from one position to another, both included, are read. */
  has(first: number, last: number): boolean {
    for (let page = Math.floor(first / PAGE_SIZE); page * PAGE_SIZE <= last; page += 1) {
      if (!this.#pages.has(page)) return false;
    }
    return true;
  }

  /** Says which rows are seen, both included; reads what is missing. */
  want(first: number, last: number): void {
    const from = Math.floor(first / PAGE_SIZE);
    const to = Math.floor(Math.max(first, last) / PAGE_SIZE);
    const wanted = Array.from({ length: Math.min(to - from + 1, MOST_PAGES) }, (_, at) => from + at);
    if (wanted.length !== this.#wanted.length || wanted[0] !== this.#wanted[0]) this.#broken.clear();
    this.#wanted = wanted;
    for (const page of wanted) {
      const known = this.#pages.get(page);
      if (known === undefined) continue;
      this.#pages.delete(page);
      this.#pages.set(page, known);
    }
    this.#ask();
  }

  #ask(): void {
    const last = Math.floor((this.#source.total - 1) / PAGE_SIZE);
    for (const page of this.#wanted) {
      if (this.#asked.size >= MOST_CALLS) return;
      if (page > last || this.#asked.has(page) || this.#broken.has(page)) continue;
      if (this.#pages.get(page)?.age !== this.#age) void this.#read(page);
    }
  }

  async #read(page: number): Promise<void> {
    const age = this.#age;
    this.#asked.add(page);
    try {
      const rows = await this.#source.page(page * PAGE_SIZE, PAGE_SIZE);
      this.#keep(page, { rows, age });
    } catch (error) {
      this.#broken.add(page);
      this.#failed(error);
    } finally {
      this.#asked.delete(page);
    }
    this.#ask();
  }

  #keep(page: number, read: Page<Row>): void {
    this.#pages.delete(page);
    this.#pages.set(page, read);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= MOST_PAGES) break;
      if (!this.#wanted.includes(oldest)) this.#pages.delete(oldest);
    }
    this.#changed();
  }
}
