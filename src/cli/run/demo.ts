import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from '../../contract/account.ts';
import type { Bilingual } from '../../contract/text.ts';
import { addTwinAccounts, closeTwins, startTwins, type TwinAccount, type Twins } from '../../main/embedded.ts';
import { dataFolder } from '../../main/folders.ts';
import type { JobCounts, JobOptions } from '../../main/jobs/types.ts';
import { runLookup } from '../../main/lookups/run.ts';
import type { Services } from '../../main/services.ts';
import { createMemoryKeychain } from '../../main/vault/index.ts';
import { vendor } from '../../main/vendors/registry.ts';
import { shanghaiTime } from '../../main/vendors/shared/time.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { pingOf } from './accounts.ts';
import { compareWithLedger } from './demo-ledger.ts';
import {
  CLOCK_SKEW_MS,
  injectedFaults,
  noteInput,
  polyvInput,
  vendingInput,
  type InjectedFault,
} from './demo-input.ts';
import { tellLookup } from './lookup.ts';
import { printReport, printSetAside } from './report.ts';
import { exportPath, exportTo, runWithProgress, verifyUnknown } from './running.ts';
import { openSession, operationOf, type Session } from './session.ts';
import { STATE_WORDS } from '../../contract/words.ts';

const DEFAULT_SEED = 20_261_123;
/** Far above any vendor's pace: the twins stand on this machine. */
const TWIN_PACING = { perSecond: 200, concurrency: 8 };
const OPTIONS: Omit<JobOptions, 'readBefore'> = { writeUnreadable: false, firstRows: null, verifyAfter: true };
const WEEK_MS = 7 * 86_400_000;

interface Done {
  readonly vendor: keyof Twins;
  readonly jobId: number;
  readonly counts: JobCounts;
  readonly path: string;
}

function heading(session: Session, text: Bilingual): void {
  session.terminal.line('', session.terminal.paint('bold', `▌ ${session.t(text)}`));
}

/** Tests each account as `accounts test` does; the first call to Polyv also learns how far its clock is away. */
async function testAccounts(
  session: Session,
  services: Services,
  accounts: Readonly<Record<string, Account>>,
): Promise<void> {
  heading(session, { zh: '测试账号', en: 'Testing the accounts' });
  for (const account of Object.values(accounts)) {
    const ping = pingOf(account);
    if (ping === undefined) continue;
    const end = await services.gateway.ping(account, ping);
    const name = session.t(vendor(account.vendor).names);
    const why = end.ok ? '' : session.t('why' in end ? end.why : end.failure.reading);
    session.terminal.line(
      end.ok
        ? `  ${session.terminal.paint('green', '✓')} ${name}`
        : `  ${session.terminal.paint('red', '✕')} ${name}: ${why}`,
    );
  }
}

async function lookUpWeek(session: Session, services: Services, account: Account, twins: Twins): Promise<number> {
  heading(session, { zh: '苏宁：查询一周的订单状态', en: 'Suning: the order states of a week' });
  const now = twins.suning.now();
  const params = {
    orderSource: '201',
    startTime: shanghaiTime(now - WEEK_MS),
    endTime: shanghaiTime(now),
    queryType: '0',
  };
  const operation = operationOf(account, 'order-status', 'lookup');
  let shown = 0;
  const result = await runLookup({ gateway: services.gateway, account, operation, params }, ({ fresh }) => {
    session.terminal.footer(session.t({ zh: `已读 ${(shown += fresh.length)} 行…`, en: `${shown} rows read …` }));
  });
  session.terminal.footer();
  tellLookup(session, result);
  return result.rows;
}

async function updateAll(
  session: Session,
  services: Services,
  account: TwinAccount,
  job: { operation: string; params: Record<string, string>; text: string; title: Bilingual; out: string },
): Promise<Done> {
  heading(session, job.title);
  const operation = operationOf(account, job.operation, 'update');
  const source = { kind: 'paste', text: job.text, name: `demo-${account.vendor}` } as const;
  const { jobId, rows } = await services.jobs.import({
    account,
    operation,
    params: job.params,
    source,
    options: { ...OPTIONS, readBefore: operation.readBefore?.byDefault === true },
  });
  const { job: made, counts: before } = await services.jobs.get(jobId);
  session.terminal.line(
    session.t({
      zh: `读入 ${rows} 行，可发送 ${before.byReason.pending ?? 0} 行。`,
      en: `${rows} rows read, ${before.byReason.pending ?? 0} fit to be sent.`,
    }),
  );
  await printSetAside(session, services, made, before);
  // Made-up orders of a twin: nobody is asked for their number.
  const { byReason } = (await services.jobs.get(jobId)).counts;
  await runWithProgress(session, services, jobId, undefined, byReason.pending ?? 0);
  if ((await services.jobs.get(jobId)).counts.unknown > 0) await verifyUnknown(session, services, jobId);
  const counts = await printReport(session, services, jobId);
  const path = await exportTo(session, services, jobId, await exportPath(services, jobId, job.out));
  return { vendor: account.vendor, jobId, counts, path };
}

function printFaults(session: Session, faults: readonly InjectedFault[]): void {
  const { terminal, t } = session;
  heading(session, { zh: '注入的故障', en: 'Faults injected' });
  for (const { vendor: id, words } of faults) {
    terminal.object({ event: 'fault', vendor: id, words: t(words) });
    terminal.line(`  ${terminal.paint('yellow', '!')} ${t(vendor(id).names)}: ${t(words)}`);
  }
}

function printTable(session: Session, lookedUp: number, done: readonly Done[]): void {
  const { terminal, t } = session;
  const right = 'right' as const;
  heading(session, { zh: '结果', en: 'Result' });
  const states = ['succeeded', 'failed', 'unknown', 'not_sent'] as const;
  terminal.table(
    [
      { title: t({ zh: '供应商', en: 'vendor' }) },
      { title: t({ zh: '任务', en: 'job' }) },
      { title: t({ zh: '行数', en: 'rows' }), align: right },
      ...states.map((state) => ({ title: `${STATE_WORDS[state].sign} ${t(STATE_WORDS[state].words)}`, align: right })),
    ],
    [
      [t(vendor('suning').names), t({ zh: '查询一周', en: 'a week looked up' }), String(lookedUp), '', '', '', ''],
      ...done.map(({ vendor: id, jobId, counts }) => [
        t(vendor(id).names),
        `#${jobId}`,
        ...[counts.total, counts.succeeded, counts.failed, counts.unknown, counts.notSent].map(String),
      ]),
    ],
  );
}

/** The demo's inputs, made from the twins' orders, and the faults set in the twins. */
function strikeFaults(twins: Twins): {
  polyv: string;
  notes: string;
  vending: string;
  faults: readonly InjectedFault[];
} {
  const polyv = polyvInput(twins);
  const notes = noteInput(twins);
  const vending = vendingInput(twins);
  const faults = injectedFaults({
    unknown: polyv.unknownOrder,
    lastPolyv: polyv.last,
    notes: notes.orders,
    vending: vending.orders,
  });
  for (const id of ['polyv', 'pdd', 'vending', 'suning'] as const) {
    twins[id].setFaults(faults.flatMap((fault) => (fault.vendor === id && fault.rule !== null ? [fault.rule] : [])));
  }
  return { polyv: polyv.text, notes: notes.text, vending: vending.text, faults };
}

/**
 * `demo`: the whole main job on embedded twins, with faults injected, compared at the end with what the twins did. Answers OK when
 * the journal and the twins agree, whatever the faults made of single rows.
 */
export async function demo(session: Session): Promise<ExitCode> {
  const { invocation, terminal, t } = session;
  const folder = join(invocation.text('data-folder') ?? dataFolder(), 'demo');
  // What stands here is an earlier demo's: made-up orders of twins that are gone.
  await rm(folder, { recursive: true, force: true });
  const out = invocation.text('out') ?? join(folder, 'exports');
  await mkdir(out, { recursive: true });
  const seed = invocation.number('seed') ?? DEFAULT_SEED;
  const twins = await startTwins({ seed }, { polyv: { clockSkewMs: CLOCK_SKEW_MS } });
  const services = await openSession(session, { folder, mode: 'write', keychain: createMemoryKeychain() });
  try {
    terminal.line(
      t({
        zh: '四个模拟供应商已在本机启动，不连任何真实供应商。',
        en: 'Four vendor twins run on this machine; no real vendor is called.',
      }),
    );
    const accounts = await addTwinAccounts(services.vault, twins, TWIN_PACING);
    const inputs = strikeFaults(twins);
    await testAccounts(session, services, accounts);
    const lookedUp = await lookUpWeek(session, services, accounts.suning, twins);
    const done = [
      await updateAll(session, services, accounts.polyv, {
        operation: 'update-status',
        params: { status: 'delivering' },
        text: inputs.polyv,
        out,
        title: { zh: '保利威：2,500 个订单改为待收货', en: 'Polyv: 2,500 orders to delivering' },
      }),
      await updateAll(session, services, accounts.pdd, {
        operation: 'note-update',
        params: {},
        text: inputs.notes,
        out,
        title: { zh: '拼多多：写 300 条备注', en: 'Pinduoduo: 300 notes' },
      }),
      await updateAll(session, services, accounts.vending, {
        operation: 'order-update',
        params: {},
        text: inputs.vending,
        out,
        title: { zh: '鼎商：更新 50 个售货机订单', en: 'DingShang: 50 vending orders' },
      }),
    ];
    printFaults(session, inputs.faults);
    printTable(session, lookedUp, done);
    return (await compareWithLedger(session, services, twins, done)) ? EXIT.OK : EXIT.INTERNAL;
  } finally {
    await services.close();
    await closeTwins(twins);
  }
}
