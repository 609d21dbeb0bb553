import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LOG_PAGE, orderLogSchema } from '../../../../src/contract/order-log.ts';
import { apply, type SettledRow } from '../../../../src/main/jobs/journal/calls.ts';
import { addEvent, eventsOf } from '../../../../src/main/jobs/journal/events.ts';
import { addRows } from '../../../../src/main/jobs/journal/intake.ts';
import { createJob, setJobState } from '../../../../src/main/jobs/journal/jobs.ts';
import { editRows, makeFollowUp } from '../../../../src/main/jobs/journal/mend.ts';
import { orderFacts, type LogFact } from '../../../../src/main/jobs/journal/order-log.ts';
import { packRows } from '../../../../src/main/jobs/journal/packed.ts';
import { findOrder } from '../../../../src/main/jobs/journal/reads.ts';
import { cancelPending, recover } from '../../../../src/main/jobs/journal/recovery.ts';
import { see } from '../../../../src/main/jobs/journal/seen.ts';
import { orderLogPage } from '../../../../src/main/jobs/order-log.ts';
import type { IntakeRow } from '../../../../src/main/jobs/types.ts';
import { failure, fitRow, jobSpec, readyJob, testDatabases, type TestDatabases } from '../../../support/journal.ts';

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

describe('what the log has of a row', () => {
  let databases: TestDatabases;
  beforeEach(() => {
    databases = testDatabases();
  });
  afterEach(() => databases.close());

  const facts = (order = WANTED): readonly LogFact[] =>
    orderFacts(databases, { order, offset: 0, limit: 10_000 }).facts;
  const brief = (): unknown[] => facts().map(({ kind, atMs, data }) => [kind, atMs, data]);
  const aside = (line: number): IntakeRow => ({
    line,
    cells: [],
    order: WANTED,
    values: null,
    problem: { code: 'P', message: note },
  });
  const imported = ['imported', START, { source: 'paste', name: 'paste', parent: null, as: null }];
  const apart = { jobId: 1, accountId: 'shop-1' } as const;
  const row = { rowNo: 1, order: WANTED } as const;
  const send = (stampedAtMs: number): number =>
    apply(databases, { entries: [{ kind: 'claim', ...apart, rows: [row], hash: 'h', stampedAtMs }] })[0]?.callId ?? 0;
  const end = (callId: number, as: SettledRow, atMs: number, how = 'answered', requestId = 'R1'): unknown =>
    apply(databases, { entries: [{ kind: 'settle', ...apart, callId, rows: [as], how, requestId, atMs }] });

  it('is where it stands, whose it is, and where it came from', () => {
    readyJob(databases, [fitRow(7, WANTED)], { source: { kind: 'file', name: 'may.csv' }, kind: 'follow_up' });
    expect(facts()).toEqual([
      {
        atMs: START,
        jobId: 1,
        rowNo: 1,
        line: 7,
        accountLabel: 'Shop 1',
        kind: 'imported',
        data: { source: 'file', name: 'may.csv', parent: null, as: 'follow_up' },
        failure: null,
        note: null,
      },
    ]);
  });

  it('is each reading of its present value, read or not', () => {
    readyJob(databases, [fitRow(1, WANTED), fitRow(2, WANTED, { other: 'x' })]);
    databases.writer.db.exec("UPDATE row SET reason = 'pending', problem_id = NULL, fields = '{}'");
    const seen = (rowNo: number, values: Record<string, string> | null, atMs: number): void =>
      see(databases, { jobId: 1, rows: [{ rowNo, seen: values, reason: 'pending', note: null }], atMs });
    seen(1, { note: 'x' }, START + 5);
    seen(2, null, START + 9);
    expect(brief()).toEqual([
      imported,
      imported,
      ['seen', START + 5, { read: true }],
      ['seen', START + 9, { read: false }],
    ]);
  });

  it('is its last call with its answer, how it ended and under which number, never sent later than answered', () => {
    readyJob(databases, [fitRow(1, WANTED)]);
    const callId = send(START + 900);
    expect(brief()).toEqual([imported, ['sent', START + 900, { attempts: 1 }]]);
    end(callId, { ...row, state: 'failed', failure: failure('E7') }, START + 50);
    expect(brief()).toEqual([
      imported,
      ['sent', START + 50, { attempts: 1 }],
      ['answered', START + 50, { how: 'answered', requestId: 'R1' }],
      ['outcome', START + 50, { state: 'failed', reason: null }],
    ]);
    expect(facts().at(-1)).toMatchObject({ failure: failure('E7'), note: null });
  });

  it('is its readings in doubt, none later than its outcome', () => {
    readyJob(databases, [fitRow(1, WANTED)]);
    const readings = [START + 20, START + 90];
    end(send(START + 10), { ...row, state: 'unknown', note, readings }, START + 40, 'unknown');
    expect(brief().slice(2)).toEqual([
      ['read_again', START + 20, {}],
      ['answered', START + 40, { how: 'unknown', requestId: 'R1' }],
      ['read_again', START + 40, {}],
      ['outcome', START + 40, { state: 'unknown', reason: null }],
    ]);
    expect(facts().at(-1)).toMatchObject({ note, failure: null });
  });

  it('is no outcome while it waits or is being sent', () => {
    readyJob(databases, [fitRow(1, WANTED)]);
    expect(kinds(facts(), 'outcome')).toEqual([]);
    send(START + 10);
    expect(kinds(facts(), 'outcome')).toEqual([]);
  });

  it('was set aside when it was read in, with its problem', () => {
    readyJob(databases, [aside(1)]);
    setJobState(databases, { id: 1, state: 'cancelled', at: new Date(START + 60).toISOString() });
    expect(kinds(facts(), 'outcome')).toMatchObject([
      { atMs: START, data: { state: 'not_sent', reason: 'set_aside' }, note },
    ]);
  });

  it('has the end of its job where it has no time of its own, and of one that has not ended its begin', () => {
    readyJob(databases, [fitRow(1, WANTED)]);
    databases.writer.db.exec("UPDATE row SET reason = 'in_doubt_elsewhere'");
    expect(kinds(facts(), 'outcome').map(({ atMs }) => atMs)).toEqual([START]);
    setJobState(databases, { id: 1, state: 'finished', at: new Date(START + 60).toISOString() });
    expect(kinds(facts(), 'outcome').map(({ atMs }) => atMs)).toEqual([START + 60]);
  });

  it('is each edit, and the follow-up that took it over', () => {
    readyJob(databases, [fitRow(3, WANTED)]);
    end(send(START + 10), { ...row, state: 'failed', failure: failure('E7', 'input') }, START + 20);
    const edit = { ...row, values: { note: 'secret' }, fields: ['note'] };
    editRows(databases, { jobId: 1, place: 'follow_up', edits: [edit], atMs: START + 30 });
    const at = new Date(START + 40).toISOString();
    makeFollowUp(databases, { parentId: 1, spec: jobSpec({ kind: 'follow_up' }), at });
    expect(brief().slice(-3)).toEqual([
      ['edited', START + 30, { fields: 'note' }],
      ['moved', START + 40, { to: 2 }],
      ['imported', START + 40, { source: 'paste', name: 'paste', parent: 1, as: 'follow_up' }],
    ]);
  });

  it('tells what happened to its job apart from what happened to other rows', () => {
    readyJob(databases, [fitRow(1, WANTED), fitRow(2, 'B-2')]);
    setJobState(databases, { id: 1, state: 'paused', reason: 'person', at: new Date(START + 5).toISOString() });
    addEvent(databases.writer, { jobId: 1, rowNo: 2, atMs: START + 6, kind: 'edited', data: { fields: 'x' } });
    expect(facts()[1]).toEqual({
      atMs: START + 5,
      jobId: 1,
      rowNo: null,
      line: null,
      accountLabel: 'Shop 1',
      kind: 'job',
      data: { event: 'state', state: 'paused', reason: 'person' },
      failure: null,
      note: null,
    });
    expect(facts()).toHaveLength(2);
  });

  it('is by time, then by job, and begins with the reading in', () => {
    const at = new Date(START).toISOString();
    for (let nth = 0; nth < 2; nth += 1) {
      readyJob(databases, [fitRow(1, WANTED)]);
      setJobState(databases, { id: nth + 1, state: 'running', at });
    }
    setJobState(databases, { id: 2, state: 'paused', at: new Date(START - 5).toISOString() });
    expect(facts().map(({ kind, jobId, atMs }) => [kind, jobId, atMs - START])).toEqual([
      ['job', 2, -5],
      ['imported', 1, 0],
      ['job', 1, 0],
      ['imported', 2, 0],
      ['job', 2, 0],
    ]);
  });

  it('comes in pages', () => {
    readyJob(databases, [fitRow(1, WANTED)]);
    for (const state of ['running', 'paused', 'running'] as const)
      setJobState(databases, { id: 1, state, at: new Date(START + 1).toISOString() });
    const all = facts();
    expect(orderFacts(databases, { order: WANTED, offset: 1, limit: 2 })).toEqual({
      total: 4,
      complete: true,
      facts: all.slice(1, 3),
    });
  });

  it('leaves out an order of a job that is being read in', () => {
    createJob(databases, { spec: jobSpec(), at: new Date(START).toISOString(), parentId: null });
    addRows(databases, { jobId: 1, firstRowNo: 1, rows: packRows([fitRow(1, WANTED)]) });
    expect(facts()).toEqual([]);
  });

  it.each([
    [500, true],
    [501, false],
  ])('of %i rows of the newest jobs is complete: %s', (n, complete) => {
    readyJob(databases, [fitRow(1, WANTED)]);
    readyJob(
      databases,
      Array.from({ length: n - 1 }, (_, index) => aside(index + 1)),
    );
    expect(orderFacts(databases, { order: WANTED, offset: 0, limit: 1 })).toMatchObject({
      complete,
      total: n + n - 1,
    });
    readyJob(databases, [fitRow(1, WANTED)]);
    expect(orderFacts(databases, { order: WANTED, offset: 0, limit: 1 }).complete).toBe(false);
  });
});
