import type { Account } from '../../contract/account.ts';
import type { AppError } from '../../contract/errors.ts';
import { appError } from '../../contract/errors.ts';

/** ACCOUNT_NOT_FOUND with the labels there are. */
export function notFound(accounts: readonly Account[]): AppError {
  const labels = accounts.map((account) => account.label);
  return appError(
    'ACCOUNT_NOT_FOUND',
    { zh: '没有这个账号。', en: 'There is no such account.' },
    labels.length === 0
      ? { zh: '还没有任何账号，请先添加一个。', en: 'No account has been added yet; add one first.' }
      : { zh: `现有的账号：${labels.join('、')}。`, en: `Known accounts: ${labels.join(', ')}.` },
    { data: { known: labels.join(', ') } },
  );
}

/** ACCOUNT_EXISTS: the name is another account's. */
export function accountExists(label: string): AppError {
  return appError(
    'ACCOUNT_EXISTS',
    { zh: `已有名为“${label}”的账号。`, en: `There is already an account named "${label}".` },
    { zh: '请换一个名称，或先删除那个账号。', en: 'Choose another name, or remove that account first.' },
    { data: { label: label } },
  );
}

/** VAULT_TWINS_ONLY: a real account on a keychain that is not the system's. */
export function twinsOnly(): AppError {
  return appError(
    'VAULT_TWINS_ONLY',
    {
      zh: '现在用的是内存钥匙串，只能放模拟账号，不能保存或读取真实账号的密钥。',
      en: "The keychain in use lives in memory and serves twins alone; a real account's secrets are neither kept in it nor read.",
    },
    { zh: '请在有系统钥匙串的环境里使用真实账号。', en: 'Use real accounts where there is a system keychain.' },
  );
}

/** SECRET_MISSING: the keychain works and holds no item of the account. */
export function secretMissing(label: string): AppError {
  return appError(
    'SECRET_MISSING',
    {
      zh: `系统钥匙串里没有账号“${label}”的密钥。`,
      en: `The system keychain holds no secrets of account "${label}".`,
    },
    {
      zh: '钥匙串可能被清空，或账号文件来自另一台机器：请为这个账号重新填写密钥。',
      en: 'The keychain may have been cleared, or the accounts file comes from another machine: enter the secrets of this account again.',
    },
    { data: { account: label } },
  );
}

/** SECRET_CHANGED: the item is not the one that the console wrote. */
export function secretChanged(label: string): AppError {
  return appError(
    'SECRET_CHANGED',
    {
      zh: `账号“${label}”在系统钥匙串里的密钥被别的程序改过，不是这里保存的那个，所以没有使用。`,
      en: `The secrets of account "${label}" in the system keychain were changed by something else and are not those saved here, so they were not used.`,
    },
    {
      zh: '如果是您自己改的，请在“账号”里确认采用；否则请重新填写密钥，并查明是谁改的。',
      en: 'If you changed them yourself, accept them under Accounts; otherwise enter the secrets again, and find out who changed them.',
    },
    { data: { account: label } },
  );
}

/** The keychain's own error, told for an account that is removed all the same. */
export function stillInKeychain(account: Account, reason: AppError): AppError {
  return appError(
    reason.code,
    {
      zh: `账号“${account.label}”已删除，但它的密钥还留在系统钥匙串里：${reason.text.message.zh}`,
      en: `Account "${account.label}" is removed, but its secrets are still in the system keychain. ${reason.text.message.en}`,
    },
    {
      zh: `${reason.text.remedy.zh}之后任何一次账号改动都会把它们删掉。`,
      en: `${reason.text.remedy.en} The next change of any account deletes them then.`,
    },
    { data: { ...reason.data, account: account.label }, cause: reason },
  );
}
