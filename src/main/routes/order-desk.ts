import {
  EVERY_ORDER,
  PICTURE_DAYS,
  type ErasedView,
  type KeptChosen,
  type KeptDetail,
  type KeptRow,
  type KeptView,
  type Pictures,
} from '../../contract/kept.ts';
import { eraseJobCells } from '../jobs/erase.ts';
import type { ChosenOrder } from '../orders/chosen.ts';
import { dayStart, settledView } from '../orders/days.ts';
import type { OrderStore } from '../orders/keeper.ts';
import { OrderSelection } from '../orders/selection.ts';
import type { StoredRow } from '../orders/pages.ts';
import type { Services } from '../services.ts';
import { maskedFacts } from './personal.ts';

/** Orders that are handed on together. */
const PIECE = 2_000;

/** The kept orders as a window sees them: nothing personal unless it is asked for, and what is selected. */
export class OrderDesk {
  readonly selection: OrderSelection;
  readonly #services: Pick<Services, 'orders' | 'journal'>;
  readonly #now: () => number;

  constructor(services: Pick<Services, 'orders' | 'journal'>, now: () => number = Date.now) {
    this.#services = services;
    this.#now = now;
    this.selection = new OrderSelection(
      () => this.#store(),
      (view) => this.#settled(view),
    );
  }

  /** One page of a view, by position. */
  async page(view: KeptView, offset: number, limit: number): Promise<{ total: number; rows: KeptRow[] }> {
    const { total, rows } = await (await this.#store()).call('ordersAt', { view: this.#settled(view), offset, limit });
    return { total, rows: await this.#withSelection(rows) };
  }

  /** All that is kept of an order, masked unless `personal`; null when it is not kept any more. */
  async detail(id: number, personal: boolean): Promise<KeptDetail | null> {
    const [found] = await (await this.#store()).call('factsOf', { ids: [id] });
    if (found === undefined) return null;
    const [row] = await this.#withSelection([found.row]);
    const masked = maskedFacts(found.row.vendor, found.facts);
    return row === undefined
      ? null
      : { row, facts: personal ? found.facts : masked.facts, personalShown: personal, hasPersonal: masked.some };
  }

  /** What is selected, by account. */
  async chosen(): Promise<KeptChosen> {
    const accounts = await (await this.#store()).call('chosenCounts', { chosen: this.selection.chosen });
    return { selected: accounts.reduce((sum, { count }) => sum + count, 0), accounts };
  }

  /** The selected orders of an account, piece by piece. */
  async *chosenOf(accountId: string): AsyncGenerator<readonly ChosenOrder[]> {
    const { chosen } = this.selection;
    const store = await this.#store();
    for (let after = 0; ;) {
      const piece = await store.call('chosenOrders', { chosen, accountId, after, limit: PIECE });
      if (piece.length > 0) yield piece;
      if (piece.length < PIECE) return;
      after = piece.at(-1)?.id ?? after;
    }
  }

  /** A view's orders, or the selected ones alone in the view's order, with all that is kept of them, piece by piece. */
  async *facts(view: KeptView, selectedOnly: boolean): AsyncGenerator<Awaited<ReturnType<typeof factsAt>>> {
    const store = await this.#store();
    const settled = this.#settled(view);
    const wanted = selectedOnly ? { ...settled, filter: EVERY_ORDER } : settled;
    for (let offset = 0; ; offset += PIECE) {
      const ids = await store.call('idsOfView', { view: wanted, offset, limit: PIECE });
      const kept = selectedOnly ? await this.selection.among(ids) : null;
      const piece = kept === null ? ids : ids.filter((id) => kept.has(id));
      if (piece.length > 0) yield await factsAt(store, piece);
      if (ids.length < PIECE) return;
    }
  }

  /** Counts for pictures of a view's orders. */
  async pictures(view: KeptView): Promise<Pictures> {
    const now = this.#now();
    const spans = Array.from({ length: PICTURE_DAYS }, (_, at) => ({
      from: dayStart(now, PICTURE_DAYS - 1 - at),
      until: dayStart(now, PICTURE_DAYS - 2 - at),
    }));
    const { filter } = this.#settled(view);
    const { states, days, waiting } = await (await this.#store()).call('picturesOf', { filter, days: spans });
    const rows = await this.#withSelection(waiting.map(({ row }) => row));
    return {
      total: states.reduce((sum, { count }) => sum + count, 0),
      states,
      days: spans.map((span, at) => ({ ...span, vendors: days[at] ?? {} })),
      waiting: rows.map((row, at) => ({ row, since: waiting[at]?.since ?? 0 })),
    };
  }

  /**
   * Erases the selected orders, or all of them, and what jobs hold of them beside their numbers and outcomes. No job may be at work. Rejects with
   * DATABASE_BUSY when traces may be left.
   */
  async erase(which: 'selected' | 'every'): Promise<ErasedView> {
    const { orders, journal } = this.#services;
    const every = which === 'every';
    const { rows, jobsLeft } = every ? await eraseJobCells(journal, { endedBeforeMs: null }) : await this.#eraseCells();
    if (rows > 0) await journal.call('finishErasing', undefined);
    const erased = await orders.erase(every ? { kind: 'every' } : this.selection.chosen);
    await this.selection.change({ kind: 'none' });
    return { orders: erased, rows, jobsLeft };
  }

  /** Erases what jobs hold of the selected orders. */
  async #eraseCells(): Promise<Omit<ErasedView, 'orders'>> {
    let rows = 0;
    const jobsLeft = new Set<number>();
    for (const { accountId } of (await this.chosen()).accounts) {
      for await (const piece of this.chosenOf(accountId)) {
        const orders = piece.map(({ order }) => order);
        const erased = await eraseJobCells(this.#services.journal, { accountId, orders });
        rows += erased.rows;
        for (const job of erased.jobsLeft) jobsLeft.add(job);
      }
    }
    return { rows, jobsLeft: [...jobsLeft].sort((a, b) => a - b) };
  }

  #store(): Promise<OrderStore> {
    return this.#services.orders.open();
  }

  #settled(view: KeptView): KeptView {
    return settledView(view, this.#now());
  }

  async #withSelection(rows: readonly StoredRow[]): Promise<KeptRow[]> {
    const selected = await this.selection.among(rows.map(({ id }) => id));
    return rows.map((row) => ({ ...row, selected: selected.has(row.id) }));
  }
}

function factsAt(store: OrderStore, ids: readonly number[]) {
  return store.call('factsOf', { ids });
}
