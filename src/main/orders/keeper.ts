import type { Account } from '../../contract/account.ts';
import type { OrderFacts, OrderSink } from '../../contract/order.ts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startStore, type StoreClient } from '../store/client.ts';
import { CUSTOMERS } from '../store/schema.ts';
import type { Erased } from './erase.ts';
import type { OrderProcedures } from './procedures.ts';

export type OrderStore = StoreClient<OrderProcedures>;

export interface OrderKeeperOptions {
  /** The data folder. */
  readonly folder: string;
  /** The database thread's entry. */
  readonly worker: URL;
  readonly account: (id: string) => Promise<Account>;
  /** How many days an order is kept after it was last read. */
  readonly keepDays: () => number;
  /** How long a write waits for another program's lock, ms. */
  readonly busyMs?: number;
  readonly now?: () => number;
}

/** Orders of one transaction: it must not hold up who waits to read. */
const PUT_ROWS = 500;
const ERASE_ROWS = 2_000;
const DAY_MS = 86_400_000;

/**
 * The orders that are kept, in a thread and a database of their own, which are opened when they are first needed. Several processes may have
 * them open.
 */
export class OrderKeeper implements OrderSink {
  readonly #options: OrderKeeperOptions;
  readonly #hearers = new Set<() => void>();
  #store: Promise<OrderStore> | null = null;

  constructor(options: OrderKeeperOptions) {
    this.#options = options;
  }

  /** The database, opened; rejects with DATABASE_NEWER, DATABASE_FAILED, DISK_FULL, and is tried anew the next time. */
  open(): Promise<OrderStore> {
    const { worker, folder, busyMs } = this.#options;
    const options = {
      folder,
      mode: 'write',
      database: 'customers',
      ...(busyMs === undefined ? {} : { busyMs }),
    } as const;
    this.#store ??= startStore<OrderProcedures>(worker, options).catch((error: unknown) => {
      this.#store = null;
      throw error;
    });
    return this.#store;
  }

  /** Whether orders have ever been kept here: where none have, nothing needs to be opened. */
  isThere(): boolean {
    return existsSync(join(this.#options.folder, CUSTOMERS.file));
  }

  /** Calls `then` whenever orders have been kept or erased, until the answer is called. */
  onChange(then: () => void): () => void {
    this.#hearers.add(then);
    return () => void this.#hearers.delete(then);
  }

  async put(accountId: string, facts: readonly OrderFacts[], readAtMs: number): Promise<void> {
    if (facts.length === 0) return;
    const { vendor } = await this.#options.account(accountId);
    const store = await this.open();
    for (let at = 0; at < facts.length; at += PUT_ROWS) {
      await store.call('putOrders', { accountId, vendor, facts: facts.slice(at, at + PUT_ROWS), readAtMs });
    }
    this.#changed();
  }

  /** Erases orders for good, without a trace in the database and its log; answers how many. Rejects with DATABASE_BUSY as `finishErasing` says. */
  async erase(which: Erased | { readonly kind: 'every' }): Promise<number> {
    const store = await this.open();
    const count = which.kind === 'every' ? await store.call('eraseAll', undefined) : await eraseSteps(store, which);
    this.#changed();
    await store.call('finishErasing', undefined);
    return count;
  }

  /** Erases what has been kept for as long as the person wants it kept; answers how many orders. */
  async eraseOld(): Promise<number> {
    if (!this.isThere()) return 0;
    const { keepDays, now = Date.now } = this.#options;
    const store = await this.open();
    const count = await eraseSteps(store, { kind: 'readBefore', atMs: now() - keepDays() * DAY_MS });
    if (count === 0) return 0;
    this.#changed();
    await store.call('finishErasing', undefined);
    return count;
  }

  /** Finishes what was asked for and closes the database. */
  async close(): Promise<void> {
    this.#hearers.clear();
    const store = await this.#store?.catch(() => null);
    await store?.close();
  }

  #changed(): void {
    for (const hear of this.#hearers) hear();
  }
}

async function eraseSteps(store: OrderStore, which: Erased): Promise<number> {
  let total = 0;
  for (;;) {
    const erased = await store.call('eraseSome', { which, limit: ERASE_ROWS });
    total += erased;
    if (erased < ERASE_ROWS) return total;
  }
}
