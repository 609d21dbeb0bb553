import type { Decision } from '../types.ts';
import type { ClaimResult, ClaimRow, JournalEntry, SettledRow } from './calls.ts';

/**
 * Journal entries on their way to the database thread: one flat list as JSON, since a single text crosses from thread to thread in a fraction
 * of the time that its many elements take. An entry is its kind, job, account, what the kind has besides, the number of its rows; then come
 * three elements a row: number, order, and the whole row where there is more to say of it than that it is claimed or has succeeded, else null.
 */
export type PackedEntries = string;
type PackedElement = number | string | ClaimRow | SettledRow | null;

/** What `apply` answers to packed entries, in their places: a claim's call, the rows it was refused for, or null. */
export type PackedResults = readonly (number | readonly number[] | null)[];

function isPlain(row: ClaimRow | SettledRow): boolean {
  if (row.oldValues !== undefined) return false;
  return !('state' in row) || (row.state === 'succeeded' && row.note === undefined && row.track === undefined);
}

/** Packs entries for the procedure `apply`. */
export function packEntries(entries: readonly JournalEntry[]): PackedEntries {
  const packed: PackedElement[] = [];
  for (const entry of entries) {
    packed.push(entry.kind, entry.jobId, entry.accountId);
    if (entry.kind === 'claim') packed.push(entry.hash, entry.stampedAtMs);
    else if (entry.kind === 'settle') packed.push(entry.callId, entry.how, entry.requestId ?? null, entry.atMs);
    else packed.push(entry.from, entry.decided?.as ?? null, entry.decided?.at ?? null, entry.atMs);
    packed.push(entry.rows.length);
    for (const row of entry.rows) packed.push(row.rowNo, row.order, isPlain(row) ? null : row);
  }
  return JSON.stringify(packed);
}

/** The entries again, in their order. */
export function unpackEntries(json: PackedEntries): JournalEntry[] {
  const packed = JSON.parse(json) as PackedElement[];
  const entries: JournalEntry[] = [];
  let at = 0;
  const number = (): number => packed[at++] as number;
  const text = (): string => packed[at++] as string;
  const rows = <R extends ClaimRow | SettledRow>(plain: (rowNo: number, order: string) => R): R[] => {
    const found: R[] = [];
    for (let left = number(); left > 0; left -= 1) {
      const row = plain(number(), text());
      found.push((packed[at++] as R | null) ?? row);
    }
    return found;
  };
  const claimed = (rowNo: number, order: string): ClaimRow => ({ rowNo, order });
  const succeeded = (rowNo: number, order: string): SettledRow => ({ rowNo, order, state: 'succeeded' });
  while (at < packed.length) {
    const kind = text() as JournalEntry['kind'];
    const of = { jobId: number(), accountId: text() };
    if (kind === 'claim') {
      entries.push({ kind, ...of, hash: text(), stampedAtMs: number(), rows: rows(claimed) });
    } else if (kind === 'settle') {
      const [callId, how, requestId, atMs] = [number(), text(), packed[at++] as string | null, number()];
      const id = requestId === null ? {} : { requestId };
      entries.push({ kind, ...of, callId, how, ...id, atMs, rows: rows(succeeded) });
    } else {
      const from = text() as 'pending' | 'unknown';
      const [as, at_] = [packed[at++] as Decision['as'] | null, packed[at++] as string | null];
      const decided = as === null || at_ === null ? {} : { decided: { as, at: at_ } };
      entries.push({ kind, ...of, from, ...decided, atMs: number(), rows: rows(succeeded) });
    }
  }
  return entries;
}

/** Packs what entries came to. */
export function packResults(results: readonly (ClaimResult | null)[]): PackedResults {
  return results.map((result) => (result === null ? null : (result.callId ?? result.refused)));
}

/** The results again. */
export function unpackResults(packed: PackedResults): (ClaimResult | null)[] {
  return packed.map((result) => {
    if (result === null) return null;
    return typeof result === 'number' ? { callId: result, refused: [] } : { callId: null, refused: result };
  });
}
