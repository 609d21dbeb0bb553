import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../../src/contract/errors.ts';
import type { FailureClass } from '../../../../src/contract/outcome.ts';
import type { UpdateEnd } from '../../../../src/main/gateway/types.ts';
import type { JournalEntry } from '../../../../src/main/jobs/journal/calls.ts';
import { Runner } from '../../../../src/main/jobs/runner/runner.ts';
import type { Progress } from '../../../../src/main/jobs/runner/types.ts';
import { failure, fitRow } from '../../../support/journal.ts';
import {
  allSucceeded,
  errorOf,
  Gate,
  NOW_MS,
  orders,
  rejectedFor,
  sums,
  TestJournal,
  unknownEnd,
  VENDOR_AHEAD_MS,
  WHY,
  type JobSetup,
  type TestJob,
} from './support.ts';

let journal: TestJournal;
beforeAll(async () => {
  journal = await TestJournal.start();
});
afterEach(() => journal.clearHooks());
afterAll(() => journal.close());

const times = <T>(n: number, one: T): T[] => Array.from({ length: n }, () => one);

/** What must hold after every run, whatever happened. */
async function whole(job: TestJob): Promise<void> {
  const counts = await job.counts();
  expect(counts.total).toBe((await job.rows()).length);
  expect(sums(counts), JSON.stringify(counts)).toBe(true);
  expect(job.gateway.leaked).toBe(0);
}

function setUp(n: number, change: Omit<JobSetup, 'rows'> = {}): Promise<TestJob> {
  return journal.job({ rows: orders(n), ...change });
}

/** Scripts the ends of the calls in their order; the last one holds for all that follow. */
function ends(job: TestJob, ...script: UpdateEnd[]): void {
  job.gateway.script = (rows, call) => {
    const end = script[Math.min(call, script.length - 1)];
    if (end === undefined) throw new Error('no end');
    return end.kind === 'answered' && end.rows.length === 0 ? allSucceeded(rows) : end;
  };
}
/** Stands for all rows of the call succeeded. */
const ok: UpdateEnd = { kind: 'answered', rows: [] };

describe('a run to the end', () => {
  it('sends every row once, in order, and finishes', async () => {
    const job = await setUp(7, { operation: { batchSize: 3 } });
    expect(await new Runner(job.context).run()).toEqual({ state: 'finished', reason: null, text: null });
    expect(job.gateway.calls).toEqual([['o1', 'o2', 'o3'], ['o4', 'o5', 'o6'], ['o7']]);
    expect(await job.states()).toEqual(times(7, 'succeeded'));
    expect(await job.fresh()).toMatchObject({
      state: 'finished',
      pauseReason: null,
      pauseText: null,
      startedAt: '2026-03-04T05:06:07.000Z',
      endedAt: '2026-03-04T05:06:07.000Z',
    });
    await whole(job);
  });

  it('journals each call: its stamp, its settling time, the request id, one attempt', async () => {
    const job = await setUp(1);
    ends(job, { kind: 'answered', rows: [{ outcome: 'succeeded', note: WHY }], requestId: 'req-1' });
    await new Runner(job.context).run();
    expect(await job.rows()).toMatchObject([
      {
        state: 'succeeded',
        note: WHY,
        requestId: 'req-1',
        attempts: 1,
        sentAtMs: NOW_MS + VENDOR_AHEAD_MS,
        settledAtMs: NOW_MS,
        oldValues: null,
      },
    ]);
  });

  it('signs the job’s parameters and journals the hash of what was signed', async () => {
    const job = await setUp(2, { operation: { batchSize: 2 } });
    const claims: JournalEntry[] = [];
    journal.hooks.before = (entries) => claims.push(...entries.filter((entry) => entry.kind === 'claim'));
    await new Runner(job.context).run();
    expect(claims).toEqual([
      {
        kind: 'claim',
        jobId: job.id,
        accountId: job.context.account.id,
        rows: [
          { rowNo: 1, order: 'o1' },
          { rowNo: 2, order: 'o2' },
        ],
        hash: 'hash of delivering:o1,o2',
        stampedAtMs: NOW_MS + VENDOR_AHEAD_MS,
      },
    ]);
  });

  it('settles every row of a call as the vendor said', async () => {
    const job = await setUp(4, { operation: { batchSize: 4 } });
    const no = failure('E1', 'state');
    ends(job, {
      kind: 'answered',
      rows: [
        { outcome: 'succeeded' },
        { outcome: 'failed', failure: no },
        { outcome: 'unknown', why: WHY },
        { outcome: 'unknown', why: WHY, failure: no },
      ],
    });
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'finished' });
    expect((await job.rows()).map(({ state, failure: kept, note }) => [state, kept, note])).toEqual([
      ['succeeded', null, null],
      ['failed', no, null],
      ['unknown', null, WHY],
      ['unknown', no, WHY],
    ]);
    await whole(job);
  });

  it('has nothing to do when no row is fit to be sent', async () => {
    const problem = { code: 'blank', message: WHY };
    const job = await journal.job({ rows: [{ line: 1, cells: [], order: '', values: null, problem }] });
    expect(await new Runner(job.context).run()).toEqual({ state: 'finished', reason: null, text: null });
    expect(job.gateway.prepares).toBe(0);
    await whole(job);
  });

  it('uses as many lanes as the account allows, or else the vendor', async () => {
    const most = async (setup: Omit<JobSetup, 'rows'>): Promise<number> => {
      const job = await setUp(12, setup);
      let under = 0;
      let seen = 0;
      job.gateway.script = async (rows) => {
        under += 1;
        seen = Math.max(seen, under);
        await new Promise((resolve) => setTimeout(resolve, 3));
        under -= 1;
        return allSucceeded(rows);
      };
      await new Runner(job.context).run();
      await whole(job);
      return seen;
    };
    const account = { ...journal.newAccount(), pacing: { concurrency: 2 } };
    expect(await most({ concurrency: 3 })).toBe(3);
    expect(await most({ concurrency: 3, account })).toBe(2);
  });

  it('shares transactions between lanes', async () => {
    const job = await setUp(40, { concurrency: 8 });
    let transactions = 0;
    journal.hooks.before = () => {
      transactions += 1;
    };
    await new Runner(job.context).run();
    // 40 claims and 40 outcomes, eight lanes: alone they would be 80.
    expect(transactions).toBeLessThan(40);
    await whole(job);
  });

  it('tells how it goes, from running to the end', async () => {
    const job = await setUp(3);
    const told: Progress[] = [];
    ends(job, ok, { kind: 'answered', rows: [{ outcome: 'failed', failure: failure('E7') }] }, ok);
    await new Runner(job.context, (progress) => told.push(progress)).run();
    expect(told.map((progress) => progress.state)).toEqual(['running', 'finished']);
    expect(told[0]).toMatchObject({ jobId: job.id, counts: { total: 3, pending: 3, notSent: 3, succeeded: 0 } });
    expect(told[1]).toMatchObject({
      counts: { total: 3, pending: 0, notSent: 0, sending: 0, succeeded: 2, failed: 1 },
      reasons: [{ code: 'E7', count: 1, reading: { zh: '含义 E7', en: 'reading E7' } }],
    });
  });

  it('names rejections among the reasons, each row counted', async () => {
    const job = await setUp(2, { operation: { batchSize: 2 } });
    const told: Progress[] = [];
    ends(job, rejectedFor('permission', 'P1'));
    await new Runner(job.context).run({ tell: (progress) => told.push(progress) });
    expect(told.at(-1)).toMatchObject({
      state: 'paused',
      counts: { notSent: 2, pending: 0, sending: 0 },
      reasons: [{ code: 'P1', count: 2 }],
    });
  });
});

describe('the order of things', () => {
  it('sends nothing before its claim is in the journal, whatever the lanes do', async () => {
    const job = await setUp(30, { concurrency: 6, operation: { batchSize: 2 } });
    const durable = new Set<number>();
    journal.hooks.after = (entries) => {
      for (const entry of entries) {
        if (entry.kind === 'claim') for (const row of entry.rows) durable.add(row.rowNo);
      }
    };
    const early: string[] = [];
    job.gateway.script = async (rows) => {
      for (const row of rows) if (!durable.has(Number(row.order.slice(1)))) early.push(row.order);
      // The second connection sees only what has been committed.
      const sending = await journal.plain.call('getRows', {
        jobId: job.id,
        filter: { state: 'sending' },
        after: 0,
        limit: 100,
      });
      const known = new Set(sending.map((row) => row.order));
      for (const row of rows) if (!known.has(row.order)) early.push(row.order);
      return allSucceeded(rows);
    };
    await new Runner(job.context).run();
    expect(early).toEqual([]);
    expect(job.gateway.calls.flat()).toHaveLength(30);
    await whole(job);
  });

  it('prepares before it claims, so that a locked keychain makes no row doubtful', async () => {
    const job = await setUp(1);
    const seen: string[] = [];
    job.gateway.onPrepare = () => {
      seen.push('prepare');
    };
    journal.hooks.before = (entries) => seen.push(...entries.map((entry) => entry.kind));
    job.gateway.script = (rows) => {
      seen.push('update');
      return allSucceeded(rows);
    };
    await new Runner(job.context).run();
    expect(seen).toEqual(['prepare', 'claim', 'update', 'settle']);
  });
});

describe('five in a row', () => {
  it.each<[string, UpdateEnd, string, string]>([
    ['unknown', unknownEnd, 'unknown_in_row', '5 calls in a row had no trustworthy answer. no answer'],
    ['rejected', rejectedFor('transport', 'T1'), 'rejected_in_row', '5 calls in a row were rejected. reading T1'],
  ])('%s pause the job, with the last reason', async (_name, end, reason, text) => {
    const job = await setUp(8);
    ends(job, end);
    const run = await new Runner(job.context).run();
    expect(run).toMatchObject({ state: 'paused', reason, text: { en: text } });
    expect(job.gateway.calls).toHaveLength(5);
    expect(await job.fresh()).toMatchObject({ state: 'paused', pauseReason: reason, pauseText: { en: text } });
    expect((await job.counts()).byReason.pending).toBe(3);
    await whole(job);
  });

  it.each<[string, UpdateEnd]>([
    ['unknown', unknownEnd],
    ['rejected', rejectedFor('transport')],
  ])('are needed: four %s are not enough, and an answered call between begins again', async (_name, end) => {
    const job = await setUp(9);
    ends(job, end, end, end, end, ok, end, end, end, end);
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'finished' });
    expect(job.gateway.calls).toHaveLength(9);
    await whole(job);
  });

  it('are of one kind', async () => {
    const job = await setUp(10);
    const { script } = job.gateway;
    job.gateway.script = (rows, call) =>
      call === 9 ? script(rows, call) : call % 2 === 0 ? unknownEnd : rejectedFor('transport');
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'finished' });
    await whole(job);
  });

  it('go on through a limit, which says nothing about the calls around it', async () => {
    const job = await setUp(7);
    const no = rejectedFor('transport', 'T1');
    ends(job, no, no, rejectedFor('limit'), no, no, no, no);
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'paused', reason: 'rejected_in_row' });
    expect(job.gateway.calls).toEqual([['o1'], ['o2'], ['o3'], ['o3'], ['o4'], ['o5']]);
    await whole(job);
  });

  it('begin again with a new run', async () => {
    const job = await setUp(9);
    ends(job, unknownEnd, unknownEnd, unknownEnd, unknownEnd, unknownEnd, ...times(4, unknownEnd));
    const runner = new Runner(job.context);
    expect(await runner.run()).toMatchObject({ reason: 'unknown_in_row' });
    expect(await runner.run({ job: await job.fresh() })).toEqual({ state: 'finished', reason: null, text: null });
    await whole(job);
  });
});

describe('rejections', () => {
  it.each<FailureClass>(['sign', 'permission', 'quota'])('for %s pause after one', async (failureClass) => {
    const job = await setUp(3);
    ends(job, rejectedFor(failureClass, 'X1'));
    expect(await new Runner(job.context).run()).toEqual({
      state: 'paused',
      reason: failureClass,
      text: { zh: '含义 X1', en: 'reading X1' },
    });
    expect(job.gateway.calls).toEqual([['o1']]);
    expect(await job.states()).toEqual(['not_sent:rejected', 'not_sent:pending', 'not_sent:pending']);
    expect((await job.rows())[0]).toMatchObject({ failure: failure('X1', failureClass), attempts: 1 });
    await whole(job);
  });

  it('for a limit are repeated, before any new row, and the job goes on', async () => {
    const job = await setUp(2);
    ends(job, rejectedFor('limit'), rejectedFor('limit'), ok);
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'finished' });
    expect(job.gateway.calls).toEqual([['o1'], ['o1'], ['o1'], ['o2']]);
    expect((await job.rows()).map((row) => row.attempts)).toEqual([3, 1]);
    await whole(job);
  });

  it('for a limit pause when five repetitions did not help', async () => {
    const job = await setUp(2);
    ends(job, rejectedFor('limit', 'L1'));
    expect(await new Runner(job.context).run()).toEqual({
      state: 'paused',
      reason: 'limit',
      text: { zh: '含义 L1', en: 'reading L1' },
    });
    expect(job.gateway.calls).toEqual(times(6, ['o1']));
    expect(await job.states()).toEqual(['not_sent:rejected', 'not_sent:pending']);
    await whole(job);
  });

  it('for the clock are signed again once', async () => {
    const job = await setUp(2);
    ends(job, rejectedFor('clock'), ok);
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'finished' });
    expect(job.gateway.calls).toEqual([['o1'], ['o1'], ['o2']]);
    expect(job.gateway.prepares).toBe(3);
    await whole(job);
  });

  it('for the clock pause the second time', async () => {
    const job = await setUp(2);
    ends(job, rejectedFor('clock', 'C1'));
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'paused', reason: 'clock' });
    expect(job.gateway.calls).toEqual([['o1'], ['o1']]);
    await whole(job);
  });

  it('of any other kind leave the row not sent and go on', async () => {
    const job = await setUp(2);
    ends(job, rejectedFor('input', 'I1'), ok);
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'finished' });
    expect(await job.states()).toEqual(['not_sent:rejected', 'succeeded']);
    await whole(job);
  });
});

describe('a batch that fails whole', () => {
  const notFound: UpdateEnd = { kind: 'batch_failed', failure: failure('N1', 'not_found') };

  it('is halved until the row at fault is alone; the others are sent', async () => {
    const job = await setUp(8, { operation: { batchSize: 8 } });
    job.gateway.script = (rows) => (rows.some((row) => row.order === 'o6') ? notFound : allSucceeded(rows));
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'finished' });
    expect(job.gateway.calls).toEqual([
      orders(8),
      ['o1', 'o2', 'o3', 'o4'],
      ['o5', 'o6', 'o7', 'o8'],
      ['o5', 'o6'],
      ['o5'],
      ['o6'],
      ['o7', 'o8'],
    ]);
    expect(await job.states()).toEqual([...times(5, 'succeeded'), 'failed', 'succeeded', 'succeeded']);
    const rows = await job.rows();
    expect(rows[5]).toMatchObject({ failure: failure('N1', 'not_found') });
    // Each half is a new attempt in the journal.
    expect(rows.map((row) => row.attempts)).toEqual([2, 2, 2, 2, 4, 4, 3, 3]);
    await whole(job);
  });

  it('costs at most 64 calls', async () => {
    const job = await setUp(200, { operation: { batchSize: 200 } });
    ends(job, notFound);
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'finished' });
    expect(job.gateway.calls).toHaveLength(63);
    const counts = await job.counts();
    expect(counts.failed + (counts.byReason.rejected ?? 0)).toBe(200);
    await whole(job);
  });
});

describe('pausing', () => {
  it('lets what is in flight finish, leaves the rest pending and claims nothing afterwards', async () => {
    const job = await setUp(10, { concurrency: 2 });
    const gate = new Gate();
    const runner = new Runner(job.context);
    let pausedAt = Infinity;
    const claimed: number[] = [];
    journal.hooks.before = (entries) => {
      for (const entry of entries) if (entry.kind === 'claim') claimed.push(...entry.rows.map((row) => row.rowNo));
    };
    job.gateway.script = async (rows, call) => {
      if (call === 1) {
        pausedAt = claimed.length;
        runner.pause();
        gate.open();
      }
      await gate.opened;
      return allSucceeded(rows);
    };
    expect(await runner.run()).toEqual({ state: 'paused', reason: 'person', text: null });
    expect(job.gateway.calls).toEqual([['o1'], ['o2']]);
    expect(claimed).toHaveLength(pausedAt);
    expect(await job.states()).toEqual(['succeeded', 'succeeded', ...times(8, 'not_sent:pending')]);
    expect(await job.fresh()).toMatchObject({ state: 'paused', pauseReason: 'person', pauseText: null, endedAt: null });
    await whole(job);
  });

  it('gives back what was prepared and not yet claimed', async () => {
    const job = await setUp(3);
    const runner = new Runner(job.context);
    job.gateway.onPrepare = () => runner.pause();
    expect(await runner.run()).toMatchObject({ state: 'paused', reason: 'person' });
    expect(job.gateway.held.map((one) => one.how)).toEqual(['released']);
    expect(job.gateway.calls).toEqual([]);
    expect(await job.states()).toEqual(times(3, 'not_sent:pending'));
    await whole(job);
  });

  it('breaks off the wait for a slot, which is no error', async () => {
    const job = await setUp(3);
    const logged: unknown[] = [];
    const runner = new Runner(
      job.context,
      () => {},
      (error) => logged.push(error),
    );
    job.gateway.onPrepare = (signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
        runner.pause();
      });
    expect(await runner.run()).toEqual({ state: 'paused', reason: 'person', text: null });
    expect(logged).toEqual([]);
    await whole(job);
  });

  it('keeps the first reason', async () => {
    const job = await setUp(3);
    const runner = new Runner(job.context);
    job.gateway.script = () => {
      runner.pause();
      return rejectedFor('sign');
    };
    expect(await runner.run()).toEqual({ state: 'paused', reason: 'person', text: null });
    await whole(job);
  });

  it('before the run begins holds', async () => {
    const job = await setUp(3);
    const runner = new Runner(job.context);
    runner.pause();
    expect(await runner.run()).toMatchObject({ state: 'paused', reason: 'person' });
    expect(job.gateway.prepares).toBe(0);
  });

  it('is followed by a resume that sends exactly the rest', async () => {
    const job = await setUp(9, { operation: { batchSize: 2 }, concurrency: 2 });
    const runner = new Runner(job.context);
    job.gateway.script = (rows, call) => {
      if (call === 1) runner.pause();
      return allSucceeded(rows);
    };
    await runner.run();
    const before = job.gateway.calls.flat();
    expect(before.length).toBeLessThan(9);
    expect(await runner.run({ job: await job.fresh() })).toEqual({ state: 'finished', reason: null, text: null });
    expect(job.gateway.calls.flat().toSorted()).toEqual(orders(9));
    expect(await job.fresh()).toMatchObject({ state: 'finished', pauseReason: null });
    await whole(job);
  });

  it('puts off the halves of a batch; a resume sends them', async () => {
    const job = await setUp(4, { operation: { batchSize: 4 } });
    const runner = new Runner(job.context);
    job.gateway.script = (rows, call) => {
      if (call === 0) runner.pause();
      return call === 0 ? { kind: 'batch_failed', failure: failure('N1') } : allSucceeded(rows);
    };
    expect(await runner.run()).toMatchObject({ state: 'paused' });
    expect(await job.states()).toEqual(times(4, 'not_sent:pending'));
    await runner.run({ job: await job.fresh() });
    expect(job.gateway.calls).toEqual([orders(4), orders(4)]);
    await whole(job);
  });
});

describe('cancelling', () => {
  it('lets what is in flight finish and gives the rest up', async () => {
    const job = await setUp(5);
    const runner = new Runner(job.context);
    job.gateway.script = (rows, call) => {
      if (call === 1) runner.cancel();
      return allSucceeded(rows);
    };
    expect(await runner.run()).toEqual({ state: 'cancelled', reason: null, text: null });
    expect(await job.states()).toEqual(['succeeded', 'succeeded', ...times(3, 'not_sent:cancelled')]);
    expect((await job.rows())[4]?.settledAtMs).toBe(NOW_MS);
    expect(await job.fresh()).toMatchObject({
      state: 'cancelled',
      pauseReason: null,
      endedAt: '2026-03-04T05:06:07.000Z',
    });
    await whole(job);
  });

  it('outranks a pause, and a pause does not undo it', async () => {
    const job = await setUp(3);
    const runner = new Runner(job.context);
    job.gateway.script = (rows) => {
      runner.pause();
      runner.cancel();
      runner.pause();
      return allSucceeded(rows);
    };
    expect(await runner.run()).toMatchObject({ state: 'cancelled', reason: null });
    await whole(job);
  });
});

describe('the first rows', () => {
  it('are sent alone, and the job waits for the person', async () => {
    const job = await setUp(10, { operation: { batchSize: 2 }, options: { firstRows: 3 } });
    const runner = new Runner(job.context);
    expect(await runner.run()).toEqual({ state: 'paused', reason: 'first_rows', text: null });
    expect(job.gateway.calls).toEqual([['o1', 'o2'], ['o3']]);
    const fresh = await job.fresh();
    await runner.run({ job: { ...fresh, options: { ...fresh.options, firstRows: null } } });
    expect(job.gateway.calls.flat()).toEqual(orders(10));
    await whole(job);
  });

  it('that are all rows finish the job', async () => {
    const job = await setUp(3, { options: { firstRows: 3 } });
    expect(await new Runner(job.context).run()).toEqual({ state: 'finished', reason: null, text: null });
  });
});

describe('a claim that is refused', () => {
  const account = (): ReturnType<TestJournal['newAccount']> => journal.newAccount();

  it('leaves out the order that is in doubt in another job, and sends the rest of the call', async () => {
    const shared = account();
    const other = await journal.job({ rows: ['b'], account: shared });
    ends(other, unknownEnd);
    await new Runner(other.context).run();
    const job = await journal.job({ rows: ['a', 'b', 'c'], account: shared, operation: { batchSize: 3 } });
    const told: Progress[] = [];
    expect(await new Runner(job.context, (one) => told.push(one)).run()).toMatchObject({ state: 'finished' });
    expect(job.gateway.calls).toEqual([['a', 'c']]);
    expect(job.gateway.held.map((one) => one.how)).toEqual(['released', 'sent']);
    expect(await job.states()).toEqual(['succeeded', 'not_sent:in_doubt_elsewhere', 'succeeded']);
    expect((await job.rows())[1]).toMatchObject({ attempts: 0 });
    expect(told.at(-1)).toMatchObject({ counts: { succeeded: 2, notSent: 1, pending: 0, sending: 0 } });
    await whole(job);
  });

  it('sends nothing when no row of the call is left', async () => {
    const shared = account();
    const other = await journal.job({ rows: ['b'], account: shared });
    ends(other, unknownEnd);
    await new Runner(other.context).run();
    const job = await journal.job({ rows: ['b'], account: shared });
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'finished' });
    expect(job.gateway.calls).toEqual([]);
    await whole(job);
  });

  it('does not touch the same order in another account', async () => {
    const other = await journal.job({ rows: ['b'] });
    ends(other, unknownEnd);
    await new Runner(other.context).run();
    const job = await journal.job({ rows: ['b'] });
    await new Runner(job.context).run();
    expect(await job.states()).toEqual(['succeeded']);
  });
});

describe('a call that cannot be prepared', () => {
  it.each<[ErrorCode, string]>([
    ['KEYCHAIN_LOCKED', 'vault'],
    ['KEYCHAIN_DENIED', 'vault'],
    ['SECRET_MISSING', 'vault'],
    ['VAULT_TWINS_ONLY', 'vault'],
    ['HOST_NOT_ALLOWED', 'host'],
    ['HTTPS_REQUIRED', 'host'],
    ['REQUEST_INVALID', 'internal'],
  ])('for %s pauses the job: %s, no row doubtful', async (code, reason) => {
    const job = await setUp(3);
    const logged: unknown[] = [];
    job.gateway.onPrepare = (_signal, nth) => {
      if (nth === 2) throw errorOf(code);
    };
    const runner = new Runner(
      job.context,
      () => {},
      (error) => logged.push(error),
    );
    expect(await runner.run()).toEqual({ state: 'paused', reason, text: { zh: `错 ${code}`, en: `error ${code}` } });
    expect(logged).toMatchObject([{ code }]);
    expect(await job.states()).toEqual(['succeeded', 'not_sent:pending', 'not_sent:pending']);
    await whole(job);
  });

  it('for a mistake of ours pauses with plain words, the details in the log alone', async () => {
    const job = await setUp(1);
    const logged: unknown[] = [];
    job.gateway.onPrepare = () => {
      throw new Error('details');
    };
    const runner = new Runner(
      job.context,
      () => {},
      (error) => logged.push(error),
    );
    expect(await runner.run()).toEqual({
      state: 'paused',
      reason: 'internal',
      text: { zh: '程序内部出错，日志里有详细原因。', en: 'An internal error; the log has the details.' },
    });
    expect(logged).toEqual([new Error('details')]);
    await whole(job);
  });

  it('is logged though the job has been stopped meanwhile', async () => {
    const job = await setUp(1);
    const logged: unknown[] = [];
    const runner = new Runner(
      job.context,
      () => {},
      (error) => logged.push(error),
    );
    job.gateway.onPrepare = () => {
      runner.pause();
      throw errorOf('KEYCHAIN_LOCKED');
    };
    expect(await runner.run()).toMatchObject({ state: 'paused', reason: 'person' });
    expect(logged).toMatchObject([{ code: 'KEYCHAIN_LOCKED' }]);
  });
});

describe('a journal that cannot be written', () => {
  const isClaim = (entries: readonly JournalEntry[]): boolean => entries.some((entry) => entry.kind === 'claim');
  const isSettle = (entries: readonly JournalEntry[]): boolean => entries.some((entry) => entry.kind === 'settle');

  it.each<[ErrorCode, string]>([
    ['DISK_FULL', 'disk_full'],
    ['DATABASE_BUSY', 'database_busy'],
    ['DATABASE_FAILED', 'storage'],
  ])('when claiming (%s) sends nothing and pauses: %s', async (code, reason) => {
    const job = await setUp(3);
    journal.hooks.before = (entries) => {
      if (isClaim(entries)) throw errorOf(code);
    };
    expect(await new Runner(job.context).run()).toEqual({
      state: 'paused',
      reason,
      text: { zh: `错 ${code}`, en: `error ${code}` },
    });
    expect(job.gateway.calls).toEqual([]);
    expect(job.gateway.held.map((one) => one.how)).toEqual(['released']);
    expect(await job.states()).toEqual(times(3, 'not_sent:pending'));
    await whole(job);
  });

  it('once, when settling, is written before the run ends', async () => {
    const job = await setUp(3);
    let broken = true;
    journal.hooks.before = (entries) => {
      if (!broken || !isSettle(entries)) return;
      broken = false;
      throw errorOf('DISK_FULL');
    };
    const runner = new Runner(job.context);
    expect(await runner.run()).toMatchObject({ state: 'paused', reason: 'disk_full', text: { en: 'error DISK_FULL' } });
    expect(runner.unsaved).toBe(0);
    expect(await job.states()).toEqual(['succeeded', 'not_sent:pending', 'not_sent:pending']);
    await whole(job);
  });

  it('of a call that is to be repeated counts its rows where they are, and repeats it on the next run', async () => {
    const job = await setUp(2);
    let broken = true;
    journal.hooks.before = async (entries) => {
      if (!broken) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (isSettle(entries)) throw errorOf('DISK_FULL');
    };
    ends(job, rejectedFor('limit'));
    // The same rows are claimed again while the journal is at their outcome.
    job.gateway.onPrepare = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const told: Progress[] = [];
    const runner = new Runner(job.context, (one) => told.push(one));
    expect(await runner.run()).toMatchObject({ state: 'paused', reason: 'disk_full' });
    expect(told.filter(({ counts }) => counts.pending < 0 || counts.sending > 1)).toEqual([]);
    expect(told.at(-1)).toMatchObject({ counts: { pending: 1, sending: 1 } });
    broken = false;
    job.gateway.script = allSucceeded;
    expect(await runner.run({ job: await job.fresh() })).toMatchObject({ state: 'finished' });
    expect(await job.states()).toEqual(times(2, 'succeeded'));
    await whole(job);
  });

  it('for long keeps the outcomes and writes them first on the next run', async () => {
    const job = await setUp(4, { concurrency: 2 });
    let broken = true;
    journal.hooks.before = (entries) => {
      if (broken && isSettle(entries)) throw errorOf('DISK_FULL');
    };
    const runner = new Runner(job.context);
    expect(await runner.run()).toMatchObject({ state: 'paused', reason: 'disk_full' });
    const sent = job.gateway.calls.flat();
    expect(runner.unsaved).toBe(sent.length);
    expect((await job.counts()).sending).toBe(sent.length);
    expect(await job.fresh()).toMatchObject({ state: 'paused', pauseReason: 'disk_full' });
    broken = false;
    expect(await runner.run({ job: await job.fresh() })).toMatchObject({ state: 'finished' });
    expect(runner.unsaved).toBe(0);
    expect(job.gateway.calls.flat().toSorted()).toEqual(orders(4));
    expect(await job.states()).toEqual(times(4, 'succeeded'));
    await whole(job);
  });

  it.each(['pause', 'cancel'] as const)('outranks a %s while outcomes wait', async (wish) => {
    const job = await setUp(3);
    let broken = true;
    journal.hooks.before = (entries) => {
      if (broken && isSettle(entries)) throw errorOf('DISK_FULL');
    };
    const runner = new Runner(job.context);
    job.gateway.script = (rows) => {
      runner[wish]();
      return allSucceeded(rows);
    };
    expect(await runner.run()).toEqual({
      state: 'paused',
      reason: 'disk_full',
      text: { zh: '错 DISK_FULL', en: 'error DISK_FULL' },
    });
    expect(runner.unsaved).toBe(1);
    broken = false;
    job.gateway.script = allSucceeded;
    expect(await runner.run({ job: await job.fresh() })).toMatchObject({ state: 'finished' });
    expect(job.gateway.calls).toEqual([['o1'], ['o2'], ['o3']]);
    await whole(job);
  });

  it('refuses to run while the outcomes of the last run cannot be written', async () => {
    const job = await setUp(3);
    journal.hooks.before = (entries) => {
      if (isSettle(entries)) throw errorOf('DISK_FULL');
    };
    const runner = new Runner(job.context);
    await runner.run();
    await expect(runner.run()).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(job.gateway.calls).toHaveLength(1);
  });

  it('at all rejects the run', async () => {
    const job = await setUp(3);
    journal.hooks.any = () => {
      throw errorOf('DATABASE_FAILED');
    };
    await expect(new Runner(job.context).run()).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    expect(job.gateway.prepares).toBe(0);
  });

  it('does not say which row it was when an entry does not fit; the job stops', async () => {
    const job = await setUp(2);
    job.gateway.onPrepare = async (_signal, nth) => {
      // Another hand in the journal: row 1 is no longer pending when it is claimed.
      if (nth === 1) await journal.plain.call('cancelPending', { jobId: job.id, atMs: 1 });
    };
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'paused', reason: 'storage' });
    expect(job.gateway.calls).toEqual([]);
    expect(job.gateway.leaked).toBe(0);
  });
});

describe('values with every digit', () => {
  it('reach the call as they were read in', async () => {
    const seen: unknown[] = [];
    const job = await journal.job({ rows: [fitRow(1, '00123456789012345678', { note: '１ 备注 ' })] });
    job.gateway.script = (rows) => {
      seen.push(...rows.map(({ order, values }) => ({ order, values })));
      return allSucceeded(rows);
    };
    await new Runner(job.context).run();
    expect(seen).toEqual([
      { order: '00123456789012345678', values: { order: '00123456789012345678', note: '１ 备注 ' } },
    ]);
  });
});

describe('a gateway that breaks its promise', () => {
  it('makes the rows of its call unknown, never left as sending, and stops the job', async () => {
    const job = await setUp(3);
    const logged: unknown[] = [];
    const runner = new Runner(
      job.context,
      () => {},
      (error) => logged.push(error),
    );
    job.gateway.script = () => {
      throw new Error('details');
    };
    expect(await runner.run()).toMatchObject({ state: 'paused', reason: 'internal' });
    expect(logged).toEqual([new Error('details')]);
    expect(await job.states()).toEqual(['unknown', 'not_sent:pending', 'not_sent:pending']);
    expect((await job.rows())[0]?.note?.en).toBe('An internal error; the log has the details.');
    await whole(job);
  });
});
