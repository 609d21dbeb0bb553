import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NewAccountInput } from '../../../src/contract/account.ts';
import { appError, type ErrorCode } from '../../../src/contract/errors.ts';
import type { RouteInput } from '../../../src/contract/routes.ts';
import { startTwin, type FaultRule, type PddOrder, type Twin } from '../../../src/main/twins/index.ts';
import { createMemoryKeychain, type Keychain } from '../../../src/main/vault/index.ts';
import { filesOf, findPlanted } from '../../support/planted.ts';
import { credentialsOf } from '../../support/twin-accounts.ts';
import { folderOf, inFolder, lookedUp, TestConsole, WHOLE_VIEW } from './support.ts';

/** A system's keychain that can be locked. */
class TestKeychain implements Keychain {
  readonly kind = 'system';
  trouble: ErrorCode | null = null;
  calls = 0;
  readonly #inner = createMemoryKeychain();

  set = async (account: string, value: string): Promise<void> => this.#use(() => this.#inner.set(account, value));
  get = async (account: string): Promise<string | null> => this.#use(() => this.#inner.get(account));
  delete = async (account: string): Promise<boolean> => this.#use(() => this.#inner.delete(account));

  #use<T>(call: () => Promise<T>): Promise<T> {
    this.calls += 1;
    if (this.trouble === null) return call();
    return Promise.reject(appError(this.trouble, { zh: '锁', en: 'trouble' }, { zh: '解', en: 'mend it' }));
  }
}

const SECRETS = { first: 'Pl4nted-first+secret/0123456789=', second: 'Pl4nted"second\\secret&<9876543210>' };

/** So slowly that a run is still at it whatever else is done meanwhile. */
const SLOWLY: readonly FaultRule[] = [{ kind: 'latency', ms: 200 }];

const folder = folderOf();
const keychain = new TestKeychain();
let twin: Twin<PddOrder>;
let test: TestConsole;
/** All consoles of this file, so that nothing that crossed is left out of the search. */
const consoles: TestConsole[] = [];

async function open(workspace: 'real' | 'practice' = 'real'): Promise<TestConsole> {
  const made = await TestConsole.start(folder.path, { workspace, keychain: () => keychain });
  consoles.push(made);
  return made;
}

beforeAll(async () => {
  twin = await startTwin('pdd', { orders: 300, credentials: { appSecret: SECRETS.first } });
  test = await open();
});
afterEach(() => {
  keychain.trouble = null;
  twin.setFaults([]);
});
afterAll(async () => {
  await test.console.close();
  await twin.close();
  folder.remove();
});

function account(change: Partial<NewAccountInput> = {}): NewAccountInput {
  return {
    label: 'Shop',
    vendor: 'pdd',
    environment: 'twin',
    baseUrl: twin.url,
    ...credentialsOf('pdd', twin.credentials),
    settings: {},
    pacing: { perSecond: 1_000, concurrency: 4 },
    consent: false,
    ...change,
  };
}

const idOf = async (label: string): Promise<string> =>
  (await test.call('accounts.list')).find((one) => one.label === label)?.id ?? '';

function notes(id: string, count: number, from = 0): RouteInput<'updates.import'> {
  const rows = Array.from({ length: count }, (_, index) => `${twin.orderNumber(from + index)},note ${index}`);
  return {
    importId: `notes-${from}`,
    accountId: id,
    operation: 'note-update',
    params: {},
    source: { kind: 'paste', text: ['订单号,商家备注', ...rows].join('\n') },
    mapping: { order_sn: 0, note: 1 },
    options: { readBefore: false, writeUnreadable: false, verifyAfter: false },
  };
}

describe('the real workspace', () => {
  it('begins without a look into the keychain', async () => {
    expect(await test.call('app.state')).toMatchObject({ workspace: 'real', keychain: 'not_checked', readOnly: false });
    expect(await test.call('accounts.list')).toEqual([]);
    expect(await test.call('jobs.list', { offset: 0, limit: 10 })).toEqual({ total: 0, jobs: [] });
    expect(keychain.calls).toBe(0);
  });

  it('adds, changes and tests an account', async () => {
    const added = await test.call('accounts.add', account());
    expect(added).toMatchObject({ label: 'Shop', vendor: 'pdd', baseUrl: twin.url });
    expect(await test.heard('keychain')).toBe('ready');
    expect(await test.refusal('accounts.add', account())).toMatchObject({ code: 'ACCOUNT_EXISTS' });
    expect(await test.refusal('accounts.add', account({ label: '' }))).toMatchObject({
      code: 'ACCOUNT_INVALID',
      data: { field: 'label' },
    });
    expect(await test.call('accounts.test', { id: added.id })).toMatchObject({ ok: true });
    const changed = await test.call('accounts.update', { id: added.id, patch: { label: 'North', pacing: null } });
    expect(changed.label).toBe('North');
    expect(changed.pacing).toBeUndefined();
    expect(await test.refusal('accounts.update', { id: 'gone', patch: {} })).toMatchObject({
      code: 'ACCOUNT_NOT_FOUND',
    });
    await test.call('accounts.update', { id: added.id, patch: { pacing: { perSecond: 1_000, concurrency: 4 } } });
  });

  it('uses a replaced secret at once, and the test tells that it is wrong', async () => {
    const id = await idOf('North');
    const { secrets } = credentialsOf('pdd', twin.credentials);
    await test.call('accounts.replaceSecrets', { id, secrets: { appSecret: SECRETS.second } });
    expect(await test.call('accounts.test', { id })).toMatchObject({
      ok: false,
      failure: { class: 'sign' },
      why: null,
    });
    await test.call('accounts.replaceSecrets', { id, secrets });
    expect(await test.call('accounts.test', { id })).toMatchObject({ ok: true });
    expect(await test.refusal('accounts.replaceSecrets', { id, secrets: {} })).toMatchObject({
      code: 'ACCOUNT_INVALID',
    });
  });

  it('asks for consent where the vendor’s rule wants it, and keeps its date', async () => {
    const polyv = account({
      label: 'Video',
      vendor: 'polyv',
      environment: 'live',
      baseUrl: undefined,
      plain: { appId: 'g1txxxxxxx' },
      secrets: { appSecret: SECRETS.second.replaceAll(/[^A-Za-z0-9]/g, '') },
    });
    const { baseUrl: _none, ...live } = polyv;
    expect(await test.refusal('accounts.add', live)).toMatchObject({ code: 'CONSENT_REQUIRED' });
    const added = await test.call('accounts.add', { ...live, consent: true });
    expect(Date.parse(added.consentAt ?? '')).not.toBeNaN();
    await test.call('accounts.remove', { id: added.id });
    expect(await idOf('Video')).toBe('');
  });

  it('names the keychain’s state by what its use has shown', async () => {
    const id = await idOf('North');
    const imported = await test.call('updates.import', notes(id, 5, 250));
    await test.call('accounts.update', { id, patch: { settings: {} } });
    test.forget();
    keychain.trouble = 'KEYCHAIN_LOCKED';
    expect(await test.call('jobs.preview', { jobId: imported.jobId })).toMatchObject({
      pending: 5,
      request: null,
      requestError: { message: { en: 'trouble' }, remedy: { en: 'mend it' } },
    });
    expect(await test.heard('keychain')).toBe('locked');
    expect(await test.call('keychain.probe')).toMatchObject({ state: 'locked', error: { message: { en: 'trouble' } } });
    expect(await test.refusal('accounts.test', { id })).toMatchObject({ code: 'KEYCHAIN_LOCKED' });
    const status = await lookedUp(test, {
      accountId: id,
      operation: 'order-detail',
      params: { order_sn: twin.orderNumber(0) },
    });
    expect(status).toMatchObject({ complete: false, failure: null, why: { en: 'trouble mend it' } });
    await test.call('jobs.run', { jobId: imported.jobId, firstRows: null });
    expect(await test.heard('runEnded')).toMatchObject({ state: 'paused', reason: 'vault' });
    keychain.trouble = 'KEYCHAIN_DENIED';
    expect(await test.call('keychain.probe')).toMatchObject({ state: 'denied' });
    keychain.trouble = null;
    expect(await test.call('keychain.probe')).toEqual({
      state: 'ready',
      error: null,
      passed: ['write', 'read', 'delete'],
    });
    expect((await test.call('app.state')).keychain).toBe('ready');
    await test.call('jobs.cancel', { jobId: imported.jobId });
  });

  it('shows a request with its secret masked', async () => {
    const { jobId } = await test.call('updates.import', notes(await idOf('North'), 2, 240));
    const { request } = await test.call('jobs.preview', { jobId });
    expect(request?.signedText).toContain('•••');
    expect(request?.body).toContain(twin.orderNumber(240));
  });

  it('removes no account while a job of it runs', async () => {
    const id = await idOf('North');
    const { jobId } = await test.call('updates.import', notes(id, 200));
    test.forget();
    twin.setFaults(SLOWLY);
    await test.call('jobs.run', { jobId, firstRows: null, confirmed: 200 });
    expect(await test.refusal('accounts.remove', { id })).toMatchObject({
      code: 'JOB_BUSY',
      data: { account: 'North' },
    });
    await test.call('jobs.pause', { jobId });
    await test.heard('runEnded');
  });
});

describe('a second console on the same data', () => {
  it('only looks: it reads, looks up and exports, and writes nothing', async () => {
    const id = await idOf('North');
    const second = await open();
    expect(await second.call('app.state')).toMatchObject({ readOnly: true });
    const { jobs } = await second.call('jobs.list', { offset: 0, limit: 10 });
    const job = jobs[0]?.job;
    const jobId = job?.id ?? 0;
    expect(job?.state).toBe('paused');
    for (const refused of [
      second.refusal('updates.import', notes(id, 1)),
      second.refusal('jobs.run', { jobId, firstRows: null }),
      second.refusal('jobs.cancel', { jobId }),
      second.refusal('jobs.retry', { jobId }),
      second.refusal('jobs.verify', { jobId }),
    ]) {
      expect(await refused).toMatchObject({ code: 'WRITER_BUSY' });
    }
    await second.call('jobs.pause', { jobId });
    expect((await second.call('jobs.rows', { jobId, filter: {}, offset: 0, limit: 1 })).total).toBe(200);
    const status = await lookedUp(second, {
      accountId: id,
      operation: 'order-detail',
      params: { order_sn: twin.orderNumber(0) },
    });
    const view = { lookupId: status.lookupId, view: WHOLE_VIEW, offset: 0, limit: 5 };
    expect((await second.call('lookups.page', view)).rows[0]?.values['receiver_phone']).toBe('•••');
    second.desk.saveTo = (name) => inFolder(folder.path, name);
    expect((await second.call('jobs.export', { jobId, raw: true, format: 'csv' }))?.rows).toBe(200);

    // It asks the one that writes to pause.
    test.forget();
    twin.setFaults(SLOWLY);
    await test.call('jobs.run', { jobId, firstRows: null });
    await second.call('jobs.pause', { jobId });
    expect(await test.heard('runEnded')).toMatchObject({ jobId, state: 'paused', reason: 'person' });

    twin.setFaults([]);

    // It writes when the other is gone.
    await test.console.close();
    expect(await second.call('app.workspace', 'real')).toMatchObject({ readOnly: false });
    test = second;
    test.forget();
    await test.call('jobs.run', { jobId, firstRows: null });
    expect(await test.heard('runEnded')).toMatchObject({ state: 'finished' });
    expect((await test.call('jobs.get', { jobId })).counts.succeeded).toBe(200);
  });
});

describe('what a process that died left behind', () => {
  it('is told with the rows that were being sent, until somebody goes on with it', async () => {
    const { jobId } = await test.call('updates.import', notes(await idOf('North'), 10, 270));
    await test.console.close();
    const db = new DatabaseSync(inFolder(folder.path, 'journal.db'));
    db.prepare("UPDATE job SET state = 'running' WHERE id = ?").run(jobId);
    db.prepare("UPDATE row SET state = 'sending', reason = NULL WHERE job_id = ? AND row_no < 4").run(jobId);
    db.close();
    test = await open();
    expect((await test.call('app.state')).interrupted).toEqual([{ jobId, inDoubt: 3 }]);
    await test.console.close();
    test = await open();
    expect((await test.call('app.state')).interrupted).toEqual([{ jobId, inDoubt: 3 }]);
    await test.call('jobs.run', { jobId, firstRows: null });
    await test.heard('runEnded');
    expect((await test.call('app.state')).interrupted).toEqual([]);
  });
});

describe('data that can’t be opened', () => {
  it('says why on every call, and is tried again when it is asked for', async () => {
    await test.console.close();
    const db = new DatabaseSync(inFolder(folder.path, 'journal.db'));
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
    db.exec('PRAGMA user_version = 99');
    test = await open();
    expect(await test.refusal('app.state')).toMatchObject({ code: 'DATABASE_NEWER' });
    expect(await test.refusal('jobs.list', { offset: 0, limit: 1 })).toMatchObject({ code: 'DATABASE_NEWER' });
    expect(await test.refusal('app.workspace', 'real')).toMatchObject({ code: 'DATABASE_NEWER' });
    expect(test.console.runningJobs()).toBe(0);
    await test.console.pauseAll();
    db.exec(`PRAGMA user_version = ${version}`);
    db.close();
    expect(await test.call('app.workspace', 'real')).toMatchObject({ workspace: 'real' });
  });
});

describe('a secret', () => {
  it('is in nothing that crossed to the window, nor in any file', () => {
    const crossed = consoles.flatMap(({ answers, told, logged }) => [answers, told, logged]);
    const planted = { ...SECRETS, plain: SECRETS.second.replaceAll(/[^A-Za-z0-9]/g, '') };
    const bytes = Buffer.from(JSON.stringify(crossed));
    expect(bytes.length).toBeGreaterThan(10_000);
    const files = Object.fromEntries(filesOf(folder.path).map((file) => [basename(file), readFileSync(file)]));
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['console.log', 'journal.db', 'accounts.json']));
    expect(findPlanted({ crossed: bytes, ...files }, planted)).toEqual([]);
  });
});
