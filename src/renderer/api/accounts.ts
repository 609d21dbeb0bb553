import type { AccountPatchInput, NewAccountInput } from '../../contract/account.ts';
import { call } from './client.ts';

export const listAccounts = () => call('accounts.list', undefined);
/** Adds an account; its secrets cross here, once, and are never read back. */
export const addAccount = (account: NewAccountInput) => call('accounts.add', account);
export const updateAccount = (id: string, patch: AccountPatchInput) => call('accounts.update', { id, patch });
export const replaceSecrets = (id: string, secrets: Readonly<Record<string, string>>) =>
  call('accounts.replaceSecrets', { id, secrets });
/** Takes the secret that is in the keychain now for the account's own. */
export const acceptSecrets = (id: string) => call('accounts.acceptSecrets', { id });
export const reorderAccounts = (ids: readonly string[]) => call('accounts.reorder', { ids: [...ids] });
export const testAccount = (id: string) => call('accounts.test', { id });
export const removeAccount = (id: string) => call('accounts.remove', { id });
export const readHealth = (id: string) => call('accounts.health', { id });
/** Writes, reads and deletes a probe item; may make the system ask the person to unlock. */
export const probeKeychain = () => call('keychain.probe', undefined);
