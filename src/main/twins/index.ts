import { pddTwin } from './pdd.ts';
import { polyvTwin } from './polyv.ts';
import { serveTwin } from './server.ts';
import type { PartFactory, Twin, TwinOptions } from './server.ts';
import { suningTwin } from './suning.ts';
import { vendingTwin } from './vending.ts';

export { serveTwin, TWIN_CREDENTIALS } from './server.ts';
export type {
  PartFactory,
  PartSetup,
  Twin,
  TwinHook,
  TwinOptions,
  TwinOrder,
  TwinPart,
  TwinReply,
  TwinRequest,
  TwinVendor,
} from './server.ts';
export { Ledger } from './ledger.ts';
export type { LedgerAction, LedgerArrival, LedgerTotals } from './ledger.ts';
export type { FaultCondition, FaultKind, FaultRule } from './faults.ts';
export type { PddOrder } from './pdd.ts';
export type { PolyvOrder, PolyvStatus } from './polyv.ts';
export type { SuningOrder } from './suning.ts';
export type { VendingOrder } from './vending.ts';

const factories = { polyv: polyvTwin, pdd: pddTwin, vending: vendingTwin, suning: suningTwin };

type Vendors = keyof typeof factories;
type OrderOf<Vendor extends Vendors> = (typeof factories)[Vendor] extends PartFactory<infer Order> ? Order : never;

/** All vendors that have a twin. */
export const twinVendors = Object.keys(factories) as readonly Vendors[];

/** Starts one vendor's twin on loopback; rejects when its port is taken. */
export function startTwin<Vendor extends Vendors>(
  vendor: Vendor,
  options?: TwinOptions,
): Promise<Twin<OrderOf<Vendor>>>;
export function startTwin(vendor: Vendors, options?: TwinOptions): Promise<Twin> {
  return serveTwin(vendor, factories[vendor] as PartFactory, options);
}

/** A twin of each vendor, by vendor. */
export type Twins = { readonly [Vendor in Vendors]: Twin<OrderOf<Vendor>> };

/** Starts a twin of every vendor with the common options, overridden by a vendor's own. */
export async function startTwins(
  common: TwinOptions = {},
  own: Readonly<Partial<Record<Vendors, TwinOptions>>> = {},
): Promise<Twins> {
  const entries = await Promise.all(
    twinVendors.map(async (vendor) => [vendor, await startTwin(vendor, { ...common, ...own[vendor] })] as const),
  );
  return Object.fromEntries(entries) as unknown as Twins;
}

/** Closes all of them. */
export async function closeTwins(twins: Twins): Promise<void> {
  await Promise.all(Object.values(twins).map((twin) => twin.close()));
}
