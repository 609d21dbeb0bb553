import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { partBytes } from '../../../../../src/main/jobs/intake/workbook/inflate.ts';
import { zipOf, type PackedFile } from '../../../../support/workbook.ts';
import { failure } from '../support.ts';
import { archiveOf, damaged, entryOf, excessive, told } from './support.ts';

const PIECE = 64 * 1024;

/** The pieces of the only part of an archive; `change` may change the archive's bytes. */
async function piecesOf(file: Omit<PackedFile, 'name'>, change = (bytes: Buffer): Buffer => bytes): Promise<Buffer[]> {
  const archive = archiveOf(change(zipOf([{ ...file, name: 'xl/A.xml' }])));
  const pieces: Buffer[] = [];
  for await (const piece of partBytes(archive, entryOf(archive, 'xl/a.xml'))) pieces.push(Buffer.from(piece));
  return pieces;
}

const DAMAGED = damaged(
  '部件“xl/A.xml”解压出错或校验不符',
  'its part "xl/A.xml" cannot be unpacked, or not to what it was',
);
const SURPLUS = excessive(
  '部件“xl/A.xml”解压出的内容比它声明的多',
  'its part "xl/A.xml" unpacks to more than it declares',
);

describe('a part', () => {
  it.each([
    ['nothing', ''],
    ['a text', '订单号'],
    ['just one piece', 'x'.repeat(PIECE)],
    ['more than one piece', 'x'.repeat(PIECE + 1)],
    ['bytes that do not pack', randomBytes(3 * PIECE + 5)],
    ['bytes that pack well', Buffer.alloc(20 * PIECE, 'abc')],
  ])('comes out as it was put in, packed or not: %s', async (_name, content) => {
    for (const store of [true, false]) {
      const pieces = await piecesOf({ content, store });
      expect(Buffer.concat(pieces).equals(Buffer.from(content))).toBe(true);
      expect(Math.max(0, ...pieces.map(({ length }) => length))).toBeLessThanOrEqual(PIECE);
      expect(pieces.every(({ length }) => length > 0)).toBe(true);
    }
  });

  it.each<[string, Omit<PackedFile, 'name'>, typeof DAMAGED]>([
    ['one byte more than declared', { content: 'abc', declaredSize: 2 }, SURPLUS],
    ['one byte more than declared, stored', { content: 'abc', declaredSize: 2, store: true }, SURPLUS],
    ['one byte less than declared', { content: 'abc', declaredSize: 4 }, DAMAGED],
    ['one byte less than declared, stored', { content: 'abc', declaredSize: 4, store: true }, DAMAGED],
    ['another checksum', { content: 'abc', crc: 1 }, DAMAGED],
    ['another checksum, stored', { content: 'abc', crc: 1, store: true }, DAMAGED],
    ['bytes that were never packed', { content: Buffer.alloc(50, 0xff), store: true, method: 8 }, DAMAGED],
    [
      'a method nobody knows',
      { content: 'abc', method: 12 },
      damaged('部件“xl/A.xml”的压缩方法不认识', 'its part "xl/A.xml" is packed in an unknown way'),
    ],
  ])('is refused: %s', async (_name, file, words) => {
    expect(told(await failure(() => piecesOf(file)))).toEqual(words);
  });

  it.each([true, false])('is refused when its bytes are not in the file, stored: %s', async (store) => {
    const gone = (bytes: Buffer): Buffer => Buffer.from(bytes).fill(0, 0, 4);
    expect(told(await failure(() => piecesOf({ content: 'abc', store }, gone)))).toEqual(
      damaged('部件“xl/A.xml”不在文件里', 'its part "xl/A.xml" is not there'),
    );
  });

  it('is refused when its packed bytes are cut', async () => {
    const cut = (bytes: Buffer): Buffer => {
      const copy = Buffer.from(bytes);
      const list = copy.indexOf('504b0102', 0, 'hex');
      copy.writeUInt32LE(copy.readUInt32LE(list + 20) - 1, list + 20);
      return copy;
    };
    expect(told(await failure(() => piecesOf({ content: randomBytes(PIECE) }, cut)))).toEqual(DAMAGED);
  });

  it('is counted as it comes: what was whole before the surplus is handed on', async () => {
    const archive = archiveOf(
      zipOf([{ name: 'a.xml', content: Buffer.alloc(9 * PIECE, 'abc'), declaredSize: 2 * PIECE }]),
    );
    let got = 0;
    const error = await failure(async () => {
      for await (const piece of partBytes(archive, entryOf(archive, 'a.xml'))) got += piece.length;
    });
    expect(error.data['seems']).toBe('excessive');
    expect(got).toBe(2 * PIECE);
  });

  it('may be left half read, and read again', async () => {
    const content = randomBytes(5 * PIECE);
    const archive = archiveOf(zipOf([{ name: 'a.xml', content }]));
    const entry = entryOf(archive, 'a.xml');
    for await (const piece of partBytes(archive, entry)) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    const pieces: Buffer[] = [];
    for await (const piece of partBytes(archive, entry)) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(content)).toBe(true);
  });
});
