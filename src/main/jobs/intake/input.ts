import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Bilingual } from '../../../contract/text.ts';
import { CsvParser } from './csv.ts';
import { isBlank } from './csv.ts';
import type { CsvRecord, Delimiter } from './csv.ts';
import { encodingByMark, encodingName, isUtf8Throughout, looksLikeDamagedUtf8 } from './encoding.ts';
import { streamDecoder, utf16ByZeros } from './encoding.ts';
import type { Encoding, StreamDecoder } from './encoding.ts';
import { emptyError, encodingError, unreadableError } from './problems.ts';
import {
  detectDelimiter,
  isOrderList,
  isPacked,
  listRecords,
  nulRefusal,
  refuseBinary,
  refuseMarkup,
} from './sniff.ts';
import { separatorLine } from './sniff.ts';
import { openWorkbook } from './workbook/open.ts';
import type { WorkbookOptions, WorkbookSheet } from './workbook/workbook.ts';

export type InputSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'paste'; readonly text: string; readonly name: string };

export interface InputOptions {
  /** Takes the place of detection. */
  readonly encoding?: Encoding;
  readonly delimiter?: Delimiter;
  /** Of a workbook: the sheet by its name; the first visible one with something in it when left out. */
  readonly sheet?: string;
  /** Of a workbook: the rows of every sheet are counted, for a person to choose by. */
  readonly countRows?: boolean;
  readonly workbook?: WorkbookOptions;
  /** Bytes of a read; 64 KiB, as larger pieces cost memory and gain no time. */
  readonly chunkBytes?: number;
}

/** An input whose form is known and whose records can be read. */
export interface OpenedInput {
  readonly kind: 'file' | 'paste';
  /** The file's name without its folder, or the paste's. */
  readonly name: string;
  /** Null for a paste. */
  readonly encoding: Encoding | null;
  /** `list`: a pasted list with several order numbers a line; `sheet`: a workbook. */
  readonly delimiter: Delimiter | 'list' | 'sheet';
  /** Of a workbook: its sheets, and the one that is read. */
  readonly sheets: readonly WorkbookSheet[] | null;
  readonly sheet: string | null;
  /** The first record that is not blank: the header or the first data row. */
  readonly first: CsvRecord;
  /** The first records, where they are at hand; null where `records` must be asked. */
  readonly head: readonly CsvRecord[] | null;
  /**
   * All records from the beginning, as they are read; may be called again. Throws INTAKE_ENCODING and INTAKE_MALFORMED with the
   * line, FILE_UNREADABLE.
   */
  records(): AsyncIterable<CsvRecord[]>;
  /** Worth telling a person of the input as a whole. */
  notices(): readonly Bilingual[];
  /** SHA-256 (hex) of the input's bytes, once `records` has been read to its end; null before. */
  sha256(): string | null;
}

const CHUNK_BYTES = 64 * 1024;
const HEAD_BYTES = 64 * 1024;
/** Of a read that only looks whether a file is UTF-8, which is over before much is held: larger ones take a third of the time. */
const LOOK_BYTES = 1024 * 1024;
const PASTE_CHUNK = 64 * 1024;

/**
 * Opens a file or a paste: by its bytes, whatever it is named, a workbook or a text. Finds a text's encoding (the whole file is looked
 * through), its delimiter and its first record. Throws INTAKE_EMPTY, INTAKE_ENCODING, INTAKE_MALFORMED (binary files by what they seem to
 * be) or FILE_UNREADABLE.
 */
export async function openInput(source: InputSource, options: InputOptions = {}): Promise<OpenedInput> {
  if (source.kind === 'file' && isPacked(await readHead(source.path, basename(source.path)))) {
    return openWorkbook(source.path, basename(source.path), options);
  }
  const form =
    source.kind === 'file' ? await fileForm(source.path, options) : pasteForm(source.text, source.name, options);
  let digest: string | null = null;
  const records = (): AsyncIterable<CsvRecord[]> => readRecords(form, (sha256) => (digest = sha256));
  const first = await firstRecord(records());
  if (first === null) throw emptyError(form.name, false);
  return {
    kind: source.kind,
    name: form.name,
    encoding: form.encoding,
    delimiter: form.delimiter,
    sheets: null,
    sheet: null,
    first,
    head: null,
    records,
    notices: () => [],
    sha256: () => digest,
  };
}

/** What reading needs to know: where the text comes from and how it is cut. */
interface Form {
  readonly name: string;
  readonly encoding: Encoding | null;
  readonly delimiter: Delimiter | 'list';
  /** Characters of a `sep=` line before the first record. */
  readonly skip: number;
  /** The decoded pieces; each has the error to throw after it, when the input breaks there. */
  pieces(onDigest: (sha256: string) => void): AsyncIterable<Piece>;
}

interface Piece {
  readonly text: string;
  /** What is wrong right after `text`; told with the line that it stands on. */
  readonly fault: ((line: number) => Error) | null;
}

function pasteForm(pasted: string, name: string, options: InputOptions): Form {
  const text = pasted.startsWith('\uFEFF') ? pasted.slice(1) : pasted;
  const separator = separatorLine(text);
  const isList = options.delimiter === undefined && separator === null && isOrderList(text);
  return {
    name,
    encoding: null,
    delimiter: isList
      ? 'list'
      : (options.delimiter ?? separator?.delimiter ?? detectDelimiter(text.slice(0, HEAD_BYTES)) ?? ','),
    skip: separator?.length ?? 0,
    async *pieces(onDigest) {
      const step = isList ? text.length : (options.chunkBytes ?? PASTE_CHUNK);
      for (let at = 0; at < text.length; at += step) yield withoutNul(text.slice(at, at + step), name);
      onDigest(createHash('sha256').update(pasted, 'utf8').digest('hex'));
    },
  };
}

/** A piece cut before its first NUL, which no text has. */
function withoutNul(text: string, name: string): Piece {
  const nul = text.indexOf('\0');
  return nul < 0 ? { text, fault: null } : { text: text.slice(0, nul), fault: () => nulRefusal(name) };
}

async function fileForm(path: string, options: InputOptions): Promise<Form> {
  const name = basename(path);
  const { chunkBytes = CHUNK_BYTES } = options;
  const head = await readHead(path, name);
  if (head.length === 0) throw emptyError(name, false);
  refuseBinary(head, name);
  const encoding = options.encoding ?? (await detectEncoding(path, name, head, options.chunkBytes ?? LOOK_BYTES));
  const sample = streamDecoder(encoding).write(head).text;
  refuseMarkup(sample, name);
  const separator = separatorLine(sample);
  return {
    name,
    encoding,
    delimiter: options.delimiter ?? separator?.delimiter ?? detectDelimiter(sample) ?? ',',
    skip: separator?.length ?? 0,
    pieces: (onDigest) => filePieces(path, name, encoding, chunkBytes, onDigest),
  };
}

async function detectEncoding(path: string, name: string, head: Buffer, chunkBytes: number): Promise<Encoding> {
  const marked = encodingByMark(head);
  if (marked !== null) return marked;
  if (head.includes(0)) {
    const utf16 = utf16ByZeros(head);
    if (utf16 === null) throw nulRefusal(name);
    return utf16;
  }
  let evidence = head;
  const valid = await isUtf8Throughout(readBytes(path, name, chunkBytes), (piece) => {
    evidence = Buffer.concat([head, piece]);
  });
  return valid || looksLikeDamagedUtf8(evidence) ? 'utf-8' : 'gb18030';
}

async function* filePieces(
  path: string,
  name: string,
  encoding: Encoding,
  chunkBytes: number,
  onDigest: (sha256: string) => void,
): AsyncGenerator<Piece> {
  const hash = createHash('sha256');
  const decoder = streamDecoder(encoding);
  for await (const bytes of readBytes(path, name, chunkBytes)) {
    hash.update(bytes);
    yield decodedPiece(decoder, bytes, encoding, name);
  }
  yield decodedPiece(decoder, null, encoding, name);
  onDigest(hash.digest('hex'));
}

/** The next piece of text; `bytes` null at the end of the file. */
function decodedPiece(decoder: StreamDecoder, bytes: Buffer | null, encoding: Encoding, name: string): Piece {
  const { text, invalid } = bytes === null ? decoder.end() : decoder.write(bytes);
  const piece = withoutNul(text, name);
  if (piece.fault !== null || !invalid) return piece;
  return { text, fault: (line) => encodingError(encodingName(encoding), line, name) };
}

async function* readRecords(form: Form, onDigest: (sha256: string) => void): AsyncGenerator<CsvRecord[]> {
  if (form.delimiter === 'list') {
    for await (const { text, fault } of form.pieces(onDigest)) {
      if (fault !== null) throw fault(1);
      yield listRecords(text);
    }
    return;
  }
  const parser = new CsvParser(form.delimiter, form.skip > 0 ? 2 : 1);
  let skip = form.skip;
  for await (const piece of form.pieces(onDigest)) {
    const text = skip > 0 ? piece.text.slice(skip) : piece.text;
    skip = Math.max(0, skip - piece.text.length);
    const records = parser.push(text);
    if (records.length > 0) yield records;
    if (piece.fault !== null) throw piece.fault(parser.line);
  }
  const last = parser.end();
  if (last.length > 0) yield last;
}

async function firstRecord(records: AsyncIterable<CsvRecord[]>): Promise<CsvRecord | null> {
  for await (const batch of records) {
    const found = batch.find((record) => !isBlank(record.cells));
    if (found) return found;
  }
  return null;
}

/** SHA-256 (hex) of a file's bytes. Throws FILE_UNREADABLE. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of readBytes(path, basename(path), CHUNK_BYTES)) hash.update(bytes);
  return hash.digest('hex');
}

async function openFile(path: string, name: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw unreadableError(name, cause);
  }
}

async function readHead(path: string, name: string): Promise<Buffer> {
  for await (const bytes of readBytes(path, name, HEAD_BYTES)) return bytes;
  return Buffer.alloc(0);
}

/** The file's bytes in pieces; a piece is valid until the next is asked for. */
async function* readBytes(path: string, name: string, chunkBytes: number): AsyncGenerator<Buffer> {
  const file = await openFile(path, name);
  const buffer = Buffer.allocUnsafeSlow(chunkBytes);
  try {
    for (;;) {
      const length = await readInto(file, buffer, name);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    await file.close();
  }
}

async function readInto(file: FileHandle, buffer: Buffer, name: string): Promise<number> {
  try {
    return (await file.read(buffer, 0, buffer.length, null)).bytesRead;
  } catch (cause) {
    throw unreadableError(name, cause);
  }
}
