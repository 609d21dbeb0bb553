import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { afterAll, expect } from 'vitest';
import type { RowState } from '../../../../src/contract/outcome.ts';
import type { JobReport } from '../../../../src/main/jobs/export/report.ts';
import type { CauseGroup } from '../../../../src/main/jobs/journal/window.ts';
import type { Job, JobCounts, JobEvent, JournalRow } from '../../../../src/main/jobs/types.ts';
import { jobSpec } from '../../../support/journal.ts';

/** Signatures of a zip's parts. */
const ENTRY = 0x0201_4b50;
const DESCRIPTOR = 0x0807_4b50;
const END = 0x0605_4b50;

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

export const NOW = Date.UTC(2026, 10, 23, 9, 0, 0);

/** Counts by state, those that are not given 0. */
export function states(given: Partial<Record<RowState, number>> = {}): Record<RowState, number> {
  return { succeeded: 0, failed: 0, unknown: 0, not_sent: 0, sending: 0, ...given };
}

/** That a job came to a state. */
export function stateEvent(atMs: number, state: string, reason: string | null = null): JobEvent {
  return { id: atMs, jobId: 12, rowNo: null, atMs, kind: 'state', data: { state, reason } };
}

export function cause(change: Partial<CauseGroup> = {}): CauseGroup {
  return {
    state: 'failed',
    reason: null,
    failure: null,
    problem: null,
    note: null,
    count: 1,
    mended: 0,
    lines: [2],
    ...change,
  };
}

/** A finished job of which nothing is to be told. */
export function report(change: Partial<JobReport> = {}): JobReport {
  return {
    job: job(),
    counts: countsOf([]),
    causes: [],
    states: [],
    runs: [],
    times: { buckets: [], widthS: 1, later: states(), untimed: states(), kept: 0 },
    ...change,
  };
}

/** A file's text in an archive, by a reader that shares no code with the writer and believes nothing that it has not checked. */
export function partsOf(bytes: Buffer): ReadonlyMap<string, string> {
  const end = bytes.length - 22;
  expect([bytes.readUInt32LE(end), bytes.readUInt32LE(end + 4), bytes.readUInt16LE(end + 20)]).toEqual([END, 0, 0]);
  const count = bytes.readUInt16LE(end + 8);
  expect(bytes.readUInt16LE(end + 10)).toBe(count);
  const parts = new Map<string, string>();
  let at = bytes.readUInt32LE(end + 16);
  expect(at + bytes.readUInt32LE(end + 12)).toBe(end);
  let expectedOffset = 0;
  for (let index = 0; index < count; index += 1) {
    expect(bytes.readUInt32LE(at)).toBe(ENTRY);
    const [crc, packed, size] = [16, 20, 24].map((by) => bytes.readUInt32LE(at + by)) as [number, number, number];
    const length = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + length);
    const offset = bytes.readUInt32LE(at + 42);
    expect(offset).toBe(expectedOffset);
    const begin = offset + 30 + length;
    const content = inflateRawSync(bytes.subarray(begin, begin + packed));
    const descriptor = [0, 4, 8, 12].map((by) => bytes.readUInt32LE(begin + packed + by));
    expect([crc32(content), content.length]).toEqual([crc, size]);
    expect(descriptor).toEqual([DESCRIPTOR, crc, packed, size]);
    expect(bytes.toString('utf8', offset + 30, begin)).toBe(name);
    parts.set(name, content.toString('utf8'));
    expectedOffset = begin + packed + 16;
    at += 46 + length;
  }
  expect(at).toBe(end);
  return parts;
}
