/**
 * How a number format shows a number: `plain` as its digits, `text` as typed, `date` as a date or time, `scientific` with an exponent, `other`
 * in any other way than it is stored (currency, fixed decimals, leading zeros).
 */
export type Shape = 'general' | 'plain' | 'text' | 'date' | 'scientific' | 'other';

/** Built-in formats that say something else than `other` (ECMA-376 18.8.30; 27 to 36 and 50 to 58 are East Asian dates). */
const BUILT_IN: ReadonlyMap<number, Shape> = new Map<number, Shape>([
  [0, 'general'],
  [1, 'plain'],
  [3, 'plain'],
  [37, 'plain'],
  [38, 'plain'],
  [11, 'scientific'],
  [48, 'scientific'],
  [49, 'text'],
  ...[14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47].map((id) => [id, 'date'] as const),
  ...Array.from({ length: 10 }, (_, index) => [27 + index, 'date'] as const),
  ...Array.from({ length: 9 }, (_, index) => [50 + index, 'date'] as const),
]);

/** The shape of a format by its code in the workbook's own list. */
function shapeOfCode(code: string): Shape {
  // What is quoted, escaped, padding or in brackets is no sign of the format; elapsed times `[h]` are.
  const bare = code
    .replaceAll(/\[(h+|m+|s+)\]/giu, '$1')
    .replaceAll(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/gu, '')
    .trim();
  const [positive = ''] = bare.split(';');
  if (positive === '@') return 'text';
  if (/^general$/iu.test(positive)) return 'general';
  if (/e[+-]/iu.test(positive)) return 'scientific';
  if (/[ymdhs]/iu.test(positive.replaceAll(/general/giu, ''))) return 'date';
  return /^[#,\s]*0$/u.test(positive) ? 'plain' : 'other';
}

/** The shape of a number format by its id; `codes` are the workbook's own. */
export function shapeOf(id: number, codes: ReadonlyMap<number, string>): Shape {
  const code = codes.get(id);
  return code === undefined ? (BUILT_IN.get(id) ?? 'other') : shapeOfCode(code);
}

/** What a numeric cell is beside its digits. */
export type NumberMark = 'date' | 'scientific' | 'digits' | 'decimal' | 'format';

/** Digits that Excel keeps of a number. */
const KEPT_DIGITS = 15;
/** Characters that Excel's General format shows of a number. */
const GENERAL_CHARS = 11;

/** What is wrong with a number (as it stands in the sheet's XML) for one who wants what was typed; null when its digits are whole. */
export function numberMark(raw: string, shape: Shape): NumberMark | null {
  if (shape === 'date') return 'date';
  if (/^-?\d+$/u.test(raw)) {
    if (raw.replace(/^-?0*/u, '').length > KEPT_DIGITS) return 'digits';
    if (shape === 'scientific') return 'scientific';
    return shape === 'other' ? 'format' : null;
  }
  if (/e/iu.test(raw)) return 'scientific';
  const asShown = shape === 'general' || shape === 'text';
  return /^-?\d+\.\d+$/u.test(raw) && asShown && raw.length <= GENERAL_CHARS ? 'decimal' : 'format';
}

const DAY_MS = 86_400_000;
/** Years have four digits. */
const BEYOND_MS = Date.UTC(10_000, 0, 1);
/** Excel takes 1900 for a leap year: up to 1900-02-28 its days are counted from one day later. */
const LEAP_MISTAKE = 60;

/** A date's serial number as a person reads it: `2024-05-20`, with its time when it has one, the time alone below one day. */
export function dateText(raw: string, from1904: boolean): string {
  const serial = Number(raw);
  const days1900 = serial < LEAP_MISTAKE ? Date.UTC(1899, 11, 31) : Date.UTC(1899, 11, 30);
  const ms = Math.round(((from1904 ? Date.UTC(1904, 0, 1) : days1900) + serial * DAY_MS) / 1000) * 1000;
  if (!(serial >= 0 && ms < BEYOND_MS)) return raw;
  const text = new Date(ms).toISOString();
  const [day, time] = [text.slice(0, 10), text.slice(11, 19)];
  if (serial < 1 && !from1904) return time;
  return Number.isInteger(serial) ? day : `${day} ${time}`;
}
