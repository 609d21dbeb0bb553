import { vendor } from '../vendors/registry.ts';
import type { Journal } from './runner/types.ts';
import type { Job } from './types.ts';

/** Which rows' cells are erased: those of jobs that ended before a moment (ms; null: of all that have ended), or those of some orders of an account. */
export type ErasedCells =
  { readonly endedBeforeMs: number | null } | { readonly accountId: string; readonly orders: readonly string[] };

export interface CellsErased {
  /** Rows that lost their cells. */
  readonly rows: number;
  /** Jobs that keep theirs: they have not ended, or rows of them are in doubt. */
  readonly jobsLeft: readonly number[];
}

/** Rows of one transaction. */
const PIECE = 5_000;

const hasEnded = ({ state }: Job): boolean => state === 'finished' || state === 'cancelled';

/** The input's column with the orders' numbers; null when it has none. */
function keyColumn({ vendor: id, operation, mapping }: Job): number | null {
  const update = vendor(id).operations.find((one) => one.id === operation);
  const key = update?.kind === 'update' ? update.rowFields.find(({ kind }) => kind === 'order') : undefined;
  return (key === undefined ? undefined : mapping[key.id]) ?? null;
}

async function eraseJob(journal: Journal, job: Job, orders: readonly string[] | null): Promise<number> {
  let rows = 0;
  for (let after: number | null = 0; after !== null;) {
    const done: { rows: number; last: number | null } = await journal.call('eraseCells', {
      jobId: job.id,
      orders,
      keyColumn: keyColumn(job),
      after,
      limit: PIECE,
    });
    rows += done.rows;
    after = done.last;
  }
  return rows;
}

/**
 * Erases what jobs hold of orders beside their numbers and outcomes: original cells, values sent, read and given. Jobs that have not ended keep
 * theirs, and rows in doubt, which could not be verified without them; those jobs are named. No job may be at work meanwhile. When all is erased,
 * `finishErasing` leaves no trace of it.
 */
export async function eraseJobCells(journal: Journal, which: ErasedCells): Promise<CellsErased> {
  const orders = 'orders' in which ? which.orders : null;
  const concerns = (job: Job): boolean => {
    if (job.erased === true) return false;
    if ('orders' in which) return job.accountId === which.accountId;
    if (which.endedBeforeMs === null) return true;
    return job.endedAt !== null && Date.parse(job.endedAt) < which.endedBeforeMs;
  };
  const jobs = (await journal.call('listJobs', undefined)).filter(concerns);
  const jobsLeft: number[] = [];
  let rows = 0;
  for (const job of jobs) {
    const { any, unsettled } = await journal.call('erasable', { jobId: job.id, orders });
    if (any && (unsettled || !hasEnded(job))) jobsLeft.push(job.id);
    if (!any || !hasEnded(job)) continue;
    rows += await eraseJob(journal, job, orders);
    // Looked at no more: what is left of it has nothing to erase.
    if (orders === null && !unsettled) await journal.call('markErased', { id: job.id });
  }
  return { rows, jobsLeft };
}
