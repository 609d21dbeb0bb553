import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KeytarModule, LateCompletion } from '../../../src/main/vault/keytar.ts';
import { SERVICE, createKeytarKeychain } from '../../../src/main/vault/keytar.ts';

/** keytar whose calls end when the test says so; `log` has their order. */
class SlowKeytar implements KeytarModule {
  readonly log: string[] = [];
  readonly #open: { readonly name: string; readonly end: (error?: Error) => void }[] = [];
  readonly #items = new Map<string, string>();

  #begin<T>(name: string, result: () => T): Promise<T> {
    this.log.push(name);
    return new Promise<T>((resolve, reject) => {
      this.#open.push({ name, end: (error) => (error ? reject(error) : resolve(result())) });
    });
  }
  setPassword(service: string, account: string, password: string): Promise<void> {
    return this.#begin(`set ${service} ${account}`, () => void this.#items.set(account, password));
  }
  getPassword(service: string, account: string): Promise<string | null> {
    return this.#begin(`get ${service} ${account}`, () => this.#items.get(account) ?? null);
  }
  deletePassword(service: string, account: string): Promise<boolean> {
    return this.#begin(`delete ${service} ${account}`, () => this.#items.delete(account));
  }
  /** Ends the oldest call under way. */
  async end(error?: Error): Promise<void> {
    const call = this.#open.shift();
    if (!call) throw new Error('no call is under way');
    call.end(error);
    await settle();
  }
  get underWay(): readonly string[] {
    return this.#open.map(({ name }) => name);
  }
}

/** Lets all promises that are ready run. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

function open(timeoutMs = 1000) {
  const keytar = new SlowKeytar();
  const late: LateCompletion[] = [];
  const keychain = createKeytarKeychain({
    service: 'x.y/',
    timeoutMs,
    load: async () => keytar,
    onLate: (completion) => late.push(completion),
    platform: 'linux',
  });
  return { keytar, keychain, late };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the service name', () => {
  it('is one that no other service name begins with or is a beginning of', () => {
    expect(SERVICE).toBe('com.order-console.secrets/');
    for (const service of ['', 'x', 'x.y', 'x/y/', '/', 'x*/', 'x y/', 'X/', 'x//']) {
      expect(() => createKeytarKeychain({ service })).toThrow('not a keychain service name');
    }
  });
});

describe('createKeytarKeychain', () => {
  it('loads keytar with the first call and says that it could not be loaded', async () => {
    const load = vi.fn(() => Promise.reject(new Error('Failed to load keytar native addon, checked [] on x')));
    const keychain = createKeytarKeychain({ service: 'x/', load, platform: 'linux' });
    expect(load).not.toHaveBeenCalled();
    await expect(keychain.get('a')).rejects.toMatchObject({
      code: 'KEYCHAIN_NO_SERVICE',
      data: { trouble: 'no_library' },
    });
  });

  it('sets, gets and deletes one item an account under its service', async () => {
    const { keytar, keychain } = open();
    expect(keychain.kind).toBe('system');
    const set = keychain.set('a', 'v');
    await settle();
    await keytar.end();
    await expect(set).resolves.toBeUndefined();
    const got = keychain.get('a');
    await settle();
    await keytar.end();
    await expect(got).resolves.toBe('v');
    const deleted = keychain.delete('a');
    await settle();
    await keytar.end();
    await expect(deleted).resolves.toBe(true);
    expect(keytar.log).toEqual(['set x.y/ a', 'get x.y/ a', 'delete x.y/ a']);
  });

  it.each([
    ['', 'KEYCHAIN_EMPTY', 'empty'],
    ['a\0b', 'KEYCHAIN_NUL', 'nul'],
    ['a\ud800b', 'KEYCHAIN_FAILED', 'malformed'],
    ['é'.repeat(1280) + 'x', 'KEYCHAIN_TOO_LARGE', 'too_large'],
  ])('refuses %j before keytar sees it', async (value, code, trouble) => {
    const { keytar, keychain } = open();
    await expect(keychain.set('a', value)).rejects.toMatchObject({ code, data: { trouble } });
    expect(keytar.log).toEqual([]);
  });

  it('counts UTF-8 bytes: 2,560 pass, 2,561 do not', async () => {
    const { keytar, keychain } = open();
    const set = keychain.set('a', 'é'.repeat(1280));
    await settle();
    await keytar.end();
    await expect(set).resolves.toBeUndefined();
    await expect(keychain.set('a', 'é'.repeat(1280) + 'x')).rejects.toMatchObject({
      data: { bytes: 2561, limit: 2560 },
    });
  });

  it('maps errors and goes on with the next call of the account', async () => {
    const { keytar, keychain } = open();
    const refused = keychain.set('a', 'top-secret');
    const checked = expect(refused).rejects.toMatchObject({
      code: 'KEYCHAIN_LOCKED',
      cause: { message: 'locked collection •••' },
    });
    const got = keychain.get('a');
    await settle();
    expect(keytar.underWay).toEqual(['set x.y/ a']);
    await keytar.end(new Error('locked collection top-secret'));
    await checked;
    expect(keytar.underWay).toEqual(['get x.y/ a']);
    await keytar.end();
    await expect(got).resolves.toBeNull();
  });

  it('runs the calls of one account in turn and at most two of all accounts at once', async () => {
    const { keytar, keychain } = open();
    const calls = [keychain.set('a', '1'), keychain.set('a', '2'), keychain.get('b'), keychain.get('c')];
    await settle();
    expect(keytar.underWay).toEqual(['set x.y/ a', 'get x.y/ b']);
    await keytar.end();
    expect(keytar.underWay).toEqual(['get x.y/ b', 'get x.y/ c']);
    await keytar.end();
    expect(keytar.underWay).toEqual(['get x.y/ c', 'set x.y/ a']);
    await keytar.end();
    await keytar.end();
    await Promise.all(calls);
  });

  it('times out, holds the account back until the call really ended, and tells its late end', async () => {
    const { keytar, keychain, late } = open(1000);
    const slow = keychain.set('a', 'v');
    const slowFails = expect(slow).rejects.toMatchObject({
      code: 'KEYCHAIN_TIMEOUT',
      data: { trouble: 'timeout_unsure', operation: 'set', timeoutMs: 1000 },
    });
    await vi.advanceTimersByTimeAsync(999);
    const next = keychain.get('a');
    await vi.advanceTimersByTimeAsync(1);
    await slowFails;
    expect(keytar.underWay).toEqual(['set x.y/ a']);
    expect(late).toEqual([]);
    await keytar.end();
    expect(late).toEqual([{ operation: 'set', account: 'a', outcome: 'done' }]);
    expect(keytar.underWay).toEqual(['get x.y/ a']);
    await keytar.end();
    await expect(next).resolves.toBe('v');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells a late failure too, and says of a read only that it timed out', async () => {
    const { keytar, keychain, late } = open(10);
    const fails = expect(keychain.get('a')).rejects.toMatchObject({
      code: 'KEYCHAIN_TIMEOUT',
      data: { trouble: 'timeout', operation: 'get' },
    });
    await vi.advanceTimersByTimeAsync(10);
    await fails;
    await keytar.end(new Error('User canceled the operation.'));
    expect(late).toEqual([{ operation: 'get', account: 'a', outcome: 'failed' }]);
  });

  it('never begins a call whose time ran out while it waited, and gives its place on', async () => {
    const { keytar, keychain, late } = open(1000);
    const stuck = [keychain.get('a'), keychain.get('b')].map((call) =>
      expect(call).rejects.toMatchObject({ code: 'KEYCHAIN_TIMEOUT' }),
    );
    const waiting = expect(keychain.set('c', 'v')).rejects.toMatchObject({
      code: 'KEYCHAIN_TIMEOUT',
      data: { trouble: 'timeout' },
    });
    await vi.advanceTimersByTimeAsync(1000);
    await Promise.all([...stuck, waiting]);
    await keytar.end();
    await keytar.end();
    expect(keytar.log).toEqual(['get x.y/ a', 'get x.y/ b']);
    expect(late.map(({ account }) => account)).toEqual(['a', 'b']);
    const after = keychain.get('c');
    await settle();
    await keytar.end();
    await expect(after).resolves.toBeNull();
  });

  it('waits two minutes by default and warns of a late end', async () => {
    const keytar = new SlowKeytar();
    const keychain = createKeytarKeychain({ service: 'x/', load: async () => keytar });
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    let ended = false;
    const fails = expect(keychain.delete('a').finally(() => (ended = true))).rejects.toMatchObject({
      data: { timeoutMs: 120_000 },
    });
    await vi.advanceTimersByTimeAsync(119_999);
    expect(ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await fails;
    await keytar.end();
    expect(warn).toHaveBeenCalledExactlyOnceWith('keychain delete of a done after its time-out', {
      code: 'KEYCHAIN_LATE',
    });
    warn.mockRestore();
  });
});
