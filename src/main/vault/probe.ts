import { randomBytes } from 'node:crypto';
import type { TryStep } from '../../contract/account.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { AppError } from '../../contract/errors.ts';
import type { Keychain } from './keychain.ts';
import { keychainError } from './keychain-errors.ts';

/** Whether secrets can be kept and read now. */
export type KeychainState = 'ready' | 'locked' | 'denied' | 'no_service' | 'failed';

export interface Diagnosis {
  readonly state: KeychainState;
  /** What a person is told when it is not ready. */
  readonly error: AppError | null;
  /** What it was able to do, in this order. */
  readonly passed: readonly TryStep[];
}

/** No account's id can be this: ids hold no dot. One name for all, so that probes that were cut short never pile up. */
const PROBE_ITEM = '.probe';
const PROBE_VALUE = /^probe-[0-9a-f]{32}$/u;
/** Another process' probe may delete the item between our set and get. */
const READS = 3;

const STATES: Partial<Record<ErrorCode, KeychainState>> = {
  KEYCHAIN_NO_SERVICE: 'no_service',
  KEYCHAIN_LOCKED: 'locked',
  KEYCHAIN_DENIED: 'denied',
};

async function holds(keychain: Keychain, pass: (step: TryStep) => void): Promise<boolean> {
  for (let read = 0; read < READS; read += 1) {
    await keychain.set(PROBE_ITEM, `probe-${randomBytes(16).toString('hex')}`);
    pass('write');
    const found = await keychain.get(PROBE_ITEM);
    // another process' probe value proves the keychain as well as our own does
    if (found === null) continue;
    const right = PROBE_VALUE.test(found);
    if (right) pass('read');
    return right;
  }
  return false;
}

async function run(keychain: Keychain): Promise<Diagnosis> {
  const done = new Set<TryStep>();
  const passed = (): readonly TryStep[] => [...done];
  try {
    const ready = await holds(keychain, (step) => done.add(step));
    await keychain.delete(PROBE_ITEM);
    if (ready) done.add('delete');
    return ready
      ? { state: 'ready', error: null, passed: passed() }
      : { state: 'failed', error: keychainError('forgets'), passed: passed() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { state: STATES[error.code] ?? 'failed', error, passed: passed() };
  }
}

const underWay = new WeakMap<Keychain, Promise<Diagnosis>>();

/**
 * Writes, reads and deletes a probe item. This alone tells "locked" from "no such item" on Linux, where a locked keyring answers a read with
 * null and no error. May make the system ask a person to unlock; asked twice at once, it probes once. Never rejects with an AppError.
 */
export function diagnose(keychain: Keychain): Promise<Diagnosis> {
  const present = underWay.get(keychain);
  if (present) return present;
  const probing = run(keychain).finally(() => underWay.delete(keychain));
  underWay.set(keychain, probing);
  return probing;
}

/** The state that `diagnose` finds. */
export async function probe(keychain: Keychain): Promise<KeychainState> {
  return (await diagnose(keychain)).state;
}
