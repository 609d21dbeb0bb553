import type { Account } from '../../contract/account.ts';
import type { Settings, VendorDefinition } from '../vendors/types.ts';
import type { PaceLimits } from './pacer.ts';

/** What the gateway needs of a vendor's definition. */
export type VendorFacts = Pick<VendorDefinition, 'limits' | 'settings' | 'credentials'>;

/** An account's pace: its own, else its vendor's. */
export function paceOf(vendor: VendorFacts, account: Account): PaceLimits {
  return {
    perSecond: account.pacing?.perSecond ?? vendor.limits.perSecond,
    concurrency: account.pacing?.concurrency ?? vendor.limits.concurrency,
  };
}

/** What a vendor's settings begin with. */
export function initialsOf(vendor: VendorFacts): Settings {
  return Object.fromEntries(
    vendor.settings.flatMap(({ id, initial }) => (initial === undefined ? [] : [[id, initial]])),
  );
}

/** The origin of an address; the text itself when it is none. */
export function originOf(url: string): string {
  return URL.parse(url)?.origin ?? url;
}
