import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RowView } from '../../../src/contract/job.ts';
import { startTwins, type Twins } from '../../../src/main/twins/index.ts';
import { accountOf, folderOf, TestConsole } from './support.ts';

// What a person makes of a job afterwards, on the vendors' twins: undone, mended, decided, confirmed by its count.

/** Twins, a database thread and a workspace begin, on a loaded machine, too. */
const HOOK_MS = 60_000;
const folder = folderOf();
let twins: Twins;
let test: TestConsole;
let pdd: string;
let polyv: string;
/** Orders that can be read, with a note and a mark of their own, and without. */
let noted: string[];
let plain: string[];

beforeAll(async () => {
  twins = await startTwins({ orders: 900 });
  test = await TestConsole.start(folder.path, { twins: async () => twins });
  pdd = await accountOf(test, 'pdd');
  polyv = await accountOf(test, 'polyv');
  const recent = Array.from({ length: 900 }, (_, index) => twins.pdd.order(index)).filter(
    ({ createdAt }) => twins.pdd.now() - createdAt < 80 * 86_400_000,
  );
  noted = recent.filter(({ note }) => note !== '').map(({ number }) => number);
  plain = recent.filter(({ note }) => note === '').map(({ number }) => number);
}, HOOK_MS);
beforeEach(() => {
  test.forget();
  twins.pdd.setFaults([]);
  twins.polyv.setFaults([]);
});
afterAll(async () => {
  await test.console.close();
  folder.remove();
});

let imports = 0;

/** Imports rows of notes: order, note, mark, its name. */
async function imported(
  rows: readonly (readonly string[])[],
  options: { readBefore?: boolean; verifyAfter?: boolean } = {},
): Promise<number> {
  imports += 1;
  const text = ['订单号,商家备注,标记,标记名称', ...rows.map((cells) => cells.join(','))].join('\n');
  const { jobId } = await test.call('updates.import', {
    importId: `mending-${imports}`,
    accountId: pdd,
    operation: 'note-update',
    params: {},
    source: { kind: 'paste', text },
    mapping: { order_sn: 0, note: 1, tag: 2, tag_name: 3 },
    hasHeader: true,
    options: { readBefore: true, writeUnreadable: false, verifyAfter: false, ...options },
  });
  return jobId;
}

async function ran(jobId: number, firstRows: number | null = null, confirmed: number | null = null): Promise<void> {
  test.forget();
  await test.call('jobs.run', { jobId, firstRows, confirmed });
  await test.heard('runEnded', (end) => end.jobId === jobId);
}

async function rowsOf(jobId: number): Promise<readonly RowView[]> {
  return (await test.call('jobs.rows', { jobId, filter: {}, offset: 0, limit: 200 })).rows;
}

const states = async (jobId: number): Promise<string[]> =>
  (await rowsOf(jobId)).map(({ state, reason }) => (reason === null ? state : `${state}:${reason}`));

/** Note and mark as the twin has them now. */
function noteOf(order: string): string[] {
  const { note, tag, tagName } = twins.pdd.order(twins.pdd.indexOf(order));
  return [note, tag, tagName];
}

async function sumOf(jobId: number): Promise<void> {
  const { counts } = await test.call('jobs.get', { jobId });
  expect(counts.succeeded + counts.failed + counts.unknown + counts.notSent).toBe(counts.total);
}

describe('a job of notes', () => {
  it('is undone by a reverse job, previewed and run as any, and that one, too', async () => {
    const [a, b, c, d, e] = [...noted.slice(0, 3), ...plain.slice(0, 2)] as [string, string, string, string, string];
    const before = [a, b, c].map(noteOf);
    const jobId = await imported([
      [a, 'new a', '', ''],
      [b, 'new b', '3', '绿'],
      [c, 'new c', '', ''],
      [d, 'new d', '1', '红'],
      [e, 'same', '', ''],
    ]);
    await ran(jobId);
    expect((await test.call('jobs.get', { jobId })).counts.succeeded).toBe(5);
    const written = [a, b, c].map(noteOf);
    // Someone else writes to one of them meanwhile.
    const other = await imported([[c, 'by someone', '', '']]);
    await ran(other);

    const undone = await test.call('jobs.undo', { jobId });
    expect(undone).toMatchObject({ rows: 5, ready: 3, unread: 0, refused: 2, same: 0 });
    const reverse = await test.call('jobs.get', { jobId: undone.jobId });
    expect(reverse.job).toMatchObject({ state: 'ready', kind: 'undo', parentId: jobId, undoable: true });
    expect((await test.call('jobs.get', { jobId })).job.children).toEqual([{ id: undone.jobId, kind: 'undo' }]);
    // An order without a note before is named: the vendor takes no empty one.
    const rows = await rowsOf(undone.jobId);
    expect(rows.map(({ line, order, problem }) => [line, order, problem?.code ?? null])).toEqual([
      [2, a, null],
      [3, b, null],
      [4, c, null],
      [5, d, 'undo.refused'],
      [6, e, 'undo.refused'],
    ]);
    expect(rows[3]?.problem?.message.en).toMatch(/cannot be written back/);
    const preview = await test.call('jobs.preview', { jobId: undone.jobId });
    expect(preview.pending).toBe(3);
    expect(preview.rows[0]?.values).toEqual({ note: before[0]?.[0], tag: before[0]?.[1], tag_name: before[0]?.[2] });
    // Nothing has been sent for the asking.
    expect([a, b].map(noteOf)).toEqual(written.slice(0, 2));

    await ran(undone.jobId);
    expect(await states(undone.jobId)).toEqual([
      'succeeded',
      'succeeded',
      'not_sent:changed_since_preview',
      'not_sent:set_aside',
      'not_sent:set_aside',
    ]);
    expect([a, b].map(noteOf)).toEqual(before.slice(0, 2));
    expect(noteOf(c)[0]).toBe('by someone');
    await sumOf(undone.jobId);

    const again = await test.call('jobs.undo', { jobId: undone.jobId });
    expect(again).toMatchObject({ rows: 2, ready: 2 });
    await ran(again.jobId);
    expect([a, b].map(noteOf)).toEqual(written.slice(0, 2));
  });

  it('that did not read the old notes cannot be undone, and says so before it runs', async () => {
    const jobId = await imported([[plain[5] ?? '', 'unread', '', '']], { readBefore: false });
    expect((await test.call('jobs.get', { jobId })).job.undoable).toBe(false);
    await ran(jobId);
    expect(await test.refusal('jobs.undo', { jobId })).toMatchObject({ code: 'NOTHING_TO_UNDO' });
    expect((await test.call('jobs.get', { jobId })).job.children).toEqual([]);
  });
});

describe('rows that failed', () => {
  it('are mended in place and sent as a follow-up, with their lines and cells', async () => {
    const [good, bad, pair] = plain.slice(10, 13) as [string, string, string];
    const wrong = '200101-000000000000001';
    const jobId = await imported(
      [
        [good, 'fine', '', ''],
        [wrong, 'for another order', '', ''],
        [pair, 'half a mark', '2', ''],
      ],
      { readBefore: false },
    );
    await ran(jobId);
    expect(await states(jobId)).toEqual(['succeeded', 'failed', 'not_sent:set_aside']);
    const acted = twins.pdd.ledger.actions.length;

    expect(await test.call('jobs.editable', { jobId, rowNo: 1 })).toMatchObject({ values: null });
    const { values } = await test.call('jobs.editable', { jobId, rowNo: 2 });
    expect(values).toMatchObject({ order_sn: wrong, note: 'for another order' });
    // Checked as one types, at the field, and by the same rules when it is saved.
    const half = { order_sn: bad, note: 'x', tag: '1', tag_name: '' };
    for (const edit of [
      await test.call('jobs.checkEdit', { jobId, values: half }),
      await test.call('jobs.edit', { jobId, rowNo: 2, values: half }),
    ]) {
      expect(edit).toMatchObject({ saved: false, problems: [{ code: 'pdd.tag_pair', field: 'tag_name' }] });
    }
    const taken = await test.call('jobs.edit', { jobId, rowNo: 2, values: { order_sn: good, note: 'x' } });
    expect(taken).toMatchObject({ saved: false, problems: [{ code: 'duplicate', field: 'order_sn' }] });
    const mended = { order_sn: bad, note: 'for this one' };
    expect(await test.call('jobs.edit', { jobId, rowNo: 2, values: mended })).toMatchObject({ saved: true });
    const third = { order_sn: pair, note: 'a whole mark', tag: '2', tag_name: '黄' };
    expect(await test.call('jobs.edit', { jobId, rowNo: 3, values: third })).toMatchObject({ saved: true });
    expect(await test.refusal('jobs.edit', { jobId, rowNo: 1, values: mended })).toMatchObject({
      code: 'ROW_NOT_EDITABLE',
    });
    expect((await test.call('jobs.get', { jobId })).job.mended).toBe(2);
    // Its outcome in this job stays what it was.
    expect(await states(jobId)).toEqual(['succeeded', 'failed', 'not_sent:set_aside']);
    expect(await test.call('jobs.retry', { jobId })).toEqual({ rows: 0 });

    const follow = await test.call('jobs.followUp', { jobId });
    expect(follow.rows).toBe(2);
    expect(await test.refusal('jobs.followUp', { jobId })).toMatchObject({ code: 'NOTHING_MENDED' });
    expect((await test.call('jobs.get', { jobId: follow.jobId })).job).toMatchObject({
      kind: 'follow_up',
      parentId: jobId,
      state: 'ready',
    });
    expect((await rowsOf(jobId)).map(({ movedTo }) => movedTo)).toEqual([null, follow.jobId, follow.jobId]);
    expect(await test.call('jobs.editable', { jobId, rowNo: 2 })).toMatchObject({ values: null });
    expect((await rowsOf(follow.jobId)).map(({ line, order }) => [line, order])).toEqual([
      [3, bad],
      [4, pair],
    ]);
    const detail = await test.call('jobs.row', { jobId: follow.jobId, rowNo: 1 });
    expect(detail.cells).toEqual([wrong, 'for another order', '', '']);
    await ran(follow.jobId);
    expect(await states(follow.jobId)).toEqual(['succeeded', 'succeeded']);
    expect(twins.pdd.ledger.actions.slice(acted).map(({ order }) => order)).toEqual([bad, pair]);
    await sumOf(jobId);
    await sumOf(follow.jobId);
  });

  it('that were set aside are mended in the job itself before it runs', async () => {
    const [one, two] = plain.slice(14, 16) as [string, string];
    const jobId = await imported([
      [one, 'fit', '', ''],
      [two, '', '', ''],
    ]);
    expect(await states(jobId)).toEqual(['not_sent:pending', 'not_sent:set_aside']);
    const edit = { order_sn: two, note: 'given later' };
    expect(await test.call('jobs.edit', { jobId, rowNo: 2, values: edit })).toMatchObject({ saved: true });
    expect((await test.call('jobs.preview', { jobId })).pending).toBe(2);
    await ran(jobId);
    expect(noteOf(two)[0]).toBe('given later');
    expect(await test.refusal('jobs.followUp', { jobId })).toMatchObject({ code: 'NOTHING_MENDED' });
  });
});

describe('rows in doubt', () => {
  it('are decided one by one and in bulk, and free their orders', async () => {
    const orders = plain.slice(20, 26);
    twins.pdd.setFaults([{ kind: 'truncated', when: { path: 'noteupdate' } }]);
    const jobId = await imported(
      orders.map((order) => [order, 'doubtful', '', '']),
      { readBefore: false },
    );
    await ran(jobId);
    // Five in a row pause it.
    await ran(jobId);
    const doubtful = (await test.call('jobs.get', { jobId })).counts.unknown;
    expect(doubtful).toBeGreaterThanOrEqual(5);
    twins.pdd.setFaults([]);
    expect(await test.refusal('jobs.edit', { jobId, rowNo: 1, values: {} })).toMatchObject({
      code: 'ROW_NOT_EDITABLE',
    });

    expect(await test.call('jobs.decide', { jobId, as: 'succeeded', rowNo: 1 })).toEqual({ rows: 1 });
    const filter = { state: 'unknown' } as const;
    expect(await test.call('jobs.select', { jobId, change: { kind: 'all', filter } })).toEqual({
      selected: doubtful - 1,
    });
    expect(await test.call('jobs.select', { jobId, change: { kind: 'one', rowNo: 2, selected: false } })).toEqual({
      selected: doubtful - 2,
    });
    const page = await test.call('jobs.rows', { jobId, filter, offset: 0, limit: 200 });
    expect(page.rows.map(({ rowNo, selected }) => [rowNo, selected]).slice(0, 2)).toEqual([
      [2, false],
      [3, true],
    ]);
    expect(await test.call('jobs.decide', { jobId, as: 'failed', rowNo: null })).toEqual({ rows: doubtful - 2 });
    const rows = await rowsOf(jobId);
    expect(rows.slice(0, 3).map(({ state, decided }) => [state, decided?.as ?? null])).toEqual([
      ['succeeded', 'succeeded'],
      ['unknown', null],
      ['failed', 'failed'],
    ]);
    expect(rows[2]?.failure).toMatchObject({ code: 'console.decided', class: 'not_applied' });
    await sumOf(jobId);

    // The orders that were decided may be claimed by another job; the one in doubt not.
    const next = await imported(
      orders.slice(0, 3).map((order) => [order, 'another', '', '']),
      { readBefore: false },
    );
    await ran(next);
    expect(await states(next)).toEqual(['succeeded', 'not_sent:in_doubt_elsewhere', 'succeeded']);
    expect((await test.call('jobs.retry', { jobId })).rows).toBeGreaterThanOrEqual(doubtful - 2);
  });
});

describe('what cannot be undone', () => {
  it('is sent above the limit only by its number, in main as well', async () => {
    const waiting = Array.from({ length: 900 }, (_, index) => twins.polyv.order(index))
      .filter(({ status }) => status === 'wait_delivery')
      .map(({ number }) => number)
      .slice(0, 12);
    await test.call('settings.change', { confirmAbove: 5 });
    const { jobId } = await test.call('updates.import', {
      importId: 'deliver',
      accountId: polyv,
      operation: 'update-status',
      params: { status: 'delivering' },
      source: { kind: 'paste', text: ['订单号', ...waiting].join('\n') },
      mapping: { orderNo: 0 },
      hasHeader: true,
      options: { readBefore: false, writeUnreadable: false, verifyAfter: false },
    });
    expect((await test.call('jobs.get', { jobId })).job).toMatchObject({ undoable: false, confirmed: 0 });
    const acted = twins.polyv.ledger.actions.length;
    for (const confirmed of [null, 11, 13, 0]) {
      const refused = await test.refusal('jobs.run', { jobId, firstRows: null, confirmed });
      expect(refused).toMatchObject({ code: 'COUNT_NOT_CONFIRMED', data: { count: 12 } });
    }
    expect(twins.polyv.ledger.actions).toHaveLength(acted);
    expect((await test.call('jobs.get', { jobId })).job).toMatchObject({ state: 'ready', busy: null });
    // Few of them go with a plain yes; the rest needs its own number.
    await ran(jobId, 5);
    expect(await test.refusal('jobs.run', { jobId, firstRows: null })).toMatchObject({ data: { count: 7 } });
    await ran(jobId, null, 7);
    expect((await test.call('jobs.get', { jobId })).job.confirmed).toBe(7);
    expect(twins.polyv.ledger.actions.length - acted).toBe(12);
    expect(await test.refusal('jobs.undo', { jobId })).toMatchObject({ code: 'NOTHING_TO_UNDO' });
    await test.call('settings.change', { confirmAbove: 100 });
  });
});
