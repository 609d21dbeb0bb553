import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getCounts } from '../../../../src/main/jobs/journal/reads.ts';
import { failure, fitRow, readyJob, testDatabases, type TestDatabases } from '../../../support/journal.ts';

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

const PLACES = [
  ['succeeded', null],
  ['failed', null],
  ['unknown', null],
  ['sending', null],
  ['not_sent', 'pending'],
  ['not_sent', 'cancelled'],
  ['not_sent', 'rejected'],
  ['not_sent', 'set_aside'],
] as const;

describe('the counts of a job', () => {
  it('are those of its rows, whichever group is the largest', () => {
    const { writer } = databases;
    const phrase = writer.prepare('INSERT INTO phrase (id, code, json) VALUES (?, ?, ?)');
    phrase.run(1, 'E1', JSON.stringify(failure('E1')));
    phrase.run(2, 'blank', '{}');
    const put = writer.prepare(
      'UPDATE row SET state = ?, reason = ?, failure_id = ?, problem_id = ? WHERE job_id = ? AND row_no = ?',
    );
    fc.assert(
      fc.property(fc.array(fc.nat(PLACES.length - 1), { minLength: 1, maxLength: 40 }), (places) => {
        const jobId = readyJob(
          databases,
          places.map((_, index) => fitRow(index + 1, `o${index}`)),
        );
        const wanted: Record<string, number> = {};
        const count = (key: string): void => void (wanted[key] = (wanted[key] ?? 0) + 1);
        places.forEach((place, index) => {
          const [state, reason] = PLACES[place] ?? PLACES[0];
          const failed = state === 'failed' || reason === 'rejected';
          put.run(state, reason, failed ? 1 : null, reason === 'set_aside' ? 2 : null, jobId, index + 1);
          count(state);
          if (reason !== null) count(reason);
          if (failed) count('E1');
        });
        const counts = getCounts(databases, { jobId });
        const of = (...keys: string[]): Record<string, number> =>
          Object.fromEntries(keys.flatMap((key) => (wanted[key] === undefined ? [] : [[key, wanted[key]]])));
        expect(counts).toEqual({
          total: places.length,
          succeeded: wanted['succeeded'] ?? 0,
          failed: wanted['failed'] ?? 0,
          unknown: wanted['unknown'] ?? 0,
          sending: wanted['sending'] ?? 0,
          notSent: wanted['not_sent'] ?? 0,
          byReason: of('pending', 'cancelled', 'rejected', 'set_aside'),
          byProblem: wanted['set_aside'] === undefined ? {} : { blank: wanted['set_aside'] },
          byFailure: of('E1'),
        });
      }),
      { numRuns: 60 },
    );
  });

  it('are none without rows', () => {
    expect(getCounts(databases, { jobId: 99 })).toMatchObject({ total: 0, notSent: 0, byReason: {}, byFailure: {} });
  });
});
