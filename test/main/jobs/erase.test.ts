import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eraseJobCells, type CellsErased, type ErasedCells } from '../../../src/main/jobs/erase.ts';
import { getJob, setJobState } from '../../../src/main/jobs/journal/jobs.ts';
import type { JobSpec, JobState } from '../../../src/main/jobs/types.ts';
import {
  allRows,
  fitRow,
  readyJob,
  straightJournal,
  testDatabases,
  type TestDatabases,
} from '../../support/journal.ts';
import { noteJob, order, settle, settleRows } from './mend/support.ts';
import { WHY } from './runner/support.ts';

const END = '2026-03-04T05:06:07.000Z';
const END_MS = Date.parse(END);
const ALL: ErasedCells = { endedBeforeMs: null };

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

type Place = 'succeeded' | 'unknown' | 'waits';

/** A job of notes in this state, its rows at these places. */
function jobOf(places: readonly Place[], state: JobState = 'finished', change: Partial<JobSpec> = {}): number {
  const jobId = noteJob(
    databases,
    places.map((_, index) => [order(index + 1), 'note', '', '']),
    change,
  );
  places.forEach((place, index) => {
    if (place === 'unknown') settle(databases, jobId, index + 1, { state: 'unknown', note: WHY });
    else if (place === 'succeeded') settle(databases, jobId, index + 1, { state: 'succeeded' });
  });
  if (state !== 'ready') setJobState(databases, { id: jobId, state, at: END });
  return jobId;
}

const erase = (which: ErasedCells): Promise<CellsErased> => eraseJobCells(straightJournal(databases), which);
/** Whether each row still has its cells. */
const kept = (jobId: number): boolean[] => allRows(databases, jobId).map(({ cells }) => cells[1] !== '');
const isMarked = (jobId: number): boolean => getJob(databases, { id: jobId }).erased === true;

describe('erasing what jobs hold of orders', () => {
  it('leaves the order’s number, by the column that the job was read with', async () => {
    const jobId = jobOf(['succeeded']);
    const second = jobOf(['succeeded'], 'finished', { mapping: { note: 0, order_sn: 1 }, accountId: 'shop-3' });
    const noKey = jobOf(['succeeded'], 'finished', { mapping: { note: 1 }, accountId: 'shop-2' });
    expect(await erase(ALL)).toEqual({ rows: 3, jobsLeft: [] });
    expect(allRows(databases, second)[0]?.cells).toEqual(['', 'note', '', '']);
    expect(allRows(databases, jobId)[0]).toMatchObject({
      cells: [order(1), '', '', ''],
      values: null,
      order: order(1),
    });
    expect(allRows(databases, noKey)[0]?.cells).toEqual(['', '', '', '']);
  });

  it.each(['order-get', 'gone'])(
    'leaves no cell of a job whose operation has no column of orders: %s',
    async (name) => {
      const jobId = readyJob(databases, [fitRow(1, 'a')], { operation: name });
      settleRows(databases, jobId, [{ rowNo: 1, order: 'a', state: 'succeeded' }]);
      setJobState(databases, { id: jobId, state: 'finished', at: END });
      await erase(ALL);
      expect(allRows(databases, jobId)[0]?.cells).toEqual(['']);
    },
  );

  it.each<[JobState, boolean]>([
    ['finished', true],
    ['cancelled', true],
    ['paused', false],
    ['ready', false],
    ['running', false],
  ])('is of jobs that have ended: %s', async (state, isErased) => {
    const jobId = jobOf(['succeeded'], state);
    expect(await erase(ALL)).toEqual(isErased ? { rows: 1, jobsLeft: [] } : { rows: 0, jobsLeft: [jobId] });
    expect([kept(jobId), isMarked(jobId)]).toEqual([[!isErased], isErased]);
  });

  it('leaves rows in doubt, names their job, and comes back to it', async () => {
    const jobId = jobOf(['succeeded', 'unknown']);
    expect(await erase(ALL)).toEqual({ rows: 1, jobsLeft: [jobId] });
    expect([kept(jobId), isMarked(jobId)]).toEqual([[false, true], false]);
    expect(await erase(ALL)).toEqual({ rows: 0, jobsLeft: [jobId] });
  });

  it('looks no more at a job of which all is erased, and neither names nor marks one without rows', async () => {
    const [jobId, empty] = [jobOf(['succeeded']), jobOf([], 'ready')];
    await erase(ALL);
    const asked: unknown[] = [];
    const journal = straightJournal(databases, (name, args) => {
      if (name === 'erasable') asked.push((args as { jobId: number }).jobId);
    });
    expect(await eraseJobCells(journal, ALL)).toEqual({ rows: 0, jobsLeft: [] });
    expect([asked, isMarked(jobId), isMarked(empty)]).toEqual([[empty], true, false]);
  });

  it('is of jobs that ended before a moment, and not at it', async () => {
    const [ended, going] = [jobOf(['succeeded']), jobOf(['waits'], 'paused')];
    expect(await erase({ endedBeforeMs: END_MS })).toEqual({ rows: 0, jobsLeft: [] });
    expect(await erase({ endedBeforeMs: END_MS + 1 })).toEqual({ rows: 1, jobsLeft: [] });
    expect([kept(ended), kept(going)]).toEqual([[false], [true]]);
  });

  it('is of some orders of one account alone, and never marks the job', async () => {
    const mine = jobOf(['succeeded', 'succeeded', 'unknown']);
    const theirs = jobOf(['succeeded'], 'finished', { accountId: 'shop-2' });
    const of = (...orders: string[]): ErasedCells => ({ accountId: 'shop-1', orders });
    expect(await erase(of(order(1), order(8)))).toEqual({ rows: 1, jobsLeft: [] });
    expect([kept(mine), kept(theirs), isMarked(mine)]).toEqual([[false, true, true], [true], false]);
    expect(await erase(of(order(3)))).toEqual({ rows: 0, jobsLeft: [mine] });
    expect(await erase(of('none'))).toEqual({ rows: 0, jobsLeft: [] });
  });

  it('goes through a job five thousand rows at a time, to its end', async () => {
    const rows = Array.from({ length: 5_001 }, (_, index) => fitRow(index + 1, `o${index}`));
    const jobId = readyJob(databases, rows, { mapping: { orderNo: 0 } });
    databases.writer.db.exec("UPDATE row SET state = 'succeeded', reason = NULL");
    setJobState(databases, { id: jobId, state: 'finished', at: END });
    const asked: unknown[] = [];
    const journal = straightJournal(databases, (name, args) => {
      if (name === 'eraseCells') asked.push(args);
    });
    expect(await eraseJobCells(journal, ALL)).toEqual({ rows: 5_001, jobsLeft: [] });
    const piece = { jobId, orders: null, keyColumn: 0, limit: 5_000 };
    expect(asked).toEqual([0, 5_000].map((after) => ({ ...piece, after })));
  });
});
