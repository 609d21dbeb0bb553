import type { Operation, ReadBefore, VendorDefinition } from './types.ts';
import type { OperationDescriptor, VendorDescriptor, VendorId } from '../../contract/vendor.ts';
import { pdd } from './pdd/index.ts';
import { polyv } from './polyv/index.ts';
import { suning } from './suning/index.ts';
import { vending } from './vending/index.ts';

/** Every vendor of the console: a new one is its folder and a line here. */
export const VENDORS: Readonly<Record<VendorId, VendorDefinition>> = { polyv, pdd, vending, suning };

/** The definition of a vendor. */
export function vendor(id: VendorId): VendorDefinition {
  return VENDORS[id];
}

/**
 * A vendor's operation by id, of the kind asked for where one is named.
 * Throws for one that the vendor does not have: ids from outside are checked against the descriptors first.
 */
export function operation(vendorId: VendorId, operationId: string): Operation;
export function operation<Kind extends Operation['kind']>(
  vendorId: VendorId,
  operationId: string,
  kind: Kind,
): Extract<Operation, { kind: Kind }>;
export function operation(vendorId: VendorId, operationId: string, kind?: Operation['kind']): Operation {
  const found = VENDORS[vendorId].operations.find((one) => one.id === operationId);
  if (found === undefined || (kind !== undefined && found.kind !== kind)) {
    throw new Error(`${vendorId} has no ${kind ?? 'operation'} "${operationId}"`);
  }
  return found;
}

function describeReading({ byDefault, columns, requiredBy, required }: ReadBefore): Partial<OperationDescriptor> {
  return {
    readsBefore: byDefault,
    present: columns,
    ...(requiredBy === undefined ? {} : { readsAlways: requiredBy }),
    ...(required === true ? { readsRequired: true } : {}),
  };
}

function describeOperation(one: Operation): OperationDescriptor {
  const { id, kind, names, params, warnings } = one;
  const common = { id, kind, names, params, warnings };
  switch (one.kind) {
    case 'lookup':
      return { ...common, columns: one.columns };
    case 'update':
      return {
        ...common,
        rowFields: one.rowFields,
        batchSize: one.batchSize,
        repeatable: one.repeatable,
        canVerify: one.verify !== undefined,
        canReadBefore: one.readBefore !== undefined,
        ...(one.readBefore === undefined ? {} : describeReading(one.readBefore)),
        ...(one.deadline === undefined ? {} : { hasDeadline: true }),
        ...(one.template === undefined ? {} : { template: one.template }),
        canUndo: one.undo !== undefined,
      };
    case 'ping':
      return { ...common, proves: one.proves };
  }
}

/** What a screen may know of a vendor: plain data, no functions. */
export function describeVendor(definition: VendorDefinition): VendorDescriptor {
  const { id, names, credentials, settings, hosts, notices, consent, relay, limits } = definition;
  return {
    id,
    names,
    credentials,
    settings,
    hosts,
    operations: definition.operations.map(describeOperation),
    notices,
    ...(consent === undefined ? {} : { consent }),
    ...(relay === undefined ? {} : { relay }),
    limits: { perSecond: limits.perSecond, concurrency: limits.concurrency },
  };
}
