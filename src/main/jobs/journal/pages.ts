import type { StoreClient } from '../../store/client.ts';
import type { JournalRow } from '../types.ts';
import type { JournalProcedures } from './procedures.ts';
import type { RowFilter } from './reads.ts';

const PAGE_ROWS = 2_000;

/**
 * A job's rows in the input's order, page by page, none of them empty, so that memory does not grow with the job. Each page is read when it
 * is asked for: a row that has left the filter by then is not met.
 */
export async function* rowPages(
  journal: Pick<StoreClient<JournalProcedures>, 'call'>,
  jobId: number,
  filter: RowFilter = {},
): AsyncGenerator<readonly JournalRow[]> {
  let after = 0;
  for (;;) {
    const rows = await journal.call('getRows', { jobId, filter, after, limit: PAGE_ROWS });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.rowNo;
  }
}
