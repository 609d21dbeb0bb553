import { describe, expect, it } from 'vitest';
import { WORKBOOK_LIMITS, type WorkbookLimits } from '../../../../../src/main/jobs/intake/workbook/limits.ts';
import {
  RichText,
  SharedStrings,
  SharedStringsHandler,
  unescaped,
} from '../../../../../src/main/jobs/intake/workbook/strings.ts';
import { XmlScanner } from '../../../../../src/main/jobs/intake/workbook/xml.ts';
import { failure } from '../support.ts';
import { excessive, FILE, told } from './support.ts';

const BLOCK = 64 * 1024;

describe('shared texts', () => {
  it.each<[string, readonly string[]]>([
    ['none', []],
    ['one', ['订单号']],
    ['an empty one', ['']],
    ['empty ones between others', ['', 'a', '', '', 'b', '']],
    ['one twice', ['a', 'a']],
    ['just as many as there is room for at first', Array.from({ length: 1_023 }, (_, index) => `a${index}`)],
    ['one more', Array.from({ length: 1_024 }, (_, index) => `a${index}`)],
    ['many more', Array.from({ length: 9_000 }, (_, index) => `${index}`)],
    ['more than there could be blocks of', Array.from({ length: 70_000 }, (_, index) => `${index}`)],
    ['long ones', ['a'.repeat(BLOCK - 1), 'b', 'c', 'd'.repeat(BLOCK), 'e', 'f'.repeat(3 * BLOCK), '', 'g']],
    ['many long ones', Array.from({ length: 5_000 }, (_, index) => `${index}-`.repeat(index % 90))],
  ])('%s: each is found by its number', (_name, texts) => {
    const strings = new SharedStrings();
    for (const text of texts) strings.add(text);
    strings.end();
    strings.end();
    expect(texts.map((_, index) => strings.at(index))).toEqual(texts);
    expect([strings.count, strings.chars]).toEqual([texts.length, texts.join('').length]);
  });

  it.each([-1, -0.5, 0.5, 2, 3, 1_500, Number.NaN, Number.POSITIVE_INFINITY])('there is none of number %d', (index) => {
    const strings = new SharedStrings();
    strings.add('a');
    strings.add('b');
    strings.end();
    expect(strings.at(index)).toBeNull();
  });
});

describe("Excel's escapes", () => {
  it.each([
    ['plain', 'plain'],
    ['a_x000D_b_x000a_c', 'a\rb\nc'],
    ['_x4e2D_', '中'],
    ['_x005F_x000D_', '_x000D_'],
    ['_x00G0_ _x000D _x00D_ _x0000D_ x000D_', '_x00G0_ _x000D _x00D_ _x0000D_ x000D_'],
    ['order_x', 'order_x'],
  ])('%s', (text, meant) => {
    expect(unescaped(text)).toBe(meant);
  });
});

describe('a text of runs', () => {
  /** Feeds words: `<t`, `t>` and so on are tags, all others texts. */
  function fed(item: RichText, words: string): number {
    let length = -1;
    for (const word of words.split(' ').filter((one) => one !== '')) {
      if (word.startsWith('<')) item.open(word.slice(1));
      else if (word.endsWith('>')) item.close(word.slice(0, -1));
      else length = item.add(word);
    }
    return length;
  }

  it.each([
    ['<t A t>', 'A'],
    ['<r <t A t> r> <r <rPr x rPr> <t B t> r>', 'AB'],
    ['x <t A t> y', 'A'],
    ['<t A <b B b> C t>', 'ABC'],
    ['<rPh x <t y t> z rPh> <t A t>', 'A'],
    ['<t A t> <rPh <t y t> rPh>', 'A'],
    ['<t A_x000D_ t> <t B t>', 'A\rB'],
    ['<t A_x00 t> <t 0D_ t>', 'A\r'],
    ['', ''],
  ])('%s', (words, text) => {
    const item = new RichText();
    fed(item, words);
    expect(item.take()).toBe(text);
    expect(item.take()).toBe('');
  });

  it('tells how long it is', () => {
    const item = new RichText();
    expect(fed(item, '<t AB')).toBe(2);
    expect(fed(item, 'CDE')).toBe(5);
    expect(fed(item, 't> XYZ')).toBe(5);
  });

  it('is begun anew by the next one, whatever was open', () => {
    const item = new RichText();
    fed(item, '<t A');
    item.take();
    fed(item, 'x <rPh');
    expect(item.take()).toBe('');
    fed(item, '<t B t>');
    expect(item.take()).toBe('B');
  });
});

describe('the part of shared texts', () => {
  function read(xml: string, limits: Partial<WorkbookLimits> = {}): SharedStrings {
    const handler = new SharedStringsHandler(FILE, { ...WORKBOOK_LIMITS, ...limits });
    const scanner = new XmlScanner(handler);
    scanner.push(xml);
    scanner.end();
    handler.strings.end();
    return handler.strings;
  }

  it('is read item by item; nothing else in it counts', () => {
    const strings = read(
      '<sst><t>w</t> <si><t>订单号</t></si> <t>x</t> <si/><si> <r><rPr><b/></rPr><t>A</t></r><r><t> B</t></r><rPh><t>y</t></rPh></si><t>z</t></sst>',
    );
    expect(Array.from({ length: strings.count }, (_, index) => strings.at(index))).toEqual(['订单号', '', 'A B']);
  });

  it('counts a text by what it means, not by how it is written', () => {
    expect(read('<sst><si><t>&amp;_x000D_</t></si></sst>').chars).toBe(2);
  });

  const THREE = '<sst><si><t>aa</t></si><si><t>bbb</t></si><si/></sst>';
  it.each<[string, Partial<WorkbookLimits>, Partial<WorkbookLimits>]>([
    ['texts', { sharedStrings: 3 }, { sharedStrings: 2, sharedChars: 9 }],
    ['characters', { sharedChars: 5 }, { sharedStrings: 9, sharedChars: 4 }],
  ])('may have as many %s as the limit, and no more', async (_name, enough, tooFew) => {
    expect(read(THREE, enough).count).toBe(3);
    const { code, data, text } = await failure(() => read(THREE, tooFew));
    expect([code, data]).toEqual(['INTAKE_MALFORMED', { file: FILE, seems: 'excessive' }]);
    const { sharedStrings, sharedChars } = { ...WORKBOOK_LIMITS, ...tooFew };
    expect(text.message.zh).toContain(`：共享文字超过 ${sharedStrings} 条或 ${sharedChars} 个字符`);
    expect(text.message.en).toContain(
      `: its shared texts are more than ${sharedStrings}, or longer than ${sharedChars} characters.`,
    );
  });

  it('may have as many characters in one text as the limit, and no more', async () => {
    const xml = '<sst><si>xxxxxxxxx<r><t>abc</t></r><r><t>de</t></r></si></sst>';
    expect(read(xml, { cellChars: 5 }).at(0)).toBe('abcde');
    expect(told(await failure(() => read(xml, { cellChars: 4 })))).toEqual(
      excessive('有一个单元格超过 4 个字符', 'one of its cells has more than 4 characters'),
    );
  });

  it('takes no offence at long texts outside of its items', () => {
    expect(read('<sst>xxxxxxxxxx<si><t>ab</t></si>xxxxxxxxxx</sst>', { cellChars: 2 }).count).toBe(1);
  });
});
