import type { Bilingual } from '../../contract/text.ts';
import type { LookupPage, Values } from '../vendors/types.ts';
import { partsMissing, type MissingPart, type Reader, type ReaderIo } from './reader.ts';

/** Reads page after page by their cursors, for lookups whose pages have no numbers. */
export class ChainReader implements Reader {
  readonly share = null;
  readonly again = 0;
  readonly notFound = [];
  readonly #params: Values;
  #page = 1;
  #cursor: string | null = null;
  #missing: MissingPart | null = null;
  isWhole = false;

  constructor(params: Values) {
    this.#params = params;
  }

  get missing(): readonly MissingPart[] {
    return this.#missing === null ? [] : [this.#missing];
  }

  async read(io: ReaderIo): Promise<void> {
    this.#missing = null;
    while (!this.isWhole) {
      const end = await io.ask(this.#params, this.#cursor);
      if (end.kind === 'failed') {
        const name = { zh: `第 ${this.#page} 页`, en: `Page ${this.#page}` };
        this.#missing = { name, why: end.why, failure: end.failure };
        return;
      }
      await io.take(end);
      this.#page += 1;
      this.#cursor = end.next;
      this.isWhole = end.next === null;
    }
  }

  totalRows(page: LookupPage): number | undefined {
    return page.totalRows;
  }

  totalPages(page: LookupPage): number | undefined {
    return page.totalPages;
  }

  /** The page's own reason: with nothing read behind it, there is but one. */
  whyIncomplete(): Bilingual {
    return this.#page === 1 && this.#missing !== null ? this.#missing.why : partsMissing(this.missing);
  }
}
