import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RouteInput } from '../../../src/contract/routes.ts';
import { EVERY_ORDER } from '../../../src/contract/kept.ts';
import { startTwins, type Twins } from '../../../src/main/twins/index.ts';
import { accountOf, folderOf, inFolder, lookedUp, TestConsole, WHOLE_VIEW } from './support.ts';

const folder = folderOf();
let twins: Twins;
let test: TestConsole;
let polyv: string;
let pdd: string;

beforeAll(async () => {
  twins = await startTwins({ orders: 700 }, { polyv: { orders: 700, vendorOptions: { covers: 'own' } } });
  test = await TestConsole.start(folder.path, { twins: async () => twins });
  // Hundreds go at a plain word here; what needs its number is mending.test.ts's.
  await test.call('settings.change', { confirmAbove: 1_000_000 });
  polyv = await accountOf(test, 'polyv');
  pdd = await accountOf(test, 'pdd');
});
beforeEach(() => test.forget());
afterAll(async () => {
  await test.console.close();
  folder.remove();
});

const LIST = (): RouteInput<'lookups.start'> => ({
  accountId: polyv,
  operation: 'order-list',
  params: { pageSize: '200' },
});
const OPTIONS = { readBefore: false, writeUnreadable: false, verifyAfter: false };
let imports = 0;

/** Imports pasted notes on these PDD orders. */
async function importNotes(
  orders: readonly string[],
  change: Partial<RouteInput<'updates.import'>> = {},
): Promise<number> {
  imports += 1;
  const rows = orders.map((order, index) => `${order},note ${index} of import ${imports}`);
  const imported = await test.call('updates.import', {
    importId: `import-${imports}`,
    accountId: pdd,
    operation: 'note-update',
    params: {},
    source: { kind: 'paste', text: ['订单号,商家备注', ...rows].join('\n') },
    mapping: { order_sn: 0, note: 1 },
    hasHeader: true,
    options: OPTIONS,
    ...change,
  });
  return imported.jobId;
}

const pddOrders = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => twins.pdd.orderNumber(from + index));

async function ran(jobId: number, firstRows: number | null = null): Promise<void> {
  test.forget();
  await test.call('jobs.run', { jobId, firstRows });
  await test.heard('runEnded', (end) => end.jobId === jobId);
}

/** A written CSV as records, its mark taken off. */
function csvOf(path: string): string[][] {
  const text = readFileSync(path, 'utf8');
  expect(text.startsWith('\uFEFF')).toBe(true);
  return Papa.parse<string[]>(text.slice(1), { skipEmptyLines: true }).data;
}

describe('the practice workspace', () => {
  it('stands on the twins, each with an account that nobody can change', async () => {
    expect(await test.call('app.state')).toMatchObject({
      workspace: 'practice',
      keychain: 'ready',
      readOnly: false,
      interrupted: [],
      dataFolder: folder.path,
      version: '1.2.3',
    });
    const accounts = await test.call('accounts.list');
    expect(accounts.map(({ vendor, environment }) => [vendor, environment])).toEqual(
      ['polyv', 'pdd', 'vending', 'suning'].map((vendor) => [vendor, 'twin']),
    );
    const [first] = accounts;
    const id = first?.id ?? '';
    const refused = { code: 'VAULT_TWINS_ONLY' };
    expect(await test.refusal('accounts.update', { id, patch: { label: 'x' } })).toMatchObject(refused);
    expect(await test.refusal('accounts.remove', { id })).toMatchObject(refused);
    expect(await test.refusal('accounts.replaceSecrets', { id, secrets: {} })).toMatchObject(refused);
    const added = {
      label: 'a',
      vendor: 'pdd',
      environment: 'live',
      plain: {},
      settings: {},
      secrets: {},
      consent: true,
    } as const;
    expect(await test.refusal('accounts.add', added)).toMatchObject(refused);
    expect(await test.call('accounts.list')).toEqual(accounts);
  });

  it('tests accounts, says what that proves, and knows their health then', async () => {
    expect((await test.call('accounts.health', { id: polyv })).clockOffsetMs).toBeNull();
    const tested = await test.call('accounts.test', { id: polyv });
    expect(tested).toMatchObject({ ok: true, failure: null, why: null });
    expect(tested.proves.en).not.toBe('');
    expect(await test.call('accounts.health', { id: polyv })).toMatchObject({
      accountId: polyv,
      keychain: 'ready',
      backingOffUntilMs: null,
      clockOffsetMs: expect.any(Number) as number,
    });
    const suning = await test.call('accounts.test', { id: await accountOf(test, 'suning') });
    expect(suning).toMatchObject({ ok: null, failure: null, why: null });
    expect((await test.call('accounts.list')).find((one) => one.id === polyv)?.lastVerifiedAt).toBeDefined();
    expect(await test.call('keychain.probe')).toMatchObject({ state: 'ready', error: null });
  });

  it('tells of a clock that is wrong', async () => {
    twins.polyv.setClockSkew(-400_000);
    await test.call('accounts.test', { id: polyv });
    expect(await test.heard('clock')).toMatchObject({ accountId: polyv, warn: true });
    twins.polyv.setClockSkew(0);
    await test.call('accounts.test', { id: polyv });
    await test.heard('clock', (clock) => !clock.warn);
  });
});

describe('a lookup', () => {
  it('is read in the background, told of, and shown page by page', async () => {
    const status = await lookedUp(test, LIST());
    expect(status).toMatchObject({
      accountId: polyv,
      running: false,
      complete: true,
      failure: null,
      why: null,
      selected: 0,
    });
    expect(status.rows).toBe(status.totalRows);
    expect(status.rows).toBeGreaterThanOrEqual(700);
    const { lookupId } = status;
    const view = { ...WHOLE_VIEW, sort: { column: 'amount', descending: true } };
    const page = await test.call('lookups.page', { lookupId, view, offset: 0, limit: 200 });
    const amounts = page.rows.map((row) => Number(row.values['amount']));
    expect(amounts).toEqual([...amounts].sort((a, b) => b - a));
    expect(page.total).toBe(status.rows);
    expect(new Set(page.rows.map((row) => row.values['mobile']))).toEqual(new Set(['•••']));
    const key = page.rows[0]?.key ?? 0;
    expect((await test.call('lookups.detail', { lookupId, key, personal: false })).values['mobile']).toBe('•••');
    expect((await test.call('lookups.detail', { lookupId, key, personal: true })).values['mobile']).toMatch(/^\d{11}$/);
  });

  it('shows a product’s picture when it is asked for, as data of a type that holds no script', async () => {
    const { lookupId } = await lookedUp(test, LIST());
    const detail = await test.call('lookups.detail', { lookupId, key: 0, personal: false });
    expect(detail.pictures).toEqual({ list: 'products', field: 'productCover' });
    const { dataUrl } = await test.call('lookups.picture', { lookupId, key: 0, at: 0 });
    const bytes = Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64');
    expect([...bytes.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
    expect(await test.refusal('lookups.picture', { lookupId, key: 0, at: 7 })).toMatchObject({
      code: 'PICTURE_FAILED',
    });
  });

  it('keeps what it finds among the orders of every vendor', async () => {
    const { rows } = await lookedUp(test, LIST());
    const filter = { ...EVERY_ORDER, accounts: [polyv] };
    const page = await test.call('orders.page', { view: { filter, sort: null }, offset: 0, limit: 50 });
    expect(page.total).toBe(rows);
    expect(page.rows.map(({ order }) => twins.polyv.indexOf(order)).every((index) => index >= 0)).toBe(true);
    expect(page.rows.every(({ vendor, hasBuyer, amount }) => vendor === 'polyv' && hasBuyer && amount !== null)).toBe(
      true,
    );
  });

  it('goes on where it was stopped', async () => {
    const begun = await test.call('lookups.start', LIST());
    await test.call('lookups.stop', { lookupId: begun.lookupId });
    const stopped = await test.call('lookups.status', { lookupId: begun.lookupId });
    if (!stopped.complete) {
      expect(stopped).toMatchObject({ running: false, canContinue: true, why: { en: 'Stopped.' } });
      await test.call('lookups.continue', { lookupId: begun.lookupId });
    }
    await expect
      .poll(async () => (await test.call('lookups.status', { lookupId: begun.lookupId })).complete)
      .toBe(true);
  });

  it('is saved as CSV: the view or the selected rows, personal data masked unless it is asked for', async () => {
    const { lookupId, rows } = await lookedUp(test, LIST());
    const names: string[] = [];
    test.desk.saveTo = (name) => {
      names.push(name);
      return inFolder(folder.path, `${names.length}.csv`);
    };
    const view = { ...WHOLE_VIEW, values: { status: ['wait_delivery'] } };
    const { total } = await test.call('lookups.page', { lookupId, view, offset: 0, limit: 1 });
    const masked = await test.call('lookups.export', { lookupId, view, selectedOnly: false, personal: false });
    expect(masked).toMatchObject({ name: '1.csv', rows: total });
    expect(names[0]).toMatch(/^polyv-order-list-\d{8}-\d{6}\.csv$/);
    const [header, ...lines] = csvOf(inFolder(folder.path, '1.csv'));
    expect(lines).toHaveLength(total);
    expect(header).toContain('Mobile');
    const mobile = header?.indexOf('Mobile') ?? -1;
    expect(new Set(lines.map((line) => line[mobile]))).toEqual(new Set(['•••']));
    expect(new Set(lines.map((line) => line[1]))).toEqual(new Set(['wait_delivery']));

    await test.call('lookups.select', {
      lookupId,
      change: { kind: 'range', view: WHOLE_VIEW, from: 3, to: 5, selected: true },
    });
    await test.call('lookups.export', { lookupId, view, selectedOnly: true, personal: true });
    const chosen = csvOf(inFolder(folder.path, '2.csv')).slice(1);
    expect(chosen).toHaveLength(3);
    expect(chosen.every((line) => /^(?:="\d{11}"|\d{11})$/.test(line[mobile] ?? ''))).toBe(true);
    const saved = await test.call('lookups.export', {
      lookupId,
      view: WHOLE_VIEW,
      selectedOnly: false,
      personal: false,
    });
    expect(saved?.rows).toBe(rows);
    await test.call('files.reveal', { fileId: saved?.fileId ?? '' });
    expect(test.desk.of('reveal').at(-1)).toBe(inFolder(folder.path, '3.csv'));

    test.desk.saveTo = null;
    expect(await test.call('lookups.export', { lookupId, view, selectedOnly: false, personal: false })).toBeNull();
    test.desk.saveTo = () => inFolder(folder.path, 'no such folder', 'x.csv');
    expect(
      await test.refusal('lookups.export', { lookupId, view, selectedOnly: false, personal: false }),
    ).toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('is stopped, and says that it is not complete', async () => {
    const { lookupId } = await test.call('lookups.start', { ...LIST(), params: { pageSize: '1' } });
    await test.heard('lookup', (status) => status.pages > 0);
    await test.call('lookups.stop', { lookupId });
    const status = await test.call('lookups.status', { lookupId });
    expect(status).toMatchObject({ running: false, complete: false, failure: null });
    expect(status.why?.en).toBe('Stopped.');
    expect(status.rows).toBeLessThan(700);
  });

  it('with a form that is not right is refused at once', async () => {
    const refused = await test.refusal('lookups.start', { ...LIST(), params: { pageSize: 'x' } });
    expect(refused).toMatchObject({ code: 'USAGE', data: { fields: 'pageSize' } });
    expect(await test.refusal('lookups.start', { ...LIST(), operation: 'update-status' })).toMatchObject({
      code: 'USAGE',
    });
    expect(await test.refusal('lookups.start', { ...LIST(), accountId: 'gone' })).toMatchObject({
      code: 'ACCOUNT_NOT_FOUND',
    });
  });

  it('that the vendor refuses says why', async () => {
    twins.polyv.setFaults([{ kind: 'failure' }]);
    const status = await lookedUp(test, LIST());
    twins.polyv.setFaults([]);
    expect(status).toMatchObject({ rows: 0, complete: false });
    expect(status.failure).not.toBeNull();
  });

  it('is forgotten after three more', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 4; count += 1) ids.push((await lookedUp(test, LIST())).lookupId);
    const [first = '', second = ''] = ids;
    expect(await test.refusal('lookups.status', { lookupId: first })).toMatchObject({ code: 'LOOKUP_GONE' });
    expect(await test.call('lookups.status', { lookupId: second })).toMatchObject({ running: false });
  });
});

describe('selected orders', () => {
  it('become a job that changes exactly them', async () => {
    const { lookupId } = await lookedUp(test, LIST());
    const view = { ...WHOLE_VIEW, values: { status: ['wait_delivery'] } };
    const { selected } = await test.call('lookups.select', { lookupId, change: { kind: 'all', view } });
    expect(selected).toBeGreaterThan(10);
    expect((await test.call('lookups.status', { lookupId })).selected).toBe(selected);
    const source = { kind: 'lookup', lookupId } as const;
    const target = { accountId: polyv, operation: 'update-status', source };
    const look = await test.call('updates.look', target);
    expect(look).toMatchObject({
      name: 'lookup-order-list',
      kind: 'paste',
      hasHeader: true,
      header: ['orderNo'],
      mapping: { orderNo: 0 },
      missing: [],
    });
    expect(look.sample).toHaveLength(Math.min(20, selected));
    const imported = await test.call('updates.import', {
      ...target,
      importId: 'selected',
      params: { status: 'delivering' },
      mapping: look.mapping,
      options: { ...OPTIONS, verifyAfter: true },
    });
    expect(imported.rows).toBe(selected);
    const { jobId } = imported;
    expect(await test.call('jobs.preview', { jobId })).toMatchObject({ pending: selected, calls: 1 });
    await ran(jobId);
    // Polyv answers a batch without a word on each order: they are read before anything is said of them.
    expect(await test.heard('verifyEnded')).toMatchObject({ jobId, succeeded: selected, unknown: 0 });
    const { counts, job } = await test.call('jobs.get', { jobId });
    expect(counts).toMatchObject({ total: selected, succeeded: selected });
    expect(job).toMatchObject({ state: 'finished', busy: null, source: { name: 'lookup-order-list' } });
    expect(twins.polyv.ledger.actions).toHaveLength(selected);

    await test.call('lookups.select', { lookupId, change: { kind: 'none' } });
    expect(await test.refusal('updates.look', target)).toMatchObject({ code: 'INTAKE_EMPTY' });
    await test.call('lookups.select', { lookupId, change: { kind: 'one', key: 0, selected: true } });
    expect(await test.refusal('updates.look', { ...target, accountId: pdd, operation: 'note-update' })).toMatchObject({
      code: 'USAGE',
    });
  });
});

describe('a job', () => {
  it('of 500 rows is read in, run, paused, resumed, reported and exported, and all counts agree', async () => {
    const orders = [
      ...pddOrders(0, 495),
      '1.23457E+17',
      '',
      pddOrders(0, 1)[0] ?? '',
      '000000-000000000000001',
      '000000-000000000000002',
    ];
    const text = ['订单号,商家备注', ...orders.map((order, index) => `${order},hello ${index}`)].join('\n');
    const look = await test.call('updates.look', {
      accountId: pdd,
      operation: 'note-update',
      source: { kind: 'paste', text },
    });
    expect(look).toMatchObject({
      name: 'paste',
      encoding: null,
      delimiter: ',',
      mapping: { order_sn: 0, note: 1 },
      columns: 2,
    });
    const jobId = await importNotes([], { source: { kind: 'paste', text }, options: { ...OPTIONS, readBefore: true } });
    await test.heard('importing', ({ rows }) => rows === 500);
    const before = await test.call('jobs.get', { jobId });
    const { pending = 0, set_aside: aside = 0 } = before.counts.byReason;
    expect([before.counts.total, pending + aside]).toEqual([500, 500]);
    expect(aside).toBeGreaterThanOrEqual(3);
    // Of a row that a person must mend, what they wrote comes along; of others it does not.
    const asideRows = await test.call('jobs.rows', { jobId, filter: { reason: 'set_aside' }, offset: 0, limit: 200 });
    expect(asideRows.rows.map(({ cells }) => cells?.length)).not.toContain(undefined);
    const fitRows = await test.call('jobs.rows', { jobId, filter: { reason: 'pending' }, offset: 0, limit: 200 });
    expect(fitRows.rows.filter((one) => 'cells' in one)).toEqual([]);

    const preview = await test.call('jobs.preview', { jobId });
    expect(preview).toMatchObject({ pending, calls: pending, requestError: null });
    // Each write is read before: twice as many calls, less the first, which goes at once.
    expect(preview.leastMs).toBe(((2 * pending - 1) * 1000) / 1_000);
    expect(preview.rows).toHaveLength(20);
    expect(preview.request?.method).toBe('POST');
    expect(twins.pdd.ledger.actions).toHaveLength(0);

    await test.call('jobs.run', { jobId, firstRows: null });
    expect(await test.refusal('jobs.run', { jobId, firstRows: null })).toMatchObject({ code: 'JOB_STATE' });
    expect(await test.refusal('jobs.verify', { jobId })).toMatchObject({ code: 'JOB_STATE' });
    expect(await test.refusal('jobs.retry', { jobId })).toMatchObject({ code: 'JOB_STATE' });
    expect(await test.refusal('app.workspace', 'real')).toMatchObject({ code: 'JOB_BUSY' });
    expect((await test.call('jobs.get', { jobId })).job.busy).toBe('running');
    expect(test.console.runningJobs()).toBe(1);
    await test.heard('progress', (progress) => progress.counts.succeeded > 0);
    await test.call('jobs.pause', { jobId });
    expect(await test.heard('runEnded')).toMatchObject({ jobId, state: 'paused', reason: 'person' });
    const paused = await test.call('jobs.get', { jobId });
    expect(paused.job).toMatchObject({ state: 'paused', pauseReason: 'person', busy: null });
    expect(paused.counts.succeeded).toBe(twins.pdd.ledger.actions.length);
    expect(paused.counts.byReason.pending).toBeGreaterThan(0);

    await ran(jobId);
    const { counts, job } = await test.call('jobs.get', { jobId });
    expect(job.state).toBe('finished');
    expect(counts.succeeded).toBe(twins.pdd.ledger.actions.length);
    expect(counts.failed + counts.succeeded + counts.notSent + counts.unknown).toBe(500);
    expect(counts.byReason.pending ?? 0).toBe(0);
    expect(test.desk.of('keepAwake').slice(-2)).toEqual([true, false]);
    expect(test.desk.of('progressBar').at(-1)).toBeNull();

    const reasons = await test.call('jobs.reasons', { jobId });
    const told = reasons.reduce((sum, group) => sum + group.count, 0);
    expect(told).toBe(500 - counts.succeeded - (counts.byReason.nothing_to_do ?? 0));
    for (const { state, code, count, lines } of reasons) {
      const page = await test.call('jobs.rows', { jobId, filter: { state, code }, offset: 0, limit: 200 });
      expect(page.total).toBe(count);
      expect(page.rows.slice(0, 5).map((row) => row.line)).toEqual(lines);
    }

    test.desk.saveTo = () => inFolder(folder.path, 'job.csv');
    expect(await test.call('jobs.export', { jobId, raw: false, format: 'csv' })).toMatchObject({
      name: 'job.csv',
      rows: 500,
    });
    const [header = [], ...lines] = csvOf(inFolder(folder.path, 'job.csv'));
    const outcome = header.indexOf('Console outcome');
    const written = (word: string): number => lines.filter((line) => line[outcome] === word).length;
    expect([lines.length, written('succeeded'), written('not sent'), written('failed')]).toEqual([
      500,
      counts.succeeded,
      counts.notSent,
      counts.failed,
    ]);
  });

  it('is found by order, shown row by row, and told where an order is', async () => {
    const orders = pddOrders(495, 30);
    const jobId = await importNotes(orders);
    const wanted = orders[7] ?? '';
    expect(await test.call('jobs.locate', { jobId, filter: {}, order: wanted })).toEqual({ offset: 7 });
    expect(await test.call('jobs.locate', { jobId, filter: { state: 'failed' }, order: wanted })).toBeNull();
    const { row, cells, header } = await test.call('jobs.row', { jobId, rowNo: 8 });
    expect([row.order, cells[0], header]).toEqual([wanted, wanted, ['订单号', '商家备注']]);
    const found = await test.call('jobs.find', { order: ` ${wanted} ` });
    expect(found).toMatchObject([{ row: { jobId, rowNo: 8 }, accountLabel: 'twin-pdd', operation: 'note-update' }]);
    const log = await test.call('jobs.orderLog', { order: ` ${wanted} `, offset: 0, limit: 200 });
    expect(log.entries.filter((entry) => entry.kind === 'imported' && entry.jobId === jobId)).toHaveLength(1);
    expect(log.total).toBe(log.entries.length);
    expect(await test.refusal('jobs.row', { jobId, rowNo: 31 })).toMatchObject({ code: 'JOB_NOT_FOUND' });
    expect(await test.refusal('jobs.get', { jobId: 9_999 })).toMatchObject({ code: 'JOB_NOT_FOUND' });
    const list = await test.call('jobs.list', { offset: 0, limit: 2 });
    expect(list.jobs[0]).toMatchObject({ job: { id: jobId }, counts: { total: 30 } });
    expect(list.total).toBe(jobId);
  });

  it('sends its first rows and waits for the person’s word', async () => {
    const jobId = await importNotes(pddOrders(525, 20));
    await ran(jobId, 3);
    expect(test.events('runEnded')).toMatchObject([{ jobId, state: 'paused', reason: 'first_rows' }]);
    expect((await test.call('jobs.get', { jobId })).counts).toMatchObject({ succeeded: 3, byReason: { pending: 17 } });
    await test.call('jobs.cancel', { jobId });
    expect((await test.call('jobs.get', { jobId })).counts).toMatchObject({
      succeeded: 3,
      byReason: { cancelled: 17 },
    });
    expect(await test.call('jobs.retry', { jobId })).toEqual({ rows: 17 });
    await ran(jobId);
    expect((await test.call('jobs.get', { jobId })).counts.succeeded).toBe(20);
    expect(await test.refusal('jobs.cancel', { jobId })).toMatchObject({ code: 'JOB_STATE' });
  });

  it('is cancelled while it runs', async () => {
    const jobId = await importNotes(pddOrders(0, 400));
    twins.pdd.setFaults([{ kind: 'latency', ms: 100 }]);
    await test.call('jobs.run', { jobId, firstRows: null });
    await test.call('jobs.cancel', { jobId });
    twins.pdd.setFaults([]);
    expect(await test.heard('runEnded')).toMatchObject({ jobId, state: 'cancelled' });
    const { counts } = await test.call('jobs.get', { jobId });
    expect(counts.succeeded + (counts.byReason.cancelled ?? 0)).toBe(400);
  });

  it('reads what is unknown at the vendor when it ends', async () => {
    const orders = pddOrders(545, 10);
    twins.pdd.setFaults([{ kind: 'truncated', when: { path: 'noteupdate', orders: orders.slice(4, 5) } }]);
    const jobId = await importNotes(orders, { options: { ...OPTIONS, verifyAfter: true } });
    await test.call('jobs.run', { jobId, firstRows: null });
    await test.heard('runEnded');
    expect(await test.heard('verifyEnded')).toEqual({ jobId, succeeded: 1, failed: 0, unknown: 0, stopped: null });
    twins.pdd.setFaults([]);
    expect((await test.call('jobs.get', { jobId })).counts).toMatchObject({ succeeded: 10, unknown: 0 });
  });

  it('is verified when the person says so, and groups its doubts', async () => {
    const orders = pddOrders(555, 10);
    twins.pdd.setFaults([{ kind: 'truncated', when: { path: 'noteupdate', orders: orders.slice(4, 6) } }]);
    const jobId = await importNotes(orders);
    await ran(jobId);
    const reasons = await test.call('jobs.reasons', { jobId });
    expect(reasons).toMatchObject([{ state: 'unknown', code: 'unknown', count: 2, retry: null, lines: [6, 7] }]);
    expect(reasons[0]?.text?.en).not.toBe('');
    await test.call('jobs.verify', { jobId });
    expect(await test.heard('verifyEnded')).toMatchObject({ jobId, succeeded: 2 });
    expect(test.events('verify').length).toBeGreaterThan(0);
    twins.pdd.setFaults([]);
    await test.call('jobs.stopVerify', { jobId });
    expect(await test.refusal('jobs.verify', { jobId: 9_999 })).toMatchObject({ code: 'JOB_NOT_FOUND' });
    expect((await test.call('jobs.get', { jobId })).job.busy).toBeNull();
  });

  it('runs beside another, and both are paused before the end', async () => {
    twins.pdd.setFaults([{ kind: 'latency', ms: 100 }]);
    const [one, other] = [await importNotes(pddOrders(0, 300)), await importNotes(pddOrders(300, 300))];
    await test.call('jobs.run', { jobId: one, firstRows: null });
    await test.call('jobs.run', { jobId: other, firstRows: null });
    expect(test.console.runningJobs()).toBe(2);
    await test.console.pauseAll();
    twins.pdd.setFaults([]);
    expect(test.console.runningJobs()).toBe(0);
    for (const jobId of [one, other]) {
      const { job, counts } = await test.call('jobs.get', { jobId });
      expect([job.state, counts.sending]).toEqual(['paused', 0]);
    }
  });
});

describe('an intake', () => {
  it('is stopped by the person and leaves nothing', async () => {
    const before = (await test.call('jobs.list', { offset: 0, limit: 1 })).total;
    const text = `订单号,商家备注\n${Array.from({ length: 80_000 }, (_, index) => `240522-${100_000_000_000_000 + index},x`).join('\n')}`;
    const reading = test.refusal('updates.import', {
      importId: 'long',
      accountId: pdd,
      operation: 'note-update',
      params: {},
      source: { kind: 'paste', text },
      mapping: { order_sn: 0, note: 1 },
      options: OPTIONS,
    });
    await test.heard('importing', ({ importId }) => importId === 'long');
    expect(test.console.runningJobs()).toBe(1);
    expect(await test.refusal('app.workspace', 'real')).toMatchObject({ code: 'JOB_BUSY' });
    await test.call('updates.stopImport', { importId: 'long' });
    expect(await reading).toMatchObject({ code: 'USAGE', data: { stopped: true } });
    expect((await test.call('jobs.list', { offset: 0, limit: 1 })).total).toBe(before);
    await test.call('updates.stopImport', { importId: 'never' });
  });

  it('keeps to the person’s mapping: what it leaves out is left out', async () => {
    const jobId = await importNotes([], {
      source: { kind: 'paste', text: `订单号,商家备注,标记\n${twins.pdd.orderNumber(0)},x,2` },
    });
    const { row } = await test.call('jobs.row', { jobId, rowNo: 1 });
    expect(row).toMatchObject({ values: { note: 'x' }, problem: null });
    expect(row.values?.['tag'] ?? '').toBe('');
  });

  it('tells what is unclear, and is refused when it stays so', async () => {
    const target = { accountId: pdd, operation: 'note-update' };
    const text = '备注,卖家备注,店铺\na,b,c';
    const look = await test.call('updates.look', { ...target, source: { kind: 'paste', text } });
    expect(look.missing).toContain('order_sn');
    expect(await test.refusal('updates.look', { ...target, source: { kind: 'paste', text: '' } })).toMatchObject({
      code: 'INTAKE_EMPTY',
    });
    expect(
      await test.refusal('updates.import', {
        ...target,
        importId: 'unclear',
        params: {},
        source: { kind: 'paste', text },
        mapping: { note: 0 },
        options: OPTIONS,
      }),
    ).toMatchObject({ code: 'INTAKE_MAPPING' });
  });
});

describe('the workspace', () => {
  it('is changed and comes back as it was', async () => {
    const jobs = await test.call('jobs.list', { offset: 0, limit: 200 });
    const real = await test.call('app.workspace', 'real');
    expect(real).toMatchObject({ workspace: 'real', keychain: 'not_checked' });
    expect(await test.call('accounts.list')).toEqual([]);
    expect(await test.call('jobs.list', { offset: 0, limit: 1 })).toEqual({ total: 0, jobs: [] });
    twins = await startTwins({ orders: 700 }, { polyv: { orders: 700, vendorOptions: { covers: 'own' } } });
    expect(await test.call('app.workspace', 'practice')).toMatchObject({ workspace: 'practice', keychain: 'ready' });
    expect(await accountOf(test, 'polyv')).toBe(polyv);
    expect(await test.call('jobs.list', { offset: 0, limit: 200 })).toEqual(jobs);
    expect(await lookedUp(test, LIST())).toMatchObject({ complete: true });
  });
});
