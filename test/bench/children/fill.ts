import { statSync } from 'node:fs';
import { join } from 'node:path';
import { apply, type ClaimEntry, type SettleEntry } from '../../../src/main/jobs/journal/calls.ts';
import { addRows, finishIntake } from '../../../src/main/jobs/journal/intake.ts';
import { packRows } from '../../../src/main/jobs/journal/packed.ts';
import { createJob, setJobState } from '../../../src/main/jobs/journal/jobs.ts';
import type { IntakeRow, JobSpec } from '../../../src/main/jobs/types.ts';
import { openReader, openWriter } from '../../../src/main/store/database.ts';
import { DATABASE_FILE, type Databases } from '../../../src/main/store/serve.ts';
import { PLAIN_RUN } from '../console.ts';
import { answer, given } from '../processes.ts';

/**
 * Fills a journal with a job of so many rows, then goes on sending and settling without a checkpoint until the WAL has its size,
 * and waits, with one commit of claims outstanding, to be killed. `doubt`: calls end unknown, and all rows are sent first.
 */
const { folder, rows, walBytes, doubt } = given() as { folder: string; rows: number; walBytes: number; doubt: boolean };
const path = join(folder, DATABASE_FILE);
const writer = openWriter(path);
const databases: Databases = { writer, reader: openReader(path) };
const AT = '2026-01-02T03:04:05.000Z';
const LANES = 32;
const spec: JobSpec = {
  vendor: 'pdd',
  accountId: 'bench',
  accountLabel: 'bench',
  operation: 'note-update',
  params: {},
  source: { kind: 'generated', name: 'bench' },
  header: ['订单号', '下单时间', '备注'],
  mapping: { order_sn: 0, note: 2 },
  options: PLAIN_RUN,
};

const orderOf = (rowNo: number): string => `260102-${String((rowNo * 2_654_435_761) % 2 ** 32).padStart(15, '0')}`;

function intakeRow(rowNo: number): IntakeRow {
  const order = orderOf(rowNo);
  const note = `缺货，已与买家电话确认改发红色大号 ${rowNo}`;
  return {
    line: rowNo + 1,
    cells: [order, '2026-01-02 03:04:05', note],
    order,
    values: { note, tag: '1', tag_name: '急单' },
    problem: null,
  };
}

const jobId = createJob(databases, { spec, at: AT, parentId: null });
for (let first = 1; first <= rows; first += 1_000) {
  const count = Math.min(1_000, rows - first + 1);
  addRows(databases, {
    jobId,
    firstRowNo: first,
    rows: packRows(Array.from({ length: count }, (_, i) => intakeRow(first + i))),
  });
}
finishIntake(databases, { jobId, spec });
setJobState(databases, { id: jobId, state: 'running', at: AT });

let next = 1;
/** Claims the next calls of `size` rows and settles them, each in a transaction, as the runner does. */
function send(calls: number, size: number, settle: boolean): void {
  const groups = Array.from({ length: calls }, (_, call) =>
    Array.from({ length: size }, (__, i) => next + call * size + i)
      .filter((rowNo) => rowNo <= rows)
      .map((rowNo) => ({ rowNo, order: orderOf(rowNo) })),
  ).filter((group) => group.length > 0);
  next += calls * size;
  const common = { jobId, accountId: spec.accountId };
  const claims = groups.map((group): ClaimEntry => ({
    ...common,
    kind: 'claim',
    rows: group,
    hash: 'a'.repeat(64),
    stampedAtMs: 1_767_000_000_000,
  }));
  const results = apply(databases, { entries: claims });
  if (!settle) return;
  const settles = groups.map((group, index): SettleEntry => ({
    ...common,
    kind: 'settle',
    callId: results[index]?.callId ?? 0,
    rows: group.map((row) =>
      doubt
        ? { ...row, state: 'unknown', note: { zh: '结果未知。', en: 'The result is unknown.' } }
        : { ...row, state: 'succeeded' },
    ),
    how: 'answered',
    requestId: 'r'.repeat(24),
    atMs: 1_767_000_000_100,
  }));
  apply(databases, { entries: settles });
}

const LEFT = Math.min(rows, 400_000);
if (doubt) while (next <= rows - LEFT) send(1, 1_000, true);
writer.db.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 0;');
const walSize = (): number => statSync(`${path}-wal`).size;
while (walSize() < walBytes && next <= rows - 2 * LANES) send(LANES, 1, true);
send(LANES, 1, false);
answer({ walBytes: walSize(), databaseBytes: statSync(path).size, sent: next - 1 });
// Killed here: nothing is closed.
setInterval(() => undefined, 1_000);
