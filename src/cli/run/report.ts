import { withLine } from '../../contract/line.ts';
import type { VendorFailure } from '../../contract/outcome.ts';
import { rowPages } from '../../main/jobs/journal/pages.ts';
import type { Job, JobCounts } from '../../main/jobs/types.ts';
import type { Services } from '../../main/services.ts';
import type { Session } from './session.ts';
import { JOB_WORDS, PAUSE_WORDS, PROBLEM_WORDS, REASON_WORDS, STATE_WORDS } from '../../contract/words.ts';

const MOST_LINES = 8;
const PAGE = 2_000;

interface Reason {
  readonly failure: VendorFailure;
  count: number;
  readonly lines: number[];
}

/** The failures of a job by code, the most frequent first, with the first lines of each. Reads at most the failed and rejected rows. */
async function reasonsOf(services: Services, jobId: number): Promise<Reason[]> {
  const reasons = new Map<string, Reason>();
  const filters = [
    { state: 'failed' },
    { state: 'not_sent', reason: 'rejected' },
    { state: 'not_sent', reason: 'unreadable' },
  ] as const;
  for (const filter of filters) {
    for await (const rows of rowPages(services.journal, jobId, filter)) {
      for (const { failure, line } of rows) {
        if (failure === null) continue;
        // One code may stand for several things; people tell them apart by our reading.
        const key = `${failure.code} ${failure.reading.en}`;
        const known = reasons.get(key) ?? { failure, count: 0, lines: [] };
        known.count += 1;
        if (known.lines.length < MOST_LINES) known.lines.push(line);
        reasons.set(key, known);
      }
    }
  }
  return [...reasons.values()].sort((a, b) => b.count - a.count);
}

/** `2, 3, 9 …` */
export function linesText(lines: readonly number[], count: number): string {
  return lines.join(', ') + (count > lines.length ? ' …' : '');
}

function countRows(session: Session, counts: JobCounts): string[][] {
  const { t } = session;
  const of = {
    succeeded: counts.succeeded,
    failed: counts.failed,
    unknown: counts.unknown,
    not_sent: counts.notSent,
    sending: counts.sending,
  };
  const rows: string[][] = [];
  for (const state of ['succeeded', 'failed', 'unknown', 'not_sent', 'sending'] as const) {
    if (state === 'sending' && of.sending === 0) continue;
    const { sign, words } = STATE_WORDS[state];
    const why =
      state === 'not_sent'
        ? Object.entries(counts.byReason)
            .map(([reason, n]) => `${t(REASON_WORDS[reason as keyof typeof REASON_WORDS])} ${n}`)
            .join(' · ')
        : '';
    rows.push([`${sign} ${t(words)}`, String(of[state]), why]);
  }
  rows.push([t({ zh: '合计', en: 'total' }), String(counts.total), '']);
  return rows;
}

function printCounts(session: Session, counts: JobCounts): void {
  const { terminal, t } = session;
  const style = (cell: string): ReturnType<NonNullable<Parameters<typeof terminal.table>[0][number]['style']>> =>
    Object.values(STATE_WORDS).find(({ sign }) => cell.startsWith(sign))?.style;
  terminal.table(
    [
      { title: t({ zh: '结果', en: 'outcome' }), style },
      { title: t({ zh: '行数', en: 'rows' }), align: 'right' },
      { title: t({ zh: '原因', en: 'why' }) },
    ],
    countRows(session, counts),
  );
}

function problemText(code: string, session: Session): string {
  const words = PROBLEM_WORDS[code];
  return words === undefined ? code : session.t(words);
}

/** Prints set-aside rows by problem, each with its first lines and what is wrong there. */
export async function printSetAside(session: Session, services: Services, job: Job, counts: JobCounts): Promise<void> {
  const { terminal, t } = session;
  if ((counts.byReason.set_aside ?? 0) === 0) return;
  const rows = await services.journal.call('getRows', {
    jobId: job.id,
    filter: { state: 'not_sent', reason: 'set_aside' },
    after: 0,
    limit: PAGE,
  });
  terminal.line(t({ zh: '未通过检查的行：', en: 'Set aside:' }));
  for (const [code, n] of Object.entries(counts.byProblem)) {
    const examples = rows.filter((row) => row.problem?.code === code).slice(0, 3);
    terminal.line(`  ${terminal.paint('grey', '⊘')} ${problemText(code, session)}: ${n}`);
    for (const { line, problem } of examples) {
      if (problem !== null) terminal.line(`      ${session.t(withLine(line, problem.message))}`);
    }
  }
}

/** Prints where a job stands: its four outcomes, and every reason with what to do. */
export async function printReport(session: Session, services: Services, jobId: number): Promise<JobCounts> {
  const { terminal, t } = session;
  const { job, counts } = await services.jobs.get(jobId);
  const reasons = await reasonsOf(services, jobId);
  terminal.object({ event: 'report', job: jobObject(job), counts, failures: reasons });
  const state = t(JOB_WORDS[job.state]) + (job.pauseReason === null ? '' : ` (${t(PAUSE_WORDS[job.pauseReason])})`);
  terminal.line(
    '',
    terminal.paint(
      'bold',
      t({
        zh: `任务 ${job.id} · ${job.accountLabel} · ${job.operation}:${state}`,
        en: `Job ${job.id} · ${job.accountLabel} · ${job.operation}: ${state}`,
      }),
    ),
  );
  if (job.pauseText !== null) terminal.line(t(job.pauseText));
  printCounts(session, counts);
  for (const { failure, count, lines } of reasons) {
    const code = terminal.paint('grey', failure.code);
    terminal.line(`${terminal.paint('red', '✕')} ${count} × ${t(failure.reading)} ${code}`);
    terminal.line(`    ${t({ zh: '办法', en: 'what to do' })}: ${t(failure.remedy)}`);
    terminal.line(`    ${t({ zh: '行', en: 'lines' })}: ${linesText(lines, count)}`);
  }
  return counts;
}

/** A job as `--json` shows it. */
export function jobObject(job: Job): Record<string, unknown> {
  const { id, vendor, accountLabel, operation, state, pauseReason, createdAt, startedAt, endedAt, parentId, source } =
    job;
  return {
    id,
    vendor,
    account: accountLabel,
    operation,
    state,
    pauseReason,
    createdAt,
    startedAt,
    endedAt,
    parentId,
    source,
  };
}
