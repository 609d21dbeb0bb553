import { spawn } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PLAN_VARIABLE, type Line, type Plan, type Verdict } from './plan.ts';

/** A process that has written nothing for so long is in an endless loop. */
const SILENCE_MS = 30_000;
/** Without a mutant nothing is endless, but learning what each test reaches makes a long property many times longer. */
const FIRST_SILENCE_MS = 180_000;
const CONTROL_EVERY = 40;
/** A busy machine may fail a test that waits for something real; what fails the last time too is left out. */
const FIRST_RUNS = 3;

export interface Judgement {
  readonly verdict: Verdict | 'crash';
  /** The test that failed. */
  readonly by: string | null;
}

interface Ended {
  readonly lines: readonly Line[];
  readonly silent: boolean;
  readonly words: string;
}

export interface Judge {
  readonly root: string;
  /** The instrumented copy. */
  readonly folder: string;
  /** Whether all tests of a file are asked about a mutant that it reaches while modules load. */
  readonly atLoad: (mutant: string, testFile: string) => boolean;
  /** Whether the tests of a file are asked about a mutant that only their threads reach. */
  readonly inThreads: (mutant: string, testFile: string) => boolean;
}

function readLines(file: string): Line[] {
  const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return whole.map((line) => JSON.parse(line) as Line);
}

/** Runs one test file in a vitest process of its own until it ends, falls silent or dies. */
function runFile(
  { root, folder, atLoad, inThreads }: Judge,
  testFile: string,
  mutants: readonly string[],
  { controlEvery, lenient }: Pick<Plan, 'controlEvery' | 'lenient'>,
): Promise<Ended> {
  const name = testFile.replaceAll('/', '-');
  const plan: Plan = {
    mutants,
    atLoad: mutants.filter((mutant) => atLoad(mutant, testFile)),
    inThreads: mutants.filter((mutant) => inThreads(mutant, testFile)),
    lines: path.join(folder, `${name}.lines`),
    reached: path.join(folder, `${name}.reached`),
    controlEvery,
    lenient,
  };
  const planFile = path.join(folder, `${name}.plan`);
  writeFileSync(planFile, JSON.stringify(plan));
  for (const file of [plan.lines, plan.reached]) writeFileSync(file, '');
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const config = path.join(root, 'test', 'mutants', 'vitest.config.mts');
  const child = spawn(process.execPath, [vitest, 'run', '--config', config, '--root', folder, testFile], {
    cwd: folder,
    env: {
      ...process.env,
      [PLAN_VARIABLE]: planFile,
      NODE_ENV: 'test',
      NO_COLOR: '1',
      NODE_OPTIONS: `--disable-warning=MODULE_TYPELESS_PACKAGE_JSON --import=${pathToFileURL(path.join(import.meta.dirname, 'thread.ts')).href}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-4000)));
  let silent = false;
  const watch = setInterval(() => {
    const learning = !readLines(plan.lines).some(({ kind }) => kind === 'covered');
    if (Date.now() - statSync(plan.lines).mtimeMs < (learning ? FIRST_SILENCE_MS : SILENCE_MS)) return;
    silent = true;
    child.kill('SIGKILL');
  }, 1000);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      clearInterval(watch);
      const lines = readLines(plan.lines);
      rmSync(planFile, { force: true });
      resolve({ lines, silent, words });
    });
  });
}

interface Batch {
  /** Verdicts that count: the tests passed without a mutant right before the mutant, or after it. */
  readonly judged: Map<string, Judgement>;
  /** Killed, but then the tests failed without a mutant too. */
  readonly doubted: readonly string[];
}

/** Weighs what a process wrote. */
function weigh(lines: readonly Line[], silent: boolean): Batch {
  const judged = new Map<string, Judgement>();
  let waiting = new Map<string, Judgement>();
  let running: string | null = null;
  let fresh = true;
  for (const line of lines) {
    if (line.kind === 'start') running = line.mutant;
    else if (line.kind === 'verdict') {
      running = null;
      const judgement = { verdict: line.verdict, by: line.by };
      // What another mutant left behind can only make tests fail.
      (fresh || line.verdict === 'survived' ? judged : waiting).set(line.mutant, judgement);
      fresh = false;
    } else if (line.kind === 'control') {
      if (!line.ok) break;
      for (const [mutant, judgement] of waiting) judged.set(mutant, judgement);
      waiting = new Map();
      fresh = true;
    }
  }
  if (running !== null) judged.set(running, { verdict: silent ? 'timeout' : 'crash', by: null });
  return { judged, doubted: [...waiting.keys()] };
}

/**
 * Judges the living mutants by one test file. A kill counts once the tests have passed again without a mutant; the doubted ones are given again
 * with a control after each. Returns a judgement for each mutant that the file reaches.
 */
export async function judgeBy(
  judge: Judge,
  testFile: string,
  alive: readonly string[],
): Promise<Map<string, Judgement>> {
  const all = new Map<string, Judgement>();
  let left = [...alive];
  let doubtful: readonly string[] = [];
  let unfit = 0;
  while (left.length > 0) {
    const lenient = unfit === FIRST_RUNS - 1;
    const careful = doubtful.length > 0;
    const { lines, silent, words } = await runFile(judge, testFile, careful ? doubtful : left, {
      controlEvery: careful ? 1 : CONTROL_EVERY,
      lenient,
    });
    const covered = lines.find((line) => line.kind === 'covered');
    if (covered === undefined) {
      if (lenient) throw new Error(`${testFile} does not pass without a mutant:\n${words}`);
      unfit += 1;
      continue;
    }
    if (covered.leftOut.length > 0)
      console.error(`  ${testFile} fails without a mutant, and is not asked for: ${covered.leftOut.join(', ')}`);
    const { judged, doubted } = weigh(lines, silent);
    for (const line of lines)
      if (line.kind === 'control' && !line.ok)
        console.error(
          `  ${testFile}: "${line.failed ?? ''}" fails without a mutant after others; they are judged again`,
        );
    for (const [mutant, judgement] of judged) all.set(mutant, judgement);
    const reached = new Set(covered.mutants);
    const undecided = (mutant: string): boolean => !all.has(mutant) && (careful || reached.has(mutant));
    if (judged.size === 0 && reached.size > 0) throw new Error(`${testFile} was judged no further:\n${words}`);
    left = left.filter(undecided);
    doubtful = careful ? doubtful.filter(undecided) : doubted;
  }
  return all;
}
