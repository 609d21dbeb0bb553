import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readReport, statesOf, timesOf } from '../../../../src/main/jobs/export/report.ts';
import { setJobState } from '../../../../src/main/jobs/journal/jobs.ts';
import type { SettledGroup } from '../../../../src/main/jobs/journal/report.ts';
import type { Journal } from '../../../../src/main/jobs/runner/types.ts';
import { fitRow, readyJob, straightJournal, testDatabases, type TestDatabases } from '../../../support/journal.ts';
import { failure } from '../intake/support.ts';
import { NOW, countsOf, job, stateEvent, states } from './support.ts';

type Calls = Pick<Journal, 'call'>;
interface Asked {
  readonly after: number;
  readonly limit: number;
}

/** A journal that answers its pages by what is asked of them, for numbers that would take long to write. */
function pages(answer: (asked: Asked) => readonly unknown[]): { readonly journal: Calls; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const call = async (_name: string, { after, limit }: Asked): Promise<unknown> => {
    asked.push({ after, limit });
    return answer({ after, limit });
  };
  return { journal: { call: call as Journal['call'] }, asked };
}

const group = (change: Partial<SettledGroup>): SettledGroup => ({
  second: null,
  state: 'succeeded',
  kept: false,
  count: 1,
  ...change,
});

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

describe('the states of a job', () => {
  it('are read to the last, page by page', async () => {
    const jobId = readyJob(databases, [fitRow(1, 'a')]);
    const before = (await statesOf(straightJournal(databases), jobId)).length;
    for (let index = 0; index < 501; index += 1) {
      const state = index % 2 === 0 ? 'running' : 'ready';
      setJobState(databases, { id: jobId, state, at: new Date(NOW + index).toISOString() });
    }
    const all = await statesOf(straightJournal(databases), jobId);
    expect(all).toHaveLength(before + 501);
    expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted((a, b) => a - b));
    expect([all.at(-1)?.data['state'], all.at(-2)?.data['state']]).toEqual(['running', 'ready']);
  });

  it('are asked for after the last that is known, until a page is not full', async () => {
    const { journal, asked } = pages(({ after }) =>
      Array.from({ length: after === 500 ? 499 : 500 }, (_, index) => stateEvent(after + index + 1, 'running')),
    );
    expect(await statesOf(journal, 1)).toHaveLength(999);
    expect(asked).toEqual([
      { after: 0, limit: 500 },
      { after: 500, limit: 500 },
    ]);
  });

  it('are at most ten thousand', async () => {
    const { journal } = pages(({ after }) =>
      Array.from({ length: 500 }, (_, index) => stateEvent(after + index + 1, 'running')),
    );
    expect(await statesOf(journal, 1)).toHaveLength(10_000);
  });
});

describe('the times of a job', () => {
  const second = NOW / 1_000;

  it.each([
    [20_000, [0]],
    [20_001, [0, 20_000]],
    [40_000, [0, 20_000]],
  ])('of %i rows are read in pieces of 20000', async (total, afters) => {
    const { journal, asked } = pages(({ after }) => (after === 0 ? [group({ count: total })] : []));
    const times = await timesOf(journal, { id: 1 }, { ...countsOf([]), total, succeeded: total }, null);
    expect(times.untimed).toEqual(states({ succeeded: total }));
    expect(asked).toEqual(afters.map((after) => ({ after, limit: 20_000 })));
  });

  it('stand apart after the last run’s last second, and where there is none', async () => {
    const groups = [
      group({ second, kept: true, count: 3 }),
      group({ second: second + 1, count: 2 }),
      group({ second, state: 'failed', kept: true, count: 4 }),
      group({ second: second + 1, state: 'unknown', count: 5 }),
      group({ state: 'not_sent', count: 6 }),
    ];
    const counts = { ...countsOf([]), total: 20, succeeded: 5, failed: 4, unknown: 5, notSent: 6 };
    const read = (endMs: number | null): ReturnType<typeof timesOf> =>
      timesOf(pages(() => groups).journal, { id: 1 }, counts, endMs);
    const first = { fromMs: NOW, counts: states({ succeeded: 3, failed: 4 }) };
    expect(await read(NOW + 999)).toEqual({
      buckets: [first],
      widthS: 1,
      later: states({ succeeded: 2, unknown: 5 }),
      untimed: states({ not_sent: 6 }),
      kept: 3,
    });
    const next = { fromMs: NOW + 1_000, counts: states({ succeeded: 2, unknown: 5 }) };
    for (const endMs of [NOW + 1_000, null])
      expect(await read(endMs)).toMatchObject({ buckets: [first, next], later: states() });
  });

  it.each<[string, SettledGroup['state'], Partial<ReturnType<typeof countsOf>>, object]>([
    ['another state', 'failed', { total: 1, succeeded: 1 }, { written: 1, total: 1, outcomes: 1 }],
    ['a row that is being sent', 'sending', { total: 1, notSent: 1 }, { written: 1, total: 1, outcomes: 1 }],
    [
      'a total that its outcomes do not reach',
      'unknown',
      { total: 2, unknown: 1 },
      { written: 1, total: 2, outcomes: 1 },
    ],
    ['fewer than were counted', 'failed', { total: 5, failed: 2, succeeded: 3 }, { written: 1, total: 5, outcomes: 5 }],
    ['fewer of one state', 'not_sent', { total: 3, notSent: 3 }, { written: 1, total: 3, outcomes: 3 }],
  ])('are refused for %s', async (_, state, wrong, data) => {
    const { journal } = pages(() => [group({ state })]);
    const error = await failure(() => timesOf(journal, { id: 1 }, { ...countsOf([]), ...wrong }, null));
    expect([error.code, error.data]).toEqual(['EXPORT_MISMATCH', data]);
  });
});

describe('a report', () => {
  it('of a job that never ran has no runs, and all its rows wait', async () => {
    const jobId = readyJob(databases, [fitRow(1, 'a'), fitRow(2, 'b')]);
    const counts = { ...countsOf([]), total: 2, notSent: 2 };
    const report = await readReport(straightJournal(databases), job({ id: jobId }), counts);
    expect(report).toMatchObject({ job: { id: jobId }, counts, runs: [], times: { buckets: [], kept: 0 } });
    expect(report.times.untimed).toEqual(states({ not_sent: 2 }));
    expect(report.causes).toEqual([]);
  });
});
