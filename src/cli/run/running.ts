import { join } from 'node:path';
import type { ExportFormat, WaitingView } from '../../contract/job.ts';
import type { Bilingual } from '../../contract/text.ts';
import { PAUSE_WORDS } from '../../contract/words.ts';
import { isUndoable } from '../../main/jobs/mend/confirm.ts';
import type { JobCounts } from '../../main/jobs/types.ts';
import { exportName } from '../../main/jobs/export/name.ts';
import type { Progress, RunEnd } from '../../main/jobs/runner/types.ts';
import type { Services } from '../../main/services.ts';
import { EXIT, exitOfCounts, type ExitCode } from '../exit.ts';
import { watchInterrupts } from '../interrupts.ts';
import { ProgressBar } from '../progress.ts';
import { printReport } from './report.ts';
import type { Session } from './session.ts';

/** Longest wait for readings that must lie apart; Polyv's three over 60 s fit into it. */
const VERIFY_WAIT_MS = 90_000;

function viewOf(progress: Progress): Parameters<ProgressBar['update']>[0] {
  const { counts, rate, leftMs } = progress;
  return { ...counts, notSent: counts.notSent - counts.pending, rate, leftMs };
}

/** Says what a run waits for, once for each cause. */
export function waitTeller(
  { terminal, t }: Pick<Session, 'terminal' | 't'>,
  jobId: number,
): (waiting: WaitingView | null) => void {
  let said: WaitingView['reason'] | null = null;
  return (waiting) => {
    terminal.object({ event: 'waiting', job: jobId, waiting });
    if (waiting === null) {
      if (said !== null) terminal.note(t({ zh: '继续发送。', en: 'Going on.' }));
      said = null;
      return;
    }
    if (waiting.reason === said) return;
    said = waiting.reason;
    const why = waiting.text === null ? PAUSE_WORDS[said] : waiting.text;
    const at = waiting.nextMs === null ? null : new Date(waiting.nextMs).toLocaleTimeString(terminal.language);
    const next: Bilingual =
      said === 'vendor_block' && at !== null
        ? { zh: `${at} 自动继续`, en: `it goes on by itself at ${at}` }
        : { zh: '好了就自动继续', en: 'it goes on by itself when that is over' };
    terminal.note(
      t({
        zh: `任务 ${jobId} 暂停（${PAUSE_WORDS[said].zh}）：${why.zh} ${next.zh}；按 Ctrl-C 停下。`,
        en: `Job ${jobId} is paused (${PAUSE_WORDS[said].en}): ${why.en} ${next.en}. Ctrl-C stops it.`,
      }),
    );
  };
}

/** Runs a job with a progress bar. The first Ctrl-C pauses it cleanly, a second one ends the process and leaves a journal that resumes. */
export async function runWithProgress(
  session: Session,
  services: Services,
  jobId: number,
  firstRows?: number | null,
  confirmed: number | null = null,
): Promise<RunEnd> {
  const { terminal, t } = session;
  const bar = new ProgressBar(terminal, t({ zh: `任务 ${jobId}`, en: `job ${jobId}` }));
  const stopWatching = watchInterrupts({
    first: () => {
      terminal.note(
        t({
          zh: '正在完成进行中的调用，然后暂停…（再按一次立即退出）',
          en: 'Finishing what is under way, then pausing … (once more ends at once)',
        }),
      );
      services.jobs.pause(jobId);
    },
    second: () => process.exit(EXIT.INTERRUPTED),
  });
  try {
    return await services.jobs.runThrough(jobId, {
      tell: (progress) => bar.update(viewOf(progress)),
      tellWaiting: waitTeller(session, jobId),
      ...(firstRows === undefined ? {} : { firstRows }),
      confirmed,
    });
  } finally {
    stopWatching();
    bar.end();
  }
}

/** Verifies a job's unknown rows and says how it went. */
export async function verifyUnknown(session: Session, services: Services, jobId: number): Promise<void> {
  const { terminal, t } = session;
  const stop = new AbortController();
  const stopWatching = watchInterrupts({ first: () => stop.abort(), second: () => process.exit(EXIT.INTERRUPTED) });
  terminal.line(
    t({
      zh: '正在向供应商查证未知的行（只查询，不再发送）…',
      en: 'Asking the vendor about the unknown rows (reading only, nothing is sent again) …',
    }),
  );
  try {
    const end = await services.jobs.verify(jobId, {
      signal: stop.signal,
      waitMs: VERIFY_WAIT_MS,
      tell: ({ waitingMs }) => {
        if (waitingMs === null) return;
        const seconds = Math.round(waitingMs / 1000);
        terminal.line(t({ zh: `  ${seconds} 秒后再读一次…`, en: `  reading again in ${seconds} s …` }));
      },
    });
    terminal.object({ event: 'verified', job: jobId, ...end });
    terminal.line(
      t({
        zh: `  查证后：成功 ${end.succeeded}，失败 ${end.failed}，仍未知 ${end.unknown}。`,
        en: `  After verification: ${end.succeeded} succeeded, ${end.failed} failed, ${end.unknown} still unknown.`,
      }),
    );
    if (end.stopped !== null) terminal.line(`  ${t(end.stopped)}`);
  } finally {
    stopWatching();
  }
}

/** Whether the person wants the rest sent after the first rows; without a keyboard the job stays paused. */
async function goOn(session: Session, services: Services, jobId: number): Promise<Sure> {
  const { counts } = await services.jobs.get(jobId);
  const rest = counts.byReason.pending ?? 0;
  // A number that was given is that of all rows, and main keeps it for the rest.
  if (session.invocation.flag('yes')) return { sure: true, confirmed: null };
  if (!session.prompter.available) return { sure: false };
  return askToSend(session, services, jobId, rest, {
    zh: `前面的行已完成。继续发送其余 ${rest} 行？`,
    en: `The first rows are done. Send the other ${rest}?`,
  });
}

/** The person's word: whether to send, and the number that was typed for it where one was asked for. */
export type Sure = { readonly sure: false } | { readonly sure: true; readonly confirmed: number | null };

const NO_WAY_BACK: Bilingual = {
  zh: '无法撤销：供应商执行后，控制台不能改回。',
  en: 'There is no undo: what the vendor has done stays done.',
};

/**
 * Asks once before `sends` rows are sent; where no one can set back so many, their number is typed in place of a yes. `--yes` answers, with the
 * number where one is needed; a wrong one is refused by main.
 */
export async function askToSend(
  session: Session,
  services: Services,
  jobId: number,
  sends: number,
  question: Bilingual,
): Promise<Sure> {
  const { invocation, prompter, terminal, t } = session;
  const { job } = await services.jobs.get(jobId);
  const given = invocation.text('yes') ?? '';
  if (given !== '') return { sure: true, confirmed: Number(given) };
  if (invocation.flag('yes')) return { sure: true, confirmed: null };
  const wayBack = isUndoable(job);
  if (!wayBack) terminal.note(t(NO_WAY_BACK));
  if (!(await services.jobs.needsCount(jobId, sends))) {
    return (await prompter.confirm(question)) ? { sure: true, confirmed: null } : { sure: false };
  }
  const typed = await prompter.text({
    zh: `${question.zh} 输入行数确认，直接回车放弃`,
    en: `${question.en} Type the number of rows to confirm, or just Enter to give up`,
  });
  const digits = typed.normalize('NFKC').replaceAll(/[\s,]/gu, '');
  if (digits === '') return { sure: false };
  return { sure: true, confirmed: /^\d{1,9}$/u.test(digits) ? Number(digits) : -1 };
}

/** Runs a job to its end: the first rows and the question after them, verification, report, export. Answers the exit code. */
export async function carryOut(
  session: Session,
  services: Services,
  jobId: number,
  firstRows?: number | null,
  confirmed: number | null = null,
): Promise<ExitCode> {
  const { invocation } = session;
  let end = await runWithProgress(session, services, jobId, firstRows, confirmed);
  if (end.reason === 'first_rows') {
    await printReport(session, services, jobId);
    const rest = await goOn(session, services, jobId);
    if (rest.sure) end = await runWithProgress(session, services, jobId, null, rest.confirmed);
  }
  const before = await services.jobs.get(jobId);
  if (before.counts.unknown > 0 && before.job.options.verifyAfter && end.reason !== 'person') {
    await verifyUnknown(session, services, jobId);
  }
  const counts = await printReport(session, services, jobId);
  const out = invocation.text('out');
  if (out !== undefined) await exportTo(session, services, jobId, out);
  return end.reason === 'person' ? EXIT.INTERRUPTED : exitOf(end, counts);
}

function exitOf(end: RunEnd, counts: JobCounts): ExitCode {
  const code = exitOfCounts(counts);
  return code === EXIT.OK && end.state === 'paused' && end.reason !== 'first_rows' ? EXIT.SOME_FAILED : code;
}

/** Exports a job and says where the file is. */
export async function exportTo(
  session: Session,
  services: Services,
  jobId: number,
  path: string,
  format: ExportFormat = 'csv',
): Promise<string> {
  const { terminal, t, invocation } = session;
  const made = await services.jobs.export(jobId, {
    path,
    format,
    language: terminal.language,
    overwrite: invocation.flag('force'),
  });
  terminal.object({ event: 'export', job: jobId, path: made.path, rows: made.rows });
  terminal.line(t({ zh: `已导出 ${made.rows} 行：${made.path}`, en: `Exported ${made.rows} rows: ${made.path}` }));
  return made.path;
}

/** A path for a job's export in a folder. */
export async function exportPath(
  services: Services,
  jobId: number,
  folder: string,
  format: ExportFormat = 'csv',
): Promise<string> {
  const { job } = await services.jobs.get(jobId);
  return join(folder, exportName(job, new Date(), format));
}
