/**
 * How long ago a call ended, ms: `endedAtMs` by this machine's clock (null: it has not), `sentAtMs` by the vendor's. The shorter of the two
 * clocks' answers, as either may have been set since, and never less than nothing.
 */
export function sinceEnd(endedAtMs: number | null, sentAtMs: number, nowMs: number, vendorNowMs: number): number {
  if (endedAtMs === null) return 0;
  return Math.max(0, Math.min(nowMs - endedAtMs, vendorNowMs - sentAtMs));
}
