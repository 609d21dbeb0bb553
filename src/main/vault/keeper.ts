import type { Account, SecretStateView } from '../../contract/account.ts';
import { AppError } from '../../contract/errors.ts';
import type { Values } from '../vendors/types.ts';
import type { AccountIndex, AccountsFile } from './accounts-file.ts';
import type { Keychain } from './keychain.ts';
import { isMarked, markOf, type Mark } from './marks.ts';
import { diagnose } from './probe.ts';
import { readItem, secretDamaged, writeItem, type Item } from './secret-item.ts';
import { secretChanged, secretMissing } from './vault-errors.ts';

/** The accounts' items in the keychain, each known again by its mark in the accounts file. */
export interface SecretKeeper {
  /**
   * Writes an item. `known`: its account is in the file, where the new mark stands beside the old until the keychain has taken the item, so that
   * whatever becomes of the call the item is known. Answers the mark that is to stand there afterwards; null where none is kept.
   */
  store(id: string, item: Item, known: boolean): Promise<Mark | null>;
  /** What an item holds, the `required` fields among its secrets. SECRET_MISSING, SECRET_DAMAGED, SECRET_CHANGED or a KEYCHAIN_… code. */
  read(account: Account, required: readonly string[]): Promise<Item>;
  /** Takes the item as it is now for the account's own. SECRET_MISSING, SECRET_DAMAGED. */
  accept(account: Account): Promise<void>;
  /** Whether these are the item's secrets, told by its mark without reading the item; false where there is none. */
  readonly has: (id: string, secrets: Values) => Promise<boolean>;
  /** Deletes an item; rejects unless it is surely gone. */
  drop(id: string): Promise<void>;
  /** What the last reading of an item said; nothing is read to find out. */
  readonly state: (id: string) => SecretStateView;
}

/** The index with these marks for an account; none for an empty list. */
export function withMarks(index: AccountIndex, id: string, marks: readonly Mark[]): AccountIndex {
  const { [id]: _old, ...others } = index.marks ?? {};
  return { ...index, marks: marks.length === 0 ? others : { ...others, [id]: marks } };
}

const STATES: Partial<Record<AppError['code'], SecretStateView>> = {
  SECRET_MISSING: 'missing',
  SECRET_DAMAGED: 'damaged',
  SECRET_CHANGED: 'changed',
};

/** Keeps items. On a keychain that lives in memory nobody else can change one, so no marks are made. */
// eslint-disable-next-line max-lines-per-function -- one closure holds the keychain, the marks and what was learnt; each method in it is short
export function createKeeper(keychain: Keychain, file: AccountsFile): SecretKeeper {
  const marks = keychain.kind === 'system';
  const states = new Map<string, SecretStateView>();
  const marksOf = async (id: string): Promise<readonly Mark[]> => (await file.read()).marks?.[id] ?? [];
  const setMarks = (id: string, next: readonly Mark[]): Promise<void> =>
    file.change((index) => ({ next: withMarks(index, id, next), result: undefined }));

  /** The item; where none is seen, the keychain is probed before that is believed, and it may have been unlocked by the probe. */
  async function seek(account: Account): Promise<string> {
    const item = await keychain.get(account.id);
    if (item !== null) return item;
    const { error } = await diagnose(keychain);
    if (error) throw error;
    const found = await keychain.get(account.id);
    if (found === null) throw secretMissing(account.label);
    return found;
  }

  async function readNow(account: Account, required: readonly string[]): Promise<Item> {
    const item = await seek(account);
    const held = readItem(item, account.label);
    if (required.some((field) => !Object.hasOwn(held.secrets, field))) throw secretDamaged(account.label);
    if (!marks) return held;
    const known = await marksOf(account.id);
    // An account of before there were marks: its item is taken as it is found.
    if (known.length === 0) await setMarks(account.id, [await markOf(item)]);
    else if (!(await isMarked(item, known))) {
      // Another process of ours may have replaced it between the two readings.
      const again = await marksOf(account.id);
      if (again === known || !(await isMarked(item, again))) throw secretChanged(account.label);
    }
    return held;
  }

  return {
    async store(id, held, known) {
      const item = writeItem(held);
      if (!marks) {
        await keychain.set(id, item);
        states.delete(id);
        return null;
      }
      const mark = await markOf(item);
      const before = known ? await marksOf(id) : [];
      if (known) await setMarks(id, [...before, mark]);
      try {
        await keychain.set(id, item);
      } catch (error) {
        // A prompt that is still open may yet be answered: then both are kept.
        const unsure = error instanceof AppError && error.code === 'KEYCHAIN_TIMEOUT';
        if (known && !unsure) await setMarks(id, before);
        throw error;
      }
      states.delete(id);
      return mark;
    },
    async read(account, required) {
      try {
        const held = await readNow(account, required);
        states.set(account.id, 'ok');
        return held;
      } catch (error) {
        const state = error instanceof AppError ? STATES[error.code] : undefined;
        if (state !== undefined) states.set(account.id, state);
        throw error;
      }
    },
    async accept(account) {
      const item = await seek(account);
      readItem(item, account.label);
      if (marks) await setMarks(account.id, [await markOf(item)]);
      states.delete(account.id);
    },
    has: async (id, secrets) => isMarked(writeItem({ secrets, other: null }), await marksOf(id)),
    async drop(id) {
      states.delete(id);
      // False alone does not say that it is gone: a locked Linux keyring gives it too.
      if (await keychain.delete(id)) return;
      const { error } = await diagnose(keychain);
      if (error) throw error;
      await keychain.delete(id);
    },
    state: (id) => states.get(id) ?? 'not_read',
  };
}
