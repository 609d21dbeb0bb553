import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageError, readJson, readXml, xmlText } from '../../../src/main/twins/suningMessage.ts';

describe('the reader of requests', () => {
  it('reads elements, references and blanks', () => {
    expect(readXml('<a> <b>&#20013;&#x6587;&amp;&lt;&gt;&quot;&apos;</b>\n<b/><c> 01 </c></a>')).toEqual(
      new Map([
        [
          'a',
          [
            new Map([
              ['b', ['中文&<>"\'', '']],
              ['c', [' 01 ']],
            ]),
          ],
        ],
      ]),
    );
    expect(readJson('{"a":{"b":["01",""]}}')).toEqual(new Map([['a', [new Map([['b', ['01', '']]])]]]));
  });

  it.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a><b></a></b>',
    '<a>1</a><a>2</a>',
    '<a>1</a>x',
    '<a b="1">1</a>',
    '<a>x<b>1</b></a>',
    '<a>&unknown;</a>',
    '<a>&#0;</a>',
    '<a>&#x110000;</a>',
    '<a>&#xd800;</a>',
    '<a>&#57343;</a>',
    '<a>1 & 2</a>',
    '<a>]]></a>',
    '<a><![CDATA[1]]></a>',
    '<a><!-- 1 --></a>',
    '<!DOCTYPE a><a>1</a>',
    '<?xml version="1.0" encoding="GBK"?><a>1</a>',
    '<__proto__>1</a>',
    `${'<a>'.repeat(30)}1${'</a>'.repeat(30)}`,
  ])('refuses %j', (text) => {
    expect(() => readXml(text)).toThrow(MessageError);
  });

  it.each([
    'null',
    '[]',
    '1',
    '{"a":1}',
    '{"a":null}',
    '{"a":true}',
    '{"a":["1",2]}',
    `${'{"a":'.repeat(30)}"1"${'}'.repeat(30)}`,
  ])('refuses %j as JSON', (text) => {
    expect(() => readJson(text)).toThrow(MessageError);
  });

  it('reads back whatever text is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (value, numeric) => {
        const clean = value.replace(/[\0\ud800-\udfff]/gu, '');
        expect(readXml(`<a>${xmlText(clean, numeric)}</a>`)).toEqual(new Map([['a', [clean]]]));
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
