import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';

/** Where a zip's bytes go, in order; resolves when they are taken. */
export type Sink = (bytes: Uint8Array) => Promise<void>;

/** Signatures and constants of PKWARE's APPNOTE 6.3: a local header, a data descriptor, a directory entry, the directory's end. */
const LOCAL = 0x0403_4b50;
const DESCRIPTOR = 0x0807_4b50;
const ENTRY = 0x0201_4b50;
const END = 0x0605_4b50;
const VERSION = 20;
/** Sizes follow the data, and names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATED = 8;
/** 1 January 1980, the format's first day: an archive says nothing of when it was made, so that equal contents make equal bytes. */
const DAY = 0x21;
const MOST_BYTES = 0xffff_ffff;

interface Entry {
  readonly name: Buffer;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** Writes a zip archive piece by piece, with no more in memory than one piece. Throws RangeError where a size is beyond 4 GiB. */
export class ZipWriter {
  readonly #sink: Sink;
  readonly #entries: Entry[] = [];
  #offset = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Adds a file of these texts (UTF-8), taken as they can be written. */
  async add(path: string, texts: AsyncIterable<string> | Iterable<string>): Promise<void> {
    const name = Buffer.from(path);
    const offset = this.#offset;
    await this.#write(
      fields([4, LOCAL], [2, VERSION], [2, FLAGS], [2, DEFLATED], [2, 0], [2, DAY], [12, 0], [2, name.length], [2, 0]),
    );
    await this.#write(name);
    const begin = this.#offset;
    const { crc, size } = await this.#deflate(texts);
    const packed = this.#offset - begin;
    if (size > MOST_BYTES) throw new RangeError(`${path} is larger than 4 GiB`);
    await this.#write(fields([4, DESCRIPTOR], [4, crc], [4, packed], [4, size]));
    this.#entries.push({ name, crc, packed, size, offset });
  }

  /** Writes the directory; nothing may be added after it. */
  async end(): Promise<void> {
    const begin = this.#offset;
    for (const { name, crc, packed, size, offset } of this.#entries) {
      const versions = [
        [2, VERSION],
        [2, VERSION],
      ] as const;
      const form = [
        [2, FLAGS],
        [2, DEFLATED],
        [2, 0],
        [2, DAY],
      ] as const;
      const sizes = [
        [4, crc],
        [4, packed],
        [4, size],
        [2, name.length],
      ] as const;
      await this.#write(fields([4, ENTRY], ...versions, ...form, ...sizes, [12, 0], [4, offset]));
      await this.#write(name);
    }
    const count = this.#entries.length;
    const length = this.#offset - begin;
    await this.#write(fields([4, END], [4, 0], [2, count], [2, count], [4, length], [4, begin], [2, 0]));
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#offset += bytes.length;
    if (this.#offset > MOST_BYTES) throw new RangeError('the archive is larger than 4 GiB');
    await this.#sink(bytes);
  }

  async #deflate(texts: AsyncIterable<string> | Iterable<string>): Promise<{ crc: number; size: number }> {
    let [crc, size] = [0, 0];
    async function* counted(): AsyncGenerator<Buffer> {
      for await (const text of texts) {
        const bytes = Buffer.from(text);
        crc = crc32(bytes, crc);
        size += bytes.length;
        yield bytes;
      }
    }
    await pipeline(counted(), createDeflateRaw(), async (packed: AsyncIterable<Uint8Array>) => {
      for await (const bytes of packed) await this.#write(bytes);
    });
    return { crc, size };
  }
}

/** Little-endian numbers of so many bytes; those of more than four are all zero. */
function fields(...all: readonly (readonly [bytes: number, value: number])[]): Buffer {
  const buffer = Buffer.alloc(all.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of all) {
    if (bytes <= 4) buffer.writeUIntLE(value, at, bytes);
    at += bytes;
  }
  return buffer;
}
