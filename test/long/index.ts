import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { sequences } from '../support/model/property.ts';
import { SHOPS, type ShopKind } from '../support/model/shop.ts';
import type { Chunk, ChunkEnd } from './chunk.ts';

const CHUNK_RUNS = 100;
const SEED = 1_000;

const USAGE = `Usage: npm run test:long -- [--sequences 20000] [--seed ${SEED}] [--from 1] [--processes 2]
       npm run test:long -- --vendor pdd --seed 1007 --path 12:3 [--replay AAAB:C]
Sequences of imports, runs, pauses, crashes and failing vendors, in chunks of ${CHUNK_RUNS}, each of one vendor and a seed of its own: chunk n has
seed + n. --from goes on where a run was broken off. The second form repeats one sequence that failed, as its report says.
The exit code is 1 when a promise was broken.`;

interface Wish {
  readonly sequences: number;
  readonly seed: number;
  readonly from: number;
  readonly processes: number;
  readonly one: { readonly vendor: ShopKind; readonly path: string; readonly replay: string | undefined } | null;
}

/** What was asked for; null when it cannot be understood. */
function asked(args: readonly string[]): Wish | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        sequences: { type: 'string', default: '20000' },
        seed: { type: 'string', default: String(SEED) },
        from: { type: 'string', default: '1' },
        processes: { type: 'string', default: String(Math.min(availableParallelism(), 4)) },
        vendor: { type: 'string' },
        path: { type: 'string' },
        replay: { type: 'string' },
      },
    });
    const [sequencesWanted, seed, from, processes] = [values.sequences, values.seed, values.from, values.processes].map(
      Number,
    );
    const numbers = [sequencesWanted, seed, from, processes];
    if (!numbers.every((number) => Number.isSafeInteger(number) && Number(number) >= 1)) return null;
    const vendor = SHOPS.find((one) => one === values.vendor);
    if ((values.vendor === undefined) !== (values.path === undefined)) return null;
    if (values.vendor !== undefined && vendor === undefined) return null;
    return {
      sequences: Number(sequencesWanted),
      seed: Number(seed),
      from: Number(from),
      processes: Number(processes),
      one: vendor === undefined ? null : { vendor, path: values.path ?? '', replay: values.replay },
    };
  } catch {
    return null;
  }
}

/** The chunks of a run, from the one that is asked for to the last. */
function chunksOf({ sequences: wanted, seed, from }: Wish): Chunk[] {
  const chunks = Array.from({ length: Math.ceil(wanted / CHUNK_RUNS) }, (_, index): Chunk => {
    const vendor = SHOPS[index % SHOPS.length] ?? 'polyv';
    const runs = Math.min(CHUNK_RUNS, wanted - index * CHUNK_RUNS);
    return { number: index + 1, vendor, seed: seed + index + 1, runs };
  });
  return chunks.slice(from - 1);
}

/** Has a process run one chunk after the other until none is left. Rejects when it ends before that. */
function work(child: ChildProcess, next: () => Chunk | undefined, ended: (end: ChunkEnd) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = (): void => {
      const chunk = next();
      if (chunk !== undefined) child.send(chunk);
      else child.disconnect();
    };
    let under: ChunkEnd['chunk'] | null = null;
    child.on('message', (message) => {
      const end = message as ChunkEnd;
      under = end.chunk;
      ended(end);
      go();
    });
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`a process ended with ${signal ?? String(code)}, after chunk ${under?.number ?? 'none'}`));
    });
    go();
  });
}

async function runAll(wish: Wish): Promise<number> {
  const from = performance.now();
  const waiting = chunksOf(wish);
  const all = waiting.length;
  const broken: ChunkEnd[] = [];
  let done = 0;
  let ran = 0;
  const ended = (end: ChunkEnd): void => {
    done += 1;
    ran += end.chunk.runs;
    if (end.broken !== null) {
      broken.push(end);
      console.log(`chunk ${end.chunk.number}: ${end.chunk.vendor}, seed ${end.chunk.seed}\n${end.broken}`);
    }
    if (done % 10 === 0) console.error(`${done} of ${all} chunks, ${broken.length} broken`);
  };
  const children = Array.from({ length: Math.min(wish.processes, all) }, () =>
    fork(join(import.meta.dirname, 'chunk.ts')),
  );
  await Promise.all(children.map((child) => work(child, () => waiting.shift(), ended)));
  const minutes = ((performance.now() - from) / 60_000).toFixed(1);
  console.log(
    `${ran} sequences in ${minutes} min, seeds ${wish.seed + wish.from} to ${wish.seed + wish.from + all - 1}: ${broken.length} chunks broken`,
  );
  return broken.length > 0 ? 1 : 0;
}

async function runOne({ vendor, path, replay }: NonNullable<Wish['one']>, seed: number): Promise<number> {
  const once = { seed, path, numRuns: 1, endOnFailure: true, includeErrorInReport: true };
  const details = await fc.check(sequences(vendor, replay), once);
  console.log(details.failed ? String(fc.defaultReportMessage(details)) : 'It holds.');
  return details.failed ? 1 : 0;
}

async function main(args: readonly string[]): Promise<number> {
  const wish = asked(args);
  if (wish === null) {
    console.error(USAGE);
    return 2;
  }
  return wish.one === null ? runAll(wish) : runOne(wish.one, wish.seed);
}

process.exitCode = await main(process.argv.slice(2));
