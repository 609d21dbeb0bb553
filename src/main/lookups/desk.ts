import { randomUUID } from 'node:crypto';
import type { Account } from '../../contract/account.ts';
import { AppError, appError } from '../../contract/errors.ts';
import type { LookupStatus } from '../../contract/lookup.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { Gateway } from '../gateway/types.ts';
import type { LookupOperation, Values } from '../vendors/types.ts';
import { ResultSet } from './results.ts';
import { checkedForm, runLookup, type LookupResult } from './run.ts';

/** Most rows of one lookup; the rest is left and said to be left. */
export const MOST_RESULT_ROWS = 100_000;
/** Lookups whose rows are kept. */
const MOST_LOOKUPS = 3;

export interface LookupDeskOptions {
  readonly gateway: Pick<Gateway, 'lookup'>;
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

interface Kept extends Lookup {
  readonly stop: AbortController;
  ended: Promise<void>;
  standing: Omit<LookupStatus, 'rows' | 'selected' | 'lookupId' | 'accountId' | 'operation'>;
}

function gone(): Error {
  return appError(
    'LOOKUP_GONE',
    { zh: '这次查询的结果已不在内存里。', en: 'The result of this lookup is no longer in memory.' },
    { zh: '请重新查询。', en: 'Look up again.' },
  );
}

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
    const { warnings } = checkedForm(operation, params, account.settings);
    const lookup: Kept = {
      id: randomUUID(),
      account,
      operation,
      results: new ResultSet(operation.columns),
      stop: new AbortController(),
      ended: Promise.resolve(),
      standing: {
        running: true,
        pages: 0,
        totalRows: null,
        totalPages: null,
        complete: false,
        failure: null,
        why: null,
        warnings,
        readAtMs: null,
      },
    };
    this.#kept.set(lookup.id, lookup);
    this.#dropOldest();
    lookup.ended = this.#run(lookup, params);
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

  async #run(lookup: Kept, params: Values): Promise<void> {
    const { account, operation, results, stop } = lookup;
    const { gateway, now = Date.now, mostRows = MOST_RESULT_ROWS } = this.#options;
    const request = { gateway, account, operation, params, signal: stop.signal, most: mostRows };
    const end = await runLookup(request, (page) => {
      results.add(page.rows);
      const { standing } = lookup;
      this.#stand(lookup, {
        pages: standing.pages + 1,
        totalRows: page.totalRows ?? standing.totalRows,
        totalPages: page.totalPages ?? standing.totalPages,
        readAtMs: now(),
      });
    }).then(
      (result) => {
        this.#options.onUsed?.(account);
        return endOf(result);
      },
      (error: unknown) => this.#failed(error),
    );
    this.#stand(lookup, { running: false, ...end });
  }

  /** What was in the way, when nothing could be asked: the secret, the host. */
  #failed(error: unknown): Pick<LookupStatus, 'complete' | 'failure' | 'why'> {
    if (!(error instanceof AppError)) {
      this.#options.log?.(error);
      return { complete: false, failure: null, why: BROKE };
    }
    return { complete: false, failure: null, why: { zh: error.say('zh-CN'), en: error.say('en') } };
  }

  #stand(lookup: Kept, change: Partial<Kept['standing']>): void {
    lookup.standing = { ...lookup.standing, ...change };
    // One that was dropped is nobody's any more.
    if (this.#kept.has(lookup.id)) this.#options.tell(this.#status(lookup));
  }

  #status({ id, account, operation, results, standing }: Kept): LookupStatus {
    return {
      lookupId: id,
      accountId: account.id,
      operation: operation.id,
      rows: results.size,
      selected: results.selected,
      ...standing,
    };
  }
}

function endOf({ complete, failure, why }: LookupResult): Pick<LookupStatus, 'complete' | 'failure' | 'why'> {
  return { complete, failure, why };
}
