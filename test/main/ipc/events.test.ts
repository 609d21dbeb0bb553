import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventName } from '../../../src/contract/events.ts';
import { createEvents, type Events } from '../../../src/main/ipc/events.ts';

/** Events under a clock that the test moves. */
function clocked(): {
  events: Events;
  sent: { atMs: number; event: EventName; data: unknown }[];
  advance(ms: number): void;
} {
  let nowMs = 0;
  const timers: { atMs: number; run: () => void }[] = [];
  const sent: { atMs: number; event: EventName; data: unknown }[] = [];
  const events = createEvents({
    send: (event, data) => sent.push({ atMs: nowMs, event, data }),
    later: (run, ms) => timers.push({ atMs: nowMs + ms, run }),
  });
  return {
    events,
    sent,
    advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const next = timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined) break;
        timers.splice(timers.indexOf(next), 1);
        nowMs = next.atMs;
        next.run();
      }
      nowMs = untilMs;
    },
  };
}

const importing = (rows: number, importId = 'a'): { importId: string; rows: number } => ({ importId, rows });

describe('events', () => {
  it('tells the first at once and the latest after 200 ms', () => {
    const { events, sent, advance } = clocked();
    for (const rows of [1, 2, 3]) events.tell('importing', importing(rows));
    expect(sent.map(({ data }) => data)).toEqual([importing(1)]);
    advance(199);
    expect(sent).toHaveLength(1);
    advance(1);
    expect(sent.map(({ data }) => data)).toEqual([importing(1), importing(3)]);
  });

  it('keeps subjects apart, and kinds of events too', () => {
    const { events, sent } = clocked();
    events.tell('importing', importing(1, 'a'));
    events.tell('importing', importing(1, 'b'));
    events.tell('verify', { jobId: 1, read: 1, waitingMs: null });
    events.tell('verify', { jobId: 2, read: 1, waitingMs: null });
    expect(sent).toHaveLength(4);
  });

  it('tells of an end at once, and of nothing older after it', () => {
    const { events, sent, advance } = clocked();
    events.tell('importing', importing(1));
    events.tell('importing', importing(2));
    events.tellNow('importing', importing(9));
    advance(1_000);
    expect(sent.map(({ data }) => data)).toEqual([importing(1), importing(9)]);
  });

  it('tells of no progress after the end of what went on', () => {
    const { events, sent, advance } = clocked();
    const end = { jobId: 1, succeeded: 1, failed: 0, unknown: 0, stopped: null };
    for (const read of [1, 2]) for (const jobId of [1, 2]) events.tell('verify', { jobId, read, waitingMs: null });
    events.tellNow('verifyEnded', end);
    advance(1_000);
    expect(sent.map(({ event, data }) => [event, (data as { jobId: number; read?: number }).jobId])).toEqual([
      ['verify', 1],
      ['verify', 2],
      ['verifyEnded', 1],
      ['verify', 2],
    ]);
  });

  it('begins at once again after a quiet time', () => {
    const { events, sent, advance } = clocked();
    events.tell('importing', importing(1));
    advance(500);
    events.tell('importing', importing(2));
    expect(sent.map(({ atMs }) => atMs)).toEqual([0, 500]);
  });

  it('never tells more than five times a second of one subject, and always its last word', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 150 }), { minLength: 1, maxLength: 80 }), (gaps) => {
        const { events, sent, advance } = clocked();
        gaps.forEach((gap, index) => {
          advance(gap);
          events.tell('importing', importing(index));
        });
        advance(1_000);
        expect(sent.at(-1)?.data).toEqual(importing(gaps.length - 1));
        sent.slice(1).forEach(({ atMs }, index) => expect(atMs - (sent[index]?.atMs ?? 0)).toBeGreaterThanOrEqual(200));
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
