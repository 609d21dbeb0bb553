import { statSync } from 'node:fs';
import { join } from 'node:path';
import { judged, median, megabytes, seconds, spread, told, type Figure } from './figures.ts';
import { benchFolder, NOTES_JOB, ordersOf, writeNotes } from './inputs.ts';
import { runChild } from './processes.ts';

const ROUNDS = 3;

/**
 * Reading a CSV of 1,000,000 notes into a job: decoded, parsed, checked by the vendor's rules, duplicates settled, every row committed to a
 * journal on the disk by its thread. Budget: at most 5 times what PapaParse alone takes to cut the same file into cells in chunk mode. Each
 * in a process of its own, alternately, medians of three.
 */
export async function measureIntake(scale: number): Promise<Figure[]> {
  const folder = benchFolder();
  try {
    const rows = Math.round(1_000_000 * scale);
    const csv = join(folder.path, 'notes.csv');
    writeNotes(csv, ordersOf(rows));
    const papa: number[] = [];
    const ours: number[] = [];
    const cpu: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      papa.push((await runChild('papaparse', { csv }))['ms'] ?? NaN);
      const intake = await runChild('intake', {
        path: csv,
        ...NOTES_JOB,
        folder: join(folder.path, `journal-${round}`),
      });
      if (intake['rows'] !== rows) throw new Error(`${rows} rows were written, ${intake['rows'] ?? 0} read`);
      ours.push(intake['ms'] ?? NaN);
      cpu.push(intake['cpuMs'] ?? NaN);
    }
    return [
      judged(
        `Intake of ${rows} rows, of PapaParse's time`,
        median(ours) / median(papa),
        { atMost: 5 },
        (n) => `${n.toFixed(2)}×`,
      ),
      told('the file', megabytes(statSync(csv).size)),
      told('PapaParse alone', spread(papa, seconds)),
      told('intake into the journal', spread(ours, seconds)),
      told('intake, CPU of all its threads', spread(cpu, seconds)),
    ];
  } finally {
    folder.remove();
  }
}
