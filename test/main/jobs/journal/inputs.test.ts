import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { earlierJobs, recallMapping, rememberMapping } from '../../../../src/main/jobs/journal/inputs.ts';
import { createJob, setJobState } from '../../../../src/main/jobs/journal/jobs.ts';
import type { JobSpec, JobState } from '../../../../src/main/jobs/types.ts';
import { fitRow, jobSpec, readyJob, testDatabases, type TestDatabases } from '../../../support/journal.ts';
import { settleRows } from '../mend/support.ts';

const AT = '2026-01-02T03:04:05.000Z';
const SAME = { kind: 'file', name: 'may.csv', sha256: 'ab' } as const;

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

const earlier = () => earlierJobs(databases, { accountId: 'shop-1', operation: 'update-status', sha256: 'ab' });
const fileJob = (change: Partial<JobSpec> = {}, rows = 1): number =>
  readyJob(
    databases,
    Array.from({ length: rows }, (_, index) => fitRow(index + 1, `o${index + 1}`)),
    { source: SAME, ...change },
  );
const to = (jobId: number, ...states: JobState[]): void => {
  for (const state of states) setJobState(databases, { id: jobId, state, at: AT });
};

describe('earlier jobs of a file', () => {
  it('are told with their state and how much of them is done, the newest first', () => {
    const first = fileJob({}, 3);
    settleRows(databases, first, [
      { rowNo: 1, order: 'o1', state: 'succeeded' },
      { rowNo: 2, order: 'o2', state: 'unknown', note: { zh: '', en: '' } },
    ]);
    to(first, 'running', 'paused');
    const second = fileJob({ source: { ...SAME, name: 'renamed.csv' } });
    expect(earlier()).toEqual([
      { jobId: second, state: 'ready', createdAt: AT, total: 1, succeeded: 0 },
      { jobId: first, state: 'paused', createdAt: AT, total: 3, succeeded: 1 },
    ]);
  });

  it.each<[string, Partial<JobSpec>]>([
    ['another account', { accountId: 'shop-2' }],
    ['another operation', { operation: 'another' }],
    ['other bytes', { source: { ...SAME, sha256: 'cd' } }],
    ['a paste of the same bytes', { source: { ...SAME, kind: 'paste' } }],
  ])('are none of %s', (_which, change) => {
    fileJob(change);
    expect(earlier()).toEqual([]);
  });

  it('are none that is being read in, made of another job, or was cancelled before anything was sent', () => {
    createJob(databases, { spec: jobSpec({ source: SAME }), at: AT, parentId: null });
    const parent = fileJob();
    databases.writer.db.exec(`UPDATE job SET parent_id = ${parent} WHERE id = ${fileJob()}`);
    to(fileJob(), 'cancelled');
    const begun = fileJob();
    to(begun, 'running', 'cancelled');
    expect(earlier().map(({ jobId }) => jobId)).toEqual([begun, parent]);
  });

  it('are at most twenty', () => {
    const ids = Array.from({ length: 21 }, () => fileJob({}, 0));
    expect(earlier().map(({ jobId }) => jobId)).toEqual(ids.slice(1).toReversed());
  });
});

describe('the columns that were used for a header', () => {
  const HEADER = { vendor: 'pdd', operation: 'note-update', header: 'h1' };
  const remember = (columns: Record<string, number>, change: Partial<typeof HEADER> = {}): void =>
    rememberMapping(databases, { ...HEADER, ...change, columns, atMs: 5 });

  it('are recalled, the last ones, and none for a new header', () => {
    expect(recallMapping(databases, HEADER)).toBeNull();
    remember({ order: 1 });
    remember({ order: 2, note: 0 });
    expect(recallMapping(databases, HEADER)).toEqual({ order: 2, note: 0 });
  });

  it.each([{ vendor: 'polyv' }, { operation: 'other' }, { header: 'h2' }])('are of that one alone: %o', (change) => {
    remember({ order: 1 });
    expect(recallMapping(databases, { ...HEADER, ...change })).toBeNull();
    remember({ order: 7 }, change);
    expect(recallMapping(databases, HEADER)).toEqual({ order: 1 });
    expect(recallMapping(databases, { ...HEADER, ...change })).toEqual({ order: 7 });
  });
});
