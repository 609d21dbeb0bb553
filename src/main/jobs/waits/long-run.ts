import type { Account } from '../../../contract/account.ts';
import { AppError } from '../../../contract/errors.ts';
import type { WaitingView } from '../../../contract/job.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Gateway } from '../../gateway/types.ts';
import type { VendorDefinition } from '../../vendors/types.ts';
import { storageReason } from '../runner/runner.ts';
import type { Progress, RunEnd } from '../runner/types.ts';
import type { PauseReason } from '../types.ts';
import type { Surroundings } from './surroundings.ts';

/** How the way to a vendor is looked at, without ever sending an update. */
export type Way = Pick<Gateway, 'reach' | 'ping' | 'reconnect'>;

/** What a run through interruptions needs of the jobs. */
export interface LongRunOptions {
  readonly accountId: string;
  /** The account as it is now: it may be mended while the job waits. */
  readonly account: () => Promise<Account>;
  readonly vendor: VendorDefinition;
  /** null where nothing can be looked at: then the time alone decides. */
  readonly way: Way | null;
  readonly around: Surroundings;
  readonly now: () => number;
  readonly steadyNow: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly firstRows: number | null | undefined;
  /** One run; `firstRows` as `JobService.run` takes it. */
  readonly run: (firstRows: number | null | undefined, tell: (progress: Progress) => void) => Promise<RunEnd>;
  /** Asks the run that is under way to pause. */
  readonly pauseRun: () => void;
  /** Rows that are still to be sent. */
  readonly pending: () => Promise<number>;
  /** Writes what could not be written, and tries whether the journal can be written at all; rejects while it can't. */
  readonly write: () => Promise<void>;
  /** Journals that the job is paused for another reason. */
  readonly setPaused: (reason: PauseReason, text: Bilingual | null) => Promise<void>;
  /** Gives up what is not sent, while nothing runs. */
  readonly cancel: () => Promise<void>;
  readonly tell?: ((progress: Progress) => void) | undefined;
  readonly tellWaiting?: ((waiting: WaitingView | null) => void) | undefined;
  readonly log: (error: unknown) => void;
}

const FIRST_MS = 1_000;
const MOST_MS = 60_000;
/** A system that fell asleep and does not say that it woke: this long after, it is taken for awake. */
const AWAKE_AFTER_MS = 60_000;
/** How long a full disk is looked at again by itself; then the person is to say so. */
const DISK_FULL_MS = 10 * 60_000;
/** Waits that a vendor asked for, one after another with nothing done between them, after which the person decides. */
const MOST_BLOCKS = 5;
/** Calls for the vendor's time whose answer is not understood, after which the run goes on all the same. */
const MOST_STRANGE = 3;

type Look =
  | { readonly kind: 'go' }
  | { readonly kind: 'again'; readonly text?: Bilingual }
  | { readonly kind: 'over'; readonly reason: PauseReason; readonly text: Bilingual | null };

const GO: Look = { kind: 'go' };
const LASTS: Bilingual = {
  zh: '供应商一再要求等待，其间没有一行被处理。',
  en: 'The vendor asked to wait again and again, and did nothing between.',
};

/** Reasons of a pause that pass without a person. */
const PASSING: ReadonlySet<PauseReason> = new Set([
  'sleep',
  'network',
  'vendor_block',
  'clock_changed',
  'disk_full',
  'database_busy',
]);

/** Whether a job paused for this may go on by itself. */
export function isPassing(reason: PauseReason): boolean {
  return PASSING.has(reason);
}

/**
 * Runs a job through what interrupts it: a run that pauses for something that passes is begun again once it has passed. It only ever sends
 * what is pending, so nothing in doubt is sent again; every other pause ends it, and is the person's.
 */
export class LongRun {
  readonly #options: LongRunOptions;
  #wish: 'pause' | 'cancel' | 'leave' | null = null;
  #waiting: WaitingView | null = null;
  /** Looks again at once. */
  #nudge: () => void = () => {};
  #forced = false;
  /** Looks in a row without a row done between them. */
  #tries = 0;
  #blocks = 0;
  #strange = 0;
  #runs = 0;
  #left: number | null | undefined;
  #cancelled: PromiseWithResolvers<null> | null = null;

  constructor(options: LongRunOptions) {
    this.#options = options;
    this.#left = options.firstRows;
  }

  /** What it waits for now; null while it runs. */
  get waiting(): WaitingView | null {
    return this.#waiting;
  }

  /** Pauses for the person: what is under way ends first. */
  pause(): void {
    this.#wish ??= 'pause';
    if (this.#waiting === null) this.#options.pauseRun();
    else this.#nudge();
  }

  /** Ends a wait and leaves its reason as it is, as the program ends; a run is paused. */
  leave(): void {
    this.#wish ??= 'leave';
    if (this.#waiting === null) this.#options.pauseRun();
    else this.#nudge();
  }

  /** Gives up what is not sent: at the end of a wait, or of the run that is under way. Rejects when the journal can't take it. */
  async cancel(): Promise<void> {
    this.#wish = 'cancel';
    this.#cancelled ??= Promise.withResolvers<null>();
    this.#nudge();
    await this.#cancelled.promise;
  }

  /** Goes on now, whatever it waits for. */
  goOn(): void {
    this.#forced = true;
    this.#nudge();
  }

  /** Resolves when the job has ended, or is paused for a person. Rejects as a run does that could not begin. */
  async run(): Promise<RunEnd> {
    try {
      const end = await this.#through();
      return end.state === 'paused' && this.#wish !== null ? await this.#stopped(end) : end;
    } finally {
      // One that ended meanwhile has nothing left to give up.
      this.#cancelled?.resolve(null);
    }
  }

  async #through(): Promise<RunEnd> {
    for (;;) {
      const end = await this.#once();
      if (end.state !== 'paused' || end.reason === null || this.#stopping()) return end;
      const cause = await this.#causeOf(end);
      if (cause.reason === null || !PASSING.has(cause.reason) || this.#stopping()) return cause;
      const waited = await this.#wait(cause);
      if (waited !== null) return waited;
    }
  }

  async #once(): Promise<RunEnd> {
    const { run, pending, tell } = this.#options;
    const seen: { first: number | null; done: number } = { first: null, done: -1 };
    const heard = (progress: Progress): void => {
      const { counts } = progress;
      const done = counts.succeeded + counts.failed;
      seen.first ??= counts.pending;
      if (seen.done >= 0 && done > seen.done) this.#progressed();
      seen.done = done;
      tell?.(progress);
    };
    let end: RunEnd;
    try {
      end = await run(this.#left, heard);
    } catch (error) {
      const reason = error instanceof AppError ? storageReason(error) : null;
      // Before it began, its failure is the caller's: but for a run that went on by itself.
      if (reason === null || !(error instanceof AppError) || (seen.first === null && this.#runs === 0)) throw error;
      this.#options.log(error);
      end = { state: 'paused', reason, text: error.text.message };
    }
    this.#runs += 1;
    if (typeof this.#left === 'number' && seen.first !== null) {
      this.#left = Math.max(0, this.#left - (seen.first - (await pending())));
    }
    return end;
  }

  #progressed(): void {
    this.#tries = 0;
    this.#blocks = 0;
    this.#strange = 0;
  }

  /** What the pause is really for: calls that broke off are the network's fault when the vendor can't be reached. */
  async #causeOf(end: RunEnd): Promise<RunEnd> {
    if (this.#left === 0 && end.reason !== null && PASSING.has(end.reason))
      return this.#change(end, 'first_rows', null);
    if (end.maybeNetwork === true) {
      const why = await this.#reach();
      if (why === null || this.#stopping()) return end;
      return this.#change(end, 'network', why.text.message);
    }
    if (end.reason !== 'vendor_block') return end;
    this.#blocks += 1;
    return this.#blocks > MOST_BLOCKS ? this.#change(end, 'limit', LASTS) : end;
  }

  /** Journals another reason; one that can't be written holds in this process all the same. */
  async #change(end: RunEnd, reason: PauseReason, text: Bilingual | null): Promise<RunEnd> {
    await this.#options.setPaused(reason, text).catch((error: unknown) => this.#options.log(error));
    return { state: end.state, reason, text };
  }

  /** Null when the run may go on, else how it ended. */
  async #wait(end: RunEnd): Promise<RunEnd | null> {
    const { around, now, steadyNow } = this.#options;
    const since = now();
    const from = steadyNow();
    let { text } = end;
    const reason = end.reason ?? 'internal';
    this.#forced = false;
    if (reason === 'sleep' || reason === 'clock_changed') this.#tries = 0;
    const unhear = around.hear(() => {
      this.#tries = 0;
      this.#nudge();
    });
    try {
      for (;;) {
        const ms = this.#delay(reason);
        const nextMs = reason === 'sleep' && around.asleep ? null : now() + ms;
        this.#waiting = { reason, text, sinceMs: since, nextMs };
        this.#options.tellWaiting?.(this.#waiting);
        if (!this.#stopping()) await this.#pass(ms);
        if (this.#stopping()) return { ...end, text };
        if (this.#isForced()) return null;
        const look = await this.#lookNow(reason, steadyNow() - from);
        if (this.#stopping()) return { ...end, text };
        if (this.#isForced() || look.kind === 'go') return null;
        if (look.kind === 'over') return await this.#change(end, look.reason, look.text);
        this.#tries += 1;
        text = look.text ?? text;
      }
    } finally {
      unhear();
      this.#waiting = null;
      this.#options.tellWaiting?.(null);
    }
  }

  /** Asked anew after each wait: a wish may have come meanwhile. */
  #stopping(): boolean {
    return this.#wish !== null;
  }

  #isForced(): boolean {
    return this.#forced;
  }

  #delay(reason: PauseReason): number {
    const { around, accountId, steadyNow } = this.#options;
    if (reason === 'vendor_block') return Math.max(0, (around.blockOf(accountId)?.until ?? 0) - steadyNow());
    if (reason === 'sleep' && around.asleep) return AWAKE_AFTER_MS;
    if ((reason === 'sleep' || reason === 'clock_changed') && this.#tries === 0) return 0;
    return Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(this.#tries, 10));
  }

  /** Lets that much time pass, or less when something happens. */
  async #pass(ms: number): Promise<void> {
    if (ms <= 0) return;
    const stop = new AbortController();
    this.#nudge = () => stop.abort();
    try {
      await this.#options.sleep(ms, stop.signal);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      this.#nudge = () => {};
    }
  }

  /** A look, which a person's wish cuts short but where it writes. */
  async #lookNow(reason: PauseReason, waitedMs: number): Promise<Look> {
    const looking = this.#look(reason, waitedMs);
    if (reason === 'disk_full' || reason === 'database_busy') return looking;
    const cut = Promise.withResolvers<Look>();
    this.#nudge = () => {
      if (this.#stopping() || this.#forced) cut.resolve({ kind: 'again' });
    };
    // One that is left to itself must not count as unhandled.
    looking.catch((error: unknown) => this.#options.log(error));
    try {
      return await Promise.race([looking, cut.promise]);
    } finally {
      this.#nudge = () => {};
    }
  }

  async #reach(): Promise<AppError | null> {
    const { way, account } = this.#options;
    return way === null ? null : way.reach(await account());
  }

  async #look(reason: PauseReason, waitedMs: number): Promise<Look> {
    const { around, way } = this.#options;
    switch (reason) {
      case 'vendor_block':
        return this.#delay(reason) <= 0 ? GO : { kind: 'again' };
      case 'sleep':
        if (around.asleep && waitedMs < AWAKE_AFTER_MS) return { kind: 'again' };
        if (around.asleep) around.resumed();
        return this.#relearn();
      case 'clock_changed':
        return this.#relearn();
      case 'network': {
        const why = await this.#reach();
        if (why !== null) return { kind: 'again', text: why.text.message };
        await way?.reconnect();
        return GO;
      }
      default:
        return this.#lookAtDisk(reason, waitedMs);
    }
  }

  /** Takes new connections and learns the vendor's time anew, by a call that changes nothing. */
  async #relearn(): Promise<Look> {
    const { way, vendor } = this.#options;
    if (way === null) return GO;
    // Those of before the sleep may look alive and be dead; calls under way end on them first.
    if (this.#tries === 0) await way.reconnect();
    const ping = vendor.operations.find((one) => one.kind === 'ping');
    const why = await this.#reach();
    if (why !== null) return { kind: 'again', text: why.text.message };
    if (ping?.kind !== 'ping') return GO;
    try {
      const end = await way.ping(await this.#options.account(), ping);
      if (end.ok) return GO;
      if ('why' in end) return ++this.#strange >= MOST_STRANGE ? GO : { kind: 'again', text: end.why };
      if (end.failure.class === 'transport') return { kind: 'again', text: end.failure.reading };
      return end.failure.class === 'clock' ? { kind: 'over', reason: 'clock', text: end.failure.reading } : GO;
    } catch (error) {
      // The secret can't be read, the host is not allowed: the run says so in its own words.
      this.#options.log(error);
      return GO;
    }
  }

  async #lookAtDisk(reason: PauseReason, waitedMs: number): Promise<Look> {
    try {
      await this.#options.write();
      return GO;
    } catch (error) {
      const now = error instanceof AppError ? storageReason(error) : null;
      if (now === null || !(error instanceof AppError) || !PASSING.has(now)) {
        this.#options.log(error);
        const text = error instanceof AppError ? error.text.message : null;
        return { kind: 'over', reason: now ?? 'internal', text };
      }
      const text = error.text.message;
      if (reason === 'disk_full' && waitedMs >= DISK_FULL_MS) return { kind: 'over', reason: 'disk_full', text };
      return { kind: 'again', text };
    }
  }

  /** How it ends for a person's wish. */
  async #stopped(end: RunEnd): Promise<RunEnd> {
    if (this.#wish === 'cancel') {
      try {
        await this.#options.cancel();
        return { state: 'cancelled', reason: null, text: null };
      } catch (error) {
        this.#cancelled?.reject(error);
        return end;
      }
    }
    return this.#wish === 'pause' && end.reason !== 'person' ? this.#change(end, 'person', null) : end;
  }
}
