import { defineStore } from 'pinia';
import { computed, nextTick, ref, shallowRef } from 'vue';
import type { BridgeError } from '../../contract/bridge.ts';
import type { VendorId } from '../../contract/vendor.ts';
import { addAccount, removeAccount, replaceSecrets, updateAccount } from '../api/accounts.ts';
import { errorOf } from '../api/client.ts';
import { stageSecrets } from '../api/rotation.ts';
import type { AccountDraft, Problems } from './account-draft.ts';
import {
  draftFor,
  draftOf,
  filled,
  foreignHosts,
  hostsOf,
  lacking,
  lackingSecrets,
  placedProblem,
  toNewAccount,
  toPatch,
} from './account-draft.ts';
import { careFor } from './account-care.ts';
import { typedProblems } from './format-checks.ts';
import { useAccountTests } from './account-tests.ts';
import { useApp } from './app.ts';
import { onChange } from './on-change.ts';

/** What is open beside the list: a new account's form, an account's form, or the dialog for new secrets. */
export type Open = { readonly kind: 'add' } | { readonly kind: 'edit' | 'replace' | 'stage'; readonly id: string };

/** What has just been done with an account. */
export interface Done {
  readonly id: string;
  readonly kind: 'added' | 'changed' | 'replaced' | 'staged' | 'accepted';
}

/** What the accounts screen shows: the account looked at, the form that stands open, what has just been done. */
export const useAccounts = defineStore('accounts', () => {
  const app = useApp();
  const tests = useAccountTests();

  const chosenId = ref<string | null>(null);
  const open = shallowRef<Open | null>(null);
  const draft = shallowRef<AccountDraft | null>(null);
  /** Secrets while they are typed. Cleared as soon as they are saved, and on leaving. */
  const secrets = ref<Record<string, string>>({});
  /** What was found wrong when it was to be saved. */
  const told = shallowRef<Problems>({});
  const error = shallowRef<BridgeError | null>(null);
  const saving = ref(false);
  /** The vault has asked for the secrets again, though this page did not see why. */
  const demanded = ref(false);
  const done = shallowRef<Done | null>(null);
  const removing = ref(false);
  /** What went wrong with the list itself: a removal, or reading it anew. */
  const listError = shallowRef<BridgeError | null>(null);

  const selected = computed(
    () => app.accounts.find(({ id }) => id === chosenId.value) ?? app.account ?? app.accounts[0] ?? null,
  );
  const edited = computed(() => {
    const now = open.value;
    return now === null || now.kind === 'add' ? null : (app.accounts.find(({ id }) => id === now.id) ?? null);
  });
  const vendor = computed(() => {
    const id = edited.value?.vendor ?? draft.value?.vendor;
    return id === undefined ? null : app.vendor(id);
  });
  /** Hosts in the form that the kept secret was never meant for. */
  const foreign = computed(() =>
    draft.value === null || edited.value === null || vendor.value === null
      ? []
      : foreignHosts(draft.value, edited.value, vendor.value),
  );
  /** Whether the form asks for secrets. */
  const wantsSecrets = computed(() => open.value?.kind !== 'edit' || foreign.value.length > 0 || demanded.value);
  /** What is wrong by field: as it was found on saving, and of the form of what is being typed. */
  const problems = computed((): Problems => ({
    ...typedProblems(draft.value, vendor.value, wantsSecrets.value ? secrets.value : {}),
    ...told.value,
  }));
  const dirty = computed(() => {
    if (Object.values(secrets.value).some((value) => value !== '')) return true;
    if (draft.value === null || vendor.value === null) return false;
    if (edited.value === null) return JSON.stringify(draft.value) !== JSON.stringify(draftFor(vendor.value, null));
    return toPatch(draft.value, edited.value, vendor.value, null) !== null;
  });

  function forgetSecrets(): void {
    secrets.value = {};
  }

  function show(next: Open | null, first: AccountDraft | null): void {
    forgetSecrets();
    open.value = next;
    draft.value = first;
    told.value = {};
    error.value = null;
    demanded.value = false;
    done.value = null;
    listError.value = null;
  }

  /** Closes what is open and forgets what was typed. */
  const close = (): void => show(null, null);

  /** Leaves the screen: a form stays as it is for the next time, without its secrets. */
  function leave(): void {
    forgetSecrets();
    if (open.value?.kind === 'replace' || open.value?.kind === 'stage') close();
    done.value = null;
    listError.value = null;
  }

  const beginAdd = (id?: VendorId): void =>
    show({ kind: 'add' }, id === undefined ? null : draftFor(app.vendor(id), null));

  function beginEdit(id: string): void {
    const account = app.accounts.find((one) => one.id === id);
    if (account !== undefined) show({ kind: 'edit', id }, draftOf(account, app.vendor(account.vendor)));
  }

  /** The dialog for new secrets: in the place of those in use, or beside them. */
  const beginSecrets = (kind: 'replace' | 'stage') => (id: string) => show({ kind, id }, null);

  /** Chooses the new account's vendor; the secrets of another one are forgotten. */
  function chooseVendor(id: VendorId): void {
    if (draft.value?.vendor === id) return;
    forgetSecrets();
    told.value = {};
    error.value = null;
    draft.value = draftFor(app.vendor(id), draft.value);
  }

  function fill(patch: Partial<AccountDraft>): void {
    if (draft.value !== null) draft.value = { ...draft.value, ...patch };
  }

  function select(id: string): void {
    if (id !== selected.value?.id) done.value = null;
    chosenId.value = id;
    listError.value = null;
  }

  /** An error beside its field, or on its own when it is about none that is shown. */
  function tell(thrown: unknown): void {
    const failure = errorOf(thrown);
    const placed = placedProblem(failure, vendor.value);
    if (placed === null) error.value = failure;
    else told.value = placed;
    const hosts = edited.value?.hosts;
    if (placed?.['hosts'] === undefined || hosts === undefined || draft.value === null) return;
    demanded.value ||= hostsOf(draft.value).some((host) => !hosts.includes(host));
  }

  const { readList, accept, move } = careFor({ done, listError });

  /** Makes a call with what was typed; its secrets are gone once it is saved, and stay after an error so that nothing is typed twice. */
  async function send(work: () => Promise<Done>): Promise<boolean> {
    saving.value = true;
    told.value = {};
    error.value = null;
    const mine = open.value;
    try {
      const next = await work();
      forgetSecrets();
      // The fields let go of them before they are taken away.
      await nextTick();
      tests.forget(next.id);
      if (open.value === mine) close();
      chosenId.value = next.id;
      done.value = next;
    } catch (thrown) {
      tell(thrown);
      return false;
    } finally {
      saving.value = false;
    }
    await readList();
    return true;
  }

  /** Adds or changes the account of the form; answers whether it is saved. */
  async function save(): Promise<boolean> {
    const [form, maker, account] = [draft.value, vendor.value, edited.value];
    // An account that was removed meanwhile is not added anew by its form.
    const gone = open.value?.kind === 'edit' && account === null;
    if (form === null || maker === null || saving.value || gone) return false;
    const typed = wantsSecrets.value ? secrets.value : null;
    const empty = lacking(form, maker, { wanted: typed !== null, values: secrets.value });
    if (Object.keys(empty).length > 0) {
      told.value = empty;
      error.value = null;
      return false;
    }
    if (account === null) {
      return send(async () => ({ id: (await addAccount(toNewAccount(form, maker, secrets.value))).id, kind: 'added' }));
    }
    const patch = toPatch(form, account, maker, typed);
    if (patch === null) {
      close();
      return true;
    }
    return send(async () => ({ id: (await updateAccount(account.id, patch)).id, kind: 'changed' }));
  }

  /** Replaces all secrets of the account in the dialog, or keeps them beside those in use; answers whether it is done. */
  async function replace(): Promise<boolean> {
    const [account, maker] = [edited.value, vendor.value];
    if (account === null || maker === null || saving.value) return false;
    told.value = lackingSecrets(maker, secrets.value, account.relay?.url);
    if (Object.keys(told.value).length > 0) return false;
    const given = filled(secrets.value);
    const staged = open.value?.kind === 'stage';
    return send(async () => {
      await (staged ? stageSecrets(account.id, given) : replaceSecrets(account.id, given));
      return { id: account.id, kind: staged ? 'staged' : 'replaced' };
    });
  }

  /** Removes an account and its secret. Where the secret could not be deleted, the error says so and the account is gone all the same. */
  async function remove(id: string): Promise<void> {
    removing.value = true;
    listError.value = null;
    done.value = null;
    try {
      await removeAccount(id);
    } catch (thrown) {
      listError.value = errorOf(thrown);
    }
    await readList();
    removing.value = false;
  }

  // Another workspace has other accounts.
  onChange(
    () => app.state?.workspace,
    () => {
      close();
      chosenId.value = null;
    },
  );
  return {
    open,
    draft,
    secrets,
    problems,
    error,
    saving,
    done,
    removing,
    listError,
    selected,
    edited,
    vendor,
    foreign,
    wantsSecrets,
    dirty,
    close,
    leave,
    beginAdd,
    beginEdit,
    forgetSecrets,
    beginReplace: beginSecrets('replace'),
    beginStage: beginSecrets('stage'),
    chooseVendor,
    fill,
    select,
    save,
    replace,
    remove,
    accept,
    move,
  };
});
