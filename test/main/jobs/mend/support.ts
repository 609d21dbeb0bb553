import type { Account } from '../../../../src/contract/account.ts';
import { apply, type Settled } from '../../../../src/main/jobs/journal/calls.ts';
import { getJob } from '../../../../src/main/jobs/journal/jobs.ts';
import type { JobContext } from '../../../../src/main/jobs/runner/types.ts';
import type { IntakeRow, JobSpec } from '../../../../src/main/jobs/types.ts';
import { operation, vendor } from '../../../../src/main/vendors/registry.ts';
import type { UpdateOperation, Values } from '../../../../src/main/vendors/types.ts';
import { readyJob, straightJournal, type TestDatabases } from '../../../support/journal.ts';
import { accountOf, NOW_MS, ScriptedGateway } from '../runner/support.ts';

/** Pinduoduo's notes: an order, a note, a mark and its name. */
export const NOTES: UpdateOperation = operation('pdd', 'note-update', 'update');
export const HEADER = ['订单号', '商家备注', '标记', '标记名称'] as const;
export const NOTE_SPEC: Partial<JobSpec> = {
  vendor: 'pdd',
  operation: 'note-update',
  params: { mode: 'overwrite' },
  header: HEADER,
  mapping: { order_sn: 0, note: 1, tag: 2, tag_name: 3 },
};

/** An order number of the usual form. */
export const order = (n: number): string => `260101-${String(n).padStart(15, '0')}`;

/** Everything that mending a job takes. */
export function contextOf(
  databases: TestDatabases,
  jobId: number,
  change: Partial<JobContext> & { readonly settings?: Account['settings'] } = {},
): JobContext {
  const { settings = {}, ...rest } = change;
  return {
    job: getJob(databases, { id: jobId }),
    account: accountOf('shop-1', { vendor: 'pdd', settings }),
    vendor: vendor('pdd'),
    operation: NOTES,
    journal: straightJournal(databases),
    gateway: new ScriptedGateway(),
    now: () => NOW_MS,
    steadyNow: () => NOW_MS,
    sleep: async () => {},
    ...rest,
  };
}

/** Cells read in as notes, from line 2 on: what does not pass the check is set aside. */
export function noteRow(cells: readonly string[], line: number): IntakeRow {
  const [order_sn = '', note = '', tag = '', tag_name = ''] = cells;
  const checked = NOTES.checkRow({ order_sn, note, tag, tag_name }, {}, {});
  if (checked.ok) return { line, cells, order: checked.value.order, values: checked.value.values, problem: null };
  return { line, cells, order: order_sn, values: null, problem: checked.problems[0] ?? null };
}

export function noteJob(
  databases: TestDatabases,
  rows: readonly (readonly string[])[],
  change: Partial<JobSpec> = {},
): number {
  const read = rows.map((cells, index) => noteRow(cells, index + 2));
  return readyJob(databases, read, { ...NOTE_SPEC, ...change });
}

interface Ended {
  readonly oldValues?: Values;
  readonly atMs?: number;
  readonly requestId?: string;
}

/** Brings rows that wait to an outcome, by one call. */
export function settleRows(
  databases: TestDatabases,
  jobId: number,
  rows: readonly (Settled & { readonly rowNo: number; readonly order: string; readonly oldValues?: Values })[],
  { atMs = NOW_MS, requestId }: Omit<Ended, 'oldValues'> = {},
): void {
  const of = { jobId, accountId: getJob(databases, { id: jobId }).accountId };
  const claim = { kind: 'claim', ...of, rows, hash: 'h', stampedAtMs: atMs } as const;
  const callId = apply(databases, { entries: [claim] })[0]?.callId ?? 0;
  const id = requestId === undefined ? {} : { requestId };
  apply(databases, { entries: [{ kind: 'settle', ...of, callId, rows, how: 'answered', ...id, atMs: atMs + 5 }] });
}

/** Brings the row of `order(rowNo)` to an outcome, by a call of its own. */
export function settle(
  databases: TestDatabases,
  jobId: number,
  rowNo: number,
  as: Settled,
  { oldValues, ...call }: Ended = {},
): void {
  const old = oldValues === undefined ? {} : { oldValues };
  settleRows(databases, jobId, [{ rowNo, order: order(rowNo), ...as, ...old }], call);
}
