/** How many letters must be added, taken away, changed or swapped with their neighbour to turn one word into the other. */
export function distance(a: string, b: string): number {
  const from = [...a];
  const to = [...b];
  // Three rows of the usual table: the one before last is for swapped neighbours.
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of from.entries()) {
    const current = [row + 1];
    for (const [column, other] of to.entries()) {
      const cost = letter === other ? 0 : 1;
      let best = Math.min((last[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1, (last[column] ?? 0) + cost);
      if (row > 0 && column > 0 && letter === to[column - 1] && from[row - 1] === other) {
        best = Math.min(best, (beforeLast[column - 1] ?? 0) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}

/** The known word that a mistyped one most likely means: one that it begins, or one at most a third of its letters away. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  const begun = typed.length >= 2 ? known.filter((one) => one.startsWith(typed)) : [];
  if (begun.length === 1) return begun[0];
  const ranked = known.map((one) => ({ one, far: distance(typed, one) })).sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best !== undefined && best.far <= Math.max(1, Math.floor(best.one.length / 3)) ? best.one : undefined;
}
