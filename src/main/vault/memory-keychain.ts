import type { Keychain } from './keychain.ts';
import { checkItem } from './keychain.ts';

/** A keychain that forgets everything with the process, with the system's limits. For vendor twins and tests: the vault keeps real accounts off it. */
export function createMemoryKeychain(): Keychain {
  const items = new Map<string, string>();
  return {
    kind: 'memory',
    async set(account, value) {
      checkItem(value);
      items.set(account, value);
    },
    get: async (account) => items.get(account) ?? null,
    delete: async (account) => items.delete(account),
  };
}
