import type { SettledRow } from '../journal/calls.ts';
import type { Unit } from './feed.ts';
import type { JobContext } from './types.ts';

/** Whether a row of the call is past its time at `nowMs`, the vendor's. */
export function isLate({ operation, job }: JobContext, unit: Unit, nowMs: number): boolean {
  const { deadline } = operation;
  if (deadline === undefined) return false;
  return unit.rows.some((row) => (deadline.of(row, job.params)?.atMs ?? Infinity) <= nowMs);
}

/** The rows of a call whose time has run out by the vendor's clock, with what is said of them. */
export function tooLate(context: JobContext, unit: Unit): readonly SettledRow[] {
  const { operation, gateway, account } = context;
  const { deadline } = operation;
  if (deadline === undefined) return [];
  const nowMs = gateway.vendorNow(account);
  return unit.rows
    .filter((row) => isLate(context, { ...unit, rows: [row] }, nowMs))
    .map(({ rowNo, order }) => ({ rowNo, order, state: 'not_sent', reason: 'too_late', failure: deadline.tooLate }));
}
