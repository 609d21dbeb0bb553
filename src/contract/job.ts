import { failureClassSchema, notSentReasonSchema, rowStateSchema } from './outcome.ts';
import { bilingualSchema, vendorIdSchema } from './vendor.ts';
import { z } from './zod.ts';

/**
 * `intake`: rows are being written; `ready`: checked, not begun; `running`: a runner has it; `paused`: stopped with a reason, may be
 * resumed; `finished`: nothing is left to send; `cancelled`: the person gave the rest up.
 */
export const JOB_STATES = ['intake', 'ready', 'running', 'paused', 'finished', 'cancelled'] as const;
/** What a job may be saved as: all its rows as CSV or XLSX, or one page of counts as HTML. */
export const EXPORT_FORMATS = ['csv', 'xlsx', 'html'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

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
  'sleep', // the machine slept
  'network', // the vendor's host can't be reached; nothing was sent
  'vendor_block', // the vendor asked to wait for long
  'clock_changed', // this machine's clock was set while it ran
  'disk_full',
  'database_busy', // another program holds the database
  'internal',
] as const;
export const pauseReasonSchema = z.enum(PAUSE_REASONS);
export type PauseReason = z.infer<typeof pauseReasonSchema>;

/** A job made from another: `undo` sets back what that one wrote, `follow_up` sends rows of it that a person mended. */
export const JOB_KINDS = ['undo', 'follow_up'] as const;
export const jobKindSchema = z.enum(JOB_KINDS);
export type JobKind = z.infer<typeof jobKindSchema>;

/** A paused run that goes on by itself once its cause is over. */
export const waitingSchema = z
  .object({
    reason: pauseReasonSchema,
    /** The failure behind it, for a person. */
    text: bilingualSchema.nullable(),
    /** Since when it waits (this machine's time, ms). */
    sinceMs: z.number(),
    /** When it goes on, or looks again whether it can (this machine's time, ms); null when an event decides. */
    nextMs: z.number().nullable(),
  })
  .readonly();
export type WaitingView = z.infer<typeof waitingSchema>;

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
    /** The person's name for it; null when they gave none. */
    title: z.string().nullable(),
    source: z
      .object({
        kind: z.enum(['file', 'paste', 'generated']),
        name: z.string(),
        sheet: z.string().optional(),
        sha256: z.string().optional(),
      })
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
    kind: jobKindSchema.optional(),
    /** Jobs that were made from it, the oldest first. */
    children: z.array(z.object({ id: jobId, kind: jobKindSchema.nullable() }).readonly()).readonly(),
    /** Whether what it writes can be set back: the operation can, and old values are read. */
    undoable: z.boolean(),
    /** The most rows that a person has typed to confirm for this job; 0 when none. */
    confirmed: count,
    /** Rows that were mended and wait for a follow-up. */
    mended: count,
    /** What this process does with it now; null when nothing. */
    busy: z.enum(['running', 'pausing', 'verifying', 'reading', 'waiting']).nullable(),
    /** What a run that is `waiting` waits for. */
    waiting: waitingSchema.optional(),
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
    /** When the preview read them, or tried to (this machine's ms). */
    seenAtMs: z.number().nullable(),
    /** What is or was written over the values that were read: the row itself, or what it makes of them; null while that is open. */
    writes: valuesSchema.nullable(),
    /** Whether a person wants it sent although its state was seen to forbid it. */
    insisted: z.boolean(),
    /** What a person decided of the row while it was in doubt. */
    decided: decisionSchema.nullable(),
    /** Whether a person has mended it, for a follow-up. */
    mended: z.boolean(),
    /** The follow-up that has taken it over. */
    movedTo: jobId.nullable(),
    /**
     * Until when it may be sent (this machine's ms), of a row that is still to be sent or may be sent again, where its operation has a deadline.
     */
    deadlineMs: z.number().optional(),
    /** Whether its order may have ended earlier than that: nobody knows when it was made. */
    deadlineAtMost: z.boolean().optional(),
    /** Whether it is selected; in a page of a grid alone. */
    selected: z.boolean().optional(),
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
    /** Whether its present values have been read for the preview. */
    seen: z.boolean().optional(),
  })
  .readonly();
export type RowFilterView = z.infer<typeof rowFilterSchema>;

/** A change of which rows of a job are selected; the selection lies in main. Positions are 0-based and both included. */
export const rowSelectionChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }).readonly(),
  /** Every row of the filter, not only the page. */
  z.object({ kind: z.literal('all'), filter: rowFilterSchema }).readonly(),
  z.object({ kind: z.literal('one'), rowNo: z.number().int().positive(), selected: z.boolean() }).readonly(),
  z
    .object({ kind: z.literal('range'), filter: rowFilterSchema, from: count, to: count, selected: z.boolean() })
    .readonly(),
]);
export type RowSelectionChange = z.infer<typeof rowSelectionChangeSchema>;

/** What came of an edit, or of its check: what is wrong with it and what is worth knowing, each at its field. */
export const editedSchema = z
  .object({
    saved: z.boolean(),
    problems: z.array(problemSchema).readonly(),
    warnings: z.array(problemSchema).readonly(),
  })
  .readonly();
export type EditedView = z.infer<typeof editedSchema>;

/** What a reverse job was made of: all rows that had succeeded. */
export const undoneSchema = z
  .object({
    jobId,
    rows: count,
    /** Rows that will be set back. */
    ready: count,
    /** Rows whose old value nobody has read; whose old value the vendor does not take; that were the same before. */
    unread: count,
    refused: count,
    same: count,
  })
  .readonly();
export type UndoneView = z.infer<typeof undoneSchema>;

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
    /** How many of them are mended, for a follow-up, and so are not retried. */
    mended: count,
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
