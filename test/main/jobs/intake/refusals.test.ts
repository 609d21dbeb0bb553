import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ExplicitMapping } from '../../../../src/main/jobs/intake/mapping.ts';
import { planIntake } from '../../../../src/main/jobs/intake/mapping.ts';
import { openInput } from '../../../../src/main/jobs/intake/input.ts';
import { expectBilingual } from '../../vendors/shared/bilingual.ts';
import { NOTE, ORDER, TAG, failure, newPath } from './support.ts';

const FIELDS = [ORDER, NOTE, TAG];
const HEADER = ['订单号', 'x', 'x'];

describe('a mapping that cannot be used', () => {
  it.each<[ExplicitMapping, string, string, string, Record<string, unknown>]>([
    [
      { nope: 0 },
      '没有名为“nope”的字段',
      '可用的字段：order、note、tag',
      'Fields: order, note, tag.',
      { field: 'nope' },
    ],
    [
      { order: 3 },
      '“订单号”指定的第 4 列不存在，文件只有 3 列',
      '请指定 1 到 3 之间的列',
      'Name a column from 1 to 3.',
      { field: 'order', column: 4 },
    ],
    [
      { order: '单号' },
      '没有名为“单号”的列。找到的列：A 订单号、B x、C x。',
      '请核对列名，或用列的序号指定',
      'Check the name, or give the column by its number.',
      { field: 'order' },
    ],
    [
      { order: 'x' },
      '有 2 列都叫“x”（B, C）',
      '请用列的序号指定，或改掉其中的列名',
      'Give the column by its number, or rename one of them.',
      { field: 'order' },
    ],
    [
      { order: 1, note: 1 },
      'B 列被指定给了两个字段',
      '请给每个字段指定不同的列',
      'Give each field a column of its own.',
      { column: 2 },
    ],
  ])('%j is told with what to do', async (mapping, zh, remedyZh, remedyEn, data) => {
    const error = await failure(() => planIntake(HEADER, FIELDS, { mapping }));
    expect(error.text.message.zh).toBe(zh);
    expect(error.text.remedy).toEqual({ zh: remedyZh, en: remedyEn });
    expect(error.data).toEqual(data);
  });

  it('names every field that is unclear or missing', async () => {
    const fields = [ORDER, { ...NOTE, required: true }, { ...TAG, required: true }];
    const error = await failure(() => planIntake(['订单号', '订单编号', 'x'], fields));
    expect(error.text.message).toEqual({
      zh: '“订单号”对应到不止一列，或与别的字段同列：A, B。没有找到必需的列：备注、标记。找到的列：A 订单号、B 订单编号、C x。',
      en: '"order number" fits more than one column, or shares one with another field: A, B. No column for: note, flag. Columns found: A 订单号, B 订单编号, C x.',
    });
    expect(error.text.remedy.zh).toBe('请改列名，或指定每个字段是哪一列');
    expect(error.data).toEqual({ columns: 3 });
  });

  it('of a table without a header tells the number of its columns alone', async () => {
    const error = await failure(() => planIntake(['20240522001', '13800138000'], FIELDS));
    expect(error.text.message.zh).toBe('没有找到必需的列：订单号。文件没有表头，共 2 列。');
    expect(error.text.remedy.zh).toBe('请在第一行加上列名，或指定每个字段是第几列；只有订单号时，一行一个');
    const named = await failure(() => planIntake(['20240522001'], FIELDS, { mapping: { order: '订单号' } }));
    expect(named.text.message.zh).toBe('没有名为“订单号”的列。文件没有表头。');
  });

  it('shows 20 columns and 24 characters of a name whole, and cuts beyond', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `c${index}`);
    const whole = await failure(() => planIntake(names, FIELDS));
    expect(whole.text.message.en).toMatch(/, T c19\.$/u);
    const [long, longer] = ['长'.repeat(24), '长'.repeat(25)];
    const error = await failure(() => planIntake([long, longer], FIELDS));
    expect(error.text.message.zh).toBe(`没有找到必需的列：订单号。找到的列：A ${long}、B ${long}…。`);
  });
});

describe('a first row', () => {
  const fits = (names: readonly string[]): unknown => planIntake(names, FIELDS).mapping;

  it('with a name of the same letters as wanted counts before one that is only like it', () => {
    expect(planIntake(['x', 'X', '订单号'], FIELDS, { mapping: { note: 'X' } }).mapping).toEqual({ note: 1, order: 2 });
    expect(planIntake(['x', '订单号'], FIELDS, { mapping: { note: 'X' } }).mapping).toEqual({ note: 0, order: 1 });
  });

  it('may name a column by a remark in brackets before or after', () => {
    expect(fits(['【必填】订单号', '备注（选填）'])).toEqual({ order: 0, note: 1 });
  });
});

describe('a file that cannot be read', () => {
  it('is named with the reason: it is not there, or is a folder', async () => {
    const path = newPath('gone.csv');
    const gone = await failure(() => openInput({ kind: 'file', path }));
    const name = path.slice(path.lastIndexOf('/') + 1);
    expect(gone.code).toBe('FILE_UNREADABLE');
    expect(gone.text.message.en).toContain('cannot be read: there is no such file.');
    expect(gone.text.message.zh).toContain('：文件不存在');
    expect(gone.data['code']).toBe('ENOENT');
    expect(JSON.stringify(gone.data)).toContain(name.replace(/^.*[\\/]/u, ''));
    expectBilingual(gone.text.remedy);

    const folder = newPath('folder.csv');
    mkdirSync(folder);
    const error = await failure(() => openInput({ kind: 'file', path: folder }));
    expect(error.code).toBe('FILE_UNREADABLE');
    expectBilingual(error.text.message, error.text.remedy);
  });
});
