import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../../src/contract/outcome.ts';
import type { LookupEnd } from '../../../../src/main/gateway/types.ts';
import type { JournalEntry } from '../../../../src/main/jobs/journal/calls.ts';
import { Runner } from '../../../../src/main/jobs/runner/runner.ts';
import { lookupOf } from '../../../../src/main/jobs/sweep.ts';
import type { ReadBefore, Values } from '../../../../src/main/vendors/types.ts';
import { failure, fitRow } from '../../../support/journal.ts';
import { orders, pageOf, sums, TestJournal, unknownEnd, WHY, type JobSetup, type TestJob } from './support.ts';

let journal: TestJournal;
beforeAll(async () => {
  journal = await TestJournal.start();
});
afterEach(() => journal.clearHooks());
afterAll(() => journal.close());

/** Writes a note over what is there: nothing to do when it is there already, changed when it says so. */
const readBefore: ReadBefore = {
  byDefault: true,
  columns: [],
  lookup: (row) => ({ operation: 'detail', params: { order: row.order } }),
  matches: () => true,
  judge: ({ row, found }) => {
    const oldValues: Values = { note: found.values['note'] ?? '' };
    if (oldValues['note'] === row.values['note']) return { kind: 'nothing_to_do', oldValues };
    return oldValues['note'] === 'changed' ? { kind: 'changed', oldValues } : { kind: 'write', oldValues };
  },
};

/** A job that writes the note "new" on `n` orders. */
function noteJob(n: number, setup: Partial<JobSetup> = {}): Promise<TestJob> {
  return journal.job({
    rows: orders(n).map((order, index) => fitRow(index + 1, order, { note: 'new' })),
    ...setup,
    operation: { readBefore, ...setup.operation },
    options: { readBefore: true, ...setup.options },
  });
}

const rejected = (failureClass: FailureClass): LookupEnd => ({
  kind: 'rejected',
  failure: failure(`R-${failureClass}`, failureClass),
});

describe('reading the present value before a write', () => {
  it('journals the old value with the claim, before the write', async () => {
    const job = await noteJob(1);
    job.gateway.onLookup = () => pageOf({ note: 'old' });
    const claims: JournalEntry[] = [];
    journal.hooks.before = (entries) => claims.push(...entries.filter((entry) => entry.kind === 'claim'));
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'finished' });
    expect(job.gateway.lookups).toEqual([{ operation: 'detail', params: { order: 'o1' }, cursor: null }]);
    expect(claims).toMatchObject([{ rows: [{ rowNo: 1, order: 'o1', oldValues: { note: 'old' } }] }]);
    expect(await job.rows()).toMatchObject([{ state: 'succeeded', oldValues: { note: 'old' } }]);
  });

  it('sends nothing where there is nothing to do, or where the value is another than was seen', async () => {
    const job = await noteJob(3);
    const present: Record<string, string> = { o1: 'new', o2: 'changed', o3: 'old' };
    job.gateway.onLookup = (params) => pageOf({ note: present[params['order'] ?? ''] ?? '' });
    expect(await new Runner(job.context).run()).toEqual({ state: 'finished', reason: null, text: null });
    expect(job.gateway.calls).toEqual([['o3']]);
    expect(
      (await job.rows()).map(({ state, reason, note, oldValues }) => ({ state, reason, note, oldValues })),
    ).toEqual([
      {
        state: 'not_sent',
        reason: 'nothing_to_do',
        note: { zh: '现值已是所要的值，没有发送。', en: 'It already is as wanted; nothing was sent.' },
        oldValues: { note: 'new' },
      },
      {
        state: 'not_sent',
        reason: 'changed_since_preview',
        note: {
          zh: '现值与预览时不同，没有发送；请确认后重试。',
          en: 'The present value is not the one previewed, so it was not sent; confirm it and retry.',
        },
        oldValues: { note: 'changed' },
      },
      { state: 'succeeded', reason: null, note: null, oldValues: { note: 'old' } },
    ]);
    expect(sums(await job.counts())).toBe(true);
  });

  it('is not done where the job does not ask for it, or the operation cannot', async () => {
    const off = await noteJob(1, { options: { readBefore: false } });
    await new Runner(off.context).run();
    const cannot = await journal.job({ rows: ['a'], options: { readBefore: true } });
    await new Runner(cannot.context).run();
    expect([off.gateway.lookups, cannot.gateway.lookups]).toEqual([[], []]);
    expect([off.gateway.calls.length, cannot.gateway.calls.length]).toEqual([1, 1]);
  });

  it('prepares no call of which no row is left', async () => {
    const job = await noteJob(2, { operation: { readBefore, batchSize: 2 } });
    job.gateway.onLookup = () => pageOf({ note: 'new' });
    await new Runner(job.context).run();
    expect(job.gateway.prepares).toBe(0);
  });

  it('leaves rows out of a batch', async () => {
    const job = await noteJob(3, { operation: { readBefore, batchSize: 3 } });
    job.gateway.onLookup = (params) => pageOf({ note: params['order'] === 'o2' ? 'new' : 'old' });
    await new Runner(job.context).run();
    expect(job.gateway.calls).toEqual([['o1', 'o3']]);
    expect((await job.rows()).map((row) => row.oldValues)).toEqual([{ note: 'old' }, { note: 'new' }, { note: 'old' }]);
  });
});

describe('a present value that cannot be read', () => {
  const no = failure('F1', 'input');
  const unreadable = (zh: string, en: string): object => ({
    state: 'not_sent',
    reason: 'unreadable',
    note: {
      zh: `写入前读不到现值，没有发送：${zh}`,
      en: `The present value could not be read before the write, so it was not sent: ${en}`,
    },
    oldValues: null,
    attempts: 0,
  });

  it.each<[string, LookupEnd, object]>([
    [
      'no such order',
      pageOf(),
      { ...unreadable('供应商没有返回这个订单。', 'The vendor returned no such order.'), failure: null },
    ],
    ['no answer', { kind: 'unknown', why: WHY }, { ...unreadable('没有答复', 'no answer'), failure: null }],
    ['a failure', { kind: 'failed', failure: no }, { ...unreadable('含义 F1', 'reading F1'), failure: no }],
    [
      'a call that did not leave',
      rejected('transport'),
      { ...unreadable('含义 R-transport', 'reading R-transport'), failure: failure('R-transport', 'transport') },
    ],
  ])('(%s) is not written', async (_name, end, expected) => {
    const job = await noteJob(1);
    job.gateway.onLookup = () => end;
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'finished' });
    expect(job.gateway.calls).toEqual([]);
    expect(await job.rows()).toMatchObject([expected]);
  });

  it.each<[string, LookupEnd]>([
    ['no such order', pageOf()],
    ['no answer', { kind: 'unknown', why: WHY }],
    ['a failure', { kind: 'failed', failure: no }],
  ])('(%s) is written where the person confirmed that', async (_name, end) => {
    const job = await noteJob(1, { options: { readBefore: true, writeUnreadable: true } });
    job.gateway.onLookup = () => end;
    await new Runner(job.context).run();
    expect(job.gateway.calls).toEqual([['o1']]);
    expect(await job.rows()).toMatchObject([{ state: 'succeeded', oldValues: null }]);
  });

  it.each<FailureClass>(['sign', 'permission', 'quota', 'limit', 'clock'])(
    'for the account’s sake (%s) pauses the job after one; the row stays pending, confirmed or not',
    async (failureClass) => {
      for (const writeUnreadable of [false, true]) {
        const job = await noteJob(3, { options: { readBefore: true, writeUnreadable } });
        job.gateway.onLookup = () => rejected(failureClass);
        expect(await new Runner(job.context).run()).toEqual({
          state: 'paused',
          reason: failureClass,
          text: { zh: `含义 R-${failureClass}`, en: `reading R-${failureClass}` },
        });
        expect(job.gateway.lookups).toHaveLength(1);
        expect(job.gateway.prepares).toBe(0);
        expect(new Set(await job.states())).toEqual(new Set(['not_sent:pending']));
      }
    },
  );

  it.each<[string, LookupEnd, string, string]>([
    ['refused', rejected('transport'), 'rejected_in_row', '5 calls in a row were rejected. reading R-transport'],
    [
      'unanswered',
      { kind: 'unknown', why: WHY },
      'unknown_in_row',
      '5 calls in a row had no trustworthy answer. no answer',
    ],
  ])('five times in a row (%s) pauses the job', async (_name, end, reason, text) => {
    const job = await noteJob(8);
    job.gateway.onLookup = () => end;
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'paused', reason, text: { en: text } });
    expect(await job.states()).toEqual([
      ...orders(5).map(() => 'not_sent:unreadable'),
      ...orders(3).map(() => 'not_sent:pending'),
    ]);
    expect(job.gateway.lookups.length).toBeLessThanOrEqual(6);
  });

  it('four times in a row does not, nor does a failure of the row’s own', async () => {
    const job = await noteJob(10);
    let nth = 0;
    job.gateway.onLookup = () => {
      nth += 1;
      return nth % 5 === 0 ? { kind: 'failed', failure: no } : rejected('transport');
    };
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'finished' });
    expect(new Set(await job.states())).toEqual(new Set(['not_sent:unreadable']));
  });

  it('counts on from writes without an answer; a good read between them says nothing', async () => {
    const job = await noteJob(8);
    let nth = 0;
    job.gateway.script = () => unknownEnd;
    job.gateway.onLookup = () => {
      nth += 1;
      return nth > 3 ? { kind: 'unknown', why: WHY } : pageOf({ note: 'old' });
    };
    expect(await new Runner(job.context).run()).toMatchObject({ state: 'paused', reason: 'unknown_in_row' });
    expect(job.gateway.calls).toHaveLength(3);
    expect((await job.counts()).byReason.unreadable).toBe(2);
  });
});

describe('a stop while reading', () => {
  it('leaves the row pending and sends nothing', async () => {
    const job = await noteJob(3);
    const runner = new Runner(job.context);
    job.gateway.onLookup = () => {
      runner.pause();
      return pageOf({ note: 'old' });
    };
    expect(await runner.run()).toEqual({ state: 'paused', reason: 'person', text: null });
    expect(job.gateway.prepares).toBe(0);
    expect(job.gateway.lookups).toHaveLength(1);
    expect(new Set(await job.states())).toEqual(new Set(['not_sent:pending']));
  });

  it('breaks the reading off, which is no error', async () => {
    const job = await noteJob(3);
    const logged: unknown[] = [];
    const runner = new Runner(
      job.context,
      () => {},
      (error) => logged.push(error),
    );
    job.gateway.onLookup = (_params, _cursor, signal) => {
      runner.cancel();
      signal?.throwIfAborted();
      return pageOf();
    };
    expect(await runner.run()).toEqual({ state: 'cancelled', reason: null, text: null });
    expect(logged).toEqual([]);
    expect(sums(await job.counts())).toBe(true);
  });
});

describe('a lookup by reference', () => {
  it('is one of the vendor’s lookups', async () => {
    const { context } = await noteJob(1);
    expect(lookupOf(context, 'detail').id).toBe('detail');
    expect(() => lookupOf(context, 'update-status')).toThrow('polyv has no lookup update-status');
    expect(() => lookupOf(context, 'none')).toThrow('polyv has no lookup none');
  });
});
