import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openInput } from '../../../../../src/main/jobs/intake/input.ts';
import { threadEntry } from '../../../../../src/main/jobs/intake/workbook/workbook.ts';
import { bookOf, rowsOf, textCell, type TestBook } from '../../../../support/workbook.ts';
import { expectBilingual } from '../../../vendors/shared/bilingual.ts';
import { cellsOf, failure, fileOf, readAll } from '../support.ts';

const HEADER = ['订单号', '备注', '标记'];
const fileOfBook = (book: TestBook, name = 'orders.xlsx'): ReturnType<typeof fileOf> => fileOf(bookOf(book), name);
const sheetOf = (rows: readonly (readonly string[])[], rest: Partial<TestBook> = {}): TestBook => ({
  sheets: [{ name: '发货', data: rowsOf(rows) }],
  ...rest,
});

describe('a workbook', () => {
  it('is known by its bytes and read row by row, its texts untouched', async () => {
    const file = fileOfBook(
      sheetOf(
        [
          HEADER,
          ['00123456', ' 两\n行 &<>"', ''],
          ['A-000002', '<c r="@" t="s"><v>1</v></c>', '<c r="@"><v>2</v></c>'],
        ],
        {
          shared: ['x', '=1+1 _x000D_'],
        },
      ),
      'orders.csv',
    );
    const { input, rows } = await readAll(file);
    expect(input).toMatchObject({ kind: 'file', encoding: null, delimiter: 'sheet', sheet: '发货' });
    expect(rows.map(({ line, cells, problem }) => [line, cells, problem])).toEqual([
      [2, ['00123456', ' 两\n行 &<>"'], null],
      [3, ['A-000002', '=1+1 \r', '2'], null],
    ]);
    expect(input.sha256()).toBe(createHash('sha256').update(readFileSync(file.path)).digest('hex'));
  });

  it('joins the runs of rich text and leaves phonetic hints out', async () => {
    const rich =
      '<c r="A2" t="inlineStr"><is><r><t>A-00</t></r><r><rPr><b/></rPr><t>0001</t></r><rPh><t>x</t></rPh></is></c>';
    const { rows } = await readAll(
      fileOfBook({
        sheets: [{ name: 's', data: `<row r="1">${textCell('A1', '订单号')}</row><row r="2">${rich}</row>` }],
      }),
    );
    expect(rows[0]?.order).toBe('A-000001');
  });

  it('proposes the first visible sheet with something in it, counts the rows of all, and tells of the choice', async () => {
    const book: TestBook = {
      sheets: [
        { name: 'empty', data: '<row r="1"><c r="A1" s="1"/></row>' },
        { name: 'secret', data: rowsOf([HEADER, ['A-000009']]), state: 'hidden' },
        { name: '发货', data: rowsOf([HEADER, ['A-000001'], ['A-000002']]) },
      ],
    };
    const file = fileOfBook(book);
    const input = await openInput(file, { countRows: true });
    expect(input.sheet).toBe('发货');
    expect(input.sheets?.map(({ name, hidden, rows }) => [name, hidden, rows])).toEqual([
      ['empty', false, 0],
      ['secret', true, 2],
      ['发货', false, 3],
    ]);
    expect(input.notices()).toEqual([
      { zh: '工作簿有 3 个工作表，读取的是“发货”。', en: 'The workbook has 3 sheets; "发货" is read.' },
    ]);
    const other = await openInput(file, { sheet: 'secret' });
    expect(await cellsOf(other)).toEqual([HEADER, ['A-000009']]);
    expect(other.notices()).toEqual([]);

    const unknown = await failure(() => openInput(file, { sheet: 'x' }));
    expect(unknown.code).toBe('INTAKE_MALFORMED');
    expect(unknown.text.remedy.en).toBe('Choose one of its sheets: empty, secret, 发货.');
    const empty = await failure(() => openInput(file, { sheet: 'empty' }));
    expect([empty.code, empty.text.message.en]).toEqual(['INTAKE_EMPTY', expect.stringContaining('Sheet "empty" of')]);
  });

  it('with nothing visible in it names its hidden sheets', async () => {
    const book: TestBook = {
      sheets: [
        { name: 'a', data: '' },
        { name: 'b', data: rowsOf([['x']]), state: 'veryHidden' },
      ],
    };
    const error = await failure(() => openInput(fileOfBook(book)));
    expect(error.code).toBe('INTAKE_EMPTY');
    expect(error.text.remedy.en).toBe('Choose a sheet or a file with order numbers. Hidden sheets: b.');
  });

  it('has a blank row for each empty one between two others, none around them, and lines as its spreadsheet shows them', async () => {
    const data = `<row r="3">${textCell('A3', '订单号')}</row><row r="4">${textCell('A4', 'A-000001')}</row><row r="7" hidden="1">${textCell('A7', 'A-000002')}</row><row r="9"/>`;
    const { rows, input } = await readAll(fileOfBook({ sheets: [{ name: 's', data }] }));
    expect(rows.map(({ line, problem }) => [line, problem?.code ?? null])).toEqual([
      [4, null],
      [5, 'blank'],
      [6, 'blank'],
      [7, null],
    ]);
    expect(input.notices().map(({ en }) => en)).toEqual([
      '1 row is hidden or filtered out in the spreadsheet, and read in all the same.',
    ]);
  });

  it('keeps a cell beside the table in its place: nothing is shifted', async () => {
    const { rows } = await readAll(fileOfBook(sheetOf([['订单号'], ['A-000001', '', '', '', '看这里']])));
    expect(rows[0]).toMatchObject({ problem: null, cells: ['A-000001', '', '', '', '看这里'] });
  });

  it('streams many rows of shared texts, all of them once', async () => {
    const count = 5_000;
    const shared = Array.from(
      { length: count },
      (_, index) => `A-${String(index).padStart(6, '0')}-${'订'.repeat(index % 40)}`,
    );
    const data = `<row r="1">${textCell('A1', '订单号')}</row>${shared.map((_, index) => `<row r="${index + 2}"><c r="A${index + 2}" t="s"><v>${index}</v></c></row>`).join('')}`;
    const input = await openInput(fileOfBook({ sheets: [{ name: 's', data }], shared }));
    expect((await cellsOf(input)).slice(1).flat()).toEqual(shared);
  });

  it('ends its thread when the reader has enough', async () => {
    const input = await openInput(fileOfBook(sheetOf([HEADER, ['A-000001']])));
    for await (const batch of input.records()) {
      expect(batch).toHaveLength(2);
      break;
    }
    expect(input.sha256()).toBeNull();
  });

  it('is read by the thread beside the source, or beside the built program', () => {
    expect(threadEntry('file:///a/src/workbook.ts').href).toBe('file:///a/src/thread.ts');
    expect(threadEntry('file:///a/out/main/index.js').href).toBe('file:///a/out/main/workbook-worker.js');
    expect(threadEntry('file:///a/chunks/out/main/chunks/x.js').href).toBe(
      'file:///a/chunks/out/main/workbook-worker.js',
    );
  });
});

/** Styles: 0 general, 1 date, 2 `0.00`, 3 text, 4 scientific, 5 `00000000`, 6 `#,##0`, 7 a Chinese date, 8 `0_ `. */
const STYLED: Partial<TestBook> = {
  styles: [0, 14, 2, 49, 11, 164, 3, 165, 166],
  formats: { 164: '00000000', 165: 'yyyy"年"m"月"d"日"', 166: '0_ ' },
};
const cell = (value: string, more = ''): string => `<c r="@"${more}><v>${value}</v></c>`;

describe('what a spreadsheet made of an order number', () => {
  it.each<[string, string, string | null]>([
    ['a whole number', cell('202405221'), null],
    ['a whole number of 15 digits', cell('202405221129011'), null],
    ['with thousands marks', cell('202405221', ' s="6"'), null],
    ['a padded integer format', cell('202405221', ' s="8"'), null],
    ['a number in a text column', cell('202405221', ' s="3"'), null],
    ['16 digits', cell('2024052211290118'), 'cell.digits'],
    ['scientific as stored', cell('2.0240522112901183E+17'), 'cell.scientific'],
    ['scientific as shown', cell('202405221', ' s="4"'), 'cell.scientific'],
    ['a float', cell('202405.5'), 'cell.decimal'],
    ['a whole float', cell('202405221.0'), 'cell.decimal'],
    ['fixed decimals', cell('202405221', ' s="2"'), 'cell.format'],
    ['zeros that only the format shows', cell('2405221', ' s="5"'), 'cell.format'],
    ['a date', cell('45434', ' s="1"'), 'cell.date'],
    ['a Chinese date', cell('45434', ' s="7"'), 'cell.date'],
    ['an ISO date', cell('2024-05-22', ' t="d"'), 'cell.date'],
    ['TRUE', cell('1', ' t="b"'), 'cell.boolean'],
    ['an error', cell('#N/A', ' t="e"'), 'cell.error'],
    ['a computed number', '<c r="@"><f>A1+1</f><v>202405221</v></c>', 'cell.formula'],
    ['a formula nobody worked out', '<c r="@"><f>A1</f></c>', 'cell.formula'],
    ['a computed text', '<c r="@" t="str"><f>A1&amp;""</f><v>A-000001</v></c>', null],
  ])('%s', async (_name, xml, code) => {
    const { rows } = await readAll(fileOfBook(sheetOf([HEADER, [xml, '好']], STYLED)));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.problem?.code ?? null).toBe(code);
    if (code === null) return;
    expect(rows[0]?.problem).toMatchObject({ field: 'order' });
    expect(rows[0]?.problem?.message.zh).toMatch(/^工作表“发货”第 2 行 A 列：订单号：单元格是/u);
    expect(rows[0]?.problem?.message.en).toMatch(/^Sheet "发货", line 2, column A: order number: the cell is/u);
    expectBilingual(rows[0]?.problem?.message ?? { zh: '', en: '' });
  });

  it('lost leading zeros are found as in a CSV', async () => {
    const { rows } = await readAll(fileOfBook(sheetOf([HEADER, [cell('12345')]])));
    expect(rows[0]?.problem?.code).toBe('order.lost_zeros');
  });
});

describe('what a spreadsheet made of other cells', () => {
  it.each<[string, string, string | null, string]>([
    ['a number', cell('12'), null, '12'],
    ['decimals as they are shown', cell('12.5'), null, '12.5'],
    ['decimals beyond what is shown', cell('0.30000000000000004'), 'cell.format', '0.30000000000000004'],
    ['money', cell('12.5', ' s="2"'), 'cell.format', '12.5'],
    ['a date with its time', cell('45434.41666666667', ' s="1"'), 'cell.date', '2024-05-22 10:00:00'],
    ['a time', cell('0.5', ' s="1"'), 'cell.date', '12:00:00'],
    ['a day before the leap mistake', cell('1', ' s="1"'), 'cell.date', '1900-01-01'],
    ['no day at all', cell('-3', ' s="1"'), 'cell.date', '-3'],
    ['an error', cell('#REF!', ' t="e"'), 'cell.error', '#REF!'],
  ])('a note: %s', async (_name, xml, code, shown) => {
    const { rows } = await readAll(fileOfBook(sheetOf([HEADER, ['A-000001', xml]], STYLED)));
    expect(rows[0]?.problem?.code ?? null).toBe(code);
    expect(rows[0]?.cells[1]).toBe(shown);
  });

  it('counts days from 1904 where the workbook does', async () => {
    const book = sheetOf([HEADER, ['A-000001', cell('1', ' s="1"')]], { ...STYLED, date1904: true });
    expect((await readAll(fileOfBook(book))).rows[0]?.cells[1]).toBe('1904-01-02');
  });

  it('says nothing of a column that is no field', async () => {
    const { rows } = await readAll(
      fileOfBook(
        sheetOf(
          [
            ['订单号', '日期'],
            ['A-000001', cell('45434', ' s="1"')],
          ],
          STYLED,
        ),
      ),
    );
    expect(rows[0]).toMatchObject({ problem: null, cells: ['A-000001', '2024-05-22'] });
  });
});
