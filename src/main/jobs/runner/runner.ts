import { AppError } from '../../../contract/errors.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Prepared, UpdateEnd } from '../../gateway/types.ts';
import type { SettledRow } from '../journal/calls.ts';
import { packEntries, unpackResults } from '../journal/entries.ts';
import type { Job, PauseReason } from '../types.ts';
import { composed } from '../written.ts';
import { readBefore, readsBefore, sweepBefore } from './before.ts';
import { Committer } from './committer.ts';
import { afterCall, MOST_IN_A_ROW, MOST_UNREACHED, pauseAfter, streakText, type Next, type Streak } from './ends.ts';
import { Feed, type FedRow, type Unit } from './feed.ts';
import type { Follower } from './follower.ts';
import { isLate, tooLate } from './late.ts';
import type { Turn } from './locks.ts';
import { ProgressTeller } from './progress.ts';
import { Tally, type Place } from './tally.ts';
import { followerOf, seedFromJournal, turnFeedOf } from './special.ts';
import { endTurn, type TurnFeed, type UnitFeed } from './turns.ts';
import type { JobContext, Progress, RunEnd } from './types.ts';

/** Whether this is no more than a wait that a stop broke off. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

const INTERNAL: Bilingual = {
  zh: '程序内部出错，日志里有详细原因。',
  en: 'An internal error; the log has the details.',
};

function pauseReasonOf(error: AppError): PauseReason {
  if (error.code.startsWith('KEYCHAIN') || error.code.startsWith('SECRET') || error.code === 'VAULT_TWINS_ONLY')
    return 'vault';
  if (error.code === 'RELAY_FAILED') return 'sign';
  if (error.code === 'HOST_NOT_ALLOWED' || error.code === 'HTTPS_REQUIRED') return 'host';
  return storageReason(error) ?? 'internal';
}

/** Why the journal could not be written; null for another error. */
export function storageReason({ code }: AppError): PauseReason | null {
  if (code === 'DISK_FULL') return 'disk_full';
  if (code === 'DATABASE_BUSY') return 'database_busy';
  return code === 'DATABASE_FAILED' ? 'storage' : null;
}

/**
 * What a lane leaves behind while it goes on: its last call's outcome, queued for the journal before the lane's next claim, so that both
 * share one flush and no claim can overtake an outcome.
 */
interface Lane {
  settling: Promise<void>;
}

/** A call's rows that are to be written, with the values read before where that was asked for, by row. */
interface Fit {
  readonly unit: Unit;
  readonly old: ReadonlyMap<number, FedRow['values']>;
}

const NOTHING_READ: Fit['old'] = new Map();

/** How the run is to end once what is in flight has ended. */
type Stop = RunEnd & { readonly state: 'paused' | 'cancelled' };

/**
 * Runs one job: as many lanes as the account's concurrency, each taking a call's rows, preparing the request, claiming the rows
 * durably, and only then sending. No row is sent whose claim is not on the disk.
 */
export class Runner {
  #context: JobContext;
  readonly #committer: Committer;
  #tell: (progress: Progress) => void;
  readonly #log: (error: unknown) => void;
  #ran = false;
  #abort = new AbortController();
  #stop: Stop | null = null;
  #feed: UnitFeed | null = null;
  /** The feed of an operation whose calls take something for themselves. */
  #turns: TurnFeed | null = null;
  /** Of an operation whose accepted call is not yet a success. */
  #follower: Follower | null = null;
  #tally: Tally | null = null;
  /** Rows whose last outcome the journal could not take yet: for it they are still `sending`. */
  readonly #unwritten = new Set<number>();
  #teller: ProgressTeller | null = null;
  /** `broken`: every one of them is a connection that broke. */
  #streak: { kind: Streak; count: number; broken: boolean } | null = null;

  constructor(
    context: JobContext,
    tell: (progress: Progress) => void = () => {},
    log: (error: unknown) => void = () => {},
  ) {
    this.#context = context;
    this.#tell = tell;
    this.#log = log;
    this.#committer = new Committer(async (entries) =>
      unpackResults(await context.journal.call('apply', { entries: packEntries(entries) })),
    );
  }

  /** Outcomes of calls already made that the journal could not take yet. */
  get unsaved(): number {
    return this.#committer.unsaved;
  }

  /** Writes those outcomes; rejects when the journal still cannot take them. Not while it runs. */
  saveUnsaved(): Promise<void> {
    return this.#committer.saveUnsaved();
  }

  /** Finishes what is in flight and leaves the rest pending. */
  pause(reason: PauseReason = 'person', text: Bilingual | null = null): void {
    this.#halt({ state: 'paused', reason, text });
  }

  /** Finishes what is in flight and gives the rest up. */
  cancel(): void {
    this.#halt({ state: 'cancelled', reason: null, text: null });
  }

  /**
   * Sends the job's pending rows and resolves when it has finished, paused or been cancelled; the job's state is journalled.
   * May be called again after a pause, with the job as it is then. Rejects only when the journal can be neither read nor written.
   */
  async run(
    again: { readonly job?: Job; readonly tell?: ((progress: Progress) => void) | undefined } = {},
  ): Promise<RunEnd> {
    if (again.job !== undefined) this.#context = { ...this.#context, job: again.job };
    if (again.tell !== undefined) this.#tell = again.tell;
    const { job, journal } = this.#context;
    if (this.#ran) {
      this.#stop = null;
      this.#abort = new AbortController();
      this.#streak = null;
    }
    this.#ran = true;
    // What an earlier run could not write, for want of disk space, comes first.
    await this.#committer.saveUnsaved();
    this.#unwritten.clear();
    const at = (): string => new Date(this.#context.now()).toISOString();
    await journal.call('setJobState', { id: job.id, state: 'running', at: at() });
    this.#tally = new Tally(await journal.call('getCounts', { jobId: job.id }));
    this.#teller = new ProgressTeller(job.id, this.#tally, this.#context.now, this.#tell);
    this.#teller.state('running');
    const most = job.options.firstRows ?? Infinity;
    const feed = new Feed(
      (after, limit) => journal.call('nextPending', { jobId: job.id, after, limit }),
      this.#context.operation.batchSize,
      most,
    );
    const lanes = this.#context.account.pacing?.concurrency ?? this.#context.vendor.limits.concurrency;
    this.#turns = turnFeedOf(this.#context, feed, this.#abort.signal);
    this.#feed = this.#turns ?? feed;
    this.#follower = followerOf(this.#context, this.#abort.signal, Math.ceil(lanes / 2), {
      decided: (row, settled) => this.#decide('unknown', [{ rowNo: row.rowNo, order: row.order, ...settled }]),
      refused: (failure) => {
        const pause = pauseAfter(failure);
        if (pause !== null) this.pause(pause.reason, pause.text);
      },
      broke: (error) => this.#pauseOn(error),
    });
    await seedFromJournal(this.#context, this.#follower);
    await Promise.all(Array.from({ length: lanes }, () => this.#lane()));
    await this.#follower?.ended();
    const end = await this.#end();
    await this.#saveEnd(end, at());
    this.#teller.state(end.state);
    return end;
  }

  /** Asked anew after each wait: a pause may have come meanwhile. */
  #stopping(): boolean {
    return this.#stop !== null;
  }

  #halt(stop: Stop): void {
    // The first reason is the one that counts; a cancel outranks a pause.
    if (this.#stop === null || (stop.state === 'cancelled' && this.#stop.state === 'paused')) this.#stop = stop;
    this.#abort.abort();
  }

  async #lane(): Promise<void> {
    const lane: Lane = { settling: Promise.resolve() };
    while (this.#stop === null) {
      try {
        const fed = this.#feed?.next() ?? null;
        const unit = fed instanceof Promise ? await fed : fed;
        if (unit === null) break;
        const turn = this.#turns?.turnOf(unit) ?? null;
        let next: Next | null = null;
        try {
          next = await this.#send(unit, lane, turn);
        } finally {
          endTurn(turn, next);
        }
      } catch (error) {
        this.#pauseOn(error);
      }
    }
    await lane.settling;
  }

  #pauseOn(error: unknown): void {
    if (this.#abort.signal.aborted && isAbort(error)) return;
    this.#log(error);
    if (error instanceof AppError) this.pause(pauseReasonOf(error), error.text.message);
    else this.pause('internal', INTERNAL);
  }

  /** Sends one call; answers what it came to, null when nothing was sent. */
  async #send(given: Unit, lane: Lane, turn: Turn | null): Promise<Next | null> {
    const over = tooLate(this.#context, given);
    const unit = over.length === 0 ? given : await this.#without(given, over);
    if (unit.rows.length === 0) return null;
    const fit = readsBefore(this.#context) ? await this.#fit(unit) : { unit, old: NOTHING_READ };
    if (fit.unit.rows.length === 0 || this.#stop !== null) return null;
    const { account, operation, job } = this.#context;
    // The unit keeps the rows as they were read in: sent again, they are composed with what is read then.
    const rows = fit.unit.rows.map((row) => composed(operation, row, fit.old.get(row.rowNo) ?? null, job.params));
    const prepared = await this.#context.gateway.prepare(
      account,
      (context) => operation.request(rows, job.params, context),
      { signal: this.#abort.signal },
    );
    let callId: number | null = null;
    try {
      // The wait for the account's slot may have outlasted a row: it then comes back to be told so.
      const late = isLate(this.#context, fit.unit, prepared.stampedAtMs);
      if (late) this.#feed?.giveBack(fit.unit);
      else if (!this.#stopping()) callId = await this.#claim(fit, prepared);
    } finally {
      if (callId === null) prepared.release();
    }
    if (callId === null) return null;
    let end: UpdateEnd;
    try {
      end = await this.#context.gateway.update(prepared, operation, rows, job.params);
    } catch (error) {
      // It never should; the rows must not stay `sending` for it, and the bytes may have left.
      this.#pauseOn(error);
      end = { kind: 'unknown', why: INTERNAL };
    }
    const next = afterCall(fit.unit, end);
    await lane.settling;
    const requestId = 'requestId' in end ? end.requestId : undefined;
    const { stampedAtMs } = prepared;
    lane.settling = this.#settle(fit.unit.rows, callId, end.kind, requestId, next).then((isKept) => {
      if (isKept) this.#follow(fit.unit.rows, next, stampedAtMs, turn);
    });
    this.#after(next);
    return next;
  }

  /** Follows the rows of a call that the vendor has begun to act on; their being in doubt is on the disk. */
  #follow(rows: readonly FedRow[], next: Next, sentAtMs: number, turn: Turn | null): void {
    rows.forEach((row, index) => {
      const settled = next.settled[index];
      if (settled?.state !== 'unknown' || settled.track === undefined) return;
      this.#follower?.add({ row, track: settled.track, sentAtMs, ageMs: 0, turn });
    });
  }

  /** The call without the rows whose time has run out; they are told so and not sent. */
  async #without(unit: Unit, late: readonly SettledRow[]): Promise<Unit> {
    await this.#decide('pending', late);
    const gone = new Set(late.map(({ rowNo }) => rowNo));
    return { ...unit, rows: unit.rows.filter(({ rowNo }) => !gone.has(rowNo)) };
  }

  /** Journals where rows go without a call of their own. */
  async #decide(from: 'pending' | 'unknown', rows: readonly SettledRow[]): Promise<void> {
    const { job, account, now } = this.#context;
    await this.#committer.decide({ kind: 'decide', jobId: job.id, accountId: account.id, from, rows, atMs: now() });
    for (const one of rows) {
      this.#moved(from, one.state);
      if (one.state === 'failed' || one.state === 'not_sent') {
        if (one.failure !== undefined) this.#teller?.failed(one.failure);
      }
    }
  }

  /** Leaves out rows that a read before the write decides, and journals those decisions. */
  async #fit(unit: Unit): Promise<Fit> {
    const old = new Map<number, FedRow['values']>();
    const rows: FedRow[] = [];
    const shown = await sweepBefore(this.#context, unit.rows, this.#abort.signal);
    for (const row of unit.rows) {
      const before = await readBefore(this.#context, row, shown.get(row.rowNo), this.#abort.signal);
      if (this.#stop !== null) return { unit: { ...unit, rows: [] }, old };
      if (before.kind === 'pause') {
        this.pause(before.pause.reason, before.pause.text);
        return { unit: { ...unit, rows: [] }, old };
      }
      if (before.kind === 'write') {
        rows.push(row);
        if (before.oldValues !== null) old.set(row.rowNo, before.oldValues);
        continue;
      }
      const kept = before.oldValues === null ? {} : { oldValues: before.oldValues };
      await this.#decide('pending', [{ rowNo: row.rowNo, order: row.order, ...kept, ...before.settled }]);
      if (before.streak === null) this.#streak = null;
      else this.#countStreak(before.streak.kind, before.streak.text);
    }
    return { unit: { ...unit, rows }, old };
  }

  /** Makes the rows `sending`, durably; null when some may not be claimed (the others go back to the feed). */
  async #claim({ unit, old }: Fit, prepared: Prepared): Promise<number | null> {
    const result = await this.#committer.claim({
      kind: 'claim',
      jobId: this.#context.job.id,
      accountId: this.#context.account.id,
      rows: unit.rows.map((row) => {
        const oldValues = old.get(row.rowNo);
        return { rowNo: row.rowNo, order: row.order, ...(oldValues === undefined ? {} : { oldValues }) };
      }),
      hash: prepared.hash,
      stampedAtMs: prepared.stampedAtMs,
    });
    if (result.callId !== null) {
      this.#tally?.move('pending', 'sending', unit.rows.length);
      return result.callId;
    }
    const refused = new Set(result.refused);
    this.#moved('pending', 'not_sent', result.refused.filter((rowNo) => !this.#unwritten.has(rowNo)).length);
    const rows = unit.rows.filter((row) => !refused.has(row.rowNo));
    if (rows.length > 0) this.#feed?.giveBack({ ...unit, rows });
    return null;
  }

  /** Journals how a call ended and answers whether it could; a journal that cannot take it pauses the run. Never rejects. */
  #settle(
    rows: readonly FedRow[],
    callId: number,
    how: string,
    requestId: string | undefined,
    next: Next,
  ): Promise<boolean> {
    const settled: SettledRow[] = [];
    rows.forEach((row, index) => {
      const one = next.settled[index];
      if (one === undefined) throw new Error('a call was read with fewer outcomes than rows');
      settled.push({ rowNo: row.rowNo, order: row.order, ...one });
    });
    return this.#committer
      .settle({
        kind: 'settle',
        jobId: this.#context.job.id,
        accountId: this.#context.account.id,
        callId,
        rows: settled,
        how,
        ...(requestId === undefined ? {} : { requestId }),
        atMs: this.#context.now(),
      })
      .then(
        () => {
          this.#settled(settled);
          return true;
        },
        (error: unknown) => {
          for (const { rowNo } of settled) this.#unwritten.add(rowNo);
          this.#pauseOn(error);
          return false;
        },
      );
  }

  #settled(settled: readonly SettledRow[]): void {
    for (const one of settled) {
      const to: Place = one.state === 'not_sent' && one.reason === 'pending' ? 'pending' : one.state;
      this.#tally?.move('sending', to);
      if (one.state === 'failed') this.#teller?.failed(one.failure);
      else if (one.state === 'not_sent' && one.failure !== undefined) this.#teller?.failed(one.failure);
    }
    this.#teller?.touch();
  }

  #moved(from: Place, to: Place, n = 1): void {
    this.#tally?.move(from, to, n);
    this.#teller?.touch();
  }

  #after(next: Next): void {
    for (const unit of [...next.again].reverse()) this.#feed?.giveBack(unit);
    if (next.pause !== null) this.pause(next.pause.reason, next.pause.text);
    if (next.streak !== null) {
      const first = next.settled[0];
      const said =
        first?.state === 'unknown' ? first.note : first?.state === 'not_sent' ? first.failure?.reading : undefined;
      this.#countStreak(next.streak, next.last ?? said ?? { zh: '', en: '' }, next.broken === true);
    } else if (next.again.length === 0) {
      // A limit or a re-signed clock error says nothing about the calls around it.
      this.#streak = null;
    }
  }

  #countStreak(kind: Streak, last: Bilingual, broken = false): void {
    const known = this.#streak?.kind === kind ? this.#streak : null;
    const count = (known?.count ?? 0) + 1;
    this.#streak = { kind, count, broken: broken && (known?.broken ?? true) };
    if (kind === 'network') {
      if (count >= MOST_UNREACHED) this.pause('network', last);
    } else if (count >= MOST_IN_A_ROW) {
      const maybe = this.#streak.broken ? { maybeNetwork: true as const } : {};
      const reason = kind === 'rejected' ? 'rejected_in_row' : 'unknown_in_row';
      this.#halt({ state: 'paused', reason, text: streakText(kind, last), ...maybe });
    }
  }

  async #end(): Promise<RunEnd> {
    await this.#committer.drained();
    try {
      await this.#committer.saveUnsaved();
    } catch (error) {
      this.#log(error);
      // Whatever else the run stopped for: a job that can be resumed is how its outcomes still reach the journal.
      const reason = (error instanceof AppError ? storageReason(error) : null) ?? 'storage';
      return { state: 'paused', reason, text: error instanceof AppError ? error.text.message : null };
    }
    if (this.#stop !== null) return this.#stop;
    if ((this.#tally?.read().pending ?? 0) === 0) return { state: 'finished', reason: null, text: null };
    return { state: 'paused', reason: 'first_rows', text: null };
  }

  async #saveEnd(end: RunEnd, at: string): Promise<void> {
    const { job, journal } = this.#context;
    if (end.state === 'cancelled') await journal.call('cancelPending', { jobId: job.id, atMs: this.#context.now() });
    const reason = end.reason === null ? {} : { reason: end.reason };
    const text = end.text === null ? {} : { text: end.text };
    await journal.call('setJobState', { id: job.id, state: end.state, at, ...reason, ...text });
  }
}
