import { describe, expect, it } from 'vitest';
import { appError, type ErrorCode } from '../../../src/contract/errors.ts';
import { watchKeychain } from '../../../src/main/routes/keychain.ts';
import { createMemoryKeychain, type Keychain } from '../../../src/main/vault/index.ts';

const failing = (code: ErrorCode | null): Keychain => {
  const fail = (): Promise<never> =>
    Promise.reject(code === null ? new Error('x') : appError(code, { zh: '一', en: 'a' }, { zh: '二', en: 'b' }));
  return { kind: 'system', set: fail, get: fail, delete: fail };
};

describe('a watched keychain', () => {
  it('is not checked until a use proves it, and tells each change once', async () => {
    const heard: string[] = [];
    const { keychain, state } = watchKeychain(createMemoryKeychain(), (now) => heard.push(now));
    expect([keychain.kind, state()]).toEqual(['memory', 'not_checked']);
    // A locked Linux keyring says the same.
    expect([await keychain.get('a'), await keychain.delete('a'), state()]).toEqual([null, false, 'not_checked']);
    await keychain.set('a', 'secret');
    expect([await keychain.get('a'), state()]).toEqual(['secret', 'ready']);
    expect(await keychain.delete('a')).toBe(true);
    expect(heard).toEqual(['ready']);
  });

  it.each([
    ['KEYCHAIN_NO_SERVICE', 'no_service'],
    ['KEYCHAIN_LOCKED', 'locked'],
    ['KEYCHAIN_DENIED', 'denied'],
    ['KEYCHAIN_TIMEOUT', 'failed'],
    ['KEYCHAIN_FAILED', 'failed'],
    // These speak of the item, not of the keychain.
    ['KEYCHAIN_TOO_LARGE', 'not_checked'],
    ['KEYCHAIN_EMPTY', 'not_checked'],
    [null, 'not_checked'],
  ] as const)('that fails with %s is %s, and the error passes', async (code, wanted) => {
    for (const use of ['get', 'delete'] as const) {
      const { keychain, state } = watchKeychain(failing(code), () => {});
      await expect(keychain[use]('a')).rejects.toThrow(code === null ? 'x' : 'a');
      expect(state()).toBe(wanted);
    }
    const { keychain, state } = watchKeychain(failing(code), () => {});
    await expect(keychain.set('a', 'b')).rejects.toThrow();
    expect(state()).toBe(wanted);
  });
});
