import { defineStore } from 'pinia';
import { computed, ref, shallowReactive, shallowRef, watch } from 'vue';
import type { BridgeError } from '../../contract/bridge.ts';
import type { JobWithCounts, ProgressView } from '../../contract/job.ts';
import type { RouteOutput } from '../../contract/routes.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { VendorDescriptor, VendorId } from '../../contract/vendor.ts';
import { errorOf, hear } from '../api/client.ts';
import { findOrder, getJob, listJobs } from '../api/jobs.ts';
import { useApp } from './app.ts';

/** Jobs that are kept because they changed after their page was read. */
const MOST_CHANGED = 200;

/** A vendor's operation in words; its id where the vendor does not say (any vendor where none is named). */
export function operationNames(
  vendors: readonly VendorDescriptor[],
  operation: string,
  vendor: VendorId | null = null,
): Bilingual {
  const found = vendors
    .filter(({ id }) => vendor === null || id === vendor)
    .flatMap(({ operations }) => operations)
    .find(({ id }) => id === operation);
  return found?.names ?? { zh: operation, en: operation };
}

/** A job as it stands by its latest progress. */
export function withProgress(entry: JobWithCounts, progress: ProgressView | undefined): JobWithCounts {
  if (progress === undefined) return entry;
  const { pending, ...counts } = progress.counts;
  return {
    job: { ...entry.job, state: progress.state, pauseReason: null, pauseText: null, busy: entry.job.busy ?? 'running' },
    counts: { ...entry.counts, ...counts, byReason: { ...entry.counts.byReason, pending } },
  };
}

/** What the Jobs screen shows: how many jobs there are, what has changed of them since a page was read, and an order's rows. */
export const useJobs = defineStore('jobs', () => {
  const app = useApp();
  /** null before the first read. */
  const total = ref<number | null>(null);
  /** Changes when the pages are to be read anew. */
  const version = ref(0);
  const failed = shallowRef<BridgeError | null>(null);
  // By job, so that a change of one draws its row alone.
  const changed = shallowReactive(new Map<number, JobWithCounts>());
  const progress = shallowReactive(new Map<number, ProgressView>());
  const newest = ref(0);

  /** The order that is looked for in all jobs; null while none is. */
  const order = ref<string | null>(null);
  const found = shallowRef<RouteOutput<'jobs.find'> | null>(null);
  const findFailed = shallowRef<BridgeError | null>(null);

  const running = computed(() => progress.size);

  function keep(entry: JobWithCounts): void {
    changed.set(entry.job.id, entry);
    const oldest = changed.keys().next();
    if (changed.size <= MOST_CHANGED || oldest.done === true) return;
    changed.delete(oldest.value);
    version.value += 1;
  }

  /** At most `limit` jobs from a 0-based position, the newest first. */
  async function page(offset: number, limit: number): Promise<readonly JobWithCounts[]> {
    const answer = await listJobs(offset, limit);
    total.value = answer.total;
    if (offset === 0) newest.value = answer.jobs[0]?.job.id ?? 0;
    for (const entry of answer.jobs) if (changed.has(entry.job.id)) keep(entry);
    failed.value = null;
    return answer.jobs;
  }

  /** Reads how many jobs there are, and the pages that are seen. An error keeps what was there. */
  async function refresh(): Promise<void> {
    try {
      await page(0, 1);
      version.value += 1;
    } catch (thrown) {
      failed.value = errorOf(thrown);
    }
  }

  /** Reads one job anew. */
  async function reread(jobId: number): Promise<void> {
    try {
      keep(await getJob(jobId));
    } catch (thrown) {
      failed.value = errorOf(thrown);
    }
  }

  async function settle(jobId: number): Promise<void> {
    await reread(jobId);
    progress.delete(jobId);
  }

  /** A job of a page as it stands now. */
  function now(entry: JobWithCounts): JobWithCounts {
    const { id } = entry.job;
    return withProgress(changed.get(id) ?? entry, progress.get(id));
  }

  /** Looks for an order's rows in all jobs; null goes back to the list. */
  async function find(wanted: string | null): Promise<void> {
    order.value = wanted;
    found.value = null;
    findFailed.value = null;
    if (wanted === null) return;
    try {
      const rows = await findOrder(wanted);
      if (order.value === wanted) found.value = rows;
    } catch (thrown) {
      if (order.value === wanted) findFailed.value = errorOf(thrown);
    }
  }

  /** Takes a progress that comes anew, unless main says that the job is run no more: a last one may come after the run's end. */
  async function begin(next: ProgressView): Promise<void> {
    progress.set(next.jobId, next);
    await reread(next.jobId);
    if (changed.get(next.jobId)?.job.busy === null) progress.delete(next.jobId);
  }

  hear('progress', (next) => {
    if (total.value === null) return;
    if (next.state !== 'running') void settle(next.jobId);
    else if (progress.has(next.jobId)) progress.set(next.jobId, next);
    else void begin(next);
    if (next.jobId > newest.value) {
      newest.value = next.jobId;
      void refresh();
    }
  });
  hear('waiting', ({ jobId }) => {
    if (total.value !== null) void settle(jobId);
  });
  hear('runEnded', ({ jobId }) => void settle(jobId));
  hear('verifyEnded', ({ jobId }) => void settle(jobId));
  hear('woke', () => {
    if (total.value !== null) void refresh();
  });

  // Another workspace has other jobs.
  watch(
    () => app.state?.workspace,
    () => {
      total.value = null;
      changed.clear();
      progress.clear();
      newest.value = 0;
      void find(null);
    },
  );

  return {
    total,
    version,
    failed,
    progress,
    running,
    order,
    found,
    findFailed,
    page,
    refresh,
    reread,
    now,
    find,
  };
});
