import { hash as digest } from 'node:crypto';
import type { Account } from '../../contract/account.ts';
import type { Settings, SignedRequest } from '../vendors/types.ts';
import type { OriginClock } from './clock.ts';
import type { Destination, Target } from './hosts.ts';
import type { PaceLimits, Pacer } from './pacer.ts';
import type { Prepared } from './types.ts';

/** What is kept of an account while the gateway lives. */
export interface AccountState {
  /** The account as last seen; its pacing and settings are taken anew when another object comes. */
  account: Account;
  readonly pacer: Pacer;
  limits: PaceLimits;
  /** What `pace` has set. */
  override: Partial<PaceLimits>;
  /** With the initial values filled in. */
  settings: Settings;
  clock: OriginClock;
}

/** A prepared call. Its hash is made when it is asked for: lookups never do. */
export class PreparedCall implements Prepared {
  readonly account: Account;
  readonly state: AccountState;
  /** The slot's turn; null for an expired one, which holds none. */
  readonly turn: number | null;
  readonly stampedAtMs: number;
  readonly request: SignedRequest;
  readonly target: Target;
  readonly path: string;
  committed = false;
  /** When it was sent and answered, by the steady clock. */
  times: { readonly sentAt: number; readonly answeredAt: number } | null = null;
  #released = false;
  #hash: string | null = null;

  constructor(
    account: Account,
    state: AccountState,
    turn: number | null,
    stampedAtMs: number,
    request: SignedRequest,
    to: Destination,
  ) {
    this.account = account;
    this.state = state;
    this.turn = turn;
    this.stampedAtMs = stampedAtMs;
    this.request = request;
    this.target = to.target;
    this.path = to.path;
  }

  /** SHA-256 (hex) of `METHOD URL`, a line end, and the body's bytes. */
  get hash(): string {
    const { method, url, body } = this.request;
    const line = Buffer.from(`${method} ${url}\n`, 'utf8');
    return (this.#hash ??= digest('sha256', body === null ? line : Buffer.concat([line, body])));
  }

  get released(): boolean {
    return this.#released;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    if (this.turn !== null) this.state.pacer.release();
  }
}
