import type { AppError } from '../../contract/errors.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { Account } from '../../contract/account.ts';
import type { Failed, LookupPage, Reply, SignedRequest, SigningContext, Values } from '../vendors/types.ts';
import type { UpdateReading, RowReading, UpdateRow } from '../vendors/types.ts';
import type { VendorFailure } from '../../contract/outcome.ts';

/** Where the gateway gets an account's secrets; the vault's `read` in the application. Rejects with an AppError. */
export type SecretReader = (accountId: string) => Promise<Values>;

/**
 * Signs a request; by default the operation's own `request`. The seam where a relay that holds the secret can sign instead.
 */
export type Signer = (account: Account, build: (context: SigningContext) => SignedRequest, context: SigningContext) => Promise<SignedRequest>;

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
  | { readonly kind: 'unknown'; readonly why: Bilingual };

/** How a lookup page ended. Limits have been waited out and clock errors re-signed; what is left is for a person. */
export type LookupEnd =
  | LookupPage
  | Failed
  | { readonly kind: 'rejected'; readonly failure: VendorFailure; readonly retryAfterMs?: number }
  | { readonly kind: 'unknown'; readonly why: Bilingual };

export type { Account, UpdateReading, UpdateRow };

/** What the gateway tells while it works: for a status line, never needed for correctness. */
export type GatewayEvent =
  | { readonly kind: 'backing_off'; readonly accountId: string; readonly untilMs: number; readonly failure: VendorFailure }
  | { readonly kind: 'clock'; readonly accountId: string; readonly offsetMs: number; readonly warn: boolean };
