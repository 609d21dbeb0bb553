import type { Field } from '../../../contract/vendor.ts';
import { damagedOrder, hasPlainEnds, problemOf } from '../../vendors/shared/check.ts';
import type { Problem } from '../../vendors/types.ts';

/** Spaces, line ends and marks without a width (byte order marks, joiners, writing directions, soft hyphens). */
const UNSEEN = String.raw`[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]`;
const AROUND = new RegExp(`^${UNSEEN}+|${UNSEEN}+$`, 'gu');
const INSIDE = /[\s\p{Cc}\p{Cf}\p{Zs}]/u;

/** The value without what cannot be seen around it. */
export function seen(cell: string): string {
  return hasPlainEnds(cell) ? cell : cell.replace(AROUND, '');
}

/** A value freed of a spreadsheet's text protections: unseen marks around it, `="…"`, one leading `'`. */
export function unwrapped(cell: string): string {
  const text = seen(cell);
  if (!text.startsWith('=') && !text.startsWith("'")) return text;
  const formula = /^="((?:[^"]|"")*)"$/u.exec(text)?.[1];
  if (formula !== undefined) return seen(formula.replaceAll('""', '"'));
  return text.startsWith("'") ? seen(text.slice(1)) : text;
}

/**
 * What is wrong with an (unwrapped) order number before any vendor's rule: a spreadsheet's damage (`order.*` of `damagedOrder`), full-width
 * signs (`order.full_width`), something unseen inside (`order.unseen`). Nothing is ever converted, as a wrong guess changes another order.
 */
export function orderDamage(order: string, field: Field): Problem | null {
  // Letters and `-` among digits: no number to a spreadsheet, and nothing unseen.
  if (/[A-DF-Za-df-z_-]/.test(order) && /^[\w-]+$/.test(order)) return null;
  const damage = damagedOrder(order, field.pattern);
  if (damage !== null) return { ...damage, field: field.id };
  const unseen = INSIDE.exec(order)?.[0];
  if (unseen !== undefined) {
    const point = `U+${(unseen.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    return problemOf('order.unseen', field, {
      zh: `订单号中间有空格或看不见的字符（${point}）；请删去后重新导入`,
      en: `a space or an unseen character (${point}) stands inside the order number; take it out and import again`,
    });
  }
  if (/[\uff01-\uff5e]/u.test(order)) {
    return problemOf('order.full_width', field, {
      zh: '订单号里有全角字符；请改成半角后重新导入',
      en: 'the order number has full-width characters; write it with ordinary ones and import again',
    });
  }
  return null;
}
