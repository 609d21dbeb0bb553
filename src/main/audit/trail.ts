import { mkdir, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEntry, AuditVerdict, AuditWhat } from '../../contract/audit.ts';
import { z } from '../../contract/zod.ts';
import { replaceFile } from '../vault/accounts-file.ts';
import { chained, entriesOf, linesOf, ORIGIN, verifyChain, type Head } from './chain.ts';

/** What happened, without who and when, which the trail adds. Never a secret, never a customer's data. */
export interface AuditNote {
  readonly what: AuditWhat;
  readonly account?: { readonly id: string; readonly label: string } | undefined;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export interface AuditTrail {
  /** Adds a line, one after another, also with other processes. Never rejects: what keeps it from being written is told to `onError`. */
  note(note: AuditNote): Promise<void>;
  /** The newest first. */
  page(offset: number, limit: number): Promise<{ readonly total: number; readonly entries: readonly AuditEntry[] }>;
  /** Checks every line against the next and the end against the head. */
  verify(): Promise<AuditVerdict>;
  /** All of it as it lies on the disk: JSON lines, each with its hash, which anyone can check. */
  text(): Promise<string>;
}

export interface AuditOptions {
  /** The data folder. */
  readonly folder: string;
  readonly now?: () => number;
  readonly user?: string;
  readonly onError?: (error: unknown) => void;
}

const TRAIL = 'audit.jsonl';
const HEAD = 'audit-head.json';
const LOCK = 'audit.lock';
const LOCK_WAIT_MS = 20;
const LOCK_TRIES = 250;
/** A lock this old was left behind, whatever it says: one line takes milliseconds. */
const LOCK_STALE_MS = 10_000;

const headSchema = z.object({
  count: z.number().int().nonnegative(),
  hash: z.string().regex(/^[0-9a-f]{64}$/u),
  next: z
    .string()
    .regex(/^[0-9a-f]{64}$/u)
    .optional(),
});

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user that the system has no name for.
    return String(process.getuid?.() ?? '?');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Whether a lock's process is no more. */
async function isLeftBehind(path: string): Promise<boolean> {
  try {
    const [pid, { mtimeMs }] = [Number(await readFile(path, 'utf8')), await stat(path)];
    if (Date.now() - mtimeMs > LOCK_STALE_MS) return true;
    // It is written in two steps: one without a number is being made.
    if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return isCode(error, 'ESRCH');
  }
}

/** Holds the lock of the trail while `work` runs. */
async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if (!isCode(error, 'EEXIST') || tried === LOCK_TRIES) throw error;
      if (await isLeftBehind(path)) await rm(path, { force: true });
      else await delay(LOCK_WAIT_MS);
    }
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/**
 * The audit trail of a data folder: lines that hold the hash of the line before them, and apart from them the head, which says where they end. A
 * line that is altered, removed, inserted or moved is found, and so is an end that was cut off. Who may write both files can write both
 * anew: the head's hash, noted elsewhere, then tells.
 */
// eslint-disable-next-line max-lines-per-function -- one closure keeps the queue of writers to itself; each function in it is short
export function openAudit(options: AuditOptions): AuditTrail {
  const { folder, now = Date.now, user = userName(), onError = () => {} } = options;
  const paths = { trail: join(folder, TRAIL), head: join(folder, HEAD), lock: join(folder, LOCK) };
  const host = hostname();
  let last: Promise<unknown> = Promise.resolve();

  async function head(): Promise<Head | null> {
    const text = await textOf(paths.head);
    if (text === null) return null;
    try {
      return headSchema.parse(JSON.parse(text));
    } catch {
      return null;
    }
  }

  async function setHead(next: Head): Promise<void> {
    await replaceFile(paths.head, `${JSON.stringify(next)}\n`, async () => true);
  }

  /** Adds a line after the one that the head names, whatever lies there, so that a fault stays to be found. */
  async function append(note: AuditNote): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await locked(paths.lock, async () => {
      const known = await head();
      const before = known ?? { count: 0, hash: ORIGIN };
      const found = (await textOf(paths.trail)) ?? '';
      const text = withoutTorn(found, known);
      if (text !== found) await truncate(paths.trail, Buffer.byteLength(text));
      const ended = before.next !== undefined && endsWith(linesOf(text), before.next);
      const end: Head = ended ? { count: before.count + 1, hash: before.next ?? ORIGIN } : before;
      const { account, detail = {}, what } = note;
      const entry: AuditEntry = {
        n: end.count + 1,
        at: new Date(now()).toISOString(),
        user,
        host,
        what,
        ...(account === undefined ? {} : { account: { id: account.id, label: account.label } }),
        detail,
      };
      const line = chained(entry, end.hash);
      // The line is announced, written and confirmed, so that a crash in between is no fault.
      await setHead({ count: end.count, hash: end.hash, next: line.hash });
      const file = await open(paths.trail, 'a', 0o600);
      try {
        await file.appendFile(`${text === '' || text.endsWith('\n') ? '' : '\n'}${line.text}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await setHead({ count: end.count + 1, hash: line.hash });
    });
  }

  return {
    note(note) {
      const run = last.then(() => append(note)).catch((error: unknown) => onError(error));
      last = run;
      return run;
    },
    async page(offset, limit) {
      await last;
      const entries = entriesOf(linesOf((await textOf(paths.trail)) ?? '')).reverse();
      return { total: entries.length, entries: entries.slice(offset, offset + limit) };
    },
    async verify() {
      await last;
      const known = await head();
      return verifyChain(linesOf(withoutTorn((await textOf(paths.trail)) ?? '', known)), known);
    },
    async text() {
      await last;
      return (await textOf(paths.trail)) ?? '';
    },
  };
}

/** The text without a last line that was announced and torn off by a crash while it was written. */
function withoutTorn(text: string, head: Head | null): string {
  if (text.endsWith('\n') || head?.next === undefined) return text;
  const lines = linesOf(text);
  return lines.length === head.count + 1 && !endsWith(lines, head.next)
    ? text.slice(0, text.lastIndexOf('\n') + 1)
    : text;
}

function endsWith(lines: readonly string[], hash: string): boolean {
  return lines.at(-1)?.endsWith(`"hash":"${hash}"}`) === true;
}

/** A trail that keeps nothing: for the vendor twins, nothing of which is real. */
export const NO_TRAIL: AuditTrail = {
  note: () => Promise.resolve(),
  page: () => Promise.resolve({ total: 0, entries: [] }),
  verify: () => Promise.resolve({ ok: true, entries: 0, head: '', fault: null }),
  text: () => Promise.resolve(''),
};
