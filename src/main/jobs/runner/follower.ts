import type { Bilingual } from '../../../contract/text.ts';
import type { VendorFailure } from '../../../contract/outcome.ts';
import type { FollowPlan, Values, Verdict, VerifyPlan } from '../../vendors/types.ts';
import type { Settled } from '../journal/calls.ts';
import { settledBy } from '../verify/settled.ts';
import { lookupOf } from '../sweep.ts';
import type { FedRow } from './feed.ts';
import type { Turn } from './locks.ts';
import type { JobContext } from './types.ts';

/** A row whose call was accepted and whose end is still to come. */
export interface Followed {
  readonly row: FedRow;
  readonly track: Values;
  /** Vendor's time of the call. */
  readonly sentAtMs: number;
  /** How long ago its answer came, ms. */
  readonly ageMs: number;
  readonly turn: Turn | null;
}

export interface FollowOptions {
  readonly context: JobContext;
  readonly plan: FollowPlan;
  readonly verify: VerifyPlan;
  /** Ends all readings at once; rows that are left stay in doubt. */
  readonly signal: AbortSignal;
  /** Readings under way at once. */
  readonly most: number;
  /** A row's end is known: resolves when it is durable. */
  readonly decided: (row: FedRow, settled: Settled) => Promise<void>;
  /** No row can be read as things stand with the account. */
  readonly refused: (failure: VendorFailure) => void;
  /** Something that ends the run: the vault's, the host's or the journal's error. */
  readonly broke: (error: unknown) => void;
}

/**
 * Reads rows that were accepted to their end while the job runs, each at the times its verdicts ask for. It sends no update, and journals
 * ends alone.
 */
export class Follower {
  readonly #options: FollowOptions;
  readonly #running = new Set<Promise<void>>();
  #free: number;
  #queue: (() => void)[] = [];

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#free = Math.max(1, options.most);
  }

  /** Follows a row that is in doubt, durably, from now on. */
  add(one: Followed): void {
    const run = this.#follow(one)
      .catch((error: unknown) => {
        if (!this.#options.signal.aborted) this.#options.broke(error);
      })
      .finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  /** Resolves when nothing is followed any more. */
  async ended(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #follow(one: Followed): Promise<void> {
    const { context, plan, signal, decided } = this.#options;
    const from = context.steadyNow() - one.ageMs;
    let waitMs = plan.firstMs;
    for (;;) {
      await context.sleep(waitMs, signal);
      const verdict = await this.#read(one, from);
      if (verdict === null) return;
      if (verdict.outcome !== 'unknown') {
        // The machine has its result, whether or not the journal can take it.
        one.turn?.end();
        await decided(one.row, settledBy(verdict));
        return;
      }
      const isOver = context.steadyNow() - from >= plan.mostMs;
      if (verdict.again === undefined || isOver) return;
      waitMs = verdict.again.afterMs;
    }
  }

  /** One reading of a row whose answer came at `from`, by the steady clock; null when none can be made any more. */
  async #read({ row, track, sentAtMs }: Followed, from: number): Promise<Verdict | null> {
    const { context, plan, verify, signal, refused } = this.#options;
    const call = verify.lookup(row, track);
    await this.#enter();
    try {
      signal.throwIfAborted();
      const { gateway, account } = context;
      const end = await gateway.lookup(account, lookupOf(context, call.operation), call.params, null, { signal });
      if (end.kind === 'rejected') {
        refused(end.failure);
        return null;
      }
      // What could not be read is read again.
      if (end.kind === 'unknown') return unread(end.why, plan.firstMs);
      if (end.kind === 'failed' && end.failure.class !== 'not_found') return unread(end.failure.reading, plan.firstMs);
      const found = end.kind === 'page' ? (end.rows.find((found) => verify.matches(row, found, track)) ?? null) : null;
      const nowMs = gateway.vendorNow(account);
      const { params } = context.job;
      const times = { nowMs, sameReadingsAtMs: [], sentAtMs, sinceEndMs: context.steadyNow() - from };
      return verify.judge({ row, params, found, oldValues: null, ...times, track });
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> | undefined {
    if (this.#free > 0) {
      this.#free -= 1;
      return undefined;
    }
    return new Promise((resolve) => this.#queue.push(resolve));
  }

  #leave(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

function unread(why: Bilingual, afterMs: number): Verdict {
  return { outcome: 'unknown', why, again: { afterMs: afterMs * 2 } };
}
