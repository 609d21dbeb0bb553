import { afterAll, describe, expect, it } from 'vitest';
import { createKeytarKeychain, diagnose } from '../../../src/main/vault/index.ts';

/**
 * The keychain contract on what Windows and macOS have of their own; on Linux test/keyring holds it in a session of its own. It writes to the
 * keychain of whoever runs it, so it runs in continuous integration or when it is asked for.
 */
const runs =
  process.platform !== 'linux' && (process.env['CI'] === 'true' || process.env['ORDER_CONSOLE_KEYCHAIN'] === '1');
const why =
  process.platform === 'linux' ? 'test/keyring has it on Linux' : 'ORDER_CONSOLE_KEYCHAIN=1 allows it to write there';

/** `length` bytes of UTF-8, most of them in three-byte characters. */
const ofBytes = (length: number): string => '密'.repeat(Math.floor(length / 3)) + 'x'.repeat(length % 3);

describe.skipIf(!runs)(`the system's own keychain (${why})`, () => {
  const keychain = createKeytarKeychain({ service: `com.order-console.contract-${process.pid}/`, timeoutMs: 60_000 });
  const names = ['texts', 'other', ...Array.from({ length: 20 }, (_, index) => `account-${index}`)];
  afterAll(() => Promise.all(names.map((name) => keychain.delete(name))));

  it('is found ready, and is left as it was', async () => {
    expect(await diagnose(keychain)).toMatchObject({ state: 'ready', error: null });
  });

  it('has nothing under a name that nobody wrote, and deletes nothing there', async () => {
    expect(await keychain.get('other')).toBeNull();
    expect(await keychain.delete('other')).toBe(false);
  });

  it('keeps Chinese, emoji, line breaks and exactly 2,560 bytes, and refuses one more without touching what it holds', async () => {
    for (const text of ['密钥 🔑 ﷽ é', 'line\nbreak\t"quotes" \\', ofBytes(2560)]) {
      await keychain.set('texts', text);
      expect(await keychain.get('texts')).toBe(text);
    }
    await expect(keychain.set('texts', ofBytes(2561))).rejects.toMatchObject({ code: 'KEYCHAIN_TOO_LARGE' });
    expect(await keychain.get('texts')).toBe(ofBytes(2560));
    expect([await keychain.delete('texts'), await keychain.get('texts')]).toEqual([true, null]);
  });

  it('keeps many apart that are written at once', async () => {
    const many = names.slice(2);
    await Promise.all(many.map((name) => keychain.set(name, `value of ${name}`)));
    expect(await Promise.all(many.map((name) => keychain.get(name)))).toEqual(many.map((name) => `value of ${name}`));
  });
});
