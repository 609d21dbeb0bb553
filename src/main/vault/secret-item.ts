import { z } from 'zod';
import type { AppError } from '../../contract/errors.ts';
import { appError } from '../../contract/errors.ts';
import type { Values } from '../vendors/types.ts';

const values = z.record(z.string(), z.string().min(1));
const itemSchema = z.union([
  z.strictObject({ v: z.literal(1), s: values }),
  z.strictObject({ v: z.literal(2), s: values, o: values }),
]);

/** What an account's item holds. */
export interface Item {
  /** The secrets in use. */
  readonly secrets: Values;
  /** Those of a rotation beside them; null where none is under way. */
  readonly other: Values | null;
}

/** The one keychain item of an account: its secret fields with a version, as short as JSON lets it be. */
export function writeItem({ secrets, other }: Item): string {
  return JSON.stringify(other === null ? { v: 1, s: secrets } : { v: 2, s: secrets, o: other });
}

/** The error for an item that is there but can't be used; says nothing of its content. */
export function secretDamaged(label: string): AppError {
  return appError(
    'SECRET_DAMAGED',
    {
      zh: `账号“${label}”存在系统钥匙串里的密钥已损坏或不完整。`,
      en: `The secrets of account "${label}" in the system keychain are damaged or incomplete.`,
    },
    { zh: '请为这个账号重新填写密钥。', en: 'Enter the secrets of this account again.' },
    { data: { account: label } },
  );
}

/** Reads an item back; SECRET_DAMAGED when it is not one. The parser's own error quotes the item, so it is not kept. */
export function readItem(item: string, label: string): Item {
  let json: unknown;
  try {
    json = JSON.parse(item);
  } catch {
    throw secretDamaged(label);
  }
  const read = itemSchema.safeParse(json);
  if (!read.success) throw secretDamaged(label);
  return { secrets: read.data.s, other: read.data.v === 2 ? read.data.o : null };
}
