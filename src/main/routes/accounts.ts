import type { Account, AccountTest } from '../../contract/account.ts';
import type { Bilingual } from '../../contract/text.ts';
import { diagnose } from '../vault/index.ts';
import { vendor } from '../vendors/registry.ts';
import type { PingOperation } from '../vendors/types.ts';
import type { RouteContext, Routes } from './context.ts';
import { accountAtWork, changeable } from './refusals.ts';
import type { Workspace } from './workspace.ts';

const NO_PING: Bilingual = {
  zh: '密钥可以读出。该供应商没有不改动数据的测试接口，密钥是否正确，要用一次查询来确认。',
  en: 'The secret can be read. This vendor has no call that tests it without changing anything; whether it is right, a lookup shows.',
};

function pingOf(account: Account): PingOperation | undefined {
  return vendor(account.vendor).operations.find((one): one is PingOperation => one.kind === 'ping');
}

/** Tests what is in the keychain now under the account's id; notes nothing. */
export async function testCredentials(
  { gateway }: Pick<Workspace['services'], 'gateway'>,
  account: Account,
): Promise<AccountTest> {
  const ping = pingOf(account);
  gateway.forget(account.id);
  if (ping === undefined) return { ok: null, proves: NO_PING, failure: null, why: null, clockOffsetMs: null };
  const end = await gateway.ping(account, ping);
  return {
    ok: end.ok,
    proves: ping.proves,
    failure: 'failure' in end ? end.failure : null,
    why: 'why' in end ? end.why : null,
    clockOffsetMs: gateway.clockOffset(account),
  };
}

async function test({ services }: Workspace, id: string): Promise<AccountTest> {
  const { vault } = services;
  const account = await vault.get(id);
  // A vendor without such a call: that the secret can be read is all that can be told.
  if (pingOf(account) === undefined) await vault.readSecrets(id);
  const result = await testCredentials(services, account);
  if (result.ok !== null) await vault.mark(id, 'used');
  if (result.ok === true) await vault.mark(id, 'verified');
  return result;
}

async function remove({ services }: Workspace, id: string): Promise<void> {
  const { vault, journal, gateway } = services;
  const account = await vault.get(id);
  if (await journal.call('accountRuns', { accountId: id })) throw accountAtWork(account.label);
  try {
    await vault.remove(id);
  } finally {
    // The account may be gone though its secret could not be deleted.
    gateway.forget(id);
  }
}

/** The routes of accounts and of the keychain. */
export function accountRoutes({ workspace }: RouteContext): Routes<'accounts' | 'keychain'> {
  const vault = async (): Promise<Workspace['services']['vault']> => (await workspace()).services.vault;
  return {
    'accounts.list': async () => (await vault()).list(),
    'accounts.add': async ({ consent, ...account }) => {
      const { services } = changeable(await workspace());
      const asked = vendor(account.vendor).consent !== undefined;
      return services.vault.add({ ...account, consentAt: consent && asked ? new Date().toISOString() : undefined });
    },
    'accounts.update': async ({ id, patch }) => {
      const { services } = changeable(await workspace());
      try {
        return await services.vault.update(id, patch);
      } finally {
        services.gateway.forget(id);
      }
    },
    'accounts.replaceSecrets': async ({ id, secrets }) => {
      const { services } = changeable(await workspace());
      try {
        await services.vault.replaceSecrets(id, secrets);
      } finally {
        services.gateway.forget(id);
      }
    },
    'accounts.acceptSecrets': async ({ id }) => {
      const { services } = changeable(await workspace());
      try {
        await services.vault.acceptSecrets(id);
      } finally {
        services.gateway.forget(id);
      }
    },
    'accounts.reorder': async ({ ids }) => {
      await changeable(await workspace()).services.vault.reorder(ids);
    },
    'accounts.test': async ({ id }) => test(await workspace(), id),
    'accounts.remove': async ({ id }) => {
      await remove(changeable(await workspace()), id);
    },
    'accounts.health': async ({ id }) => {
      const { services, watched, backOffs } = await workspace();
      const account = await services.vault.get(id);
      const until = backOffs.get(id) ?? 0;
      return {
        accountId: id,
        clockOffsetMs: services.gateway.clockOffset(account),
        keychain: watched.state(),
        secret: services.vault.secretState(id),
        backingOffUntilMs: until > Date.now() ? until : null,
      };
    },
    'keychain.probe': async () => {
      const { watched } = await workspace();
      const { state, error, passed } = await diagnose(watched.keychain);
      return { state, error: error === null ? null : error.text, passed: [...passed] };
    },
  };
}
