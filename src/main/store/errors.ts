import { AppError, appError } from '../../contract/errors.ts';

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
/** SQLITE_IOERR_SHMSIZE: the index of the WAL could not grow. */
const SHM_SIZE = 10 | (19 << 8);

function extendedCode(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null;
}

function resultCode(error: unknown): number | null {
  const code = extendedCode(error);
  return code === null ? null : code & 0xff;
}

/** Whether SQLite refused because another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === SQLITE_BUSY;
}

/** A database error as a person meets it; an AppError passes unchanged. */
export function storeError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = resultCode(error);
  if (code === SQLITE_FULL || extendedCode(error) === SHM_SIZE) {
    return appError(
      'DISK_FULL',
      { zh: '磁盘已满，记录无法写入。', en: 'The disk is full, so the journal cannot be written.' },
      {
        zh: '请腾出磁盘空间后继续；没有写入记录的订单不会发送。',
        en: 'Free some disk space and resume; no order is sent without its journal entry.',
      },
      { cause: error },
    );
  }
  if (code === SQLITE_BUSY) {
    return appError(
      'DATABASE_BUSY',
      { zh: '数据库被另一个程序占用。', en: 'The database is held by another program.' },
      { zh: '请关闭占用它的程序后重试。', en: 'Close the program that holds it and try again.' },
      { cause: error },
    );
  }
  return appError(
    'DATABASE_FAILED',
    { zh: '数据库读写失败。', en: 'The database could not be read or written.' },
    {
      zh: '请检查磁盘与数据文件夹的权限；日志里有详细原因。',
      en: 'Check the disk and the rights of the data folder; the log has the details.',
    },
    { cause: error, ...(code === null ? {} : { data: { sqlite: code } }) },
  );
}
