import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { appError } from '../../contract/errors.ts';
import { JOURNAL, type DatabaseKind } from './schema.ts';

/** A connection that keeps its prepared statements. */
export interface Connection {
  readonly db: DatabaseSync;
  /** The prepared statement of this text, made once. */
  prepare(sql: string): StatementSync;
  /**
   * Runs `body` in one immediate transaction: all of it is committed, or none. Durably, unless it need only become durable with the next
   * durable one: then a power cut before that undoes it whole.
   */
  transaction<T>(body: () => T, durable?: 'now' | 'withNext'): T;
  close(): void;
}

function inTransaction<T>(db: DatabaseSync, body: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const value = body();
    db.exec('COMMIT');
    return value;
  } catch (error) {
    // A full disk rolls back by itself; a second rollback would hide the first error.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function wrap(db: DatabaseSync): Connection {
  const statements = new Map<string, StatementSync>();
  return {
    db,
    prepare(sql) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = db.prepare(sql);
        statements.set(sql, statement);
      }
      return statement;
    },
    transaction(body, durable = 'now') {
      // NORMAL keeps the WAL's order and leaves out the flush alone; the next flush is of the whole WAL.
      if (durable === 'withNext') db.exec('PRAGMA synchronous = NORMAL');
      try {
        return inTransaction(db, body);
      } finally {
        if (durable === 'withNext') db.exec('PRAGMA synchronous = FULL');
      }
    },
    close() {
      statements.clear();
      db.close();
    },
  };
}

/** How long a connection waits for another program's lock before it gives up, ms. */
export const BUSY_MS = 5_000;

/**
 * Opens the database for writing, brings its schema up to date and makes every commit durable: WAL with synchronous FULL, and on
 * macOS the full flush that plain fsync does not give. Throws DATABASE_NEWER when a later version of the console wrote it.
 */
export function openWriter(
  path: string,
  platform: NodeJS.Platform = process.platform,
  busyMs: number = BUSY_MS,
  kind: DatabaseKind = JOURNAL,
): Connection {
  const db = new DatabaseSync(path);
  try {
    db.exec(`PRAGMA busy_timeout = ${busyMs}`);
    // Of a new database alone: its rows are some 400 bytes and come in order, so that half as many pages are written for them.
    db.exec('PRAGMA page_size = 8192');
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    db.exec('PRAGMA cache_size = -8192; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 2000;');
    if (platform === 'darwin') db.exec('PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;');
    db.exec(kind.pragmas);
    const connection = wrap(db);
    migrate(connection, kind.migrations);
    return connection;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens the database for reading alone; another process may be writing it. */
export function openReader(path: string): Connection {
  const db = new DatabaseSync(path, { readOnly: true });
  db.exec('PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;');
  return wrap(db);
}

function schemaVersion(connection: Connection): number {
  const row = connection.db.prepare('PRAGMA user_version').get();
  return Number(row?.['user_version'] ?? 0);
}

function migrate(connection: Connection, migrations: readonly string[]): void {
  const version = schemaVersion(connection);
  if (version > migrations.length) {
    throw appError(
      'DATABASE_NEWER',
      {
        zh: `数据由更新的版本写入（${version} > ${migrations.length}）。`,
        en: `The data was written by a newer version (${version} > ${migrations.length}).`,
      },
      { zh: '请升级本程序；数据没有改动。', en: 'Update this program; nothing was changed.' },
    );
  }
  migrations.slice(version).forEach((sql, index) => {
    connection.transaction(() => {
      // Another process may have been faster, where no lock keeps it away.
      if (schemaVersion(connection) > version + index) return;
      connection.db.exec(sql);
      connection.db.exec(`PRAGMA user_version = ${version + index + 1}`);
    });
  });
}

/** The pragmas that durability rests on, as the live connection reports them. */
export function durability(connection: Connection): Record<string, string | number> {
  const names = ['journal_mode', 'synchronous', 'foreign_keys', 'fullfsync', 'checkpoint_fullfsync', 'busy_timeout'];
  const found: Record<string, string | number> = {};
  for (const name of names) {
    const row = connection.db.prepare(`PRAGMA ${name}`).get() ?? {};
    const value = Object.values(row)[0];
    found[name] = typeof value === 'string' ? value : Number(value);
  }
  return found;
}
