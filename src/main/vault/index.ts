export type { Keychain } from './keychain.ts';
export { MAX_ITEM_BYTES } from './keychain.ts';
export type { KeytarKeychainOptions, LateCompletion } from './keytar.ts';
export { SERVICE, createKeytarKeychain } from './keytar.ts';
export { createMemoryKeychain } from './memory-keychain.ts';
export type { Diagnosis, KeychainState } from './probe.ts';
export { diagnose, probe } from './probe.ts';
export type { AccountPatch, NewAccount, Vault, VaultOptions } from './vault.ts';
export { openVault } from './vault.ts';
