import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LookupEnd } from '../../../../src/main/gateway/types.ts';
import { Look, type LookEnd } from '../../../../src/main/jobs/look/look.ts';
import { Runner } from '../../../../src/main/jobs/runner/runner.ts';
import type { ReadBefore, UpdateOperation, Values } from '../../../../src/main/vendors/types.ts';
import { failure, fitRow } from '../../../support/journal.ts';
import { orders, pageOf, TestJournal, unknownEnd, WHY, type TestJob } from '../runner/support.ts';

let journal: TestJournal;
beforeAll(async () => {
  journal = await TestJournal.start();
});
afterEach(() => journal.clearHooks());
afterAll(() => journal.close());

const WRONG = { zh: '状态不允许', en: 'its state forbids it' };
/** `new` is as wanted, `closed` forbids it, and what is not as it was seen has changed. */
const readBefore: ReadBefore = {
  byDefault: true,
  columns: [],
  lookup: (row) => ({ operation: 'detail', params: { order: row.order } }),
  matches: (row, found) => found.values['no'] === row.order,
  judge: ({ row, found, expected }) => {
    const oldValues: Values = { note: found.values['note'] ?? '' };
    if (oldValues['note'] === row.values['note']) return { kind: 'nothing_to_do', oldValues };
    if (oldValues['note'] === 'closed') return { kind: 'forbidden', oldValues, why: WRONG };
    const isChanged = expected !== null && expected['note'] !== oldValues['note'];
    return { kind: isChanged ? 'changed' : 'write', oldValues };
  },
};
const SWEEP: ReadBefore = { ...readBefore, sweep: () => [{ operation: 'detail', params: { list: 'all' } }] };

async function noteJob(n: number, change: Partial<UpdateOperation> = {}, params: Values = {}): Promise<TestJob> {
  const job = await journal.job({
    rows: orders(n).map((order, index) => fitRow(index + 1, order, { note: 'new' })),
    operation: { readBefore, ...change },
    options: { readBefore: true },
  });
  return { ...job, context: { ...job.context, job: { ...job.context.job, params } } };
}

/** What the vendor has, by order; a list shows all of it on one page. */
function vendorHas(job: TestJob, present: Record<string, string>): void {
  const one = (no: string): Values => ({ no, note: present[no] ?? '' });
  job.gateway.onLookup = ({ order, list }) => {
    if (list !== undefined) return pageOf(...Object.keys(present).map(one));
    return present[order ?? ''] === undefined ? pageOf() : pageOf(one(order ?? ''));
  };
}

const look = (job: TestJob, again = false): Promise<LookEnd> => new Look(job.context, { again }).run();
const seen = async (job: TestJob): Promise<(string | null)[]> =>
  (await job.rows()).map((row) => row.seenValues?.['note'] ?? null);
const asked = (job: TestJob): string[] => job.gateway.lookups.map(({ params }) => params['order'] ?? 'list');

describe('reading present values for the preview', () => {
  it('keeps what it read, sets aside what needs no change or allows none, names what it cannot read, and sends nothing', async () => {
    const job = await noteJob(4);
    vendorHas(job, { o1: 'old', o2: 'new', o3: 'closed' });
    const told: unknown[] = [];
    const end = await new Look(job.context, { again: false, tell: (event) => told.push(event) }).run();
    expect(end).toEqual({ read: 4, changes: 1, nothing: 1, forbidden: 1, changed: 0, unread: 1, stopped: null });
    expect(await job.states()).toEqual([
      'not_sent:pending',
      'not_sent:nothing_to_do',
      'not_sent:state_forbids',
      'not_sent:pending',
    ]);
    expect(await seen(job)).toEqual(['old', 'new', 'closed', null]);
    expect((await job.rows())[2]?.note).toEqual(WRONG);
    expect(told[0]).toEqual({ read: 0, total: 4 });
    expect(told.at(-1)).toEqual({ read: 4, total: 4 });
    expect(job.gateway.calls).toEqual([]);
    const { now } = job.context;
    expect(await journal.plain.call('seenOf', { jobId: job.id })).toEqual({
      seen: 1,
      unread: 1,
      left: 0,
      oldestMs: now(),
      notes: [
        {
          count: 1,
          read: false,
          text: {
            zh: '读不到现值：供应商没有返回这个订单。',
            en: 'The present value could not be read: The vendor returned no such order.',
          },
        },
      ],
    });
  });

  it('reads many at once where the vendor can, and the rest one by one', async () => {
    const job = await noteJob(3, { readBefore: SWEEP });
    vendorHas(job, { o1: 'old', o2: 'closed' });
    expect(await look(job)).toMatchObject({ changes: 1, forbidden: 1, unread: 1 });
    expect(asked(job)).toEqual(['list', 'o3']);
  });

  it('gives a list up that shows fewer rows than it has pages', async () => {
    const job = await noteJob(2, { readBefore: SWEEP });
    job.gateway.onLookup = ({ order }, cursor) =>
      order === undefined
        ? ({ ...pageOf(), next: String(Number(cursor ?? '0') + 1) } as LookupEnd)
        : pageOf({ no: order, note: 'old' });
    expect(await look(job)).toMatchObject({ changes: 2, stopped: null });
    expect(asked(job)).toEqual(['list', 'list', 'list', 'o1', 'o2']);
  });

  it('keeps what it read until it is stopped, and goes on from there', async () => {
    const job = await noteJob(3);
    const stop = new AbortController();
    job.gateway.onLookup = ({ order }, _cursor, signal) => {
      if (order === 'o2') stop.abort();
      signal?.throwIfAborted();
      return pageOf({ no: order ?? '', note: 'old' });
    };
    const end = await new Look(job.context, { again: false, signal: stop.signal }).run();
    expect(end.read).toBe(1);
    expect(end.stopped?.en).toContain('what was read is kept');
    expect(await seen(job)).toEqual(['old', null, null]);
    expect(await journal.plain.call('seenOf', { jobId: job.id })).toMatchObject({ seen: 1, unread: 2, left: 2 });
    vendorHas(job, { o1: 'other', o2: 'old', o3: 'old' });
    job.gateway.lookups.length = 0;
    expect(await look(job)).toMatchObject({ read: 2, stopped: null });
    expect(asked(job)).toEqual(['o2', 'o3']);
    expect(await seen(job)).toEqual(['old', 'old', 'old']);
  });

  it('stops at a refusal that every row would meet, and says why', async () => {
    const job = await noteJob(2);
    job.gateway.onLookup = () => ({ kind: 'rejected', failure: failure('P', 'permission') });
    expect(await look(job)).toMatchObject({ read: 0, stopped: { en: 'reading P' } });
    expect(asked(job)).toEqual(['o1']);
  });

  it.each<[string, LookupEnd]>([
    ['no answer', { kind: 'unknown', why: WHY }],
    ['a failure', { kind: 'failed', failure: failure('E') }],
  ])('leaves a row where it waits after %s', async (_what, end) => {
    const job = await noteJob(1);
    job.gateway.onLookup = () => end;
    expect(await look(job)).toMatchObject({ read: 1, unread: 1, stopped: null });
    expect(await job.states()).toEqual(['not_sent:pending']);
  });

  it('takes a look-up’s failure for a state where the definition does', async () => {
    const judgeFailure: ReadBefore['judgeFailure'] = ({ code }) =>
      code === 'OVER' ? { kind: 'forbidden', oldValues: {}, why: WRONG } : null;
    const job = await noteJob(1, { readBefore: { ...readBefore, judgeFailure } });
    job.gateway.onLookup = () => ({ kind: 'failed', failure: failure('OVER', 'state') });
    expect(await look(job)).toMatchObject({ forbidden: 1 });
  });

  it('reads all again when asked to, what it has set aside, too', async () => {
    const job = await noteJob(2);
    vendorHas(job, { o1: 'new', o2: 'closed' });
    await look(job);
    vendorHas(job, { o1: 'old', o2: 'open' });
    expect(await look(job)).toMatchObject({ read: 0 });
    const later = { ...job, context: { ...job.context, now: () => job.context.now() + 1_000 } };
    expect(await look(later, true)).toMatchObject({ read: 2, changes: 2 });
    expect(await job.states()).toEqual(['not_sent:pending', 'not_sent:pending']);
  });
});

describe('a run after a reading', () => {
  it('writes only what still is as it was seen', async () => {
    const job = await noteJob(2);
    vendorHas(job, { o1: 'old', o2: 'old' });
    await look(job);
    vendorHas(job, { o1: 'old', o2: 'by someone' });
    await new Runner(job.context).run();
    expect(job.gateway.calls).toEqual([['o1']]);
    expect(await job.states()).toEqual(['succeeded', 'not_sent:changed_since_preview']);
    // What the person confirms is the value that was met, not the one before.
    expect(await seen(job)).toEqual(['old', 'by someone']);
    expect(await journal.plain.call('allowRows', { jobId: job.id, reason: 'changed_since_preview', atMs: 1 })).toBe(1);
    await new Runner(job.context).run();
    expect(job.gateway.calls).toEqual([['o1'], ['o2']]);
    expect(await job.states()).toEqual(['succeeded', 'succeeded']);
  });

  it('sends what its state forbids only on the person’s word, and only while the state is the one they saw', async () => {
    const job = await noteJob(2);
    vendorHas(job, { o1: 'closed', o2: 'closed' });
    await look(job);
    await new Runner(job.context).run();
    expect(job.gateway.calls).toEqual([]);
    expect(await journal.plain.call('allowRows', { jobId: job.id, reason: 'state_forbids', atMs: 1 })).toBe(2);
    expect((await job.rows()).map(({ insisted }) => insisted)).toEqual([true, true]);
    // Read again, they are left as the person saw them.
    expect(await look(job, true)).toMatchObject({ read: 0 });
    vendorHas(job, { o1: 'closed', o2: 'old' });
    await new Runner(job.context).run();
    expect(job.gateway.calls).toEqual([['o1']]);
    expect(await job.states()).toEqual(['succeeded', 'not_sent:changed_since_preview']);
  });
});

describe('a write that is made of what is there', () => {
  const COMPOSE: Partial<UpdateOperation> = {
    readBefore: { ...readBefore, requiredBy: { param: 'mode', value: 'append' } },
    compose: (row, present, params) =>
      params['mode'] === 'append'
        ? { ...row, values: { ...row.values, note: `${present['note'] ?? ''}+${row.values['note'] ?? ''}` } }
        : row,
    warn: (row) =>
      (row.values['note'] ?? '').length > 6 ? [{ code: 'long', message: { zh: '太长', en: 'too long' } }] : [],
    request: (rows, _params, context) => ({
      method: 'POST',
      url: context.baseUrl,
      headers: {},
      body: Buffer.from(JSON.stringify(rows.map(({ values }) => values['note']))),
      signedText: '',
      sign: '',
    }),
    verify: {
      lookup: readBefore.lookup,
      matches: readBefore.matches,
      judge: ({ row, found }) =>
        found?.values['note'] === row.values['note']
          ? { outcome: 'succeeded', note: { zh: '已写', en: 'written' } }
          : { outcome: 'unknown', why: WHY },
    },
  };
  const bodies = (job: TestJob): string[] =>
    job.gateway.held.map(({ prepared }) => Buffer.from(prepared.request.body ?? []).toString());

  it('is composed with the value read just before it, and never made without', async () => {
    const job = await noteJob(2, COMPOSE, { mode: 'append' });
    const { context } = job;
    const options = { ...context.job.options, readBefore: false, writeUnreadable: true };
    vendorHas(job, { o1: 'old' });
    await new Runner({ ...context, job: { ...context.job, options } }).run();
    expect(bodies(job)).toEqual(['["old+new"]']);
    expect(await job.states()).toEqual(['succeeded', 'not_sent:unreadable']);
  });

  it('is composed anew when it is sent again, not twice', async () => {
    const job = await noteJob(1, COMPOSE, { mode: 'append' });
    vendorHas(job, { o1: 'old' });
    job.gateway.script = (_rows, call) =>
      call === 0
        ? { kind: 'rejected', failure: failure('L', 'limit') }
        : { kind: 'answered', rows: [{ outcome: 'succeeded' }] };
    await new Runner(job.context).run();
    expect(bodies(job)).toEqual(['["old+new"]', '["old+new"]']);
  });

  it('is verified by what was written, and its length is minded before', async () => {
    const { Verifier } = await import('../../../../src/main/jobs/verify/verifier.ts');
    const job = await noteJob(1, COMPOSE, { mode: 'append' });
    vendorHas(job, { o1: 'old' });
    await look(job);
    expect((await job.rows())[0]?.note).toEqual({ zh: '太长', en: 'too long' });
    job.gateway.script = () => unknownEnd;
    await new Runner(job.context).run();
    vendorHas(job, { o1: 'old+new' });
    expect(await new Verifier(job.context, { waitMs: 0 }).run()).toMatchObject({ succeeded: 1 });
  });
});
