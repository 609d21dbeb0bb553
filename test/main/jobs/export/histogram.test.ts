import { describe, expect, it } from 'vitest';
import { Histogram, MOST_BUCKETS, noCounts } from '../../../../src/main/jobs/export/histogram.ts';
import { states } from './support.ts';

/** A second at which a span of any of these widths begins in Beijing. */
const BEGIN = 345_600 * 5_000 - 8 * 3_600;

describe('Histogram', () => {
  it('is nothing at first', () => {
    const histogram = new Histogram();
    expect([histogram.widthS, histogram.buckets()]).toEqual([1, []]);
    expect(noCounts()).toEqual(states());
  });

  it.each([
    [0, 1, 1],
    [59, 1, 60],
    [60, 2, 31],
    [119, 2, 60],
    [120, 10, 13],
    [599, 10, 60],
    [600, 20, 31],
    [1_200, 60, 21],
    [3_600, 120, 31],
    [7_200, 600, 13],
    [36_000, 1_200, 31],
    [72_000, 3_600, 21],
    [216_000, 7_200, 31],
    [432_000, 21_600, 21],
    [1_296_000, 43_200, 31],
    [2_592_000, 86_400, 31],
    [5_183_999, 86_400, 60],
    [5_184_000, 172_800, 31],
    [10_368_000, 345_600, 31],
  ])('takes %i seconds in spans of %i, of which there are %i', (seconds, widthS, length) => {
    const histogram = new Histogram();
    histogram.add(BEGIN, 'succeeded', 2);
    histogram.add(BEGIN + seconds, 'failed', 3);
    const buckets = histogram.buckets();
    expect([histogram.widthS, buckets.length, buckets[0]?.fromMs]).toEqual([widthS, length, BEGIN * 1_000]);
    expect(buckets.at(-1)?.fromMs).toBe((BEGIN + seconds - (seconds % widthS)) * 1_000);
    expect(buckets.length).toBeLessThanOrEqual(MOST_BUCKETS);
    const sums = buckets.map(({ counts }) => counts.succeeded + counts.failed);
    expect([sums[0], sums.at(-1)]).toEqual(seconds === 0 ? [5, 5] : [2, 3]);
    expect(sums.slice(1, -1).every((sum) => sum === 0)).toBe(true);
  });

  it('begins spans where a clock of Beijing shows round numbers, whatever comes first', () => {
    const histogram = new Histogram();
    const noon = Date.UTC(2026, 10, 23, 4, 0, 0) / 1_000;
    histogram.add(noon + 50 * 3_600 + 1_799, 'unknown', 1);
    histogram.add(noon + 1_234, 'not_sent', 4);
    expect([histogram.widthS, histogram.buckets()[0]]).toEqual([
      3_600,
      { fromMs: noon * 1_000, counts: states({ not_sent: 4 }) },
    ]);
  });

  it('joins what it has counted when it widens', () => {
    const histogram = new Histogram();
    for (let second = 0; second < 60; second += 1) histogram.add(BEGIN + second, 'succeeded', 1);
    histogram.add(BEGIN + 30, 'failed', 2);
    histogram.add(BEGIN + 599, 'failed', 1);
    expect(
      histogram
        .buckets()
        .slice(0, 7)
        .map(({ counts }) => [counts.succeeded, counts.failed]),
    ).toEqual([
      [10, 0],
      [10, 0],
      [10, 0],
      [10, 2],
      [10, 0],
      [10, 0],
      [0, 0],
    ]);
  });
});
