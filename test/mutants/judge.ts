import { spawn } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PLAN_VARIABLE, type Line, type Plan, type Verdict } from './plan.ts';

/** A process that has written nothing for so long is in an endless loop. */
const SILENCE_MS = 40_000;
const CONTROL_EVERY = 40;

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
}

function readLines(file: string): Line[] {
  const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return whole.map((line) => JSON.parse(line) as Line);
}

/** Runs one test file in a vitest process of its own until it ends, falls silent or dies. */
function runFile({ root, folder }: Judge, testFile: string, mutants: readonly string[], every: number): Promise<Ended> {
  const name = testFile.replaceAll('/', '-');
  const plan: Plan = { mutants, lines: path.join(folder, `${name}.lines`), controlEvery: every };
  const planFile = path.join(folder, `${name}.plan`);
  writeFileSync(planFile, JSON.stringify(plan));
  writeFileSync(plan.lines, '');
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const config = path.join(root, 'test', 'mutants', 'vitest.config.mts');
  const child = spawn(process.execPath, [vitest, 'run', '--config', config, '--root', folder, testFile], {
    cwd: folder,
    env: { ...process.env, [PLAN_VARIABLE]: planFile, NODE_ENV: 'test', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-4000)));
  let silent = false;
  const watch = setInterval(() => {
    if (Date.now() - statSync(plan.lines).mtimeMs < SILENCE_MS) return;
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

/**
 * Judges the living mutants by one test file. Verdicts count once the tests have passed again without a mutant; those that did
 * not come so far are given again, at last each to a process of its own. Returns a judgement for each mutant that the file reaches.
 */
export async function judgeBy(
  judge: Judge,
  testFile: string,
  alive: readonly string[],
): Promise<Map<string, Judgement>> {
  const judged = new Map<string, Judgement>();
  let left = [...alive];
  let every = CONTROL_EVERY;
  while (left.length > 0) {
    const batch = every === 1 ? left.slice(0, 1) : left;
    const { lines, silent, words } = await runFile(judge, testFile, batch, every);
    const covered = lines.find((line) => line.kind === 'covered');
    if (covered === undefined) throw new Error(`${testFile} does not pass without a mutant:\n${words}`);
    let waiting = new Map<string, Judgement>();
    let running: string | null = null;
    let poisoned = false;
    const settle = (): void => {
      for (const [mutant, judgement] of waiting) judged.set(mutant, judgement);
      waiting = new Map();
    };
    for (const line of lines) {
      if (line.kind === 'start') running = line.mutant;
      if (line.kind === 'verdict') {
        waiting.set(line.mutant, { verdict: line.verdict, by: line.by });
        running = null;
      }
      if (line.kind === 'control') {
        if (line.ok) settle();
        else poisoned = true;
      }
    }
    if (running !== null) judged.set(running, { verdict: silent ? 'timeout' : 'crash', by: null });
    if (every === 1) settle();
    // Survivors lose nothing by being believed at once.
    for (const [mutant, judgement] of waiting) if (judgement.verdict === 'survived') judged.set(mutant, judgement);
    const reached = new Set(covered.mutants);
    const before = left.length;
    left = left.filter((mutant) => !judged.has(mutant) && (reached.has(mutant) || !batch.includes(mutant)));
    if (poisoned || left.length === before) every = every === 1 ? 1 : every > 5 ? 5 : 1;
    if (left.length === before && every === 1 && batch.length === 1) left = left.slice(1);
  }
  return judged;
}
