/**
 * A request's text as a tree, the same for XML and JSON: an element with children holds, by name, all its children of that name.
 * A tiny strict reader of the shape that the documents show, so that a sloppy request is found out.
 */
export type MessageNode = string | ReadonlyMap<string, readonly MessageNode[]>;

/** The text is not well-formed, or uses what no document of this vendor shows. */
export class MessageError extends Error {}

const declaration = /^<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="(?:yes|no)")?\?>/;
const opening = /<([A-Za-z_][\w.-]*)\s*(\/?)>/y;
const closing = /<\/([A-Za-z_][\w.-]*)\s*>/y;
const characters = /[^<]+/y;
const blank = /^\s*$/;
const reference = /&(?:#(\d+)|#x([0-9A-Fa-f]+)|(\w+));|&|\]\]>/g;
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const deepest = 16;

/** Reads one XML element without attributes, comments, CDATA or DOCTYPE; throws MessageError. */
export function readXml(text: string): MessageNode {
  const reader = { text: text.replace(declaration, '').trim(), at: 0 };
  const name = take(reader, opening);
  if (name === null) throw new MessageError('no root element');
  const root = readContent(reader, name, 0);
  if (reader.at !== reader.text.length) throw new MessageError('text after the root element');
  return new Map([[name[1] ?? '', [root]]]);
}

interface Reader {
  readonly text: string;
  at: number;
}

function take(reader: Reader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.text);
  if (match !== null) reader.at = pattern.lastIndex;
  return match;
}

/** What stands between an opening tag, already taken, and its closing tag. */
function readContent(reader: Reader, tag: RegExpExecArray, depth: number): MessageNode {
  if (tag[2] === '/') return '';
  if (depth > deepest) throw new MessageError('nested too deep');
  const children = new Map<string, MessageNode[]>();
  let content = '';
  for (;;) {
    content += take(reader, characters)?.[0] ?? '';
    const end = take(reader, closing);
    if (end !== null) {
      if (end[1] !== tag[1]) throw new MessageError('mismatched closing tag');
      break;
    }
    const child = take(reader, opening);
    if (child === null) throw new MessageError('not an element');
    add(children, child[1] ?? '', readContent(reader, child, depth + 1));
  }
  if (children.size === 0) return decode(content);
  if (!blank.test(content)) throw new MessageError('text beside elements');
  return children;
}

function add(children: Map<string, MessageNode[]>, name: string, node: MessageNode): void {
  const list = children.get(name);
  if (list === undefined) children.set(name, [node]);
  else list.push(node);
}

function decode(content: string): string {
  return content.replace(reference, (whole, decimal?: string, hex?: string, name?: string) => {
    const known = name === undefined ? undefined : named[name];
    if (known !== undefined) return known;
    const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    // Halves of surrogate pairs are no characters.
    if (!(point > 0 && point <= 0x10ffff) || (point >= 0xd800 && point <= 0xdfff))
      throw new MessageError(`bad reference ${whole}`);
    return String.fromCodePoint(point);
  });
}

/** Reads a JSON object of strings, objects and arrays of them; numbers, booleans and null are in no sample. Throws MessageError. */
export function readJson(text: string): MessageNode {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MessageError('not JSON');
  }
  return nodeOf(value, 0);
}

function nodeOf(value: unknown, depth: number): MessageNode {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > deepest)
    throw new MessageError('not an object of strings');
  return new Map(
    Object.entries(value).map(([name, child]: [string, unknown]) => [
      name,
      (Array.isArray(child) ? (child as readonly unknown[]) : [child]).map((one) => nodeOf(one, depth + 1)),
    ]),
  );
}

/** Text for an XML element; `numeric` writes what is not ASCII as references, by turns decimal and hexadecimal. */
export function xmlText(value: string, numeric: boolean): string {
  const escaped = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  if (!numeric) return escaped;
  return escaped.replace(/[^\n\r\t -~]/gu, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return point % 2 === 0 ? `&#${String(point)};` : `&#x${point.toString(16)};`;
  });
}
