import type { BackupItem, Difference } from '../../../contract/backup.ts';
import type { Bilingual } from '../../../contract/text.ts';
import { number } from '../../i18n/index.ts';

/** Words of backups. */
export const W = {
  title: { zh: '备份与恢复', en: 'Backup and restore' },
  make: { zh: '生成备份', en: 'Make a backup' },
  makeText: {
    zh: '把所有账号连同密钥写进一个加密文件。没有口令谁也打不开它，忘了口令也没有办法找回。',
    en: 'Writes all accounts with their secrets into one encrypted file. Nobody can open it without its passphrase, and a forgotten passphrase cannot be recovered.',
  },
  passphrase: { zh: '口令', en: 'Passphrase' },
  passphraseHelp: {
    zh: '四五个不相干的词最好记，也最难猜。口令不会保存在任何地方。',
    en: 'Four or five words that have nothing to do with each other are easy to keep in mind and hard to guess. It is kept nowhere.',
  },
  strength: { zh: '强度', en: 'Strength' },
  again: { zh: '再输一次口令', en: 'The passphrase once more' },
  notSame: { zh: '两次输入的口令不同。', en: 'The two differ.' },
  makeNow: { zh: '生成备份文件', en: 'Make the backup file' },
  working: {
    zh: '正在读取密钥并加密…系统可能会询问是否允许使用钥匙串。',
    en: 'Reading the secrets and encrypting … The system may ask to use the keychain.',
  },
  made: (accounts: number, name: string) => ({
    zh: `已把 ${number(accounts)} 个账号备份到 ${name}`,
    en: accounts === 1 ? `1 account is backed up in ${name}` : `${number(accounts)} accounts are backed up in ${name}`,
  }),
  leftOut: {
    zh: '以下账号的密钥读不出，没有备份：',
    en: 'These accounts are not in it, as their secret could not be read:',
  },
  practice: {
    zh: '练习模式里没有可备份的账号。请先退出练习。',
    en: 'There is nothing to back up in practice. Leave practice first.',
  },
  restore: { zh: '从备份恢复', en: 'Restore from a backup' },
  restoreText: {
    zh: '先看清备份里有什么，再选择要恢复的账号；不会自动覆盖任何东西。',
    en: 'See what is in the backup first, then choose the accounts to be restored. Nothing is overwritten by itself.',
  },
  choose: { zh: '选择备份文件', en: 'Choose a backup file' },
  chosen: { zh: '备份文件', en: 'Backup file' },
  open: { zh: '打开备份', en: 'Open the backup' },
  opening: { zh: '正在解密…', en: 'Decrypting …' },
  madeAt: (at: string) => ({ zh: `生成于 ${at}`, en: `Made ${at}` }),
  accounts: { zh: '备份里的账号', en: 'Accounts in the backup' },
  none: { zh: '这个备份里没有账号。', en: 'There is no account in this backup.' },
  take: { zh: '恢复', en: 'Restore' },
  restoreNow: (count: number) => ({
    zh: `恢复 ${number(count)} 个账号`,
    en: count === 1 ? 'Restore 1 account' : `Restore ${number(count)} accounts`,
  }),
  overwrite: (count: number) => ({
    zh: `其中 ${number(count)} 个会覆盖这里现有的账号和密钥。`,
    en: `${number(count)} of them replace an account and its secret that are here.`,
  }),
  restoreTitle: { zh: '覆盖现有的账号？', en: 'Replace accounts that are here?' },
  restored: (count: number) => ({
    zh: `已恢复 ${number(count)} 个账号。`,
    en: count === 1 ? '1 account is restored.' : `${number(count)} accounts are restored.`,
  }),
  close: { zh: '关闭备份', en: 'Close the backup' },
  back: { zh: '回到账号', en: 'Back to the accounts' },
} as const;

export const STATE_WORDS: Readonly<
  Record<BackupItem['state'], { readonly sign: string; readonly style: string; readonly words: Bilingual }>
> = {
  new: { sign: '+', style: 'new', words: { zh: '这里没有', en: 'new here' } },
  same: { sign: '✓', style: 'same', words: { zh: '相同', en: 'the same' } },
  different: { sign: '!', style: 'different', words: { zh: '不同', en: 'different' } },
};

export const DIFFERENCE_WORDS: Readonly<Record<Difference, Bilingual>> = {
  label: { zh: '名称', en: 'name' },
  address: { zh: '地址', en: 'address' },
  credentials: { zh: '凭据', en: 'credentials' },
  settings: { zh: '设置', en: 'settings' },
  pacing: { zh: '速度', en: 'pacing' },
  colour: { zh: '颜色', en: 'colour' },
  secret: { zh: '密钥', en: 'secret' },
};
