import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewAccountInput } from '../../../src/contract/account.ts';
import { startTwin, type PddOrder, type Twin } from '../../../src/main/twins/index.ts';
import { createMemoryKeychain, type Keychain } from '../../../src/main/vault/index.ts';
import { filesOf, findPlanted } from '../../support/planted.ts';
import { credentialsOf } from '../../support/twin-accounts.ts';
import { folderOf, inFolder, TestConsole } from './support.ts';

const SECRETS = { first: 'Pl4nted-first-secret-0123456789ab', second: 'Pl4nted-second-secret-0123456789a' };

const folder = folderOf();
const items = createMemoryKeychain();
const keychain: Keychain = { ...items, kind: 'system' };
let twin: Twin<PddOrder>;
let test: TestConsole;
let id = '';

beforeAll(async () => {
  twin = await startTwin('pdd', { orders: 40, credentials: { appSecret: SECRETS.first } });
  test = await TestConsole.start(folder.path, { workspace: 'real', keychain: () => keychain });
});
afterAll(async () => {
  await test.console.close();
  await twin.close();
  folder.remove();
});

const whats = async (): Promise<string[]> =>
  (await test.call('audit.page', { offset: 0, limit: 200 })).entries.map(({ what }) => what).reverse();

describe('the audit trail of a console', () => {
  it('tells of accounts and secrets', async () => {
    const account: NewAccountInput = {
      label: 'Shop',
      vendor: 'pdd',
      environment: 'twin',
      baseUrl: twin.url,
      ...credentialsOf('pdd', twin.credentials),
      settings: {},
      pacing: { perSecond: 1_000, concurrency: 4 },
      consent: false,
    };
    id = (await test.call('accounts.add', account)).id;
    const spare = (await test.call('accounts.add', { ...account, label: 'Spare' })).id;
    await test.call('accounts.update', { id, patch: { label: 'North', colour: 'blue' } });
    await test.call('accounts.reorder', { ids: [spare, id] });
    await test.call('accounts.replaceSecrets', { id: spare, secrets: { appSecret: SECRETS.second } });
    await items.set(spare, '{"v":1,"s":{"appSecret":"planted by another"}}');
    expect(await test.refusal('accounts.test', { id: spare })).toMatchObject({ code: 'SECRET_CHANGED' });
    expect((await test.call('accounts.health', { id: spare })).secret).toBe('changed');
    await test.call('accounts.acceptSecrets', { id: spare });
    expect(await test.call('accounts.test', { id })).toMatchObject({ ok: true });
    await test.call('accounts.remove', { id: spare });
    expect(await whats()).toEqual([
      'account.added',
      'account.added',
      'account.changed',
      'accounts.reordered',
      'secret.replaced',
      'secret.accepted',
      'account.removed',
    ]);
    expect((await test.call('accounts.list')).map(({ label }) => label)).toEqual(['North']);
  });

  it('tells of jobs by their numbers, and of no order', async () => {
    const rows = Array.from({ length: 6 }, (_, at) => `${twin.orderNumber(at)},note ${at}`);
    const { jobId } = await test.call('updates.import', {
      importId: 'one',
      accountId: id,
      operation: 'note-update',
      params: {},
      source: { kind: 'paste', text: ['订单号,商家备注', ...rows].join('\n') },
      mapping: { order_sn: 0, note: 1 },
      options: { readBefore: false, writeUnreadable: false, verifyAfter: false },
    });
    await test.call('jobs.run', { jobId, firstRows: 2 });
    await test.heard('runEnded', ({ state }) => state === 'paused');
    await test.call('jobs.cancel', { jobId });
    const { entries } = await test.call('audit.page', { offset: 0, limit: 3 });
    expect(entries.map(({ what, detail }) => [what, detail])).toEqual([
      ['job.cancelled', { job: jobId }],
      ['job.paused', { job: jobId, succeeded: 2, failed: 0, unknown: 0, notSent: 4, reason: 'first_rows' }],
      ['job.begun', { job: jobId, operation: 'note-update', pending: 6, firstRows: 2 }],
    ]);
    expect(entries[0]?.account).toEqual({ id, label: 'North' });
    expect(readFileSync(inFolder(folder.path, 'audit.jsonl'), 'utf8')).not.toContain(twin.orderNumber(0));
  });

  it('is exported as it is, and checked', async () => {
    test.desk.saveTo = (name) => inFolder(folder.path, name);
    const saved = await test.call('audit.export');
    expect(saved).toMatchObject({ name: expect.stringMatching(/^audit-\d{4}-\d{2}-\d{2}\.jsonl$/), rows: 11 });
    const trail = inFolder(folder.path, 'audit.jsonl');
    expect(readFileSync(inFolder(folder.path, saved?.name ?? ''), 'utf8')).toBe(readFileSync(trail, 'utf8'));
    expect(await test.call('audit.verify')).toMatchObject({ ok: true, entries: 11, fault: null });
    const text = readFileSync(trail, 'utf8');
    writeFileSync(trail, text.replace('"North"', '"South"'));
    expect(await test.call('audit.verify')).toMatchObject({ ok: false, fault: { kind: 'altered' } });
    writeFileSync(trail, text);
    test.desk.saveTo = null;
    expect(await test.call('audit.export')).toBeNull();
  });

  it('has no secret in it, nor has anything else', () => {
    const outputs: Record<string, Buffer> = { answers: Buffer.from(JSON.stringify(test.answers)) };
    for (const path of filesOf(folder.path)) outputs[path] = readFileSync(path);
    expect(Object.keys(outputs).some((path) => path.endsWith('audit.jsonl'))).toBe(true);
    expect(findPlanted(outputs, SECRETS)).toEqual([]);
    expect(findPlanted(outputs, { label: 'North' })).not.toEqual([]);
  });
});
