import type { SQLInputValue } from 'node:sqlite';
import type { KeptFilter, KeptSort } from '../../contract/kept.ts';
import { COMMON_STATES } from '../../contract/order.ts';
import type { Connection } from '../store/database.ts';
import { after, folded, gramQuery } from './grams.ts';

/** How orders are found, in which order, and by which index. Reads alone. */

/** A condition of SQL with its values. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

const TRUE: Condition = { sql: '1', values: [] };
const NOTHING: Condition = { sql: '0', values: [] };

export function both(...conditions: readonly Condition[]): Condition {
  const real = conditions.filter((one) => one !== TRUE);
  if (real.length === 0) return TRUE;
  return { sql: real.map(({ sql }) => sql).join(' AND '), values: real.flatMap(({ values }) => values) };
}

/** The columns of each sort's index after its first. An order by all of them is the index's own. */
interface Sort {
  readonly index: string;
  readonly columns: readonly string[];
  /** Whether the first may be missing: such orders come last, whichever way. */
  readonly nullable: boolean;
}

export const SORTS: Readonly<Record<KeptSort, Sort>> = {
  created: {
    index: 'order_by_created',
    columns: ['created_at', 'state', 'account', 'order_no', 'id'],
    nullable: true,
  },
  paid: { index: 'order_by_paid', columns: ['paid_at', 'state', 'account', 'created_at', 'id'], nullable: true },
  changed: {
    index: 'order_by_changed',
    columns: ['changed_at', 'state', 'account', 'created_at', 'id'],
    nullable: true,
  },
  read: { index: 'order_by_read', columns: ['read_at', 'state', 'account', 'created_at', 'id'], nullable: false },
  amount: { index: 'order_by_amount', columns: ['cents', 'state', 'account', 'created_at', 'id'], nullable: true },
  order: { index: 'order_by_number', columns: ['order_no', 'state', 'account', 'created_at', 'id'], nullable: false },
  state: { index: 'order_by_state', columns: ['state', 'account', 'created_at', 'id'], nullable: false },
};

/** `ORDER BY` of a sort; the other way round for a walk from its end. */
export function orderBy({ columns }: Sort, descending: boolean): string {
  return columns.map((column) => `${column} ${descending ? 'DESC' : 'ASC'}`).join(', ');
}

const inList = (column: string, numbers: readonly number[]): Condition =>
  numbers.length === 0 ? NOTHING : { sql: `${column} IN (${numbers.join(', ')})`, values: [] };

function accountsOf(reader: Connection, { accounts, vendors }: KeptFilter): Condition {
  if (accounts.length === 0 && vendors.length === 0) return TRUE;
  const fitting = reader
    .prepare('SELECT id, key, vendor FROM account')
    .all()
    .filter(({ key, vendor }) => {
      const wanted = accounts.length === 0 || accounts.includes(String(key));
      return wanted && (vendors.length === 0 || vendors.some((one) => one === vendor));
    });
  return inList(
    'account',
    fitting.map(({ id }) => Number(id)),
  );
}

/** The conditions of a filter but what is looked for: all of columns that each sort's index has. */
function plainConditions(reader: Connection, filter: KeptFilter): Condition {
  const { states, from, until } = filter;
  const created: Condition[] = [];
  if (from !== null) created.push({ sql: 'created_at >= ?', values: [from] });
  if (until !== null) created.push({ sql: 'created_at < ?', values: [until] });
  const stated =
    states.length === 0
      ? TRUE
      : inList(
          'state',
          states.map((state) => COMMON_STATES.indexOf(state)),
        );
  return both(accountsOf(reader, filter), stated, ...created);
}

/** The index that finds a filter's orders soonest. */
function filterIndex({ states, accounts, vendors, from, until }: KeptFilter): string {
  if (states.length > 0) return 'order_by_state';
  if (accounts.length > 0 || vendors.length > 0) return 'order_by_account';
  return from !== null || until !== null ? 'order_by_created' : 'order_by_state';
}

/**
 * What is looked for: orders whose number begins so (`prefix`), or orders by their ids as a query (`ids`), which has those of the numbers, too.
 * Null when nothing is looked for.
 */
type Search =
  { readonly kind: 'prefix'; readonly prefix: Condition } | { readonly kind: 'ids'; readonly ids: Condition };

const numbersFrom = (text: string): Condition => ({
  sql: 'order_no >= ? AND order_no < ?',
  values: [text, after(text)],
});

/** Parts of a name, the one that the fewest have first: the others are looked for among those alone. */
function rarestFirst(reader: Connection, grams: readonly string[]): readonly string[] {
  const count = reader.prepare('SELECT count(*) AS n FROM (SELECT 1 FROM gram WHERE gram = ? LIMIT 2000)');
  const counted = grams.map((gram) => ({ gram, n: Number(count.get(gram)?.['n']) }));
  return counted.sort((a, b) => a.n - b.n).map(({ gram }) => gram);
}

/** The ids of orders whose buyer fits, as a query; null when nobody does. */
function buyers(reader: Connection, find: string): Condition | null {
  const query = gramQuery(find);
  if (query === null) return null;
  const { all, beginning, within } = query;
  if (beginning.length > 0) {
    const sql = beginning.map(() => 'SELECT id FROM gram WHERE gram >= ? AND gram < ?').join(' UNION ');
    const values = beginning.flatMap((text) => [text, after(text)]);
    return reader.prepare(`SELECT 1 FROM (${sql}) LIMIT 1`).get(...values) === undefined ? null : { sql, values };
  }
  if (within === null) {
    const [gram = ''] = all;
    const found = reader.prepare('SELECT 1 FROM gram WHERE gram = ? LIMIT 1').get(gram) !== undefined;
    return found ? { sql: 'SELECT id FROM gram WHERE gram = ?', values: [gram] } : null;
  }
  const [first = '', ...others] = rarestFirst(reader, all);
  const and = others.map(() => ' AND EXISTS (SELECT 1 FROM gram WHERE gram = ? AND id = g.id)').join('');
  const ids = reader
    .prepare(
      `SELECT g.id, f.json ->> '$.buyer.name' AS name FROM gram g JOIN facts f ON f.id = g.id WHERE g.gram = ?${and}`,
    )
    .all(first, ...others)
    .filter(({ name }) => folded(String(name)).includes(within))
    .map(({ id }) => Number(id));
  return ids.length === 0 ? null : { sql: 'SELECT value FROM json_each(?)', values: [JSON.stringify(ids)] };
}

/** How a text is looked for; null for an empty one. */
function searchFor(reader: Connection, find: string): Search | null {
  const text = find.trim();
  if (text === '') return null;
  const byNumber = /^[\w-]+$/u.test(text) ? numbersFrom(text) : null;
  const byBuyer = buyers(reader, text);
  if (byBuyer === null) return { kind: 'prefix', prefix: byNumber ?? NOTHING };
  if (byNumber === null) return { kind: 'ids', ids: byBuyer };
  return {
    kind: 'ids',
    ids: {
      sql: `${byBuyer.sql} UNION SELECT id FROM orders INDEXED BY order_by_number WHERE ${byNumber.sql}`,
      values: [...byBuyer.values, ...byNumber.values],
    },
  };
}

/** A condition with the table, and the index by which it is soonest found out which orders fulfil it. */
export interface Found extends Condition {
  readonly from: string;
}

/** By their ids: whatever order they are wanted in, they are looked up one by one. */
export const BY_ID = 'orders NOT INDEXED';

/** All conditions of a filter as one. */
export function foundBy(reader: Connection, filter: KeptFilter): Found {
  const plain = plainConditions(reader, filter);
  const search = searchFor(reader, filter.find);
  if (search === null) {
    const isAll = plain === TRUE;
    return { ...plain, from: isAll ? 'orders' : `orders INDEXED BY ${filterIndex(filter)}` };
  }
  if (search.kind === 'prefix') return { ...both(search.prefix, plain), from: 'orders INDEXED BY order_by_number' };
  return { ...both({ sql: `id IN (${search.ids.sql})`, values: search.ids.values }, plain), from: BY_ID };
}
