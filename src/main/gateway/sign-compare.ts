import type { Comparison } from '../../contract/sign.ts';
import type { Bilingual } from '../../contract/text.ts';
import { MASK } from '../vendors/shared/digest.ts';

/** Characters shown before the first difference, and from it on. */
const BEFORE = 24;
const FROM = 32;
/** A digest in hex: MD5, SHA-1, SHA-256 or SHA-512, or a piece of one. */
const SIGN = /^[0-9a-f]{16,128}$/iu;

type Found = Pick<Comparison, 'same' | 'at' | 'ours' | 'theirs' | 'hint'>;

const SAME: Found = { same: true, at: null, ours: null, theirs: null, hint: null };

/** The pasted text without what copying puts around it: line ends, spaces and a pair of quotes. */
export function unwrapped(pasted: string): string {
  const text = pasted.replace(/^\ufeff/u, '').trim();
  return /^"[^"]*"$|^'[^']*'$/u.test(text) ? text.slice(1, -1) : text;
}

/** Whether a pasted text is a sign, and not the text that is signed. */
export function looksLikeSign(text: string): boolean {
  return SIGN.test(text);
}

/** Where two lists of characters differ first; null when they do not. */
function firstDifference(ours: readonly string[], theirs: readonly string[]): number | null {
  const most = Math.max(ours.length, theirs.length);
  for (let at = 0; at < most; at += 1) if (ours[at] !== theirs[at]) return at;
  return null;
}

function excerpt(characters: readonly string[], at: number): NonNullable<Comparison['ours']> {
  const code = characters[at]?.codePointAt(0);
  return {
    before: characters.slice(Math.max(0, at - BEFORE), at).join(''),
    from: characters.slice(at, at + FROM).join(''),
    code: code === undefined ? null : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`,
  };
}

const CASE: Bilingual = {
  zh: '只是大小写不同：请核对账号设置里签名的大小写。',
  en: 'Only the case of the letters differs: see the case of the sign in the settings of the account.',
};
const OTHER_LENGTH: Bilingual = {
  zh: '长度不同：多半是另一种摘要算法（MD5 是 32 位，SHA-256 是 64 位）。',
  en: 'The lengths differ: most likely another digest (MD5 has 32 digits, SHA-256 has 64).',
};
const EXPIRED: Bilingual = {
  zh: '这里签的是早已过期的时间：请填上供应商工具所用的时间再比对。',
  en: "What is signed here is a time that expired long ago: type the time that the vendor's tool used, then compare.",
};
const ANYTHING: Bilingual = {
  zh: '摘要只要原文有一个字不同就全部不同：请粘贴供应商工具所显示的签名原文，这里会指出第一处不同。',
  en: "A digest differs as a whole when a single character of the text does: paste the text that the vendor's tool signs, and the first difference in it is pointed at.",
};

/** Compares a pasted sign with ours. `expired`: ours was made with a time that expired long ago. */
export function compareSign(ours: string, theirs: string, expired: boolean): Found {
  const [mine, other] = [[...ours], [...theirs]];
  const at = firstDifference(mine, other);
  if (at === null) return SAME;
  const sameBarCase = ours.toLowerCase() === theirs.toLowerCase();
  const hint = sameBarCase ? CASE : ours.length !== theirs.length ? OTHER_LENGTH : expired ? EXPIRED : ANYTHING;
  return { same: false, at: at + 1, ours: excerpt(mine, at), theirs: excerpt(other, at), hint };
}

const IN_SECRET: Bilingual = {
  zh: '不同之处正在密钥的位置：供应商工具用的是另一个密钥，或把密钥显示成了别的样子。',
  en: "They differ where the secret stands: the vendor's tool uses another secret, or shows something else in its place.",
};
const ENDS_EARLY: Bilingual = {
  zh: '到这里为止都相同，粘贴的原文在此结束：可能没有复制完整，或少了一个字段。',
  en: 'All is the same up to here, where the pasted text ends: it may not have been copied whole, or a field is missing.',
};
const GOES_ON: Bilingual = {
  zh: '到这里为止都相同，粘贴的原文还有更多内容：多了一个字段。',
  en: 'All is the same up to here, and the pasted text goes on: it has a field more.',
};
const ESCAPED: Bilingual = {
  zh: '粘贴的原文在这里做了 URL 编码（%xx 或 +），我们签的是未编码的值，或者相反。',
  en: 'Here one of the texts is written with URL escapes (%xx or +) and the other is not.',
};
const SPACE: Bilingual = {
  zh: '不同的是一个空白或看不见的字符：请看它的编码。',
  en: 'What differs is a space or a character that is not seen: look at its code.',
};
const TIME: Bilingual = {
  zh: '不同的是时间：请填上供应商工具所用的时间再比对。',
  en: "What differs is the time: type the time that the vendor's tool used, then compare.",
};

/** Where the masks of a text stand, as places of characters. */
function masked(characters: readonly string[]): ReadonlySet<number> {
  const text = characters.join('');
  const places = new Set<number>();
  for (let at = text.indexOf(MASK); at !== -1; at = text.indexOf(MASK, at + 1)) {
    const from = [...text.slice(0, at)].length;
    for (let place = 0; place < MASK.length; place += 1) places.add(from + place);
  }
  return places;
}

const UNSEEN = /^[\s\p{Cf}\p{Cc}\p{Zs}]$/u;

function hintAt(
  ours: readonly string[],
  theirs: readonly string[],
  at: number,
  timeAt: number | null,
): Bilingual | null {
  const [mine, other] = [ours[at], theirs[at]];
  if (timeAt !== null && at >= timeAt && at < timeAt + 20) return TIME;
  if (other === undefined) return ENDS_EARLY;
  if (mine === undefined) return GOES_ON;
  const rest = (list: readonly string[]): string => list.slice(at, at + 3).join('');
  const isEscape = (text: string): boolean => /^%[0-9a-f]{2}/iu.test(text) || text.startsWith('+');
  if (isEscape(rest(ours)) !== isEscape(rest(theirs))) return ESCAPED;
  if (UNSEEN.test(mine) || UNSEEN.test(other)) return SPACE;
  return null;
}

/**
 * Compares the text that is signed, its secrets masked, with a pasted one, whose known secrets have been masked as well. A tool that leaves
 * the secrets out is compared without ours. What stands in the pasted text in the place of a secret is not answered. `time`: the signed
 * time as it stands in ours; null where it was typed or none is signed.
 */
export function compareText(ours: string, theirs: string, time: string | null): Found {
  const other = [...theirs];
  const bare = ours.startsWith(MASK) || ours.endsWith(MASK) ? ours.replace(/^(?:•••)+|(?:•••)+$/gu, '') : ours;
  const candidates = [...new Set([ours, bare])].map((text) => {
    const characters = [...text];
    return { characters, text, at: firstDifference(characters, other) };
  });
  if (candidates.some(({ at }) => at === null)) return SAME;
  const best = candidates.reduce((one, next) => ((next.at ?? 0) > (one.at ?? 0) ? next : one));
  const at = best.at ?? 0;
  if (masked(best.characters).has(at)) {
    return { same: false, at: at + 1, ours: excerpt(best.characters, at), theirs: null, hint: IN_SECRET };
  }
  const place = time === null ? -1 : best.text.indexOf(time);
  const timeAt = place === -1 ? null : [...best.text.slice(0, place)].length;
  const hint = hintAt(best.characters, other, at, timeAt);
  return { same: false, at: at + 1, ours: excerpt(best.characters, at), theirs: excerpt(other, at), hint };
}
