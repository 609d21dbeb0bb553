import type { Bilingual } from '../../../../contract/text.ts';
import { damagedWorkbook } from './refusals.ts';
import { partBytes } from './inflate.ts';
import type { ZipArchive, ZipEntry } from './zip.ts';

/** Told of a document's elements by their local names, in order. Texts may come in several pieces. */
export interface XmlHandler {
  open(name: string, attributes: string): void;
  close(name: string): void;
  text(text: string): void;
}

/** Most characters of one tag or comment, and most elements inside each other. */
const MOST_MARKUP = 256 * 1024;
const MOST_DEPTH = 64;
const MOST_ENTITY = 12;
const GREATER = 62;
const DOUBLE = 34;
const SINGLE = 39;

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text with its references to characters resolved; an unknown one stays as it stands. */
export function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/giu, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return NAMED[name.toLowerCase()] ?? whole;
    const point = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff)
      ? String.fromCodePoint(point)
      : '\uFFFD';
  });
}

/** The attributes of a tag by their local names. */
export function attributesOf(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [, name = '', double, single] of text.matchAll(/([^\s=:"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gu)) {
    found[name] = decoded(double ?? single ?? '');
  }
  return found;
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

/** What makes a document unreadable. */
export class XmlFault extends Error {
  override readonly name = 'XmlFault';
  readonly what: Bilingual;

  constructor(what: Bilingual) {
    super(what.en);
    this.what = what;
  }
}

const UNENDED = { zh: 'XML 没有写完', en: 'its XML does not end' };
const TOO_LONG = { zh: 'XML 的标签太长', en: 'a tag of its XML is too long' };
const TOO_DEEP = { zh: 'XML 嵌套太深', en: 'its XML is nested too deeply' };
const MISMATCH = { zh: 'XML 的标签不成对', en: 'the tags of its XML do not match' };
/** A document type may define entities that grow without end; no workbook has one. */
const DOCTYPE = { zh: 'XML 带有不允许的 DOCTYPE', en: 'its XML has a DOCTYPE, which no workbook needs' };

/** Reads XML piece by piece, at any cut, and checks that its tags match. Throws XmlFault. */
export class XmlScanner {
  readonly #handler: XmlHandler;
  readonly #stack: string[] = [];
  #rest = '';
  #begun = false;

  constructor(handler: XmlHandler) {
    this.#handler = handler;
  }

  push(piece: string): void {
    const text = this.#rest === '' ? piece : this.#rest + piece;
    let at = 0;
    for (;;) {
      const open = text.indexOf('<', at);
      if (open < 0) {
        this.#rest = this.#lastText(text, at);
        return;
      }
      if (open > at) this.#text(text.slice(at, open));
      const next = this.#markup(text, open);
      if (next < 0) {
        this.#rest = text.slice(open);
        if (this.#rest.length > MOST_MARKUP) throw new XmlFault(TOO_LONG);
        return;
      }
      at = next;
    }
  }

  /** The end of the document. */
  end(): void {
    if (this.#stack.length > 0 || !this.#begun || this.#rest.trim() !== '') throw new XmlFault(UNENDED);
  }

  /** Hands on a text that goes on in the next piece, but for a reference that the cut may have split. */
  #lastText(text: string, at: number): string {
    const amp = text.lastIndexOf('&');
    const keep = amp >= at && text.length - amp < MOST_ENTITY && !text.includes(';', amp) ? amp : text.length;
    if (keep > at) this.#text(text.slice(at, keep));
    return text.slice(keep);
  }

  #text(text: string): void {
    if (this.#stack.length > 0) this.#handler.text(decoded(text));
  }

  /** Reads what begins at `<`; answers where it ends, -1 when the end is not there yet. */
  #markup(text: string, open: number): number {
    const sign = text[open + 1];
    if (sign === undefined) return -1;
    if (sign === '/') return this.#closing(text, open);
    if (sign === '?') return after(text, '?>', open);
    if (sign === '!') return this.#declaration(text, open);
    const gt = tagEnd(text, open);
    if (gt < 0) return -1;
    const isEmpty = text[gt - 1] === '/';
    const inside = text.slice(open + 1, isEmpty ? gt - 1 : gt);
    const space = inside.search(/\s/u);
    const name = localName(space < 0 ? inside : inside.slice(0, space));
    if (this.#stack.length >= MOST_DEPTH) throw new XmlFault(TOO_DEEP);
    this.#begun = true;
    this.#handler.open(name, space < 0 ? '' : inside.slice(space));
    if (isEmpty) this.#handler.close(name);
    else this.#stack.push(name);
    return gt + 1;
  }

  #closing(text: string, open: number): number {
    const gt = text.indexOf('>', open);
    if (gt < 0) return -1;
    const name = localName(text.slice(open + 2, gt).trimEnd());
    if (this.#stack.pop() !== name) throw new XmlFault(MISMATCH);
    this.#handler.close(name);
    return gt + 1;
  }

  #declaration(text: string, open: number): number {
    const begun = text.slice(open, open + 9);
    if (begun.startsWith('<!--')) return after(text, '-->', open + 4);
    if (begun === '<![CDATA[') {
      const end = text.indexOf(']]>', open);
      if (end < 0) return -1;
      if (this.#stack.length > 0) this.#handler.text(text.slice(open + 9, end));
      return end + 3;
    }
    if ('<!--'.startsWith(begun) || '<![CDATA['.startsWith(begun)) return -1;
    throw new XmlFault(DOCTYPE);
  }
}

function after(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at < 0 ? -1 : at + end.length;
}

/** Where a tag ends: the first `>` outside of its attributes' quotes. */
function tagEnd(text: string, open: number): number {
  let quote = 0;
  for (let at = open + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === GREATER) return at;
    else if (code === DOUBLE || code === SINGLE) quote = code;
  }
  return -1;
}

/**
 * Reads a part of the archive to its end; `pause` is awaited after each piece and ends the reading by answering false.
 * Throws INTAKE_MALFORMED.
 */
export async function readXml(
  archive: ZipArchive,
  entry: ZipEntry,
  handler: XmlHandler,
  pause?: () => boolean | Promise<boolean>,
): Promise<void> {
  const scanner = new XmlScanner(handler);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof XmlFault) throw damagedWorkbook(archive.file, error.what);
      if (error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
        throw damagedWorkbook(archive.file, { zh: '文字不是 UTF-8', en: 'its text is not UTF-8' });
      throw error;
    }
  };
  for await (const bytes of partBytes(archive, entry)) {
    guarded(() => scanner.push(decoder.decode(bytes, { stream: true })));
    if (pause !== undefined && !(await pause())) return;
  }
  guarded(() => {
    scanner.push(decoder.decode());
    scanner.end();
  });
}
