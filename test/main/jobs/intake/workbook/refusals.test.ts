import { describe, expect, it } from 'vitest';
import type { AppError } from '../../../../../src/contract/errors.ts';
import {
  changedWhileRead,
  damagedWorkbook,
  emptySheets,
  encryptedWorkbook,
  excessiveWorkbook,
  farCell,
  noSuchSheet,
  oldWorkbook,
  otherArchive,
} from '../../../../../src/main/jobs/intake/workbook/refusals.ts';
import { expectBilingual } from '../../../vendors/shared/bilingual.ts';

type Case = readonly [string, AppError, object, readonly [zh: string, en: string], readonly [zh: string, en: string]];

const NAME = '订单.xlsx';
const WHAT = { zh: '没有工作表', en: 'it has no sheet of cells' };
const many = Array.from({ length: 21 }, (_, index) => `s${index + 1}`);

const MALFORMED: readonly Case[] = [
  [
    'a damaged workbook',
    damagedWorkbook(NAME, WHAT),
    { seems: 'damaged' },
    [
      '“订单.xlsx”已经损坏，无法读取：没有工作表',
      '"订单.xlsx" is damaged and cannot be read: it has no sheet of cells.',
    ],
    [
      '请在 Excel 或 WPS 中打开它，另存为新的 XLSX（或“CSV UTF-8”）后再导入',
      'Open it in Excel or WPS, save it as a new XLSX (or as "CSV UTF-8") and import that.',
    ],
  ],
  [
    'one beyond a limit',
    excessiveWorkbook(NAME, { zh: '超过 2 个工作表', en: 'it has more than 2 sheets' }),
    { seems: 'excessive' },
    [
      '“订单.xlsx”超出了工作簿的安全限度，没有读取：超过 2 个工作表',
      '"订单.xlsx" is beyond what is safe to read of a workbook, so it was not read: it has more than 2 sheets.',
    ],
    [
      '请把要导入的行复制到一个新的工作簿（或另存为“CSV UTF-8”）后再导入',
      'Copy the rows to a new workbook (or save them as "CSV UTF-8") and import that.',
    ],
  ],
  [
    'a cell far away',
    farCell(NAME, '发货', 27, 9_000),
    { sheet: '发货', cell: 'AB9000', seems: 'far' },
    [
      '“订单.xlsx”的工作表“发货”在离表格很远的单元格 AB9000 里有内容',
      'Sheet "发货" of "订单.xlsx" has something in cell AB9000, far away from its table.',
    ],
    [
      '请删去 AB9000 的内容（或整行整列），保存后再导入',
      'Delete what is in AB9000 (or its whole row or column), save and import again.',
    ],
  ],
  [
    'a password',
    encryptedWorkbook(NAME),
    { seems: 'encrypted' },
    [
      '“订单.xlsx”是用密码加密的工作簿，无法读取',
      '"订单.xlsx" is a workbook encrypted with a password, so it cannot be read.',
    ],
    [
      '请在 Excel 或 WPS 中用密码打开，取消密码（文件 > 信息 > 保护工作簿）并另存后再导入',
      'Open it with its password in Excel or WPS, take the password away (File > Info > Protect Workbook), save it and import that.',
    ],
  ],
  [
    'an old workbook',
    oldWorkbook(NAME),
    { seems: 'xls' },
    [
      '“订单.xlsx”是旧版 Excel 工作簿（XLS），看内容如此，与扩展名无关',
      '"订单.xlsx" is an old Excel workbook (XLS) by its content, whatever its extension says.',
    ],
    [
      '请在 Excel 或 WPS 中打开，另存为“Excel 工作簿（*.xlsx）”后再导入',
      'Open it in Excel or WPS, save it as "Excel Workbook (*.xlsx)" and import that.',
    ],
  ],
  [
    'another kind of file',
    otherArchive(NAME, 'docx', { zh: 'Word 文档', en: 'a Word document' }),
    { seems: 'docx' },
    [
      '“订单.xlsx”不是 XLSX 工作簿，看内容像是Word 文档（与扩展名无关）',
      '"订单.xlsx" is no XLSX workbook; by its content it seems to be a Word document, whatever its extension says.',
    ],
    [
      '请选择 CSV 或 XLSX 文件；压缩包要先解压，其他表格请另存为 XLSX',
      'Choose a CSV or XLSX file: unpack an archive first, save another kind of table as XLSX.',
    ],
  ],
  [
    'no such sheet',
    noSuchSheet(NAME, 'x', ['发货', '退货']),
    { sheet: 'x' },
    ['“订单.xlsx”里没有工作表“x”', '"订单.xlsx" has no sheet "x".'],
    ['请从现有的工作表中选择：发货、退货', 'Choose one of its sheets: 发货, 退货.'],
  ],
  [
    'no such sheet of many, of which 20 are named',
    noSuchSheet(NAME, 'x', many),
    { sheet: 'x' },
    ['“订单.xlsx”里没有工作表“x”', '"订单.xlsx" has no sheet "x".'],
    [
      `请从现有的工作表中选择：${many.slice(0, 20).join('、')}`,
      `Choose one of its sheets: ${many.slice(0, 20).join(', ')}.`,
    ],
  ],
];

const EMPTY: readonly Case[] = [
  [
    'a sheet',
    emptySheets(NAME, '发货', []),
    {},
    ['“订单.xlsx”的工作表“发货”是空的', 'Sheet "发货" of "订单.xlsx" is empty.'],
    ['请选择含有订单号的工作表或文件', 'Choose a sheet or a file with order numbers.'],
  ],
  [
    'every sheet that is shown',
    emptySheets(NAME, null, ['a', 'b']),
    {},
    ['“订单.xlsx”的工作表都是空的', 'All sheets of "订单.xlsx" are empty.'],
    [
      '请选择含有订单号的工作表或文件；隐藏的工作表：a、b',
      'Choose a sheet or a file with order numbers. Hidden sheets: a, b.',
    ],
  ],
];

const CHANGED: readonly Case[] = [
  [
    'while it was read',
    changedWhileRead(NAME),
    {},
    ['“订单.xlsx”在读取时被改动了', '"订单.xlsx" was changed while it was read.'],
    ['请等其他程序保存完毕，再重新导入', 'Wait until other programs have saved it, then import it again.'],
  ],
];

/** Code, data, words and remedy of a refusal, all of them told in full. */
function expectTold(code: string, [, error, data, message, remedy]: Case): void {
  expect([error.code, error.data]).toEqual([code, { file: NAME, ...data }]);
  expect([error.text.message.zh, error.text.message.en]).toEqual(message);
  expect([error.text.remedy.zh, error.text.remedy.en]).toEqual(remedy);
  expectBilingual(error.text.message, error.text.remedy);
}

describe('a workbook that cannot be read', () => {
  it.each(MALFORMED)('%s', (...one) => expectTold('INTAKE_MALFORMED', one));
});

describe('a workbook that is empty', () => {
  it.each(EMPTY)('%s', (...one) => expectTold('INTAKE_EMPTY', one));
});

describe('a workbook that changed', () => {
  it.each(CHANGED)('%s', (...one) => expectTold('FILE_UNREADABLE', one));
});
