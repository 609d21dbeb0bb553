import { join } from 'node:path';
import { judged, median, perSecond, spread, told, type Figure } from './figures.ts';
import { benchFolder, ordersOf, writeNotes } from './inputs.ts';
import { runChild, startTwinProcess, type TwinProcess } from './processes.ts';

const ROUNDS = 3;
/** Enough that a flush holds up a quarter of them and not all: 32 are claimed together. The bare loop is no slower or quicker for it. */
const CONCURRENCY = 128;
/** Calls that let the twin's code be compiled before anything is measured. */
const WARM_UP = 10_000;

interface Run {
  readonly rate: number;
  /** CPU of the calling process and of the twin, as a share of one core. */
  readonly cpu: number;
  readonly twinCpu: number;
}

async function measured(twin: TwinProcess, child: string, args: object): Promise<Run> {
  const before = await twin.totals();
  const run = await runChild(child, args);
  const after = await twin.totals();
  const { ms = NaN, rows = NaN, cpuMs = NaN } = run;
  if (after.actions - before.actions !== rows)
    throw new Error(`${child}: ${rows} rows, but the twin acted ${after.actions - before.actions} times`);
  return { rate: (rows * 1000) / ms, cpu: cpuMs / ms, twinCpu: (after.cpuMs - before.cpuMs) / ms };
}

/**
 * Running a job of 100,000 notes (no reading before each, no pacing, 128 calls at once): rows claimed durably before they are sent, outcomes
 * journalled. Budget: at least 60 % of the rate of a bare loop on undici that signs and sends the same bodies at the same concurrency to the
 * same twin, which has a process of its own and no latency. Alternately, medians of three.
 */
export async function measureNotes(scale: number): Promise<Figure[]> {
  const folder = benchFolder();
  const orders = ordersOf(Math.round(100_000 * scale));
  const twin = await startTwinProcess('pdd', orders);
  try {
    const csv = join(folder.path, 'notes.csv');
    writeNotes(csv, orders);
    const common = { csv, url: twin.url, concurrency: CONCURRENCY };
    await runChild('bare', { ...common, most: WARM_UP });
    const bare: Run[] = [];
    const ours: Run[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await measured(twin, 'bare', { ...common, most: orders.count }));
      ours.push(
        await measured(twin, 'job', {
          ...common,
          folder: join(folder.path, `data-${round}`),
          vendor: 'pdd',
          operation: 'note-update',
        }),
      );
    }
    const rate = (runs: readonly Run[]): number[] => runs.map((run) => run.rate);
    const percent = (n: number): string => `${Math.round(n * 100)} %`;
    return [
      judged(
        `Job of ${orders.count} notes, of a bare loop's rate`,
        median(rate(ours)) / median(rate(bare)),
        { atLeast: 0.6 },
        percent,
      ),
      told('bare loop, calls', spread(rate(bare), perSecond)),
      told('console, calls', spread(rate(ours), perSecond)),
      ...(
        [
          ['bare loop', bare],
          ['console', ours],
        ] as const
      ).map(([name, runs]) =>
        told(
          `${name}: CPU of it / of the twin, in cores`,
          `${median(runs.map((run) => run.cpu)).toFixed(2)} / ${median(runs.map((run) => run.twinCpu)).toFixed(2)}`,
        ),
      ),
    ];
  } finally {
    await twin.stop();
    folder.remove();
  }
}
