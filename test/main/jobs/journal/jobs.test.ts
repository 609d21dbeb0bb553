import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventsOf } from '../../../../src/main/jobs/journal/events.ts';
import {
  createJob,
  getJob,
  listJobs,
  markErased,
  nameJob,
  setJobState,
  tryWrite,
} from '../../../../src/main/jobs/journal/jobs.ts';
import { jobSpec, testDatabases, type TestDatabases } from '../../../support/journal.ts';
import { failure as refusal } from '../intake/support.ts';

const at = (second: number): string => `2026-01-02T03:04:0${second}.000Z`;
const TEXT = { zh: '磁盘已满', en: 'the disk is full' };

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

const create = (parentId: number | null = null): number =>
  createJob(databases, { spec: jobSpec(), at: at(1), parentId });

describe('a job', () => {
  it('begins as an intake, and is found as it was made', () => {
    const id = create();
    const job = {
      ...jobSpec(),
      id,
      state: 'intake',
      pauseReason: null,
      pauseText: null,
      createdAt: at(1),
      startedAt: null,
      endedAt: null,
      parentId: null,
    };
    expect(getJob(databases, { id })).toEqual(job);
    const child = create(id);
    expect(getJob(databases, { id: child }).parentId).toBe(id);
    expect(listJobs(databases).map((one) => one.id)).toEqual([child, id]);
  });

  it('that is not there is refused by its number', async () => {
    const error = await refusal(() => getJob(databases, { id: 7 }));
    expect([error.code, error.text, error.data]).toEqual([
      'JOB_NOT_FOUND',
      {
        message: { zh: '没有编号为 7 的任务。', en: 'There is no job 7.' },
        remedy: { zh: '请在任务列表里查看现有任务。', en: 'See the list of jobs for those there are.' },
      },
      { job: 7 },
    ]);
  });

  it('keeps when it first ran and when it ended, why it is paused, and each of its states', () => {
    const id = create();
    const stands = (): unknown[] => {
      const { state, pauseReason, pauseText, startedAt, endedAt } = getJob(databases, { id });
      return [state, pauseReason, pauseText, startedAt, endedAt];
    };
    const move = (second: number, change: Omit<Parameters<typeof setJobState>[1], 'id' | 'at'>): unknown[] => {
      setJobState(databases, { id, at: at(second), ...change });
      return stands();
    };
    expect(move(2, { state: 'running' })).toEqual(['running', null, null, at(2), null]);
    expect(move(3, { state: 'paused', reason: 'disk_full', text: TEXT })).toEqual([
      'paused',
      'disk_full',
      TEXT,
      at(2),
      null,
    ]);
    expect(move(4, { state: 'running' })).toEqual(['running', null, null, at(2), null]);
    expect(move(5, { state: 'finished' })).toEqual(['finished', null, null, at(2), at(5)]);
    expect(move(6, { state: 'paused', reason: 'person' })).toEqual(['paused', 'person', null, at(2), null]);
    expect(move(7, { state: 'cancelled' })).toEqual(['cancelled', null, null, at(2), at(7)]);
    const events = eventsOf(databases, { jobId: id, after: 0, limit: 9 });
    expect(events.map(({ rowNo, atMs, kind, data }) => [rowNo, atMs, kind, data['state'], data['reason']])).toEqual(
      (
        [
          ['running', null],
          ['paused', 'disk_full'],
          ['running', null],
          ['finished', null],
          ['paused', 'person'],
          ['cancelled', null],
        ] as const
      ).map(([state, reason], index) => [null, Date.parse(at(index + 2)), 'state', state, reason]),
    );
  });

  it('that another moves is left alone, with its name and its mark', () => {
    const [id, other] = [create(), create()];
    setJobState(databases, { id, state: 'running', at: at(2) });
    nameJob(databases, { id, title: 'May' });
    markErased(databases, { id });
    expect(getJob(databases, { id: other })).toMatchObject({ ...jobSpec(), state: 'intake' });
    expect(getJob(databases, { id: other }).title).toBeUndefined();
  });

  it('can be given a name and lose it, and keeps all else', () => {
    const id = create();
    nameJob(databases, { id, title: '五月 "May"' });
    expect(getJob(databases, { id })).toMatchObject({ ...jobSpec(), title: '五月 "May"' });
    nameJob(databases, { id, title: null });
    expect(getJob(databases, { id })).not.toHaveProperty('title');
    expect(getJob(databases, { id })).toMatchObject({ ...jobSpec() });
  });

  it('is marked when nothing is left to erase of it', () => {
    const id = create();
    expect(getJob(databases, { id }).erased).toBeUndefined();
    markErased(databases, { id });
    expect(getJob(databases, { id })).toMatchObject({ ...jobSpec(), erased: true });
  });
});

describe('trying whether the journal can be written', () => {
  it('leaves nothing', () => {
    const id = create();
    tryWrite(databases, { id });
    expect(eventsOf(databases, { jobId: id, after: 0, limit: 9 })).toEqual([]);
  });

  it('fails where there is room for little alone, and leaves nothing', () => {
    const id = create();
    const pages = databases.writer.prepare('PRAGMA page_count').get()?.['page_count'];
    databases.writer.db.exec(`PRAGMA max_page_count = ${Number(pages) + 16}`);
    expect(() => tryWrite(databases, { id })).toThrow('full');
    expect(eventsOf(databases, { jobId: id, after: 0, limit: 9 })).toEqual([]);
    setJobState(databases, { id, state: 'running', at: at(2) });
  });
});
