import { describe, expect, it } from 'vitest';
import { clockWords, jumpWords, OriginClock, steady } from '../../../src/main/gateway/clock.ts';

/** A machine whose clock is wrong by `wrongMs` (machine minus true), and a server whose Date is right. */
function machine(wrongMs: number): {
  clock: OriginClock;
  call: (rttMs?: number, options?: { fresh?: boolean; serverWrongMs?: number }) => boolean;
  pass: (ms: number) => void;
  setBy: (ms: number) => void;
} {
  let real = Date.UTC(2026, 0, 1, 8, 0, 0, 500);
  let wrong = wrongMs;
  const clock = new OriginClock(
    () => real + wrong,
    () => real,
  );
  return {
    clock,
    call(rttMs = 0, { fresh = false, serverWrongMs = 0 } = {}) {
      const sent = real;
      real += rttMs / 2;
      const date = new Date(Math.floor((real + serverWrongMs) / 1000) * 1000).toUTCString();
      real += rttMs / 2;
      return clock.learn(date, sent, real, fresh);
    },
    pass: (ms) => void (real += ms),
    setBy: (ms) => void (wrong += ms),
  };
}

describe('the clock', () => {
  it('knows nothing at first and stamps with the machine’s time', () => {
    const { clock } = machine(-252_000);
    expect(clock.offset()).toBeNull();
    expect(clock.applied()).toBe(0);
  });

  it('learns the offset from the middle of the call, half a second added', () => {
    const { clock, call } = machine(-252_000);
    expect(call(200)).toBe(true);
    // The server stamped at .600 and said .000; with the half second: .500.
    expect(clock.offset()).toBe(252_000 - 100);
    expect(clock.applied()).toBe(251_900);
  });

  it('does not apply an offset below two seconds', () => {
    const small = machine(1_999);
    small.call();
    expect(small.clock.offset()).toBe(-1_999);
    expect(small.clock.applied()).toBe(0);
    const large = machine(2_000);
    large.call();
    expect(large.clock.applied()).toBe(-2_000);
  });

  it('takes one sample of a second, a better one excepted', () => {
    const { clock, call, pass } = machine(-10_000);
    expect(call(300)).toBe(true);
    pass(10);
    expect(call(300)).toBe(false);
    // .500 + 300 + 10 + 300 = 1.110: another second by then.
    pass(5_000);
    expect(call(300)).toBe(true);
    expect(call(20)).toBe(true);
    expect(clock.offset()).toBeGreaterThan(9_000);
    expect(clock.offset()).toBeLessThan(11_000);
  });

  it('makes no wrong clock of a slow reply, which may have been stamped at its beginning or at its end', () => {
    for (const serverWrongMs of [-4_400, 4_400]) {
      const { clock, call, pass } = machine(0);
      call(9_000, { serverWrongMs });
      expect([clock.offset(), clock.applied()]).toEqual([0, 0]);
      // A quick one tells more.
      pass(1_000);
      call(20);
      expect(Math.abs(clock.offset() ?? NaN)).toBeLessThanOrEqual(510);
    }
    const slow = machine(-60_000);
    slow.call(9_000);
    expect(Math.abs(slow.clock.applied() - 60_000)).toBeLessThanOrEqual(500);
  });

  it('is not moved by one strange server, nor by one slow call', () => {
    const { clock, call, pass } = machine(-60_000);
    for (let turn = 0; turn < 8; turn++) {
      call(40);
      pass(1_000 - 40);
    }
    call(40, { serverWrongMs: -3_600_000 });
    pass(960);
    call(8_000);
    const offset = clock.offset() ?? 0;
    expect(Math.abs(offset - 60_000)).toBeLessThanOrEqual(500);
  });

  it('forgets the oldest of sixteen samples, so that a changed server is followed', () => {
    const { clock, call, pass } = machine(0);
    for (let turn = 0; turn < 16; turn++) {
      call();
      pass(1_000);
    }
    expect(clock.applied()).toBe(0);
    for (let turn = 0; turn < 9; turn++) {
      call(0, { serverWrongMs: 90_000 });
      pass(1_000);
    }
    expect(clock.applied()).toBe(90_000);
  });

  it('starts anew when the server refused the stamp', () => {
    const { clock, call, pass } = machine(0);
    for (let turn = 0; turn < 10; turn++) {
      call();
      pass(1_000);
    }
    expect(call(0, { serverWrongMs: 240_000, fresh: true })).toBe(true);
    expect(clock.applied()).toBe(240_000);
    // The same second again.
    expect(call(0, { serverWrongMs: 240_000, fresh: true })).toBe(true);
  });

  it('forgets when the machine’s clock is set, and learns again', () => {
    const { clock, call, pass, setBy } = machine(-252_000);
    call();
    expect(clock.applied()).toBe(252_000);
    setBy(252_000);
    expect(clock.offset()).toBeNull();
    expect(clock.applied()).toBe(0);
    call();
    expect(clock.offset()).toBe(0);
    setBy(-1_000);
    expect(clock.offset()).toBe(0);
    pass(1_000);
    setBy(-1_001);
    expect(clock.offset()).toBeNull();
  });

  it('learns nothing from a Date that is none, or from before 2020', () => {
    const clock = new OriginClock(
      () => Date.UTC(2026, 0, 1),
      () => 0,
    );
    expect(clock.learn('yesterday', 0, 0)).toBe(false);
    expect(clock.learn('', 0, 0)).toBe(false);
    expect(clock.learn('Thu, 01 Jan 1970 00:00:00 GMT', 0, 0)).toBe(false);
    expect(clock.learn('Tue, 31 Dec 2019 23:59:59 GMT', 0, 0)).toBe(false);
    expect(clock.offset()).toBeNull();
    expect(clock.learn('Wed, 01 Jan 2020 00:00:00 GMT', 0, 0)).toBe(true);
  });
});

describe('the estimate', () => {
  const NOW = Date.UTC(2026, 0, 1, 8, 0, 0, 500);
  const STEADY = 70_000;

  /** Learns from replies whose Date is that many whole seconds ahead, each after so many milliseconds. */
  function learnt(samples: readonly (readonly [seconds: number, rttMs: number])[], clock = made()): number | null {
    for (const [seconds, rttMs] of samples)
      expect(clock.learn(new Date(NOW - 500 + seconds * 1000).toUTCString(), STEADY - rttMs, STEADY)).toBe(true);
    return clock.offset();
  }
  const made = (now = (): number => NOW): OriginClock => new OriginClock(now, () => STEADY);

  it('is the middle of an odd number of samples, whatever their order', () => {
    expect(learnt([[30, 0]])).toBe(30_000);
    expect(
      learnt([
        [30, 0],
        [10, 0],
        [20, 0],
      ]),
    ).toBe(20_000);
  });

  it('is between the two in the middle of an even number', () => {
    expect(
      learnt([
        [10, 0],
        [21, 0],
      ]),
    ).toBe(15_500);
    expect(
      learnt([
        [40, 0],
        [10, 0],
        [30, 0],
        [21, 0],
      ]),
    ).toBe(25_500);
  });

  it('counts a sample twice as uncertain as the best, and none beyond', () => {
    // Half a second, and half the way there and back: 500 against 1000, then against 1001.
    expect(
      learnt([
        [10, 0],
        [30, 1_000],
      ]),
    ).toBe((10_000 + 30_500) / 2);
    expect(
      learnt([
        [10, 0],
        [30, 1_002],
      ]),
    ).toBe(10_000);
    expect(
      learnt([
        [30, 1_002],
        [10, 0],
      ]),
    ).toBe(10_000);
  });

  it('keeps sixteen samples', () => {
    const half = (seconds: number): [number, number][] =>
      Array.from({ length: 8 }, (_, index) => [seconds + index / 1e9 + (index % 2), 0]);
    expect(learnt([...half(10), ...half(30)])).toBe((11_000 + 30_000) / 2);
    expect(learnt([...half(10), ...half(30), [40, 0]])).toBe(30_000);
  });

  it('begins anew from the first sample after the machine’s clock was set', () => {
    let now = NOW;
    const clock = made(() => now);
    learnt([[50, 0]], clock);
    now -= 5_000;
    expect(clock.offset()).toBeNull();
    expect(learnt([[50, 0]], clock)).toBe(55_000);
  });
});

describe('a steady clock', () => {
  it('counts what passes and no step back', () => {
    let now = 1_000;
    const clock = steady(() => now);
    expect(clock()).toBe(0);
    now = 1_250;
    expect(clock()).toBe(250);
    now = 50;
    expect(clock()).toBe(250);
    now = 60;
    expect(clock()).toBe(260);
  });
});

describe('words for a clock that was set', () => {
  it.each([
    [252_000, '电脑的时间被拨快了 4 分 12 秒。', "The computer's clock was set 4 min 12 s ahead."],
    [-3_600_000, '电脑的时间被拨慢了 1 小时。', "The computer's clock was set 1 h back."],
  ])('by %i ms', (byMs, zh, en) => {
    expect(jumpWords(byMs)).toEqual({ zh, en });
  });
});

describe('words for an offset', () => {
  it.each([
    [0, '本机时钟准确', 'your clock is right'],
    [1_999, '本机时钟准确', 'your clock is right'],
    [-1_999, '本机时钟准确', 'your clock is right'],
    [2_000, '本机时钟慢了 2 秒', 'your clock is 2 s slow'],
    [-2_000, '本机时钟快了 2 秒', 'your clock is 2 s fast'],
    [59_400, '本机时钟慢了 59 秒', 'your clock is 59 s slow'],
    [59_500, '本机时钟慢了 1 分', 'your clock is 1 min slow'],
    [252_000, '本机时钟慢了 4 分 12 秒', 'your clock is 4 min 12 s slow'],
    [-3_600_000, '本机时钟快了 1 小时', 'your clock is 1 h fast'],
    [3_725_000, '本机时钟慢了 1 小时 2 分', 'your clock is 1 h 2 min slow'],
    [90_000_000, '本机时钟慢了 1 天 1 小时', 'your clock is 1 d 1 h slow'],
    [86_405_000, '本机时钟慢了 1 天', 'your clock is 1 d slow'],
  ])('%i ms', (offset, zh, en) => {
    expect(clockWords(offset)).toEqual({ zh, en });
  });
});
