/**
 * What is fuzzed, and with how many inputs: 10,000 in all in one `npm test`. A new reader of anything that comes from outside takes a line here
 * and calls `fuzz` with its name, an arbitrary of hostile inputs (`hostile.ts` has bytes, JSON and texts mutated from true ones) and a function
 * that feeds one input to the reader and judges what came of it.
 */
export const INPUTS = {
  'replies to look-ups': 2_600,
  'replies to updates': 2_000,
  'replies to account tests': 600,
  'orders as found, judged': 700,
  'CSV files': 700,
  'pasted texts': 900,
  'cells of rows': 500,
  'workbook parts': 900,
  'workbooks in their thread': 60,
  'calls of the gate': 900,
  'calls behind the gate': 700,
  'requests of the page': 1_000,
  'backup files': 400,
} as const;
export type Fuzzed = keyof typeof INPUTS;

/** One seed for all, so that a failure comes again; fast-check prints the path to the one input. */
export const SEED = 20_261_128;
