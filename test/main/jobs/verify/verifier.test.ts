import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LookupEnd } from '../../../../src/main/gateway/types.ts';
import type { DecideEntry } from '../../../../src/main/jobs/journal/calls.ts';
import { Runner } from '../../../../src/main/jobs/runner/runner.ts';
import type { JobContext } from '../../../../src/main/jobs/runner/types.ts';
import { Verifier, type VerifyEnd, type VerifyOptions } from '../../../../src/main/jobs/verify/verifier.ts';
import type { Values, Verdict, VerifyFacts, VerifyPlan } from '../../../../src/main/vendors/types.ts';
import { failure } from '../../../support/journal.ts';
import {
  errorOf,
  NAMES,
  NOW_MS,
  orders,
  pageOf,
  sums,
  TestJournal,
  unknownEnd,
  VENDOR_AHEAD_MS,
  WHY,
  type JobSetup,
  type TestJob,
} from '../runner/support.ts';

let journal: TestJournal;
beforeAll(async () => {
  journal = await TestJournal.start();
});
afterEach(() => journal.clearHooks());
afterAll(() => journal.close());

const DONE = { zh: '已生效', en: 'it is as wanted' };
const OPEN = { zh: '未定', en: 'not settled' };
const notApplied = failure('console.not_applied', 'not_applied');

/** `done`: succeeded; `closed`: failed; `waiting`: three readings 30 s apart, then not applied; anything else stays unknown. */
function judge(facts: VerifyFacts): Verdict {
  const status = facts.found?.values['status'];
  if (status === 'done') return { outcome: 'succeeded', note: DONE };
  if (status === 'closed') return { outcome: 'failed', failure: failure('closed', 'state') };
  if (status !== 'waiting') return { outcome: 'unknown', why: OPEN };
  return facts.sameReadingsAtMs.length >= 2
    ? { outcome: 'failed', failure: notApplied }
    : { outcome: 'unknown', why: OPEN, again: { afterMs: 30_000 } };
}

const PLAN: VerifyPlan = {
  lookup: (row) => ({ operation: 'detail', params: { order: row.order } }),
  matches: (row, found) => found.values['no'] === row.order,
  judge,
};
const SWEEP: VerifyPlan = {
  ...PLAN,
  sweep: () => [
    { operation: 'detail', params: { list: 'done' } },
    { operation: 'detail', params: { list: 'closed' } },
  ],
};

/** A job whose rows are all unknown, sent in one call at the vendor's time. */
async function doubtful(
  rows: number | readonly string[],
  plan: VerifyPlan | undefined,
  setup: Partial<JobSetup> = {},
): Promise<TestJob> {
  const names = typeof rows === 'number' ? orders(rows) : rows;
  const job = await journal.job({
    rows: names,
    ...setup,
    operation: { batchSize: names.length, ...(plan === undefined ? {} : { verify: plan }) },
  });
  job.gateway.script = () => unknownEnd;
  await new Runner(job.context).run();
  expect((await job.counts()).unknown).toBe(names.length);
  job.gateway.vendorMs += 1_000;
  return job;
}

/** What the vendor has, by order; a list lookup (`list`) shows all orders of that status on pages of two. */
function vendorHas(job: TestJob, present: Record<string, string>): void {
  job.gateway.onLookup = (params, cursor) => {
    const one = (no: string): Values => ({ no, status: present[no] ?? '' });
    const { order, list } = params;
    if (order !== undefined) return present[order] === undefined ? pageOf() : pageOf(one(order));
    const found = Object.keys(present).filter((no) => present[no] === list);
    const at = Number(cursor ?? '0');
    const next = at + 2 < found.length ? String(at + 2) : null;
    return { ...pageOf(...found.slice(at, at + 2).map(one)), next } as LookupEnd;
  };
}

function verify(
  job: TestJob,
  options: Partial<VerifyOptions> = {},
  change: Partial<JobContext> = {},
): Promise<VerifyEnd> {
  return new Verifier({ ...job.context, ...change }, { waitMs: 0, ...options }).run();
}

/** What was looked up: the order, or the list and its cursor. */
function asked(job: TestJob): string[] {
  return job.gateway.lookups.map(({ params, cursor }) => params['order'] ?? `${params['list'] ?? ''}@${cursor ?? 0}`);
}

async function outcomes(job: TestJob): Promise<string[]> {
  return (await job.rows()).map((row) => `${row.state} ${row.failure?.code ?? row.note?.en ?? ''}`);
}

describe('an operation without a lookup', () => {
  it('cannot be verified, and says so', async () => {
    const job = await doubtful(1, undefined);
    expect(await verify(job)).toEqual({
      succeeded: 0,
      failed: 0,
      unknown: 0,
      stopped: {
        zh: '该操作没有可用来查证的查询。',
        en: 'This operation has no lookup to verify with.',
      },
    });
  });
});

describe('single lookups', () => {
  it('settle each row by what the vendor has', async () => {
    const job = await doubtful(4, PLAN);
    vendorHas(job, { o1: 'done', o2: 'closed', o3: 'odd' });
    expect(await verify(job)).toEqual({ succeeded: 1, failed: 1, unknown: 2, stopped: null });
    expect(asked(job)).toEqual(['o1', 'o2', 'o3', 'o4']);
    expect(await outcomes(job)).toEqual([
      'succeeded it is as wanted',
      'failed closed',
      'unknown not settled',
      'unknown not settled',
    ]);
    expect(sums(await job.counts())).toBe(true);
  });

  it('send no update', async () => {
    const job = await doubtful(2, PLAN);
    const { prepares } = job.gateway;
    vendorHas(job, { o1: 'done' });
    await verify(job);
    expect(job.gateway.prepares).toBe(prepares);
    expect(job.gateway.calls).toHaveLength(1);
  });

  it('read unknown rows alone', async () => {
    const job = await doubtful(3, PLAN);
    vendorHas(job, { o1: 'done', o3: 'done' });
    await verify(job);
    job.gateway.lookups.length = 0;
    expect(await verify(job)).toEqual({ succeeded: 0, failed: 0, unknown: 1, stopped: null });
    expect(asked(job)).toEqual(['o2']);
  });

  it('take the order that matches, not another that the vendor shows beside it', async () => {
    const job = await doubtful(1, PLAN);
    job.gateway.onLookup = () => pageOf({ no: 'o10', status: 'closed' }, { no: 'o1', status: 'done' });
    expect(await verify(job)).toMatchObject({ succeeded: 1, failed: 0 });
  });

  it('take no order that does not match', async () => {
    const job = await doubtful(1, PLAN);
    job.gateway.onLookup = () => pageOf({ no: 'o10', status: 'done' });
    expect(await verify(job)).toMatchObject({ succeeded: 0, unknown: 1 });
  });

  it('hand the judge all that is known', async () => {
    const facts: VerifyFacts[] = [];
    const job = await doubtful(2, {
      ...PLAN,
      judge: (one) => {
        facts.push(one);
        return { outcome: 'unknown', why: OPEN };
      },
    });
    vendorHas(job, { o1: 'done' });
    await verify(job);
    const common = {
      params: { status: 'delivering' },
      oldValues: null,
      nowMs: NOW_MS + VENDOR_AHEAD_MS + 1_000,
      sameReadingsAtMs: [],
      sentAtMs: NOW_MS + VENDOR_AHEAD_MS,
      sinceEndMs: 0,
      track: null,
    };
    expect(facts).toEqual([
      { ...common, row: { order: 'o1', values: { order: 'o1' } }, found: { values: { no: 'o1', status: 'done' } } },
      { ...common, row: { order: 'o2', values: { order: 'o2' } }, found: null },
    ]);
  });

  it('take the vendor’s "not found" for an answer', async () => {
    const seen: unknown[] = [];
    const job = await doubtful(1, {
      ...PLAN,
      judge: (facts) => {
        seen.push(facts.found);
        return { outcome: 'failed', failure: failure('gone', 'not_found') };
      },
    });
    job.gateway.onLookup = () => ({ kind: 'failed', failure: failure('404', 'not_found') });
    expect(await verify(job)).toMatchObject({ failed: 1 });
    expect(seen).toEqual([null]);
  });

  it.each<[string, LookupEnd, string]>([
    ['without an answer', { kind: 'unknown', why: WHY }, 'no answer'],
    ['that failed', { kind: 'failed', failure: failure('E1', 'system') }, 'reading E1'],
  ])('%s leave the row unknown, unjudged, and say why', async (_name, end, why) => {
    const job = await doubtful(2, {
      ...PLAN,
      judge: (facts) => {
        expect(facts.row.order).toBe('o2');
        return { outcome: 'succeeded', note: DONE };
      },
    });
    job.gateway.onLookup = (params) => (params['order'] === 'o1' ? end : pageOf());
    expect(await verify(job)).toEqual({ succeeded: 1, failed: 0, unknown: 1, stopped: null });
    expect(await outcomes(job)).toEqual([`unknown ${why}`, 'succeeded it is as wanted']);
  });

  it('tell how many rows are read', async () => {
    const job = await doubtful(3, PLAN);
    const told: unknown[] = [];
    await verify(job, { tell: (event) => told.push(event) });
    expect(told).toEqual([
      { read: 1, waitingMs: null },
      { read: 2, waitingMs: null },
      { read: 3, waitingMs: null },
    ]);
  });

  it('run in as many lanes as the account allows, or else the vendor', async () => {
    const most = async (setup: Partial<JobSetup>): Promise<number> => {
      const job = await doubtful(9, PLAN, setup);
      let under = 0;
      let seen = 0;
      job.gateway.onLookup = async (params) => {
        under += 1;
        seen = Math.max(seen, under);
        await new Promise((resolve) => setTimeout(resolve, 2));
        under -= 1;
        return pageOf({ no: params['order'] ?? '', status: 'done' });
      };
      expect(await verify(job)).toMatchObject({ succeeded: 9 });
      expect(new Set(asked(job)).size).toBe(9);
      return seen;
    };
    expect(await most({ concurrency: 3 })).toBe(3);
    const account = { ...journal.newAccount(), pacing: { concurrency: 2 } };
    expect(await most({ concurrency: 3, account })).toBe(2);
  });
});

describe('sweeps', () => {
  it('come first, page by page; what none of them shows is looked up alone', async () => {
    const job = await doubtful(6, SWEEP);
    vendorHas(job, { o1: 'done', o2: 'done', x1: 'done', o4: 'done', o5: 'closed', o6: 'waiting' });
    expect(await verify(job)).toEqual({ succeeded: 3, failed: 1, unknown: 2, stopped: null });
    expect(asked(job)).toEqual(['done@0', 'done@2', 'closed@0', 'o3', 'o6']);
    expect(await job.states()).toEqual(['succeeded', 'succeeded', 'unknown', 'succeeded', 'failed', 'unknown']);
  });

  it('end as soon as every row is found', async () => {
    const job = await doubtful(2, SWEEP);
    vendorHas(job, { o1: 'done', o2: 'done', o3: 'done', o4: 'done' });
    await verify(job);
    expect(asked(job)).toEqual(['done@0']);
  });

  it('are not made for one row alone', async () => {
    const job = await doubtful(1, SWEEP);
    vendorHas(job, { o1: 'done' });
    expect(await verify(job)).toMatchObject({ succeeded: 1 });
    expect(asked(job)).toEqual(['o1']);
  });

  it('are told the rows, the vendor’s time and the earliest time of sending', async () => {
    const seen: unknown[] = [];
    const job = await journal.job({
      rows: orders(2),
      operation: {
        verify: {
          ...PLAN,
          sweep: (rows, facts) => {
            seen.push(
              rows.map((row) => row.order),
              facts,
            );
            return [];
          },
        },
      },
    });
    job.gateway.script = () => {
      job.gateway.vendorMs += 500;
      return unknownEnd;
    };
    await new Runner(job.context).run();
    await verify(job);
    expect(seen).toEqual([
      ['o1', 'o2'],
      { nowMs: NOW_MS + VENDOR_AHEAD_MS + 1_000, sentAtMs: NOW_MS + VENDOR_AHEAD_MS },
    ]);
  });

  it.each<[string, LookupEnd]>([
    ['refused', { kind: 'rejected', failure: failure('P', 'permission') }],
    ['unanswered', { kind: 'unknown', why: WHY }],
    ['failed', { kind: 'failed', failure: failure('E') }],
  ])('that are %s are made up for by single lookups', async (_name, end) => {
    const job = await doubtful(2, SWEEP);
    const single = (order: string): LookupEnd => pageOf({ no: order, status: 'done' });
    job.gateway.onLookup = (params) => (params['order'] === undefined ? end : single(params['order']));
    expect(await verify(job)).toEqual({ succeeded: 2, failed: 0, unknown: 0, stopped: null });
    expect(asked(job)).toEqual(['done@0', 'closed@0', 'o1', 'o2']);
  });

  it('take the first that shows an order, and only orders that match', async () => {
    const job = await doubtful(2, {
      ...SWEEP,
      matches: (row, found) => found.values['no'] === row.order && found.values['shop'] !== 'other',
    });
    job.gateway.onLookup = (params) => {
      if (params['order'] !== undefined) return pageOf({ no: params['order'], status: 'odd' });
      return params['list'] === 'done'
        ? pageOf({ no: 'o1', status: 'done' }, { no: 'o2', status: 'done', shop: 'other' }, { status: 'done' })
        : pageOf({ no: 'o1', status: 'closed' });
    };
    expect(await verify(job)).toEqual({ succeeded: 1, failed: 0, unknown: 1, stopped: null });
    expect(asked(job)).toEqual(['done@0', 'closed@0', 'o2']);
  });

  it('read at most 200 pages', async () => {
    const job = await doubtful(2, { ...SWEEP, sweep: () => [{ operation: 'detail', params: { list: 'done' } }] });
    job.gateway.onLookup = (params, cursor) =>
      params['order'] === undefined
        ? ({ ...pageOf(), next: String(Number(cursor ?? '0') + 1) } as LookupEnd)
        : pageOf({ no: params['order'], status: 'done' });
    expect(await verify(job)).toMatchObject({ succeeded: 2 });
    expect(asked(job)).toHaveLength(202);
    expect(asked(job)[199]).toBe('done@199');
  });

  it('through a lookup that names no order column are left out', async () => {
    const job = await doubtful(2, SWEEP);
    const nameless = { ...job.context.vendor };
    const operations = nameless.operations.map((one) =>
      one.kind === 'lookup' ? { ...one, columns: [{ id: 'no', names: NAMES, kind: 'text' as const }] } : one,
    );
    vendorHas(job, { o1: 'done', o2: 'done' });
    expect(await verify(job, {}, { vendor: { ...nameless, operations } })).toMatchObject({ succeeded: 2 });
    expect(asked(job)).toEqual(['o1', 'o2']);
  });
});

describe('readings that must agree', () => {
  /** A sleep that lets the vendor's time pass. */
  function sleeper(
    job: TestJob,
    then: (nth: number) => void = () => {},
  ): { slept: number[]; sleep: JobContext['sleep'] } {
    const slept: number[] = [];
    return {
      slept,
      sleep: (ms) => {
        slept.push(ms);
        job.gateway.vendorMs += ms;
        then(slept.length);
        return Promise.resolve();
      },
    };
  }
  const T0 = NOW_MS + VENDOR_AHEAD_MS + 1_000;

  it('are made apart, and then settle the row', async () => {
    const job = await doubtful(2, PLAN);
    vendorHas(job, { o1: 'waiting', o2: 'done' });
    const { slept, sleep } = sleeper(job);
    const told: unknown[] = [];
    expect(await verify(job, { waitMs: 60_000, tell: (event) => told.push(event) }, { sleep })).toEqual({
      succeeded: 1,
      failed: 1,
      unknown: 0,
      stopped: null,
    });
    expect(slept).toEqual([30_000, 30_000]);
    expect(asked(job)).toEqual(['o1', 'o2', 'o1', 'o1']);
    expect(told).toEqual([
      { read: 1, waitingMs: null },
      { read: 2, waitingMs: null },
      { read: 2, waitingMs: 30_000 },
      { read: 3, waitingMs: null },
      { read: 3, waitingMs: 30_000 },
      { read: 4, waitingMs: null },
    ]);
    expect(await outcomes(job)).toEqual(['failed console.not_applied', 'succeeded it is as wanted']);
    expect((await job.rows())[0]?.readings).toEqual([]);
  });

  it('see a change between them', async () => {
    const job = await doubtful(1, PLAN);
    vendorHas(job, { o1: 'waiting' });
    const { sleep } = sleeper(job, () => vendorHas(job, { o1: 'done' }));
    expect(await verify(job, { waitMs: 60_000 }, { sleep })).toEqual({
      succeeded: 1,
      failed: 0,
      unknown: 0,
      stopped: null,
    });
  });

  it('wait for the longest of them, once for all', async () => {
    const job = await doubtful(3, {
      ...PLAN,
      judge: (facts) =>
        facts.sameReadingsAtMs.length > 0
          ? { outcome: 'succeeded', note: DONE }
          : { outcome: 'unknown', why: OPEN, again: { afterMs: { o1: 10, o2: 30, o3: 20 }[facts.row.order] ?? 0 } },
    });
    const { slept, sleep } = sleeper(job);
    expect(await verify(job, { waitMs: 30 }, { sleep })).toMatchObject({ succeeded: 3, unknown: 0 });
    expect(slept).toEqual([30]);
  });

  it('are not waited for beyond the time given; the rows stay unknown, their readings kept', async () => {
    const job = await doubtful(2, PLAN);
    vendorHas(job, { o1: 'waiting', o2: 'waiting' });
    const { slept, sleep } = sleeper(job);
    expect(await verify(job, { waitMs: 59_999 }, { sleep })).toEqual({
      succeeded: 0,
      failed: 0,
      unknown: 2,
      stopped: null,
    });
    expect(slept).toEqual([30_000]);
    expect((await job.rows()).map((row) => row.readings)).toEqual([
      [T0, T0 + 30_000],
      [T0, T0 + 30_000],
    ]);
    expect(await outcomes(job)).toEqual(['unknown not settled', 'unknown not settled']);
  });

  it('count on in a later verification', async () => {
    const job = await doubtful(1, PLAN);
    vendorHas(job, { o1: 'waiting' });
    for (const expected of [{ unknown: 1 }, { unknown: 1 }, { failed: 1, unknown: 0 }]) {
      expect(await verify(job)).toMatchObject(expected);
      job.gateway.vendorMs += 40_000;
    }
    expect(await outcomes(job)).toEqual(['failed console.not_applied']);
  });

  it('begin again when something else was read between them', async () => {
    const job = await doubtful(1, PLAN);
    vendorHas(job, { o1: 'waiting' });
    await verify(job);
    vendorHas(job, {});
    await verify(job);
    expect((await job.rows())[0]?.readings).toEqual([]);
    vendorHas(job, { o1: 'waiting' });
    expect(await verify(job)).toMatchObject({ failed: 0, unknown: 1 });
    expect((await job.rows())[0]?.readings).toHaveLength(1);
  });
});

describe('what stops it', () => {
  it('is a refusal that every row would meet; nothing is asked after it, and what was read is settled', async () => {
    const job = await doubtful(6, PLAN, { concurrency: 2 });
    job.gateway.onLookup = (params) =>
      params['order'] === 'o4'
        ? { kind: 'rejected', failure: failure('P1', 'permission') }
        : pageOf({ no: params['order'] ?? '', status: params['order'] === 'o1' ? 'waiting' : 'done' });
    const end = await verify(job, { waitMs: 60_000 });
    expect(end).toMatchObject({ failed: 0, unknown: 1, stopped: { zh: '含义 P1', en: 'reading P1' } });
    const count = job.gateway.lookups.length;
    expect(count).toBeLessThanOrEqual(5);
    // Nothing goes on behind the answer.
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(job.gateway.lookups).toHaveLength(count);
    expect((await job.states()).slice(0, 4)).toEqual(['unknown', 'succeeded', 'succeeded', 'unknown']);
    expect((await job.states())[5]).toBe('unknown');
    expect(end.succeeded).toBe((await job.counts()).succeeded);
    // Rows that were not read keep what was known of them.
    expect((await job.rows())[5]?.note).toEqual(WHY);
  });

  it('is the signal, while asking', async () => {
    const job = await doubtful(3, PLAN);
    const stop = new AbortController();
    job.gateway.onLookup = (params, _cursor, signal) => {
      if (params['order'] === 'o2') stop.abort();
      signal?.throwIfAborted();
      return pageOf({ no: params['order'] ?? '', status: 'done' });
    };
    expect(await verify(job, { signal: stop.signal })).toEqual({
      succeeded: 1,
      failed: 0,
      unknown: 0,
      stopped: { zh: '已停止查证。', en: 'Verification was stopped.' },
    });
    expect(await job.states()).toEqual(['succeeded', 'unknown', 'unknown']);
    expect(asked(job)).toEqual(['o1', 'o2']);
  });

  it('is the signal, while sweeping', async () => {
    const job = await doubtful(3, SWEEP);
    const stop = new AbortController();
    job.gateway.onLookup = (params, cursor, signal) => {
      if (params['list'] === 'closed') stop.abort();
      signal?.throwIfAborted();
      return { ...pageOf({ no: 'o1', status: 'done' }), next: cursor } as LookupEnd;
    };
    expect(await verify(job, { signal: stop.signal })).toMatchObject({
      succeeded: 1,
      stopped: { en: 'Verification was stopped.' },
    });
    expect(await job.states()).toEqual(['succeeded', 'unknown', 'unknown']);
    expect(asked(job)).toEqual(['done@0', 'closed@0']);
  });

  it('is the signal, while waiting; the rows that wait count as unknown', async () => {
    const job = await doubtful(2, PLAN);
    const stop = new AbortController();
    vendorHas(job, { o1: 'waiting', o2: 'done' });
    const sleep = (_ms: number, signal?: AbortSignal): Promise<void> => {
      stop.abort();
      signal?.throwIfAborted();
      return Promise.resolve();
    };
    expect(await verify(job, { signal: stop.signal, waitMs: 60_000 }, { sleep })).toMatchObject({
      succeeded: 1,
      unknown: 1,
      stopped: { en: 'Verification was stopped.' },
    });
    expect((await job.rows())[0]?.readings).toHaveLength(1);
  });

  it('is a keychain that cannot be read', async () => {
    const job = await doubtful(2, PLAN);
    job.gateway.onLookup = () => {
      throw errorOf('KEYCHAIN_LOCKED');
    };
    expect(await verify(job)).toEqual({
      succeeded: 0,
      failed: 0,
      unknown: 0,
      stopped: { zh: '错 KEYCHAIN_LOCKED', en: 'error KEYCHAIN_LOCKED' },
    });
    expect(await job.states()).toEqual(['unknown', 'unknown']);
  });

  it('is a journal that cannot be written', async () => {
    const job = await doubtful(1, PLAN);
    vendorHas(job, { o1: 'done' });
    journal.hooks.before = () => {
      throw errorOf('DISK_FULL');
    };
    expect(await verify(job)).toMatchObject({ stopped: { en: 'error DISK_FULL' } });
    expect(await job.states()).toEqual(['unknown']);
  });

  it('is never a mistake of ours that nobody hears of', async () => {
    const job = await doubtful(1, { ...PLAN, lookup: () => ({ operation: 'none', params: {} }) });
    await expect(verify(job)).rejects.toThrow('polyv has no lookup none');
  });
});

describe('many rows', () => {
  it('are read 2,000 at a time', async () => {
    const swept: number[] = [];
    const job = await doubtful(2_500, {
      ...PLAN,
      sweep: (rows) => {
        swept.push(rows.length);
        return [];
      },
    });
    const decided: number[] = [];
    journal.hooks.before = (entries) => {
      for (const entry of entries) decided.push((entry as DecideEntry).rows.length);
    };
    job.gateway.onLookup = (params) => pageOf({ no: params['order'] ?? '', status: 'done' });
    expect(await verify(job)).toEqual({ succeeded: 2_500, failed: 0, unknown: 0, stopped: null });
    expect(swept).toEqual([2_000, 500]);
    expect(decided).toEqual([2_000, 500]);
    expect(new Set(asked(job)).size).toBe(2_500);
    expect((await job.counts()).succeeded).toBe(2_500);
  });
});

describe('what is decided', () => {
  it('is journalled in one entry, from unknown, at this machine’s time', async () => {
    const job = await doubtful(2, PLAN);
    vendorHas(job, { o1: 'done', o2: 'waiting' });
    const entries: unknown[] = [];
    journal.hooks.before = (found) => entries.push(...found);
    await verify(job);
    expect(entries).toEqual([
      {
        kind: 'decide',
        jobId: job.id,
        accountId: job.context.account.id,
        from: 'unknown',
        rows: [
          { rowNo: 1, order: 'o1', state: 'succeeded', note: DONE },
          { rowNo: 2, order: 'o2', state: 'unknown', note: OPEN, readings: [NOW_MS + VENDOR_AHEAD_MS + 1_000] },
        ],
        atMs: NOW_MS,
      },
    ]);
  });

  it('frees the order for another job; what stays unknown does not', async () => {
    const job = await doubtful(['a', 'b', 'c'], PLAN);
    vendorHas(job, { a: 'done', b: 'closed' });
    await verify(job);
    const other = await journal.job({ rows: ['a', 'b', 'c'], account: job.context.account });
    await new Runner(other.context).run();
    expect(await other.states()).toEqual(['succeeded', 'succeeded', 'not_sent:in_doubt_elsewhere']);
  });

  it('judges by the old value that was read before the write', async () => {
    const seen: unknown[] = [];
    const job = await journal.job({
      rows: ['a'],
      options: { readBefore: true },
      operation: {
        readBefore: {
          byDefault: true,
          columns: [],
          lookup: (row) => ({ operation: 'detail', params: { order: row.order } }),
          matches: () => true,
          judge: ({ found }) => ({ kind: 'write', oldValues: found.values }),
        },
        verify: {
          ...PLAN,
          judge: (facts) => {
            seen.push(facts.oldValues);
            return { outcome: 'succeeded', note: DONE };
          },
        },
      },
    });
    job.gateway.script = () => unknownEnd;
    job.gateway.onLookup = () => pageOf({ no: 'a', status: 'before' });
    await new Runner(job.context).run();
    await verify(job);
    expect(seen).toEqual([{ no: 'a', status: 'before' }]);
  });
});
