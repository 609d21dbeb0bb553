import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asInteger,
  asList,
  asText,
  decodeUtf8,
  field,
  isObject,
  JsonNumber,
  parseJson,
} from '../../../../src/main/vendors/shared/json.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string) => parseJson(bytes(text));

describe('parseJson', () => {
  it.each([
    ['0.10'],
    ['12345678901234567890'],
    ['-0'],
    ['1e400'],
    ['9007199254740993'],
    ['1.0'],
    ['100000000000000000000.000100'],
  ])('keeps the digits of %s', (text) => {
    expect(read(text)).toEqual(new JsonNumber(text));
    expect(asText(asList(field(read(`{"a":{"b":[${text}]}}`), 'a', 'b'))?.[0])).toBe(text);
  });

  it.each([
    '0',
    '7',
    '123456789012345',
    '1234567890123456',
    '9007199254740993',
    '-1',
    '-0',
    '1e3',
    '1.50',
    '0.1',
    '1E-2',
  ])('writes %s back as it came, wherever it stands and whatever stands beside it', (text) => {
    for (const [whole, ...path] of [
      [text],
      [` ${text}\n`],
      [`{"a":${text}}`, 'a'],
      [`{"b":"x:123, 4.5 [6e7","a": ${text} ,"c":1}`, 'a'],
      [`{"\\u005f_proto__":2,"a":${text}}`, 'a'],
    ]) {
      expect(asText(field(read(whole ?? ''), ...path))).toBe(text);
      const list = read(`[[1,${text}],\n${text}]`);
      expect(asText(asList(list)?.[1])).toBe(text);
      expect(asText(asList(asList(list)?.[0])?.[1])).toBe(text);
    }
  });

  it('takes an escaped __proto__ as an ordinary key, too', () => {
    const value = read('{"\\u005f_proto__":{"polluted":"yes"},"b":{"\\u005f_proto__":5},"a":1}');
    expect(field(value, 'polluted')).toBeUndefined();
    expect(asText(field(value, 'b', '__proto__'))).toBe('5');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('lets the last of duplicate keys win, digits kept', () => {
    expect(asText(field(read('{"id":1.10,"id":2.20}'), 'id'))).toBe('2.20');
    expect(asText(field(read('{"id":{"x":1},"id":3.30}'), 'id'))).toBe('3.30');
  });

  it('takes __proto__ as an ordinary key', () => {
    const value = read('{"__proto__":{"polluted":"yes"},"a":1}');
    expect(field(value, 'polluted')).toBeUndefined();
    expect(field(value, '__proto__', 'polluted')).toBe('yes');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('tolerates a byte order mark', () => {
    expect(read('\ufeff{"a":"中"}')).toEqual({ a: '中' });
  });

  it.each(['', ' ', '{', '{"a":1', '[1,', '{"a":1}x', "{'a':1}", 'NaN', '<html>', '{"a":01}', '\ufeff\ufeff1'])(
    'refuses %j',
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );

  it('refuses bytes that are not UTF-8', () => {
    const broken = Uint8Array.of(0x22, 0xff, 0x22);
    expect(parseJson(broken)).toBeUndefined();
    expect(decodeUtf8(broken)).toBeUndefined();
    // Half of 中, as a truncated body leaves it.
    expect(parseJson(Uint8Array.of(0x22, 0xe4, 0xb8, 0x22))).toBeUndefined();
  });

  it('never throws on nesting too deep', () => {
    expect(parseJson(bytes('['.repeat(200_000) + ']'.repeat(200_000)))).toBeUndefined();
  });

  it('agrees with JSON.parse on everything but the form of numbers', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = (one: unknown): unknown => {
          if (one instanceof JsonNumber) return Number(one.text);
          if (Array.isArray(one)) return one.map(plain);
          if (typeof one !== 'object' || one === null) return one;
          return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, plain(inner)]));
        };
        const text = JSON.stringify(value);
        expect(JSON.stringify(plain(read(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe('access', () => {
  const value = read('{"a":{"b":"x","n":7,"t":true,"z":null,"l":["p"]}}');

  it('walks own keys only', () => {
    expect(field(value, 'a', 'b')).toBe('x');
    expect(field(value)).toBe(value);
    expect(field(value, 'a', 'missing')).toBeUndefined();
    expect(field(value, 'a', 'b', 'length')).toBeUndefined();
    expect(field(value, 'a', 'n', 'text')).toBeUndefined();
    expect(field(value, 'a', 'l', '0')).toBeUndefined();
    expect(field(value, 'toString')).toBeUndefined();
    expect(field(null, 'a')).toBeUndefined();
    expect(field(undefined, 'a')).toBeUndefined();
  });

  it('takes texts and numbers as text, nothing else', () => {
    expect(asText('x')).toBe('x');
    expect(asText(new JsonNumber('007'))).toBe('007');
    for (const other of [true, null, undefined, ['x'], { a: 'x' }]) expect(asText(other)).toBeUndefined();
  });

  it('takes whole safe numbers as integers', () => {
    expect(asInteger(new JsonNumber('200'))).toBe(200);
    expect(asInteger('-12')).toBe(-12);
    expect(asInteger('9007199254740991')).toBe(9007199254740991);
    for (const other of ['9007199254740992', '1.0', '1e3', '', ' 1', '1 ', '--1', 'x']) {
      expect(asInteger(other)).toBeUndefined();
    }
    expect(asInteger(true)).toBeUndefined();
    expect(asInteger(undefined)).toBeUndefined();
  });

  it('tells objects and lists apart', () => {
    expect([isObject({}), isObject([]), isObject(null), isObject(new JsonNumber('1')), isObject('x')]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(isObject(undefined)).toBe(false);
    expect(asList(['x'])).toEqual(['x']);
    expect(asList({})).toBeUndefined();
    expect(asList(null)).toBeUndefined();
  });
});
