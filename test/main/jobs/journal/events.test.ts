import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addEvent, eventsOf } from '../../../../src/main/jobs/journal/events.ts';
import { createJob, setJobState } from '../../../../src/main/jobs/journal/jobs.ts';
import { recover } from '../../../../src/main/jobs/journal/recovery.ts';
import { jobSpec, testDatabases, type TestDatabases } from '../../../support/journal.ts';

const AT = '2026-01-02T03:04:05.000Z';

let databases: TestDatabases;
let jobId: number;

beforeEach(() => {
  databases = testDatabases();
  jobId = createJob(databases, { spec: jobSpec(), at: AT, parentId: null });
});

afterEach(() => databases.close());

describe('the events of a job', () => {
  it('keep each state it came to, with its reason and time', () => {
    setJobState(databases, { id: jobId, state: 'running', at: AT });
    setJobState(databases, { id: jobId, state: 'paused', reason: 'limit', at: AT });
    const events = eventsOf(databases, { jobId, after: 0, limit: 10 });
    expect(events.map(({ kind, data }) => ({ kind, data }))).toEqual([
      { kind: 'state', data: { state: 'running', reason: null } },
      { kind: 'state', data: { state: 'paused', reason: 'limit' } },
    ]);
    expect(events.every(({ atMs }) => atMs === Date.parse(AT))).toBe(true);
  });

  it('tell of the crash that ended a run', () => {
    setJobState(databases, { id: jobId, state: 'running', at: AT });
    recover(databases, { atMs: 7, at: AT });
    expect(eventsOf(databases, { jobId, after: 0, limit: 10 }).at(-1)).toMatchObject({
      atMs: 7,
      data: { state: 'paused', reason: 'crash' },
    });
  });

  it('come in pages, and of one row alone', () => {
    for (const rowNo of [1, 2, 1])
      addEvent(databases.writer, { jobId, rowNo, atMs: 1.4, kind: 'decided', data: { as: 'succeeded' } });
    const first = eventsOf(databases, { jobId, after: 0, limit: 2 });
    expect(first.map(({ rowNo }) => rowNo)).toEqual([1, 2]);
    expect(eventsOf(databases, { jobId, after: first[1]?.id ?? 0, limit: 2 })).toHaveLength(1);
    expect(eventsOf(databases, { jobId, rowNo: 1, after: 0, limit: 10 })).toHaveLength(2);
    expect(eventsOf(databases, { jobId: jobId + 1, after: 0, limit: 10 })).toEqual([]);
  });
});
