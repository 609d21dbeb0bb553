import type { Feed } from './feed.ts';
import { Follower, type FollowOptions } from './follower.ts';
import { KeyLocks } from './locks.ts';
import { TurnFeed } from './turns.ts';
import { sinceEnd } from './since.ts';
import type { JobContext } from './types.ts';

/** What only some operations ask of a run: calls that wait for each other, and calls that are followed to their end. */

/** Longer than anything is taken for itself or followed. */
const LOOK_BACK_MS = 600_000;

/** The locks of all runs, or of a run whose context brings none. */
const own = new WeakMap<JobContext, KeyLocks>();
function locksOf(context: JobContext): KeyLocks {
  const locks = context.locks ?? own.get(context) ?? new KeyLocks();
  own.set(context, locks);
  return locks;
}

/** The feed of an operation whose calls take something for themselves; null for any other. */
export function turnFeedOf(context: JobContext, feed: Feed, signal: AbortSignal): TurnFeed | null {
  const { operation, account, sleep } = context;
  if (operation.exclusive === undefined) return null;
  const keysOf = operation.exclusive.bind(operation);
  return new TurnFeed({
    feed,
    locks: locksOf(context),
    keysOf: (row) => keysOf(row, account.settings),
    sleep,
    signal,
  });
}

/** What reads accepted rows to their end; null for an operation whose accepted rows have come to it. */
export function followerOf(
  context: JobContext,
  signal: AbortSignal,
  most: number,
  told: Pick<FollowOptions, 'decided' | 'refused' | 'broke'>,
): Follower | null {
  const { follow: plan, verify } = context.operation;
  if (plan === undefined || verify === undefined) return null;
  return new Follower({ context, plan, verify, signal, most, ...told });
}

/**
 * Calls of the account that are in doubt, of this process or one that died: what they take stays taken for the rest of its time, and those of
 * this job are followed again.
 */
export async function seedFromJournal(context: JobContext, follower: Follower | null): Promise<void> {
  const { operation, account, job, journal, gateway, now } = context;
  if (operation.exclusive === undefined && follower === null) return;
  const locks = locksOf(context);
  const sinceMs = now() - LOOK_BACK_MS;
  for (const call of await journal.call('callsInDoubt', { accountId: account.id, sinceMs })) {
    if (call.operation !== operation.id) continue;
    const row = {
      rowNo: call.rowNo,
      order: call.order,
      values: call.values,
      expects: null,
      seen: null,
      insisted: false,
    };
    const ageMs = sinceEnd(call.endedAtMs, call.sentAtMs, now(), gateway.vendorNow(account));
    const keys = operation.exclusive?.(row, account.settings) ?? [];
    const turn = keys.length === 0 ? null : locks.resume(keys, ageMs);
    if (call.jobId !== job.id || call.track === null || call.settledAtMs === null) continue;
    follower?.add({ row, track: call.track, sentAtMs: call.sentAtMs, ageMs, turn });
  }
}
