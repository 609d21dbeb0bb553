import { join } from 'node:path';
import { judged, median, megabytes, perSecond, spread, told, type Figure } from './figures.ts';
import { benchFolder, NOTES_JOB, ordersOf, writeNotes, writePolyvOrders } from './inputs.ts';
import { runChild, startTwinProcess } from './processes.ts';

const SMALL_ROUNDS = 3;
const MOST_MORE = 80 * 2 ** 20;

type Peaks = Record<'intake' | 'job', number>;

/** The peaks of one size, each from a process of its own, and the job's rate. */
async function peaks(rows: number): Promise<Peaks & { rate: number }> {
  const folder = benchFolder();
  const orders = ordersOf(rows);
  const twin = await startTwinProcess('polyv', orders, ['rate=off', 'orders=waiting']);
  try {
    const notes = join(folder.path, 'notes.csv');
    writeNotes(notes, orders);
    const intake = await runChild('intake', { path: notes, ...NOTES_JOB, folder: join(folder.path, 'intake') });
    const csv = join(folder.path, 'orders.csv');
    writePolyvOrders(csv, orders);
    const job = await runChild('job', {
      csv,
      folder: join(folder.path, 'job'),
      url: twin.url,
      vendor: 'polyv',
      operation: 'update-status',
      concurrency: 4,
    });
    const { actions } = await twin.totals();
    if (actions !== rows) throw new Error(`${rows} rows, but the twin acted ${actions} times`);
    return { intake: intake['peak'] ?? NaN, job: job['peak'] ?? NaN, rate: (rows * 1000) / (job['ms'] ?? NaN) };
  } finally {
    await twin.stop();
    folder.remove();
  }
}

/**
 * The most memory the console's process holds (resident, all threads) in a job of 1,000,000 rows, above that of a job of 10,000: reading
 * in Pinduoduo's notes, and a whole Polyv job (the same columns read in, then sent in calls of 1,000 to a twin in its own process). Budget: at
 * most 80 MB more. The small job's peak is the median of three.
 */
export async function measureMemory(scale: number): Promise<Figure[]> {
  const small: Peaks[] = [];
  for (let round = 0; round < SMALL_ROUNDS; round += 1) small.push(await peaks(10_000));
  const rows = Math.round(1_000_000 * scale);
  const large = await peaks(rows);
  const names = {
    intake: `Memory: reading in ${rows} notes, above 10000`,
    job: `Memory: whole job of ${rows} (Polyv), above 10000`,
  };
  return [
    ...(['intake', 'job'] as const).flatMap((which) => {
      const base = small.map((one) => one[which]);
      return [
        judged(names[which], large[which] - median(base), { atMost: MOST_MORE }, megabytes),
        told('peak of the small one', spread(base, megabytes)),
        told('peak of the large one', megabytes(large[which])),
      ];
    }),
    told('the large job was sent at, rows', perSecond(large.rate)),
  ];
}
