import { describe, expect, it } from 'vitest';
import {
  attributesOf,
  decoded,
  readXml,
  XmlFault,
  XmlScanner,
  type XmlHandler,
} from '../../../../../src/main/jobs/intake/workbook/xml.ts';
import { zipOf } from '../../../../support/workbook.ts';
import { failure } from '../support.ts';
import { archiveOf, damaged, entryOf, told } from './support.ts';

/** Notes what a document is made of, each call one word. */
class Notes implements XmlHandler {
  readonly all: string[] = [];

  open(name: string, attributes: string): void {
    this.all.push(`<${name}${attributes}>`);
  }

  close(name: string): void {
    this.all.push(`</${name}>`);
  }

  text(text: string): void {
    this.all.push(`"${text}"`);
  }

  /** With the pieces of a text put together. */
  get joined(): string {
    return this.all.join('').replaceAll('""', '');
  }
}

/** What each call was about, of a document that comes in these pieces and ends. */
function notesOf(...pieces: readonly string[]): Notes {
  const notes = new Notes();
  const scanner = new XmlScanner(notes);
  for (const piece of pieces) scanner.push(piece);
  scanner.end();
  return notes;
}

function faultOf(...pieces: readonly string[]): XmlFault {
  try {
    notesOf(...pieces);
  } catch (error) {
    if (error instanceof XmlFault) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('references to characters', () => {
  it.each([
    ['no reference', 'no reference'],
    ['&amp;&lt;&gt;&quot;&apos;', '&<>"\''],
    ['&AMP;&Lt;', '&<'],
    ['&#65;&#x42;&#X4e2d;&#x4E2D;', 'AB中中'],
    ['&amp;lt;', '&lt;'],
    ['&#x1F600;&#128512;', '😀😀'],
    ['&#1;', '\u0001'],
    ['&#0;&#x0;', '\uFFFD\uFFFD'],
    ['&#x10FFFF;&#1114111;', '\u{10FFFF}\u{10FFFF}'],
    ['&#x110000;&#1114112;', '\uFFFD\uFFFD'],
    ['&#xD7FF;&#xE000;', '\uD7FF\uE000'],
    ['&#xD800;&#xDFFF;', '\uFFFD\uFFFD'],
    ['&nbsp; & &; &amp &#; &#x; &#xG; &#1A;', '&nbsp; & &; &amp &#; &#x; &#xG; &#1A;'],
    ['&#12345678;&#x1234567;', '&#12345678;&#x1234567;'],
  ])('%s', (text, meant) => {
    expect(decoded(text)).toBe(meant);
  });
});

describe('the attributes of a tag', () => {
  it.each([
    ['', {}],
    [' r="A1" t=\'s\'', { r: 'A1', t: 's' }],
    [' r:id="s0" xml:space="preserve"', { id: 's0', space: 'preserve' }],
    [' a = "1"\n\tb\n=\n\'2\'', { a: '1', b: '2' }],
    [' a="" b=\'\'', { a: '', b: '' }],
    [' a="it\'s" b=\'"x" > y\'', { a: "it's", b: '"x" > y' }],
    [' a="1&amp;2 &#x4e2d;" b=\'&lt;\'', { a: '1&2 中', b: '<' }],
    [' a=1 b', {}],
  ])('%j', (text, attributes) => {
    expect(attributesOf(text)).toEqual(attributes);
  });
});

describe('a document', () => {
  it.each<[string, string, readonly string[]]>([
    ['an element', '<a>x</a>', ['<a>', '"x"', '</a>']],
    ['an empty one', '<a/>', ['<a>', '</a>']],
    ['an empty one with a blank', '<a />', ['<a >', '</a>']],
    ['an empty one with attributes', '<a b="1/"/>', ['<a b="1/">', '</a>']],
    ['a slash at the end of a value', '<a b="1/">x</a>', ['<a b="1/">', '"x"', '</a>']],
    ['prefixes', '<x:a y:b="1"></x:a>', ['<a y:b="1">', '</a>']],
    ['a tag over lines', '<a\n b="1"\n></a\n>', ['<a\n b="1"\n>', '</a>']],
    ['what ends no tag', '<a b="\'>" c=\'">\'>x</a>', ['<a b="\'>" c=\'">\'>', '"x"', '</a>']],
    ['elements in elements', '<a><b>1</b>2<b/></a>', ['<a>', '<b>', '"1"', '</b>', '"2"', '<b>', '</b>', '</a>']],
    ['references', '<a>1 &lt; 2; &#x4e2d;</a>', ['<a>', '"1 < 2; 中"', '</a>']],
    ['texts outside of it', 'x<a/>y &amp; z', ['<a>', '</a>']],
    ['its declaration', '<?xml version="1.0" a="<b>"?><a/>', ['<a>', '</a>']],
    ['an instruction', '<a><?x 1 > 0 ?>x</a>', ['<a>', '"x"', '</a>']],
    ['comments', '<!-- <b> --><a>1<!---->2<!-->--></a>', ['<a>', '"1"', '"2"', '</a>']],
    ['raw text', '<a><![CDATA[1 < 2 &amp; ]]]>]]&gt;</a>', ['<a>', '"1 < 2 &amp; ]"', '"]]>"', '</a>']],
    ['raw text outside of it', '<![CDATA[x]]><a/><![CDATA[y]]>', ['<a>', '</a>']],
  ])('%s is told in order, at whatever places it is cut', (_name, text, notes) => {
    const whole = notesOf(text);
    expect(whole.all).toEqual(notes);
    for (let cut = 1; cut < text.length; cut += 1) {
      expect(notesOf(text.slice(0, cut), text.slice(cut)).joined).toBe(whole.joined);
    }
    const bits = notesOf(...text);
    expect(bits.joined).toBe(whole.joined);
    expect(bits.all).not.toContain('""');
  });

  it.each([
    ['<a>x', ['"x"']],
    ['<a>x&', ['"x"']],
    ['<a>&am', []],
    ['<a>x; &#x10ffff', ['"x; "']],
    ['<a>x&1234567890', ['"x"']],
    ['<a>x&12345678901', ['"x&12345678901"']],
    ['<a>&lt;x', ['"<x"']],
    ['<a b="&c">x', ['"x"']],
  ])('hands a text on at once, but for a reference that may go on: %s', (text, texts) => {
    const notes = new Notes();
    new XmlScanner(notes).push(text);
    expect(notes.all.slice(1)).toEqual(texts);
  });

  it.each<[string, (count: number) => string, number]>([
    ['elements inside each other', (count) => '<a>'.repeat(count) + '</a>'.repeat(count), 64],
    ['an empty element inside others', (count) => `${'<a>'.repeat(count - 1)}<b/>${'</a>'.repeat(count - 1)}`, 64],
  ])('has at most 64 %s', (_name, of, most) => {
    expect(notesOf(of(most)).all).toHaveLength(2 * most);
    expect(faultOf(of(most + 1)).what).toEqual({ zh: 'XML 嵌套太深', en: 'its XML is nested too deeply' });
  });

  it('may be long side by side: what is closed counts no more', () => {
    expect(notesOf(`<a>${'<b></b><c/>'.repeat(200)}</a>`).all).toHaveLength(802);
  });

  it.each([
    ['tag', '<a b="', '"/>'],
    ['comment', '<!--', '--><a/>'],
  ])('has a %s of at most 256 K characters in a piece', (_name, begin, end) => {
    const most = begin.padEnd(256 * 1024, 'x');
    expect(notesOf(most, end).all).toHaveLength(2);
    expect(faultOf(`${most}x`, end).what).toEqual({ zh: 'XML 的标签太长', en: 'a tag of its XML is too long' });
  });
});

const UNENDED = { zh: 'XML 没有写完', en: 'its XML does not end' };
const MISMATCH = { zh: 'XML 的标签不成对', en: 'the tags of its XML do not match' };
const DOCTYPE = { zh: 'XML 带有不允许的 DOCTYPE', en: 'its XML has a DOCTYPE, which no workbook needs' };

describe('a broken document', () => {
  it.each([
    ['nothing', '', UNENDED],
    ['blanks', ' \n', UNENDED],
    ['a comment alone', '<!-- x -->', UNENDED],
    ['an open element', '<a>', UNENDED],
    ['an open one with a text', '<a>x', UNENDED],
    ['a sign alone', '<a/><', UNENDED],
    ['an open tag', '<a/><b', UNENDED],
    ['an open quote', '<a b="></a>', UNENDED],
    ['an open closing tag', '<a></a', UNENDED],
    ['an open comment', '<a/><!-- ', UNENDED],
    ['the begin of a comment', '<a/><!-', UNENDED],
    ['the begin of raw text', '<a/><![CDA', UNENDED],
    ['open raw text', '<a><![CDATA[</a>', UNENDED],
    ['an open instruction', '<a/><?x ', UNENDED],
    ['an open reference after it', '<a/>&am', UNENDED],
    ['crossed tags', '<a><b></a></b>', MISMATCH],
    ['other letters', '<a></A>', MISMATCH],
    ['a tag closed twice', '<a></a></a>', MISMATCH],
    ['an empty tag closed', '<a/></a>', MISMATCH],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a/>', DOCTYPE],
    ['one that is cut', '<!D', DOCTYPE],
    ['half a comment', '<!-x--><a/>', DOCTYPE],
    ['half raw text', '<a><![CDATA x]]></a>', DOCTYPE],
  ])('%s is a fault', (_name, text, what) => {
    const fault = faultOf(text);
    expect(fault).toMatchObject({ name: 'XmlFault', message: what.en, what });
    expect(faultOf(...text).what).toEqual(what);
  });

  it('ends with blanks, and needs no more', () => {
    expect(notesOf('<a/> \n').all).toHaveLength(2);
  });
});

describe('a part of an archive', () => {
  const PIECE = 64 * 1024;
  async function notesOfPart(content: string | Buffer, pause?: () => boolean | Promise<boolean>): Promise<Notes> {
    const archive = archiveOf(zipOf([{ name: 'a.xml', content, store: true }]));
    const notes = new Notes();
    await readXml(archive, entryOf(archive, 'a.xml'), notes, pause);
    return notes;
  }

  it('is read to its end, characters whole wherever its pieces end', async () => {
    const text = '订'.repeat(PIECE);
    expect((await notesOfPart(`\uFEFF<a>${text}</a>`)).joined).toBe(`<a>"${text}"</a>`);
  });

  it.each([
    ['at once', (goOn: boolean) => goOn],
    ['later', async (goOn: boolean) => goOn],
  ])('waits for its user after each piece, who ends it %s', async (_name, answer) => {
    const content = `<a>${'<b/>'.repeat(PIECE)}</a>`;
    let pieces = 0;
    const all = await notesOfPart(content, () => answer((pieces += 1) > 0));
    expect([pieces, all.all.length]).toEqual([5, 2 * PIECE + 2]);
    pieces = 0;
    const some = await notesOfPart(content, () => answer((pieces += 1) < 2));
    expect(pieces).toBe(2);
    expect(some.all.at(0)).toBe('<a>');
    expect(some.all.at(-1)).toBe('</b>');
    expect(some.all.length).toBeLessThan(PIECE);
  });

  it.each([
    ['<a>', UNENDED],
    ['<a></b>', MISMATCH],
    ['<!DOCTYPE a><a/>', DOCTYPE],
    [Buffer.from('3c612f3eff', 'hex'), { zh: '文字不是 UTF-8', en: 'its text is not UTF-8' }],
    // Half of a character.
    [Buffer.from('3c612f3ee8ae', 'hex'), { zh: '文字不是 UTF-8', en: 'its text is not UTF-8' }],
  ])('makes the workbook a damaged one: %s', async (content, { zh, en }) => {
    expect(told(await failure(() => notesOfPart(content)))).toEqual(damaged(zh, en));
  });

  it('hands on what its user throws', async () => {
    const archive = archiveOf(zipOf([{ name: 'a.xml', content: '<a/>' }]));
    const handler: XmlHandler = {
      open: () => {
        throw new RangeError('enough');
      },
      close: () => {},
      text: () => {},
    };
    await expect(readXml(archive, entryOf(archive, 'a.xml'), handler)).rejects.toThrow(new RangeError('enough'));
  });
});
