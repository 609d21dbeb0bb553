import { describe, expect, it } from 'vitest';
import type { WorkbookLimits } from '../../../../../src/main/jobs/intake/workbook/limits.ts';
import { bytesAt, dataStart } from '../../../../../src/main/jobs/intake/workbook/zip.ts';
import { zipOf, type PackedFile } from '../../../../support/workbook.ts';
import { failure } from '../support.ts';
import { archiveOf, damaged, entryOf, excessive, fdOf, FILE, told } from './support.ts';

const FILES: readonly PackedFile[] = [
  { name: 'a.xml', content: 'first'.repeat(10) },
  { name: 'xl/B.xml', content: 'second', store: true },
];
const PLAIN = zipOf(FILES);
const LIST = PLAIN.indexOf('504b0102', 0, 'hex');
const END = PLAIN.length - 22;
const SECOND = PLAIN.indexOf('504b0102', LIST + 4, 'hex');

/** A copy with some numbers overwritten: where, how many bytes, and the number. */
function patched(bytes: Buffer, ...changes: readonly (readonly [number, 1 | 2 | 4, number])[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const [at, size, value] of changes) copy.writeUIntLE(value, at, size);
  return copy;
}

const namesOf = (bytes: Buffer, limits: Partial<WorkbookLimits> = {}): readonly string[] => [
  ...archiveOf(bytes, limits).entries.keys(),
];
const refusal = async (bytes: Buffer, limits: Partial<WorkbookLimits> = {}): Promise<ReturnType<typeof told>> =>
  told(await failure(() => archiveOf(bytes, limits)));

const NO_END = damaged(
  '文件的末尾缺失，可能没有下载或保存完整',
  'its end is missing, as after an incomplete download or save',
);
const BROKEN_LIST = damaged('压缩包的目录不完整', 'the list of its parts is incomplete');

describe('bytes of a file', () => {
  const fd = fdOf(Buffer.from('0123456789'));

  it.each([
    [0, 10, '0123456789'],
    [3, 4, '3456'],
    [9, 1, '9'],
    [10, 0, ''],
    [0, 11, null],
    [9, 2, null],
    [10, 1, null],
  ])('from %d, %d of them', (at, length, bytes) => {
    expect(bytesAt(fd, at, length)?.toString() ?? null).toBe(bytes);
  });
});

describe('the list of an archive', () => {
  it('tells of each file what is needed to unpack it', () => {
    const archive = archiveOf(PLAIN);
    expect(archive.file).toBe(FILE);
    expect([...archive.entries.entries()]).toEqual([
      [
        'a.xml',
        { name: 'a.xml', method: 8, packed: PLAIN.readUInt32LE(18), size: 50, crc: PLAIN.readUInt32LE(14), offset: 0 },
      ],
      [
        'xl/b.xml',
        {
          name: 'xl/B.xml',
          method: 0,
          packed: 6,
          size: 6,
          crc: PLAIN.readUInt32LE(SECOND + 16),
          offset: PLAIN.indexOf('504b0304', 4, 'hex'),
        },
      ],
    ]);
  });

  it.each([
    ['\\xl\\a.xml', 'xl/a.xml'],
    ['//xl/a.xml', 'xl/a.xml'],
    ['XL/工作表.XML', 'xl/工作表.xml'],
  ])('has names as the format compares them: %s', (name, key) => {
    expect(namesOf(zipOf([{ name, content: '' }]))).toEqual([key]);
  });

  it.each([
    ['a.xml', 'A.XML'],
    ['xl/a.xml', '\\xl\\a.xml'],
  ])('has no name twice: %s and %s', async (one, other) => {
    const files = [one, other].map((name) => ({ name, content: '' }));
    expect(await refusal(zipOf(files))).toEqual(damaged('有两个同名的部件', 'two of its parts have one name'));
  });

  it('of an empty archive is empty', () => {
    expect(namesOf(zipOf([]))).toEqual([]);
  });

  it('is found before a comment of any length', () => {
    for (const comment of ['x', 'x'.repeat(0xffff), 'PK\u0005\u0006'.padEnd(40, 'x'), 'PK\u0005\u0006'])
      expect(namesOf(zipOf(FILES, comment))).toHaveLength(2);
  });

  it('is found after what was put before the end, and by the last end there is', () => {
    const twice = Buffer.concat([PLAIN, zipOf([])]);
    // The list of the second is empty, and stands where it says.
    expect(namesOf(twice)).toEqual([]);
    expect(namesOf(Buffer.concat([PLAIN.subarray(0, END), Buffer.from('gap'), PLAIN.subarray(END)]))).toHaveLength(2);
  });

  it('may be followed by bytes that belong to nothing', () => {
    expect(namesOf(Buffer.concat([PLAIN, Buffer.from('noise')]))).toHaveLength(2);
  });

  it('skips what a file has beside its name', () => {
    const extra = Buffer.from('0a00020001000100000000000000', 'hex');
    const bytes = Buffer.concat([
      patched(PLAIN.subarray(0, SECOND), [LIST + 30, 2, 6], [LIST + 32, 2, 8]),
      extra,
      PLAIN.subarray(SECOND),
    ]);
    const moved = patched(bytes, [END + 14 + 12, 4, END - LIST + 14]);
    expect(namesOf(moved)).toEqual(['a.xml', 'xl/b.xml']);
  });

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['one byte too few', PLAIN.subarray(0, -1)],
    ['no end', PLAIN.subarray(0, END)],
    ['a comment that is cut', zipOf(FILES, 'comment').subarray(0, -1)],
    ['an end too far from the end', Buffer.concat([PLAIN, Buffer.alloc(0x10000)])],
    ['a list that ends behind the end', patched(PLAIN, [END + 12, 4, END - LIST + 1])],
    ['a list that begins too late', patched(PLAIN, [END + 16, 4, LIST + 1])],
  ])('is missed: %s', async (_name, bytes) => {
    expect(await refusal(bytes)).toEqual(NO_END);
  });

  it.each<[string, Buffer]>([
    ['one file too many', patched(PLAIN, [END + 10, 2, 3])],
    ['no sign of a file', patched(PLAIN, [SECOND, 1, 0])],
    ['a name beyond it', patched(PLAIN, [SECOND + 28, 2, 9])],
    ['more beside a name than there is', patched(PLAIN, [SECOND + 30, 2, 1])],
    ['a longer remark than there is', patched(PLAIN, [SECOND + 32, 2, 1])],
    ['a list that is too short', patched(PLAIN, [END + 12, 4, END - LIST - 1])],
    ['a list of half a file', patched(PLAIN, [END + 12, 4, 45], [END + 10, 2, 1])],
  ])('is broken: %s', async (_name, bytes) => {
    expect(await refusal(bytes)).toEqual(BROKEN_LIST);
  });

  it.each([
    [0x01, true],
    [0x09, true],
    [0x08, false],
    [0x0800, false],
  ])('tells by the flags %d of a password: %s', async (flags, encrypted) => {
    const bytes = zipOf([{ name: 'a.xml', content: 'x', flags }]);
    if (!encrypted) return expect(namesOf(bytes)).toEqual(['a.xml']);
    const error = await failure(() => archiveOf(bytes));
    expect([error.code, error.data]).toEqual(['INTAKE_MALFORMED', { file: FILE, seems: 'encrypted' }]);
  });
});

describe('an archive of long numbers', () => {
  const long = (...values: readonly (number | bigint)[]): Buffer => {
    const bytes = Buffer.alloc(8 * values.length);
    values.forEach((value, index) => bytes.writeBigUInt64LE(BigInt(value), 8 * index));
    return bytes;
  };
  const field = (id: number, content: Buffer): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(content.length, 2);
    return Buffer.concat([head, content]);
  };
  /** The plain archive with a 64-bit end before its own, in which these marks are set. */
  function ended(
    marks: readonly (readonly [number, 2 | 4, number])[],
    [count = 2, size = END - LIST, offset = LIST]: readonly (number | bigint | undefined)[] = [],
  ): Buffer {
    const end = Buffer.alloc(56);
    end.write('504b0606', 'hex');
    long(count, size, offset).copy(end, 32);
    const locator = Buffer.alloc(20);
    locator.write('504b0607', 'hex');
    long(END).copy(locator, 8);
    const old = patched(PLAIN.subarray(END), ...marks);
    return Buffer.concat([PLAIN.subarray(0, END), end, locator, old]);
  }
  const ALL = [
    [10, 2, 0xffff],
    [12, 4, 0xffffffff],
    [16, 4, 0xffffffff],
  ] as const;

  it.each([
    [
      'the count',
      [
        [10, 2, 0xffff],
        [12, 4, 1],
        [16, 4, 1],
      ] as const,
    ],
    [
      'the size',
      [
        [10, 2, 1],
        [12, 4, 0xffffffff],
        [16, 4, 1],
      ] as const,
    ],
    [
      'the place',
      [
        [10, 2, 1],
        [12, 4, 1],
        [16, 4, 0xffffffff],
      ] as const,
    ],
    ['all three', ALL],
  ])('has its list where its long end says, marked by %s', (_name, marks) => {
    expect(namesOf(ended(marks))).toEqual(['a.xml', 'xl/b.xml']);
  });

  it('uses no long end that is not asked for', () => {
    expect(namesOf(ended([], [9, 9, 9]))).toHaveLength(2);
  });

  const locatorAt = END + 56;
  it.each<[string, Buffer]>([
    ['no locator', patched(ended(ALL), [locatorAt, 1, 0])],
    ['no long end', patched(ended(ALL), [END, 1, 0])],
    ['a long end beyond the file', patched(ended(ALL), [locatorAt + 8, 4, 0x7fffffff])],
    ['nothing before its end', patched(zipOf([]), [10, 2, 0xffff], [12, 4, 0xffffffff], [16, 4, 0xffffffff])],
    ['a list beyond the file', ended(ALL, [2, END - LIST, 2 ** 40])],
    ['a list beyond all numbers', ended(ALL, [2, 2n ** 60n, 2n ** 63n])],
  ])('is missed: %s', async (_name, bytes) => {
    expect(await refusal(bytes)).toEqual(NO_END);
  });

  /** The plain archive whose second file has these numbers in the list, and this beside its name. */
  function withExtra(
    extra: Buffer,
    numbers: { readonly size?: number; readonly packed?: number; readonly offset?: number },
  ): Buffer {
    const { size = 6, packed = 6, offset = PLAIN.readUInt32LE(SECOND + 42) } = numbers;
    const list = patched(
      PLAIN.subarray(0, END),
      [SECOND + 20, 4, packed],
      [SECOND + 24, 4, size],
      [SECOND + 42, 4, offset],
      [SECOND + 30, 2, extra.length],
    );
    return Buffer.concat([list, extra, patched(PLAIN.subarray(END), [12, 4, END - LIST + extra.length])]);
  }
  const FULL = 0xffffffff;
  const MAX = Number.MAX_SAFE_INTEGER;
  const WIDE = { partBytes: MAX, totalBytes: Infinity, ratio: Infinity };

  it.each<[string, Buffer, Parameters<typeof withExtra>[1], readonly [number, number, number]]>([
    ['all three', field(1, long(11, 12, 13)), { size: FULL, packed: FULL, offset: FULL }, [11, 12, 13]],
    ['the size alone', field(1, long(11, 12, 13)), { size: FULL, packed: 5, offset: 7 }, [11, 5, 7]],
    ['the packed size alone', field(1, long(11)), { size: 5, packed: FULL, offset: 7 }, [5, 11, 7]],
    ['the place alone', field(1, long(11)), { size: 5, packed: 6, offset: FULL }, [5, 6, 11]],
    ['none', field(1, long(11)), { size: 5, packed: 6, offset: 7 }, [5, 6, 7]],
    ['more than are there', field(1, long(11)), { size: FULL, packed: FULL, offset: 7 }, [11, FULL, 7]],
    [
      'after another field',
      Buffer.concat([field(9, Buffer.from('abc')), field(1, long(11))]),
      { size: FULL },
      [11, 6, 0],
    ],
    [
      'of the first field of its kind',
      Buffer.concat([field(1, long(11)), field(1, long(12))]),
      { size: FULL },
      [11, 6, 0],
    ],
    ['in a field of another kind', field(9, long(11)), { size: FULL }, [FULL, 6, 0]],
    [
      'in a field that is too short',
      Buffer.concat([field(1, Buffer.alloc(7, 1)), Buffer.alloc(9)]),
      { size: FULL },
      [FULL, 6, 0],
    ],
    ['in a field that is cut', field(1, long(11)).subarray(0, -1), { size: FULL }, [FULL, 6, 0]],
    ['in less than a field', Buffer.from('0100', 'hex'), { size: FULL }, [FULL, 6, 0]],
    ['beyond all numbers', field(1, long(2n ** 60n)), { size: FULL }, [MAX, 6, 0]],
    ['as great as numbers are', field(1, long(MAX)), { size: FULL }, [MAX, 6, 0]],
  ])('has them beside its name: %s', (_name, extra, numbers, [size, packed, offset]) => {
    const at = offset === 0 ? PLAIN.readUInt32LE(SECOND + 42) : offset;
    expect(entryOf(archiveOf(withExtra(extra, numbers), WIDE), 'xl/b.xml')).toMatchObject({ size, packed, offset: at });
  });
});

describe('the limits of an archive', () => {
  it.each<[string, Partial<WorkbookLimits>, Partial<WorkbookLimits>]>([
    ['files', { entries: 2 }, { entries: 1 }],
    ['bytes of its list', { directoryBytes: END - LIST }, { directoryBytes: END - LIST - 1 }],
  ])('%s', async (_name, enough, tooFew) => {
    expect(namesOf(PLAIN, enough)).toHaveLength(2);
    expect(await refusal(PLAIN, tooFew)).toEqual(excessive('里面有 2 个文件', 'it is made of 2 files'));
  });

  const MB = 2 ** 20;
  const file = (name: string, declaredSize: number): PackedFile => ({ name, content: 'x', store: true, declaredSize });
  const sizes = (megabytes: number): ReturnType<typeof excessive> =>
    excessive(`解压后的内容达 ${megabytes} MB`, `it unpacks to ${megabytes} MB`);

  it.each(['a.xml', 'a.rels', 'a.VML', 'xl/a.Xml'])('bytes of %s', async (name) => {
    const bytes = zipOf([file(name, 3 * MB)]);
    expect(namesOf(bytes, { partBytes: 3 * MB })).toHaveLength(1);
    expect(await refusal(bytes, { partBytes: 3 * MB - 1 })).toEqual(sizes(3));
  });

  it.each(['a.png', 'axml', 'a.xml.png', 'a.xmlx'])('are not those of %s, which is never unpacked', (name) => {
    expect(namesOf(zipOf([file(name, 3 * MB)]), { partBytes: 1, totalBytes: 1, ratioBytes: 1 })).toHaveLength(1);
  });

  it('bytes of all parts together', async () => {
    const bytes = zipOf([file('a.xml', MB), file('b.rels', MB), file('c.png', 9 * MB), file('d.vml', MB + 1)]);
    expect(namesOf(bytes, { totalBytes: 3 * MB + 1 })).toHaveLength(4);
    expect(await refusal(bytes, { totalBytes: 3 * MB })).toEqual(sizes(4));
    // Of the part when it alone is too large.
    expect(await refusal(bytes, { totalBytes: 3 * MB, partBytes: MB })).toEqual(sizes(2));
  });

  it('how tight a part is packed', async () => {
    const bytes = zipOf([file('a.xml', 10), { ...file('b.xml', 3 * MB), content: 'x'.repeat(1_024) }]);
    expect(namesOf(bytes, { ratioBytes: MB, ratio: 3 * 1_024 })).toHaveLength(2);
    expect(namesOf(bytes, { ratioBytes: 3 * MB, ratio: 1 })).toHaveLength(2);
    expect(await refusal(bytes, { ratioBytes: 3 * MB - 1, ratio: 3 * 1_024 - 1 })).toEqual(
      excessive('解压后的内容达 3 MB，压缩比高得不正常', 'it unpacks to 3 MB, packed tighter than any real table'),
    );
  });
});

describe('where the bytes of a part begin', () => {
  const startOf = (bytes: Buffer, name = 'xl/b.xml'): string => {
    const archive = archiveOf(bytes);
    return bytes.toString('utf8', dataStart(archive, entryOf(archive, name))).slice(0, 6);
  };
  const second = PLAIN.readUInt32LE(SECOND + 42);

  it('is behind its own header, whatever the list says of that', () => {
    expect(startOf(PLAIN)).toBe('second');
    expect(startOf(patched(PLAIN, [second + 26, 2, 6], [second + 28, 2, 2]))).toBe('second');
  });

  it('leaves room for all of them', () => {
    const room = PLAIN.length - (second + 30 + 8);
    expect(startOf(patched(PLAIN, [SECOND + 20, 4, room]))).toBe('second');
  });

  it.each<[string, Buffer]>([
    ['no header', patched(PLAIN, [second, 1, 0])],
    ['a header behind the end', patched(PLAIN, [SECOND + 42, 4, PLAIN.length - 29])],
    ['a place far behind', patched(PLAIN, [SECOND + 42, 4, 0x7fffffff])],
    ['more bytes than there are', patched(PLAIN, [SECOND + 20, 4, PLAIN.length - (second + 30 + 8) + 1])],
  ])('is nowhere: %s', async (_name, bytes) => {
    expect(told(await failure(() => startOf(bytes)))).toEqual(
      damaged('部件“xl/B.xml”不在文件里', 'its part "xl/B.xml" is not there'),
    );
  });
});
