import { AppError } from '../../contract/errors.ts';
import type { Decision, JobView, RowSelectionChange, WaitingView } from '../../contract/job.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { Events } from '../ipc/events.ts';
import { isChosen, type ChosenRows } from '../jobs/mend/decide.ts';
import type { Undone } from '../jobs/mend/undo.ts';
import { storageReason } from '../jobs/runner/runner.ts';
import type { RunEnd, Progress } from '../jobs/runner/types.ts';
import type { LookEnd } from '../jobs/look/look.ts';
import type { Edited } from '../jobs/mend/save.ts';
import type { Job, JobCounts, JournalRow } from '../jobs/types.ts';
import type { VerifyEnd } from '../jobs/verify/verifier.ts';
import type { Services } from '../services.ts';
import type { Desk } from './desk.ts';
import { Notices, type NoticeCounts, type NoticeOptions } from './notices.ts';
import { jobAtWork, onlyReading } from './refusals.ts';
import { RowSelection } from './row-selection.ts';

/** Longest wait for readings that must lie apart; Polyv's three over 60 s fit into it. */
const VERIFY_WAIT_MS = 90_000;

/** A job that this process is at work on. */
interface Work {
  kind: NonNullable<JobView['busy']>;
  /** Whether it has begun: before that, its failure is the caller's alone. */
  began: boolean;
  /** Settles when it has begun or could not: before that a run can't be paused. */
  begun: Promise<void>;
  /** Ends a verification or a reading. */
  readonly stopReading: AbortController;
  waiting: WaitingView | null;
  ended: Promise<void>;
  done: number;
  total: number;
  outcomes: NoticeCounts;
}

export interface JobDeskOptions {
  readonly services: Services;
  readonly readOnly: boolean;
  readonly events: Events;
  readonly desk: Pick<Desk, 'keepAwake' | 'progressBar' | 'notify' | 'watchNetwork'>;
  /** Whether the person wants notifications of the desktop, and in which language. */
  readonly notices: Pick<NoticeOptions, 'wanted' | 'language'>;
}

const BROKE: Bilingual = {
  zh: '程序内部出错；日志里有原因。可以继续这个任务。',
  en: 'An internal error ended it; the log has its cause. The job can be resumed.',
};

/** What an error says to a person: its own words, or that it was none for them. */
function wordsOf(error: unknown): Bilingual {
  return error instanceof AppError ? error.text.message : BROKE;
}

/** Runs and verifications that this process is at: begun and left to themselves, told of by events. */
export class JobDesk {
  readonly #options: JobDeskOptions;
  readonly #work = new Map<number, Work>();
  /** Counts of jobs that nothing changes but what goes through here. */
  readonly #counts = new Map<number, JobCounts>();
  readonly #selections = new Map<number, RowSelection>();
  readonly #notices: Notices;
  /** How far jobs had come that stopped for a reason and wait for the person. */
  readonly #stopped = new Map<number, { readonly done: number; readonly total: number }>();

  constructor(options: JobDeskOptions) {
    this.#options = options;
    this.#notices = new Notices({ ...options.notices, notify: options.desk.notify });
  }

  /** What is done with a job now. */
  busy(jobId: number): JobView['busy'] {
    return this.#work.get(jobId)?.kind ?? null;
  }

  /** What a job waits for that will go on by itself. */
  waiting(jobId: number): WaitingView | null {
    return this.#work.get(jobId)?.waiting ?? null;
  }

  /** How many jobs are at work. */
  get size(): number {
    return this.#work.size;
  }

  /** A job's counts; kept while nobody can change them. */
  async counts({ id, state }: Pick<Job, 'id' | 'state'>): Promise<JobCounts> {
    const known = this.#counts.get(id);
    if (known !== undefined) return known;
    const counts = await this.#options.services.journal.call('getCounts', { jobId: id });
    const isStill = state !== 'running' && state !== 'intake' && !this.#options.readOnly && !this.#work.has(id);
    if (isStill) this.#counts.set(id, counts);
    return counts;
  }

  /**
   * Begins a run or goes on with one, also with one that waits; resolves when it has begun. Throws JOB_STATE, WRITER_BUSY, COUNT_NOT_CONFIRMED and what keeps it from
   * beginning.
   */
  async run(jobId: number, firstRows: number | null, confirmed: number | null = null): Promise<void> {
    if (this.#work.get(jobId)?.kind === 'waiting') {
      this.#options.services.jobs.goOn(jobId);
      return;
    }
    const work = this.#begin(jobId, 'running');
    const { jobs } = this.#options.services;
    const begun = new Promise<void>((resolve, reject) => {
      const running = jobs.runThrough(jobId, {
        firstRows,
        confirmed,
        tell: (progress) => {
          work.began = true;
          resolve();
          this.#progress(work, progress);
        },
        tellWaiting: (waiting) => this.#wait(jobId, work, waiting),
      });
      work.ended = this.#follow(jobId, work, running);
      running.then(() => resolve(), reject);
    });
    work.begun = begun.catch(() => {});
    await begun;
  }

  /** Asks a run to finish what is under way and pause. One of another process is asked, too. */
  async pause(jobId: number): Promise<void> {
    await this.#ask(jobId, 'pause', async () => this.#options.services.jobs.pause(jobId));
  }

  /** Gives up what has not been sent. A run of another process is asked to. Throws JOB_STATE, WRITER_BUSY. */
  async cancel(jobId: number): Promise<void> {
    const work = this.#work.get(jobId);
    if (work?.kind === 'verifying' || work?.kind === 'reading') {
      work.stopReading.abort();
      await work.ended;
    }
    this.#stopped.delete(jobId);
    await this.#ask(jobId, 'cancel', () => this.#options.services.jobs.cancel(jobId));
  }

  /** Makes what may safely be sent again pending; answers how many rows. Throws JOB_STATE, WRITER_BUSY. */
  async retry(jobId: number): Promise<number> {
    return this.#change(jobId, (jobs) => jobs.retry(jobId));
  }

  /** Makes a job's reverse job. Throws NOTHING_TO_UNDO, JOB_STATE, WRITER_BUSY. */
  async undo(jobId: number): Promise<Undone> {
    return this.#change(jobId, (jobs) => jobs.undo(jobId));
  }

  /** Saves an edit of a row, or answers what is wrong with it. Throws ROW_NOT_EDITABLE, JOB_STATE, WRITER_BUSY. */
  async editRow(jobId: number, rowNo: number, values: Readonly<Record<string, string>> | null): Promise<Edited> {
    return this.#change(jobId, (jobs) => jobs.editRow(jobId, rowNo, values));
  }

  /** Makes the follow-up of a job's mended rows. Throws NOTHING_MENDED, JOB_STATE, WRITER_BUSY. */
  async followUp(jobId: number): Promise<{ readonly jobId: number; readonly rows: number }> {
    return this.#change(jobId, (jobs) => jobs.followUp(jobId));
  }

  /** Decides one row in doubt, or all that are selected; answers how many. Throws JOB_STATE, WRITER_BUSY. */
  async decide(jobId: number, as: Decision['as'], rowNo: number | null): Promise<{ readonly rows: number }> {
    const one: ChosenRows | null = rowNo === null ? null : { kind: 'rows', rows: new Set([rowNo]) };
    const chosen = one ?? this.#selections.get(jobId)?.chosen ?? { kind: 'rows', rows: new Set() };
    return this.#change(jobId, (jobs) => jobs.decide(jobId, chosen, as));
  }

  /** Changes which of a job's rows are selected; answers how many are. */
  select(jobId: number, change: RowSelectionChange): Promise<number> {
    const selection = this.#selections.get(jobId) ?? new RowSelection(this.#options.services.journal, jobId);
    this.#selections.set(jobId, selection);
    return selection.change(change);
  }

  /** Whether a row is selected. */
  isSelected(row: JournalRow): boolean {
    const selection = this.#selections.get(row.jobId);
    return selection !== undefined && isChosen(selection.chosen, row);
  }

  /** Begins a verification; resolves when it has begun. Throws JOB_STATE, WRITER_BUSY, JOB_NOT_FOUND, ACCOUNT_NOT_FOUND. */
  async verify(jobId: number): Promise<void> {
    const work = this.#begin(jobId, 'verifying');
    try {
      await this.#options.services.jobs.context(jobId);
    } catch (error) {
      this.#end(jobId);
      throw error;
    }
    work.ended = this.#verifyNow(jobId, work);
  }

  /** Ends a verification or a reading of present values; what was read is kept. */
  stopReading(jobId: number): void {
    this.#work.get(jobId)?.stopReading.abort();
  }

  /** Begins to read present values; resolves when it has begun. Throws JOB_STATE, WRITER_BUSY, JOB_NOT_FOUND, ACCOUNT_NOT_FOUND. */
  async look(jobId: number, again: boolean): Promise<void> {
    const work = this.#begin(jobId, 'reading');
    const { jobs } = this.#options.services;
    const begun = new Promise<void>((resolve, reject) => {
      const looking = jobs.look(jobId, {
        again,
        signal: work.stopReading.signal,
        tell: ({ read, total }) => {
          work.began = true;
          resolve();
          this.#options.events.tell('looking', { jobId, read, total });
        },
      });
      work.ended = this.#followLook(jobId, work, looking);
      looking.then(() => resolve(), reject);
    });
    await begun;
  }

  /** Makes rows pending that a reading kept back; answers how many. Throws JOB_STATE, WRITER_BUSY. */
  async allow(jobId: number, reason: 'state_forbids' | 'changed_since_preview'): Promise<number> {
    this.#demandWriter();
    if (this.#work.has(jobId)) throw jobAtWork(jobId);
    this.#counts.delete(jobId);
    return this.#options.services.jobs.allow(jobId, reason);
  }

  /** Names a job. Throws JOB_STATE, WRITER_BUSY. */
  async name(jobId: number, title: string | null): Promise<void> {
    this.#demandWriter();
    await this.#options.services.jobs.name(jobId, title);
  }

  /** Pauses every run and ends every verification and reading; resolves when none is left. */
  async pauseAll(): Promise<void> {
    while (this.#work.size > 0) {
      await Promise.all(
        [...this.#work].map(async ([jobId, work]) => {
          work.stopReading.abort();
          // What a job waits for stays its reason: the next start shows it.
          if (work.kind === 'waiting') this.#options.services.jobs.leave(jobId);
          else await this.pause(jobId);
          await work.ended;
        }),
      );
    }
  }

  /** Changes rows of a job that is not at work: what is known of them, and what is selected among them, is forgotten. */
  async #change<T>(jobId: number, change: (jobs: Services['jobs']) => Promise<T>): Promise<T> {
    this.#demandWriter();
    if (this.#work.has(jobId)) throw jobAtWork(jobId);
    try {
      return await change(this.#options.services.jobs);
    } finally {
      this.#forget(jobId);
    }
  }

  #forget(jobId: number): void {
    this.#counts.delete(jobId);
    this.#selections.delete(jobId);
  }

  #demandWriter(): void {
    if (this.#options.readOnly) throw onlyReading();
  }

  #begin(jobId: number, kind: 'running' | 'verifying' | 'reading'): Work {
    this.#demandWriter();
    if (this.#work.has(jobId)) throw jobAtWork(jobId);
    const work: Work = {
      kind,
      began: false,
      begun: Promise.resolve(),
      stopReading: new AbortController(),
      waiting: null,
      ended: Promise.resolve(),
      done: 0,
      total: 0,
      outcomes: { succeeded: 0, failed: 0, unknown: 0, left: 0 },
    };
    this.#work.set(jobId, work);
    this.#forget(jobId);
    this.#stopped.delete(jobId);
    if (this.#work.size === 1) this.#options.desk.keepAwake(true);
    return work;
  }

  #end(jobId: number): void {
    this.#work.delete(jobId);
    this.#counts.delete(jobId);
    this.#bar();
    this.#watchNetwork();
    if (this.#work.size === 0) this.#options.desk.keepAwake(false);
  }

  /** A run begins to wait, looks again, or goes on. */
  #wait(jobId: number, work: Work, waiting: WaitingView | null): void {
    const before = work.waiting;
    work.waiting = waiting;
    this.#counts.delete(jobId);
    if (waiting !== null && work.kind === 'running') work.kind = 'waiting';
    else if (waiting === null && work.kind === 'waiting') work.kind = 'running';
    if (waiting !== null && before === null) this.#notices.waits(jobId, waiting, work.outcomes);
    this.#bar();
    this.#watchNetwork();
    // The first and the last at once: the window must not take the one for the other.
    if (waiting === null || before === null) this.#options.events.tellNow('waiting', { jobId, waiting });
    else this.#options.events.tell('waiting', { jobId, waiting });
  }

  #watchNetwork(): void {
    this.#options.desk.watchNetwork([...this.#work.values()].some(({ waiting }) => waiting?.reason === 'network'));
  }

  /** Carries a wish out here, or leaves it for the process that runs the job. */
  async #ask(jobId: number, wish: 'pause' | 'cancel', here: () => Promise<void>): Promise<void> {
    const { services, readOnly } = this.#options;
    if (readOnly) {
      const { state } = await services.journal.call('getJob', { id: jobId });
      if (state === 'running') await services.mailbox.leave(jobId, wish);
      else if (wish === 'cancel') throw onlyReading();
      return;
    }
    const work = this.#work.get(jobId);
    if (work?.kind === 'running' || work?.kind === 'waiting') work.kind = 'pausing';
    await work?.begun;
    this.#counts.delete(jobId);
    await here();
    this.#bar();
  }

  #progress(work: Work, progress: Progress): void {
    const { total, pending, sending, succeeded, failed, unknown } = progress.counts;
    work.outcomes = { succeeded, failed, unknown, left: pending + sending };
    work.total = total;
    work.done = total - pending - sending;
    this.#bar();
    this.#options.events.tell('progress', progress);
  }

  /** One bar for all that runs: yellow when all of it waits, red when a job stopped and nothing runs. */
  #bar(): void {
    const runs = [...this.#work.values()].filter(
      (work) => work.total > 0 && work.kind !== 'verifying' && work.kind !== 'reading',
    );
    const shown = runs.length > 0 ? runs : [...this.#stopped.values()];
    const total = shown.reduce((sum, one) => sum + one.total, 0);
    const done = shown.reduce((sum, one) => sum + one.done, 0);
    const state = runs.length === 0 ? 'error' : runs.every((work) => work.waiting !== null) ? 'paused' : 'normal';
    this.#options.desk.progressBar(total === 0 ? null : done / total, state);
  }

  /** Waits for a run's end, tells of it, and verifies what is unknown where that was asked for. Never rejects. */
  async #follow(jobId: number, work: Work, running: Promise<RunEnd>): Promise<void> {
    const { services, events } = this.#options;
    let end: RunEnd;
    try {
      end = await running;
    } catch (error) {
      if (!work.began) {
        this.#end(jobId);
        return;
      }
      services.log.error('run', { job: jobId, error });
      const reason = (error instanceof AppError ? storageReason(error) : null) ?? 'internal';
      end = { state: 'paused', reason, text: wordsOf(error) };
    }
    const verifies = await this.#afterRun(jobId, work, end);
    this.#notices.ended(jobId, end, work.outcomes);
    if (end.reason !== null && end.reason !== 'person' && end.reason !== 'first_rows') this.#stopped.set(jobId, work);
    if (verifies) work.kind = 'verifying';
    else this.#end(jobId);
    this.#bar();
    events.tellNow('runEnded', { jobId, state: end.state, reason: end.reason, text: end.text });
    if (verifies) await this.#verifyNow(jobId, work);
  }

  /** Marks the account used; answers whether unknown rows are now to be read at the vendor. */
  async #afterRun(jobId: number, work: Work, end: RunEnd): Promise<boolean> {
    const { services } = this.#options;
    try {
      const { job, counts } = await services.jobs.get(jobId);
      await services.vault.mark(job.accountId, 'used');
      return (
        counts.unknown > 0 && job.options.verifyAfter && end.reason !== 'person' && !work.stopReading.signal.aborted
      );
    } catch (error) {
      services.log.error('after_run', { job: jobId, error });
      return false;
    }
  }

  /** Waits for a reading's end and tells of it, unless it could not begin. Never rejects. */
  async #followLook(jobId: number, work: Work, looking: Promise<LookEnd>): Promise<void> {
    const { services, events } = this.#options;
    let end: LookEnd;
    try {
      end = await looking;
    } catch (error) {
      this.#end(jobId);
      if (!work.began) return;
      services.log.error('look', { job: jobId, error });
      end = { read: 0, changes: 0, nothing: 0, forbidden: 0, changed: 0, unread: 0, stopped: wordsOf(error) };
    }
    this.#end(jobId);
    events.tellNow('lookEnded', { jobId, ...end });
  }

  /** Verifies and tells of it. Never rejects. */
  async #verifyNow(jobId: number, work: Work): Promise<void> {
    const { services, events } = this.#options;
    let end: VerifyEnd;
    try {
      events.tell('verify', { jobId, read: 0, waitingMs: null });
      end = await services.jobs.verify(jobId, {
        signal: work.stopReading.signal,
        waitMs: VERIFY_WAIT_MS,
        tell: ({ read, waitingMs }) => events.tell('verify', { jobId, read, waitingMs }),
      });
    } catch (error) {
      services.log.error('verify', { job: jobId, error });
      end = { succeeded: 0, failed: 0, unknown: 0, stopped: wordsOf(error) };
    }
    this.#end(jobId);
    events.tellNow('verifyEnded', { jobId, ...end });
  }
}
