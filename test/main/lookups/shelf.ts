import type { Account } from '../../../src/contract/account.ts';
import type { VendorFailure } from '../../../src/contract/outcome.ts';
import type { LookupEnd } from '../../../src/main/gateway/types.ts';
import type { LookupRequest } from '../../../src/main/lookups/run.ts';
import { shanghaiMs } from '../../../src/main/vendors/shared/time.ts';
import type { LookupOperation, PagesPlan, Values } from '../../../src/main/vendors/types.ts';
import { failure } from '../../support/journal.ts';

const NAMES = { zh: '名', en: 'name' };
const unused = (): never => {
  throw new Error('the scripted gateway calls no one');
};

export const ACCOUNT: Account = {
  id: 'shop-1',
  label: 'Shop',
  vendor: 'suning',
  environment: 'twin',
  baseUrl: 'http://127.0.0.1:1',
  hosts: [],
  plain: {},
  settings: {},
  createdAt: '2026-01-01T00:00:00.000Z',
};

export const OUT_OF_RANGE: VendorFailure = failure('outofrange', 'input');
export const BROKEN: LookupEnd = { kind: 'unknown', why: { zh: '断了', en: 'it broke' } };

/** A lookup by numbered pages over a span of time, in windows of `widestMs` at most. */
export function shelfOperation(widestMs: number | null): LookupOperation {
  const plan: PagesPlan = {
    kind: 'pages',
    cursorOf: (page) => (page === 1 ? null : String(page)),
    ...(widestMs === null
      ? {}
      : {
          span: {
            begin: 'from',
            end: 'to',
            widestMs: () => widestMs,
            outOfRange: ({ code }: VendorFailure) => code === 'outofrange',
          },
        }),
  };
  return {
    kind: 'lookup',
    id: 'orders',
    names: NAMES,
    params: [],
    warnings: [],
    columns: [{ id: 'no', names: NAMES, kind: 'order' }],
    check: (params) => ({ ok: true, value: params, warnings: [] }),
    request: unused,
    read: unused,
    plan,
  };
}

export interface ShelfOrder {
  readonly no: string;
  readonly atMs: number;
}

/** What a shelf says of the whole beside each page. */
export type Totals = 'pages' | 'rows' | 'none';

/** A vendor's orders as a list that changes while it is read: pages of `pageSize`, oldest first, of the orders in a span of time. */
export class Shelf {
  readonly orders: ShelfOrder[];
  readonly pageSize: number;
  totals: Totals = 'pages';
  /** Windows wider than this, or that begin earlier, are refused. */
  widestMs = Infinity;
  earliestMs = -Infinity;
  calls = 0;
  /** Done at each call, before it is answered; what it gives is the answer. */
  onCall: (call: number, params: Values, cursor: string | null) => LookupEnd | undefined = () => undefined;

  constructor(orders: readonly ShelfOrder[], pageSize: number) {
    this.orders = [...orders];
    this.pageSize = pageSize;
    this.#sort();
  }

  #sort(): void {
    this.orders.sort((a, b) => a.atMs - b.atMs || (a.no < b.no ? -1 : 1));
  }

  insert(order: ShelfOrder): void {
    this.orders.push(order);
    this.#sort();
  }

  remove(at: number): ShelfOrder | undefined {
    return this.orders.splice(at, 1)[0];
  }

  readonly lookup: LookupRequest['gateway']['lookup'] = async (_account, _operation, params, cursor, options) => {
    this.calls += 1;
    const given = this.onCall(this.calls, params, cursor);
    await new Promise((resolve) => setImmediate(resolve));
    options?.signal?.throwIfAborted();
    return given ?? this.#answer(params, cursor);
  };

  #answer(params: Values, cursor: string | null): LookupEnd {
    const fromMs = shanghaiMs(params['from'] ?? '') ?? -Infinity;
    const toMs = shanghaiMs(params['to'] ?? '') ?? Infinity;
    if (toMs - fromMs > this.widestMs || fromMs < this.earliestMs) return { kind: 'failed', failure: OUT_OF_RANGE };
    const all = this.orders.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
    const page = cursor === null ? 1 : Number(cursor);
    const rows = all.slice((page - 1) * this.pageSize, page * this.pageSize).map(({ no }) => ({ values: { no } }));
    const pages = Math.ceil(all.length / this.pageSize);
    const more = this.totals === 'none' ? rows.length === this.pageSize : page < pages;
    return {
      kind: 'page',
      rows,
      next: more ? String(page + 1) : null,
      ...(this.totals === 'none' || rows.length === 0 ? {} : { totalPages: pages }),
      ...(this.totals === 'rows' && rows.length > 0 ? { totalRows: all.length } : {}),
    };
  }
}
