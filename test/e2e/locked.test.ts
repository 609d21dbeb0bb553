// A keyring that is locked, and none at all: what is said, what goes on working, and how it comes back.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppState } from '../../src/contract/routes.ts';
import { startTwin } from '../../src/main/twins/index.ts';
import type { PolyvOrder, Twin } from '../../src/main/twins/index.ts';
import { keychainError } from '../../src/main/vault/keychain-errors.ts';
import { W } from '../../src/renderer/screens/accounts/words.ts';
import { W as JOBS } from '../../src/renderer/screens/jobs/words.ts';
import { W as ORDERS } from '../../src/renderer/screens/orders/words.ts';
import { W as SETTINGS } from '../../src/renderer/screens/settings/words.ts';
import { launchConsole } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import { createKeyringHome, missingForKeyring, openKeyring } from '../support/keyring.ts';
import type { KeyringHome, KeyringSession } from '../support/keyring.ts';
import { credentialsOf } from '../support/twin-accounts.ts';
import { radio, testEnded } from './assist.ts';
import { beginAccount, fillAccount, keychainIs, submit } from './keychain.ts';
import {
  accountOf,
  addAccount,
  button,
  goTo,
  invoke,
  journey,
  lookUp,
  PATIENCE_MS,
  readStatus,
  speak,
  t,
  textOf,
  update,
} from './pages.ts';

const missing = await missingForKeyring();
const [SHOP, OTHER] = ['直播店', '二号店'];

let twin: Twin<PolyvOrder>;
let folder: string;
beforeAll(async () => {
  twin = await startTwin('polyv', { orders: 100 });
});
afterAll(() => twin.close());

const all = (): Readonly<Record<string, string>> => {
  const { plain, secrets } = credentialsOf(twin.vendor, twin.credentials);
  return { ...plain, ...secrets };
};

/** The error that stands on the page says the state of the keychain and what to do. */
async function told(page: Page, trouble: 'locked' | 'no_service'): Promise<void> {
  const { code, text } = keychainError(trouble, { platform: 'linux' });
  const alert = page.getByRole('main').getByRole('alert');
  for (const words of [code, t(text.message), t(text.remedy)]) await textOf(alert, words);
}

/** What needs no secret works as ever. */
async function goesOn(page: Page): Promise<void> {
  await goTo(page, 'update');
  await update.paste(page, ['订单号', twin.order(0).number, twin.order(1).number].join('\n'));
  await update.check(page);
  await update.step(page, 'check');
  await goTo(page, 'jobs');
  await page
    .getByRole('grid', { name: t(JOBS.list) })
    .getByRole('gridcell')
    .nth(1)
    .waitFor({ timeout: PATIENCE_MS });
  await goTo(page, 'settings');
  await radio(page, t(SETTINGS.densityComfortable));
  await expect.poll(() => invoke<AppState>(page, 'app.state')).toMatchObject({ settings: { density: 'comfortable' } });
}

describe.skipIf(missing.length > 0)('a locked keyring', () => {
  let home: KeyringHome;
  let session: KeyringSession;
  let running: RunningConsole;

  beforeAll(async () => {
    home = createKeyringHome();
    folder = mkdtempSync(path.join(tmpdir(), 'locked-'));
    const before = await openKeyring(home, 'unlocked');
    const first = await launchConsole({ keyring: before, dataFolder: folder, ...speak('zh-CN') });
    await addAccount(first.page, accountOf(twin, SHOP));
    await first.close();
    await before.close();
    session = await openKeyring(home, 'locked');
    running = await launchConsole({ keyring: session, dataFolder: folder, ...speak('zh-CN') });
  });
  afterAll(async () => {
    await running.close();
    await session.close();
    home.remove();
    rmSync(folder, { recursive: true });
  });

  journey();

  it('is named when an account is used, with what to do', async () => {
    const { page } = running;
    await goTo(page, 'accounts');
    await keychainIs(page, 'not_checked');
    await button(page, t(W.test)).click();
    await testEnded(page, t(W.notMade));
    await told(page, 'locked');
    await keychainIs(page, 'locked');
    await page
      .getByRole('region', { name: t(W.keychain) })
      .getByText(t(W.goesOn))
      .waitFor();
  });

  it('takes no new account, and what was typed stays', async () => {
    const { page } = running;
    const written = readFileSync(path.join(folder, 'accounts.json'), 'utf8');
    await beginAccount(page, 'polyv');
    await fillAccount(page, 'polyv', { label: OTHER, environment: 'twin', url: twin.url, credentials: all() });
    await submit(page).click();
    await told(page, 'locked');
    const form = page.locator('form');
    expect(await form.getByRole('textbox', { name: t(W.label) }).inputValue()).toBe(OTHER);
    expect(await form.getByLabel('appSecret').inputValue()).toBe(twin.credentials['appSecret']);
    expect(readFileSync(path.join(folder, 'accounts.json'), 'utf8')).toBe(written);
    await button(form, t(W.cancel)).click();
    await button(page.getByRole('dialog'), t(W.discard)).click();
    await form.waitFor({ state: 'hidden' });
  });

  it('stops a lookup with its reason, and nothing else', async () => {
    const { page } = running;
    await goTo(page, 'orders');
    await lookUp(page);
    const { text } = keychainError('locked', { platform: 'linux' });
    const grid = page.getByRole('grid', { name: t(ORDERS.results) });
    for (const words of [t(ORDERS.unreadTitle), t(text.message), t(text.remedy)]) await textOf(grid, words);
    await readStatus(page, t(text.message));
    await goesOn(page);
  });

  it('is ready again once it is unlocked and checked', async () => {
    const { page } = running;
    await goTo(page, 'accounts');
    await button(page, t(W.checkNow))
      .or(button(page, t(W.checkAgain)))
      .first()
      .click();
    await keychainIs(page, 'locked');
    await session.unlock();
    await button(page, t(W.checkNow))
      .or(button(page, t(W.checkAgain)))
      .first()
      .click();
    await keychainIs(page, 'ready');
    await page.getByRole('region', { name: t(W.keychain) }).waitFor({ state: 'hidden' });
    await button(page, t(W.test)).click();
    await testEnded(page, t(W.passed));
    await goTo(page, 'orders');
    await lookUp(page);
  });
});

describe('no keyring at all', () => {
  let running: RunningConsole;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'no-keyring-'));
    running = await launchConsole({ dataFolder: folder, ...speak('zh-CN') });
  });
  afterAll(async () => {
    await running.close();
    rmSync(folder, { recursive: true });
  });

  journey();

  it('is said when an account is to be added, and no secret is written in its stead', async () => {
    const { page } = running;
    await goTo(page, 'accounts');
    await keychainIs(page, 'not_checked');
    await beginAccount(page, 'polyv');
    await fillAccount(page, 'polyv', { label: OTHER, environment: 'twin', url: twin.url, credentials: all() });
    await submit(page).click();
    await told(page, 'no_service');
    await keychainIs(page, 'no_service');
    expect(existsSync(path.join(folder, 'accounts.json'))).toBe(false);
    await button(page.locator('form'), t(W.cancel)).click();
    await button(page.getByRole('dialog'), t(W.discard)).click();
    await button(page, t(W.checkAgain)).first().click();
    await page
      .getByText(t(keychainError('no_service', { platform: 'linux' }).text.remedy))
      .waitFor({ timeout: PATIENCE_MS });
  });

  it('leaves practice as it is', async () => {
    const { page } = running;
    await button(page, t(W.practise)).click();
    await button(page, /./).first().waitFor();
    expect(await invoke<AppState>(page, 'app.state')).toMatchObject({ keychain: 'no_service' });
  });
});
