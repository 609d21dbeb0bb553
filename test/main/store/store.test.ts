import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { packRows } from '../../../src/main/jobs/journal/packed.ts';
import type { JournalProcedures } from '../../../src/main/jobs/journal/procedures.ts';
import { Checkpoints } from '../../../src/main/store/checkpoints.ts';
import { durability, openReader, openWriter } from '../../../src/main/store/database.ts';
import { finishErasing } from '../../../src/main/store/erase.ts';
import { takeWriterLock } from '../../../src/main/store/lock.ts';
import { startStore } from '../../../src/main/store/client.ts';
import { DATABASE_FILE } from '../../../src/main/store/serve.ts';
import { MIGRATIONS } from '../../../src/main/store/schema.ts';
import { storeError } from '../../../src/main/store/errors.ts';
import { AppError } from '../../../src/contract/errors.ts';
import { fitRow, jobSpec, temporaryFolder } from '../../support/journal.ts';

const WORKER = new URL('../../../src/main/data-worker.ts', import.meta.url);
const folders: { remove(): void }[] = [];

function folder(): string {
  const made = temporaryFolder();
  folders.push(made);
  return made.path;
}

afterEach(() => {
  for (const made of folders.splice(0)) made.remove();
});

describe('the database', () => {
  it('commits durably: WAL with synchronous FULL, foreign keys on', () => {
    const writer = openWriter(join(folder(), 'journal.db'), 'linux');
    expect(durability(writer)).toEqual({
      journal_mode: 'wal',
      synchronous: 2,
      foreign_keys: 1,
      fullfsync: 0,
      checkpoint_fullfsync: 0,
      busy_timeout: 5000,
    });
    writer.close();
  });

  it('asks macOS for the full flush', () => {
    const writer = openWriter(join(folder(), 'journal.db'), 'darwin');
    expect(durability(writer)).toMatchObject({ fullfsync: 1, checkpoint_fullfsync: 1, synchronous: 2 });
    writer.close();
  });

  it('brings a new file to the newest version, and refuses one from a later program untouched', () => {
    const path = join(folder(), 'journal.db');
    openWriter(path).close();
    const raw = new DatabaseSync(path);
    expect(raw.prepare('PRAGMA user_version').get()?.['user_version']).toBe(MIGRATIONS.length);
    raw.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    raw.close();
    expect(() => openWriter(path)).toThrow(expect.objectContaining({ code: 'DATABASE_NEWER' }));
    const after = new DatabaseSync(path);
    expect(after.prepare('PRAGMA user_version').get()?.['user_version']).toBe(MIGRATIONS.length + 1);
    after.close();
  });

  it('leaves out the flush of a transaction that need only be durable with the next, and of no other', () => {
    const writer = openWriter(join(folder(), 'journal.db'));
    const flush = (): unknown => durability(writer)['synchronous'];
    expect(writer.transaction(flush)).toBe(2);
    expect(writer.transaction(flush, 'withNext')).toBe(1);
    expect(flush()).toBe(2);
    expect(() =>
      writer.transaction(() => {
        throw new Error('no');
      }, 'withNext'),
    ).toThrow('no');
    expect(flush()).toBe(2);
    writer.close();
  });

  it('undoes a transaction that throws, and goes on', () => {
    const writer = openWriter(join(folder(), 'journal.db'));
    const insert = (code: string): void =>
      void writer.prepare('INSERT INTO phrase (code, json) VALUES (?, ?)').run(code, code);
    expect(() =>
      writer.transaction(() => {
        insert('a');
        throw new Error('no');
      }),
    ).toThrow('no');
    writer.transaction(() => insert('b'));
    expect(writer.prepare('SELECT code FROM phrase').all()).toEqual([expect.objectContaining({ code: 'b' })]);
    writer.close();
  });

  it('does not write through the reader', () => {
    const path = join(folder(), 'journal.db');
    openWriter(path).close();
    const reader = openReader(path);
    expect(() => reader.db.exec("INSERT INTO phrase (code, json) VALUES ('a', 'a')")).toThrow(/readonly/);
    reader.close();
  });

  it('names a full disk', () => {
    const writer = openWriter(join(folder(), 'journal.db'));
    const pages = Number(writer.db.prepare('PRAGMA page_count').get()?.['page_count']);
    writer.db.exec(`PRAGMA max_page_count = ${pages}`);
    const fill = (): void =>
      writer.transaction(() => {
        for (let i = 0; i < 1000; i += 1) {
          writer.prepare('INSERT INTO phrase (code, json) VALUES (?, ?)').run('x', `${i}`.padEnd(1000, 'x'));
        }
      });
    let caught: unknown;
    try {
      fill();
    } catch (error) {
      caught = storeError(error);
    }
    expect(caught).toMatchObject({ code: 'DISK_FULL' });
    expect(writer.prepare('SELECT count(*) AS n FROM phrase').get()?.['n']).toBe(0);
    writer.close();
  });

  it('passes a known error on and wraps an unknown one without its words', () => {
    const known = new AppError('USAGE', { message: { zh: '', en: '' }, remedy: { zh: '', en: '' } });
    expect(storeError(known)).toBe(known);
    const wrapped = storeError(new Error('row 12 of Zhang San'));
    expect(wrapped.code).toBe('DATABASE_FAILED');
    expect(wrapped.message).not.toContain('Zhang');
  });
});

describe("the writer's lock", () => {
  it('is held by one at a time in a process', () => {
    const path = join(folder(), 'writer.lock');
    const first = takeWriterLock(path);
    expect(() => takeWriterLock(path)).toThrow(expect.objectContaining({ code: 'WRITER_BUSY' }));
    first.release();
    takeWriterLock(path).release();
  });

  it('keeps another process out, and is free when its holder was killed', () => {
    const path = join(folder(), 'writer.lock');
    const lock = new URL('../../../src/main/store/lock.ts', import.meta.url).href;
    const code = `const { takeWriterLock } = await import('${lock}'); takeWriterLock(process.argv[1]); `;
    const run = (rest: string): ReturnType<typeof spawnSync> =>
      spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', code + rest, path], {
        encoding: 'utf8',
      });
    const held = takeWriterLock(path);
    expect(String(run('').stderr)).toContain('WRITER_BUSY');
    held.release();
    expect(run("process.kill(process.pid, 'SIGKILL')").signal).toBe('SIGKILL');
    takeWriterLock(path).release();
  });
});

it('ends an erasure after a checkpoint that another thread is at, which SQLite does not wait for', () => {
  const writer = openWriter(join(folder(), 'journal.db'));
  let refusals = 2;
  const { db } = writer;
  const refusing = {
    ...writer,
    db: {
      exec: (sql: string) => db.exec(sql),
      prepare: (sql: string) =>
        sql.includes('wal_checkpoint') && refusals-- > 0 ? { get: () => ({ busy: 1 }) } : db.prepare(sql),
    } as unknown as DatabaseSync,
  };
  finishErasing({ writer: refusing, reader: writer });
  expect(refusals).toBeLessThan(0);
  writer.close();
});

describe('the store in its worker thread', () => {
  it('answers calls, keeps the lock while it is open, and lets a second process read', async () => {
    const path = folder();
    const store = await startStore<JournalProcedures>(WORKER, { folder: path, mode: 'write' });
    const id = await store.call('createJob', { spec: jobSpec(), at: '2026-01-02T03:04:05.000Z', parentId: null });
    await expect(startStore(WORKER, { folder: path, mode: 'write' })).rejects.toMatchObject({ code: 'WRITER_BUSY' });
    const reading = await startStore<JournalProcedures>(WORKER, { folder: path, mode: 'read' });
    expect(await reading.call('getJob', { id })).toMatchObject({ id, state: 'intake', accountId: 'shop-1' });
    await expect(reading.call('createJob', { spec: jobSpec(), at: '', parentId: null })).rejects.toMatchObject({
      code: 'DATABASE_FAILED',
    });
    await reading.close();
    expect(await store.durability()).toMatchObject({ journal_mode: 'wal', synchronous: 2 });
    await store.close();
    await (await startStore(WORKER, { folder: path, mode: 'write' })).close();
  });

  it('hands errors on with code, texts and data', async () => {
    const store = await startStore<JournalProcedures>(WORKER, { folder: folder(), mode: 'write' });
    await expect(store.call('getJob', { id: 7 })).rejects.toMatchObject({
      code: 'JOB_NOT_FOUND',
      data: { job: 7 },
      text: { message: { en: 'There is no job 7.', zh: '没有编号为 7 的任务。' } },
    });
    await store.close();
    await expect(store.call('getJob', { id: 7 })).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    await store.close();
  });

  it('writes the log back beside its commits, and closes with nothing in it', async () => {
    const path = folder();
    const file = join(path, DATABASE_FILE);
    const store = await startStore<JournalProcedures>(WORKER, { folder: path, mode: 'write' });
    const jobId = await store.call('createJob', { spec: jobSpec(), at: '2026-01-02T03:04:05.000Z', parentId: null });
    const before = statSync(file).size;
    for (let firstRowNo = 1; firstRowNo < 30_000; firstRowNo += 1_000) {
      const rows = packRows(Array.from({ length: 1_000 }, (_, at) => fitRow(firstRowNo + at, `o${firstRowNo + at}`)));
      await store.call('addRows', { jobId, firstRowNo, rows });
    }
    // Less than the commits let gather.
    expect(statSync(`${file}-wal`).size).toBeLessThan(8_000 * 8_192);
    await expect.poll(() => statSync(file).size, { timeout: 10_000 }).toBeGreaterThan(before);
    await store.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
    const whole = openReader(file);
    expect(whole.db.prepare('SELECT count(*) AS n FROM row').get()?.['n']).toBe(30_000);
    whole.close();
  });

  it('goes on without the thread that writes the log back', async () => {
    const path = join(folder(), DATABASE_FILE);
    const writer = openWriter(path);
    const checkpoints = new Checkpoints(new URL('file:///no/such/thread.js'), path);
    const insert = writer.prepare('INSERT INTO phrase (code, json) VALUES (?, ?)');
    const write = (from: number): void =>
      writer.transaction(() => {
        for (let at = from; at < from + 25_000; at += 1) insert.run('x', String(at));
      });
    write(0);
    checkpoints.after(writer);
    await new Promise((resolve) => setTimeout(resolve, 500));
    write(25_000);
    checkpoints.after(writer);
    await checkpoints.close();
    writer.close();
  });

  it('says that there is nothing to read yet', async () => {
    const path = folder();
    await expect(startStore(WORKER, { folder: path, mode: 'read' })).rejects.toMatchObject({
      code: 'DATABASE_MISSING',
    });
    expect(readdirSync(path)).toEqual([]);
  });
});
