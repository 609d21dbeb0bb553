import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { AppError } from '../../../../contract/errors.ts';
import { damagedWorkbook, excessiveWorkbook } from './refusals.ts';
import { bytesAt, dataStart, type ZipArchive, type ZipEntry } from './zip.ts';

const PIECE_BYTES = 64 * 1024;

function* packedPieces(archive: ZipArchive, entry: ZipEntry): Generator<Buffer> {
  const start = dataStart(archive, entry);
  for (let at = 0; at < entry.packed; at += PIECE_BYTES) {
    const piece = bytesAt(archive.fd, start + at, Math.min(PIECE_BYTES, entry.packed - at));
    if (piece === null) return;
    yield piece;
  }
}

async function* unpacked(archive: ZipArchive, entry: ZipEntry): AsyncGenerator<Buffer> {
  if (entry.method === 0) {
    yield* packedPieces(archive, entry);
    return;
  }
  if (entry.method !== 8) {
    throw damagedWorkbook(archive.file, {
      zh: `部件“${entry.name}”的压缩方法不认识`,
      en: `its part "${entry.name}" is packed in an unknown way`,
    });
  }
  const source = Readable.from(packedPieces(archive, entry));
  const inflate = createInflateRaw({ chunkSize: PIECE_BYTES });
  source.on('error', (error) => inflate.destroy(error));
  source.pipe(inflate);
  try {
    for await (const piece of inflate) yield piece as Buffer;
  } finally {
    source.destroy();
    inflate.destroy();
  }
}

/**
 * A part's bytes, piece by piece. What really comes out is counted against what the archive's list declared, so that a lying size is
 * refused before its surplus is held; at the end length and checksum must agree. Throws INTAKE_MALFORMED.
 */
export async function* partBytes(archive: ZipArchive, entry: ZipEntry): AsyncGenerator<Buffer> {
  let total = 0;
  let crc = 0;
  try {
    for await (const piece of unpacked(archive, entry)) {
      total += piece.length;
      if (total > entry.size) {
        throw excessiveWorkbook(archive.file, {
          zh: `部件“${entry.name}”解压出的内容比它声明的多`,
          en: `its part "${entry.name}" unpacks to more than it declares`,
        });
      }
      crc = crc32(piece, crc);
      yield piece;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw damagedPart(archive, entry);
  }
  if (total !== entry.size || crc !== entry.crc) throw damagedPart(archive, entry);
}

function damagedPart({ file }: ZipArchive, { name }: ZipEntry): AppError {
  return damagedWorkbook(file, {
    zh: `部件“${name}”解压出错或校验不符`,
    en: `its part "${name}" cannot be unpacked, or not to what it was`,
  });
}
