import type { Column } from '../../contract/vendor.ts';

/** A decimal as its parts, so that it compares to the last digit: no value passes through a float. */
interface Decimal {
  readonly negative: boolean;
  /** Without leading zeros. */
  readonly whole: string;
  /** Without trailing zeros. */
  readonly fraction: string;
}

/** Nothing in it matches in two ways, so that a long value takes no longer than its length. */
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/;

function withoutLastZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

function decimalOf(text: string): Decimal | null {
  const [, sign, left = '', right = ''] = DECIMAL.exec(text) ?? [];
  if (left + right === '') return null;
  const whole = left.replace(/^0+/, '');
  const fraction = withoutLastZeros(right);
  return { negative: sign === '-' && whole + fraction !== '', whole, fraction };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function bySize(a: Decimal, b: Decimal): number {
  return a.whole.length - b.whole.length || byText(a.whole, b.whole) || byText(a.fraction, b.fraction);
}

function byDecimal(a: Decimal, b: Decimal): number {
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  return a.negative ? bySize(b, a) : bySize(a, b);
}

/** Compares the values at two places of a column. */
type Compare = (a: number, b: number) => number;

/** Numbers by size, then what is none by its text. */
function numbers(values: readonly string[]): Compare {
  const decimals = values.map((value) => decimalOf(value));
  return (a, b) => {
    const [one, other] = [decimals[a] ?? null, decimals[b] ?? null];
    if (one !== null && other !== null) return byDecimal(one, other);
    if (one !== null || other !== null) return one === null ? 1 : -1;
    return byText(values[a] ?? '', values[b] ?? '');
  };
}

const READING_ORDER = new Intl.Collator('zh-CN');

/** Texts as people look them up: Chinese by its reading, letters without regard to case. */
function texts(values: readonly string[]): Compare {
  // The collator takes many times as long, and says the same of plain letters and digits.
  if (values.every((value) => /^[\w-]*$/.test(value))) {
    const folded = values.map((value) => value.toLowerCase());
    return (a, b) => byText(folded[a] ?? '', folded[b] ?? '');
  }
  return (a, b) => READING_ORDER.compare(values[a] ?? '', values[b] ?? '');
}

function codes(values: readonly string[]): Compare {
  return (a, b) => byText(values[a] ?? '', values[b] ?? '');
}

const BY_KIND: Readonly<Record<Column['kind'], (values: readonly string[]) => Compare>> = {
  text: texts,
  order: numbers,
  amount: numbers,
  integer: numbers,
  // `yyyy-MM-dd HH:mm:ss`: its text is its order.
  time: codes,
  status: codes,
  boolean: codes,
};

/**
 * Compares rows by a column's values: by what the column's kind means, empty values last in both directions, rows with the same value in
 * their own order. `values` has one value for each row.
 */
export function columnOrder(kind: Column['kind'], values: readonly string[], descending: boolean): Compare {
  const compare = BY_KIND[kind](values);
  return (a, b) => {
    const [emptyA, emptyB] = [values[a] === '', values[b] === ''];
    if (emptyA || emptyB) return emptyA === emptyB ? a - b : emptyA ? 1 : -1;
    return (descending ? compare(b, a) : compare(a, b)) || a - b;
  };
}
