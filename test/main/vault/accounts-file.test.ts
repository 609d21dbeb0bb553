import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/contract/account.ts';
import type { AccountIndex, AccountsFile, IndexJudge } from '../../../src/main/vault/accounts-file.ts';
import { foldLabel, openAccountsFile } from '../../../src/main/vault/accounts-file.ts';

let root: string;
let dir: string;
let path: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'accounts-'));
  dir = join(root, 'deep', 'folder');
  path = join(dir, 'accounts.json');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const allWell: IndexJudge = () => null;

function account(id: string, more: Partial<Account> = {}): Account {
  return {
    id,
    label: `Label of ${id}`,
    vendor: 'pdd',
    environment: 'live',
    baseUrl: 'https://kf.pdd.example',
    hosts: ['kf.pdd.example'],
    plain: { appId: 'a' },
    settings: {},
    createdAt: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

async function append(file: AccountsFile, ...accounts: readonly Account[]): Promise<void> {
  await file.change((index) => ({
    next: { ...index, accounts: [...index.accounts, ...accounts] },
    result: undefined,
  }));
}

function put(text: string | Buffer): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(path, text);
}

function ids(index: AccountIndex): readonly string[] {
  return index.accounts.map(({ id }) => id);
}

describe('openAccountsFile', () => {
  it('is empty without a file, and reading makes none', async () => {
    expect(await openAccountsFile(dir, allWell).read()).toEqual({ accounts: [], leftovers: [] });
    expect(readdirSync(root)).toEqual([]);
  });

  it('writes a versioned file that only its owner can read, in a folder of its own, and leaves nothing beside it', async () => {
    const file = openAccountsFile(dir, allWell);
    await append(file, account('a'));
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ version: 1, accounts: [account('a')], leftovers: [] });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(readdirSync(dir)).toEqual(['accounts.json']);
    expect(await openAccountsFile(dir, allWell).read()).toEqual({ accounts: [account('a')], leftovers: [] });
  });

  it('replaces the file as a whole: who has the old one open keeps the old text', async () => {
    const file = openAccountsFile(dir, allWell);
    await append(file, account('a'));
    const before = statSync(path).ino;
    await append(file, account('b'));
    expect(statSync(path).ino).not.toBe(before);
  });

  it('does changes one after another', async () => {
    const file = openAccountsFile(dir, allWell);
    const names = Array.from({ length: 20 }, (_, index) => `a${index}`);
    await Promise.all(names.map((id) => append(file, account(id))));
    expect(ids(await file.read())).toEqual(names);
  });

  it('loses no change when two writers share the file', async () => {
    const [one, two] = [openAccountsFile(dir, allWell), openAccountsFile(dir, allWell)];
    await append(one, account('first'));
    let interrupted = false;
    const slow = one.change((index) => {
      if (!interrupted) {
        interrupted = true;
        put(JSON.stringify({ version: 1, accounts: [account('first'), account('between')] }));
      }
      return { next: { ...index, accounts: [...index.accounts, account('last')] }, result: ids(index) };
    });
    expect(await slow).toEqual(['first', 'between']);
    expect(ids(await two.read())).toEqual(['first', 'between', 'last']);
    expect(readdirSync(dir)).toEqual(['accounts.json']);
  });

  it("sees another writer's change, of the same size too, and reads an unchanged file once", async () => {
    const [one, two] = [openAccountsFile(dir, allWell), openAccountsFile(dir, allWell)];
    await append(one, account('a'));
    const first = await two.read();
    expect(ids(first)).toEqual(['a']);
    expect(await two.read()).toBe(first);
    await one.change(() => ({ next: { accounts: [account('b')], leftovers: [] }, result: undefined }));
    expect(ids(await two.read())).toEqual(['b']);
    put(readFileSync(path, 'utf8').replaceAll('"b"', '"c"'));
    utimesSync(path, 1, 1);
    expect(ids(await two.read())).toEqual(['c']);
    rmSync(path);
    expect(ids(await two.read())).toEqual([]);
  });

  it('writes nothing when an edit throws or changes nothing, and goes on with the next', async () => {
    const file = openAccountsFile(dir, allWell);
    await append(file, account('a'));
    const before = statSync(path).ino;
    const thrown = file.change(() => {
      throw new Error('no');
    });
    await expect(thrown).rejects.toThrow('no');
    expect(await file.change((index) => ({ next: index, result: 7 }))).toBe(7);
    expect(statSync(path).ino).toBe(before);
    await append(file, account('b'));
    expect(ids(await file.read())).toEqual(['a', 'b']);
  });

  it('takes a byte order mark, as Notepad writes, and a file without leftovers', async () => {
    put(`\ufeff${JSON.stringify({ version: 1, accounts: [account('a')] })}\r\n`);
    expect(await openAccountsFile(dir, allWell).read()).toEqual({ accounts: [account('a')], leftovers: [] });
  });
});

describe('a damaged accounts file', () => {
  const good = JSON.stringify({ version: 1, accounts: [account('a')] }, null, 1);
  const twice = (more: Partial<Account>): string =>
    JSON.stringify({ version: 1, accounts: [account('a'), account('b', more)] });

  it.each([
    ['empty', '', 'line 1, column 1'],
    ['cut off', '{"version":1,\n "accounts":[', 'line 2, column 14'],
    ['no JSON', 'hello', 'line 1, column 1'],
    ['no object', '[]', '.'],
    ['without a version', '{"accounts":[]}', 'version'],
    ['of a newer version', '{"version":3,"accounts":{}}', 'version'],
    ['with an unknown part', '{"version":1,"accounts":[],"secrets":{}}', '.'],
    ['with a bad id', good.replace('"id": "a"', '"id": "A!"'), 'accounts[0].id'],
    ['with a bad host', good.replace('"kf.pdd.example"\n', '7\n'), 'accounts[0].hosts[0]'],
    ['with one id twice', twice({ id: 'a' }), 'accounts[1].id'],
    ['with one label twice', twice({ label: 'LABEL of a' }), 'accounts[1].label'],
  ])('%s is named with its place, kept as it is, and copied once', async (_name, text, place) => {
    put(text);
    const file = openAccountsFile(dir, allWell);
    const error: unknown = await file.read().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ACCOUNTS_FILE_DAMAGED', data: { file: path, place } });
    expect(error).toHaveProperty('text.message.en', expect.stringContaining(`${path} is damaged at ${place}: `));
    expect(error).not.toHaveProperty('cause');
    await expect(append(file, account('z'))).rejects.toMatchObject({ code: 'ACCOUNTS_FILE_DAMAGED' });
    expect(readFileSync(path, 'utf8')).toBe(text);
    const copies = readdirSync(dir).filter((name) => name !== 'accounts.json');
    expect(copies).toEqual([expect.stringMatching(/^accounts\.json\.damaged-[0-9a-f]{8}$/)]);
    expect(readFileSync(join(dir, copies[0] ?? ''), 'utf8')).toBe(text);
  });

  it('is read again once it is mended', async () => {
    put('{');
    const file = openAccountsFile(dir, allWell);
    await expect(file.read()).rejects.toMatchObject({ data: { line: 1, column: 2 } });
    put(good);
    expect(ids(await file.read())).toEqual(['a']);
  });

  it('is not copied when the judge refuses a part of it, which may be a secret', async () => {
    put(good);
    const file = openAccountsFile(dir, () => ({ place: 'accounts[0].plain.x', problem: { zh: '不行', en: 'no' } }));
    await expect(file.read()).rejects.toMatchObject({
      code: 'ACCOUNTS_FILE_DAMAGED',
      data: { place: 'accounts[0].plain.x' },
    });
    expect(readdirSync(dir)).toEqual(['accounts.json']);
    expect(readFileSync(path, 'utf8')).toBe(good);
  });
});

describe('writing', () => {
  it('is refused by the judge before a byte is written', async () => {
    const judge: IndexJudge = ({ accounts }) =>
      accounts.length > 0 ? { place: 'accounts[0]', problem: { zh: '不行', en: 'not this' } } : null;
    const file = openAccountsFile(dir, judge);
    await expect(append(file, account('a'))).rejects.toThrow(
      'refused to write accounts[0] to the accounts file: not this',
    );
    expect(readdirSync(root)).toEqual([]);
  });

  it('drops what is no part of an account', async () => {
    const file = openAccountsFile(dir, allWell);
    await append(file, { ...account('a'), secrets: { appSecret: 'planted' } } as Account);
    expect(readFileSync(path, 'utf8')).not.toContain('planted');
  });

  it('names the file that cannot be read or written', async () => {
    mkdirSync(path, { recursive: true });
    const file = openAccountsFile(dir, allWell);
    await expect(file.read()).rejects.toMatchObject({ code: 'FILE_UNREADABLE', data: { file: path, errno: 'EISDIR' } });
    rmSync(path, { recursive: true });
    rmSync(dir, { recursive: true });
    writeFileSync(dir, 'a file where the folder should be');
    chmodSync(dir, 0o600);
    await expect(file.read()).rejects.toMatchObject({ code: 'FILE_UNREADABLE', data: { errno: 'ENOTDIR' } });
    rmSync(dir);
    const blocked = file.change((index) => {
      writeFileSync(dir, 'again');
      return { next: { ...index, accounts: [account('a')] }, result: undefined };
    });
    await expect(blocked).rejects.toMatchObject({ code: 'FILE_UNREADABLE', data: { file: path, errno: 'EEXIST' } });
  });
});

describe('foldLabel', () => {
  it('compares composed and decomposed letters and cases alike', () => {
    expect(foldLabel('Cafe\u0301 Ä')).toBe(foldLabel('caf\u00e9 ä'));
    expect(foldLabel('a')).not.toBe(foldLabel('b'));
  });
});
