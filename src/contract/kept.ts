import { PAGE_ROWS } from './lookup.ts';
import { COMMON_STATES, orderFactsSchema, orderTagSchema } from './order.ts';
import { bilingualSchema, VENDOR_IDS } from './vendor.ts';
import { z } from './zod.ts';

const count = z.number().int().nonnegative();
const moment = z.number().int().nullable();
const orderId = z.number().int().positive();

/** Which of the orders that are kept: all conditions together; an empty list takes all. */
export const keptFilterSchema = z
  .object({
    /** The beginning of an order's number, or a part of a buyer's name (one character is enough), or of a phone its beginning or last four digits. */
    find: z.string().max(200),
    vendors: z.array(z.enum(VENDOR_IDS)).max(VENDOR_IDS.length).readonly(),
    accounts: z.array(z.string().max(80)).max(200).readonly(),
    states: z.array(z.enum(COMMON_STATES)).max(COMMON_STATES.length).readonly(),
    /** Created within so many days, today included, in the person's zone; null at any time. */
    days: z.number().int().min(1).max(3_650).nullable(),
    /** Created at or after, and before, ms. */
    from: moment,
    until: moment,
  })
  .readonly();
export type KeptFilter = z.infer<typeof keptFilterSchema>;

export const EVERY_ORDER: KeptFilter = {
  find: '',
  vendors: [],
  accounts: [],
  states: [],
  days: null,
  from: null,
  until: null,
};

/** What kept orders can be sorted by: columns with an index. */
export const KEPT_SORTS = ['created', 'paid', 'changed', 'read', 'amount', 'order', 'state'] as const;
export type KeptSort = (typeof KEPT_SORTS)[number];

/** Kept orders in some order; without a sort the newest first. */
export const keptViewSchema = z
  .object({
    filter: keptFilterSchema,
    sort: z
      .object({ column: z.enum(KEPT_SORTS), descending: z.boolean() })
      .readonly()
      .nullable(),
  })
  .readonly();
export type KeptView = z.infer<typeof keptViewSchema>;

/** One kept order as a grid shows it: nothing personal, but whether there is something. */
export const keptRowSchema = z
  .object({
    id: orderId,
    accountId: z.string(),
    vendor: z.enum(VENDOR_IDS),
    order: z.string(),
    machine: z.string().nullable(),
    state: z.enum(COMMON_STATES),
    vendorState: z.string(),
    createdAt: moment,
    paidAt: moment,
    changedAt: moment,
    amount: z.string().nullable(),
    tag: orderTagSchema.nullable(),
    title: z.string().nullable(),
    note: z.string().nullable(),
    hasBuyer: z.boolean(),
    /** When the vendor said all this, ms. */
    readAt: z.number().int(),
    selected: z.boolean(),
  })
  .readonly();
export type KeptRow = z.infer<typeof keptRowSchema>;

export const keptPageSchema = z
  .object({ total: count, rows: z.array(keptRowSchema).max(PAGE_ROWS).readonly() })
  .readonly();

/** All that is kept of one order; what is personal only when it was asked for. */
export const keptDetailSchema = z
  .object({ row: keptRowSchema, facts: orderFactsSchema, personalShown: z.boolean(), hasPersonal: z.boolean() })
  .readonly();
export type KeptDetail = z.infer<typeof keptDetailSchema>;

/** A change of what is selected, which lies in main as a predicate and exceptions. */
export const keptSelectionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }).readonly(),
  /** Every order of the view that there is now, not only the page. */
  z.object({ kind: z.literal('all'), view: keptViewSchema }).readonly(),
  z.object({ kind: z.literal('one'), id: orderId, selected: z.boolean() }).readonly(),
  /** The orders of the view from one position to another, both included. */
  z
    .object({ kind: z.literal('range'), view: keptViewSchema, from: count, to: count, selected: z.boolean() })
    .readonly(),
]);
export type KeptSelectionChange = z.infer<typeof keptSelectionSchema>;

/** What is selected, by account, the most first. */
export const keptChosenSchema = z
  .object({
    selected: count,
    accounts: z.array(z.object({ accountId: z.string(), vendor: z.enum(VENDOR_IDS), count }).readonly()).readonly(),
  })
  .readonly();
export type KeptChosen = z.infer<typeof keptChosenSchema>;

/** Reading a view's orders again while the console is open, and telling when there are too many. */
export const watchSchema = z
  .object({
    everyMinutes: z.number().int().min(5).max(1_440),
    /** A notification of the desktop when the view has more orders than this; null for none. */
    limit: z.number().int().min(0).max(10_000_000).nullable(),
  })
  .readonly();
export type Watch = z.infer<typeof watchSchema>;

export const savedViewSchema = z
  .object({ id: orderId, name: z.string(), view: keptViewSchema, watch: watchSchema.nullable() })
  .readonly();
export type SavedView = z.infer<typeof savedViewSchema>;

/** What a saved view has in the database: everything but its number. */
export const newViewSchema = z
  .object({ name: z.string().trim().min(1).max(100), view: keptViewSchema, watch: watchSchema.nullable() })
  .readonly();
export type NewView = z.infer<typeof newViewSchema>;

/** Days that the picture by day shows. */
export const PICTURE_DAYS = 30;

/** How many orders stand where: for pictures, each count with the filter that shows its orders. */
export const picturesSchema = z
  .object({
    total: count,
    /** By account and state; none of zero. */
    states: z
      .array(
        z.object({ accountId: z.string(), vendor: z.enum(VENDOR_IDS), state: z.enum(COMMON_STATES), count }).readonly(),
      )
      .readonly(),
    /** The last days in the person's zone, the oldest first: their beginning and end (ms), and how many orders were created by vendor. */
    days: z
      .array(
        z
          .object({
            from: z.number().int(),
            until: z.number().int(),
            vendors: z.partialRecord(z.enum(VENDOR_IDS), count).readonly(),
          })
          .readonly(),
      )
      .readonly(),
    /** Orders that wait for delivery, the longest first, and since when (ms): paid, or created where the vendor does not say. */
    waiting: z.array(z.object({ row: keptRowSchema, since: z.number().int() }).readonly()).readonly(),
  })
  .readonly();
export type Pictures = z.infer<typeof picturesSchema>;

/** How far reading orders again at their vendors is. */
export const refreshingSchema = z
  .object({
    running: z.boolean(),
    /** Orders that were asked for again, of so many. */
    done: count,
    total: count,
    /** Why some were not read. */
    why: bilingualSchema.nullable(),
  })
  .readonly();
export type Refreshing = z.infer<typeof refreshingSchema>;

/** What erasing came to. */
export const erasedSchema = z
  .object({
    orders: count,
    /** Rows of jobs whose cells were erased; their orders' numbers and outcomes stay. */
    rows: count,
    /** Jobs that kept theirs: rows of them wait to be sent or are in doubt. */
    jobsLeft: z.array(z.number().int().positive()).readonly(),
  })
  .readonly();
export type ErasedView = z.infer<typeof erasedSchema>;
