import type { Values } from '../vendors/types.ts';
import type { SecretReader } from './types.ts';

/** A secret unused for so long is dropped from memory and read again when needed. */
export const SECRET_IDLE_MS = 5 * 60_000;

interface Kept {
  readonly reading: Promise<Values>;
  /** Set when the reading is done. */
  values: Values | null;
  usedAt: number;
}

/** Accounts' secrets in memory for a short while, so that a job asks the keychain once. Failed readings are not kept. */
export class SecretCache {
  readonly #read: SecretReader;
  readonly #steadyNow: () => number;
  readonly #kept = new Map<string, Kept>();
  #timer: NodeJS.Timeout | null = null;

  constructor(read: SecretReader, steadyNow: () => number) {
    this.#read = read;
    this.#steadyNow = steadyNow;
  }

  /** The account's secrets, at once when they are in memory. Callers at the same time share one reading. Rejects as the reader does. */
  get(accountId: string): Values | Promise<Values> {
    const now = this.#steadyNow();
    const known = this.#kept.get(accountId);
    if (known !== undefined && now - known.usedAt < SECRET_IDLE_MS) {
      known.usedAt = now;
      return known.values ?? known.reading;
    }
    const reading = this.#read(accountId);
    const kept: Kept = { reading, values: null, usedAt: now };
    this.#kept.set(accountId, kept);
    this.#arm();
    reading.then(
      (values) => {
        kept.values = values;
        kept.usedAt = this.#steadyNow();
      },
      () => {
        if (this.#kept.get(accountId) === kept) this.#kept.delete(accountId);
      },
    );
    return reading;
  }

  /** Drops one account's secrets, or all. */
  forget(accountId?: string): void {
    if (accountId === undefined) this.#kept.clear();
    else this.#kept.delete(accountId);
    if (this.#kept.size === 0 && this.#timer !== null) {
      clearTimeout(this.#timer);
      this.#timer = null;
    }
  }

  #arm(): void {
    this.#timer ??= setTimeout(() => this.#sweep(), SECRET_IDLE_MS).unref();
  }

  #sweep(): void {
    this.#timer = null;
    const now = this.#steadyNow();
    for (const [id, kept] of this.#kept) {
      if (kept.values !== null && now - kept.usedAt >= SECRET_IDLE_MS) this.#kept.delete(id);
    }
    if (this.#kept.size > 0) this.#arm();
  }
}
