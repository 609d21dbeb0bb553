import type { LookupEnd } from '../gateway/types.ts';
import type { LookupCall, LookupOperation, LookupRow, UpdateRow } from '../vendors/types.ts';
import type { JobContext } from './runner/types.ts';

/** Pages of one sweep lookup that are read at most; rows beyond them get a lookup of their own. */
const MOST_SWEEP_PAGES = 200;
/** `spare` of a sweep before a write: no more pages are read than lookups are saved, but for a few in which none of the rows may stand. */
export const SPARE_PAGES = 3;

/** A row that is looked for, and its number in its job. */
export interface Sought {
  readonly rowNo: number;
  readonly update: UpdateRow;
}

/** The lookup operation of the job's vendor by id; a definition that names one it does not have is a mistake in it. */
export function lookupOf(context: Pick<JobContext, 'vendor'>, id: string): LookupOperation {
  const found = context.vendor.operations.find((one) => one.id === id);
  if (found?.kind !== 'lookup') throw new Error(`${context.vendor.id} has no lookup ${id}`);
  return found;
}

/** Asks the vendor for one page of a lookup. */
export function ask(
  { gateway, account, vendor }: Pick<JobContext, 'gateway' | 'account' | 'vendor'>,
  call: LookupCall,
  cursor: string | null,
  signal: AbortSignal | undefined,
): Promise<LookupEnd> {
  const options = signal === undefined ? {} : { signal };
  return gateway.lookup(account, lookupOf({ vendor }, call.operation), call.params, cursor, options);
}

/**
 * Reads lookups that cover many rows at once, one after the other, and tells of each sought row that they show. A sweep only saves lookups: what
 * it cannot read is left to be read one by one. Rejects with what the gateway rejects with.
 */
export async function sweep<S extends Sought>(
  context: Pick<JobContext, 'gateway' | 'account' | 'vendor'>,
  matches: (one: S, found: LookupRow) => boolean,
  calls: readonly LookupCall[],
  rows: readonly S[],
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly found: (one: S, row: LookupRow) => void;
    /** Pages that a lookup may have beyond the rows that it has shown: one that shows less costs more than it saves. Any by default. */
    readonly spare?: number;
  },
): Promise<void> {
  const { signal, found, spare = Infinity } = options;
  const open = new Map(rows.map((one) => [one.update.order, one]));
  for (const call of calls) {
    const key = lookupOf(context, call.operation).columns.find((column) => column.kind === 'order')?.id;
    if (key === undefined) continue;
    let cursor: string | null = null;
    let saved = 0;
    for (let page = 1; page <= MOST_SWEEP_PAGES && page <= saved + spare; page += 1) {
      if (open.size === 0) return;
      const end: LookupEnd = await ask(context, call, cursor, signal);
      if (end.kind !== 'page') break;
      for (const row of end.rows) {
        const one = open.get(row.values[key] ?? '');
        if (one === undefined || !matches(one, row)) continue;
        open.delete(one.update.order);
        saved += 1;
        found(one, row);
      }
      if (end.next === null) break;
      cursor = end.next;
    }
  }
}

/** Works through items in so many lanes at once; a lane that rejects ends them all, and the first error is thrown. */
export async function inLanes<T>(lanes: number, items: readonly T[], body: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed: { readonly error: unknown } | null = null;
  const lane = async (): Promise<void> => {
    while (failed === null) {
      const item = items[next];
      next += 1;
      if (item === undefined) return;
      try {
        await body(item);
      } catch (error) {
        failed ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const ended = failed as { readonly error: unknown } | null;
  if (ended !== null) throw ended.error;
}
