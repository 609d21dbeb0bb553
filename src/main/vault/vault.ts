import { randomBytes } from 'node:crypto';
import type { Account } from '../../contract/account.ts';
import { AppError } from '../../contract/errors.ts';
import type { Environment, VendorId } from '../../contract/vendor.ts';
import type { Values, VendorDefinition } from '../vendors/types.ts';
import type { AccountIndex, IndexJudge } from './accounts-file.ts';
import { foldLabel, openAccountsFile } from './accounts-file.ts';
import type { Keychain } from './keychain.ts';
import type { KeychainState } from './probe.ts';
import { diagnose, probe } from './probe.ts';
import {
  checkConsent,
  checkLabel,
  checkReaches,
  checkValues,
  invalid,
  ownHosts,
  plainFields,
  secretFields,
} from './rules.ts';
import { readItem, secretDamaged, writeItem } from './secret-item.ts';
import { accountExists, notFound, secretMissing, stillInKeychain, twinsOnly } from './vault-errors.ts';

export interface NewAccount {
  readonly label: string;
  readonly vendor: VendorId;
  readonly environment: Environment;
  /** An origin; the vendor's first own one by default. A twin's must be given. */
  readonly baseUrl?: string | undefined;
  /** `host` or `host:port`; the host of `baseUrl` by default. */
  readonly hosts?: readonly string[] | undefined;
  readonly plain: Values;
  readonly settings: Values;
  readonly secrets: Values;
  readonly pacing?: Account['pacing'] | undefined;
  /** When the person agreed to the vendor's rule, ISO 8601; needed where the vendor's definition asks for consent. */
  readonly consentAt?: string | undefined;
}

/** Changes of an account. In `plain` and `settings` the given keys replace their values, '' takes an optional one away; `pacing` null ends it. */
export interface AccountPatch {
  readonly label?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly hosts?: readonly string[] | undefined;
  readonly plain?: Values | undefined;
  readonly settings?: Values | undefined;
  readonly pacing?: Account['pacing'] | null | undefined;
  /** All secret fields anew; needed to send them to a host that is neither the vendor's own nor on the account's list. */
  readonly secrets?: Values | undefined;
}

/** Accounts in an index file, their secrets in the keychain. Everything rejects with AppErrors. */
export interface Vault {
  /** All accounts, in the order they were added. ACCOUNTS_FILE_DAMAGED, FILE_UNREADABLE, as everywhere below. */
  list(): Promise<readonly Account[]>;
  /** ACCOUNT_NOT_FOUND, with the known labels, when there is none. */
  get(id: string): Promise<Account>;
  /** By id or, without regard to case, by label. ACCOUNT_NOT_FOUND, with the known labels. */
  find(labelOrId: string): Promise<Account>;
  /** ACCOUNT_INVALID, ACCOUNT_EXISTS, CONSENT_REQUIRED, VAULT_TWINS_ONLY or a KEYCHAIN_… code; then nothing was added. */
  add(account: NewAccount): Promise<Account>;
  update(id: string, patch: AccountPatch): Promise<Account>;
  /** Replaces all secret fields of an account. */
  replaceSecrets(id: string, secrets: Values): Promise<void>;
  /**
   * Removes an account, then its secrets. Rejects with the keychain's code when the secrets could not be deleted: the account is gone all the
   * same, and they are deleted with the next change that reaches the keychain.
   */
  remove(id: string): Promise<void>;
  /** The secret fields of an account. SECRET_MISSING, SECRET_DAMAGED, VAULT_TWINS_ONLY or a KEYCHAIN_… code. Needs no `this`. */
  readSecrets(id: string): Promise<Values>;
  /** Notes that an account was used (to the minute) or passed its test. */
  mark(id: string, what: 'used' | 'verified'): Promise<void>;
  /** Whether secrets can be kept and read now. */
  probe(): Promise<KeychainState>;
}

export interface VaultOptions {
  /** Folder of the accounts file; made when the first account is added. */
  readonly dir: string;
  readonly keychain: Keychain;
  /** The vendor registry. */
  readonly vendors: (id: VendorId) => VendorDefinition;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** `lastUsedAt` is not written again within this time: a job marks its account often. */
const USED_STEP_MS = 60_000;

function demand(index: AccountIndex, id: string): Account {
  const found = index.accounts.find((account) => account.id === id);
  if (!found) throw notFound(index.accounts);
  return found;
}

function demandFreeLabel(index: AccountIndex, label: string, exceptId: string | null): void {
  const folded = foldLabel(label);
  const taken = index.accounts.find(
    (other) => other.id !== exceptId && (foldLabel(other.label) === folded || other.id === folded),
  );
  if (!taken) return;
  throw accountExists(taken.label);
}

/** Refuses accounts in which a field of kind `secret` stands open. */
function secretsJudge(vendors: VaultOptions['vendors']): IndexJudge {
  return ({ accounts }) => {
    for (const [index, account] of accounts.entries()) {
      const definition = vendors(account.vendor);
      for (const field of [...definition.credentials, ...definition.settings]) {
        if (field.kind !== 'secret') continue;
        for (const part of ['plain', 'settings'] as const) {
          if (!Object.hasOwn(account[part], field.id)) continue;
          return {
            place: `accounts[${index}].${part}.${field.id}`,
            problem: {
              zh: '密钥以明文写在这里，密钥只能放在系统钥匙串',
              en: 'a secret stands here in the open; secrets belong in the system keychain alone',
            },
          };
        }
      }
    }
    return null;
  };
}

/** The account without the date on which its credentials were last proved. */
function unproved({ lastVerifiedAt: _proved, ...account }: Account): Account {
  return account;
}

/** The account after the patch, checked; its hosts follow its address unless they are given. */
function patched(account: Account, patch: AccountPatch, definition: VendorDefinition): Account {
  const oldHost = new URL(account.baseUrl).host;
  const baseUrl = patch.baseUrl ?? account.baseUrl;
  const followed = account.hosts.map((host) =>
    host === oldHost && URL.canParse(baseUrl) ? new URL(baseUrl).host : host,
  );
  const reaches = checkReaches(account.environment, baseUrl, patch.hosts ?? followed);
  const trusted = [...account.hosts, ...ownHosts(definition)];
  const foreign = reaches.hosts.find((host) => !trusted.includes(host));
  if (foreign !== undefined && account.environment !== 'twin' && patch.secrets === undefined) {
    throw invalid(
      'hosts',
      {
        zh: `${foreign} 不在这个账号的主机名单里，已保存的密钥不能改发到那里。`,
        en: `${foreign} is not on this account's list of hosts, so the kept secrets may not be sent there.`,
      },
      {
        zh: '如果确实要改，请同时重新填写密钥。',
        en: 'If the change is meant, enter the secrets again together with it.',
      },
    );
  }
  // What was proved was proved of the old secret, at the old address.
  const provedAnew = patch.secrets !== undefined || patch.plain !== undefined || reaches.baseUrl !== account.baseUrl;
  const { pacing: oldPacing, ...rest } = provedAnew ? unproved(account) : account;
  const pacing = patch.pacing === undefined ? oldPacing : (patch.pacing ?? undefined);
  return {
    ...rest,
    ...reaches,
    label: patch.label === undefined ? account.label : checkLabel(patch.label),
    plain: patch.plain ? checkValues(plainFields(definition), { ...account.plain, ...patch.plain }) : account.plain,
    settings: patch.settings
      ? checkValues(definition.settings, { ...account.settings, ...patch.settings })
      : account.settings,
    ...(pacing === undefined ? {} : { pacing }),
  };
}

function withAccount(index: AccountIndex, account: Account): AccountIndex {
  return { ...index, accounts: index.accounts.map((other) => (other.id === account.id ? account : other)) };
}

function without(leftovers: readonly string[], id: string): readonly string[] {
  return leftovers.filter((other) => other !== id);
}

/**
 * Opens the vault of a folder. Nothing is read until it is asked for; the keychain is touched only to add, change, remove or use an account.
 * On a keychain that is not the system's, every account but a twin's is refused (VAULT_TWINS_ONLY).
 */
// eslint-disable-next-line max-lines-per-function -- one closure holds the file and the keychain; each method in it is short
export function openVault(options: VaultOptions): Vault {
  const { keychain, vendors, now = Date.now } = options;
  const file = openAccountsFile(options.dir, secretsJudge(vendors));

  function demandKeychainFor(environment: Environment): void {
    if (keychain.kind === 'system' || environment === 'twin') return;
    throw twinsOnly();
  }

  /** Deletes an item; rejects unless it is surely gone. False alone does not say so: a locked Linux keyring gives it too. */
  async function deleteItem(id: string): Promise<void> {
    if (await keychain.delete(id)) return;
    const { error } = await diagnose(keychain);
    if (error) throw error;
    await keychain.delete(id);
  }

  async function remember(id: string): Promise<void> {
    await file.change((index) => ({
      next: { ...index, leftovers: [...without(index.leftovers, id), id] },
      result: undefined,
    }));
  }

  async function forget(id: string): Promise<void> {
    await file.change((index) => ({
      next: index.leftovers.includes(id) ? { ...index, leftovers: without(index.leftovers, id) } : index,
      result: undefined,
    }));
  }

  /** Deletes what is left of removed accounts; what can't be deleted yet stays on the list. */
  async function sweep(): Promise<void> {
    if (keychain.kind !== 'system') return;
    try {
      for (const id of (await file.read()).leftovers) {
        await deleteItem(id);
        await forget(id);
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }

  /** Takes an item back whose account was not added; what can't be deleted now goes on the list. */
  async function takeBack(id: string): Promise<void> {
    try {
      await deleteItem(id);
    } catch {
      await remember(id).catch(() => undefined);
    }
  }

  async function store(id: string, secrets: Values): Promise<void> {
    await keychain.set(id, writeItem(secrets));
  }

  async function add(input: NewAccount): Promise<Account> {
    demandKeychainFor(input.environment);
    const definition = vendors(input.vendor);
    const consentAt = checkConsent(definition, input.environment, input.consentAt);
    const account: Account = {
      id: `${input.vendor}-${randomBytes(6).toString('hex')}`,
      label: checkLabel(input.label),
      vendor: input.vendor,
      environment: input.environment,
      ...checkReaches(
        input.environment,
        input.baseUrl ?? (input.environment === 'twin' ? '' : (definition.hosts[0]?.url ?? '')),
        input.hosts,
      ),
      plain: checkValues(plainFields(definition), input.plain),
      settings: checkValues(definition.settings, input.settings),
      ...(input.pacing === undefined ? {} : { pacing: input.pacing }),
      ...(consentAt === undefined ? {} : { consentAt }),
      createdAt: new Date(now()).toISOString(),
    };
    const secrets = checkValues(secretFields(definition), input.secrets);
    demandFreeLabel(await file.read(), account.label, null);
    try {
      await store(account.id, secrets);
    } catch (error) {
      // the prompt may yet be answered and the item written
      if (error instanceof AppError && error.code === 'KEYCHAIN_TIMEOUT')
        await remember(account.id).catch(() => undefined);
      throw error;
    }
    try {
      await file.change((index) => {
        demandFreeLabel(index, account.label, null);
        return { next: { ...index, accounts: [...index.accounts, account] }, result: undefined };
      });
    } catch (error) {
      await takeBack(account.id);
      throw error;
    }
    await sweep();
    return account;
  }

  async function update(id: string, patch: AccountPatch): Promise<Account> {
    const apply = (index: AccountIndex): Account => {
      const account = demand(index, id);
      const next = patched(account, patch, vendors(account.vendor));
      demandFreeLabel(index, next.label, id);
      return next;
    };
    const checked = apply(await file.read());
    if (patch.secrets !== undefined) {
      demandKeychainFor(checked.environment);
      await store(id, checkValues(secretFields(vendors(checked.vendor)), patch.secrets));
    }
    return file.change((index) => {
      const account = apply(index);
      return { next: withAccount(index, account), result: account };
    });
  }

  async function replaceSecrets(id: string, secrets: Values): Promise<void> {
    const account = demand(await file.read(), id);
    demandKeychainFor(account.environment);
    await store(id, checkValues(secretFields(vendors(account.vendor)), secrets));
    await file.change((index) => ({ next: withAccount(index, unproved(demand(index, id))), result: undefined }));
    await sweep();
  }

  async function remove(id: string): Promise<void> {
    demandKeychainFor(demand(await file.read(), id).environment);
    const account = await file.change((index) => ({
      next: {
        accounts: index.accounts.filter((other) => other.id !== id),
        leftovers: [...without(index.leftovers, id), id],
      },
      result: demand(index, id),
    }));
    try {
      await deleteItem(id);
    } catch (error) {
      throw error instanceof AppError ? stillInKeychain(account, error) : error;
    }
    await forget(id);
    await sweep();
  }

  /** The item; where none is seen, the keychain is probed before that is believed, and it may have been unlocked by the probe. */
  async function seekItem(id: string): Promise<string | null> {
    const item = await keychain.get(id);
    if (item !== null) return item;
    const { error } = await diagnose(keychain);
    if (error) throw error;
    return keychain.get(id);
  }

  async function readSecrets(id: string): Promise<Values> {
    const account = demand(await file.read(), id);
    demandKeychainFor(account.environment);
    const item = await seekItem(id);
    if (item === null) {
      throw secretMissing(account.label);
    }
    const secrets = readItem(item, account.label);
    const lacking = secretFields(vendors(account.vendor)).some(
      (field) => field.required && !Object.hasOwn(secrets, field.id),
    );
    if (lacking) throw secretDamaged(account.label);
    return secrets;
  }

  async function mark(id: string, what: 'used' | 'verified'): Promise<void> {
    const time = now();
    await file.change((index) => {
      const account = demand(index, id);
      const at = new Date(time).toISOString();
      if (what === 'verified')
        return { next: withAccount(index, { ...account, lastVerifiedAt: at }), result: undefined };
      const since = time - Date.parse(account.lastUsedAt ?? '');
      const fresh = since >= 0 && since < USED_STEP_MS;
      return { next: fresh ? index : withAccount(index, { ...account, lastUsedAt: at }), result: undefined };
    });
  }

  return {
    list: async () => (await file.read()).accounts,
    get: async (id) => demand(await file.read(), id),
    async find(labelOrId) {
      const { accounts } = await file.read();
      const folded = foldLabel(labelOrId);
      const found =
        accounts.find(({ id }) => id === labelOrId) ?? accounts.find(({ label }) => foldLabel(label) === folded);
      if (!found) throw notFound(accounts);
      return found;
    },
    add,
    update,
    replaceSecrets,
    remove,
    readSecrets,
    mark,
    probe: () => probe(keychain),
  };
}
