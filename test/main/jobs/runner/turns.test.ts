import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyLocks } from '../../../../src/main/jobs/runner/locks.ts';
import { Runner } from '../../../../src/main/jobs/runner/runner.ts';
import { failure, fitRow } from '../../../support/journal.ts';
import { dispensing, LOCK_MS, Machines, type Fate } from './dispensing.ts';
import { rejectedFor, sums, TestJournal, type TestJob } from './support.ts';

let journal: TestJournal;
beforeAll(async () => {
  journal = await TestJournal.start();
});
afterAll(() => journal.close());

const RESULT: Fate = { kind: 'result', afterMs: 3_000, outcome: 'succeeded' };
const LOST: Fate = { kind: 'lost' };

/** One row a machine named. */
function jobOf(
  machines: readonly string[],
  concurrency = 2,
  change: Parameters<TestJournal['job']>[0]['options'] = {},
): Promise<TestJob> {
  const rows = machines.map((machine, at) => fitRow(at + 1, `o${String(at + 1)}`, { machine }));
  return journal.job({ rows, operation: dispensing(), concurrency, options: change });
}

describe('keys', () => {
  const keys = [{ key: 'a', ms: 100 }];

  it('are one call at a time, until its result or its time', () => {
    let nowMs = 0;
    const locks = new KeyLocks(() => nowMs);
    const first = locks.take(keys);
    expect(locks.take(keys)).toBeNull();
    nowMs = 1_000;
    expect(locks.take(keys)).toBeNull();
    first?.cool();
    nowMs = 1_099;
    expect([locks.take(keys), locks.nextMs()]).toEqual([null, 1]);
    nowMs = 1_100;
    const second = locks.take(keys);
    expect(second).not.toBeNull();
    // The first one's late result must not free the second's key.
    first?.end();
    expect(locks.take(keys)).toBeNull();
    second?.end();
    expect(locks.isFree(keys)).toBe(true);
  });

  it('of a call that was sent before are taken for what is left, whatever the clocks say', () => {
    let nowMs = 0;
    const locks = new KeyLocks(() => nowMs);
    locks.resume(keys, 60);
    expect(locks.nextMs()).toBe(40);
    nowMs = 40;
    expect(locks.isFree(keys)).toBe(true);
    locks.resume(keys, -5_000);
    expect(locks.nextMs()).toBe(100);
    locks.resume([{ key: 'b', ms: 100 }], 100);
    expect(locks.isFree([{ key: 'b', ms: 100 }])).toBe(true);
  });
});

it('a machine gets its next command when the result of the first is read; others go on meanwhile', async () => {
  const job = await jobOf(['a', 'a', 'b', 'c']);
  const machines = new Machines([RESULT]);
  const end = await machines.time.run(new Runner(machines.context(job)).run());
  expect(end.state).toBe('finished');
  expect(await job.states()).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
  expect(machines.tooSoon).toEqual([]);
  expect(
    machines.commands
      .map(({ machine }) => machine)
      .slice(0, 3)
      .toSorted(),
  ).toEqual(['a', 'b', 'c']);
  expect((await job.rows()).map(({ track }) => track)).toEqual(
    ['o1', 'o2', 'o3', 'o4'].map((no) => ({ id: `d-${no}` })),
  );
});

it('a command without an answer holds its machine for the whole lock, and is not sent again', async () => {
  const job = await jobOf(['a', 'a']);
  const machines = new Machines([LOST, RESULT]);
  await machines.time.run(new Runner(machines.context(job)).run());
  const [first, second] = machines.commands;
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(LOCK_MS);
  expect(await job.states()).toEqual(['unknown', 'succeeded']);
  expect(job.gateway.leaked).toBe(0);
});

it('a refusal frees the machine at once', async () => {
  const job = await jobOf(['a', 'a']);
  const machines = new Machines([{ kind: 'refused' }, RESULT]);
  await machines.time.run(new Runner(machines.context(job)).run());
  const [first, second] = machines.commands;
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeLessThan(LOCK_MS);
  expect(await job.states()).toEqual(['failed', 'succeeded']);
});

it.each(['pause', 'cancel'] as const)('%s waits for no lock and for no result', async (how) => {
  const job = await jobOf(['a', 'a', 'a']);
  const machines = new Machines([{ kind: 'result', afterMs: 100_000, outcome: 'succeeded' }]);
  const runner = new Runner(machines.context(job));
  const script = job.gateway.script;
  job.gateway.script = async (rows, call) => {
    const end = await script(rows, call);
    // As its answer arrives: the next rows wait for the machine.
    runner[how]();
    return end;
  };
  const beganMs = machines.time.nowMs;
  const end = await machines.time.run(runner.run());
  expect(end.state).toBe(how === 'pause' ? 'paused' : 'cancelled');
  expect(machines.time.nowMs - beganMs).toBeLessThan(5_000);
  expect(machines.time.sleeping).toBe(0);
  const left = how === 'pause' ? 'not_sent:pending' : 'not_sent:cancelled';
  expect(await job.states()).toEqual(['unknown', left, left]);
});

it('a new process waits for what is left of a lock, and follows what the old one began', async () => {
  const job = await jobOf(['a', 'a']);
  const machines = new Machines([{ kind: 'result', afterMs: 60_000, outcome: 'succeeded' }]);
  const first = new Runner(machines.context(job));
  const script = job.gateway.script;
  job.gateway.script = async (rows, call) => {
    const end = await script(rows, call);
    if (call === 0) first.pause();
    return end;
  };
  await machines.time.run(first.run());
  expect(await job.states()).toEqual(['unknown', 'not_sent:pending']);
  // Its own locks and gateway events, the same journal.
  const context = machines.context(job);
  const end = await machines.time.run(new Runner({ ...context, job: await job.fresh() }).run());
  expect(end.state).toBe('finished');
  expect(machines.tooSoon).toEqual([]);
  expect(await job.states()).toEqual(['succeeded', 'succeeded']);
  expect(machines.commands).toHaveLength(2);
});

it('a command whose answer came late is given its time from the answer on, whatever the vendor’s clock is thought to say', async () => {
  const judged: { sinceMs: number; stampedMs: number }[] = [];
  const plan = dispensing();
  const job = await journal.job({
    rows: [fitRow(1, 'o1', { machine: 'a' })],
    operation: {
      ...plan,
      verify: {
        ...plan.verify!,
        judge: (facts) => {
          judged.push({ sinceMs: facts.sinceEndMs, stampedMs: facts.nowMs - facts.sentAtMs });
          return plan.verify!.judge(facts);
        },
      },
    },
    concurrency: 1,
  });
  const machines = new Machines([RESULT]);
  const context = machines.context(job);
  const { script, onLookup } = job.gateway;
  // The machine sleeps between the stamp and the command, and the vendor's clock is then read an hour ahead.
  job.gateway.script = async (rows, call) => {
    await machines.time.sleep(300_000);
    return await script(rows, call);
  };
  job.gateway.onLookup = (...asked) => {
    const end = onLookup(...asked);
    job.gateway.vendorMs += 3_600_000;
    return end;
  };
  await machines.time.run(new Runner(context).run());
  expect(judged.map(({ sinceMs }) => sinceMs)).toEqual([2_000, 7_000]);
  expect(judged.every(({ stampedMs }) => stampedMs > 3_900_000)).toBe(true);
  expect(await job.states()).toEqual(['succeeded']);
});

it('a reading that the account forbids pauses the run; the row stays in doubt with its number', async () => {
  const job = await jobOf(['a', 'a']);
  const machines = new Machines([RESULT]);
  const context = machines.context(job);
  job.gateway.onLookup = () => {
    const end = rejectedFor('sign');
    if (end.kind !== 'rejected') throw new Error(end.kind);
    return end;
  };
  const end = await machines.time.run(new Runner(context).run());
  expect([end.state, end.reason]).toEqual(['paused', 'sign']);
  expect(await job.states()).toEqual(['unknown', 'not_sent:pending']);
  expect((await job.rows())[0]?.track).toEqual({ id: 'd-o1' });
});

it('what cannot be read is read again, until the plan gives it up', async () => {
  const job = await jobOf(['a']);
  const machines = new Machines([RESULT]);
  const context = machines.context(job);
  let reads = 0;
  const lookup = job.gateway.onLookup;
  job.gateway.onLookup = (params, cursor, signal) => {
    reads += 1;
    return reads < 4 ? { kind: 'failed', failure: failure('D-busy', 'system') } : lookup(params, cursor, signal);
  };
  await machines.time.run(new Runner(context).run());
  expect([reads, ...(await job.states())]).toEqual([4, 'succeeded']);

  const never = await jobOf(['a']);
  const silent = new Machines([{ kind: 'result', afterMs: Infinity, outcome: 'succeeded' }]);
  const beganMs = silent.time.nowMs;
  const end = await silent.time.run(new Runner(silent.context(never)).run());
  expect(end.state).toBe('finished');
  expect(await never.states()).toEqual(['unknown']);
  expect(silent.time.nowMs - beganMs).toBeLessThan(320_000);
});

it('never two commands to one machine within its lock, and no row twice, however runs are paused and begun anew', async () => {
  const fate = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('result' as const),
        afterMs: fc.integer({ min: 500, max: 130_000 }),
        outcome: fc.constantFrom('succeeded' as const, 'failed' as const),
      }),
    },
    { weight: 1, arbitrary: fc.constant<Fate>({ kind: 'lost' }) },
    { weight: 1, arbitrary: fc.constant<Fate>({ kind: 'refused' }) },
  );
  const input = fc.record({
    machines: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 8 }),
    fates: fc.array(fate, { minLength: 1, maxLength: 8 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    pauses: fc.array(fc.record({ after: fc.integer({ min: 1, max: 4 }), fresh: fc.boolean() }), { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(input, async ({ machines: names, fates, concurrency, pauses }) => {
      const job = await jobOf(names, concurrency);
      const machines = new Machines(fates);
      let context = machines.context(job);
      const script = job.gateway.script;
      for (const pause of [...pauses, { after: Infinity, fresh: false }]) {
        const runner = new Runner({ ...context, job: await job.fresh() });
        let calls = 0;
        job.gateway.script = async (rows, call) => {
          calls += 1;
          if (calls === pause.after) runner.pause();
          return script(rows, call);
        };
        const end = await machines.time.run(runner.run());
        if (end.state === 'finished') break;
        if (pause.fresh) context = { ...context, locks: new KeyLocks(() => machines.time.nowMs) };
      }
      expect(machines.tooSoon).toEqual([]);
      const sent = machines.commands.map(({ order }) => order);
      expect(new Set(sent).size).toBe(sent.length);
      expect(sums(await job.counts())).toBe(true);
      const rows = await job.rows();
      for (const row of rows) {
        const command = machines.commands.find(({ order }) => order === row.order);
        // Five without an answer in a row pause a run for good here.
        if (command === undefined) expect(row.reason).toBe('pending');
        else if (command.fate.kind === 'result') expect(row.state).toBe(command.fate.outcome);
        else expect(row.state).toBe(command.fate.kind === 'lost' ? 'unknown' : 'failed');
      }
    }),
    { seed: 4, numRuns: 25 },
  );
}, 60_000);
