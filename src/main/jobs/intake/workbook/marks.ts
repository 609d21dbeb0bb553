import type { Bilingual } from '../../../../contract/text.ts';
import type { Field } from '../../../../contract/vendor.ts';
import { problemOf } from '../../../vendors/shared/check.ts';
import type { Problem } from '../../../vendors/types.ts';
import type { NumberMark } from './formats.ts';

/** What a spreadsheet made of a cell, so that it may not be what was typed. */
export type CellMark = NumberMark | 'boolean' | 'error' | 'formula';

const AS_TEXT: Bilingual = {
  zh: '请把该列设为“文本”，从原始系统重新粘贴后再导入',
  en: 'set the column to "Text", paste the values from their source again and import that',
};

/** What each says, and the problem's code. */
const WORDS: Readonly<Record<CellMark, { readonly code: string; readonly message: Bilingual }>> = {
  date: {
    code: 'cell.date',
    message: {
      zh: `单元格是日期，原来输入的内容已经不在；${AS_TEXT.zh}`,
      en: `the cell is a date, so that what was typed is gone; ${AS_TEXT.en}`,
    },
  },
  scientific: {
    code: 'cell.scientific',
    message: {
      zh: `单元格是科学计数的数字，后面的位数可能已经丢失；${AS_TEXT.zh}`,
      en: `the cell is a number in scientific notation, whose last digits may be lost; ${AS_TEXT.en}`,
    },
  },
  digits: {
    code: 'cell.digits',
    message: {
      zh: `单元格是超过 15 位的数字，Excel 只保留前 15 位，后面的已经丢失；${AS_TEXT.zh}`,
      en: `the cell is a number of more than 15 digits, of which Excel keeps only the first 15; ${AS_TEXT.en}`,
    },
  },
  decimal: {
    code: 'cell.decimal',
    message: {
      zh: `单元格是带小数的数字；${AS_TEXT.zh}`,
      en: `the cell is a number with decimals; ${AS_TEXT.en}`,
    },
  },
  format: {
    code: 'cell.format',
    message: {
      zh: `单元格是数字，而且显示的样子与保存的不同（小数、货币或补零格式）；${AS_TEXT.zh}`,
      en: `the cell is a number that is shown in another way than it is stored (decimals, currency, padding zeros); ${AS_TEXT.en}`,
    },
  },
  boolean: {
    code: 'cell.boolean',
    message: {
      zh: `单元格是逻辑值（TRUE/FALSE），不是文字；${AS_TEXT.zh}`,
      en: `the cell is a logical value (TRUE/FALSE) and no text; ${AS_TEXT.en}`,
    },
  },
  error: {
    code: 'cell.error',
    message: {
      zh: '单元格是公式错误（如 #N/A）；请改正公式，或填入内容后再导入',
      en: 'the cell is the error of a formula (such as #N/A); mend the formula or type the value, and import again',
    },
  },
  formula: {
    code: 'cell.formula',
    message: {
      zh: '单元格是公式，结果不是文字，或还没有计算；请把该列“选择性粘贴为值”并设为“文本”后再导入',
      en: 'the cell is a formula whose result is no text, or not worked out; paste the column as values, set to "Text", and import that',
    },
  },
};

/** Whether a mark forbids the cell for a field. A number with decimals as it is shown is no order, but a text or a value to be checked. */
function forbids(mark: CellMark, field: Field): boolean {
  if (mark === 'decimal') return field.kind === 'order';
  return !(mark === 'boolean' && field.kind === 'boolean');
}

/** What is wrong with a marked cell in a field's column; null when it may be used. Nothing is ever converted. */
export function markProblem(mark: CellMark, field: Field): Problem | null {
  if (!forbids(mark, field)) return null;
  const { code, message } = WORDS[mark];
  return problemOf(code, field, message);
}
