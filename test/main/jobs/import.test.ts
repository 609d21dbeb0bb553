import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InputSource } from '../../../src/main/jobs/intake/input.ts';
import { importJob, type Imported, type ImportRequest } from '../../../src/main/jobs/import.ts';
import type { JobOptions, JournalRow } from '../../../src/main/jobs/types.ts';
import type { Checked, UpdateOperation, Values } from '../../../src/main/vendors/types.ts';
import { fileOf, NOTE, operationOf, ORDER, paste } from './intake/support.ts';
import { accountOf, errorOf, TestJournal } from './runner/support.ts';

let journal: TestJournal;
beforeAll(async () => {
  journal = await TestJournal.start();
});
afterEach(() => journal.clearHooks());
afterAll(() => journal.close());

const OPTIONS: JobOptions = { readBefore: true, writeUnreadable: false, firstRows: 3, verifyAfter: true };
const account = accountOf('shop-1', { label: 'My shop', settings: { style: 'plain' } });
const SHARED: Checked<Values> = {
  ok: true,
  value: { status: 'delivering', style: 'plain' },
  warnings: [{ code: 'final', message: { zh: '不可改回', en: 'final' } }],
};

/** Notes on orders; what all rows share is checked with the account's settings. */
const operation: UpdateOperation = {
  ...operationOf([ORDER, NOTE]),
  checkParams: (params, settings) =>
    params['status'] === 'delivering' && settings['style'] === 'plain'
      ? SHARED
      : {
          ok: false,
          problems: [
            { code: 'a', message: { zh: '状态不对。', en: 'A wrong status.' } },
            { code: 'b', message: { zh: '缺东西。', en: 'Something is missing.' } },
          ],
        },
};

function run(source: InputSource, change: Partial<ImportRequest> = {}): Promise<Imported> {
  return importJob(journal.journal, {
    account,
    operation,
    params: { status: 'delivering' },
    source,
    options: OPTIONS,
    now: () => Date.parse('2026-03-04T05:06:07.000Z'),
    ...change,
  });
}

const orderNo = (n: number): string => `A-${String(n).padStart(6, '0')}`;
const csv = (n: number, note = ''): string =>
  `订单号,备注\n${Array.from({ length: n }, (_, index) => `${orderNo(index + 1)},${note}`).join('\n')}\n`;

async function rowsOf(jobId: number): Promise<JournalRow[]> {
  return journal.plain.call('getRows', { jobId, after: 0, limit: 5_000 });
}

async function jobIds(): Promise<number[]> {
  return (await journal.plain.call('listJobs', null)).map((job) => job.id);
}

describe('an input becomes a job', () => {
  it('with all that was decided, ready to run', async () => {
    const text = '订单号,备注,城市\nA-000001,好,x\n';
    const done = await run(fileOf(text, 'orders.csv'));
    expect(done).toMatchObject({ rows: 1, unmapped: ['城市'], warnings: [], warningCount: 0 });
    expect(done.paramWarnings).toEqual([{ code: 'final', message: { zh: '不可改回', en: 'final' } }]);
    expect(await journal.plain.call('getJob', { id: done.jobId })).toEqual({
      id: done.jobId,
      vendor: 'polyv',
      accountId: 'shop-1',
      accountLabel: 'My shop',
      operation: 'note',
      params: { status: 'delivering', style: 'plain' },
      source: {
        kind: 'file',
        name: expect.stringMatching(/orders\.csv$/),
        sha256: createHash('sha256').update(text).digest('hex'),
      },
      header: ['订单号', '备注', '城市'],
      mapping: { order: 0, note: 1 },
      options: OPTIONS,
      state: 'ready',
      pauseReason: null,
      pauseText: null,
      createdAt: '2026-03-04T05:06:07.000Z',
      startedAt: null,
      endedAt: null,
      parentId: null,
    });
    expect(await rowsOf(done.jobId)).toMatchObject([
      {
        rowNo: 1,
        line: 2,
        cells: ['A-000001', '好', 'x'],
        order: 'A-000001',
        values: { note: '好' },
        state: 'not_sent',
        reason: 'pending',
      },
    ]);
  });

  it('with every data row once, numbered from 1 across batches, in the input’s order', async () => {
    const told: number[] = [];
    const done = await run(fileOf(csv(4_321)), { tell: (rows) => told.push(rows), input: { chunkBytes: 4_096 } });
    expect(done.rows).toBe(4_321);
    const rows = await rowsOf(done.jobId);
    expect(rows.map((row) => row.rowNo)).toEqual(Array.from({ length: 4_321 }, (_, index) => index + 1));
    expect(rows.every((row) => row.order === orderNo(row.rowNo) && row.line === row.rowNo + 1)).toBe(true);
    expect(told.length).toBeGreaterThan(4);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(4_321);
  });

  it('from a paste without a header, too', async () => {
    const done = await run(paste('A-000001\nA-000002\n'));
    expect(done).toMatchObject({ rows: 2, unmapped: [] });
    expect(await journal.plain.call('getJob', { id: done.jobId })).toMatchObject({
      header: null,
      mapping: { order: 0 },
      source: { kind: 'paste', name: 'paste' },
    });
  });

  it('with unfit rows and duplicates set aside; the counts sum to the input', async () => {
    const done = await run(paste('订单号,备注\nA-000001,x\n1.23E+17,\n\nA-000001,x\nA-000002,a\nA-000002,b\n'));
    const counts = await journal.plain.call('getCounts', { jobId: done.jobId });
    expect(done.rows).toBe(6);
    expect(counts).toMatchObject({ total: 6, notSent: 6, byReason: { pending: 1, set_aside: 5 } });
    expect(counts.byProblem).toMatchObject({ blank: 1, duplicate: 1, conflict: 2 });
    expect((await rowsOf(done.jobId)).map((row) => row.line)).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it('by an explicit mapping, with or without a header', async () => {
    const done = await run(paste('好,A-000001\n'), { mapping: { order: 1, note: 0 }, hasHeader: false });
    expect(await rowsOf(done.jobId)).toMatchObject([{ order: 'A-000001', values: { note: '好' } }]);
  });

  it('by a mapping that is whole: a field that it leaves out is left out, though a column has its name', async () => {
    const text = '订单号,备注\nA-000001,x\n';
    const whole = await run(paste(text), { mapping: { order: 0 }, mappingIsWhole: true });
    expect((await rowsOf(whole.jobId)).map(({ order, values }) => ({ order, values }))).toEqual([
      { order: 'A-000001', values: {} },
    ]);
    const part = await run(paste(text), { mapping: { order: 0 } });
    expect(await rowsOf(part.jobId)).toMatchObject([{ values: { note: 'x' } }]);
  });

  it('tells the first 100 warnings, and how many there are', async () => {
    const done = await run(fileOf(csv(150, 'warn')));
    expect(done.warningCount).toBe(150);
    expect(done.warnings).toHaveLength(100);
    expect(done.warnings[0]).toMatchObject({ line: 2, problem: { code: 'w', field: 'note' } });
    expect(done.warnings[99]?.line).toBe(101);
  });

  it('names no column without a name among those it leaves out', async () => {
    const done = await run(paste('订单号,,城市\nA-000001,a,b\n'));
    expect(done.unmapped).toEqual(['城市']);
  });
});

describe('values that all rows share', () => {
  it('are refused before anything is read or written', async () => {
    const before = await jobIds();
    const missing: InputSource = { kind: 'file', path: '/there/is/no/such.csv' };
    await expect(run(missing, { params: { status: 'close' } })).rejects.toMatchObject({
      code: 'USAGE',
      text: {
        message: {
          zh: '任务的设定有误：状态不对。 缺东西。',
          en: "The job's values are not right: A wrong status. Something is missing.",
        },
        remedy: {
          zh: '请改正后重试；还没有读入任何数据。',
          en: 'Mend them and try again; nothing has been read yet.',
        },
      },
    });
    expect(await jobIds()).toEqual(before);
  });
});

describe('an input that breaks', () => {
  it('half-way leaves no job behind, and says where', async () => {
    const before = await jobIds();
    const broken = Buffer.concat([Buffer.from(csv(3_000)), Buffer.from([0x41, 0xff, 0xfe, 0xff]), Buffer.from('\n')]);
    const told: number[] = [];
    await expect(
      run(fileOf(broken), { input: { encoding: 'utf-8', chunkBytes: 4_096 }, tell: (rows) => told.push(rows) }),
    ).rejects.toMatchObject({ code: 'INTAKE_ENCODING' });
    expect(told.length).toBeGreaterThan(1);
    expect(await jobIds()).toEqual(before);
  });

  it('is stopped between two batches by the person, and leaves no job behind', async () => {
    const before = await jobIds();
    const stop = new AbortController();
    const told: number[] = [];
    const tell = (rows: number): void => {
      told.push(rows);
      if (told.length === 2) stop.abort();
    };
    await expect(run(fileOf(csv(5_000)), { signal: stop.signal, tell })).rejects.toMatchObject({
      code: 'USAGE',
      data: { stopped: true },
    });
    expect(told).toHaveLength(2);
    expect(await jobIds()).toEqual(before);
    // After the last batch, too.
    const late = new AbortController();
    await expect(run(paste(csv(1)), { signal: late.signal, tell: () => late.abort() })).rejects.toMatchObject({
      data: { stopped: true },
    });
    expect(await jobIds()).toEqual(before);
  });

  it('at its beginning makes no job', async () => {
    const before = await jobIds();
    await expect(run(paste('备注\nx\n'))).rejects.toMatchObject({ code: 'INTAKE_MAPPING' });
    await expect(run(paste(''))).rejects.toMatchObject({ code: 'INTAKE_EMPTY' });
    expect(await jobIds()).toEqual(before);
  });

  it('that has a header alone leaves no job behind', async () => {
    const before = await jobIds();
    await expect(run(paste('订单号,备注\n'))).rejects.toMatchObject({ code: 'INTAKE_EMPTY' });
    expect(await jobIds()).toEqual(before);
  });
});

describe('a journal that fails', () => {
  it('while rows are written ends the intake with its error, and the job is removed', async () => {
    const before = await jobIds();
    let nth = 0;
    journal.hooks.any = (name) => {
      if (name === 'addRows' && ++nth === 2) throw errorOf('DISK_FULL');
    };
    await expect(run(fileOf(csv(9_000)), { input: { chunkBytes: 4_096 } })).rejects.toMatchObject({
      code: 'DISK_FULL',
    });
    expect(await jobIds()).toEqual(before);
  });

  it('at the end of the intake does so, too', async () => {
    const before = await jobIds();
    journal.hooks.any = (name) => {
      if (name === 'finishIntake') throw errorOf('DISK_FULL');
    };
    await expect(run(paste('A-000001\nA-000002\n'))).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(await jobIds()).toEqual(before);
  });

  it('when the job is to be removed does not hide why', async () => {
    journal.hooks.any = (name) => {
      if (name === 'dropIntake') throw errorOf('DISK_FULL');
    };
    await expect(run(paste('订单号,备注\n'))).rejects.toMatchObject({ code: 'INTAKE_EMPTY' });
    // What is left is an intake that has not ended; the next start removes it.
    const { dropped } = await journal.plain.call('recover', { atMs: 1, at: '2026-01-01T00:00:00.000Z' });
    expect(dropped).toHaveLength(1);
  });

  it('has at most four batches to write at a time', async () => {
    let under = 0;
    let most = 0;
    const four = Promise.withResolvers<undefined>();
    const slow = {
      ...journal.journal,
      call: async (name: string, args: never): Promise<never> => {
        if (name === 'addRows') most = Math.max(most, (under += 1));
        if (most === 4) four.resolve(undefined);
        try {
          // None is answered before four are under way, and then late enough for a fifth to be seen.
          if (name === 'addRows') {
            await four.promise;
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
          return (await journal.plain.call(name as 'getJob', args)) as never;
        } finally {
          if (name === 'addRows') under -= 1;
        }
      },
    } as unknown as typeof journal.journal;
    const done = await importJob(slow, {
      account,
      operation,
      params: { status: 'delivering' },
      source: fileOf(csv(8_000)),
      input: { chunkBytes: 1_024 },
      options: OPTIONS,
      now: () => 0,
    });
    expect(done.rows).toBe(8_000);
    expect(most).toBe(4);
  });
});
