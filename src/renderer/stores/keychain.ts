import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { TryStep } from '../../contract/account.ts';
import type { BridgeError } from '../../contract/bridge.ts';
import type { ErrorText } from '../../contract/errors.ts';
import { probeKeychain } from '../api/accounts.ts';
import { errorOf } from '../api/client.ts';
import { useApp } from './app.ts';
import { onChange } from './on-change.ts';

/** The keychain as the person tries it out; its state is the app's. */
export const useKeychain = defineStore('keychain', () => {
  const app = useApp();
  const probing = ref(false);
  /** What the last probe found wrong, and what to do; gone when the state changes. */
  const why = shallowRef<ErrorText | null>(null);
  /** What the last probe was able to do. */
  const passed = shallowRef<readonly TryStep[]>([]);
  /** The probe itself could not be made. */
  const error = shallowRef<BridgeError | null>(null);

  /** Writes, reads and deletes a probe item; the system may ask the person to unlock. */
  async function probe(): Promise<void> {
    if (probing.value) return;
    probing.value = true;
    error.value = null;
    try {
      const found = await probeKeychain();
      app.keychain = found.state;
      why.value = found.error;
      passed.value = found.passed;
    } catch (thrown) {
      error.value = errorOf(thrown);
    } finally {
      probing.value = false;
    }
  }

  onChange(
    () => app.keychain,
    () => {
      why.value = null;
      passed.value = [];
    },
  );

  return { probing, passed, why, error, probe };
});
