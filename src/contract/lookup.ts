import { failureSchema, problemSchema } from './job.ts';
import { bilingualSchema } from './vendor.ts';
import { z } from './zod.ts';

const count = z.number().int().nonnegative();
const valuesSchema = z.record(z.string(), z.string()).readonly();

/** Most rows of one page, everywhere. */
export const PAGE_ROWS = 200;

/** Most parts and most order numbers that a status names; of the rest their number is told. */
export const MOST_NAMED = 50;

/** How a lookup stands. A result that is not complete says why. */
export const lookupStatusSchema = z
  .object({
    lookupId: z.string(),
    accountId: z.string(),
    operation: z.string(),
    running: z.boolean(),
    /** Orders that were found, each counted once. */
    rows: count,
    /** Of them so many lie in memory for the grid; all are kept among the orders. */
    held: count,
    pages: count,
    totalRows: count.nullable(),
    totalPages: count.nullable(),
    /** How much of it has been read, 0 to 1; null where that cannot be told. */
    share: z.number().min(0).max(1).nullable(),
    /** How often pages were read again because orders had moved between them. */
    again: count,
    /** What could not be read: pages of a window of time, orders. */
    missing: z
      .array(z.object({ name: bilingualSchema, why: bilingualSchema }).readonly())
      .max(MOST_NAMED)
      .readonly(),
    missingCount: count,
    /** Order numbers that the vendor does not know. */
    notFound: z.array(z.string()).max(MOST_NAMED).readonly(),
    notFoundCount: count,
    /** It was stopped, or failed, and can go on where it was. */
    canContinue: z.boolean(),
    complete: z.boolean(),
    failure: failureSchema.nullable(),
    /** Why it is not complete. */
    why: bilingualSchema.nullable(),
    warnings: z.array(problemSchema).readonly(),
    /** When the last page was read, ms. */
    readAtMs: z.number().nullable(),
    /** Rows that are selected. */
    selected: count,
  })
  .readonly();
export type LookupStatus = z.infer<typeof lookupStatusSchema>;

/** In which order and which of a result's rows are shown. */
export const lookupViewSchema = z
  .object({
    sort: z
      .object({ column: z.string().max(80), descending: z.boolean() })
      .readonly()
      .nullable(),
    /** Rows of which some cell that is no personal data has this text, without regard to case; '' all. */
    find: z.string().max(200),
    /** Wanted values by column id; a column without an entry takes all. */
    values: z.record(z.string().max(80), z.array(z.string().max(200)).max(200).readonly()).readonly(),
  })
  .readonly();
export type LookupView = z.infer<typeof lookupViewSchema>;

/** One row of a result: personal data is masked. */
export const lookupRowSchema = z
  .object({ key: count, selected: z.boolean(), values: valuesSchema, lists: z.record(z.string(), count).readonly() })
  .readonly();
export type LookupRowView = z.infer<typeof lookupRowSchema>;

export const lookupPageSchema = z
  .object({
    /** Rows of the view. */
    total: count,
    rows: z.array(lookupRowSchema).max(PAGE_ROWS).readonly(),
  })
  .readonly();

/** Everything of one row; personal data only when it was asked for. */
export const lookupDetailSchema = z
  .object({
    key: count,
    values: valuesSchema,
    lists: z.record(z.string(), z.array(valuesSchema).readonly()).readonly(),
    personalShown: z.boolean(),
    hasPersonal: z.boolean(),
    /** Until when something can be done with the order, this machine's ms, and the column that says so; the latest possible where `atMost`. */
    until: z.object({ column: z.string(), atMs: z.number(), atMost: z.boolean() }).readonly().nullable(),
    /** In which list the vendor's reply names pictures, and by which value; shown on request alone, see `lookups.picture`. */
    pictures: z.object({ list: z.string(), field: z.string() }).readonly().nullable(),
  })
  .readonly();
export type LookupDetail = z.infer<typeof lookupDetailSchema>;

/** A picture as a page may show it: of a type that holds no script. */
export const pictureSchema = z
  .object({
    dataUrl: z
      .string()
      .max(3_000_000)
      .regex(/^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$/),
  })
  .readonly();

/** A change of a result's selection, which lies in main as a predicate and exceptions. */
export const selectionChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }).readonly(),
  /** Every row of the view, not only the page. */
  z.object({ kind: z.literal('all'), view: lookupViewSchema }).readonly(),
  z.object({ kind: z.literal('one'), key: count, selected: z.boolean() }).readonly(),
  /** The rows of the view from one position to another, both included. */
  z
    .object({ kind: z.literal('range'), view: lookupViewSchema, from: count, to: count, selected: z.boolean() })
    .readonly(),
]);
export type SelectionChange = z.infer<typeof selectionChangeSchema>;
