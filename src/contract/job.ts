import { failureClassSchema, notSentReasonSchema, rowStateSchema } from './outcome.ts';
import { bilingualSchema, vendorIdSchema } from './vendor.ts';
import { z } from './zod.ts';

/**
 * `intake`: rows are being written; `ready`: checked, not begun; `running`: a runner has it; `paused`: stopped with a reason, may be
 * resumed; `finished`: nothing is left to send; `cancelled`: the person gave the rest up.
 */
export const JOB_STATES = ['intake', 'ready', 'running', 'paused', 'finished', 'cancelled'] as const;
export const jobStateSchema = z.enum(JOB_STATES);
export type JobState = z.infer<typeof jobStateSchema>;

/** Why a job is paused. */
export const PAUSE_REASONS = [
  'person',
  'first_rows',
  'crash',
  'rejected_in_row', // five calls in a row were rejected
  'unknown_in_row', // five calls in a row ended without a trustworthy answer
  'limit', // the vendor's limit outlasted several back-offs
  'clock',
  'sign',
  'permission',
  'quota',
  'vault',
  'host',
  'storage',
  'internal',
] as const;
export const pauseReasonSchema = z.enum(PAUSE_REASONS);
export type PauseReason = z.infer<typeof pauseReasonSchema>;

const count = z.number().int().nonnegative();
const jobId = z.number().int().positive();
const valuesSchema = z.record(z.string(), z.string()).readonly();

/** How many rows of a job stand where. The four outcomes and `sending` sum to `total`. */
export const jobCountsSchema = z
  .object({
    total: count,
    succeeded: count,
    failed: count,
    unknown: count,
    notSent: count,
    sending: count,
    byReason: z.partialRecord(notSentReasonSchema, count).readonly(),
    /** Set-aside rows by problem code. */
    byProblem: z.record(z.string(), count).readonly(),
    /** Failed and rejected rows by failure code. */
    byFailure: z.record(z.string(), count).readonly(),
  })
  .readonly();

/** A job as a screen sees it. */
export const jobViewSchema = z
  .object({
    id: jobId,
    vendor: vendorIdSchema,
    accountId: z.string(),
    accountLabel: z.string(),
    operation: z.string(),
    params: valuesSchema,
    source: z
      .object({ kind: z.enum(['file', 'paste', 'generated']), name: z.string(), sha256: z.string().optional() })
      .readonly(),
    header: z.array(z.string()).readonly().nullable(),
    mapping: z.record(z.string(), count).readonly(),
    options: z
      .object({
        readBefore: z.boolean(),
        writeUnreadable: z.boolean(),
        firstRows: z.number().int().positive().nullable(),
        verifyAfter: z.boolean(),
      })
      .readonly(),
    state: jobStateSchema,
    pauseReason: pauseReasonSchema.nullable(),
    pauseText: bilingualSchema.nullable(),
    createdAt: z.string(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    parentId: jobId.nullable(),
    /** What this process does with it now; null when nothing. */
    busy: z.enum(['running', 'pausing', 'verifying']).nullable(),
  })
  .readonly();
export type JobView = z.infer<typeof jobViewSchema>;

export const jobWithCountsSchema = z.object({ job: jobViewSchema, counts: jobCountsSchema }).readonly();
export type JobWithCounts = z.infer<typeof jobWithCountsSchema>;

/** A vendor's failure as a screen sees it. */
export const failureSchema = z
  .object({
    code: z.string(),
    message: z.string(),
    class: failureClassSchema,
    reading: bilingualSchema,
    remedy: bilingualSchema,
    requestId: z.string().optional(),
  })
  .readonly();

export const problemSchema = z
  .object({ code: z.string(), field: z.string().optional(), message: bilingualSchema })
  .readonly();
export type ProblemView = z.infer<typeof problemSchema>;

/** A person's word about a row in doubt, with its time (ISO 8601). */
export const decisionSchema = z.object({ as: z.enum(['succeeded', 'failed']), at: z.string() }).readonly();
export type Decision = z.infer<typeof decisionSchema>;

/** One row of a job in a grid. */
export const rowViewSchema = z
  .object({
    jobId,
    rowNo: z.number().int().positive(),
    line: count,
    order: z.string(),
    state: rowStateSchema,
    reason: notSentReasonSchema.nullable(),
    problem: problemSchema.nullable(),
    failure: failureSchema.nullable(),
    note: bilingualSchema.nullable(),
    requestId: z.string().nullable(),
    attempts: count,
    sentAtMs: z.number().nullable(),
    settledAtMs: z.number().nullable(),
    /** What is sent, by field id; null when the row is set aside. */
    values: valuesSchema.nullable(),
    oldValues: valuesSchema.nullable(),
    /** The present values that the preview showed; null when nobody has read them. */
    seenValues: valuesSchema.nullable(),
    /** What a person decided of the row while it was in doubt. */
    decided: decisionSchema.nullable(),
    /** The original cells, of a row that is set aside alone: what a person mends is what they wrote. */
    cells: z.array(z.string()).readonly().optional(),
  })
  .readonly();
export type RowView = z.infer<typeof rowViewSchema>;

/** A row with its original cells, for its detail. */
export const rowDetailSchema = z
  .object({
    row: rowViewSchema,
    header: z.array(z.string()).readonly().nullable(),
    cells: z.array(z.string()).readonly(),
  })
  .readonly();
export type RowDetail = z.infer<typeof rowDetailSchema>;

/** Which rows of a job: all, of one state, of one reason of not sent, of one failure or problem code. */
export const rowFilterSchema = z
  .object({
    state: rowStateSchema.optional(),
    reason: notSentReasonSchema.optional(),
    code: z.string().max(200).optional(),
  })
  .readonly();
export type RowFilterView = z.infer<typeof rowFilterSchema>;

/** Rows that failed, were rejected or are in doubt for one reason. */
export const reasonGroupSchema = z
  .object({
    state: rowStateSchema,
    /** The failure's or problem's code; for rows without one the reason of not sent, or `unknown`. */
    code: z.string(),
    failure: failureSchema.nullable(),
    /** Our words where there is no failure. */
    text: bilingualSchema.nullable(),
    retry: z.enum(['retryable', 'fix_first', 'never']).nullable(),
    count,
    /** The first lines of the input that are in it, at most 5. */
    lines: z.array(count).readonly(),
  })
  .readonly();
export type ReasonGroup = z.infer<typeof reasonGroupSchema>;

/** Where a running job stands; sent at most five times a second. */
export const progressSchema = z
  .object({
    jobId,
    state: jobStateSchema,
    counts: z
      .object({
        total: count,
        succeeded: count,
        failed: count,
        unknown: count,
        notSent: count,
        sending: count,
        pending: count,
      })
      .readonly(),
    /** Rows a second over the last seconds. */
    rate: z.number().nullable(),
    leftMs: z.number().nullable(),
    /** The three most frequent reasons of failure. */
    reasons: z.array(z.object({ reading: bilingualSchema, code: z.string(), count }).readonly()).readonly(),
  })
  .readonly();
export type ProgressView = z.infer<typeof progressSchema>;

/** How a run ended. */
export const runEndSchema = z
  .object({
    jobId,
    state: jobStateSchema,
    reason: pauseReasonSchema.nullable(),
    text: bilingualSchema.nullable(),
  })
  .readonly();
