import { describe, expect, it } from 'vitest';
import type { WorkbookLimits } from '../../../../../src/main/jobs/intake/workbook/limits.ts';
import { readParts, type WorkbookParts } from '../../../../../src/main/jobs/intake/workbook/parts.ts';
import { bookFiles, zipOf, type PackedFile, type TestBook } from '../../../../support/workbook.ts';
import { failure } from '../support.ts';
import { archiveOf, damaged, excessive, FILE, told } from './support.ts';

const TWO: TestBook = {
  sheets: [
    { name: '发货', data: '' },
    { name: 'B&B', data: '' },
  ],
};
const BOOK = 'xl/workbook.xml';
const PACKAGE_RELS = '_rels/.rels';
const RELS = 'xl/_rels/workbook.xml.rels';
const STYLES = 'xl/styles.xml';

type Change = Readonly<Record<string, string | null | readonly [name: string, content?: string]>>;

/** The files of a workbook: some with another content, some left out (null), some with another name. */
function filesOf(change: Change = {}, book: TestBook = TWO): PackedFile[] {
  return bookFiles(book).flatMap((file) => {
    const to = change[file.name];
    if (to === null) return [];
    if (to === undefined) return [file];
    if (typeof to === 'string') return [{ ...file, content: to }];
    return [{ name: to[0], content: to[1] ?? file.content }];
  });
}

const parts = (files: readonly PackedFile[], limits: Partial<WorkbookLimits> = {}): Promise<WorkbookParts> =>
  readParts(archiveOf(zipOf(files), limits));
const refusal = async (files: readonly PackedFile[], limits: Partial<WorkbookLimits> = {}): Promise<unknown> =>
  told(await failure(() => parts(files, limits)));
const sheetsOf = async (files: readonly PackedFile[]): Promise<readonly (readonly [string, boolean, string])[]> =>
  (await parts(files)).sheets.map(({ name, hidden, entry }) => [name, hidden, entry.name]);

const relation = (id: string, type: string, target: string, more = ''): string =>
  `<Relationship Id="${id}" Type="http://x/${type}" Target="${target}"${more}/>`;
const relations = (...inside: readonly string[]): string => `<Relationships>${inside.join('')}</Relationships>`;
const ONE = 'xl/worksheets/sheet1.xml';
const OTHER = 'xl/worksheets/sheet2.xml';

describe('the sheets of a workbook', () => {
  it('are told in its order, with their names and files', async () => {
    expect(await sheetsOf(filesOf())).toEqual([
      ['发货', false, ONE],
      ['B&B', false, OTHER],
    ]);
  });

  it.each([
    ['state="hidden"', true],
    ['state="veryHidden"', true],
    ['state="visible"', false],
    ['state=""', false],
    ['state="hiddenx"', false],
    ['state="xhidden"', false],
    ['', false],
  ])('are hidden or not: %s', async (state, hidden) => {
    const book = `<workbook><sheets><sheet name="a" ${state} r:id="s1"/><sheet r:id="s0"/></sheets></workbook>`;
    expect(await sheetsOf(filesOf({ [BOOK]: book }))).toEqual([
      ['a', hidden, OTHER],
      ['', false, ONE],
    ]);
  });

  it.each([
    ['beside the workbook', 'worksheets/sheet1.xml'],
    ['from the top', '/xl/worksheets/sheet1.xml'],
    ['upwards', '../xl/./worksheets/sheet1.xml'],
    ['in other letters', 'Worksheets/SHEET1.xml'],
  ])('are found by their targets: %s', async (_name, target) => {
    const rels = relations(relation('s0', 'worksheet', target), relation('s1', 'worksheet', 'worksheets/sheet2.xml'));
    expect((await sheetsOf(filesOf({ [RELS]: rels }))).map(([, , file]) => file)).toEqual([ONE, OTHER]);
  });

  it.each(['chartsheet', 'dialogsheet', 'xlMacrosheet', ''])('are those of cells, not %j', async (type) => {
    const rels = relations(relation('s0', type, 'x.xml'), relation('s1', 'worksheet', 'worksheets/sheet2.xml'));
    expect(await sheetsOf(filesOf({ [RELS]: rels }))).toEqual([['B&B', false, OTHER]]);
  });

  it.each<[string, Change]>([
    ['its file', { [ONE]: null }],
    ['its relation', { [RELS]: relations(relation('s1', 'worksheet', 'worksheets/sheet2.xml')) }],
    ['all relations', { [RELS]: null }],
    [
      'a relation in the archive',
      { [RELS]: relations(relation('s0', 'worksheet', 'worksheets/sheet1.xml', ' TargetMode="External"')) },
    ],
    [
      'a relation by its right name',
      {
        [RELS]: relations(relation('s0', 'worksheet', 'worksheets/sheet1.xml')).replace('<Relationship ', '<Relation '),
      },
    ],
  ])('are missed without %s', async (_name, change) => {
    expect(await refusal(filesOf(change))).toEqual(damaged('工作表“发货”不在文件里', 'its sheet "发货" is not there'));
  });

  it('are missed without an id and without a name, too', async () => {
    const book = '<workbook><sheets><sheet sheetId="1"/></sheets></workbook>';
    expect(await refusal(filesOf({ [BOOK]: book }))).toEqual(
      damaged('工作表“”不在文件里', 'its sheet "" is not there'),
    );
  });

  it.each<[string, Change]>([
    ['none', { [BOOK]: '<workbook><sheets/></workbook>' }],
    ['charts alone', { [RELS]: relations(relation('s0', 'chartsheet', 'x'), relation('s1', 'chartsheet', 'y')) }],
  ])('are one at least: %s', async (_name, change) => {
    expect(await refusal(filesOf(change))).toEqual(damaged('没有工作表', 'it has no sheet of cells'));
  });

  it('are as many as the limit at most', async () => {
    expect((await parts(filesOf(), { sheets: 2 })).sheets).toHaveLength(2);
    expect(await refusal(filesOf(), { sheets: 1 })).toEqual(excessive('超过 1 个工作表', 'it has more than 1 sheets'));
  });
});

describe('the part of the workbook', () => {
  const moved = (rels: string | null): PackedFile[] =>
    filesOf({
      [BOOK]: ['Book/Main.xml'],
      [RELS]: [
        'book/_rels/main.xml.rels',
        relations(
          relation('s0', 'worksheet', '../xl/worksheets/sheet1.xml'),
          relation('s1', 'worksheet', '/xl/worksheets/sheet2.xml'),
        ),
      ],
      [PACKAGE_RELS]: rels,
    });

  it.each([['Book/Main.xml'], ['/book/main.XML'], ['./Book/x/../Main.xml']])(
    'stands where the package says: %s',
    async (target) => {
      const rels = relations(relation('r0', 'core-properties', 'x.xml'), relation('r1', 'officeDocument', target));
      expect((await sheetsOf(moved(rels))).map(([name]) => name)).toEqual(['发货', 'B&B']);
    },
  );

  it.each<[string, string | null]>([
    ['says nothing', null],
    ['names none', relations(relation('r0', 'core-properties', 'Book/x.xml'))],
    ['names one that is not there', relations(relation('r0', 'officeDocument', 'Book/x.xml'))],
    ['names one outside', relations(relation('r0', 'officeDocument', 'Book/x.xml', ' TargetMode="External"'))],
  ])('stands in its usual place when the package %s', async (_name, rels) => {
    expect(await sheetsOf(filesOf({ [PACKAGE_RELS]: rels }))).toHaveLength(2);
  });

  it.each([
    ['date1904="1"', true],
    ['date1904="true"', true],
    ['date1904="0"', false],
    ['date1904="false"', false],
    ['date1904="11"', false],
    ['', false],
  ])('tells where its days are counted from: %s', async (attribute, from1904) => {
    const book = `<workbook><workbookPr ${attribute}/><calcPr/><sheets><sheet name="a" r:id="s0" date1904="1"/></sheets></workbook>`;
    expect((await parts(filesOf({ [BOOK]: book }))).from1904).toBe(from1904);
  });

  it('counts its days from 1900 when it tells nothing', async () => {
    const book = '<workbook><sheets><sheet name="a" r:id="s0"/></sheets></workbook>';
    expect((await parts(filesOf({ [BOOK]: book }))).from1904).toBe(false);
  });
});

describe('an archive that is no workbook', () => {
  const file = (name: string): PackedFile => ({ name, content: '<x/>' });

  it.each<[string, string, string, readonly PackedFile[]]>([
    ['xlsb', '二进制工作簿（XLSB）', 'a binary workbook (XLSB)', filesOf({ [BOOK]: ['xl/workbook.bin'] })],
    [
      'xlsb',
      '二进制工作簿（XLSB）',
      'a binary workbook (XLSB)',
      filesOf({
        [BOOK]: ['xl/workbook.bin'],
        [PACKAGE_RELS]: relations(relation('r', 'officeDocument', 'xl/workbook.bin')),
      }),
    ],
    [
      'docx',
      'Word 文档',
      'a Word document',
      [file('[Content_Types].xml'), file('word/document.xml'), file('docProps/app.xml')],
    ],
    [
      'pptx',
      'PowerPoint 演示文稿',
      'a PowerPoint presentation',
      [file('[Content_Types].xml'), file('ppt/presentation.xml')],
    ],
    [
      'docx',
      'Word 文档',
      'a Word document',
      [file('[Content_Types].xml'), file('word/x.xml'), file('_rels/.rels'), file('ppt/x.xml')],
    ],
    ['ods', 'OpenDocument 文档', 'an OpenDocument file', [file('mimetype'), file('content.xml')]],
    ['zip', 'ZIP 压缩包', 'a ZIP archive', [file('mimetype'), file('x/content.xml')]],
    ['zip', 'ZIP 压缩包', 'a ZIP archive', [file('content.xml')]],
    ['zip', 'ZIP 压缩包', 'a ZIP archive', [file('orders.csv'), file('password/x'), file('x/ppt/x')]],
    ['zip', 'ZIP 压缩包', 'a ZIP archive', []],
    ['zip', 'ZIP 压缩包', 'a ZIP archive', filesOf({ '[Content_Types].xml': null })],
    ['zip', 'ZIP 压缩包', 'a ZIP archive', filesOf({ [BOOK]: null })],
    ['zip', 'ZIP 压缩包', 'a ZIP archive', filesOf({ [BOOK]: '<document><sheet r:id="s0"/></document>' })],
  ])('is named: %s', async (seems, zh, en, files) => {
    expect(await refusal(files)).toEqual({
      code: 'INTAKE_MALFORMED',
      data: { file: FILE, seems },
      message: {
        zh: `“${FILE}”不是 XLSX 工作簿，看内容像是${zh}（与扩展名无关）`,
        en: `"${FILE}" is no XLSX workbook; by its content it seems to be ${en}, whatever its extension says.`,
      },
    });
  });
});

describe('the styles of a workbook', () => {
  const styled: TestBook = { ...TWO, styles: [0, 164, 165, 14, 2], formats: { 164: '@', 165: '"d"0' } };

  it('tell how cells show their numbers, one for each style of a cell', async () => {
    expect((await parts(filesOf({}, styled))).shapes).toEqual(['general', 'text', 'plain', 'date', 'other']);
    expect((await parts(filesOf())).shapes).toEqual([]);
  });

  it('are those of cells alone', async () => {
    const xml =
      '<styleSheet><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="3"><alignment numFmtId="14"/></xf></cellXfs><dxfs><xf numFmtId="49"/></dxfs></styleSheet>';
    expect((await parts(filesOf({ [STYLES]: xml }, styled))).shapes).toEqual(['general', 'plain']);
  });

  it('may name their formats later, or say nothing in them', async () => {
    const xml =
      '<styleSheet><cellXfs><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs><numFmts><numFmt numFmtId="164" formatCode="yyyy"/><numFmt numFmtId="165"/></numFmts></styleSheet>';
    expect((await parts(filesOf({ [STYLES]: xml }, styled))).shapes).toEqual(['date', 'other']);
  });

  it('and their formats are as many as the limit at most', async () => {
    expect((await parts(filesOf({}, styled), { styles: 7 })).shapes).toHaveLength(5);
    expect(await refusal(filesOf({}, styled), { styles: 6 })).toEqual(
      excessive('超过 6 种单元格样式', 'it has more than 6 styles of cells'),
    );
  });
});

describe('the shared texts of a workbook', () => {
  it('are found by the relation of their kind', async () => {
    const { strings } = await parts(filesOf({}, { ...TWO, shared: ['订单号', 'b'] }));
    expect([strings?.count, strings?.at(0), strings?.at(1)]).toEqual([2, '订单号', 'b']);
  });

  it('may be missing', async () => {
    expect((await parts(filesOf())).strings).toBeNull();
  });

  it('and its styles are not looked for without a relation', async () => {
    const rels = relations(
      relation('s0', 'worksheet', 'worksheets/sheet1.xml'),
      relation('s1', 'worksheet', 'worksheets/sheet2.xml'),
    );
    const book = await parts(filesOf({ [RELS]: rels }, { ...TWO, shared: ['a'], styles: [14] }));
    expect([book.strings, book.shapes]).toEqual([null, []]);
  });

  it('stay within their limits, in the words of a workbook', async () => {
    expect(await refusal(filesOf({}, { ...TWO, shared: ['abc'] }), { cellChars: 2 })).toEqual(
      excessive('有一个单元格超过 2 个字符', 'one of its cells has more than 2 characters'),
    );
  });
});
