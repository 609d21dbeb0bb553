import type { Keychain } from './keychain.ts';
import { checkItem } from './keychain.ts';
import { keychainError, mapKeychainError } from './keychain-errors.ts';

/** The part of keytar that is used. `findCredentials` is left out: on Windows it matches by prefix, on macOS it prompts item by item. */
export interface KeytarModule {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

/** A call that ended after its caller had been told KEYCHAIN_TIMEOUT. Holds no value. */
export interface LateCompletion {
  readonly operation: 'set' | 'get' | 'delete';
  readonly account: string;
  readonly outcome: 'done' | 'failed';
}

export interface KeytarKeychainOptions {
  /** Service name of all items: lower-case words with dots or hyphens, then one slash, so that none is a prefix of another. */
  readonly service: string;
  /** Longest wait for one call, milliseconds. A keychain prompt may stay open for minutes. */
  readonly timeoutMs?: number;
  /** Told of every late completion; by default a process warning says it. */
  readonly onLate?: (late: LateCompletion) => void;
  /** Loads keytar; injected by tests. */
  readonly load?: () => Promise<KeytarModule>;
  readonly platform?: NodeJS.Platform;
}

/** The service name of the console's own items. */
export const SERVICE = 'com.order-console.secrets/';
/** Time enough for a person to find and answer a keychain prompt, milliseconds. */
const TIMEOUT_MS = 120_000;
/**
 * Native calls under way at once. A call that waits for a prompt holds one of libuv's four threads, which also serve DNS and files:
 * two stay free, so that an unanswered prompt never stops the rest.
 */
const CALLS_AT_ONCE = 2;
const SERVICE_FORM = /^[a-z0-9]+(?:[.-][a-z0-9]+)*\/$/u;

/** keytar throws while it is loaded where libsecret is missing, so it is loaded by the first call. */
async function loadKeytar(): Promise<KeytarModule> {
  return (await import('keytar')).default;
}

function warnLate(late: LateCompletion): void {
  process.emitWarning(`keychain ${late.operation} of ${late.account} ${late.outcome} after its time-out`, {
    code: 'KEYCHAIN_LATE',
  });
}

/** At most `count` holders at once, in order of asking; resolves to the function that gives the place back. */
function places(count: number): () => Promise<() => void> {
  let free = count;
  const waiting: (() => void)[] = [];
  const giveBack = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return giveBack;
  };
}

/** Runs tasks of one key one after another, whatever they come to; tasks of different keys side by side. */
function sequencer(): (key: string, task: () => Promise<void>) => void {
  const tails = new Map<string, Promise<void>>();
  return (key, task) => {
    const tail = (tails.get(key) ?? Promise.resolve()).then(task, task).finally(() => {
      if (tails.get(key) === tail) tails.delete(key);
    });
    tails.set(key, tail);
  };
}

/**
 * The operating system's keychain through keytar: one item an account. Calls of one account run one after another. A call that takes longer than
 * `timeoutMs`, its wait included, rejects with KEYCHAIN_TIMEOUT: one not begun by then is never begun; one under way can't be stopped and
 * keeps its account's next call waiting, and its end is told to `onLate`.
 */
export function createKeytarKeychain(options: KeytarKeychainOptions): Keychain {
  const {
    service,
    timeoutMs = TIMEOUT_MS,
    onLate = warnLate,
    load = loadKeytar,
    platform = process.platform,
  } = options;
  if (!SERVICE_FORM.test(service)) throw new RangeError(`not a keychain service name: ${service}`);
  const inTurn = sequencer();
  const place = places(CALLS_AT_ONCE);

  function call<T>(
    operation: LateCompletion['operation'],
    account: string,
    native: (keytar: KeytarModule) => Promise<T>,
    item?: string,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let begun = false;
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        const unsure = begun && operation !== 'get';
        reject(keychainError(unsure ? 'timeout_unsure' : 'timeout', { platform, data: { operation, timeoutMs } }));
      }, timeoutMs);
      inTurn(account, async () => {
        const giveBack = await place();
        let late: LateCompletion;
        try {
          if (timedOut) return;
          begun = true;
          const value = await native(await load());
          // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the timer may have fired during the await
          if (!timedOut) resolve(value);
          late = { operation, account, outcome: 'done' };
        } catch (error) {
          if (!timedOut) reject(mapKeychainError(error, { platform, ...(item === undefined ? {} : { item }) }));
          late = { operation, account, outcome: 'failed' };
        } finally {
          clearTimeout(timer);
          giveBack();
        }
        if (timedOut) onLate(late);
      });
    });
  }

  return {
    kind: 'system',
    async set(account, value) {
      checkItem(value);
      await call('set', account, (keytar) => keytar.setPassword(service, account, value), value);
    },
    get: (account) => call('get', account, (keytar) => keytar.getPassword(service, account)),
    delete: (account) => call('delete', account, (keytar) => keytar.deletePassword(service, account)),
  };
}
