import { wordsFor } from '../../contract/vendor.ts';
import { REASON_WORDS } from '../../contract/words.ts';
import type { JobContext } from '../../main/jobs/runner/types.ts';
import type { JournalRow } from '../../main/jobs/types.ts';
import { writtenRow } from '../../main/jobs/written.ts';
import type { Services } from '../../main/services.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { watchInterrupts } from '../interrupts.ts';
import type { Session } from './session.ts';

/** Rows that are shown with their old value and new. */
const MOST_ROWS = 20;

/** A row's present values in words, each after its name. */
function presentText(session: Session, { operation }: JobContext, row: JournalRow): string {
  const { t } = session;
  const seen = row.seenValues;
  if (seen === null) return t({ zh: '未读取', en: 'not read' });
  const texts = (operation.readBefore?.columns ?? []).map((column) => {
    const value = seen[column.id] ?? '';
    const word = wordsFor(column, value);
    return word === undefined ? value : t(word);
  });
  return texts.filter((text) => text !== '').join(' · ') || t({ zh: '空', en: 'empty' });
}

/** What a row writes, in words: its own values of what is read, else what all rows share. */
function newText(session: Session, { operation, job }: JobContext, row: JournalRow): string {
  const { t } = session;
  const written = writtenRow(operation, job.params, row)?.values;
  if (written === undefined) return t({ zh: '（接在现值之后）', en: '(after what is there)' });
  const texts = (operation.readBefore?.columns ?? []).map(({ id }) => {
    const value = written[id] ?? job.params[id] ?? '';
    const field = [...operation.rowFields, ...operation.params].find((one) => one.id === id);
    const choice = field?.choices?.find((one) => one.value === value);
    return choice === undefined ? value : t(choice.names);
  });
  return texts.filter((text) => text !== '').join(' · ');
}

/** Prints the first rows that would be changed, and the first of those that were kept back: old value and new. */
async function printChanges(session: Session, services: Services, jobId: number): Promise<void> {
  const { terminal, t } = session;
  const context = await services.jobs.context(jobId);
  const rows: JournalRow[] = [];
  for (const reason of ['pending', 'state_forbids', 'changed_since_preview'] as const) {
    const filter = { state: 'not_sent', reason } as const;
    rows.push(...(await services.journal.call('getRows', { jobId, filter, after: 0, limit: MOST_ROWS })));
  }
  if (rows.length === 0) return;
  terminal.table(
    [
      { title: t({ zh: '行', en: 'line' }), align: 'right' },
      { title: t({ zh: '订单', en: 'order' }) },
      { title: t({ zh: '现在', en: 'now' }) },
      { title: '' },
      { title: t({ zh: '改为', en: 'becomes' }) },
      { title: t({ zh: '说明', en: 'why' }) },
    ],
    rows.map((row) => [
      String(row.line),
      row.order,
      presentText(session, context, row),
      row.reason === 'pending' ? '→' : '⊘',
      row.reason === 'pending' ? newText(session, context, row) : '',
      row.note === null
        ? row.reason === 'pending' || row.reason === null
          ? ''
          : t(REASON_WORDS[row.reason])
        : t(row.note),
    ]),
  );
}

/** Reads what is there now of a job's rows, shows what would change into what, and sends nothing: the job stays as it is, to be run later. */
export async function lookAtJob(
  session: Session,
  services: Services,
  jobId: number,
  again: boolean,
): Promise<ExitCode> {
  const { terminal, t } = session;
  const stop = new AbortController();
  const stopWatching = watchInterrupts({ first: () => stop.abort(), second: () => process.exit(EXIT.INTERRUPTED) });
  terminal.line(
    t({ zh: '正在读取现值（只查询，不发送）…', en: 'Reading what is there now (looking only, nothing is sent) …' }),
  );
  try {
    const end = await services.jobs.look(jobId, { again, signal: stop.signal });
    terminal.object({ event: 'looked', job: jobId, ...end });
    terminal.line(
      t({
        zh: `  已读 ${end.read} 单：将更改 ${end.changes}，已是所要的 ${end.nothing}，状态不允许 ${end.forbidden}，被人改过 ${end.changed}，读不到 ${end.unread}。`,
        en: `  ${end.read} read: ${end.changes} will change, ${end.nothing} already as wanted, ${end.forbidden} forbidden by their state, ${end.changed} changed by someone, ${end.unread} unreadable.`,
      }),
    );
    if (end.stopped !== null) terminal.line(`  ${t(end.stopped)}`);
    await printChanges(session, services, jobId);
    terminal.line(
      t({
        zh: `任务 ${jobId} 什么都没有发送；用 jobs resume ${jobId} 发送，jobs cancel ${jobId} 放弃。`,
        en: `Nothing of job ${jobId} was sent; send it with "jobs resume ${jobId}", or give it up with "jobs cancel ${jobId}".`,
      }),
    );
    return end.stopped === null ? EXIT.OK : EXIT.SOME_FAILED;
  } finally {
    stopWatching();
  }
}
