import type { VendorFailure } from '../../contract/outcome.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { LookupPage, Values } from '../vendors/types.ts';
import type { Span } from './cuts.ts';
import { allOf } from './lanes.ts';

/** How one call ended that was answered, or not understood; what ends the whole lookup is thrown instead. */
export type CallEnd =
  LookupPage | { readonly kind: 'failed'; readonly failure: VendorFailure | null; readonly why: Bilingual };

/** What a window needs to be read. */
export interface WindowIo {
  /** Asks for one page, from 1. */
  ask(params: Values, page: number): Promise<CallEnd>;
  /** Hands the rows of a page on. */
  take(page: LookupPage): Promise<void>;
  /** The orders of a page by their numbers. */
  keysOf(page: LookupPage): readonly string[];
  outOfRange(failure: VendorFailure): boolean;
}

/** `out_of_range`: the vendor refuses the window; `moved`: its pages changed while they were read; `missing`: pages of it could not be read. */
export type WindowEnd = 'whole' | 'moved' | 'missing' | 'out_of_range';

/** A page that could not be read. */
export interface MissingPage {
  readonly page: number;
  readonly failure: VendorFailure | null;
  readonly why: Bilingual;
}

/** So often a page is asked for until it is left, beside the gateway's own repetitions. */
const TRIES = 3;

function totalsOf({ totalPages, totalRows }: LookupPage): string | null {
  return totalPages === undefined && totalRows === undefined ? null : `${totalPages ?? ''}/${totalRows ?? ''}`;
}

/**
 * One window of a lookup with its pages, as far as they are read. Reading can end at any page and goes on from there. The last page is read before those between,
 * and it and the first are read again after them: had an order come or gone meanwhile, those behind it would have moved from page to page, and
 * one of them could have been passed over.
 */
export class WindowReading {
  readonly params: Values;
  readonly span: Span | null;
  /** How often it was found to have moved. */
  moves = 0;
  /** How many pages it has; null until its first one has been read. */
  #pages: number | null = null;
  /** What its first page said of the whole; null when it said nothing. */
  #totals: string | null = null;
  #moved = false;
  readonly #read = new Map<number, readonly string[]>();
  readonly #missing = new Map<number, MissingPage>();
  /** The vendor's refusal of the whole window. */
  refusal: VendorFailure | null = null;

  constructor(params: Values, span: Span | null) {
    this.params = params;
    this.span = span;
  }

  /** Pages that could not be read at the last try, by number. */
  get missing(): readonly MissingPage[] {
    return [...this.#missing.values()].sort((a, b) => a.page - b.page);
  }

  /** Whether the vendor has answered for it. */
  get isAnswered(): boolean {
    return this.#pages !== null;
  }

  /** How much of it has been read, 0 to 1. */
  get share(): number {
    return this.#pages === null ? 0 : Math.min(1, this.#read.size / this.#pages);
  }

  /** Forgets its pages, so that it is read anew. */
  reset(): void {
    this.#pages = null;
    this.#totals = null;
    this.#moved = false;
    this.#read.clear();
    this.#missing.clear();
  }

  /** Reads what is not read yet. Rejects with what `io` throws; what was read before stays read. */
  async read(io: WindowIo): Promise<WindowEnd> {
    this.#missing.clear();
    if (!(await this.#begin(io))) return this.refusal === null ? 'missing' : 'out_of_range';
    const pages = this.#pages ?? 1;
    if (pages > 1) {
      await this.#all(io, [pages]);
      await this.#all(
        io,
        Array.from({ length: pages - 1 }, (_, at) => at + 1),
      );
      if (this.#missing.size > 0) return 'missing';
      if (!this.#moved) await this.#lookAgain(io, [pages, 1]);
      if (this.#missing.size > 0) return 'missing';
    }
    return this.#moved || this.#hasDoubles() ? 'moved' : 'whole';
  }

  /** Reads its first page, and the others one by one where the vendor does not say how many there are. */
  async #begin(io: WindowIo): Promise<boolean> {
    const walks = this.#pages === null;
    for (let page = this.#read.size + 1; this.#pages === null; page += 1) {
      const read = await this.#one(io, page);
      if (read === null) return false;
      if (page === 1) this.#totals = totalsOf(read);
      if (read.totalPages !== undefined) this.#pages = Math.max(1, read.totalPages);
      else if (read.next === null) this.#pages = page;
    }
    // Those between were read before the last one, so what moved meanwhile would not show: they only served to count.
    if (walks && this.#totals === null) for (let page = 2; page < this.#pages; page += 1) this.#read.delete(page);
    return true;
  }

  /** Reads the pages that are not read yet, side by side. */
  async #all(io: WindowIo, pages: readonly number[]): Promise<void> {
    await allOf(pages.filter((page) => !this.#read.has(page)).map((page) => this.#one(io, page)));
  }

  /** Asks for pages once more and compares them with what they were. */
  async #lookAgain(io: WindowIo, pages: readonly number[]): Promise<void> {
    await allOf(
      pages.map(async (page) => {
        const before = this.#read.get(page) ?? [];
        const read = await this.#one(io, page);
        if (read === null) return;
        const now = io.keysOf(read);
        if (now.length !== before.length || now.some((key, at) => key !== before[at])) this.#moved = true;
      }),
    );
  }

  /** Reads one page; null when it could not be read, which is then said of it. */
  async #one(io: WindowIo, page: number): Promise<LookupPage | null> {
    for (let tried = 1; ; tried += 1) {
      const end = await io.ask(this.params, page);
      if (end.kind === 'page') {
        await io.take(end);
        this.#missing.delete(page);
        this.#read.set(page, io.keysOf(end));
        this.#compare(end, page);
        return end;
      }
      const { failure, why } = end;
      if (failure !== null && page === 1 && io.outOfRange(failure)) {
        this.refusal = failure;
        return null;
      }
      if (tried < TRIES) continue;
      this.#missing.set(page, { page, failure, why });
      return null;
    }
  }

  /** A page that says something else of the whole than the first did, or is empty although the first counted it, has moved. */
  #compare(read: LookupPage, page: number): void {
    if (this.#pages === null) return;
    const totals = totalsOf(read);
    const gone = this.#totals !== null && read.rows.length === 0 && page > 1;
    if (totals === null ? gone : totals !== this.#totals) this.#moved = true;
  }

  /** Whether an order stands on two of its pages; not asked any more once it has been read again for that. */
  #hasDoubles(): boolean {
    if (this.moves > 0) return false;
    const keys = [...this.#read.values()].flat().filter((key) => key !== '');
    return new Set(keys).size < keys.length;
  }
}
