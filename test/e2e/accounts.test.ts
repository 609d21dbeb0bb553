// Accounts in the system's real keyring: added, tested, given another secret, edited and removed in the window.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTwin } from '../../src/main/twins/index.ts';
import type { PddOrder, PolyvOrder, Twin } from '../../src/main/twins/index.ts';
import { PDD_CODES } from '../../src/main/vendors/pdd/errors.ts';
import { vendor } from '../../src/main/vendors/registry.ts';
import {
  editOf,
  foreignText,
  removeVerb,
  replaceOf,
  replaceVerb,
  SECRET_HELP,
  stageOf,
  W,
} from '../../src/renderer/screens/accounts/words.ts';
import { launchConsole } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import { createKeyringHome, missingForKeyring, openKeyring } from '../support/keyring.ts';
import type { KeyringHome, KeyringSession } from '../support/keyring.ts';
import { credentialsOf } from '../support/twin-accounts.ts';
import { radio, testEnded } from './assist.ts';
import { beginAccount, changeIn, fillAccount, heldIn, keychainIs, submit, watchBus } from './keychain.ts';
import type { WatchedBus } from './keychain.ts';
import { button, goTo, invoke, journey, PATIENCE_MS, speak, t } from './pages.ts';

const missing = await missingForKeyring();
const [SHOP, STREAM, LIVE] = ['拼多多旗舰店', '直播店', '保利威正式店'];

let home: KeyringHome;
let folder: string;
let session: KeyringSession;
let bus: WatchedBus;
let pdd: Twin<PddOrder>;
let polyv: Twin<PolyvOrder>;
let running: RunningConsole;

const start = (): Promise<RunningConsole> =>
  launchConsole({ keyring: bus.keyring, dataFolder: folder, ...speak('zh-CN') });

beforeAll(async () => {
  if (missing.length > 0) return;
  home = createKeyringHome();
  folder = mkdtempSync(path.join(tmpdir(), 'accounts-'));
  session = await openKeyring(home, 'unlocked');
  bus = await watchBus(session);
  [pdd, polyv] = await Promise.all([startTwin('pdd'), startTwin('polyv')]);
  running = await start();
});
afterAll(async () => {
  if (missing.length > 0) return;
  await running.close();
  await Promise.all([pdd.close(), polyv.close(), bus.close()]);
  await session.close();
  home.remove();
  rmSync(folder, { recursive: true });
});

const all = (twin: Twin): Readonly<Record<string, string>> => {
  const { plain, secrets } = credentialsOf(twin.vendor, twin.credentials);
  return { ...plain, ...secrets };
};
const secretsOf = (twin: Twin): Readonly<Record<string, string>> =>
  credentialsOf(twin.vendor, twin.credentials).secrets;
const proves = (id: 'pdd' | 'polyv'): string =>
  t(vendor(id).operations.find((one) => one.kind === 'ping')?.proves ?? { zh: '', en: '' });
const held = async (): Promise<unknown[]> => Object.values(await heldIn(session));
const account = (page: Page, label: string) => page.getByRole('option', { name: label });

async function replaceSecret(page: Page, label: string, secret: string): Promise<void> {
  await button(page, t(W.replace)).click();
  const dialog = page.getByRole('dialog', { name: t(replaceOf(label)) });
  await dialog.locator('input[type="password"]').fill(secret);
  await button(dialog, t(replaceVerb(1))).click();
  await page.getByText(t(W.replaced)).waitFor({ timeout: PATIENCE_MS });
}

journey();

describe.skipIf(missing.length > 0)('accounts in the real keyring', () => {
  it('leave the keychain alone until one is used', async () => {
    const { page } = running;
    await goTo(page, 'orders');
    await goTo(page, 'accounts');
    await keychainIs(page, 'not_checked');
    expect(bus.asked()).toBe(0);
  });

  it('are added by the form, the secret to the keyring and nowhere else', async () => {
    const { page } = running;
    await beginAccount(page, 'pdd');
    await fillAccount(page, 'pdd', { label: SHOP, environment: 'twin', url: pdd.url, credentials: all(pdd) });
    expect(bus.asked()).toBe(0);
    await submit(page).click();
    await page.getByText(t(W.added)).waitFor({ timeout: PATIENCE_MS });
    await keychainIs(page, 'ready');
    expect(bus.asked()).toBeGreaterThan(0);
    expect(await held()).toEqual([secretsOf(pdd)]);
    const file = readFileSync(path.join(folder, 'accounts.json'), 'utf8');
    expect(file).toContain(SHOP);
    expect(file).not.toContain(pdd.credentials['appSecret']);
  });

  it('are tested, and it is said what that does not prove', async () => {
    const { page } = running;
    const detail = page.getByRole('region', { name: t(W.testPart), exact: true });
    await detail.getByText(t(W.notTested)).waitFor();
    await detail.getByText(proves('pdd')).waitFor();
    await button(detail, t(W.test)).click();
    await testEnded(page, t(W.passed));
    await detail.getByText(proves('pdd')).waitFor();
    expect(proves('pdd')).toContain('不证明');
  });

  it('need a consent where the vendor rules so, and never else', async () => {
    const { page } = running;
    await beginAccount(page, 'polyv');
    await fillAccount(page, 'polyv', { label: LIVE, environment: 'live', credentials: all(polyv) });
    const rule = t(vendor('polyv').consent ?? { zh: '', en: '' });
    await page.getByText(rule).waitFor();
    await submit(page).click();
    const agree = page.getByRole('checkbox', { name: t(W.agree) });
    await expect.poll(() => agree.evaluate((box) => box === document.activeElement)).toBe(true);
    expect(await held()).toHaveLength(1);
    await page.locator('label').filter({ has: agree }).click();
    await submit(page).click();
    await page.getByText(t(W.added)).waitFor({ timeout: PATIENCE_MS });
    await page.getByText(t(W.agreed)).waitFor();
    const kept = page.locator('details').filter({ hasText: rule });
    await kept.locator('summary').click();
    await kept.getByText(rule).waitFor();

    await beginAccount(page, 'polyv');
    await fillAccount(page, 'polyv', { label: STREAM, environment: 'twin', url: polyv.url, credentials: all(polyv) });
    expect(await agree.count()).toBe(0);
    await submit(page).click();
    await page.getByText(t(W.added)).waitFor({ timeout: PATIENCE_MS });
    expect(await held()).toHaveLength(3);
    await button(page, t(W.test)).click();
    await testEnded(page, t(W.passed));
  });

  it('take another secret: a wrong one is told in the vendor’s words, the right one passes', async () => {
    const { page } = running;
    await account(page, SHOP).click();
    await replaceSecret(page, SHOP, 'not-the-secret');
    expect(await held()).toContainEqual({ appSecret: 'not-the-secret' });
    expect(await held()).not.toContainEqual(secretsOf(pdd));
    await button(page, t(W.test)).click();
    await testEnded(page, t(W.failed));
    const reading = PDD_CODES.find(({ class: kind }) => kind === 'sign')?.reading ?? { zh: '', en: '' };
    await page.getByText(t(reading), { exact: true }).waitFor();
    await replaceSecret(page, SHOP, pdd.credentials['appSecret'] ?? '');
    await button(page, t(W.test)).click();
    await testEnded(page, t(W.passed));
    expect(await held()).toHaveLength(3);
  });

  it('are not used with a secret that another program has put there, until the person takes it', async () => {
    const { page } = running;
    const { id = '' } =
      (await invoke<{ id: string; label: string }[]>(page, 'accounts.list')).find(({ label }) => label === SHOP) ?? {};
    await account(page, SHOP).click();
    await changeIn(session, id, secretsOf(pdd));
    // The same text is the same secret.
    await button(page, t(W.test)).click();
    await testEnded(page, t(W.passed));
    await changeIn(session, id, { appSecret: 'planted-by-another' });
    await replaceSecret(page, SHOP, pdd.credentials['appSecret'] ?? '');
    await changeIn(session, id, { appSecret: 'planted-by-another' });
    await button(page, t(W.test)).click();
    const note = page.getByRole('region', { name: t(W.secretPart) });
    await note.getByText(t(SECRET_HELP.changed?.message ?? { zh: '', en: '' })).waitFor({ timeout: PATIENCE_MS });
    await button(note, t(W.accept)).click();
    await button(page.getByRole('dialog'), t(W.accept)).click();
    await page.getByText(t(W.accepted)).waitFor({ timeout: PATIENCE_MS });
    await replaceSecret(page, SHOP, pdd.credentials['appSecret'] ?? '');
    await button(page, t(W.test)).click();
    await testEnded(page, t(W.passed));
  });

  it('are changed in overlap: the new secret is tested before the switch, the old one deleted after', async () => {
    const { page } = running;
    await account(page, SHOP).click();
    const part = page.getByRole('region', { name: t(W.rotation) });
    await button(part, t(W.stage)).click();
    const dialog = page.getByRole('dialog', { name: t(stageOf(SHOP)) });
    await dialog.locator('input[type="password"]').fill('not-the-next-one');
    await button(dialog, t(W.stageNow)).click();
    await part.getByText(t(W.staged)).waitFor({ timeout: PATIENCE_MS });
    expect(await button(part, t(W.switchNow)).isDisabled()).toBe(true);
    await button(part, t(W.testNew)).click();
    await part.getByText(t(W.failed)).waitFor({ timeout: PATIENCE_MS });
    expect(await button(part, t(W.switchNow)).isDisabled()).toBe(true);
    expect(await held()).toContainEqual(secretsOf(pdd));
    await button(part, t(W.drop)).click();
    await button(page.getByRole('dialog'), t(W.deleteOther)).click();
    await button(part, t(W.stage)).waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await button(page, t(W.test)).click();
    await testEnded(page, t(W.passed));
  });

  it('are edited; another host is not given the secret unasked', async () => {
    const { page } = running;
    const form = page.locator('form');
    await account(page, LIVE).click();
    await button(page, t(W.edit)).click();
    await page.getByRole('heading', { name: t(editOf(LIVE)) }).waitFor();
    expect(await form.locator('input[type="password"]').count()).toBe(0);
    await radio(form, t(W.ownAddress));
    await form.getByRole('textbox', { name: t(W.ownAddress) }).fill('https://other.example');
    await page.getByText(t(foreignText(['other.example']))).waitFor();
    await form.locator('input[type="password"]').waitFor();
    await button(form, t(W.save)).click();
    await form.locator('input[type="password"][aria-invalid="true"]').waitFor();
    await button(form, t(W.cancel)).click();
    await button(page.getByRole('dialog'), t(W.discard)).click();
    await form.waitFor({ state: 'hidden' });

    await account(page, SHOP).click();
    await button(page, t(W.edit)).click();
    await page.getByRole('heading', { name: t(editOf(SHOP)) }).waitFor();
    await fillAccount(page, 'pdd', { label: `${SHOP}二号` });
    await button(form, t(W.save)).click();
    await page.getByText(t(W.changed)).waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('heading', { name: `${SHOP}二号` }).waitFor();
    await button(page, t(W.test)).click();
    await testEnded(page, t(W.passed));
  });

  it('survive a restart, which asks the keychain for nothing', async () => {
    await running.close();
    const before = bus.asked();
    running = await start();
    const { page } = running;
    await goTo(page, 'accounts');
    await keychainIs(page, 'not_checked');
    expect(await page.getByRole('option').count()).toBe(3);
    await account(page, `${SHOP}二号`).click();
    expect(bus.asked()).toBe(before);
    await button(page, t(W.test)).click();
    await testEnded(page, t(W.passed));
    await keychainIs(page, 'ready');
    expect(bus.asked()).toBeGreaterThan(before);
  });

  it('are removed with their secret, and no other', async () => {
    const { page } = running;
    await button(page, t(W.remove)).click();
    const dialog = page.getByRole('dialog');
    await button(dialog, '取消').click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await held()).toHaveLength(3);
    for (const label of [`${SHOP}二号`, LIVE]) {
      await account(page, label).click();
      await button(page, t(W.remove)).click();
      await button(dialog, t(removeVerb(label))).click();
      await account(page, label).waitFor({ state: 'hidden', timeout: PATIENCE_MS });
    }
    expect(await held()).toEqual([secretsOf(polyv)]);
    expect(await invoke<{ label: string }[]>(page, 'accounts.list')).toMatchObject([{ label: STREAM }]);
  });
});
