import type { Bilingual } from '../../contract/text.ts';
import type { EachPlan, LookupPage, LookupRow, Values } from '../vendors/types.ts';
import { drain } from './lanes.ts';
import { partsMissing, type MissingPart, type Reader, type ReaderIo } from './reader.ts';
import type { CallEnd } from './window.ts';

/** So often an order is asked for in one run until it is left, beside the gateway's own repetitions. */
const TRIES = 3;

interface Call {
  readonly name: string;
  readonly params: Values;
}

/** Reads orders by their numbers, one call each. One that the vendor does not know is said to be unknown, which is an answer. */
export class EachReader implements Reader {
  readonly again = 0;
  readonly notFound: string[] = [];
  readonly #plan: EachPlan;
  readonly #count: number;
  readonly #left: Set<Call>;
  #missing: MissingPart[] = [];

  constructor(plan: EachPlan, params: Values) {
    this.#plan = plan;
    this.#left = new Set(plan.calls(params));
    this.#count = this.#left.size;
  }

  get share(): number {
    return this.#count === 0 ? 1 : (this.#count - this.#left.size) / this.#count;
  }

  get missing(): readonly MissingPart[] {
    return this.#missing;
  }

  get isWhole(): boolean {
    return this.#left.size === 0;
  }

  async read(io: ReaderIo): Promise<void> {
    this.#missing = [];
    for (let tried = 1; tried <= TRIES && this.#left.size > 0; tried += 1) await this.#round(io, tried === TRIES);
  }

  /** Asks for all that are left, in lanes; what fails in the last round is named. */
  async #round(io: ReaderIo, last: boolean): Promise<void> {
    const todo = [...this.#left];
    await drain(
      io.lanes,
      () => todo.shift() ?? null,
      async (call) => {
        const missing = await this.#one(io, call);
        if (missing !== null && last) this.#missing.push(missing);
      },
    );
  }

  async #one(io: ReaderIo, call: Call): Promise<MissingPart | null> {
    const missing = (end: CallEnd & { readonly kind: 'failed' }): MissingPart => ({
      name: { zh: `订单 ${call.name}`, en: `Order ${call.name}` },
      why: end.why,
      failure: end.failure,
    });
    const asked = await io.ask(call.params, null);
    const told =
      asked.kind === 'failed' && asked.failure !== null
        ? (this.#plan.rowOf?.(asked.failure, call.params) ?? null)
        : null;
    const end: CallEnd = told === null ? asked : { kind: 'page', rows: [told], next: null };
    if (end.kind === 'failed' && end.failure?.class !== 'not_found') return missing(end);
    if (end.kind === 'page') {
      const whole = await this.#withUnder(io, call, end);
      if (whole.kind === 'failed') return missing(whole);
      await io.take(whole);
    }
    if (end.kind === 'failed' || end.rows.length === 0) this.notFound.push(call.name);
    this.#left.delete(call);
    return null;
  }

  /** The page with what lies under its orders. */
  async #withUnder(io: ReaderIo, call: Call, page: LookupPage): Promise<CallEnd> {
    const { under } = this.#plan;
    if (under === undefined || page.rows.length === 0) return page;
    const tracks = await io.tracks(call.name);
    const rows: LookupRow[] = [];
    for (const row of page.rows) {
      const list: Values[] = [];
      for (const other of under.calls(row, tracks)) {
        const end = await io.askOther(other);
        // What the vendor does not know any more is no part of the order.
        if (end.kind === 'failed' && end.failure?.class !== 'not_found') return end;
        if (end.kind === 'page') list.push(...end.rows.map(({ values }) => values));
      }
      rows.push(list.length === 0 ? row : { ...row, lists: { ...row.lists, [under.list]: list } });
    }
    return { ...page, rows };
  }

  totalRows(): number {
    return this.#count;
  }

  totalPages(): number {
    return this.#count;
  }

  whyIncomplete(): Bilingual {
    return partsMissing(this.#missing);
  }
}
