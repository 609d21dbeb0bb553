import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ROUTES, type RouteName } from '../../../src/contract/routes.ts';
import { DEFAULT_SETTINGS } from '../../../src/contract/settings.ts';
import { startTwins } from '../../../src/main/twins/index.ts';
import { accountOf, folderOf, inFolder, TestConsole } from './support.ts';

const folder = folderOf();
let test: TestConsole;
let pdd: string;
beforeAll(async () => {
  test = await TestConsole.start(folder.path, { twins: () => startTwins({ orders: 20 }) });
  pdd = await accountOf(test, 'pdd');
});
beforeEach(() => test.forget());
afterAll(async () => {
  await test.console.close();
  folder.remove();
});

const write = (name: string, text: string | Buffer): string => {
  const path = inFolder(folder.path, name);
  writeFileSync(path, text);
  return path;
};

describe('every route', () => {
  const routes = Object.keys(ROUTES) as RouteName[];
  it.each(routes)('%s refuses what is none of its input', async (route) => {
    for (const input of ['no', 17, [], { id: {} }, { jobId: -1 }, null]) {
      if (ROUTES[route].input.safeParse(input).success) continue;
      const answer = await test.answer(route, input);
      expect(answer).toMatchObject({ ok: false, error: { code: 'BAD_INPUT' } });
    }
  });

  it('that names what is not there says so', async () => {
    const view = { sort: null, find: '', values: {} };
    const source = { kind: 'lookup', lookupId: 'gone' } as const;
    const target = { accountId: pdd, operation: 'note-update', source };
    const refusals = [
      ['LOOKUP_GONE', () => test.refusal('lookups.status', { lookupId: 'gone' })],
      ['LOOKUP_GONE', () => test.refusal('lookups.stop', { lookupId: 'gone' })],
      ['LOOKUP_GONE', () => test.refusal('lookups.page', { lookupId: 'gone', view, offset: 0, limit: 1 })],
      ['LOOKUP_GONE', () => test.refusal('lookups.detail', { lookupId: 'gone', key: 0, personal: false })],
      ['LOOKUP_GONE', () => test.refusal('lookups.select', { lookupId: 'gone', change: { kind: 'none' } })],
      [
        'LOOKUP_GONE',
        () => test.refusal('lookups.export', { lookupId: 'gone', view, selectedOnly: false, personal: false }),
      ],
      ['LOOKUP_GONE', () => test.refusal('updates.look', target)],
      ['FILE_GONE', () => test.refusal('updates.look', { ...target, source: { kind: 'file', fileId: 'gone' } })],
      ['FILE_GONE', () => test.refusal('files.reveal', { fileId: 'gone' })],
      ['USAGE', () => test.refusal('updates.look', { ...target, operation: 'order-detail' })],
      ['ACCOUNT_NOT_FOUND', () => test.refusal('accounts.health', { id: 'gone' })],
      ['ACCOUNT_NOT_FOUND', () => test.refusal('accounts.test', { id: 'gone' })],
      ['JOB_NOT_FOUND', () => test.refusal('jobs.preview', { jobId: 99 })],
      ['JOB_NOT_FOUND', () => test.refusal('jobs.run', { jobId: 99, firstRows: null })],
      ['JOB_NOT_FOUND', () => test.refusal('jobs.cancel', { jobId: 99 })],
      ['JOB_NOT_FOUND', () => test.refusal('jobs.retry', { jobId: 99 })],
      ['JOB_NOT_FOUND', () => test.refusal('jobs.export', { jobId: 99, raw: false, format: 'csv' })],
    ] as const;
    for (const [code, refusal] of refusals) expect((await refusal()).code).toBe(code);
    expect(await test.call('jobs.reasons', { jobId: 99 })).toEqual([]);
    expect(await test.call('jobs.rows', { jobId: 99, filter: {}, offset: 0, limit: 5 })).toEqual({
      total: 0,
      rows: [],
    });
    expect(await test.call('jobs.locate', { jobId: 99, filter: {}, order: 'x' })).toBeNull();
    expect(await test.call('jobs.find', { order: 'x' })).toEqual([]);
    expect(test.console.runningJobs()).toBe(0);
  });
});

describe('the application’s routes', () => {
  it('reach the desktop', async () => {
    await test.call('app.open', 'pdd_docs');
    await test.call('app.showDataFolder');
    await test.call('app.copy', '240522-1');
    expect(test.desk.of('openLink')).toEqual(['pdd_docs']);
    expect(test.desk.of('showFolder')).toEqual([folder.path]);
    expect(test.desk.of('copyText')).toEqual(['240522-1']);
    test.desk.works = false;
    expect((await test.refusal('app.open', 'pdd_docs')).code).toBe('LINK_FAILED');
    expect((await test.refusal('app.showDataFolder')).code).toBe('LINK_FAILED');
    test.desk.works = true;
    expect(await test.call('app.licences')).toEqual([{ name: 'a', version: '1', licence: 'MIT' }]);
    expect((await test.call('vendors.list')).map(({ id }) => id)).toEqual(['polyv', 'pdd', 'vending', 'suning']);
  });

  it('change settings, and tell and apply what has changed', async () => {
    const after = await test.call('settings.change', { theme: 'dark', language: 'zh-CN' });
    expect(after).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', language: 'zh-CN' });
    expect(await test.heard('settings')).toEqual({ settings: after, language: 'zh-CN' });
    expect(await test.call('app.state')).toMatchObject({ language: 'zh-CN', settings: after });
    await test.call('settings.change', { proxy: 'none' });
    expect([test.desk.of('applyTheme'), test.desk.of('applyLanguage')]).toEqual([['dark'], ['zh-CN']]);
    expect(await test.refusal('settings.change', { proxy: 'manual' })).toMatchObject({
      code: 'SETTINGS_INVALID',
      data: { field: 'proxyUrl' },
    });
    await test.call('settings.change', { language: 'system' });
    expect((await test.call('app.state')).language).toBe('en');
    // Calls still reach the twins.
    expect(await test.call('accounts.test', { id: pdd })).toMatchObject({ ok: true });
  });
});

describe('files', () => {
  const target = (): { accountId: string; operation: string } => ({ accountId: pdd, operation: 'note-update' });

  it('are chosen, dropped, looked at in their encoding, and read in', async () => {
    const order = '240522-100000000000001';
    test.desk.chosen = write(
      '订单.csv',
      iconv.encode(`订单号,商家备注\n${order},你好\n${'9'.repeat(20)},${'长'.repeat(600)}\n`, 'gb18030'),
    );
    const chosen = await test.call('files.choose');
    expect(chosen).toMatchObject({ name: '订单.csv' });
    const source = { kind: 'file', fileId: chosen?.fileId ?? '' } as const;
    const look = await test.call('updates.look', { ...target(), source });
    expect(look).toMatchObject({
      name: '订单.csv',
      kind: 'file',
      encoding: 'GBK/GB18030',
      header: ['订单号', '商家备注'],
    });
    expect(look.sample[0]).toEqual({ line: 2, cells: [order, '你好'] });
    expect(look.sample[1]?.cells[1]).toHaveLength(501);
    expect((await test.call('updates.look', { ...target(), source, hasHeader: false })).header).toBeNull();
    const wrong = await test.refusal('updates.look', { ...target(), source: { ...source, encoding: 'utf-8' } });
    expect(wrong.code).toBe('INTAKE_ENCODING');
    const unknown = await test.refusal('updates.look', { ...target(), source: { ...source, encoding: 'klingon' } });
    expect(unknown.code).toBe('INTAKE_ENCODING');
    const { jobId } = await test.call('updates.import', {
      ...target(),
      importId: 'file',
      params: {},
      source,
      mapping: look.mapping,
      options: { readBefore: true, writeUnreadable: false, verifyAfter: true },
    });
    const { job } = await test.call('jobs.get', { jobId });
    expect(job.source).toMatchObject({
      kind: 'file',
      name: '订单.csv',
      sha256: expect.stringMatching(/^[\da-f]{64}$/) as string,
    });

    const dropped = await test.call('files.register', { path: test.desk.chosen });
    expect(dropped).toMatchObject({ name: '订单.csv', bytes: chosen?.bytes });
    await test.call('files.reveal', { fileId: dropped.fileId });
    expect(test.desk.of('reveal')).toEqual([test.desk.chosen]);
    rmSync(test.desk.chosen);
    expect((await test.refusal('files.reveal', { fileId: dropped.fileId })).code).toBe('FILE_GONE');
    expect((await test.refusal('updates.look', { ...target(), source })).code).toBe('FILE_UNREADABLE');
    test.desk.chosen = null;
    expect(await test.call('files.choose')).toBeNull();
  });

  it('of other kinds, folders, and what is not there are refused, and no path is ever answered', async () => {
    mkdirSync(inFolder(folder.path, 'folder.csv'));
    const refused = [
      write('a.exe', 'x'),
      write('secrets', 'x'),
      write('a.csv.lnk', 'x'),
      inFolder(folder.path, 'folder.csv'),
      inFolder(folder.path, 'no.csv'),
      'relative.csv',
      inFolder(folder.path, 'accounts.json'),
    ];
    for (const path of refused) {
      const error = await test.refusal('files.register', { path });
      expect(error.code).toBe('FILE_UNREADABLE');
      expect(JSON.stringify(error)).not.toContain(folder.path);
    }
    symlinkSync(write('real.csv', 'a\n1'), inFolder(folder.path, 'link.csv'));
    expect(await test.call('files.register', { path: inFolder(folder.path, 'link.csv') })).toMatchObject({
      name: 'link.csv',
    });
  });

  it('of XLSX are known, and a damaged one says at the look what to do with it', async () => {
    const { fileId } = await test.call('files.register', { path: write('a.XLSX', Buffer.from('PK\x03\x04 rest')) });
    const error = await test.refusal('updates.look', { ...target(), source: { kind: 'file', fileId } });
    expect(error.code).toBe('INTAKE_MALFORMED');
    expect(error.text.remedy.en).toMatch(/CSV/);
  });

  it('that were exported here are known again by their columns', async () => {
    const order = '240522-100000000000001';
    const { jobId } = await test.call('updates.import', {
      ...target(),
      importId: 'again',
      params: {},
      source: { kind: 'paste', text: `订单号,商家备注\n${order},=1+1` },
      mapping: { order_sn: 0, note: 1 },
      options: { readBefore: false, writeUnreadable: false, verifyAfter: false },
    });
    test.desk.saveTo = (name) => inFolder(folder.path, name);
    const saved = await test.call('jobs.export', { jobId, raw: false, format: 'csv' });
    const source = { kind: 'file', fileId: saved?.fileId ?? '' } as const;
    const look = await test.call('updates.look', { ...target(), source });
    expect(look).toMatchObject({ header: ['订单号', '商家备注'], columns: 2, mapping: { order_sn: 0, note: 1 } });
    expect(look.sample).toEqual([{ line: 2, cells: [order, '=1+1'] }]);
    test.desk.saveTo = null;
    expect(await test.call('jobs.export', { jobId, raw: false, format: 'csv' })).toBeNull();
  });
});
