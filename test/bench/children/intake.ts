import { importJob } from '../../../src/main/jobs/import.ts';
import type { JournalProcedures } from '../../../src/main/jobs/journal/procedures.ts';
import { startStore } from '../../../src/main/store/client.ts';
import { PLAIN_RUN, updateOf, WORKER } from '../console.ts';
import { answer, given, peakMemory } from '../processes.ts';

/** Reads an input into a job of an empty journal on the disk: decoded, parsed, checked, duplicates settled, committed. */
const { path, vendor, operation, params, folder } = given() as {
  path: string;
  vendor: 'pdd' | 'polyv';
  operation: string;
  params: Readonly<Record<string, string>>;
  folder: string;
};
const journal = await startStore<JournalProcedures>(WORKER, { folder, mode: 'write' });
const start = performance.now();
const imported = await importJob(journal, {
  account: {
    id: 'bench',
    label: 'bench',
    vendor,
    environment: 'twin',
    baseUrl: 'http://127.0.0.1:1',
    hosts: ['127.0.0.1:1'],
    plain: {},
    settings: {},
    createdAt: new Date().toISOString(),
  },
  operation: updateOf(vendor, operation),
  params,
  source: { kind: 'file', path },
  options: PLAIN_RUN,
  now: Date.now,
});
const ms = performance.now() - start;
const counts = await journal.call('getCounts', { jobId: imported.jobId });
if (counts.byReason.pending !== imported.rows) throw new Error(`not all rows are fit: ${JSON.stringify(counts)}`);
await journal.close();
const cpu = process.cpuUsage();
answer({ ms, rows: imported.rows, peak: peakMemory(), cpuMs: (cpu.user + cpu.system) / 1000 });
