import { appError } from '../../contract/errors.ts';
import { BUSY_MS, type Connection } from './database.ts';
import type { Databases } from './serve.ts';

/**
 * Ends an erasure: writes the database anew without what was erased, and empties its write-ahead log before and after. Throws DATABASE_BUSY when
 * another program reads it: then copies of what was erased may be left, until this is done again.
 */
export function finishErasing({ writer }: Databases): void {
  emptyLog(writer);
  const before = Number(writer.db.prepare('PRAGMA temp_store').get()?.['temp_store']);
  // Through a file of its own, which has what is kept alone: a database of a million orders does not fit into memory.
  writer.db.exec('PRAGMA temp_store = FILE');
  try {
    writer.db.exec('VACUUM');
  } finally {
    writer.db.exec(`PRAGMA temp_store = ${before}`);
  }
  emptyLog(writer);
}

/** While another thread writes the log back, SQLite refuses at once instead of waiting. */
const AGAIN_MS = 20;

function emptyLog(writer: Connection): void {
  const until = performance.now() + BUSY_MS;
  do {
    const row = writer.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    if (Number(row?.['busy']) === 0) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN_MS);
  } while (performance.now() < until);
  throw appError(
    'DATABASE_BUSY',
    {
      zh: '数据已删除，但另一个程序正在读取数据库，日志里可能还有残留。',
      en: 'The data is deleted, but another program reads the database, so its log may still hold copies.',
    },
    { zh: '请关闭另一个程序，再删除一次。', en: 'Close the other program and erase once more.' },
  );
}
