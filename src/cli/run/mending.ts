import { appError } from '../../contract/errors.ts';
import type { ChosenRows } from '../../main/jobs/mend/decide.ts';
import type { Services } from '../../main/services.ts';
import { EXIT, exitOfCounts, type ExitCode } from '../exit.ts';
import { jobIdOf, sendRest } from './jobs.ts';
import { printReport, printSetAside } from './report.ts';
import { withServices, type Session } from './session.ts';

/** `jobs undo` */
export function undoJob(session: Session): Promise<ExitCode> {
  const { terminal, t } = session;
  return withServices(session, 'write', async (services) => {
    const jobId = jobIdOf(session);
    const undone = await services.jobs.undo(jobId);
    const { jobId: reverseId, rows, ready, unread, refused, same } = undone;
    terminal.object({ event: 'undo', of: jobId, job: reverseId, rows, ready, unread, refused, same });
    terminal.line(
      t({
        zh: `任务 ${reverseId}：撤销任务 ${jobId} 成功的 ${rows} 行，其中 ${ready} 行可以写回；没有读过原值 ${unread} 行，原值写不回去 ${refused} 行，没有变化 ${same} 行。`,
        en: `Job ${reverseId}: of the ${rows} rows that job ${jobId} wrote, ${ready} can be written back; the old value of ${unread} was not read, ${refused} cannot be written back, ${same} were the same before.`,
      }),
    );
    const { job, counts } = await services.jobs.get(reverseId);
    await printSetAside(session, services, job, counts);
    return sendRest(session, services, reverseId);
  });
}

function wanted(zh: string, en: string): Error {
  return appError('USAGE', { zh, en }, { zh: '见 jobs decide --help。', en: 'See "jobs decide --help".' });
}

/** The rows in doubt that the person named. */
async function chosenRows(
  session: Session,
  services: Services,
  jobId: number,
): Promise<ChosenRows & { count: number }> {
  const { invocation } = session;
  const orders = invocation.list('order');
  if (invocation.flag('all') === orders.length > 0)
    throw wanted(
      '请用 --order 指定订单，或用 --all 指定所有未知的行。',
      'Name orders with --order, or all rows in doubt with --all.',
    );
  const { counts } = await services.jobs.get(jobId);
  if (invocation.flag('all'))
    return { kind: 'all', filter: { state: 'unknown' }, but: new Set(), count: counts.unknown };
  const rows = new Set<number>();
  for (const order of orders) {
    const all = await services.journal.call('findOrder', { order });
    const found = all.filter((row) => row.jobId === jobId && row.state === 'unknown');
    if (found.length === 0)
      throw wanted(
        `任务 ${jobId} 里没有结果未知的订单「${order}」。`,
        `Job ${jobId} has no order "${order}" in doubt.`,
      );
    for (const { rowNo } of found) rows.add(rowNo);
  }
  return { kind: 'rows', rows, count: rows.size };
}

/** `jobs decide` */
export function decideJob(session: Session): Promise<ExitCode> {
  const { invocation, prompter, terminal, t } = session;
  return withServices(session, 'write', async (services) => {
    const jobId = jobIdOf(session);
    const as = invocation.text('as');
    if (as !== 'succeeded' && as !== 'failed')
      throw wanted('请用 --as succeeded 或 --as failed 说明。', 'Say --as succeeded or --as failed.');
    const { count, ...chosen } = await chosenRows(session, services, jobId);
    const { job } = await services.jobs.get(jobId);
    const sure =
      count === 0 ||
      invocation.flag('yes') ||
      (await prompter.confirm(
        as === 'succeeded'
          ? {
              zh: `把「${job.accountLabel}」的 ${count} 行记为「确实执行了」？`,
              en: `Keep ${count} rows of "${job.accountLabel}" as having happened?`,
            }
          : {
              zh: `把「${job.accountLabel}」的 ${count} 行记为「没有执行」？若其实已执行，重试会再执行一次。`,
              en: `Keep ${count} rows of "${job.accountLabel}" as not having happened? If they did after all, a retry does it again.`,
            },
      ));
    if (!sure) return EXIT.OK;
    const { rows } = await services.jobs.decide(jobId, chosen, as);
    terminal.object({ event: 'decided', job: jobId, as, rows });
    terminal.line(t({ zh: `已决定 ${rows} 行。`, en: `${rows} rows decided.` }));
    return exitOfCounts(await printReport(session, services, jobId));
  });
}

/** `jobs follow-up` */
export function followUpJob(session: Session): Promise<ExitCode> {
  const { invocation, terminal, t } = session;
  return withServices(session, 'write', async (services) => {
    const jobId = jobIdOf(session);
    const path = invocation.text('file');
    if (path !== undefined) {
      const mended = await services.jobs.mendFrom(jobId, { kind: 'file', path });
      terminal.object({ event: 'mended', job: jobId, ...mended });
      terminal.line(
        t({
          zh: `文件有 ${mended.read} 行：改正 ${mended.saved} 行，没有改动 ${mended.unchanged} 行，不能改 ${mended.left} 行，没有通过检查 ${mended.refused.length} 行。`,
          en: `Of the file's ${mended.read} rows, ${mended.saved} were mended, ${mended.unchanged} are as they were, ${mended.left} are not to be mended, ${mended.refused.length} did not pass the check.`,
        }),
      );
      for (const { line, problems } of mended.refused.slice(0, 20)) {
        const words = problems.map(({ message }) => t(message)).join('; ');
        terminal.line(`${terminal.paint('yellow', '!')} ${t({ zh: `第 ${line} 行：`, en: `line ${line}: ` })}${words}`);
      }
    }
    const made = await services.jobs.followUp(jobId);
    terminal.object({ event: 'follow_up', of: jobId, job: made.jobId, rows: made.rows });
    terminal.line(
      t({
        zh: `任务 ${made.jobId}：任务 ${jobId} 的后续，共 ${made.rows} 行。`,
        en: `Job ${made.jobId}: the follow-up of job ${jobId}, with ${made.rows} rows.`,
      }),
    );
    return sendRest(session, services, made.jobId);
  });
}
