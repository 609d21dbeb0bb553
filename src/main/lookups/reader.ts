import type { VendorFailure } from '../../contract/outcome.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { LookupCall, LookupPage, Values } from '../vendors/types.ts';
import type { CallEnd } from './window.ts';

/** Something that a lookup could not read: a page of a window of time, an order. */
export interface MissingPart {
  readonly name: Bilingual;
  readonly why: Bilingual;
  readonly failure: VendorFailure | null;
}

/** What a reader does its work with. */
export interface ReaderIo {
  /** One call. Throws what ends the lookup. */
  ask(params: Values, cursor: string | null): Promise<CallEnd>;
  /** One call of another lookup of the vendor. Throws as `ask`. */
  askOther(call: LookupCall): Promise<CallEnd>;
  /** What jobs have kept to follow an order's rows by. */
  tracks(order: string): Promise<readonly Values[]>;
  /** Hands a page on. */
  take(page: LookupPage): Promise<void>;
  keysOf(page: LookupPage): readonly string[];
  outOfRange(failure: VendorFailure): boolean;
  /** Ends the lookup with a vendor's failure. */
  end(failure: VendorFailure): Promise<never>;
  /** Calls that go on at once. */
  readonly lanes: number;
}

/** Reads a lookup whole, in one way; keeps what is left to read, so that it can go on after it was stopped. */
export interface Reader {
  /** How much has been read, 0 to 1; null where that cannot be told. */
  readonly share: number | null;
  readonly again: number;
  readonly missing: readonly MissingPart[];
  readonly notFound: readonly string[];
  /** Whether nothing is left to read. */
  readonly isWhole: boolean;
  /** Reads what is left, and once more what could not be read. Rejects with what `io` throws. */
  read(io: ReaderIo): Promise<void>;
  /** What a page says of the whole lookup, where it says that. */
  totalRows(page: LookupPage): number | undefined;
  totalPages(page: LookupPage): number | undefined;
  /** Why it is not complete, when parts are missing. */
  whyIncomplete(): Bilingual;
}

/** Why a lookup is not complete of which parts are missing. */
export function partsMissing(parts: readonly MissingPart[]): Bilingual {
  const [first] = parts;
  if (first === undefined) return { zh: '有部分没有读到。', en: 'A part of it could not be read.' };
  const more = parts.length - 1;
  return {
    zh: `${first.name.zh}没有读到${more === 0 ? '' : `，还有另外 ${more} 处`}：${first.why.zh}`,
    en: `${first.name.en} could not be read${more === 0 ? '' : `, nor ${more} other part${more === 1 ? '' : 's'}`}: ${first.why.en}`,
  };
}
