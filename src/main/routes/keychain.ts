import type { KeychainStateView } from '../../contract/account.ts';
import { AppError, type ErrorCode } from '../../contract/errors.ts';
import type { Keychain } from '../vault/index.ts';

/** What an error of the keychain says of its state; null where it speaks of the item alone. */
const STATES: Partial<Record<ErrorCode, KeychainStateView>> = {
  KEYCHAIN_NO_SERVICE: 'no_service',
  KEYCHAIN_LOCKED: 'locked',
  KEYCHAIN_DENIED: 'denied',
  KEYCHAIN_TIMEOUT: 'failed',
  KEYCHAIN_FAILED: 'failed',
};

/** A keychain whose state is learnt from its use: nothing is read to find it out. */
export interface WatchedKeychain {
  readonly keychain: Keychain;
  state(): KeychainStateView;
}

/** Watches a keychain; `hear` is told whenever its state becomes another. */
export function watchKeychain(inner: Keychain, hear: (state: KeychainStateView) => void): WatchedKeychain {
  let state: KeychainStateView = 'not_checked';

  function learn(next: KeychainStateView): void {
    if (next === state) return;
    state = next;
    hear(state);
  }

  /** `proves`: a locked Linux keyring answers a read with null and a deletion with false, which say nothing. */
  async function watched<T>(call: Promise<T>, proves: (value: T) => boolean): Promise<T> {
    try {
      const value = await call;
      if (proves(value)) learn('ready');
      return value;
    } catch (error) {
      const found = error instanceof AppError ? STATES[error.code] : undefined;
      if (found !== undefined) learn(found);
      throw error;
    }
  }

  return {
    keychain: {
      kind: inner.kind,
      set: (account, value) => watched(inner.set(account, value), () => true),
      get: (account) => watched(inner.get(account), (value) => value !== null),
      delete: (account) => watched(inner.delete(account), (deleted) => deleted),
    },
    state: () => state,
  };
}
