import type { Bilingual } from '../../../contract/text.ts';
import { retryClassOf, type FailureClass, type VendorFailure } from '../../../contract/outcome.ts';
import type { Databases } from '../../store/serve.ts';
import { addEvent } from './events.ts';
import { noteId, phrasing } from './phrases.ts';

export interface Recovered {
  /** Jobs that were running when the process ended. */
  readonly interrupted: readonly number[];
  /** Rows that were `sending` and are `unknown` now, by job. */
  readonly inDoubt: Readonly<Record<number, number>>;
  /** Intakes that had not ended; they were removed, since nothing of them was sent. */
  readonly dropped: readonly number[];
}

const CRASHED: Bilingual = {
  zh: '程序中断时正在发送，供应商是否已处理未知；查证前不会再发。',
  en: 'It was being sent when the program ended; the vendor may or may not have acted on it. It is not sent again before that is known.',
};

const PAUSED: Bilingual = {
  zh: '上次运行意外中断。',
  en: 'The last run ended unexpectedly.',
};

/**
 * Run once by the holder of the writer's lock before anything else: `sending` becomes `unknown`, running jobs become paused, and
 * unfinished intakes are removed.
 */
export function recover({ writer }: Databases, args: { atMs: number; at: string }): Recovered {
  return phrasing(writer, () => {
    const inDoubt: Record<number, number> = {};
    const note = noteId(writer, CRASHED);
    // By the index of states: a job may have a million orders in doubt, of which the last few calls alone were being sent.
    const toUnknown = writer.prepare(
      "UPDATE row INDEXED BY row_by_state SET state = 'unknown', reason = NULL, note_id = ?, settled_at = ? WHERE job_id = ? AND state = 'sending'",
    );
    // By its rows that are sending: an index of open calls would cost each call of every job two changes more.
    const endCalls = writer.prepare(
      `UPDATE call SET ended_at = ?, how = 'crash' WHERE ended_at IS NULL
         AND id IN (SELECT call_id FROM row INDEXED BY row_by_state WHERE job_id = ? AND state = 'sending')`,
    );
    for (const row of writer.prepare('SELECT id FROM job').all()) {
      const jobId = Number(row['id']);
      endCalls.run(args.atMs, jobId);
      const changed = Number(toUnknown.run(note, args.atMs, jobId).changes);
      if (changed > 0) inDoubt[jobId] = changed;
    }
    const interrupted = writer
      .prepare("SELECT id FROM job WHERE state = 'running'")
      .all()
      .map((row) => Number(row['id']));
    writer
      .prepare("UPDATE job SET state = 'paused', pause_reason = 'crash', pause_text = ? WHERE state = 'running'")
      .run(JSON.stringify(PAUSED));
    for (const jobId of interrupted)
      addEvent(writer, {
        jobId,
        rowNo: null,
        atMs: args.atMs,
        kind: 'state',
        data: { state: 'paused', reason: 'crash' },
      });
    const dropped = writer
      .prepare("SELECT id FROM job WHERE state = 'intake'")
      .all()
      .map((row) => Number(row['id']));
    for (const id of dropped) {
      writer.prepare('DELETE FROM row WHERE job_id = ?').run(id);
      writer.prepare('DELETE FROM job WHERE id = ?').run(id);
    }
    return { interrupted, inDoubt, dropped };
  });
}

/** Gives up what has not been sent: pending rows become `cancelled`. Returns how many. */
export function cancelPending({ writer }: Databases, args: { jobId: number; atMs: number }): number {
  const changed = writer
    .prepare(
      "UPDATE row SET reason = 'cancelled', settled_at = ? WHERE job_id = ? AND state = 'not_sent' AND reason = 'pending'",
    )
    .run(args.atMs, args.jobId);
  return Number(changed.changes);
}

/** Causes that lie with the account or the network, not with the row: a person who resumes means these rows, too. */
const ACCOUNT_CAUSES: ReadonlySet<FailureClass> = new Set([
  'transport',
  'limit',
  'clock',
  'sign',
  'permission',
  'quota',
]);

const REPEND = "state = 'not_sent', reason = 'pending', failure_id = NULL, note_id = NULL, settled_at = NULL";

/**
 * Makes rows with a failure that `fits` pending again; `where` limits them to rows that were surely not acted on, or failed. One that a person has
 * mended is a follow-up's alone, and one whose values were erased has nothing to send.
 */
function rependFailures(
  { writer }: Databases,
  jobId: number,
  where: string,
  fits: (failure: VendorFailure) => boolean,
): number {
  const failures = writer
    .prepare(
      `SELECT DISTINCT p.id, p.json FROM row r JOIN phrase p ON p.id = r.failure_id
       WHERE r.job_id = ? AND ${where} AND r.mended IS NULL AND r.fields IS NOT NULL`,
    )
    .all(jobId);
  const again = writer.prepare(
    `UPDATE row AS r SET ${REPEND} WHERE r.job_id = ? AND ${where} AND r.mended IS NULL AND r.fields IS NOT NULL AND r.failure_id = ?`,
  );
  let total = 0;
  for (const row of failures) {
    if (!fits(JSON.parse(String(row['json'])) as VendorFailure)) continue;
    total += Number(again.run(jobId, Number(row['id'])).changes);
  }
  return total;
}

const IS_REJECTED = "r.state = 'not_sent' AND r.reason = 'rejected'";

/** What a resume means besides the pending rows: those that were rejected for the account's or the network's sake. Returns how many. */
export function rependRejected(databases: Databases, args: { jobId: number }): number {
  return databases.writer.transaction(() =>
    rependFailures(databases, args.jobId, IS_REJECTED, (failure) => ACCOUNT_CAUSES.has(failure.class)),
  );
}

/**
 * Makes rows pending again on the person's word: those surely not acted on (rejected, cancelled, not reached, held up by another job,
 * unreadable) and failed ones whose failure is of a retryable class. Unknown rows never. Returns how many.
 */
export function retryRows(databases: Databases, args: { jobId: number }): number {
  return databases.writer.transaction(() => {
    const notSent = databases.writer
      .prepare(
        `UPDATE row SET ${REPEND} WHERE job_id = ? AND state = 'not_sent'
           AND reason IN ('rejected', 'cancelled', 'not_reached', 'in_doubt_elsewhere', 'unreadable') AND fields IS NOT NULL
           AND mended IS NULL`,
      )
      .run(args.jobId);
    const failed = rependFailures(
      databases,
      args.jobId,
      "r.state = 'failed'",
      (failure) => retryClassOf(failure.class) === 'retryable',
    );
    return Number(notSent.changes) + failed;
  });
}
