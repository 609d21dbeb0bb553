import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { AppError } from '../../../src/contract/errors.ts';
import type { Progress, RunEnd } from '../../../src/main/jobs/runner/types.ts';
import type { JobCounts } from '../../../src/main/jobs/types.ts';
import type { temporaryFolder } from '../journal.ts';
import { ModelClock } from './clock.ts';
import { ModelConsole } from './console.ts';
import { expectedProblems, mayBeRetried, mayMove, readNow, type JobNow, type Now } from './rules.ts';
import { openModelShop, type InputRow, type ModelShop, type Setup } from './shop.ts';
import { UPDATES, type Cut, type Event, type Point, type Step } from './steps.ts';
import { emptyJournal, sequenceFolder, type JournalFile } from './store.ts';
import { rowKey, Watch } from './watch.ts';

/** A promise that the product breaks. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

const EPOCH_MS = Date.parse('2026-03-04T05:06:07.000Z');
/** Long for a loopback; only a vendor that keeps silent takes it. */
const TIMEOUT_MS = 150;
/** At the end nothing is late by chance. */
const PATIENT_MS = 20_000;
const READINGS_MS = 600_000;
/** Runs, each after a verification and a retry, in which every job must have come to its end when the vendor is well. */
const LAST_RUNS = 4;

type Ran = { readonly crashed: boolean; readonly full: boolean };

function sums(counts: Pick<JobCounts, 'total' | 'succeeded' | 'failed' | 'unknown' | 'notSent' | 'sending'>): boolean {
  const { total, succeeded, failed, unknown, notSent, sending } = counts;
  return succeeded + failed + unknown + notSent + sending === total;
}

/** One sequence: a vendor, a machine, and the console on it from life to life. */
export class World {
  readonly #setup: Setup;
  readonly #shop: ModelShop;
  readonly #clock: ModelClock;
  readonly #folder: ReturnType<typeof temporaryFolder>;
  readonly #watch: Watch;
  /** Data rows of each job. */
  readonly #totals = new Map<number, number>();
  /** After how many rows a job wants to pause on its first run. */
  readonly #firstRows = new Map<number, number | null>();
  #console: ModelConsole;
  #lives = 0;
  #cut: { left: number; readonly at: Point; readonly then: Event } | null = null;
  #working: readonly number[] = [];
  #died: { readonly file: JournalFile; readonly sending: Map<number, number>; readonly running: number[] } | null =
    null;
  #whenDied: () => void = () => {};
  /** The disk was full since the process began: outcomes may wait in its memory. */
  #full = false;
  #now: Now;

  private constructor(setup: Setup, shop: ModelShop, clock: ModelClock) {
    this.#setup = setup;
    this.#shop = shop;
    this.#clock = clock;
    this.#folder = sequenceFolder();
    this.#watch = new Watch(shop, (point) => this.#at(point));
    clock.onSleep = () => this.#at('sleep');
    this.#console = this.#begin(emptyJournal(this.#folder.path), TIMEOUT_MS);
    this.#now = readNow(this.#console.store.databases);
  }

  static async open(setup: Setup): Promise<World> {
    const clock = new ModelClock(EPOCH_MS);
    return new World(setup, await openModelShop(setup, clock), clock);
  }

  get jobs(): number {
    return this.#now.jobs.length;
  }

  async close(): Promise<void> {
    if (!this.#console.store.dead) this.#console.store.close();
    await this.#shop.shop.twin.close();
    await this.#console.disconnect();
    this.#folder.remove();
  }

  /** Takes one step, to its end, and holds everything that must hold after it. Throws `Broken` when it does not. */
  async take(step: Step): Promise<void> {
    const before = this.#now;
    const own = new Set<number>();
    const { crashed, full } = await this.#do(step, own);
    await this.#watch.settled(() => this.#console.inFlight);
    if (crashed) await this.#recover();
    this.#now = readNow(this.#console.store.databases);
    await this.#hold(step, own, before, full);
  }

  /** The vendor is well again: every job must now come to its end, with nothing sending, and every row that was acted on known for it. */
  async finish(): Promise<void> {
    this.#shop.shop.twin.setFaults([]);
    this.#clock.skewMs = 0;
    this.#clock.advance(6 * 60_000);
    await this.#restart(PATIENT_MS);
    this.#now = readNow(this.#console.store.databases);
    for (let run = 1; run <= LAST_RUNS; run += 1) {
      for (const [job, { id, state }] of this.#now.jobs.entries()) {
        const left = this.#placesOf(id);
        if (left.has('unknown')) await this.take({ do: 'verify', job, waits: true, cut: null });
        if (state === 'cancelled') continue;
        if (run > 1 && [...this.#placesOf(id)].some(mayBeRetried)) await this.take({ do: 'retry', job });
        if (this.#job(job).state === 'finished') continue;
        await this.take({ do: 'run', job, first: null, beside: null, cut: null });
      }
    }
    for (const job of this.#now.jobs.keys()) await this.take({ do: 'export', job });
    for (const { id, state, pauseReason } of this.#now.jobs) {
      if (state !== 'finished' && state !== 'cancelled')
        throw new Broken(`job ${id} ended ${state} ${pauseReason ?? ''}`);
    }
    for (const row of this.#now.rows.values()) {
      if (row.at === 'unknown' && !row.said) throw new Broken(`${row.key} is in doubt without a word`);
      const told = row.at === 'succeeded' || (row.at === 'failed' && this.#mayFailOnceTaken);
      const known = told || this.#watch.isDecided(row.key) || !this.#shop.readable(row.order);
      if (this.#watch.acted(row.key) && !known) {
        throw new Broken(`${row.key} (${row.order}) was acted on, and in the end it is ${row.at}`);
      }
    }
  }

  /** A command that was taken may fail all the same: at the machine. */
  get #mayFailOnceTaken(): boolean {
    const { kind, vendorOptions } = this.#setup;
    return kind === 'dispense' && vendorOptions['device'] !== 'works';
  }

  /** Where rows of a job stand. */
  #placesOf(jobId: number): Set<string> {
    return new Set([...this.#now.rows.values()].filter((row) => row.jobId === jobId).map(({ at }) => at));
  }

  #begin(file: JournalFile, timeoutMs: number): ModelConsole {
    const { batchSize } = this.#setup;
    const console = new ModelConsole({ file, shop: this.#shop, clock: this.#clock, batchSize, timeoutMs });
    console.store.onApply = (entries, when) => {
      if (entries.some(({ kind }) => kind === 'claim')) this.#at(when === 'before' ? 'claim' : 'claimed');
      if (entries.some(({ kind }) => kind === 'settle')) this.#at(when === 'before' ? 'settle' : 'settled');
    };
    this.#watch.follow(console.store.databases.writer);
    this.#full = false;
    return console;
  }

  #at(point: Point): void {
    const cut = this.#cut;
    if (cut?.at !== point || this.#died !== null) return;
    cut.left -= 1;
    if (cut.left > 0) return;
    this.#cut = null;
    this.#happen(cut.then);
  }

  #happen(event: Event): void {
    const { jobs, mailbox, store } = this.#console;
    switch (event.is) {
      case 'pause':
        for (const id of this.#working) jobs.pause(id);
        return;
      case 'cancel':
        // One of two may have ended already, and cannot be cancelled any more.
        for (const id of this.#working) jobs.cancel(id).catch(() => {});
        return;
      case 'wish_pause':
      case 'wish_cancel':
        for (const id of this.#working) void mailbox.leave(id, event.is === 'wish_pause' ? 'pause' : 'cancel');
        return;
      case 'crash':
        this.#die();
        return;
      case 'heal':
        this.#shop.shop.twin.setFaults([]);
        return;
      case 'full':
        store.refusals = event.writes;
        this.#full = true;
        return;
      case 'jump':
        this.#clock.skewMs += event.ms;
        return;
    }
  }

  /** Nothing of the process is heard any more; what it left on the disk is copied. */
  #die(): void {
    const { store } = this.#console;
    const now = readNow(store.databases);
    const sending = new Map<number, number>();
    for (const row of now.rows.values()) {
      if (row.at === 'sending') sending.set(row.jobId, (sending.get(row.jobId) ?? 0) + 1);
    }
    this.#watch.leave();
    this.#lives += 1;
    const running = now.jobs.filter(({ state }) => state === 'running').map(({ id }) => id);
    this.#died = { file: this.#console.abandon(`journal-${this.#lives}.db`), sending, running };
    this.#whenDied();
  }

  /** The next process finds what the last one left. */
  async #recover(timeoutMs = TIMEOUT_MS): Promise<void> {
    const died = this.#died;
    if (died === null) throw new Error('nothing has died');
    const gone = this.#console;
    this.#died = null;
    this.#console = this.#begin(died.file, timeoutMs);
    void gone.disconnect();
    const { interrupted, inDoubt } = await this.#recovered();
    if (JSON.stringify(inDoubt) !== JSON.stringify(Object.fromEntries(died.sending))) {
      throw new Broken(`recovered ${JSON.stringify(inDoubt)} of ${JSON.stringify([...died.sending])}`);
    }
    if (interrupted.join() !== died.running.join()) {
      throw new Broken(`jobs ${died.running.join()} were running, and ${interrupted.join()} count as interrupted`);
    }
  }

  #recovered(): Promise<{ interrupted: readonly number[]; inDoubt: Readonly<Record<number, number>> }> {
    const ms = this.#clock.machineNow();
    return this.#console.store.journal.call('recover', { atMs: ms, at: new Date(ms).toISOString() });
  }

  /** Quit and started anew. */
  async #restart(timeoutMs = TIMEOUT_MS): Promise<void> {
    const gone = this.#console;
    this.#watch.leave();
    const file = gone.store.close();
    this.#console = this.#begin(file, timeoutMs);
    await gone.disconnect();
    await this.#recovered();
  }

  #job(place: number): JobNow {
    const job = this.#now.jobs[place % this.#now.jobs.length];
    if (job === undefined) throw new Error('there is no job');
    return job;
  }

  async #do(step: Step, own: Set<number>): Promise<Ran> {
    const fullBefore = this.#full;
    let crashed = false;
    switch (step.do) {
      case 'import':
        own.add(await this.#import(step));
        break;
      case 'run':
        crashed = await this.#run(step, own);
        break;
      case 'cancel':
        await this.#onJob(step.job, own, ['ready', 'paused', 'running'], (id) => this.#console.jobs.cancel(id));
        break;
      case 'retry':
        await this.#retry(step.job, own);
        break;
      case 'verify':
        crashed = await this.#verify(step, own);
        break;
      case 'look':
        crashed = await this.#look(step, own);
        break;
      case 'allow':
        await this.#allow(step, own);
        break;
      case 'edit':
        await this.#edit(step, own);
        break;
      case 'decide':
        await this.#decide(step, own);
        break;
      case 'follow_up':
        await this.#made(step.job, own, 'NOTHING_MENDED', (id) => this.#console.jobs.followUp(id));
        break;
      case 'undo':
        await this.#made(step.job, own, 'NOTHING_TO_UNDO', (id) => this.#console.jobs.undo(id));
        break;
      case 'export':
        await this.#export(this.#job(step.job).id);
        break;
      case 'crash':
        this.#die();
        crashed = true;
        break;
      case 'restart':
        await this.#restart();
        break;
      case 'heal':
        this.#shop.shop.twin.setFaults([]);
        break;
      case 'faults':
        this.#shop.shop.twin.setFaults(step.rules.map((rule) => this.#named(rule)));
        break;
      case 'jump':
        this.#clock.skewMs += step.ms;
        break;
    }
    return { crashed, full: fullBefore || this.#full };
  }

  #named(rule: (Step & { do: 'faults' })['rules'][number]): typeof rule {
    const { when } = rule;
    if (when === undefined) return rule;
    const { path, orders, ...rest } = when;
    const numbers = orders?.map((index) => this.#shop.shop.orders[Number(index)] ?? '');
    return {
      ...rule,
      when: {
        ...rest,
        ...(path === undefined || path === '' ? {} : { path: path === UPDATES ? this.#shop.shop.path : path }),
        ...(numbers === undefined ? {} : { orders: numbers }),
      },
    };
  }

  async #import({ rows, readBefore, writeUnreadable, firstRows }: Step & { do: 'import' }): Promise<number> {
    const { shop, account } = this.#shop;
    const imported = await this.#console.jobs.import({
      account,
      operation: shop.operation,
      params: shop.params,
      source: { kind: 'paste', text: this.#shop.input(rows), name: 'model' },
      hasHeader: true,
      options: { readBefore, writeUnreadable, firstRows, verifyAfter: false },
    });
    this.#totals.set(imported.jobId, rows.length);
    this.#firstRows.set(imported.jobId, firstRows);
    this.#holdIntake(imported.jobId, rows);
    return imported.jobId;
  }

  #holdIntake(jobId: number, rows: readonly InputRow[]): void {
    const now = readNow(this.#console.store.databases);
    const found = rows.map((row, index) => ({ row, no: index + 1, is: now.rows.get(rowKey(jobId, index + 1)) }));
    const { kind } = this.#setup;
    // An order whose time has run out by then is set aside before it is compared with others.
    const inTime = found.filter(
      ({ row, is }) =>
        !(kind === 'vending' && ['order', 'strange'].includes(row.is) && is?.problem === 'console.too_late'),
    );
    const problems = expectedProblems(
      inTime.map(({ row }) => row),
      kind === 'polyv' || kind === 'dispense',
    );
    inTime.forEach(({ no, is }, index) => {
      const problem = problems[index] ?? null;
      const wanted = problem === null ? 'not_sent:pending' : 'not_sent:set_aside';
      if (is?.at === wanted && is.problem === problem) return;
      throw new Broken(`row ${no} of the input is ${is?.at ?? 'gone'} (${is?.problem ?? ''}), not ${problem ?? 'fit'}`);
    });
  }

  /** Runs `work` until it ends or the process dies; true when it died. A refusal or a full disk ends it, too. */
  async #untilDeath(cut: Cut | null, working: readonly number[], work: () => Promise<unknown>): Promise<boolean> {
    this.#working = working;
    this.#cut = cut === null ? null : { left: cut.nth, at: cut.at, then: cut.then };
    const died = new Promise<'died'>((resolve) => (this.#whenDied = () => resolve('died')));
    try {
      return (await Promise.race([work(), died])) === 'died';
    } catch (error) {
      if (this.#full && error instanceof AppError && error.code === 'DISK_FULL') return false;
      throw error;
    } finally {
      this.#cut = null;
      this.#working = [];
      this.#console.store.refusals = 0;
    }
  }

  async #run({ job, first, beside, cut }: Step & { do: 'run' }, own: Set<number>): Promise<boolean> {
    const one = this.#job(job);
    const two = beside === null ? one : this.#job(beside);
    const jobs = one.id === two.id ? [one] : [one, two];
    for (const { id } of jobs) own.add(id);
    const run = async ({ id, state }: JobNow): Promise<void> => {
      const may = ['ready', 'paused', 'running', 'finished'].includes(state);
      const options = {
        tell: (progress: Progress) => this.#told(progress),
        ...(first === undefined ? {} : { firstRows: first }),
      };
      const end = await this.#refusedUnless(may, this.#console.jobs.run(id, options));
      if (end !== null) this.#ended(id, end, first);
    };
    return this.#untilDeath(
      cut,
      jobs.map(({ id }) => id),
      () => allEnded(jobs.map(run)),
    );
  }

  #told({ jobId, counts }: Progress): void {
    const { total, pending, ...outcomes } = counts;
    const good =
      sums(counts) && Object.values(outcomes).every((n) => n >= 0) && pending >= 0 && pending <= counts.notSent;
    if (!good || total !== this.#totals.get(jobId)) throw new Broken(`progress told ${JSON.stringify(counts)}`);
  }

  #ended(id: number, end: RunEnd, first: number | null | undefined): void {
    const limit = first === undefined ? this.#firstRows.get(id) : first;
    if (end.reason === 'first_rows' && typeof limit !== 'number') throw new Broken(`job ${id} left rows out`);
    if (end.state === 'paused' && end.reason === null) throw new Broken(`job ${id} is paused without a reason`);
  }

  /** What a step on a job in that state came to, null when it was refused; a refusal that should not be, or is none where one should be, is broken. */
  async #refusedUnless<T>(may: boolean, work: Promise<T>): Promise<T | null> {
    try {
      const value = await work;
      if (!may) throw new Broken('a job that was not in the state for it was worked at');
      return value;
    } catch (error) {
      if (!may && error instanceof AppError && error.code === 'JOB_STATE') return null;
      throw error;
    }
  }

  async #onJob<T>(
    place: number,
    own: Set<number>,
    states: readonly string[],
    work: (id: number) => Promise<T>,
  ): Promise<T | null> {
    const { id, state } = this.#job(place);
    own.add(id);
    return this.#refusedUnless(states.includes(state), work(id));
  }

  async #retry(place: number, own: Set<number>): Promise<void> {
    const states = ['ready', 'paused', 'finished', 'cancelled'];
    await this.#onJob(place, own, states, (id) => this.#console.jobs.retry(id));
    for (const row of readNow(this.#console.store.databases).rows.values()) {
      if (row.at === 'not_sent:pending' && this.#now.rows.get(row.key)?.at !== row.at) this.#watch.license(row.key);
    }
  }

  /** What is refused of a row that may not be edited, or whose job is in no state for it, changes nothing. */
  async #edit({ job, row, index, variant }: Step & { do: 'edit' }, own: Set<number>): Promise<void> {
    const { id } = this.#job(job);
    own.add(id);
    const rows = [...this.#now.rows.values()].filter(({ jobId }) => jobId === id).length;
    try {
      await this.#console.jobs.editRow(id, (row % rows) + 1, this.#shop.typed(index, variant));
    } catch (error) {
      if (!(error instanceof AppError && ['ROW_NOT_EDITABLE', 'JOB_STATE'].includes(error.code))) throw error;
    }
  }

  async #decide({ job, as, every }: Step & { do: 'decide' }, own: Set<number>): Promise<void> {
    const { id } = this.#job(job);
    const unknown = [...this.#now.rows.values()].filter((row) => row.jobId === id && row.at === 'unknown');
    const chosen = unknown.filter((_, at) => at % every === 0);
    const rows = new Set(chosen.map(({ key }) => Number(key.split(':')[1])));
    const states = ['ready', 'paused', 'finished', 'cancelled'];
    const decided = await this.#onJob(job, own, states, () =>
      this.#console.jobs.decide(id, { kind: 'rows', rows }, as),
    );
    if (decided === null) return;
    if (decided.rows !== chosen.length)
      throw new Broken(`${decided.rows} rows were decided, of ${chosen.length} chosen`);
    for (const { key } of chosen) this.#watch.decide(key);
  }

  /** A job made from another; or the refusal that says there is nothing for it. */
  async #made(
    job: number,
    own: Set<number>,
    nothing: 'NOTHING_MENDED' | 'NOTHING_TO_UNDO',
    work: (id: number) => Promise<{ readonly jobId: number; readonly rows: number }>,
  ): Promise<void> {
    try {
      const states = ['ready', 'paused', 'finished', 'cancelled'];
      const made = await this.#onJob(job, own, states, work);
      if (made === null) return;
      this.#totals.set(made.jobId, made.rows);
      this.#firstRows.set(made.jobId, null);
      own.add(made.jobId);
    } catch (error) {
      if (!(error instanceof AppError && error.code === nothing)) throw error;
    }
  }

  #verify({ job, waits, cut }: Step & { do: 'verify' }, own: Set<number>): Promise<boolean> {
    const { id } = this.#job(job);
    own.add(id);
    return this.#untilDeath(cut, [id], async () => {
      await this.#console.jobs.verify(id, { waitMs: waits ? READINGS_MS : 0 });
    });
  }

  /** Nothing is sent while present values are read, and what was read is told to the last row. */
  async #look({ job, again, cut }: Step & { do: 'look' }, own: Set<number>): Promise<boolean> {
    const { id, state } = this.#job(job);
    own.add(id);
    const sent = this.#watch.arrived;
    const may = state === 'ready' || state === 'paused';
    const crashed = await this.#untilDeath(cut, [], async () => {
      const end = await this.#refusedUnless(may, this.#console.jobs.look(id, { again }));
      if (end === null) return;
      const { read, changes, nothing, forbidden, changed, unread } = end;
      if (changes + nothing + forbidden + changed + unread !== read)
        throw new Broken(`a look of job ${id} told ${JSON.stringify(end)}`);
    });
    if (this.#watch.arrived !== sent) throw new Broken(`a look at job ${id} sent something`);
    return crashed;
  }

  /** What cannot be taken back nobody may insist on. */
  async #allow({ job, reason }: Step & { do: 'allow' }, own: Set<number>): Promise<void> {
    const { id } = this.#job(job);
    own.add(id);
    const firm = this.#setup.kind === 'dispense' && reason === 'state_forbids';
    const states = firm ? [] : ['ready', 'paused', 'finished', 'cancelled'];
    await this.#onJob(job, own, states, () => this.#console.jobs.allow(id, reason));
  }

  async #export(jobId: number): Promise<void> {
    const path = join(this.#folder.path, 'export.csv');
    const { counts } = await this.#console.jobs.get(jobId);
    const may = counts.sending === 0;
    const to = { path, language: 'en', overwrite: true, raw: true } as const;
    if ((await this.#refusedUnless(may, this.#console.jobs.export(jobId, to))) === null) return;
    const [, ...lines] = Papa.parse<string[]>(readFileSync(path, 'utf8').slice(1), { skipEmptyLines: true }).data;
    if (lines.length !== counts.total) throw new Broken(`an export of ${lines.length} rows of ${counts.total}`);
  }

  async #hold(step: Step, own: ReadonlySet<number>, before: Now, full: boolean): Promise<void> {
    const [wrong] = this.#watch.wrong;
    if (wrong !== undefined) throw new Broken(wrong);
    this.#holdMoves(step, own, before, full);
    this.#holdRows(step, before);
    const doubtful = [...this.#now.rows.values()].filter(({ at }) => at === 'sending' || at === 'unknown');
    const wanted = doubtful.map(({ order, key }) => `${order} ${key}`).sort();
    if (wanted.join() !== this.#now.doubt.toSorted().join()) {
      throw new Broken(`in doubt are ${wanted.join(', ')}, held are ${this.#now.doubt.join(', ')}`);
    }
    // Other jobs' rows have not moved.
    for (const job of this.#now.jobs) if (own.has(job.id) || step.do === 'crash') await this.#holdJob(job);
  }

  #holdMoves(step: Step, own: ReadonlySet<number>, before: Now, full: boolean): void {
    for (const row of before.rows.values()) {
      const after = this.#now.rows.get(row.key);
      if (after === undefined) throw new Broken(`${row.key} is gone`);
      if (after.attempts < row.attempts) throw new Broken(`${row.key} has lost an attempt`);
      if (mayMove(step, own.has(row.jobId), row, after, { full, follows: this.#setup.kind === 'dispense' })) continue;
      throw new Broken(
        `${row.key} (${row.order}) went from ${row.at} to ${after.at}, attempts ${row.attempts} to ${after.attempts}`,
      );
    }
  }

  #holdRows(step: Step, before: Now): void {
    for (const row of this.#now.rows.values()) {
      const { key, at } = row;
      if (at === 'sending' && !this.#full) throw new Broken(`${key} is sending while nothing runs`);
      if (this.#watch.isDecided(key)) continue;
      const actedAt = ['sending', 'unknown', 'succeeded', ...(this.#mayFailOnceTaken ? ['failed'] : [])];
      if (this.#watch.acted(key) && !actedAt.includes(at)) {
        throw new Broken(`${key} (${row.order}) was acted on, and it is ${at}`);
      }
      if (row.attempts === 0 && ['sending', 'unknown', 'succeeded', 'failed'].includes(at)) {
        throw new Broken(`${key} is ${at} and was never sent`);
      }
      if (at !== 'succeeded' || before.rows.get(key)?.at === 'succeeded' || this.#watch.acted(key)) continue;
      const known = row.values !== null && this.#shop.asWanted(row.order, row.values);
      if (step.do !== 'verify' || !known)
        throw new Broken(`${key} (${row.order}) counts as succeeded and was not acted on`);
    }
  }

  async #holdJob({ id, state, pauseReason }: JobNow): Promise<void> {
    const rows = [...this.#now.rows.values()].filter(({ jobId }) => jobId === id);
    const of = (place: string): number => rows.filter(({ at }) => at === place || at.startsWith(`${place}:`)).length;
    const counts = await this.#console.store.journal.call('getCounts', { jobId: id });
    const found = { total: rows.length, succeeded: of('succeeded'), failed: of('failed'), unknown: of('unknown') };
    const wanted = { ...found, notSent: of('not_sent'), sending: of('sending') };
    for (const [name, n] of Object.entries(wanted)) {
      const told = counts[name as keyof typeof wanted];
      if (told !== n) throw new Broken(`job ${id} counts ${told} ${name}, its rows are ${n}`);
    }
    if (!sums(counts) || counts.total !== this.#totals.get(id))
      throw new Broken(`job ${id}: ${JSON.stringify(counts)}`);
    if (state === 'paused' && pauseReason === null) throw new Broken(`job ${id} is paused without a reason`);
    const over = state === 'finished' || state === 'cancelled';
    if (over && (of('sending') > 0 || of('not_sent:pending') > 0))
      throw new Broken(`job ${id} is ${state} with rows to send`);
    if (state === 'running' && !this.#full) throw new Broken(`job ${id} is running while nothing runs`);
  }
}

/** All of them, to their ends; then the first failure. */
async function allEnded(works: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(works);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
