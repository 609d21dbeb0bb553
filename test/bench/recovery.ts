import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { judged, median, megabytes, seconds, spread, told, type Figure } from './figures.ts';
import { benchFolder } from './inputs.ts';
import { startChild } from './processes.ts';

const ROUNDS = 3;
const WAL_BYTES = 64 * 2 ** 20;
const MOST_MS = 2_000;

/** A journal with a WAL, left by a process that was killed. */
async function killed(folder: string, rows: number, doubt: boolean): Promise<Record<string, number>> {
  mkdirSync(folder);
  const child = startChild('fill', { folder, rows, walBytes: WAL_BYTES, doubt });
  const line = await child.lines.next();
  child.kill();
  await child.ended;
  return JSON.parse(line.value ?? '{}') as Record<string, number>;
}

async function opened(left: string, copy: string): Promise<{ whole: number; inside: number; inDoubt: number }> {
  cpSync(left, copy, { recursive: true });
  const start = performance.now();
  const child = startChild('open', { folder: copy });
  const line = await child.lines.next();
  const whole = performance.now() - start;
  await child.ended;
  rmSync(copy, { recursive: true });
  const { ms = NaN, inDoubt = NaN } = JSON.parse(line.value ?? '{}') as Record<string, number>;
  return { whole, inside: ms, inDoubt };
}

/**
 * From the start of the console's process to the moment it has recovered, on a journal of 1,000,000 rows with 64 MB of WAL left by a SIGKILL
 * amid sending. Budget: at most 2 s. Once with calls that had succeeded, once with every call unknown, as Polyv's `data: null` leaves them. Each
 * opens a fresh copy, three times; the files are in the system's cache.
 */
export async function measureRecovery(scale: number): Promise<Figure[]> {
  const rows = Math.round(1_000_000 * scale);
  const figures: Figure[] = [];
  for (const doubt of [false, true]) {
    const folder = benchFolder();
    try {
      const left = join(folder.path, 'left');
      const { walBytes = 0, databaseBytes = 0 } = await killed(left, rows, doubt);
      if (walBytes < WAL_BYTES && scale >= 1) throw new Error(`the WAL is only ${megabytes(walBytes)}`);
      const runs: Awaited<ReturnType<typeof opened>>[] = [];
      for (let round = 0; round < ROUNDS; round += 1) runs.push(await opened(left, join(folder.path, 'copy')));
      if (runs.some((run) => run.inDoubt !== 32)) throw new Error('the rows that were sending were not all found');
      const whole = runs.map((run) => run.whole);
      figures.push(
        judged(
          `Opening ${rows} rows after a kill${doubt ? ', all unknown' : ''}`,
          median(whole),
          { atMost: MOST_MS },
          seconds,
        ),
        told('database / its WAL', `${megabytes(databaseBytes)} / ${megabytes(walBytes)}`),
        told('process start to recovered', spread(whole, seconds)),
        told(
          'of it, opening and recovering',
          spread(
            runs.map((run) => run.inside),
            seconds,
          ),
        ),
      );
    } finally {
      folder.remove();
    }
  }
  return figures;
}
