import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/contract/errors.ts';
import { seal, unseal } from '../../src/main/backup/container.ts';
import { fuzz } from './harness.ts';
import { anyBytes, mutatedBytes, oddJson } from './hostile.ts';

const PASSPHRASE = 'tusk vineyard quarry';
const HEADER_AT = 13;

let whole: Buffer;
beforeAll(async () => {
  whole = await seal('{"version":1,"accounts":[]}', PASSPHRASE, '2026-05-06T07:08:09.000Z', { N: 2 ** 14, r: 8, p: 1 });
});

/** A file whose header says anything, its checksum right. */
function withHeader(json: string): Buffer {
  const text = Buffer.from(json, 'utf8');
  const head = Buffer.concat([whole.subarray(0, HEADER_AT), text]);
  head.writeUInt32BE(text.length, HEADER_AT - 4);
  const end = HEADER_AT + whole.readUInt32BE(HEADER_AT - 4);
  return Buffer.concat([head, createHash('sha256').update(head).digest(), whole.subarray(end + 32)]);
}

describe('a backup file that is anything', () => {
  it('is refused with words, and asks for no more memory than one of ours', async () => {
    const header = JSON.parse(
      whole.subarray(HEADER_AT, HEADER_AT + whole.readUInt32BE(HEADER_AT - 4)).toString('utf8'),
    ) as Record<string, unknown>;
    const fields = Object.keys(header);
    const forged = fc
      .tuple(fc.constantFrom(...fields), fc.oneof(oddJson, fc.constantFrom<unknown>(2 ** 30, 2 ** 53, -1, 0, 1.5)))
      .map(([field, value]) => withHeader(JSON.stringify({ ...header, [field]: value })));
    const files = fc.oneof(
      { weight: 3, arbitrary: fc.constant(null).chain(() => mutatedBytes([whole])) },
      { weight: 3, arbitrary: forged },
      { weight: 1, arbitrary: anyBytes },
    );
    await fuzz('backup files', files, async (file) => {
      try {
        const { text } = await unseal(file, PASSPHRASE);
        // Nothing was changed after all.
        expect(JSON.parse(text)).toEqual({ version: 1, accounts: [] });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        expect(error.code).toMatch(/^BACKUP_/);
      }
    });
  });
});
