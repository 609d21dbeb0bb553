import type { AuditWhat } from '../contract/audit.ts';
import { AppError } from '../contract/errors.ts';
import type { AuditTrail } from './audit/trail.ts';
import type { Undone } from './jobs/mend/undo.ts';
import type { RunEnd } from './jobs/runner/types.ts';
import { JobService, type JobServiceOptions, type LongRunRequest } from './jobs/service.ts';

const ENDS: Readonly<Record<RunEnd['state'], AuditWhat>> = {
  finished: 'job.finished',
  paused: 'job.paused',
  cancelled: 'job.cancelled',
};

/** A number under its name, where there is one. */
function given(name: string, value: number | null | undefined): Readonly<Record<string, number>> {
  return value === null || value === undefined ? {} : { [name]: value };
}

/** The job service whose doings stand in the audit trail: numbers of jobs and rows, and never what is in a row. */
export class AuditedJobs extends JobService {
  readonly #audit: AuditTrail;
  readonly #running = new Set<number>();

  constructor(options: JobServiceOptions, audit: AuditTrail) {
    super(options);
    this.#audit = audit;
  }

  override async runThrough(jobId: number, options: LongRunRequest = {}): Promise<RunEnd> {
    // Noted beside the run, which begins at once: a pause must find it.
    const begun = this.#begun(jobId, options).catch(() => undefined);
    this.#running.add(jobId);
    try {
      const end = await super.runThrough(jobId, options);
      await begun;
      const { succeeded, failed, unknown, notSent } = (await this.get(jobId)).counts;
      const reason = end.reason === null ? {} : { reason: end.reason };
      await this.#note(jobId, ENDS[end.state], { succeeded, failed, unknown, notSent, ...reason });
      return end;
    } catch (error) {
      await begun;
      const code = error instanceof AppError ? error.code : 'INTERNAL';
      await this.#note(jobId, 'job.refused', { code }).catch(() => undefined);
      throw error;
    } finally {
      this.#running.delete(jobId);
    }
  }

  override async cancel(jobId: number): Promise<void> {
    await super.cancel(jobId);
    // The end of a run says so itself.
    if (!this.#running.has(jobId)) await this.#note(jobId, 'job.cancelled', {});
  }

  override async undo(jobId: number): Promise<Undone> {
    const undone = await super.undo(jobId);
    await this.#note(jobId, 'job.undo', { undoJob: undone.jobId, rows: undone.ready });
    return undone;
  }

  override async decide(...args: Parameters<JobService['decide']>): ReturnType<JobService['decide']> {
    const decided = await super.decide(...args);
    await this.#note(args[0], 'job.decided', { rows: decided.rows, as: args[2] });
    return decided;
  }

  async #begun(jobId: number, { firstRows, confirmed }: LongRunRequest): Promise<void> {
    const { job, counts } = await this.get(jobId);
    await this.#note(jobId, 'job.begun', {
      operation: job.operation,
      pending: counts.byReason.pending ?? 0,
      ...given('firstRows', firstRows),
      ...given('confirmed', confirmed),
    });
  }

  async #note(jobId: number, what: AuditWhat, detail: Readonly<Record<string, string | number>>): Promise<void> {
    const { job } = await this.get(jobId);
    const account = { id: job.accountId, label: job.accountLabel };
    await this.#audit.note({ what, account, detail: { job: jobId, ...detail } });
  }
}
