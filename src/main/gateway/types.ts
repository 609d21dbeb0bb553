import type { AppError } from '../../contract/errors.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { Account } from '../../contract/account.ts';
import type { Failed, LookupPage, Reply, SignedRequest, SigningContext, Values } from '../vendors/types.ts';
import type {
  LookupOperation,
  PingOperation,
  RowReading,
  UpdateOperation,
  UpdateReading,
  UpdateRow,
} from '../vendors/types.ts';
import type { VendorFailure } from '../../contract/outcome.ts';

/** Where the gateway gets an account's secrets; the vault's `read` in the application. Rejects with an AppError. */
export type SecretReader = (accountId: string) => Promise<Values>;

/**
 * Signs a request; by default the operation's own `request`. The seam where a relay that holds the secret can sign instead.
 */
export type Signer = (
  account: Account,
  build: (context: SigningContext) => SignedRequest,
  context: SigningContext,
) => Promise<SignedRequest>;

/** A signed request that holds the account's slot, its clock-corrected time stamped. Committed or released exactly once. */
export interface Prepared {
  readonly request: SignedRequest;
  readonly account: Account;
  /** Vendor's time in the sign, milliseconds. */
  readonly stampedAtMs: number;
  /** SHA-256 (hex) of method, URL and body: what the journal keeps of the request. */
  readonly hash: string;
  /** Gives the slot back without sending. */
  release(): void;
}

/** How the transport part of a call ended. `commit` never throws. */
export type TransportEnd =
  /** Surely no request byte was handed to the socket. */
  | { readonly kind: 'not_sent'; readonly error: AppError }
  | { readonly kind: 'replied'; readonly reply: Reply; readonly elapsedMs: number }
  /** Bytes may have left and no whole reply came. */
  | { readonly kind: 'lost'; readonly error: AppError; readonly why: Bilingual };

/** How an update call ended, by what surely happened (design, One signed call). */
export type UpdateEnd =
  | { readonly kind: 'rejected'; readonly failure: VendorFailure; readonly retryAfterMs?: number }
  | { readonly kind: 'answered'; readonly rows: readonly RowReading[]; readonly requestId?: string }
  | { readonly kind: 'batch_failed'; readonly failure: VendorFailure }
  /** `broken`: the connection broke, or no reply came: it may be the network's fault. */
  | { readonly kind: 'unknown'; readonly why: Bilingual; readonly broken?: true };

/** How a lookup page ended. Limits have been waited out and clock errors re-signed; what is left is for a person. */
export type LookupEnd =
  | LookupPage
  | Failed
  | { readonly kind: 'rejected'; readonly failure: VendorFailure; readonly retryAfterMs?: number }
  | { readonly kind: 'unknown'; readonly why: Bilingual };

export type { Account, UpdateReading, UpdateRow };

/** What the gateway tells while it works: for a status line, never needed for correctness. */
export type GatewayEvent =
  | {
      readonly kind: 'backing_off';
      readonly accountId: string;
      readonly untilMs: number;
      readonly failure: VendorFailure;
    }
  | { readonly kind: 'clock'; readonly accountId: string; readonly offsetMs: number; readonly warn: boolean }
  /** This machine's clock and the steady one went apart by that much: it was set, or the machine slept. What was learnt is void. */
  | { readonly kind: 'clock_jumped'; readonly accountId: string; readonly byMs: number };

/** How a credential test ended. `clockOffsetMs` is the vendor's clock minus this machine's, 0 when not learnt. */
export type PingEnd =
  | { readonly ok: true; readonly requestId?: string; readonly clockOffsetMs: number }
  | { readonly ok: false; readonly failure: VendorFailure }
  | { readonly ok: false; readonly why: Bilingual };

export interface PrepareOptions {
  readonly signal?: AbortSignal;
  /** For a dry run: stamps a time far in the past and takes no slot. Such a request cannot be committed. */
  readonly expired?: boolean;
  /** The same with a time of one's own, milliseconds since 1970, for comparing signs. */
  readonly dryAtMs?: number;
}

/** Builds and signs one request: an operation's `request` with its values filled in. */
export type Build = (context: SigningContext) => SignedRequest;

/** One signed call: prepare, then commit. All other ways of calling are made of these two. */
export interface Gateway {
  /**
   * Reads the secret, waits for the account's slot, stamps the clock-corrected time, signs, and checks the host; sends nothing.
   * Rejects with an AppError (the vault's, HOST_NOT_ALLOWED, HTTPS_REQUIRED, REQUEST_INVALID) or the signal's reason.
   */
  prepare(account: Account, build: Build, options?: PrepareOptions): Promise<Prepared>;
  /** Writes the bytes, once, and waits for the reply; gives the slot back. Never rejects. */
  commit(prepared: Prepared): Promise<TransportEnd>;
  /** Commits an update and reads its reply. Never repeats it, never rejects. */
  update(
    prepared: Prepared,
    operation: UpdateOperation,
    rows: readonly UpdateRow[],
    params: Values,
  ): Promise<UpdateEnd>;
  /** One page of a lookup. Waits limits out, re-signs once after a clock error, reads again after a broken reply. Rejects as `prepare` does. */
  lookup(
    account: Account,
    operation: LookupOperation,
    params: Values,
    cursor: string | null,
    options?: { readonly signal?: AbortSignal },
  ): Promise<LookupEnd>;
  /** Tests the credentials with a call that changes nothing. Rejects as `prepare` does. */
  ping(account: Account, operation: PingOperation, options?: { readonly signal?: AbortSignal }): Promise<PingEnd>;
  /**
   * Whether the account's host can be reached, by the way that calls take: a connection (and a verified handshake) on which no byte of a
   * request is sent. Null when it can, else why not. Never rejects.
   */
  reach(account: Account, options?: { readonly signal?: AbortSignal }): Promise<AppError | null>;
  /** The vendor's time now: the machine's, corrected by what was learnt, milliseconds. */
  vendorNow(account: Account): number;
  /** The vendor's clock minus the machine's, as learnt, milliseconds; null before the first reply. */
  clockOffset(account: Account): number | null;
  /** Changes an account's pacing at once and until further notice; `perSecond` may be Infinity (off). */
  pace(account: Account, pacing: { readonly perSecond?: number; readonly concurrency?: number }): void;
  /** Drops an account's secret from memory. */
  forget(accountId: string): void;
  /** Lets calls under way end on the connections they have; the next ones open new ones, by the proxy that then holds. */
  reconnect(): Promise<void>;
  /** Lets calls under way end, closes all connections and drops all secrets. */
  close(): Promise<void>;
}
