import { z } from './zod.ts';
import type { Bilingual } from './text.ts';

/** What a row can end as. The four always sum to the data rows of the input. */
export const OUTCOMES = ['succeeded', 'failed', 'unknown', 'not_sent'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** `sending` exists only while a call is under way; recovery turns it into `unknown`. */
export const ROW_STATES = [...OUTCOMES, 'sending'] as const;
export const rowStateSchema = z.enum(ROW_STATES);
export type RowState = z.infer<typeof rowStateSchema>;

/** Why a row is `not_sent`. `pending` rows are still to be sent by the job. */
export const NOT_SENT_REASONS = [
  'pending', // waits for its turn
  'set_aside', // refused by a check; `problem` says which
  'nothing_to_do', // already as wanted, seen by a read before the write
  'changed_since_preview', // the present value is not the one the person saw
  'state_forbids', // the order's present state does not allow the change; the note says why
  'unreadable', // the present value could not be read before the write
  'too_late', // its time ran out before its turn; the failure says what to do
  'in_doubt_elsewhere', // the same order is sending or unknown in another job of the account
  'rejected', // surely not acted on; the failure says why
  'cancelled', // the person cancelled the job
  'not_reached', // the job ended before its turn
] as const;
export const notSentReasonSchema = z.enum(NOT_SENT_REASONS);
export type NotSentReason = z.infer<typeof notSentReasonSchema>;

/**
 * How a failure is to be taken. It decides what the runner does and what a person may do about the row:
 * `limit`, `clock`, `transport`, `system` may be retried; `sign`, `permission`, `quota` need the account mended;
 * `input`, `state`, `not_found` need the row mended; `vendor` is the vendor's refusal with no known cure.
 */
export const FAILURE_CLASSES = [
  'limit',
  'clock',
  'transport',
  'system',
  'sign',
  'permission',
  'quota',
  'input',
  'state',
  'not_found',
  'not_applied',
  'vendor',
] as const;
export const failureClassSchema = z.enum(FAILURE_CLASSES);
export type FailureClass = z.infer<typeof failureClassSchema>;

/** What a person may do with a failed row: send it again, mend it first, or leave it. */
export type RetryClass = 'retryable' | 'fix_first' | 'never';

const RETRY_CLASS: Record<FailureClass, RetryClass> = {
  limit: 'retryable',
  clock: 'retryable',
  transport: 'retryable',
  system: 'retryable',
  not_applied: 'retryable',
  sign: 'fix_first',
  permission: 'fix_first',
  quota: 'fix_first',
  input: 'fix_first',
  state: 'never',
  not_found: 'fix_first',
  vendor: 'never',
};

/** The retry class that a failure class implies. */
export function retryClassOf(failureClass: FailureClass): RetryClass {
  return RETRY_CLASS[failureClass];
}

/** A vendor's failure as data: its own code and words, and our reading and remedy. Holds no secret and no personal data. */
export interface VendorFailure {
  /** The vendor's code as text; our own codes begin with `console.`. */
  readonly code: string;
  /** The vendor's own words, as they came (may be empty). */
  readonly message: string;
  readonly class: FailureClass;
  readonly reading: Bilingual;
  readonly remedy: Bilingual;
  /** The vendor's id of the request, for its support desk. */
  readonly requestId?: string;
}
