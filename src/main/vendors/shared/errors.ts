import type { Bilingual } from '../../../contract/text.ts';
import type { FailureClass, VendorFailure } from '../../../contract/outcome.ts';

/** One line of a vendor's error table. */
export interface ErrorEntry {
  /** The code exactly, or a pattern in which `*` stands for any text. Compared without case. */
  readonly code: string;
  /** What it means. `{1}` is replaced by what the first `*` stood for, `{words}` by the vendor's own words. */
  readonly reading: Bilingual;
  readonly remedy: Bilingual;
  readonly class: FailureClass;
  /** The vendor surely did not act on the call (design, One signed call: rejected). */
  readonly rejected?: boolean;
}

/** Most characters of a vendor's own words that are kept. */
const MOST_WORDS = 500;

function matcher(code: string): RegExp {
  const literal = code.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^${literal.join('(.*)')}$`, 'isu');
}

/** The table's line for the code: an exact one before a pattern, a longer pattern before a shorter one. */
export function findEntry<Entry extends ErrorEntry>(table: readonly Entry[], code: string): Entry | undefined {
  const exact = table.find((entry) => entry.code.toLowerCase() === code.toLowerCase());
  if (exact) return exact;
  return table
    .filter((entry) => entry.code.includes('*') && matcher(entry.code).test(code))
    .sort((a, b) => b.code.length - a.code.length)[0];
}

function filled(text: Bilingual, entry: ErrorEntry, key: string, words: string): Bilingual {
  const part = (entry.code.includes('*') ? (matcher(entry.code).exec(key)?.[1] ?? '') : '').trim();
  const fill = (one: string, none: string): string =>
    one.replace(/\{1\}|\{words\}/g, (place) => (place === '{1}' ? part : words) || none);
  return { zh: fill(text.zh, '（没有说明）'), en: fill(text.en, '(no words)') };
}

/** A vendor's words as they came, without control characters and cut to 500 characters. */
export function vendorWords(message: string): string {
  // eslint-disable-next-line no-control-regex -- a vendor's text must not drive a terminal
  const plain = message.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  const points = Array.from(plain);
  return points.length > MOST_WORDS ? `${points.slice(0, MOST_WORDS).join('')}…` : plain;
}

/**
 * A vendor's failure explained by its table. `key` is what the table is searched for (the code, or the text for a vendor whose codes say
 * nothing) and defaults to the code. An unknown one shows the vendor's own words, with class `fallback` (`vendor` when not given).
 */
export function explain(
  table: readonly ErrorEntry[],
  code: string,
  message: string,
  options: { readonly key?: string; readonly fallback?: FailureClass; readonly requestId?: string | undefined } = {},
): VendorFailure {
  const key = options.key ?? code;
  const entry = findEntry(table, key);
  const words = vendorWords(message);
  const shown = vendorWords(code);
  const requestId = options.requestId === undefined ? {} : { requestId: vendorWords(options.requestId) };
  if (entry) {
    return {
      code: shown,
      message: words,
      class: entry.class,
      reading: filled(entry.reading, entry, vendorWords(key), words),
      remedy: filled(entry.remedy, entry, vendorWords(key), words),
      ...requestId,
    };
  }
  return {
    code: shown,
    message: words,
    class: options.fallback ?? 'vendor',
    reading: {
      zh: words === '' ? `供应商返回了文档没有列出的代码 ${shown}，没有说明` : `供应商的原话（文档没有列出）：${words}`,
      en:
        words === ''
          ? `The vendor sent code ${shown}, which its documents do not list, without words`
          : `The vendor's own words (not in its documents): ${words}`,
    },
    remedy: {
      zh: '请按原话处理；看不懂时，把代码和请求编号交给供应商客服',
      en: "Act on the vendor's words; if they are unclear, give the code and the request id to the vendor's support desk",
    },
    ...requestId,
  };
}

/** A failure of the console's own making, e.g. after a verification. Its code begins with `console.`. */
export function ownFailure(
  code: `console.${string}`,
  failureClass: FailureClass,
  reading: Bilingual,
  remedy: Bilingual,
): VendorFailure {
  return { code, message: '', class: failureClass, reading, remedy };
}
