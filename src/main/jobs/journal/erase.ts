import type { Databases } from '../../store/serve.ts';

/** Erasing what rows hold beside their order's key and their outcome. */

/** Rows that will neither be sent nor verified: what they were to write is needed no more. */
const SETTLED = "(state IN ('succeeded', 'failed') OR (state = 'not_sent' AND reason <> 'pending'))";

/** Which rows of a job: all, or those of some orders. */
export interface ErasedRows {
  readonly jobId: number;
  readonly orders: readonly string[] | null;
}

const ofOrders = (orders: readonly string[] | null): string =>
  orders === null ? '' : ' AND order_no IN (SELECT value FROM json_each(?))';
const listOf = (orders: readonly string[] | null): string[] => (orders === null ? [] : [JSON.stringify(orders)]);

/**
 * Erases the cells and values of at most `limit` settled rows after row `after`, in one transaction; the cell of the order's key (`keyColumn`, null
 * when the input has none) and what became of the row stay. Answers how many had something, and the last row looked at, null when there are no more.
 */
export function eraseCells(
  { writer }: Databases,
  { jobId, orders, keyColumn, after, limit }: ErasedRows & { keyColumn: number | null; after: number; limit: number },
): { rows: number; last: number | null } {
  return writer.transaction(() => {
    const found = writer
      .prepare(
        `SELECT row_no, cells, coalesce(fields, old_values, seen_values, expects, mended, track) IS NOT NULL AS has
         FROM row WHERE job_id = ? AND row_no > ? AND ${SETTLED}${ofOrders(orders)} ORDER BY row_no LIMIT ?`,
      )
      .all(jobId, after, ...listOf(orders), limit);
    const erase = writer.prepare(
      `UPDATE row SET cells = ?, fields = NULL, old_values = NULL, seen_values = NULL, expects = NULL, mended = NULL, track = NULL
       WHERE job_id = ? AND row_no = ?`,
    );
    let rows = 0;
    for (const row of found) {
      const cells = JSON.parse(String(row['cells'])) as string[];
      const kept = cells.map((cell, at) => (at === keyColumn ? cell : ''));
      if (row['has'] === 0 && kept.every((cell, at) => cell === cells[at])) continue;
      erase.run(JSON.stringify(kept), jobId, Number(row['row_no']));
      rows += 1;
    }
    return { rows, last: found.length < limit ? null : Number(found.at(-1)?.['row_no']) };
  });
}

/** What of a job is there to erase: whether it has such rows at all, and whether some of them wait or are in doubt, whose cells are kept. */
export function erasable({ reader }: Databases, { jobId, orders }: ErasedRows): { any: boolean; unsettled: boolean } {
  const has = (more: string): boolean =>
    reader
      .prepare(`SELECT 1 FROM row WHERE job_id = ?${ofOrders(orders)}${more} LIMIT 1`)
      .get(jobId, ...listOf(orders)) !== undefined;
  const any = has('');
  return { any, unsettled: any && has(` AND NOT ${SETTLED}`) };
}
