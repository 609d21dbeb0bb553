import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyringHome, KeyringState } from '../support/keyring.ts';
import { createKeyringHome, missingForKeyring, runWithKeyring } from '../support/keyring.ts';

const missing = await missingForKeyring();
const CHILD = join(import.meta.dirname, 'child.ts');
const SECRET = 's3cret-of-the-main-shop';

let home: KeyringHome;
let vaultDir: string;

beforeEach(() => {
  home = createKeyringHome();
  vaultDir = join(home.dir, 'vault');
});
afterEach(() => home.remove());

async function play(scenario: string, state: KeyringState): Promise<Record<string, unknown>> {
  const ran = await runWithKeyring(home, state, [process.execPath, CHILD, scenario, vaultDir]);
  if (ran.code !== 0) throw new Error(`${scenario} ended with ${ran.code}\n${ran.stderr}`);
  return JSON.parse(ran.stdout) as Record<string, unknown>;
}

function accountsFile(): string {
  return readFileSync(join(vaultDir, 'accounts.json'), 'utf8');
}

describe.skipIf(missing.length > 0)('the real keyring, unlocked', () => {
  it("holds, returns, replaces and deletes an account's secrets, and leaves no item behind", async () => {
    expect(await play('life', 'unlocked')).toEqual({
      first: { appSecret: SECRET },
      second: { appSecret: 'second-secret' },
      reopened: { appSecret: 'second-secret' },
      held: 1,
      left: 0,
      gone: null,
    });
  });

  it('keeps Chinese, emoji, line breaks and exactly 2,560 bytes, and refuses 2,561 without touching what is held', async () => {
    const result = await play('texts', 'unlocked');
    expect(result).toMatchObject({ same: [true, true, true], kept: true, deleted: [true, false] });
    expect(result['tooLong']).toMatchObject({ code: 'KEYCHAIN_TOO_LARGE', bytes: 2561, limit: 2560 });
  });

  it('serves 100 accounts at once and 100 writes of one account in their order', async () => {
    expect(await play('parallel', 'unlocked')).toEqual({ read: 100, last: 'turn 99', deleted: 101, left: 0 });
  });

  it('is found ready by the probe, which leaves nothing', async () => {
    expect(await play('probe', 'unlocked')).toEqual({ state: 'ready', error: null, left: 0 });
  });

  it('says that a secret is missing when the keyring works and holds none', async () => {
    await play('add', 'unlocked');
    expect(await play('lost', 'unlocked')).toMatchObject({ code: 'SECRET_MISSING', account: 'Main shop' });
  });
});

describe.skipIf(missing.length > 0)('the real keyring, out of reach', () => {
  it('tells a locked keyring from a missing secret, keeps the secret, and gives it when it is unlocked again', async () => {
    await play('add', 'unlocked');
    const locked = await play('read', 'locked');
    expect(locked).toMatchObject({ code: 'KEYCHAIN_LOCKED', trouble: 'locked' });
    expect(locked['en']).toContain('Unlock the keyring with your login password');
    expect(locked['zh']).toContain('解锁密钥环');
    expect(await play('probe', 'locked')).toMatchObject({ state: 'locked' });
    expect(await play('read', 'unlocked')).toEqual({ ok: { appSecret: SECRET } });
  });

  it('adds no account to a locked keyring', async () => {
    await play('add', 'unlocked');
    expect(await play('addOther', 'locked')).toMatchObject({ code: 'KEYCHAIN_LOCKED' });
    expect(JSON.parse(accountsFile())).toMatchObject({ accounts: [{ label: 'Main shop' }] });
  });

  it('says that a removed account left its secret in a locked keyring, and deletes it with the next change', async () => {
    await play('add', 'unlocked');
    const removed = await play('remove', 'locked');
    expect(removed).toMatchObject({ code: 'KEYCHAIN_LOCKED', account: 'Main shop' });
    expect(removed['en']).toContain('"Main shop" is removed, but its secrets are still in the system keychain.');
    expect(JSON.parse(accountsFile())).toMatchObject({ accounts: [], leftovers: [expect.stringMatching(/^pdd-/)] });
    expect(await play('count', 'unlocked')).toEqual({ ok: 1 });
    await play('addOther', 'unlocked');
    expect(JSON.parse(accountsFile())).toMatchObject({ accounts: [{ label: 'Other shop' }], leftovers: [] });
    expect(await play('count', 'unlocked')).toEqual({ ok: 1 });
  });

  it('says that no keyring was created yet', async () => {
    const result = await play('add', 'locked');
    expect(result).toMatchObject({ code: 'KEYCHAIN_NO_SERVICE', trouble: 'no_keyring' });
    expect(result['en']).toContain('Sign in to a desktop session once, or create a keyring');
    expect(existsSync(join(vaultDir, 'accounts.json'))).toBe(false);
  });

  it.each([['no_bus'], ['no_service']] as const)('says what to do with %s', async (state) => {
    const result = await play('add', state);
    expect(result).toMatchObject({ code: 'KEYCHAIN_NO_SERVICE', trouble: 'no_service' });
    expect(result['en']).toContain('sudo apt install libsecret-1-0 gnome-keyring');
    expect(result['en']).toContain('never as plain text');
    expect(result['zh']).toContain('不会写成明文');
    expect(existsSync(join(vaultDir, 'accounts.json'))).toBe(false);
    expect(await play('probe', state)).toMatchObject({ state: 'no_service' });
  });
});

/** Every form in which a text file could hold a secret. */
function encodings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const wide = Buffer.from(secret, 'utf16le');
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    // base64 of a part of something longer starts at one of three offsets; the letters at its edges belong to the neighbours
    ...[0, 1, 2].map((shift) =>
      Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .slice(4, -4),
    ),
    bytes.toString('base64url'),
    wide.toString('latin1'),
    wide.toString('hex'),
    wide.swap16().toString('latin1'),
  ];
}

/** Every file under a folder. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe.skipIf(missing.length > 0)('the accounts file', () => {
  it('never holds the secret, in any encoding, nor does any other file or output', async () => {
    const ran = await runWithKeyring(home, 'unlocked', [process.execPath, CHILD, 'add', vaultDir]);
    expect(ran.code).toBe(0);
    const files = filesIn(home.dir);
    expect(files).toContain(join(vaultDir, 'accounts.json'));
    const held = [ran.stdout, ran.stderr, ...files.map((path) => readFileSync(path, 'latin1'))];
    for (const form of encodings(SECRET)) {
      expect(held.filter((content) => content.includes(form))).toEqual([]);
    }
  });

  it.each([
    ['raw', (text: string) => Buffer.from(text)],
    ['URL-encoded', (text: string) => Buffer.from(encodeURIComponent(text))],
    ['base64, shifted by nothing', (text: string) => Buffer.from(Buffer.from(text).toString('base64'))],
    ['base64, shifted by one', (text: string) => Buffer.from(Buffer.from(`.${text}.`).toString('base64'))],
    ['base64url, shifted by two', (text: string) => Buffer.from(Buffer.from(`..${text}`).toString('base64url'))],
    ['hex', (text: string) => Buffer.from(Buffer.from(text).toString('hex'))],
    ['UTF-16', (text: string) => Buffer.from(text, 'utf16le')],
  ])('would be caught by this search: %s', (_name, encode) => {
    const planted = encode(`{"appSecret":"${SECRET}"}`).toString('latin1');
    expect(encodings(SECRET).some((form) => planted.includes(form))).toBe(true);
  });
});
