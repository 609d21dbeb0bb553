import type { LookupEnd, UpdateEnd } from '../../../../src/main/gateway/types.ts';
import { KeyLocks } from '../../../../src/main/jobs/runner/locks.ts';
import type { JobContext } from '../../../../src/main/jobs/runner/types.ts';
import type { UpdateOperation, UpdateRow } from '../../../../src/main/vendors/types.ts';
import { failure } from '../../../support/journal.ts';
import { FakeTime } from './fake-time.ts';
import { NAMES, NOW_MS, pageOf, unknownEnd, VENDOR_AHEAD_MS, WHY, type TestJob } from './support.ts';

export const LOCK_MS = 45_000;

/** What a command comes to: a result some time after it, no answer at all, or a refusal. */
export type Fate =
  | { readonly kind: 'result'; readonly afterMs: number; readonly outcome: 'succeeded' | 'failed' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'refused' };

export interface Command {
  readonly order: string;
  readonly machine: string;
  readonly atMs: number;
  readonly fate: Fate;
  /** When the console learnt that the machine is free. */
  knownMs: number | null;
}

/** An operation whose calls take a machine for themselves and are followed to their end. */
export function dispensing(): Partial<UpdateOperation> {
  return {
    repeatable: 'never',
    exclusive: (row) => [{ key: row.values['machine'] ?? '', ms: LOCK_MS }],
    follow: { firstMs: 2_000, mostMs: 300_000 },
    verify: {
      lookup: (row, track) => ({ operation: 'detail', params: { no: row.order, ...track } }),
      matches: (row, found) => found.values['no'] === row.order,
      judge: ({ found, track }) => {
        const state = found?.values['state'];
        if (track === null || track === undefined) return { outcome: 'unknown', why: WHY };
        if (state === 'succeeded') return { outcome: 'succeeded', note: NAMES };
        if (state === 'failed') return { outcome: 'failed', failure: failure('D-failed') };
        return { outcome: 'unknown', why: WHY, again: { afterMs: 5_000 } };
      },
    },
  };
}

/** Machines behind a job's scripted gateway, in fake time. */
export class Machines {
  readonly time = new FakeTime(NOW_MS);
  readonly commands: Command[] = [];
  readonly #fates: readonly Fate[];

  constructor(fates: readonly Fate[]) {
    this.#fates = fates;
  }

  /** The job's context as a process has it that has just begun, on these machines. */
  context(job: TestJob): JobContext {
    const { time } = this;
    job.gateway.onPrepare = () => {
      job.gateway.vendorMs = time.nowMs + VENDOR_AHEAD_MS;
    };
    job.gateway.script = (rows) => this.#command(rows);
    job.gateway.onLookup = (params) => {
      job.gateway.vendorMs = time.nowMs + VENDOR_AHEAD_MS;
      return this.#state(params['no'] ?? '');
    };
    const { journal } = job.context;
    const timed: JobContext['journal'] = { ...journal, call: (name, args) => time.during(journal.call(name, args)) };
    return {
      ...job.context,
      journal: timed,
      now: () => time.nowMs,
      steadyNow: () => time.nowMs,
      sleep: time.sleep,
      locks: new KeyLocks(() => time.nowMs),
    };
  }

  async #command([row]: readonly UpdateRow[]): Promise<UpdateEnd> {
    const fate = this.#fates[this.commands.length % this.#fates.length];
    if (row === undefined || fate === undefined) throw new Error('no row or no fate');
    const command: Command = {
      order: row.order,
      machine: row.values['machine'] ?? '',
      atMs: this.time.nowMs,
      fate,
      knownMs: null,
    };
    this.commands.push(command);
    await this.time.sleep(200);
    if (fate.kind === 'lost') return unknownEnd;
    if (fate.kind === 'refused') {
      command.knownMs = this.time.nowMs;
      return { kind: 'answered', rows: [{ outcome: 'failed', failure: failure('D-refused', 'state') }] };
    }
    return { kind: 'answered', rows: [{ outcome: 'unknown', why: WHY, track: { id: `d-${row.order}` } }] };
  }

  #state(order: string): LookupEnd {
    const command = this.commands.findLast((one) => one.order === order);
    if (command?.fate.kind !== 'result') return pageOf({ no: order, state: 'open' });
    if (this.time.nowMs < command.atMs + command.fate.afterMs) return pageOf({ no: order, state: 'open' });
    command.knownMs ??= this.time.nowMs;
    return pageOf({ no: order, state: command.fate.outcome });
  }

  /** Pairs of commands to one machine of which the later came within the lock of the earlier. */
  get tooSoon(): (readonly [Command, Command])[] {
    return this.commands.flatMap((later, at) =>
      this.commands
        .slice(0, at)
        .filter(({ machine }) => machine === later.machine)
        .filter(({ atMs, knownMs }) => later.atMs < Math.min(atMs + LOCK_MS, knownMs ?? Infinity))
        .map((earlier) => [earlier, later] as const),
    );
  }
}
