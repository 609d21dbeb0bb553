import { describe, expect, it } from 'vitest';
import type { Bilingual } from '../../../../src/contract/text.ts';
import {
  filledField,
  fillRow,
  intakeFields,
  templatedField,
  type FilledField,
} from '../../../../src/main/jobs/intake/filled.ts';
import type { UpdateOperation } from '../../../../src/main/vendors/types.ts';
import { NOTE, OPERATION, ORDER, TAG, failure, operationOf } from './support.ts';

const MUST: typeof NOTE = { ...NOTE, required: true };
/** An update whose note a template may fill in. */
const TEMPLATED: UpdateOperation = {
  ...operationOf([ORDER, MUST, TAG]),
  template: { param: 'template', field: 'note' },
};
const HEADER = ['订单号', '买家', 'Phone No'];

function bound(template: string, header: readonly string[] | null = HEADER): FilledField {
  const filled = filledField(TEMPLATED, { template }, header);
  if (filled === null) throw new Error('no template');
  return filled;
}

describe('the field that a template fills', () => {
  it('is the one that the operation names, where the person gave a template', () => {
    expect(templatedField(TEMPLATED, { template: 'x' })).toBe(MUST);
    expect(intakeFields(TEMPLATED, { template: 'x' })).toEqual([ORDER, { ...MUST, required: false }, TAG]);
    expect(filledField(TEMPLATED, { template: 'x' }, null)).toEqual({
      field: MUST,
      bound: { parts: [{ kind: 'text', text: 'x' }] },
    });
  });

  it.each<[string, UpdateOperation, Record<string, string>]>([
    ['an operation without templates', OPERATION, { template: 'x' }],
    ['no template', TEMPLATED, {}],
    ['an empty template', TEMPLATED, { template: '' }],
    ['a template under another name', TEMPLATED, { text: 'x' }],
    ['a field that is not there', { ...TEMPLATED, template: { param: 'template', field: 'none' } }, { template: 'x' }],
  ])('is none for %s', (_, operation, params) => {
    expect(templatedField(operation, params)).toBeNull();
    expect(intakeFields(operation, params)).toBe(operation.rowFields);
    expect(filledField(operation, params, HEADER)).toBeNull();
  });
});

describe('a template and the header', () => {
  it('finds the columns of its placeholders', () => {
    expect(bound('{买家}: {phone no}{{').bound.parts).toEqual([
      { kind: 'column', name: '买家', column: 1 },
      { kind: 'text', text: ': ' },
      { kind: 'column', name: 'phone no', column: 2 },
      { kind: 'text', text: '{' },
    ]);
  });

  const columns: Bilingual = { zh: '可用的列：订单号、买家、Phone No', en: 'Columns found: 订单号, 买家, Phone No.' };
  const noHeader: Bilingual = {
    zh: '请在第一行加上列名，或去掉占位符',
    en: 'Add a first line with column names, or leave the placeholders out.',
  };

  it.each<[string, readonly string[] | null, string, string, Bilingual]>([
    [
      '{卖家}',
      HEADER,
      '没有名为“卖家”的列，{卖家} 无法填写',
      'no column is named "卖家", so {卖家} cannot be filled in',
      columns,
    ],
    [
      '{买家}',
      null,
      '没有名为“买家”的列，{买家} 无法填写',
      'no column is named "买家", so {买家} cannot be filled in',
      noHeader,
    ],
    [
      '{a}',
      ['a', ' ', '', ' a'],
      '有 2 列都叫“a”，不知道 {a} 是哪一列',
      '2 columns are named "a", so {a} could be any of them',
      { zh: '可用的列：a、 a', en: 'Columns found: a,  a.' },
    ],
    [
      '{买家',
      HEADER,
      '“{”没有对应的“}”；要写花括号本身，请写两个：{{',
      'a "{" has no "}" to it; write a brace itself twice: {{',
      columns,
    ],
    ['{}', null, '“{}”里没有列名', '"{}" names no column', noHeader],
  ])('is refused for %j in %j', async (template, header, zh, en, remedy) => {
    const { code, data, text } = await failure(() => filledField(TEMPLATED, { template }, header));
    expect({ code, data, text }).toEqual({
      code: 'INTAKE_TEMPLATE',
      data: { field: 'note' },
      text: {
        message: { zh: `备注的模板有误：${zh}`, en: `The template for "note" is not right: ${en}.` },
        remedy,
      },
    });
  });

  it('names at most 20 columns', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `c${index}`);
    const { text } = await failure(() => filledField(TEMPLATED, { template: '{x}' }, ['', ...names]));
    expect(text.remedy).toEqual({
      zh: `可用的列：${names.slice(0, 20).join('、')}`,
      en: `Columns found: ${names.slice(0, 20).join(', ')}.`,
    });
  });
});

describe('one row’s text', () => {
  it.each<[string, readonly string[], string]>([
    ['to {买家}!', ['20240522001', '张三', '1'], 'to 张三!'],
    ['{订单号}/{Phone No}', ['="00240522001"', 'x', " '0138 "], '00240522001/0138'],
    ['{买家}{买家}', ['1', ' a b ', ''], 'a ba b'],
    ['{买家}', ['1', '1,234.00', ''], '1,234.00'],
    ['{买家}', ['1', '12.0', ''], '12.0'],
    ['{买家}', ['1', '123456789012345', ''], '123456789012345'],
    ['{{{买家}}}', ['1', '=1+1', ''], '{=1+1}'],
    ['plain', ['1', '\uFFFD', '1.2E+17'], 'plain'],
    ['plain', [], 'plain'],
  ])('of %j and %j', (template, cells, text) => {
    expect(fillRow(bound(template), cells)).toEqual({ text });
  });

  const lost: Bilingual = {
    zh: '备注：{Phone No} 的单元格含有“\uFFFD”，文字在之前的转换中已经损坏；请从原始系统重新导出',
    en: 'note: the cell for {Phone No} holds "\uFFFD", so that its text was lost in an earlier conversion; export it again from its source',
  };
  const damaged = (cell: string): Bilingual => ({
    zh: `备注：{Phone No} 的单元格“${cell}”像是被表格软件改坏的数字；请把该列设为“文本”后重新导出`,
    en: `note: the cell for {Phone No}, "${cell}", looks like a number that a spreadsheet has damaged; set the column to "Text" and export again`,
  });
  const empty: Bilingual = { zh: '备注：{Phone No} 的单元格是空的', en: 'note: the cell for {Phone No} is empty' };

  it.each<[string, string, Bilingual]>([
    ['a\uFFFD', 'damaged_text', lost],
    ['1.2E+17', 'template.damaged', damaged('1.2E+17')],
    [' ="1.2E+17" ', 'template.damaged', damaged('="1.2E+17"')],
    ['12345678901234500', 'template.damaged', damaged('12345678901234500')],
    ['', 'template.empty', empty],
    [' \u200B', 'template.empty', empty],
  ])('is not made by halves of %j (%s)', (cell, code, message) => {
    expect(fillRow(bound('{买家} {Phone No}'), ['1', 'x', cell])).toEqual({
      problem: { code, field: 'note', message },
      column: 2,
    });
  });

  it('is not made of a row that is too short', () => {
    expect(fillRow(bound('x {Phone No}'), ['1', 'x'])).toMatchObject({
      problem: { code: 'template.empty', message: empty },
      column: 2,
    });
  });

  it('names the first cell at fault', () => {
    expect(fillRow(bound('{Phone No}{买家}'), ['1', '\uFFFD', '1.2E+17'])).toMatchObject({
      problem: { code: 'template.damaged' },
      column: 2,
    });
  });
});
