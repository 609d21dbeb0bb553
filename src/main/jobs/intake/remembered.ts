import { createHash } from 'node:crypto';
import { headerKey } from './mapping.ts';

/** Names an input's header, and a column of it, without keeping any word of it. */
interface HeaderIdentity {
  /** The same for headers of the same names (without case, spaces and marks), whatever their order. */
  readonly hash: string;
  /** Columns in the order that the hash was made of. */
  readonly order: readonly number[];
}

function identityOf(header: readonly string[]): HeaderIdentity {
  const keys = header.map(headerKey);
  const order = keys.map((_, index) => index);
  // Names that occur twice, and columns without one, are told apart by their place alone.
  const isSet = keys.every((key) => key !== '') && new Set(keys).size === keys.length;
  if (isSet) order.sort((a, b) => ((keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1));
  const text = JSON.stringify([isSet, ...order.map((index) => keys[index])]);
  return { hash: createHash('sha256').update(text).digest('hex'), order };
}

/** The hash by which a header is found again. */
export function headerHash(header: readonly string[]): string {
  return identityOf(header).hash;
}

/** A mapping in a form that outlives columns that are moved. */
export function movableMapping(
  header: readonly string[],
  mapping: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const { order } = identityOf(header);
  return Object.fromEntries(Object.entries(mapping).map(([field, column]) => [field, order.indexOf(column)]));
}

/** The columns of a kept mapping in a header of the same hash; what has no field or column any more is left out. */
export function mappingInHeader(
  header: readonly string[],
  kept: Readonly<Record<string, number>>,
  fields: ReadonlySet<string>,
): Readonly<Record<string, number>> {
  const { order } = identityOf(header);
  return Object.fromEntries(
    Object.entries(kept).flatMap(([field, place]) => {
      const column = order[place];
      return column === undefined || !fields.has(field) ? [] : [[field, column] as const];
    }),
  );
}
