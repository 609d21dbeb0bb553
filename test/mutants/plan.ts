/** The environment variable that names the plan of a vitest process. */
export const PLAN_VARIABLE = 'ORDER_CONSOLE_MUTANTS_PLAN';
/** The environment variable that tells a thread which file takes the mutants it reaches; it is set while that is learned. */
export const REACHED_VARIABLE = 'ORDER_CONSOLE_MUTANTS_REACHED';
/** The environment variable that tells a thread which test started it; none started it before or between tests. */
export const TEST_VARIABLE = 'ORDER_CONSOLE_MUTANTS_TEST';

/** What one vitest process is asked to do with its one test file. */
export interface Plan {
  /** Ids of the mutants that are still alive. */
  readonly mutants: readonly string[];
  /** Those of them that all tests of the file are asked about when they are reached while modules load. */
  readonly atLoad: readonly string[];
  /** Those of them that the file is asked about when only a thread which a test started reaches them. */
  readonly inThreads: readonly string[];
  /** The file that takes one `Line` a line; it is read even after the process was killed. */
  readonly lines: string;
  /** The file that takes what threads reach: a test's id, a tab, a mutant's id, a line each. */
  readonly reached: string;
  /** After so many mutants all tests run once more without any: what one mutant left behind must not kill the next. */
  readonly controlEvery: number;
  /** Whether tests that fail without a mutant are left out, and told; else the file is not judged by. */
  readonly lenient: boolean;
}

export type Verdict = 'killed' | 'timeout' | 'survived';

export type Line =
  | { readonly kind: 'covered'; readonly mutants: readonly string[]; readonly leftOut: readonly string[] }
  | { readonly kind: 'start'; readonly mutant: string }
  | { readonly kind: 'beat' }
  | { readonly kind: 'verdict'; readonly mutant: string; readonly verdict: Verdict; readonly by: string | null }
  | { readonly kind: 'control'; readonly ok: boolean; readonly failed: string | null }
  | { readonly kind: 'done' };
