import type { NotSentReason, VendorFailure } from '../../../contract/outcome.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Connection } from '../../store/database.ts';
import type { Databases } from '../../store/serve.ts';
import type { Values } from '../../vendors/types.ts';
import type { Decision } from '../types.ts';
import { addEvent } from './events.ts';
import { packResults, unpackEntries, type PackedEntries, type PackedResults } from './entries.ts';
import { failureId, noteId, phrasing } from './phrases.ts';

/** Most claims committed together (design, A job). */
export const MOST_CLAIMS = 32;

export interface ClaimRow {
  readonly rowNo: number;
  readonly order: string;
  /** The value read just before the write, journalled with the claim. */
  readonly oldValues?: Values;
}

/** A call is about to be sent: its rows become `sending`, all or none. */
export interface ClaimEntry {
  readonly kind: 'claim';
  readonly jobId: number;
  readonly accountId: string;
  readonly rows: readonly ClaimRow[];
  readonly hash: string;
  readonly stampedAtMs: number;
}

/**
 * Where a row goes when its call has ended, or when it is decided without one. `track`: the vendor's number of what the call began; an absent
 * one leaves what is kept.
 */
export type Settled = { readonly track?: Values } & (
  | { readonly state: 'succeeded'; readonly note?: Bilingual }
  | { readonly state: 'failed'; readonly failure: VendorFailure; readonly note?: Bilingual }
  | {
      readonly state: 'unknown';
      readonly note: Bilingual;
      readonly failure?: VendorFailure;
      readonly readings?: readonly number[];
    }
  | {
      readonly state: 'not_sent';
      readonly reason: NotSentReason;
      readonly failure?: VendorFailure;
      readonly note?: Bilingual;
    }
);

export type SettledRow = Settled & { readonly rowNo: number; readonly order: string; readonly oldValues?: Values };

/** A call has ended: each of its rows leaves `sending`. */
export interface SettleEntry {
  readonly kind: 'settle';
  readonly jobId: number;
  readonly accountId: string;
  readonly callId: number;
  readonly rows: readonly SettledRow[];
  /** How it ended: rejected, answered, batch_failed, unknown. */
  readonly how: string;
  readonly requestId?: string;
  readonly atMs: number;
}

/** Rows decided without a call: from `pending` before a write (nothing to do …), or from `unknown` by a re-reading. */
export interface DecideEntry {
  readonly kind: 'decide';
  readonly jobId: number;
  readonly accountId: string;
  readonly from: 'pending' | 'unknown';
  readonly rows: readonly SettledRow[];
  /** A person's word on these rows, kept with each of them and as an event of each. */
  readonly decided?: Decision;
  readonly atMs: number;
}

export type JournalEntry = ClaimEntry | SettleEntry | DecideEntry;
/** What a claim came to: the call's id, or the rows that may not be claimed (then none of the others was). */
export interface ClaimResult {
  readonly callId: number | null;
  readonly refused: readonly number[];
}

const ELSEWHERE: Bilingual = {
  zh: '同一订单在另一任务中正在发送或结果未知，先查清那一条。',
  en: 'The same order is being sent or in doubt in another job; settle that one first.',
};

function changedOne(changes: number | bigint, { rowNo }: ClaimRow | SettledRow, from: string): void {
  // A broken promise of the caller: the whole transaction must be undone.
  if (Number(changes) !== 1) throw new Error(`journal: row ${rowNo} is not ${from}`);
}

const DOUBT = 'INSERT OR IGNORE INTO doubt (account_id, order_no, job_id, row_no) VALUES (?, ?, ?, ?)';
const UNDOUBT = 'DELETE FROM doubt WHERE account_id = ? AND order_no = ? AND job_id = ? AND row_no = ?';
const CALL = 'INSERT INTO call (id, job_id, row_count, hash, stamped_at) VALUES (?, ?, ?, ?, ?)';
const END_CALL = 'UPDATE call SET ended_at = ?, how = ?, request_id = ? WHERE id = ?';
const SENDING = `UPDATE row SET state = 'sending', reason = NULL, failure_id = NULL, note_id = NULL, settled_at = NULL, readings = NULL,
   decided = NULL, attempts = attempts + 1, call_id = ?, old_values = coalesce(?, old_values), track = NULL
 WHERE job_id = ? AND row_no = ? AND state = 'not_sent' AND reason = 'pending'`;

function settling(from: string, also = ''): string {
  return `UPDATE row SET state = ?1, reason = ?2, failure_id = ?3, note_id = ?4, settled_at = ?5, readings = ?6,
     old_values = coalesce(?7, old_values), track = coalesce(?8, track)${also}
   WHERE job_id = ?9 AND row_no = ?10 AND ${from}`;
}

/** What a reading before the write kept back is what the person is shown next, and may then confirm. */
const SEEN = `, seen_values = coalesce(?7, seen_values), seen_at = CASE WHEN ?7 IS NULL THEN seen_at ELSE ?5 END`;

/** Made once, as each call of a job looks its statements up by their texts. */
const SETTLING = {
  sending: settling("state = 'sending'"),
  unknown: settling("state = 'unknown'"),
  pending: settling("state = 'not_sent' AND reason = 'pending'", SEEN),
};

const lastCalls = new WeakMap<Connection, number>();

/**
 * A call's number. Counted here, as there is one writer and asking the insert for it costs as much again; a claim that is rolled back
 * leaves a gap.
 */
function nextCallId(writer: Connection): number {
  const last = lastCalls.get(writer) ?? Number(writer.prepare('SELECT max(id) AS id FROM call').get()?.['id'] ?? 0);
  lastCalls.set(writer, last + 1);
  return last + 1;
}

function claim(writer: Connection, entry: ClaimEntry): ClaimResult {
  const doubt = writer.prepare(DOUBT);
  const refused: number[] = [];
  const taken: ClaimRow[] = [];
  for (const row of entry.rows) {
    const added = doubt.run(entry.accountId, row.order, entry.jobId, row.rowNo);
    if (Number(added.changes) === 1) taken.push(row);
    else refused.push(row.rowNo);
  }
  if (refused.length > 0) {
    const undoubt = writer.prepare(UNDOUBT);
    for (const row of taken) undoubt.run(entry.accountId, row.order, entry.jobId, row.rowNo);
    const setAside = writer.prepare(
      "UPDATE row SET reason = 'in_doubt_elsewhere', note_id = ? WHERE job_id = ? AND row_no = ? AND state = 'not_sent'",
    );
    const note = noteId(writer, ELSEWHERE);
    for (const rowNo of refused) setAside.run(note, entry.jobId, rowNo);
    return { callId: null, refused };
  }
  const callId = nextCallId(writer);
  writer.prepare(CALL).run(callId, entry.jobId, entry.rows.length, entry.hash, Math.round(entry.stampedAtMs));
  const sending = writer.prepare(SENDING);
  for (const row of entry.rows) {
    const oldValues = row.oldValues === undefined ? null : JSON.stringify(row.oldValues);
    changedOne(sending.run(callId, oldValues, entry.jobId, row.rowNo).changes, row, 'pending');
  }
  return { callId, refused: [] };
}

/** Moves an entry's rows out of where they stand; those that are not in doubt any more may be claimed again. */
function settleRows(writer: Connection, entry: SettleEntry | DecideEntry, from: keyof typeof SETTLING): void {
  const update = writer.prepare(SETTLING[from]);
  const undoubt = writer.prepare(UNDOUBT);
  for (const row of entry.rows) {
    const changed = update.run(
      row.state,
      row.state === 'not_sent' ? row.reason : null,
      failureId(writer, row.state === 'succeeded' ? null : (row.failure ?? null)),
      noteId(writer, row.note ?? null),
      entry.atMs,
      row.state === 'unknown' && row.readings !== undefined ? JSON.stringify(row.readings) : null,
      row.oldValues === undefined ? null : JSON.stringify(row.oldValues),
      row.track === undefined ? null : JSON.stringify(row.track),
      entry.jobId,
      row.rowNo,
    );
    changedOne(changed.changes, row, from);
    if (row.state !== 'unknown') undoubt.run(entry.accountId, row.order, entry.jobId, row.rowNo);
  }
}

const DECIDED = 'UPDATE row SET decided = ? WHERE job_id = ? AND row_no = ?';

/** Keeps a person's word with each row and among its events, where it stays when the row is sent again. */
function keepDecision(writer: Connection, { jobId, rows, atMs }: DecideEntry, decision: Decision): void {
  const decided = writer.prepare(DECIDED);
  const json = JSON.stringify(decision);
  for (const { rowNo } of rows) {
    decided.run(json, jobId, rowNo);
    addEvent(writer, { jobId, rowNo, atMs, kind: 'decided', data: { as: decision.as } });
  }
}

function settle(writer: Connection, entry: SettleEntry): void {
  settleRows(writer, entry, 'sending');
  writer.prepare(END_CALL).run(entry.atMs, entry.how, entry.requestId ?? null, entry.callId);
}

/**
 * Writes entries in one durable transaction; when it returns, they survive a power cut. Answers each claim in its place, null for
 * the rest. An entry that does not fit the journal's state undoes them all and throws.
 */
export function apply({ writer }: Databases, args: { entries: readonly JournalEntry[] }): (ClaimResult | null)[] {
  return phrasing(writer, () =>
    args.entries.map((entry) => {
      if (entry.kind === 'claim') return claim(writer, entry);
      if (entry.kind === 'settle') settle(writer, entry);
      else {
        settleRows(writer, entry, entry.from);
        if (entry.decided !== undefined) keepDecision(writer, entry, entry.decided);
      }
      return null;
    }),
  );
}

/** `apply` as the database thread serves it. */
export function applyPacked(databases: Databases, args: { entries: PackedEntries }): PackedResults {
  return packResults(apply(databases, { entries: unpackEntries(args.entries) }));
}
