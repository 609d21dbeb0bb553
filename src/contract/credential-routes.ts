import { accountSchema, secretsSchema, testSchema } from './account.ts';
import { auditPageSchema, auditVerdictSchema } from './audit.ts';
import { madeBackupSchema, openedBackupSchema, passphraseSchema } from './backup.ts';
import { lockStateSchema } from './lock.ts';
import { route, savedSchema } from './route.ts';
import { signDeskSchema, signWishSchema } from './sign.ts';
import { z } from './zod.ts';

const id = z.string().min(1).max(80);
const nothing = z.undefined();

/** The routes of credentials beyond the accounts themselves. All of them work without a network. */
export const CREDENTIAL_ROUTES = {
  /** Takes a secret that was changed in the keychain by something else for the account's own. */
  'accounts.acceptSecrets': route(z.object({ id }).readonly(), nothing),
  /** Puts the accounts in this order. */
  'accounts.reorder': route(z.object({ ids: z.array(id).max(10_000).readonly() }).readonly(), nothing),
  /** Keeps a new secret beside the one in use. */
  'rotation.stage': route(z.object({ id, secrets: secretsSchema }).readonly(), accountSchema),
  /** Tests the secret that is not in use, with a call that changes nothing. */
  'rotation.test': route(z.object({ id }).readonly(), testSchema),
  /** Uses the other secret from now on. `untested`: the person insists on one that no call can test. */
  'rotation.swap': route(z.object({ id, untested: z.boolean() }).readonly(), accountSchema),
  /** Deletes the secret that is not in use. */
  'rotation.finish': route(z.object({ id }).readonly(), accountSchema),
  /** What was done with accounts, secrets and jobs, the newest first. */
  'audit.page': route(
    z.object({ offset: z.number().int().nonnegative(), limit: z.number().int().min(1).max(200) }).readonly(),
    auditPageSchema,
  ),
  'audit.verify': route(nothing, auditVerdictSchema),
  /** Saves it as JSON lines, each with its hash; null when no file was chosen. */
  'audit.export': route(nothing, savedSchema),
  /** Answers while the window is locked, as its two neighbours do; every other route is refused then. */
  'lock.state': route(nothing, lockStateSchema),
  'lock.unlock': route(z.object({ passphrase: passphraseSchema }).readonly(), lockStateSchema),
  /** Lets the system ask the person. */
  'lock.unlockBySystem': route(nothing, lockStateSchema),
  'lock.set': route(
    z.object({ passphrase: passphraseSchema, current: passphraseSchema.nullable() }).readonly(),
    lockStateSchema,
  ),
  'lock.remove': route(z.object({ current: passphraseSchema }).readonly(), lockStateSchema),
  /** Locks the window: its page is loaded anew. */
  'lock.now': route(nothing, nothing),
  /** Writes all accounts and their secrets into one encrypted file. */
  'backup.make': route(z.object({ passphrase: passphraseSchema }).readonly(), madeBackupSchema),
  'backup.choose': route(
    nothing,
    z.object({ fileId: id, name: z.string(), bytes: z.number().int().nonnegative() }).readonly().nullable(),
  ),
  /** Opens a backup and tells what is new, the same and different here; its secrets stay in main. */
  'backup.open': route(z.object({ fileId: id, passphrase: passphraseSchema }).readonly(), openedBackupSchema),
  /** Puts the chosen accounts back, and forgets the backup. */
  'backup.restore': route(
    z.object({ restoreId: id, ids: z.array(id).max(10_000).readonly() }).readonly(),
    z.object({ restored: z.number().int().nonnegative() }).readonly(),
  ),
  'backup.close': route(nothing, nothing),
  /** Signs what a person wants to see signed, and compares it with what they pasted. */
  'sign.make': route(signWishSchema, signDeskSchema),
} as const;
