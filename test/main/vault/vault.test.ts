import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/contract/errors.ts';
import type { Keychain, NewAccount, Vault } from '../../../src/main/vault/index.ts';
import { createMemoryKeychain, openVault } from '../../../src/main/vault/index.ts';
import type { KeychainTrouble } from '../../../src/main/vault/keychain-errors.ts';
import { keychainError } from '../../../src/main/vault/keychain-errors.ts';
import { pddAccount, twinAccount, vendors } from './fixtures.ts';

const START = Date.parse('2026-05-06T07:08:09.000Z');

/** A keychain as the system's, over a map; `trouble` makes it fail, `hush` makes reads and deletes keep silent as a locked Linux keyring does. */
class FakeKeychain implements Keychain {
  readonly kind = 'system';
  readonly items = new Map<string, string>();
  readonly log: string[] = [];
  trouble: KeychainTrouble | null = null;
  hush = false;

  #call(name: string, account: string): void {
    if (account !== '.probe') this.log.push(`${name} ${account}`);
    if (this.trouble && !(this.hush && name !== 'set')) throw keychainError(this.trouble, { platform: 'linux' });
  }
  async set(account: string, value: string): Promise<void> {
    this.#call('set', account);
    this.items.set(account, value);
  }
  async get(account: string): Promise<string | null> {
    this.#call('get', account);
    return this.trouble ? null : (this.items.get(account) ?? null);
  }
  async delete(account: string): Promise<boolean> {
    this.#call('delete', account);
    return this.trouble ? false : this.items.delete(account);
  }
}

let dir: string;
let keychain: FakeKeychain;
let clock: number;
let vault: Vault;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vault-'));
  keychain = new FakeKeychain();
  clock = START;
  vault = openVault({ dir, keychain, vendors, now: () => clock });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const path = (): string => join(dir, 'accounts.json');
const stored = (): { accounts: { id: string; label: string }[]; leftovers: string[] } =>
  JSON.parse(readFileSync(path(), 'utf8')) as { accounts: { id: string; label: string }[]; leftovers: string[] };

async function failure(run: Promise<unknown>): Promise<AppError> {
  const error: unknown = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`no AppError but ${String(error)}`);
  return error;
}

describe('add', () => {
  it('puts the secrets into one keychain item and the rest into the index', async () => {
    const account = await vault.add(pddAccount({ settings: { hexCase: 'upper' }, pacing: { perSecond: 2 } }));
    expect(account).toEqual({
      id: expect.stringMatching(/^pdd-[0-9a-f]{12}$/),
      label: 'Main shop',
      vendor: 'pdd',
      environment: 'live',
      baseUrl: 'https://kf.pdd.example',
      hosts: ['kf.pdd.example'],
      plain: { appId: 'app-1' },
      settings: { hexCase: 'upper' },
      pacing: { perSecond: 2 },
      createdAt: '2026-05-06T07:08:09.000Z',
      secretSavedAt: '2026-05-06T07:08:09.000Z',
    });
    expect([...keychain.items]).toEqual([[account.id, '{"v":1,"s":{"appSecret":"s3cret-of-the-main-shop"}}']]);
    expect(await vault.list()).toEqual([account]);
    expect(await vault.get(account.id)).toEqual(account);
    expect(await vault.readSecrets(account.id)).toEqual({ appSecret: 's3cret-of-the-main-shop' });
    expect(readFileSync(path(), 'utf8')).not.toContain('s3cret');
  });

  it('keeps several secrets, leaves empty optional ones out and never fills a default in', async () => {
    const two = await vault.add(
      pddAccount({ label: 'v', vendor: 'vending', secrets: { appSecret: 'one', signKey: '两' } }),
    );
    expect(await vault.readSecrets(two.id)).toEqual({ appSecret: 'one', signKey: '两' });
    const plain = { appKey: 'k' };
    const without = await vault.add(
      pddAccount({ label: 's', vendor: 'suning', plain, secrets: { appSecret: 'x', accessToken: '' } }),
    );
    expect(await vault.readSecrets(without.id)).toEqual({ appSecret: 'x' });
    expect((await vault.add(pddAccount({ settings: {} }))).settings).toEqual({});
  });

  const REFUSED: readonly (readonly [string, Partial<NewAccount>, string, string])[] = [
    ['no secret', { secrets: {} }, 'ACCOUNT_INVALID', 'appSecret'],
    ['an empty secret', { secrets: { appSecret: '' } }, 'ACCOUNT_INVALID', 'appSecret'],
    ['a space before a secret', { secrets: { appSecret: ' x' } }, 'ACCOUNT_INVALID', 'appSecret'],
    ['a line break after a secret', { secrets: { appSecret: 'x\n' } }, 'ACCOUNT_INVALID', 'appSecret'],
    ['a zero-width space after a secret', { secrets: { appSecret: 'x\u200b' } }, 'ACCOUNT_INVALID', 'appSecret'],
    ['a control character in a secret', { secrets: { appSecret: 'x\u0007y' } }, 'ACCOUNT_INVALID', 'appSecret'],
    ['half a pair in a secret', { secrets: { appSecret: 'x\ud800' } }, 'ACCOUNT_INVALID', 'appSecret'],
    ['a NUL in a secret', { secrets: { appSecret: 'x\0y' } }, 'KEYCHAIN_NUL', 'appSecret'],
    ['an unknown secret', { secrets: { appSecret: 'x', other: 'y' } }, 'ACCOUNT_INVALID', 'other'],
    ['a plain field among the secrets', { secrets: { appSecret: 'x', appId: 'y' } }, 'ACCOUNT_INVALID', 'appId'],
    ['a secret among the plain fields', { plain: { appId: 'x', appSecret: 'y' } }, 'ACCOUNT_INVALID', 'appSecret'],
    ['a full-width space around a plain field', { plain: { appId: 'x\u3000' } }, 'ACCOUNT_INVALID', 'appId'],
    ['a missing plain field', { plain: {} }, 'ACCOUNT_INVALID', 'appId'],
    ['an unknown setting', { settings: { colour: 'red' } }, 'ACCOUNT_INVALID', 'colour'],
    ['a choice that is none', { settings: { hexCase: 'mixed' } }, 'ACCOUNT_INVALID', 'hexCase'],
    ['no label', { label: '' }, 'ACCOUNT_INVALID', 'label'],
    ['a label of 81 characters', { label: 'x'.repeat(81) }, 'ACCOUNT_INVALID', 'label'],
    ['a space after the label', { label: 'x ' }, 'ACCOUNT_INVALID', 'label'],
    ['a control character in the label', { label: 'x\u001by' }, 'ACCOUNT_INVALID', 'label'],
    ['plain http', { baseUrl: 'http://kf.pdd.example' }, 'ACCOUNT_INVALID', 'baseUrl'],
    [
      'plain http, a test account',
      { environment: 'test', baseUrl: 'http://127.0.0.1:1' },
      'ACCOUNT_INVALID',
      'baseUrl',
    ],
    ['an address with a path', { baseUrl: 'https://kf.pdd.example/api' }, 'ACCOUNT_INVALID', 'baseUrl'],
    ['a live account on loopback', { baseUrl: 'https://127.0.0.1' }, 'ACCOUNT_INVALID', 'baseUrl'],
    ['a live account allowed to loopback', { hosts: ['kf.pdd.example', '127.0.0.1:80'] }, 'ACCOUNT_INVALID', 'hosts'],
    ['a host list without its own host', { hosts: ['open.pdd.example'] }, 'ACCOUNT_INVALID', 'hosts'],
    ['an empty host list', { hosts: [] }, 'ACCOUNT_INVALID', 'hosts'],
    ['a host that is a URL', { hosts: ['https://kf.pdd.example'] }, 'ACCOUNT_INVALID', 'hosts'],
    ['a twin without an address', { environment: 'twin' }, 'ACCOUNT_INVALID', 'baseUrl'],
    ['a twin away from loopback', { environment: 'twin', baseUrl: 'https://x.example' }, 'ACCOUNT_INVALID', 'baseUrl'],
    [
      'a twin allowed away from loopback',
      { environment: 'twin', baseUrl: 'http://127.0.0.1:1', hosts: ['127.0.0.1:1', 'kf.pdd.example'] },
      'ACCOUNT_INVALID',
      'hosts',
    ],
    ['a consent without a time', { consentAt: 'yes' }, 'ACCOUNT_INVALID', 'consentAt'],
    ['a consent at no time', { consentAt: '2026-99-99T00:00:00Z' }, 'ACCOUNT_INVALID', 'consentAt'],
  ];

  it.each(REFUSED)(
    'refuses %s, names the field in both languages, and keeps nothing',
    async (_name, more, code, field) => {
      const error = await failure(vault.add(pddAccount(more)));
      expect(error).toMatchObject({ code, data: { field } });
      expect(error.say('zh-CN')).toMatch(/\p{Script=Han}/u);
      expect(keychain.log).toEqual([]);
      expect(readdirSync(dir)).toEqual([]);
    },
  );

  it('never quotes the value of a refused secret', async () => {
    const error = await failure(vault.add(pddAccount({ secrets: { appSecret: ' hush-hush ' } })));
    expect(JSON.stringify([error.text, error.data, error.message, error.stack])).not.toContain('hush');
    expect(error.text.message.en).toBe(
      '"appSecret" (appSecret) begins or ends with a space, a line break or an invisible character.',
    );
    const long = await failure(
      vault.add(
        pddAccount({
          vendor: 'suning',
          plain: { appKey: 'k' },
          secrets: { appSecret: 'x', accessToken: 'y'.repeat(41) },
        }),
      ),
    );
    expect(long.data).toEqual({ field: 'accessToken' });
    expect(long.text.message.en).not.toContain('yyy');
  });

  it("checks a plain field's pattern and shows its example", async () => {
    const consentAt = '2026-05-06T00:00:00Z';
    const input = pddAccount({ vendor: 'polyv', plain: { appId: 'AB' }, consentAt });
    const error = await failure(vault.add(input));
    expect(error.data).toEqual({ field: 'appId' });
    expect(error.text.message.en).toContain('abcd12');
    expect((await vault.add({ ...input, plain: { appId: 'abcd12' } })).consentAt).toBe(consentAt);
  });

  it("asks for consent to the vendor's rule, quoting it, for all but twins", async () => {
    const input = pddAccount({ vendor: 'polyv', plain: { appId: 'abcd12' } });
    for (const environment of ['live', 'test'] as const) {
      const error = await failure(vault.add({ ...input, environment }));
      expect(error).toMatchObject({ code: 'CONSENT_REQUIRED', data: { vendor: 'polyv' } });
      expect(error.text.message.en).toContain('"never keep the secret on a client"');
      expect(error.text.message.zh).toContain('“不得把密钥放在客户端”');
    }
    expect(keychain.log).toEqual([]);
    const twin = await vault.add({ ...input, environment: 'twin', baseUrl: 'http://127.0.0.1:1' });
    expect(twin).not.toHaveProperty('consentAt');
  });

  it("takes the vendor's hosts, one's own, and a list, each once", async () => {
    const hosts = ['OPEN.pdd.example', 'shop.example:8443', 'open.pdd.example'];
    const account = await vault.add(pddAccount({ baseUrl: 'https://shop.example:8443/', hosts }));
    expect(account.baseUrl).toBe('https://shop.example:8443');
    expect(account.hosts).toEqual(['open.pdd.example', 'shop.example:8443']);
    const twin = await vault.add(twinAccount());
    expect(twin).toMatchObject({ baseUrl: 'http://127.0.0.1:8123', hosts: ['127.0.0.1:8123'] });
    const test = await vault.add(pddAccount({ label: 't', environment: 'test', baseUrl: 'https://127.0.0.1:9' }));
    expect(test.hosts).toEqual(['127.0.0.1:9']);
  });

  it('refuses a label that is taken, whatever its case, before the keychain is touched', async () => {
    const { id } = await vault.add(pddAccount());
    keychain.log.length = 0;
    for (const label of ['Main shop', 'MAIN SHOP', id]) {
      const error = await failure(vault.add(pddAccount({ label })));
      expect(error).toMatchObject({ code: 'ACCOUNT_EXISTS', data: { label: 'Main shop' } });
    }
    expect(keychain.log).toEqual([]);
  });

  it('adds one of two of the same label at once, and takes the other secret back', async () => {
    const results = await Promise.allSettled([vault.add(pddAccount()), vault.add(pddAccount())]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'ACCOUNT_EXISTS' } });
    expect([...keychain.items.keys()]).toEqual(stored().accounts.map(({ id }) => id));
    expect(stored().leftovers).toEqual([]);
  });

  it('writes the keychain first: when that fails there is no account', async () => {
    keychain.trouble = 'locked';
    expect(await failure(vault.add(pddAccount()))).toMatchObject({ code: 'KEYCHAIN_LOCKED' });
    expect(readdirSync(dir)).toEqual([]);
  });

  it('deletes later what a timed-out write may still put into the keychain', async () => {
    keychain.trouble = 'timeout_unsure';
    expect(await failure(vault.add(pddAccount()))).toMatchObject({ code: 'KEYCHAIN_TIMEOUT' });
    const [late = ''] = stored().leftovers;
    expect(late).toMatch(/^pdd-/);
    keychain.items.set(late, 'written after all');
    keychain.trouble = null;
    await vault.add(pddAccount());
    expect(keychain.items.has(late)).toBe(false);
    expect(stored().leftovers).toEqual([]);
  });

  it('takes the secret back when the index cannot be written', async () => {
    writeFileSync(path(), '{');
    expect(await failure(vault.add(pddAccount()))).toMatchObject({ code: 'ACCOUNTS_FILE_DAMAGED' });
    expect(keychain.log).toEqual([]);
    rmSync(dir, { recursive: true });
    const set = keychain.set.bind(keychain);
    keychain.set = async (account, value) => {
      await set(account, value);
      writeFileSync(dir, 'a file where the folder should be');
    };
    expect(await failure(vault.add(pddAccount()))).toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(keychain.items.size).toBe(0);
  });

  it('refuses more than the keychain holds, with the counts', async () => {
    const memory = openVault({ dir, keychain: createMemoryKeychain(), vendors });
    const room = 2560 - '{"v":1,"s":{"appSecret":""}}'.length;
    await memory.add(twinAccount({ secrets: { appSecret: 'x'.repeat(room) } }));
    const error = await failure(memory.add(twinAccount({ label: 'b', secrets: { appSecret: 'x'.repeat(room + 1) } })));
    expect(error).toMatchObject({ code: 'KEYCHAIN_TOO_LARGE', data: { bytes: 2561, limit: 2560 } });
  });
});

describe('find and get', () => {
  it('find by id and by label without regard to case, and name the known labels otherwise', async () => {
    expect((await failure(vault.get('x'))).text.remedy.en).toBe('No account has been added yet; add one first.');
    const one = await vault.add(pddAccount());
    await vault.add(twinAccount());
    expect(await vault.find(one.id)).toEqual(one);
    expect(await vault.find('main SHOP')).toEqual(one);
    const error = await failure(vault.find('shop'));
    expect(error).toMatchObject({ code: 'ACCOUNT_NOT_FOUND', data: { known: 'Main shop, Twin' } });
    expect(error.text.remedy).toEqual({ zh: '现有的账号：Main shop、Twin。', en: 'Known accounts: Main shop, Twin.' });
    expect(await failure(vault.get('Main shop'))).toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
  });
});

describe('readSecrets', () => {
  it('says that a secret is missing only when the keychain works', async () => {
    const { id } = await vault.add(pddAccount());
    keychain.trouble = 'locked';
    keychain.hush = true;
    expect(await failure(vault.readSecrets(id))).toMatchObject({ code: 'KEYCHAIN_LOCKED' });
    keychain.trouble = null;
    expect(await vault.readSecrets(id)).toEqual({ appSecret: 's3cret-of-the-main-shop' });
    keychain.items.clear();
    expect(await failure(vault.readSecrets(id))).toMatchObject({
      code: 'SECRET_MISSING',
      data: { account: 'Main shop' },
    });
    expect(keychain.items.size).toBe(0);
  });

  it('reads again after a probe that made the person unlock the keychain', async () => {
    const { id } = await vault.add(pddAccount());
    const set = keychain.set.bind(keychain);
    keychain.trouble = 'locked';
    keychain.hush = true;
    keychain.set = (account, value) => {
      keychain.trouble = null;
      return set(account, value);
    };
    expect(await vault.readSecrets(id)).toEqual({ appSecret: 's3cret-of-the-main-shop' });
  });

  it.each([
    ['no JSON', 's3cret-of-the-main-shop'],
    ['another version', '{"v":2,"s":{"appSecret":"s3cret-of-the-main-shop"}}'],
    ['no version', '{"s":{"appSecret":"s3cret-of-the-main-shop"}}'],
    ['a value that is no text', '{"v":1,"s":{"appSecret":7}}'],
    ['an empty value', '{"v":1,"s":{"appSecret":""}}'],
    ['more than it should', '{"v":1,"s":{"appSecret":"s3cret-of-the-main-shop"},"x":1}'],
    ['no required secret', '{"v":1,"s":{}}'],
  ])('calls an item damaged that has %s, and quotes nothing of it', async (_name, item) => {
    const { id } = await vault.add(pddAccount());
    keychain.items.set(id, item);
    const error = await failure(vault.readSecrets(id));
    expect(error).toMatchObject({ code: 'SECRET_DAMAGED', data: { account: 'Main shop' } });
    expect(error.cause).toBeUndefined();
    expect(JSON.stringify([error.text, error.data, error.stack])).not.toContain('s3cret');
  });

  it('passes every other keychain error on, and needs no this', async () => {
    const { id } = await vault.add(pddAccount());
    const { readSecrets } = vault;
    expect(await readSecrets(id)).toEqual({ appSecret: 's3cret-of-the-main-shop' });
    keychain.trouble = 'cancelled';
    expect(await failure(readSecrets(id))).toMatchObject({ code: 'KEYCHAIN_DENIED' });
    expect(await failure(readSecrets('none'))).toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
  });
});

describe('replaceSecrets', () => {
  it('replaces all secret fields and checks them as add does', async () => {
    const { id } = await vault.add(pddAccount({ vendor: 'vending', secrets: { appSecret: 'a', signKey: 'b' } }));
    await vault.replaceSecrets(id, { appSecret: 'c', signKey: 'd' });
    expect(await vault.readSecrets(id)).toEqual({ appSecret: 'c', signKey: 'd' });
    expect(await failure(vault.replaceSecrets(id, { appSecret: 'e' }))).toMatchObject({ data: { field: 'signKey' } });
    expect(await vault.readSecrets(id)).toEqual({ appSecret: 'c', signKey: 'd' });
    expect(await failure(vault.replaceSecrets('none', {}))).toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
  });
});

describe('update', () => {
  it('changes what is given and keeps the rest', async () => {
    const account = await vault.add(pddAccount({ settings: { hexCase: 'upper' } }));
    expect(await vault.update(account.id, { label: 'MAIN shop', pacing: { concurrency: 3 } })).toEqual({
      ...account,
      label: 'MAIN shop',
      pacing: { concurrency: 3 },
    });
    expect(
      await vault.update(account.id, { plain: { appId: 'app-2' }, settings: { hexCase: '' }, pacing: null }),
    ).toEqual({
      ...account,
      label: 'MAIN shop',
      plain: { appId: 'app-2' },
      settings: {},
    });
    expect(await vault.get(account.id)).toMatchObject({ plain: { appId: 'app-2' } });
    expect(keychain.log).toEqual([`set ${account.id}`]);
  });

  it('refuses what add refuses', async () => {
    const { id } = await vault.add(pddAccount());
    await vault.add(twinAccount());
    expect(await failure(vault.update(id, { label: 'twin' }))).toMatchObject({ code: 'ACCOUNT_EXISTS' });
    expect(await failure(vault.update(id, { plain: { appId: '' } }))).toMatchObject({ data: { field: 'appId' } });
    expect(await failure(vault.update(id, { baseUrl: 'http://kf.pdd.example' }))).toMatchObject({
      data: { field: 'baseUrl' },
    });
    expect(await failure(vault.update(id, { baseUrl: 'nonsense' }))).toMatchObject({ data: { field: 'baseUrl' } });
    expect(await failure(vault.update('none', {}))).toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
  });

  it("lets the allow-list follow the address among the vendor's own hosts", async () => {
    const { id } = await vault.add(pddAccount());
    expect(await vault.update(id, { baseUrl: 'https://open.pdd.example' })).toMatchObject({
      baseUrl: 'https://open.pdd.example',
      hosts: ['open.pdd.example'],
    });
    expect(await vault.update(id, { hosts: ['open.pdd.example', 'kf.pdd.example'] })).toMatchObject({
      hosts: ['open.pdd.example', 'kf.pdd.example'],
    });
  });

  it('never lets kept secrets go to a foreign host: they must be entered again with it', async () => {
    const { id } = await vault.add(pddAccount());
    for (const patch of [{ baseUrl: 'https://evil.example' }, { hosts: ['kf.pdd.example', 'evil.example'] }]) {
      const error = await failure(vault.update(id, patch));
      expect(error).toMatchObject({ code: 'ACCOUNT_INVALID', data: { field: 'hosts' } });
      expect(error.text.message.en).toContain('evil.example');
    }
    await vault.update(id, { baseUrl: 'https://own.example', secrets: { appSecret: 'new' } });
    expect(await vault.get(id)).toMatchObject({ baseUrl: 'https://own.example', hosts: ['own.example'] });
    expect(await vault.readSecrets(id)).toEqual({ appSecret: 'new' });
  });

  it('changes nothing in the index when the new secrets cannot be kept', async () => {
    const account = await vault.add(pddAccount());
    keychain.trouble = 'denied';
    const patch = { label: 'x', secrets: { appSecret: 'new' } };
    expect(await failure(vault.update(account.id, patch))).toMatchObject({ code: 'KEYCHAIN_DENIED' });
    expect(await vault.list()).toEqual([account]);
  });

  it("lets a twin's address move on loopback, as its port does at each start", async () => {
    const { id } = await vault.add(twinAccount());
    expect(await vault.update(id, { baseUrl: 'http://127.0.0.1:9' })).toMatchObject({ hosts: ['127.0.0.1:9'] });
    expect(await failure(vault.update(id, { baseUrl: 'https://kf.pdd.example' }))).toMatchObject({
      data: { field: 'baseUrl' },
    });
  });
});

describe('remove', () => {
  it('takes the account out of the index, then deletes its item', async () => {
    const { id } = await vault.add(pddAccount());
    let seen: unknown;
    const remove = keychain.delete.bind(keychain);
    keychain.delete = (account) => {
      seen ??= stored();
      return remove(account);
    };
    await vault.remove(id);
    expect(seen).toMatchObject({ accounts: [], leftovers: [id] });
    expect(stored()).toMatchObject({ accounts: [], leftovers: [] });
    expect(keychain.items.size).toBe(0);
    expect(await failure(vault.remove(id))).toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
  });

  it('is content when there was no item', async () => {
    const { id } = await vault.add(pddAccount());
    keychain.items.clear();
    await vault.remove(id);
    expect(stored()).toMatchObject({ accounts: [], leftovers: [] });
  });

  it.each([
    ['locked', true, 'KEYCHAIN_LOCKED'],
    ['denied', false, 'KEYCHAIN_DENIED'],
  ] as const)(
    'says when the item could not be deleted (%s), and deletes it with the next change',
    async (trouble, hush, code) => {
      const { id } = await vault.add(pddAccount());
      keychain.trouble = trouble;
      keychain.hush = hush;
      const error = await failure(vault.remove(id));
      expect(error).toMatchObject({ code, data: { account: 'Main shop', trouble } });
      expect(error.text.message.en).toContain(
        'Account "Main shop" is removed, but its secrets are still in the system keychain.',
      );
      expect(await vault.list()).toEqual([]);
      keychain.trouble = null;
      expect(keychain.items.has(id)).toBe(true);
      const other = await vault.add(pddAccount());
      expect([...keychain.items.keys()]).toEqual([other.id]);
      expect(stored().leftovers).toEqual([]);
    },
  );
});

describe('mark', () => {
  it('notes the use to the minute and every verification', async () => {
    const { id } = await vault.add(pddAccount());
    await vault.mark(id, 'used');
    expect((await vault.get(id)).lastUsedAt).toBe('2026-05-06T07:08:09.000Z');
    const before = statSync(path()).ino;
    clock += 59_999;
    await vault.mark(id, 'used');
    expect(statSync(path()).ino).toBe(before);
    clock += 1;
    await vault.mark(id, 'used');
    expect((await vault.get(id)).lastUsedAt).toBe('2026-05-06T07:09:09.000Z');
    clock = START;
    await vault.mark(id, 'used');
    expect((await vault.get(id)).lastUsedAt).toBe('2026-05-06T07:08:09.000Z');
    await vault.mark(id, 'verified');
    clock += 1;
    await vault.mark(id, 'verified');
    expect((await vault.get(id)).lastVerifiedAt).toBe('2026-05-06T07:08:09.001Z');
    expect(await failure(vault.mark('none', 'used'))).toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
  });

  it('forgets a verification with the secret or the credentials that it proved', async () => {
    const input = pddAccount();
    const { id } = await vault.add(input);
    const verified = async (): Promise<boolean> => (await vault.get(id)).lastVerifiedAt !== undefined;
    const changes: [boolean, () => Promise<unknown>][] = [
      [true, () => vault.update(id, { label: 'Renamed' })],
      [true, () => vault.update(id, { pacing: { perSecond: 1 } })],
      [false, () => vault.replaceSecrets(id, input.secrets)],
      [false, () => vault.update(id, { secrets: input.secrets })],
      [false, () => vault.update(id, { plain: input.plain })],
    ];
    for (const [kept, change] of changes) {
      await vault.mark(id, 'verified');
      await change();
      expect(await verified()).toBe(kept);
    }
  });
});

describe('a keychain in memory', () => {
  it("serves twins alone: no real account's secret goes in or comes out", async () => {
    const memory = openVault({ dir, keychain: createMemoryKeychain(), vendors });
    const real = await vault.add(pddAccount());
    const refused = [
      () => memory.add(pddAccount({ label: 'other' })),
      () => memory.add(pddAccount({ label: 'other', environment: 'test' })),
      () => memory.readSecrets(real.id),
      () => memory.replaceSecrets(real.id, { appSecret: 'x' }),
      () => memory.update(real.id, { secrets: { appSecret: 'x' } }),
      () => memory.remove(real.id),
    ];
    for (const refusal of refused) expect(await failure(refusal())).toMatchObject({ code: 'VAULT_TWINS_ONLY' });
    expect(await memory.list()).toEqual([real]);
    const twin = await memory.add(twinAccount());
    expect(await memory.readSecrets(twin.id)).toEqual({ appSecret: 's3cret-of-the-main-shop' });
    await memory.remove(twin.id);
    expect(await memory.list()).toEqual([real]);
    expect(await memory.probe()).toBe('ready');
  });

  it('leaves what is to be deleted from the system keychain to the system keychain', async () => {
    const { id } = await vault.add(pddAccount());
    keychain.trouble = 'locked';
    await failure(vault.remove(id));
    const memory = openVault({ dir, keychain: createMemoryKeychain(), vendors });
    await memory.add(twinAccount());
    expect(stored().leftovers).toEqual([id]);
  });
});

describe('the accounts file', () => {
  it('is refused when a secret stands in it, and the secret is not copied or quoted', async () => {
    await vault.add(pddAccount());
    const text = readFileSync(path(), 'utf8').replace(
      '"appId": "app-1"',
      '"appId": "app-1", "appSecret": "in-the-open"',
    );
    writeFileSync(path(), text);
    const error = await failure(vault.list());
    expect(error).toMatchObject({ code: 'ACCOUNTS_FILE_DAMAGED', data: { place: 'accounts[0].plain.appSecret' } });
    expect(error.text.message.en).toContain('a secret stands here in the open');
    expect(JSON.stringify([error.text, error.data])).not.toContain('in-the-open');
    expect(readdirSync(dir)).toEqual(['accounts.json']);
  });

  it('shows the changes of another process', async () => {
    const other = openVault({ dir, keychain, vendors });
    const { id } = await vault.add(pddAccount());
    expect(await other.readSecrets(id)).toEqual({ appSecret: 's3cret-of-the-main-shop' });
    await other.update(id, { label: 'renamed' });
    expect((await vault.get(id)).label).toBe('renamed');
  });
});

describe('probe', () => {
  it("tells the keychain's state", async () => {
    expect(await vault.probe()).toBe('ready');
    keychain.trouble = 'locked';
    keychain.hush = true;
    expect(await vault.probe()).toBe('locked');
  });
});

describe("an item's mark", () => {
  const SECRET = 's3cret-of-the-main-shop';
  const change = (id: string, secret: string): unknown =>
    keychain.items.set(id, `{"v":1,"s":{"appSecret":"${secret}"}}`);

  it('tells when something else changed the item, and stops its account alone', async () => {
    const { id } = await vault.add(pddAccount());
    const other = await vault.add(pddAccount({ label: 'Second', secrets: { appSecret: 'the second secret' } }));
    expect(vault.secretState(id)).toBe('not_read');
    expect(await vault.readSecrets(id)).toEqual({ appSecret: SECRET });
    expect(vault.secretState(id)).toBe('ok');
    change(id, 'planted by somebody');
    const error = await failure(vault.readSecrets(id));
    expect(error).toMatchObject({ code: 'SECRET_CHANGED', data: { account: 'Main shop' } });
    expect(JSON.stringify([error.text, error.data])).not.toContain('planted');
    expect([vault.secretState(id), vault.secretState(other.id)]).toEqual(['changed', 'not_read']);
    expect(await vault.readSecrets(other.id)).toEqual({ appSecret: 'the second secret' });
  });

  it('is made anew when the person accepts the change, or enters the secret again', async () => {
    const { id } = await vault.add(pddAccount());
    change(id, 'changed by myself');
    await vault.acceptSecrets(id);
    expect(await vault.readSecrets(id)).toEqual({ appSecret: 'changed by myself' });
    change(id, 'changed once more');
    await vault.replaceSecrets(id, { appSecret: SECRET });
    expect(await vault.readSecrets(id)).toEqual({ appSecret: SECRET });
    keychain.items.delete(id);
    expect((await failure(vault.acceptSecrets(id))).code).toBe('SECRET_MISSING');
    expect((await failure(vault.readSecrets(id))).code).toBe('SECRET_MISSING');
    expect(vault.secretState(id)).toBe('missing');
  });

  it('is salted and dear: two accounts of one secret have different ones, and no digest of it stands in the file', async () => {
    await vault.add(pddAccount());
    await vault.add(pddAccount({ label: 'Twice' }));
    const text = readFileSync(path(), 'utf8');
    const { marks } = JSON.parse(text) as { marks: Record<string, { salt: string; hash: string }[]> };
    const all = Object.values(marks).flat();
    expect(all).toHaveLength(2);
    expect(new Set(all.flatMap(({ salt, hash }) => [salt, hash])).size).toBe(4);
    for (const item of keychain.items.values()) {
      for (const plain of [SECRET, item]) {
        for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512']) {
          for (const coding of ['hex', 'base64', 'base64url'] as const) {
            expect(text).not.toContain(createHash(algorithm).update(plain).digest(coding).slice(0, 20));
          }
        }
      }
    }
  });

  it('of an account of before there were marks is made at its first reading', async () => {
    const { id } = await vault.add(pddAccount());
    const { marks: _marks, ...old } = JSON.parse(readFileSync(path(), 'utf8')) as { marks: unknown };
    writeFileSync(path(), JSON.stringify({ ...old, version: 1 }));
    expect(await vault.readSecrets(id)).toEqual({ appSecret: SECRET });
    change(id, 'changed later');
    expect((await failure(vault.readSecrets(id))).code).toBe('SECRET_CHANGED');
  });

  it('holds for the old item and the new where it is not known which of them the keychain has', async () => {
    const { id } = await vault.add(pddAccount());
    keychain.trouble = 'timeout_unsure';
    expect((await failure(vault.replaceSecrets(id, { appSecret: 'the next one' }))).code).toBe('KEYCHAIN_TIMEOUT');
    keychain.trouble = null;
    expect(await vault.readSecrets(id)).toEqual({ appSecret: SECRET });
    change(id, 'the next one');
    expect(await vault.readSecrets(id)).toEqual({ appSecret: 'the next one' });
    change(id, 'a third');
    expect((await failure(vault.readSecrets(id))).code).toBe('SECRET_CHANGED');
  });

  it('of an item that surely was not written is not kept', async () => {
    const { id } = await vault.add(pddAccount());
    keychain.trouble = 'denied';
    expect((await failure(vault.replaceSecrets(id, { appSecret: 'refused' }))).code).toBe('KEYCHAIN_DENIED');
    keychain.trouble = null;
    change(id, 'refused');
    expect((await failure(vault.readSecrets(id))).code).toBe('SECRET_CHANGED');
  });

  it('goes with its account, and its key has an account’s one item', async () => {
    const { id } = await vault.add(pddAccount());
    await vault.update(id, { secrets: { appSecret: 'another' } });
    expect([...keychain.items.keys()]).toEqual([id]);
    await vault.remove(id);
    expect(readFileSync(path(), 'utf8')).not.toContain('marks');
  });
});

describe('the order and colour of accounts', () => {
  it('are the person’s, and touch no keychain', async () => {
    const made: string[] = [];
    for (const label of ['a', 'b', 'c']) made.push((await vault.add(twinAccount({ label }))).id);
    const [a = '', b = '', c = ''] = made;
    const calls = keychain.log.length;
    await vault.reorder([c, a]);
    expect((await vault.list()).map(({ id }) => id)).toEqual([c, a, b]);
    await vault.reorder(['gone', b, c]);
    expect((await vault.list()).map(({ id }) => id)).toEqual([b, c, a]);
    expect((await vault.update(a, { colour: 'red' })).colour).toBe('red');
    expect((await vault.update(a, { label: 'A' })).colour).toBe('red');
    expect((await vault.update(a, { colour: null })).colour).toBeUndefined();
    expect(keychain.log.length).toBe(calls);
  });
});
