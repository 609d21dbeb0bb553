import type { NotSentReason } from '../contract/outcome.ts';
import type { JobCounts } from '../main/jobs/types.ts';

/** What the exit code of a command means; the README lists them. */
export const EXIT = {
  OK: 0,
  INTERNAL: 1,
  USAGE: 2,
  SOME_FAILED: 3,
  SOME_UNKNOWN: 4,
  /** A lookup did not find all there is to find. */
  INCOMPLETE: 5,
  INTERRUPTED: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The person stopped a question (Ctrl-C, Ctrl-D); nothing was done. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Reasons of not sent that a person did not choose: something is wrong with the row, the account or the vendor. */
const UNWISHED: readonly NotSentReason[] = [
  'set_aside',
  'changed_since_preview',
  'state_forbids',
  'unreadable',
  'too_late',
  'in_doubt_elsewhere',
  'rejected',
];

/**
 * The exit code that a job's rows deserve: doubt weighs most (a row that is unknown, or still said to be under way), then rows
 * that failed or that something kept from being sent. Rows that wait, were cancelled or had nothing to do are no failure.
 */
export function exitOfCounts(counts: Pick<JobCounts, 'unknown' | 'sending' | 'failed' | 'byReason'>): ExitCode {
  if (counts.unknown + counts.sending > 0) return EXIT.SOME_UNKNOWN;
  const unwished = UNWISHED.reduce((sum, reason) => sum + (counts.byReason[reason] ?? 0), 0);
  return counts.failed + unwished > 0 ? EXIT.SOME_FAILED : EXIT.OK;
}
