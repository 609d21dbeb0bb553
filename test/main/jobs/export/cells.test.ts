import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ADDED_COLUMNS,
  addedName,
  csvCell,
  csvRecord,
  originalCells,
  ownLayout,
  protectCell,
  restoreCell,
} from '../../../../src/main/jobs/export/cells.ts';

describe('protectCell', () => {
  it.each([
    ['123456789012', '="123456789012"'],
    ['20240522112901183300', '="20240522112901183300"'],
    ['12345678901', '12345678901'],
    ['01', '="01"'],
    ['00', '="00"'],
    ['0', '0'],
    ['1E5', '="1E5"'],
    ['12e34', '="12e34"'],
    ['1.23E+17', '="1.23E+17"'],
    ['1.e5', '="1.e5"'],
    ['1.5', '1.5'],
    ['E5', 'E5'],
    ['210324-137383117442221', '210324-137383117442221'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ['\n=1', "'\n=1"],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠x', "'＠x"],
    ["'x", "''x"],
    ["'", "''"],
    ['="123456789012"', '\'="123456789012"'],
    ['a=1', 'a=1'],
    ['', ''],
    ['加急', '加急'],
    ['\n01', "'\n01"],
  ])('%j is written %j', (cell, written) => {
    expect(protectCell(cell)).toBe(written);
    expect(restoreCell(written)).toBe(cell);
  });

  it('can be undone for any text', () => {
    const unit = fc.constantFrom(
      '=',
      '"',
      "'",
      '0',
      '1',
      '9',
      'E',
      'e',
      '+',
      '-',
      '.',
      '@',
      '＝',
      '\n',
      '\r',
      '\t',
      ' ',
      'a',
    );
    const text = fc.oneof(
      fc.string({ unit, maxLength: 20 }),
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^="?[0-9]{0,14}"?$/),
    );
    fc.assert(
      fc.property(text, (cell) => {
        const written = protectCell(cell);
        expect(restoreCell(written)).toBe(cell);
        expect(/^[+\-@\t\r\n＝＋－＠]|^=(?!"[\d.eE+-]+"$)/u.test(written)).toBe(false);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('csvCell', () => {
  it.each([
    ['a', 'a'],
    ['', ''],
    ['a b', 'a b'],
    ['a,b', '"a,b"'],
    ['a;b', '"a;b"'],
    ['a\tb', '"a\tb"'],
    ['a"b', '"a""b"'],
    ['a\nb', '"a\nb"'],
    ['a\rb', '"a\rb"'],
    [' a', '" a"'],
    ['a ', '"a "'],
    ['="01"', '"=""01"""'],
  ])('%j is %j', (cell, text) => {
    expect(csvCell(cell)).toBe(text);
  });

  it('joins cells by commas', () => {
    expect(csvRecord(['a', 'b,c', ''])).toBe('a,"b,c",');
  });
});

describe('our columns', () => {
  it('have fixed names', () => {
    expect(ADDED_COLUMNS.map((column) => addedName(column, 'zh-CN', false))).toEqual([
      '控制台 结果',
      '控制台 代码',
      '控制台 说明',
      '控制台 怎么办',
      '控制台 平台请求号',
      '控制台 时间（北京）',
      '控制台 发送次数',
      '控制台 发出的订单号',
      '控制台 备注',
      '控制台 行号',
      '控制台 多出的单元格',
    ]);
    expect(ADDED_COLUMNS.map((column) => addedName(column, 'en', true))).toEqual([
      'Console raw outcome',
      'Console raw code',
      'Console raw reading',
      'Console raw what to do',
      'Console raw vendor request id',
      'Console raw time (Beijing)',
      'Console raw times sent',
      'Console raw order sent',
      'Console raw note',
      'Console raw line',
      'Console raw surplus cells',
    ]);
  });

  it('are recognised one by one', () => {
    for (const language of ['zh-CN', 'en'] as const) {
      for (const raw of [true, false]) {
        for (const column of ADDED_COLUMNS) {
          expect(ownLayout(['a', addedName(column, language, raw), 'b'])).toEqual({
            raw,
            originals: [0, 2],
            line: column === 'line' ? 1 : null,
            surplus: column === 'surplus' ? 1 : null,
            width: 3,
          });
        }
      }
    }
    expect(ownLayout(['结果', 'outcome', 'Console'])).toBeNull();
    expect(ownLayout([])).toBeNull();
  });

  it('give the original cells back', () => {
    const layout = { raw: false, originals: [0, 2], line: null, surplus: 1, width: 3 };
    expect(originalCells(["'=a", '', '="01"'], layout)).toEqual(['=a', '01']);
    expect(originalCells(['a'], layout)).toEqual(['a', '']);
    expect(originalCells(['a', '["b","c"]', 'd'], layout)).toEqual(['a', 'd', 'b', 'c']);
    for (const damaged of ['[1]', '{}', '["a"', 'x']) expect(originalCells(['a', damaged, 'd'], layout)).toBeNull();
    expect(originalCells(["'=a", '', '="01"'], { ...layout, raw: true })).toEqual(["'=a", '="01"']);
    expect(originalCells(['a', 'x', 'b'], { ...layout, surplus: null })).toEqual(['a', 'b']);
  });
});
