import type { Account } from '../../contract/account.ts';
import { AppError } from '../../contract/errors.ts';
import type { KeptView, Refreshing, SavedView } from '../../contract/kept.ts';
import type { Bilingual } from '../../contract/text.ts';
import { ordersOf } from '../lookups/found.ts';
import { runLookup, type LookupResult } from '../lookups/run.ts';
import type { ChosenOrder } from '../orders/chosen.ts';
import { settledView } from '../orders/days.ts';
import type { Services } from '../services.ts';
import { vendor } from '../vendors/registry.ts';
import { shanghaiTime } from '../vendors/shared/time.ts';
import type { LookupOperation, Values } from '../vendors/types.ts';
import type { OrderDesk } from './order-desk.ts';

export interface OrderRefreshOptions {
  readonly services: Pick<Services, 'gateway' | 'orders' | 'vault'>;
  readonly desk: OrderDesk;
  /** Told how far a refresh is that the person began. */
  readonly tell: (standing: Refreshing) => void;
  readonly log: (error: unknown) => void;
  readonly now?: () => number;
}

/** Orders that one lookup asks for. */
const PIECE = 500;
/** Orders of a watched view that are read again by their numbers in one turn, the longest unread first. */
const MOST_WATCHED = 500;
/** Days back that a watched view without days of its own is looked up. */
const WATCHED_DAYS = 7;
const DAY_MS = 86_400_000;

const NO_WAY: Bilingual = {
  zh: '这个供应商不能按订单号查询；请在“查询”里按时间再查一次。',
  en: 'This vendor has no lookup by order number; look their time up again under "Look up".',
};

const GONE: Part = {
  done: 0,
  why: { zh: '这些订单的账号已经删除。', en: 'The account of these orders was removed.' },
};

const lookupsOf = (account: Account): readonly LookupOperation[] =>
  vendor(account.vendor).operations.flatMap((one) => (one.kind === 'lookup' && one.toOrder !== undefined ? [one] : []));

/** The lookup that takes many order numbers, with its field for them. */
function byNumber(account: Account): { readonly operation: LookupOperation; readonly field: string } | null {
  for (const operation of lookupsOf(account)) {
    const field = operation.plan?.kind === 'each' ? operation.params.find(({ kind }) => kind === 'orders') : undefined;
    if (field !== undefined) return { operation, field: field.id };
  }
  return null;
}

/** An order on a line of its own: with its machine, and behind that its time, where it has one. */
function lineOf({ order, machine, createdAt }: ChosenOrder): string {
  if (machine === '') return order;
  return createdAt === null ? `${order} ${machine}` : `${order} ${machine} ${shanghaiTime(createdAt)}`;
}

/** The form that asks for all orders of a span of time (ms): what it must have by its own first values, else the vendor's own choice. */
function spanParams(account: Account, operation: LookupOperation, from: number, until: number): Values | null {
  const span = operation.plan?.kind === 'pages' ? operation.plan.span : undefined;
  if (span === undefined) return null;
  const { names } = vendor(account.vendor);
  const params: Record<string, string> = {};
  for (const field of operation.params) {
    const own = field.choices?.find((choice) => names.zh.includes(choice.names.zh));
    const first = field.initial ?? (field.required ? own?.value : undefined);
    if (first !== undefined) params[field.id] = first;
  }
  return { ...params, [span.begin]: shanghaiTime(from), [span.end]: shanghaiTime(until) };
}

/** What reading some orders again came to. */
interface Part {
  readonly done: number;
  readonly why: Bilingual | null;
}

const NOT_READ: Bilingual = {
  zh: '程序内部出错，没有读完；日志里有原因。',
  en: 'An internal error ended it; the log has its cause.',
};
const whyOf = (error: unknown): Bilingual =>
  error instanceof AppError ? { zh: error.say('zh-CN'), en: error.say('en') } : NOT_READ;

/** Reads kept orders again at their vendors, one wish at a time, so that vendors are not asked twice at once for the same. */
export class OrderRefresh {
  readonly #options: OrderRefreshOptions;
  readonly #now: () => number;
  #last: Promise<unknown> = Promise.resolve();
  #stop = new AbortController();
  #standing: Refreshing = { running: false, done: 0, total: 0, why: null };

  constructor(options: OrderRefreshOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Begins to read the selected orders again and answers at once; `tell` hears how it goes on. One that is under way stays as it is. */
  start(): Refreshing {
    if (this.#standing.running) return this.#standing;
    this.#stand({ running: true, done: 0, total: 0, why: null });
    const { signal } = this.#stop;
    void this.#inTurn(() => this.#selected(signal)).then(
      () => this.#stand({ running: false }),
      (error: unknown) => {
        this.#options.log(error);
        this.#stand({ running: false, why: whyOf(error) });
      },
    );
    return this.#standing;
  }

  /** Ends what is under way; what was read stays. Resolves when it has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    await this.#last.catch(() => {});
  }

  /**
   * Reads what a saved view is about: at each of its accounts what was created in its last days, and those of its orders that have not been read for
   * the longest, by their numbers. Rejects with the first thing that was in the way, when everything else has been read.
   */
  view({ view }: SavedView): Promise<void> {
    const { signal } = this.#stop;
    return this.#inTurn(async () => {
      const began = this.#now();
      const { vault } = this.#options.services;
      const { accounts, vendors } = view.filter;
      const wanted = (await vault.list()).filter(
        (one) =>
          (accounts.length === 0 || accounts.includes(one.id)) &&
          (vendors.length === 0 || vendors.includes(one.vendor)),
      );
      const failed: unknown[] = [];
      for (const account of wanted) {
        const recent = this.#recent(account, view, signal);
        await recent.catch((error: unknown) => failed.push(error));
        const old = this.#unread(account, view, began, signal);
        await old.catch((error: unknown) => failed.push(error));
      }
      if (failed.length > 0) throw failed[0];
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.catch(() => {}).then(work);
    this.#last = mine;
    return mine;
  }

  #stand(change: Partial<Refreshing>): void {
    this.#standing = { ...this.#standing, ...change };
    this.#options.tell(this.#standing);
  }

  async #selected(signal: AbortSignal): Promise<void> {
    const { desk, services } = this.#options;
    const { selected, accounts } = await desk.chosen();
    this.#stand({ total: selected });
    for (const { accountId } of accounts) {
      const account = (await services.vault.list()).find(({ id }) => id === accountId);
      for await (const piece of desk.chosenOf(accountId)) {
        for (let at = 0; at < piece.length && !signal.aborted; at += PIECE) {
          const orders = piece.slice(at, at + PIECE);
          const { done, why } = account === undefined ? GONE : await this.#again(account, orders, signal);
          this.#stand({ done: this.#standing.done + done, ...(why === null ? {} : { why }) });
        }
      }
    }
  }

  /** Reads orders again by their numbers; what was in the way is answered. */
  async #again(account: Account, orders: readonly ChosenOrder[], signal: AbortSignal): Promise<Part> {
    const way = byNumber(account);
    if (way === null) return { done: 0, why: NO_WAY };
    const params = { [way.field]: orders.map(lineOf).join('\n') };
    try {
      const { rows, notFound, why } = await this.#lookUp(account, way.operation, params, signal);
      return { done: Math.min(orders.length, rows + notFound.length), why };
    } catch (error) {
      if (!(error instanceof AppError)) this.#options.log(error);
      return { done: 0, why: whyOf(error) };
    }
  }

  /** Looks up the orders of the last days of an account, where its vendor has a lookup by time. */
  async #recent(account: Account, view: KeptView, signal: AbortSignal): Promise<void> {
    const now = this.#now();
    const from = settledView(view, now).filter.from ?? now - WATCHED_DAYS * DAY_MS;
    for (const operation of lookupsOf(account)) {
      const params = spanParams(account, operation, from, now);
      if (params === null) continue;
      rejectIncomplete(await this.#lookUp(account, operation, params, signal));
      return;
    }
  }

  /** Reads those of a view's orders again that have not been read since `began`, the longest unread first. */
  async #unread(account: Account, view: KeptView, began: number, signal: AbortSignal): Promise<void> {
    if (byNumber(account) === null) return;
    const store = await this.#options.services.orders.open();
    const own: KeptView = {
      filter: { ...settledView(view, began).filter, accounts: [account.id] },
      sort: { column: 'read', descending: false },
    };
    const { rows } = await store.call('ordersAt', { view: own, offset: 0, limit: MOST_WATCHED });
    const old = rows.filter(({ readAt }) => readAt < began).map((row) => ({ ...row, machine: row.machine ?? '' }));
    if (old.length === 0) return;
    const { why } = await this.#again(account, old, signal);
    if (why !== null) throw new Error(why.en);
  }

  #lookUp(account: Account, operation: LookupOperation, params: Values, signal: AbortSignal): Promise<LookupResult> {
    const { gateway, orders } = this.#options.services;
    return runLookup({ gateway, account, operation, params, signal }, (finds) =>
      orders.put(account.id, ordersOf(operation, finds), this.#now()),
    );
  }
}

function rejectIncomplete({ complete, why }: LookupResult): void {
  if (!complete && why !== null) throw new Error(why.en);
}
