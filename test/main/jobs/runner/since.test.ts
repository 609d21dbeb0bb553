import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sinceEnd } from '../../../../src/main/jobs/runner/since.ts';

it('is the shorter of two clocks’ answers, and nothing for a call that has not ended', () => {
  expect(sinceEnd(1_000, 5_000, 4_000, 9_000)).toBe(3_000);
  expect(sinceEnd(1_000, 5_000, 9_000, 6_000)).toBe(1_000);
  expect(sinceEnd(null, 5_000, 9_000, 99_000)).toBe(0);
});

it('is never longer than it was and never negative, when one of the clocks was set', () => {
  const ms = fc.integer({ min: 0, max: 10_000_000 });
  const set = fc.integer({ min: -10_000_000, max: 10_000_000 });
  fc.assert(
    fc.property(ms, ms, set, fc.boolean(), (roundTrip, age, by, isVendors) => {
      const [mine, theirs] = isVendors ? [0, by] : [by, 0];
      const since = sinceEnd(roundTrip, 0, roundTrip + age + mine, roundTrip + age + theirs);
      expect(since).toBeGreaterThanOrEqual(0);
      // The vendor's clock counts from the stamp, so that it may only be beyond the truth by the way there and back.
      expect(since).toBeLessThanOrEqual(age + (isVendors ? 0 : roundTrip));
    }),
  );
});
