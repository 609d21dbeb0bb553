import type { AppError } from '../../contract/errors.ts';
import { appError } from '../../contract/errors.ts';
import { LEAST_BYTES } from './sizes.ts';

/** BACKUP_FOREIGN: the file is no backup of the console. */
export function foreignFile(): AppError {
  return appError(
    'BACKUP_FOREIGN',
    { zh: '这个文件不是控制台的备份。', en: 'This file is no backup of the console.' },
    { zh: '请选择以 .ocbackup 结尾的备份文件。', en: 'Choose a backup file, whose name ends in .ocbackup.' },
  );
}

/** BACKUP_NEWER: a later version of the console made it. */
export function newerFile(version: number): AppError {
  return appError(
    'BACKUP_NEWER',
    {
      zh: `这个备份由更新版本的控制台生成（格式 ${version}）。`,
      en: `This backup was made by a newer version of the console (format ${version}).`,
    },
    { zh: '请先更新控制台，再恢复它。', en: 'Update the console first, then restore it.' },
    { data: { version } },
  );
}

/** BACKUP_TRUNCATED: its end is missing. */
export function truncatedFile(bytes: number, wanted: number): AppError {
  return appError(
    'BACKUP_TRUNCATED',
    {
      zh: `备份文件不完整：应有 ${Math.max(wanted, LEAST_BYTES)} 字节，只有 ${bytes} 字节。`,
      en: `The backup file is cut off: it should have ${Math.max(wanted, LEAST_BYTES)} bytes and has ${bytes}.`,
    },
    {
      zh: '请重新复制这个文件，或用另一份备份。',
      en: 'Copy the file again from where it came, or use another backup.',
    },
    { data: { bytes } },
  );
}

/** BACKUP_ALTERED: what it holds is not what was written. */
export function alteredFile(): AppError {
  return appError(
    'BACKUP_ALTERED',
    {
      zh: '备份文件损坏或被改动过，里面的内容不可信，什么都没有恢复。',
      en: 'The backup file is damaged or was altered: what is in it cannot be trusted, and nothing was restored.',
    },
    { zh: '请用另一份备份。', en: 'Use another backup.' },
  );
}

/** BACKUP_PASSPHRASE: the passphrase is another one. */
export function wrongPassphrase(): AppError {
  return appError(
    'BACKUP_PASSPHRASE',
    { zh: '口令不对。', en: 'The passphrase is not the right one.' },
    {
      zh: '请检查大小写和输入法后重试。没有口令，谁也打不开这个备份。',
      en: 'Mind capitals and the input method, and try again. Without its passphrase nobody can open the backup.',
    },
    { data: { field: 'passphrase' } },
  );
}

/** PASSPHRASE_WEAK: a guesser would find it too soon. */
export function weakPassphrase(): AppError {
  return appError(
    'PASSPHRASE_WEAK',
    { zh: '口令太弱，容易被猜到。', en: 'The passphrase is too weak and would soon be guessed.' },
    {
      zh: '请用更长的口令，例如四五个不相干的词。',
      en: 'Take a longer one, for instance four or five words that have nothing to do with each other.',
    },
    { data: { field: 'passphrase' } },
  );
}

/** BACKUP_GONE: it is not open any more. */
export function backupGone(): AppError {
  return appError(
    'BACKUP_GONE',
    { zh: '这个备份已经关闭。', en: 'This backup is not open any more.' },
    { zh: '请重新选择文件并输入口令。', en: 'Choose the file and type its passphrase again.' },
  );
}

/** INTAKE_EMPTY would be another's: there is no account whose secret can be kept. */
export function nothingToKeep(): AppError {
  return appError(
    'ACCOUNT_NOT_FOUND',
    { zh: '还没有可以备份的账号。', en: 'There is no account to back up yet.' },
    { zh: '请先添加账号。', en: 'Add an account first.' },
  );
}
