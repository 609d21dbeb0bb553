import type { OrderFacts } from '../../contract/order.ts';
import type { Column, Field, VendorId } from '../../contract/vendor.ts';
import type { VendorFailure } from '../../contract/outcome.ts';
import type { Bilingual } from '../../contract/text.ts';

/** The values of an account's credential fields by field id, secrets included. Lives in main alone and is never logged. */
export type Credentials = Readonly<Record<string, string>>;
/** An account's settings by field id; an absent one takes its field's `initial`. */
export type Settings = Readonly<Record<string, string>>;
/** Values of a form or of a row by field id, as texts: no number ever loses a digit. */
export type Values = Readonly<Record<string, string>>;

/** All that building and signing a request may depend on. */
export interface SigningContext {
  readonly credentials: Credentials;
  readonly settings: Settings;
  /** Origin without a trailing slash, e.g. `https://api.polyv.net`. */
  readonly baseUrl: string;
  /** The vendor's time: this machine's clock corrected by the learnt offset, milliseconds since 1970. */
  readonly nowMs: number;
}

/** The exact bytes that go over the wire. */
export interface SignedRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  /** The text whose digest is the sign, with the secret replaced by `•••`: for a person's eyes. */
  readonly signedText: string;
  /** The sign as sent. */
  readonly sign: string;
}

/** A whole HTTP reply. Header names are lower case. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A reply that is no trustworthy envelope of the vendor: HTML, empty, truncated, unparseable, 3xx, unlisted 5xx … */
export interface Unreadable {
  readonly kind: 'unreadable';
  /** Plain words for the log and the report; no body text in it. */
  readonly why: Bilingual;
}

/**
 * The vendor's reply, listed by its definition as surely not acted on.
 * `retryAfterMs` is the vendor's wish (Retry-After) or the definition's back-off for this reply.
 */
export interface Rejected {
  readonly kind: 'rejected';
  readonly failure: VendorFailure;
  readonly retryAfterMs?: number;
}

export interface LookupRow {
  readonly values: Values;
  /** Nested lists (products, jobs, records) by name, each a list of values. */
  readonly lists?: Readonly<Record<string, readonly Values[]>>;
}

/** One page of a lookup; `next` is null on the last. A cursor is opaque to everyone but its operation. */
export interface LookupPage {
  readonly kind: 'page';
  readonly rows: readonly LookupRow[];
  readonly next: string | null;
  readonly totalPages?: number;
  readonly totalRows?: number;
  readonly requestId?: string;
}

/** The vendor answered in its own envelope that the lookup failed. */
export interface Failed {
  readonly kind: 'failed';
  readonly failure: VendorFailure;
}

export type LookupReading = LookupPage | Failed | Rejected | Unreadable;

/** A value refused before anything is sent: which field, what is wrong, what to do. */
export interface Problem {
  readonly code: string;
  readonly field?: string;
  readonly message: Bilingual;
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

interface OperationBase {
  readonly id: string;
  readonly names: Bilingual;
  /** The form; a lookup's parameters, or what all rows of an update share (e.g. the target status). */
  readonly params: readonly Field[];
  /** Shown before use. */
  readonly warnings: readonly Bilingual[];
}

/** A lookup whose pages can be asked for in any order, by their numbers. */
export interface PagesPlan {
  readonly kind: 'pages';
  /** The cursor of a page, from 1. */
  cursorOf(page: number): string | null;
  /** The span of time that a lookup asks for, by which it can be cut into windows; where its form has both ends. */
  readonly span?: SpanPlan;
}

/** A span of time that is asked for in windows. Its ends are `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai, both belong to it. */
export interface SpanPlan {
  /** The form's fields of its begin and its end. */
  readonly begin: string;
  readonly end: string;
  /** The widest window that is asked for, ms. */
  widestMs(settings: Settings): number;
  /** Whether the vendor refused a window because it is wider, or older, than it allows. */
  outOfRange(failure: VendorFailure): boolean;
}

/** A lookup of many orders that is one call for each. */
export interface EachPlan {
  readonly kind: 'each';
  /** The parameters of each call, and what the order is called. `params` have been checked. */
  calls(params: Values): readonly { readonly name: string; readonly params: Values }[];
  /** The row that a failure tells of an order all the same (that it has expired); null where it tells none. */
  rowOf?(failure: VendorFailure, params: Values): LookupRow | null;
  /** What is read of each order that was found, and put into that list of its row: `tracks` are what jobs have kept to follow its rows by. */
  readonly under?: {
    readonly list: string;
    calls(row: LookupRow, tracks: readonly Values[]): readonly LookupCall[];
  };
}

/** Reads orders and changes nothing, so it may be repeated. Pure. */
export interface LookupOperation extends OperationBase {
  readonly kind: 'lookup';
  readonly columns: readonly Column[];
  /** Checks and completes the form (defaults filled in); settings may bear on it. */
  check(params: Values, settings: Settings): Checked<Values>;
  /** `cursor` null asks for the first page. `params` have been checked. */
  request(params: Values, cursor: string | null, context: SigningContext): SignedRequest;
  read(reply: Reply, params: Values, cursor: string | null, settings: Settings): LookupReading;
  /** How it is read whole; without it page follows page by their cursors. */
  readonly plan?: PagesPlan | EachPlan;
  /** Until when something can be done with a row's order, by the vendor's time (ms), and which column says so. */
  until?(row: LookupRow): { readonly column: string; readonly atMs: number; readonly exact: boolean } | null;
  /** Where pictures are named: the list, the value with the address, and the hosts (their subdomains too) that they lie on. */
  readonly pictures?: { readonly list: string; readonly field: string; readonly hosts: readonly string[] };
  /** The order that a row is, in the model common to all vendors; null for a row that is none. */
  toOrder?(row: LookupRow): OrderFacts | null;
}

/** A credential test that changes nothing. `proves` says what it does not prove, too. */
export interface PingOperation extends OperationBase {
  readonly kind: 'ping';
  readonly proves: Bilingual;
  request(context: SigningContext): SignedRequest;
  read(reply: Reply): { readonly kind: 'ok'; readonly requestId?: string } | Failed | Rejected | Unreadable;
}

/** A row of an update after its check: the order's number and the fields, all texts. */
export interface UpdateRow {
  /** The order's number exactly as it is sent. */
  readonly order: string;
  readonly values: Values;
}

/** What one row of an answered call came to. `track`: the vendor's own number of what the call began, by which it can be followed. */
export type RowReading = (
  | { readonly outcome: 'succeeded'; readonly note?: Bilingual }
  | { readonly outcome: 'failed'; readonly failure: VendorFailure }
  | { readonly outcome: 'unknown'; readonly why: Bilingual; readonly failure?: VendorFailure }
) & { readonly track?: Values };

export type UpdateReading =
  /** `rows` has exactly one reading for each row sent, in their order. */
  | { readonly kind: 'answered'; readonly rows: readonly RowReading[]; readonly requestId?: string }
  /** The whole batch failed, atomically, because of one row (listed by the definition): nothing was acted on, it may be halved. */
  | { readonly kind: 'batch_failed'; readonly failure: VendorFailure }
  | Rejected
  | Unreadable;

/** A lookup by reference, to be sent through the gateway. */
export interface LookupCall {
  readonly operation: string;
  readonly params: Values;
}

/** What a re-reading says about a row that is unknown. */
export type Verdict =
  | { readonly outcome: 'succeeded'; readonly note: Bilingual }
  | { readonly outcome: 'failed'; readonly failure: VendorFailure }
  /** Still open. `again` asks for another reading after that time (the row stays unknown meanwhile). */
  | { readonly outcome: 'unknown'; readonly why: Bilingual; readonly again?: { readonly afterMs: number } };

/** What is known about a row when it is judged. */
export interface VerifyFacts {
  readonly row: UpdateRow;
  /** What the shared parameters of the job are. */
  readonly params: Values;
  /** The row's present values at the vendor; null when the vendor says that there is no such order. */
  readonly found: LookupRow | null;
  /** The value read before the write, when the operation reads one. */
  readonly oldValues: Values | null;
  /** Vendor's time now. */
  readonly nowMs: number;
  /** Earlier readings of this row in this verification that said the same, oldest first: vendor's times. */
  readonly sameReadingsAtMs: readonly number[];
  /** When the call whose outcome is unknown was sent, vendor's time. */
  readonly sentAtMs: number;
  /** How long ago the call ended, with an answer or without one, ms: by a clock that nobody sets while the job runs, else by the shorter of two. */
  readonly sinceEndMs: number;
  /** What the call's answer gave to follow it by; null when there was none, or no answer. */
  readonly track?: Values | null;
}

export interface VerifyPlan {
  /** Lookups that cover many rows at once (pages by status and time), tried first; rows they show need no lookup of their own. */
  sweep?(rows: readonly UpdateRow[], facts: { nowMs: number; sentAtMs: number }): readonly LookupCall[];
  /** The lookup of one row; by its track where there is one. */
  lookup(row: UpdateRow, track?: Values | null): LookupCall;
  /** Which found row is this order's, or of this track. */
  matches(row: UpdateRow, found: LookupRow, track?: Values | null): boolean;
  judge(facts: VerifyFacts): Verdict;
}

/**
 * For operations whose accepted call is not yet a success: while the job runs, a row in doubt that has a track is read by the operation's `verify`
 * until that decides, at the times that its verdicts ask for. Rows that are left are verified as all rows in doubt are.
 */
export interface FollowPlan {
  /** From the call's answer to the first reading, ms. */
  readonly firstMs: number;
  /** From the call on, ms: what is undecided then is left to the verification. */
  readonly mostMs: number;
}

/** Something that takes one call at a time, e.g. a machine. */
export interface Exclusive {
  /** Calls with the same key wait for each other. */
  readonly key: string;
  /** How long after a call without a known result the next one waits, ms; a result ends it at once. */
  readonly ms: number;
}

/** Until when a row may be sent; times are the vendor's, ms. */
export interface DeadlinePlan {
  /** The row with the time at which the console first saw its order, for one whose own time is not known. */
  seen(row: UpdateRow, seenAtMs: number): UpdateRow;
  /** The last moment, null where there is none. `exact` false: the order may have ended earlier. */
  of(row: UpdateRow, params: Values): { readonly atMs: number; readonly exact: boolean } | null;
  /** Why a row past it is not sent, and what to do. */
  readonly tooLate: VendorFailure;
}

/** What a read before the write says. */
export type BeforeWrite =
  | { readonly kind: 'write'; readonly oldValues: Values }
  | { readonly kind: 'nothing_to_do'; readonly oldValues: Values }
  /** The present value is not the previewed one (`expected`). */
  | { readonly kind: 'changed'; readonly oldValues: Values }
  /** The order is in a state that does not allow the change. `oldValues` say which, so that a person may insist on it (unless the reading is `required`). */
  | { readonly kind: 'forbidden'; readonly oldValues: Values; readonly why: Bilingual };

/** What is known of a row when its present values have been read. */
export interface BeforeFacts {
  /** The row as it was read in, not composed. */
  readonly row: UpdateRow;
  readonly params: Values;
  readonly found: LookupRow;
  /** The values that the preview showed; null when nobody has seen any. */
  readonly expected: Values | null;
  /** Vendor's time now. */
  readonly nowMs: number;
}

/** Reading the present values of rows that are to be written: for the preview, and just before the write. */
export interface ReadBefore {
  /** Whether each write is preceded by a reading unless a person says otherwise. */
  readonly byDefault: boolean;
  /** What the values read are: those of `oldValues`, in their order. */
  readonly columns: readonly Column[];
  /** The parameter's value with which a write is made out of the present values, so that it is never made without reading them. */
  readonly requiredBy?: { readonly param: string; readonly value: string };
  /**
   * Whether no write is made without a reading, whatever the job's options say, nor against what it says of the state, whoever insists on it: one
   * that cannot be taken back and is refused in some states.
   */
  readonly required?: boolean;
  /** Lookups that cover many rows at once, tried first; rows they do not show get a lookup of their own. */
  sweep?(rows: readonly UpdateRow[], facts: { readonly nowMs: number }): readonly LookupCall[];
  lookup(row: UpdateRow): LookupCall;
  /** Which found row is this order's. */
  matches(row: UpdateRow, found: LookupRow): boolean;
  judge(facts: BeforeFacts): BeforeWrite;
  /** What a look-up's failure says of the row by itself, where it does say something (an order that has expired). */
  judgeFailure?(failure: VendorFailure): BeforeWrite | null;
}

/** Changes orders. Pure. */
export interface UpdateOperation extends OperationBase {
  readonly kind: 'update';
  /** The columns of the intake; exactly one has kind `order`. */
  readonly rowFields: readonly Field[];
  /** Most rows of one call. */
  readonly batchSize: number;
  /** Whether a call may be sent again by a person's wish: never without verification, after it, or always (an overwrite). */
  readonly repeatable: 'never' | 'afterVerify' | 'always';
  /** Checks the shared parameters. */
  checkParams(params: Values, settings: Settings): Checked<Values>;
  /** Checks one row's mapped cells; an absent optional field is '' or missing. */
  checkRow(values: Values, params: Values, settings: Settings): Checked<UpdateRow>;
  /** `rows` has 1 to `batchSize` rows. */
  request(rows: readonly UpdateRow[], params: Values, context: SigningContext): SignedRequest;
  read(reply: Reply, rows: readonly UpdateRow[], params: Values, settings: Settings): UpdateReading;
  readonly verify?: VerifyPlan;
  readonly readBefore?: ReadBefore;
  /**
   * The row that sets an order back to what it was: `row` is what was written, `oldValues` what was read before that. A value that
   * cannot be written back is the row's problem (`checkRow`). Null where there is nothing to set back. Without it there is no way back.
   */
  undo?(row: UpdateRow, oldValues: Values, params: Values): UpdateRow | null;
  /** What a person must know before an order is set back. */
  readonly undoWarnings?: readonly Bilingual[];
  /** Fields that tell rows of one order apart, e.g. its records: such rows are no duplicates of each other. */
  readonly rowKey?: readonly string[];
  /** Needs `verify`. */
  readonly follow?: FollowPlan;
  /** What a call for this row takes for itself. */
  exclusive?(row: UpdateRow, settings: Settings): readonly Exclusive[];
  readonly deadline?: DeadlinePlan;
  /** The shared parameters of the job that sets orders back; by default those of the job itself. */
  undoParams?(params: Values): Values;
  /**
   * The row as it is sent over these present values, where it depends on them (a note that is appended); absent where it never does. Composing
   * with the values kept from before the write gives what was written, for verifying it and for taking it back.
   */
  compose?(row: UpdateRow, present: Values, params: Values): UpdateRow;
  /** What is odd about a row as it is sent, such as a length that no document allows; never a reason not to send it. */
  warn?(row: UpdateRow, settings: Settings): readonly Problem[];
  /** The parameter whose text, with `{header}` for a column's cell, fills a field of every row instead of a column. */
  readonly template?: { readonly param: string; readonly field: string };
}

export type Operation = LookupOperation | PingOperation | UpdateOperation;

/** A vendor: data plus pure functions. */
export interface VendorDefinition {
  readonly id: VendorId;
  readonly names: Bilingual;
  /** Credential fields; kind `secret` ones go to the keychain, the rest to the accounts file. */
  readonly credentials: readonly Field[];
  readonly settings: readonly Field[];
  /** The vendor's own origins, the default first. */
  readonly hosts: readonly { readonly url: string; readonly names: Bilingual }[];
  readonly limits: {
    /** Calls a second an account may start, and calls under way at once: the safe defaults. */
    readonly perSecond: number;
    readonly concurrency: number;
    /** Back-off after a limit reply without a Retry-After. */
    readonly backOffMs: number;
    /** Most clock difference the vendor takes, null where it is not published. */
    readonly clockToleranceMs: number | null;
  };
  readonly operations: readonly Operation[];
  /** Said once when an account is added. `consent` must be agreed to and its date is kept. */
  readonly notices: readonly Bilingual[];
  readonly consent?: Bilingual;
  /**
   * Whether a relay can sign its requests: its sign is a digest of the signed text alone, with one secret at the text's ends, and stands in the
   * request to the letter.
   */
  readonly relay?: boolean;
}
