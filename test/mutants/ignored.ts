import type { Ignorer } from '@stryker-mutator/api/ignore';

/** What is not mutated, each with its reason; the reason is printed with the number of mutants that it leaves out. */
export const ignorers: readonly Ignorer[] = [];
