import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UNLOCKING_ROUTES } from '../../../src/contract/lock.ts';
import { ROUTES, type RouteName } from '../../../src/contract/routes.ts';
import { startTwins, TWIN_CREDENTIALS } from '../../../src/main/twins/index.ts';
import { filesOf, findPlanted } from '../../support/planted.ts';
import { accountOf, folderOf, TestConsole } from './support.ts';

const PASSPHRASE = 'tusk vineyard quarry 9';

const folder = folderOf();
let test: TestConsole;
beforeAll(async () => {
  test = await TestConsole.start(folder.path, { twins: () => startTwins({ orders: 60 }) });
});
afterAll(async () => {
  await test.console.close();
  folder.remove();
});

describe('the lock of the window', () => {
  it('is set, closed and opened, and the page is loaded anew when it closes', async () => {
    expect(await test.call('lock.state')).toMatchObject({ set: false, locked: false, system: false, waitMs: 0 });
    expect((await test.refusal('lock.now')).code).toBe('LOCK_NOT_SET');
    expect((await test.refusal('lock.set', { passphrase: '1234', current: null })).code).toBe('PASSPHRASE_WEAK');
    expect(await test.call('lock.set', { passphrase: PASSPHRASE, current: null })).toMatchObject({ set: true });
    await test.call('lock.now');
    expect(test.desk.of('reloadPage')).toHaveLength(1);
    expect(await test.call('lock.state')).toMatchObject({ locked: true, language: 'en', theme: 'system' });
    const refused = await test.refusal('lock.unlock', { passphrase: 'not this one at all' });
    expect(refused).toMatchObject({ code: 'LOCK_PASSPHRASE', data: { waitMs: 0 } });
    expect(await test.call('lock.unlock', { passphrase: PASSPHRASE })).toMatchObject({ locked: false });
  });

  it('refuses every route but what opens it, whatever it is asked', async () => {
    test.console.lock('person');
    const allowed = new Set<string>(UNLOCKING_ROUTES);
    for (const route of Object.keys(ROUTES) as RouteName[]) {
      if (allowed.has(route)) continue;
      for (const input of [undefined, {}, { jobId: 1 }]) {
        expect(await test.answer(route, input), route).toMatchObject({ ok: false, error: { code: 'LOCKED' } });
      }
    }
    expect(await test.call('lock.state')).toMatchObject({ locked: true });
    await test.call('lock.unlock', { passphrase: PASSPHRASE });
    expect((await test.call('accounts.list')).length).toBeGreaterThan(0);
  });

  it('lets a running job go on', async () => {
    const accountId = await accountOf(test, 'pdd');
    const twin = await test.call('lookups.start', {
      accountId,
      operation: 'order-detail',
      params: { order_sn: '240522-1' },
    });
    expect(twin.lookupId).not.toBe('');
    const rows = Array.from({ length: 40 }, (_, at) => `240522-${String(100_000_000_000_000 + at)},note`);
    const { jobId } = await test.call('updates.import', {
      importId: 'locked',
      accountId,
      operation: 'note-update',
      params: {},
      source: { kind: 'paste', text: ['订单号,商家备注', ...rows].join('\n') },
      mapping: { order_sn: 0, note: 1 },
      options: { readBefore: false, writeUnreadable: false, verifyAfter: false },
    });
    await test.call('jobs.run', { jobId, firstRows: null });
    test.console.lock('person');
    await test.heard('runEnded', (end) => end.jobId === jobId);
    expect(test.console.isLocked()).toBe(true);
    await test.call('lock.unlock', { passphrase: PASSPHRASE });
    const { job, counts } = await test.call('jobs.get', { jobId });
    expect(job.state).toBe('finished');
    expect(counts.byReason.pending ?? 0).toBe(0);
  });

  it('closes when nobody is there, with the screen and before sleep, as the person chose', async () => {
    const closes = async (how: () => void): Promise<boolean> => {
      how();
      const locked = test.console.isLocked();
      if (locked) await test.call('lock.unlock', { passphrase: PASSPHRASE });
      return locked;
    };
    expect(await closes(() => test.console.idleFor(15 * 60 - 1))).toBe(false);
    expect(await closes(() => test.console.idleFor(15 * 60))).toBe(true);
    expect(await closes(() => void test.console.lock('screen'))).toBe(true);
    expect(await closes(() => void test.console.lock('suspend'))).toBe(true);
    await test.call('settings.change', { lockAfterMinutes: 0, lockWithScreen: false });
    expect(await closes(() => test.console.idleFor(1_000_000))).toBe(false);
    expect(await closes(() => void test.console.lock('screen'))).toBe(false);
    expect(await closes(() => void test.console.lock('suspend'))).toBe(false);
    expect(await closes(() => void test.console.lock('person'))).toBe(true);
  });

  it('is opened by the system where that can ask', async () => {
    test.console.lock('person');
    expect((await test.refusal('lock.unlockBySystem')).code).toBe('LOCK_SYSTEM');
    test.desk.person = true;
    test.desk.works = false;
    expect((await test.refusal('lock.unlockBySystem')).code).toBe('LOCK_SYSTEM');
    expect(test.console.isLocked()).toBe(true);
    test.desk.works = true;
    expect(await test.call('lock.unlockBySystem')).toMatchObject({ locked: false, system: true });
    expect(test.desk.of('askPerson')).toEqual(['unlock Order Console', 'unlock Order Console']);
    await test.call('lock.remove', { current: PASSPHRASE });
    expect(await test.call('lock.state')).toMatchObject({ set: false });
  });

  it('puts a text on the clipboard without what is a secret, and its own passphrase nowhere', async () => {
    const id = await accountOf(test, 'pdd');
    await test.call('accounts.test', { id });
    await test.call('app.copy', 'order 240522-1');
    expect(test.desk.of('copyText').at(-1)).toBe('order 240522-1');
    await test.call('app.copy', `said: ${TWIN_CREDENTIALS.pdd['appSecret']}!`);
    expect(test.desk.of('copyText').at(-1)).toBe('said: •••!');
    const outputs: Record<string, Buffer> = { answers: Buffer.from(JSON.stringify([test.answers, test.told])) };
    for (const path of filesOf(folder.path)) outputs[path] = readFileSync(path);
    expect(findPlanted(outputs, { PASSPHRASE })).toEqual([]);
  });
});
