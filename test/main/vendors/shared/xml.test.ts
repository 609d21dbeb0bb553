import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject } from '../../../../src/main/vendors/shared/json.ts';
import type { XmlReading } from '../../../../src/main/vendors/shared/xml.ts';
import { escapeXml, parseXml } from '../../../../src/main/vendors/shared/xml.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string, lists: readonly string[] = []): XmlReading => parseXml(bytes(text), { root: 'a', lists });
/** The plain form of a reading's value, so that a missing prototype does not matter. */
const value = (text: string, lists: readonly string[] = []): unknown => {
  const reading = read(text, lists);
  if (!reading.ok) throw new Error(reading.why.en);
  return JSON.parse(JSON.stringify(reading.value));
};
const why = (text: string): string => {
  const reading = read(text);
  return reading.ok ? 'accepted' : reading.why.en;
};

const MALFORMED = 'the XML is cut short or its tags do not match';
const DOCTYPE = 'the XML holds a DOCTYPE or ENTITY declaration, which the vendor never sends; it was refused';
const HTML = 'a web page came instead of data; a proxy, firewall or login page may stand between';
const ROOT = "the XML's root element is not the vendor's";
const ENTITY = 'the XML holds an entity reference that is not known';
const CHARACTER = 'the XML holds a character that XML does not allow';
const NOT_UTF8 = 'the XML is not in UTF-8';

describe('parseXml: values', () => {
  it.each(['01', '00', '0x10', '1e5', '1.10', 'true', 'null', '12345678901234567890', '-0', '+5', '苏宁'])(
    'keeps %s as the text it is',
    (text) => {
      expect(value(`<a><b>${text}</b></a>`)).toEqual({ b: text });
    },
  );

  it('reads nested elements, repeated names and empty ones', () => {
    expect(value('<a><b><c>1</c></b><d>1</d><d>2</d><e/><f></f><g> </g></a>')).toEqual({
      b: { c: '1' },
      d: ['1', '2'],
      e: '',
      f: '',
      g: '',
    });
  });

  it('forces the named lists, at any level, and leaves their empty elements out', () => {
    expect(value('<a><l><x>1</x></l></a>', ['l'])).toEqual({ l: [{ x: '1' }] });
    expect(value('<a><l><x>1</x><l>2</l></l></a>', ['l'])).toEqual({ l: [{ x: '1', l: ['2'] }] });
    expect(value('<a><l/></a>', ['l'])).toEqual({ l: [] });
    expect(value('<a><l/><l> </l><l><x>1</x></l></a>', ['l'])).toEqual({ l: [{ x: '1' }] });
    expect(value('<a><b/></a>', ['l'])).toEqual({ b: '' });
  });

  it('gives the content of an empty root and of a root with text alone', () => {
    expect(value('<a/>')).toBe('');
    expect(value('<a></a>')).toBe('');
    expect(value('<a>x</a>')).toBe('x');
  });

  it('ignores a byte order mark, the declaration, comments, instructions and attributes', () => {
    expect(
      value('\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<!-- c --><a x="1">\n<?p i?><b y="<>">1</b></a>\n'),
    ).toEqual({
      b: '1',
    });
    expect(value('<a><b>12<!-- x -->34</b></a>')).toEqual({ b: '1234' });
  });

  it('takes literal white space off the edges of a value and nothing else', () => {
    expect(value('<a><b>\r\n  x  y \t</b></a>')).toEqual({ b: 'x  y' });
    expect(value('<a><b>&#32;x&#x20;</b></a>')).toEqual({ b: ' x ' });
    expect(value('<a><b> <![CDATA[ x ]]> </b></a>')).toEqual({ b: ' x ' });
    expect(value('<a><b>x <![CDATA[y]]> z</b></a>')).toEqual({ b: 'x y z' });
  });

  it('decodes references exactly once', () => {
    expect(value('<a><b>&#20013;&#x4e2d;&#x4E2D;&#x1F600;</b></a>')).toEqual({ b: '中中中😀' });
    expect(value('<a><b>&amp;&lt;&gt;&quot;&apos;</b></a>')).toEqual({ b: '&<>"\'' });
    expect(value('<a><b>&amp;lt;&amp;#20013;&amp;amp;</b></a>')).toEqual({ b: '&lt;&#20013;&amp;' });
    expect(value('<a><b>&#38;lt;</b></a>')).toEqual({ b: '&lt;' });
    expect(value('<a><b>&#9;x&#10;&#13;y&#9;</b></a>')).toEqual({ b: '\tx\n\ry\t' });
  });

  it('does not decode CDATA', () => {
    expect(value('<a><b><![CDATA[&amp;<c>&#20013;]]></b></a>')).toEqual({ b: '&amp;<c>&#20013;' });
    expect(value('<a><b>&amp;<![CDATA[&amp;]]>&amp;</b></a>')).toEqual({ b: '&&amp;&' });
    expect(value('<a><b><![CDATA[]]></b></a>')).toEqual({ b: '' });
  });

  it('gives elements without a prototype, whatever their names', () => {
    const reading = read('<a><toString>1</toString><hasOwnProperty>2</hasOwnProperty></a>');
    if (!reading.ok || !isObject(reading.value)) throw new Error('not read');
    expect(Object.getPrototypeOf(reading.value)).toBeNull();
    expect(Object.entries(reading.value)).toEqual([
      ['toString', '1'],
      ['hasOwnProperty', '2'],
    ]);
  });
});

describe('parseXml: refusals', () => {
  it.each([
    ['<a><b>1</b><c>2', MALFORMED],
    ['<a><b>1</b>', MALFORMED],
    ['<a', MALFORMED],
    ['<a><b></a></b>', MALFORMED],
    ['<a><b>1</B></a>', MALFORMED],
    ['<a/><a/>', MALFORMED],
    ['<a>1</a><b/>', MALFORMED],
    ['<a>1</a>x', MALFORMED],
    ['x<a/>', MALFORMED],
    ['<a/><![CDATA[x]]>', MALFORMED],
    ['<a><![CDATA[x</a>', MALFORMED],
    ['<a><!-- x</a>', MALFORMED],
    ['<a><!foo>x</a>', MALFORMED],
    ['<a>x & y</a>', MALFORMED],
    ['<a><__proto__>1</__proto__></a>', MALFORMED],
    ['<a><b><__proto__><polluted>1</polluted></__proto__></b></a>', MALFORMED],
    ['<a><constructor>1</constructor></a>', MALFORMED],
    ['{"a":1}', MALFORMED],
    ['plain text', MALFORMED],
    ['', 'the XML is empty'],
    [' \n ', 'the XML is empty'],
    ['<b>1</b>', ROOT],
    ['<A>1</A>', ROOT],
    ['<x:a xmlns:x="y">1</x:a>', ROOT],
    ['<!DOCTYPE html><html></html>', HTML],
    ['\n<HTML><body>x</body></HTML>', HTML],
    ['<head/>', HTML],
    ['<body class="x">', HTML],
    ['<?xml version="1.0"?><html><body/></html>', HTML],
    ['<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', DOCTYPE],
    ['<!doctype a><a>1</a>', DOCTYPE],
    ['<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', DOCTYPE],
    ['<a><!ENTITY e "x"></a>', DOCTYPE],
    ['<a>&e;</a>', ENTITY],
    ['<a>&nbsp;</a>', ENTITY],
    ['<a>&toString;</a>', ENTITY],
    ['<a>&#0;</a>', CHARACTER],
    ['<a>&#x8;</a>', CHARACTER],
    ['<a>&#xB;</a>', CHARACTER],
    ['<a>&#12;</a>', CHARACTER],
    ['<a>&#x1f;</a>', CHARACTER],
    ['<a>&#xD800;</a>', CHARACTER],
    ['<a>&#xDFFF;</a>', CHARACTER],
    ['<a>&#xFFFE;</a>', CHARACTER],
    ['<a>&#x110000;</a>', CHARACTER],
    ['<a>&#99999999999999999999;</a>', CHARACTER],
    ['<a>\u0000</a>', CHARACTER],
    ['<a>\u000b</a>', CHARACTER],
    ['<a>\uffff</a>', CHARACTER],
    ['<a>x<b/></a>', 'the XML has text between its elements'],
    ['<a><b/><![CDATA[x]]></a>', 'the XML has text between its elements'],
    ['<?xml version="1.0" encoding="GBK"?><a/>', NOT_UTF8],
    ["<?xml version='1.0' encoding='utf-7'?><a/>", NOT_UTF8],
  ])('refuses %j', (text, reason) => {
    expect(why(text)).toBe(reason);
  });

  it('takes an encoding declared as UTF-8 or ASCII, in any case', () => {
    for (const name of ['UTF-8', 'utf8', 'US-ASCII', 'ascii']) {
      expect(value(`<?xml version="1.0" encoding="${name}"?><a>1</a>`)).toBe('1');
    }
  });

  it('refuses bytes that are not UTF-8', () => {
    const reading = parseXml(new Uint8Array([0x3c, 0x61, 0x3e, 0xd6, 0xd0, 0x3c, 0x2f, 0x61, 0x3e]), { root: 'a' });
    expect(reading).toEqual({ ok: false, why: { zh: 'XML 不是 UTF-8 编码', en: NOT_UTF8 } });
  });

  it('refuses one byte more than the cap and takes the cap itself', () => {
    expect(parseXml(bytes('<a>12</a>'), { root: 'a', mostBytes: 9 })).toEqual({ ok: true, value: '12' });
    expect(parseXml(bytes('<a>12</a>'), { root: 'a', mostBytes: 8 })).toEqual({
      ok: false,
      why: { zh: 'XML 太大，没有读取', en: 'the XML is too large and was not read' },
    });
  });

  it('has a cap of 16 MiB by default', () => {
    const reading = parseXml(new Uint8Array(16 * 1024 * 1024 + 1).fill(0x20), { root: 'a' });
    expect(reading.ok ? '' : reading.why.en).toBe('the XML is too large and was not read');
    const atCap = parseXml(new Uint8Array(16 * 1024 * 1024).fill(0x20), { root: 'a' });
    expect(atCap.ok ? '' : atCap.why.en).toBe('the XML is empty');
  });

  it('refuses elements nested too deep', () => {
    expect(read(`<a>${'<b>'.repeat(60)}${'</b>'.repeat(60)}</a>`).ok).toBe(true);
    expect(why(`<a>${'<b>'.repeat(200)}${'</b>'.repeat(200)}</a>`)).toBe(MALFORMED);
  });

  it('refuses every truncation of a document', () => {
    const whole = '<a><b>1</b><c><![CDATA[x]]></c><d>&amp;中</d></a>';
    const data = bytes(whole);
    expect(parseXml(data, { root: 'a' }).ok).toBe(true);
    for (let length = 0; length < data.length; length += 1) {
      expect(parseXml(data.subarray(0, length), { root: 'a' }).ok).toBe(false);
    }
  });
});

describe('escapeXml', () => {
  it('writes the five characters and a carriage return as references', () => {
    expect(escapeXml('<a b="1">&\'\r\n\t中</a>')).toBe('&lt;a b=&quot;1&quot;&gt;&amp;&apos;&#13;\n\t中&lt;/a&gt;');
  });

  it.each(['\u0000', '\u0008', '\ud800', '\ufffe'])('refuses %j, which XML can not hold', (text) => {
    expect(() => escapeXml(text)).toThrow(new RangeError('a character that XML does not allow'));
  });

  it('is undone by parseXml for every text without white space at its edges', () => {
    const allowed = fc
      .string({ unit: 'binary' })
      .map((text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, '').trim());
    fc.assert(
      fc.property(allowed, (text) => {
        expect(value(`<a>${escapeXml(text)}</a>`)).toBe(text);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
