import type { UpdateOperation, UpdateRow, Values } from '../vendors/types.ts';
import type { JournalRow } from './types.ts';

/** The row as it is sent over these present values; as it was read in where it does not depend on them, or none are known. */
export function composed(
  operation: UpdateOperation,
  row: UpdateRow,
  present: Values | null,
  params: Values,
): UpdateRow {
  if (present === null || operation.compose === undefined) return row;
  return operation.compose(row, present, params);
}

/**
 * What a row of the journal wrote, or would write: composed with the values that were read before the write, else with those that the preview
 * showed. Null for a row that is set aside, and for one that depends on present values of which none are known.
 */
export function writtenRow(
  operation: UpdateOperation,
  params: Values,
  row: Pick<JournalRow, 'order' | 'values' | 'oldValues' | 'seenValues'>,
): UpdateRow | null {
  if (row.values === null) return null;
  const present = row.oldValues ?? row.seenValues;
  if (present === null && needsPresent(operation, params)) return null;
  return composed(operation, { order: row.order, values: row.values }, present, params);
}

/** Whether the parameters make each write out of the present values, so that none is made without reading them. */
export function needsPresent({ readBefore }: UpdateOperation, params: Values): boolean {
  const by = readBefore?.requiredBy;
  return by !== undefined && params[by.param] === by.value;
}

/** Whether no row is written before its present values have been read, whatever the job's options say. */
export function mustRead(operation: UpdateOperation, params: Values): boolean {
  return operation.readBefore?.required === true || needsPresent(operation, params);
}
