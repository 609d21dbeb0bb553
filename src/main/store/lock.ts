import { DatabaseSync } from 'node:sqlite';
import { appError } from '../../contract/errors.ts';
import { isBusy } from './errors.ts';

/** The writer's lock; the operating system frees it when the process dies. */
export interface WriterLock {
  release(): void;
}

/**
 * Takes the EXCLUSIVE lock on the side file `path`, so that one process alone writes and recovers.
 * A SQLite file is used because its locks are the same on every system. Throws WRITER_BUSY when another process has it.
 */
export function takeWriterLock(path: string): WriterLock {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
  } catch (error) {
    db.close();
    if (!isBusy(error)) throw error;
    throw appError(
      'WRITER_BUSY',
      { zh: '另一个窗口或命令正在写入。', en: 'Another window or command of this console is writing.' },
      {
        zh: '请等它结束，或先将它暂停；查看与导出不受影响。',
        en: 'Wait for it to end or pause it first; looking and exporting still work.',
      },
      { cause: error },
    );
  }
  return { release: () => db.close() };
}
