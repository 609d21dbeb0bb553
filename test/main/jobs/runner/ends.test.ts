import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../../src/contract/outcome.ts';
import { afterCall, streakText } from '../../../../src/main/jobs/runner/ends.ts';
import type { Unit } from '../../../../src/main/jobs/runner/feed.ts';
import { failure } from '../../../support/journal.ts';

function unit(n: number, change: Partial<Unit> = {}): Unit {
  const rows = Array.from({ length: n }, (_, i) => {
    return { rowNo: i + 1, order: `o${i + 1}`, values: {}, expects: null, seen: null, insisted: false };
  });
  return { rows, limitTries: 0, clockTries: 0, halving: null, ...change };
}

const why = { zh: '没有答复', en: 'no answer' };

describe('after an answered call', () => {
  it('settles each row as the vendor said', () => {
    const no = failure('E1');
    const next = afterCall(unit(4), {
      kind: 'answered',
      rows: [
        { outcome: 'succeeded' },
        { outcome: 'succeeded', note: why },
        { outcome: 'failed', failure: no },
        { outcome: 'unknown', why, failure: no },
      ],
    });
    expect(next).toEqual({
      settled: [
        { state: 'succeeded' },
        { state: 'succeeded', note: why },
        { state: 'failed', failure: no },
        { state: 'unknown', note: why, failure: no },
      ],
      again: [],
      pause: null,
      streak: null,
    });
  });
});

describe('after a call without a trustworthy answer', () => {
  it('leaves every row unknown and sends nothing again', () => {
    expect(afterCall(unit(2), { kind: 'unknown', why })).toEqual({
      settled: [
        { state: 'unknown', note: why },
        { state: 'unknown', note: why },
      ],
      again: [],
      pause: null,
      streak: 'unknown',
    });
  });
});

describe('after a rejection', () => {
  it.each<FailureClass>(['sign', 'permission', 'quota'])('pauses at once for %s', (failureClass) => {
    const no = failure('E1', failureClass);
    expect(afterCall(unit(1), { kind: 'rejected', failure: no })).toEqual({
      settled: [{ state: 'not_sent', reason: 'rejected', failure: no }],
      again: [],
      pause: { reason: failureClass, text: no.reading },
      streak: 'rejected',
    });
  });

  it.each<FailureClass>(['transport', 'input', 'system', 'vendor'])(
    'keeps a row rejected for %s, and counts it',
    (failureClass) => {
      const no = failure('E1', failureClass);
      expect(afterCall(unit(1), { kind: 'rejected', failure: no })).toEqual({
        settled: [{ state: 'not_sent', reason: 'rejected', failure: no }],
        again: [],
        pause: null,
        streak: 'rejected',
      });
    },
  );

  it('repeats for a limit five times, then pauses', () => {
    const no = failure('E1', 'limit');
    let sent = unit(2);
    for (let tries = 1; tries <= 5; tries += 1) {
      const next = afterCall(sent, { kind: 'rejected', failure: no });
      expect(next.settled).toEqual([
        { state: 'not_sent', reason: 'pending' },
        { state: 'not_sent', reason: 'pending' },
      ]);
      expect(next.pause).toBeNull();
      expect(next.streak).toBeNull();
      expect(next.again).toEqual([{ ...unit(2), limitTries: tries }]);
      sent = next.again[0] ?? unit(0);
    }
    const last = afterCall(sent, { kind: 'rejected', failure: no });
    expect(last.again).toEqual([]);
    expect(last.pause).toEqual({ reason: 'limit', text: no.reading });
    expect(last.settled[1]).toEqual({ state: 'not_sent', reason: 'rejected', failure: no });
  });

  it('re-signs once for a clock error, then pauses', () => {
    const no = failure('E1', 'clock');
    const first = afterCall(unit(1), { kind: 'rejected', failure: no });
    expect(first).toEqual({
      settled: [{ state: 'not_sent', reason: 'pending' }],
      again: [unit(1, { clockTries: 1 })],
      pause: null,
      streak: null,
    });
    const second = afterCall(unit(1, { clockTries: 1 }), { kind: 'rejected', failure: no });
    expect(second.again).toEqual([]);
    expect(second.pause).toEqual({ reason: 'clock', text: no.reading });
  });
});

describe('after a batch that failed whole', () => {
  const no = failure('E1', 'not_found');
  const end = { kind: 'batch_failed', failure: no } as const;

  it('halves it, the larger half first, and never repeats the order of rows', () => {
    const next = afterCall(unit(5, { limitTries: 3, clockTries: 1 }), end);
    expect(next.again.map((part) => part.rows.map((row) => row.rowNo))).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(next.again.map(({ limitTries, clockTries }) => [limitTries, clockTries])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(next.settled).toEqual(Array.from({ length: 5 }, () => ({ state: 'not_sent', reason: 'pending' })));
    expect(next.streak).toBeNull();
    expect(next.pause).toBeNull();
  });

  it('fails the one row that is left', () => {
    expect(afterCall(unit(1), end)).toEqual({
      settled: [{ state: 'failed', failure: no }],
      again: [],
      pause: null,
      streak: null,
    });
  });

  it('makes at most 64 calls for a batch in which every row is at fault', () => {
    const waiting = [unit(1000)];
    let calls = 0;
    const ended = { failed: 0, rejected: 0 };
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      calls += 1;
      const after = afterCall(next, end);
      waiting.push(...after.again);
      if (after.again.length > 0) continue;
      for (const row of after.settled) {
        if (row.state === 'failed') ended.failed += 1;
        if (row.state === 'not_sent' && row.reason === 'rejected') ended.rejected += 1;
      }
    }
    // 1 + 2 × 31: one more pair would be 65.
    expect(calls).toBe(63);
    expect(ended.failed + ended.rejected).toBe(1000);
  });

  it('finds one row at fault among 1,000 in at most 21 calls and sends the others', () => {
    const waiting = [unit(1000)];
    let calls = 0;
    const sent: number[] = [];
    const failed: number[] = [];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      calls += 1;
      if (!next.rows.some((row) => row.rowNo === 777)) {
        sent.push(...next.rows.map((row) => row.rowNo));
        continue;
      }
      const after = afterCall(next, end);
      waiting.push(...after.again);
      if (after.again.length === 0) failed.push(...next.rows.map((row) => row.rowNo));
    }
    expect(failed).toEqual([777]);
    expect(new Set(sent).size).toBe(999);
    expect(calls).toBeLessThanOrEqual(21);
  });

  it('says in both languages why the rest was left', () => {
    const after = afterCall(unit(2, { halving: { calls: 63 } }), end);
    expect(after.settled[0]).toMatchObject({ state: 'not_sent', reason: 'rejected', failure: no });
    expect(after.settled[0]).toHaveProperty(
      'note.en',
      '64 calls were spent on finding the orders at fault; the rest was not sent again.',
    );
    expect(after.settled[0]).toHaveProperty('note.zh', '已用 64 次调用查找出错的订单，其余未再发送。');
    expect(afterCall(unit(2, { halving: { calls: 62 } }), end).again).toHaveLength(2);
  });
});

describe('the words after five in a row', () => {
  it('name what happened and the last reason', () => {
    expect(streakText('rejected', why)).toEqual({
      zh: '连续 5 次调用被拒绝。没有答复',
      en: '5 calls in a row were rejected. no answer',
    });
    expect(streakText('unknown', why)).toEqual({
      zh: '连续 5 次调用没有可信的答复。没有答复',
      en: '5 calls in a row had no trustworthy answer. no answer',
    });
  });
});
