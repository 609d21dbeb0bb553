import { describe, expect, it } from 'vitest';
import type { Bilingual } from '../../../../../src/contract/text.ts';
import type { CsvRecord } from '../../../../../src/main/jobs/intake/csv.ts';
import type { InputOptions, OpenedInput } from '../../../../../src/main/jobs/intake/input.ts';
import { openWorkbook } from '../../../../../src/main/jobs/intake/workbook/open.ts';
import type { WorkbookSheet } from '../../../../../src/main/jobs/intake/workbook/workbook.ts';
import { bookOf, rowsOf, textCell, type TestSheet } from '../../../../support/workbook.ts';
import { cellsOf, fileOf } from '../support.ts';
import { FILE } from './support.ts';

const hiddenRows = (count: number): string =>
  [0, 1, 2]
    .map((row) => `<row${row < count ? ' hidden="1"' : ''}>${textCell(`A${row + 1}`, `x${row + 1}`)}</row>`)
    .join('');

function opened(sheets: readonly TestSheet[], options: InputOptions = {}): Promise<OpenedInput> {
  return openWorkbook(fileOf(bookOf({ sheets }), FILE).path, FILE, options);
}

/** All there is to tell of an input, without its rows. */
function shown({ records: _, notices, sha256, ...rest }: OpenedInput): object {
  return { ...rest, notices: notices(), sha256: sha256() };
}

const NOTICES: readonly (readonly Bilingual[])[] = [
  [],
  [
    {
      zh: '有 1 行在表格软件里被隐藏或筛掉了，也会读入。',
      en: '1 row is hidden or filtered out in the spreadsheet, and read in all the same.',
    },
  ],
  [
    {
      zh: '有 2 行在表格软件里被隐藏或筛掉了，也会读入。',
      en: '2 rows are hidden or filtered out in the spreadsheet, and read in all the same.',
    },
  ],
];
const row = (line: number, cells: readonly string[]): CsvRecord => ({ line, cells, fault: null });
const sheet = (name: string, rows: number | null, hiddenRows: number | null): WorkbookSheet => ({
  name,
  hidden: false,
  rows,
  hiddenRows,
});

describe('an opened workbook', () => {
  it.each([0, 1, 2])('is a file of one sheet, and tells of its rows that are hidden: %d', async (count) => {
    const sheets: readonly TestSheet[] = [
      { name: 'other', data: hiddenRows(3) },
      { name: '发货', data: hiddenRows(count) },
    ];
    expect(shown(await opened(sheets, { sheet: '发货', countRows: true }))).toEqual({
      kind: 'file',
      name: FILE,
      encoding: null,
      delimiter: 'sheet',
      sheet: '发货',
      sheets: [sheet('other', 3, 3), sheet('发货', 3, count)],
      first: row(1, ['x1']),
      head: [row(1, ['x1']), row(2, ['x2']), row(3, ['x3'])],
      notices: NOTICES[count],
      sha256: null,
    });
  });

  it('tells which of its sheets was taken when nobody chose one, its header the first row with something in it', async () => {
    const sheets = [
      { name: 'a', data: '' },
      { name: 'b', data: rowsOf([['', ' '], ['订单号']]) },
    ];
    expect(shown(await opened(sheets))).toMatchObject({
      sheet: 'b',
      sheets: [sheet('a', null, null), sheet('b', null, null)],
      first: row(2, ['订单号']),
      head: [row(1, ['', ' ']), row(2, ['订单号'])],
      notices: [{ zh: '工作簿有 2 个工作表，读取的是“b”。', en: 'The workbook has 2 sheets; "b" is read.' }],
      sha256: null,
    });
  });

  it('has its checksum, and the number of its hidden rows, once it was read to its end', async () => {
    const input = await opened([{ name: 's', data: hiddenRows(2) }]);
    expect(shown(input)).toMatchObject({ notices: [], sha256: null });
    expect(await cellsOf(input)).toEqual([['x1'], ['x2'], ['x3']]);
    expect(shown(input)).toMatchObject({
      notices: NOTICES[2],
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/u) as unknown,
    });
  });
});
