import { describe, expect, it } from 'vitest';
import {
  dateText,
  numberMark,
  shapeOf,
  type NumberMark,
  type Shape,
} from '../../../../../src/main/jobs/intake/workbook/formats.ts';

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('a built-in number format', () => {
  const SHAPES: Readonly<Record<Exclude<Shape, 'other'>, readonly number[]>> = {
    general: [0],
    plain: [1, 3, 37, 38],
    scientific: [11, 48],
    text: [49],
    date: [...range(14, 22), ...range(27, 36), ...range(45, 47), ...range(50, 58)],
  };
  const shapes = new Map(Object.entries(SHAPES).flatMap(([shape, ids]) => ids.map((id) => [id, shape] as const)));

  it.each(range(0, 60))('%d', (id) => {
    expect(shapeOf(id, new Map())).toBe(shapes.get(id) ?? 'other');
  });
});

describe('a number format of the workbook', () => {
  it.each<[Shape, readonly string[]]>([
    ['general', ['General', 'GENERAL', ' general ', 'General;@', '[Red]General', '"订单"General']],
    ['text', ['@', '@ ', '_ @', '[Red]@', '@;0.00']],
    ['plain', ['0', '#0', '#,##0', '# ##0', '0_ ', '0;[Red]-0', '0;0.00', '[Red]0', '0"元"', '\\-0', '*-0', '_)#,##0']],
    ['scientific', ['0.00E+00', '##0.0E+0', '0e-0', '[Red]0E+00']],
    [
      'date',
      [
        'yyyy-mm-dd',
        'YYYY/M/D',
        'h:mm',
        'mm:ss',
        'ss',
        'dd',
        's.0',
        '[h]:mm',
        '[hh]',
        '[H]',
        '[m]',
        '[mm]',
        '[s]',
        '[ss]',
      ],
    ],
    ['date', ['yyyy"年"m"月"d"日"', '[$-804]yyyy', 'd;@', 'General d', '"@"yyyy']],
    [
      'other',
      [
        '',
        '0.00',
        '00',
        '0000000',
        '#',
        '#,###',
        '0%',
        '¥0',
        '# ?/?',
        '0 0',
        '0-',
        '0@',
        'x@',
        'General0',
        'xGeneral',
        ';0',
        'E',
      ],
    ],
    [
      'other',
      [
        '"d"0.00',
        '\\d0.00',
        '_d0.00',
        '*d0.00',
        '[d]0.00',
        '[$USD]0.00',
        '[Red]0.00',
        '[hm]0.00',
        '0.0"E+"',
        '"x""y"0.0',
        'General General',
      ],
    ],
  ])('%s: %j', (shape, codes) => {
    expect(codes.map((code) => [code, shapeOf(164, new Map([[164, code]]))])).toEqual(
      codes.map((code) => [code, shape]),
    );
  });

  it('stands before the built-in one of its number', () => {
    expect(shapeOf(14, new Map([[14, '0']]))).toBe('plain');
    expect(shapeOf(14, new Map([[15, '0']]))).toBe('date');
    expect(shapeOf(164, new Map())).toBe('other');
  });
});

describe('what stands against a number', () => {
  it.each<[Shape, string, NumberMark | null]>([
    ['general', '0', null],
    ['general', '-12', null],
    ['plain', '202405221', null],
    ['text', '202405221', null],
    ['other', '202405221', 'format'],
    ['scientific', '202405221', 'scientific'],
    ['date', '45434', 'date'],
    ['date', '1.5E+3', 'date'],
    ['date', 'x', 'date'],
    ['general', '123456789012345', null],
    ['general', '-123456789012345', null],
    ['general', '000123456789012345', null],
    ['general', '-00123456789012345', null],
    ['general', '1234567890123456', 'digits'],
    ['other', '-1234567890123456', 'digits'],
    ['scientific', '1000000000000000', 'digits'],
    ['general', '1.5E+3', 'scientific'],
    ['text', '1e5', 'scientific'],
    ['plain', '1E-5', 'scientific'],
    ['general', '12.5', 'decimal'],
    ['general', '-0.5', 'decimal'],
    ['text', '12.5', 'decimal'],
    ['general', '12.25', 'decimal'],
    ['plain', '12.5', 'format'],
    ['scientific', '12.5', 'format'],
    ['other', '12.5', 'format'],
    ['general', '123456789.1', 'decimal'],
    ['general', '123456789.12', 'format'],
    ['text', '0.30000000000000004', 'format'],
    ['general', '.5', 'format'],
    ['general', '5.', 'format'],
    ['general', '1.2.3', 'format'],
    ['general', '1,5', 'format'],
    ['general', '+1', 'format'],
    ['general', '1 ', 'format'],
    ['general', '1.5 ', 'format'],
    ['general', 'x1.5', 'format'],
    ['general', '--1', 'format'],
  ])('%s %s: %s', (shape, raw, mark) => {
    expect(numberMark(raw, shape)).toBe(mark);
  });
});

describe('a date', () => {
  it.each([
    ['0', '00:00:00'],
    ['0.5', '12:00:00'],
    ['0.75001', '18:00:01'],
    ['0.999', '23:58:34'],
    ['1', '1900-01-01'],
    ['1.5', '1900-01-01 12:00:00'],
    ['59', '1900-02-28'],
    ['59.5', '1900-02-28 12:00:00'],
    // Excel's 29 February 1900 is no day.
    ['60', '1900-02-28'],
    ['61', '1900-03-01'],
    ['45434', '2024-05-22'],
    ['45434.0', '2024-05-22'],
    ['45434.41666666667', '2024-05-22 10:00:00'],
    ['45434.000005', '2024-05-22 00:00:00'],
    ['2958465', '9999-12-31'],
    ['2958465.5', '9999-12-31 12:00:00'],
    ['2958465.999999', '2958465.999999'],
    ['2958466', '2958466'],
    ['1e300', '1e300'],
    ['-0.5', '-0.5'],
    ['-1', '-1'],
    ['x', 'x'],
  ])('%s is %s', (raw, text) => {
    expect(dateText(raw, false)).toBe(text);
  });

  it.each([
    ['0', '1904-01-01'],
    ['0.5', '1904-01-01 12:00:00'],
    ['1', '1904-01-02'],
    ['59', '1904-02-29'],
    ['43972', '2024-05-22'],
    ['2957003', '9999-12-31'],
    ['2957004', '2957004'],
    ['-1', '-1'],
  ])('%s is %s where days are counted from 1904', (raw, text) => {
    expect(dateText(raw, true)).toBe(text);
  });
});
