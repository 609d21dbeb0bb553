import type { Account } from '../contract/account.ts';
import type { VendorId } from '../contract/vendor.ts';
import { startTwins, closeTwins, twinVendors, type Twins } from './twins/index.ts';
import type { Vault } from './vault/index.ts';
import { vendor } from './vendors/registry.ts';
import type { Values } from './vendors/types.ts';

/** Settings of a twin's account that make its vendor's undocumented sides visible. */
const TWIN_SETTINGS: Partial<Record<VendorId, Values>> = {
  polyv: { atomicFailureText: 'order not found' },
};

/** The label of a vendor's twin account. */
export function twinLabel(id: VendorId): string {
  return `twin-${id}`;
}

function credentials(id: VendorId, given: Readonly<Record<string, string>>): { plain: Values; secrets: Values } {
  const plain: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  for (const field of vendor(id).credentials) {
    const key = Object.keys(given).find((name) => name.toLowerCase() === field.id.toLowerCase());
    const value = key === undefined ? undefined : given[key];
    if (value === undefined) continue;
    if (field.kind === 'secret') secrets[field.id] = value;
    else plain[field.id] = value;
  }
  return { plain, secrets };
}

/** An account of a vendor that has a twin. */
export type TwinAccount = Account & { readonly vendor: keyof Twins };

/**
 * Gives the vault one account for each running twin, at the twin's present address; an account of an earlier run is moved there.
 * The vault must stand on the in-memory keychain, which no real account can use.
 */
export async function addTwinAccounts(
  vault: Vault,
  twins: Twins,
  pacing?: Account['pacing'],
): Promise<Record<keyof Twins, TwinAccount>> {
  const known = await vault.list();
  const accounts: Partial<Record<VendorId, Account>> = {};
  for (const id of twinVendors) {
    const twin = twins[id];
    const { plain, secrets } = credentials(id, twin.credentials);
    const settings = TWIN_SETTINGS[id] ?? {};
    const hosts = [new URL(twin.url).host];
    const earlier = known.find((account) => account.label === twinLabel(id));
    accounts[id] =
      earlier === undefined
        ? await vault.add({
            label: twinLabel(id),
            vendor: id,
            environment: 'twin',
            baseUrl: twin.url,
            hosts,
            plain,
            settings,
            secrets,
            pacing,
          })
        : await vault.update(earlier.id, {
            baseUrl: twin.url,
            hosts,
            plain,
            settings,
            secrets,
            pacing: pacing ?? null,
          });
  }
  return accounts as Record<keyof Twins, TwinAccount>;
}

const DAY_MS = 86_400_000;

/**
 * The twins to try the console on, one command after another: the same orders all day, and vending orders that stay unpaid, so that what one
 * command has listed the next can change. What was changed is forgotten when they end.
 */
export function startTryOutTwins(nowMs = Date.now()): Promise<Twins> {
  const epochMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  return startTwins(
    { epochMs },
    {
      polyv: { epochMs, vendorOptions: { covers: 'own' } },
      vending: { epochMs, vendorOptions: { orders: 'unpaid', expiry: 'off' } },
    },
  );
}

export { startTwins, closeTwins, type Twins };
