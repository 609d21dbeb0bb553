import { describe, expect, it, vi } from 'vitest';
import { ProgressTeller } from '../../../../src/main/jobs/runner/progress.ts';
import { Tally } from '../../../../src/main/jobs/runner/tally.ts';
import type { Progress } from '../../../../src/main/jobs/runner/types.ts';
import type { JobCounts } from '../../../../src/main/jobs/types.ts';
import { failure } from '../../../support/journal.ts';

const COUNTS: JobCounts = {
  total: 100,
  succeeded: 10,
  failed: 5,
  unknown: 3,
  notSent: 80,
  sending: 2,
  byReason: { pending: 70, set_aside: 10 },
  byProblem: {},
  byFailure: {},
};

describe('the tally', () => {
  it('begins with the journal’s counts, pending apart', () => {
    expect(new Tally(COUNTS).read()).toEqual({
      total: 100,
      succeeded: 10,
      failed: 5,
      unknown: 3,
      notSent: 80,
      sending: 2,
      pending: 70,
    });
  });

  it('takes no pending reason as none', () => {
    expect(new Tally({ ...COUNTS, byReason: { set_aside: 80 } }).read()).toMatchObject({ pending: 0, notSent: 80 });
  });

  it('moves one row, or several, and pending ones are not sent', () => {
    const tally = new Tally(COUNTS);
    tally.move('pending', 'sending', 30);
    tally.move('sending', 'succeeded');
    tally.move('sending', 'not_sent', 2);
    tally.move('sending', 'pending', 4);
    tally.move('sending', 'failed', 5);
    tally.move('sending', 'unknown', 6);
    expect(tally.read()).toEqual({
      total: 100,
      succeeded: 11,
      failed: 10,
      unknown: 9,
      notSent: 56,
      sending: 14,
      pending: 44,
    });
  });
});

interface Told {
  readonly tally: Tally;
  readonly teller: ProgressTeller;
  readonly events: Progress[];
  at(ms: number): void;
  /** The last event. */
  last(): Progress;
}

function told(counts: JobCounts = COUNTS): Told {
  let now = 0;
  const tally = new Tally(counts);
  const events: Progress[] = [];
  const teller = new ProgressTeller(
    7,
    tally,
    () => now,
    (progress) => events.push(progress),
  );
  return {
    tally,
    teller,
    events,
    at: (ms) => {
      now = ms;
    },
    last: () => {
      const found = events.at(-1);
      if (found === undefined) throw new Error('nothing was told');
      return found;
    },
  };
}

describe('how often it tells', () => {
  it('is at most five times a second, however many rows settle', () => {
    const { teller, events, at } = told();
    for (let ms = 0; ms < 3_000; ms += 1) {
      at(ms);
      for (let n = 0; n < 5; n += 1) teller.touch();
    }
    expect(events).toHaveLength(15);
  });

  it('is at once for the first, and then after 200 ms', () => {
    const { teller, events, at } = told();
    at(1_000);
    teller.touch();
    expect(events).toHaveLength(1);
    at(1_199);
    teller.touch();
    expect(events).toHaveLength(1);
    at(1_200);
    teller.touch();
    expect(events).toHaveLength(2);
  });

  it('is always for a change of state, which then counts as told', () => {
    const { teller, events, at } = told();
    teller.state('running');
    teller.state('paused');
    at(199);
    teller.touch();
    expect(events.map((event) => event.state)).toEqual(['running', 'paused']);
    at(200);
    teller.touch();
    expect(events.map((event) => event.state)).toEqual(['running', 'paused', 'paused']);
  });

  it('goes on when the machine’s clock is set back, and forgets the marks of the other time', () => {
    const { teller, events, tally, at, last } = told();
    at(3_600_000);
    teller.state('running');
    at(0);
    teller.touch();
    expect(events).toHaveLength(2);
    at(199);
    teller.touch();
    expect(events).toHaveLength(2);
    tally.move('pending', 'succeeded', 10);
    at(1_000);
    teller.touch();
    expect(last().rate).toBe(10);
  });
});

describe('what it tells', () => {
  it('is the job, its state and counts', () => {
    const { teller, events } = told();
    teller.state('running');
    expect(events).toEqual([
      {
        jobId: 7,
        state: 'running',
        counts: { total: 100, succeeded: 10, failed: 5, unknown: 3, notSent: 80, sending: 2, pending: 70 },
        rate: null,
        leftMs: null,
        reasons: [],
      },
    ]);
  });

  it('has a rate once half a second has passed, of what has an outcome, and the time that is left', () => {
    const { teller, tally, at, last } = told();
    teller.state('running');
    tally.move('pending', 'succeeded', 5);
    at(499);
    teller.touch();
    expect(last()).toMatchObject({ rate: null, leftMs: null });
    tally.move('pending', 'failed', 3);
    tally.move('pending', 'unknown', 2);
    tally.move('pending', 'not_sent', 10);
    at(1_000);
    teller.touch();
    // 10 rows in a second; 50 pending and 2 under way are left.
    expect(last()).toMatchObject({ rate: 10, leftMs: 5_200 });
  });

  it('has a rate at exactly half a second', () => {
    const { teller, tally, at, last } = told();
    teller.state('running');
    tally.move('pending', 'succeeded', 5);
    at(500);
    teller.touch();
    expect(last().rate).toBe(10);
  });

  it('rounds the time left, and has none without progress', () => {
    const { teller, tally, at, last } = told();
    teller.state('running');
    at(600);
    teller.touch();
    expect(last()).toMatchObject({ rate: 0, leftMs: null });
    tally.move('pending', 'succeeded', 7);
    at(1_000);
    teller.touch();
    // 65 rows at 7 a second.
    expect(last()).toMatchObject({ rate: 7, leftMs: 9_286 });
  });

  it('takes the rate over the last five seconds', () => {
    const { teller, tally, at, last } = told({ ...COUNTS, total: 1_000, notSent: 980, byReason: { pending: 970 } });
    teller.state('running');
    for (let s = 1; s <= 10; s += 1) {
      // 1 a second, then 10 a second.
      tally.move('pending', 'succeeded', s <= 5 ? 1 : 10);
      at(s * 1_000);
      teller.touch();
    }
    expect(last().rate).toBe(10);
  });

  it('keeps a mark that is exactly five seconds old', () => {
    const { teller, tally, at, last } = told();
    teller.state('running');
    tally.move('pending', 'succeeded', 20);
    at(1_000);
    teller.touch();
    tally.move('pending', 'succeeded', 5);
    at(5_000);
    teller.touch();
    expect(last().rate).toBe(5);
    at(5_200);
    teller.touch();
    // From 1 s on: 5 rows in 4.2 s.
    expect(last().rate).toBe(5_000 / 4_200);
  });

  it('still has two marks to compare after a long silence', () => {
    const { teller, tally, at, last } = told();
    teller.state('running');
    tally.move('pending', 'succeeded', 20);
    at(20_000);
    teller.touch();
    expect(last().rate).toBe(1);
  });
});

describe('the reasons of failure', () => {
  it('are the three most frequent codes, with their counts', () => {
    const { teller, last } = told();
    const counts: [string, number][] = [
      ['A', 2],
      ['B', 5],
      ['C', 1],
      ['D', 3],
    ];
    for (const [code, n] of counts) for (let i = 0; i < n; i += 1) teller.failed(failure(code));
    teller.state('running');
    expect(last().reasons).toEqual([
      { reading: { zh: '含义 B', en: 'reading B' }, code: 'B', count: 5 },
      { reading: { zh: '含义 D', en: 'reading D' }, code: 'D', count: 3 },
      { reading: { zh: '含义 A', en: 'reading A' }, code: 'A', count: 2 },
    ]);
  });

  it('hold at most 200 codes, and go on counting those', () => {
    const { teller, last } = told();
    for (let n = 1; n <= 201; n += 1) teller.failed(failure(`E${n}`));
    for (let i = 0; i < 3; i += 1) teller.failed(failure('E201'));
    teller.failed(failure('E200'));
    teller.state('running');
    expect(last().reasons[0]).toMatchObject({ code: 'E200', count: 2 });
    expect(last().reasons.map((one) => one.code)).not.toContain('E201');
  });
});

describe('what comes too soon', () => {
  it('is told when its time has come, once, though nothing else happens', () => {
    vi.useFakeTimers();
    try {
      const tally = new Tally(COUNTS);
      const events: Progress[] = [];
      const teller = new ProgressTeller(7, tally, Date.now, (progress) => events.push(progress));
      teller.touch();
      tally.move('sending', 'succeeded');
      teller.touch();
      tally.move('sending', 'succeeded');
      teller.touch();
      expect(events).toHaveLength(1);
      vi.advanceTimersByTime(199);
      expect(events).toHaveLength(1);
      vi.advanceTimersByTime(1);
      expect(events.map(({ counts }) => counts.sending)).toEqual([2, 0]);
      vi.advanceTimersByTime(10_000);
      expect(events).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is told with the end of the run, and not after it', () => {
    vi.useFakeTimers();
    try {
      const events: Progress[] = [];
      const teller = new ProgressTeller(7, new Tally(COUNTS), Date.now, (progress) => events.push(progress));
      teller.touch();
      teller.touch();
      teller.state('finished');
      vi.advanceTimersByTime(10_000);
      expect(events.map(({ state }) => state)).toEqual(['running', 'finished']);
    } finally {
      vi.useRealTimers();
    }
  });
});
