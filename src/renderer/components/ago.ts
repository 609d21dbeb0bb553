import { language, t } from '../i18n/index.ts';

const UNITS = [
  ['year', 31_536_000_000],
  ['month', 2_592_000_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How long ago a moment (ISO 8601) was, in the largest unit that fits: "3 min. ago", "昨天"; under a minute, or ahead of `nowMs`: just now. */
export function ago(at: string, nowMs: number): string {
  const past = Math.max(0, nowMs - Date.parse(at));
  const found = UNITS.find(([, ms]) => past >= ms);
  if (found === undefined) return t({ zh: '刚刚', en: 'just now' });
  const [unit, length] = found;
  const words = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto', style: 'short' });
  return words.format(-Math.floor(past / length), unit);
}
