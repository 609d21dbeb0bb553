import { requestSchema } from './request.ts';
import { bilingualSchema } from './vendor.ts';
import { z } from './zod.ts';

const form = z.record(z.string().max(80), z.string().max(20_000)).readonly();

/** What is to be signed at the sign desk. Nothing of it is ever sent. */
export const signWishSchema = z
  .object({
    accountId: z.string().min(1).max(80),
    operation: z.string().min(1).max(80),
    params: form,
    /** Of an update: the fields of one row. */
    row: form,
    /**
     * The time to be signed: '' for one that expired long ago, else `yyyy-MM-dd HH:mm:ss` in Beijing's time, or seconds or milliseconds since
     * 1970.
     */
    time: z.string().max(40),
    /** A sign, or the text that is signed, from the vendor's own tool; '' for none. */
    pasted: z.string().max(200_000),
  })
  .readonly();
export type SignWish = z.infer<typeof signWishSchema>;

/** A text around the first difference: what is the same before it, and what comes from there on. */
const excerptSchema = z
  .object({
    before: z.string(),
    from: z.string(),
    /** The character there as `U+0020`; null at the text's end. */
    code: z.string().nullable(),
  })
  .readonly();

const comparisonSchema = z
  .object({
    what: z.enum(['sign', 'text']),
    same: z.boolean(),
    /** Where the first difference is, counted in characters from 1; null when there is none. */
    at: z.number().int().positive().nullable(),
    ours: excerptSchema.nullable(),
    /** null where a secret stands in ours: theirs may be one, too. */
    theirs: excerptSchema.nullable(),
    /** What the difference most likely comes from. */
    hint: bilingualSchema.nullable(),
    /** Values of the account's settings with which the sign would be the same, by field id. */
    settings: z.record(z.string(), z.string()).readonly().nullable(),
  })
  .readonly();
export type Comparison = z.infer<typeof comparisonSchema>;

export const signDeskSchema = z
  .object({
    /** What is wrong with the wish, by field: a parameter's, a row's, or `time`. Then nothing is signed. */
    problems: z.array(z.object({ field: z.string(), message: bilingualSchema }).readonly()).readonly(),
    request: requestSchema.nullable(),
    time: z
      .object({
        /** `unsigned`: the vendor signs no time. */
        kind: z.enum(['expired', 'typed', 'unsigned']),
        /** What was signed, ms. */
        atMs: z.number(),
        /** So near to now that the vendor may take the request. */
        fresh: z.boolean(),
      })
      .readonly()
      .nullable(),
    comparison: comparisonSchema.nullable(),
  })
  .readonly();
export type SignDeskView = z.infer<typeof signDeskSchema>;
