/** What leaving needs from the rest. */
export interface Leaving {
  /** Jobs that run now. */
  readonly running: () => number;
  /** Pauses all jobs; fulfilled once nothing is in flight. May be called again. */
  readonly pauseAll: () => Promise<void>;
  /** Closes what is open (journal, gateway); called once, after pausing. */
  readonly close: () => Promise<void>;
  /** Asks whether to pause that many jobs and quit. */
  readonly askQuit: (running: number) => Promise<boolean>;
  /** Pausing takes longer than the limit: asks whether to quit without waiting on. The signal ends the question. */
  readonly askLate: (signal: AbortSignal) => Promise<boolean>;
  /** Pausing failed: asks whether to quit all the same. */
  readonly askFailed: () => Promise<boolean>;
  /** Ends the program; `mayLeave` answers true by then. */
  readonly leave: () => void;
  /** How long pausing may take before a person is asked, ms. */
  readonly pauseMs: number;
  /** How long pausing may take when the system shuts down, ms. */
  readonly shutdownMs: number;
  /** How long closing may take, ms. */
  readonly closeMs: number;
}

type Ended = 'done' | 'failed' | 'late';

/** How a promise stands after at most that long. */
async function within(promise: Promise<void>, ms: number): Promise<Ended> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Ended>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  const ended = promise.then(
    (): Ended => 'done',
    (): Ended => 'failed',
  );
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether and how the program may end. Jobs that run are paused first, after a question; it is never asked twice at once. */
export class QuitFlow {
  readonly #leaving: Leaving;
  /** `shutdown` is `leaving` with no one there to ask. */
  #state: 'open' | 'asking' | 'leaving' | 'shutdown' | 'gone' = 'open';
  #closing = false;

  constructor(leaving: Leaving) {
    this.#leaving = leaving;
  }

  /** Someone wants to quit. True if the program may end at once; otherwise it will call `leave` itself, or stay. */
  mayLeave(): boolean {
    if (this.#state === 'gone') return true;
    if (this.#state === 'open') void this.#askAndLeave();
    return false;
  }

  /** The system shuts down: pauses and leaves without a question. */
  async shutDown(): Promise<void> {
    if (this.#state === 'shutdown' || this.#state === 'gone') return;
    this.#state = 'shutdown';
    const { running, pauseAll, shutdownMs } = this.#leaving;
    if (running() > 0) await within(called(pauseAll), shutdownMs);
    await this.#closeAndLeave();
  }

  async #askAndLeave(): Promise<void> {
    this.#state = 'asking';
    const { running, askQuit } = this.#leaving;
    const jobs = running();
    const agreed = jobs === 0 || ((await answer(askQuit(jobs))) && (await this.#pause()));
    if (this.#isShutDown()) return;
    if (!agreed) {
      this.#state = 'open';
      return;
    }
    await this.#closeAndLeave();
  }

  /** Pauses; false if the person would rather stay. */
  async #pause(): Promise<boolean> {
    if (this.#isShutDown()) return false;
    this.#state = 'leaving';
    const { pauseAll, pauseMs, askLate, askFailed } = this.#leaving;
    const paused = called(pauseAll);
    for (;;) {
      const ended = await within(paused, pauseMs);
      if (this.#isShutDown()) return false;
      if (ended === 'done') return true;
      if (ended === 'failed') return answer(askFailed());
      const answered = new AbortController();
      const close = (): void => answered.abort();
      void paused.then(close, close);
      if (await answer(askLate(answered.signal))) return true;
      if (this.#isShutDown()) return false;
    }
  }

  async #closeAndLeave(): Promise<void> {
    const { close, closeMs, leave } = this.#leaving;
    // A shutdown may come while it is under way.
    if (this.#closing) return;
    this.#closing = true;
    if (this.#state !== 'shutdown') this.#state = 'leaving';
    await within(called(close), closeMs);
    this.#state = 'gone';
    leave();
  }

  #isShutDown(): boolean {
    return this.#state === 'shutdown' || this.#state === 'gone';
  }
}

/** The promise of a call that may also throw. */
async function called(call: () => Promise<void>): Promise<void> {
  await call();
}

/** A question that can't be shown is answered with no: nothing is ended then. */
async function answer(question: Promise<boolean>): Promise<boolean> {
  try {
    return await question;
  } catch {
    return false;
  }
}
