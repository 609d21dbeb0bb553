import type { Twins } from '../../main/embedded.ts';
import { rowPages } from '../../main/jobs/journal/pages.ts';
import type { JobCounts } from '../../main/jobs/types.ts';
import type { Services } from '../../main/services.ts';
import type { Session } from './session.ts';

interface Compared {
  readonly acted: number;
  readonly twice: number;
  /** Acted on, and the journal calls it not sent. */
  readonly denied: number;
  /** The journal calls it succeeded, and the twin did nothing. */
  readonly invented: number;
  readonly sums: boolean;
}

async function compare(
  services: Services,
  twins: Twins,
  job: { vendor: keyof Twins; jobId: number; counts: JobCounts },
): Promise<Compared> {
  const { ledger } = twins[job.vendor];
  const found = { acted: 0, twice: 0, denied: 0, invented: 0 };
  const seen = new Set<string>();
  const denied = new Set<string>();
  for await (const rows of rowPages(services.journal, job.jobId)) {
    for (const row of rows) {
      const times = row.order === '' ? 0 : ledger.count(row.order);
      if (row.state === 'not_sent') {
        if (times > 0) denied.add(row.order);
        continue;
      }
      seen.add(row.order);
      if (times > 0) found.acted += 1;
      if (times > 1) found.twice += 1;
      if (times === 0 && row.state === 'succeeded') found.invented += 1;
    }
  }
  // A duplicate line that was set aside shares its order with the line that was sent.
  found.denied = [...denied].filter((order) => !seen.has(order)).length;
  const { total, succeeded, failed, unknown, notSent } = job.counts;
  return { ...found, sums: succeeded + failed + unknown + notSent === total };
}

/** Holds the journal against what the twins say they did; prints it, and answers whether they agree. */
export async function compareWithLedger(
  session: Session,
  services: Services,
  twins: Twins,
  jobs: readonly { vendor: keyof Twins; jobId: number; counts: JobCounts }[],
): Promise<boolean> {
  const { terminal, t } = session;
  const sum = { acted: 0, twice: 0, denied: 0, invented: 0, sums: true };
  for (const job of jobs) {
    const one = await compare(services, twins, job);
    sum.acted += one.acted;
    sum.twice += one.twice;
    sum.denied += one.denied;
    sum.invented += one.invented;
    sum.sums &&= one.sums;
  }
  const agrees = sum.twice === 0 && sum.denied === 0 && sum.invented === 0 && sum.sums;
  terminal.object({ event: 'ledger', ...sum, agrees });
  const sign = agrees ? terminal.paint('green', '✓') : terminal.paint('red', '✕');
  terminal.line(
    '',
    `${sign} ${t({
      zh: `与模拟供应商的账对照：处理过 ${sum.acted} 个订单；重复处理 ${sum.twice}，处理了却记为未发送 ${sum.denied}，记为成功却没有处理 ${sum.invented}。`,
      en: `Held against the twins' ledgers: ${sum.acted} orders acted on; ${sum.twice} twice, ${sum.denied} acted on but called not sent, ${sum.invented} called succeeded but not acted on.`,
    })}`,
  );
  return agrees;
}
