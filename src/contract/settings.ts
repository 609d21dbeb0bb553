import { z } from './zod.ts';

export const LANGUAGE_CHOICES = ['system', 'zh-CN', 'en'] as const;
export const THEMES = ['system', 'light', 'dark'] as const;

/** How one grid is laid out: the person's column choice and widths (px), by column id. */
export const gridLayoutSchema = z
  .object({
    hidden: z.array(z.string().max(80)).max(100).readonly(),
    widths: z.record(z.string().max(80), z.number().int().min(40).max(1200)).readonly(),
  })
  .readonly();
export type GridLayout = z.infer<typeof gridLayoutSchema>;

/** What the person chooses for the whole console. Holds no secret. */
export const settingsSchema = z
  .object({
    language: z.enum(LANGUAGE_CHOICES),
    theme: z.enum(THEMES),
    /** Rows of 32 px or of 40 px. */
    density: z.enum(['compact', 'comfortable']),
    /** `system`: as the system says, or the environment; `none`: straight; `manual`: `proxyUrl`. */
    proxy: z.enum(['system', 'none', 'manual']),
    /** `http://host:port` or `https://host:port`, without a user's name; '' when not manual. */
    proxyUrl: z.string().max(300),
    /** Above so many rows that cannot be undone their number must be typed before they are sent. */
    confirmAbove: z.number().int().min(0).max(1_000_000),
    /** Present values that were read longer ago than so many minutes count as old, and the preview says so. */
    seenOldMinutes: z.number().int().min(1).max(10_080),
    /** Tell by a notification of the desktop when a job ends or stops while the window is not in front. */
    notify: z.boolean(),
    /** Lock the window when nobody has used the machine for so many minutes; 0 for never. Needs a passphrase. */
    lockAfterMinutes: z.number().int().min(0).max(1_440),
    /** Lock it, too, when the system's screen is locked or the machine goes to sleep. */
    lockWithScreen: z.boolean(),
    /** Orders that were looked up are erased so many days after they were last read. */
    keepDays: z.number().int().min(1).max(3_650),
    /** Look for a newer console at each start, and load what is there. */
    updates: z.boolean(),
    grids: z.record(z.string().max(80), gridLayoutSchema).readonly(),
  })
  .readonly();
export type Settings = z.infer<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Settings = {
  language: 'system',
  theme: 'system',
  density: 'compact',
  proxy: 'system',
  proxyUrl: '',
  confirmAbove: 100,
  seenOldMinutes: 60,
  notify: true,
  lockAfterMinutes: 15,
  lockWithScreen: true,
  keepDays: 30,
  updates: false,
  grids: {},
};
