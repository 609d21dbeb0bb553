import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** The encodings that are read; `gb18030` takes GBK and GB2312, too. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030'] as const;
export type Encoding = (typeof ENCODINGS)[number];

const NAMES: Record<Encoding, string> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16LE',
  'utf-16be': 'UTF-16BE',
  gb18030: 'GBK/GB18030',
};
const ALIASES: Readonly<Record<string, Encoding>> = {
  utf8: 'utf-8',
  utf16: 'utf-16le',
  utf16le: 'utf-16le',
  unicode: 'utf-16le',
  utf16be: 'utf-16be',
  gbk: 'gb18030',
  gb2312: 'gb18030',
  cp936: 'gb18030',
  gb18030: 'gb18030',
};

/** The encoding's name for a person. */
export function encodingName(encoding: Encoding): string {
  return NAMES[encoding];
}

/** The encoding that a person names (`GBK`, `utf8`, `UTF-16 LE` …), null when it is not known. */
export function encodingOf(name: string): Encoding | null {
  return ALIASES[name.toLowerCase().replaceAll(/[\s_-]/g, '')] ?? null;
}

/** A decoded piece; `invalid` when the bytes after `text` do not belong to the encoding. */
export interface Decoded {
  readonly text: string;
  readonly invalid: boolean;
}

/** Decodes piece by piece, at any cut, without ever replacing a byte silently. A leading byte order mark is taken off. */
export interface StreamDecoder {
  write(bytes: Buffer): Decoded;
  end(): Decoded;
}

/** A decoder that keeps what is incomplete at the end of a piece for the next. */
abstract class CarryingDecoder implements StreamDecoder {
  #carry: Buffer = Buffer.alloc(0);
  #atStart = true;

  write(bytes: Buffer): Decoded {
    const all = this.#carry.length === 0 ? bytes : Buffer.concat([this.#carry, bytes]);
    const whole = all.length - this.incomplete(all);
    // A copy: the caller may use the piece's memory again.
    this.#carry = Buffer.from(all.subarray(whole));
    const decoded = this.decode(all.subarray(0, whole));
    if (!this.#atStart || decoded.text === '') return decoded;
    this.#atStart = false;
    return decoded.text.startsWith('\uFEFF') ? { ...decoded, text: decoded.text.slice(1) } : decoded;
  }

  end(): Decoded {
    return { text: '', invalid: this.#carry.length > 0 };
  }

  /** How many bytes at the end are the beginning of a character. */
  protected abstract incomplete(bytes: Buffer): number;
  protected abstract decode(bytes: Buffer): Decoded;
}

/** How many bytes a UTF-8 character has that begins with this one, which is no ASCII. */
function utf8Length(first: number): number {
  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}

/** How many bytes at the end begin a UTF-8 character that is not whole yet. */
function utf8Incomplete(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    return utf8Length(byte) > back ? back : 0;
  }
  return 0;
}

class Utf8Decoder extends CarryingDecoder {
  protected incomplete(bytes: Buffer): number {
    return utf8Incomplete(bytes);
  }

  protected decode(bytes: Buffer): Decoded {
    if (isUtf8(bytes)) return { text: bytes.toString('utf8'), invalid: false };
    return { text: bytes.toString('utf8', 0, validUtf8Length(bytes)), invalid: true };
  }
}

class Utf16Decoder extends CarryingDecoder {
  readonly #bigEndian: boolean;

  constructor(bigEndian: boolean) {
    super();
    this.#bigEndian = bigEndian;
  }

  protected incomplete(bytes: Buffer): number {
    const odd = bytes.length % 2;
    const last = bytes.length - odd - 2;
    if (last < 0) return odd;
    const high = bytes[this.#bigEndian ? last : last + 1] ?? 0;
    return high >= 0xd8 && high <= 0xdb ? odd + 2 : odd;
  }

  protected decode(bytes: Buffer): Decoded {
    const text = (this.#bigEndian ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');
    if (text.isWellFormed()) return { text, invalid: false };
    const wrong = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.exec(text);
    return { text: text.slice(0, wrong?.index ?? 0), invalid: true };
  }
}

/**
 * GBK and GB18030. Pieces are cut at whole characters here, because the library's own streaming decoder loses a character when a piece
 * begins with the last byte of one beyond U+FFFF.
 */
class Gb18030Decoder extends CarryingDecoder {
  protected incomplete(bytes: Buffer): number {
    // A byte below 0x30 (comma, line end …) is never part of a longer character, so counting may begin there.
    let at = bytes.length - 1;
    while (at > 0 && (bytes[at] ?? 0) >= 0x30) at -= 1;
    at = Math.max(0, at);
    while (at < bytes.length) {
      const length = gbCharLength(bytes, at);
      if (at + length > bytes.length) return bytes.length - at;
      at += length;
    }
    return 0;
  }

  /** The library puts U+FFFD where bytes are wrong; that sign itself does not stand in a sound file. */
  protected decode(bytes: Buffer): Decoded {
    const text = iconv.decode(bytes, 'gb18030', { stripBOM: false });
    const wrong = text.indexOf('\uFFFD');
    return wrong < 0 ? { text, invalid: false } : { text: text.slice(0, wrong), invalid: true };
  }
}

/** Bytes of the character at `at`; one more than there are when its second byte is still to come. */
function gbCharLength(bytes: Buffer, at: number): 1 | 2 | 4 {
  const lead = bytes[at] ?? 0;
  if (lead <= 0x80 || lead === 0xff) return 1;
  const second = bytes[at + 1];
  return second !== undefined && second >= 0x30 && second <= 0x39 ? 4 : 2;
}

/** A new decoder for one input. */
export function streamDecoder(encoding: Encoding): StreamDecoder {
  if (encoding === 'utf-8') return new Utf8Decoder();
  return encoding === 'gb18030' ? new Gb18030Decoder() : new Utf16Decoder(encoding === 'utf-16be');
}

/** How many bytes from `from` are one whole UTF-8 character; 0 when they are none. */
function utf8CharLength(bytes: Buffer, from: number): number {
  const lead = bytes[from] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  return isUtf8(bytes.subarray(from, from + length)) && from + length <= bytes.length ? length : 0;
}

function validUtf8Length(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const length = utf8CharLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return at;
}

/**
 * Whether bytes that are not valid UTF-8 are UTF-8 all the same, with some bytes damaged: more whole characters of three and four bytes than
 * bytes that fit nowhere. Chinese text in GBK is the other way round.
 */
export function looksLikeDamagedUtf8(bytes: Buffer): boolean {
  let whole = 0;
  let wrong = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = utf8CharLength(bytes, at);
    if (length >= 3) whole += 1;
    if (length === 0) wrong += 1;
    at += Math.max(1, length);
  }
  return whole > wrong;
}

/** Encoding by byte order mark, null without one. */
export function encodingByMark(head: Buffer): Encoding | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : null;
}

/**
 * UTF-16 without a mark, by its zero bytes: digits, delimiters and line ends have one in every pair, always on the same side.
 * Null when there are none, or on both sides alike (a binary file).
 */
export function utf16ByZeros(head: Buffer): Encoding | null {
  const pairs = Math.floor(head.length / 2);
  let first = 0;
  let second = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    if (head[pair * 2] === 0) first += 1;
    if (head[pair * 2 + 1] === 0) second += 1;
  }
  const [most, least] = first > second ? [first, second] : [second, first];
  // A tenth leaves room for Chinese text; the half for characters such as U+4E00, whose own low byte is zero.
  if (most === 0 || most * 10 < pairs || least * 2 > most) return null;
  const encoding = first > second ? 'utf-16be' : 'utf-16le';
  const decoded = streamDecoder(encoding).write(head.subarray(0, pairs * 2));
  return decoded.invalid || decoded.text.includes('\0') ? null : encoding;
}

/** Whether a whole input, given piece by piece, is valid UTF-8. Reads no further than the first wrong piece, which `onWrong` gets. */
export async function isUtf8Throughout(
  pieces: AsyncIterable<Buffer>,
  onWrong: (piece: Buffer) => void,
): Promise<boolean> {
  let carry: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    // The character at the cut is looked at by itself: joining whole pieces would cost as much as looking at them.
    const rest = piece.subarray(carry.length === 0 ? 0 : utf8Length(carry[0] ?? 0) - carry.length);
    const cut = carry.length === 0 ? carry : Buffer.concat([carry, piece.subarray(0, piece.length - rest.length)]);
    const whole = rest.length - utf8Incomplete(rest);
    if (rest.length === 0 && utf8Incomplete(cut) > 0) {
      carry = cut;
    } else if (!isUtf8(cut) || !isUtf8(rest.subarray(0, whole))) {
      onWrong(Buffer.concat([carry, piece]));
      return false;
    } else {
      carry = Buffer.from(rest.subarray(whole));
    }
  }
  if (carry.length > 0) onWrong(carry);
  return carry.length === 0;
}
