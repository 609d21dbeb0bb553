import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import {
  ENCODINGS,
  encodingByMark,
  encodingName,
  encodingOf,
  isUtf8Throughout,
  looksLikeDamagedUtf8,
  streamDecoder,
  utf16ByZeros,
} from '../../../../src/main/jobs/intake/encoding.ts';
import type { Decoded, Encoding } from '../../../../src/main/jobs/intake/encoding.ts';

const TEXT = '订单号,备注\r\n202405221129,发货—“加急”😀é\n';

function decode(encoding: Encoding, bytes: Buffer, step: number): Decoded {
  const decoder = streamDecoder(encoding);
  let text = '';
  for (let at = 0; at < bytes.length; at += step) {
    // A copy that is overwritten afterwards, as a reader's buffer is.
    const piece = Buffer.from(bytes.subarray(at, at + step));
    const decoded = decoder.write(piece);
    piece.fill(0xff);
    text += decoded.text;
    if (decoded.invalid) return { text, invalid: true };
  }
  const last = decoder.end();
  return { text: text + last.text, invalid: last.invalid };
}

const FORMS: readonly (readonly [Encoding, Buffer])[] = [
  ['utf-8', Buffer.from(TEXT, 'utf8')],
  ['utf-8', Buffer.from(`\uFEFF${TEXT}`, 'utf8')],
  ['utf-16le', iconv.encode(TEXT, 'utf-16le')],
  ['utf-16le', iconv.encode(TEXT, 'utf-16le', { addBOM: true })],
  ['utf-16be', iconv.encode(TEXT, 'utf-16be')],
  ['utf-16be', iconv.encode(TEXT, 'utf-16be', { addBOM: true })],
  ['gb18030', iconv.encode(TEXT, 'gb18030')],
];

describe('streamDecoder', () => {
  it.each(FORMS)('decodes %s at every cut', (encoding, bytes) => {
    for (let step = 1; step <= 9; step += 1) {
      expect(decode(encoding, bytes, step)).toEqual({ text: TEXT, invalid: false });
    }
  });

  it.each<[Encoding, string]>([
    ['utf-8', '߿ࠀ\uFFFF\u{10000}\u{10FFFF}'],
    ['utf-16le', 'a\u{10000}\u{103FF}\u{10FC00}\u{10FFFF}\uE000'],
    ['utf-16be', 'a\u{10000}\u{103FF}\u{10FC00}\u{10FFFF}\uE000'],
    ['gb18030', '\u0080ÿ丂一鿿\u{10000}\u{10FFFF}é,0'],
  ])('decodes the edges of %s at every cut', (encoding, text) => {
    const bytes = encoding === 'utf-8' ? Buffer.from(text) : iconv.encode(text, encoding);
    for (let step = 1; step <= bytes.length; step += 1) {
      expect(decode(encoding, bytes, step)).toEqual({ text, invalid: false });
    }
  });

  it('gives what is whole at once and keeps the rest', () => {
    const written = (encoding: Encoding, bytes: number[]): string =>
      streamDecoder(encoding).write(Buffer.from(bytes)).text;
    expect(written('utf-8', [0x61, 0xc2])).toBe('a');
    expect(written('utf-8', [0xc2, 0x80])).toBe('\u0080');
    expect(written('utf-8', [0x61, 0xe0, 0xa0])).toBe('a');
    expect(written('utf-8', [0xe0, 0xa0, 0x80])).toBe('\u0800');
    expect(written('utf-8', [0x61, 0xf0, 0x90, 0x80])).toBe('a');
    expect(written('utf-16le', [0x61, 0, 0xff, 0xdb])).toBe('a');
    expect(written('utf-16le', [0x61, 0, 0x00, 0xe0])).toBe('a\uE000');
    expect(written('gb18030', [0x61, 0x81])).toBe('a');
    expect(written('gb18030', [0x61, 0x81, 0x30])).toBe('a');
    expect(written('gb18030', [0x61, 0x81, 0x30, 0x81])).toBe('a');
    expect(written('gb18030', [0x61, 0xd6, 0xd0])).toBe('a中');
  });

  it('takes off one byte order mark only, and only at the start', () => {
    expect(decode('utf-8', Buffer.from('\uFEFF\uFEFFa\uFEFF'), 100).text).toBe('\uFEFFa\uFEFF');
  });

  it.each<[Encoding, number[], string]>([
    ['utf-8', [0x61, 0xff, 0x62], 'a'],
    ['utf-8', [0x61, 0xe4, 0xb8, 0x0a], 'a'],
    ['utf-8', [0x61, 0xc0, 0xaf], 'a'],
    ['utf-8', [0x61, 0xed, 0xa0, 0x80, 0x62], 'a'],
    ['utf-8', [0xe4, 0xb8, 0xad, 0xb8], '中'],
    ['utf-16le', [0x61, 0, 0x00, 0xdc, 0x62, 0], 'a'],
    ['utf-16le', [0x61, 0, 0x00, 0xd8, 0x62, 0], 'a'],
    ['utf-16be', [0, 0x61, 0xd8, 0x00, 0, 0x62], 'a'],
    ['gb18030', [0x61, 0xff, 0x62], 'a'],
    ['gb18030', [0x61, 0xd6, 0x0a], 'a'],
  ])('stops before bytes that are not %s (%j)', (encoding, bytes, before) => {
    for (let step = 1; step <= bytes.length; step += 1) {
      expect(decode(encoding, Buffer.from(bytes), step)).toEqual({ text: before, invalid: true });
    }
  });

  it.each<[Encoding, number[]]>([
    ['utf-8', [0x61, 0xe4, 0xb8]],
    ['utf-8', [0x61, 0xf0, 0x9f, 0x98]],
    ['utf-8', [0x61, 0xc3]],
    ['utf-16le', [0x61, 0, 0x62]],
    ['utf-16le', [0x61, 0, 0x3d, 0xd8]],
    ['utf-16be', [0, 0x61, 0xd8, 0x3d]],
    ['gb18030', [0x61, 0xd6]],
  ])('finds %s cut off at its end (%j)', (encoding, bytes) => {
    for (let step = 1; step <= bytes.length; step += 1) {
      expect(decode(encoding, Buffer.from(bytes), step)).toEqual({ text: 'a', invalid: true });
    }
  });
});

describe('detection', () => {
  it('knows the marks', () => {
    expect(encodingByMark(Buffer.from([0xef, 0xbb, 0xbf]))).toBe('utf-8');
    expect(encodingByMark(Buffer.from([0xff, 0xfe, 0x61]))).toBe('utf-16le');
    expect(encodingByMark(Buffer.from([0xfe, 0xff, 0x61]))).toBe('utf-16be');
    expect(encodingByMark(Buffer.from([0xef, 0xbb, 0x61]))).toBeNull();
    expect(encodingByMark(Buffer.from([0xff]))).toBeNull();
  });

  it.each([
    [0xef, 0xbb, 0x00],
    [0xef, 0x00, 0xbf],
    [0x00, 0xbb, 0xbf],
    [0xff, 0xff, 0x00],
    [0x00, 0xfe, 0x00],
    [0xfe, 0xfe, 0x00],
    [0x00, 0xff, 0x00],
  ])('takes no part of a mark for one (%i, %i, %i)', (...bytes) => {
    expect(encodingByMark(Buffer.from(bytes))).toBeNull();
  });

  it('knows UTF-16 by its zeros, beside characters whose low byte is zero', () => {
    const text = '订单,一一一一\n20240522,一\n';
    expect(utf16ByZeros(iconv.encode(text, 'utf-16le'))).toBe('utf-16le');
    expect(utf16ByZeros(iconv.encode(text, 'utf-16be'))).toBe('utf-16be');
    expect(utf16ByZeros(Buffer.concat([iconv.encode(text, 'utf-16le'), Buffer.from([0x61])]))).toBe('utf-16le');
  });

  it('takes no binary file for UTF-16', () => {
    expect(utf16ByZeros(Buffer.alloc(64))).toBeNull();
    expect(utf16ByZeros(Buffer.from('plain text'))).toBeNull();
    expect(utf16ByZeros(Buffer.from([1, 0, 0, 1, 1, 0, 0, 1]))).toBeNull();
    expect(utf16ByZeros(Buffer.from([0x61, 0, 0x62, 0, 0, 0, 0x63, 0, 0x64, 0, 0x65, 0]))).toBeNull();
    expect(utf16ByZeros(Buffer.concat([Buffer.alloc(100, 0x61), Buffer.from([0x61, 0])]))).toBeNull();
  });

  async function* pieces(bytes: Buffer, step: number): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += step) yield await Promise.resolve(bytes.subarray(at, at + step));
  }

  it('follows a whole file', async () => {
    for (const step of [1, 2, 3, 5, 1000]) {
      const wrong: Buffer[] = [];
      expect(await isUtf8Throughout(pieces(Buffer.from(TEXT), step), (piece) => wrong.push(piece))).toBe(true);
      expect(wrong).toEqual([]);
      expect(
        await isUtf8Throughout(pieces(Buffer.from('中中').subarray(0, 5), step), (piece) => wrong.push(piece)),
      ).toBe(false);
      expect(await isUtf8Throughout(pieces(iconv.encode(TEXT, 'gbk'), step), (piece) => wrong.push(piece))).toBe(false);
      expect(wrong).toHaveLength(2);
    }
  });

  it('tells damaged UTF-8 from GBK', () => {
    const utf8 = Buffer.from('订单号,备注,加急发货');
    expect(looksLikeDamagedUtf8(Buffer.concat([utf8, Buffer.from([0xff, 0xfe]), utf8]))).toBe(true);
    expect(looksLikeDamagedUtf8(iconv.encode('订单号,备注,加急发货', 'gbk'))).toBe(false);
    expect(looksLikeDamagedUtf8(iconv.encode('联通', 'gbk'))).toBe(false);
    expect(looksLikeDamagedUtf8(Buffer.from([0x61, 0xff]))).toBe(false);
  });

  it('knows the names that people use', () => {
    expect(['GBK', 'gb-2312', 'UTF-8', 'utf_16 LE', 'Unicode', 'UTF16BE'].map(encodingOf)).toEqual([
      'gb18030',
      'gb18030',
      'utf-8',
      'utf-16le',
      'utf-16le',
      'utf-16be',
    ]);
    expect(['utf16', 'utf-16be', 'cp936', 'GB18030', 'gb2312', 'utf8'].map(encodingOf)).toEqual([
      'utf-16le',
      'utf-16be',
      'gb18030',
      'gb18030',
      'gb18030',
      'utf-8',
    ]);
    expect(encodingOf('latin1')).toBeNull();
    expect(ENCODINGS.map(encodingName)).toEqual(['UTF-8', 'UTF-16LE', 'UTF-16BE', 'GBK/GB18030']);
  });
});
