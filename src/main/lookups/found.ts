import type { OrderFacts } from '../../contract/order.ts';
import type { Column } from '../../contract/vendor.ts';
import type { LookupOperation, LookupRow } from '../vendors/types.ts';

/** What a page brought: rows that were not found before, and rows of orders that were, with their places. */
export interface Finds {
  readonly fresh: readonly LookupRow[];
  /** `place`: the how manieth found row it takes the place of, from 0. */
  readonly changed: readonly { readonly place: number; readonly row: LookupRow }[];
}

/** What a page said of orders, as the operation makes them of its rows; nothing where it makes none. */
export function ordersOf(operation: LookupOperation, { fresh, changed }: Finds): readonly OrderFacts[] {
  const rows = [...fresh, ...changed.map(({ row }) => row)];
  return rows.map((row) => operation.toOrder?.(row) ?? null).filter((one) => one !== null);
}

/** The orders that a lookup has found, each once, by their numbers. */
export class Found {
  readonly #keyColumn: string | undefined;
  readonly #places = new Map<string, number>();
  #count = 0;

  /** `columns`: the operation's; an order is told by the first of kind `order`. Without one every row is an order of its own. */
  constructor(columns: readonly Column[]) {
    this.#keyColumn = columns.find(({ kind, id }) => kind === 'order' && !id.includes('.'))?.id;
  }

  /** How many orders were found. */
  get count(): number {
    return this.#count;
  }

  /** The number by which a row is known; '' where it has none. */
  keyOf({ values }: LookupRow): string {
    return this.#keyColumn === undefined ? '' : (values[this.#keyColumn] ?? '');
  }

  /** Tells the rows of a page apart, at most `most` of them fresh; remembers nothing yet. */
  sift(rows: readonly LookupRow[], most: number): Finds & { readonly left: boolean } {
    const fresh: LookupRow[] = [];
    const changed: { place: number; row: LookupRow }[] = [];
    const within = new Map<string, number>();
    let left = false;
    for (const row of rows) {
      const key = this.keyOf(row);
      const known = key === '' ? undefined : (this.#places.get(key) ?? within.get(key));
      if (known !== undefined) {
        if (known < this.#count) changed.push({ place: known, row });
        else fresh[known - this.#count] = row;
      } else if (fresh.length >= most) left = true;
      else {
        if (key !== '') within.set(key, this.#count + fresh.length);
        fresh.push(row);
      }
    }
    return { fresh, changed, left };
  }

  /** Remembers what `sift` has called fresh. */
  keep(fresh: readonly LookupRow[]): void {
    for (const row of fresh) {
      const key = this.keyOf(row);
      if (key !== '') this.#places.set(key, this.#count);
      this.#count += 1;
    }
  }
}
