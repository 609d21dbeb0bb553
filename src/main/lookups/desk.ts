import { randomUUID } from 'node:crypto';
import type { Account } from '../../contract/account.ts';
import { AppError, appError } from '../../contract/errors.ts';
import { MOST_NAMED, type LookupStatus } from '../../contract/lookup.ts';
import type { OrderSink } from '../../contract/order.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { Gateway } from '../gateway/types.ts';
import type { LookupOperation, Values } from '../vendors/types.ts';
import { ordersOf, type Finds } from './found.ts';
import { ResultSet } from './results.ts';
import { Reading, type LookupRequest, type LookupResult } from './run.ts';

/** Most rows of one lookup that lie in memory: where orders are kept the lookup goes on beyond them, else the rest is left and said to be left. */
export const MOST_RESULT_ROWS = 100_000;
/** Lookups whose rows are kept. */
const MOST_LOOKUPS = 3;

export interface LookupDeskOptions {
  readonly gateway: Pick<Gateway, 'lookup'>;
  /** Keeps what is found; without it the rows in memory are all there is. */
  readonly sink?: OrderSink;
  /** What an account's jobs have kept to follow an order's rows by. */
  readonly tracks?: (account: Account, order: string) => Promise<readonly Values[]>;
  /** Told whenever a lookup stands otherwise than before. */
  readonly tell: (status: LookupStatus) => void;
  /** A lookup has ended that asked the vendor something. */
  readonly onUsed?: (account: Account) => void;
  /** Errors that no person can meet, for the log. */
  readonly log?: (error: unknown) => void;
  readonly now?: () => number;
  readonly mostRows?: number;
}

/** A lookup that is under way or ended, with its rows. */
export interface Lookup {
  readonly id: string;
  readonly account: Account;
  readonly operation: LookupOperation;
  readonly results: ResultSet;
}

type End = Pick<LookupStatus, 'complete' | 'failure' | 'why'>;

interface Kept extends Lookup {
  readonly reading: Reading;
  stop: AbortController;
  ended: Promise<void>;
  running: boolean;
  end: End;
  readAtMs: number | null;
}

function gone(): Error {
  return appError(
    'LOOKUP_GONE',
    { zh: '这次查询的结果已不在内存里。', en: 'The result of this lookup is no longer in memory.' },
    { zh: '请重新查询。', en: 'Look up again.' },
  );
}

const OPEN: End = { complete: false, failure: null, why: null };

const BROKE: Bilingual = {
  zh: '查询时程序内部出错；日志里有原因。',
  en: 'An internal error ended the lookup; the log has its cause.',
};

/** Lookups that are read in the background, each into a result set. The last three are kept. */
export class LookupDesk {
  readonly #options: LookupDeskOptions;
  readonly #kept = new Map<string, Kept>();

  constructor(options: LookupDeskOptions) {
    this.#options = options;
  }

  /** Begins a lookup and answers at once; `tell` hears how it goes on. Throws USAGE for a form that is not right. */
  start(account: Account, operation: LookupOperation, params: Values): LookupStatus {
    const { gateway, sink, tracks, mostRows = MOST_RESULT_ROWS } = this.#options;
    // What is kept elsewhere needs no end; what lies in memory alone does.
    const kept = sink !== undefined && operation.toOrder !== undefined;
    const request: LookupRequest = {
      gateway,
      account,
      operation,
      params,
      ...(kept ? {} : { most: mostRows }),
      ...(tracks === undefined ? {} : { tracks: (order) => tracks(account, order) }),
    };
    const lookup: Kept = {
      id: randomUUID(),
      account,
      operation,
      results: new ResultSet(operation.columns),
      reading: new Reading(request),
      stop: new AbortController(),
      ended: Promise.resolve(),
      running: false,
      end: OPEN,
      readAtMs: null,
    };
    this.#kept.set(lookup.id, lookup);
    this.#dropOldest();
    lookup.running = true;
    lookup.ended = this.#run(lookup);
    return this.#status(lookup);
  }

  /** Goes on with a lookup where it ended, and answers at once; one that runs or has nothing left stays as it is. Throws LOOKUP_GONE. */
  goOn(id: string): LookupStatus {
    const lookup = this.#get(id);
    if (lookup.running || !lookup.reading.canGoOn) return this.#status(lookup);
    lookup.stop = new AbortController();
    lookup.end = OPEN;
    lookup.running = true;
    lookup.ended = this.#run(lookup);
    return this.#status(lookup);
  }

  /** The lookup of this id; throws LOOKUP_GONE. */
  get(id: string): Lookup {
    return this.#get(id);
  }

  /** Where a lookup stands; throws LOOKUP_GONE. */
  status(id: string): LookupStatus {
    return this.#status(this.#get(id));
  }

  /** Ends a lookup; what was read stays. Resolves when it has ended. Throws LOOKUP_GONE. */
  async stop(id: string): Promise<void> {
    const lookup = this.#get(id);
    lookup.stop.abort();
    await lookup.ended;
  }

  /** Ends and forgets all lookups. */
  async close(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    for (const lookup of all) lookup.stop.abort();
    await Promise.all(all.map((lookup) => lookup.ended));
  }

  #get(id: string): Kept {
    const lookup = this.#kept.get(id);
    if (lookup === undefined) throw gone();
    return lookup;
  }

  #dropOldest(): void {
    for (const [id, lookup] of this.#kept) {
      if (this.#kept.size <= MOST_LOOKUPS) return;
      lookup.stop.abort();
      this.#kept.delete(id);
    }
  }

  async #run(lookup: Kept): Promise<void> {
    const { account, reading, stop } = lookup;
    const { now = Date.now } = this.#options;
    const take = async (finds: Finds): Promise<void> => {
      const readAtMs = now();
      await this.#keep(lookup, finds, readAtMs);
      lookup.readAtMs = readAtMs;
    };
    lookup.end = await reading
      .run(take, stop.signal, () => this.#tell(lookup))
      .then(
        (result) => {
          this.#options.onUsed?.(account);
          return endOf(result);
        },
        (error: unknown) => this.#failed(error),
      );
    lookup.running = false;
    this.#tell(lookup);
  }

  /** Keeps a page's orders, and its rows as far as there is room for them. */
  async #keep({ account, operation, results }: Kept, finds: Finds, readAtMs: number): Promise<void> {
    const { sink, mostRows = MOST_RESULT_ROWS } = this.#options;
    const orders = sink === undefined ? [] : ordersOf(operation, finds);
    if (orders.length > 0) await sink?.put(account.id, orders, readAtMs);
    results.add(finds.fresh.slice(0, Math.max(0, mostRows - results.size)));
    results.replace(finds.changed);
  }

  /** What was in the way, when nothing could be asked or kept: the secret, the host, the disk. */
  #failed(error: unknown): End {
    if (!(error instanceof AppError)) {
      this.#options.log?.(error);
      return { complete: false, failure: null, why: BROKE };
    }
    return { complete: false, failure: null, why: { zh: error.say('zh-CN'), en: error.say('en') } };
  }

  #tell(lookup: Kept): void {
    // One that was dropped is nobody's any more.
    if (this.#kept.has(lookup.id)) this.#options.tell(this.#status(lookup));
  }

  #status({ id, account, operation, results, reading, running, end, readAtMs }: Kept): LookupStatus {
    const { missing, notFound, ...standing } = reading.standing;
    return {
      lookupId: id,
      accountId: account.id,
      operation: operation.id,
      running,
      ...standing,
      held: results.size,
      missing: missing.slice(0, MOST_NAMED).map(({ name, why }) => ({ name, why })),
      missingCount: missing.length,
      notFound: notFound.slice(0, MOST_NAMED),
      notFoundCount: notFound.length,
      canContinue: !running && reading.canGoOn,
      ...end,
      warnings: reading.warnings,
      readAtMs,
      selected: results.selected,
    };
  }
}

function endOf({ complete, failure, why }: LookupResult): End {
  return { complete, failure, why };
}
