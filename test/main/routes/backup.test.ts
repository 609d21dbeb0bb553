import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewAccountInput } from '../../../src/contract/account.ts';
import { createMemoryKeychain, type Keychain } from '../../../src/main/vault/index.ts';
import { filesOf, findPlanted } from '../../support/planted.ts';
import { folderOf, inFolder, TestConsole } from './support.ts';

const SECRETS = { first: 'Pl4nted-first-secret-0123456789ab', second: 'Pl4nted-second-secret-0123456789a' };
const PASSPHRASE = 'Pl4nted passphrase tusk vineyard';

/** A system's keychain; `hidden` items are not to be had. */
class TestKeychain implements Keychain {
  readonly kind = 'system';
  reads = 0;
  readonly #inner = createMemoryKeychain();
  set = (id: string, value: string): Promise<void> => this.#inner.set(id, value);
  get = (id: string): Promise<string | null> => {
    if (id !== '.probe') this.reads += 1;
    return this.#inner.get(id);
  };
  delete = (id: string): Promise<boolean> => this.#inner.delete(id);
}

const folder = folderOf();
const keychain = new TestKeychain();
const consoles: TestConsole[] = [];
let test: TestConsole;
let backup = '';

async function open(name: string, on: Keychain): Promise<TestConsole> {
  const data = inFolder(folder.path, name);
  mkdirSync(data, { recursive: true });
  const made = await TestConsole.start(data, { workspace: 'real', keychain: () => on });
  consoles.push(made);
  return made;
}

beforeAll(async () => {
  test = await open('one', keychain);
});
afterAll(async () => {
  for (const one of consoles) await one.console.close();
  folder.remove();
});

const account = (label: string, appSecret: string): NewAccountInput => ({
  label,
  vendor: 'pdd',
  environment: 'live',
  plain: { appId: 'appid9', sellerNick: '店' },
  settings: {},
  secrets: { appSecret },
  consent: false,
});

async function choose(on: TestConsole, path: string): Promise<string> {
  on.desk.backup = path;
  const chosen = await on.call('backup.choose');
  if (chosen === null) throw new Error('nothing chosen');
  return chosen.fileId;
}

describe('a backup', () => {
  it('is refused a weak passphrase, and made where the person says', async () => {
    await test.call('accounts.add', account('North', SECRETS.first));
    await test.call('accounts.add', account('South', SECRETS.second));
    test.desk.saveTo = (name) => inFolder(folder.path, name);
    expect(await test.refusal('backup.make', { passphrase: '12345678' })).toMatchObject({ code: 'PASSPHRASE_WEAK' });
    const made = await test.call('backup.make', { passphrase: PASSPHRASE });
    expect(made).toMatchObject({
      accounts: 2,
      leftOut: [],
      file: { name: expect.stringMatching(/^order-console-\d{4}-\d\d-\d\d\.ocbackup$/), rows: 2 },
    });
    backup = inFolder(folder.path, made.file?.name ?? '');
    test.desk.saveTo = null;
    expect(await test.call('backup.make', { passphrase: PASSPHRASE })).toMatchObject({ file: null, accounts: 0 });
  });

  it('is compared without a look into the keychain: same, different by what, and new', async () => {
    const [north, south] = await test.call('accounts.list');
    if (north === undefined || south === undefined) throw new Error('too few accounts');
    const fileId = await choose(test, backup);
    const before = keychain.reads;
    const states = async (): Promise<unknown[]> =>
      (await test.call('backup.open', { fileId, passphrase: PASSPHRASE })).items.map(({ label, state, differs }) => [
        label,
        state,
        differs,
      ]);
    expect(await states()).toEqual([
      ['North', 'same', []],
      ['South', 'same', []],
    ]);
    await test.call('accounts.update', { id: north.id, patch: { label: 'Nord', colour: 'red' } });
    await test.call('accounts.replaceSecrets', { id: north.id, secrets: { appSecret: 'another-one-entirely' } });
    await test.call('accounts.remove', { id: south.id });
    expect(await states()).toEqual([
      ['North', 'different', ['label', 'colour', 'secret']],
      ['South', 'new', []],
    ]);
    expect(keychain.reads).toBe(before);
  });

  it('puts back what was chosen and nothing else', async () => {
    const fileId = await choose(test, backup);
    const opened = await test.call('backup.open', { fileId, passphrase: PASSPHRASE });
    const [north, south] = opened.items;
    if (north === undefined || south === undefined) throw new Error('too few accounts');
    const { restoreId } = opened;
    expect(await test.call('backup.restore', { restoreId, ids: [south.id] })).toEqual({ restored: 1 });
    expect((await test.call('accounts.list')).map(({ label }) => label)).toEqual(['Nord', 'South']);
    // It is closed with that.
    expect(await test.refusal('backup.restore', { restoreId, ids: [north.id] })).toMatchObject({ code: 'BACKUP_GONE' });
    const again = await test.call('backup.open', { fileId, passphrase: PASSPHRASE });
    await test.call('backup.restore', { restoreId: again.restoreId, ids: [north.id] });
    const [restored] = await test.call('accounts.list');
    expect(restored).toMatchObject({ id: north.id, label: 'North' });
    expect(restored?.colour).toBeUndefined();
    expect(JSON.parse((await keychain.get(north.id)) ?? '')).toEqual({ v: 1, s: { appSecret: SECRETS.first } });
    const last = await test.call('backup.open', { fileId, passphrase: PASSPHRASE });
    await test.call('backup.close');
    expect(await test.refusal('backup.restore', { restoreId: last.restoreId, ids: [] })).toMatchObject({
      code: 'BACKUP_GONE',
    });
    const whats = (await test.call('audit.page', { offset: 0, limit: 50 })).entries.map(({ what }) => what);
    expect(whats.filter((what) => what.startsWith('backup.'))).toEqual([
      'backup.restored',
      'backup.restored',
      'backup.made',
    ]);
  });

  it('fills another machine, under a label of its own where one is taken', async () => {
    const other = await open('two', { ...createMemoryKeychain(), kind: 'system' });
    await other.call('accounts.add', account('north', 'what-stands-here-already'));
    const fileId = await choose(other, backup);
    const { restoreId, items } = await other.call('backup.open', { fileId, passphrase: PASSPHRASE });
    expect(items.map(({ state }) => state)).toEqual(['new', 'new']);
    await other.call('backup.restore', { restoreId, ids: items.map(({ id }) => id) });
    expect((await other.call('accounts.list')).map(({ label }) => label)).toEqual(['north', 'North (2)', 'South']);
  });

  it('that is wrong, cut off, altered or no backup says which', async () => {
    const codeOf = async (bytes: Buffer | string, passphrase = PASSPHRASE): Promise<string> => {
      const path = inFolder(folder.path, 'odd.ocbackup');
      writeFileSync(path, bytes);
      const fileId = await choose(test, path);
      return (await test.refusal('backup.open', { fileId, passphrase })).code;
    };
    const bytes = readFileSync(backup);
    expect(await codeOf(bytes, 'another passphrase altogether')).toBe('BACKUP_PASSPHRASE');
    expect(await codeOf(bytes.subarray(0, -1))).toBe('BACKUP_TRUNCATED');
    expect(await codeOf(Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1)! ^ 1])]))).toBe(
      'BACKUP_ALTERED',
    );
    expect(await codeOf('订单号,备注\n')).toBe('BACKUP_FOREIGN');
    test.desk.backup = inFolder(folder.path, 'gone.ocbackup');
    expect((await test.refusal('backup.choose')).code).toBe('FILE_UNREADABLE');
    test.desk.backup = null;
    expect(await test.call('backup.choose')).toBeNull();
  });

  it('is no matter for practice', async () => {
    await test.call('app.workspace', 'practice');
    expect((await test.refusal('backup.make', { passphrase: PASSPHRASE })).code).toBe('VAULT_TWINS_ONLY');
    await test.call('app.workspace', 'real');
  });

  it('has let neither a secret nor its passphrase out, in the file or elsewhere', () => {
    const outputs: Record<string, Buffer> = {
      answers: Buffer.from(JSON.stringify(consoles.map(({ answers }) => answers))),
      events: Buffer.from(JSON.stringify(consoles.map(({ told, logged }) => [told, logged]))),
    };
    for (const path of filesOf(folder.path)) outputs[path] = readFileSync(path);
    expect(Object.keys(outputs).some((path) => path.endsWith('.ocbackup'))).toBe(true);
    expect(findPlanted(outputs, { ...SECRETS, PASSPHRASE })).toEqual([]);
    expect(findPlanted(outputs, { label: 'South' })).not.toEqual([]);
    renameSync(backup, `${backup}.done`);
  });
});
