import type { RowState } from '../../../contract/outcome.ts';
import { ROW_STATES } from '../../../contract/outcome.ts';
import type { CauseGroup } from '../journal/window.ts';
import { MOST_SETTLED } from '../journal/report.ts';
import type { Journal } from '../runner/types.ts';
import type { Job, JobCounts, JobEvent } from '../types.ts';
import { mismatch } from './export.ts';
import { runsOf, type Run } from './facts.ts';
import { Histogram, noCounts, type Bucket, type StateCounts } from './histogram.ts';

/** What a summary of a job tells: counts and causes, none of its rows. */
export interface JobReport {
  readonly job: Job;
  readonly counts: JobCounts;
  readonly causes: readonly CauseGroup[];
  readonly states: readonly JobEvent[];
  readonly runs: readonly Run[];
  readonly times: Times;
}

/** When rows came to where they stand. `buckets`, `later` and `untimed` sum to the job's counts. */
export interface Times {
  readonly buckets: readonly Bucket[];
  readonly widthS: number;
  /** After the last run's end: verified, or decided by a person. */
  readonly later: StateCounts;
  /** Rows that wait for their turn, and those that were settled with no time (set aside when read in). */
  readonly untimed: StateCounts;
  /** Succeeded rows whose value before the write is kept. */
  readonly kept: number;
}

const PAGE = 500;
/** States of one job that are read at most; a person presses a button for each. */
const MOST_STATES = 10_000;

/** The states that a job came to, in order. */
export async function statesOf(journal: Pick<Journal, 'call'>, jobId: number): Promise<readonly JobEvent[]> {
  const states: JobEvent[] = [];
  for (;;) {
    const page = await journal.call('jobStates', { jobId, after: states.at(-1)?.id ?? 0, limit: PAGE });
    states.push(...page);
    if (page.length < PAGE || states.length >= MOST_STATES) return states;
  }
}

/** Reads when the rows of a job were settled, piece by piece. Rows after the last run's end (`endMs`) stand apart. */
export async function timesOf(
  journal: Pick<Journal, 'call'>,
  job: Pick<Job, 'id'>,
  counts: JobCounts,
  endMs: number | null,
): Promise<Times> {
  const histogram = new Histogram();
  const [later, untimed, all] = [noCounts(), noCounts(), noCounts()];
  let kept = 0;
  for (let after = 0; after < counts.total; after += MOST_SETTLED) {
    for (const group of await journal.call('settledTimes', { jobId: job.id, after, limit: MOST_SETTLED })) {
      const { second, state, count } = group;
      all[state] += count;
      if (state === 'succeeded' && group.kept) kept += count;
      if (second === null) untimed[state] += count;
      // Whole seconds: a row of the run's last second belongs to it.
      else if (endMs !== null && second > Math.floor(endMs / 1_000)) later[state] += count;
      else histogram.add(second, state, count);
    }
  }
  checkSum(all, counts);
  return { buckets: histogram.buckets(), widthS: histogram.widthS, later, untimed, kept };
}

/** Throws EXPORT_MISMATCH where the rows that were read are not those that the journal counted. */
function checkSum(all: Readonly<Record<RowState, number>>, counts: JobCounts): void {
  const { succeeded, failed, unknown, notSent, total } = counts;
  const counted: Record<RowState, number> = { succeeded, failed, unknown, not_sent: notSent, sending: 0 };
  if (ROW_STATES.every((state) => all[state] === counted[state]) && succeeded + failed + unknown + notSent === total)
    return;
  throw mismatch(
    ROW_STATES.reduce((sum, state) => sum + all[state], 0),
    total,
    succeeded + failed + unknown + notSent,
  );
}

/** All that a summary needs. Throws EXPORT_MISMATCH where the job changed while it was read. */
export async function readReport(journal: Pick<Journal, 'call'>, job: Job, counts: JobCounts): Promise<JobReport> {
  const states = await statesOf(journal, job.id);
  const runs = runsOf(states);
  const times = await timesOf(journal, job, counts, runs.at(-1)?.endMs ?? null);
  const causes = await journal.call('causes', { jobId: job.id });
  return { job, counts, causes, states, runs, times };
}
