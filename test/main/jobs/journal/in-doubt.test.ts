import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apply } from '../../../../src/main/jobs/journal/calls.ts';
import { eraseCells } from '../../../../src/main/jobs/journal/erase.ts';
import { callsInDoubt, type CallInDoubt } from '../../../../src/main/jobs/journal/in-doubt.ts';
import { fitRow, readyJob, testDatabases, type TestDatabases } from '../../../support/journal.ts';
import { settleRows } from '../mend/support.ts';

const NOTE = { zh: '不知道', en: 'not known' };

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

const inDoubt = (sinceMs: number, accountId = 'shop-1'): CallInDoubt[] =>
  callsInDoubt(databases, { accountId, sinceMs });
const jobOf = (orders: readonly string[], accountId = 'shop-1'): number =>
  readyJob(
    databases,
    orders.map((order, index) => fitRow(index + 1, order, { machine: order })),
    { accountId },
  );
const doubt = (jobId: number, rowNo: number, order: string, atMs: number, track?: Record<string, string>): void =>
  settleRows(
    databases,
    jobId,
    [{ rowNo, order, state: 'unknown', note: NOTE, ...(track === undefined ? {} : { track }) }],
    { atMs },
  );

describe('calls in doubt', () => {
  it('are those of an account in all its jobs, in the order of the calls, with what they sent and how to follow them', () => {
    const [one, two] = [jobOf(['a', 'b']), jobOf(['c'])];
    doubt(two, 1, 'c', 100);
    doubt(one, 2, 'b', 200, { number: '7' });
    settleRows(databases, one, [{ rowNo: 1, order: 'a', state: 'succeeded' }]);
    doubt(jobOf(['a'], 'shop-2'), 1, 'a', 300);
    expect(inDoubt(0)).toEqual([
      {
        jobId: two,
        rowNo: 1,
        order: 'c',
        operation: 'update-status',
        values: { order: 'c', machine: 'c' },
        track: null,
        sentAtMs: 100,
        endedAtMs: 105,
        settledAtMs: 105,
      },
      {
        jobId: one,
        rowNo: 2,
        order: 'b',
        operation: 'update-status',
        values: { order: 'b', machine: 'b' },
        track: { number: '7' },
        sentAtMs: 200,
        endedAtMs: 205,
        settledAtMs: 205,
      },
    ]);
    expect(inDoubt(0, 'shop-2').map(({ order }) => order)).toEqual(['a']);
    expect(inDoubt(0, 'shop-3')).toEqual([]);
  });

  it('are those since a moment, it included, and any that is being sent', () => {
    const jobId = jobOf(['a', 'b']);
    doubt(jobId, 1, 'a', 100);
    const rows = [{ rowNo: 2, order: 'b' }];
    apply(databases, { entries: [{ kind: 'claim', jobId, accountId: 'shop-1', rows, hash: 'h', stampedAtMs: 50 }] });
    const since = (ms: number) =>
      inDoubt(ms).map(({ order, endedAtMs, settledAtMs }) => [order, endedAtMs, settledAtMs]);
    expect(since(105)).toEqual([
      ['a', 105, 105],
      ['b', null, null],
    ]);
    expect(since(106)).toEqual([['b', null, null]]);
  });

  it('are none whose values are gone, and none that has been decided', () => {
    const jobId = jobOf(['a', 'b']);
    doubt(jobId, 1, 'a', 100);
    doubt(jobId, 2, 'b', 100);
    eraseCells(databases, { jobId, orders: null, keyColumn: 0, after: 0, limit: 9 });
    expect(inDoubt(0)).toHaveLength(2);
    databases.writer.db.exec('UPDATE row SET fields = NULL WHERE row_no = 1');
    expect(inDoubt(0).map(({ order }) => order)).toEqual(['b']);
    const rows = [{ rowNo: 2, order: 'b', state: 'succeeded' as const }];
    apply(databases, {
      entries: [{ kind: 'decide', jobId, accountId: 'shop-1', from: 'unknown', rows, atMs: 200 }],
    });
    expect(inDoubt(0)).toEqual([]);
  });
});
