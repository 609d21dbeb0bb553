/** mulberry32: small, seeded, good enough to draw a sample. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` of the items (or all, when there are fewer), drawn by the seed, in their own order. */
export function sampleOf<T>(items: readonly T[], count: number, seed: number): T[] {
  const random = randomFrom(seed);
  const drawn = items.map((item, place) => ({ item, place, rank: random() })).sort((a, b) => a.rank - b.rank);
  return drawn
    .slice(0, count)
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
