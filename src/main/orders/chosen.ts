import type { KeptFilter } from '../../contract/kept.ts';
import type { OrderFacts } from '../../contract/order.ts';
import type { VendorId } from '../../contract/vendor.ts';
import type { Connection } from '../store/database.ts';
import type { Databases } from '../store/serve.ts';
import { inSnapshot, rowOf, type StoredRow } from './pages.ts';
import { both, BY_ID, foundBy, type Condition, type Found } from './query.ts';

/** Orders that a person has chosen: some by name, or all that pass a filter of those that were there then, but some, and some besides. */
export type Chosen =
  | { readonly kind: 'some'; readonly ids: readonly number[] }
  | {
      readonly kind: 'all';
      readonly filter: KeptFilter;
      readonly upTo: number;
      readonly but: readonly number[];
      readonly and: readonly number[];
    };

const named = (ids: readonly number[], not = ''): Condition => ({
  sql: `id ${not} IN (SELECT value FROM json_each(?))`,
  values: [JSON.stringify(ids)],
});

/** The condition that chosen orders fulfil. */
export function chosenCondition(reader: Connection, chosen: Chosen): Found {
  if (chosen.kind === 'some') return { ...named(chosen.ids), from: BY_ID };
  const { filter, upTo, but, and } = chosen;
  const found = foundBy(reader, filter);
  const there: Condition = { sql: 'id <= ?', values: [upTo] };
  const all = both(found, there, ...(but.length === 0 ? [] : [named(but, 'NOT')]));
  if (and.length === 0) return { ...all, from: found.from };
  const others = named(and);
  return { sql: `(${all.sql} OR ${others.sql})`, values: [...all.values, ...others.values], from: 'orders' };
}

/** The highest id that there is: what is read later has a higher one. */
export function lastOrder({ reader }: Databases): number {
  return Number(reader.prepare('SELECT max(id) AS n FROM orders').get()?.['n'] ?? 0);
}

/** Which of these orders are chosen. */
export function chosenAmong({ reader }: Databases, args: { chosen: Chosen; ids: readonly number[] }): number[] {
  return inSnapshot(reader, () => {
    const { sql, values } = chosenCondition(reader, args.chosen);
    return reader
      .prepare(`SELECT id FROM ${BY_ID} WHERE id IN (SELECT value FROM json_each(?)) AND ${sql}`)
      .all(JSON.stringify(args.ids), ...values)
      .map(({ id }) => Number(id));
  });
}

/** How many orders are chosen, by account; the most first. */
export function chosenCounts(
  { reader }: Databases,
  { chosen }: { chosen: Chosen },
): { accountId: string; vendor: VendorId; count: number }[] {
  return inSnapshot(reader, () => {
    const { from, sql, values } = chosenCondition(reader, chosen);
    return reader
      .prepare(
        `SELECT a.key, a.vendor, c.n FROM (SELECT account, count(*) AS n FROM ${from} WHERE ${sql} GROUP BY account) c
         JOIN account a ON a.id = c.account ORDER BY c.n DESC, a.key`,
      )
      .all(...values)
      .map((row) => ({
        accountId: String(row['key']),
        vendor: String(row['vendor']) as VendorId,
        count: Number(row['n']),
      }));
  });
}

/** What says which order a chosen one is. */
export interface ChosenOrder {
  readonly id: number;
  readonly order: string;
  /** '' where there is none. */
  readonly machine: string;
  readonly createdAt: number | null;
}

/** The chosen orders of an account after the id `after`, by id. */
export function chosenOrders(
  { reader }: Databases,
  args: { chosen: Chosen; accountId: string; after: number; limit: number },
): ChosenOrder[] {
  return inSnapshot(reader, () => {
    const { sql, values } = chosenCondition(reader, args.chosen);
    return reader
      .prepare(
        `SELECT id, order_no, machine, created_at FROM orders
         WHERE account = (SELECT id FROM account WHERE key = ?) AND id > ? AND ${sql} ORDER BY id LIMIT ?`,
      )
      .all(args.accountId, args.after, ...values, args.limit)
      .map((row) => ({
        id: Number(row['id']),
        order: String(row['order_no']),
        machine: String(row['machine']),
        createdAt: row['created_at'] === null ? null : Number(row['created_at']),
      }));
  });
}

/** All that is kept of orders by their ids, in that order; those that are not kept any more are left out. */
export function factsOf(
  { reader }: Databases,
  { ids }: { ids: readonly number[] },
): { row: StoredRow; facts: OrderFacts }[] {
  return inSnapshot(reader, () =>
    ids.flatMap((id) => {
      const row = rowOf(reader, id);
      const json = reader.prepare('SELECT json FROM facts WHERE id = ?').get(id)?.['json'];
      return row === null ? [] : [{ row, facts: JSON.parse(String(json)) as OrderFacts }];
    }),
  );
}
