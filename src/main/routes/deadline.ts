import type { RowView } from '../../contract/job.ts';
import type { Job, JournalRow } from '../jobs/types.ts';
import type { Services } from '../services.ts';
import { operation as operationOf } from '../vendors/registry.ts';
import type { UpdateOperation, Values } from '../vendors/types.ts';

/**
 * The vendor's clock minus this machine's (ms), as far as it has been learnt, for a job whose rows have a deadline; null for one without, and
 * for one whose account is gone, from which nothing is sent any more.
 */
export async function clockOf(
  { vault, gateway }: Pick<Services, 'vault' | 'gateway'>,
  job: Pick<Job, 'vendor' | 'operation' | 'accountId'>,
): Promise<number | null> {
  if (operationOf(job.vendor, job.operation, 'update').deadline === undefined) return null;
  try {
    return gateway.vendorNow(await vault.get(job.accountId)) - Date.now();
  } catch {
    return null;
  }
}

/** Until when a row that has not gone out, or may go out again, may be sent, by this machine's clock. */
export function deadlineView(
  operation: UpdateOperation,
  params: Values,
  { state, order, values }: Pick<JournalRow, 'state' | 'order' | 'values'>,
  offsetMs: number | null,
): Pick<RowView, 'deadlineMs' | 'deadlineAtMost'> {
  if (offsetMs === null || values === null || (state !== 'not_sent' && state !== 'failed')) return {};
  const until = operation.deadline?.of({ order, values }, params) ?? null;
  if (until === null) return {};
  return { deadlineMs: until.atMs - offsetMs, ...(until.exact ? {} : { deadlineAtMost: true }) };
}
