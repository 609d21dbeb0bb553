import { describe, expect, it } from 'vitest';
import type { PaceLimits } from '../../../src/main/gateway/pacer.ts';
import { BACK_OFF_CAP_MS, Pacer } from '../../../src/main/gateway/pacer.ts';
import { fakeClock } from './support.ts';

function paced(
  limits: PaceLimits,
  startMs = 0,
): {
  pacer: Pacer;
  clock: ReturnType<typeof fakeClock>;
  starts: [string, number][];
  ask: (name: string, signal?: AbortSignal) => void;
} {
  const clock = fakeClock(startMs);
  const pacer = new Pacer(limits, clock);
  const starts: [string, number][] = [];
  const ask = (name: string, signal?: AbortSignal): void => {
    void Promise.resolve(pacer.take(signal)).then(
      () => starts.push([name, clock.now()]),
      (error: unknown) => starts.push([`${name}: ${String(error)}`, clock.now()]),
    );
  };
  return { pacer, clock, starts, ask };
}

describe('the rate', () => {
  it('spaces 1,000 callers evenly, first come first served', async () => {
    const { clock, starts, ask } = paced({ perSecond: 100, concurrency: 5_000 });
    for (let number = 0; number < 1_000; number++) ask(number.toString());
    await clock.advance(10_000);
    expect(starts.map(([name]) => Number(name))).toEqual(Array.from({ length: 1_000 }, (_, number) => number));
    // Two at once, because a start may be 10 ms late, then one every 10 ms.
    expect(starts.slice(0, 5).map(([, at]) => at)).toEqual([0, 0, 10, 20, 30]);
    expect(starts.at(-1)?.[1]).toBe(9_980);
    for (let from = 0; from < 9_000; from += 250) {
      expect(starts.filter(([, at]) => at >= from && at < from + 1_000).length).toBeLessThanOrEqual(101);
    }
  });

  it('does not save up starts while idle', async () => {
    const { pacer, clock, starts, ask } = paced({ perSecond: 5, concurrency: 9 });
    ask('a');
    await clock.advance(60_000);
    pacer.release();
    for (const name of ['b', 'c', 'd']) ask(name);
    await clock.advance(1_000);
    expect(starts).toEqual([
      ['a', 0],
      ['b', 60_000],
      ['c', 60_190],
      ['d', 60_390],
    ]);
  });

  it('catches up what a late timer cost, up to 10 ms', async () => {
    const clock = fakeClock(0);
    const late = { now: clock.now, sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms + 7, signal) };
    const pacer = new Pacer({ perSecond: 100, concurrency: 1_000 }, late);
    let started = 0;
    for (let number = 0; number < 500; number++) void Promise.resolve(pacer.take()).then(() => started++);
    await clock.advance(2_000);
    expect(started).toBeGreaterThanOrEqual(195);
    expect(started).toBeLessThanOrEqual(202);
  });

  it('is off with Infinity: no timer, no wait', () => {
    const { pacer, clock } = paced({ perSecond: Infinity, concurrency: 3 });
    expect([pacer.take(), pacer.take(), pacer.take()]).toEqual([1, 2, 3]);
    expect(clock.sleeping).toBe(0);
    expect(pacer.running).toBe(3);
  });

  it('sets one timer however many wait, and none when nobody does', async () => {
    const { pacer, clock, ask } = paced({ perSecond: 1, concurrency: 9 });
    const stop = new AbortController();
    ask('a');
    expect(clock.sleeping).toBe(0);
    for (let number = 0; number < 50; number++) ask('b', stop.signal);
    expect(pacer.waiting).toBe(50);
    expect(clock.sleeping).toBe(1);
    stop.abort();
    expect(pacer.waiting).toBe(0);
    expect(clock.sleeping).toBe(0);
    await clock.advance(5_000);
    expect(pacer.running).toBe(1);
  });
});

describe('the concurrency', () => {
  it('gives a slot to the one who has waited longest, when one is given back', async () => {
    const { pacer, clock, starts, ask } = paced({ perSecond: Infinity, concurrency: 2 });
    for (const name of ['a', 'b', 'c', 'd']) ask(name);
    await clock.advance(1_000);
    expect(starts.map(([name]) => name)).toEqual(['a', 'b']);
    expect(clock.sleeping).toBe(0);
    pacer.release();
    // A newcomer does not jump the queue.
    ask('e');
    await clock.advance(0);
    expect(starts.map(([name]) => name)).toEqual(['a', 'b', 'c']);
    pacer.release();
    pacer.release();
    await clock.advance(0);
    expect(starts.map(([name]) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect([pacer.running, pacer.waiting]).toEqual([2, 0]);
  });

  it('is at least one', () => {
    const { pacer } = paced({ perSecond: Infinity, concurrency: 0 });
    expect(pacer.take()).toBe(1);
    expect(pacer.take()).toBeInstanceOf(Promise);
  });

  it('keeps working over a long queue with many who gave up', async () => {
    const { pacer, clock, starts, ask } = paced({ perSecond: Infinity, concurrency: 1 });
    const stop = new AbortController();
    for (let number = 0; number < 5_000; number++) ask(number.toString(), number % 2 === 1 ? stop.signal : undefined);
    stop.abort(new Error('gone'));
    for (let number = 0; number < 2_500; number++) {
      await clock.advance(0);
      pacer.release();
    }
    const granted = starts.filter(([name]) => !name.includes('gone')).map(([name]) => Number(name));
    expect(granted).toEqual(Array.from({ length: 2_500 }, (_, number) => number * 2));
    expect(starts.filter(([name]) => name.endsWith('Error: gone')).length).toBe(2_500);
    expect([pacer.running, pacer.waiting]).toEqual([0, 0]);
  });
});

describe('giving up', () => {
  it('rejects with the reason, at once or while waiting, and takes no slot', async () => {
    const { pacer, clock, starts, ask } = paced({ perSecond: Infinity, concurrency: 1 });
    ask('never', AbortSignal.abort(new Error('before')));
    ask('a');
    const stop = new AbortController();
    ask('b', stop.signal);
    ask('c');
    stop.abort(new Error('while'));
    await clock.advance(0);
    pacer.release();
    await clock.advance(0);
    expect(starts.map(([name]) => name).sort()).toEqual(['a', 'b: Error: while', 'c', 'never: Error: before']);
    expect([pacer.running, pacer.waiting]).toEqual([1, 0]);
  });

  it('after the slot was given changes nothing', async () => {
    const { pacer, clock, starts, ask } = paced({ perSecond: Infinity, concurrency: 1 });
    const stop = new AbortController();
    ask('a');
    ask('b', stop.signal);
    pacer.release();
    stop.abort();
    await clock.advance(0);
    expect(starts.map(([name]) => name)).toEqual(['a', 'b']);
    expect([pacer.running, pacer.waiting]).toEqual([1, 0]);
  });
});

describe('changing the limits', () => {
  it('lets waiting callers go at the new rate', async () => {
    const { pacer, clock, starts, ask } = paced({ perSecond: 0.1, concurrency: 9 });
    for (const name of ['a', 'b', 'c']) ask(name);
    await clock.advance(100);
    pacer.adjust({ perSecond: 10, concurrency: 9 });
    await clock.advance(1_000);
    expect(starts).toEqual([
      ['a', 0],
      ['b', 200],
      ['c', 300],
    ]);
  });

  it('lets them go at once with more slots, and holds back with fewer', async () => {
    const { pacer, clock, starts, ask } = paced({ perSecond: Infinity, concurrency: 1 });
    for (const name of ['a', 'b', 'c', 'd']) ask(name);
    pacer.adjust({ perSecond: Infinity, concurrency: 3 });
    await clock.advance(0);
    expect(starts.length).toBe(3);
    pacer.adjust({ perSecond: Infinity, concurrency: 1 });
    pacer.release();
    pacer.release();
    await clock.advance(0);
    expect(starts.length).toBe(3);
    pacer.release();
    await clock.advance(0);
    expect(starts.length).toBe(4);
  });
});

describe('backing off', () => {
  it('holds every caller until it is over, then goes on at the rate', async () => {
    const { pacer, clock, starts, ask } = paced({ perSecond: 10, concurrency: 9 });
    expect(pacer.take()).toBe(1);
    expect(pacer.limited(1, undefined, 2_000)).toBe(2_000);
    expect(pacer.blockedUntil).toBe(2_000);
    ask('a');
    ask('b');
    await clock.advance(1_999);
    expect(starts).toEqual([]);
    await clock.advance(1_000);
    expect(starts).toEqual([
      ['a', 2_000],
      ['b', 2_090],
    ]);
    expect(pacer.blockedUntil).toBe(-Infinity);
  });

  it('holds with the rate off, too', async () => {
    const { pacer, clock, starts, ask } = paced({ perSecond: Infinity, concurrency: 9 });
    pacer.limited(1, 500, 2_000);
    ask('a');
    await clock.advance(499);
    expect(starts).toEqual([]);
    await clock.advance(1);
    expect(starts).toEqual([['a', 500]]);
  });

  it('keeps to the vendor’s own wish, also a longer one than ours, up to an hour', () => {
    const { pacer } = paced({ perSecond: 10, concurrency: 9 });
    expect(pacer.limited(1, 20 * 60_000, 2_000)).toBe(20 * 60_000);
    expect(paced({ perSecond: 10, concurrency: 9 }).pacer.limited(1, 1e12, 2_000)).toBe(60 * 60_000);
    expect(paced({ perSecond: 10, concurrency: 9 }).pacer.limited(1, 0, 2_000)).toBe(0);
    expect(paced({ perSecond: 10, concurrency: 9 }).pacer.limited(1, -5, 2_000)).toBe(0);
  });

  it('doubles when it comes again, up to the cap, and begins small after a success', async () => {
    const { pacer, clock } = paced({ perSecond: Infinity, concurrency: 99 });
    const waits: number[] = [];
    for (let turn = 1; turn <= 12; turn++) {
      const given = pacer.take();
      expect(given).toBe(turn);
      const wait = pacer.limited(turn, undefined, 2_000);
      waits.push(wait);
      await clock.advance(wait);
    }
    expect(waits.slice(0, 9)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 512_000]);
    expect(waits.slice(9)).toEqual([BACK_OFF_CAP_MS, BACK_OFF_CAP_MS, BACK_OFF_CAP_MS]);
    expect(BACK_OFF_CAP_MS).toBe(900_000);
    expect(pacer.take()).toBe(13);
    pacer.succeeded(13);
    expect(pacer.limited(13, undefined, 2_000)).toBe(2_000);
  });

  it('counts the limit replies of calls that began before it as one', () => {
    const { pacer } = paced({ perSecond: Infinity, concurrency: 99 });
    for (let turn = 1; turn <= 10; turn++) void pacer.take();
    expect(pacer.limited(1, undefined, 2_000)).toBe(2_000);
    expect(pacer.limited(10, undefined, 2_000)).toBe(2_000);
    expect(pacer.limited(5, 3_000, 2_000)).toBe(3_000);
    expect(pacer.limited(6, undefined, 2_000)).toBe(3_000);
  });

  it('is not forgotten for a success of a call that began before it', async () => {
    const { pacer, clock } = paced({ perSecond: Infinity, concurrency: 99 });
    void pacer.take();
    void pacer.take();
    pacer.limited(1, undefined, 2_000);
    pacer.succeeded(2);
    await clock.advance(2_000);
    void pacer.take();
    expect(pacer.limited(3, undefined, 2_000)).toBe(4_000);
  });
});

describe('the pacer’s edges', () => {
  it('takes a rate of nothing for none', () => {
    const { pacer, clock } = paced({ perSecond: 0, concurrency: 2 });
    expect([pacer.take(), pacer.take()]).toEqual([1, 2]);
    expect(clock.sleeping).toBe(0);
  });

  it('keeps who waits in order over thousands of places in the queue', async () => {
    const { pacer, clock, starts, ask } = paced({ perSecond: Infinity, concurrency: 1 });
    const names = Array.from({ length: 3_000 }, (_, number) => number.toString());
    for (const name of names.slice(0, 2_000)) ask(name);
    for (let turn = 0; turn < 1_500; turn++) pacer.release();
    for (const name of names.slice(2_000)) ask(name);
    for (let turn = 1_500; turn < 3_000; turn++) pacer.release();
    await clock.advance(0);
    expect(starts.map(([name]) => name)).toEqual(names);
    expect([pacer.running, pacer.waiting]).toEqual([0, 0]);
  });

  it('ends a back-off at its very millisecond, and with it the block', async () => {
    const { pacer, clock, starts, ask } = paced({ perSecond: Infinity, concurrency: 5 });
    const turn = await pacer.take();
    expect(pacer.limited(turn, undefined, 1_000)).toBe(1_000);
    expect(pacer.blockedUntil).toBe(1_000);
    ask('a');
    await clock.advance(999);
    expect(starts).toEqual([]);
    await clock.advance(1);
    expect(starts).toEqual([['a', 1_000]]);
    expect(pacer.blockedUntil).toBe(-Infinity);
    expect(clock.sleeping).toBe(0);
  });

  it('lets a call that waits give up without the others losing their timer', async () => {
    const { clock, starts, ask } = paced({ perSecond: 1, concurrency: 9 });
    const stop = new AbortController();
    ask('a');
    ask('b', stop.signal);
    ask('c');
    await clock.advance(0);
    stop.abort(new Error('enough'));
    expect(clock.sleeping).toBe(1);
    await clock.advance(2_000);
    expect(starts).toEqual([
      ['a', 0],
      ['b: Error: enough', 0],
      ['c', 990],
    ]);
  });

  it('forgets what was spaced by a slower rate, but starts no sooner than the new one', async () => {
    const { pacer, clock, starts, ask } = paced({ perSecond: 0.1, concurrency: 9 });
    ask('a');
    ask('b');
    ask('c');
    await clock.advance(0);
    pacer.adjust({ perSecond: 1, concurrency: 9 });
    await clock.advance(5_000);
    expect(starts).toEqual([
      ['a', 0],
      ['b', 1_000],
      ['c', 2_000],
    ]);
    pacer.adjust({ perSecond: 10, concurrency: 9 });
    ask('d');
    ask('e');
    await clock.advance(1_000);
    expect(starts.slice(3)).toEqual([
      ['d', 5_000],
      ['e', 5_090],
    ]);
  });
});
