import { join } from 'node:path';
import { EXPORT_FORMATS } from '../../contract/job.ts';
import { appError, AppError } from '../../contract/errors.ts';
import { ROW_STATES, type RowState } from '../../contract/outcome.ts';
import { LOG_LIMITS, LOG_PAGE } from '../../contract/order-log.ts';
import { orderLogPage } from '../../main/jobs/order-log.ts';
import type { Wish } from '../../main/jobs/mailbox.ts';
import type { JournalRow } from '../../main/jobs/types.ts';
import { isPassing } from '../../main/jobs/waits/long-run.ts';
import type { Services } from '../../main/services.ts';
import { takeWriterLock } from '../../main/store/lock.ts';
import { LOCK_FILE } from '../../main/store/serve.ts';
import { EXIT, exitOfCounts, type ExitCode } from '../exit.ts';
import { lookAtJob } from './look.ts';
import { askToSend, carryOut, exportPath, exportTo, verifyUnknown } from './running.ts';
import { jobObject, printReport, printSetAside } from './report.ts';
import { withServices, type Session } from './session.ts';
import { JOB_WORDS, PAUSE_WORDS, REASON_WORDS, STATE_WORDS } from '../../contract/words.ts';

const MOST_JOBS = 50;
const MOST_ROWS = 200;

export function jobIdOf(session: Session): number {
  const text = session.invocation.arg('JOB');
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw appError(
    'USAGE',
    { zh: `「${text}」不是任务编号。`, en: `"${text}" is no job's number.` },
    { zh: '用 jobs list 查看编号。', en: 'See the numbers with "jobs list".' },
  );
}

/** `jobs list` */
export function listJobs(session: Session): Promise<ExitCode> {
  const { terminal, t, invocation } = session;
  return withServices(session, 'read', async (services) => {
    const jobs = (await services.journal.call('listJobs', undefined)).slice(0, invocation.number('most') ?? MOST_JOBS);
    const rows: string[][] = [];
    for (const job of jobs) {
      const counts = await services.journal.call('getCounts', { jobId: job.id });
      terminal.object({ event: 'job', ...jobObject(job), counts });
      const state = t(JOB_WORDS[job.state]) + (job.pauseReason === null ? '' : ` · ${t(PAUSE_WORDS[job.pauseReason])}`);
      const when = new Date(job.createdAt).toLocaleString(terminal.language);
      rows.push(
        [
          job.id,
          job.accountLabel,
          job.operation,
          state,
          counts.total,
          counts.succeeded,
          counts.failed,
          counts.unknown,
          counts.notSent,
          job.source.name,
          when,
        ].map(String),
      );
    }
    if (jobs.length === 0) terminal.line(t({ zh: '还没有任务。', en: 'There is no job yet.' }));
    else {
      const right = 'right' as const;
      terminal.table(
        [
          { title: '#', align: right },
          { title: t({ zh: '账号', en: 'account' }) },
          { title: t({ zh: '操作', en: 'operation' }) },
          { title: t({ zh: '状态', en: 'state' }) },
          { title: t({ zh: '行数', en: 'rows' }), align: right },
          ...(['succeeded', 'failed', 'unknown', 'not_sent'] as const).map((state) => ({
            title: t(STATE_WORDS[state].words),
            align: right,
          })),
          { title: t({ zh: '来源', en: 'source' }) },
          { title: t({ zh: '创建时间', en: 'created' }) },
        ],
        rows,
      );
    }
    return EXIT.OK;
  });
}

function whyOf(session: Session, row: JournalRow): string {
  const { t } = session;
  if (row.problem !== null) return t(row.problem.message);
  if (row.failure !== null) return `${t(row.failure.reading)} (${row.failure.code})`;
  if (row.note !== null) return t(row.note);
  return row.reason === null ? '' : t(REASON_WORDS[row.reason]);
}

function printRows(session: Session, rows: readonly JournalRow[], withJob: boolean): void {
  const { terminal, t } = session;
  for (const { cells: _personal, values: _sent, ...row } of rows) terminal.object({ event: 'row', ...row });
  terminal.table(
    [
      ...(withJob ? [{ title: t({ zh: '任务', en: 'job' }), align: 'right' as const }] : []),
      { title: t({ zh: '行', en: 'line' }), align: 'right' },
      { title: t({ zh: '订单', en: 'order' }) },
      { title: t({ zh: '结果', en: 'outcome' }) },
      { title: t({ zh: '原因', en: 'why' }) },
      { title: t({ zh: '次数', en: 'tries' }), align: 'right' },
    ],
    rows.map((row) => [
      ...(withJob ? [String(row.jobId)] : []),
      String(row.line),
      row.order,
      `${STATE_WORDS[row.state].sign} ${t(STATE_WORDS[row.state].words)}`,
      whyOf(session, row),
      String(row.attempts),
    ]),
  );
}

/** `jobs show` */
export function showJob(session: Session): Promise<ExitCode> {
  const { invocation } = session;
  return withServices(session, 'read', async (services) => {
    const jobId = jobIdOf(session);
    const counts = await printReport(session, services, jobId);
    const { job } = await services.jobs.get(jobId);
    await printSetAside(session, services, job, counts);
    const wanted = invocation.text('rows');
    if (wanted !== undefined) {
      const state = ROW_STATES.find((one): one is RowState => one === wanted);
      const limit = invocation.number('most') ?? MOST_ROWS;
      printRows(
        session,
        await services.journal.call('getRows', {
          jobId,
          ...(state === undefined ? {} : { filter: { state } }),
          after: 0,
          limit,
        }),
        false,
      );
    }
    return EXIT.OK;
  });
}

/** Whether another process holds the writer's lock: then it may be waiting to go on with a job. */
function isWritten({ folder }: Services): boolean {
  try {
    takeWriterLock(join(folder, LOCK_FILE)).release();
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === 'WRITER_BUSY') return true;
    throw error;
  }
}

/** Leaves a wish for the process that runs the job; null when no process does. */
async function ask(session: Session, wish: Wish): Promise<ExitCode | null> {
  const { terminal, t } = session;
  return withServices(session, 'read', async (services) => {
    const jobId = jobIdOf(session);
    const { job } = await services.jobs.get(jobId);
    // A job that waits is paused in the journal and still this or another process's.
    const waits =
      job.state === 'paused' && job.pauseReason !== null && isPassing(job.pauseReason) && isWritten(services);
    if (job.state !== 'running' && !waits) return null;
    await services.mailbox.leave(jobId, wish);
    terminal.object({ event: 'wish', job: jobId, wish });
    terminal.line(
      t({
        zh: `已请运行任务 ${jobId} 的程序${wish === 'pause' ? '暂停' : '取消'}；进行中的调用会先完成。`,
        en: `Asked the program that runs job ${jobId} to ${wish} it; calls under way end first.`,
      }),
    );
    return EXIT.OK;
  });
}

/** `jobs pause` */
export async function pauseJob(session: Session): Promise<ExitCode> {
  const asked = await ask(session, 'pause');
  if (asked !== null) return asked;
  session.terminal.line(session.t({ zh: '该任务没有在运行。', en: 'This job is not running.' }));
  return EXIT.OK;
}

/** `jobs cancel` */
export async function cancelJob(session: Session): Promise<ExitCode> {
  const { invocation, prompter, terminal, t } = session;
  const jobId = jobIdOf(session);
  if (
    !invocation.flag('yes') &&
    !(await prompter.confirm({
      zh: `放弃任务 ${jobId} 中还没有发送的行？`,
      en: `Give up what job ${jobId} has not sent?`,
    }))
  )
    return EXIT.OK;
  const asked = await ask(session, 'cancel');
  if (asked !== null) return asked;
  return withServices(session, 'write', async (services) => {
    await services.jobs.cancel(jobId);
    terminal.line(t({ zh: `任务 ${jobId} 已取消。`, en: `Job ${jobId} is cancelled.` }));
    return EXIT.OK;
  });
}

/** Sends what a job has waiting, once the person has said so. */
export async function sendRest(session: Session, services: Services, jobId: number): Promise<ExitCode> {
  const { invocation } = session;
  const { job, counts } = await services.jobs.get(jobId);
  const rows = counts.byReason.pending ?? 0;
  const first = invocation.number('first') ?? null;
  if (rows === 0) return carryOut(session, services, jobId, first);
  const word = await askToSend(session, services, jobId, Math.min(rows, first ?? rows), {
    zh: `向「${job.accountLabel}」发送 ${rows} 行？`,
    en: `Send ${rows} rows to "${job.accountLabel}"?`,
  });
  if (!word.sure) return EXIT.OK;
  return carryOut(session, services, jobId, first, word.confirmed);
}

/** `jobs resume` */
export function resumeJob(session: Session): Promise<ExitCode> {
  return withServices(session, 'write', (services) => sendRest(session, services, jobIdOf(session)));
}

/** `jobs retry` */
export function retryJob(session: Session): Promise<ExitCode> {
  const { terminal, t } = session;
  return withServices(session, 'write', async (services) => {
    const jobId = jobIdOf(session);
    const rows = await services.jobs.retry(jobId);
    terminal.line(t({ zh: `${rows} 行可以安全重发。`, en: `${rows} rows are safe to send again.` }));
    return rows === 0 ? EXIT.OK : sendRest(session, services, jobId);
  });
}

/** `jobs verify` */
export function verifyJob(session: Session): Promise<ExitCode> {
  return withServices(session, 'write', async (services) => {
    const jobId = jobIdOf(session);
    await verifyUnknown(session, services, jobId);
    return exitOfCounts(await printReport(session, services, jobId));
  });
}

/** `jobs look` */
export function lookJob(session: Session): Promise<ExitCode> {
  return withServices(session, 'write', (services) =>
    lookAtJob(session, services, jobIdOf(session), session.invocation.flag('again')),
  );
}

/** `jobs export` */
export function exportJob(session: Session): Promise<ExitCode> {
  return withServices(session, 'read', async (services) => {
    const jobId = jobIdOf(session);
    const out = session.invocation.text('out');
    const wanted =
      session.invocation.text('format') ?? EXPORT_FORMATS.find((one) => out?.toLowerCase().endsWith(`.${one}`));
    const format = EXPORT_FORMATS.find((one) => one === wanted) ?? 'csv';
    await exportTo(session, services, jobId, out ?? (await exportPath(services, jobId, '.', format)), format);
    return EXIT.OK;
  });
}

/** `jobs find` */
export function findOrder(session: Session): Promise<ExitCode> {
  const { terminal, t, invocation } = session;
  return withServices(session, 'read', async (services) => {
    const order = invocation.arg('ORDER');
    if (invocation.flag('log')) return printLog(session, services, order);
    const rows = await services.journal.call('findOrder', { order });
    if (rows.length === 0)
      terminal.line(t({ zh: `没有任务里有订单「${order}」。`, en: `No job has the order "${order}".` }));
    else printRows(session, rows, true);
    return EXIT.OK;
  });
}

/** `jobs find --log` */
async function printLog({ terminal, t }: Session, { journal }: Services, order: string): Promise<ExitCode> {
  for (let offset = 0; ; offset += LOG_PAGE) {
    const page = orderLogPage(await journal.call('orderFacts', { order, offset, limit: LOG_PAGE }));
    if (page.total === 0)
      terminal.line(t({ zh: `没有任务里有订单「${order}」。`, en: `No job has the order "${order}".` }));
    for (const entry of page.entries) {
      terminal.object({ event: 'log', ...entry });
      const at = new Date(entry.atMs).toLocaleString(terminal.language);
      const place = entry.line === null ? '' : t({ zh: ` 第 ${entry.line} 行`, en: ` line ${entry.line}` });
      terminal.line(`${at}  ${t({ zh: '任务', en: 'job' })} ${entry.jobId}${place}  ${t(entry.text)}`);
    }
    if (offset + LOG_PAGE < page.total) continue;
    if (page.total > 0) terminal.line(t(LOG_LIMITS));
    return EXIT.OK;
  }
}

/** Commands that only look answer plainly when there is no data yet. */
export async function orNothingYet(session: Session, body: (session: Session) => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await body(session);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'DATABASE_MISSING') throw error;
    session.terminal.line(session.t(error.text.message));
    return EXIT.OK;
  }
}
