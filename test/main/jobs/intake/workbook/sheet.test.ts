import { describe, expect, it } from 'vitest';
import { WORKBOOK_LIMITS, type WorkbookLimits } from '../../../../../src/main/jobs/intake/workbook/limits.ts';
import { readParts, type SheetPart, type WorkbookParts } from '../../../../../src/main/jobs/intake/workbook/parts.ts';
import {
  cellPlace,
  readSheet,
  SheetHandler,
  type SheetRow,
} from '../../../../../src/main/jobs/intake/workbook/sheet.ts';
import { XmlScanner } from '../../../../../src/main/jobs/intake/workbook/xml.ts';
import { bookFiles, textCell, zipOf, type TestBook } from '../../../../support/workbook.ts';
import { failure } from '../support.ts';
import { archiveOf, damaged, excessive, FILE, told } from './support.ts';

/** A workbook of one sheet `表` with this inside, or with another XML of the sheet. */
async function bookWith(
  data: string,
  book: Omit<TestBook, 'sheets'> = {},
  limits: Partial<WorkbookLimits> = {},
): Promise<{ readonly parts: WorkbookParts; readonly sheet: SheetPart }> {
  const files = bookFiles({ ...book, sheets: [{ name: '表', data }] }).map((file) =>
    data.startsWith('<worksheet') && file.name.endsWith('sheet1.xml') ? { ...file, content: data } : file,
  );
  const parts = await readParts(archiveOf(zipOf(files), limits));
  const [sheet] = parts.sheets;
  if (sheet === undefined) throw new Error('no sheet');
  return { parts, sheet };
}

async function read(
  ...wish: Parameters<typeof bookWith>
): Promise<{ readonly rows: readonly SheetRow[]; readonly filled: number; readonly hidden: number }> {
  const { parts, sheet } = await bookWith(...wish);
  const rows: SheetRow[] = [];
  const end = await readSheet(parts, sheet, (batch) => rows.push(...batch) > 0);
  return { ...end, rows };
}

const row = (line: number, cells: readonly string[]): SheetRow => ({ line, cells, fault: null });
const inSheet = (zh: string, en: string): ReturnType<typeof damaged> =>
  damaged(`工作表“表”${zh}`, `in sheet "表" ${en}`);

describe('the place of a cell', () => {
  it.each([
    ['A1', 0, 1],
    ['Z9', 25, 9],
    ['AA10', 26, 10],
    ['AZ1', 51, 1],
    ['BA1', 52, 1],
    ['ZZ1', 701, 1],
    ['AAA1', 702, 1],
    ['XFD1048576', 16_383, 1_048_576],
  ])('%s', (reference, column, line) => {
    expect(cellPlace(reference)).toEqual({ column, row: line });
  });

  it.each(['', 'A', '1', 'A0', 'A01', 'AAAA1', 'a1', '$A$1', 'A1:B2', 'A1 ', ' A1', 'A-1', 'A1.5', 'A12345678'])(
    'is not in %j',
    (reference) => {
      expect(cellPlace(reference)).toBeNull();
    },
  );
});

describe('a cell', () => {
  /** Styles: 0 general, 1 date, 2 `0.00`, 3 scientific. */
  const STYLED = { styles: [0, 14, 2, 11], shared: ['零', '一'] };

  it.each<[string, string, string | null]>([
    ['<c r="B2" t="s"><v>0</v></c>', '零', null],
    ['<c r="B2" t="s"><v>1</v></c>', '一', null],
    ['<c r="B2" t="s"><f>A1</f><v>1</v></c>', '一', null],
    ['<c r="B2" t="inlineStr"><is><t>x_x0041_</t></is></c>', 'xA', null],
    ['<c r="B2" t="inlineStr"><is><r><t>x</t></r><rPh><t>q</t></rPh><r><t>y</t></r></is></c>', 'xy', null],
    ['<c r="B2" t="inlineStr"><f>A1</f><is><t>x</t></is></c>', 'x', null],
    ['<c r="B2" t="str"><v> x_x0041_ </v></c>', ' xA ', null],
    ['<c r="B2" t="b"><v>1</v></c>', 'TRUE', 'boolean'],
    ['<c r="B2" t="b"><v>0</v></c>', 'FALSE', 'boolean'],
    ['<c r="B2" t="e"><v>#N/A</v></c>', '#N/A', 'error'],
    ['<c r="B2" t="d"><v>2024-05-22</v></c>', '2024-05-22', 'date'],
    ['<c r="B2"><v>12</v></c>', '12', null],
    ['<c r="B2" t="n"><v> 12 </v></c>', '12', null],
    ['<c r="B2" s="0"><v>1.5</v></c>', '1.5', 'decimal'],
    ['<c r="B2" s="1"><v>45434.5</v></c>', '2024-05-22 12:00:00', 'date'],
    ['<c r="B2" s="1"><f>NOW()</f><v>45434</v></c>', '2024-05-22', 'date'],
    ['<c r="B2" s="2"><v>12</v></c>', '12', 'format'],
    ['<c r="B2" s="3"><v>12</v></c>', '12', 'scientific'],
    ['<c r="B2" s="9"><v>12</v></c>', '12', null],
    ['<c r="B2"><f>1+1</f><v>2</v></c>', '2', 'formula'],
    ['<c r="B2" s="2"><f>1+1</f><v>2</v></c>', '2', 'formula'],
    ['<c r="B2"><f>A1</f></c>', '', 'formula'],
    ['<c r="B2" t="s"><f>A1</f><v/></c>', '', 'formula'],
    ['<c r="B2" t="b"><f>A1</f></c>', '', 'formula'],
    ['<x:c r="B2"><x:v>12</x:v></x:c>', '12', null],
    ['<c r="B2"><v>1</v><extLst><ext>9</ext></extLst></c>', '1', null],
    ['<c r="B2"><extLst><ext>9</ext></extLst><v>1</v></c>', '1', null],
    ['<c r="B2"><f>9</f>9<v>1<!-- 9 -->2</v>9</c>', '12', 'formula'],
  ])('%s', async (xml, text, mark) => {
    const { rows, filled } = await read(`<row r="2">${xml}</row>`, STYLED);
    expect(rows).toEqual([{ ...row(2, ['', text]), ...(mark === null ? {} : { marks: { 1: mark } }) }]);
    expect(filled).toBe(1);
  });

  it.each([
    '<c r="A1"/>',
    '<c r="A1" s="2"/>',
    '<c r="A1"><v/></c>',
    '<c r="A1" t="s"><v/></c>',
    '<c r="A1" t="inlineStr"/>',
    '<c r="A1" t="inlineStr"><is><t/></is></c>',
    '<c r="A1" t="inlineStr"><v>1</v></c>',
    '<c r="A1" t="str"><f>A2</f><v></v></c>',
    '<v>1</v><is><t>x</t></is>',
    'text',
  ])('with nothing in it makes no row: %s', async (xml) => {
    expect(await read(`<row r="1">${xml}</row>`)).toEqual({ rows: [], filled: 0, hidden: 0 });
  });

  it('does not leave its value, type or formula to the next one', async () => {
    const cells =
      '<c r="A1" t="e"><f>B1</f><v>#N/A</v></c><c r="B1"/><c r="C1"><v>3</v></c><c r="D1" t="inlineStr"><is><t>x</t></is></c><c r="E1" t="inlineStr"/><c r="F1" t="str"><v>y</v></c>';
    expect((await read(`<row r="1">${cells}</row>`)).rows).toEqual([
      { ...row(1, ['#N/A', '', '3', 'x', '', 'y']), marks: { 0: 'error' } },
    ]);
  });

  it('counts days as its workbook does', async () => {
    const data = '<row r="1"><c r="A1" s="0"><v>1</v></c></row>';
    expect((await read(data, { styles: [14] })).rows[0]?.cells).toEqual(['1900-01-01']);
    expect((await read(data, { styles: [14], date1904: true })).rows[0]?.cells).toEqual(['1904-01-02']);
  });
});

describe('a row', () => {
  const A = (line: number, text = 'x'): string => `<row r="${line}">${textCell(`A${line}`, text)}</row>`;

  it.each<[string, string, readonly SheetRow[]]>([
    ['nothing', '', []],
    ['empty rows alone', '<row r="1"/><row r="2"></row>', []],
    ['empty rows before and behind', `<row r="1"/>${A(3)}<row r="9"/>`, [row(3, ['x'])]],
    ['empty rows between', `${A(1)}<row r="2"/>${A(4)}`, [row(1, ['x']), row(2, []), row(3, []), row(4, ['x'])]],
    [
      'rows without numbers',
      `<row>${textCell('A1', 'x')}</row><row><c><v>1</v></c></row>`,
      [row(1, ['x']), row(2, ['1'])],
    ],
    ['a number after some without', `<row/>${A(5)}<row><c><v>1</v></c></row>`, [row(5, ['x']), row(6, ['1'])]],
    [
      'cells without places',
      `<row r="1"><c><v>1</v></c><c/><c><v>3</v></c>${textCell('E1', 'x')}<c><v>6</v></c></row><row r="2"><c><v>1</v></c></row>`,
      [row(1, ['1', '', '3', '', 'x', '6']), row(2, ['1'])],
    ],
    [
      'gaps of cells',
      `<row r="1">${textCell('C1', 'x')}${textCell('E1', 'y')}</row>`,
      [row(1, ['', '', 'x', '', 'y'])],
    ],
    [
      'elements that are none of them',
      `<x/><row r="1"><x/>${textCell('A1', 'x')}<x><y/></x>${textCell('B1', 'y')}</row><x/>${A(2)}<x></x>${A(3)}`,
      [row(1, ['x', 'y']), row(2, ['x']), row(3, ['x'])],
    ],
    ['cells in any order', `<row r="1">${textCell('C1', 'x')}${textCell('A1', 'y')}</row>`, [row(1, ['y', '', 'x'])]],
    ['an empty cell twice', `<row r="1">${textCell('A1', 'x')}<c r="A1"/></row>`, [row(1, ['x'])]],
    ['the last row there can be', A(1_048_576), [row(1_048_576, ['x'])]],
  ])('%s', async (_name, data, rows) => {
    expect((await read(data)).rows).toEqual(rows);
  });

  it('marks its own cells alone', async () => {
    const data =
      '<row r="1"><c r="A1"><v>1.5</v></c><c r="C1" t="b"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>';
    expect((await read(data)).rows).toEqual([
      { ...row(1, ['1.5', '', 'TRUE']), marks: { 0: 'decimal', 2: 'boolean' } },
      row(2, ['2']),
    ]);
  });

  it.each([
    ['hidden="1"', 1],
    ['hidden="true"', 1],
    ['hidden="0"', 0],
    ['hidden="false"', 0],
    ['hidden=""', 0],
    ['ht="1"', 0],
  ])('is counted as hidden: %s', async (attribute, hidden) => {
    const data = `<row r="1" ${attribute}>${textCell('A1', 'x')}</row>${A(2)}<row r="3" ${attribute}/>`;
    expect(await read(data)).toMatchObject({ filled: 2, hidden });
  });

  it.each([
    ['<worksheet><row r="1"><c r="A1"><v>1</v></c></row><sheetData/></worksheet>'],
    ['<worksheet><sheetData/><row r="1"><c r="A1"><v>1</v></c></row></worksheet>'],
    ['<worksheet><sheetData><c r="A1"><v>1</v></c></sheetData></worksheet>'],
    ['<worksheet><sheetData><row r="1"/><c r="A1"><v>1</v></c></sheetData></worksheet>'],
    ['<worksheet><cols><c r="A1"><v>1</v></c></cols><sheetData/></worksheet>'],
  ])('stands in the data, its cells in it: %s', async (xml) => {
    expect(await read(xml)).toEqual({ rows: [], filled: 0, hidden: 0 });
  });
});

describe('a damaged sheet', () => {
  const after = (line: number): ReturnType<typeof damaged> =>
    inSheet(`第 ${line} 行之后的行号不对`, `the number of the row after row ${line} is wrong`);
  const place = inSheet('第 3 行有位置不对的单元格', 'a cell of row 3 is out of its place');

  it.each([
    ['row 0', '<row r="0"/>', after(0)],
    ['no number', '<row r="x"/>', after(0)],
    ['half a row', '<row r="2"/><row r="2.5"/>', after(2)],
    ['a row twice', '<row r="2"/><row r="2"/>', after(2)],
    ['rows that go back', '<row r="3"/><row r="2"/>', after(3)],
    ['a row beyond the format', '<row r="1048576"/><row/>', after(1_048_576)],
    ['a row far beyond the format', '<row r="1048577"/>', after(0)],
    ['a cell of the row before', '<row r="3"><c r="A2"/></row>', place],
    ['a cell of the row behind', '<row r="3"><c r="A4"/></row>', place],
    ['a place that is none', '<row r="3"><c r="3A"/></row>', place],
    [
      'two cells of one place',
      `<row r="3">${textCell('A3', 'x')}${textCell('B3', 'x')}${textCell('A3', 'x')}</row>`,
      inSheet('第 3 行有重复的单元格', 'row 3 has two cells of one place'),
    ],
    [
      'a text where a formula stood',
      `<row r="3"><c r="A3"><f>B3</f></c>${textCell('A3', 'x')}</row>`,
      inSheet('第 3 行有重复的单元格', 'row 3 has two cells of one place'),
    ],
    ...['2', '-1', '0.5', 'x'].map((number): [string, string, ReturnType<typeof damaged>] => [
      `shared text ${number} of two`,
      `<row r="3"><c r="A3" t="s"><v>${number}</v></c></row>`,
      inSheet('第 3 行引用的共享文字不存在', 'row 3 names a shared text that is not there'),
    ]),
  ])('%s is refused', async (_name, data, words) => {
    expect(told(await failure(() => read(data, { shared: ['a', 'b'] })))).toEqual(words);
  });

  it('a shared text is refused where the workbook has none', async () => {
    expect(told(await failure(() => read('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')))).toEqual(
      inSheet('第 1 行引用的共享文字不存在', 'row 1 names a shared text that is not there'),
    );
  });
});

describe('the limits of a sheet', () => {
  const far = async (data: string, limits: Partial<WorkbookLimits>): Promise<unknown> =>
    (await failure(() => read(data, {}, limits))).data;

  it.each([
    ['a value', '<c r="A1" t="str"><v>abc&amp;e</v></c>'],
    ['a value in pieces', '<c r="A1" t="str"><v>ab<!-- -->c<![CDATA[de]]></v></c>'],
    ['a text of its own', textCell('A1', 'abcde')],
    ['a text of runs', '<c r="A1" t="inlineStr"><is><r><t>abc</t></r><r><t>de</t></r></is></c>'],
  ])('characters of %s', async (_name, xml) => {
    const data = `<row r="1">${xml}</row>`;
    expect((await read(data, {}, { cellChars: 5 })).rows).toHaveLength(1);
    expect(told(await failure(() => read(data, {}, { cellChars: 4 })))).toEqual(
      excessive('第 1 行有一个单元格超过 4 个字符', 'a cell of row 1 has more than 4 characters'),
    );
  });

  it('are not those of texts that are no cell', async () => {
    const data = `<worksheet>long text<sheetData>long text<row r="1">long text<c r="A1"><f>long text</f>long text<v>1</v></c></row></sheetData></worksheet>`;
    expect((await read(data, {}, { cellChars: 1 })).rows[0]?.cells).toEqual(['1']);
  });

  it('columns', async () => {
    const data = `<row r="2">${textCell('C2', 'x')}<c r="ZZ2" s="3"/></row>`;
    expect((await read(data, {}, { columns: 3 })).rows).toEqual([row(2, ['', '', 'x'])]);
    expect(await far(data, { columns: 2 })).toEqual({ file: FILE, sheet: '表', cell: 'C2', seems: 'far' });
  });

  it('empty rows between two others', async () => {
    const data = `<row r="8">${textCell('A8', 'x')}</row><row r="11">${textCell('B11', 'x')}${textCell('D11', 'y')}</row>`;
    expect((await read(data, {}, { gapRows: 2 })).rows.map(({ line }) => line)).toEqual([8, 9, 10, 11]);
    expect(await far(data, { gapRows: 1 })).toEqual({ file: FILE, sheet: '表', cell: 'B11', seems: 'far' });
    const formula = `<row r="8">${textCell('A8', 'x')}</row><row r="11"><c r="C11"><f>A8</f></c></row>`;
    expect(await far(formula, { gapRows: 1 })).toEqual({ file: FILE, sheet: '表', cell: 'C11', seems: 'far' });
  });
});

describe('rows are handed on', () => {
  const many = (count: number): string =>
    Array.from(
      { length: count },
      (_, index) => `<row><c t="str"><v>${String(index).padStart(300, '0')}</v></c></row>`,
    ).join('');

  it('once each, by 500 and more, and the rest at the end', async () => {
    const { parts, sheet } = await bookWith(many(2_300));
    const sizes: number[] = [];
    const lines: number[] = [];
    const end = await readSheet(parts, sheet, async (rows) => {
      sizes.push(rows.length);
      lines.push(...rows.map(({ line }) => line));
      return true;
    });
    expect(end).toEqual({ filled: 2_300, hidden: 0 });
    expect(lines).toEqual(Array.from({ length: 2_300 }, (_, index) => index + 1));
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(500);
  });

  it('until their user has enough', async () => {
    const { parts, sheet } = await bookWith(many(2_300));
    let calls = 0;
    const end = await readSheet(parts, sheet, () => (calls += 1) < 1);
    expect(calls).toBe(1);
    expect(end.filled).toBeLessThan(2_300);
  });

  it('never when there are none', async () => {
    const { parts, sheet } = await bookWith('<row r="1"/>');
    const calls: unknown[] = [];
    await readSheet(parts, sheet, (rows) => calls.push(rows) > 0);
    expect(calls).toEqual([]);
  });

  it('and then wait no more', async () => {
    const { parts } = await bookWith('');
    const handler = new SheetHandler({ ...parts, archive: { ...parts.archive, limits: WORKBOOK_LIMITS } }, '表');
    new XmlScanner(handler).push(`<worksheet><sheetData>${many(3)}`);
    expect(handler.waiting).toBe(3);
    expect(handler.take()).toHaveLength(3);
    expect([handler.waiting, handler.take()]).toEqual([0, []]);
  });
});
