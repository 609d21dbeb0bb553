import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/contract/errors.ts';
import { seal, unseal } from '../../../src/main/backup/container.ts';

const CHEAP = { N: 2 ** 14, r: 8, p: 1 };
const PASSPHRASE = 'four unrelated 词 here';
const TEXT = '{"version":1,"accounts":[],"字":"文"}';
const AT = '2026-05-06T07:08:09.000Z';

let file: Buffer;
beforeAll(async () => {
  file = await seal(TEXT, PASSPHRASE, AT, CHEAP);
});

async function codeOf(bytes: Buffer, passphrase = PASSPHRASE): Promise<string> {
  try {
    await unseal(bytes, passphrase);
    return 'opened';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

/** Where the header's JSON ends, its checksum follows. */
const headerEnd = (bytes: Buffer): number => 13 + bytes.readUInt32BE(9);

/** The file with another header, its checksum made right again, as a hostile one would have it. */
function withHeader(change: (header: Record<string, unknown>) => void): Buffer {
  const end = headerEnd(file);
  const header = JSON.parse(file.subarray(13, end).toString()) as Record<string, unknown>;
  change(header);
  const json = Buffer.from(JSON.stringify(header));
  const head = Buffer.concat([file.subarray(0, 9), Buffer.alloc(4), json]);
  head.writeUInt32BE(json.length, 9);
  const sum = createHash('sha256').update(head).digest();
  return Buffer.concat([head, sum, file.subarray(end + 32)]);
}

describe('an encrypted backup', () => {
  it('opens with its passphrase, however its signs are written, and holds nothing in the open', async () => {
    expect(await unseal(file, PASSPHRASE)).toEqual({ text: TEXT, createdAt: AT });
    expect(await unseal(file, PASSPHRASE.normalize('NFD'))).toEqual({ text: TEXT, createdAt: AT });
    expect(file.includes('accounts')).toBe(false);
    expect(file.includes('unrelated')).toBe(false);
  });

  it('is another file each time', async () => {
    const again = await seal(TEXT, PASSPHRASE, AT, CHEAP);
    expect(again.subarray(headerEnd(again)).equals(file.subarray(headerEnd(file)))).toBe(false);
  });

  it('keeps its scrypt parameters in the file: 128 MiB by default', async () => {
    const dear = await seal('{}', PASSPHRASE, AT);
    expect(JSON.parse(dear.subarray(13, headerEnd(dear)).toString())).toMatchObject({
      kdf: 'scrypt',
      N: 131_072,
      r: 8,
    });
    expect(await unseal(dear, PASSPHRASE)).toMatchObject({ text: '{}' });
  });

  it('names a wrong passphrase, a later format, another file, each apart', async () => {
    expect(await codeOf(file, 'four unrelated words here')).toBe('BACKUP_PASSPHRASE');
    expect(await codeOf(file, '')).toBe('BACKUP_PASSPHRASE');
    const newer = Buffer.from(file);
    newer[8] = 2;
    expect(await codeOf(newer)).toBe('BACKUP_NEWER');
    expect(await codeOf(newer.subarray(0, 9))).toBe('BACKUP_NEWER');
    for (const other of ['', 'PK\x03\x04 a workbook', '{"json":1}']) {
      expect(await codeOf(Buffer.from(other, 'latin1'))).toBe('BACKUP_FOREIGN');
    }
  });

  it('is named cut off wherever it is cut', async () => {
    const cuts = [3, 8, 9, 12, 13, 40, headerEnd(file), headerEnd(file) + 31, headerEnd(file) + 32, file.length - 1];
    for (const length of cuts) expect(await codeOf(file.subarray(0, length)), String(length)).toBe('BACKUP_TRUNCATED');
  });

  it('never opens with any bit of it changed, nor with something behind it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Buffer.from(file);
        changed[at] = file[at]! ^ (1 << bit);
        expect(['opened', 'INTERNAL']).not.toContain(await codeOf(changed));
      }),
      { numRuns: 150 },
    );
    const [body] = [headerEnd(file) + 40];
    const changed = Buffer.from(file);
    changed[body] = file[body]! ^ 1;
    expect(await codeOf(changed)).toBe('BACKUP_ALTERED');
    expect(await codeOf(Buffer.concat([file, Buffer.from([0])]))).toBe('BACKUP_ALTERED');
  });

  it('authenticates its whole header: one that was made right again does not open', async () => {
    const forged = withHeader((header) => (header['createdAt'] = '2020-01-01T00:00:00.000Z'));
    expect(await codeOf(forged)).toBe('BACKUP_ALTERED');
  });

  it.each([
    ['N', 2 ** 20],
    ['N', 2 ** 40],
    ['N', 3 * 2 ** 13],
    ['N', 2],
    ['r', 1_000_000],
    ['p', 1_000],
    ['bytes', 2 ** 40],
    ['bytes', -1],
    ['salt', ''],
    ['kdf', 'none'],
  ])('that asks for %s %s is refused before anything is derived', async (field, value) => {
    const before = process.memoryUsage().rss;
    expect(await codeOf(withHeader((header) => (header[field] = value)))).toBe('BACKUP_ALTERED');
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('answers any bytes with an error of its own', async () => {
    const begins = fc.uint8Array({ maxLength: 600 }).map((rest) => Buffer.concat([file.subarray(0, 9), rest]));
    const any = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(fc.oneof(begins, any), async (bytes) => {
        expect(await codeOf(bytes)).toMatch(/^BACKUP_/);
      }),
      { numRuns: 500 },
    );
  });
});
