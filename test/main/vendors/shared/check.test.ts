import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Field } from '../../../../src/contract/vendor.ts';
import {
  checkFields,
  codePoints,
  damagedOrder,
  matchesPattern,
  problemOf,
  splitOrders,
  trimmed,
} from '../../../../src/main/vendors/shared/check.ts';

const names = { zh: '字段', en: 'Field' };
function make(kind: Field['kind'], change: Partial<Field> = {}): Field {
  return { id: 'f', names, kind, required: false, ...change };
}
/** Problems of one value as code and English message, or the value that it was taken as. */
function check(field: Field, value: string): unknown {
  const checked = checkFields([field], { f: value });
  return checked.ok ? checked.value : checked.problems.map(({ code, message }) => [code, message.en]);
}

describe('damagedOrder', () => {
  it.each([
    ['1.23E+17', 'order.scientific'],
    ['1.23457e+17', 'order.scientific'],
    ['1E+17', 'order.scientific'],
    ['1,5E+20', 'order.scientific'],
    ['1.2E17', 'order.scientific'],
    [' 1.23E+17\u00a0', 'order.scientific'],
    ['123.0', 'order.number_format'],
    ['12345678901234.00', 'order.number_format'],
    ['1,234,567', 'order.number_format'],
    ['1,234.0', 'order.number_format'],
    ['1234567890123450', 'order.tail_zeros'],
    ['12345678901234500000', 'order.tail_zeros'],
  ])('finds the damage of %j', (text, code) => {
    expect(damagedOrder(text)?.code).toBe(code);
  });

  it.each([
    '123E4567',
    '12.3E+17',
    '1E17',
    '1.2E+1234',
    '1.23E+17x',
    'x1.23E+17',
    '123.5',
    'a123.0',
    '123.0a',
    '12,34',
    '1234,567',
    'a1,234',
    '1,234a',
    '123456789012345',
    '123456789012340',
    '1234567890123456',
    '12345678901234501',
    '0123456789012340',
    'a1234567890123450',
    '1234567890123450a',
    'product202405221129011833ad',
    '210324-137383117442221',
    '',
  ])('finds no damage in %j', (text) => {
    expect(damagedOrder(text)).toBeNull();
  });

  it('says what happened and what to do', () => {
    expect(damagedOrder('1.23E+17')?.message).toEqual({
      zh: '订单号“1.23E+17”被表格软件改成了科学计数，后面的数字已经丢失；请把该列设为“文本”后重新导出',
      en: 'order number "1.23E+17" was turned into scientific notation by a spreadsheet and its last digits are lost; set the column to "Text" and export again',
    });
    expect(damagedOrder('12.0')?.message).toEqual({
      zh: '订单号“12.0”被表格软件当成了数字（带小数或千位分隔）；请把该列设为“文本”后重新导出',
      en: 'order number "12.0" was treated as a number by a spreadsheet (decimals or thousands marks); set the column to "Text" and export again',
    });
    expect(damagedOrder('1234567890123450')?.message).toEqual({
      zh: '订单号“1234567890123450”第 15 位以后全是 0，像是被表格软件改坏的；请从原始系统重新导出并核对',
      en: 'order number "1234567890123450" has only zeros after its 15th digit, as a spreadsheet leaves it; export it again from its source and compare',
    });
  });

  it('finds lost zeros where a pattern is given', () => {
    expect(damagedOrder('345', '\\d{4}')).toEqual({
      code: 'order.lost_zeros',
      message: {
        zh: '订单号“345”好像少了前面的 1 个 0；请把该列设为“文本”后重新导出',
        en: 'order number "345" seems to have lost 1 leading zero; set the column to "Text" and export again',
      },
    });
    expect(damagedOrder('45', '\\d{4}')?.message.en).toContain('have lost 2 leading zeros;');
    expect(damagedOrder('1', '\\d{9}')?.code).toBe('order.lost_zeros');
    expect(damagedOrder('1', '\\d{10}')).toBeNull();
    expect(damagedOrder('1234', '\\d{4}')).toBeNull();
    expect(damagedOrder('12345', '\\d{4}')).toBeNull();
    expect(damagedOrder('a12', '0a12')).toBeNull();
    expect(damagedOrder('12a', '012a')).toBeNull();
  });

  it('finds what a spreadsheet makes of any long number that it changes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n ** 15n, max: 10n ** 24n }), (number) => {
        const digits = String(number);
        expect(damagedOrder(digits.slice(0, 15) + '0'.repeat(digits.length - 15))?.code).toBe('order.tail_zeros');
        expect(damagedOrder(Number(number).toExponential(5).toUpperCase())?.code).toBe('order.scientific');
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe('checkFields', () => {
  it('asks for what is required, with the field named', () => {
    const field = make('text', { required: true });
    for (const value of ['', '  ', '\u3000', '\u200b'])
      expect(check(field, value)).toEqual([['field.required', 'Field: is required']]);
    expect(checkFields([field], {})).toEqual({
      ok: false,
      problems: [{ code: 'field.required', field: 'f', message: { zh: '字段：必须填写', en: 'Field: is required' } }],
    });
  });

  it('fills in the initial value and leaves empty optional ones out', () => {
    expect(check(make('text', { required: true, initial: 'x' }), ' ')).toEqual({ f: 'x' });
    expect(check(make('text'), '')).toEqual({});
    expect(check(make('text', { initial: '' }), '')).toEqual({});
  });

  it('drops values of no field, and inherits none', () => {
    expect(checkFields([make('text'), make('text', { id: 'toString' })], { f: 'a', other: 'b' })).toEqual({
      ok: true,
      value: { f: 'a' },
      warnings: [],
    });
  });

  it('gives one problem a field, in their order', () => {
    const fields = [make('integer', { id: 'a' }), make('text', { id: 'b' }), make('time', { id: 'c' })];
    const checked = checkFields(fields, { a: 'x', b: 'y', c: 'z' });
    expect(checked.ok ? [] : checked.problems.map(({ field, code }) => [field, code])).toEqual([
      ['a', 'field.integer'],
      ['c', 'field.time'],
    ]);
  });

  it('keeps the spaces of free text and takes them off everything else', () => {
    expect(check(make('text'), ' a ')).toEqual({ f: ' a ' });
    expect(check(make('secret'), ' a ')).toEqual({ f: ' a ' });
    expect(check(make('order'), '\ufeff a1\u00a0')).toEqual({ f: 'a1' });
    expect(check(make('integer'), ' 12 ')).toEqual({ f: '12' });
  });

  it.each([
    ['12', { f: '12' }],
    ['-3', { f: '-3' }],
    ['1.0', [['field.integer', 'Field: must be a whole number']]],
    ['1e3', [['field.integer', 'Field: must be a whole number']]],
    ['x1', [['field.integer', 'Field: must be a whole number']]],
  ])('checks integers: %j', (value, result) => {
    expect(check(make('integer'), value)).toEqual(result);
  });

  it('checks times to exist', () => {
    expect(check(make('time'), '2024-02-29 00:00:00')).toEqual({ f: '2024-02-29 00:00:00' });
    expect(check(make('time'), '2023-02-29 00:00:00')).toEqual([
      ['field.time', 'Field: must be a time that exists, written as 2024-05-01 00:00:00 (Beijing time)'],
    ]);
  });

  it('checks booleans', () => {
    expect(check(make('boolean'), 'true')).toEqual({ f: 'true' });
    expect(check(make('boolean'), 'false')).toEqual({ f: 'false' });
    expect(check(make('boolean'), 'yes')).toEqual([['field.boolean', 'Field: must be true or false']]);
  });

  it('takes a choice by its value or by its name', () => {
    const field = make('choice', {
      choices: [
        { value: '1', names: { zh: '红色', en: 'red' } },
        { value: 'red', names: { zh: '一', en: 'One' } },
      ],
    });
    expect(check(field, '1')).toEqual({ f: '1' });
    expect(check(field, '红色')).toEqual({ f: '1' });
    expect(check(field, 'RED')).toEqual({ f: '1' });
    expect(check(field, 'red')).toEqual({ f: 'red' });
    expect(check(field, 'one')).toEqual({ f: 'red' });
    expect(check(field, 'blue')).toEqual([['field.choice', 'Field: must be one of: 1 (red), red (One)']]);
    expect(check(make('choice'), 'x')).toEqual([['field.choice', 'Field: must be one of: ']]);
  });

  it('checks order numbers for damage and for characters inside', () => {
    expect(check(make('order'), '1234567890123456')).toEqual({ f: '1234567890123456' });
    const checked = checkFields([make('order')], { f: '1.23E+17' });
    expect(checked.ok ? null : checked.problems).toMatchObject([{ code: 'order.scientific', field: 'f' }]);
    for (const value of ['a b', 'a\nb', 'a\u200bb', 'a\u0000b', 'a\u3000b']) {
      expect(check(make('order'), value)).toEqual([
        ['order.characters', 'Field: the order number has a space, a line break or an invisible character inside'],
      ]);
    }
    expect(check(make('order', { pattern: '\\d{4}' }), '12')).toMatchObject([['order.lost_zeros', expect.any(String)]]);
  });

  it('checks each of a list of order numbers', () => {
    expect(check(make('orders'), 'a1, b2\nc3；a1')).toEqual({ f: 'a1\nb2\nc3' });
    // Each must fit the field by itself, and the one that does not is named.
    expect(check(make('orders', { pattern: '[a-c]\\d', maxLength: 2 }), 'a1 b2')).toEqual({ f: 'a1\nb2' });
    expect(check(make('orders', { pattern: '[a-c]\\d' }), 'a1 d2')).toMatchObject([
      ['field.pattern', expect.stringContaining('d2')],
    ]);
    const many = Array.from({ length: 20_001 }, (_, at) => String(at)).join(' ');
    expect(check(make('orders'), many)).toMatchObject([['field.too_many', expect.any(String)]]);
    expect(check(make('orders'), 'a1, 1.2E+17')).toMatchObject([['order.scientific', expect.any(String)]]);
  });

  it('counts length by code point', () => {
    const field = make('text', { maxLength: 3 });
    expect(check(field, '𬭎紫🎁')).toEqual({ f: '𬭎紫🎁' });
    expect(check(field, '四个字符')).toEqual([['field.too_long', 'Field: at most 3 characters, this has 4']]);
    expect([codePoints('𬭎a'), codePoints('')]).toEqual([2, 0]);
  });

  it('matches the whole value against the pattern', () => {
    const field = make('text', { pattern: 'a|b', example: 'a' });
    expect(check(field, 'b')).toEqual({ f: 'b' });
    for (const value of ['ax', 'xb', 'ab']) {
      expect(check(field, value)).toEqual([['field.pattern', 'Field: has the wrong form, it should look like a']]);
    }
    expect(check(make('text', { pattern: 'a' }), 'b')).toEqual([['field.pattern', 'Field: has the wrong form']]);
    expect(matchesPattern('.', '🎁')).toBe(true);
  });

  it('refuses half a surrogate pair, which has no bytes', () => {
    expect(check(make('text'), 'a\ud83c')).toEqual([
      ['field.characters', 'Field: holds a damaged character (half a surrogate pair)'],
    ]);
  });
});

describe('small parts', () => {
  it('splits lists at every mark that people use', () => {
    expect(splitOrders('a b,c;d，e；f、g\r\nh\t ')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    expect(splitOrders(' ')).toEqual([]);
  });

  it('trims marks around and keeps those inside', () => {
    expect(trimmed('\ufeff\u200b a b\u2060\u3000')).toBe('a b');
  });

  it('puts the name of the field before the message, in both languages', () => {
    expect(problemOf('c', { id: 'f', names }, { zh: '错', en: 'wrong' })).toEqual({
      code: 'c',
      field: 'f',
      message: { zh: '字段：错', en: 'Field: wrong' },
    });
  });
});
