import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { retryClassOf, type FailureClass } from '../../../../src/contract/outcome.ts';
import type { UpdateEnd } from '../../../../src/main/gateway/types.ts';
import { Runner } from '../../../../src/main/jobs/runner/runner.ts';
import type { RowReading } from '../../../../src/main/vendors/types.ts';
import { failure } from '../../../support/journal.ts';
import { orders, sums, TestJournal, WHY } from './support.ts';

let journal: TestJournal;
beforeAll(async () => {
  journal = await TestJournal.start();
});
afterAll(() => journal.close());

type Call =
  | { readonly kind: 'answered'; readonly rows: readonly ('succeeded' | 'unknown' | FailureClass)[] }
  | { readonly kind: 'rejected'; readonly failureClass: FailureClass }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'batch_failed' };

const classes = fc.constantFrom<FailureClass>(
  'limit',
  'clock',
  'transport',
  'system',
  'sign',
  'input',
  'state',
  'not_applied',
);
const calls = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record<Call & { kind: 'answered' }>({
      kind: fc.constant('answered'),
      rows: fc.array(fc.oneof(fc.constant('succeeded' as const), fc.constant('unknown' as const), classes), {
        minLength: 1,
        maxLength: 5,
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record<Call & { kind: 'rejected' }>({ kind: fc.constant('rejected'), failureClass: classes }),
  },
  { weight: 1, arbitrary: fc.constant<Call>({ kind: 'unknown' }) },
  { weight: 2, arbitrary: fc.constant<Call>({ kind: 'batch_failed' }) },
);

/** What is done between runs, and after how many calls a run is stopped. */
const step = fc.record({
  stopAfter: fc.option(fc.integer({ min: 1, max: 6 }), { nil: Infinity }),
  how: fc.constantFrom('pause', 'cancel'),
  then: fc.constantFrom('resume', 'retry', 'repend'),
});

function readingOf(one: 'succeeded' | 'unknown' | FailureClass): RowReading {
  if (one === 'succeeded') return { outcome: 'succeeded' };
  return one === 'unknown'
    ? { outcome: 'unknown', why: WHY }
    : { outcome: 'failed', failure: failure(`F-${one}`, one) };
}

function endOf(call: Call, n: number): UpdateEnd {
  switch (call.kind) {
    case 'answered': {
      const { rows } = call;
      return {
        kind: 'answered',
        rows: Array.from({ length: n }, (_, index) => readingOf(rows[index % rows.length] ?? 'unknown')),
      };
    }
    case 'rejected':
      return { kind: 'rejected', failure: failure(`R-${call.failureClass}`, call.failureClass) };
    case 'unknown':
      return { kind: 'unknown', why: WHY };
    case 'batch_failed':
      return { kind: 'batch_failed', failure: failure('N1', 'not_found') };
  }
}

/** How each order's last call ended for it, as the gateway alone knows: `again` when it may be sent again without more ado. */
type Last = 'again' | 'done' | 'retryable';

function lastOf(end: UpdateEnd, index: number): Last {
  if (end.kind === 'rejected' || end.kind === 'batch_failed') return 'again';
  const row = end.kind === 'answered' ? end.rows[index] : undefined;
  if (row?.outcome !== 'failed') return 'done';
  return retryClassOf(row.failure.class) === 'retryable' ? 'retryable' : 'done';
}

it('a row is sent again only when its last call surely did nothing, or failed in a way that the person may retry', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 14 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(calls, { minLength: 1, maxLength: 20 }),
      fc.array(step, { minLength: 1, maxLength: 5 }),
      async (n, batchSize, concurrency, script, steps) => {
        const job = await journal.job({ rows: orders(n), operation: { batchSize }, concurrency });
        const last = new Map<string, Last>();
        const under = new Set<string>();
        const wrong: string[] = [];
        let stopAt = Infinity;
        let stop: () => void = () => {};
        job.gateway.script = async (rows, call) => {
          for (const { order } of rows) {
            const before = last.get(order);
            if (under.has(order)) wrong.push(`${order} is under way already`);
            if (before !== undefined && before !== 'again') wrong.push(`${order} was sent again after ${before}`);
            under.add(order);
          }
          if (call + 1 >= stopAt) stop();
          await new Promise((resolve) => setImmediate(resolve));
          const end = endOf(script[call % script.length] ?? { kind: 'unknown' }, rows.length);
          rows.forEach(({ order }, index) => {
            last.set(order, lastOf(end, index));
            under.delete(order);
          });
          return end;
        };
        const runner = new Runner(job.context);
        for (const { stopAfter, how, then } of steps) {
          stopAt = job.gateway.calls.length + stopAfter;
          stop = () => runner[how]();
          const end = await runner.run({ job: await job.fresh() });
          expect(wrong).toEqual([]);
          expect(job.gateway.leaked).toBe(0);
          const counts = await job.counts();
          expect(counts.total).toBe(n);
          expect(sums(counts)).toBe(true);
          // What ended well or is in doubt says so in the journal; nothing of it is offered as not sent.
          for (const row of await job.rows()) {
            const known = last.get(row.order);
            if (known === 'done') expect(['succeeded', 'failed', 'unknown']).toContain(row.state);
            if (known === undefined) expect(row.state).toBe('not_sent');
          }
          if (end.state === 'finished') expect(counts.byReason.pending ?? 0).toBe(0);
          if (then === 'retry') {
            await journal.plain.call('retryRows', { jobId: job.id });
            for (const [order, how] of last) if (how === 'retryable') last.set(order, 'again');
          } else if (then === 'repend') {
            await journal.plain.call('rependRejected', { jobId: job.id });
          }
        }
      },
    ),
    { seed: 1, numRuns: 100 },
  );
});
