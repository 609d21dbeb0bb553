/** Minutes after which the platform expires an unpaid order (vending.md 2.6). */
export const ORDER_TTL_MIN = 20;
/** Seconds for which a machine takes no second command, unless the first has its result (vending.md 2.6). */
export const MACHINE_LOCK_S = 45;
/** After which the platform itself marks a dispense as timed out, from its command on (vending.md 2.6), ms. */
export const DELIVERY_TIMEOUT_MS = 120_000;
/** Kept free before the end, for clocks that differ and for the time that a call takes. */
export const MARGIN_MS = 60_000;

/**
 * Where an unpaid order stands in the time that the platform gives it (vending.md 2.6), all times in milliseconds since 1970:
 * `open`: it may be paid and dispensed, `leftMs` until the margin begins; `closing`: within the margin before the end; `over`: expired and
 * restocked by the platform; `unclear`: created later than now by more than the margin, so one of the clocks is wrong.
 */
export type DispenseWindow =
  | { readonly kind: 'open'; readonly leftMs: number }
  | { readonly kind: 'closing' }
  | { readonly kind: 'over' }
  | { readonly kind: 'unclear' };

/** The window of an order created at `createdAtMs` as of `nowMs` (the corrected clock), `ttlMin` minutes long. */
export function dispenseWindow(createdAtMs: number, nowMs: number, ttlMin: number): DispenseWindow {
  const ageMs = nowMs - createdAtMs;
  const ttlMs = ttlMin * 60_000;
  if (ageMs < -MARGIN_MS) return { kind: 'unclear' };
  if (ageMs >= ttlMs) return { kind: 'over' };
  const leftMs = ttlMs - MARGIN_MS - ageMs;
  return leftMs > 0 ? { kind: 'open', leftMs } : { kind: 'closing' };
}

/** The last moment at which something may be sent to an order of that life, a margin before its end; ms since 1970. */
export function endOf(createdAtMs: number, ttlMin: number): number {
  return createdAtMs + ttlMin * 60_000 - MARGIN_MS;
}
