import type { Account } from '../../src/contract/account.ts';
import type { JobOptions } from '../../src/main/jobs/types.ts';
import { openServices, type Services } from '../../src/main/services.ts';
import { TWIN_CREDENTIALS } from '../../src/main/twins/index.ts';
import { createMemoryKeychain } from '../../src/main/vault/index.ts';
import { operation, vendor } from '../../src/main/vendors/registry.ts';
import type { UpdateOperation, Values } from '../../src/main/vendors/types.ts';

/** The database thread's entry. */
export const WORKER = new URL('../../src/main/data-worker.ts', import.meta.url);

/** Nothing but the writing itself: no reading before, no pause, no verifying after. */
export const PLAIN_RUN: JobOptions = { readBefore: false, writeUnreadable: false, firstRows: null, verifyAfter: false };

/** The console on a folder, as the program opens it. */
export function openConsole(folder: string): Promise<Services> {
  return openServices({ folder, mode: 'write', worker: WORKER, keychain: createMemoryKeychain() });
}

export function updateOf(vendorId: 'pdd' | 'polyv', id: string): UpdateOperation {
  const found = operation(vendorId, id);
  if (found.kind !== 'update') throw new Error(`${id} is no update`);
  return found;
}

/** Adds the twin's account, with so many calls at once and no limit on the rate. */
export async function twinAccount(
  services: Services,
  vendorId: 'pdd' | 'polyv',
  url: string,
  concurrency: number,
): Promise<Account> {
  const given: Values = TWIN_CREDENTIALS[vendorId];
  const part = (secret: boolean): Values =>
    Object.fromEntries(
      vendor(vendorId)
        .credentials.filter((field) => (field.kind === 'secret') === secret)
        .map(({ id }) => [id, given[id] ?? '']),
    );
  const account = await services.vault.add({
    label: `twin-${vendorId}`,
    vendor: vendorId,
    environment: 'twin',
    baseUrl: url,
    hosts: [new URL(url).host],
    plain: part(false),
    secrets: part(true),
    settings: {},
    pacing: { concurrency },
  });
  // No account may have it: Infinity is no number of the accounts file.
  services.gateway.pace(account, { perSecond: Infinity });
  return account;
}
