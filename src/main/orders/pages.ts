import type { SQLOutputValue } from 'node:sqlite';
import type { KeptRow, KeptView } from '../../contract/kept.ts';
import { COMMON_STATES, type CommonState } from '../../contract/order.ts';
import type { VendorId } from '../../contract/vendor.ts';
import type { Connection } from '../store/database.ts';
import type { Databases } from '../store/serve.ts';
import { both, BY_ID, foundBy, orderBy, SORTS, type Condition, type Found } from './query.ts';

/** Pages of kept orders by their position in a view. It only reads. */

/** What a view has besides its rows: nothing selected is in the database. */
export type StoredRow = Omit<KeptRow, 'selected'>;

/** Views of at most so many orders are kept as a list of their ids: to sort them once is cheaper than to walk an index for each page. */
const SMALL = 30_000;
/** What is known of views, the newest; forgotten when anything is written. */
const MOST_KNOWN = 8;

const DEFAULT_SORT = { column: 'created', descending: true } as const;

/** How a view's pages are read: from a list of its ids, or by walking its sort's index, the orders that have the sort's value first. */
type Plan =
  | { readonly kind: 'ids'; readonly ids: Uint32Array }
  | { readonly kind: 'walk'; readonly parts: readonly { readonly where: Condition; readonly total: number }[] };

interface Known {
  version: number;
  readonly plans: Map<string, Plan>;
}

const known = new WeakMap<Connection, Known>();

function knownOf(reader: Connection): Known {
  const version = Number(reader.prepare('PRAGMA data_version').get()?.['data_version']);
  const found = known.get(reader);
  if (found?.version === version) return found;
  const made: Known = { version, plans: new Map() };
  known.set(reader, made);
  return made;
}

/** Runs reads in one snapshot of the database. */
export function inSnapshot<T>(reader: Connection, read: () => T): T {
  reader.db.exec('BEGIN');
  try {
    return read();
  } finally {
    reader.db.exec('COMMIT');
  }
}

function countOf(reader: Connection, { from, sql, values }: Found): number {
  return Number(reader.prepare(`SELECT count(*) AS n FROM ${from} WHERE ${sql}`).get(...values)?.['n']);
}

/** The ids that a query finds, in its order. As one text: handing them over one by one takes many times as long. */
function idsOf(reader: Connection, query: string, { values }: Pick<Condition, 'values'>): Uint32Array {
  const list = reader.prepare(`SELECT group_concat(id) AS list FROM (${query})`).get(...values)?.['list'];
  return typeof list === 'string' ? Uint32Array.from(list.split(','), Number) : new Uint32Array(0);
}

/** Orders without the sort's value last, whichever way. */
function sortedIds(reader: Connection, { sort }: KeptView, found: Found): Uint32Array {
  const { column, descending } = sort ?? DEFAULT_SORT;
  const by = SORTS[column];
  const last = by.nullable ? `${by.columns[0] ?? ''} IS NULL, ` : '';
  return idsOf(
    reader,
    `SELECT id FROM ${found.from} WHERE ${found.sql} ORDER BY ${last}${orderBy(by, descending)}`,
    found,
  );
}

function makePlan(reader: Connection, view: KeptView): Plan {
  const where = foundBy(reader, view.filter);
  if (where.from === BY_ID) return { kind: 'ids', ids: sortedIds(reader, view, where) };
  const total = countOf(reader, where);
  const by = SORTS[view.sort?.column ?? DEFAULT_SORT.column];
  const isSorted = where.sql === '1' || where.from.endsWith(` ${by.index}`);
  if (total <= SMALL && !isSorted) return { kind: 'ids', ids: sortedIds(reader, view, where) };
  if (!by.nullable) return { kind: 'walk', parts: [{ where, total }] };
  const first = by.columns[0] ?? '';
  const missing = both({ sql: `${first} IS NULL`, values: [] }, where);
  const without = countOf(reader, { ...missing, from: `orders INDEXED BY ${by.index}` });
  const having = both({ sql: `${first} IS NOT NULL`, values: [] }, where);
  return {
    kind: 'walk',
    parts: [
      { where: having, total: total - without },
      { where: missing, total: without },
    ],
  };
}

function planOf(reader: Connection, view: KeptView): Plan {
  const { plans } = knownOf(reader);
  const key = JSON.stringify(view);
  const found = plans.get(key);
  if (found !== undefined) return found;
  const made = makePlan(reader, view);
  plans.set(key, made);
  const [oldest] = plans.keys();
  if (plans.size > MOST_KNOWN && oldest !== undefined) plans.delete(oldest);
  return made;
}

/** The ids at some positions of a walk. What lies nearer to its end is walked to from there. */
function walk(
  reader: Connection,
  { sort }: KeptView,
  { where, total }: { readonly where: Condition; readonly total: number },
  [offset, limit]: readonly [number, number],
): number[] {
  const wanted = Math.min(limit, total - offset);
  if (wanted <= 0) return [];
  const { column, descending } = sort ?? DEFAULT_SORT;
  const by = SORTS[column];
  const fromEnd = offset > total / 2;
  const rows = reader
    .prepare(
      `SELECT id FROM orders INDEXED BY ${by.index} WHERE ${where.sql} ORDER BY ${orderBy(by, descending !== fromEnd)} LIMIT ? OFFSET ?`,
    )
    .all(...where.values, wanted, fromEnd ? total - offset - wanted : offset)
    .map((row) => Number(row['id']));
  return fromEnd ? rows.reverse() : rows;
}

function idsAt(reader: Connection, view: KeptView, offset: number, limit: number): { total: number; ids: number[] } {
  const plan = planOf(reader, view);
  if (plan.kind === 'ids') return { total: plan.ids.length, ids: [...plan.ids.subarray(offset, offset + limit)] };
  const ids: number[] = [];
  let before = 0;
  for (const part of plan.parts) {
    const from = Math.max(0, offset + ids.length - before);
    if (ids.length < limit) ids.push(...walk(reader, view, part, [from, limit - ids.length]));
    before += part.total;
  }
  return { total: before, ids };
}

const ROW = `SELECT o.*, a.key AS account_key, a.vendor FROM orders o JOIN account a ON a.id = o.account WHERE o.id = ?`;

const numberOr = (value: SQLOutputValue | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);
const textOr = (value: SQLOutputValue | undefined): string | null => (typeof value === 'string' ? value : null);

/** The columns hold what `putOrders` wrote. */
function toRow(row: Readonly<Record<string, SQLOutputValue>>): StoredRow {
  const tag = numberOr(row['tag']);
  return {
    id: Number(row['id']),
    accountId: String(row['account_key']),
    vendor: String(row['vendor']) as VendorId,
    order: String(row['order_no']),
    machine: row['machine'] === '' ? null : String(row['machine']),
    state: COMMON_STATES[Number(row['state'])] as CommonState,
    vendorState: String(row['vendor_state']),
    createdAt: numberOr(row['created_at']),
    paidAt: numberOr(row['paid_at']),
    changedAt: numberOr(row['changed_at']),
    amount: textOr(row['amount']),
    tag: tag === null ? null : { code: tag, name: textOr(row['tag_name']) ?? '' },
    title: textOr(row['title']),
    note: textOr(row['note']),
    hasBuyer: row['personal'] === 1,
    readAt: Number(row['read_at']),
  };
}

/** The order of this id as a grid shows it; null when it is not kept (any more). */
export function rowOf(reader: Connection, id: number): StoredRow | null {
  const row = reader.prepare(ROW).get(id);
  return row === undefined ? null : toRow(row);
}

/** One page of a view by position, and how many orders the view has. */
export function ordersAt(
  { reader }: Databases,
  args: { view: KeptView; offset: number; limit: number },
): { total: number; rows: StoredRow[] } {
  return inSnapshot(reader, () => {
    const { total, ids } = idsAt(reader, args.view, args.offset, args.limit);
    return { total, rows: ids.flatMap((id) => rowOf(reader, id) ?? []) };
  });
}

/** The ids at some positions of a view. */
export function idsOfView({ reader }: Databases, args: { view: KeptView; offset: number; limit: number }): number[] {
  return inSnapshot(reader, () => idsAt(reader, args.view, args.offset, args.limit).ids);
}
