import type { CommonState } from '../../contract/order.ts';
import { COMMON_STATES } from '../../contract/order.ts';
import type { KeptFilter } from '../../contract/kept.ts';
import type { VendorId } from '../../contract/vendor.ts';
import type { Databases } from '../store/serve.ts';
import { inSnapshot, rowOf, type StoredRow } from './pages.ts';
import { foundBy } from './query.ts';

/** How many orders stand where, for pictures. It only reads. */

export interface StoredPictures {
  readonly states: readonly {
    readonly accountId: string;
    readonly vendor: VendorId;
    readonly state: CommonState;
    readonly count: number;
  }[];
  /** Of each wanted day, by vendor. */
  readonly days: readonly Readonly<Partial<Record<VendorId, number>>>[];
  readonly waiting: readonly { readonly row: StoredRow; readonly since: number }[];
}

const TO_SHIP = COMMON_STATES.indexOf('to_ship');
const MOST_WAITING = 10;

/** Counts of a filter's orders: by account and state, by vendor on each of some days (ms, an end for each), and those that wait the longest. */
export function picturesOf(
  { reader }: Databases,
  args: { filter: KeptFilter; days: readonly { readonly from: number; readonly until: number }[] },
): StoredPictures {
  return inSnapshot(reader, () => {
    const { from, sql, values } = foundBy(reader, args.filter);
    const accounts = new Map(
      reader
        .prepare('SELECT id, key, vendor FROM account')
        .all()
        .map((row) => [
          Number(row['id']),
          { accountId: String(row['key']), vendor: String(row['vendor']) as VendorId },
        ]),
    );
    const states = reader
      .prepare(`SELECT account, state, count(*) AS n FROM ${from} WHERE ${sql} GROUP BY state, account`)
      .all(...values)
      .flatMap((row) => {
        const account = accounts.get(Number(row['account']));
        const state = COMMON_STATES[Number(row['state'])];
        return account === undefined || state === undefined ? [] : [{ ...account, state, count: Number(row['n']) }];
      });
    const ofDay = reader.prepare(
      `SELECT account, count(*) AS n FROM orders INDEXED BY order_by_created
       WHERE created_at >= ? AND created_at < ? AND ${sql} GROUP BY account`,
    );
    const days = args.days.map((day) => {
      const counts: Partial<Record<VendorId, number>> = {};
      for (const row of ofDay.all(day.from, day.until, ...values)) {
        const vendor = accounts.get(Number(row['account']))?.vendor;
        if (vendor !== undefined) counts[vendor] = (counts[vendor] ?? 0) + Number(row['n']);
      }
      return counts;
    });
    // The vendors that say when an order was paid, and those that do not: each by its own index.
    const waits = ['paid_at', 'created_at'].flatMap((column) =>
      reader
        .prepare(
          `SELECT id, ${column} AS since FROM orders INDEXED BY order_by_paid
           WHERE state = ? AND paid_at IS ${column === 'paid_at' ? 'NOT ' : ''}NULL AND ${column} IS NOT NULL AND ${sql}
           ORDER BY ${column} LIMIT ?`,
        )
        .all(TO_SHIP, ...values, MOST_WAITING),
    );
    const waiting = waits
      .map((row) => ({ id: Number(row['id']), since: Number(row['since']) }))
      .sort((a, b) => a.since - b.since)
      .slice(0, MOST_WAITING)
      .flatMap(({ id, since }) => {
        const row = rowOf(reader, id);
        return row === null ? [] : [{ row, since }];
      });
    return { states, days, waiting };
  });
}
