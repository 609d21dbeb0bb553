import {
  accountPatchSchema,
  accountSchema,
  keychainStateSchema,
  newAccountSchema,
  secretStateSchema,
  testSchema,
  TRY_STEPS,
} from './account.ts';
import {
  decisionSchema,
  editedSchema,
  EXPORT_FORMATS,
  jobStateSchema,
  jobWithCountsSchema,
  problemSchema,
  reasonGroupSchema,
  rowDetailSchema,
  rowFilterSchema,
  rowSelectionChangeSchema,
  rowViewSchema,
  undoneSchema,
} from './job.ts';
import {
  lookupDetailSchema,
  lookupPageSchema,
  lookupStatusSchema,
  lookupViewSchema,
  PAGE_ROWS,
  pictureSchema,
  selectionChangeSchema,
} from './lookup.ts';
import { CREDENTIAL_ROUTES } from './credential-routes.ts';
import { requestSchema } from './request.ts';
import { route, savedSchema } from './route.ts';
import {
  erasedSchema,
  keptChosenSchema,
  keptDetailSchema,
  keptPageSchema,
  keptSelectionSchema,
  keptViewSchema,
  newViewSchema,
  picturesSchema,
  refreshingSchema,
  savedViewSchema,
} from './kept.ts';
import { LINKS } from './links.ts';
import { NEWER_WISHES, newerSchema } from './newer.ts';
import { settingsSchema } from './settings.ts';
import { LANGUAGES } from './text.ts';
import { bilingualSchema, vendorDescriptorSchema } from './vendor.ts';
import { LOG_PAGE, orderLogSchema } from './order-log.ts';
import { z } from './zod.ts';

const count = z.number().int().nonnegative();
const jobId = z.number().int().positive();
const id = z.string().min(1).max(80);
const nothing = z.undefined();
const form = z.record(z.string().max(80), z.string().max(2_000_000)).readonly();
const page = { offset: count, limit: z.number().int().min(1).max(PAGE_ROWS) };

/** Where rows come from. Files are named by an id that main has given out; no route takes a path. */
const sourceSchema = z.discriminatedUnion('kind', [
  z
    .object({
      kind: z.literal('file'),
      fileId: id,
      encoding: z.string().max(20).optional(),
      /** Of a workbook: the sheet by its name; the first visible one with something in it when left out. */
      sheet: z.string().max(300).optional(),
    })
    .readonly(),
  z.object({ kind: z.literal('paste'), text: z.string().max(20_000_000) }).readonly(),
  /** The selected rows of a lookup's result, by their order numbers. */
  z.object({ kind: z.literal('lookup'), lookupId: id }).readonly(),
  /** The account's orders among the kept ones that are selected. */
  z.object({ kind: z.literal('kept') }).readonly(),
]);
export type UpdateSource = z.infer<typeof sourceSchema>;

const fileSchema = z.object({ fileId: id, name: z.string(), bytes: count }).readonly();
export type ChosenFile = z.infer<typeof fileSchema>;

/** An earlier job of the same file. */
const earlierSchema = z
  .object({ jobId, state: jobStateSchema, createdAt: z.string(), total: count, succeeded: count })
  .readonly();
export type EarlierJob = z.infer<typeof earlierSchema>;

/** What is known of an input before anything is read into a job. Columns are 0-based. */
const inputLookSchema = z
  .object({
    name: z.string(),
    kind: z.enum(['file', 'paste']),
    encoding: z.string().nullable(),
    delimiter: z.string(),
    hasHeader: z.boolean(),
    /** Column names; without a header null. */
    header: z.array(z.string()).readonly().nullable(),
    /** The first data rows. */
    sample: z
      .array(z.object({ line: count, cells: z.array(z.string()).readonly() }).readonly())
      .max(50)
      .readonly(),
    columns: count,
    /** Column by field id, as proposed. */
    mapping: z.record(z.string(), count).readonly(),
    ambiguous: z.array(z.object({ field: z.string(), columns: z.array(count).readonly() }).readonly()).readonly(),
    missing: z.array(z.string()).readonly(),
    /** The columns are those of the last input with such a header. */
    remembered: z.boolean(),
    /** Of a workbook: its sheets with their filled rows, and the one that is read. */
    sheets: z
      .array(z.object({ name: z.string(), hidden: z.boolean(), rows: count.nullable() }).readonly())
      .readonly()
      .nullable(),
    sheet: z.string().nullable(),
    /** Jobs of this account and operation that were read from a file of the same bytes, the newest first. */
    earlier: z.array(earlierSchema).readonly(),
    notices: z.array(bilingualSchema).readonly(),
  })
  .readonly();
export type InputLook = z.infer<typeof inputLookSchema>;

const importedSchema = z
  .object({
    jobId,
    rows: count,
    unmapped: z.array(z.string()).readonly(),
    notices: z.array(bilingualSchema).readonly(),
    warnings: z.array(z.object({ line: count, problem: problemSchema }).readonly()).readonly(),
    warningCount: count,
    paramWarnings: z.array(problemSchema).readonly(),
  })
  .readonly();
export type ImportedView = z.infer<typeof importedSchema>;

/** What reading the present values of a job's rows has come to so far. */
const seenSchema = z
  .object({
    /** Rows that wait to be sent and whose present values were read, and those without. */
    seen: count,
    unread: count,
    /** What reading said of rows that wait to be sent: why they could not be read, or what is odd about what they would write. */
    notes: z.array(z.object({ text: bilingualSchema, count, read: z.boolean() }).readonly()).readonly(),
    /** When the oldest of these readings was made, ms; null before the first. */
    oldestMs: z.number().nullable(),
    /** Rows of the last reading that it has not come to. */
    left: count,
  })
  .readonly();
export type SeenView = z.infer<typeof seenSchema>;

const previewSchema = z
  .object({
    /** Rows that would be sent, and in how many calls. */
    pending: count,
    calls: count,
    /** At least this long at the account's pacing, ms. */
    leastMs: z.number().nonnegative(),
    /** The first rows that would be sent. */
    rows: z.array(rowViewSchema).readonly(),
    warnings: z.array(bilingualSchema).readonly(),
    /** null when the present values have not been read, or cannot be. */
    seen: seenSchema.nullable(),
    /** The first request; null when nothing would be sent or the secret can't be read, which `requestError` then says. */
    request: requestSchema.nullable(),
    requestError: z.object({ message: bilingualSchema, remedy: bilingualSchema }).readonly().nullable(),
  })
  .readonly();
export type PreviewView = z.infer<typeof previewSchema>;

const appStateSchema = z
  .object({
    version: z.string(),
    platform: z.string(),
    electron: z.string(),
    language: z.enum(LANGUAGES),
    settings: settingsSchema,
    /** `real`: the person's accounts; `practice`: embedded vendor twins, nothing of which is real. */
    workspace: z.enum(['real', 'practice']),
    dataFolder: z.string(),
    keychain: keychainStateSchema,
    /** Another process writes this data; this one only reads. */
    readOnly: z.boolean(),
    /** Jobs that a process that died left behind, with the rows that were being sent. */
    interrupted: z.array(z.object({ jobId, inDoubt: count }).readonly()).readonly(),
  })
  .readonly();
export type AppState = z.infer<typeof appStateSchema>;

const healthSchema = z
  .object({
    accountId: z.string(),
    /** The vendor's clock minus this machine's; null before the first reply. */
    clockOffsetMs: z.number().nullable(),
    keychain: keychainStateSchema,
    /** What the last reading of its secret said; nothing is read to find out. */
    secret: secretStateSchema,
    /** The vendor asked to wait until then, ms. */
    backingOffUntilMs: z.number().nullable(),
  })
  .readonly();
export type Health = z.infer<typeof healthSchema>;

export type SavedFile = z.infer<typeof savedSchema>;

/**
 * Every call that a window may make of main: what it takes and what it answers. Whatever is in no schema does not cross.
 * A route answers null where the person closed a dialog without choosing.
 */
export const ROUTES = {
  'app.state': route(nothing, appStateSchema),
  /** Changes the workspace; refused with JOB_BUSY while a job runs. Every screen reads anew afterwards. */
  'app.workspace': route(z.enum(['real', 'practice']), appStateSchema),
  'app.open': route(z.enum(LINKS), nothing),
  'app.showDataFolder': route(nothing, nothing),
  'app.licences': route(
    nothing,
    z.array(z.object({ name: z.string(), version: z.string(), licence: z.string() }).readonly()).readonly(),
  ),
  'app.copy': route(z.string().max(2_000_000), nothing),
  /** Whether there is a newer console: where that stands, after what was asked for is done. */
  'app.newer': route(z.enum(NEWER_WISHES), newerSchema),

  'settings.change': route(settingsSchema.unwrap().partial().readonly(), settingsSchema),

  'vendors.list': route(nothing, z.array(vendorDescriptorSchema).readonly()),

  'accounts.list': route(nothing, z.array(accountSchema).readonly()),
  'accounts.add': route(newAccountSchema, accountSchema),
  'accounts.update': route(z.object({ id, patch: accountPatchSchema }).readonly(), accountSchema),
  'accounts.replaceSecrets': route(
    z.object({ id, secrets: newAccountSchema.unwrap().shape.secrets }).readonly(),
    nothing,
  ),
  'accounts.test': route(z.object({ id }).readonly(), testSchema),
  'accounts.remove': route(z.object({ id }).readonly(), nothing),
  'accounts.health': route(z.object({ id }).readonly(), healthSchema),
  'keychain.probe': route(
    nothing,
    z
      .object({
        state: keychainStateSchema,
        error: z.object({ message: bilingualSchema, remedy: bilingualSchema }).readonly().nullable(),
        passed: z.array(z.enum(TRY_STEPS)).readonly(),
      })
      .readonly(),
  ),

  ...CREDENTIAL_ROUTES,

  'lookups.start': route(z.object({ accountId: id, operation: id, params: form }).readonly(), lookupStatusSchema),
  'lookups.status': route(z.object({ lookupId: id }).readonly(), lookupStatusSchema),
  'lookups.stop': route(z.object({ lookupId: id }).readonly(), nothing),
  /** Goes on with a lookup that was stopped or failed, where it was; what could not be read is tried again. */
  'lookups.continue': route(z.object({ lookupId: id }).readonly(), lookupStatusSchema),
  'lookups.page': route(z.object({ lookupId: id, view: lookupViewSchema, ...page }).readonly(), lookupPageSchema),
  'lookups.detail': route(z.object({ lookupId: id, key: count, personal: z.boolean() }).readonly(), lookupDetailSchema),
  /** Fetches the picture of one entry of a row's list, from the vendor's picture hosts alone; refused with PICTURE_FAILED. */
  'lookups.picture': route(z.object({ lookupId: id, key: count, at: count }).readonly(), pictureSchema),
  'lookups.select': route(
    z.object({ lookupId: id, change: selectionChangeSchema }).readonly(),
    z.object({ selected: count }).readonly(),
  ),
  /** Saves the view, or the selected rows alone. */
  'lookups.export': route(
    z.object({ lookupId: id, view: lookupViewSchema, selectedOnly: z.boolean(), personal: z.boolean() }).readonly(),
    savedSchema,
  ),

  'orders.page': route(z.object({ view: keptViewSchema, ...page }).readonly(), keptPageSchema),
  /** All that is kept of one order; null when it is not kept any more. */
  'orders.detail': route(
    z.object({ id: z.number().int().positive(), personal: z.boolean() }).readonly(),
    keptDetailSchema.nullable(),
  ),
  'orders.select': route(keptSelectionSchema, z.object({ selected: count }).readonly()),
  'orders.chosen': route(nothing, keptChosenSchema),
  /** Saves the view, or the selected orders alone. */
  'orders.export': route(
    z.object({ view: keptViewSchema, selectedOnly: z.boolean(), personal: z.boolean() }).readonly(),
    savedSchema,
  ),
  /** Erases the selected orders, or all customers' data with what jobs hold of it. */
  'orders.erase': route(z.enum(['selected', 'every']), erasedSchema),
  /** Begins to read the selected orders again at their vendors and answers at once; `refreshing` events follow. */
  'orders.refresh': route(nothing, refreshingSchema),
  'orders.stopRefresh': route(nothing, nothing),
  'orders.pictures': route(keptViewSchema, picturesSchema),
  'orders.views': route(nothing, z.array(savedViewSchema).readonly()),
  /** Saves a view under its name, in place of one that has it; answers all of them. */
  'orders.saveView': route(newViewSchema, z.array(savedViewSchema).readonly()),
  'orders.removeView': route(
    z.object({ id: z.number().int().positive() }).readonly(),
    z.array(savedViewSchema).readonly(),
  ),

  'files.choose': route(nothing, fileSchema.nullable()),
  /** For the preload alone, which takes the path of a dropped file from the system; the bridge refuses it to a page. */
  'files.register': route(z.object({ path: z.string().max(32_767) }).readonly(), fileSchema),
  'files.reveal': route(z.object({ fileId: id }).readonly(), nothing),

  'updates.look': route(
    z.object({ accountId: id, operation: id, source: sourceSchema, hasHeader: z.boolean().optional() }).readonly(),
    inputLookSchema,
  ),
  /** Reads an input into a new job. `importId` is the caller's, for progress and to stop it. */
  'updates.import': route(
    z
      .object({
        importId: id,
        accountId: id,
        operation: id,
        params: form,
        source: sourceSchema,
        mapping: z.record(z.string().max(80), count).readonly(),
        hasHeader: z.boolean().optional(),
        /** Earlier jobs of the same file that the person knows of; with any other it is refused with INTAKE_REPEATED. */
        known: z.array(jobId).max(1_000).readonly().optional(),
        options: z
          .object({ readBefore: z.boolean(), writeUnreadable: z.boolean(), verifyAfter: z.boolean() })
          .readonly(),
      })
      .readonly(),
    importedSchema,
  ),
  'updates.stopImport': route(z.object({ importId: id }).readonly(), nothing),
  /** Saves an empty table of an operation with its columns and one example row. */
  'updates.template': route(
    z.object({ accountId: id, operation: id, format: z.enum(['csv', 'xlsx']) }).readonly(),
    savedSchema,
  ),

  /** The newest first. */
  'jobs.list': route(
    z.object(page).readonly(),
    z.object({ total: count, jobs: z.array(jobWithCountsSchema).readonly() }).readonly(),
  ),
  'jobs.get': route(z.object({ jobId }).readonly(), jobWithCountsSchema),
  'jobs.rows': route(
    z.object({ jobId, filter: rowFilterSchema, ...page }).readonly(),
    z.object({ total: count, rows: z.array(rowViewSchema).max(PAGE_ROWS).readonly() }).readonly(),
  ),
  'jobs.row': route(z.object({ jobId, rowNo: z.number().int().positive() }).readonly(), rowDetailSchema),
  /** Where in the filtered rows an order or a line is; null when it is not among them. */
  'jobs.locate': route(
    z.object({ jobId, filter: rowFilterSchema, order: z.string().min(1).max(200) }).readonly(),
    z.object({ offset: count }).readonly().nullable(),
  ),
  'jobs.reasons': route(z.object({ jobId }).readonly(), z.array(reasonGroupSchema).readonly()),
  'jobs.preview': route(z.object({ jobId }).readonly(), previewSchema),
  /**
   * Begins or resumes a run and answers at once; `progress` and `runEnded` events follow. `firstRows` null sends all. `confirmed`: the number of
   * rows as it was typed, without which more rows than the settings say are refused where nothing can be undone (COUNT_NOT_CONFIRMED).
   */
  'jobs.run': route(
    z
      .object({
        jobId,
        firstRows: z.number().int().positive().nullable(),
        confirmed: count.nullable().optional(),
      })
      .readonly(),
    nothing,
  ),
  'jobs.pause': route(z.object({ jobId }).readonly(), nothing),
  'jobs.cancel': route(z.object({ jobId }).readonly(), nothing),
  /** Makes what may safely be sent again pending; answers how many rows. */
  'jobs.retry': route(z.object({ jobId }).readonly(), z.object({ rows: count }).readonly()),
  /** Begins a verification and answers at once; `verify` and `verifyEnded` events follow. */
  'jobs.verify': route(z.object({ jobId }).readonly(), nothing),
  'jobs.stopVerify': route(z.object({ jobId }).readonly(), nothing),
  /** Makes the reverse job of what a job has written, ready to be previewed and run; refused with NOTHING_TO_UNDO. */
  'jobs.undo': route(z.object({ jobId }).readonly(), undoneSchema),
  /** A row's values by field id as a person would edit them; null with the reason where nobody may. */
  'jobs.editable': route(
    z.object({ jobId, rowNo: z.number().int().positive() }).readonly(),
    z
      .object({ values: z.record(z.string(), z.string()).readonly().nullable(), why: bilingualSchema.nullable() })
      .readonly(),
  ),
  /** Checks an edit, and saves nothing. */
  'jobs.checkEdit': route(z.object({ jobId, values: form }).readonly(), editedSchema),
  /**
   * Saves an edit that its check does not refuse: in the row of a job that has not begun, else beside the row, for a follow-up. Null takes back
   * what was saved for a follow-up.
   */
  'jobs.edit': route(
    z.object({ jobId, rowNo: z.number().int().positive(), values: form.nullable() }).readonly(),
    editedSchema,
  ),
  /** Makes the follow-up of the rows that were mended, ready to be previewed and run; refused with NOTHING_MENDED. */
  'jobs.followUp': route(z.object({ jobId }).readonly(), z.object({ jobId, rows: count }).readonly()),
  'jobs.select': route(
    z.object({ jobId, change: rowSelectionChangeSchema }).readonly(),
    z.object({ selected: count }).readonly(),
  ),
  /** Decides rows in doubt by the person's word: one, or all that are selected. Answers how many. */
  'jobs.decide': route(
    z
      .object({
        jobId,
        as: decisionSchema.unwrap().shape.as,
        rowNo: z.number().int().positive().nullable(),
      })
      .readonly(),
    z.object({ rows: count }).readonly(),
  ),
  /**
   * Begins to read the present values of the rows that are to be sent, and answers at once; `looking` and `lookEnded` events follow. `again`
   * reads all of them anew, else those that are not read yet.
   */
  'jobs.look': route(z.object({ jobId, again: z.boolean() }).readonly(), nothing),
  'jobs.stopLook': route(z.object({ jobId }).readonly(), nothing),
  /** Makes rows that reading kept back pending again, on the person's word; answers how many rows. */
  'jobs.allow': route(
    z.object({ jobId, reason: z.enum(['state_forbids', 'changed_since_preview']) }).readonly(),
    z.object({ rows: count }).readonly(),
  ),
  /** Keeps a job that has not begun under a name, or gives it another; null takes the name away. */
  'jobs.name': route(z.object({ jobId, title: z.string().trim().min(1).max(100).nullable() }).readonly(), nothing),
  /** `raw` bears on CSV alone. */
  'jobs.export': route(z.object({ jobId, raw: z.boolean(), format: z.enum(EXPORT_FORMATS) }).readonly(), savedSchema),
  /** One page of what is kept of an order in all jobs, the oldest first. */
  'jobs.orderLog': route(
    z
      .object({ order: z.string().min(1).max(200), offset: count, limit: z.number().int().min(1).max(LOG_PAGE) })
      .readonly(),
    orderLogSchema,
  ),
  'jobs.find': route(
    z.object({ order: z.string().min(1).max(200) }).readonly(),
    z
      .array(z.object({ row: rowViewSchema, accountLabel: z.string(), operation: z.string() }).readonly())
      .max(PAGE_ROWS)
      .readonly(),
  ),
} as const;

export type RouteName = keyof typeof ROUTES;
export type RouteInput<R extends RouteName> = z.infer<(typeof ROUTES)[R]['input']>;
export type RouteOutput<R extends RouteName> = z.infer<(typeof ROUTES)[R]['output']>;

/** Routes that a page may not name: the preload alone calls them. */
export const PRELOAD_ROUTES = ['files.register'] as const satisfies readonly RouteName[];
export type PageRoute = Exclude<RouteName, (typeof PRELOAD_ROUTES)[number]>;
