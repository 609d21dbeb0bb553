/** One order acted on. */
export interface LedgerAction {
  /** From 1, in the order the twin acted. */
  readonly seq: number;
  readonly order: string;
  readonly action: string;
  readonly value: string;
  /** The twin's clock. */
  readonly atMs: number;
  /** The arrival that caused it. */
  readonly requestSeq: number;
}

/** One whole request that arrived, whatever came of it. */
export interface LedgerArrival {
  /** From 1. */
  readonly seq: number;
  readonly method: string;
  readonly path: string;
  readonly reusedConnection: boolean;
  /** HTTP status replied; 0 while under way, or when no reply was given. */
  status: number;
  /** How many orders this request acted on. */
  actedOrders: number;
}

/** Totals, cheap at any size. */
export interface LedgerTotals {
  readonly arrivals: number;
  readonly actions: number;
  /** Distinct orders acted on. */
  readonly orders: number;
}

/** Where the ledger finds an order's place; indexes from 0 to `size`, below 0 for none. */
export interface LedgerIndex {
  readonly size: number;
  orderNumber(index: number): string;
  indexOf(order: string): number;
}

/**
 * Every order a twin acted on and every request that arrived, for tests to compare with.
 * `full` keeps each entry; `counts` keeps two bytes an order and totals only (for a million orders).
 */
export class Ledger {
  readonly mode: 'full' | 'counts';
  readonly actions: LedgerAction[] = [];
  readonly arrivals: LedgerArrival[] = [];
  readonly #byOrder = new Map<string, LedgerAction[]>();
  readonly #index: LedgerIndex;
  #counts: Uint16Array | null = null;
  #arrivals = 0;
  #actions = 0;
  #orders = 0;

  constructor(mode: 'full' | 'counts', index: LedgerIndex) {
    this.mode = mode;
    this.#index = index;
  }

  /** Records a request; the server fills in how it ended. */
  arrive(method: string, path: string, reusedConnection: boolean): LedgerArrival {
    const arrival = { seq: ++this.#arrivals, method, path, reusedConnection, status: 0, actedOrders: 0 };
    if (this.mode === 'full') this.arrivals.push(arrival);
    return arrival;
  }

  /** Records that an order was acted on. `index` is its place in the twin's orders. */
  act(arrival: LedgerArrival, index: number, order: string, action: string, value: string, atMs: number): void {
    arrival.actedOrders += 1;
    const seq = ++this.#actions;
    this.#counts ??= new Uint16Array(this.#index.size);
    const before = this.#counts[index];
    if (before === undefined) throw new RangeError(`no order ${String(index)} in this twin`);
    if (before === 0) this.#orders += 1;
    this.#counts[index] = before + 1;
    if (this.mode === 'counts') return;
    const entry = { seq, order, action, value, atMs, requestSeq: arrival.seq };
    this.actions.push(entry);
    const list = this.#byOrder.get(order);
    if (list === undefined) this.#byOrder.set(order, [entry]);
    else list.push(entry);
  }

  /** All that was done to one order, oldest first. Throws in `counts` mode, which does not keep it. */
  acted(order: string): readonly LedgerAction[] {
    if (this.mode === 'counts') throw new Error('a ledger of counts keeps no actions; use count(order)');
    return this.#byOrder.get(order) ?? [];
  }

  /** How many times an order was acted on, in either mode. */
  count(order: string): number {
    const index = this.#index.indexOf(order);
    return index < 0 ? 0 : (this.#counts?.[index] ?? 0);
  }

  /** Every order acted on with its count, in the twin's order of orders. */
  *counted(): Generator<readonly [order: string, count: number]> {
    const counts = this.#counts;
    if (counts === null) return;
    for (let index = 0; index < counts.length; index += 1) {
      const count = counts[index] ?? 0;
      if (count > 0) yield [this.#index.orderNumber(index), count];
    }
  }

  get totals(): LedgerTotals {
    return { arrivals: this.#arrivals, actions: this.#actions, orders: this.#orders };
  }
}
