import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { instrument, sourcesOf, type Mutant } from './instrument.ts';
import { judgeBy } from './judge.ts';
import { table, type Fate } from './report.ts';
import { sampleOf } from './sample.ts';

/** The rooms that are mutated; the mutants of each are judged by its own tests. */
const ROOMS = ['vendors', 'gateway', 'jobs'];
/** Further test files that judge a room's mutants, after its own: they ask it through the console's routes, as the window does. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  gateway: ['test/main/routes/sign.test.ts'],
  jobs: ['intake', 'mending', 'orders', 'practice', 'preview', 'real', 'retention', 'waiting'].map(
    (name) => `test/main/routes/${name}.test.ts`,
  ),
};
const LEAST_PERCENT = 80;
const root = path.resolve(import.meta.dirname, '..', '..');

const USAGE = `Usage: npm run mutants -- [vendors] [gateway] [jobs/export] [jobs/mailbox.ts] …
                     [--sample 500] [--seed 1] [--concurrency 2] [--tests TEXT] [--survivors]
Without a name all of ${ROOMS.join(', ')} is mutated. The exit code is 1 when less than ${LEAST_PERCENT} % is killed.
--sample draws so many mutants of each room at random; --tests takes only the test files whose path holds TEXT, for a quick look.
Every fate is written to reports/mutants.json.`;

interface Wish {
  readonly parts: readonly string[];
  readonly sample: number | null;
  readonly seed: number;
  readonly concurrency: number;
  readonly tests: string;
  readonly survivors: boolean;
  readonly report: string;
}

/** What was asked for; null when it cannot be understood. */
function asked(args: readonly string[]): Wish | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        sample: { type: 'string' },
        seed: { type: 'string', default: '1' },
        concurrency: { type: 'string', default: '1' },
        tests: { type: 'string', default: '' },
        survivors: { type: 'boolean', default: false },
        report: { type: 'string', default: path.join(root, 'reports', 'mutants.json') },
      },
    });
    const numbers = [Number(values.sample ?? 1), Number(values.seed), Number(values.concurrency)];
    if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 1)) return null;
    const parts = positionals.length > 0 ? positionals : ROOMS;
    if (parts.some((part) => !ROOMS.includes(part.split('/')[0] ?? '') || sourcesOf(root, [part]).length === 0))
      return null;
    return {
      parts,
      sample: values.sample === undefined ? null : Number(values.sample),
      seed: Number(values.seed),
      concurrency: Number(values.concurrency),
      tests: values.tests,
      survivors: values.survivors,
      report: values.report,
    };
  } catch {
    return null;
  }
}

/**
 * What is made while modules load (tables, patterns, schemas) is asked about in the tests of its own folder and of those above: else
 * every test of every file that happens to import it would run for each.
 */
function asksAll(source: string, testFile: string): boolean {
  const folder = path.posix.dirname(path.posix.relative('test/main', testFile));
  return path.posix.relative('src/main', source).startsWith(`${folder}/`);
}

/** Judges the mutants of one room and returns what became of each. */
async function judgeRoom(room: string, wish: Wish, folder: string): Promise<Fate[]> {
  const files = sourcesOf(
    root,
    wish.parts.filter((part) => part.split('/')[0] === room),
  );
  const mutants = await instrument(root, folder, files);
  const runnable = mutants.filter(({ ignored }) => ignored === null);
  const drawn = wish.sample === null ? runnable : sampleOf(runnable, wish.sample, wish.seed);
  const fates = new Map<string, Fate>(
    [...mutants.filter(({ ignored }) => ignored !== null), ...drawn].map((mutant) => [
      mutant.id,
      { mutant, verdict: mutant.ignored === null ? 'no test' : 'ignored', by: null },
    ]),
  );
  const living = (): string[] =>
    [...fates.values()]
      .filter(({ verdict }) => verdict === 'no test' || verdict === 'survived')
      .map(({ mutant }) => mutant.id);
  const chosen = (file: string): boolean => file.includes(wish.tests);
  const testFiles = globSync(`test/main/${room}/**/*.test.ts`, { cwd: root })
    .map((file) => file.split(path.sep).join('/'))
    .filter(chosen)
    .sort((a, b) => b.split('/').length - a.split('/').length || (a < b ? -1 : 1));
  const further = (ALSO[room] ?? []).filter(chosen);
  const sourceOf = (id: string): string => fates.get(id)?.mutant.file ?? '';
  const isOwn = (id: string, testFile: string): boolean => asksAll(sourceOf(id), testFile);
  // First each file judges the mutants of its namesake, then of its folder, which it kills soonest, then of the others.
  const queue = [
    ...[0, 1, 2].flatMap((rank) => testFiles.map((file) => ({ file, rank }))),
    ...further.map((file) => ({ file, rank: 2 })),
  ];
  const inThreads = (id: string, testFile: string): boolean => further.includes(testFile) || isOwn(id, testFile);
  const rankOf = (id: string, testFile: string): number =>
    sourceOf(id) === testFile.replace('test/', 'src/').replace('.test.ts', '.ts') ? 0 : isOwn(id, testFile) ? 1 : 2;
  console.error(
    `${room}: ${drawn.length} of ${runnable.length} mutants, ${testFiles.length + further.length} test files`,
  );
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { file, rank } = next;
      const begun = Date.now();
      const asked = living().filter((id) => rankOf(id, file) === rank);
      if (asked.length === 0) continue;
      const judged = await judgeBy({ root, folder, atLoad: isOwn, inThreads }, file, asked);
      for (const [id, { verdict, by }] of judged) {
        const fate = fates.get(id);
        if (fate !== undefined && (verdict !== 'survived' || fate.verdict === 'no test'))
          fates.set(id, { mutant: fate.mutant, verdict, by: by === null ? null : `${file}: ${by}` });
      }
      const killed = [...judged.values()].filter(({ verdict }) => verdict !== 'survived').length;
      const seconds = ((Date.now() - begun) / 1000).toFixed(0);
      console.error(
        `  ${file} (${['its namesake', 'its folder', 'others'][rank] ?? ''}): ${killed} of ${judged.size} killed, ${living().length} left (${seconds} s)`,
      );
    }
  };
  await Promise.all(Array.from({ length: wish.concurrency }, work));
  return [...fates.values()];
}

function describe({ file, line, column, mutator, replacement }: Mutant): string {
  return `${file}:${line}:${column} ${mutator} -> ${replacement.replaceAll(/\s+/g, ' ').slice(0, 80)}`;
}

async function main(args: readonly string[]): Promise<number> {
  const wish = asked(args);
  if (wish === null) {
    console.error(USAGE);
    return 2;
  }
  const begun = Date.now();
  const fates: Fate[] = [];
  for (const room of ROOMS.filter((name) => wish.parts.some((part) => part.split('/')[0] === name))) {
    const folder = path.join(root, '.cache', `mutants-${process.pid}-${room}`);
    try {
      fates.push(...(await judgeRoom(room, wish, folder)));
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }
  mkdirSync(path.dirname(wish.report), { recursive: true });
  writeFileSync(wish.report, `${JSON.stringify(fates, null, 1)}\n`);
  if (wish.survivors)
    for (const { mutant, verdict } of fates)
      if (verdict === 'survived' || verdict === 'no test') console.log(`${verdict}: ${describe(mutant)}`);
  const { text, percent } = table(fates);
  console.log(text);
  if (wish.sample !== null)
    console.log(`A sample: at most ${wish.sample} mutants a room, drawn with seed ${wish.seed}.`);
  if (wish.tests !== '') console.log(`Only by the test files with "${wish.tests}" in their path.`);
  console.log(`${Math.round((Date.now() - begun) / 1000)} s, load of the machine ${(loadavg()[0] ?? 0).toFixed(1)}.`);
  return percent < LEAST_PERCENT ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
