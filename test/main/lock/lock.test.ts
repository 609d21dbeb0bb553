import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/contract/errors.ts';
import { openLock, waitAfter, type Lock, type LockEvent } from '../../../src/main/lock/lock.ts';
import { findPlanted } from '../../support/planted.ts';

const RIGHT = 'tusk vineyard quarry 9';
const WRONG = 'tusk vineyard quarry 8';
const CHEAP = { N: 1_024, r: 8, p: 1 };

let dir: string;
let now: number;
let events: LockEvent[];
const open = (): Promise<Lock> =>
  openLock({ folder: dir, now: () => now, cost: CHEAP, onEvent: (event) => events.push(event) });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lock-'));
  now = 1_000_000_000_000;
  events = [];
});
afterEach(() => rmSync(dir, { recursive: true }));

async function codeOf(run: Promise<unknown>): Promise<string> {
  const error: unknown = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof AppError ? error.code : String(error);
}

async function ready(): Promise<Lock> {
  const lock = await open();
  await lock.setPassphrase(RIGHT, null);
  return lock;
}

describe('the lock', () => {
  it('cannot be closed without a passphrase, and takes no weak one', async () => {
    const lock = await open();
    expect([lock.isSet(), lock.lock('person'), lock.isLocked()]).toEqual([false, false, false]);
    expect(await codeOf(lock.setPassphrase('12345678', null))).toBe('PASSPHRASE_WEAK');
    expect(lock.isSet()).toBe(false);
  });

  it('is opened by its passphrase alone, however its signs are written', async () => {
    const lock = await open();
    await lock.setPassphrase('紫藤爬上旧屋檐 é', null);
    expect(lock.lock('idle')).toBe(true);
    expect(lock.lock('person')).toBe(false);
    expect(await codeOf(lock.unlock(WRONG))).toBe('LOCK_PASSPHRASE');
    expect(lock.isLocked()).toBe(true);
    await lock.unlock('紫藤爬上旧屋檐 é');
    expect(lock.isLocked()).toBe(false);
    expect(events).toEqual([
      { what: 'lock.set' },
      { what: 'lock.locked', why: 'idle' },
      { what: 'lock.failed', failures: 1 },
      { what: 'lock.unlocked', by: 'passphrase' },
    ]);
  });

  it('makes who guesses wait ever longer, also after a start', async () => {
    let lock = await ready();
    lock.lock('person');
    for (const wait of [0, 0, 2_000]) {
      expect(await codeOf(lock.unlock(WRONG))).toBe('LOCK_PASSPHRASE');
      expect(lock.waitMs()).toBe(wait);
    }
    expect(await codeOf(lock.unlock(RIGHT))).toBe('LOCK_WAIT');
    now += 2_000;
    expect(await codeOf(lock.unlock(WRONG))).toBe('LOCK_PASSPHRASE');
    expect(lock.waitMs()).toBe(4_000);
    lock = await open();
    expect([lock.isLocked(), lock.waitMs()]).toEqual([true, 4_000]);
    expect(await codeOf(lock.unlock(RIGHT))).toBe('LOCK_WAIT');
    // A clock that was set back keeps nobody out for longer than the wait.
    now -= 86_400_000;
    expect(lock.waitMs()).toBe(4_000);
    now += 2 * 86_400_000;
    await lock.unlock(RIGHT);
    expect([lock.isLocked(), lock.waitMs()]).toEqual([false, 0]);
    expect([3, 4, 10, 100].map(waitAfter)).toEqual([2_000, 4_000, 256_000, 900_000]);
  });

  it('hears tries one after another, so that many at once are no way round the wait', async () => {
    const lock = await ready();
    lock.lock('person');
    const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(lock.unlock(WRONG))));
    expect(codes.filter((code) => code === 'LOCK_PASSPHRASE')).toHaveLength(3);
    expect(codes.filter((code) => code === 'LOCK_WAIT')).toHaveLength(5);
    expect(await codeOf(lock.unlock(RIGHT))).toBe('LOCK_WAIT');
  });

  it('is closed when the program starts again after it ended locked', async () => {
    const lock = await ready();
    lock.lock('suspend');
    expect(lock.isLocked()).toBe(true);
    await lock.setPassphrase(RIGHT, RIGHT);
    expect((await open()).isLocked()).toBe(true);
  });

  it('wants the present passphrase before it is changed or taken away', async () => {
    const lock = await ready();
    const next = 'another long passphrase xq';
    expect(await codeOf(lock.setPassphrase(next, null))).toBe('LOCK_PASSPHRASE');
    expect(await codeOf(lock.remove(WRONG))).toBe('LOCK_PASSPHRASE');
    await lock.setPassphrase(next, RIGHT);
    await lock.remove(next);
    expect(lock.isSet()).toBe(false);
    expect((await open()).isSet()).toBe(false);
  });

  it('is opened by the system’s word', async () => {
    const lock = await ready();
    lock.lock('screen');
    await lock.unlockBySystem();
    expect(lock.isLocked()).toBe(false);
    expect(events.at(-1)).toEqual({ what: 'lock.unlocked', by: 'system' });
  });

  it('keeps a verifier, and never the passphrase', async () => {
    const lock = await ready();
    lock.lock('person');
    await codeOf(lock.unlock(WRONG));
    const file = readFileSync(join(dir, 'lock.json'));
    expect(findPlanted({ file, events: Buffer.from(JSON.stringify(events)) }, { RIGHT, WRONG })).toEqual([]);
    const { verifier } = JSON.parse(file.toString()) as { verifier: Record<string, unknown> };
    expect(Object.keys(verifier).sort()).toEqual(['N', 'hash', 'p', 'r', 'salt']);
  });

  it('is open where its file is damaged, or asks for more than ours', async () => {
    for (const text of ['', 'no json', '{"version":1}', '{"version":9,"locked":true}']) {
      writeFileSync(join(dir, 'lock.json'), text);
      const lock = await open();
      expect([lock.isSet(), lock.isLocked()]).toEqual([false, false]);
    }
  });
});
