import type { Account } from '../../contract/account.ts';
import { appError } from '../../contract/errors.ts';
import type { VendorFailure } from '../../contract/outcome.ts';
import type { Bilingual } from '../../contract/text.ts';
import { paceOf } from '../gateway/facts.ts';
import type { Gateway } from '../gateway/types.ts';
import { vendor } from '../vendors/registry.ts';
import type { LookupOperation, LookupPage, Problem, Values } from '../vendors/types.ts';
import { Found, type Finds } from './found.ts';
import { Lanes } from './lanes.ts';
import { ChainReader } from './read-chain.ts';
import { EachReader } from './read-each.ts';
import { PageReader } from './read-pages.ts';
import type { MissingPart, Reader, ReaderIo } from './reader.ts';
import type { CallEnd } from './window.ts';

export interface LookupRequest {
  readonly gateway: Pick<Gateway, 'lookup'>;
  readonly account: Account;
  readonly operation: LookupOperation;
  /** The form as the person filled it. */
  readonly params: Values;
  /** Most orders to read; the rest is left and said to be left. */
  readonly most?: number;
  /** Calls under way at once; the account's by default. */
  readonly lanes?: number;
  /** What the account's jobs have kept to follow an order's rows by; nothing by default. */
  readonly tracks?: (order: string) => Promise<readonly Values[]>;
}

/** How far a lookup is. */
export interface LookupStanding {
  /** Orders that were found, each counted once. */
  readonly rows: number;
  readonly pages: number;
  readonly totalRows: number | null;
  readonly totalPages: number | null;
  /** How much of it has been read, 0 to 1; null where that cannot be told. */
  readonly share: number | null;
  /** How often pages were read again because orders had moved between them. */
  readonly again: number;
  /** What could not be read, named; empty while it is still being tried. */
  readonly missing: readonly MissingPart[];
  /** Order numbers that the vendor does not know. */
  readonly notFound: readonly string[];
}

/** How a lookup ended. A result that is not complete says why. */
export interface LookupResult extends LookupStanding {
  readonly complete: boolean;
  /** Whether it ended because the wanted number of rows was reached. */
  readonly enough: boolean;
  readonly failure: VendorFailure | null;
  readonly why: Bilingual | null;
  readonly warnings: readonly Problem[];
}

/** What a page brought, and the page itself. Awaited before the page counts as read; a rejection ends the lookup. */
export type Take = (finds: Finds, page: LookupPage) => void | Promise<void>;

function refused(problems: readonly Problem[]): Error {
  const zh = problems.map((problem) => problem.message.zh).join('；');
  const en = problems.map((problem) => problem.message.en).join('; ');
  return appError(
    'USAGE',
    { zh: `查询条件有误：${zh}`, en: `The lookup's form is not right: ${en}` },
    { zh: '请改正后再查。', en: 'Mend it and look up again.' },
    { data: { fields: problems.map((problem) => problem.field ?? '').join(',') } },
  );
}

const LEFT: Bilingual = {
  zh: '已达到要读的行数，后面还有。',
  en: 'The number of rows asked for is reached; there are more.',
};
const STOPPED: Bilingual = { zh: '已停止。', en: 'Stopped.' };

/** The form, checked and completed; throws USAGE with what is wrong. */
export function checkedForm(
  operation: LookupOperation,
  params: Values,
  settings: Account['settings'],
): { readonly value: Values; readonly warnings: readonly Problem[] } {
  const checked = operation.check(params, settings);
  if (!checked.ok) throw refused(checked.problems);
  return checked;
}

/** Failures that every further call would meet as well. */
const MEETS_ALL: ReadonlySet<VendorFailure['class']> = new Set([
  'sign',
  'clock',
  'permission',
  'quota',
  'limit',
  'transport',
]);
/** So many calls in a row without one that was answered end a lookup: more of them would not be. */
const MOST_IN_VAIN = 12;

/** Ends a run from within. */
class Ended extends Error {
  readonly failure: VendorFailure | null;
  readonly why: Bilingual;

  constructor(why: Bilingual, failure: VendorFailure | null = null) {
    super(why.en);
    this.why = why;
    this.failure = failure;
  }
}

function readerOf({ plan }: LookupOperation, params: Values, settings: Account['settings']): Reader {
  if (plan === undefined) return new ChainReader(params);
  return plan.kind === 'each' ? new EachReader(plan, params) : new PageReader(plan, params, settings);
}

/** A lookup of the account's vendor; a plan that names one it does not have is a mistake in it. */
function lookupOf(account: Account, id: string): LookupOperation {
  const found = vendor(account.vendor).operations.find((one) => one.id === id);
  if (found?.kind !== 'lookup') throw new Error(`${account.vendor} has no lookup ${id}`);
  return found;
}

/** One lookup that is read whole: it can be stopped, or fail, and go on where it was. */
export class Reading {
  readonly warnings: readonly Problem[];
  readonly #request: LookupRequest;
  readonly #found: Found;
  readonly #reader: Reader;
  #pages = 0;
  #totals: Pick<LookupStanding, 'totalRows' | 'totalPages'> = { totalRows: null, totalPages: null };
  #inVain = 0;
  /** Pages are handed on one after another, so that no two of them can bring the same order as new. */
  #taking: Promise<void> = Promise.resolve();

  /** Throws USAGE for a form that is not right. */
  constructor(request: LookupRequest) {
    const { account, operation } = request;
    const { value, warnings } = checkedForm(operation, request.params, account.settings);
    this.warnings = warnings;
    this.#request = request;
    this.#found = new Found(operation.columns);
    this.#reader = readerOf(operation, value, account.settings);
  }

  /** How far it is. */
  get standing(): LookupStanding {
    const { share, again, missing, notFound } = this.#reader;
    return { rows: this.#found.count, pages: this.#pages, ...this.#totals, share, again, missing, notFound };
  }

  /** Whether another run would read more. */
  get canGoOn(): boolean {
    return !this.#reader.isWhole && this.#found.count < (this.#request.most ?? Infinity);
  }

  /**
   * Reads what is left, and hands each page on as it comes. What cannot be read is named, what was read stays. Rejects with the gateway's errors (vault, host)
   * and with what `take` rejects with; whichever way it ended, another run goes on from there. `tell` hears of each page that was taken.
   */
  async run(take: Take, signal?: AbortSignal, tell: () => void = () => {}): Promise<LookupResult> {
    const { operation, account, lanes = paceOf(vendor(account.vendor), account).concurrency } = this.#request;
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    const room = new Lanes(lanes);
    this.#inVain = 0;
    let first: { readonly error: unknown } | null = null;
    const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        if (stop.signal.aborted) throw new Ended(STOPPED);
        return await work();
      } catch (error) {
        // What is under way beside it ends, too, and is read in the next run.
        first ??= { error: stop.signal.aborted ? new Ended(STOPPED) : error };
        stop.abort();
        throw error;
      }
    };
    const ask = (of: LookupOperation, params: Values, cursor: string | null): Promise<CallEnd> =>
      guarded(() => room.in(() => guarded(() => this.#ask(of, params, cursor, stop.signal))));
    const io: ReaderIo = {
      ask: (params, cursor) => ask(operation, params, cursor),
      askOther: (call) => ask(lookupOf(account, call.operation), call.params, null),
      tracks: (order) => guarded(async () => (await this.#request.tracks?.(order)) ?? []),
      take: (page) =>
        guarded(async () => {
          await this.#take(page, take);
          tell();
        }),
      keysOf: (page) => page.rows.map((row) => this.#found.keyOf(row)),
      lanes,
      outOfRange: (failure) => operation.plan?.kind === 'pages' && (operation.plan.span?.outOfRange(failure) ?? false),
      end: (failure) => guarded(() => Promise.reject(new Ended(failure.reading, failure))),
    };
    try {
      await this.#reader.read(io);
    } catch (error) {
      first ??= { error };
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
    const ended = first;
    if (ended === null) return this.#result(null);
    if (ended.error instanceof Ended) return this.#result(ended.error);
    throw ended.error;
  }

  async #ask(of: LookupOperation, params: Values, cursor: string | null, signal: AbortSignal): Promise<CallEnd> {
    const { gateway, account } = this.#request;
    const end = await gateway.lookup(account, of, params, cursor, { signal });
    if (end.kind === 'page') {
      this.#inVain = 0;
      return end;
    }
    const failure = end.kind === 'unknown' ? null : end.failure;
    const why = end.kind === 'unknown' ? end.why : end.failure.reading;
    if (failure !== null && MEETS_ALL.has(failure.class)) throw new Ended(why, failure);
    // An answer about the one order or the one window that was asked for says nothing of the others.
    if (failure?.class === 'not_found' || failure?.class === 'input') this.#inVain = 0;
    else if (++this.#inVain >= MOST_IN_VAIN) throw new Ended(why, failure);
    return { kind: 'failed', failure, why };
  }

  async #take(page: LookupPage, take: Take): Promise<void> {
    const mine = this.#taking.then(async () => {
      const { most = Infinity } = this.#request;
      const { fresh, changed, left } = this.#found.sift(page.rows, most - this.#found.count);
      await take({ fresh, changed }, page);
      this.#found.keep(fresh);
      this.#pages += 1;
      this.#totals = {
        totalRows: this.#reader.totalRows(page) ?? this.#totals.totalRows,
        totalPages: this.#reader.totalPages(page) ?? this.#totals.totalPages,
      };
      if (left || (this.#found.count >= most && page.next !== null)) throw new Ended(LEFT);
    });
    this.#taking = mine.catch(() => {});
    await mine;
  }

  #result(ended: Ended | null): LookupResult {
    const { standing, warnings } = this;
    const lost = ended === null ? (standing.missing[0] ?? null) : null;
    const why = ended?.why ?? (lost === null ? null : this.#reader.whyIncomplete());
    return {
      ...standing,
      complete: ended === null && lost === null,
      enough: ended?.why === LEFT,
      failure: ended?.failure ?? lost?.failure ?? null,
      why,
      warnings,
    };
  }
}

/** Reads a lookup whole, once. See `Reading`. */
export async function runLookup(
  request: LookupRequest & { readonly signal?: AbortSignal },
  take: Take,
): Promise<LookupResult> {
  return new Reading(request).run(take, request.signal);
}
