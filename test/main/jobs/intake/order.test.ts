import { describe, expect, it } from 'vitest';
import { orderDamage, seen, unwrapped } from '../../../../src/main/jobs/intake/order.ts';
import { emptyError, encodingError } from '../../../../src/main/jobs/intake/problems.ts';
import { ORDER } from './support.ts';

const FIELD = { ...ORDER, pattern: '[0-9A-Za-z-]{1,40}' };

describe('a cell', () => {
  it.each([
    ['A1', 'A1'],
    [' A1\t', 'A1'],
    ['\uFEFF\u200bA1\u00ad\u2066', 'A1'],
    ['A 1', 'A 1'],
    ['', ''],
    [' ', ''],
  ])('%j is seen as %j', (cell, text) => {
    expect(seen(cell)).toBe(text);
  });

  it.each([
    ['="20240522001"', '20240522001'],
    [' ="20240522001" ', '20240522001'],
    ['=" 20240522001\u200b"', '20240522001'],
    ['="a""b"', 'a"b'],
    ['=""', ''],
    ["'20240522001", '20240522001'],
    ["' 20240522001", '20240522001'],
    ["''1", "'1"],
    ['x="1"', 'x="1"'],
    ['="1"x', '="1"x'],
    ['="1', '="1'],
    ['="a"b"', '="a"b"'],
    ['=1+1', '=1+1'],
    ['20240522001', '20240522001'],
    ["2024'", "2024'"],
  ])('%j without its protection is %j', (cell, text) => {
    expect(unwrapped(cell)).toBe(text);
  });
});

describe('the damage of an order number', () => {
  it.each(['20240522001', 'AB1234', '210324-137383117442221', 'a_1', 'e1a', '1-2'])('%s has none', (order) => {
    expect(orderDamage(order, FIELD)).toBeNull();
  });

  it('by a spreadsheet is told with its field', () => {
    expect(orderDamage('1.23E+17', FIELD)).toMatchObject({ code: 'order.scientific', field: 'order' });
    // A letter beside the E does not make it a number less.
    expect(orderDamage('1.23E+17', { ...FIELD, id: 'sn' })).toMatchObject({ field: 'sn' });
  });

  it.each([
    ['2024 0522', 'U+0020'],
    ['2024\u200b0522', 'U+200B'],
    ['A2024\u00a00522', 'U+00A0'],
    ['AB 1234', 'U+0020'],
    ['AB\t1234', 'U+0009'],
    ['A\u{E0001}1', 'U+E0001'],
  ])('%j holds %s', (order, point) => {
    expect(orderDamage(order, FIELD)).toEqual({
      code: 'order.unseen',
      field: 'order',
      message: {
        zh: `订单号：订单号中间有空格或看不见的字符（${point}）；请删去后重新导入`,
        en: `order number: a space or an unseen character (${point}) stands inside the order number; take it out and import again`,
      },
    });
  });

  it.each(['２０２４', 'A１', 'AB１2', '１AB', '2024－0522', 'ＡＢ1234'])('%s is full-width', (order) => {
    expect(orderDamage(order, FIELD)).toEqual({
      code: 'order.full_width',
      field: 'order',
      message: {
        zh: '订单号：订单号里有全角字符；请改成半角后重新导入',
        en: 'order number: the order number has full-width characters; write it with ordinary ones and import again',
      },
    });
  });
});

describe('an input as a whole', () => {
  it('without rows says whether it has a header', () => {
    const remedy = {
      zh: '请选择含有订单号的文件，或粘贴订单号',
      en: 'Choose a file with order numbers, or paste some.',
    };
    const bare = emptyError('a.csv', true);
    expect([bare.code, bare.data]).toEqual(['INTAKE_EMPTY', { file: 'a.csv' }]);
    expect(bare.text).toEqual({
      message: { zh: '“a.csv”只有表头，没有数据行', en: '"a.csv" has a header and no data rows.' },
      remedy,
    });
    expect(emptyError('a.csv', false).text).toEqual({
      message: { zh: '“a.csv”是空的', en: '"a.csv" is empty.' },
      remedy,
    });
  });

  it('of another encoding says where, and what to do', () => {
    const error = encodingError('GBK', 7, 'a.csv');
    expect([error.code, error.data]).toEqual(['INTAKE_ENCODING', { line: 7, encoding: 'GBK', file: 'a.csv' }]);
    expect(error.text).toEqual({
      message: {
        zh: '“a.csv”第 7 行有不属于 GBK 编码的字节，文字已经损坏或编码不对',
        en: '"a.csv" has bytes on line 7 that are not GBK; its text is damaged or the encoding is another one.',
      },
      remedy: {
        zh: '请在表格软件中打开并另存为“CSV UTF-8”，或指明文件的编码（utf-8、gbk、utf-16le、utf-16be）',
        en: 'Open it in a spreadsheet and save it as "CSV UTF-8", or name its encoding (utf-8, gbk, utf-16le, utf-16be).',
      },
    });
  });
});
