import type { KeptView } from '../../contract/kept.ts';

/** The beginning of the day (ms) in the zone of this machine that is `back` days before the day of a moment. Days are not all of one length. */
export function dayStart(atMs: number, back = 0): number {
  const at = new Date(atMs);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() - back).getTime();
}

/** The view with its last days as moments: what `days` means changes with the day. */
export function settledView(view: KeptView, nowMs: number): KeptView {
  const { days, from } = view.filter;
  if (days === null) return view;
  const begin = dayStart(nowMs, days - 1);
  return { ...view, filter: { ...view.filter, days: null, from: from === null ? begin : Math.max(from, begin) } };
}
