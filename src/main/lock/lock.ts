import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appError, type AppError } from '../../contract/errors.ts';
import { strengthOf } from '../../contract/passphrase.ts';
import { z } from '../../contract/zod.ts';
import { replaceFile } from '../vault/accounts-file.ts';

/** What the lock tells of itself: for the audit trail. */
export type LockEvent =
  | { readonly what: 'lock.set' | 'lock.removed' }
  | { readonly what: 'lock.locked'; readonly why: LockReason }
  | { readonly what: 'lock.unlocked'; readonly by: 'passphrase' | 'system' }
  | { readonly what: 'lock.failed'; readonly failures: number };

/** What locked the window. */
export type LockReason = 'person' | 'idle' | 'screen' | 'suspend';

export interface LockOptions {
  /** The data folder. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Told of everything, once it holds. */
  readonly onEvent?: (event: LockEvent) => void;
  /** Scrypt's cost; the default takes 64 MiB and some tenths of a second a try. */
  readonly cost?: { readonly N: number; readonly r: number; readonly p: number };
}

/** Whether the window is locked, and the passphrase that opens it, of which only a verifier is kept. */
export interface Lock {
  readonly isSet: () => boolean;
  readonly isLocked: () => boolean;
  /** How long until the next try is heard, ms. */
  readonly waitMs: () => number;
  /** Sets or changes the passphrase; a present one must be given. PASSPHRASE_WEAK, LOCK_PASSPHRASE, LOCK_WAIT. */
  setPassphrase(passphrase: string, current: string | null): Promise<void>;
  /** Takes the lock away. LOCK_PASSPHRASE, LOCK_WAIT. */
  remove(current: string): Promise<void>;
  /** Locks at once, before anything is written; answers false without a passphrase, or when it is locked already. */
  lock(why: LockReason): boolean;
  /** LOCK_PASSPHRASE with the wait before the next try, LOCK_WAIT when it came too soon. */
  unlock(passphrase: string): Promise<void>;
  /** The system has asked the person, who is the one. */
  unlockBySystem(): Promise<void>;
}

const NAME = 'lock.json';
const COST = { N: 2 ** 16, r: 8, p: 1 } as const;
const MOST_MEMORY = 256 * 1024 * 1024;
const HASH_BYTES = 32;
/** So many wrong tries cost nothing: a slip of the fingers. */
const FREE_TRIES = 3;
const FIRST_WAIT_MS = 2_000;
const MOST_WAIT_MS = 15 * 60_000;

const fileSchema = z.object({
  version: z.literal(1),
  verifier: z
    .object({
      N: z
        .number()
        .int()
        .min(2)
        .max(2 ** 18),
      r: z.number().int().min(1).max(16),
      p: z.number().int().min(1).max(4),
      salt: z.string().max(64),
      hash: z.string().max(64),
    })
    .nullable(),
  locked: z.boolean(),
  failures: z.number().int().nonnegative(),
  failedAt: z.number(),
});
type State = z.infer<typeof fileSchema>;
type Verifier = NonNullable<State['verifier']>;

const OPEN: State = { version: 1, verifier: null, locked: false, failures: 0, failedAt: 0 };

/** The wait after so many wrong tries in a row, ms: doubling, up to a quarter of an hour. */
export function waitAfter(failures: number): number {
  return failures < FREE_TRIES ? 0 : Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - FREE_TRIES));
}

function derive(passphrase: string, { N, r, p }: Pick<Verifier, 'N' | 'r' | 'p'>, salt: Buffer): Promise<Buffer> {
  const typed = Buffer.from(passphrase.normalize('NFKC'), 'utf8');
  return new Promise((resolve, reject) => {
    scrypt(typed, salt, HASH_BYTES, { N, r, p, maxmem: MOST_MEMORY }, (error, key) => {
      typed.fill(0);
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

async function isRight(passphrase: string, verifier: Verifier): Promise<boolean> {
  const found = await derive(passphrase, verifier, Buffer.from(verifier.salt, 'base64'));
  const kept = Buffer.from(verifier.hash, 'base64');
  return kept.length === found.length && timingSafeEqual(kept, found);
}

function wrongPassphrase(waitMs: number): AppError {
  const seconds = Math.ceil(waitMs / 1000);
  return appError(
    'LOCK_PASSPHRASE',
    { zh: '口令不对。', en: 'The passphrase is not the right one.' },
    seconds === 0
      ? { zh: '请检查大小写和输入法后重试。', en: 'Mind capitals and the input method, and try again.' }
      : { zh: `请等 ${seconds} 秒再试。`, en: `Wait ${seconds} s before you try again.` },
    { data: { waitMs, field: 'passphrase' } },
  );
}

function tooSoon(waitMs: number): AppError {
  const seconds = Math.ceil(waitMs / 1000);
  return appError(
    'LOCK_WAIT',
    { zh: '错了几次，现在还不能再试。', en: 'After several wrong tries the next one must wait.' },
    { zh: `请等 ${seconds} 秒。`, en: `Wait ${seconds} s.` },
    { data: { waitMs } },
  );
}

function weak(): AppError {
  return appError(
    'PASSPHRASE_WEAK',
    { zh: '口令太弱，容易被猜到。', en: 'The passphrase is too weak and would soon be guessed.' },
    { zh: '请用更长的口令，例如几个不相干的词。', en: 'Take a longer one, for instance a few unrelated words.' },
    { data: { field: 'passphrase' } },
  );
}

/** A file that cannot be read keeps nobody out: the lock guards a window, and the data is not encrypted by it. */
async function read(path: string): Promise<State> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return OPEN;
  }
}

/**
 * Opens the lock of a data folder. What was locked when the program ended is locked when it starts again, and the wait after wrong tries
 * holds across starts.
 */
export async function openLock(options: LockOptions): Promise<Lock> {
  return new FileLock(options, await read(join(options.folder, NAME)));
}

class FileLock implements Lock {
  readonly #options: LockOptions;
  readonly #now: () => number;
  #state: State;
  /** Tries are heard one after another, so that many at once are no way round the wait. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: LockOptions, state: State) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#state = { ...state, locked: state.locked && state.verifier !== null };
  }

  readonly isSet = (): boolean => this.#state.verifier !== null;
  readonly isLocked = (): boolean => this.#state.locked;

  readonly waitMs = (): number => {
    const { failures, failedAt } = this.#state;
    const left = failedAt + waitAfter(failures) - this.#now();
    // A clock that was set back must not lock the person out for years.
    return Math.max(0, Math.min(left, waitAfter(failures)));
  };

  setPassphrase(passphrase: string, current: string | null): Promise<void> {
    return this.#inTurn(async () => {
      if (strengthOf(passphrase) === 'weak') throw weak();
      if (this.#state.verifier !== null) await this.#demand(current ?? '');
      const cost = this.#options.cost ?? COST;
      const salt = randomBytes(16);
      const hash = await derive(passphrase, cost, salt);
      const verifier = { ...cost, salt: salt.toString('base64'), hash: hash.toString('base64') };
      await this.#write({ ...this.#state, verifier, failures: 0, failedAt: 0 });
      this.#options.onEvent?.({ what: 'lock.set' });
    });
  }

  remove(current: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state.verifier === null) return;
      await this.#demand(current);
      await this.#write(OPEN);
      this.#options.onEvent?.({ what: 'lock.removed' });
    });
  }

  lock(why: LockReason): boolean {
    if (this.#state.verifier === null || this.#state.locked) return false;
    this.#state = { ...this.#state, locked: true };
    this.#options.onEvent?.({ what: 'lock.locked', why });
    void this.#inTurn(() => this.#write(this.#state)).catch(() => undefined);
    return true;
  }

  unlock(passphrase: string): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#state.locked) return;
      await this.#demand(passphrase);
      await this.#open('passphrase');
    });
  }

  unlockBySystem(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state.locked) await this.#open('system');
    });
  }

  async #open(by: 'passphrase' | 'system'): Promise<void> {
    await this.#write({ ...this.#state, locked: false, failures: 0, failedAt: 0 });
    this.#options.onEvent?.({ what: 'lock.unlocked', by });
  }

  /** Lets the right passphrase pass. A try is counted before it is judged, so that ending the program in between is no free one. */
  async #demand(passphrase: string): Promise<void> {
    const { verifier } = this.#state;
    if (verifier === null) return;
    const wait = this.waitMs();
    if (wait > 0) throw tooSoon(wait);
    const before = this.#state;
    const failures = before.failures + 1;
    await this.#write({ ...before, failures, failedAt: this.#now() });
    if (await isRight(passphrase, verifier)) {
      await this.#write({ ...this.#state, failures: 0, failedAt: 0 });
      return;
    }
    this.#options.onEvent?.({ what: 'lock.failed', failures });
    throw wrongPassphrase(this.waitMs());
  }

  async #write(next: State): Promise<void> {
    const { folder } = this.#options;
    this.#state = next;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await replaceFile(join(folder, NAME), `${JSON.stringify(next)}\n`, async () => true);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }
}
