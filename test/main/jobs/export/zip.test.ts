import { describe, expect, it } from 'vitest';
import { ZipWriter } from '../../../../src/main/jobs/export/zip.ts';
import { partsOf } from './support.ts';

type Texts = AsyncIterable<string> | Iterable<string>;

async function zipOf(files: readonly (readonly [string, Texts])[], pieces: Buffer[] = []): Promise<Buffer> {
  const zip = new ZipWriter(async (bytes) => {
    pieces.push(Buffer.from(bytes));
  });
  for (const [path, texts] of files) await zip.add(path, texts);
  await zip.end();
  return Buffer.concat(pieces);
}

async function* later(...texts: readonly string[]): AsyncGenerator<string> {
  for (const text of texts) yield await Promise.resolve(text);
}

describe('ZipWriter', () => {
  it('makes an archive that any reader takes, of texts as they come', async () => {
    const bytes = await zipOf([
      ['a.txt', ['one', ' 二 ', '😀']],
      ['夹/b.xml', later('x'.repeat(100_000), '', 'y')],
      ['empty', []],
    ]);
    expect([...partsOf(bytes)]).toEqual([
      ['a.txt', 'one 二 😀'],
      ['夹/b.xml', `${'x'.repeat(100_000)}y`],
      ['empty', ''],
    ]);
    expect(bytes.length).toBeLessThan(1_000);
  });

  it('is an archive with nothing in it, too', async () => {
    const bytes = await zipOf([]);
    expect([bytes.length, partsOf(bytes).size]).toEqual([22, 0]);
  });

  it('says how each file is packed: deflated, named in UTF-8, its sizes behind it, of no time', async () => {
    const bytes = await zipOf([['中', ['text']]]);
    const local = [4, 6, 8, 10, 12].map((at) => bytes.readUInt16LE(at));
    expect([bytes.readUInt32LE(0), ...local]).toEqual([0x0403_4b50, 20, 0x0808, 8, 0, 0x21]);
    expect([bytes.subarray(14, 26).every((one) => one === 0), bytes.readUInt16LE(26), bytes.readUInt16LE(28)]).toEqual([
      true,
      3,
      0,
    ]);
    const entry = bytes.readUInt32LE(bytes.length - 6);
    expect([4, 6, 8, 10, 12, 14].map((at) => bytes.readUInt16LE(entry + at))).toEqual([20, 20, 0x0808, 8, 0, 0x21]);
    expect(bytes.subarray(entry + 30, entry + 42).every((one) => one === 0)).toBe(true);
  });

  it('makes equal bytes of equal texts, however they are cut', async () => {
    const [one, other] = [await zipOf([['a', ['xyz']]]), await zipOf([['a', later('x', 'y', 'z')]])];
    expect(one.equals(other)).toBe(true);
  });

  it('hands its bytes on while texts are still to come', async () => {
    const pieces: Buffer[] = [];
    const seen: number[] = [];
    async function* many(): AsyncGenerator<string> {
      for (let index = 0; index < 40; index += 1) {
        seen.push(pieces.length);
        yield await Promise.resolve(Array.from({ length: 5_000 }, (_, at) => Math.sin(at * index)).join());
      }
    }
    await zipOf([['a', many()]], pieces);
    expect(seen[39]).toBeGreaterThan(3);
  });

  it('fails as its texts or the disk fail', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield await Promise.resolve('a');
      throw new Error('no more rows');
    }
    await expect(zipOf([['a', broken()]])).rejects.toThrow('no more rows');
    const full = new ZipWriter(() => Promise.reject(new Error('full')));
    await expect(full.add('a', ['x'])).rejects.toThrow('full');
  });
});
