import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Account, KeychainStateView } from '../../contract/account.ts';
import type { AppState } from '../../contract/routes.ts';
import type { Settings } from '../../contract/settings.ts';
import { DEFAULT_SETTINGS } from '../../contract/settings.ts';
import type { VendorDescriptor, VendorId } from '../../contract/vendor.ts';
import { listAccounts } from '../api/accounts.ts';
import { changeSettings, listVendors, readState, switchWorkspace } from '../api/app.ts';
import { hear } from '../api/client.ts';
import { language } from '../i18n/index.ts';

/** What the whole window shows: workspace, settings, vendors, accounts, the account in the top bar, health. */
export const useApp = defineStore('app', () => {
  const state = shallowRef<AppState | null>(null);
  const settings = shallowRef<Settings>(DEFAULT_SETTINGS);
  const vendors = shallowRef<readonly VendorDescriptor[]>([]);
  const accounts = shallowRef<readonly Account[]>([]);
  const keychain = ref<KeychainStateView>('not_checked');
  /** The account that Orders and Bulk update work with. */
  const accountId = ref<string | null>(null);
  /** The vendor's clock minus this machine's (ms) by account, as learnt. */
  const clocks = shallowRef<Readonly<Record<string, number>>>({});
  const backingOff = shallowRef<Readonly<Record<string, number>>>({});

  const account = computed(() => accounts.value.find(({ id }) => id === accountId.value) ?? null);
  const practice = computed(() => state.value?.workspace === 'practice');
  const rowHeight = computed(() => (settings.value.density === 'compact' ? 32 : 40));

  function vendor(id: VendorId): VendorDescriptor {
    const found = vendors.value.find((one) => one.id === id);
    if (found === undefined) throw new Error(`no vendor ${id}`);
    return found;
  }

  function takeState(next: AppState): void {
    state.value = next;
    settings.value = next.settings;
    language.value = next.language;
    keychain.value = next.keychain;
  }

  async function readAccounts(): Promise<void> {
    accounts.value = await listAccounts();
    if (account.value === null) accountId.value = accounts.value[0]?.id ?? null;
  }

  /** Reads all of it; before it is done no screen is shown. */
  async function start(): Promise<void> {
    const [next, known] = await Promise.all([readState(), listVendors(), readAccounts()]);
    vendors.value = known;
    takeState(next);
  }

  /** Goes to practice on the twins, or back to the person's own accounts. */
  async function goTo(workspace: 'real' | 'practice'): Promise<void> {
    takeState(await switchWorkspace(workspace));
    clocks.value = {};
    backingOff.value = {};
    accountId.value = null;
    await readAccounts();
  }

  async function change(patch: Partial<Settings>): Promise<void> {
    settings.value = await changeSettings(patch);
  }

  hear('settings', (next) => {
    settings.value = next.settings;
    language.value = next.language;
  });
  hear('keychain', (next) => (keychain.value = next));
  hear('clock', ({ accountId: id, offsetMs }) => (clocks.value = { ...clocks.value, [id]: offsetMs }));
  hear('backingOff', ({ accountId: id, untilMs }) => (backingOff.value = { ...backingOff.value, [id]: untilMs }));

  watch(language, (next) => (document.documentElement.lang = next), { immediate: true });

  return {
    state,
    settings,
    vendors,
    accounts,
    keychain,
    accountId,
    account,
    clocks,
    backingOff,
    practice,
    rowHeight,
    vendor,
    readAccounts,
    start,
    goTo,
    change,
  };
});
