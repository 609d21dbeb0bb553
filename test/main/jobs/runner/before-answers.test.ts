// Each answer that a reading before the write can get, and where its row goes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VendorFailure } from '../../../../src/contract/outcome.ts';
import type { LookupEnd } from '../../../../src/main/gateway/types.ts';
import {
  isInsisted,
  isRefusal,
  readBefore,
  readsBefore,
  sweepBefore,
  unreadWhy,
  type Before,
} from '../../../../src/main/jobs/runner/before.ts';
import type { FedRow } from '../../../../src/main/jobs/runner/feed.ts';
import type { BeforeFacts, BeforeWrite, ReadBefore } from '../../../../src/main/vendors/types.ts';
import { failure } from '../../../support/journal.ts';
import { NOW_MS, VENDOR_AHEAD_MS, pageOf, TestJournal, WHY, type JobSetup, type TestJob } from './support.ts';

let journal: TestJournal;
beforeAll(async () => {
  journal = await TestJournal.start();
});
afterAll(() => journal.close());

const OLD = { note: 'old' };
const VENDOR_NOW = NOW_MS + VENDOR_AHEAD_MS;
const signal = new AbortController().signal;

function fed(order: string, change: Partial<FedRow> = {}): FedRow {
  return { rowNo: Number(order.slice(1)), order, values: {}, expects: null, seen: null, insisted: false, ...change };
}

/** A plan that asks for one order, knows it by its number, and judges as it is told. */
function planOf(verdict: BeforeWrite, change: Partial<ReadBefore> = {}, asked: BeforeFacts[] = []): ReadBefore {
  return {
    byDefault: true,
    columns: [],
    lookup: ({ order }) => ({ operation: 'detail', params: { order } }),
    matches: ({ order }, { values }) => values['no'] === order,
    judge: (facts) => {
      asked.push(facts);
      return verdict;
    },
    ...change,
  };
}
const WRITE: BeforeWrite = { kind: 'write', oldValues: OLD };

function jobWith(plan: ReadBefore | null, end: LookupEnd, options: JobSetup['options'] = {}): Promise<TestJob> {
  const operation = plan === null ? {} : { readBefore: plan };
  return journal.job({ rows: ['o1'], operation, options: { readBefore: true, ...options } }).then((job) => {
    job.gateway.onLookup = () => end;
    return job;
  });
}

async function answer(
  plan: ReadBefore | null,
  end: LookupEnd,
  { options, row = fed('o1') }: { options?: JobSetup['options']; row?: FedRow } = {},
): Promise<Before> {
  const { context } = await jobWith(plan, end, options ?? {});
  return readBefore(context, row, undefined, signal);
}

const found = pageOf({ no: 'o9', note: 'x' }, { no: 'o1', note: 'old' });
const rejected = (one: VendorFailure): LookupEnd => ({ kind: 'rejected', failure: one });
const network = (code: string): VendorFailure => failure(`console.${code}`, 'transport');

describe('a present value that was read', () => {
  it('is the row’s own among those that came, judged by what is known', async () => {
    const asked: BeforeFacts[] = [];
    const row = fed('o1', { expects: { note: 'expected' } });
    const before = await answer(planOf(WRITE, {}, asked), found, { row });
    expect(before).toEqual({ kind: 'write', oldValues: OLD });
    expect(asked).toEqual([
      {
        row,
        params: { status: 'delivering' },
        found: { values: { no: 'o1', note: 'old' } },
        expected: { note: 'expected' },
        nowMs: VENDOR_NOW,
      },
    ]);
  });

  it('is compared with what a person saw last, before what the row takes for granted', async () => {
    const asked: BeforeFacts[] = [];
    const row = fed('o1', { expects: { note: 'expected' }, seen: { note: 'seen' } });
    await answer(planOf(WRITE, {}, asked), found, { row });
    expect(asked[0]?.expected).toEqual({ note: 'seen' });
  });

  it('is not read again where it was shown already', async () => {
    const job = await jobWith(planOf(WRITE), found);
    const shown = { values: { no: 'o1' } };
    expect(await readBefore(job.context, fed('o1'), shown, signal)).toEqual({ kind: 'write', oldValues: OLD });
    expect(job.gateway.lookups).toEqual([]);
  });

  it('is not needed by an operation that cannot read it', async () => {
    expect(await answer(null, found)).toEqual({ kind: 'write', oldValues: null });
  });

  const forbidden: BeforeWrite = { kind: 'forbidden', oldValues: OLD, why: { zh: '已退款', en: 'refunded' } };
  const settled: Before = {
    kind: 'settled',
    oldValues: OLD,
    settled: { state: 'not_sent', reason: 'state_forbids', note: { zh: '已退款', en: 'refunded' } },
    streak: null,
  };
  const write: Before = { kind: 'write', oldValues: OLD };

  it.each<[string, Partial<FedRow>, Partial<ReadBefore>, Before]>([
    ['is not sent', {}, {}, settled],
    ['is sent where a person insists on what they saw', { insisted: true, seen: OLD }, {}, write],
    ['is not sent where they saw something else', { insisted: true, seen: { note: 'x' } }, {}, settled],
    ['is not sent where they saw nothing', { insisted: true }, {}, settled],
    ['is not sent where they saw it and do not insist', { seen: OLD }, {}, settled],
    ['is not sent where nobody may insist', { insisted: true, seen: OLD }, { required: true }, settled],
  ])('whose state forbids the write %s', async (_, change, plan, expected) => {
    expect(await answer(planOf(forbidden, plan), found, { row: fed('o1', change) })).toEqual(expected);
  });
});

describe('a reading without a present value', () => {
  const no = failure('F1', 'state');
  const expired: BeforeWrite = { kind: 'forbidden', oldValues: OLD, why: { zh: '过期', en: 'expired' } };

  it('says of the row what its failure says, where that is something', async () => {
    const judging = planOf(WRITE, { judgeFailure: ({ code }) => (code === 'F1' ? expired : null) });
    expect(await answer(judging, { kind: 'failed', failure: no })).toMatchObject({
      kind: 'settled',
      oldValues: OLD,
      settled: { reason: 'state_forbids', note: { en: 'expired' } },
      streak: null,
    });
    for (const end of [rejected(no), { kind: 'failed', failure: failure('F2', 'state') } as const])
      expect(await answer(judging, end)).toMatchObject({ settled: { reason: 'unreadable' }, oldValues: null });
  });

  it.each<[string, LookupEnd, object]>([
    ['another order', pageOf({ no: 'o9' }), { streak: null }],
    ['a failure', { kind: 'failed', failure: failure('F1', 'limit') }, { streak: null }],
    ['no answer', { kind: 'unknown', why: WHY }, { streak: { kind: 'unknown', text: WHY } }],
    [
      'a refusal',
      rejected(failure('R1', 'state')),
      { streak: { kind: 'rejected', text: { zh: '含义 R1', en: 'reading R1' } } },
    ],
  ])('(%s) leaves the row unsent, and counts where no answer came', async (_, end, expected) => {
    const before = await answer(planOf(WRITE), end);
    expect(before).toMatchObject({ kind: 'settled', oldValues: null, settled: { reason: 'unreadable' }, ...expected });
    const kept = end.kind === 'failed' || end.kind === 'rejected' ? end.failure : undefined;
    expect(before.kind === 'settled' && 'failure' in before.settled ? before.settled.failure : undefined).toEqual(kept);
  });

  it.each([
    ['connect_failed', '含义 console.connect_failed', 'reading console.connect_failed'],
    ['dns_failed', '含义 console.dns_failed', 'reading console.dns_failed'],
    [
      'tls_failed',
      '含义 console.tls_failed办法 console.tls_failed',
      'reading console.tls_failed remedy console.tls_failed',
    ],
    [
      'proxy_failed',
      '含义 console.proxy_failed办法 console.proxy_failed',
      'reading console.proxy_failed remedy console.proxy_failed',
    ],
  ])('for want of a network (%s) pauses the job, confirmed or not', async (code, zh, en) => {
    for (const writeUnreadable of [false, true])
      expect(await answer(planOf(WRITE), rejected(network(code)), { options: { writeUnreadable } })).toEqual({
        kind: 'pause',
        pause: { reason: 'network', text: { zh, en } },
      });
    const failed: LookupEnd = { kind: 'failed', failure: network(code) };
    expect(await answer(planOf(WRITE), failed)).toMatchObject({ kind: 'settled' });
  });

  it.each<[string, Partial<ReadBefore>, Before['kind']]>([
    ['is written where the person confirmed that', {}, 'write'],
    ['is not where the operation never writes unread', { required: true }, 'settled'],
    ['is not where it writes over what it read', { requiredBy: { param: 'status', value: 'delivering' } }, 'settled'],
    ['is where it does not with this parameter', { requiredBy: { param: 'status', value: 'x' } }, 'write'],
  ])('%s', async (_, change, kind) => {
    const before = await answer(planOf(WRITE, change), pageOf(), { options: { writeUnreadable: true } });
    expect([before.kind, 'oldValues' in before ? before.oldValues : undefined]).toEqual([kind, null]);
  });
});

describe('one look for many rows', () => {
  const rows = [fed('o1'), fed('o2'), fed('o3')];
  const asked: unknown[] = [];
  const sweeping = planOf(WRITE, {
    sweep: (all, facts) => {
      asked.push([all.map(({ order }) => order), facts]);
      return [{ operation: 'detail', params: { all: 'yes' } }];
    },
    matches: ({ order }, { values }) => values['no'] === order && values['kind'] !== 'other',
  });

  it('shows those that it finds, and that are theirs', async () => {
    const { context, gateway } = await jobWith(
      sweeping,
      pageOf({ no: 'o2' }, { no: 'o9' }, { no: 'o3', kind: 'other' }, { no: 'o1', kind: 'same' }),
    );
    const shown = await sweepBefore(context, rows, signal);
    expect([...shown].toSorted(([a], [b]) => a - b)).toEqual([
      [1, { values: { no: 'o1', kind: 'same' } }],
      [2, { values: { no: 'o2' } }],
    ]);
    expect(asked.at(-1)).toEqual([['o1', 'o2', 'o3'], { nowMs: VENDOR_NOW }]);
    expect(gateway.lookups).toEqual([{ operation: 'detail', params: { all: 'yes' }, cursor: null }]);
  });

  it.each<[string, ReadBefore | null, readonly FedRow[]]>([
    ['a single row', sweeping, rows.slice(0, 1)],
    ['an operation that cannot', planOf(WRITE), rows],
    ['an operation that reads nothing', null, rows],
  ])('is not taken for %s', async (_, plan, some) => {
    const { context, gateway } = await jobWith(plan, pageOf({ no: 'o1' }));
    expect((await sweepBefore(context, some, signal)).size).toBe(0);
    expect(gateway.lookups).toEqual([]);
  });

  it('is taken for two rows, and stops after three pages that show none', async () => {
    const page: LookupEnd = { kind: 'page', rows: [{ values: { no: 'o9' } }], next: 'more' };
    const { context, gateway } = await jobWith(sweeping, page);
    expect((await sweepBefore(context, rows.slice(0, 2), signal)).size).toBe(0);
    expect(gateway.lookups.map(({ cursor }) => cursor)).toEqual([null, 'more', 'more']);
  });

  it('can be broken off', async () => {
    const { context, gateway } = await jobWith(sweeping, pageOf());
    gateway.onLookup = (_params, _cursor, given) => {
      given?.throwIfAborted();
      return pageOf();
    };
    await expect(sweepBefore(context, rows, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    await expect(readBefore(context, fed('o1'), undefined, AbortSignal.abort(new Error('stop')))).rejects.toThrow(
      'stop',
    );
  });
});

describe('whether a job’s rows are read before they are written', () => {
  it.each<[string, ReadBefore | null, boolean, boolean]>([
    ['it asks for that', planOf(WRITE), true, true],
    ['it does not ask', planOf(WRITE), false, false],
    ['its operation always does', planOf(WRITE, { required: true }), false, true],
    ['its parameters need it', planOf(WRITE, { requiredBy: { param: 'status', value: 'delivering' } }), false, true],
    ['its operation cannot', null, true, false],
  ])('is so by its wish and its operation: %s', async (_, plan, asks, reads) => {
    const { context } = await jobWith(plan, pageOf(), { readBefore: asks });
    expect(readsBefore(context)).toBe(reads);
  });
});

describe('what is told of a reading', () => {
  it.each<[LookupEnd, string, string]>([
    [pageOf(), '供应商没有返回这个订单。', 'The vendor returned no such order.'],
    [{ kind: 'unknown', why: WHY }, '没有答复', 'no answer'],
    [{ kind: 'failed', failure: failure('F1') }, '含义 F1', 'reading F1'],
    [rejected(failure('R1')), '含义 R1', 'reading R1'],
  ])('%j', (end, zh, en) => {
    expect(unreadWhy(end)).toEqual({ zh, en });
  });

  it.each<[VendorFailure['class'], boolean]>([
    ['sign', true],
    ['quota', true],
    ['limit', true],
    ['state', false],
    ['transport', false],
  ])('a failure of class %s meets every row: %s', (failureClass, every) => {
    expect(isRefusal(failure('F', failureClass))).toBe(every);
  });

  it.each<[FedRow['seen'], Record<string, string>, boolean]>([
    [{ a: '1', b: '' }, { a: '1' }, true],
    [{ a: '1' }, { a: '1', b: '' }, true],
    [{ a: '1' }, { a: '1', b: '2' }, false],
    [{ a: '1', b: '2' }, { a: '1' }, false],
    [{}, {}, true],
    [null, {}, false],
  ])('%j and %j are the same state: %s', (seen, present, same) => {
    expect(isInsisted({ insisted: true, seen }, present)).toBe(same);
    expect(isInsisted({ insisted: false, seen }, present)).toBe(false);
  });
});
