import { defineStore } from 'pinia';
import type { Ref } from 'vue';
import { computed, ref, shallowRef } from 'vue';
import type { BridgeError } from '../../contract/bridge.ts';
import type { EventData } from '../../contract/events.ts';
import type {
  Decision,
  ExportFormat,
  JobView,
  JobWithCounts,
  ProgressView,
  ReasonGroup,
  UndoneView,
} from '../../contract/job.ts';
import type { PreviewView, SavedFile } from '../../contract/routes.ts';
import { errorOf, hear } from '../api/client.ts';
import { decideRows, followUpJob, undoJob } from '../api/mending.ts';
import {
  allowRows,
  cancelJob,
  exportJob,
  getJob,
  jobReasons,
  lookAtJob,
  nameJob,
  pauseJob,
  previewJob,
  retryJob,
  runJob,
  stopLook,
  stopVerify,
  verifyJob,
} from '../api/jobs.ts';
import { useApp } from './app.ts';

/** Where the rows stand, in the runner's seven numbers. */
export type LiveCounts = ProgressView['counts'];

/** Rows of an open job are read anew at most this often while it runs. */
const ROWS_MS = 2_000;
/** Not sent, but may be on the person's word: what `jobs.retry` takes beside the failures that may be retried. */
const RESENT = ['rejected', 'cancelled', 'not_reached', 'in_doubt_elsewhere', 'unreadable'] as const;

/** How many rows a retry would send again. */
export function retryableRows({ counts }: JobWithCounts, reasons: readonly ReasonGroup[]): number {
  const held = RESENT.reduce((sum, reason) => sum + (counts.byReason[reason] ?? 0), 0);
  const failed = reasons.filter(({ state, retry }) => state === 'failed' && retry === 'retryable');
  // What is mended goes with a follow-up; rows that a check set aside are never retried.
  const mended = reasons.filter(
    ({ state, failure, retry }) => state === 'not_sent' && (failure !== null || retry === 'retryable'),
  );
  return (
    held +
    failed.reduce((sum, { count, mended: apart }) => sum + count - apart, 0) -
    mended.reduce((sum, { mended: apart }) => sum + apart, 0)
  );
}

function liveCounts({ counts }: JobWithCounts): LiveCounts {
  const { total, succeeded, failed, unknown, notSent, sending, byReason } = counts;
  return { total, succeeded, failed, unknown, notSent, sending, pending: byReason.pending ?? 0 };
}

type Asked =
  'run' | 'pause' | 'cancel' | 'verify' | 'export' | 'look' | 'allow' | 'name' | 'undo' | 'follow_up' | 'decide';

/** Asks main to do one thing with the open job at a time: what is asked, and why the last was not done. */
function useAsking(
  jobId: Readonly<Ref<number | null>>,
  expect: (patch: Partial<JobView>) => void,
  reload: () => Promise<void>,
) {
  const asking = ref<Asked | null>(null);
  const error = shallowRef<BridgeError | null>(null);

  /** Answers whether it was done. `expected` is shown at once: its end may be told before its answer has come. */
  async function ask(
    what: Asked,
    then: (id: number) => Promise<unknown>,
    expected?: Partial<JobView>,
  ): Promise<boolean> {
    const id = jobId.value;
    if (id === null || asking.value !== null) return false;
    asking.value = what;
    error.value = null;
    if (expected !== undefined) expect(expected);
    try {
      await then(id);
      return true;
    } catch (thrown) {
      if (jobId.value !== id) return false;
      error.value = errorOf(thrown);
      if (expected !== undefined) await reload();
      return false;
    } finally {
      if (jobId.value === id) asking.value = null;
    }
  }

  /** Another job is open: what was asked of the last no longer matters. */
  function letGo(): void {
    asking.value = null;
    error.value = null;
  }

  return { asking, error, ask, letGo };
}

/** Reads what a run of the open job would send. */
function usePreview(jobId: Readonly<Ref<number | null>>, error: Ref<BridgeError | null>) {
  const preview = shallowRef<PreviewView | null>(null);
  const previewing = ref(false);
  /** Only the newest reading counts. */
  let readNo = 0;

  async function loadPreview(): Promise<void> {
    const id = jobId.value;
    if (id === null) return;
    const mine = ++readNo;
    previewing.value = true;
    try {
      const next = await previewJob(id);
      if (mine === readNo) preview.value = next;
    } catch (thrown) {
      if (mine === readNo) error.value = errorOf(thrown);
    } finally {
      if (mine === readNo) previewing.value = false;
    }
  }

  /** Another job is open. */
  function letPreviewGo(): void {
    readNo += 1;
    preview.value = null;
    previewing.value = false;
  }

  return { preview, previewing, loadPreview, letPreviewGo };
}

/** Verifies the open job's rows in doubt: how far it is, and how the last one ended. */
function useVerifying(
  jobId: Readonly<Ref<number | null>>,
  found: Readonly<Ref<JobWithCounts | null>>,
  ask: ReturnType<typeof useAsking>['ask'],
  { reload, rowsMoved }: { reload: () => Promise<void>; rowsMoved: () => void },
) {
  const verify = shallowRef<{ readonly read: number; readonly againAtMs: number | null } | null>(null);
  const verified = shallowRef<EventData<'verifyEnded'> | null>(null);

  function startVerify(): Promise<boolean> {
    verified.value = null;
    verify.value = { read: 0, againAtMs: null };
    return ask('verify', verifyJob, { busy: 'verifying' });
  }

  const endVerify = (): Promise<boolean> => ask('verify', stopVerify);

  hear('verify', ({ jobId: id, read, waitingMs }) => {
    if (id !== jobId.value) return;
    if (found.value?.job.busy !== 'verifying') void reload();
    else verify.value = { read, againAtMs: waitingMs === null ? null : Date.now() + waitingMs };
    rowsMoved();
  });
  hear('verifyEnded', (end) => {
    if (end.jobId !== jobId.value) return;
    verify.value = null;
    verified.value = end;
    void reload();
  });

  return { verify, verified, startVerify, endVerify };
}

/** Reads the open job's present values at the vendor for its preview; `again` reads the job and its preview anew. */
function useLooking(
  jobId: Readonly<Ref<number | null>>,
  found: Readonly<Ref<JobWithCounts | null>>,
  ask: ReturnType<typeof useAsking>['ask'],
  again: () => Promise<void>,
) {
  /** How far the reading is, while one is under way, and how the last one ended. */
  const looking = shallowRef<{ readonly read: number; readonly total: number } | null>(null);
  const looked = shallowRef<EventData<'lookEnded'> | null>(null);

  /** Begins to read present values; `all` reads those anew that are read already. */
  function startLook(all: boolean): Promise<boolean> {
    looked.value = null;
    looking.value = { read: 0, total: 0 };
    return ask('look', (id) => lookAtJob(id, all), { busy: 'reading' });
  }

  const endLook = (): Promise<boolean> => ask('look', stopLook);

  /** Has rows sent that a reading kept back; the run still asks. */
  const allow = (reason: 'state_forbids' | 'changed_since_preview'): Promise<boolean> =>
    ask('allow', async (id) => {
      await allowRows(id, reason);
      await again();
    });

  hear('looking', ({ jobId: id, read, total }) => {
    if (id !== jobId.value) return;
    if (found.value?.job.busy === 'reading') looking.value = { read, total };
    else if (found.value?.job.busy === null) void again();
  });
  hear('lookEnded', (end) => {
    if (end.jobId !== jobId.value) return;
    looking.value = null;
    looked.value = end;
    void again();
  });
  return { looking, looked, startLook, endLook, allow };
}

/** What a person makes of the open job's rows afterwards. */
function useMending(ask: ReturnType<typeof useAsking>['ask'], reload: () => Promise<void>) {
  /** Asks for something that answers more than that it was done; null when it was not. */
  async function askFor<T>(what: Asked, then: (id: number) => Promise<T>): Promise<T | null> {
    let answer: T | null = null;
    await ask(what, async (id) => {
      answer = await then(id);
    });
    return answer;
  }

  return {
    undo: (): Promise<UndoneView | null> => askFor('undo', undoJob),
    followUp: (): Promise<{ readonly jobId: number } | null> => askFor('follow_up', followUpJob),
    /** Decides the selected rows in doubt. */
    decide: (as: Decision['as']): Promise<boolean> =>
      ask('decide', async (id) => {
        await decideRows(id, as, null);
        await reload();
      }),
  };
}

/** The job that the update screen has open: how it stands, and what may be done with it. Holds counts and reasons, no rows. */
export const useUpdateJob = defineStore('update-job', () => {
  const app = useApp();
  const jobId = ref<number | null>(null);
  const found = shallowRef<JobWithCounts | null>(null);
  const progress = shallowRef<ProgressView | null>(null);
  const reasons = shallowRef<readonly ReasonGroup[]>([]);
  const saved = shallowRef<NonNullable<SavedFile> | null>(null);
  const savedAs = ref<ExportFormat>('csv');
  /** Why the job could not be read. */
  const loadError = shallowRef<BridgeError | null>(null);
  const { asking, error, ask, letGo } = useAsking(jobId, changeJob, reload);
  const { preview, previewing, loadPreview, letPreviewGo } = usePreview(jobId, error);
  const { verify, verified, startVerify, endVerify } = useVerifying(jobId, found, ask, { reload, rowsMoved });
  const { looking, looked, startLook, endLook, allow } = useLooking(jobId, found, ask, async () => {
    await Promise.all([reload(), loadPreview()]);
  });
  /** Send so many rows, then ask; null sends all. */
  const firstRows = ref<number | null>(null);
  /** When the run that is shown began and ended, ms; null when it is not known. */
  const ranFrom = ref<number | null>(null);
  const ranTo = ref<number | null>(null);
  /** The job that this window set going last, until it ends. */
  const begun = shallowRef<{ readonly jobId: number; readonly account: string } | null>(null);
  /** Grows when rows may have changed, so that a grid reads its page anew. */
  const rowsVersion = ref(0);

  const operation = computed(() => {
    const job = found.value?.job;
    return job === undefined
      ? null
      : (app.vendor(job.vendor).operations.find(({ id }) => id === job.operation) ?? null);
  });
  const counts = computed(() => (found.value === null ? null : (progress.value?.counts ?? liveCounts(found.value))));
  const pending = computed(() => counts.value?.pending ?? 0);
  const busy = computed(() => found.value?.job.busy ?? null);
  const retryable = computed(() => (found.value === null ? 0 : retryableRows(found.value, reasons.value)));

  /** Only the newest reading counts. */
  let readNo = 0;
  let rowsAtMs = 0;

  function changeJob(patch: Partial<JobView>): void {
    if (found.value !== null) found.value = { ...found.value, job: { ...found.value.job, ...patch } };
  }

  /** Reads the job, and what went wrong in it, anew. */
  async function reload(): Promise<void> {
    const id = jobId.value;
    if (id === null) return;
    const mine = ++readNo;
    try {
      const [next, groups] = await Promise.all([getJob(id), jobReasons(id)]);
      if (mine !== readNo) return;
      found.value = next;
      reasons.value = groups;
      progress.value = null;
      rowsVersion.value += 1;
      loadError.value = null;
      if (next.job.busy !== 'reading') looking.value = null;
      else looking.value ??= { read: 0, total: 0 };
      if (next.job.busy !== 'verifying') verify.value = null;
      else verify.value ??= { read: 0, againAtMs: null };
      if (next.job.busy === 'running' && ranFrom.value === null && next.job.startedAt !== null) {
        ranFrom.value = Date.parse(next.job.startedAt);
      }
    } catch (thrown) {
      if (mine === readNo) loadError.value = errorOf(thrown);
    }
  }

  /** Opens a job; what is known of the one that is open already stays until it is read anew. */
  async function open(id: number | null): Promise<void> {
    if (id !== jobId.value) {
      readNo += 1;
      jobId.value = id;
      found.value = null;
      reasons.value = [];
      letPreviewGo();
      progress.value = null;
      verify.value = null;
      verified.value = null;
      looking.value = null;
      looked.value = null;
      saved.value = null;
      loadError.value = null;
      letGo();
      firstRows.value = null;
      ranFrom.value = null;
      ranTo.value = null;
    }
    await reload();
  }

  /** Goes on with a run that waits, though what it waits for may last. */
  const goOn = (): Promise<boolean> => ask('run', (id) => runJob(id, null));

  /** Begins or resumes the run; null sends all that is left. `confirmed`: their number as it was typed, where it was asked for. */
  function run(first: number | null, confirmed: number | null = null): Promise<boolean> {
    ranFrom.value = Date.now();
    ranTo.value = null;
    verified.value = null;
    // What was exported before is no longer how it stands.
    saved.value = null;
    const job = found.value?.job;
    if (job !== undefined) begun.value = { jobId: job.id, account: job.accountLabel };
    return ask('run', (id) => runJob(id, first, confirmed), {
      state: 'running',
      busy: 'running',
      pauseReason: null,
      pauseText: null,
      waiting: undefined,
    });
  }

  /** Makes pending what may be sent again, and sends it: of a job without pending rows, for a run sends all that is pending. */
  async function retry(confirmed: number | null = null): Promise<boolean> {
    if (pending.value > 0 || !(await ask('run', retryJob))) return false;
    await reload();
    return pending.value > 0 && (await run(null, confirmed));
  }

  const mending = useMending(ask, reload);
  const pause = (): Promise<boolean> => ask('pause', pauseJob, { busy: 'pausing' });

  /** Gives up what is not sent; a running job finishes what is in flight first, and `runEnded` tells of its end. */
  function cancel(): Promise<boolean> {
    const running = busy.value !== null;
    return ask(
      'cancel',
      async (id) => {
        await cancelJob(id);
        if (!running) await reload();
      },
      running ? { busy: 'pausing' } : undefined,
    );
  }

  const nameAs = (title: string | null): Promise<boolean> =>
    ask('name', async (id) => {
      await nameJob(id, title);
      changeJob({ title });
    });

  /** Saves the job as a file of a kind, where the person says. */
  const save = (format: ExportFormat): Promise<boolean> =>
    ask('export', async (id) => {
      const file = await exportJob(id, false, format);
      if (file === null) return;
      saved.value = file;
      savedAs.value = format;
    });

  function rowsMoved(): void {
    const now = Date.now();
    if (Math.abs(now - rowsAtMs) < ROWS_MS) return;
    rowsAtMs = now;
    rowsVersion.value += 1;
  }

  // An event may come after the end that it was told before: what the job does now is only read, never concluded.
  hear('progress', (next) => {
    if (next.jobId !== jobId.value) return;
    if (busy.value === 'running' || busy.value === 'pausing' || busy.value === 'waiting') progress.value = next;
    else if (busy.value === null) void reload();
    rowsMoved();
  });
  hear('waiting', ({ jobId: id, waiting }) => {
    if (id !== jobId.value || busy.value === 'pausing') return;
    if (busy.value === null) {
      void reload();
    } else if (waiting === null) {
      changeJob({ state: 'running', busy: 'running', pauseReason: null, pauseText: null, waiting: undefined });
    } else {
      changeJob({ state: 'paused', busy: 'waiting', pauseReason: waiting.reason, pauseText: waiting.text, waiting });
    }
    rowsMoved();
  });
  hear('runEnded', (end) => {
    if (end.jobId === begun.value?.jobId && end.state !== 'paused') begun.value = null;
    if (end.jobId !== jobId.value) return;
    ranTo.value = Date.now();
    // Read whole: whether a verification follows, the event does not say.
    void reload();
  });

  return {
    jobId,
    found,
    progress,
    reasons,
    preview,
    previewing,
    verify,
    verified,
    looking,
    looked,
    saved,
    savedAs,
    loadError,
    error,
    asking,
    firstRows,
    ranFrom,
    ranTo,
    begun,
    rowsVersion,
    operation,
    counts,
    pending,
    busy,
    retryable,
    open,
    reload,
    loadPreview,
    run,
    goOn,
    retry,
    ...mending,
    pause,
    cancel,
    startVerify,
    endVerify,
    startLook,
    endLook,
    allow,
    nameAs,
    save,
  };
});
