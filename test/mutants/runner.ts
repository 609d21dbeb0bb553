import { appendFileSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { TestRunner } from 'vitest';
import type { RunnerTask, RunnerTestCase, RunnerTestFile, RunnerTestSuite } from 'vitest';
import { PLAN_VARIABLE, REACHED_VARIABLE, TEST_VARIABLE, type Line, type Plan, type Verdict } from './plan.ts';

/** What the instrumented sources look at and write to. */
interface Namespace {
  activeMutant: string | undefined;
  currentTestId: string | undefined;
  hitCount: number | undefined;
  hitLimit: number;
  mutantCoverage?: { static: Hits; perTest: Record<string, Hits> };
}
type Hits = Record<string, number>;

interface Coverage {
  /** The tests that reach a mutant. */
  readonly tests: Map<string, Set<string>>;
  /** How often the whole file reached a mutant, and how often each test did. */
  readonly hits: Map<string, number>;
  readonly hitsOf: Readonly<Record<string, Hits>>;
  readonly milliseconds: Map<string, number>;
}

const ACTIVE_VARIABLE = '__STRYKER_ACTIVE_MUTANT__';
const BEAT_MS = 1000;
/** A mutant may be reached this many times as often as its tests reached it before; more is an endless loop. */
const HIT_FACTOR = 20;
const LEAST_HITS = 1000;
const LEAST_TIME_LIMIT_MS = 5000;
const TIME_FACTOR = 10;
/** So much time of each test file a mutant gets, the quicker tests first; what the slow ones alone would tell counts as alive. */
const BUDGET_MS = 2000;

// Tests may replace the clock and the timers.
const realSetTimeout = setTimeout;
const realClearTimeout = clearTimeout;
const now = performance.now.bind(performance);

// One counter-example is enough; looking for the smallest takes minutes.
fc.configureGlobal({ endOnFailure: true });

const namespace = ((globalThis as Record<string, unknown>).__stryker__ ??= {}) as Namespace;
const plan = JSON.parse(readFileSync(process.env[PLAN_VARIABLE] ?? '', 'utf8')) as Plan;

function write(line: Line): void {
  appendFileSync(plan.lines, `${JSON.stringify(line)}\n`);
}

function setVariable(name: string, value: string | null): void {
  if (value === null) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
}

function testsOf(task: RunnerTask): RunnerTestCase[] {
  return task.type === 'test' ? [task] : task.tasks.flatMap(testsOf);
}

/**
 * Skips the tests that are not in `wanted`, and suites without any, so that their hooks don't run; the quick ones come first. Returns the
 * time that is expected, milliseconds; null when nothing is left.
 */
function keepOnly(
  task: RunnerTask,
  wanted: ReadonlySet<string>,
  milliseconds: ReadonlyMap<string, number>,
): number | null {
  if (task.type === 'test') {
    if (wanted.has(task.id)) return milliseconds.get(task.id) ?? 0;
    task.mode = 'skip';
    return null;
  }
  const children = task.tasks.map((child) => ({ child, time: keepOnly(child, wanted, milliseconds) }));
  const kept = children.flatMap(({ time }) => (time === null ? [] : [time]));
  task.tasks = children.sort((a, b) => (a.time ?? 0) - (b.time ?? 0)).map(({ child }) => child);
  if (kept.length > 0) return kept.reduce((sum, time) => sum + time, 0);
  task.mode = 'skip';
  return null;
}

/** The quickest of the tests until their times come to the budget; at least one. */
function withinBudget(tests: Iterable<string>, milliseconds: ReadonlyMap<string, number>): Set<string> {
  const time = (test: string): number => milliseconds.get(test) ?? 0;
  let sum = 0;
  const kept = new Set<string>();
  for (const test of [...tests].sort((a, b) => time(a) - time(b))) {
    sum += time(test);
    if (sum > BUDGET_MS && kept.size > 0) break;
    kept.add(test);
  }
  return kept;
}

/** The tests that failed, or whose suite did. */
function failedTests(task: RunnerTask): RunnerTestCase[] {
  const failed = task.result?.state === 'fail';
  if (task.type === 'test') return failed ? [task] : [];
  const inside = task.tasks.flatMap(failedTests);
  return failed && inside.length === 0 ? testsOf(task) : inside;
}

function failureIn(task: RunnerTask): string | null {
  if (task.type === 'suite') {
    for (const child of task.tasks) {
      const failed = failureIn(child);
      if (failed !== null) return failed;
    }
  }
  return task.result?.state === 'fail' ? task.name : null;
}

/** Reads what the run without a mutant has reached. */
function readCoverage(milliseconds: Map<string, number>): Coverage {
  const found = namespace.mutantCoverage ?? { static: {}, perTest: {} };
  const coverage: Coverage = {
    tests: new Map(),
    hits: new Map(),
    hitsOf: structuredClone(found.perTest),
    milliseconds,
  };
  const atLoad = new Set(plan.atLoad);
  const add = (hits: Hits, tests: Iterable<string>, counts: (mutant: string) => boolean): void => {
    for (const [mutant, count] of Object.entries(hits)) {
      coverage.hits.set(mutant, (coverage.hits.get(mutant) ?? 0) + count);
      if (!counts(mutant)) continue;
      const known = coverage.tests.get(mutant) ?? new Set();
      for (const test of tests) known.add(test);
      coverage.tests.set(mutant, known);
    }
  };
  for (const [test, hits] of Object.entries(found.perTest)) add(hits, [test], () => true);
  // Reached while modules load, or between tests: any test may tell.
  const every = [...milliseconds.keys()];
  add(found.static, every, (mutant) => atLoad.has(mutant));
  const inThreads = new Set(plan.inThreads);
  for (const [test, mutant] of readThreads())
    add({ [mutant]: 1 }, test === '' ? every : [test], () => inThreads.has(mutant));
  for (const [mutant, tests] of coverage.tests) {
    const left = new Set([...tests].filter((test) => milliseconds.has(test)));
    if (left.size > 0) coverage.tests.set(mutant, left);
    else coverage.tests.delete(mutant);
  }
  return coverage;
}

/** What threads have reached: the test that started each, empty for none, and the mutant. */
function readThreads(): [test: string, mutant: string][] {
  const lines = readFileSync(plan.reached, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [test = '', mutant = ''] = line.split('\t');
    return [test, mutant];
  });
}

/**
 * Runs one test file again and again in one vitest worker, each time with all modules loaded afresh: first without a mutant,
 * to learn what each test reaches, then once for each mutant of the plan, with the tests that reach it and until one fails.
 */
export default class MutantRunner extends TestRunner {
  #coverage: Coverage | null = null;
  #queue: string[] = [];
  #sinceControl = 0;
  #mutant: string | null = null;
  #failed: string | null = null;
  #timedOut = false;
  #beat = 0;
  readonly #milliseconds = new Map<string, number>();

  onBeforeCollect(): void {
    this.#failed = null;
    this.#timedOut = false;
    namespace.activeMutant = this.#mutant ?? '';
    namespace.currentTestId = undefined;
    namespace.hitCount = 0;
    namespace.hitLimit =
      this.#mutant === null ? Infinity : HIT_FACTOR * Math.max(LEAST_HITS, this.#coverage?.hits.get(this.#mutant) ?? 0);
    // Threads are started from the instrumented sources and find their mutant here.
    setVariable(ACTIVE_VARIABLE, this.#mutant);
    setVariable(REACHED_VARIABLE, this.#coverage === null ? plan.reached : null);
  }

  onCollected(files: RunnerTestFile[]): void {
    const coverage = this.#coverage;
    if (coverage === null) return;
    const { milliseconds } = coverage;
    const all = this.#mutant === null ? milliseconds.keys() : (coverage.tests.get(this.#mutant) ?? []);
    const wanted = withinBudget(all, milliseconds);
    for (const file of files) keepOnly(file, wanted, milliseconds);
    if (this.#mutant === null) return;
    const mutant = this.#mutant;
    const hits = [...wanted].reduce((sum, test) => sum + (coverage.hitsOf[test]?.[mutant] ?? 0), 0);
    namespace.hitCount = 0;
    namespace.hitLimit = HIT_FACTOR * Math.max(LEAST_HITS, hits);
  }

  override async onBeforeRunSuite(suite: RunnerTestSuite): Promise<void> {
    if (this.#failed !== null) suite.mode = 'skip';
    await super.onBeforeRunSuite(suite);
  }

  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    if (this.#failed !== null) test.mode = 'skip';
    if (now() - this.#beat > BEAT_MS) {
      this.#beat = now();
      write({ kind: 'beat' });
    }
    await super.onBeforeRunTask(test);
  }

  override onBeforeTryTask(test: RunnerTestCase, options: { retry: number; repeats: number }): void {
    namespace.currentTestId = test.id;
    setVariable(TEST_VARIABLE, test.id);
    super.onBeforeTryTask(test, options);
  }

  /** The test itself, ended after a multiple of the time that it took without a mutant. */
  async runTask(test: RunnerTestCase): Promise<void> {
    const usual = this.#coverage?.milliseconds.get(test.id);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_resolve, reject) => {
      if (usual === undefined || this.#mutant === null) return;
      timer = realSetTimeout(
        () => {
          this.#timedOut = true;
          reject(new Error('over time'));
        },
        Math.max(LEAST_TIME_LIMIT_MS, TIME_FACTOR * usual),
      );
    });
    const begun = now();
    try {
      await Promise.race([TestRunner.getTestFn(test)(), limit]);
    } finally {
      realClearTimeout(timer);
      if (this.#coverage === null) this.#milliseconds.set(test.id, now() - begun);
    }
  }

  override onAfterRunTask(test: RunnerTestCase): void {
    super.onAfterRunTask(test);
    namespace.currentTestId = undefined;
    setVariable(TEST_VARIABLE, null);
    if (test.result?.state === 'fail' && this.#mutant !== null) this.#failed ??= test.name;
  }

  override onAfterRunFiles(files: RunnerTestFile[]): void {
    super.onAfterRunFiles(files);
    const [file] = files;
    if (file === undefined) return;
    const failed = this.#failed ?? failureIn(file);
    if (this.#coverage === null) this.#afterFirstRun(file, failed);
    else if (this.#mutant === null) this.#afterControl(failed);
    else {
      const verdict: Verdict = failed === null ? 'survived' : this.#timedOut ? 'timeout' : 'killed';
      write({ kind: 'verdict', mutant: this.#mutant, verdict, by: failed });
      this.#sinceControl += 1;
    }
    this.#next();
  }

  #afterFirstRun(file: RunnerTestFile, failed: string | null): void {
    const leftOut = plan.lenient ? failedTests(file) : [];
    for (const { id } of leftOut) this.#milliseconds.delete(id);
    if ((failed !== null && leftOut.length === 0) || this.#milliseconds.size === 0) {
      write({ kind: 'control', ok: false, failed: failed ?? 'no test was found' });
      return;
    }
    const coverage = readCoverage(this.#milliseconds);
    this.#coverage = coverage;
    this.#queue = plan.mutants.filter((mutant) => coverage.tests.has(mutant));
    write({ kind: 'covered', mutants: this.#queue, leftOut: leftOut.map(({ name }) => name) });
    // From here on the verdicts alone count; vitest has its report of the first run.
    Object.assign(this, { onTaskUpdate: () => Promise.resolve() });
    const onCollected = MutantRunner.prototype.onCollected.bind(this);
    Object.assign(this, { onCollected });
  }

  #afterControl(failed: string | null): void {
    write({ kind: 'control', ok: failed === null, failed });
    this.#sinceControl = 0;
    if (failed !== null) this.#queue = [];
  }

  #next(): void {
    if (this.#coverage === null) return;
    const controlIsDue =
      this.#sinceControl >= plan.controlEvery || (this.#queue.length === 0 && this.#sinceControl > 0);
    this.#mutant = controlIsDue ? null : (this.#queue.shift() ?? null);
    if (this.#mutant === null && !controlIsDue) {
      write({ kind: 'done' });
      return;
    }
    if (this.#mutant !== null) write({ kind: 'start', mutant: this.#mutant });
    // vitest goes through this very list and loads all modules afresh for each entry.
    const { files } = (globalThis as unknown as { __vitest_worker__: { ctx: { files: unknown[] } } }).__vitest_worker__
      .ctx;
    files.push(files[0]);
  }
}
