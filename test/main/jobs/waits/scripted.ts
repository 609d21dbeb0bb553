import type { AppError } from '../../../../src/contract/errors.ts';
import type { WaitingView } from '../../../../src/contract/job.ts';
import type { Bilingual } from '../../../../src/contract/text.ts';
import type { PingEnd } from '../../../../src/main/gateway/types.ts';
import type { Progress, RunEnd } from '../../../../src/main/jobs/runner/types.ts';
import type { PauseReason } from '../../../../src/main/jobs/types.ts';
import { LongRun, type LongRunOptions } from '../../../../src/main/jobs/waits/long-run.ts';
import { Surroundings } from '../../../../src/main/jobs/waits/surroundings.ts';
import { vendor } from '../../../../src/main/vendors/registry.ts';
import { accountOf } from '../runner/support.ts';
import { QuickTime } from './rig.ts';

export const FINISHED: RunEnd = { state: 'finished', reason: null, text: null };
export const TEXT: Bilingual = { zh: '停', en: 'stopped' };
export const paused = (reason: PauseReason, rest: Partial<RunEnd> = {}): RunEnd => ({
  state: 'paused',
  reason,
  text: TEXT,
  ...rest,
});
export const textOf = (error: AppError): Bilingual => error.text.message;

export type Run =
  RunEnd | Error | ((tell: (pending: number, done: number) => void, run: LongRun) => RunEnd | Promise<RunEnd>);
export type Look<T> = T | Error | Promise<T>;

/** A run whose ends, and what is looked at between them, are told beforehand; the last of each is told again and again. */
export class Scripted {
  readonly time = new QuickTime();
  readonly around = new Surroundings();
  readonly log: string[] = [];
  readonly logged: unknown[] = [];
  readonly waits: (WaitingView | null)[] = [];
  readonly firstRows: (number | null | undefined)[] = [];
  reach: Look<AppError | null>[] = [null];
  ping: Look<PingEnd>[] = [{ ok: true, clockOffsetMs: 0 }];
  write: Look<void>[] = [undefined];
  pending = 0;
  onWait: (waiting: WaitingView, nth: number) => void = () => {};
  /** Told of each look as it begins. */
  onLook: (name: string) => void = () => {};
  readonly run: LongRun;

  constructor(runs: readonly Run[], change: Partial<LongRunOptions> = {}) {
    const left = [...runs];
    const next = async <T>(name: string, looks: Look<T>[]): Promise<T> => {
      this.log.push(name);
      this.onLook(name);
      const look = looks.length > 1 ? looks.shift() : looks[0];
      if (look instanceof Error && name !== 'reach') throw look;
      return (await look) as T;
    };
    this.run = new LongRun({
      accountId: 'shop',
      account: async () => accountOf('shop'),
      vendor: vendor('vending'),
      way: {
        reach: () => next('reach', this.reach),
        ping: () => next('ping', this.ping),
        reconnect: async () => void this.log.push('reconnect'),
      },
      around: this.around,
      now: this.time.now,
      steadyNow: this.time.steadyNow,
      sleep: this.time.sleep,
      firstRows: undefined,
      run: async (firstRows, tell) => {
        this.firstRows.push(firstRows);
        const run = left.shift() ?? FINISHED;
        if (run instanceof Error) throw run;
        if (typeof run !== 'function') return run;
        return run((pending, done) => tell({ counts: { pending, succeeded: done, failed: 0 } } as Progress), this.run);
      },
      pauseRun: () => this.log.push('pauseRun'),
      pending: async () => this.pending,
      write: () => next('write', this.write),
      setPaused: async (reason, text) => void this.log.push(`paused ${reason} ${text?.en ?? '-'}`),
      cancel: async () => void this.log.push('cancel'),
      tellWaiting: (waiting) => {
        this.waits.push(waiting);
        if (waiting !== null) this.onWait(waiting, this.waits.filter((one) => one !== null).length);
      },
      log: (error) => this.logged.push(error),
      ...change,
    });
  }

  /** How long each wait was to last, s. */
  get seconds(): number[] {
    return this.time.sleeps.map((ms) => ms / 1_000);
  }
}

/** Once the sleep or the look has begun. */
export async function later(what: () => unknown): Promise<void> {
  await Promise.resolve();
  await Promise.resolve();
  what();
}
