import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { z } from '../../contract/zod.ts';
import { alteredFile, foreignFile, newerFile, truncatedFile, wrongPassphrase } from './errors.ts';
import { LEAST_BYTES, MOST_BYTES } from './sizes.ts';

// The file: "OCBACKUP", the format's number (1 byte), the header's length (4, big-endian), the header (JSON), SHA-256 of all that (32), the
// text under AES-256-GCM, its tag (16). All before the encrypted text is authenticated with it.
const MAGIC = Buffer.from('OCBACKUP', 'latin1');
const FORMAT = 1;
const HEADER_AT = MAGIC.length + 1 + 4;
const MOST_HEADER = 4_096;
const SUM_BYTES = 32;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const CHECK = 'order-console backup: is this the passphrase?';

/** 128 MiB and some tenths of a second: what a guesser pays for each try. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
/** What a file may ask for at most: a hostile one must not take gigabytes or hours. */
const MOST_MEMORY = 256 * 1024 * 1024;
const MOST_LANES = 4;

const base64 = (bytes: number): z.ZodType<Buffer> =>
  z
    .string()
    .regex(/^[A-Za-z0-9+/]*={0,2}$/u)
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((found) => found.length === bytes);

const headerSchema = z.strictObject({
  kdf: z.literal('scrypt'),
  N: z
    .number()
    .int()
    .min(2 ** 14)
    .max(2 ** 20)
    .refine((value) => Number.isInteger(Math.log2(value))),
  r: z.number().int().min(8).max(32),
  p: z.number().int().min(1).max(MOST_LANES),
  salt: base64(16),
  iv: base64(12),
  check: base64(32),
  bytes: z.number().int().min(2).max(MOST_BYTES),
  createdAt: z.string().max(40),
});
type Header = z.infer<typeof headerSchema>;

interface Keys {
  readonly text: Buffer;
  readonly check: Buffer;
}

function derive(passphrase: string, { N, r, p, salt }: Pick<Header, 'N' | 'r' | 'p' | 'salt'>): Promise<Keys> {
  // One sign written in two ways is one passphrase.
  const typed = Buffer.from(passphrase.normalize('NFKC'), 'utf8');
  return new Promise((resolve, reject) => {
    scrypt(typed, salt, 2 * KEY_BYTES, { N, r, p, maxmem: 2 * MOST_MEMORY }, (error, key) => {
      typed.fill(0);
      if (error === null) resolve({ text: key.subarray(0, KEY_BYTES), check: key.subarray(KEY_BYTES) });
      else reject(error);
    });
  });
}

const checkOf = (keys: Keys): Buffer => createHmac('sha256', keys.check).update(CHECK).digest();

/** The bytes before the encrypted text. */
function headOf(header: Readonly<Record<string, string | number>>): Buffer {
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  const head = Buffer.concat([MAGIC, Buffer.from([FORMAT]), length, json]);
  return Buffer.concat([head, createHash('sha256').update(head).digest()]);
}

/** Encrypts a text under a passphrase. */
export async function seal(
  text: string,
  passphrase: string,
  createdAt: string,
  cost: Pick<Header, 'N' | 'r' | 'p'> = COST,
): Promise<Buffer> {
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const keys = await derive(passphrase, { ...cost, salt });
  const plain = Buffer.from(text, 'utf8');
  const head = headOf({
    kdf: 'scrypt',
    ...cost,
    salt: salt.toString('base64'),
    iv: iv.toString('base64'),
    check: checkOf(keys).toString('base64'),
    bytes: plain.length,
    createdAt,
  });
  const cipher = createCipheriv('aes-256-gcm', keys.text, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(head);
  const sealed = Buffer.concat([head, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  plain.fill(0);
  return sealed;
}

function headerIn(file: Buffer): { readonly header: Header; readonly textAt: number } {
  if (file.length < MAGIC.length || !file.subarray(0, MAGIC.length).equals(MAGIC)) {
    // A file cut off within its first bytes still begins as one of ours.
    const begins = file.length > 0 && file.length < MAGIC.length && MAGIC.subarray(0, file.length).equals(file);
    throw begins ? truncatedFile(file.length, LEAST_BYTES) : foreignFile();
  }
  const format = file[MAGIC.length];
  if (format === undefined) throw truncatedFile(file.length, LEAST_BYTES);
  if (format > FORMAT) throw newerFile(format);
  if (format < FORMAT) throw alteredFile();
  if (file.length < HEADER_AT) throw truncatedFile(file.length, LEAST_BYTES);
  const length = file.readUInt32BE(MAGIC.length + 1);
  if (length > MOST_HEADER) throw alteredFile();
  const sumAt = HEADER_AT + length;
  const textAt = sumAt + SUM_BYTES;
  if (file.length < textAt) throw truncatedFile(file.length, textAt + TAG_BYTES);
  const sum = createHash('sha256').update(file.subarray(0, sumAt)).digest();
  if (!sum.equals(file.subarray(sumAt, textAt))) throw alteredFile();
  let json: unknown;
  try {
    json = JSON.parse(file.subarray(HEADER_AT, sumAt).toString('utf8'));
  } catch {
    throw alteredFile();
  }
  const read = headerSchema.safeParse(json);
  if (!read.success || 128 * read.data.N * read.data.r * read.data.p > MOST_MEMORY) throw alteredFile();
  return { header: read.data, textAt };
}

/**
 * Decrypts what `seal` made. BACKUP_FOREIGN, BACKUP_NEWER, BACKUP_TRUNCATED, BACKUP_ALTERED, BACKUP_PASSPHRASE; takes no more memory or time
 * than a backup of ours does, whatever the file asks for.
 */
export async function unseal(
  file: Buffer,
  passphrase: string,
): Promise<{ readonly text: string; readonly createdAt: string }> {
  const { header, textAt } = headerIn(file);
  const tagAt = textAt + header.bytes;
  if (file.length < tagAt + TAG_BYTES) throw truncatedFile(file.length, tagAt + TAG_BYTES);
  if (file.length > tagAt + TAG_BYTES) throw alteredFile();
  const keys = await derive(passphrase, header);
  if (!timingSafeEqual(checkOf(keys), header.check)) throw wrongPassphrase();
  const decipher = createDecipheriv('aes-256-gcm', keys.text, header.iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(file.subarray(0, textAt));
  decipher.setAuthTag(file.subarray(tagAt));
  try {
    const plain = Buffer.concat([decipher.update(file.subarray(textAt, tagAt)), decipher.final()]);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(plain);
    plain.fill(0);
    return { text, createdAt: header.createdAt };
  } catch {
    throw alteredFile();
  }
}
