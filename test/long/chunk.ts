// A process of its own that runs chunks of sequences, one after the other, as it is told to.
import fc from 'fast-check';
import { sequences } from '../support/model/property.ts';
import type { ShopKind } from '../support/model/shop.ts';

/** So many sequences of one vendor, of one seed. */
export interface Chunk {
  readonly number: number;
  readonly vendor: ShopKind;
  readonly seed: number;
  readonly runs: number;
}

export interface ChunkEnd {
  readonly chunk: Chunk;
  /** What broke and how it is repeated; null when nothing did. */
  readonly broken: string | null;
}

async function run(chunk: Chunk): Promise<ChunkEnd> {
  const { vendor, seed, runs: numRuns } = chunk;
  const details = await fc.check(sequences(vendor), { seed, numRuns, includeErrorInReport: true });
  return { chunk, broken: details.failed ? String(fc.defaultReportMessage(details)) : null };
}

process.on('message', (chunk) => {
  void run(chunk as Chunk).then((end) => process.send?.(end));
});
