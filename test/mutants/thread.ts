import { appendFileSync } from 'node:fs';
import { REACHED_VARIABLE, TEST_VARIABLE } from './plan.ts';

/**
 * Loaded first in every thread that a test starts: what a thread reaches is known to it alone, so it writes each mutant down as it
 * reaches it first. Which mutant is on, a thread reads from its environment by itself.
 */
function tellReached(file: string): void {
  const test = process.env[TEST_VARIABLE] ?? '';
  const hits = new Proxy<Record<string, number>>(
    {},
    {
      set(counts, mutant, count: number) {
        if (typeof mutant !== 'string') return false;
        if (!(mutant in counts)) appendFileSync(file, `${test}\t${mutant}\n`);
        counts[mutant] = count;
        return true;
      },
    },
  );
  (globalThis as Record<string, unknown>).__stryker__ = { mutantCoverage: { static: hits, perTest: {} } };
}

const file = process.env[REACHED_VARIABLE];
if (file !== undefined) tellReached(file);
