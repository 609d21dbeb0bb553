import type { Bilingual } from '../../../contract/text.ts';
import type { VendorFailure } from '../../../contract/outcome.ts';
import type { UpdateEnd } from '../../gateway/types.ts';
import type { RowReading } from '../../vendors/types.ts';
import type { Settled } from '../journal/calls.ts';
import type { PauseReason } from '../types.ts';
import type { Unit } from './feed.ts';

/** Rejected or unknown calls in a row after which the job pauses (design, One signed call). */
export const MOST_IN_A_ROW = 5;
/** Calls in a row that could not reach the vendor after which the job waits for the network: nothing was sent, so few are enough. */
export const MOST_UNREACHED = 3;
/** Times a call is repeated for the vendor's limit before the job pauses. */
export const MOST_LIMIT_TRIES = 5;
/** Calls spent on finding the row that fails a whole batch (design, A job). */
export const MOST_HALVING_CALLS = 64;

/** What the runner does after a call has ended. */
export interface Next {
  /** Where each row of the call goes, in order. */
  readonly settled: readonly Settled[];
  /** Calls to send (again) without asking: after a limit, once after a clock error, or the halves of a batch. */
  readonly again: readonly Unit[];
  /** Pauses the job at once. */
  readonly pause: { readonly reason: PauseReason; readonly text: Bilingual } | null;
  /** Whether the call counts towards so many in a row. */
  readonly streak: Streak | null;
  /** Of a streak whose rows keep their turn: what the call said. */
  readonly last?: Bilingual;
  /** Of a streak: the connection broke. */
  readonly broken?: true;
}

/** What ends a run when it comes several times in a row: `network` calls never left this machine. */
export type Streak = 'rejected' | 'unknown' | 'network';

const PENDING: Settled = { state: 'not_sent', reason: 'pending' };

function every(unit: Unit, settled: Settled): Settled[] {
  return unit.rows.map(() => settled);
}

function settledOf(reading: RowReading): Settled {
  const track = reading.track === undefined ? {} : { track: reading.track };
  if (reading.outcome === 'succeeded') {
    return { state: 'succeeded', ...(reading.note === undefined ? {} : { note: reading.note }), ...track };
  }
  if (reading.outcome === 'failed') return { state: 'failed', failure: reading.failure, ...track };
  const failure = reading.failure === undefined ? {} : { failure: reading.failure };
  return { state: 'unknown', note: reading.why, ...failure, ...track };
}

/**
 * What the job pauses for when a call is refused and asking again at once would not help: what ails the account, not the row. Null where
 * the next call may succeed.
 */
export function pauseAfter(failure: VendorFailure): Next['pause'] {
  switch (failure.class) {
    case 'limit':
    case 'clock':
    case 'sign':
    case 'permission':
    case 'quota':
      return { reason: failure.class, text: failure.reading };
    default:
      return null;
  }
}

/** Failures of the way to the vendor: they say nothing of the rows, and end when the way is free again. */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  'console.connect_failed',
  'console.dns_failed',
  'console.tls_failed',
  'console.proxy_failed',
]);

/** Whether a call never left this machine for want of a way to the vendor. */
export function isNetwork(failure: VendorFailure): boolean {
  return failure.class === 'transport' && NETWORK_CODES.has(failure.code);
}

/** Why the vendor can't be reached; what to do about it, too, where that is more than to look at the network. */
export function networkText({ code, reading, remedy }: VendorFailure): Bilingual {
  if (code === 'console.connect_failed' || code === 'console.dns_failed') return reading;
  return { zh: `${reading.zh}${remedy.zh}`, en: `${reading.en} ${remedy.en}` };
}

function afterRejection(unit: Unit, failure: VendorFailure): Next {
  if (isNetwork(failure)) {
    const settled = every(unit, PENDING);
    return { settled, again: [unit], pause: null, streak: 'network', last: networkText(failure) };
  }
  const repeated = (again: Unit): Next => {
    return { settled: every(unit, PENDING), again: [again], pause: null, streak: null };
  };
  if (failure.class === 'limit' && unit.limitTries < MOST_LIMIT_TRIES) {
    return repeated({ ...unit, limitTries: unit.limitTries + 1 });
  }
  if (failure.class === 'clock' && unit.clockTries === 0) return repeated({ ...unit, clockTries: 1 });
  const settled = every(unit, { state: 'not_sent', reason: 'rejected', failure });
  return { settled, again: [], pause: pauseAfter(failure), streak: 'rejected' };
}

const TOO_MANY_HALVES: Bilingual = {
  zh: `已用 ${MOST_HALVING_CALLS} 次调用查找出错的订单，其余未再发送。`,
  en: `${MOST_HALVING_CALLS} calls were spent on finding the orders at fault; the rest was not sent again.`,
};

function halved(unit: Unit, failure: VendorFailure): Next {
  if (unit.rows.length === 1)
    return { settled: every(unit, { state: 'failed', failure }), again: [], pause: null, streak: null };
  const halving = unit.halving ?? { calls: 1 };
  if (halving.calls + 2 > MOST_HALVING_CALLS) {
    const settled = every(unit, { state: 'not_sent', reason: 'rejected', failure, note: TOO_MANY_HALVES });
    return { settled, again: [], pause: null, streak: null };
  }
  // Counted when they are planned, so that two halves that run at once cannot both take the last calls.
  halving.calls += 2;
  const middle = Math.ceil(unit.rows.length / 2);
  const part = (rows: Unit['rows']): Unit => ({ rows, limitTries: 0, clockTries: 0, halving });
  const again = [part(unit.rows.slice(0, middle)), part(unit.rows.slice(middle))];
  return { settled: every(unit, PENDING), again, pause: null, streak: null };
}

/** Decides, from how a call ended, where its rows go and what happens next. Pure but for the shared count of halving calls. */
export function afterCall(unit: Unit, end: UpdateEnd): Next {
  switch (end.kind) {
    case 'answered':
      return { settled: end.rows.map(settledOf), again: [], pause: null, streak: null };
    case 'unknown':
      return {
        settled: every(unit, { state: 'unknown', note: end.why }),
        again: [],
        pause: null,
        streak: 'unknown',
        ...(end.broken === true ? { broken: true } : {}),
      };
    case 'batch_failed':
      return halved(unit, end.failure);
    case 'rejected':
      return afterRejection(unit, end.failure);
  }
}

/** What five calls in a row say to the person. */
export function streakText(streak: 'rejected' | 'unknown', last: Bilingual): Bilingual {
  return streak === 'rejected'
    ? {
        zh: `连续 ${MOST_IN_A_ROW} 次调用被拒绝。${last.zh}`,
        en: `${MOST_IN_A_ROW} calls in a row were rejected. ${last.en}`,
      }
    : {
        zh: `连续 ${MOST_IN_A_ROW} 次调用没有可信的答复。${last.zh}`,
        en: `${MOST_IN_A_ROW} calls in a row had no trustworthy answer. ${last.en}`,
      };
}
