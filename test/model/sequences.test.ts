import fc from 'fast-check';
import { describe, it } from 'vitest';
import { sequences } from '../support/model/property.ts';
import { SHOPS } from '../support/model/shop.ts';

/** Sequences of each kind of shop: 520 in all. `npm run test:long` runs many times as many, of other seeds. */
const RUNS = 130;
const SEED = 20_260_401;

describe('import, look, run, dispense, pause, resume, cancel, retry, edit, decide, undo, verify, crash and a failing vendor, in any order', () => {
  it.each(SHOPS)('lose no order and send none twice: %s', async (kind) => {
    await fc.assert(sequences(kind), { seed: SEED, numRuns: RUNS });
  });
});
