import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect } from 'vitest';
import { INPUTS, SEED, type Fuzzed } from './plan.ts';

/** Longest that the watch lets one input take, s: a thousand times what any needs, so that a busy machine does not matter. */
const LONGEST_S = 45;
/** Most processor time of one input, ms, others' none of it counted: a hundred times what any needs. */
const MOST_CPU_MS = 3_000;
/** Characters that are shown of an input; its path finds it again. */
const SHOWN = 1_500;
/** Most bytes outside the heap that an input may leave alive; the heap itself is bounded by the project's --max-old-space-size. */
const MOST_OUTSIDE = 256 * 2 ** 20;

/** An endless loop hears no timer, so a thread counts inputs and ends the whole process, with the words to find the input again. */
const WATCH = `
const { workerData: { beats, longest }, parentPort } = require('node:worker_threads');
const { writeSync } = require('node:fs');
let name = 'nothing yet', last = -1, idle = 0;
parentPort.on('message', (next) => { name = next; idle = 0; });
setInterval(() => {
  const now = Atomics.load(beats, 0);
  idle = now === last || now < 0 ? idle + 1 : 0;
  if (now < 0) idle = 0;
  last = now;
  if (idle < longest) return;
  writeSync(2, 'fuzz: input ' + now + ' of "' + name + '" has not ended after ' + longest + ' s; the seed is in test/fuzz/plan.ts\\n');
  process.kill(process.pid, 'SIGKILL');
}, 1000).unref();
`;

const beats = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
let watch: Worker | null = null;

function watched(name: Fuzzed): void {
  watch ??= new Worker(WATCH, { eval: true, workerData: { beats, longest: LONGEST_S } });
  watch.unref();
  watch.postMessage(name);
}

function bounded(began: NodeJS.CpuUsage): void {
  const { user, system } = process.threadCpuUsage(began);
  if (user + system > MOST_CPU_MS * 1_000) throw new Error(`it took ${Math.round((user + system) / 1_000)} ms`);
  const { external } = process.memoryUsage();
  if (external > MOST_OUTSIDE) throw new Error(`${Math.round(external / 2 ** 20)} MB are kept outside the heap`);
}

/**
 * Feeds as many inputs as the plan says to `feed`, which throws for whatever a reader must not do with one. Fails with the input, shrunk where
 * `shrink` is on, when it does; and with the whole process when an input takes without end or the heap runs out.
 */
export async function fuzz<Input>(
  name: Fuzzed,
  inputs: fc.Arbitrary<Input>,
  feed: (input: Input) => unknown,
): Promise<void> {
  watched(name);
  let fed = 0;
  const property = fc.asyncProperty(inputs, async (input) => {
    fed += 1;
    Atomics.store(beats, 0, fed);
    const began = process.threadCpuUsage();
    await feed(input);
    bounded(began);
  });
  const ended = await fc.check(property, { seed: SEED, numRuns: INPUTS[name] });
  Atomics.store(beats, 0, -1);
  if (ended.failed) {
    const input = fc.stringify(ended.counterexample);
    const at = `input ${ended.numRuns} of "${name}" (path "${ended.counterexamplePath ?? ''}", ${ended.numShrinks} times shrunk)`;
    throw new Error(`${at}: ${input.length > SHOWN ? `${input.slice(0, SHOWN)}…` : input}`, {
      cause: ended.errorInstance,
    });
  }
  expect(fed).toBe(INPUTS[name]);
}
