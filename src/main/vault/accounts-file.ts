import { createHash, randomBytes } from 'node:crypto';
import { copyFile, constants, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Account } from '../../contract/account.ts';
import { accountSchema } from '../../contract/account.ts';
import type { AppError } from '../../contract/errors.ts';
import { appError } from '../../contract/errors.ts';
import type { Bilingual } from '../../contract/text.ts';
import { jsonFault } from './json-fault.ts';
import { markSchema, type Mark } from './marks.ts';

/** What the accounts file holds. `leftovers` are the ids of removed accounts whose keychain item is still to be deleted. */
export interface AccountIndex {
  readonly accounts: readonly Account[];
  readonly leftovers: readonly string[];
  /** What the accounts' items in the keychain are known by, by account; absent where none is kept. */
  readonly marks?: Readonly<Record<string, readonly Mark[]>>;
}

/** A part of an index that may not be in the file, and its place in it; null when all is well. */
export type IndexJudge = (index: AccountIndex) => { readonly place: string; readonly problem: Bilingual } | null;

export interface AccountsFile {
  readonly path: string;
  /** The present accounts; read again when another process changed the file. No file is no accounts. */
  read(): Promise<AccountIndex>;
  /** Changes the accounts, one change at a time. `edit` may be called again when another process wrote meanwhile; what it throws changes nothing. */
  change<T>(edit: (index: AccountIndex) => { readonly next: AccountIndex; readonly result: T }): Promise<T>;
}

const NAME = 'accounts.json';
/** Version 2 has marks; a file without any is written as the first version, which older consoles read. */
const VERSION = 2;
const EMPTY: AccountIndex = { accounts: [], leftovers: [] };
/** Antivirus programs and indexers on Windows hold a new file for a moment, so a refused rename is tried again. */
const RENAME_TRIES = 8;
const RENAME_WAIT_MS = 25;

const fileSchema = z.strictObject({
  version: z.union([z.literal(1), z.literal(VERSION)]),
  accounts: z.array(accountSchema),
  leftovers: z.array(z.string()).default([]),
  marks: z.record(z.string(), z.array(markSchema)).optional(),
});

const KEEP: Bilingual = {
  zh: '文件未被改动。请按所说的位置修正它，或移走它后重新添加账号；钥匙串里的密钥仍在。',
  en: 'The file was left as it is. Mend it at that place, or move it away and add the accounts again; the secrets are still in the keychain.',
};

function damaged(
  path: string,
  place: string,
  problem: Bilingual,
  data: Record<string, string | number> = {},
): AppError {
  return appError(
    'ACCOUNTS_FILE_DAMAGED',
    {
      zh: `账号文件 ${path} 已损坏（${place}）：${problem.zh}。`,
      en: `The accounts file ${path} is damaged at ${place}: ${problem.en}.`,
    },
    KEEP,
    { data: { file: path, place, ...data } },
  );
}

function errno(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function diskError(error: unknown, path: string, verb: Bilingual): AppError {
  const code = errno(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return appError(
      'DISK_FULL',
      {
        zh: `磁盘已满，账号文件 ${path} 无法写入。`,
        en: `The disk is full, so the accounts file ${path} cannot be written.`,
      },
      { zh: '请腾出磁盘空间后重试。', en: 'Free some disk space and try again.' },
      { data: { file: path }, cause: error },
    );
  }
  return appError(
    'FILE_UNREADABLE',
    {
      zh: `账号文件 ${path} 无法${verb.zh}（${code}）。`,
      en: `The accounts file ${path} could not be ${verb.en} (${code}).`,
    },
    {
      zh: '请检查该文件和文件夹的权限，并关闭占用它的程序。',
      en: 'Check the rights of the file and of its folder, and close programs that hold it.',
    },
    { data: { file: path, errno: code }, cause: error },
  );
}

/** `accounts[2].hosts[0]` from a path of keys. */
function placeOf(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text.replace(/^\./u, '') || '.';
}

/** The place of the first id or label (without regard to case) that a former account already has. */
function repeated(accounts: readonly Account[]): string | null {
  const seen = new Set<string>();
  for (const [index, account] of accounts.entries()) {
    for (const [key, value] of [
      ['id', `id ${account.id}`],
      ['label', `label ${foldLabel(account.label)}`],
    ] as const) {
      if (seen.has(value)) return placeOf(['accounts', index, key]);
      seen.add(value);
    }
  }
  return null;
}

/** A label as labels are compared: composed, without regard to case. */
export function foldLabel(label: string): string {
  return label.normalize('NFC').toLowerCase();
}

function parse(text: string, path: string): AccountIndex {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // the parser's message quotes the text, so it is not kept
    const fault = jsonFault(text) ?? { line: 1, column: 1 };
    const place = `line ${fault.line}, column ${fault.column}`;
    throw damaged(path, place, { zh: '此处不是合法的 JSON', en: 'this is no JSON' }, { ...fault });
  }
  if (typeof json === 'object' && json !== null && 'version' in json && typeof json.version === 'number') {
    if (json.version > VERSION) {
      throw damaged(path, 'version', {
        zh: `由更新版本的软件写成（${json.version}，本软件只认 ${VERSION}）`,
        en: `a newer version of the application wrote it (${json.version}; this one knows ${VERSION})`,
      });
    }
  }
  const checked = fileSchema.safeParse(json);
  if (!checked.success) {
    const place = placeOf(checked.error.issues[0]?.path ?? []);
    throw damaged(path, place, { zh: '内容缺失或类型不对', en: 'a value is missing or of the wrong kind' });
  }
  const { accounts, leftovers, marks } = checked.data;
  const index: AccountIndex = { accounts, leftovers, ...(marks === undefined ? {} : { marks }) };
  const again = repeated(index.accounts);
  if (again !== null) throw damaged(path, again, { zh: '与前面的账号重复', en: 'an account before it has the same' });
  return index;
}

/** Folder entries are made durable where the system lets a folder be opened (not on Windows). */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP'].includes(errno(error))) throw error;
  }
}

async function renameOver(from: string, to: string): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (tried === RENAME_TRIES || !['EPERM', 'EACCES', 'EBUSY'].includes(errno(error))) throw error;
      await delay(RENAME_WAIT_MS);
    }
  }
}

/**
 * Writes a whole new file beside the old one (0600), makes it durable, asks `stillWanted`, and only then puts it in the old one's place. A text
 * in pieces is made as it is written.
 */
export async function replaceFile(
  path: string,
  text: string | Uint8Array | Iterable<string> | AsyncIterable<string>,
  stillWanted: () => Promise<boolean>,
): Promise<boolean> {
  const fresh = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    const handle = await open(fresh, 'wx', 0o600);
    try {
      await handle.writeFile(text, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (!(await stillWanted())) return false;
    await renameOver(fresh, path);
    await syncFolder(dirname(path));
    return true;
  } finally {
    await rm(fresh, { force: true });
  }
}

/**
 * The accounts file of a folder (`accounts.json`, made with the folder by the first change). A damaged file is never overwritten: reading rejects
 * with ACCOUNTS_FILE_DAMAGED (file and place in its data), and a copy is kept beside it, one for each damaged content. `judge` is asked
 * before every write and after every read.
 */
// eslint-disable-next-line max-lines-per-function -- one closure keeps the cache and the queue of writers to itself
export function openAccountsFile(folder: string, judge: IndexJudge): AccountsFile {
  const path = join(folder, NAME);
  let cached: { readonly stamp: string; readonly index: AccountIndex } | null = null;
  let last: Promise<unknown> = Promise.resolve();

  /** Changes whenever the file does: every write of ours makes a new file. `none` where there is no file. */
  async function stampOf(): Promise<string> {
    try {
      const found = await stat(path, { bigint: true });
      return `${found.ino}:${found.size}:${found.mtimeNs}`;
    } catch (error) {
      if (errno(error) === 'ENOENT') return 'none';
      throw diskError(error, path, { zh: '读取', en: 'read' });
    }
  }

  async function keepCopy(text: string): Promise<void> {
    const copy = `${path}.damaged-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
    try {
      await copyFile(path, copy, constants.COPYFILE_EXCL);
    } catch {
      // there already, or the folder takes no files: the original stays in any case
    }
  }

  async function load(): Promise<{ readonly stamp: string; readonly index: AccountIndex }> {
    const stamp = await stampOf();
    if (cached?.stamp === stamp) return cached;
    if (stamp === 'none') return (cached = { stamp, index: EMPTY });
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      throw diskError(error, path, { zh: '读取', en: 'read' });
    }
    cached = null;
    let index: AccountIndex;
    try {
      index = parse(text.replace(/^\ufeff/u, ''), path);
    } catch (error) {
      await keepCopy(text);
      throw error;
    }
    // no copy here: what the judge refuses may be a secret
    const judged = judge(index);
    if (judged) throw damaged(path, judged.place, judged.problem);
    cached = { stamp, index };
    return cached;
  }

  async function write(next: AccountIndex, stamp: string): Promise<boolean> {
    const judged = judge(next);
    if (judged) throw new TypeError(`refused to write ${judged.place} to the accounts file: ${judged.problem.en}`);
    const { marks = {}, ...rest } = next;
    const version = Object.keys(marks).length === 0 ? { version: 1, ...rest } : { version: VERSION, ...rest, marks };
    const text = `${JSON.stringify(fileSchema.parse(version), null, 2)}\n`;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if (!(await replaceFile(path, text, async () => (await stampOf()) === stamp))) return false;
    } catch (error) {
      throw diskError(error, path, { zh: '写入', en: 'written' });
    }
    cached = null;
    return true;
  }

  async function changeNow<T>(edit: (index: AccountIndex) => { next: AccountIndex; result: T }): Promise<T> {
    for (;;) {
      const { stamp, index } = await load();
      const { next, result } = edit(index);
      if (next === index || (await write(next, stamp))) return result;
    }
  }

  return {
    path,
    read: async () => (await load()).index,
    change(edit) {
      const run = last.then(() => changeNow(edit));
      last = run.catch(() => undefined);
      return run;
    },
  };
}
