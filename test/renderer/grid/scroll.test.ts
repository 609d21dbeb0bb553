import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Position } from '../../../src/renderer/components/grid/scroll.ts';
import { follow, MOST_PX, offsetAt, scrollMap, topAt } from '../../../src/renderer/components/grid/scroll.ts';

const VIEWPORT = 600;
const START: Position = { top: 0, offset: 0 };

const sizes = [
  [0, 32],
  [3, 32],
  [400_000, 32],
  [1_000_000, 32],
  [1_000_000, 40],
  [10_000_000, 32],
  [10_000_000, 40],
] as const;

describe.each(sizes)('%d rows of %d px', (rows, rowHeight) => {
  const map = scrollMap(rows, rowHeight, VIEWPORT);

  it('is never taller than a browser can place, and straight as long as it fits', () => {
    expect(map.height).toBe(Math.min(rows * rowHeight, MOST_PX));
    expect(map.mapped).toBe(rows * rowHeight > MOST_PX);
  });

  it('reaches the first and the last row by the bar', () => {
    expect(offsetAt(map, 0)).toBe(0);
    expect(offsetAt(map, map.mostTop)).toBe(Math.max(0, rows * rowHeight - VIEWPORT));
    expect(topAt(map, map.mostOffset)).toBe(map.mostTop);
  });

  it('never runs backwards, and there and back is the same place', () => {
    const tops = fc.double({ min: 0, max: Math.max(1, map.mostTop), noNaN: true });
    fc.assert(
      fc.property(tops, tops, (a, b) => {
        expect(offsetAt(map, Math.min(a, b))).toBeLessThanOrEqual(offsetAt(map, Math.max(a, b)));
        const top = Math.min(a, map.mostTop);
        expect(topAt(map, offsetAt(map, top))).toBeCloseTo(top, 3);
      }),
    );
  });

  it('moves the rows by the wheel pixel for pixel, so that each can be reached, and stays within them', () => {
    const steps = fc.array(fc.integer({ min: -2 * VIEWPORT, max: 2 * VIEWPORT }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.double({ min: 0, max: 1, noNaN: true }), (wheel, share) => {
        let position = follow(map, START, share * map.mostTop);
        for (const step of wheel) {
          const next = follow(map, position, position.top + step);
          const moved = next.top - position.top;
          const wanted = Math.min(Math.max(position.offset + moved, 0), map.mostOffset);
          expect(next.offset).toBeCloseTo(wanted, 6);
          position = next;
        }
      }),
    );
  });
});

it('goes where the map says when the bar is dragged, to the very ends too', () => {
  const map = scrollMap(1_000_000, 32, VIEWPORT);
  expect(follow(map, START, map.mostTop)).toEqual({ top: map.mostTop, offset: map.mostOffset });
  expect(follow(map, { top: map.mostTop, offset: map.mostOffset }, 0)).toEqual(START);
  expect(follow(map, START, map.mostTop / 2).offset).toBeCloseTo(map.mostOffset / 2, 3);
  // Rubber bands beyond the ends move nothing.
  expect(follow(map, START, -50)).toEqual(START);
});
