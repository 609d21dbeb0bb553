import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readXlsx, type Sheet } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../../../src/contract/text.ts';
import type { Field } from '../../../../src/contract/vendor.ts';
import { templateName, writeTemplate, type TemplateFormat } from '../../../../src/main/jobs/intake/template.ts';
import { operation } from '../../../../src/main/vendors/registry.ts';
import type { UpdateOperation } from '../../../../src/main/vendors/types.ts';
import { NOTE, ORDER, TAG, failure, newPath, operationOf, readAll } from './support.ts';

const EXAMPLE: Field = { ...ORDER, example: '01234567' };
const INITIAL: Field = {
  id: 'level',
  names: { zh: '级别', en: 'level' },
  kind: 'text',
  required: false,
  initial: '=3',
};
const OPERATION = operationOf([EXAMPLE, NOTE, TAG, INITIAL]);

async function written(
  format: TemplateFormat,
  language: Language,
  of: UpdateOperation = OPERATION,
): Promise<{ readonly path: string; readonly bytes: Buffer }> {
  const path = newPath(`template.${format}`);
  await writeTemplate(path, of, { language, format, overwrite: false });
  return { path, bytes: readFileSync(path) };
}

async function sheetOf(of: UpdateOperation, language: Language = 'en'): Promise<Sheet> {
  const { bytes } = await written('xlsx', language, of);
  const [sheet, ...more] = (await readXlsx(bytes, { readStyles: true })).sheets;
  if (sheet === undefined || more.length > 0) throw new Error('not one sheet');
  return sheet;
}

/** An operation with one field of these choices. */
const choosing = (...names: readonly string[]): UpdateOperation =>
  operationOf([{ ...TAG, choices: names.map((name, at) => ({ value: String(at), names: { zh: name, en: name } })) }]);

describe('a template for filling in', () => {
  it('is named for its vendor and operation', () => {
    const note = operation('pdd', 'note-update', 'update');
    expect(templateName('pdd', note, 'xlsx')).toBe('pdd-note-update-template.xlsx');
    expect(templateName('pdd', note, 'csv')).toBe('pdd-note-update-template.csv');
  });

  it.each<[Language, string]>([
    ['zh-CN', '\uFEFF订单号,备注,标记,级别\r\n"=""01234567""",,红,\'=3\r\n'],
    ['en', '\uFEFForder number,note,flag,level\r\n"=""01234567""",,red,\'=3\r\n'],
  ])('is a CSV of the names and one example, in %s', async (language, text) => {
    expect((await written('csv', language)).bytes.toString('utf8')).toBe(text);
  });

  it.each<[Language, string, string[][]]>([
    [
      'zh-CN',
      '备注',
      [
        ['订单号', '备注', '标记', '级别'],
        ['01234567', '', '红', '=3'],
      ],
    ],
    [
      'en',
      'note',
      [
        ['order number', 'note', 'flag', 'level'],
        ['01234567', '', 'red', '=3'],
      ],
    ],
  ])('is a workbook whose columns are texts, in %s', async (language, name, rows) => {
    const sheet = await sheetOf(OPERATION, language);
    expect([sheet.name, sheet.rows, sheet.freezePane]).toEqual([name, rows, { rows: 1 }]);
    expect(sheet.columns).toMatchObject(rows[0]?.map(() => ({ width: 28 })) ?? []);
    expect(new Set([...(sheet.cells?.values() ?? [])].map(({ type, style }) => `${type} ${style?.numFmt}`))).toEqual(
      new Set(['string @']),
    );
  });

  it.each<[TemplateFormat, Language]>([
    ['csv', 'zh-CN'],
    ['csv', 'en'],
    ['xlsx', 'zh-CN'],
    ['xlsx', 'en'],
  ])('is known again by an intake (%s, %s)', async (format, language) => {
    const { path } = await written(format, language);
    const { plan, rows } = await readAll({ kind: 'file', path }, { operation: OPERATION });
    expect(plan.mapping).toEqual({ order: 0, note: 1, tag: 2, level: 3 });
    expect(rows).toMatchObject([{ order: '01234567', values: { tag: '1' }, problem: null }]);
  });

  it('offers the choices of a field for the rows below the header', async () => {
    expect((await sheetOf(OPERATION, 'zh-CN')).dataValidations).toEqual([
      { type: 'list', range: 'C2:C10000', values: ['红', '黄'] },
    ]);
    expect((await sheetOf(operationOf([ORDER, NOTE]))).dataValidations ?? []).toEqual([]);
  });

  it('offers them only where Excel takes them, in 255 characters', async () => {
    const half = 'x'.repeat(127);
    expect((await sheetOf(choosing(half, half))).dataValidations).toHaveLength(1);
    expect((await sheetOf(choosing(half, `${half}y`))).dataValidations ?? []).toEqual([]);
  });

  it.each([
    ['[a]:b*c?d/e\\f', ' a  b c d e f'],
    ['字'.repeat(32), '字'.repeat(31)],
  ])('has a sheet named as a spreadsheet lets it be: %j', async (name, shown) => {
    expect((await sheetOf({ ...OPERATION, names: { zh: name, en: name } })).name).toBe(shown);
  });
});

describe('where a template is written', () => {
  const options = { language: 'en', format: 'csv' } as const;

  it('is left as it is where a file is there, unless that is to be replaced', async () => {
    const path = newPath('mine.csv');
    writeFileSync(path, 'mine');
    const { code, data } = await failure(() => writeTemplate(path, OPERATION, { ...options, overwrite: false }));
    expect([code, data]).toEqual(['EXPORT_EXISTS', { file: path.split(/[/\\]/u).at(-1) }]);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    await writeTemplate(path, OPERATION, { ...options, overwrite: true });
    expect(readFileSync(path, 'utf8')).toContain('order number');
  });

  it('is refused where no folder is', async () => {
    const path = join(newPath('none'), 'a.csv');
    const { code, data } = await failure(() => writeTemplate(path, OPERATION, { ...options, overwrite: true }));
    expect([code, data]).toEqual(['FILE_UNREADABLE', { file: 'a.csv', code: 'ENOENT' }]);
  });

  it.skipIf(process.platform === 'win32')('is shown to its owner alone', async () => {
    expect(statSync((await written('csv', 'en')).path).mode & 0o777).toBe(0o600);
  });
});
