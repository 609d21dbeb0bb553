import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, MASK, redactPhones } from '../../../src/main/gateway/redact.ts';

const hiding = (...secrets: string[]): ((text: string) => string) => {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return (text) => redactor.redact(text);
};

const bytesOf = (text: string, encoding: 'utf8' | 'utf16le' | 'utf16be'): Buffer =>
  encoding === 'utf16be' ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, encoding);
const percentAll = (bytes: Buffer): string => bytes.toString('hex').replace(/../g, '%$&');
const SECRET = 'fsq2k5/weced+1h8 中"文&<\'>';

describe('a secret in each writing', () => {
  const utf8 = Buffer.from(SECRET, 'utf8');
  const little = bytesOf(SECRET, 'utf16le');
  const big = bytesOf(SECRET, 'utf16be');
  const writings: Record<string, string> = {
    raw: SECRET,
    json: JSON.stringify(SECRET).slice(1, -1),
    'json twice': JSON.stringify(JSON.stringify(SECRET)).slice(3, -3),
    'json, slashes escaped': JSON.stringify(SECRET).slice(1, -1).replaceAll('/', '\\/'),
    'json, ascii': 'fsq2k5/weced+1h8 \\u4e2d\\"\\u6587&<\'>',
    'json, ascii capitals': 'fsq2k5/weced+1h8 \\u4E2D\\"\\u6587&<\'>',
    html: 'fsq2k5/weced+1h8 中&quot;文&amp;&lt;&apos;&gt;',
    'html by number': 'fsq2k5/weced+1h8 中&#34;文&amp;&lt;&#39;&gt;',
    url: encodeURIComponent(SECRET),
    'url, lower case': encodeURIComponent(SECRET).replace(/%../g, (escape) => escape.toLowerCase()),
    'url, strict': encodeURIComponent(SECRET).replaceAll("'", '%27'),
    'url, plus': encodeURIComponent(SECRET).replaceAll('%20', '+'),
    form: new URLSearchParams({ a: SECRET }).toString().slice(2),
    'url path': encodeURI(SECRET),
    'url twice': encodeURIComponent(encodeURIComponent(SECRET)),
    hex: utf8.toString('hex'),
    HEX: utf8.toString('hex').toUpperCase(),
    'hex, spaced': utf8.toString('hex').replace(/../g, '$& ').trim(),
    'hex, colons': utf8.toString('hex').replace(/..(?=.)/g, '$&:'),
    'every byte escaped': percentAll(utf8),
    'every byte escaped, capitals': percentAll(utf8).toUpperCase(),
    'numbers of bytes': [...utf8].join(','),
    'numbers of bytes, spaced': [...utf8].join(', '),
    'utf-16 hex': little.toString('hex'),
    'utf-16be hex': big.toString('hex'),
    'utf-16 as text': little.toString('latin1').slice(0, -1),
    'utf-16be as text': big.toString('latin1').slice(1),
    'utf-16 as text in json': JSON.stringify(little.toString('latin1').replace(/\0$/, '')).slice(1, -1),
    'utf-8 as latin-1': utf8.toString('latin1'),
  };

  it.each(Object.entries(writings))('%s', (_name, written) => {
    expect(hiding(SECRET)(`before ${written} after`)).toBe(`before ${MASK} after`);
    expect(hiding('another secret', SECRET)(`${written}|${written}`)).toBe(`${MASK}|${MASK}`);
  });

  it.each(['utf8', 'utf16le', 'utf16be'] as const)('base64 of %s, in every place of a longer text', (encoding) => {
    for (let lead = 0; lead < 6; lead++) {
      for (let tail = 0; tail < 4; tail++) {
        const whole = Buffer.concat([Buffer.alloc(lead, 'x'), bytesOf(SECRET, encoding), Buffer.alloc(tail, 'y')]);
        for (const text of [
          whole.toString('base64'),
          whole.toString('base64url'),
          encodeURIComponent(whole.toString('base64')),
          whole.toString('base64').replaceAll('/', '\\/'),
        ]) {
          const hidden = hiding(SECRET)(text);
          expect(hidden).toContain(MASK);
          // What is left around the mask holds at most the bits of one byte of the secret on either side.
          const rest = hidden.split(MASK).map((part) => decodeURIComponent(part).length);
          expect(Math.max(...rest)).toBeLessThanOrEqual(Math.ceil((Math.max(lead, tail) * 8) / 6) + 4);
        }
      }
    }
  });
});

describe('any secret', () => {
  const encoders: ((text: string) => string)[] = [
    (text) => text,
    encodeURIComponent,
    (text) => new URLSearchParams({ a: text }).toString().slice(2),
    (text) => JSON.stringify(text).slice(1, -1),
    (text) => Buffer.from(text, 'utf8').toString('hex'),
    (text) => Buffer.from(text, 'utf8').toString('hex').toUpperCase(),
    (text) => Buffer.from(text, 'utf16le').toString('hex'),
    (text) =>
      Buffer.from(text, 'utf16le')
        .toString('latin1')
        .replace(/^\0+|\0+$/g, ''),
    (text) => percentAll(Buffer.from(text, 'utf8')),
  ];
  const secretArb = fc
    .string({ unit: 'grapheme', minLength: 4, maxLength: 40 })
    .filter((text) => text.length >= 4 && text.isWellFormed());
  const around = fc.string({ unit: 'grapheme-ascii', maxLength: 12 });

  it('survives in no writing', () => {
    fc.assert(
      fc.property(
        secretArb,
        around,
        around,
        fc.integer({ min: 0, max: encoders.length - 1 }),
        (secret, before, after, which) => {
          const encoded = (encoders[which] as (text: string) => string)(secret);
          const hidden = hiding(secret)(before + encoded + after);
          expect(hidden).toContain(MASK);
          expect(hidden.replaceAll(MASK, '')).not.toContain(encoded);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('cannot be got back from base64 of a text around it', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...Array.from('abcdefghijkmnpqrstuvwxyz23456789')),
      minLength: 8,
      maxLength: 40,
    });
    fc.assert(
      fc.property(letters, around, around, (secret, before, after) => {
        const hidden = hiding(secret)(Buffer.from(before + secret + after, 'utf8').toString('base64'));
        expect(hidden).toContain(MASK);
        const left = hidden
          .split(MASK)
          .map((part) => Buffer.from(part, 'base64').toString('latin1'))
          .join('');
        expect(left).not.toContain(secret.slice(1, -1));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('leaves other texts alone', () => {
    const words = fc.string({ unit: fc.constantFrom(...Array.from('ABCDEFGHIJ 0189.:/')), maxLength: 60 });
    fc.assert(
      fc.property(words, (text) => {
        expect(hiding('qwzxvkrtyp')(text)).toBe(text);
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});

describe('which secrets', () => {
  it('none: the text is unchanged; an empty one hides nothing', () => {
    expect(hiding()('a text')).toBe('a text');
    expect(hiding('')('a text')).toBe('a text');
  });

  it('short ones are hidden where they stand alone', () => {
    expect(hiding('kva')('key=kva&x=1 kva "kva" kvas akva 1kva kva1')).toBe(
      'key=•••&x=1 ••• "•••" kvas akva 1kva kva1',
    );
    expect(hiding('kvas')('xkvasx')).toBe('x•••x');
    expect(hiding('a.b')('a.b axb (a.b)')).toBe('••• axb (•••)');
  });

  it('added later or twice are hidden, too', () => {
    const redactor = createRedactor();
    redactor.add('first-secret');
    expect(redactor.redact('first-secret second-secret')).toBe('••• second-secret');
    redactor.add('second-secret');
    redactor.add('second-secret');
    expect(redactor.redact('first-secret second-secret')).toBe('••• •••');
  });

  it('one inside another: no rest of the longer is left', () => {
    expect(hiding('abcdef', 'abcdef-ghijkl')('abcdef-ghijkl abcdef')).toBe('••• •••');
    expect(hiding('abcdef-ghijkl', 'abcdef')('abcdef-ghijkl abcdef')).toBe('••• •••');
  });

  it('marks of regular expressions stand for themselves', () => {
    expect(hiding('a+b(c)[d]{2}|^$\\.?*/-')('x a+b(c)[d]{2}|^$\\.?*/- y')).toBe('x ••• y');
    expect(hiding('a.cd')('abcd')).toBe('abcd');
  });

  it('a lone surrogate is no reason to fail', () => {
    expect(hiding('abc\ud800def')('x abc\ud800def y')).toBe('x ••• y');
  });
});

describe('phones', () => {
  it.each([
    ['13812345678', '•••'],
    ['tel:13812345678.', 'tel:•••.'],
    ['+8613812345678', '•••'],
    ['+86 13812345678 86-19912345678', '••• •••'],
    ['8613812345678', '•••'],
    ['a%2013812345678&b', 'a%20•••&b'],
    ['%2B8613812345678', '%2B•••'],
    ['"13812345678","15912345678"', '"•••","•••"'],
    ['13812345678 13812345679', '••• •••'],
    ['12812345678', '12812345678'],
    ['1381234567', '1381234567'],
    ['138123456789', '138123456789'],
    ['210324-137383117442221', '210324-137383117442221'],
    ['1700000000000', '1700000000000'],
    ['013812345678', '013812345678'],
  ])('%s', (text, hidden) => {
    expect(redactPhones(text)).toBe(hidden);
  });
});

describe('a long text', () => {
  it('is searched once through', () => {
    const redactor = createRedactor();
    for (let number = 0; number < 30; number++) redactor.add(`secret-number-${number.toString()}-of-thirty`);
    const text = 'secret-number-'.repeat(40_000);
    expect(redactor.redact(text)).toBe(text);
    expect(redactor.redact(`${text}7-of-thirty`)).toBe(`${'secret-number-'.repeat(39_999)}${MASK}`);
  });
});
