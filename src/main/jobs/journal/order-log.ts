import type { LogKind } from '../../../contract/order-log.ts';
import type { VendorFailure } from '../../../contract/outcome.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Connection } from '../../store/database.ts';
import type { Databases } from '../../store/serve.ts';
import type { Job, JobEvent, JournalRow } from '../types.ts';
import { eventsOf, toEvent } from './events.ts';
import { getJob } from './jobs.ts';
import { getRows } from './reads.ts';

/** Rows of one order that are looked at, those of the newest jobs first: an input with the same order a million times is no history. */
const MOST_ROWS = 500;
/** Events of one row, and of one job, that are looked at. */
const MOST_EVENTS = 1_000;

/** One thing that the journal kept of an order; `rowNo` and `line` are null when it is of the whole job. */
export interface LogFact {
  /** By this machine's clock; that of `sent` and `read_again` by the vendor's, but never later than the answer (ms). */
  readonly atMs: number;
  readonly jobId: number;
  readonly rowNo: number | null;
  readonly line: number | null;
  readonly accountLabel: string;
  readonly kind: LogKind;
  readonly data: JobEvent['data'];
  readonly failure: VendorFailure | null;
  readonly note: Bilingual | null;
}

export interface OrderFacts {
  readonly total: number;
  readonly complete: boolean;
  readonly facts: readonly LogFact[];
}

/** Everything that is kept of an order in all jobs, sorted by time; of one time, in the order in which a row goes through it. At most `limit`. */
export function orderFacts(databases: Databases, args: { order: string; offset: number; limit: number }): OrderFacts {
  const { reader } = databases;
  reader.db.exec('BEGIN');
  try {
    const rows = rowsOfOrder(databases, args.order);
    const jobs = new Map<number, Job>();
    for (const { jobId } of rows) if (!jobs.has(jobId)) jobs.set(jobId, getJob(databases, { id: jobId }));
    const facts = [...jobs.values()].flatMap((job) => [
      ...jobFacts(reader, job),
      ...rows.filter(({ jobId }) => jobId === job.id).flatMap((row) => rowFacts(databases, job, row)),
    ]);
    // The sort is stable, and facts of one time stand in the order of their causes already.
    const rank = ({ kind }: LogFact): number => (kind === 'imported' ? 0 : 1);
    const sorted = facts.toSorted((a, b) => a.atMs - b.atMs || a.jobId - b.jobId || rank(a) - rank(b));
    const complete = rows.length <= MOST_ROWS;
    return { total: sorted.length, complete, facts: sorted.slice(args.offset, args.offset + args.limit) };
  } finally {
    reader.db.exec('COMMIT');
  }
}

/** Rows of the order, the newest job's first; one more than are looked at where there are more. */
function rowsOfOrder(databases: Databases, order: string): JournalRow[] {
  const { reader } = databases;
  const numbers = reader.prepare(
    'SELECT row_no FROM row INDEXED BY row_by_order WHERE job_id = ? AND order_no = ? ORDER BY row_no LIMIT ?',
  );
  const found: JournalRow[] = [];
  for (const job of reader.prepare("SELECT id FROM job WHERE state <> 'intake' ORDER BY id DESC").all()) {
    const jobId = Number(job['id']);
    for (const row of numbers.all(jobId, order, MOST_ROWS + 1 - found.length))
      found.push(...getRows(databases, { jobId, after: Number(row['row_no']) - 1, limit: 1 }));
    if (found.length > MOST_ROWS) break;
  }
  return found;
}

/** What happened to the job as a whole. */
function jobFacts(reader: Connection, job: Job): LogFact[] {
  return reader
    .prepare(
      'SELECT id, job_id, row_no, at, kind, data FROM event WHERE job_id = ? AND row_no IS NULL ORDER BY id LIMIT ?',
    )
    .all(job.id, MOST_EVENTS)
    .map(toEvent)
    .map(({ atMs, kind, data }) => ({ ...blank(job, null), atMs, kind: 'job', data: { ...data, event: kind } }));
}

function blank(job: Job, row: JournalRow | null): Omit<LogFact, 'atMs' | 'kind'> {
  return {
    jobId: job.id,
    rowNo: row?.rowNo ?? null,
    line: row?.line ?? null,
    accountLabel: job.accountLabel,
    data: {},
    failure: null,
    note: null,
  };
}

interface Call {
  readonly sentMs: number;
  readonly endedMs: number | null;
  readonly how: string | null;
}

function lastCall(reader: Connection, { jobId, rowNo }: JournalRow): Call | null {
  const found = reader
    .prepare(
      `SELECT c.stamped_at, c.ended_at, c.how FROM row r JOIN call c ON c.id = r.call_id WHERE r.job_id = ? AND r.row_no = ?`,
    )
    .get(jobId, rowNo);
  if (found === undefined) return null;
  return {
    sentMs: Number(found['stamped_at']),
    endedMs: found['ended_at'] === null ? null : Number(found['ended_at']),
    how: found['how'] === null ? null : String(found['how']),
  };
}

/** What is kept of one row, in the order in which a row goes through it. */
function rowFacts(databases: Databases, job: Job, row: JournalRow): LogFact[] {
  const base = blank(job, row);
  const madeMs = Date.parse(job.createdAt);
  const facts: LogFact[] = [];
  const add = (kind: LogKind, atMs: number, rest: Partial<LogFact> = {}): void => {
    facts.push({ ...base, kind, atMs, ...rest });
  };
  const { kind: source, name } = job.source;
  add('imported', madeMs, { data: { source, name, parent: job.parentId, as: job.kind ?? null } });
  const events = eventsOf(databases, { jobId: row.jobId, rowNo: row.rowNo, after: 0, limit: MOST_EVENTS });
  for (const { kind, atMs, data } of events) if (kind === 'edited' || kind === 'decided') add(kind, atMs, { data });
  if (row.seenAtMs !== null) add('seen', row.seenAtMs, { data: { read: row.seenValues !== null } });
  const call = lastCall(databases.reader, row);
  if (call !== null) {
    const { sentMs, endedMs, how } = call;
    add('sent', Math.min(sentMs, endedMs ?? sentMs), { data: { attempts: row.attempts } });
    if (endedMs !== null) add('answered', endedMs, { data: { how, requestId: row.requestId } });
  }
  for (const atMs of row.readings) add('read_again', row.settledAtMs === null ? atMs : Math.min(atMs, row.settledAtMs));
  const { state, reason, failure, problem, note } = row;
  if (!(state === 'not_sent' && reason === 'pending') && state !== 'sending') {
    // A row that was kept from its turn with its whole job has no time of its own.
    const ended = job.endedAt === null ? madeMs : Date.parse(job.endedAt);
    const atMs = row.settledAtMs ?? (reason === 'set_aside' ? madeMs : ended);
    add('outcome', atMs, { data: { state, reason }, failure, note: problem?.message ?? note });
  }
  if (row.movedTo !== null) {
    const { createdAt } = getJob(databases, { id: row.movedTo });
    add('moved', Date.parse(createdAt), { data: { to: row.movedTo } });
  }
  return facts;
}
