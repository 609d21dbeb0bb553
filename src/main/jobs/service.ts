import { setTimeout as wait } from 'node:timers/promises';
import type { Account } from '../../contract/account.ts';
import { appError } from '../../contract/errors.ts';
import type { Bilingual } from '../../contract/text.ts';
import { operation as operationOf, vendor as vendorOf } from '../vendors/registry.ts';
import type { UpdateOperation } from '../vendors/types.ts';
import { exportCsv, type Exported, type ExportRequest } from './export/export.ts';
import { importJob, type Imported, type ImportRequest } from './import.ts';
import { rowPages } from './journal/pages.ts';
import type { Mailbox } from './mailbox.ts';
import { Runner } from './runner/runner.ts';
import type { JobContext, JobGateway, Journal, Progress, RunEnd } from './runner/types.ts';
import type { Job, JobCounts, JobState } from './types.ts';
import { Verifier, type VerifyEnd, type VerifyOptions } from './verify/verifier.ts';

export interface JobServiceOptions {
  readonly journal: Journal;
  readonly gateway: JobGateway;
  readonly account: (id: string) => Promise<Account>;
  readonly mailbox: Mailbox;
  readonly now?: () => number;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly log?: (error: unknown) => void;
}

export type ExportOptions = Pick<ExportRequest, 'path' | 'language' | 'overwrite' | 'raw'>;

export interface RunOptions {
  readonly tell?: (progress: Progress) => void;
  /** Pause for the person after this many rows; null sends all. The job's own wish when left out, on its first run alone. */
  readonly firstRows?: number | null;
}

const STATE_ZH: Readonly<Record<JobState | 'busy', string>> = {
  intake: '正在导入',
  ready: '待开始',
  running: '正在运行',
  paused: '已暂停',
  finished: '已完成',
  cancelled: '已取消',
  busy: '正在运行或查证',
};

function wrongState(id: number, state: JobState | 'busy', wanted: Bilingual): Error {
  return appError(
    'JOB_STATE',
    {
      zh: `任务 ${id} ${STATE_ZH[state]}，不能${wanted.zh}。`,
      en: `Job ${id} is ${state}, so it cannot be ${wanted.en}.`,
    },
    { zh: '请先查看它现在的状态。', en: 'Look where it stands first.' },
    { data: { job: id, state } },
  );
}

const RUN: Bilingual = { zh: '运行', en: 'run' };
const CANCEL: Bilingual = { zh: '取消', en: 'cancelled' };
const RETRY: Bilingual = { zh: '重试', en: 'retried' };
const VERIFY: Bilingual = { zh: '查证', en: 'verified' };

/** Jobs from intake to report: what a screen or a command does with them. One writer's process alone holds one of these. */
export class JobService {
  readonly #options: JobServiceOptions;
  readonly #now: () => number;
  readonly #runners = new Map<number, Runner>();
  /** Jobs being run or verified. */
  readonly #busy = new Set<number>();

  constructor(options: JobServiceOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Reads an input into a new job, ready to run. */
  import(request: Omit<ImportRequest, 'now'>): Promise<Imported> {
    return importJob(this.#options.journal, { ...request, now: this.#now });
  }

  async get(jobId: number): Promise<{ job: Job; counts: JobCounts }> {
    const job = await this.#options.journal.call('getJob', { id: jobId });
    return { job, counts: await this.#options.journal.call('getCounts', { jobId }) };
  }

  /** Everything that running or verifying a job takes. */
  async context(jobId: number): Promise<JobContext> {
    const { journal, gateway } = this.#options;
    const job = await journal.call('getJob', { id: jobId });
    const operation = operationOf(job.vendor, job.operation);
    if (operation.kind !== 'update') throw new Error(`${job.operation} is no update`);
    return {
      job,
      account: await this.#options.account(job.accountId),
      vendor: vendorOf(job.vendor),
      operation: operation satisfies UpdateOperation,
      journal,
      gateway,
      now: this.#now,
      sleep: this.#options.sleep ?? ((ms, signal) => wait(ms, undefined, signal && { signal })),
    };
  }

  /**
   * Sends what is pending of a job that is ready or paused (a resumed one's rows that were rejected for the account's sake, too), until
   * it finishes, pauses or is cancelled. Rejects with JOB_STATE, or when the journal fails; then it may be run again.
   */
  async run(jobId: number, options: RunOptions = {}): Promise<RunEnd> {
    const context = await this.context(jobId);
    const { job } = context;
    if (this.#busy.has(jobId)) throw wrongState(jobId, 'busy', RUN);
    // `running` and not busy: the journal could not take the end of its last run in this process.
    const resumed = job.state === 'paused' || job.state === 'running';
    if (!resumed && job.state !== 'ready' && job.state !== 'finished') throw wrongState(jobId, job.state, RUN);
    const firstRows =
      options.firstRows === undefined ? (job.startedAt === null ? job.options.firstRows : null) : options.firstRows;
    const runner = this.#runners.get(jobId) ?? new Runner(context, options.tell, this.#options.log);
    this.#runners.set(jobId, runner);
    this.#busy.add(jobId);
    let unwatch = (): void => {};
    try {
      if (resumed) await this.#options.journal.call('rependRejected', { jobId });
      await this.#options.mailbox.take(jobId);
      unwatch = this.#options.mailbox.watch(jobId, (wish) => (wish === 'pause' ? runner.pause() : runner.cancel()));
      return await runner.run({ job: { ...job, options: { ...job.options, firstRows } }, tell: options.tell });
    } finally {
      unwatch();
      this.#busy.delete(jobId);
      // One that holds outcomes is kept: the next run writes them first.
      if (runner.unsaved === 0) this.#runners.delete(jobId);
    }
  }

  /** Asks a running job to finish what is in flight and pause. */
  pause(jobId: number): void {
    this.#runners.get(jobId)?.pause();
  }

  /** Gives up what a job has not sent; a running one finishes what is in flight first. */
  async cancel(jobId: number): Promise<void> {
    const runner = this.#runners.get(jobId);
    if (runner !== undefined && this.#busy.has(jobId)) {
      runner.cancel();
      return;
    }
    const job = await this.#options.journal.call('getJob', { id: jobId });
    if (job.state !== 'ready' && job.state !== 'paused' && job.state !== 'running') {
      throw wrongState(jobId, job.state, CANCEL);
    }
    // A cancelled job is not run again, so its outcomes must be written now.
    await runner?.saveUnsaved();
    this.#runners.delete(jobId);
    await this.#options.journal.call('cancelPending', { jobId, atMs: this.#now() });
    await this.#options.journal.call('setJobState', {
      id: jobId,
      state: 'cancelled',
      at: new Date(this.#now()).toISOString(),
    });
  }

  /** Makes what may safely be sent again pending; the person then runs the job. Answers how many rows. */
  async retry(jobId: number): Promise<number> {
    const job = await this.#options.journal.call('getJob', { id: jobId });
    if (this.#busy.has(jobId)) throw wrongState(jobId, 'busy', RETRY);
    if (job.state === 'running' || job.state === 'intake') throw wrongState(jobId, job.state, RETRY);
    const rows = await this.#options.journal.call('retryRows', { jobId });
    const at = new Date(this.#now()).toISOString();
    if (rows > 0) await this.#options.journal.call('setJobState', { id: jobId, state: 'paused', reason: 'person', at });
    return rows;
  }

  /** Writes a job as one CSV, its counts checked against the journal; see `exportCsv` for what it throws. */
  async export(jobId: number, to: ExportOptions): Promise<Exported> {
    const { job, counts } = await this.get(jobId);
    return exportCsv({ job, header: job.header, rows: rowPages(this.#options.journal, jobId), counts, ...to });
  }

  /** Reads unknown rows at the vendor and settles what can be settled; sends no update. */
  async verify(jobId: number, options: VerifyOptions): Promise<VerifyEnd> {
    const context = await this.context(jobId);
    if (this.#busy.has(jobId)) throw wrongState(jobId, 'busy', VERIFY);
    this.#busy.add(jobId);
    try {
      return await new Verifier(context, options).run();
    } finally {
      this.#busy.delete(jobId);
    }
  }
}
