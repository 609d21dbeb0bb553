import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOG_PAGE, orderLogSchema } from '../../../../src/contract/order-log.ts';
import { apply, type SettledRow } from '../../../../src/main/jobs/journal/calls.ts';
import { eventsOf } from '../../../../src/main/jobs/journal/events.ts';
import { setJobState } from '../../../../src/main/jobs/journal/jobs.ts';
import { orderFacts, type LogFact } from '../../../../src/main/jobs/journal/order-log.ts';
import { findOrder } from '../../../../src/main/jobs/journal/reads.ts';
import { cancelPending, recover } from '../../../../src/main/jobs/journal/recovery.ts';
import { orderLogPage } from '../../../../src/main/jobs/order-log.ts';
import { failure, fitRow, readyJob, testDatabases, type TestDatabases } from '../../../support/journal.ts';

const WANTED = 'A-1';
const START = Date.parse('2026-01-02T03:04:05.000Z');
const note = { zh: '不知道', en: 'not known' };

/** What may befall one order in one job. */
const STEPS = ['succeeded', 'failed', 'unknown', 'rejected', 'crash', 'decide', 'cancel', 'pause', 'other'] as const;
type Step = (typeof STEPS)[number];

/** Writes a random history by the journal's own procedures; a vendor's clock goes wrong by `skew`, ms. */
class History {
  readonly #databases: TestDatabases;
  readonly #skew: number;
  readonly jobs: number[] = [];
  #nowMs = START;

  constructor(databases: TestDatabases, skew: number) {
    this.#databases = databases;
    this.#skew = skew;
  }

  #later(): number {
    this.#nowMs += 10;
    return this.#nowMs;
  }

  job(steps: readonly Step[]): void {
    const rows = [fitRow(1, 'B-2'), fitRow(2, WANTED)];
    const jobId = readyJob(this.#databases, rows, { accountId: `shop-${this.jobs.length}` });
    this.jobs.push(jobId);
    for (const step of steps) this.#step(jobId, step);
  }

  #step(jobId: number, step: Step): void {
    const databases = this.#databases;
    const order = step === 'other' ? 'B-2' : WANTED;
    const row = findOrder(databases, { order }).find((one) => one.jobId === jobId);
    const accountId = `shop-${this.jobs.indexOf(jobId)}`;
    const atMs = this.#later();
    const at = new Date(atMs).toISOString();
    if (step === 'pause') setJobState(databases, { id: jobId, state: 'paused', reason: 'person', at });
    else if (step === 'cancel') cancelPending(databases, { jobId, atMs });
    else if (step === 'decide' && row?.state === 'unknown')
      apply(databases, {
        entries: [
          {
            kind: 'decide',
            jobId,
            accountId,
            from: 'unknown',
            rows: [{ rowNo: 2, order: WANTED, state: 'succeeded' }],
            decided: { as: 'succeeded', at },
            atMs,
          },
        ],
      });
    else if (step !== 'decide' && row?.reason === 'pending') this.#send(jobId, accountId, step, atMs);
  }

  #send(jobId: number, accountId: string, step: Exclude<Step, 'pause' | 'cancel' | 'decide'>, atMs: number): void {
    const databases = this.#databases;
    const isOther = step === 'other';
    const [rowNo, order] = isOther ? [1, 'B-2'] : [2, WANTED];
    const [claimed] = apply(databases, {
      entries: [
        {
          kind: 'claim',
          jobId,
          accountId,
          rows: [{ rowNo, order }],
          hash: 'h'.repeat(64),
          stampedAtMs: atMs + this.#skew,
        },
      ],
    });
    const callId = claimed?.callId ?? null;
    if (callId === null) return;
    const endMs = this.#later();
    if (step === 'crash') {
      recover(databases, { atMs: endMs, at: new Date(endMs).toISOString() });
      return;
    }
    const of: Record<Exclude<typeof step, 'crash'>, SettledRow> = {
      succeeded: { rowNo, order, state: 'succeeded' },
      other: { rowNo, order, state: 'succeeded' },
      failed: { rowNo, order, state: 'failed', failure: failure('E7') },
      unknown: { rowNo, order, state: 'unknown', note, readings: [atMs + this.#skew] },
      rejected: { rowNo, order, state: 'not_sent', reason: 'pending' },
    };
    apply(databases, {
      entries: [{ kind: 'settle', jobId, accountId, callId, rows: [of[step]], how: 'answered', atMs: endMs }],
    });
  }
}

const kinds = (facts: readonly LogFact[], kind: LogFact['kind']): LogFact[] => facts.filter((one) => one.kind === kind);

describe('the log of an order', () => {
  it('has all that is kept of it in every job, by time, whatever happened', () => {
    const histories = fc.array(fc.array(fc.constantFrom(...STEPS), { maxLength: 8 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(histories, fc.integer({ min: -500_000, max: 500_000 }), (steps, skew) => {
        const databases = testDatabases();
        try {
          const history = new History(databases, skew);
          for (const one of steps) history.job(one);
          const { total, complete, facts } = orderFacts(databases, { order: WANTED, offset: 0, limit: 10_000 });
          expect([total, complete]).toEqual([facts.length, true]);
          expect(facts.map(({ atMs }) => atMs)).toEqual(facts.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
          const pages = Array.from({ length: Math.ceil(total / 3) }, (_, page) =>
            orderFacts(databases, { order: WANTED, offset: page * 3, limit: 3 }),
          );
          expect(pages.flatMap((page) => page.facts)).toEqual(facts);
          for (const jobId of history.jobs) {
            const own = facts.filter((one) => one.jobId === jobId);
            const row = findOrder(databases, { order: WANTED }).find((one) => one.jobId === jobId);
            const events = eventsOf(databases, { jobId, after: 0, limit: 1_000 });
            expect(own.filter(({ rowNo }) => rowNo !== null && rowNo !== row?.rowNo)).toEqual([]);
            expect(kinds(own, 'imported')).toHaveLength(1);
            expect(kinds(own, 'job')).toHaveLength(events.filter(({ rowNo }) => rowNo === null).length);
            expect(kinds(own, 'decided')).toHaveLength(events.filter(({ kind }) => kind === 'decided').length);
            const attempts = row?.attempts ?? 0;
            expect(kinds(own, 'sent').map(({ data }) => data)).toEqual(attempts === 0 ? [] : [{ attempts }]);
            expect(kinds(own, 'answered')).toHaveLength(attempts === 0 ? 0 : 1);
            expect(kinds(own, 'outcome').map(({ data }) => data)).toEqual(
              row?.reason === 'pending' ? [] : [{ state: row?.state, reason: row?.reason }],
            );
            const through = own.filter(({ kind }) => kind === 'sent' || kind === 'answered' || kind === 'outcome');
            expect(through.map(({ kind }) => kind)).toEqual(
              ['sent', 'answered', 'outcome'].filter((kind) => own.some((one) => one.kind === kind)),
            );
          }
        } finally {
          databases.close();
        }
      }),
      { numRuns: 25 },
    );
  });

  it('says in both languages what happened, in pages that fit the contract', () => {
    const databases = testDatabases();
    try {
      const history = new History(databases, 0);
      history.job(['pause', 'unknown', 'decide']);
      history.job(['failed']);
      const page = orderLogPage(orderFacts(databases, { order: WANTED, offset: 0, limit: LOG_PAGE }));
      expect(orderLogSchema.parse(page)).toEqual(page);
      expect(page.entries.map(({ text }) => text.en)).toEqual(
        expect.arrayContaining([
          'read in from a paste',
          'the job: paused: paused by you',
          'sent (the last of 1 call)',
          'the vendor answered',
          'decided by a person: succeeded',
          'failed: reading E7 (E7)',
        ]),
      );
      expect(page.entries.every(({ text }) => /\p{Script=Han}/u.test(text.zh))).toBe(true);
    } finally {
      databases.close();
    }
  });

  it('is empty for an order that no job has', () => {
    const databases = testDatabases();
    try {
      expect(orderFacts(databases, { order: 'none', offset: 0, limit: 10 })).toEqual({
        total: 0,
        complete: true,
        facts: [],
      });
    } finally {
      databases.close();
    }
  });
});
