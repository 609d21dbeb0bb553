import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../../src/main/jobs/journal/calls.ts';
import { errorOf, Gate, sums, TestJournal } from '../runner/support.ts';
import { acted, openRig, WaitList, type Rig } from './rig.ts';

let journal: TestJournal;
let rig: Rig;
beforeAll(async () => {
  journal = await TestJournal.start();
});
afterEach(async () => {
  journal.clearHooks();
  await rig.close();
});
afterAll(() => journal.close());

/** What the journal tells of a job, in order. */
async function story(jobId: number): Promise<string[]> {
  const events = await journal.plain.call('eventsOf', { jobId, after: 0, limit: 100 });
  return events.map(({ data }) =>
    data['reason'] === null ? String(data['state']) : `${data['state']} ${data['reason']}`,
  );
}

async function counts(jobId: number): ReturnType<typeof rig.service.get> {
  const found = await rig.service.get(jobId);
  expect(sums(found.counts), JSON.stringify(found.counts)).toBe(true);
  return found;
}

describe('a network that is lost', () => {
  it('pauses the job for it, and goes on by itself when the vendor is reached again: no row fails', async () => {
    rig = await openRig(journal, 12, { concurrency: 1 });
    const jobId = await rig.job();
    let arrivals = 0;
    rig.twin.afterReply = async () => {
      if (++arrivals === 5) await rig.relay.cut();
    };
    const heard = new WaitList();
    heard.then = (_waiting, nth) => (nth === 4 ? rig.relay.mend() : undefined);
    const end = await rig.service.runThrough(jobId, heard);
    expect(end).toEqual({ state: 'finished', reason: null, text: null });
    expect(heard.reasons).toEqual(['network']);
    expect(heard.waits[0]).toMatchObject({ text: { en: expect.stringMatching(/^Nothing was sent: no connection/) } });
    // The last reply may have been cut off on its way: that row stays unknown, and is not sent again.
    const { counts: after } = await counts(jobId);
    expect(after).toMatchObject({ total: 12, failed: 0, notSent: 0 });
    expect(after.unknown).toBeLessThanOrEqual(1);
    expect(acted(rig.twin)).toEqual({ orders: 12, most: 1 });
    expect(await story(jobId)).toEqual(['running', 'paused network', 'running', 'finished']);
  });

  it('looks again more and more seldom, up to once a minute, and sends nothing to look', async () => {
    rig = await openRig(journal, 3);
    const jobId = await rig.job();
    await rig.relay.cut();
    const heard = new WaitList();
    heard.then = (_waiting, nth) => (nth === 9 ? rig.relay.mend() : undefined);
    const before = rig.time.sleeps.length;
    await rig.service.runThrough(jobId, heard);
    expect(rig.time.sleeps.slice(before, before + 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((s) => s * 1000));
    expect(rig.twin.ledger.totals).toMatchObject({ arrivals: 3, orders: 3 });
  });

  it('is a pause of the person when they say so, and nothing goes on', async () => {
    rig = await openRig(journal, 3);
    const jobId = await rig.job();
    await rig.relay.cut();
    const heard = new WaitList();
    heard.then = (_waiting, nth) => {
      if (nth === 2) rig.service.pause(jobId);
    };
    expect(await rig.service.runThrough(jobId, heard)).toMatchObject({ state: 'paused', reason: 'person' });
    expect((await counts(jobId)).job).toMatchObject({ state: 'paused', pauseReason: 'person' });
    expect(heard.waits.at(-1)).toBeNull();
  });

  it('can be cancelled while it waits', async () => {
    rig = await openRig(journal, 3);
    const jobId = await rig.job();
    await rig.relay.cut();
    const heard = new WaitList();
    heard.then = (_waiting, nth) => (nth === 2 ? rig.service.cancel(jobId) : undefined);
    expect(await rig.service.runThrough(jobId, heard)).toMatchObject({ state: 'cancelled' });
    await heard.settled();
    expect((await counts(jobId)).counts.byReason).toEqual({ cancelled: 3 });
  });

  it('keeps its reason when the program ends, for the next start to show', async () => {
    rig = await openRig(journal, 3);
    const jobId = await rig.job();
    await rig.relay.cut();
    const heard = new WaitList();
    heard.then = () => rig.service.leave(jobId);
    expect(await rig.service.runThrough(jobId, heard)).toMatchObject({ state: 'paused', reason: 'network' });
    expect((await counts(jobId)).job).toMatchObject({ state: 'paused', pauseReason: 'network' });
  });

  it('does not make more of the first rows than were asked for', async () => {
    rig = await openRig(journal, 9, { concurrency: 1 });
    const jobId = await rig.job();
    let arrivals = 0;
    rig.twin.onArrival = async () => {
      if (++arrivals === 3) await rig.relay.cut();
    };
    const heard = new WaitList();
    heard.then = (_waiting, nth) => (nth === 2 ? rig.relay.mend() : undefined);
    const end = await rig.service.runThrough(jobId, { firstRows: 5, tellWaiting: heard.tellWaiting });
    expect(end).toMatchObject({ state: 'paused', reason: 'first_rows' });
    expect((await counts(jobId)).counts.byReason.pending).toBe(4);
  });

  it('is what calls that broke off are paused for when the vendor cannot be reached; without that the person decides', async () => {
    rig = await openRig(journal, 20, { concurrency: 8 });
    const jobId = await rig.job();
    const cut = new Gate();
    let arrivals = 0;
    rig.twin.onArrival = async () => {
      if (++arrivals === 8) void rig.relay.cut().then(cut.open);
      // All eight are under way when it happens.
      await cut.opened;
    };
    const heard = new WaitList();
    heard.then = (_waiting, nth) => (nth === 2 ? rig.relay.mend() : undefined);
    expect(await rig.service.runThrough(jobId, heard)).toMatchObject({ state: 'finished' });
    expect(heard.reasons).toEqual(['network']);
    const { counts: after } = await counts(jobId);
    expect(after.unknown).toBe(8);
    expect(acted(rig.twin).most).toBe(1);
    await rig.close();

    rig = await openRig(journal, 9, { concurrency: 1, twin: { faults: [{ kind: 'reset_after' }] } });
    const other = await rig.job();
    expect(await rig.service.runThrough(other)).toMatchObject({ state: 'paused', reason: 'unknown_in_row' });
    expect((await counts(other)).counts).toMatchObject({ unknown: 5 });
  });
});

describe('a vendor that asks to wait for long', () => {
  it('is waited for to the end of the five minutes, and the job goes on by itself', async () => {
    rig = await openRig(journal, 2_500, { vendor: 'polyv', concurrency: 1 });
    const jobId = await rig.job();
    rig.twin.setFaults([{ kind: 'block', when: { nth: [2] } }]);
    const heard = new WaitList();
    const from = rig.time.ms;
    expect(await rig.service.runThrough(jobId, heard)).toMatchObject({ state: 'finished' });
    expect(heard.reasons).toEqual(['vendor_block']);
    expect(heard.waits[0]?.nextMs).toBeGreaterThanOrEqual(from + 300_000);
    expect(heard.waits[0]?.text?.zh).not.toBe('');
    expect((await counts(jobId)).counts).toMatchObject({ succeeded: 2_500 });
    expect(acted(rig.twin)).toEqual({ orders: 2_500, most: 1 });
  });

  it('can be cancelled within them', async () => {
    rig = await openRig(journal, 2_500, { vendor: 'polyv', concurrency: 1, twin: { faults: [{ kind: 'block' }] } });
    const jobId = await rig.job();
    const heard = new WaitList();
    heard.then = () => rig.service.cancel(jobId);
    expect(await rig.service.runThrough(jobId, heard)).toMatchObject({ state: 'cancelled' });
    await heard.settled();
    expect((await counts(jobId)).counts.byReason).toEqual({ cancelled: 2_500 });
    expect(acted(rig.twin).orders).toBe(0);
  });

  it('is the person’s when it lasts', async () => {
    rig = await openRig(journal, 1, {
      vendor: 'polyv',
      concurrency: 1,
      twin: { faults: [{ kind: 'limit', retryAfter: 600 }] },
    });
    const jobId = await rig.job();
    const heard = new WaitList();
    expect(await rig.service.runThrough(jobId, heard)).toMatchObject({ state: 'paused', reason: 'limit' });
    expect(heard.waits.filter((one) => one === null)).toHaveLength(5);
    expect((await counts(jobId)).counts.byReason).toEqual({ pending: 1 });
  });
});

describe('a machine that sleeps', () => {
  it('finishes what is in flight, and goes on when it is awake', async () => {
    rig = await openRig(journal, 8, { concurrency: 2 });
    const jobId = await rig.job();
    let arrivals = 0;
    rig.twin.onArrival = () => {
      if (++arrivals === 3) rig.service.suspended();
    };
    const heard = new WaitList();
    const asleep: number[] = [];
    heard.then = (waiting, nth) => {
      if (nth !== 1) return;
      expect(waiting).toMatchObject({ reason: 'sleep', nextMs: null });
      asleep.push(arrivals);
      // Shorter than the vendor keeps an unpaid order.
      rig.time.hidden += 600_000;
      rig.service.resumed();
    };
    expect(await rig.service.runThrough(jobId, heard)).toMatchObject({ state: 'finished' });
    expect(heard.reasons).toEqual(['sleep']);
    expect(asleep[0]).toBeLessThanOrEqual(4);
    expect((await counts(jobId)).counts).toMatchObject({ succeeded: 8 });
    expect(await story(jobId)).toEqual(['running', 'paused sleep', 'running', 'finished']);
  });

  it('is noticed afterwards when nothing told of it', async () => {
    rig = await openRig(journal, 8, { concurrency: 1 });
    const jobId = await rig.job();
    let arrivals = 0;
    rig.twin.onArrival = () => {
      if (++arrivals !== 3) return;
      rig.time.hidden += 600_000;
      rig.service.lookAtTime();
    };
    const heard = new WaitList();
    expect(await rig.service.runThrough(jobId, heard)).toMatchObject({ state: 'finished' });
    expect(heard.reasons).toEqual(['sleep']);
    expect((await counts(jobId)).counts).toMatchObject({ succeeded: 8 });
  });

  it('does not begin a job that was not running', async () => {
    rig = await openRig(journal, 2);
    const jobId = await rig.job();
    rig.service.suspended();
    rig.service.resumed();
    expect((await rig.service.get(jobId)).job.state).toBe('ready');
    expect(rig.twin.ledger.totals.arrivals).toBe(0);
  });
});

describe('a clock that is set while a job runs', () => {
  it.each([252_000, -252_000])('pauses it by %i ms, learns the time anew and fails no row', async (byMs) => {
    rig = await openRig(journal, 8, { concurrency: 2 });
    const jobId = await rig.job();
    let arrivals = 0;
    rig.twin.onArrival = () => {
      if (++arrivals === 4) rig.time.shift = byMs;
    };
    const heard = new WaitList();
    expect(await rig.service.runThrough(jobId, heard)).toMatchObject({ state: 'finished' });
    expect(heard.reasons).toEqual(['clock_changed']);
    expect(heard.waits[0]?.text?.en).toMatch(byMs > 0 ? /set 4 min 12 s ahead/ : /set 4 min 12 s back/);
    expect((await counts(jobId)).counts).toMatchObject({ succeeded: 8, failed: 0, unknown: 0 });
    expect(acted(rig.twin)).toEqual({ orders: 8, most: 1 });
  });
});

describe('a disk that is full', () => {
  const isSettle = (entries: readonly JournalEntry[]): boolean => entries.some(({ kind }) => kind === 'settle');

  it('is waited for, what is known is written first, and the rest follows', async () => {
    rig = await openRig(journal, 6, { concurrency: 2 });
    const jobId = await rig.job();
    let full = false;
    journal.hooks.before = (entries) => {
      if (isSettle(entries)) full = true;
      if (full) throw errorOf('DISK_FULL');
    };
    journal.hooks.any = (name) => {
      if (full && (name === 'setJobState' || name === 'tryWrite')) throw errorOf('DISK_FULL');
    };
    const heard = new WaitList();
    heard.then = (_waiting, nth) => {
      if (nth === 3) journal.clearHooks();
    };
    expect(await rig.service.runThrough(jobId, heard)).toMatchObject({ state: 'finished' });
    expect(heard.reasons).toEqual(['disk_full']);
    expect((await counts(jobId)).counts).toMatchObject({ succeeded: 6 });
    expect(acted(rig.twin)).toEqual({ orders: 6, most: 1 });
  });

  it('that stays full is the person’s after a while; then one more run loses nothing', async () => {
    rig = await openRig(journal, 4, { concurrency: 1 });
    const jobId = await rig.job();
    journal.hooks.before = (entries) => {
      if (isSettle(entries)) throw errorOf('DISK_FULL');
    };
    expect(await rig.service.runThrough(jobId)).toMatchObject({ state: 'paused', reason: 'disk_full' });
    expect(rig.twin.ledger.totals.arrivals).toBe(1);
    journal.clearHooks();
    expect(await rig.service.runThrough(jobId)).toMatchObject({ state: 'finished' });
    expect((await counts(jobId)).counts).toMatchObject({ succeeded: 4 });
    expect(acted(rig.twin)).toEqual({ orders: 4, most: 1 });
  });
});

describe('going on now', () => {
  it('ends the wait, and begins it anew where the cause lasts', async () => {
    rig = await openRig(journal, 3);
    const jobId = await rig.job();
    await rig.relay.cut();
    const heard = new WaitList();
    heard.then = async (_waiting, nth) => {
      if (nth === 1) rig.service.goOn(jobId);
      if (nth === 4) await rig.relay.mend();
    };
    expect(await rig.service.runThrough(jobId, heard)).toMatchObject({ state: 'finished' });
    expect(heard.waits.filter((one) => one === null)).toHaveLength(2);
    expect((await counts(jobId)).counts).toMatchObject({ succeeded: 3 });
  });
});
