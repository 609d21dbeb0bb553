import type { Account } from '../../contract/account.ts';
import type { AuditWhat } from '../../contract/audit.ts';
import type { AppError } from '../../contract/errors.ts';
import { appError } from '../../contract/errors.ts';
import type { Values } from '../vendors/types.ts';
import type { AccountIndex, AccountsFile } from './accounts-file.ts';
import { withMarks, type SecretKeeper } from './keeper.ts';
import type { Item } from './secret-item.ts';

/** What a rotation stands on. */
export interface RotationParts {
  readonly file: AccountsFile;
  readonly keeper: SecretKeeper;
  readonly now: () => number;
  /** Told of each step, once it is done. */
  readonly onDone: (what: AuditWhat, account: Account) => Promise<void>;
  /** The account, where its keychain may be used. */
  readonly account: (id: string) => Promise<Account>;
  /** Its item, checked. */
  readonly item: (account: Account) => Promise<Item>;
  /** Checks secrets against the vendor's fields. */
  readonly checked: (account: Account, secrets: Values) => Values;
}

/** Two secrets in overlap: the new one is kept beside the old, tested, switched to, and the old one deleted at last. Each answers the account. */
export interface Rotation {
  /** Keeps a new secret beside the one in use. ACCOUNT_INVALID. */
  stage(id: string, secrets: Values): Promise<Account>;
  /** The secrets that are not in use. ROTATION_STATE where there are none. */
  readOther(id: string): Promise<Values>;
  /** Notes that the staged secret has passed its test. */
  noteTested(id: string): Promise<void>;
  /** Uses the other secret from now on; back again, too. `untested`: the person insists on one that no call could test. ROTATION_STATE. */
  swap(id: string, untested: boolean): Promise<Account>;
  /** Deletes the secret that is not in use. */
  finish(id: string): Promise<Account>;
}

function wrongState(account: Account, why: 'none' | 'untested'): AppError {
  return appError(
    'ROTATION_STATE',
    why === 'none'
      ? {
          zh: `账号“${account.label}”没有另一个密钥。`,
          en: `Account "${account.label}" has no other secret.`,
        }
      : {
          zh: `账号“${account.label}”的新密钥还没有测试通过。`,
          en: `The new secret of account "${account.label}" has not passed its test yet.`,
        },
    why === 'none'
      ? { zh: '请先存入新密钥。', en: 'Enter the new secret first.' }
      : { zh: '请先测试新密钥，通过后再切换。', en: 'Test the new secret first, and switch once it has passed.' },
    { data: { account: account.label } },
  );
}

/** The account without a rotation. */
export function settled({ rotation: _over, ...account }: Account): Account {
  return account;
}

/** Makes the steps of a rotation. */
// eslint-disable-next-line max-lines-per-function -- one closure over what a rotation stands on; each step in it is short
export function createRotation({ file, keeper, now, account, item, checked, onDone }: RotationParts): Rotation {
  const at = (): string => new Date(now()).toISOString();

  async function write(id: string, what: AuditWhat, held: Item, edit: (account: Account) => Account): Promise<Account> {
    const mark = await keeper.store(id, held, true);
    const changed = await file.change((index: AccountIndex) => {
      const accounts = index.accounts.map((one) => (one.id === id ? edit(one) : one));
      const next = { ...index, accounts };
      const result = accounts.find((one) => one.id === id);
      if (result === undefined) throw new Error('the account was removed meanwhile');
      return { next: mark === null ? next : withMarks(next, id, [mark]), result };
    });
    await onDone(what, changed);
    return changed;
  }

  async function both(id: string): Promise<{ readonly account: Account; readonly held: Item; readonly other: Values }> {
    const present = await account(id);
    const held = await item(present);
    if (present.rotation === undefined || held.other === null) throw wrongState(present, 'none');
    return { account: present, held, other: held.other };
  }

  return {
    async stage(id, secrets) {
      const present = await account(id);
      const other = checked(present, secrets);
      const held = await item(present);
      return write(id, 'rotation.staged', { secrets: held.secrets, other }, (one) => ({
        ...one,
        rotation: { stage: 'staged', at: at() },
      }));
    },
    readOther: async (id) => (await both(id)).other,
    async noteTested(id) {
      await file.change((index) => ({
        next: {
          ...index,
          accounts: index.accounts.map((one) =>
            one.id === id && one.rotation !== undefined
              ? { ...one, rotation: { ...one.rotation, testedAt: at() } }
              : one,
          ),
        },
        result: undefined,
      }));
    },
    async swap(id, untested) {
      const { account: present, held, other } = await both(id);
      const { rotation } = present;
      if (rotation?.stage === 'staged' && rotation.testedAt === undefined && !untested) {
        throw wrongState(present, 'untested');
      }
      const stage = rotation?.stage === 'staged' ? 'switched' : 'staged';
      return write(
        id,
        'rotation.switched',
        { secrets: other, other: held.secrets },
        ({ lastVerifiedAt: _old, ...one }) => ({
          ...one,
          // The old one has proved itself for as long as it was in use, so going back and forth needs no test.
          rotation: { stage, at: at(), ...(stage === 'staged' ? { testedAt: rotation?.testedAt ?? at() } : {}) },
          ...(rotation?.testedAt === undefined || stage === 'staged' ? {} : { lastVerifiedAt: rotation.testedAt }),
          secretSavedAt: at(),
        }),
      );
    },
    async finish(id) {
      const { held } = await both(id);
      return write(id, 'rotation.finished', { secrets: held.secrets, other: null }, settled);
    },
  };
}
