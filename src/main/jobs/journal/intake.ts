import type { Connection } from '../../store/database.ts';
import type { Databases } from '../../store/serve.ts';
import type { Problem, Values } from '../../vendors/types.ts';
import type { JobSpec } from '../types.ts';
import { unpackRows, type PackedRows } from './packed.ts';
import { phrasing, problemId } from './phrases.ts';

const insertion = (reason: string, problem: string): string =>
  `INSERT INTO row (job_id, row_no, line, order_no, cells, fields, state, reason, problem_id)
   VALUES (?, ?, ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), 'not_sent', ${reason}, ${problem})`;

/**
 * Appends rows to a job in state `intake`; `firstRowNo` is the number of the first. They need not survive a power cut before `finishIntake`:
 * an intake that did not end is dropped.
 */
export function addRows({ writer }: Databases, args: { jobId: number; firstRowNo: number; rows: PackedRows }): void {
  phrasing(
    writer,
    () => {
      const fit = writer.prepare(insertion("'pending'", 'NULL'));
      const aside = writer.prepare(insertion("'set_aside'", '?'));
      let rowNo = args.firstRowNo;
      for (const { line, order, cells, values, problem } of unpackRows(args.rows)) {
        if (values === null) aside.run(args.jobId, rowNo, line, order, cells, null, problemId(writer, problem));
        else fit.run(args.jobId, rowNo, line, order, cells, values);
        rowNo += 1;
      }
    },
    'withNext',
  );
}

function duplicateOf(line: number): Problem {
  return {
    code: 'duplicate',
    message: {
      zh: `与第 ${line} 行完全相同，只发送第 ${line} 行。`,
      en: `Same as line ${line}; only line ${line} is sent.`,
    },
  };
}

function conflictWith(lines: readonly number[]): Problem {
  const shown = lines.slice(0, 5).join(', ') + (lines.length > 5 ? ' …' : '');
  return {
    code: 'conflict',
    message: {
      zh: `同一订单有不同的内容（第 ${shown} 行），都没有发送。请只留下正确的一行。`,
      en: `Lines ${shown} want different things of one order, so none of them is sent. Keep the right one.`,
    },
  };
}

/** What tells a row apart from the others of its order: its values of the operation's key fields. */
export function keyOf(fields: unknown, rowKey: readonly string[]): string {
  if (rowKey.length === 0) return '';
  const values = JSON.parse(String(fields)) as Values;
  return JSON.stringify(rowKey.map((field) => values[field] ?? ''));
}

/** Sets duplicates aside: of identical rows all but the first, of rows of one order (and key) that differ all. */
export function settleDuplicates(writer: Connection, jobId: number, rowKey: readonly string[]): void {
  // Index-only, so that a million rows without a duplicate cost one walk of the index.
  const repeated = writer
    .prepare("SELECT order_no FROM row WHERE job_id = ? AND order_no <> '' GROUP BY order_no HAVING count(*) > 1")
    .all(jobId);
  const rowsOf = writer.prepare(
    `SELECT row_no, line, fields FROM row
     WHERE job_id = ? AND order_no = ? AND state = 'not_sent' AND reason = 'pending' ORDER BY row_no`,
  );
  const setAside = writer.prepare(
    "UPDATE row SET reason = 'set_aside', fields = NULL, problem_id = ? WHERE job_id = ? AND row_no = ?",
  );
  for (const { order_no: order } of repeated) {
    const groups = Map.groupBy(rowsOf.all(jobId, String(order)), (row) => keyOf(row['fields'], rowKey));
    for (const rows of groups.values()) {
      const first = rows[0];
      if (first === undefined || rows.length < 2) continue;
      const same = rows.every((row) => row['fields'] === first['fields']);
      const problem = same ? duplicateOf(Number(first['line'])) : conflictWith(rows.map((row) => Number(row['line'])));
      const phrase = problemId(writer, problem);
      for (const row of same ? rows.slice(1) : rows) setAside.run(phrase, jobId, Number(row['row_no']));
    }
  }
}

/** Ends the intake: settles duplicates, keeps what is now known of the source, and makes the job `ready`. */
export function finishIntake(
  { writer }: Databases,
  args: { jobId: number; spec: JobSpec; rowKey?: readonly string[] | undefined },
): void {
  phrasing(writer, () => {
    settleDuplicates(writer, args.jobId, args.rowKey ?? []);
    writer
      .prepare("UPDATE job SET state = 'ready', spec = ? WHERE id = ? AND state = 'intake'")
      .run(JSON.stringify(args.spec), args.jobId);
  });
}

/** Removes a job whose intake did not end: nothing of it was sent. */
export function dropIntake({ writer }: Databases, args: { jobId: number }): void {
  writer.transaction(() => {
    const unfinished = writer.prepare("SELECT 1 FROM job WHERE id = ? AND state = 'intake'").get(args.jobId);
    if (unfinished === undefined) return;
    writer.prepare('DELETE FROM row WHERE job_id = ?').run(args.jobId);
    writer.prepare('DELETE FROM job WHERE id = ?').run(args.jobId);
  });
}
