import { openConsole, PLAIN_RUN, twinAccount, updateOf } from '../console.ts';
import { answer, given, peakMemory } from '../processes.ts';

/** A whole job of the console on a twin: opened, read in, run to its end. `ms` is the run alone. */
interface JobToRun {
  readonly csv: string;
  readonly folder: string;
  readonly url: string;
  readonly vendor: 'pdd' | 'polyv';
  readonly operation: string;
  readonly concurrency: number;
}

const { csv, folder, url, vendor, operation, concurrency } = given() as JobToRun;
const services = await openConsole(folder);
const account = await twinAccount(services, vendor, url, concurrency);
const imported = await services.jobs.import({
  account,
  operation: updateOf(vendor, operation),
  params: vendor === 'polyv' ? { status: 'delivering' } : {},
  source: { kind: 'file', path: csv },
  options: PLAIN_RUN,
});
const cpuBefore = process.cpuUsage();
const start = performance.now();
const end = await services.jobs.run(imported.jobId);
const ms = performance.now() - start;
const cpu = process.cpuUsage(cpuBefore);
const { counts } = await services.jobs.get(imported.jobId);
if (end.state !== 'finished' || counts.succeeded + counts.unknown !== imported.rows)
  throw new Error(`the job did not go through: ${JSON.stringify({ end, counts })}`);
await services.close();
answer({
  ms,
  rows: imported.rows,
  succeeded: counts.succeeded,
  peak: peakMemory(),
  cpuMs: (cpu.user + cpu.system) / 1000,
});
