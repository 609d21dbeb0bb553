import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apply, type Settled } from '../../../../src/main/jobs/journal/calls.ts';
import { erasable, eraseCells } from '../../../../src/main/jobs/journal/erase.ts';
import { editRows } from '../../../../src/main/jobs/journal/mend.ts';
import { beginSeeing, see } from '../../../../src/main/jobs/journal/seen.ts';
import { allRows, failure, readyJob, testDatabases, type TestDatabases } from '../../../support/journal.ts';
import { WHY } from '../runner/support.ts';
import { settleRows } from '../mend/support.ts';

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

/** A job with a row for each of these ends; null waits. Each has a name beside its order. */
function jobOf(ends: readonly (Settled | null)[]): number {
  const jobId = readyJob(
    databases,
    ends.map((_, index) => {
      const order = `o${index + 1}`;
      return { line: index + 1, cells: ['name', order, 'note'], order, values: { note: 'note' }, problem: null };
    }),
  );
  ends.forEach((end, index) => {
    const row = { rowNo: index + 1, order: `o${index + 1}` };
    if (end !== null) settleRows(databases, jobId, [{ ...row, ...end, oldValues: { note: 'old' } }]);
  });
  return jobId;
}

const DONE = { state: 'succeeded' } as const;
const erase = (jobId: number, change: Partial<Parameters<typeof eraseCells>[1]> = {}) =>
  eraseCells(databases, { jobId, orders: null, keyColumn: 1, after: 0, limit: 99, ...change });
const cells = (jobId: number) => allRows(databases, jobId).map((row) => row.cells.join('|'));

describe('erasing the cells of a job', () => {
  it.each<[string, Settled | null, boolean]>([
    ['succeeded', DONE, true],
    ['failed', { state: 'failed', failure: failure('F') }, true],
    ['was rejected', { state: 'not_sent', reason: 'rejected', failure: failure('R') }, true],
    ['was cancelled', { state: 'not_sent', reason: 'cancelled' }, true],
    ['waits to be sent again', { state: 'not_sent', reason: 'pending' }, false],
    ['waits', null, false],
    ['is in doubt', { state: 'unknown', note: WHY }, false],
  ])('takes those of a row that will neither be sent nor verified: one that %s', (_which, end, isTaken) => {
    const jobId = jobOf([end]);
    expect(erasable(databases, { jobId, orders: null })).toEqual({ any: true, unsettled: !isTaken });
    expect(erase(jobId)).toEqual({ rows: isTaken ? 1 : 0, last: null });
    expect(cells(jobId)).toEqual([isTaken ? '|o1|' : 'name|o1|note']);
    expect(allRows(databases, jobId)[0]?.values).toEqual(isTaken ? null : { note: 'note' });
  });

  it('leaves a row that is being sent', () => {
    const jobId = jobOf([null]);
    const rows = [{ rowNo: 1, order: 'o1' }];
    apply(databases, { entries: [{ kind: 'claim', jobId, accountId: 'shop-1', rows, hash: 'h', stampedAtMs: 1 }] });
    expect(erasable(databases, { jobId, orders: null })).toEqual({ any: true, unsettled: true });
    expect(erase(jobId)).toEqual({ rows: 0, last: null });
  });

  it('takes all that was read, given and kept to follow by, and leaves what became of the row', () => {
    const jobId = jobOf([null, { state: 'failed', failure: failure('F', 'input') }]);
    beginSeeing(databases, { jobId, again: false, atMs: 1 });
    see(databases, { jobId, rows: [{ rowNo: 1, seen: { note: 's' }, reason: 'pending', note: null }], atMs: 1 });
    const track = { number: '7' };
    settleRows(databases, jobId, [{ rowNo: 1, order: 'o1', ...DONE, oldValues: { note: 'old' }, track }]);
    const edit = { rowNo: 2, order: 'o2', values: { note: 'mended' }, fields: [] };
    editRows(databases, { jobId, place: 'follow_up', edits: [edit], atMs: 1 });
    const [first, second] = allRows(databases, jobId);
    expect(first).toMatchObject({ oldValues: { note: 'old' }, seenValues: { note: 's' }, track });
    expect(second?.mended).not.toBeNull();
    erase(jobId);
    const gone = { values: null, oldValues: null, seenValues: null, expects: null, mended: null, track: null };
    expect(allRows(databases, jobId)).toEqual([
      { ...first, ...gone, cells: ['', 'o1', ''] },
      { ...second, ...gone, cells: ['', 'o2', ''] },
    ]);
  });

  it('leaves no cell where the input has no column of the order', () => {
    const jobId = jobOf([DONE]);
    erase(jobId, { keyColumn: null });
    expect(cells(jobId)).toEqual(['||']);
    expect(allRows(databases, jobId)[0]?.order).toBe('o1');
  });

  it('counts rows that had something alone', () => {
    const jobId = jobOf([DONE, DONE]);
    expect(erase(jobId).rows).toBe(2);
    expect(erase(jobId)).toEqual({ rows: 0, last: null });
    const bare = readyJob(databases, [{ line: 1, cells: ['x'], order: '', values: null, problem: null }]);
    expect([erase(bare, { keyColumn: 0 }).rows, erase(bare).rows, erase(bare).rows]).toEqual([0, 1, 0]);
    const named = readyJob(databases, [{ line: 1, cells: ['k', 'name'], order: '', values: null, problem: null }]);
    expect(erase(named, { keyColumn: 0 }).rows).toBe(1);
    expect(cells(named)).toEqual(['k|']);
    // Nothing but values to erase, whose cells are the order's alone.
    const keyed = readyJob(databases, [{ line: 1, cells: ['k'], order: 'k', values: { a: 'b' }, problem: null }]);
    settleRows(databases, keyed, [{ rowNo: 1, order: 'k', ...DONE }]);
    expect(erase(keyed, { keyColumn: 0 }).rows).toBe(1);
    expect(allRows(databases, keyed)[0]).toMatchObject({ cells: ['k'], values: null });
  });

  it('goes on after the last row looked at, until there are no more', () => {
    const jobId = jobOf([DONE, null, DONE, DONE]);
    expect(erase(jobId, { limit: 2 })).toEqual({ rows: 2, last: 3 });
    expect(cells(jobId)).toEqual(['|o1|', 'name|o2|note', '|o3|', 'name|o4|note']);
    expect(erase(jobId, { limit: 2, after: 3 })).toEqual({ rows: 1, last: null });
    expect(erase(jobId, { limit: 3 })).toEqual({ rows: 0, last: 4 });
    expect(erase(jobId, { limit: 3, after: 4 })).toEqual({ rows: 0, last: null });
  });

  it('takes only the rows of some orders, and only of its job', () => {
    const jobId = jobOf([DONE, DONE, null]);
    const other = jobOf([DONE]);
    expect(erase(jobId, { orders: ['o2', 'o3', 'none'] })).toEqual({ rows: 1, last: null });
    expect(cells(jobId)).toEqual(['name|o1|note', '|o2|', 'name|o3|note']);
    expect(cells(other)).toEqual(['name|o1|note']);
    const asked = (...orders: string[]) => erasable(databases, { jobId, orders });
    expect(asked('o1', 'o2')).toEqual({ any: true, unsettled: false });
    expect(asked('o2', 'o3')).toEqual({ any: true, unsettled: true });
    expect(asked('none')).toEqual({ any: false, unsettled: false });
    expect(erasable(databases, { jobId: 99, orders: null })).toEqual({ any: false, unsettled: false });
  });
});
