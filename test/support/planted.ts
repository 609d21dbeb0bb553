import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** A secret written in one way: what is looked for in the bytes of an output. */
export interface Written {
  readonly writing: string;
  readonly bytes: Buffer;
}

/** A secret found where it must not be. */
export interface Find {
  readonly secret: string;
  readonly writing: string;
  readonly offset: number;
}

const CASES = { lower: (text: string) => text.toLowerCase(), upper: (text: string) => text.toUpperCase() };

/** Escapes of a text in upper and lower case, the rest of it as it is. */
function escapeCases(name: string, text: string, escapes: RegExp): (readonly [string, string])[] {
  return Object.entries(CASES).map(([which, change]) => [`${name}, ${which} case`, text.replace(escapes, change)]);
}

function bytesAs(bytes: Buffer, write: (hex: string) => string): string {
  return [...bytes].map((byte) => write(byte.toString(16).padStart(2, '0'))).join('');
}

function* texts(secret: string): Generator<readonly [string, string]> {
  yield ['raw', secret];
  yield ['quoted for CSV', secret.replaceAll('"', '""')];
  const json = JSON.stringify(secret).slice(1, -1);
  yield ['JSON', json];
  yield ['JSON with \\/', json.replaceAll('/', '\\/')];
  yield ['JSON in JSON', JSON.stringify(json).slice(1, -1)];
  const unit = (text: string): string => `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}`;
  yield* escapeCases('JSON, ASCII only', json.replace(/[^\x20-\x7e]/g, unit), /(?<=\\u)[0-9a-f]{4}/g);
  yield* escapeCases('JSON, all escaped', secret.replace(/[^]/g, unit), /(?<=\\u)[0-9a-f]{4}/g);
  const xml = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  yield ['XML text', xml];
  yield ['XML attribute', xml.replaceAll('"', '&quot;')];
  yield ['XML, all quotes', xml.replaceAll('"', '&quot;').replaceAll("'", '&apos;')];
  yield ['HTML, all quotes', xml.replaceAll('"', '&quot;').replaceAll("'", '&#39;')];
  const component = encodeURIComponent(secret);
  const strict = component.replace(/[!'()*]/g, (mark) => bytesAs(Buffer.from(mark), (hex) => `%${hex.toUpperCase()}`));
  const escapes = /%[0-9A-Fa-f]{2}/g;
  yield* escapeCases('URL component', component, escapes);
  yield* escapeCases('URL component, strict', strict, escapes);
  yield* escapeCases('URL form', new URLSearchParams([['', secret]]).toString().slice(1), escapes);
  yield* escapeCases('URL path', encodeURI(secret), escapes);
  yield* escapeCases('URL, twice', encodeURIComponent(component), escapes);
  yield* escapeCases(
    'URL, every byte',
    bytesAs(Buffer.from(secret), (hex) => `%${hex}`),
    escapes,
  );
}

/** Base64 of the bytes where `lead` bytes stand before them: the characters that depend on these bytes alone. */
function base64Core(bytes: Buffer, lead: number): string {
  const text = Buffer.concat([Buffer.alloc(lead), bytes]).toString('base64');
  return text.slice(Math.ceil((lead * 8) / 6), Math.floor(((lead + bytes.length) * 8) / 6));
}

function* codings(secret: string): Generator<readonly [string, string]> {
  const little = Buffer.from(secret, 'utf16le');
  const units = { 'UTF-8': Buffer.from(secret), 'UTF-16LE': little, 'UTF-16BE': Buffer.from(little).swap16() };
  for (const [name, bytes] of Object.entries(units)) {
    yield [`hex of ${name}, lower case`, bytes.toString('hex')];
    yield [`hex of ${name}, upper case`, bytes.toString('hex').toUpperCase()];
    for (const lead of [0, 1, 2]) {
      const core = base64Core(bytes, lead);
      yield [`base64 of ${name}, ${lead} before`, core];
      yield [`base64url of ${name}, ${lead} before`, core.replaceAll('+', '-').replaceAll('/', '_')];
    }
  }
}

/**
 * A secret in every usual writing, as bytes; each text in UTF-8 and, where it may stand in a file of that encoding, in UTF-16 both ways.
 * Written anew here: the program's own redactor has such a list, and its gaps must not be this one's.
 */
export function writingsOf(secret: string): Written[] {
  const found = new Map<string, Written>();
  const add = (writing: string, bytes: Buffer): void => {
    const key = bytes.toString('latin1');
    if (!found.has(key)) found.set(key, { writing, bytes });
  };
  for (const [writing, text] of [...texts(secret), ...codings(secret)]) {
    add(writing, Buffer.from(text));
    const little = Buffer.from(text, 'utf16le');
    add(`${writing}, in UTF-16LE`, little);
    add(`${writing}, in UTF-16BE`, Buffer.from(little).swap16());
  }
  return [...found.values()];
}

/** Writings by their first two bytes, so that one pass over an output looks for thousands of them. */
class Needles {
  readonly #byStart = new Map<number, (Written & { readonly secret: string })[]>();
  readonly #starts = new Uint8Array(65_536);

  constructor(secrets: Readonly<Record<string, string>>) {
    for (const [secret, text] of Object.entries(secrets)) {
      for (const written of writingsOf(text)) {
        const start = written.bytes.readUInt16BE(0);
        this.#starts[start] = 1;
        this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), { ...written, secret }]);
      }
    }
  }

  in(bytes: Buffer): Find[] {
    const finds = new Map<string, Find>();
    for (let offset = 0; offset + 1 < bytes.length; offset += 1) {
      const start = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
      if (this.#starts[start] !== 1) continue;
      for (const { secret, writing, bytes: wanted } of this.#byStart.get(start) ?? []) {
        const key = `${secret} ${writing}`;
        const end = offset + wanted.length;
        if (finds.has(key) || end > bytes.length || wanted.compare(bytes, offset, end) !== 0) continue;
        finds.set(key, { secret, writing, offset });
      }
    }
    return [...finds.values()];
  }
}

/**
 * Every planted secret that stands in an output, with how it is written and where first; `secrets` (two characters or more) and outputs by
 * names to call them by.
 */
export function findPlanted(
  outputs: Readonly<Record<string, Buffer>>,
  secrets: Readonly<Record<string, string>>,
): (Find & { readonly output: string })[] {
  const needles = new Needles(secrets);
  return Object.entries(outputs).flatMap(([output, bytes]) => needles.in(bytes).map((find) => ({ output, ...find })));
}

/** Every file in a folder and its folders, whole paths. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** A file's bytes by its name; of a workbook, which is a zip, the unpacked parts beside it, as a packed secret is not to be found. */
export function contentsOf(name: string, path: string): Record<string, Buffer> {
  const bytes = readFileSync(path);
  const found: Record<string, Buffer> = { [name]: bytes };
  if (!path.endsWith('.xlsx')) return found;
  // Each entry of the directory at its end: packed size, name's length, extra's and comment's, where its local header is.
  for (let at = bytes.readUInt32LE(bytes.length - 6); bytes.readUInt32LE(at) === 0x0201_4b50;) {
    const lengths = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place));
    const local = bytes.readUInt32LE(at + 42);
    const data = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const part = bytes.toString('utf8', at + 46, at + 46 + (lengths[0] ?? 0));
    found[`${name}/${part}`] = inflateRawSync(bytes.subarray(data, data + bytes.readUInt32LE(at + 20)));
    at += 46 + lengths.reduce((sum, length) => sum + length, 0);
  }
  return found;
}
