import type { Bilingual } from '../../../contract/text.ts';
import type { Field } from '../../../contract/vendor.ts';
import type { Checked, Problem, Values } from '../types.ts';
import { shanghaiMs } from './time.ts';

/** Digits that a spreadsheet keeps of a number; the rest becomes zeros. */
const KEPT_DIGITS = 15;
/** Most leading zeros that are looked for when an order number seems to have lost some. */
const MOST_LOST_ZEROS = 8;
/** Spaces and invisible marks that copying adds around a value (no-break and full-width space, zero width marks, BOM). */
const AROUND = /^[\s\u200b-\u200f\u2060\ufeff]+|[\s\u200b-\u200f\u2060\ufeff]+$/gu;
/** Fields' patterns, compiled once: there are few, and a job checks a million rows. */
const PATTERNS = new Map<string, RegExp>();
const PAIRS = /[\ud800-\udbff][\udc00-\udfff]/g;

/** A problem of one field, its name put before the message. */
export function problemOf(code: string, field: Pick<Field, 'id' | 'names'>, message: Bilingual): Problem {
  return {
    code,
    field: field.id,
    message: { zh: `${field.names.zh}：${message.zh}`, en: `${field.names.en}: ${message.en}` },
  };
}

/** The value without spaces and invisible marks around it. */
export function trimmed(value: string): string {
  return hasPlainEnds(value) ? value : value.replace(AROUND, '');
}

/** Whether a text surely has nothing around it: most begin and end with a plain sign, and looking costs far less than an expression. */
export function hasPlainEnds(text: string): boolean {
  return isPlain(text.charCodeAt(0)) && isPlain(text.charCodeAt(text.length - 1));
}

/** Whether a sign is one of ASCII's that can be seen, or a common Chinese one. */
function isPlain(code: number): boolean {
  return (code > 0x20 && code < 0x7f) || (code >= 0x4e00 && code <= 0x9fff);
}

/** Whether the whole value matches a field's pattern. */
export function matchesPattern(pattern: string, value: string): boolean {
  let compiled = PATTERNS.get(pattern);
  if (compiled === undefined) PATTERNS.set(pattern, (compiled = new RegExp(`^(?:${pattern})$`, 'u')));
  return compiled.test(value);
}

/** Length in characters, by code point. */
export function codePoints(text: string): number {
  return text.length - (text.match(PAIRS)?.length ?? 0);
}

/**
 * Whether an order number bears a spreadsheet's damage: written as `1.23E+17` (`order.scientific`), as a decimal or with thousands
 * separators (`order.number_format`), more than 15 digits with nothing but zeros after the 15th (`order.tail_zeros`), or, where a pattern is
 * given, one that fits it only with zeros put in front (`order.lost_zeros`). Null when it bears none.
 */
export function damagedOrder(text: string, pattern?: string): Problem | null {
  const value = trimmed(text);
  if (/^\d(?:[.,]\d+)?e\+?\d{1,3}$/iu.test(value) && /[.,+]/u.test(value)) {
    return {
      code: 'order.scientific',
      message: {
        zh: `订单号“${value}”被表格软件改成了科学计数，后面的数字已经丢失；请把该列设为“文本”后重新导出`,
        en: `order number "${value}" was turned into scientific notation by a spreadsheet and its last digits are lost; set the column to "Text" and export again`,
      },
    };
  }
  if (/^\d+\.0+$/u.test(value) || /^\d{1,3}(?:,\d{3})+(?:\.0+)?$/u.test(value)) {
    return {
      code: 'order.number_format',
      message: {
        zh: `订单号“${value}”被表格软件当成了数字（带小数或千位分隔）；请把该列设为“文本”后重新导出`,
        en: `order number "${value}" was treated as a number by a spreadsheet (decimals or thousands marks); set the column to "Text" and export again`,
      },
    };
  }
  if (/^[1-9]\d+$/u.test(value) && value.length > KEPT_DIGITS && /^0+$/u.test(value.slice(KEPT_DIGITS))) {
    return {
      code: 'order.tail_zeros',
      message: {
        zh: `订单号“${value}”第 15 位以后全是 0，像是被表格软件改坏的；请从原始系统重新导出并核对`,
        en: `order number "${value}" has only zeros after its 15th digit, as a spreadsheet leaves it; export it again from its source and compare`,
      },
    };
  }
  if (pattern !== undefined && /^\d+$/u.test(value) && !matchesPattern(pattern, value)) {
    for (let zeros = 1; zeros <= MOST_LOST_ZEROS; zeros += 1) {
      if (!matchesPattern(pattern, '0'.repeat(zeros) + value)) continue;
      return {
        code: 'order.lost_zeros',
        message: {
          zh: `订单号“${value}”好像少了前面的 ${zeros} 个 0；请把该列设为“文本”后重新导出`,
          en: `order number "${value}" seems to have lost ${zeros} leading zero${zeros > 1 ? 's' : ''}; set the column to "Text" and export again`,
        },
      };
    }
  }
  return null;
}

/** An order number's problem: damage first, then spaces or marks inside it. */
function orderProblem(value: string, field: Field): Problem | null {
  const damage = damagedOrder(value, field.pattern);
  if (damage) return { ...damage, field: field.id };
  if (/[\s\p{Cc}\p{Cf}\p{Zs}]/u.test(value)) {
    return problemOf('order.characters', field, {
      zh: '订单号里有空格、换行或看不见的字符',
      en: 'the order number has a space, a line break or an invisible character inside',
    });
  }
  return null;
}

/** Most order numbers of one lookup: hours of calls at any vendor's pace. */
const MOST_ORDERS = 20_000;

/** The first problem of a list of order numbers, of which each must fit the field by itself. */
function ordersProblem(orders: readonly string[], field: Field): Problem | null {
  if (orders.length > MOST_ORDERS) {
    return problemOf('field.too_many', field, {
      zh: `一次最多查 ${MOST_ORDERS} 个，现在是 ${orders.length} 个`,
      en: `at most ${MOST_ORDERS} at once, these are ${orders.length}`,
    });
  }
  const one: Field = { ...field, kind: 'order' };
  for (const order of orders) {
    const problem = valueProblem(order, one);
    if (problem === null) continue;
    const named = problem.message.zh.includes(order);
    const { zh, en } = problem.message;
    return named ? problem : { ...problem, message: { zh: `${zh}（${order}）`, en: `${en} (${order})` } };
  }
  return null;
}

function kindProblem(value: string, field: Field): Problem | null {
  switch (field.kind) {
    case 'order':
      return orderProblem(value, field);
    case 'orders':
      return ordersProblem(splitOrders(value), field);
    case 'integer':
      return /^-?\d+$/u.test(value)
        ? null
        : problemOf('field.integer', field, { zh: '必须是整数', en: 'must be a whole number' });
    case 'time':
      return shanghaiMs(value) !== undefined
        ? null
        : problemOf('field.time', field, {
            zh: '必须是真实存在的时间，写成 2024-05-01 00:00:00（北京时间）',
            en: 'must be a time that exists, written as 2024-05-01 00:00:00 (Beijing time)',
          });
    case 'boolean':
      return value === 'true' || value === 'false'
        ? null
        : problemOf('field.boolean', field, { zh: '只能是 true 或 false', en: 'must be true or false' });
    case 'choice': {
      const choices = field.choices ?? [];
      return choices.some((choice) => choice.value === value)
        ? null
        : problemOf('field.choice', field, {
            zh: `只能是：${choices.map((choice) => `${choice.value}（${choice.names.zh}）`).join('、')}`,
            en: `must be one of: ${choices.map((choice) => `${choice.value} (${choice.names.en})`).join(', ')}`,
          });
    }
    case 'text':
    case 'secret':
      return null;
  }
}

/** A list of order numbers as typed: separated by line breaks, spaces, commas or semicolons, Chinese ones too. */
export function splitOrders(text: string): readonly string[] {
  return text.split(/[\s,;，；、]+/u).filter((order) => order !== '');
}

/** A cell as it will be used: trimmed unless it is free text, a choice's name replaced by its value. */
function cleaned(raw: string, field: Field): string {
  if (field.kind === 'text' || field.kind === 'secret') return trimmed(raw) === '' ? '' : raw;
  // Each once, in the order in which they were typed.
  if (field.kind === 'orders') return [...new Set(splitOrders(raw))].join('\n');
  const value = trimmed(raw);
  if (field.kind !== 'choice') return value;
  const named = field.choices?.find(
    (choice) => choice.names.zh === value || choice.names.en.toLowerCase() === value.toLowerCase(),
  );
  return field.choices?.some((choice) => choice.value === value) ? value : (named?.value ?? value);
}

function valueProblem(value: string, field: Field): Problem | null {
  if (!value.isWellFormed()) {
    return problemOf('field.characters', field, {
      zh: '含有损坏的字符（半个代理对）',
      en: 'holds a damaged character (half a surrogate pair)',
    });
  }
  const byKind = kindProblem(value, field);
  if (byKind || field.kind === 'orders') return byKind;
  if (field.maxLength !== undefined && codePoints(value) > field.maxLength) {
    return problemOf('field.too_long', field, {
      zh: `最多 ${field.maxLength} 个字符，现在是 ${codePoints(value)} 个`,
      en: `at most ${field.maxLength} characters, this has ${codePoints(value)}`,
    });
  }
  if (field.pattern !== undefined && !matchesPattern(field.pattern, value)) {
    return problemOf('field.pattern', field, {
      zh: field.example === undefined ? '格式不对' : `格式不对，应像 ${field.example}`,
      en:
        field.example === undefined ? 'has the wrong form' : `has the wrong form, it should look like ${field.example}`,
    });
  }
  return null;
}

/**
 * Checks values against their fields and completes them: defaults filled in, spaces around taken off (free text keeps its own), a choice given by its
 * name replaced by its value. Values of no field are dropped, empty optional ones left out. At most one problem a field, in the fields' order.
 */
export function checkFields(fields: readonly Field[], values: Values): Checked<Values> {
  const problems: Problem[] = [];
  const complete: Record<string, string> = {};
  for (const field of fields) {
    const given = cleaned(Object.hasOwn(values, field.id) ? (values[field.id] ?? '') : '', field);
    const value = given === '' ? (field.initial ?? '') : given;
    if (value === '') {
      if (field.required) problems.push(problemOf('field.required', field, { zh: '必须填写', en: 'is required' }));
      continue;
    }
    const problem = valueProblem(value, field);
    if (problem) problems.push(problem);
    else complete[field.id] = value;
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: complete, warnings: [] };
}
