import { keychainError } from './keychain-errors.ts';

/**
 * Where secrets are kept: one text an account. Every method rejects with an AppError of a `KEYCHAIN_…` code.
 * `memory` forgets everything when the process ends and serves vendor twins alone; the vault refuses real accounts on it.
 */
export interface Keychain {
  readonly kind: 'system' | 'memory';
  /** Writes or overwrites the item of an account; at most `MAX_ITEM_BYTES` of UTF-8. */
  set(account: string, value: string): Promise<void>;
  /** The item, or null when none is seen. On Linux a locked keyring also gives null: see `diagnose`. */
  get(account: string): Promise<string | null>;
  /** Whether an item was deleted. On Linux a locked keyring also gives false: see `diagnose`. */
  delete(account: string): Promise<boolean>;
}

/** Windows keeps at most 5 × 512 bytes in a credential (CRED_MAX_CREDENTIAL_BLOB_SIZE), so nothing longer is written anywhere. */
export const MAX_ITEM_BYTES = 2560;

/**
 * Refuses what some keychain would damage without saying so: an empty text (KEYCHAIN_EMPTY), a NUL, where libsecret cuts the text off
 * (KEYCHAIN_NUL), half a surrogate pair, which becomes U+FFFD (KEYCHAIN_FAILED), and more than `MAX_ITEM_BYTES` (KEYCHAIN_TOO_LARGE).
 */
export function checkItem(value: string): void {
  if (value === '') throw keychainError('empty');
  if (value.includes('\0')) throw keychainError('nul');
  if (!value.isWellFormed()) throw keychainError('malformed');
  const bytes = Buffer.byteLength(value, 'utf8');
  if (bytes > MAX_ITEM_BYTES) throw keychainError('too_large', { data: { bytes, limit: MAX_ITEM_BYTES } });
}
