import { LANGUAGES } from './text.ts';
import { THEMES } from './settings.ts';
import { z } from './zod.ts';

/** What a locked window may know: how it is opened, and how it looks. */
export const lockStateSchema = z
  .object({
    /** Whether there is a passphrase; without one the window cannot be locked. */
    set: z.boolean(),
    locked: z.boolean(),
    /** The system can ask the person (Touch ID). */
    system: z.boolean(),
    /** How long until the next try is heard, ms. */
    waitMs: z.number().int().nonnegative(),
    language: z.enum(LANGUAGES),
    theme: z.enum(THEMES),
  })
  .readonly();
export type LockState = z.infer<typeof lockStateSchema>;

/** Routes that answer while the window is locked. */
export const UNLOCKING_ROUTES = ['lock.state', 'lock.unlock', 'lock.unlockBySystem'] as const;
