// What a spreadsheet makes of the workbook: widths, styles, names of sheets, and the XML that holds them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readXlsx, type Cell, type Sheet } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { exportXlsx, type XlsxRequest } from '../../../../src/main/jobs/export/xlsx.ts';
import type { JournalRow } from '../../../../src/main/jobs/types.ts';
import { batches, countsOf, exportFolders, job, partsOf, row } from './support.ts';

const folder = exportFolders();
const NOW = Date.UTC(2026, 10, 23, 9, 0, 0);

interface Written {
  readonly parts: ReadonlyMap<string, string>;
  readonly sheets: readonly Sheet[];
  sheet(name: string): Sheet;
}

/** Writes a workbook and reads it back, its XML as well as what a spreadsheet finds in it. */
async function written(rows: readonly JournalRow[], rest: Partial<XlsxRequest> = {}): Promise<Written> {
  const path = join(folder(), 'out.xlsx');
  await exportXlsx({
    job: job({ mapping: { order: 0 } }),
    header: ['a'],
    rows: batches(rows),
    counts: countsOf(rows),
    runs: [],
    nowMs: NOW,
    path,
    language: 'en',
    ...rest,
  });
  const bytes = readFileSync(path);
  const { sheets } = await readXlsx(bytes, { readStyles: true });
  const sheet = (name: string): Sheet => {
    const found = sheets.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no sheet ${name}`);
    return found;
  };
  return { parts: partsOf(bytes), sheets, sheet };
}

/** The XML of a sheet without its cells. */
const skeleton = ({ parts }: Written, nth: number): string =>
  (parts.get(`xl/worksheets/sheet${nth}.xml`) ?? '').replaceAll(/<c r=.*?<\/c>/gsu, '');

const cellAt = ({ cells }: Sheet, place: string): Cell | undefined => cells?.get(place);

const widthsOf = ({ columns }: Sheet): readonly (number | undefined)[] => (columns ?? []).map(({ width }) => width);

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

describe('the columns of an exported sheet', () => {
  it.each<['zh-CN' | 'en', number[]]>([
    ['en', [22, 20, 44, 44, 32, 29, 25, 25, 44, 20, 28]],
    ['zh-CN', [20, 20, 44, 44, 24, 26, 22, 26, 44, 20, 26]],
  ])('are as wide as our texts need, in %s', async (language, widths) => {
    const book = await written([row(1, ['x'])], { language });
    expect(widthsOf(book.sheet(language === 'en' ? 'Rows' : '明细'))).toEqual([20, ...widths]);
  });

  it.each<[string, number]>([
    ['', 20],
    ['x'.repeat(17), 20],
    ['x'.repeat(18), 21],
    ['\u2e7f'.repeat(18), 21],
    ['\u2e80'.repeat(18), 39],
    ['x'.repeat(37), 40],
    ['x'.repeat(38), 40],
    ['单'.repeat(40), 40],
    ['单号 no', 20],
    ['订单编号（平台）的名字', 25],
  ])('are as wide as %j needs: %i', async (name, width) => {
    const book = await written([row(1, ['x'])], { header: [name] });
    expect(widthsOf(book.sheet('Rows'))[0]).toBe(width);
  });

  it('go on after Z', async () => {
    const header = Array.from({ length: 800 }, (_, index) => `h${index}`);
    const book = await written([row(1, header)], { header });
    expect(book.sheet('Rows').rows[1]?.slice(0, 800)).toEqual(header);
    const xml = book.parts.get('xl/worksheets/sheet1.xml') ?? '';
    const places = [...xml.matchAll(/<c r="([A-Z]+)1"/gu)].map(([, letters]) => letters);
    expect([25, 26, 51, 52, 701, 702, 703, 727, 728].map((at) => places[at])).toEqual([
      'Z',
      'AA',
      'AZ',
      'BA',
      'ZZ',
      'AAA',
      'AAB',
      'AAZ',
      'ABA',
    ]);
  });
});

describe('the cells of an exported sheet', () => {
  it('are texts; the header is bold on grey', async () => {
    const { sheet } = await written([row(1, ['007'])]);
    const rows = sheet('Rows');
    expect(cellAt(rows, '0,0')).toMatchObject({
      style: { numFmt: '@', font: { bold: true }, fill: { pattern: 'solid', fgColor: { rgb: 'E7E9ED' } } },
    });
    expect(cellAt(rows, '1,0')).toEqual({ value: '007', type: 'string', style: { numFmt: '@' } });
  });

  it('are not there where nothing stands in them', async () => {
    const { parts } = await written([row(1, ['x'])]);
    const xml = parts.get('xl/worksheets/sheet1.xml') ?? '';
    expect([...xml.matchAll(/<c r="([A-Z]+2)"/gu)].map(([, place]) => place)).toEqual(['A2', 'B2', 'H2', 'I2', 'K2']);
  });

  it.each<[string, string]>([
    ['a&b<c>d"e\'', "a&amp;b&lt;c&gt;d&quot;e'"],
    ['\u0001\r\u001f\u0000', '_x0001__x000D__x001F__x0000_'],
    ['\t\n\u007f\u0085\u009f\u00a0', '\t\n\u007f\u0085\u009f\u00a0'],
    ['\ufffe\uffff\ufffd', '_xFFFE__xFFFF_\ufffd'],
    ['_x000D_', '_x005F_x000D_'],
    ['_x00af_', '_x005F_x00af_'],
    ['_x1_ _x00G0_ _xGGGG_ _x00000_ _x0000', '_x1_ _x00G0_ _xGGGG_ _x00000_ _x0000'],
    ['a_b', 'a_b'],
    [' 中 😀 ', ' 中 😀 '],
  ])('%j is written %j', async (text, xml) => {
    const { parts, sheet } = await written([row(1, [text])]);
    expect(parts.get('xl/worksheets/sheet1.xml')).toContain(
      `<c r="A2" s="1" t="inlineStr"><is><t xml:space="preserve">${xml}</t></is></c>`,
    );
    if (!/[\u0000\ufffe\uffff]/u.test(text)) expect(sheet('Rows').rows[1]?.[0]).toBe(text);
  });

  it.each<['zh-CN' | 'en', string, string, string]>([
    ['en', 'Rows', '… (cut; a CSV export has the whole)', 'cells cut, being too long'],
    ['zh-CN', '明细', '…（已截断，完整内容见 CSV 导出）', '过长而截断的单元格'],
  ])('are whole up to 32767 characters, and cut beyond, in %s', async (language, name, end, said) => {
    const cells = ['x'.repeat(32_767), 'y'.repeat(32_768), 'z'.repeat(50_000)];
    const rows = cells.map((cell, index) => row(index + 1, [cell], { attempts: 0 }));
    const book = await written(rows, { language });
    expect(
      book
        .sheet(name)
        .rows.slice(1)
        .map(([first]) => first),
    ).toEqual([
      'x'.repeat(32_767),
      `${'y'.repeat(32_767 - end.length)}${end}`,
      `${'z'.repeat(32_767 - end.length)}${end}`,
    ]);
    expect(book.sheets.at(-1)?.rows.at(-1)).toEqual([said, 2]);
  });

  it('are cut between two characters', async () => {
    const end = '… (cut; a CSV export has the whole)';
    const rows = ['', 'x'].map((first, index) => row(index + 1, [first + '😀'.repeat(20_000)], { attempts: 0 }));
    const cells = (await written(rows, { language: 'en' })).sheet('Rows').rows.slice(1);
    expect(cells.map(([cell]) => cell)).toEqual([`${'😀'.repeat(16_366)}${end}`, `x${'😀'.repeat(16_365)}${end}`]);
  });
});

describe('the sheets of an exported workbook', () => {
  const view = (selected: string): string =>
    `<sheetViews><sheetView${selected} workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>`;
  const rest = (all: string): string =>
    `</sheetData><autoFilter ref="${all}"/><ignoredErrors><ignoredError sqref="${all}" numberStoredAsText="1"/></ignoredErrors></worksheet>`;
  const rowsXml = (n: number): string =>
    Array.from({ length: n }, (_, index) => `<row r="${index + 1}"></row>`).join('');
  const cols = [20, 22, 20, 44, 44, 32, 29, 25, 25, 44, 20, 28]
    .map((width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`)
    .join('');

  it('have a header that stays, a filter over all, and the first one open', async () => {
    const rows = Array.from({ length: 5 }, (_, index) => row(index + 1, ['x']));
    const book = await written(rows, { sheetRows: 4 });
    const head = `${DECLARED}<worksheet xmlns="${MAIN}">`;
    const columns = `<cols>${cols}</cols><sheetData>`;
    expect(skeleton(book, 1)).toBe(`${head}${view(' tabSelected="1"')}${columns}${rowsXml(4)}${rest('A1:L4')}`);
    expect(skeleton(book, 2)).toBe(`${head}${view('')}${columns}${rowsXml(3)}${rest('A1:L3')}`);
  });

  it('are no more than the rows fill', async () => {
    const rows = Array.from({ length: 6 }, (_, index) => row(index + 1, ['x']));
    const { sheets } = await written(rows, { sheetRows: 4 });
    expect(sheets.map(({ name, rows: all }) => [name, all.length])).toEqual([
      ['Rows', 4],
      ['Rows 2', 4],
      ['Summary', 17],
    ]);
  });

  it('hold nothing between long rows', async () => {
    const rows = Array.from({ length: 9 }, (_, index) => row(index + 1, [String(index).repeat(30_000)]));
    const book = await written(rows);
    expect(skeleton(book, 1)).toMatch(new RegExp(`<sheetData>${rowsXml(10)}</sheetData>`, 'u'));
    expect(
      book
        .sheet('Rows')
        .rows.slice(1)
        .map(([text]) => text),
    ).toEqual(rows.map(({ cells }) => cells[0]));
  });

  it('are there where no row is', async () => {
    const book = await written([], { header: null });
    expect(skeleton(book, 1)).toBe(
      `${DECLARED}<worksheet xmlns="${MAIN}">${view(' tabSelected="1"')}<sheetData>${rowsXml(1)}${rest('A1:A1')}`,
    );
    expect(book.sheets.map(({ name }) => name)).toEqual(['Rows', 'Summary']);
    expect(book.sheet('Summary').rows.at(-1)).toEqual(['total', 0]);
  });

  it('are where a spreadsheet looks for them', async () => {
    const { parts } = await written([row(1, ['x']), row(2, ['y'])], { sheetRows: 2, language: 'zh-CN' });
    const sheet = (name: string, nth: number): string => `<sheet name="${name}" sheetId="${nth}" r:id="rId${nth}"/>`;
    const relation = (nth: number, type: string, target: string): string =>
      `<Relationship Id="rId${nth}" Type="${OFFICE}/${type}" Target="${target}"/>`;
    const type = (path: string, of: string): string =>
      `<Override PartName="/xl/${path}" ContentType="${TYPE}.${of}+xml"/>`;
    const nths = [1, 2, 3];
    expect([...parts.keys()]).toEqual([
      ...nths.map((nth) => `xl/worksheets/sheet${nth}.xml`),
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/_rels/workbook.xml.rels',
      '_rels/.rels',
      '[Content_Types].xml',
    ]);
    expect(parts.get('xl/workbook.xml')).toBe(
      `${DECLARED}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheet('明细', 1)}${sheet('明细 2', 2)}${sheet('汇总', 3)}</sheets></workbook>`,
    );
    expect(parts.get('xl/_rels/workbook.xml.rels')).toBe(
      `${DECLARED}<Relationships xmlns="${PACKAGE}/relationships">${nths.map((nth) => relation(nth, 'worksheet', `worksheets/sheet${nth}.xml`)).join('')}${relation(4, 'styles', 'styles.xml')}</Relationships>`,
    );
    expect(parts.get('_rels/.rels')).toBe(
      `${DECLARED}<Relationships xmlns="${PACKAGE}/relationships">${relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    );
    expect(parts.get('[Content_Types].xml')).toBe(
      `${DECLARED}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${type('workbook.xml', 'sheet.main')}${type('styles.xml', 'styles')}${nths.map((nth) => type(`worksheets/sheet${nth}.xml`, 'worksheet')).join('')}</Types>`,
    );
    expect(parts.get('xl/styles.xml')).toContain(`<styleSheet xmlns="${MAIN}">`);
  });
});

describe('the last sheet', () => {
  const rows = [row(1, ['a']), row(2, ['b'], { state: 'failed' }), row(3, ['c'], { state: 'not_sent' })];
  const counts = { ...countsOf(rows), byReason: { cancelled: 1, pending: 0 } };

  it.each<['zh-CN' | 'en', string, readonly (readonly [string | null, string | number | null])[]]>([
    [
      'en',
      'Summary',
      [
        ['✓ succeeded', 1],
        ['✕ failed', 1],
        ['? unknown', 0],
        ['○ not sent', 1],
        ['    cancelled', 1],
        ['total', 3],
      ],
    ],
    [
      'zh-CN',
      '汇总',
      [
        ['✓ 成功', 1],
        ['✕ 失败', 1],
        ['? 未知', 0],
        ['○ 未发送', 1],
        ['    已取消', 1],
        ['合计', 3],
      ],
    ],
  ])('has the counts as numbers below the facts, in %s', async (language, name, lines) => {
    const { sheet } = await written(rows, { counts, language });
    const all = sheet(name);
    expect(all.rows.slice(11)).toEqual([[null, null], ...lines]);
    expect(all.rows[0]).toEqual([language === 'en' ? 'Job' : '任务', '12']);
    expect(cellAt(all, '12,0')?.style).toMatchObject({ font: { bold: true }, fill: { pattern: 'solid' } });
    expect([cellAt(all, '12,1')?.type, cellAt(all, '0,1')?.type]).toEqual(['number', 'string']);
    expect([cellAt(all, '12,1')?.style?.numFmt, cellAt(all, '0,1')?.style?.numFmt]).toEqual(['#,##0', '@']);
  });

  it('has two columns of their width and no row for the gap', async () => {
    const book = await written(rows, { counts });
    const numbers = [...Array.from({ length: 11 }, (_, at) => at + 1), 13, 14, 15, 16, 17, 18];
    const places = [...(book.parts.get('xl/worksheets/sheet2.xml') ?? '').matchAll(/<c r="(\w+)"/gu)];
    expect(places.map(([, place]) => place)).toEqual(numbers.flatMap((nth) => [`A${nth}`, `B${nth}`]));
    const lines = numbers.map((nth) => `<row r="${nth}"></row>`).join('');
    expect(skeleton(book, 2)).toBe(
      `${DECLARED}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="1" width="32" customWidth="1"/><col min="2" max="2" width="70" customWidth="1"/></cols><sheetData>${lines}</sheetData></worksheet>`,
    );
  });
});
