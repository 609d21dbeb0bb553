import { setImmediate } from 'node:timers/promises';
import type { Connection } from '../../../src/main/store/database.ts';
import type { TwinRequest } from '../../../src/main/twins/index.ts';
import type { ModelShop } from './shop.ts';

/** A job's row, by `job:row`. */
export type RowKey = string;

export const rowKey = (jobId: number, rowNo: number): RowKey => `${jobId}:${rowNo}`;

/** One time that a row came to the vendor. */
export interface Arrival {
  readonly order: string;
  readonly callId: number;
  /** Whether the vendor acted on its order then. */
  acted: boolean;
}

/** Who holds an order in doubt. */
interface Holder {
  readonly key: RowKey;
  readonly callId: number;
  readonly state: string;
  readonly attempts: number;
}

const HOLDER = `SELECT r.job_id, r.row_no, r.call_id, r.state, r.attempts FROM doubt d JOIN row r ON r.job_id = d.job_id AND r.row_no = d.row_no
  WHERE d.account_id = ? AND d.order_no = ?`;

/** Answers of the vendor after which the same row may be sent again by itself: they say that nothing was done. */
const SURELY_NOT: ReadonlySet<unknown> = new Set(['rejected', 'batch_failed']);

/**
 * Follows every update that reaches the vendor: which row of which job it was, by the journal of that moment, and whether it might be sent.
 * What breaks a promise is told in `wrong`.
 */
export class Watch {
  readonly wrong: string[] = [];
  readonly #shop: ModelShop;
  readonly #arrivals = new Map<RowKey, Arrival[]>();
  /** The rows of one request. */
  readonly #bySeq = new Map<number, Arrival[]>();
  /** Rows that a person has asked to be sent again since they were last sent. */
  readonly #licences = new Set<RowKey>();
  /** Rows on whose outcome a person has decided, rightly or not. */
  readonly #decided = new Set<RowKey>();
  /** How many updates have come. */
  arrived = 0;
  #journal: Connection | null = null;
  /** Of a process that is gone: who held what when it went. */
  #left = new Map<string, Holder>();
  #open = 0;

  /** `at` is told of the moments a request passes. */
  constructor(shop: ModelShop, at: (point: 'arrival' | 'acted' | 'replied' | 'lookup') => void) {
    this.#shop = shop;
    const { twin } = shop.shop;
    twin.onArrival = (request) => {
      this.#open += 1;
      const update = shop.shop.isUpdate(request);
      if (update) this.#arrived(request);
      at(update ? 'arrival' : 'lookup');
    };
    twin.onActed = (request) => {
      if (!shop.shop.isUpdate(request)) return;
      this.#acted(request.seq);
      at('acted');
    };
    twin.afterReply = (request) => {
      this.#open -= 1;
      if (shop.shop.isUpdate(request)) at('replied');
    };
  }

  /** The journal of the process that runs now. */
  follow(journal: Connection): void {
    this.#journal = journal;
    this.#left = new Map();
  }

  /** The process goes: what is on its way arrives all the same. */
  leave(): void {
    const journal = this.#journal;
    if (journal === null) return;
    for (const { order_no: order } of journal.prepare('SELECT order_no FROM doubt').all()) {
      const holder = this.#holder(journal, String(order));
      if (holder !== null) this.#left.set(String(order), holder);
    }
    this.#journal = null;
  }

  /** Resolves when every request has been dealt with, and `inFlight` calls are none. */
  async settled(inFlight: () => number): Promise<void> {
    for (let calm = 0; calm < 4; calm = this.#open === 0 && inFlight() === 0 ? calm + 1 : 0) await setImmediate();
  }

  arrivals(key: RowKey): readonly Arrival[] {
    return this.#arrivals.get(key) ?? [];
  }

  /** Whether the vendor has acted on the row's order for this row. */
  acted(key: RowKey): boolean {
    return this.arrivals(key).some((arrival) => arrival.acted);
  }

  /** A person wants the row sent again. */
  license(key: RowKey): void {
    this.#licences.add(key);
  }

  /** A person says what became of the row: that is what counts from then on. */
  decide(key: RowKey): void {
    this.#decided.add(key);
  }

  isDecided(key: RowKey): boolean {
    return this.#decided.has(key);
  }

  #holder(journal: Connection, order: string): Holder | null {
    const row = journal.prepare(HOLDER).get(this.#shop.account.id, order);
    if (row === undefined) return null;
    return {
      key: rowKey(Number(row['job_id']), Number(row['row_no'])),
      callId: Number(row['call_id']),
      state: String(row['state']),
      attempts: Number(row['attempts']),
    };
  }

  #arrived(request: TwinRequest): void {
    this.arrived += 1;
    for (const order of this.#shop.shop.ordersOf(request)) {
      const holder = this.#journal === null ? this.#left.get(order) : this.#holder(this.#journal, order);
      // A request may come when it has been given up: then it is the one attempt that had not come.
      const late = holder?.state === 'unknown' && this.arrivals(holder.key).length < holder.attempts;
      if (holder === undefined || holder === null || (holder.state !== 'sending' && !late)) {
        this.wrong.push(`${order} came while the journal has it ${holder?.state ?? 'not claimed'}`);
        continue;
      }
      this.#judge(order, holder);
      const arrival = { order, callId: holder.callId, acted: false };
      const known = [...this.arrivals(holder.key), arrival];
      this.#arrivals.set(holder.key, known);
      this.#bySeq.set(request.seq, [...(this.#bySeq.get(request.seq) ?? []), arrival]);
      if (known.length > holder.attempts) {
        this.wrong.push(`${holder.key} came ${known.length} times in ${holder.attempts} attempts`);
      }
    }
  }

  #judge(order: string, { key }: Holder): void {
    const licensed = this.#licences.delete(key);
    const before = this.arrivals(key);
    const last = before.at(-1);
    if (last === undefined) return;
    if (before.some((arrival) => arrival.acted) && !this.isDecided(key))
      this.wrong.push(`${key} (${order}) was acted on and came again`);
    if (licensed || this.#journal === null) return;
    const how = this.#journal.prepare('SELECT how FROM call WHERE id = ?').get(last.callId)?.['how'];
    if (!SURELY_NOT.has(how)) this.wrong.push(`${key} (${order}) came again after its call ended ${String(how)}`);
  }

  #acted(seq: number): void {
    const { actions } = this.#shop.shop.twin.ledger;
    const orders = new Set<string>();
    for (let at = actions.length - 1; at >= 0 && actions[at]?.requestSeq === seq; at -= 1) {
      orders.add(actions[at]?.order ?? '');
    }
    if (orders.size === 0) return;
    for (const arrival of this.#bySeq.get(seq) ?? []) if (orders.has(arrival.order)) arrival.acted = true;
  }
}
