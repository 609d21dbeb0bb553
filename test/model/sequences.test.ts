import fc from 'fast-check';
import { describe, it } from 'vitest';
import { UPDATING } from '../support/crash-shop.ts';
import { sequences } from '../support/model/property.ts';

/** Sequences of each vendor: 510 in all. `npm run test:long` runs many times as many, of other seeds. */
const RUNS = 170;
const SEED = 20_260_401;

describe('import, run, pause, resume, cancel, retry, edit, decide, undo, verify, crash and a failing vendor, in any order', () => {
  it.each(UPDATING)('lose no order and send none twice: %s', async (vendor) => {
    await fc.assert(sequences(vendor), { seed: SEED, numRuns: RUNS });
  });
});
