import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VendorFailure } from '../../src/contract/outcome.ts';
import { createJob } from '../../src/main/jobs/journal/jobs.ts';
import { addRows, finishIntake } from '../../src/main/jobs/journal/intake.ts';
import { packRows } from '../../src/main/jobs/journal/packed.ts';
import { journalProcedures } from '../../src/main/jobs/journal/procedures.ts';
import { getRows } from '../../src/main/jobs/journal/reads.ts';
import type { Journal } from '../../src/main/jobs/runner/types.ts';
import type { IntakeRow, JobSpec, JournalRow } from '../../src/main/jobs/types.ts';
import { openReader, openWriter } from '../../src/main/store/database.ts';
import type { Databases } from '../../src/main/store/serve.ts';

/** A folder that is removed by `remove`. */
export function temporaryFolder(root = tmpdir()): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(root, 'order-console-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface TestDatabases extends Databases {
  readonly file: string;
  close(): void;
}

/** A real database in a temporary folder, as the worker thread has it. */
export function testDatabases(): TestDatabases {
  const folder = temporaryFolder();
  const file = join(folder.path, 'journal.db');
  const writer = openWriter(file);
  const reader = openReader(file);
  return {
    file,
    writer,
    reader,
    close() {
      reader.close();
      writer.close();
      folder.remove();
    },
  };
}

/** The journal's procedures straight on the database; `before` runs ahead of each. */
export function straightJournal(
  databases: TestDatabases,
  before: (name: string, args: unknown) => void = () => {},
): Journal {
  const call = async (name: keyof typeof journalProcedures, args: unknown): Promise<unknown> => {
    before(name, args);
    return journalProcedures[name](databases, args as never);
  };
  return { call: call as Journal['call'], durability: async () => ({}), close: async () => {} };
}

export function jobSpec(change: Partial<JobSpec> = {}): JobSpec {
  return {
    vendor: 'polyv',
    accountId: 'shop-1',
    accountLabel: 'Shop 1',
    operation: 'update-status',
    params: { status: 'delivering' },
    source: { kind: 'paste', name: 'paste' },
    header: null,
    mapping: { order: 0 },
    options: { readBefore: false, writeUnreadable: false, firstRows: null, verifyAfter: false },
    ...change,
  };
}

/** A row that is fit to be sent. */
export function fitRow(line: number, order: string, values: Record<string, string> = {}): IntakeRow {
  return { line, cells: [order], order, values: { order, ...values }, problem: null };
}

/** A job that is ready to run, with these rows. */
export function readyJob(databases: Databases, rows: readonly IntakeRow[], change: Partial<JobSpec> = {}): number {
  const spec = jobSpec(change);
  const jobId = createJob(databases, { spec, at: '2026-01-02T03:04:05.000Z', parentId: null });
  addRows(databases, { jobId, firstRowNo: 1, rows: packRows(rows) });
  finishIntake(databases, { jobId, spec });
  return jobId;
}

export function allRows(databases: Databases, jobId: number): JournalRow[] {
  return getRows(databases, { jobId, after: 0, limit: 5_000 });
}

export function failure(code: string, failureClass: VendorFailure['class'] = 'vendor'): VendorFailure {
  return {
    code,
    message: `words of ${code}`,
    class: failureClass,
    reading: { zh: `含义 ${code}`, en: `reading ${code}` },
    remedy: { zh: `办法 ${code}`, en: `remedy ${code}` },
  };
}
