import type { Account } from '../../contract/account.ts';
import { appError } from '../../contract/errors.ts';
import { withLine } from '../../contract/line.ts';
import type { Bilingual } from '../../contract/text.ts';
import { describeRequest } from '../../main/gateway/describe.ts';
import { checkedParams, type ImportRequest, type Imported } from '../../main/jobs/import.ts';
import { encodingOf } from '../../main/jobs/intake/encoding.ts';
import { filledField, intakeFields } from '../../main/jobs/intake/filled.ts';
import { openInput, type InputOptions, type InputSource } from '../../main/jobs/intake/input.ts';
import { planIntake, type ExplicitMapping } from '../../main/jobs/intake/mapping.ts';
import { NO_ROWS, readRows, summarise, type IntakeSummary } from '../../main/jobs/intake/rows.ts';
import type { Job } from '../../main/jobs/types.ts';
import { writeTemplate } from '../../main/jobs/intake/template.ts';
import type { AccountServices, Services } from '../../main/services.ts';
import { PAUSE_WORDS } from '../../contract/words.ts';
import { vendor } from '../../main/vendors/registry.ts';
import type { UpdateOperation, UpdateRow, Values } from '../../main/vendors/types.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { lookAtJob } from './look.ts';
import { askToSend, carryOut, type Sure } from './running.ts';
import { printSetAside } from './report.ts';
import { tellRequest } from './request.ts';
import { operationOf, withAccounts, withServices, type Session } from './session.ts';

/** Most bytes of rows on stdin; a larger input is a file's matter. */
const MOST_STDIN_BYTES = 64 * 1024 * 1024;

async function sourceOf(session: Session): Promise<InputSource> {
  const path = session.invocation.arg('FILE');
  if (path !== '-') return { kind: 'file', path };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of session.world.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MOST_STDIN_BYTES) {
      throw appError(
        'USAGE',
        { zh: '标准输入超过 64 MB。', en: 'stdin is longer than 64 MB.' },
        { zh: '请把它存成文件再导入。', en: 'Save it to a file and import that.' },
      );
    }
    chunks.push(bytes);
  }
  return { kind: 'paste', text: Buffer.concat(chunks).toString('utf8'), name: 'stdin' };
}

function inputOptions(session: Session): InputOptions {
  const name = session.invocation.text('encoding');
  const sheet = session.invocation.text('sheet');
  const wanted = sheet === undefined ? {} : { sheet };
  if (name === undefined) return wanted;
  const encoding = encodingOf(name);
  if (encoding !== null) return { ...wanted, encoding };
  throw appError(
    'USAGE',
    { zh: `不认识编码「${name}」。`, en: `The encoding "${name}" is not known.` },
    { zh: '可用：utf-8、gbk、gb18030、utf-16le、utf-16be。', en: 'There are utf-8, gbk, gb18030, utf-16le, utf-16be.' },
  );
}

/** Columns as a person names them: a header's name, or a number from 1. */
function mappingOf(session: Session): ExplicitMapping {
  const pairs = Object.entries(session.invocation.pairs('map'));
  return Object.fromEntries(
    pairs.map(([field, column]) => [field, /^[1-9]\d{0,4}$/.test(column) ? Number(column) - 1 : column]),
  );
}

/** Whether each write is preceded by a reading: as the person says, else as the operation does. */
function readsBefore(invocation: Session['invocation'], operation: UpdateOperation): boolean {
  if (invocation.flag('no-read-before')) return false;
  return invocation.flag('read-before') || operation.readBefore?.byDefault === true;
}

async function importRequest(
  session: Session,
  account: Account,
  operation: UpdateOperation,
): Promise<Omit<ImportRequest, 'now'>> {
  const { invocation } = session;
  const title = invocation.text('title');
  return {
    account,
    operation,
    params: invocation.pairs('set'),
    source: await sourceOf(session),
    input: inputOptions(session),
    mapping: mappingOf(session),
    ...(invocation.flag('no-header') ? { hasHeader: false } : {}),
    ...(title === undefined ? {} : { title }),
    ...(invocation.flag('again') ? {} : { known: [] }),
    options: {
      readBefore: readsBefore(invocation, operation),
      writeUnreadable: invocation.flag('write-unreadable'),
      firstRows: invocation.number('first') ?? null,
      verifyAfter: !invocation.flag('no-verify'),
    },
  };
}

function tellImport(session: Session, imported: Imported): void {
  const { terminal, t } = session;
  for (const notice of imported.notices) terminal.line(t(notice));
  for (const { message } of imported.paramWarnings) terminal.line(`${terminal.paint('yellow', '!')} ${t(message)}`);
  if (imported.unmapped.length > 0) {
    terminal.line(
      t({ zh: `未使用的列：${imported.unmapped.join('、')}`, en: `Columns not used: ${imported.unmapped.join(', ')}` }),
    );
  }
  for (const { line, problem } of imported.warnings.slice(0, 5)) {
    terminal.line(`${terminal.paint('yellow', '!')} ${session.t(withLine(line, problem.message))}`);
  }
  const more = imported.warningCount - Math.min(5, imported.warnings.length);
  if (more > 0) terminal.line(t({ zh: `  还有 ${more} 条提醒。`, en: `  and ${more} more warnings.` }));
}

/** The operation's warnings, and those of what was chosen for all rows. */
function warningsOf(operation: UpdateOperation, params: Values): readonly Bilingual[] {
  const chosen = operation.params.flatMap(({ id, choices }) => {
    const warning = choices?.find(({ value }) => value === params[id])?.warning;
    return warning === undefined ? [] : [warning];
  });
  return [...chosen, ...operation.warnings];
}

/** Asks once, with the count and the account's name. */
async function confirmed(
  session: Session,
  services: Services,
  account: Account,
  operation: UpdateOperation,
  rows: number,
  { id: jobId, params }: Pick<Job, 'id' | 'params'>,
): Promise<Sure> {
  for (const warning of warningsOf(operation, params)) session.terminal.note(session.t(warning));
  if (!session.invocation.flag('yes') && !session.prompter.available) {
    throw appError(
      'USAGE',
      {
        zh: `任务 ${jobId} 已准备好，但没有终端可以确认。`,
        en: `Job ${jobId} is ready, but there is no terminal to confirm it at.`,
      },
      {
        zh: `加 --yes 直接发送；或用 jobs resume ${jobId} 运行，jobs cancel ${jobId} 放弃。`,
        en: `Send it with --yes, run it with "jobs resume ${jobId}", or give it up with "jobs cancel ${jobId}".`,
      },
    );
  }
  const sends = Math.min(rows, session.invocation.number('first') ?? rows);
  return askToSend(session, services, jobId, sends, {
    zh: `向「${account.label}」（${vendor(account.vendor).names.zh}）发送 ${rows} 行${operation.names.zh}?`,
    en: `Send ${rows} rows of "${operation.names.en}" to "${account.label}" (${vendor(account.vendor).names.en})?`,
  });
}

async function sendNow(session: Session, services: Services): Promise<ExitCode> {
  const { invocation, terminal, t } = session;
  const account = await services.vault.find(invocation.arg('ACCOUNT'));
  const operation = operationOf(account, invocation.arg('OPERATION'), 'update');
  const imported = await services.jobs.import({
    ...(await importRequest(session, account, operation)),
    tellWaiting: (reason) => {
      if (reason !== null)
        terminal.note(t({ zh: `等待：${PAUSE_WORDS[reason].zh}`, en: `Waiting: ${PAUSE_WORDS[reason].en}` }));
    },
  });
  const { job, counts } = await services.jobs.get(imported.jobId);
  const pending = counts.byReason.pending ?? 0;
  terminal.object({ event: 'imported', job: job.id, rows: imported.rows, pending, counts });
  terminal.line(
    t({
      zh: `任务 ${job.id}：读入 ${imported.rows} 行，可发送 ${pending} 行。`,
      en: `Job ${job.id}: ${imported.rows} rows read, ${pending} fit to be sent.`,
    }),
  );
  tellImport(session, imported);
  await printSetAside(session, services, job, counts);
  if (invocation.flag('look')) return lookAtJob(session, services, job.id, false);
  const word: Sure =
    pending === 0
      ? { sure: true, confirmed: null }
      : await confirmed(session, services, account, operation, pending, job);
  if (!word.sure) {
    await services.jobs.cancel(job.id);
    terminal.line(t({ zh: '已放弃，什么都没有发送。', en: 'Given up; nothing was sent.' }));
    return EXIT.OK;
  }
  const code = await carryOut(session, services, job.id, undefined, word.confirmed);
  await services.vault.mark(account.id, 'used');
  return code;
}

/** Reads an input as a run would, and keeps the rows of its first call; the journal is not touched. */
async function firstCall(
  request: Omit<ImportRequest, 'now'>,
  params: Values,
): Promise<{ rows: readonly UpdateRow[]; summary: IntakeSummary }> {
  const { operation, account } = request;
  const input = await openInput(request.source, request.input);
  const plan = planIntake(input.first.cells, intakeFields(operation, params), {
    mapping: request.mapping ?? {},
    ...(request.hasHeader === undefined ? {} : { hasHeader: request.hasHeader }),
  });
  const rows: UpdateRow[] = [];
  let summary = NO_ROWS;
  const { mapping, hasHeader } = plan;
  const filled = filledField(operation, params, plan.header);
  const options = { operation, params, settings: account.settings, mapping, hasHeader, filled };
  for await (const batch of readRows(input, options)) {
    summary = summarise(summary, batch);
    for (const { values, problem, order } of batch) {
      if (values !== null && problem === null && rows.length < operation.batchSize) rows.push({ order, values });
    }
  }
  return { rows, summary };
}

/** Shows what would be sent, secrets masked and with an expired time, and sends nothing. */
async function dryRun(session: Session, { vault, gateway }: AccountServices): Promise<ExitCode> {
  const { invocation, terminal, t } = session;
  const account = await vault.find(invocation.arg('ACCOUNT'));
  const operation = operationOf(account, invocation.arg('OPERATION'), 'update');
  const request = await importRequest(session, account, operation);
  const params = checkedParams(operation, request.params, account.settings).value;
  const { rows, summary } = await firstCall(request, params);
  terminal.object({ event: 'dry_run', ...summary });
  terminal.line(
    t({
      zh: `读入 ${summary.total} 行，通过检查 ${summary.fit} 行（重复的行在正式运行时再剔除）。什么都没有发送。`,
      en: `${summary.total} rows read, ${summary.fit} pass the checks (duplicates are set aside in a real run). Nothing was sent.`,
    }),
  );
  if (rows.length === 0) return EXIT.SOME_FAILED;
  const prepared = await gateway.prepare(account, (context) => operation.request(rows, params, context), {
    expired: true,
  });
  tellRequest(session, describeRequest(prepared.request, await vault.readSecrets(account.id)), {
    zh: '第一个请求（密钥已遮盖，时间戳是过期的）：',
    en: 'The first request (secrets masked, made with an expired time):',
  });
  prepared.release();
  return EXIT.OK;
}

/** Writes an operation's empty table instead of importing one. */
async function template(session: Session, { vault }: AccountServices): Promise<ExitCode> {
  const { invocation, terminal, t } = session;
  const account = await vault.find(invocation.arg('ACCOUNT'));
  const operation = operationOf(account, invocation.arg('OPERATION'), 'update');
  const path = invocation.arg('FILE');
  const format = /\.(csv|xlsx)$/iu.exec(path)?.[1]?.toLowerCase();
  if (format !== 'csv' && format !== 'xlsx') {
    throw appError(
      'USAGE',
      { zh: '模板的文件名要以 .csv 或 .xlsx 结尾。', en: "A template's file name ends in .csv or .xlsx." },
      { zh: '请改文件名后重试。', en: 'Give it such a name and try again.' },
    );
  }
  await writeTemplate(path, operation, { language: terminal.language, format, overwrite: invocation.flag('force') });
  terminal.object({ event: 'template', file: path });
  terminal.line(t({ zh: `模板已写到 ${path}。`, en: `The template is in ${path}.` }));
  return EXIT.OK;
}

/** `update` */
export function update(session: Session): Promise<ExitCode> {
  if (session.invocation.flag('template')) return withAccounts(session, (services) => template(session, services));
  if (session.invocation.flag('dry-run')) return withAccounts(session, (services) => dryRun(session, services));
  return withServices(session, 'write', (services) => sendNow(session, services));
}
