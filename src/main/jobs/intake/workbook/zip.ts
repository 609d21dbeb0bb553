import { fstatSync, readSync } from 'node:fs';
import type { WorkbookLimits } from './limits.ts';
import { damagedWorkbook, encryptedWorkbook, excessiveWorkbook } from './refusals.ts';

/** One file of an archive, by the archive's own list. */
export interface ZipEntry {
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly crc: number;
  /** Where its local header stands. */
  readonly offset: number;
}

/** An archive whose list has been read and found safe. */
export interface ZipArchive {
  readonly fd: number;
  readonly file: string;
  readonly limits: WorkbookLimits;
  /** By lower-case name with `/`, as the format compares names. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const LISTED = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const MOST_COMMENT = 0xffff;
const FULL16 = 0xffff;
const FULL32 = 0xffffffff;

const BROKEN_LIST = { zh: '压缩包的目录不完整', en: 'the list of its parts is incomplete' };

/** Exactly these bytes of the file; null when the file is shorter. */
export function bytesAt(fd: number, at: number, length: number): Buffer | null {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const got = readSync(fd, buffer, done, length - done, at + done);
    if (got === 0) return null;
    done += got;
  }
  return buffer;
}

interface Listing {
  readonly count: number;
  readonly size: number;
  readonly offset: number;
}

/** A 64-bit number that a file's place or size may be; beyond it the archive is broken. */
function long(buffer: Buffer, at: number): number {
  const value = buffer.readBigUInt64LE(at);
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
}

function listing64(fd: number, endAt: number): Listing | null {
  const locator = endAt >= 20 ? bytesAt(fd, endAt - 20, 20) : null;
  if (locator?.readUInt32LE(0) !== LOCATOR64) return null;
  const end = bytesAt(fd, long(locator, 8), 56);
  if (end?.readUInt32LE(0) !== END64) return null;
  return { count: long(end, 32), size: long(end, 40), offset: long(end, 48) };
}

/** Where the archive's list stands, from the record at its end; null without one. */
function findListing(fd: number, bytes: number): Listing | null {
  const from = Math.max(0, bytes - END_BYTES - MOST_COMMENT);
  const tail = bytesAt(fd, from, bytes - from);
  if (tail === null) return null;
  for (let at = tail.length - END_BYTES; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END || at + END_BYTES + tail.readUInt16LE(at + 20) > tail.length) continue;
    const count = tail.readUInt16LE(at + 10);
    const size = tail.readUInt32LE(at + 12);
    const offset = tail.readUInt32LE(at + 16);
    const isLong = count === FULL16 || size === FULL32 || offset === FULL32;
    const found = (isLong ? listing64(fd, from + at) : null) ?? { count, size, offset };
    return found.offset + found.size <= from + at ? found : null;
  }
  return null;
}

/** Sizes and place that do not fit 32 bits stand in an extra field, in this order, and only those that are marked. */
function longFields(extra: Buffer, wanted: readonly number[]): readonly number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    const end = next + extra.readUInt16LE(at + 2);
    return wanted.map((value) => {
      if (value !== FULL32 || next + 8 > Math.min(end, extra.length)) return value;
      next += 8;
      return long(extra, next - 8);
    });
  }
  return wanted;
}

function readEntry(list: Buffer, at: number, file: string): { readonly entry: ZipEntry; readonly next: number } {
  if (at + 46 > list.length || list.readUInt32LE(at) !== LISTED) throw damagedWorkbook(file, BROKEN_LIST);
  const nameEnd = at + 46 + list.readUInt16LE(at + 28);
  const extraEnd = nameEnd + list.readUInt16LE(at + 30);
  const next = extraEnd + list.readUInt16LE(at + 32);
  if (next > list.length) throw damagedWorkbook(file, BROKEN_LIST);
  if ((list.readUInt16LE(at + 8) & 1) !== 0) throw encryptedWorkbook(file);
  const [size = 0, packed = 0, offset = 0] = longFields(list.subarray(nameEnd, extraEnd), [
    list.readUInt32LE(at + 24),
    list.readUInt32LE(at + 20),
    list.readUInt32LE(at + 42),
  ]);
  const name = list
    .toString('utf8', at + 46, nameEnd)
    .replaceAll('\\', '/')
    .replace(/^\/+/u, '');
  const entry = {
    name,
    method: list.readUInt16LE(at + 10),
    packed,
    size,
    crc: list.readUInt32LE(at + 16),
    offset,
  };
  return { entry, next };
}

function checkSizes(entries: Iterable<ZipEntry>, file: string, limits: WorkbookLimits): void {
  let total = 0;
  for (const { name, size, packed } of entries) {
    if (!/\.(?:xml|rels|vml)$/iu.test(name)) continue;
    total += size;
    const bomb = size > limits.ratioBytes && size > packed * limits.ratio;
    if (size <= limits.partBytes && total <= limits.totalBytes && !bomb) continue;
    const megabytes = Math.ceil((bomb || size > limits.partBytes ? size : total) / 2 ** 20);
    throw excessiveWorkbook(file, {
      zh: `解压后的内容达 ${megabytes} MB${bomb ? '，压缩比高得不正常' : ''}`,
      en: `it unpacks to ${megabytes} MB${bomb ? ', packed tighter than any real table' : ''}`,
    });
  }
}

/**
 * Reads an archive's list of files, and nothing of the files, and refuses one that is not safe: too many files, sizes or ratios beyond the
 * limits, passwords, a name that occurs twice. Throws INTAKE_MALFORMED.
 */
export function openZip(fd: number, file: string, limits: WorkbookLimits): ZipArchive {
  const bytes = fstatSync(fd).size;
  const found = findListing(fd, bytes);
  if (found === null) {
    throw damagedWorkbook(file, {
      zh: '文件的末尾缺失，可能没有下载或保存完整',
      en: 'its end is missing, as after an incomplete download or save',
    });
  }
  if (found.count > limits.entries || found.size > limits.directoryBytes) {
    throw excessiveWorkbook(file, {
      zh: `里面有 ${found.count} 个文件`,
      en: `it is made of ${found.count} files`,
    });
  }
  const list = bytesAt(fd, found.offset, found.size);
  if (list === null) throw damagedWorkbook(file, BROKEN_LIST);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let index = 0; index < found.count; index += 1) {
    const { entry, next } = readEntry(list, at, file);
    const key = entry.name.toLowerCase();
    // Two of one name are read as one by some programs and as the other by others.
    if (entries.has(key)) throw damagedWorkbook(file, { zh: '有两个同名的部件', en: 'two of its parts have one name' });
    entries.set(key, entry);
    at = next;
  }
  checkSizes(entries.values(), file, limits);
  return { fd, file, limits, entries };
}

/** Where an entry's packed bytes begin. Throws INTAKE_MALFORMED when they are not in the file. */
export function dataStart({ fd, file }: ZipArchive, entry: ZipEntry): number {
  const header = bytesAt(fd, entry.offset, 30);
  const start = header === null ? 0 : entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (header?.readUInt32LE(0) !== LOCAL || start + entry.packed > fstatSync(fd).size) {
    throw damagedWorkbook(file, { zh: `部件“${entry.name}”不在文件里`, en: `its part "${entry.name}" is not there` });
  }
  return start;
}
