import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../../src/contract/errors.ts';
import { refuseCompound } from '../../../../../src/main/jobs/intake/workbook/cfb.ts';
import { compound } from '../../../../support/workbook.ts';
import { fdOf, FILE } from './support.ts';

const END = 0xfffffffe;
const FREE = 0xffffffff;

function refused(bytes: Buffer): AppError {
  const error = refuseCompound(fdOf(bytes), FILE);
  if (!(error instanceof AppError)) throw error;
  return error;
}
const seems = (bytes: Buffer): unknown => refused(bytes).data['seems'];

interface Shape {
  /** The power of two of a sector's bytes. */
  readonly shift?: number;
  /** Sectors of the file behind its header. */
  readonly sectors: number;
  readonly first: number;
  /** Where the parts of the table stand. */
  readonly tables: readonly number[];
  /** The sector that follows each. */
  readonly next: Readonly<Record<number, number>>;
  /** Names by the sector of the directory and their place in it. */
  readonly names: Readonly<Record<number, readonly string[]>>;
}

/** A compound file of any shape. */
function shaped({ shift = 9, sectors, first, tables, next, names }: Shape): Buffer {
  const size = 2 ** shift;
  const bytes = Buffer.alloc(size * (sectors + 1));
  bytes.write('d0cf11e0a1b11ae1', 'hex');
  bytes.writeUInt16LE(shift, 30);
  bytes.writeUInt32LE(first, 48);
  for (let index = 0; index < 109; index += 1) bytes.writeUInt32LE(tables[index] ?? FREE, 76 + index * 4);
  const perTable = size / 4;
  for (const [sector, following] of Object.entries(next)) {
    const table = tables[Math.floor(Number(sector) / perTable)] ?? 0;
    bytes.writeUInt32LE(following, (table + 1) * size + (Number(sector) % perTable) * 4);
  }
  for (const [sector, list] of Object.entries(names)) {
    list.forEach((name, index) => {
      const at = (Number(sector) + 1) * size + index * 128;
      bytes.write(name, at, 'utf16le');
      bytes.writeUInt16LE(name.length * 2 + 2, at + 64);
    });
  }
  return bytes;
}

const ROOT = ['Root Entry', 'a', 'b', 'c'];
const CRYPT = ['EncryptedPackage'];

describe('a compound file', () => {
  it.each<[string, readonly string[], string]>([
    ['an old workbook', ['Root Entry', 'Workbook'], 'xls'],
    ['a very old one', ['Root Entry', 'Book'], 'xls'],
    ['one without a name', [], 'xls'],
    ['an encrypted one', ['Root Entry', 'EncryptionInfo', 'x', 'EncryptedPackage'], 'encrypted'],
    ['an old document', ['Root Entry', 'WordDocument'], 'doc'],
    ['an encrypted one with a document in it', ['WordDocument', 'EncryptedPackage'], 'encrypted'],
    ['a name that only begins so', ['EncryptedPackage2', 'WordDocuments'], 'xls'],
    ['a name that only ends so', ['xEncryptedPackage', 'xWordDocument'], 'xls'],
    ['other letters', ['encryptedpackage', 'worddocument'], 'xls'],
  ])('is %s by the names in it', (_name, names, kind) => {
    expect(seems(compound(names))).toBe(kind);
  });

  it('is told of in its words', () => {
    const { code, data, text } = refused(compound(['WordDocument']));
    expect([code, data]).toEqual(['INTAKE_MALFORMED', { file: FILE, seems: 'doc' }]);
    expect(text.message.zh).toContain('看内容像是旧版 Word 文档（');
    expect(text.message.en).toContain('it seems to be an old Word document,');
  });

  it.each<[string, Shape, string]>(
    [
      [
        'its second sector',
        { sectors: 3, first: 1, tables: [0], next: { 1: 2, 2: END }, names: { 1: ROOT, 2: CRYPT } },
        'encrypted',
      ],
      [
        'its last place',
        { sectors: 2, first: 1, tables: [0], next: { 1: END }, names: { 1: ['a', 'b', 'c', ...CRYPT] } },
        'encrypted',
      ],
      [
        'a chain that goes back',
        { sectors: 4, first: 3, tables: [0], next: { 3: 1, 1: END }, names: { 3: ROOT, 1: CRYPT } },
        'encrypted',
      ],
      [
        'a sector that is not in the chain',
        { sectors: 3, first: 1, tables: [0], next: { 1: END, 2: END }, names: { 1: ROOT, 2: CRYPT } },
        'xls',
      ],
      [
        'large sectors',
        {
          shift: 12,
          sectors: 3,
          first: 1,
          tables: [0],
          next: { 1: 2, 2: END },
          names: { 1: Array.from({ length: 32 }, (_, index) => `n${index}`), 2: CRYPT },
        },
        'encrypted',
      ],
      [
        'the last place of a large sector',
        {
          shift: 12,
          sectors: 2,
          first: 1,
          tables: [0],
          next: { 1: END },
          names: { 1: [...Array.from({ length: 31 }, (_, index) => `n${index}`), ...CRYPT] },
        },
        'encrypted',
      ],
      [
        'sectors of a size that is none',
        { shift: 10, sectors: 3, first: 1, tables: [0], next: { 1: END }, names: { 1: CRYPT } },
        'xls',
      ],
      [
        'a chain in the second table',
        { sectors: 140, first: 130, tables: [0, 1], next: { 130: 135, 135: END }, names: { 130: ROOT, 135: CRYPT } },
        'encrypted',
      ],
      [
        'a chain in the first place of the second table',
        { sectors: 140, first: 128, tables: [0, 1], next: { 128: 135 }, names: { 128: ROOT, 135: CRYPT } },
        'encrypted',
      ],
      [
        'a table that is not there',
        { sectors: 140, first: 130, tables: [0], next: { 2: 135, 130: 135 }, names: { 130: ROOT, 135: CRYPT } },
        'xls',
      ],
      ['a table beyond the file', { sectors: 3, first: 1, tables: [900], next: {}, names: { 1: CRYPT } }, 'encrypted'],
      ['a directory beyond the file', { sectors: 3, first: 900, tables: [0], next: {}, names: { 1: CRYPT } }, 'xls'],
      ['no directory', { sectors: 3, first: END, tables: [0], next: {}, names: { 1: CRYPT } }, 'xls'],
    ].map(([name, shape, kind]) => [name, shape, kind] as [string, Shape, string]),
  )('is looked through: %s', (_name, shape, kind) => {
    expect(seems(shaped(shape))).toBe(kind);
  });

  const LAST = 109 * 128;
  it('has its first 109 tables named in its header, and more are not looked for', () => {
    const tables = Array.from({ length: 109 }, (_, index) => index);
    const deep = { sectors: LAST + 4, tables, names: { [LAST - 1]: ROOT, [LAST]: ROOT, [LAST + 2]: CRYPT } };
    expect(seems(shaped({ ...deep, first: LAST - 1, next: { [LAST - 1]: LAST + 2 } }))).toBe('encrypted');
    // What stands behind the header's table is no table.
    const beyond = shaped({ ...deep, first: LAST, next: { 0: LAST + 2 } });
    beyond.writeUInt32LE(0, 512);
    expect(seems(beyond)).toBe('xls');
  });

  it.each([
    [64, 'encrypted'],
    [65, 'xls'],
  ])('is looked through for 64 sectors, also when it goes in circles: %d', (count, kind) => {
    const sectors = Array.from({ length: count }, (_, index) => index + 1);
    const next = Object.fromEntries(sectors.map((sector) => [sector, sector === count ? 1 : sector + 1]));
    expect(seems(shaped({ sectors: count + 1, first: 1, tables: [0], next, names: { [count]: CRYPT } }))).toBe(kind);
  });

  it.each([
    ['longer than there is room for', 0xffff, 'xls'],
    ['of no length', 0, 'xls'],
    ['of half a character', 1, 'xls'],
    ['as long as it is', 34, 'encrypted'],
  ])('has a name %s', (_name, length, kind) => {
    const bytes = compound(CRYPT);
    bytes.writeUInt16LE(length, 1_024 + 64);
    expect(seems(bytes)).toBe(kind);
  });

  it.each([8, 100, 511])('is an old workbook when %d bytes are all there is', (length) => {
    expect(seems(compound(CRYPT).subarray(0, length))).toBe('xls');
  });

  it('is one when it ends within its directory', () => {
    expect(seems(compound(CRYPT).subarray(0, -1))).toBe('xls');
  });
});
