import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/**
 * What an item of the keychain is known by again: scrypt of it under a salt of its own. A plain digest would let a short secret (a merchant's
 * number, as one vendor signs with) be found by trying; this costs tens of milliseconds a try.
 */
export const markSchema = z.strictObject({ salt: z.string().length(22), hash: z.string().length(43) });
export type Mark = z.infer<typeof markSchema>;

const COST = { N: 2 ** 14, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

function derive(item: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(Buffer.from(item, 'utf8'), salt, HASH_BYTES, COST, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Marks an item. */
export async function markOf(item: string): Promise<Mark> {
  const salt = randomBytes(SALT_BYTES);
  return { salt: salt.toString('base64url'), hash: (await derive(item, salt)).toString('base64url') };
}

/** Whether one of the marks is this item's. */
export async function isMarked(item: string, marks: readonly Mark[]): Promise<boolean> {
  for (const { salt, hash } of marks) {
    const found = await derive(item, Buffer.from(salt, 'base64url'));
    const kept = Buffer.from(hash, 'base64url');
    if (kept.length === found.length && timingSafeEqual(kept, found)) return true;
  }
  return false;
}
