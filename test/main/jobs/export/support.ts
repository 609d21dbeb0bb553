import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Job, JobCounts, JournalRow } from '../../../../src/main/jobs/types.ts';
import { jobSpec } from '../../../support/journal.ts';

/** A folder of its own for each call, removed when the file's tests have ended. */
export function exportFolders(): () => string {
  const root = mkdtempSync(join(tmpdir(), 'export-'));
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });
  let folders = 0;
  return () => {
    folders += 1;
    const path = join(root, String(folders));
    mkdirSync(path);
    return path;
  };
}

export function row(rowNo: number, cells: readonly string[], rest: Partial<JournalRow> = {}): JournalRow {
  return {
    jobId: 12,
    rowNo,
    line: rowNo + 1,
    cells,
    order: cells[0] ?? '',
    values: {},
    state: 'succeeded',
    reason: null,
    problem: null,
    failure: null,
    note: null,
    requestId: null,
    attempts: 1,
    sentAtMs: null,
    endedAtMs: null,
    settledAtMs: null,
    oldValues: null,
    seenValues: null,
    seenAtMs: null,
    insisted: false,
    track: null,
    decided: null,
    expects: null,
    mended: null,
    movedTo: null,
    readings: [],
    ...rest,
  };
}

export function countsOf(rows: readonly JournalRow[]): JobCounts {
  const count = (state: string): number => rows.filter((one) => one.state === state).length;
  return {
    total: rows.length,
    succeeded: count('succeeded'),
    failed: count('failed'),
    unknown: count('unknown'),
    notSent: count('not_sent'),
    sending: count('sending'),
    byReason: {},
    byProblem: {},
    byFailure: {},
  };
}

export async function* batches(rows: readonly JournalRow[], size = 2): AsyncGenerator<readonly JournalRow[]> {
  for (let at = 0; at < rows.length; at += size) yield await Promise.resolve(rows.slice(at, at + size));
}

export function job(change: Partial<Job> = {}): Job {
  return {
    ...jobSpec({ source: { kind: 'file', name: 'may.csv', sha256: 'ab'.repeat(32) } }),
    id: 12,
    state: 'finished',
    pauseReason: null,
    pauseText: null,
    createdAt: '2026-11-23T08:00:00.000Z',
    startedAt: '2026-11-23T08:01:00.000Z',
    endedAt: '2026-11-23T08:31:05.000Z',
    parentId: null,
    ...change,
  };
}
