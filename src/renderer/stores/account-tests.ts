import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { AccountTest, SecretStateView } from '../../contract/account.ts';
import type { BridgeError } from '../../contract/bridge.ts';
import { readHealth, testAccount } from '../api/accounts.ts';
import { errorOf } from '../api/client.ts';
import { useApp } from './app.ts';
import { onChange } from './on-change.ts';

/** How an account's test stands: under way, answered, or not even made. */
export type TestState =
  | { readonly kind: 'testing' }
  | { readonly kind: 'tested'; readonly result: AccountTest; readonly atMs: number }
  | { readonly kind: 'not_made'; readonly error: BridgeError };

/** The accounts' tests of this session, and what is learnt of their clocks. */
export const useAccountTests = defineStore('account-tests', () => {
  const app = useApp();
  const states = shallowRef<Readonly<Record<string, TestState>>>({});
  /** What the last reading of each account's secret said. */
  const secretStates = shallowRef<Readonly<Record<string, SecretStateView>>>({});

  function learnClock(id: string, offsetMs: number | null): void {
    if (offsetMs !== null) app.clocks = { ...app.clocks, [id]: offsetMs };
  }

  /** Tests an account: one call that changes nothing at its vendor, or none where the vendor has no such call. */
  async function test(id: string): Promise<void> {
    if (states.value[id]?.kind === 'testing') return;
    const begun: TestState = { kind: 'testing' };
    const note = (state: TestState): void => {
      // An answer to a test of what has changed meanwhile says nothing.
      if (state === begun || states.value[id] === begun) states.value = { ...states.value, [id]: state };
    };
    note(begun);
    try {
      const result = await testAccount(id);
      note({ kind: 'tested', result, atMs: Date.now() });
      learnClock(id, result.clockOffsetMs);
      // It has been used, and perhaps verified.
      await app.readAccounts();
    } catch (thrown) {
      note({ kind: 'not_made', error: errorOf(thrown) });
    }
    await learnHealth(id);
  }

  /** Forgets an account's test: what it tested has changed. */
  function forget(id: string): void {
    const { [id]: _void, ...others } = states.value;
    states.value = others;
  }

  /** What is known of an account without a call to its vendor: its clock, and whether the vendor asked to wait. */
  async function learnHealth(id: string): Promise<void> {
    try {
      const health = await readHealth(id);
      learnClock(id, health.clockOffsetMs);
      secretStates.value = { ...secretStates.value, [id]: health.secret };
      if (health.backingOffUntilMs !== null) app.backingOff = { ...app.backingOff, [id]: health.backingOffUntilMs };
    } catch {
      // Nobody asked for it: the screen then says that the clock is not known.
    }
  }

  // Another workspace has other accounts.
  onChange(
    () => app.state?.workspace,
    () => (states.value = {}),
  );

  return { states, secretStates, test, forget, learnHealth };
});
