import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shanghaiMs, shanghaiTime } from '../../../../src/main/vendors/shared/time.ts';

describe('times in Asia/Shanghai', () => {
  it('writes and reads the same instant, eight hours ahead of UTC', () => {
    const ms = Date.UTC(2024, 4, 21, 16, 0, 1);
    expect(shanghaiTime(ms)).toBe('2024-05-22 00:00:01');
    expect(shanghaiMs('2024-05-22 00:00:01')).toBe(ms);
    expect(shanghaiTime(ms + 999)).toBe('2024-05-22 00:00:01');
  });

  it.each([
    '2024-02-30 00:00:00',
    '2023-02-29 12:00:00',
    '2024-13-01 00:00:00',
    '2024-01-01 24:00:00',
    '2024-01-01 00:60:00',
    '2024-01-01 00:00:60',
    '2024-1-1 00:00:00',
    '2024-01-01T00:00:00',
    '2024-01-01 00:00',
    ' 2024-01-01 00:00:00',
    '2024-01-01 00:00:00 ',
    '',
  ])('refuses %j', (text) => {
    expect(shanghaiMs(text)).toBeUndefined();
  });

  it('takes a leap day', () => {
    expect(shanghaiMs('2024-02-29 08:00:00')).toBe(Date.UTC(2024, 1, 29));
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        expect(shanghaiMs(shanghaiTime(seconds * 1000))).toBe(seconds * 1000);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
