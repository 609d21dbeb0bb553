/** The environment variable that names the plan of a vitest process. */
export const PLAN_VARIABLE = 'ORDER_CONSOLE_MUTANTS_PLAN';

/** What one vitest process is asked to do with its one test file. */
export interface Plan {
  /** Ids of the mutants that are still alive. */
  readonly mutants: readonly string[];
  /** Those of them that all tests of the file are asked about when they are reached while modules load. */
  readonly atLoad: readonly string[];
  /** The file that takes one `Line` a line; it is read even after the process was killed. */
  readonly lines: string;
  /** After so many mutants all tests run once more without any: what one mutant left behind must not kill the next. */
  readonly controlEvery: number;
}

export type Verdict = 'killed' | 'timeout' | 'survived';

export type Line =
  | { readonly kind: 'covered'; readonly mutants: readonly string[] }
  | { readonly kind: 'start'; readonly mutant: string }
  | { readonly kind: 'beat' }
  | { readonly kind: 'verdict'; readonly mutant: string; readonly verdict: Verdict; readonly by: string | null }
  | { readonly kind: 'control'; readonly ok: boolean; readonly failed: string | null }
  | { readonly kind: 'done' };
