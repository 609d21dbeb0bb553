import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { accountSchema, type Account } from '../../contract/account.ts';
import type { BackupItem, Difference, MadeBackup, OpenedBackup } from '../../contract/backup.ts';
import { AppError } from '../../contract/errors.ts';
import { strengthOf } from '../../contract/passphrase.ts';
import { z } from '../../contract/zod.ts';
import { replaceFile } from '../vault/accounts-file.ts';
import type { Vault } from '../vault/index.ts';
import type { Values } from '../vendors/types.ts';
import { seal, unseal } from './container.ts';
import { alteredFile, backupGone, foreignFile, nothingToKeep, weakPassphrase } from './errors.ts';
import { MOST_BYTES } from './sizes.ts';

/** An opened backup, secrets and all, is forgotten after so long. */
const OPEN_MS = 10 * 60_000;

const contentSchema = z.strictObject({
  version: z.literal(1),
  accounts: z.array(z.strictObject({ account: accountSchema, secrets: z.record(z.string(), z.string()) })).max(10_000),
});
type Kept = z.infer<typeof contentSchema>['accounts'][number];

/** The file's default name. */
export function backupName(now: Date): string {
  return `order-console-${now.toISOString().slice(0, 10)}.ocbackup`;
}

/**
 * Writes all accounts with their secrets into one encrypted file. Accounts whose secret can't be read are left out and named. PASSPHRASE_WEAK,
 * ACCOUNT_NOT_FOUND where there is none, the keychain's error where no secret can be read.
 */
export async function makeBackup(
  vault: Vault,
  path: string,
  passphrase: string,
  now = new Date(),
): Promise<Omit<MadeBackup, 'file'>> {
  if (strengthOf(passphrase) === 'weak') throw weakPassphrase();
  const kept: Kept[] = [];
  const leftOut: { label: string; why: AppError['text']['message'] }[] = [];
  let last: AppError | null = null;
  for (const account of await vault.list()) {
    try {
      kept.push({ account, secrets: { ...(await vault.readSecrets(account.id)) } });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      last = error;
      leftOut.push({ label: account.label, why: error.text.message });
    }
  }
  if (kept.length === 0) throw last ?? nothingToKeep();
  const text = JSON.stringify({ version: 1, accounts: kept });
  await replaceFile(path, await seal(text, passphrase, now.toISOString()), async () => true);
  return { accounts: kept.length, leftOut };
}

async function readBackup(path: string, passphrase: string): Promise<{ accounts: Kept[]; createdAt: string }> {
  if ((await stat(path)).size > MOST_BYTES) throw foreignFile();
  const { text, createdAt } = await unseal(await readFile(path), passphrase);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw alteredFile();
  }
  const read = contentSchema.safeParse(json);
  if (!read.success) throw alteredFile();
  return { accounts: read.data.accounts, createdAt };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const sorted = (values: Values): unknown => Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));

/** In what an account of the backup differs from the one that is here. Reads no secret: what is kept here is known by its mark. */
async function differences(vault: Vault, here: Account, { account, secrets }: Kept): Promise<Difference[]> {
  const found: readonly (readonly [Difference, boolean])[] = [
    ['label', here.label === account.label],
    ['address', here.baseUrl === account.baseUrl && same([...here.hosts].sort(), [...account.hosts].sort())],
    ['credentials', same(sorted(here.plain), sorted(account.plain))],
    ['settings', same(sorted(here.settings), sorted(account.settings))],
    ['pacing', same(here.pacing ?? null, account.pacing ?? null)],
    ['colour', here.colour === account.colour],
    ['secret', await vault.hasSecrets(here.id, secrets)],
  ];
  return found.filter(([, equal]) => !equal).map(([what]) => what);
}

/** Backups that are opened: one at a time, its secrets in main's memory alone. */
export class BackupDesk {
  #open: { readonly id: string; readonly kept: readonly Kept[]; readonly timer: NodeJS.Timeout } | null = null;

  /** Opens a backup and tells what is new, the same and different here. */
  async open(vault: Vault, path: string, passphrase: string): Promise<OpenedBackup> {
    this.close();
    const { accounts, createdAt } = await readBackup(path, passphrase);
    const here = new Map((await vault.list()).map((account) => [account.id, account]));
    const items: BackupItem[] = [];
    for (const kept of accounts) {
      const { id, label, vendor, environment } = kept.account;
      const known = here.get(id);
      const differs = known === undefined ? [] : await differences(vault, known, kept);
      const state = known === undefined ? 'new' : differs.length === 0 ? 'same' : 'different';
      items.push({ id, label, vendor, environment, state, differs });
    }
    const id = randomUUID();
    this.#open = { id, kept: accounts, timer: setTimeout(() => this.close(), OPEN_MS).unref() };
    return { restoreId: id, createdAt, items };
  }

  /** Puts the chosen accounts back, each as the backup has it, and forgets the backup. Answers how many. */
  async restore(vault: Vault, restoreId: string, ids: readonly string[]): Promise<number> {
    const opened = this.#open;
    if (opened?.id !== restoreId) throw backupGone();
    const wanted = opened.kept.filter(({ account }) => ids.includes(account.id));
    for (const { account, secrets } of wanted) await vault.restore(account, secrets);
    this.close();
    return wanted.length;
  }

  close(): void {
    if (this.#open !== null) clearTimeout(this.#open.timer);
    this.#open = null;
  }
}
