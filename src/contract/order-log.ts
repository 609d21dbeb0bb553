import { bilingualSchema } from './vendor.ts';
import { z } from './zod.ts';

/**
 * What may have happened to an order: its row was read in, its present value read, it was sent and answered, read again after a doubt, came to
 * an outcome, was decided or edited by a person, was taken over by a follow-up; or (`job`) its whole job came to a state.
 */
export const LOG_KINDS = [
  'imported',
  'seen',
  'sent',
  'answered',
  'read_again',
  'outcome',
  'decided',
  'edited',
  'moved',
  'job',
] as const;
export type LogKind = (typeof LOG_KINDS)[number];

const count = z.number().int().nonnegative();

/** One entry of an order's log; `line` is null when it tells of the whole job. */
export const logEntrySchema = z
  .object({
    atMs: z.number(),
    kind: z.enum(LOG_KINDS),
    jobId: z.number().int().positive(),
    line: count.nullable(),
    accountLabel: z.string(),
    text: bilingualSchema,
  })
  .readonly();
export type LogEntry = z.infer<typeof logEntrySchema>;

/** Most entries of one page. */
export const LOG_PAGE = 200;

/** One page of an order's log, the oldest first. `complete` is false when there is more of it than is looked at: the oldest jobs are left out. */
export const orderLogSchema = z
  .object({ total: count, complete: z.boolean(), entries: z.array(logEntrySchema).max(LOG_PAGE).readonly() })
  .readonly();
export type OrderLogPage = z.infer<typeof orderLogSchema>;

/** What a log does not have, for whoever reads it. */
export const LOG_LIMITS = {
  zh: '一行发送过多次时，只留有次数和最后一次的时间与结果。发送时间以供应商的时钟为准，其余为本机时间。',
  en: "Of a row that was sent several times, the number of calls and the last one's times and outcome are kept. A call's time is by the vendor's clock, all others by this computer's.",
} as const;
