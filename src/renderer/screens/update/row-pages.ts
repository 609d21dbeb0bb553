import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { BridgeError } from '../../../contract/bridge.ts';
import type { RowFilterView, RowView } from '../../../contract/job.ts';
import { errorOf } from '../../api/client.ts';
import { jobRows } from '../../api/jobs.ts';
import type { PageSource } from '../../components/grid/pages.ts';

/** Rows of a job for a grid, which reads the pages that it shows. */
export interface RowPages {
  /** How many rows there are. */
  readonly total: Ref<number>;
  readonly failed: ShallowRef<BridgeError | null>;
  readonly source: ComputedRef<PageSource<RowView>>;
  /** Reads how many rows there are now; the grid then reads those it shows. */
  readonly refresh: () => Promise<void>;
  /** Has the grid read those it shows once more. */
  readonly reread: () => void;
}

/** The rows of a job that a filter shows, read anew whenever the job, the filter or `version` is another. */
export function useRowPages(jobId: () => number, filter: () => RowFilterView, version: () => number): RowPages {
  const total = ref(0);
  const read = ref(0);
  const failed = shallowRef<BridgeError | null>(null);
  let readNo = 0;

  async function refresh(): Promise<void> {
    const mine = ++readNo;
    try {
      const page = await jobRows(jobId(), filter(), 0, 1);
      if (mine !== readNo) return;
      total.value = page.total;
      read.value += 1;
      failed.value = null;
    } catch (error) {
      if (mine === readNo) failed.value = errorOf(error);
    }
  }
  watch([jobId, filter, version], () => void refresh(), { immediate: true });

  const source = computed((): PageSource<RowView> => {
    const [id, wanted] = [jobId(), filter()];
    return {
      total: total.value,
      version: read.value,
      page: async (offset, limit) => (await jobRows(id, wanted, offset, limit)).rows,
    };
  });
  return { total, failed, source, refresh, reread: () => void (read.value += 1) };
}
