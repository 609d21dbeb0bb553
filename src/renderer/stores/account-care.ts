import type { ShallowRef } from 'vue';
import type { BridgeError } from '../../contract/bridge.ts';
import { acceptSecrets, reorderAccounts } from '../api/accounts.ts';
import { errorOf } from '../api/client.ts';
import { useAccountTests } from './account-tests.ts';
import type { Done } from './accounts.ts';
import { useApp } from './app.ts';

/** What the accounts' store hands over. */
export interface CareHome {
  readonly done: ShallowRef<Done | null>;
  readonly listError: ShallowRef<BridgeError | null>;
}

/** What is done with the list beside a form: it is read anew, a changed secret is accepted, an account gets another place. */
export function careFor({ done, listError }: CareHome): {
  readonly readList: () => Promise<void>;
  readonly accept: (id: string) => Promise<void>;
  readonly move: (id: string, by: number) => Promise<void>;
} {
  const app = useApp();
  const tests = useAccountTests();

  async function readList(): Promise<void> {
    try {
      await app.readAccounts();
    } catch (thrown) {
      listError.value ??= errorOf(thrown);
    }
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    listError.value = null;
    try {
      await work();
    } catch (thrown) {
      listError.value = errorOf(thrown);
    }
    await readList();
  }

  return {
    readList,
    /** Takes a secret that was changed in the keychain by something else for the account's own. */
    async accept(id) {
      await attempt(async () => {
        await acceptSecrets(id);
        tests.forget(id);
        done.value = { id, kind: 'accepted' };
      });
      await tests.learnHealth(id);
    },
    /** Moves an account up or down in the list by so many places. */
    async move(id, by) {
      const ids = app.accounts.map((one) => one.id);
      const at = ids.indexOf(id);
      const to = at + by;
      if (at === -1 || to < 0 || to >= ids.length) return;
      ids.splice(at, 1);
      ids.splice(to, 0, id);
      await attempt(() => reorderAccounts(ids));
    },
  };
}
