import { encryptedWorkbook, oldWorkbook, otherArchive } from './refusals.ts';
import { bytesAt } from './zip.ts';

const END_OF_CHAIN = 0xfffffffa;
/** Sectors of the directory that are looked through: an encrypted workbook's has one to three. */
const MOST_SECTORS = 64;
const ENTRY_BYTES = 128;

/** Names in the directory of a compound file; as many as can be read of one that is broken. */
function namesIn(fd: number): readonly string[] {
  const header = bytesAt(fd, 0, 512);
  const shift = header?.readUInt16LE(30) ?? 0;
  if (header === null || (shift !== 9 && shift !== 12)) return [];
  const bytes = 2 ** shift;
  const at = (sector: number): Buffer | null => bytesAt(fd, (sector + 1) * bytes, bytes);
  const names: string[] = [];
  let sector = header.readUInt32LE(48);
  for (let seen = 0; seen < MOST_SECTORS && sector < END_OF_CHAIN; seen += 1) {
    const directory = at(sector);
    if (directory === null) break;
    for (let entry = 0; entry < bytes; entry += ENTRY_BYTES) {
      const length = Math.min(64, directory.readUInt16LE(entry + 64));
      if (length >= 2) names.push(directory.toString('utf16le', entry, entry + length - 2));
    }
    // Which sector follows stands in the table, of which the header names the first 109 sectors.
    const table = Math.floor(sector / (bytes / 4));
    const tableSector = table < 109 ? header.readUInt32LE(76 + table * 4) : END_OF_CHAIN;
    const next = tableSector < END_OF_CHAIN ? at(tableSector) : null;
    if (next === null) break;
    sector = next.readUInt32LE((sector % (bytes / 4)) * 4);
  }
  return names;
}

/** What to say of a compound file (the form of old Office documents and of encrypted new ones). */
export function refuseCompound(fd: number, file: string): Error {
  const names = namesIn(fd);
  if (names.includes('EncryptedPackage')) return encryptedWorkbook(file);
  if (names.includes('WordDocument')) {
    return otherArchive(file, 'doc', { zh: '旧版 Word 文档', en: 'an old Word document' });
  }
  return oldWorkbook(file);
}
