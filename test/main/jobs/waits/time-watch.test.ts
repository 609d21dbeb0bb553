import { describe, expect, it } from 'vitest';
import { TimeWatch } from '../../../../src/main/jobs/waits/time-watch.ts';

/** Three clocks that a test moves apart. */
function clocks(): { now: number; steady: number; up: number; watch: TimeWatch } {
  const at = { now: 1_000_000, steady: 500, up: 90_000 };
  const watch = new TimeWatch({ now: () => at.now, steadyNow: () => at.steady, uptimeMs: () => at.up });
  return Object.assign(at, { watch });
}

function pass(at: ReturnType<typeof clocks>, ms: number, steady = ms): void {
  at.now += ms;
  at.up += ms;
  at.steady += steady;
}

describe('the clocks of a machine', () => {
  it('that go on together say nothing', () => {
    const at = clocks();
    pass(at, 5_000);
    expect(at.watch.look()).toEqual({ sleptMs: 0, clockByMs: 0 });
  });

  it.each([
    ['where the steady clock stands still in a sleep', 0],
    ['where it goes on in a sleep', 600_000],
  ])('tell a sleep, %s', (_where, steady) => {
    const at = clocks();
    pass(at, 600_000, steady);
    expect(at.watch.look()).toEqual({ sleptMs: 600_000, clockByMs: 0 });
    expect(at.watch.look()).toEqual({ sleptMs: 0, clockByMs: 0 });
  });

  it.each([252_000, -252_000])('tell a clock that was set by %i ms', (byMs) => {
    const at = clocks();
    pass(at, 3_000);
    at.now += byMs;
    expect(at.watch.look()).toEqual({ sleptMs: 0, clockByMs: byMs });
  });

  it('tell both, and pass over a correction of the system', () => {
    const at = clocks();
    pass(at, 600_000, 0);
    at.now -= 60_000;
    expect(at.watch.look()).toEqual({ sleptMs: 600_000, clockByMs: -60_000 });
    at.now += 2_000;
    expect(at.watch.look()).toEqual({ sleptMs: 0, clockByMs: 0 });
  });

  it('forget what was before', () => {
    const at = clocks();
    pass(at, 600_000, 0);
    at.watch.reset();
    expect(at.watch.look()).toEqual({ sleptMs: 0, clockByMs: 0 });
  });
});
