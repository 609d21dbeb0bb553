import type { Account } from '../../src/contract/account.ts';
import type { VendorId } from '../../src/contract/vendor.ts';
import type { Twin } from '../../src/main/twins/index.ts';
import type { Vault } from '../../src/main/vault/index.ts';
import { vendor } from '../../src/main/vendors/registry.ts';
import type { Values } from '../../src/main/vendors/types.ts';

/** The database thread's entry, as the services want it. */
export const DATA_WORKER = new URL('../../src/main/data-worker.ts', import.meta.url);

/** A twin's credentials as an account keeps them: the secret ones apart. A twin may spell a field in another case than the vendor. */
export function credentialsOf(
  id: VendorId,
  given: Readonly<Record<string, string>>,
): { readonly plain: Values; readonly secrets: Values } {
  const plain: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  for (const field of vendor(id).credentials) {
    const name = Object.keys(given).find((one) => one.toLowerCase() === field.id.toLowerCase());
    const value = name === undefined ? undefined : given[name];
    if (value !== undefined) (field.kind === 'secret' ? secrets : plain)[field.id] = value;
  }
  return { plain, secrets };
}

/** Adds an account for a running twin; `change` replaces credentials (a wrong secret) and settings. */
export function addTwinAccount(
  vault: Vault,
  twin: Pick<Twin, 'vendor' | 'url' | 'credentials'>,
  change: {
    readonly label?: string;
    readonly credentials?: Values;
    readonly settings?: Values;
    readonly pacing?: Account['pacing'];
  } = {},
): Promise<Account> {
  return vault.add({
    label: change.label ?? `twin-${twin.vendor}`,
    vendor: twin.vendor,
    environment: 'twin',
    baseUrl: twin.url,
    ...credentialsOf(twin.vendor, { ...twin.credentials, ...change.credentials }),
    settings: change.settings ?? {},
    pacing: change.pacing,
  });
}
