import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTwin, type PddOrder, type Twin } from '../../../src/main/twins/index.ts';
import { createMemoryKeychain, type Keychain } from '../../../src/main/vault/index.ts';
import { filesOf, findPlanted } from '../../support/planted.ts';
import { credentialsOf } from '../../support/twin-accounts.ts';
import { folderOf, TestConsole } from './support.ts';

/** The twin knows the new one. */
const SECRETS = {
  old: 'Pl4nted-old-secret-0123456789abcd',
  next: 'Pl4nted-new-secret-0123456789abcd',
  wrong: 'Pl4nted-wrong-secret-0123456789ab',
};

const folder = folderOf();
const items = createMemoryKeychain();
const keychain: Keychain = { ...items, kind: 'system' };
let twin: Twin<PddOrder>;
let test: TestConsole;
let id = '';

beforeAll(async () => {
  twin = await startTwin('pdd', { orders: 10, credentials: { appSecret: SECRETS.next } });
  test = await TestConsole.start(folder.path, { workspace: 'real', keychain: () => keychain });
  const { plain } = credentialsOf('pdd', twin.credentials);
  const added = await test.call('accounts.add', {
    label: 'Shop',
    vendor: 'pdd',
    environment: 'twin',
    baseUrl: twin.url,
    plain,
    settings: {},
    secrets: { appSecret: SECRETS.old },
    pacing: { perSecond: 1_000, concurrency: 4 },
    consent: false,
  });
  id = added.id;
});
afterAll(async () => {
  await test.console.close();
  await twin.close();
  folder.remove();
});

const held = async (): Promise<unknown> => JSON.parse((await items.get(id)) ?? 'null');
const stage = (appSecret: string) => test.call('rotation.stage', { id, secrets: { appSecret } });
const works = async (): Promise<boolean | null> => (await test.call('accounts.test', { id })).ok;

describe('a rotation', () => {
  it('has no steps before it is begun', async () => {
    for (const refusal of [
      test.refusal('rotation.test', { id }),
      test.refusal('rotation.swap', { id, untested: true }),
      test.refusal('rotation.finish', { id }),
    ]) {
      expect((await refusal).code).toBe('ROTATION_STATE');
    }
    expect((await test.refusal('rotation.stage', { id, secrets: {} })).code).toBe('ACCOUNT_INVALID');
  });

  it('keeps both secrets in the account’s one item, and goes on using the old', async () => {
    const staged = await stage(SECRETS.wrong);
    expect(staged.rotation).toMatchObject({ stage: 'staged' });
    expect(await held()).toEqual({ v: 2, s: { appSecret: SECRETS.old }, o: { appSecret: SECRETS.wrong } });
    expect(await works()).toBe(false);
    await test.call('accounts.replaceSecrets', { id, secrets: { appSecret: SECRETS.next } });
    expect(await works()).toBe(true);
    await test.call('accounts.replaceSecrets', { id, secrets: { appSecret: SECRETS.old } });
    // Replaced outright, there is no second one any more.
    expect(await held()).toEqual({ v: 1, s: { appSecret: SECRETS.old } });
    expect((await test.call('accounts.list'))[0]?.rotation).toBeUndefined();
  });

  it('does not switch to one that has failed its test', async () => {
    await stage(SECRETS.wrong);
    expect(await test.call('rotation.test', { id })).toMatchObject({ ok: false, failure: { class: 'sign' } });
    expect((await test.refusal('rotation.swap', { id, untested: false })).code).toBe('ROTATION_STATE');
    expect(await held()).toMatchObject({ s: { appSecret: SECRETS.old } });
  });

  it('tests the new one while the old is in use, switches, goes back, and deletes the old at last', async () => {
    await stage(SECRETS.next);
    expect(await test.call('rotation.test', { id })).toMatchObject({ ok: true });
    expect((await test.call('accounts.list'))[0]?.rotation?.testedAt).toBeDefined();
    expect(await works()).toBe(false);
    expect((await test.call('rotation.swap', { id, untested: false })).rotation).toMatchObject({ stage: 'switched' });
    expect(await works()).toBe(true);
    expect(await held()).toEqual({ v: 2, s: { appSecret: SECRETS.next }, o: { appSecret: SECRETS.old } });
    expect((await test.call('rotation.swap', { id, untested: false })).rotation).toMatchObject({ stage: 'staged' });
    expect(await works()).toBe(false);
    await test.call('rotation.swap', { id, untested: false });
    const done = await test.call('rotation.finish', { id });
    expect(done.rotation).toBeUndefined();
    expect(done.secretSavedAt).toBeDefined();
    expect(await held()).toEqual({ v: 1, s: { appSecret: SECRETS.next } });
    expect(await works()).toBe(true);
    const { entries } = await test.call('audit.page', { offset: 0, limit: 5 });
    expect(entries.map(({ what }) => what)).toEqual([
      'rotation.finished',
      'rotation.switched',
      'rotation.switched',
      'rotation.switched',
      'rotation.staged',
    ]);
  });

  it('has let no secret out', () => {
    const outputs: Record<string, Buffer> = {
      answers: Buffer.from(JSON.stringify([test.answers, test.told, test.logged])),
    };
    for (const path of filesOf(folder.path)) outputs[path] = readFileSync(path);
    expect(findPlanted(outputs, SECRETS)).toEqual([]);
  });
});
