/** What finds a buyer in the database's `gram` table: parts of the name and of the phone. Pure. */

/** A name or what is looked for in one: without regard to case, width and spaces. */
export function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, '');
}

/** Longest name that is cut into parts; a longer one is no name. */
const MOST_CHARS = 64;
const LAST_DIGITS = 4;

/** A phone as it came, masked or not, without what only groups it. */
const phoneOf = (phone: string): string => folded(phone).replaceAll(/[^\d*]/gu, '');

/**
 * The parts of a buyer: each two characters of the name that follow each other, its last character, `#` with the phone, and `%` with its last four
 * digits.
 */
export function gramsOf(buyer: { readonly name: string | null; readonly phone: string | null }): string[] {
  const grams = new Set<string>();
  const name = [...folded(buyer.name ?? '')].slice(0, MOST_CHARS);
  name.forEach((char, at) => grams.add(char + (name[at + 1] ?? '')));
  const phone = phoneOf(buyer.phone ?? '');
  if (phone !== '') grams.add(`#${phone}`);
  if (phone.length >= LAST_DIGITS) grams.add(`%${phone.slice(-LAST_DIGITS)}`);
  return [...grams];
}

/** What is looked for in the table: parts that are there as they are, and parts that begin so. */
export interface GramQuery {
  /** Every one of these. */
  readonly all: readonly string[];
  /** Or any that begins with one of these. */
  readonly beginning: readonly string[];
  /** The name must hold this text, which parts alone do not say. */
  readonly within: string | null;
}

/** How a text is looked for among buyers; null when it cannot be a part of one: digits alone are no name. */
export function gramQuery(find: string): GramQuery | null {
  const text = folded(find);
  if (/^\d+$/u.test(text)) {
    if (text.length < LAST_DIGITS) return null;
    const beginning = [`#${text}`, ...(text.length === LAST_DIGITS ? [`%${text}`] : [])];
    return { all: [], beginning, within: null };
  }
  const chars = [...text].slice(0, MOST_CHARS);
  if (chars.length === 0) return null;
  if (chars.length === 1) return { all: [], beginning: [text], within: null };
  const all = chars.slice(0, -1).map((char, at) => char + (chars[at + 1] ?? ''));
  return { all, beginning: [], within: chars.length === 2 ? null : chars.join('') };
}

/** The first text that does not begin with this one. */
export const after = (beginning: string): string => `${beginning}\u{10ffff}`;
