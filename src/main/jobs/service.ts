import { setTimeout as wait } from 'node:timers/promises';
import type { Account } from '../../contract/account.ts';
import type { WaitingView } from '../../contract/job.ts';
import type { Bilingual } from '../../contract/text.ts';
import { jumpWords } from '../gateway/clock.ts';
import type { GatewayEvent } from '../gateway/types.ts';
import { operation as operationOf, vendor as vendorOf } from '../vendors/registry.ts';
import type { UpdateOperation, Values } from '../vendors/types.ts';
import { exportCsv, type Exported } from './export/export.ts';
import { runsOf } from './export/facts.ts';
import { readReport, statesOf } from './export/report.ts';
import { exportSummary } from './export/summary.ts';
import { exportXlsx } from './export/xlsx.ts';
import { importJob, type Imported, type ImportRequest } from './import.ts';
import type { InputSource } from './intake/input.ts';
import { rowPages } from './journal/pages.ts';
import type { Mailbox, Wish } from './mailbox.ts';
import { demandConfirmed, needsCount } from './mend/confirm.ts';
import { decideRows, type ChosenRows } from './mend/decide.ts';
import { checkEdit, editable, editingOf, type CheckedEdit } from './mend/edit.ts';
import { mendFromFile, type MendedFromFile } from './mend/file.ts';
import { noInsisting, noWayBack, nothingMended, nothingToUndo } from './mend/refusals.ts';
import { saveEdit, type Edited } from './mend/save.ts';
import { makeReverse, type Undone } from './mend/undo.ts';
import { KeyLocks } from './runner/locks.ts';
import { Runner } from './runner/runner.ts';
import type { JobContext, JobGateway, Journal, RunEnd } from './runner/types.ts';
import type { Decision, Job, JobCounts, JobSpec, PauseReason } from './types.ts';
import { LongRun, type Way } from './waits/long-run.ts';
import type { Patience } from './waits/patience.ts';
import { Surroundings } from './waits/surroundings.ts';
import { LOOK_EVERY_MS, TimeWatch } from './waits/time-watch.ts';
import { Look, type LookEnd, type LookOptions } from './look/look.ts';
import type { ExportOptions, LongRunRequest, RunOptions } from './requests.ts';
import { RUN, CANCEL, RETRY, VERIFY, UNDO, MEND, DECIDE, wrongState } from './states.ts';
import { Verifier, type VerifyEnd, type VerifyOptions } from './verify/verifier.ts';

export type { ExportOptions, LongRunRequest, RunOptions } from './requests.ts';

export interface JobServiceOptions {
  readonly journal: Journal;
  readonly gateway: JobGateway;
  readonly account: (id: string) => Promise<Account>;
  readonly mailbox: Mailbox;
  /** The machine's own clock, ms since 1970. */
  readonly now?: () => number;
  /** A clock that nobody sets, and that stands still while the machine sleeps, ms. */
  readonly steadyNow?: () => number;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly log?: (error: unknown) => void;
  /** Above so many rows that no one can set back their number must be confirmed; never asked for when left out. */
  readonly confirmAbove?: () => number;
  /** How the way to a vendor is looked at while a run waits. */
  readonly way?: Way;
  /** How long the machine has been up, ms: with it a sleep and a clock that was set are noticed, and not when left out. */
  readonly uptimeMs?: () => number;
  /** How often the clocks are compared while a job is at work, ms. */
  readonly lookEveryMs?: number;
}

/** A wait that a vendor asks for from this on pauses the run; a shorter one is waited out within it. */
const BLOCK_FROM_MS = 60_000;
const SLEPT: Bilingual = { zh: '电脑休眠过。', en: 'The computer slept.' };

const LOOK: Bilingual = { zh: '读取现值', en: 'looked at' };
const ALLOW: Bilingual = { zh: '确认', en: 'confirmed' };
const NAME: Bilingual = { zh: '命名', en: 'named' };

/** Jobs from intake to report: what a screen or a command does with them. One writer's process alone holds one of these. */
export class JobService {
  readonly #options: JobServiceOptions;
  readonly #now: () => number;
  readonly #steadyNow: () => number;
  readonly #runners = new Map<number, Runner>();
  /** Jobs being run or verified. */
  readonly #busy = new Set<number>();
  /** Jobs that are run through what interrupts them, waiting or not. */
  readonly #long = new Map<number, { readonly run: LongRun; readonly accountId: string }>();
  readonly #around = new Surroundings();
  readonly #watch: TimeWatch | null;
  readonly #sleep: NonNullable<JobServiceOptions['sleep']>;
  #looking: NodeJS.Timeout | null = null;
  readonly #locks: KeyLocks;

  constructor(options: JobServiceOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#steadyNow = options.steadyNow ?? (() => performance.now());
    this.#locks = new KeyLocks(this.#steadyNow);
    this.#sleep = options.sleep ?? ((ms, signal) => wait(ms, undefined, signal && { signal }));
    const { uptimeMs } = options;
    this.#watch =
      uptimeMs === undefined ? null : new TimeWatch({ now: this.#now, steadyNow: this.#steadyNow, uptimeMs });
  }

  /** Reads an input into a new job, ready to run. */
  import(
    request: Omit<ImportRequest, 'now' | 'patience'> & { readonly tellWaiting?: Patience['tellWaiting'] },
  ): Promise<Imported> {
    const { tellWaiting, ...wanted } = request;
    // Only where somebody is told of it: a silent wait looks like a standstill.
    const patience = tellWaiting === undefined ? undefined : { sleep: this.#sleep, tellWaiting };
    const vendorNow = (): number => this.#options.gateway.vendorNow(request.account);
    return importJob(this.#options.journal, { vendorNow, ...wanted, patience, now: this.#now });
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
      steadyNow: this.#steadyNow,
      sleep: this.#sleep,
      locks: this.#locks,
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
      if (this.#options.confirmAbove !== undefined) {
        const limit = {
          journal: this.#options.journal,
          confirmAbove: this.#options.confirmAbove(),
          nowMs: this.#now(),
        };
        await demandConfirmed(limit, job, firstRows, options.confirmed ?? null);
      }
      if (resumed) await this.#options.journal.call('rependRejected', { jobId });
      // One that is run through has been asked since before, and what was asked meanwhile must not be lost.
      if (!this.#long.has(jobId)) await this.#options.mailbox.take(jobId);
      if (!this.#long.has(jobId)) unwatch = this.#options.mailbox.watch(jobId, (wish) => this.#carryOut(jobId, wish));
      return await runner.run({ job: { ...job, options: { ...job.options, firstRows } }, tell: options.tell });
    } finally {
      unwatch();
      this.#busy.delete(jobId);
      // One that holds outcomes is kept: the next run writes them first.
      if (runner.unsaved === 0) this.#runners.delete(jobId);
    }
  }

  /**
   * Runs a job as `run` does, and again whenever it paused for something that has passed by itself (network, sleep, a wait that the vendor
   * asked for, a lock). Resolves when it has ended or is paused for a person.
   */
  async runThrough(jobId: number, options: LongRunRequest = {}): Promise<RunEnd> {
    if (this.#long.has(jobId)) throw wrongState(jobId, 'busy', RUN);
    const { job, vendor, sleep } = await this.context(jobId);
    const { journal, way = null, account, log = () => {} } = this.#options;
    // Asked for once: what follows is of the same rows.
    let confirmed = options.confirmed ?? null;
    const run = new LongRun({
      accountId: job.accountId,
      account: () => account(job.accountId),
      vendor,
      way,
      around: this.#around,
      now: this.#now,
      steadyNow: this.#steadyNow,
      sleep,
      firstRows: options.firstRows,
      run: (firstRows, tell) => {
        const wanted = { tell, confirmed, ...(firstRows === undefined ? {} : { firstRows }) };
        confirmed = null;
        return this.run(jobId, wanted);
      },
      pauseRun: () => this.#runners.get(jobId)?.pause(),
      pending: async () => (await journal.call('getCounts', { jobId })).byReason.pending ?? 0,
      write: async () => {
        await this.#runners.get(jobId)?.saveUnsaved();
        await journal.call('tryWrite', { id: jobId });
      },
      setPaused: (reason, text) => this.#setPaused(jobId, reason, text),
      cancel: () => this.#cancelNow(jobId),
      tell: options.tell,
      tellWaiting: options.tellWaiting,
      log,
    });
    this.#long.set(jobId, { run, accountId: job.accountId });
    this.#watchTime();
    let unwatch = (): void => {};
    try {
      await this.#options.mailbox.take(jobId);
      unwatch = this.#options.mailbox.watch(jobId, (wish) => this.#carryOut(jobId, wish));
      return await run.run();
    } finally {
      unwatch();
      this.#long.delete(jobId);
      this.#watchTime();
    }
  }

  /** What a job that is run through waits for now; null when it does not wait. */
  waiting(jobId: number): WaitingView | null {
    return this.#long.get(jobId)?.run.waiting ?? null;
  }

  /** Ends a job's wait: it goes on now. */
  goOn(jobId: number): void {
    this.#long.get(jobId)?.run.goOn();
  }

  /** As the program ends: pauses a running job, and ends a wait without changing what it is paused for. */
  leave(jobId: number): void {
    this.#long.get(jobId)?.run.leave();
  }

  /** The machine is about to sleep: what is in flight ends, and no call begins. */
  suspended(): void {
    this.#around.suspended();
    this.#pauseAll('sleep', SLEPT);
  }

  /** The machine woke up: jobs that ran before go on. */
  resumed(): void {
    this.#watch?.reset();
    this.#around.resumed();
  }

  /** The network changed: jobs that wait look again at once. */
  networkChanged(): void {
    this.#around.changed();
  }

  /** What the gateway tells: long waits that vendors ask for, and a clock that jumped. */
  hear(event: GatewayEvent): void {
    if (event.kind === 'clock_jumped') this.lookAtTime();
    if (event.kind !== 'backing_off') return;
    const ms = event.untilMs - this.#now();
    if (ms < BLOCK_FROM_MS) return;
    const { accountId, failure } = event;
    this.#around.blocked(accountId, { until: this.#steadyNow() + ms, text: failure.reading });
    for (const [jobId, long] of this.#long) {
      if (long.accountId === accountId) this.#runners.get(jobId)?.pause('vendor_block', failure.reading);
    }
  }

  /** Compares the clocks: after a sleep, or a clock that was set, runs pause and go on with what is learnt anew. */
  lookAtTime(): void {
    const step = this.#watch?.look();
    if (step === undefined) return;
    if (step.sleptMs > 0) this.#pauseAll('sleep', SLEPT);
    else if (step.clockByMs !== 0) this.#pauseAll('clock_changed', jumpWords(step.clockByMs));
  }

  /** Pauses what will go on by itself. */
  #pauseAll(reason: PauseReason, text: Bilingual): void {
    for (const jobId of this.#long.keys()) this.#runners.get(jobId)?.pause(reason, text);
  }

  /** Compares the clocks now and then while a job is at work. */
  #watchTime(): void {
    if (this.#watch === null) return;
    if (this.#long.size === 0) {
      if (this.#looking !== null) clearInterval(this.#looking);
      this.#looking = null;
    } else if (this.#looking === null) {
      this.#watch.reset();
      this.#looking = setInterval(() => this.lookAtTime(), this.#options.lookEveryMs ?? LOOK_EVERY_MS);
      this.#looking.unref();
    }
  }

  async #setPaused(jobId: number, reason: PauseReason, text: Bilingual | null): Promise<void> {
    const at = new Date(this.#now()).toISOString();
    const why = text === null ? {} : { text };
    await this.#options.journal.call('setJobState', { id: jobId, state: 'paused', reason, at, ...why });
  }

  #carryOut(jobId: number, wish: Wish): void {
    if (wish === 'pause') this.pause(jobId);
    else this.cancel(jobId).catch((error: unknown) => this.#options.log?.(error));
  }

  /** Asks a running job to finish what is in flight and pause; one that waits is paused for the person. */
  pause(jobId: number): void {
    const long = this.#long.get(jobId);
    if (long === undefined) this.#runners.get(jobId)?.pause();
    else long.run.pause();
  }

  /** Gives up what a job has not sent; a running one finishes what is in flight first. */
  async cancel(jobId: number): Promise<void> {
    const runner = this.#runners.get(jobId);
    const long = this.#long.get(jobId)?.run;
    if (runner !== undefined && this.#busy.has(jobId)) {
      runner.cancel();
      // Should the run be at its end already, the wish must not be lost in a wait.
      long?.cancel().catch((error: unknown) => this.#options.log?.(error));
      return;
    }
    await (long === undefined ? this.#cancelNow(jobId) : long.cancel());
  }

  /** Gives up what a job that is not run has not sent. */
  async #cancelNow(jobId: number): Promise<void> {
    const runner = this.#runners.get(jobId);
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

  /** Whether so many rows of a job are sent only once their number is typed: no one can set them back, and none so large was typed before. */
  async needsCount(jobId: number, sends: number): Promise<boolean> {
    const { journal, confirmAbove } = this.#options;
    return confirmAbove !== undefined && needsCount(journal, confirmAbove(), jobId, sends);
  }

  /** Does something with a job that is not at work; it is at work meanwhile. Throws JOB_STATE. */
  async #whileIdle<T>(jobId: number, wanted: Bilingual, work: (job: Job) => Promise<T>): Promise<T> {
    if (this.#busy.has(jobId) || this.#long.has(jobId)) throw wrongState(jobId, 'busy', wanted);
    this.#busy.add(jobId);
    try {
      const job = await this.#options.journal.call('getJob', { id: jobId });
      if (job.state === 'running' || job.state === 'intake') throw wrongState(jobId, job.state, wanted);
      return await work(job);
    } finally {
      this.#busy.delete(jobId);
    }
  }

  /**
   * Makes the reverse job of all that a job has written, from the old values that were kept: ready to be previewed and run as any job, each
   * row only where the present value still is what this job wrote. Sends nothing. Throws NOTHING_TO_UNDO, JOB_STATE.
   */
  undo(jobId: number): Promise<Undone> {
    return this.#whileIdle(jobId, UNDO, async (job) => {
      const context = await this.context(jobId);
      if (context.operation.undo === undefined) throw noWayBack(job);
      const undone = await makeReverse(context);
      if (undone === null) throw nothingToUndo(job);
      return undone;
    });
  }

  /** A row's values as a person would edit them, by field id; null with why where nobody may. Throws JOB_NOT_FOUND. */
  async editable(jobId: number, rowNo: number): Promise<{ values: Values | null; why: Bilingual | null }> {
    const { job, operation } = await this.context(jobId);
    const row = await this.#options.journal.call('rowAt', { jobId, rowNo });
    const editing = editingOf(job, row);
    if (editing.place === null) return { values: null, why: editing.why };
    return { values: editable(job, operation, row), why: null };
  }

  /** Checks values of one row as an edit would, and saves nothing. */
  async checkEdit(jobId: number, values: Values): Promise<CheckedEdit> {
    const { job, operation, account } = await this.context(jobId);
    return checkEdit(operation, values, job.params, account.settings);
  }

  /**
   * Puts other values in a row's place: in a job that has not begun in the row itself, which then waits for its turn; else beside the row, whose
   * outcome stays, for a follow-up. What the check refuses is answered and not saved. Null takes back what was saved for a follow-up.
   * Throws ROW_NOT_EDITABLE, JOB_STATE, JOB_NOT_FOUND.
   */
  editRow(jobId: number, rowNo: number, values: Values | null): Promise<Edited> {
    const { journal } = this.#options;
    return this.#whileIdle(jobId, MEND, async () => {
      if (values === null) {
        const saved = await journal.call('dropEdit', { jobId, rowNo, atMs: this.#now() });
        return { saved, problems: [], warnings: [] };
      }
      return saveEdit(await this.context(jobId), rowNo, values);
    });
  }

  /**
   * Takes the mended cells of the job's own export for edits, each as `editRow` would. Throws INTAKE_HEADER when the file is none, JOB_STATE,
   * and what reading it throws.
   */
  mendFrom(jobId: number, source: InputSource): Promise<MendedFromFile> {
    return this.#whileIdle(jobId, MEND, async () => mendFromFile(await this.context(jobId), source));
  }

  /**
   * Makes a job, ready to run, of the rows that were mended and wait: with their lines and original cells, linked to this job. No row that
   * succeeded or is in doubt is in it, and none is in two follow-ups. Sends nothing. Throws NOTHING_MENDED, JOB_STATE.
   */
  followUp(jobId: number): Promise<{ readonly jobId: number; readonly rows: number }> {
    const { journal } = this.#options;
    return this.#whileIdle(jobId, MEND, async (job) => {
      const { vendor, accountId, accountLabel, operation, params, source, header, mapping, options } = job;
      const shared = { vendor, accountId, accountLabel, operation, params, source, header, mapping };
      const spec: JobSpec = { ...shared, options: { ...options, firstRows: null }, kind: 'follow_up' };
      const at = new Date(this.#now()).toISOString();
      const { rowKey } = (await this.context(jobId)).operation;
      const made = await journal.call('makeFollowUp', { parentId: jobId, spec, at, rowKey });
      if (made === null) throw nothingMended(job);
      return made;
    });
  }

  /**
   * Settles rows in doubt by the person's word: it did happen (`succeeded`), or it did not (`failed`, which may be retried). Rows that are
   * chosen and in no doubt stay as they are. Answers how many were decided. Throws JOB_STATE.
   */
  decide(jobId: number, chosen: ChosenRows, as: Decision['as']): Promise<{ readonly rows: number }> {
    return this.#whileIdle(jobId, DECIDE, async (job) => {
      return { rows: await decideRows(this.#options.journal, job, chosen, as, this.#now()) };
    });
  }

  /**
   * Reads the present values of what a job that is ready or paused is to send, and keeps them for the preview and the run; sends no update.
   * Rejects with JOB_STATE, or when the journal fails.
   */
  look(jobId: number, options: LookOptions): Promise<LookEnd> {
    return this.#whileIdle(jobId, LOOK, async ({ state }) => {
      if (state !== 'ready' && state !== 'paused') throw wrongState(jobId, state, LOOK);
      return new Look(await this.context(jobId), options).run();
    });
  }

  /**
   * Makes rows pending that a reading kept back, on the person's word; the person then runs the job. Answers how many rows. Rejects with
   * JOB_STATE where nobody may insist on what the state forbids.
   */
  allow(jobId: number, reason: 'state_forbids' | 'changed_since_preview'): Promise<number> {
    const { journal } = this.#options;
    return this.#whileIdle(jobId, ALLOW, async (job) => {
      const { state } = job;
      const { operation } = await this.context(jobId);
      if (reason === 'state_forbids' && operation.readBefore?.required === true) throw noInsisting(job);
      const rows = await journal.call('allowRows', { jobId, reason, atMs: this.#now() });
      if (rows > 0 && state !== 'ready') {
        const at = new Date(this.#now()).toISOString();
        await journal.call('setJobState', { id: jobId, state: 'paused', reason: 'person', at });
      }
      return rows;
    });
  }

  /** Gives a job a name, by which it is kept until it is run or given up; null takes it away. */
  async name(jobId: number, title: string | null): Promise<void> {
    const job = await this.#options.journal.call('getJob', { id: jobId });
    if (job.state === 'intake') throw wrongState(jobId, job.state, NAME);
    await this.#options.journal.call('nameJob', { id: jobId, title });
  }

  /** Writes a job as one file, its counts checked against the journal; see `exportCsv` for what it throws. */
  async export(jobId: number, to: ExportOptions): Promise<Exported> {
    const { job, counts } = await this.get(jobId);
    const { journal } = this.#options;
    const { format = 'csv', ...into } = to;
    const nowMs = this.#now();
    if (format === 'html') return exportSummary(() => readReport(journal, job, counts), { ...into, nowMs });
    const request = { job, header: job.header, rows: rowPages(journal, jobId), counts, ...into };
    if (format === 'csv') return exportCsv(request);
    return exportXlsx({ ...request, runs: runsOf(await statesOf(journal, jobId)), nowMs });
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
