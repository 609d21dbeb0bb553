import { bilingualSchema } from './vendor.ts';
import { z } from './zod.ts';

const version = z.string().max(40);

/**
 * What is known of a newer console. `none`: this build names no feed whose updates could be verified; `ready`: it is verified, and installed when
 * the console is quit.
 */
export const newerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }).readonly(),
  z.object({ kind: z.literal('not_looked') }).readonly(),
  z.object({ kind: z.literal('current') }).readonly(),
  z.object({ kind: z.literal('found'), version }).readonly(),
  z.object({ kind: z.literal('loading'), version }).readonly(),
  z.object({ kind: z.literal('ready'), version }).readonly(),
  z.object({ kind: z.literal('failed'), message: bilingualSchema, remedy: bilingualSchema }).readonly(),
]);
export type Newer = z.infer<typeof newerSchema>;

/** What a person may ask about it: where it stands, to look now, to load what was found. */
export const NEWER_WISHES = ['state', 'look', 'load'] as const;
export type NewerWish = (typeof NEWER_WISHES)[number];
