import type { Bilingual } from '../../../contract/text.ts';
import { retryClassOf, type VendorFailure } from '../../../contract/outcome.ts';
import type { Databases } from '../../store/serve.ts';
import { noteId } from './phrases.ts';

export interface Recovered {
  /** Jobs that were running when the process ended. */
  readonly interrupted: readonly number[];
  /** Rows that were `sending` and are `unknown` now, by job. */
  readonly inDoubt: Readonly<Record<number, number>>;
  /** Intakes that had not ended; they were removed, since nothing of them was sent. */
  readonly dropped: readonly number[];
}

const CRASHED: Bilingual = {
  zh: '程序中断时正在发送,供应商是否已处理未知;查证前不会再发。',
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
  return writer.transaction(() => {
    const inDoubt: Record<number, number> = {};
    const note = noteId(writer, CRASHED);
    const toUnknown = writer.prepare(
      "UPDATE row SET state = 'unknown', reason = NULL, note_id = ?, settled_at = ? WHERE job_id = ? AND row_no = ? AND state = 'sending'",
    );
    for (const row of writer.prepare('SELECT job_id, row_no FROM doubt').all()) {
      const jobId = Number(row['job_id']);
      const changed = toUnknown.run(note, args.atMs, jobId, Number(row['row_no']));
      if (Number(changed.changes) === 1) inDoubt[jobId] = (inDoubt[jobId] ?? 0) + 1;
    }
    writer.prepare("UPDATE call SET ended_at = ?, how = 'crash' WHERE ended_at IS NULL").run(args.atMs);
    const interrupted = writer
      .prepare("SELECT id FROM job WHERE state = 'running'")
      .all()
      .map((row) => Number(row['id']));
    writer
      .prepare("UPDATE job SET state = 'paused', pause_reason = 'crash', pause_text = ? WHERE state = 'running'")
      .run(JSON.stringify(PAUSED));
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

/**
 * Makes rows pending again that surely were not acted on: rejected and cancelled ones, those held up by another job, and failed
 * ones whose failure is of a retryable class. Unknown rows never. Returns how many.
 */
export function retryRows({ writer }: Databases, args: { jobId: number }): number {
  return writer.transaction(() => {
    const notSent = writer
      .prepare(
        `UPDATE row SET reason = 'pending', settled_at = NULL WHERE job_id = ? AND state = 'not_sent'
           AND reason IN ('rejected', 'cancelled', 'not_reached', 'in_doubt_elsewhere', 'unreadable') AND fields IS NOT NULL`,
      )
      .run(args.jobId);
    let total = Number(notSent.changes);
    const again = writer.prepare(
      "UPDATE row SET state = 'not_sent', reason = 'pending', settled_at = NULL WHERE job_id = ? AND state = 'failed' AND failure_id = ?",
    );
    const failures = writer
      .prepare(
        `SELECT DISTINCT p.id, p.json FROM row r JOIN phrase p ON p.id = r.failure_id WHERE r.job_id = ? AND r.state = 'failed'`,
      )
      .all(args.jobId);
    for (const row of failures) {
      const failure = JSON.parse(String(row['json'])) as VendorFailure;
      if (retryClassOf(failure.class) !== 'retryable') continue;
      total += Number(again.run(args.jobId, Number(row['id'])).changes);
    }
    return total;
  });
}
