import type { Bilingual } from '../../contract/text.ts';

export const GROUPS = ['orders', 'screens', 'accounts', 'actions'] as const;
export type Group = (typeof GROUPS)[number];

/** One thing that the palette offers. */
export interface Offer {
  readonly id: string;
  readonly group: Group;
  readonly names: Bilingual;
  /** Small beside the name. */
  readonly detail?: Bilingual;
  /** Further words by which it is found, of both languages. */
  readonly words?: string;
  /** The way to press it (shortcuts.ts). */
  readonly keys?: string;
  /** What may fail: done while the palette is open, which then says why it stays. */
  readonly work?: () => Promise<unknown>;
  /** What is done once it is closed: going elsewhere. */
  readonly then?: () => unknown;
}

/** An order number has digits and no spaces; shorter texts are words to look for. */
const ORDER = /^(?=(?:\D*\d){4})[\p{L}\p{N}_.-]{5,200}$/u;

/** The order number that was typed, or null. */
export function orderIn(query: string): string | null {
  const text = query.trim();
  return ORDER.test(text) ? text : null;
}

/** Whether a word is made of the first letters of a text's words, one after the other: `nbu` of "new bulk update". */
function isInitials(word: string, text: string): boolean {
  return text
    .split(/[^\p{L}\p{N}]+/u)
    .map((part) => part.charAt(0))
    .join('')
    .includes(word);
}

/** How well one word fits: 0 begins a name, 1 begins a word of it, 2 lies in it, 3 lies in its other words; null not at all. */
function fit(offer: Offer, word: string): number | null {
  const names = [offer.names.zh, offer.names.en].map((name) => name.toLowerCase());
  if (names.some((name) => name.startsWith(word))) return 0;
  if (names.some((name) => name.split(/[\s:：·]+/).some((part) => part.startsWith(word)))) return 1;
  if (names.some((name) => name.includes(word))) return 2;
  const others = `${offer.detail?.zh ?? ''} ${offer.detail?.en ?? ''} ${offer.words ?? ''}`.toLowerCase();
  if (others.includes(word) || (word.length > 1 && names.some((name) => isInitials(word, name)))) return 3;
  return null;
}

/** The offers that every word of the query is found in, whatever the language of either: group by group, the best first. */
export function search(offers: readonly Offer[], query: string): readonly Offer[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return offers
    .flatMap((offer) => {
      const fits = words.map((word) => fit(offer, word));
      return fits.includes(null) ? [] : [{ offer, rank: Math.max(0, ...fits.map((one) => one ?? 0)) }];
    })
    .sort((a, b) => GROUPS.indexOf(a.offer.group) - GROUPS.indexOf(b.offer.group) || a.rank - b.rank)
    .map(({ offer }) => offer);
}
