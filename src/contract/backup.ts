import { savedSchema } from './route.ts';
import { bilingualSchema, environmentSchema, vendorIdSchema } from './vendor.ts';
import { z } from './zod.ts';

const count = z.number().int().nonnegative();
export const passphraseSchema = z.string().max(1_000);

/** A backup that was made; `file` null where no place was chosen, and then nothing was read. */
export const madeBackupSchema = z
  .object({
    file: savedSchema,
    accounts: count,
    /** Accounts whose secret could not be read, and why. */
    leftOut: z.array(z.object({ label: z.string(), why: bilingualSchema }).readonly()).readonly(),
  })
  .readonly();
export type MadeBackup = z.infer<typeof madeBackupSchema>;

/** In what an account of a backup differs from the one that is here. */
export const DIFFERENCES = ['label', 'address', 'credentials', 'settings', 'pacing', 'colour', 'secret'] as const;
export type Difference = (typeof DIFFERENCES)[number];

export const backupItemSchema = z
  .object({
    id: z.string(),
    label: z.string(),
    vendor: vendorIdSchema,
    environment: environmentSchema,
    state: z.enum(['new', 'same', 'different']),
    differs: z.array(z.enum(DIFFERENCES)).readonly(),
  })
  .readonly();
export type BackupItem = z.infer<typeof backupItemSchema>;

/** An opened backup. Its secrets stay in main, until it is restored or closed. */
export const openedBackupSchema = z
  .object({ restoreId: z.string(), createdAt: z.string(), items: z.array(backupItemSchema).readonly() })
  .readonly();
export type OpenedBackup = z.infer<typeof openedBackupSchema>;
