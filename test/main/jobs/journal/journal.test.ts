import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FAILURE_CLASSES } from '../../../../src/contract/outcome.ts';
import { apply, type ClaimEntry, type SettledRow } from '../../../../src/main/jobs/journal/calls.ts';
import { addRows, dropIntake, finishIntake } from '../../../../src/main/jobs/journal/intake.ts';
import { createJob, getJob, listJobs, setJobState } from '../../../../src/main/jobs/journal/jobs.ts';
import { packRows } from '../../../../src/main/jobs/journal/packed.ts';
import { findOrder, getCounts, getRows, nextPending } from '../../../../src/main/jobs/journal/reads.ts';
import { cancelPending, recover, rependRejected, retryRows } from '../../../../src/main/jobs/journal/recovery.ts';
import {
  allRows,
  failure,
  fitRow,
  jobSpec,
  readyJob,
  testDatabases,
  type TestDatabases,
} from '../../../support/journal.ts';

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

const AT = '2026-01-02T03:04:05.000Z';
const why = { zh: '不知道', en: 'not known' };

function claimOf(jobId: number, rows: readonly { rowNo: number; order: string }[], accountId = 'shop-1'): ClaimEntry {
  return { kind: 'claim', jobId, accountId, rows, hash: 'h'.repeat(64), stampedAtMs: 1_700_000_000_000.4 };
}

function claim(jobId: number, rows: readonly { rowNo: number; order: string }[], accountId = 'shop-1'): number {
  const [result] = apply(databases, { entries: [claimOf(jobId, rows, accountId)] });
  const callId = result?.callId;
  if (callId === undefined || callId === null) throw new Error('refused');
  return callId;
}

function settle(jobId: number, callId: number, rows: readonly SettledRow[], accountId = 'shop-1'): void {
  apply(databases, {
    entries: [{ kind: 'settle', jobId, accountId, callId, rows, how: 'answered', requestId: 'req-9', atMs: 5 }],
  });
}

function states(jobId: number): string[] {
  return allRows(databases, jobId).map((row) => (row.reason === null ? row.state : `${row.state}:${row.reason}`));
}

function doubts(): string[] {
  return databases.reader
    .prepare('SELECT account_id, order_no FROM doubt ORDER BY order_no')
    .all()
    .map((row) => `${String(row['account_id'])}/${String(row['order_no'])}`);
}

describe('a job', () => {
  it('keeps its spec, and its states with their times and reasons', () => {
    const id = createJob(databases, { spec: jobSpec({ header: ['订单号'] }), at: AT, parentId: null });
    expect(getJob(databases, { id })).toEqual({
      ...jobSpec({ header: ['订单号'] }),
      id,
      state: 'intake',
      pauseReason: null,
      pauseText: null,
      createdAt: AT,
      startedAt: null,
      endedAt: null,
      parentId: null,
    });
    setJobState(databases, { id, state: 'running', at: '2026-01-02T03:04:01.000Z' });
    setJobState(databases, { id, state: 'paused', reason: 'sign', text: why, at: '2026-01-02T03:04:02.000Z' });
    expect(getJob(databases, { id })).toMatchObject({
      state: 'paused',
      pauseReason: 'sign',
      pauseText: why,
      startedAt: '2026-01-02T03:04:01.000Z',
      endedAt: null,
    });
    setJobState(databases, { id, state: 'running', at: '2026-01-02T03:04:03.000Z' });
    expect(getJob(databases, { id })).toMatchObject({
      state: 'running',
      pauseReason: null,
      pauseText: null,
      startedAt: '2026-01-02T03:04:01.000Z',
    });
    setJobState(databases, { id, state: 'finished', at: '2026-01-02T03:04:04.000Z' });
    expect(getJob(databases, { id })).toMatchObject({
      state: 'finished',
      startedAt: '2026-01-02T03:04:01.000Z',
      endedAt: '2026-01-02T03:04:04.000Z',
    });
    setJobState(databases, { id, state: 'cancelled', at: '2026-01-02T03:04:05.000Z' });
    expect(getJob(databases, { id })).toMatchObject({ state: 'cancelled', endedAt: '2026-01-02T03:04:05.000Z' });
    const child = createJob(databases, { spec: jobSpec(), at: AT, parentId: id });
    expect(listJobs(databases).map((job) => [job.id, job.parentId])).toEqual([
      [child, id],
      [id, null],
    ]);
  });

  it('is not found by a wrong number', () => {
    expect(() => getJob(databases, { id: 3 })).toThrow(
      expect.objectContaining({
        code: 'JOB_NOT_FOUND',
        data: { job: 3 },
        text: {
          message: { zh: '没有编号为 3 的任务。', en: 'There is no job 3.' },
          remedy: { zh: '请在任务列表里查看现有任务。', en: 'See the list of jobs for those there are.' },
        },
      }),
    );
  });
});

describe('intake', () => {
  it('keeps every row with its line, cells and problem, and counts them', () => {
    const problem = { code: 'blank', message: { zh: '空行', en: 'Blank.' } };
    const jobId = readyJob(databases, [
      fitRow(2, 'a', { note: 'x' }),
      { line: 3, cells: [], order: '', values: null, problem },
      {
        line: 4,
        cells: ['b', '1E+17'],
        order: 'b',
        values: null,
        problem: { ...problem, code: 'damaged_number', field: 'order' },
      },
    ]);
    expect(allRows(databases, jobId)).toEqual([
      expect.objectContaining({
        rowNo: 1,
        line: 2,
        cells: ['a'],
        order: 'a',
        values: { order: 'a', note: 'x' },
        state: 'not_sent',
        reason: 'pending',
        problem: null,
        attempts: 0,
        sentAtMs: null,
        settledAtMs: null,
        readings: [],
      }),
      expect.objectContaining({ rowNo: 2, line: 3, cells: [], order: '', values: null, reason: 'set_aside', problem }),
      expect.objectContaining({
        rowNo: 3,
        line: 4,
        cells: ['b', '1E+17'],
        reason: 'set_aside',
        problem: { ...problem, code: 'damaged_number', field: 'order' },
      }),
    ]);
    expect(getCounts(databases, { jobId })).toEqual({
      total: 3,
      succeeded: 0,
      failed: 0,
      unknown: 0,
      notSent: 3,
      sending: 0,
      byReason: { pending: 1, set_aside: 2 },
      byProblem: { blank: 1, damaged_number: 1 },
      byFailure: {},
    });
    expect(getJob(databases, { id: jobId }).state).toBe('ready');
  });

  it('keeps the first of identical rows and sets the others aside, naming its line', () => {
    const jobId = readyJob(databases, [
      fitRow(2, 'a', { n: '1' }),
      fitRow(3, 'b'),
      fitRow(4, 'a', { n: '1' }),
      fitRow(5, 'a', { n: '1' }),
    ]);
    expect(states(jobId)).toEqual(['not_sent:pending', 'not_sent:pending', 'not_sent:set_aside', 'not_sent:set_aside']);
    expect(allRows(databases, jobId)[3]?.problem).toEqual({
      code: 'duplicate',
      message: { zh: '与第 2 行完全相同，只发送第 2 行。', en: 'Same as line 2; only line 2 is sent.' },
    });
    expect(allRows(databases, jobId)[3]?.values).toBeNull();
  });

  it('sets all rows of one order aside when they differ', () => {
    const jobId = readyJob(databases, [
      fitRow(2, 'a', { n: '1' }),
      fitRow(3, 'a', { n: '2' }),
      fitRow(4, 'a', { n: '1' }),
    ]);
    expect(states(jobId)).toEqual(['not_sent:set_aside', 'not_sent:set_aside', 'not_sent:set_aside']);
    expect(allRows(databases, jobId)[0]?.problem).toMatchObject({ code: 'conflict' });
    expect(allRows(databases, jobId)[0]?.problem?.message.en).toBe(
      'Lines 2, 3, 4 want different things of one order, so none of them is sent. Keep the right one.',
    );
  });

  it('names five lines of a conflict at most', () => {
    const five = readyJob(
      databases,
      Array.from({ length: 5 }, (_, i) => fitRow(i + 1, 'a', { n: String(i) })),
    );
    expect(allRows(databases, five)[0]?.problem?.message.en).toMatch(/^Lines 1, 2, 3, 4, 5 want/);
    const six = readyJob(
      databases,
      Array.from({ length: 6 }, (_, i) => fitRow(i + 1, 'a', { n: String(i) })),
    );
    expect(allRows(databases, six)[0]?.problem?.message.zh).toContain('（第 1, 2, 3, 4, 5 … 行）');
  });

  it('does not hold a row that was set aside against a good one of the same order', () => {
    const bad = { line: 3, cells: ['a'], order: 'a', values: null, problem: { code: 'input', message: why } };
    const jobId = readyJob(databases, [fitRow(2, 'a'), bad]);
    expect(states(jobId)).toEqual(['not_sent:pending', 'not_sent:set_aside']);
    expect(allRows(databases, jobId)[1]?.problem?.code).toBe('input');
  });

  it('does not mix up jobs', () => {
    readyJob(databases, [fitRow(2, 'a')]);
    const jobId = readyJob(databases, [fitRow(2, 'a')]);
    expect(states(jobId)).toEqual(['not_sent:pending']);
  });

  it('writes a problem whose first writing was undone', () => {
    const jobId = createJob(databases, { spec: jobSpec(), at: AT, parentId: null });
    const problem = { code: 'blank', message: { zh: '空行', en: 'the row is blank' } };
    const rows = packRows([{ line: 2, cells: [], order: '', values: null, problem }]);
    addRows(databases, { jobId, firstRowNo: 2, rows: packRows([fitRow(3, 'a')]) });
    expect(() => addRows(databases, { jobId, firstRowNo: 2, rows })).toThrow(/UNIQUE/);
    addRows(databases, { jobId, firstRowNo: 1, rows });
    expect(getRows(databases, { jobId, after: 0, limit: 1 })[0]).toMatchObject({ line: 2, cells: [], problem });
  });

  it('drops an unfinished intake whole, and nothing else', () => {
    const ready = readyJob(databases, [fitRow(1, 'a')]);
    const jobId = createJob(databases, { spec: jobSpec(), at: AT, parentId: null });
    addRows(databases, { jobId, firstRowNo: 1, rows: packRows([fitRow(1, 'a')]) });
    dropIntake(databases, { jobId });
    dropIntake(databases, { jobId: ready });
    expect(listJobs(databases).map((job) => job.id)).toEqual([ready]);
    expect(allRows(databases, jobId)).toEqual([]);
    expect(allRows(databases, ready)).toHaveLength(1);
  });

  it('finishes an intake once', () => {
    const jobId = readyJob(databases, [fitRow(1, 'a')]);
    setJobState(databases, { id: jobId, state: 'paused', reason: 'person', at: AT });
    finishIntake(databases, { jobId, spec: jobSpec() });
    expect(getJob(databases, { id: jobId }).state).toBe('paused');
  });
});

describe('claims', () => {
  it('make rows sending with the call, its time and the attempt', () => {
    const jobId = readyJob(databases, [fitRow(1, 'a'), fitRow(2, 'b')]);
    const callId = claim(jobId, [
      { rowNo: 1, order: 'a' },
      { rowNo: 2, order: 'b' },
    ]);
    expect(states(jobId)).toEqual(['sending', 'sending']);
    expect(allRows(databases, jobId)[0]).toMatchObject({ attempts: 1, sentAtMs: 1_700_000_000_000, requestId: null });
    expect(databases.reader.prepare('SELECT * FROM call WHERE id = ?').get(callId)).toMatchObject({
      job_id: jobId,
      row_count: 2,
      hash: 'h'.repeat(64),
      stamped_at: 1_700_000_000_000,
      ended_at: null,
      how: null,
    });
    expect(doubts()).toEqual(['shop-1/a', 'shop-1/b']);
  });

  it('refuse an order in doubt in another job of the account, and take none of the call', () => {
    const first = readyJob(databases, [fitRow(1, 'a')]);
    const second = readyJob(databases, [fitRow(1, 'x'), fitRow(2, 'a'), fitRow(3, 'y')]);
    claim(first, [{ rowNo: 1, order: 'a' }]);
    const rows = [
      { rowNo: 1, order: 'x' },
      { rowNo: 2, order: 'a' },
      { rowNo: 3, order: 'y' },
    ];
    expect(apply(databases, { entries: [claimOf(second, rows)] })).toEqual([{ callId: null, refused: [2] }]);
    expect(states(second)).toEqual(['not_sent:pending', 'not_sent:in_doubt_elsewhere', 'not_sent:pending']);
    expect(allRows(databases, second)[1]?.note?.en).toContain('in another job');
    expect(doubts()).toEqual(['shop-1/a']);
  });

  it('keep accounts apart', () => {
    const first = readyJob(databases, [fitRow(1, 'a')]);
    const second = readyJob(databases, [fitRow(1, 'a')], { accountId: 'shop-2' });
    claim(first, [{ rowNo: 1, order: 'a' }]);
    claim(second, [{ rowNo: 1, order: 'a' }], 'shop-2');
    expect(doubts()).toEqual(['shop-1/a', 'shop-2/a']);
  });

  it('undo the whole transaction when a row is not pending', () => {
    const jobId = readyJob(databases, [fitRow(1, 'a'), fitRow(2, 'b')]);
    setJobState(databases, { id: jobId, state: 'running', at: AT });
    cancelPending(databases, { jobId, atMs: 1 });
    expect(() => apply(databases, { entries: [claimOf(jobId, [{ rowNo: 1, order: 'a' }])] })).toThrow(
      'row 1 is not pending',
    );
    expect(doubts()).toEqual([]);
    expect(databases.reader.prepare('SELECT count(*) AS n FROM call').get()?.['n']).toBe(0);
  });

  it('keep the value read before the write', () => {
    const jobId = readyJob(databases, [fitRow(1, 'a')]);
    apply(databases, {
      entries: [{ ...claimOf(jobId, []), rows: [{ rowNo: 1, order: 'a', oldValues: { note: '旧' } }] }],
    });
    expect(allRows(databases, jobId)[0]?.oldValues).toEqual({ note: '旧' });
  });
});

describe('outcomes', () => {
  it('are kept with failure, note, request id and time, and only unknown stays in doubt', () => {
    const orders = ['a', 'b', 'c', 'd'];
    const jobId = readyJob(
      databases,
      orders.map((order, i) => fitRow(i + 1, order)),
    );
    const callId = claim(
      jobId,
      orders.map((order, i) => ({ rowNo: i + 1, order })),
    );
    settle(jobId, callId, [
      { rowNo: 1, order: 'a', state: 'succeeded' },
      { rowNo: 2, order: 'b', state: 'failed', failure: { ...failure('E1'), requestId: 'own' } },
      { rowNo: 3, order: 'c', state: 'unknown', note: why },
      { rowNo: 4, order: 'd', state: 'not_sent', reason: 'rejected', failure: failure('E2', 'input') },
    ]);
    expect(states(jobId)).toEqual(['succeeded', 'failed', 'unknown', 'not_sent:rejected']);
    const rows = allRows(databases, jobId);
    expect(rows.map((row) => row.requestId)).toEqual(['req-9', 'req-9', 'req-9', 'req-9']);
    expect(rows.map((row) => row.settledAtMs)).toEqual([5, 5, 5, 5]);
    expect(rows[1]?.failure).toEqual(failure('E1'));
    expect(rows[2]?.note).toEqual(why);
    expect(rows[3]?.failure?.code).toBe('E2');
    expect(doubts()).toEqual(['shop-1/c']);
    expect(databases.reader.prepare('SELECT how, ended_at FROM call').get()).toMatchObject({
      how: 'answered',
      ended_at: 5,
    });
    expect(getCounts(databases, { jobId })).toMatchObject({
      total: 4,
      succeeded: 1,
      failed: 1,
      unknown: 1,
      notSent: 1,
      sending: 0,
      byFailure: { E1: 1, E2: 1 },
      byReason: { rejected: 1 },
    });
  });

  it('cannot be settled twice, or without a claim', () => {
    const jobId = readyJob(databases, [fitRow(1, 'a')]);
    expect(() => settle(jobId, 1, [{ rowNo: 1, order: 'a', state: 'succeeded' }])).toThrow('row 1 is not');
    const callId = claim(jobId, [{ rowNo: 1, order: 'a' }]);
    settle(jobId, callId, [{ rowNo: 1, order: 'a', state: 'succeeded' }]);
    expect(() => settle(jobId, callId, [{ rowNo: 1, order: 'a', state: 'failed', failure: failure('E1') }])).toThrow(
      'row 1 is not',
    );
    expect(states(jobId)).toEqual(['succeeded']);
  });

  it('go back to pending and are claimed again as another attempt', () => {
    const jobId = readyJob(databases, [fitRow(1, 'a')]);
    settle(jobId, claim(jobId, [{ rowNo: 1, order: 'a' }]), [
      { rowNo: 1, order: 'a', state: 'not_sent', reason: 'pending' },
    ]);
    expect(doubts()).toEqual([]);
    claim(jobId, [{ rowNo: 1, order: 'a' }]);
    expect(allRows(databases, jobId)[0]).toMatchObject({ attempts: 2, state: 'sending', settledAtMs: null });
  });

  it('of unknown rows are decided by re-reading, readings kept while it is open', () => {
    const jobId = readyJob(databases, [fitRow(1, 'a'), fitRow(2, 'b')]);
    const callId = claim(jobId, [
      { rowNo: 1, order: 'a' },
      { rowNo: 2, order: 'b' },
    ]);
    settle(jobId, callId, [
      { rowNo: 1, order: 'a', state: 'unknown', note: why },
      { rowNo: 2, order: 'b', state: 'succeeded' },
    ]);
    const decide = (row: SettledRow): void =>
      void apply(databases, {
        entries: [{ kind: 'decide', jobId, accountId: 'shop-1', from: 'unknown', rows: [row], atMs: 9 }],
      });
    decide({ rowNo: 1, order: 'a', state: 'unknown', note: why, readings: [7, 8] });
    expect(allRows(databases, jobId)[0]).toMatchObject({ state: 'unknown', readings: [7, 8], settledAtMs: 9 });
    expect(doubts()).toEqual(['shop-1/a']);
    decide({ rowNo: 1, order: 'a', state: 'succeeded', note: why });
    expect(allRows(databases, jobId)[0]).toMatchObject({ state: 'succeeded', note: why, readings: [] });
    expect(doubts()).toEqual([]);
    expect(() => decide({ rowNo: 2, order: 'b', state: 'failed', failure: failure('E') })).toThrow('row 2 is not');
  });

  it('before a write are decided from pending alone, with the value read', () => {
    const jobId = readyJob(databases, [fitRow(1, 'a')]);
    const row: SettledRow = {
      rowNo: 1,
      order: 'a',
      state: 'not_sent',
      reason: 'nothing_to_do',
      note: why,
      oldValues: { note: 'n' },
    };
    const entry = { kind: 'decide', jobId, accountId: 'shop-1', from: 'pending', rows: [row], atMs: 9 } as const;
    expect(apply(databases, { entries: [entry] })).toEqual([null]);
    expect(allRows(databases, jobId)[0]).toMatchObject({ reason: 'nothing_to_do', oldValues: { note: 'n' } });
    expect(() => apply(databases, { entries: [entry] })).toThrow('row 1 is not');
  });

  it('survive a rolled back neighbour: a phrase first met there is made again', () => {
    const jobId = readyJob(databases, [fitRow(1, 'a'), fitRow(2, 'b')]);
    const callId = claim(jobId, [{ rowNo: 1, order: 'a' }]);
    const good: SettledRow = { rowNo: 1, order: 'a', state: 'failed', failure: failure('NEW') };
    const bad: SettledRow = { rowNo: 2, order: 'b', state: 'succeeded' };
    expect(() => settle(jobId, callId, [good, bad])).toThrow();
    expect(states(jobId)).toEqual(['sending', 'not_sent:pending']);
    settle(jobId, callId, [good]);
    expect(allRows(databases, jobId)[0]?.failure?.code).toBe('NEW');
  });
});

describe('reading', () => {
  it('pages in order, by state and reason', () => {
    const jobId = readyJob(
      databases,
      Array.from({ length: 5 }, (_, i) => fitRow(i + 1, `o${i + 1}`)),
    );
    claim(jobId, [
      { rowNo: 2, order: 'o2' },
      { rowNo: 4, order: 'o4' },
    ]);
    const numbers = (args: Omit<Parameters<typeof getRows>[1], 'jobId'>): number[] =>
      getRows(databases, { jobId, ...args }).map((row) => row.rowNo);
    expect(numbers({ after: 0, limit: 2 })).toEqual([1, 2]);
    expect(numbers({ after: 2, limit: 9 })).toEqual([3, 4, 5]);
    expect(numbers({ after: 0, limit: 9, filter: { state: 'sending' } })).toEqual([2, 4]);
    expect(numbers({ after: 1, limit: 1, filter: { state: 'not_sent', reason: 'pending' } })).toEqual([3]);
    expect(numbers({ after: 0, limit: 9, filter: { reason: 'cancelled' } })).toEqual([]);
    expect(nextPending(databases, { jobId, after: 1, limit: 9 })).toEqual([
      { rowNo: 3, order: 'o3', fields: '{"order":"o3"}', expects: null, seen: null, insisted: false },
      { rowNo: 5, order: 'o5', fields: '{"order":"o5"}', expects: null, seen: null, insisted: false },
    ]);
    expect(nextPending(databases, { jobId, after: 0, limit: 1 }).map((row) => row.rowNo)).toEqual([1]);
  });

  it('finds an order across jobs, the newest first', () => {
    const first = readyJob(databases, [fitRow(1, 'a'), fitRow(2, 'b')]);
    const second = readyJob(databases, [fitRow(1, 'b')]);
    expect(findOrder(databases, { order: 'b' }).map((row) => [row.jobId, row.rowNo])).toEqual([
      [second, 1],
      [first, 2],
    ]);
    expect(findOrder(databases, { order: 'B' })).toEqual([]);
  });
});

describe('after a crash', () => {
  it('sending becomes unknown, a running job paused, an unfinished intake is dropped, and nothing else moves', () => {
    const jobId = readyJob(databases, [fitRow(1, 'a'), fitRow(2, 'b'), fitRow(3, 'c'), fitRow(4, 'd')]);
    setJobState(databases, { id: jobId, state: 'running', at: AT });
    settle(jobId, claim(jobId, [{ rowNo: 1, order: 'a' }]), [{ rowNo: 1, order: 'a', state: 'succeeded' }]);
    settle(jobId, claim(jobId, [{ rowNo: 2, order: 'b' }]), [{ rowNo: 2, order: 'b', state: 'unknown', note: why }]);
    claim(jobId, [{ rowNo: 3, order: 'c' }]);
    const unfinished = createJob(databases, { spec: jobSpec(), at: AT, parentId: null });
    addRows(databases, { jobId: unfinished, firstRowNo: 1, rows: packRows([fitRow(1, 'z')]) });
    const other = readyJob(databases, [fitRow(1, 'q')]);

    expect(recover(databases, { atMs: 77, at: AT })).toEqual({
      interrupted: [jobId],
      inDoubt: { [jobId]: 1 },
      dropped: [unfinished],
    });
    expect(states(jobId)).toEqual(['succeeded', 'unknown', 'unknown', 'not_sent:pending']);
    expect(allRows(databases, jobId)[1]).toMatchObject({ note: why, settledAtMs: 5 });
    expect(allRows(databases, jobId)[2]).toMatchObject({ settledAtMs: 77, attempts: 1 });
    expect(allRows(databases, jobId)[2]?.note?.en).toContain('being sent when the program ended');
    expect(getJob(databases, { id: jobId })).toMatchObject({ state: 'paused', pauseReason: 'crash' });
    expect(getJob(databases, { id: jobId }).pauseText?.en).toBe('The last run ended unexpectedly.');
    expect(getJob(databases, { id: other }).state).toBe('ready');
    expect(allRows(databases, unfinished)).toEqual([]);
    expect(doubts()).toEqual(['shop-1/b', 'shop-1/c']);
    expect(databases.reader.prepare("SELECT how, ended_at FROM call WHERE how = 'crash'").all()).toHaveLength(1);
    expect(recover(databases, { atMs: 78, at: AT })).toEqual({ interrupted: [], inDoubt: {}, dropped: [] });
  });
});

describe('what may be sent again', () => {
  function mixed(): number {
    const orders = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const jobId = readyJob(
      databases,
      orders.map((order, i) => fitRow(i + 1, order)),
    );
    const callId = claim(
      jobId,
      orders.slice(0, 6).map((order, i) => ({ rowNo: i + 1, order })),
    );
    settle(jobId, callId, [
      { rowNo: 1, order: 'a', state: 'unknown', note: why },
      { rowNo: 2, order: 'b', state: 'failed', failure: failure('NA', 'not_applied') },
      { rowNo: 3, order: 'c', state: 'failed', failure: failure('ST', 'state') },
      { rowNo: 4, order: 'd', state: 'not_sent', reason: 'rejected', failure: failure('CF', 'transport') },
      { rowNo: 5, order: 'e', state: 'not_sent', reason: 'rejected', failure: failure('IN', 'input') },
      { rowNo: 6, order: 'f', state: 'succeeded' },
    ]);
    return jobId;
  }

  it('on a resume: the pending, and rows rejected for the account or the network', () => {
    const jobId = mixed();
    expect(rependRejected(databases, { jobId })).toBe(1);
    expect(states(jobId)).toEqual([
      'unknown',
      'failed',
      'failed',
      'not_sent:pending',
      'not_sent:rejected',
      'succeeded',
      'not_sent:pending',
    ]);
    expect(allRows(databases, jobId)[3]).toMatchObject({ failure: null, settledAtMs: null });
  });

  it.each(FAILURE_CLASSES)('on a resume after %s by whose fault it was', (failureClass) => {
    const jobId = readyJob(databases, [fitRow(1, 'a')]);
    const callId = claim(jobId, [{ rowNo: 1, order: 'a' }]);
    settle(jobId, callId, [
      { rowNo: 1, order: 'a', state: 'not_sent', reason: 'rejected', failure: failure('X', failureClass) },
    ]);
    const account = ['transport', 'limit', 'clock', 'sign', 'permission', 'quota'].includes(failureClass);
    expect(rependRejected(databases, { jobId })).toBe(account ? 1 : 0);
    expect(states(jobId)).toEqual([account ? 'not_sent:pending' : 'not_sent:rejected']);
  });

  it('on a retry: everything surely not acted on and failures of a retryable class, never an unknown row', () => {
    const jobId = mixed();
    cancelPending(databases, { jobId, atMs: 3 });
    expect(states(jobId)[6]).toBe('not_sent:cancelled');
    expect(retryRows(databases, { jobId })).toBe(4);
    expect(states(jobId)).toEqual([
      'unknown',
      'not_sent:pending',
      'failed',
      'not_sent:pending',
      'not_sent:pending',
      'succeeded',
      'not_sent:pending',
    ]);
    expect(retryRows(databases, { jobId })).toBe(0);
  });

  it('never rows that were set aside', () => {
    const bad = { line: 1, cells: ['?'], order: '', values: null, problem: { code: 'input', message: why } };
    const jobId = readyJob(databases, [bad]);
    expect(cancelPending(databases, { jobId, atMs: 3 })).toBe(0);
    expect(retryRows(databases, { jobId })).toBe(0);
    expect(states(jobId)).toEqual(['not_sent:set_aside']);
  });
});
