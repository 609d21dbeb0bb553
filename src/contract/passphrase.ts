import type { Bilingual } from './text.ts';

/** How hard a passphrase is to guess: `weak` is refused. */
export const STRENGTHS = ['weak', 'fair', 'good', 'strong'] as const;
export type Strength = (typeof STRENGTHS)[number];

/** Bits from which a passphrase is fair, good, strong. One try costs some tenths of a second, so 40 bits are thousands of years of one machine. */
const FROM_BITS = { fair: 40, good: 60, strong: 80 } as const;

export const STRENGTH_WORDS: Readonly<Record<Strength, Bilingual>> = {
  weak: { zh: '太弱', en: 'too weak' },
  fair: { zh: '尚可', en: 'fair' },
  good: { zh: '好', en: 'good' },
  strong: { zh: '很强', en: 'strong' },
};

/** Pieces that are tried first by anyone who guesses. Each counts as one sign of a short list. */
const COMMON =
  /password|passw0rd|p@ssword|passphrase|qwerty|asdfgh|zxcvbn|letmein|iloveyou|welcome|admin|login|dragon|monkey|master|secret|order|console|woaini|5201314|1314520|taobao|alibaba|pinduoduo|suning|polyv|密码|口令|我爱你|订单|公司|店铺/giu;
/** Years and days. */
const DATES = /(?:19|20)\d{2}(?:[-/.]?(?:0?[1-9]|1[0-2])[-/.]?(?:0?[1-9]|[12]\d|3[01]))?/gu;
const COMMON_BITS = 6;
const DATE_BITS = 9;
const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** Signs of the kinds that are used in it, by which each free sign counts. */
const POOLS: readonly (readonly [RegExp, number])[] = [
  [/[a-z]/u, 26],
  [/[A-Z]/u, 26],
  [/[0-9]/u, 10],
  [/[ -/:-@[-`{-~]/u, 33],
  [/\p{Script=Han}/u, 2_500],
  [/[^\p{ASCII}\p{Script=Han}]/u, 500],
];

function follows(before: string, sign: string): boolean {
  if (before === sign) return true;
  const [a, b] = [before.toLowerCase(), sign.toLowerCase()];
  return ROWS.some((row) => row.includes(a + b) || row.includes(b + a));
}

/** Bits of what is free in a piece: signs that follow from the one before (repeated, or next to it in a row) count one bit. */
function freeBits(piece: string): number {
  const signs = [...piece];
  const pool = POOLS.reduce((sum, [kind, size]) => (kind.test(piece) ? sum + size : sum), 0);
  const each = Math.log2(Math.max(2, pool));
  // A few signs said over and over are no more than themselves.
  const distinct = new Set(signs).size;
  const counted = signs.reduce((bits, sign, at) => {
    const before = at === 0 ? undefined : signs[at - 1];
    return bits + (before !== undefined && follows(before, sign) ? 1 : each);
  }, 0);
  return Math.min(counted, distinct * each * 2);
}

/**
 * An estimate of the bits that a guesser needs. It is made here of a few rules and no word lists: the known libraries bring near a megabyte of
 * English and leaked words, which would be most of the window's code for one field and know no Chinese. It errs on the low side: what
 * looks like a word, a date, a row of keys or a repetition counts little.
 */
export function passphraseBits(text: string): number {
  let bits = 0;
  const rest = text
    .normalize('NFKC')
    .replace(COMMON, () => {
      bits += COMMON_BITS;
      return '\n';
    })
    .replace(DATES, () => {
      bits += DATE_BITS;
      return '\n';
    });
  for (const piece of rest.split('\n')) bits += freeBits(piece);
  return bits;
}

export function strengthOf(text: string): Strength {
  const bits = passphraseBits(text);
  if (bits >= FROM_BITS.strong) return 'strong';
  if (bits >= FROM_BITS.good) return 'good';
  return bits >= FROM_BITS.fair ? 'fair' : 'weak';
}
