import type { Account } from '../../contract/account.ts';
import { accountSchema } from '../../contract/account.ts';
import type { Values, VendorDefinition } from '../vendors/types.ts';
import { foldLabel, type AccountIndex, type AccountsFile } from './accounts-file.ts';
import { withMarks, type SecretKeeper } from './keeper.ts';
import { settled } from './rotation.ts';
import { checkConsent, checkLabel, checkReaches, checkRelay, checkValues, plainFields, secretsOf } from './rules.ts';

/** What restoring stands on. */
export interface Restoring {
  readonly file: AccountsFile;
  readonly keeper: SecretKeeper;
  readonly vendors: (id: Account['vendor']) => VendorDefinition;
  readonly now: () => number;
}

/** A label that no other account has: with a number behind it where it is taken. */
function freeLabel(index: AccountIndex, { id, label }: Account): string {
  const taken = new Set(index.accounts.filter((one) => one.id !== id).map((one) => foldLabel(one.label)));
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? label : `${label.slice(0, 74)} (${number})`;
    if (!taken.has(foldLabel(tried))) return tried;
  }
}

/**
 * Puts an account with its secrets back under its own id, over the one that is there. It passes every check that a new one does, so that a
 * backup can bring in nothing that a person could not add by hand.
 */
export async function restoreAccount(
  { file, keeper, vendors, now }: Restoring,
  given: Account,
  secrets: Values,
): Promise<{ readonly account: Account; readonly isNew: boolean }> {
  const definition = vendors(given.vendor);
  const relay = checkRelay(definition, given.environment, given.relay);
  const consentAt = relay === undefined ? checkConsent(definition, given.environment, given.consentAt) : undefined;
  const checked: Account = {
    ...settled(accountSchema.parse(given)),
    ...checkReaches(given.environment, given.baseUrl, given.hosts),
    label: checkLabel(given.label),
    plain: checkValues(plainFields(definition), given.plain),
    settings: checkValues(definition.settings, given.settings),
    ...(relay === undefined ? {} : { relay }),
    ...(consentAt === undefined ? {} : { consentAt }),
    secretSavedAt: new Date(now()).toISOString(),
  };
  const values = checkValues(secretsOf(definition, checked), secrets);
  const known = (await file.read()).accounts.some(({ id }) => id === checked.id);
  const mark = await keeper.store(checked.id, { secrets: values, other: null }, known);
  return file.change((index) => {
    const account = { ...checked, label: freeLabel(index, checked) };
    const isNew = !index.accounts.some(({ id }) => id === account.id);
    const accounts = isNew
      ? [...index.accounts, account]
      : index.accounts.map((one) => (one.id === account.id ? account : one));
    const next = { ...index, accounts, leftovers: index.leftovers.filter((id) => id !== account.id) };
    return { next: mark === null ? next : withMarks(next, account.id, [mark]), result: { account, isNew } };
  });
}
