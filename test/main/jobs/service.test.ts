import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/contract/account.ts';
import { packRows } from '../../../src/main/jobs/journal/packed.ts';
import { Mailbox } from '../../../src/main/jobs/mailbox.ts';
import { JobService, type JobServiceOptions } from '../../../src/main/jobs/service.ts';
import type { Progress } from '../../../src/main/jobs/runner/types.ts';
import type { JobOptions } from '../../../src/main/jobs/types.ts';
import { operation, vendor } from '../../../src/main/vendors/registry.ts';
import type { UpdateRow } from '../../../src/main/vendors/types.ts';
import { failure, fitRow, jobSpec, temporaryFolder } from '../../support/journal.ts';
import {
  allSucceeded,
  errorOf,
  Gate,
  NOW_MS,
  orders,
  pageOf,
  rejectedFor,
  ScriptedGateway,
  sums,
  TestJournal,
  unknownEnd,
} from './runner/support.ts';

let journal: TestJournal;
let folder: ReturnType<typeof temporaryFolder>;
let gateway: ScriptedGateway;
let mailbox: Mailbox;
let account: Account;
let logged: unknown[];
let service: JobService;

beforeAll(async () => {
  journal = await TestJournal.start();
  folder = temporaryFolder();
});
afterAll(async () => {
  await journal.close();
  folder.remove();
});
beforeEach(() => {
  account = { ...journal.newAccount(), pacing: { concurrency: 1 } };
  mailbox = new Mailbox(join(folder.path, account.id));
  logged = [];
  service = serviceWith({});
});
afterEach(() => journal.clearHooks());

/** A service on the real journal and the real definitions, with a scripted gateway that sends one order a call's worth of rows. */
function serviceWith(change: Partial<JobServiceOptions>): JobService {
  gateway = new ScriptedGateway();
  return new JobService({
    journal: journal.journal,
    gateway,
    account: (id) => (id === account.id ? Promise.resolve(account) : Promise.reject(errorOf('ACCOUNT_NOT_FOUND'))),
    mailbox,
    now: () => NOW_MS,
    sleep: async () => {},
    log: (error) => logged.push(error),
    ...change,
  });
}

/** A job that sets orders to delivering; Polyv takes 1,000 a call, so that one call carries each 1,000. */
async function jobOf(names: readonly string[], options: Partial<JobOptions> = {}): Promise<number> {
  const spec = jobSpec({ accountId: account.id, options: { ...jobSpec().options, ...options } });
  const id = await journal.plain.call('createJob', { spec, at: '2026-01-02T03:04:05.000Z', parentId: null });
  const rows = names.map((order, index) => fitRow(index + 1, order));
  await journal.plain.call('addRows', { jobId: id, firstRowNo: 1, rows: packRows(rows) });
  await journal.plain.call('finishIntake', { jobId: id, spec });
  return id;
}

const counts = (jobId: number): ReturnType<typeof journal.plain.call<'getCounts'>> =>
  journal.plain.call('getCounts', { jobId });
const stateOf = async (jobId: number): Promise<string> => (await journal.plain.call('getJob', { id: jobId })).state;

async function states(jobId: number): Promise<string[]> {
  const rows = await journal.plain.call('getRows', { jobId, after: 0, limit: 5_000 });
  return rows.map((row) => (row.reason === null ? row.state : `${row.state}:${row.reason}`));
}

/** A run whose first call waits until it is let go. */
function held(jobId: number): {
  readonly run: ReturnType<JobService['run']>;
  readonly calling: Promise<void>;
  letGo(): void;
} {
  const calling = new Gate();
  const gate = new Gate();
  gateway.script = async (rows: readonly UpdateRow[]) => {
    calling.open();
    await gate.opened;
    return allSucceeded(rows);
  };
  return { run: service.run(jobId), calling: calling.opened, letGo: () => gate.open() };
}

const wrongState = (en: string, zh: string, data: object): object => ({
  code: 'JOB_STATE',
  text: { message: { zh, en }, remedy: { zh: '请先查看它现在的状态。' } },
  data,
});

describe('running a job', () => {
  it('sends it with the account, vendor and operation it was made for', async () => {
    const id = await jobOf(orders(3));
    const told: Progress[] = [];
    expect(await service.run(id, { tell: (progress) => told.push(progress) })).toEqual({
      state: 'finished',
      reason: null,
      text: null,
    });
    expect(gateway.calls).toEqual([orders(3)]);
    expect(gateway.held[0]?.prepared.account).toBe(account);
    expect(gateway.held[0]?.prepared.request.url).toMatch(/order\/update-batch-status/);
    expect(told.map((one) => one.state)).toEqual(['running', 'finished']);
    const { job, counts: found } = await service.get(id);
    expect(job).toMatchObject({ id, state: 'finished', startedAt: '2026-03-04T05:06:07.000Z' });
    expect(found).toMatchObject({ total: 3, succeeded: 3 });
  });

  it('knows the definitions', async () => {
    const id = await jobOf(['a']);
    const context = await service.context(id);
    expect(context.vendor).toBe(vendor('polyv'));
    expect(context.operation).toBe(operation('polyv', 'update-status'));
    expect(context.account).toBe(account);
    expect(context.now()).toBe(NOW_MS);
  });

  it('refuses an operation that changes nothing, and an account that is gone', async () => {
    const spec = jobSpec({ accountId: account.id, operation: 'order-get' });
    const id = await journal.plain.call('createJob', { spec, at: '2026-01-02T03:04:05.000Z', parentId: null });
    await expect(service.run(id)).rejects.toThrow('order-get is no update');
    const gone = await jobOf(['a']);
    account = { ...account, id: 'another' };
    await expect(service.run(gone)).rejects.toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
    expect(await stateOf(gone)).toBe('ready');
  });

  it('refuses a job that is not there, is being read in, or was cancelled', async () => {
    await expect(service.run(999_999)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    const spec = jobSpec({ accountId: account.id });
    const intake = await journal.plain.call('createJob', { spec, at: '2026-01-02T03:04:05.000Z', parentId: null });
    await expect(service.run(intake)).rejects.toMatchObject(
      wrongState(`Job ${intake} is intake, so it cannot be run.`, `任务 ${intake} 正在导入，不能运行。`, {
        job: intake,
        state: 'intake',
      }),
    );
    const cancelled = await jobOf(['a']);
    await service.cancel(cancelled);
    await expect(service.run(cancelled)).rejects.toMatchObject({ code: 'JOB_STATE', data: { state: 'cancelled' } });
  });

  it('refuses a second run of the same job at the same time', async () => {
    const id = await jobOf(['a']);
    const { run, calling, letGo } = held(id);
    await calling;
    await expect(service.run(id)).rejects.toMatchObject(
      wrongState(`Job ${id} is busy, so it cannot be run.`, `任务 ${id} 正在运行或查证，不能运行。`, {
        job: id,
        state: 'busy',
      }),
    );
    letGo();
    expect(await run).toMatchObject({ state: 'finished' });
    expect(gateway.calls).toEqual([['a']]);
  });

  it('refuses it for a paused job, too, though both begin at once', async () => {
    const id = await jobOf(['a', 'b'], { firstRows: 1 });
    await service.run(id);
    const ends = await Promise.allSettled([service.run(id), service.run(id)]);
    expect(ends.map((end) => end.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(gateway.calls).toEqual([['a'], ['b']]);
    expect(await stateOf(id)).toBe('finished');
  });

  it('runs two jobs side by side', async () => {
    const [one, two] = [await jobOf(['a']), await jobOf(['b'])];
    await Promise.all([service.run(one), service.run(two)]);
    expect(gateway.calls.flat().toSorted()).toEqual(['a', 'b']);
  });

  it('finishes a finished job again, sending nothing', async () => {
    const id = await jobOf(['a']);
    await service.run(id);
    expect(await service.run(id)).toMatchObject({ state: 'finished' });
    expect(gateway.calls).toHaveLength(1);
  });
});

describe('the first rows', () => {
  it('are the job’s wish on its first run alone', async () => {
    const id = await jobOf(orders(5), { firstRows: 2 });
    expect(await service.run(id)).toMatchObject({ state: 'paused', reason: 'first_rows' });
    expect(gateway.calls).toEqual([['o1', 'o2']]);
    expect(await service.run(id)).toMatchObject({ state: 'finished' });
    expect(gateway.calls).toEqual([
      ['o1', 'o2'],
      ['o3', 'o4', 'o5'],
    ]);
  });

  it('may be asked for on any run, and left out on the first', async () => {
    const id = await jobOf(orders(5), { firstRows: 2 });
    await service.run(id, { firstRows: 1 });
    await service.run(id, { firstRows: 3 });
    expect(gateway.calls).toEqual([['o1'], ['o2', 'o3', 'o4']]);
    const all = await jobOf(orders(5, 'p'), { firstRows: 2 });
    expect(await service.run(all, { firstRows: null })).toMatchObject({ state: 'finished' });
  });
});

describe('a resume', () => {
  it('sends rows that were rejected for the account’s sake again; those rejected for their own not', async () => {
    const id = await jobOf(orders(2), { firstRows: 1 });
    gateway.script = () => rejectedFor('input');
    await service.run(id);
    gateway.script = () => rejectedFor('sign');
    expect(await service.run(id)).toMatchObject({ state: 'paused', reason: 'sign' });
    expect(await states(id)).toEqual(['not_sent:rejected', 'not_sent:rejected']);
    gateway.script = allSucceeded;
    expect(await service.run(id)).toMatchObject({ state: 'finished' });
    expect(gateway.calls).toEqual([['o1'], ['o2'], ['o2']]);
    expect(await states(id)).toEqual(['not_sent:rejected', 'succeeded']);
  });
});

describe('pausing and cancelling a run', () => {
  it('pauses it when what is in flight has ended', async () => {
    const id = await jobOf(['a']);
    const { run, calling, letGo } = held(id);
    await calling;
    service.pause(id);
    letGo();
    expect(await run).toMatchObject({ state: 'paused', reason: 'person' });
  });

  it('pauses nothing that does not run', () => {
    expect(() => service.pause(1)).not.toThrow();
  });

  it('cancels it when what is in flight has ended', async () => {
    const id = await jobOf(orders(1_001));
    const { run, calling, letGo } = held(id);
    await calling;
    await service.cancel(id);
    expect(await stateOf(id)).toBe('running');
    letGo();
    expect(await run).toMatchObject({ state: 'cancelled' });
    expect(await counts(id)).toMatchObject({ succeeded: 1_000, notSent: 1, byReason: { cancelled: 1 } });
  });

  it('carries out a wish left by another process, and not one left before the run', async () => {
    const id = await jobOf(orders(1_001));
    await mailbox.leave(id, 'cancel');
    const { run, calling, letGo } = held(id);
    await calling;
    await new Mailbox(join(folder.path, account.id)).leave(id, 'pause');
    for (let tries = 0; (await mailboxHas(id)) && tries < 200; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    letGo();
    expect(await run).toMatchObject({ state: 'paused', reason: 'person' });
    expect((await counts(id)).byReason).toEqual({ pending: 1 });
  });

  /** Whether a wish still lies there; looked at without taking it. */
  async function mailboxHas(id: number): Promise<boolean> {
    const { readdir } = await import('node:fs/promises');
    return (await readdir(join(folder.path, account.id))).some((name) => name.startsWith(`${id}.`));
  }
});

describe('cancelling a job that does not run', () => {
  it('gives up what is not sent', async () => {
    const id = await jobOf(orders(3), { firstRows: 1 });
    await service.run(id);
    await service.cancel(id);
    expect(await states(id)).toEqual(['succeeded', 'not_sent:cancelled', 'not_sent:cancelled']);
    expect(await journal.plain.call('getJob', { id })).toMatchObject({
      state: 'cancelled',
      endedAt: '2026-03-04T05:06:07.000Z',
    });
  });

  it('is refused where nothing is left to give up', async () => {
    const id = await jobOf(['a']);
    await service.run(id);
    await expect(service.cancel(id)).rejects.toMatchObject(
      wrongState(`Job ${id} is finished, so it cannot be cancelled.`, `任务 ${id} 已完成，不能取消。`, {
        job: id,
        state: 'finished',
      }),
    );
  });
});

describe('a retry', () => {
  it('makes pending what may be sent again; the next run sends exactly that', async () => {
    const id = await jobOf(['a', 'b', 'c', 'd']);
    gateway.script = () => ({
      kind: 'answered',
      rows: [
        { outcome: 'succeeded' },
        { outcome: 'failed', failure: failure('E1', 'system') },
        { outcome: 'failed', failure: failure('E2', 'state') },
        { outcome: 'unknown', why: { zh: '', en: '' } },
      ],
    });
    await service.run(id);
    expect(await service.retry(id)).toBe(1);
    expect(await journal.plain.call('getJob', { id })).toMatchObject({ state: 'paused', pauseReason: 'person' });
    gateway.script = allSucceeded;
    await service.run(id);
    expect(gateway.calls).toEqual([['a', 'b', 'c', 'd'], ['b']]);
    expect(await states(id)).toEqual(['succeeded', 'succeeded', 'failed', 'unknown']);
  });

  it('leaves a job alone in which nothing may be sent again', async () => {
    const id = await jobOf(['a']);
    await service.run(id);
    expect(await service.retry(id)).toBe(0);
    expect(await stateOf(id)).toBe('finished');
  });

  it('takes up a cancelled job', async () => {
    const id = await jobOf(['a', 'b']);
    await service.cancel(id);
    expect(await service.retry(id)).toBe(2);
    expect(await service.run(id)).toMatchObject({ state: 'finished' });
    expect(gateway.calls).toEqual([['a', 'b']]);
  });

  it('is refused while the job runs or is read in', async () => {
    const id = await jobOf(['a']);
    const { run, calling, letGo } = held(id);
    await calling;
    await expect(service.retry(id)).rejects.toMatchObject({
      text: {
        message: { en: `Job ${id} is busy, so it cannot be retried.`, zh: `任务 ${id} 正在运行或查证，不能重试。` },
      },
    });
    letGo();
    await run;
    const spec = jobSpec({ accountId: account.id });
    const intake = await journal.plain.call('createJob', { spec, at: '2026-01-02T03:04:05.000Z', parentId: null });
    await expect(service.retry(intake)).rejects.toMatchObject({ code: 'JOB_STATE', data: { state: 'intake' } });
  });
});

describe('verifying', () => {
  it('reads unknown rows at the vendor by its own definition', async () => {
    const id = await jobOf(['a']);
    gateway.script = () => unknownEnd;
    await service.run(id);
    gateway.onLookup = (params) => pageOf({ orderNo: params['orderNo'] ?? '', status: 'delivering' });
    expect(await service.verify(id, { waitMs: 0 })).toEqual({ succeeded: 1, failed: 0, unknown: 0, stopped: null });
    expect(gateway.lookups).toEqual([{ operation: 'order-get', params: { orderNo: 'a' }, cursor: null }]);
  });

  it('is refused while the job runs, and a run while it is verified, and twice at once', async () => {
    const id = await jobOf(['a']);
    gateway.script = () => unknownEnd;
    await service.run(id);
    const asked = new Gate();
    const gate = new Gate();
    gateway.onLookup = async (params) => {
      asked.open();
      await gate.opened;
      return pageOf({ orderNo: params['orderNo'] ?? '', status: 'delivering' });
    };
    const verifying = service.verify(id, { waitMs: 0 });
    await asked.opened;
    for (const wish of ['verify', 'run', 'retry'] as const) {
      const refused = wish === 'verify' ? service.verify(id, { waitMs: 0 }) : service[wish](id);
      await expect(refused).rejects.toMatchObject({ code: 'JOB_STATE', data: { job: id, state: 'busy' } });
    }
    gate.open();
    expect(await verifying).toMatchObject({ succeeded: 1, stopped: null });
    const other = await jobOf(['b']);
    const { run, calling, letGo } = held(other);
    await calling;
    await expect(service.verify(other, { waitMs: 0 })).rejects.toMatchObject(
      wrongState(`Job ${other} is busy, so it cannot be verified.`, `任务 ${other} 正在运行或查证，不能查证。`, {}),
    );
    letGo();
    await run;
  });

  it('sleeps on the real clock when no other is given, and a stop wakes it', async () => {
    service = serviceWith({ sleep: undefined } as unknown as Partial<JobServiceOptions>);
    const { sleep } = await service.context(await jobOf(['a']));
    await sleep(1);
    const stop = new AbortController();
    const sleeping = sleep(60_000, stop.signal);
    stop.abort();
    await expect(sleeping).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a disk that is full', () => {
  const full = (): void => {
    journal.hooks.before = (entries) => {
      if (entries.some((entry) => entry.kind === 'settle')) throw errorOf('DISK_FULL');
    };
  };

  it('pauses the job; the next run writes what is known before it sends the rest', async () => {
    const id = await jobOf(orders(2));
    full();
    expect(await service.run(id, { firstRows: 1 })).toMatchObject({ state: 'paused', reason: 'disk_full' });
    expect(logged).toMatchObject([{ code: 'DISK_FULL' }, { code: 'DISK_FULL' }]);
    expect(await states(id)).toEqual(['sending', 'not_sent:pending']);
    journal.clearHooks();
    expect(await service.run(id)).toMatchObject({ state: 'finished' });
    expect(gateway.calls).toEqual([['o1'], ['o2']]);
    expect(await states(id)).toEqual(['succeeded', 'succeeded']);
  });

  it('does not lose outcomes to a cancel, which waits for them to be written', async () => {
    const id = await jobOf(orders(2));
    full();
    await service.run(id, { firstRows: 1 });
    await expect(service.cancel(id)).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(await stateOf(id)).toBe('paused');
    journal.clearHooks();
    await service.cancel(id);
    expect(await states(id)).toEqual(['succeeded', 'not_sent:cancelled']);
    expect(sums(await counts(id))).toBe(true);
  });

  it('that keeps even the end of the run from being written leaves a job that can be run again', async () => {
    const id = await jobOf(orders(2));
    journal.hooks.any = (name) => {
      if (name === 'apply') throw errorOf('DISK_FULL');
      if (name === 'setJobState' && gateway.prepares > 0) throw errorOf('DISK_FULL');
    };
    await expect(service.run(id)).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(await stateOf(id)).toBe('running');
    journal.clearHooks();
    expect(await service.run(id)).toMatchObject({ state: 'finished' });
    expect(gateway.calls).toEqual([['o1', 'o2']]);
  });

  it('leaves a job that can be cancelled, too', async () => {
    const id = await jobOf(orders(2));
    journal.hooks.any = (name) => {
      if (name === 'setJobState' && gateway.prepares > 0) throw errorOf('DISK_FULL');
    };
    gateway.script = () => rejectedFor('sign');
    await expect(service.run(id)).rejects.toMatchObject({ code: 'DISK_FULL' });
    journal.clearHooks();
    await service.cancel(id);
    expect(await stateOf(id)).toBe('cancelled');
  });
});

describe('an import', () => {
  it('makes a job that runs', async () => {
    const update = operation('polyv', 'update-status', 'update');
    const done = await service.import({
      account,
      operation: update,
      params: {},
      source: { kind: 'paste', text: '订单号\nA20260304001\nA20260304002\n', name: 'paste' },
      options: jobSpec().options,
    });
    expect(done).toMatchObject({ rows: 2 });
    expect(await journal.plain.call('getJob', { id: done.jobId })).toMatchObject({
      createdAt: '2026-03-04T05:06:07.000Z',
      params: { status: 'delivering' },
    });
    expect(await service.run(done.jobId)).toMatchObject({ state: 'finished' });
    expect(gateway.calls).toEqual([['A20260304001', 'A20260304002']]);
  });
});
