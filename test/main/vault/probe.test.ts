import { describe, expect, it } from 'vitest';
import { createMemoryKeychain } from '../../../src/main/vault/memory-keychain.ts';
import type { Keychain } from '../../../src/main/vault/keychain.ts';
import type { KeychainTrouble } from '../../../src/main/vault/keychain-errors.ts';
import { keychainError } from '../../../src/main/vault/keychain-errors.ts';
import { diagnose, probe } from '../../../src/main/vault/probe.ts';

function keychain(parts: Partial<Keychain>): { keychain: Keychain; log: string[] } {
  const log: string[] = [];
  const memory = createMemoryKeychain();
  const whole: Keychain = { ...memory, ...parts };
  return {
    log,
    keychain: {
      kind: 'system',
      set: (account, value) => (log.push(`set ${account}`), whole.set(account, value)),
      get: (account) => (log.push(`get ${account}`), whole.get(account)),
      delete: (account) => (log.push(`delete ${account}`), whole.delete(account)),
    },
  };
}

describe('probe', () => {
  it('is ready when an item can be written, read and deleted, and leaves none', async () => {
    const { keychain: ready, log } = keychain({});
    expect(await diagnose(ready)).toEqual({ state: 'ready', error: null, passed: ['write', 'read', 'delete'] });
    expect(log).toEqual(['set .probe', 'get .probe', 'delete .probe']);
    expect(await ready.get('.probe')).toBeNull();
    expect(await probe(ready)).toBe('ready');
  });

  it.each([
    ['locked', 'locked'],
    ['denied', 'denied'],
    ['cancelled', 'denied'],
    ['no_service', 'no_service'],
    ['no_keyring', 'no_service'],
    ['no_library', 'no_service'],
    ['timeout', 'failed'],
    ['failed', 'failed'],
  ] as const satisfies readonly (readonly [KeychainTrouble, string])[])('%s is %s', async (trouble, state) => {
    const error = keychainError(trouble);
    const { keychain: refusing } = keychain({ set: () => Promise.reject(error) });
    expect(await diagnose(refusing)).toEqual({ state, error, passed: [] });
    expect(await probe(refusing)).toBe(state);
  });

  it('fails on a keychain that does not give back what it took, and deletes the item', async () => {
    const { keychain: forgetful, log } = keychain({ get: async () => null });
    const { state, error } = await diagnose(forgetful);
    expect(state).toBe('failed');
    expect(error).toMatchObject({ code: 'KEYCHAIN_FAILED', data: { trouble: 'forgets' } });
    expect(log.filter((call) => call === 'get .probe')).toHaveLength(3);
    expect(log.at(-1)).toBe('delete .probe');
    expect(await probe(keychain({ get: async () => 'something else' }).keychain)).toBe('failed');
  });

  it("takes another process' probe for as good as its own, and outlives its delete", async () => {
    const others = keychain({ get: async () => `probe-${'0'.repeat(32)}`, delete: async () => false });
    expect(await probe(others.keychain)).toBe('ready');
    let reads = 0;
    const memory = createMemoryKeychain();
    const racing = keychain({ ...memory, get: async (account) => (reads++ === 0 ? null : memory.get(account)) });
    expect(await probe(racing.keychain)).toBe('ready');
  });

  it('probes once when asked twice at once, and again later', async () => {
    const { keychain: ready, log } = keychain({});
    await Promise.all([diagnose(ready), diagnose(ready)]);
    expect(log).toHaveLength(3);
    await diagnose(ready);
    expect(log).toHaveLength(6);
  });

  it('does not hide a fault of our own', async () => {
    const { keychain: broken } = keychain({ set: () => Promise.reject(new TypeError('a bug')) });
    await expect(diagnose(broken)).rejects.toThrow('a bug');
  });
});
