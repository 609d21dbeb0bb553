/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** All values of one measurement: the median, and between which they lay. */
export function spread(values: readonly number[], show: (value: number) => string): string {
  return `${show(median(values))} (${show(Math.min(...values))} – ${show(Math.max(...values))})`;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
export const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
export const perSecond = (rate: number): string => `${Math.round(rate)}/s`;

/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  /** Empty for a figure that only explains another. */
  readonly budget: string;
  readonly ok: boolean | null;
}

/** A figure that must be at most, or at least, its budget. */
export function judged(
  what: string,
  value: number,
  budget: { readonly atMost: number } | { readonly atLeast: number },
  show: (value: number) => string,
): Figure {
  if ('atMost' in budget)
    return { what, measured: show(value), budget: `≤ ${show(budget.atMost)}`, ok: value <= budget.atMost };
  return { what, measured: show(value), budget: `≥ ${show(budget.atLeast)}`, ok: value >= budget.atLeast };
}

/** A figure without a budget. */
export function told(what: string, measured: string): Figure {
  return { what: `  ${what}`, measured, budget: '', ok: null };
}

/** The figures as aligned columns. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, measured, budget, ok }) => [
    what,
    measured,
    budget,
    ok === null ? '' : ok ? 'ok' : 'MISSED',
  ]);
  const all = [['', 'measured', 'budget', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
