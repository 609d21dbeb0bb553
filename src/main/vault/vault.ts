import { randomBytes } from 'node:crypto';
import type { Account, SecretStateView } from '../../contract/account.ts';
import type { AuditWhat } from '../../contract/audit.ts';
import { AppError } from '../../contract/errors.ts';
import type { Environment, VendorId } from '../../contract/vendor.ts';
import type { Values, VendorDefinition } from '../vendors/types.ts';
import type { AccountIndex, IndexJudge } from './accounts-file.ts';
import { foldLabel, openAccountsFile } from './accounts-file.ts';
import { createKeeper, withMarks } from './keeper.ts';
import type { Keychain } from './keychain.ts';
import type { Mark } from './marks.ts';
import type { KeychainState } from './probe.ts';
import { probe } from './probe.ts';
import {
  checkConsent,
  checkLabel,
  checkReaches,
  checkRelay,
  checkValues,
  invalid,
  ownHosts,
  plainFields,
  secretsOf,
} from './rules.ts';
import { restoreAccount } from './restoring.ts';
import { createRotation, settled, type Rotation } from './rotation.ts';
import type { Item } from './secret-item.ts';
import { accountExists, notFound, stillInKeychain, twinsOnly } from './vault-errors.ts';

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
  readonly colour?: Account['colour'] | undefined;
  /** The merchant's own relay that signs; `secrets` then has its token alone. */
  readonly relay?: Account['relay'] | undefined;
  /** When the person agreed to the vendor's rule, ISO 8601; needed where the vendor's definition asks for consent. */
  readonly consentAt?: string | undefined;
}

/** Changes of an account. In `plain` and `settings` the given keys replace their values, '' takes an optional one away; null ends `pacing` and `colour`. */
export interface AccountPatch {
  readonly label?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly hosts?: readonly string[] | undefined;
  readonly plain?: Values | undefined;
  readonly settings?: Values | undefined;
  readonly pacing?: Account['pacing'] | null | undefined;
  readonly colour?: Account['colour'] | null | undefined;
  /** All secret fields anew; needed to send them to a host that is neither the vendor's own nor on the account's list. */
  readonly secrets?: Values | undefined;
}

/** Accounts in an index file, their secrets in the keychain. Everything rejects with AppErrors. */
export interface Vault {
  /** All accounts, in the person's order. ACCOUNTS_FILE_DAMAGED, FILE_UNREADABLE, as everywhere below. */
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
  /**
   * The secret fields of an account. SECRET_MISSING, SECRET_DAMAGED, SECRET_CHANGED, VAULT_TWINS_ONLY or a KEYCHAIN_… code: these are about this
   * account alone, every other one goes on. Needs no `this`.
   */
  readSecrets(id: string): Promise<Values>;
  /** Takes secrets that were changed in the keychain by something else for the account's own. */
  acceptSecrets(id: string): Promise<void>;
  /** What the last reading of an account's secrets said; reads nothing. */
  secretState(id: string): SecretStateView;
  /** Whether an account's secrets are these; the keychain is not asked. */
  hasSecrets(id: string, secrets: Values): Promise<boolean>;
  /** Puts an account of a backup back, with its secrets, over the one of its id. Rejects as `add` does. */
  restore(account: Account, secrets: Values): Promise<Account>;
  /** Changing a secret while the old one is still good. */
  readonly rotation: Rotation;
  /** Puts the accounts in this order; those not named stay behind them, in theirs. */
  reorder(ids: readonly string[]): Promise<void>;
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
  /** Told what a person did with an account, once it is done; holds no secret. */
  readonly onDone?: (done: VaultEvent) => Promise<void>;
}

/** What was done with an account, for the audit trail. */
export interface VaultEvent {
  readonly what: AuditWhat;
  readonly account?: Pick<Account, 'id' | 'label'>;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
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
  const { pacing: oldPacing, colour: oldColour, ...rest } = provedAnew ? unproved(account) : account;
  const pacing = patch.pacing === undefined ? oldPacing : (patch.pacing ?? undefined);
  const colour = patch.colour === undefined ? oldColour : (patch.colour ?? undefined);
  return {
    ...rest,
    ...reaches,
    label: patch.label === undefined ? account.label : checkLabel(patch.label),
    plain: patch.plain ? checkValues(plainFields(definition), { ...account.plain, ...patch.plain }) : account.plain,
    settings: patch.settings
      ? checkValues(definition.settings, { ...account.settings, ...patch.settings })
      : account.settings,
    ...(pacing === undefined ? {} : { pacing }),
    ...(colour === undefined ? {} : { colour }),
  };
}

function withAccount(index: AccountIndex, account: Account): AccountIndex {
  return { ...index, accounts: index.accounts.map((other) => (other.id === account.id ? account : other)) };
}

/** With the mark of an item that was just written, where one is kept. */
function marked(index: AccountIndex, id: string, mark: Mark | null): AccountIndex {
  return mark === null ? index : withMarks(index, id, [mark]);
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
  const { keychain, vendors, now = Date.now, onDone = () => Promise.resolve() } = options;
  const file = openAccountsFile(options.dir, secretsJudge(vendors));
  const keeper = createKeeper(keychain, file);

  const isoNow = (): string => new Date(now()).toISOString();

  function demandKeychainFor(environment: Environment): void {
    if (keychain.kind === 'system' || environment === 'twin') return;
    throw twinsOnly();
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
        await keeper.drop(id);
        await forget(id);
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }

  /** Takes an item back whose account was not added; what can't be deleted now goes on the list. */
  async function takeBack(id: string): Promise<void> {
    try {
      await keeper.drop(id);
    } catch {
      await remember(id).catch(() => undefined);
    }
  }

  async function add(input: NewAccount): Promise<Account> {
    demandKeychainFor(input.environment);
    const definition = vendors(input.vendor);
    const relay = checkRelay(definition, input.environment, input.relay);
    // The rule is about keeping the secret here, which a relay is there to avoid.
    const consentAt = relay === undefined ? checkConsent(definition, input.environment, input.consentAt) : undefined;
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
      ...(input.colour === undefined ? {} : { colour: input.colour }),
      ...(relay === undefined ? {} : { relay }),
      ...(consentAt === undefined ? {} : { consentAt }),
      createdAt: isoNow(),
      secretSavedAt: isoNow(),
    };
    const secrets = checkValues(secretsOf(definition, account), input.secrets);
    demandFreeLabel(await file.read(), account.label, null);
    let mark: Mark | null;
    try {
      mark = await keeper.store(account.id, { secrets, other: null }, false);
    } catch (error) {
      // the prompt may yet be answered and the item written
      if (error instanceof AppError && error.code === 'KEYCHAIN_TIMEOUT')
        await remember(account.id).catch(() => undefined);
      throw error;
    }
    try {
      await file.change((index) => {
        demandFreeLabel(index, account.label, null);
        const next = { ...index, accounts: [...index.accounts, account] };
        return { next: marked(next, account.id, mark), result: undefined };
      });
    } catch (error) {
      await takeBack(account.id);
      throw error;
    }
    await sweep();
    await onDone({
      what: 'account.added',
      account,
      detail: { vendor: account.vendor, environment: account.environment },
    });
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
    let mark: Mark | null = null;
    if (patch.secrets !== undefined) {
      demandKeychainFor(checked.environment);
      const secrets = checkValues(secretsOf(vendors(checked.vendor), checked), patch.secrets);
      mark = await keeper.store(id, { secrets, other: null }, true);
    }
    const changed = await file.change((index) => {
      const next = apply(index);
      const account = patch.secrets === undefined ? next : { ...settled(next), secretSavedAt: isoNow() };
      return { next: marked(withAccount(index, account), id, mark), result: account };
    });
    const fields = Object.keys(patch).filter((key) => patch[key as keyof AccountPatch] !== undefined);
    await onDone({ what: 'account.changed', account: changed, detail: { fields: fields.join(', ') } });
    return changed;
  }

  async function replaceSecrets(id: string, secrets: Values): Promise<void> {
    const account = demand(await file.read(), id);
    demandKeychainFor(account.environment);
    const given = checkValues(secretsOf(vendors(account.vendor), account), secrets);
    const mark = await keeper.store(id, { secrets: given, other: null }, true);
    await file.change((index) => {
      const next = { ...settled(unproved(demand(index, id))), secretSavedAt: isoNow() };
      return { next: marked(withAccount(index, next), id, mark), result: undefined };
    });
    await onDone({ what: 'secret.replaced', account });
    await sweep();
  }

  async function remove(id: string): Promise<void> {
    demandKeychainFor(demand(await file.read(), id).environment);
    const account = await file.change((index) => ({
      next: withMarks(
        {
          ...index,
          accounts: index.accounts.filter((other) => other.id !== id),
          leftovers: [...without(index.leftovers, id), id],
        },
        id,
        [],
      ),
      result: demand(index, id),
    }));
    await onDone({ what: 'account.removed', account });
    try {
      await keeper.drop(id);
    } catch (error) {
      throw error instanceof AppError ? stillInKeychain(account, error) : error;
    }
    await forget(id);
    await sweep();
  }

  function readItemOf(account: Account): Promise<Item> {
    const required = secretsOf(vendors(account.vendor), account).filter((field) => field.required);
    return keeper.read(
      account,
      required.map((field) => field.id),
    );
  }

  /** The account, where the keychain may be used for it. */
  async function usable(id: string): Promise<Account> {
    const account = demand(await file.read(), id);
    demandKeychainFor(account.environment);
    return account;
  }

  async function readSecrets(id: string): Promise<Values> {
    return (await readItemOf(await usable(id))).secrets;
  }

  async function acceptSecrets(id: string): Promise<void> {
    const account = await usable(id);
    await keeper.accept(account);
    await file.change((index) => ({ next: withAccount(index, unproved(demand(index, id))), result: undefined }));
    await onDone({ what: 'secret.accepted', account });
  }

  async function reorder(ids: readonly string[]): Promise<void> {
    await file.change((index) => {
      const place = new Map(ids.map((id, at) => [id, at]));
      const accounts = [...index.accounts].sort(
        (a, b) => (place.get(a.id) ?? ids.length) - (place.get(b.id) ?? ids.length),
      );
      return { next: { ...index, accounts }, result: undefined };
    });
    await onDone({ what: 'accounts.reordered' });
  }

  async function restore(given: Account, secrets: Values): Promise<Account> {
    demandKeychainFor(given.environment);
    const { account, isNew } = await restoreAccount({ file, keeper, vendors, now }, given, secrets);
    await onDone({ what: isNew ? 'account.added' : 'account.changed', account, detail: { restored: true } });
    await sweep();
    return account;
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
    acceptSecrets,
    secretState: keeper.state,
    hasSecrets: keeper.has,
    rotation: createRotation({
      file,
      keeper,
      now,
      account: usable,
      item: readItemOf,
      onDone: (what, account) => onDone({ what, account }),
      checked: (account, secrets) => checkValues(secretsOf(vendors(account.vendor), account), secrets),
    }),
    restore,
    reorder,
    mark,
    probe: () => probe(keychain),
  };
}
