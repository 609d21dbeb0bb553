import type { AppError } from '../../../../contract/errors.ts';
import { appError } from '../../../../contract/errors.ts';
import type { Bilingual } from '../../../../contract/text.ts';
import { columnLetters, malformedError } from '../problems.ts';

const SAVE_ANEW: Bilingual = {
  zh: '请在 Excel 或 WPS 中打开它，另存为新的 XLSX（或“CSV UTF-8”）后再导入',
  en: 'Open it in Excel or WPS, save it as a new XLSX (or as "CSV UTF-8") and import that.',
};
const COPY_ROWS: Bilingual = {
  zh: '请把要导入的行复制到一个新的工作簿（或另存为“CSV UTF-8”）后再导入',
  en: 'Copy the rows to a new workbook (or save them as "CSV UTF-8") and import that.',
};

/** INTAKE_MALFORMED: the workbook cannot be read to its end; `what` says where it broke. */
export function damagedWorkbook(name: string, what: Bilingual): AppError {
  return malformedError(
    {
      zh: `“${name}”已经损坏，无法读取：${what.zh}`,
      en: `"${name}" is damaged and cannot be read: ${what.en}.`,
    },
    SAVE_ANEW,
    { file: name, seems: 'damaged' },
  );
}

/** INTAKE_MALFORMED: the workbook would take more memory or time than any table of orders needs. */
export function excessiveWorkbook(name: string, what: Bilingual): AppError {
  return malformedError(
    {
      zh: `“${name}”超出了工作簿的安全限度，没有读取：${what.zh}`,
      en: `"${name}" is beyond what is safe to read of a workbook, so it was not read: ${what.en}.`,
    },
    COPY_ROWS,
    { file: name, seems: 'excessive' },
  );
}

/** INTAKE_MALFORMED: a cell far away from the table. `column` 0-based, `row` 1-based. */
export function farCell(name: string, sheet: string, column: number, row: number): AppError {
  const cell = `${columnLetters(column)}${row}`;
  return malformedError(
    {
      zh: `“${name}”的工作表“${sheet}”在离表格很远的单元格 ${cell} 里有内容`,
      en: `Sheet "${sheet}" of "${name}" has something in cell ${cell}, far away from its table.`,
    },
    {
      zh: `请删去 ${cell} 的内容（或整行整列），保存后再导入`,
      en: `Delete what is in ${cell} (or its whole row or column), save and import again.`,
    },
    { file: name, sheet, cell, seems: 'far' },
  );
}

/** INTAKE_MALFORMED: the workbook opens with a password alone. */
export function encryptedWorkbook(name: string): AppError {
  return malformedError(
    {
      zh: `“${name}”是用密码加密的工作簿，无法读取`,
      en: `"${name}" is a workbook encrypted with a password, so it cannot be read.`,
    },
    {
      zh: '请在 Excel 或 WPS 中用密码打开，取消密码（文件 > 信息 > 保护工作簿）并另存后再导入',
      en: 'Open it with its password in Excel or WPS, take the password away (File > Info > Protect Workbook), save it and import that.',
    },
    { file: name, seems: 'encrypted' },
  );
}

/** INTAKE_MALFORMED: the old binary format. */
export function oldWorkbook(name: string): AppError {
  return malformedError(
    {
      zh: `“${name}”是旧版 Excel 工作簿（XLS），看内容如此，与扩展名无关`,
      en: `"${name}" is an old Excel workbook (XLS) by its content, whatever its extension says.`,
    },
    {
      zh: '请在 Excel 或 WPS 中打开，另存为“Excel 工作簿（*.xlsx）”后再导入',
      en: 'Open it in Excel or WPS, save it as "Excel Workbook (*.xlsx)" and import that.',
    },
    { file: name, seems: 'xls' },
  );
}

/** INTAKE_MALFORMED: an archive or document that is no XLSX. `seems` is our short word for it. */
export function otherArchive(name: string, seems: string, what: Bilingual): AppError {
  return malformedError(
    {
      zh: `“${name}”不是 XLSX 工作簿，看内容像是${what.zh}（与扩展名无关）`,
      en: `"${name}" is no XLSX workbook; by its content it seems to be ${what.en}, whatever its extension says.`,
    },
    {
      zh: '请选择 CSV 或 XLSX 文件；压缩包要先解压，其他表格请另存为 XLSX',
      en: 'Choose a CSV or XLSX file: unpack an archive first, save another kind of table as XLSX.',
    },
    { file: name, seems },
  );
}

/** INTAKE_MALFORMED: there is no sheet of this name. */
export function noSuchSheet(name: string, sheet: string, there: readonly string[]): AppError {
  const shown = there.slice(0, 20);
  return malformedError(
    { zh: `“${name}”里没有工作表“${sheet}”`, en: `"${name}" has no sheet "${sheet}".` },
    { zh: `请从现有的工作表中选择：${shown.join('、')}`, en: `Choose one of its sheets: ${shown.join(', ')}.` },
    { file: name, sheet },
  );
}

/** INTAKE_EMPTY: the chosen sheet, or every visible one, is empty. */
export function emptySheets(name: string, sheet: string | null, hidden: readonly string[]): AppError {
  const more =
    hidden.length === 0
      ? { zh: '', en: '' }
      : { zh: `；隐藏的工作表：${hidden.join('、')}`, en: ` Hidden sheets: ${hidden.join(', ')}.` };
  return appError(
    'INTAKE_EMPTY',
    sheet === null
      ? { zh: `“${name}”的工作表都是空的`, en: `All sheets of "${name}" are empty.` }
      : { zh: `“${name}”的工作表“${sheet}”是空的`, en: `Sheet "${sheet}" of "${name}" is empty.` },
    {
      zh: `请选择含有订单号的工作表或文件${more.zh}`,
      en: `Choose a sheet or a file with order numbers.${more.en}`,
    },
    { data: { file: name } },
  );
}

/** FILE_UNREADABLE: the file was written to while it was read. */
export function changedWhileRead(name: string): AppError {
  return appError(
    'FILE_UNREADABLE',
    { zh: `“${name}”在读取时被改动了`, en: `"${name}" was changed while it was read.` },
    { zh: '请等其他程序保存完毕，再重新导入', en: 'Wait until other programs have saved it, then import it again.' },
    { data: { file: name } },
  );
}
