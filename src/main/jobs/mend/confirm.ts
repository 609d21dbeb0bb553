import { operation as operationOf } from '../../vendors/registry.ts';
import type { Journal } from '../runner/types.ts';
import type { Job } from '../types.ts';
import { mustRead } from '../written.ts';
import { notConfirmed } from './refusals.ts';

/** Whether what the job writes can be set back: the operation can, and the old values are read before each write. */
export function isUndoable(job: Pick<Job, 'vendor' | 'operation' | 'options' | 'params'>): boolean {
  const operation = operationOf(job.vendor, job.operation);
  if (operation.kind !== 'update' || operation.undo === undefined) return false;
  return job.options.readBefore || mustRead(operation, job.params);
}

/**
 * Refuses with COUNT_NOT_CONFIRMED a run that would send more rows without a way back than may pass with a plain yes, unless their number
 * was typed, now or for an earlier run of the job; a typed number must be right, however many there are. It is kept among the job's events.
 */
export async function demandConfirmed(
  {
    journal,
    confirmAbove,
    nowMs,
  }: { readonly journal: Journal; readonly confirmAbove: number; readonly nowMs: number },
  job: Job,
  firstRows: number | null,
  confirmed: number | null,
): Promise<void> {
  const { byReason } = await journal.call('getCounts', { jobId: job.id });
  const pending = byReason.pending ?? 0;
  const sends = Math.min(pending, firstRows ?? pending);
  if (confirmed !== null) {
    if (confirmed !== sends && confirmed !== pending) throw notConfirmed(job, sends, confirmed);
    await journal.call('confirmCount', { jobId: job.id, count: confirmed, atMs: nowMs });
    return;
  }
  if (await needsCount(journal, confirmAbove, job.id, sends)) throw notConfirmed(job, sends, null);
}

/** Whether so many rows of a job are sent only once their number is typed: no one can set them back, and none so large was typed before. */
export async function needsCount(
  journal: Journal,
  confirmAbove: number,
  jobId: number,
  sends: number,
): Promise<boolean> {
  if (sends <= confirmAbove || isUndoable(await journal.call('getJob', { id: jobId }))) return false;
  return sends > (await journal.call('jobLinks', { jobId })).confirmed;
}
