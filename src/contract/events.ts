import { pauseReasonSchema, progressSchema, runEndSchema, waitingSchema } from './job.ts';
import { refreshingSchema } from './kept.ts';
import { lookupStatusSchema } from './lookup.ts';
import { settingsSchema } from './settings.ts';
import { LANGUAGES } from './text.ts';
import { bilingualSchema } from './vendor.ts';
import { keychainStateSchema } from './account.ts';
import { z } from './zod.ts';

const count = z.number().int().nonnegative();
const jobId = z.number().int().positive();

/** What the person chose in the native menu or by its accelerators. */
export const COMMANDS = [
  'orders',
  'update',
  'jobs',
  'accounts',
  'settings',
  'palette',
  'find',
  'choose_file',
  'about',
  'lock',
] as const;
export type Command = (typeof COMMANDS)[number];

/** What main tells a window by itself. All are coalesced: of each kind and subject at most five a second. */
export const EVENTS = {
  command: z.enum(COMMANDS),
  settings: z.object({ settings: settingsSchema, language: z.enum(LANGUAGES) }).readonly(),
  lookup: lookupStatusSchema,
  /** Orders were kept or erased: what is shown of them is read anew. */
  kept: z.undefined(),
  refreshing: refreshingSchema,
  /** `waiting`: the rows read so far are kept and the intake goes on by itself once there is room, or the lock is freed. */
  importing: z.object({ importId: z.string(), rows: count, waiting: pauseReasonSchema.optional() }).readonly(),
  progress: progressSchema,
  runEnded: runEndSchema,
  /** A run waits for the cause of its pause to be over; null when it waits no more. */
  waiting: z.object({ jobId, waiting: waitingSchema.nullable() }).readonly(),
  /** The person chose a notification of this job. */
  showJob: z.object({ jobId }).readonly(),
  /** The person chose a notification of this saved view of orders. */
  showView: z.object({ viewId: z.number().int().positive() }).readonly(),
  verify: z.object({ jobId, read: count, waitingMs: z.number().nullable() }).readonly(),
  verifyEnded: z
    .object({ jobId, succeeded: count, failed: count, unknown: count, stopped: bilingualSchema.nullable() })
    .readonly(),
  looking: z.object({ jobId, read: count, total: count }).readonly(),
  lookEnded: z
    .object({
      jobId,
      read: count,
      changes: count,
      nothing: count,
      forbidden: count,
      changed: count,
      unread: count,
      stopped: bilingualSchema.nullable(),
    })
    .readonly(),
  clock: z.object({ accountId: z.string(), offsetMs: z.number(), warn: z.boolean() }).readonly(),
  backingOff: z.object({ accountId: z.string(), untilMs: z.number(), reading: bilingualSchema }).readonly(),
  keychain: keychainStateSchema,
  /** The system came back from sleep, or the network changed: what is shown may be stale. */
  woke: z.undefined(),
} as const;
export type EventName = keyof typeof EVENTS;
export type EventData<E extends EventName> = z.infer<(typeof EVENTS)[E]>;
