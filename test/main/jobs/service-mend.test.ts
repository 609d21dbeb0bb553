import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/contract/account.ts';
import { eventsOf } from '../../../src/main/jobs/journal/events.ts';
import { createJob, getJob, setJobState } from '../../../src/main/jobs/journal/jobs.ts';
import { see, type SeenRow } from '../../../src/main/jobs/journal/seen.ts';
import { Mailbox } from '../../../src/main/jobs/mailbox.ts';
import { JobService, type JobServiceOptions } from '../../../src/main/jobs/service.ts';
import type { JobState } from '../../../src/main/jobs/types.ts';
import {
  allRows,
  failure,
  fitRow,
  jobSpec,
  readyJob,
  straightJournal,
  temporaryFolder,
  testDatabases,
  type TestDatabases,
} from '../../support/journal.ts';
import { failure as refusal } from './intake/support.ts';
import { noteJob, order, settle } from './mend/support.ts';
import { accountOf, Gate, NOW_MS, pageOf, ScriptedGateway, WHY } from './runner/support.ts';

// What a person makes of a job beside running it, by the service, straight on a database.

const AT = new Date(NOW_MS).toISOString();

let databases: TestDatabases;
let folder: ReturnType<typeof temporaryFolder>;
let gateway: ScriptedGateway;
let account: Account;
let service: JobService;

const serviceWith = (change: Partial<JobServiceOptions> = {}): JobService =>
  new JobService({
    journal: straightJournal(databases),
    gateway,
    account: async () => account,
    mailbox: new Mailbox(join(folder.path, 'wishes')),
    now: () => NOW_MS,
    sleep: async () => {},
    ...change,
  });

beforeEach(() => {
  databases = testDatabases();
  folder = temporaryFolder();
  gateway = new ScriptedGateway();
  account = accountOf('shop-1', { settings: { noteMax: '3' } });
  service = serviceWith();
});
afterEach(() => {
  databases.close();
  folder.remove();
});

const notes = (n: number): number =>
  noteJob(
    databases,
    Array.from({ length: n }, (_, index) => [order(index + 1), 'note', '', '']),
  );
const statusJob = (n: number): number =>
  readyJob(
    databases,
    Array.from({ length: n }, (_, index) => fitRow(index + 1, `o${index + 1}`)),
  );
const to = (jobId: number, state: JobState): void => setJobState(databases, { id: jobId, state, at: AT });
const failedNotes = (n: number): number => {
  const jobId = notes(n);
  for (let rowNo = 1; rowNo <= n; rowNo += 1)
    settle(databases, jobId, rowNo, { state: 'failed', failure: failure('F', 'input') });
  to(jobId, 'finished');
  return jobId;
};
const events = (jobId: number) => eventsOf(databases, { jobId, after: 0, limit: 99 });

type Wish = readonly [string, (jobId: number) => Promise<unknown>, string, string];
const ALL: readonly Wish[] = [
  ['undo', (jobId) => service.undo(jobId), '撤销', 'undone'],
  ['edit', (jobId) => service.editRow(jobId, 1, null), '改正', 'mended'],
  ['mending by a file', (jobId) => service.mendFrom(jobId, { kind: 'paste', text: 'x', name: 'x' }), '改正', 'mended'],
  ['follow-up', (jobId) => service.followUp(jobId), '改正', 'mended'],
  [
    'decision',
    (jobId) => service.decide(jobId, { kind: 'all', filter: {}, but: new Set() }, 'failed'),
    '决定',
    'decided',
  ],
  ['retry', (jobId) => service.retry(jobId), '重试', 'retried'],
  ['look', (jobId) => service.look(jobId, { again: false }), '读取现值', 'looked at'],
  ['word on rows kept back', (jobId) => service.allow(jobId, 'changed_since_preview'), '确认', 'confirmed'],
];

describe('a job at work', () => {
  it.each(ALL)('is left alone by a %s, and is free again afterwards', async (_what, ask, zh, en) => {
    const jobId = notes(1);
    for (const [state, word] of [
      ['running', '正在运行'],
      ['intake', '正在导入'],
    ] as const) {
      databases.writer.db.exec(`UPDATE job SET state = '${state}'`);
      const error = await refusal(() => ask(jobId));
      expect([error.code, error.text.message, error.data]).toEqual([
        'JOB_STATE',
        { zh: `任务 ${jobId} ${word}，不能${zh}。`, en: `Job ${jobId} is ${state}, so it cannot be ${en}.` },
        { job: jobId, state },
      ]);
    }
    databases.writer.db.exec("UPDATE job SET state = 'ready'");
    expect(await service.retry(jobId)).toBe(0);
  });

  it.each(ALL)('is left alone by a %s while another thing is done with it', async (_what, ask, zh, en) => {
    const jobId = noteJob(databases, [[order(1), 'note']]);
    const [asked, gate] = [new Gate(), new Gate()];
    gateway.onLookup = async () => {
      asked.open();
      await gate.opened;
      return pageOf();
    };
    const looking = service.look(jobId, { again: false });
    await asked.opened;
    expect((await refusal(() => ask(jobId))).text.message).toEqual({
      zh: `任务 ${jobId} 正在运行或查证，不能${zh}。`,
      en: `Job ${jobId} is busy, so it cannot be ${en}.`,
    });
    gate.open();
    await looking;
    // Free again, and so after a verification.
    for (let nth = 0; nth < 2; nth += 1)
      expect(await service.verify(jobId, { waitMs: 0 })).toMatchObject({ unknown: 0, stopped: null });
  });

  it.each<[JobState, string]>([
    ['finished', '已完成'],
    ['cancelled', '已取消'],
  ])('that is %s has no present values to read', async (state, word) => {
    const jobId = notes(1);
    to(jobId, state);
    expect((await refusal(() => service.look(jobId, { again: false }))).text.message).toEqual({
      zh: `任务 ${jobId} ${word}，不能读取现值。`,
      en: `Job ${jobId} is ${state}, so it cannot be looked at.`,
    });
    to(jobId, 'paused');
    expect(await service.look(jobId, { again: false })).toMatchObject({ read: 1 });
  });
});

describe('undoing', () => {
  it('makes the reverse job', async () => {
    const jobId = notes(1);
    settle(databases, jobId, 1, { state: 'succeeded' }, { oldValues: { note: 'old' } });
    expect(await service.undo(jobId)).toMatchObject({ jobId: jobId + 1, rows: 1, ready: 1 });
  });

  it('is refused where the operation knows no way back, or no row can be set back', async () => {
    await expect(service.undo(statusJob(1))).rejects.toMatchObject({
      code: 'NOTHING_TO_UNDO',
      text: { remedy: { en: "Handle it in the vendor's back office." } },
    });
    const jobId = notes(1);
    await expect(service.undo(jobId)).rejects.toMatchObject({
      code: 'NOTHING_TO_UNDO',
      message: expect.stringContaining(`No row of job ${jobId} can be undone`) as unknown,
    });
  });
});

describe('mending', () => {
  it('shows a row’s values, or why nobody may edit it', async () => {
    const jobId = notes(2);
    settle(databases, jobId, 2, { state: 'succeeded' });
    expect(await service.editable(jobId, 1)).toEqual({ values: { order_sn: order(1), note: 'note' }, why: null });
    expect(await service.editable(jobId, 2)).toEqual({
      values: null,
      why: { zh: '这一行已成功', en: 'The row has succeeded' },
    });
  });

  it('checks by the account’s settings and saves nothing', async () => {
    const jobId = notes(1);
    const checked = await service.checkEdit(jobId, { order_sn: order(1), note: 'long' });
    expect(checked).toMatchObject({ ok: true, warnings: [{ code: 'pdd.note_long' }] });
    expect(allRows(databases, jobId)[0]?.values).toEqual({ note: 'note' });
  });

  it('saves an edit, takes it back, and makes a follow-up of what is left', async () => {
    const jobId = failedNotes(2);
    for (const rowNo of [1, 2])
      expect(await service.editRow(jobId, rowNo, { order_sn: order(rowNo), note: 'new' })).toMatchObject({
        saved: true,
      });
    expect(await service.editRow(jobId, 1, null)).toEqual({ saved: true, problems: [], warnings: [] });
    expect(await service.editRow(jobId, 1, null)).toEqual({ saved: false, problems: [], warnings: [] });
    expect(events(jobId).at(-1)).toMatchObject({ atMs: NOW_MS, data: { dropped: true } });
    expect(await service.followUp(jobId)).toEqual({ jobId: jobId + 1, rows: 1 });
    const { title: _title, ...follow } = getJob(databases, { id: jobId + 1 });
    const { vendor, operation, params, header, mapping } = getJob(databases, { id: jobId });
    expect(follow).toMatchObject({
      ...{ vendor, operation, params, header, mapping },
      kind: 'follow_up',
      parentId: jobId,
      createdAt: AT,
      options: { firstRows: null },
    });
    await expect(service.followUp(jobId)).rejects.toMatchObject({ code: 'NOTHING_MENDED', data: { job: jobId } });
  });

  it('makes a follow-up without the first rows’ pause, the name and the mark of its job', async () => {
    const spec = { title: 'May', options: { ...jobSpec().options, verifyAfter: true, firstRows: 5 } };
    const jobId = noteJob(databases, [[order(1), '']], spec);
    to(jobId, 'paused');
    await service.editRow(jobId, 1, { order_sn: order(1), note: 'new' });
    const follow = getJob(databases, { id: (await service.followUp(jobId)).jobId });
    expect(follow.options).toEqual({ ...spec.options, firstRows: null });
    expect(follow.title).toBeUndefined();
  });

  it('takes a file of mended rows', async () => {
    const jobId = failedNotes(1);
    const text = `商家备注,控制台 行号\nnew,2`;
    expect(await service.mendFrom(jobId, { kind: 'paste', text, name: 'm' })).toMatchObject({ read: 1, saved: 1 });
  });
});

describe('deciding', () => {
  it('settles rows in doubt by the person’s word, now', async () => {
    const jobId = notes(1);
    settle(databases, jobId, 1, { state: 'unknown', note: WHY });
    const chosen = { kind: 'rows', rows: new Set([1]) } as const;
    expect(await service.decide(jobId, chosen, 'succeeded')).toEqual({ rows: 1 });
    expect(allRows(databases, jobId)[0]).toMatchObject({ state: 'succeeded', decided: { as: 'succeeded', at: AT } });
  });
});

describe('a person’s word on rows that were kept back', () => {
  const keptBack = (jobId: number, reason: SeenRow['reason']): void =>
    see(databases, { jobId, rows: [{ rowNo: 1, seen: {}, reason, note: null }], atMs: 1 });

  it.each<[JobState, JobState, 'state_forbids' | 'changed_since_preview']>([
    ['ready', 'ready', 'state_forbids'],
    ['paused', 'paused', 'changed_since_preview'],
    ['finished', 'paused', 'state_forbids'],
  ])('makes them wait, and a job that is %s %s', async (state, next, reason) => {
    const jobId = notes(1);
    keptBack(jobId, reason);
    if (state !== 'ready') to(jobId, state);
    expect(await service.allow(jobId, reason)).toBe(1);
    const job = getJob(databases, { id: jobId });
    expect([job.state, job.pauseReason]).toEqual([next, next === 'paused' ? 'person' : null]);
    expect(allRows(databases, jobId)[0]?.reason).toBe('pending');
    expect(events(jobId).find(({ kind }) => kind === 'allowed')).toMatchObject({
      atMs: NOW_MS,
      data: { reason, rows: 1 },
    });
  });

  it('leaves a job as it is where there are none', async () => {
    const jobId = notes(1);
    to(jobId, 'finished');
    expect(await service.allow(jobId, 'state_forbids')).toBe(0);
    expect(getJob(databases, { id: jobId }).state).toBe('finished');
  });

  it('is not heard on a state that forbids what cannot be taken back', async () => {
    const jobId = readyJob(databases, [fitRow(1, 'a')], { vendor: 'vending', operation: 'dispense', params: {} });
    keptBack(jobId, 'state_forbids');
    await expect(service.allow(jobId, 'state_forbids')).rejects.toMatchObject({
      code: 'JOB_STATE',
      data: { job: jobId, state: 'ready' },
      message: expect.stringContaining('cannot be taken back') as unknown,
    });
    expect(await service.allow(jobId, 'changed_since_preview')).toBe(0);
  });
});

describe('a job’s name', () => {
  it('is given and taken away, but not while it is read in', async () => {
    const jobId = notes(1);
    await service.name(jobId, 'May');
    expect(getJob(databases, { id: jobId }).title).toBe('May');
    await service.name(jobId, null);
    expect(getJob(databases, { id: jobId }).title).toBeUndefined();
    const intake = createJob(databases, { spec: jobSpec(), at: AT, parentId: null });
    expect((await refusal(() => service.name(intake, 'x'))).text.message).toEqual({
      zh: `任务 ${intake} 正在导入，不能命名。`,
      en: `Job ${intake} is intake, so it cannot be named.`,
    });
  });
});

describe('rows that no one can set back', () => {
  it('are sent above the limit only by their number', async () => {
    let limit = 2;
    service = serviceWith({ confirmAbove: () => limit });
    const jobId = statusJob(3);
    expect([await service.needsCount(jobId, 2), await service.needsCount(jobId, 3)]).toEqual([false, true]);
    await expect(service.run(jobId)).rejects.toMatchObject({ code: 'COUNT_NOT_CONFIRMED', data: { count: 3 } });
    await expect(service.run(jobId, { confirmed: 2 })).rejects.toMatchObject({ code: 'COUNT_NOT_CONFIRMED' });
    expect([gateway.prepares, getJob(databases, { id: jobId }).state]).toEqual([0, 'ready']);
    expect(await service.run(jobId, { confirmed: 3 })).toMatchObject({ state: 'finished' });
    expect(events(jobId)[0]).toMatchObject({ kind: 'confirmed', atMs: NOW_MS, data: { count: 3 } });
    limit = 9;
    expect(await service.run(statusJob(9))).toMatchObject({ state: 'finished' });
  });

  it('need no number where nobody set a limit', async () => {
    const jobId = statusJob(3);
    expect(await service.needsCount(jobId, 1_000_000)).toBe(false);
    expect(await service.run(jobId)).toMatchObject({ state: 'finished' });
  });
});

describe('a job that is not run through', () => {
  it('waits for nothing, and no wish to go on or leave changes that', () => {
    const jobId = notes(1);
    expect(service.waiting(jobId)).toBeNull();
    service.goOn(jobId);
    service.leave(jobId);
    service.suspended();
    service.resumed();
    service.networkChanged();
    service.lookAtTime();
    expect(getJob(databases, { id: jobId }).state).toBe('ready');
  });
});

describe('an export', () => {
  it.each([
    ['a table by itself', {}, '订单号'],
    ['a table', { format: 'csv' }, '订单号'],
    ['a workbook', { format: 'xlsx' }, 'PK'],
    ['a page', { format: 'html' }, '<!doctype html>'],
  ] as const)('is %s', async (_what, format, head) => {
    const jobId = failedNotes(2);
    const path = join(folder.path, 'export');
    expect(await service.export(jobId, { path, language: 'en', ...format })).toEqual({ path, rows: 2 });
    expect(readFileSync(path, 'utf8').replace('\uFEFF', '').toLowerCase().startsWith(head.toLowerCase())).toBe(true);
  });
});
