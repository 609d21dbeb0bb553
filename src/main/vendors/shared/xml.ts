import { XMLParser } from 'fast-xml-parser';
import type { Bilingual } from '../../../contract/text.ts';
import type { JsonValue } from './json.ts';
import { decodeUtf8 } from './json.ts';

/** `value` is text, an object without prototype for an element with children, or a list of them; never a number, boolean or null. */
export type XmlReading =
  { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly why: Bilingual };

/** Most bytes of an XML reply, unless told otherwise: 16 MiB. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Most levels of elements. */
const MOST_NESTED = 64;

const TEXT = '#text';
const CDATA = '#cdata';
const NAME = /^[\p{L}_][\p{L}\p{N}._:-]*$/u;
const HTML = /^\s*<(?:!doctype\s+html|html|head|body)\b/i;
/** Characters that XML 1.0 does not allow, as themselves or by reference. */
// eslint-disable-next-line no-control-regex -- the point is to find control characters
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const UNICODE = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/** Values stay texts, entities are left to `decodeText`, CDATA stays apart from text, and order is kept. */
const OPTIONS = {
  preserveOrder: true,
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: CDATA,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MOST_NESTED,
  onDangerousProperty: (name: string): string => name,
} as const;

/** What fast-xml-parser yields with `preserveOrder`: one key each, an element's name or a kind of text. */
type Node = Readonly<Record<string, unknown>>;

/** Thrown inside this file alone, to leave the recursion with a reason. */
class Refused extends Error {
  readonly why: Bilingual;

  constructor(why: Bilingual) {
    super(why.en);
    this.why = why;
  }
}

const WHY = {
  tooLarge: { zh: 'XML 太大，没有读取', en: 'the XML is too large and was not read' },
  notUtf8: { zh: 'XML 不是 UTF-8 编码', en: 'the XML is not in UTF-8' },
  empty: { zh: 'XML 是空的', en: 'the XML is empty' },
  html: {
    zh: '收到的是网页，不是接口数据；可能被代理、防火墙或登录页拦下',
    en: 'a web page came instead of data; a proxy, firewall or login page may stand between',
  },
  doctype: {
    zh: 'XML 里有 DOCTYPE 或 ENTITY 声明，供应商不会这样写，已拒绝',
    en: 'the XML holds a DOCTYPE or ENTITY declaration, which the vendor never sends; it was refused',
  },
  malformed: { zh: 'XML 不完整或标签不配对', en: 'the XML is cut short or its tags do not match' },
  root: { zh: 'XML 的根元素不是供应商的', en: "the XML's root element is not the vendor's" },
  entity: { zh: 'XML 里有无法识别的实体引用', en: 'the XML holds an entity reference that is not known' },
  character: { zh: 'XML 里有不允许的字符', en: 'the XML holds a character that XML does not allow' },
  mixed: { zh: 'XML 的元素之间夹有文字', en: 'the XML has text between its elements' },
} satisfies Record<string, Bilingual>;

function codePoint(digits: string, radix: number): string {
  const code = Number.parseInt(digits, radix);
  if (code > 0x10ffff) throw new Refused(WHY.character);
  const character = String.fromCodePoint(code);
  if (FORBIDDEN.test(character)) throw new Refused(WHY.character);
  return character;
}

/** Decodes the five named entities and numeric references once; anything else that begins with `&` is refused. */
function decodeText(text: string): string {
  return text.replace(
    /&(?:#([0-9]+);|#x([0-9a-fA-F]+);|([a-z]+);)?/g,
    (_all, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
      if (decimal !== undefined) return codePoint(decimal, 10);
      if (hex !== undefined) return codePoint(hex, 16);
      const known = name !== undefined && Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
      if (known === undefined) throw new Refused(WHY.entity);
      return known;
    },
  );
}

/** A node's key and content: an element's name with its nodes, or a kind of text with its string. */
function partOf(node: Node): { readonly name: string; readonly content: unknown } {
  const name = Object.keys(node).find((key) => key !== ':@') ?? '';
  return { name, content: node[name] };
}

/** A leaf's text: literal white space at its edges goes, what came by reference or in CDATA stays. */
function leafText(parts: readonly { readonly name: string; readonly content: unknown }[]): string {
  return parts
    .map(({ name, content }, index) => {
      if (name === CDATA) return (content as readonly Node[]).map((node) => String(node[TEXT])).join('');
      let text = String(content);
      if (index === 0) text = text.trimStart();
      if (index === parts.length - 1) text = text.trimEnd();
      return decodeText(text);
    })
    .join('');
}

function isBlank(part: { readonly name: string; readonly content: unknown }): boolean {
  return part.name === TEXT && String(part.content).trim() === '';
}

/** Turns an element's nodes into its value. */
function valueOf(nodes: readonly Node[], lists: ReadonlySet<string>): JsonValue {
  const parts = nodes.map(partOf);
  const children = parts.filter(({ name }) => name !== TEXT && name !== CDATA);
  if (children.length === 0) return leafText(parts);
  if (parts.some((part) => !children.includes(part) && !isBlank(part))) throw new Refused(WHY.mixed);
  const byName = new Map<string, JsonValue[]>();
  for (const { name, content } of children) {
    if (!NAME.test(name)) throw new Refused(WHY.malformed);
    const value = valueOf(content as readonly Node[], lists);
    const values = byName.get(name);
    if (values) values.push(value);
    else byName.set(name, [value]);
  }
  const element = Object.create(null) as Record<string, JsonValue>;
  for (const [name, values] of byName) {
    const [first = ''] = values;
    if (lists.has(name)) element[name] = values.filter((value) => value !== '');
    else element[name] = values.length > 1 ? values : first;
  }
  return element;
}

/** Refuses what must not reach the parser; the text without what stands for nothing. */
function checkedText(bytes: Uint8Array, mostBytes: number): string {
  if (bytes.length > mostBytes) throw new Refused(WHY.tooLarge);
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new Refused(WHY.notUtf8);
  if (text.trim() === '') throw new Refused(WHY.empty);
  if (HTML.test(text)) throw new Refused(WHY.html);
  if (/<!(?:doctype|entity)/i.test(text)) throw new Refused(WHY.doctype);
  const declared = /^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"']*)["']/i.exec(text)?.[1];
  if (declared !== undefined && !UNICODE.has(declared.toLowerCase())) throw new Refused(WHY.notUtf8);
  if (FORBIDDEN.test(text)) throw new Refused(WHY.character);
  return text;
}

/**
 * Reads one XML document whose root element is `root` and returns the root's content. Every value is a text as it was
 * written (`01`, 20-digit ids, `1e5`), references decoded exactly once, CDATA as it is; attributes are ignored. Elements named in
 * `lists` are always lists, empty ones of them left out; another name that occurs twice becomes a list. Refused with a reason: more
 * than `mostBytes` bytes, other encodings than UTF-8, HTML, any DOCTYPE or ENTITY, truncated or mismatched tags, another root,
 * unknown entities, forbidden characters, text between elements. Never throws.
 */
export function parseXml(
  bytes: Uint8Array,
  options: { readonly root: string; readonly lists?: readonly string[]; readonly mostBytes?: number },
): XmlReading {
  try {
    const text = checkedText(bytes, options.mostBytes ?? MOST_BYTES);
    // Without its second argument the parser takes truncated documents for whole ones; even with it, two roots for one.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor, a package of its own, is no dependency here
    const nodes = new XMLParser(OPTIONS).parse(text, true) as readonly Node[];
    const roots = nodes.map(partOf).filter((part) => !isBlank(part));
    const [only] = roots;
    if (roots.length !== 1 || only === undefined) throw new Refused(WHY.malformed);
    if (only.name !== options.root) throw new Refused(/^html$/i.test(only.name) ? WHY.html : WHY.root);
    return { ok: true, value: valueOf(only.content as readonly Node[], new Set(options.lists)) };
  } catch (error) {
    return { ok: false, why: error instanceof Refused ? error.why : WHY.malformed };
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
};

/**
 * The text as XML element content or attribute value. Throws a RangeError for characters that XML can't hold, which the checks of a form refuse
 * before.
 */
export function escapeXml(text: string): string {
  if (FORBIDDEN.test(text)) throw new RangeError('a character that XML does not allow');
  return text.replace(/[&<>"'\r]/g, (character) => ESCAPES[character] ?? character);
}
