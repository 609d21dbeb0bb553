// Every screen and its main states, as axe sees them in light and in dark: nothing serious or critical.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTwin } from '../../src/main/twins/index.ts';
import type { PolyvOrder, Twin } from '../../src/main/twins/index.ts';
import { P as PALETTE } from '../../src/renderer/app/palette-words.ts';
import { W as APP } from '../../src/renderer/app/words.ts';
import { ENVIRONMENT_WORDS } from '../../src/renderer/components/account-words.ts';
import { W as GRID } from '../../src/renderer/components/grid/words.ts';
import {
  addOf,
  editOf,
  removeVerb,
  replaceOf,
  replaceVerb,
  W as ACCOUNTS,
} from '../../src/renderer/screens/accounts/words.ts';
import { foundCount, W as JOBS } from '../../src/renderer/screens/jobs/words.ts';
import { W as KEPT } from '../../src/renderer/screens/kept/words.ts';
import { W as ORDERS } from '../../src/renderer/screens/orders/words.ts';
import { W as SIGN } from '../../src/renderer/screens/sign/words.ts';
import { W as AUDIT } from '../../src/renderer/screens/audit/words.ts';
import { W as BACKUP } from '../../src/renderer/screens/backup/words.ts';
import { field, W as SETTINGS } from '../../src/renderer/screens/settings/words.ts';
import { CH, IN } from '../../src/renderer/screens/update/words.ts';
import { PR, RU } from '../../src/renderer/screens/update/words-run.ts';
import { W as WELCOME } from '../../src/renderer/screens/welcome/words.ts';
import { launchConsole } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import { createKeyringHome, missingForKeyring, openKeyring } from '../support/keyring.ts';
import type { KeyringHome, KeyringSession } from '../support/keyring.ts';
import { radio, seriousFaults, testEnded } from './assist.ts';
import {
  button,
  goTo,
  goToKept,
  journey,
  lookUp,
  number,
  PATIENCE_MS,
  speak,
  t,
  tick,
  titled,
  update,
} from './pages.ts';

const missing = await missingForKeyring();
const ACCOUNT = '旗舰店';

let home: KeyringHome;
let keyring: KeyringSession;
let twin: Twin<PolyvOrder>;
let running: RunningConsole;
/** Answers each update call once it is opened. */
let gate: Promise<void> = Promise.resolve();
/** An order that the job below sends. */
let sent = '';

beforeAll(async () => {
  if (missing.length > 0) return;
  home = createKeyringHome();
  keyring = await openKeyring(home, 'unlocked');
  twin = await startTwin('polyv', { orders: 300 });
  twin.onArrival = ({ path }) => (path.endsWith('/update-batch-status') ? gate : undefined);
  running = await launchConsole({ keyring, ...speak('zh-CN') });
});
afterAll(async () => {
  if (missing.length > 0) return;
  await running.close();
  await twin.close();
  await keyring.close();
  home.remove();
});

/** Every state is looked at, whatever was found in the ones before. */
async function sound(state: string): Promise<void> {
  expect.soft(await seriousFaults(running), state).toEqual([]);
}

const orderNumbers = (status: PolyvOrder['status'], count: number): string[] =>
  Array.from({ length: twin.orderCount }, (_, at) => twin.order(at))
    .filter((one) => one.status === status)
    .map((one) => one.number)
    .slice(0, count);

journey();

describe.skipIf(missing.length > 0)('axe', () => {
  it('finds what is wrong, here too', async () => {
    await titled(running.page, t(WELCOME.title));
    await running.page.evaluate(() => {
      const nameless = document.createElement('button');
      nameless.id = 'nameless';
      document.querySelector('main')?.append(nameless);
    });
    expect(await seriousFaults(running)).toEqual([
      expect.stringMatching(/^light, critical: button-name: <button id="nameless">/),
      expect.stringMatching(/^dark, critical: button-name: <button id="nameless">/),
    ]);
    await running.page.evaluate(() => document.getElementById('nameless')?.remove());
  });
});

describe.skipIf(missing.length > 0)('axe finds nothing serious or critical', () => {
  it('in the welcome, and where there is nothing yet', async () => {
    const { page } = running;
    await titled(page, t(WELCOME.title));
    await sound('welcome');
    for (const screen of ['orders', 'update', 'jobs', 'accounts', 'settings'] as const) {
      await goTo(page, screen);
      await sound(`${screen}, empty`);
    }
    await page.keyboard.press('Control+K');
    const palette = page.getByRole('combobox', { name: t(PALETTE.placeholder) });
    await palette.waitFor();
    await sound('palette');
    await palette.fill('?');
    await page
      .getByRole('heading', { name: t(PALETTE.keys) })
      .nth(0)
      .waitFor();
    await sound('palette, the keys');
    await palette.press('Escape');
  });

  it('in the accounts', async () => {
    const { page } = running;
    await goTo(page, 'accounts');
    const main = page.getByRole('main');
    await button(main, t(ACCOUNTS.add)).first().click();
    await radio(page, '保利威');
    await page.getByRole('heading', { name: t(addOf({ zh: '保利威', en: 'Polyv' })) }).waitFor();
    await button(page.locator('form'), t(ACCOUNTS.add)).click();
    await page.locator('[aria-invalid="true"]').first().waitFor();
    await page.getByText(t(ACCOUNTS.more)).click();
    await sound('a new account, its form sent empty');

    await page.getByRole('textbox', { name: t(ACCOUNTS.label) }).fill(ACCOUNT);
    await radio(page, t(ENVIRONMENT_WORDS.twin));
    await page.getByRole('textbox', { name: t(ACCOUNTS.address) }).fill(twin.url);
    await page.getByRole('textbox', { name: 'appId' }).fill(twin.credentials['appId'] ?? '');
    await page.getByLabel('appSecret').fill('not-the-secret');
    await button(page.locator('form'), t(ACCOUNTS.add)).click();
    await page.getByText(t(ACCOUNTS.added)).waitFor({ timeout: PATIENCE_MS });
    await sound('an account, just added');
    await button(page, t(ACCOUNTS.test)).click();
    await testEnded(page, t(ACCOUNTS.failed));
    await sound('a test that failed');

    await button(page, t(ACCOUNTS.replace)).click();
    const dialog = page.getByRole('dialog', { name: t(replaceOf(ACCOUNT)) });
    await dialog.getByLabel('appSecret').fill(twin.credentials['appSecret'] ?? '');
    await sound('a secret being replaced');
    await button(dialog, t(replaceVerb(1))).click();
    await page.getByText(t(ACCOUNTS.replaced)).waitFor({ timeout: PATIENCE_MS });
    await button(page, t(ACCOUNTS.test)).click();
    await testEnded(page, t(ACCOUNTS.passed));
    await sound('a test that passed');

    await button(page, t(ACCOUNTS.edit)).click();
    await page.getByRole('heading', { name: t(editOf(ACCOUNT)) }).waitFor();
    await sound('an account being edited');
    await button(page, t(ACCOUNTS.cancel)).click();
    await button(page, t(ACCOUNTS.remove)).click();
    await button(page.getByRole('dialog'), t(removeVerb(ACCOUNT))).waitFor();
    await sound('a question');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('at the sign desk', async () => {
    const { page } = running;
    await button(page, t(ACCOUNTS.signDesk)).click();
    await titled(page, t(SIGN.title));
    await sound('sign desk');
    await button(page, t(SIGN.make)).click();
    await page.getByText(t(SIGN.expired)).waitFor({ timeout: PATIENCE_MS });
    await page.getByLabel(t(SIGN.pasted)).fill('-'.repeat(40));
    await button(page, t(SIGN.compareNow)).click();
    await page.getByText(t(SIGN.theirs), { exact: true }).waitFor();
    await sound('sign desk, compared');
  });

  it('in the audit trail, and at the backups', async () => {
    const { page } = running;
    await goTo(page, 'settings');
    await button(page, t(SETTINGS.openAudit)).click();
    await titled(page, t(AUDIT.title));
    await button(page, t(AUDIT.verify)).click();
    await page.getByText(t(AUDIT.head)).waitFor({ timeout: PATIENCE_MS });
    await sound('audit trail, verified');
    await goTo(page, 'accounts');
    await button(page, t(ACCOUNTS.backup)).click();
    await titled(page, t(BACKUP.title));
    await page.getByLabel(t(BACKUP.passphrase), { exact: true }).fill('abc');
    await page.getByLabel(t(BACKUP.again), { exact: true }).fill('abd');
    await page.getByText(t(BACKUP.notSame)).waitFor();
    await sound('backup, a weak passphrase');
  });

  it('in the orders', async () => {
    const { page } = running;
    await goTo(page, 'orders');
    await sound('orders, the form');
    await lookUp(page);
    await sound('orders, found');
    await page.getByRole('columnheader', { name: /^全选/ }).click();
    await button(page, /^批量更新 \d/).waitFor();
    await sound('orders, selected');
    await button(page, t(GRID.columns)).click();
    await sound('the choice of columns');
    await page.keyboard.press('Escape');
    await page.getByRole('gridcell').nth(1).click();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await sound('orders, a detail');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await button(page, t(ORDERS.export)).click();
    await page.getByRole('dialog', { name: t(ORDERS.exportTitle) }).waitFor();
    await sound('orders, an export');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('combobox', { name: '状态', exact: true }).press('Enter');
    await sound('a list that is open');
    await page.keyboard.press('Escape');
  });

  it('in the kept orders and their pictures', async () => {
    const { page } = running;
    await goToKept(page);
    await sound('kept orders');
    await page.getByRole('gridcell').nth(1).click();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await sound('kept orders, a detail');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await button(page, t(KEPT.views)).click();
    await page.getByRole('menuitem', { name: t(KEPT.saveView) }).click();
    await page
      .getByRole('dialog', { name: t(KEPT.saveTitle) })
      .getByRole('textbox')
      .fill('待发货');
    await button(page.getByRole('dialog'), t(KEPT.save)).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await button(page, `${t(KEPT.views)}: 待发货`).click();
    await page.getByRole('menuitem', { name: t(KEPT.watch('待发货')) }).click();
    await page.getByRole('dialog', { name: t(KEPT.watchTitle('待发货')) }).waitFor();
    await sound('watching a view');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: t(KEPT.tabPictures) }).click();
    await page.getByRole('heading', { name: t(KEPT.byState) }).waitFor();
    await sound('pictures');
    await button(page, t(KEPT.asTable)).first().click();
    await page.getByRole('table').first().waitFor();
    await sound('a picture as a table');
  });

  it('in a bulk update from its rows to its report', async () => {
    const { page } = running;
    const fit = orderNumbers('wait_delivery', 12);
    const refused = orderNumbers('close', 3);
    await goTo(page, 'update');
    await sound('update, the intake');
    sent = fit[0] ?? '';
    await update.paste(page, ['订单号', ...fit, ...refused, '2.02405E+17', fit[0]].join('\n'));
    await tick(page, t(IN.verifyAfter), false);
    await sound('update, rows pasted');
    await update.check(page);
    await update.step(page, 'check');
    await page.getByRole('region', { name: t(CH.why) }).waitFor();
    await page.getByRole('gridcell').nth(1).waitFor();
    await sound('update, the check');
    const all = fit.length + refused.length;
    await update.toPreview(page, all);
    await update.step(page, 'preview');
    await page.getByText(t(PR.request)).click();
    await sound('update, the preview');
    await button(page, t(PR.send(all, ACCOUNT))).click();
    await page.getByRole('dialog').waitFor();
    await sound('update, the question');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await update.send(page, all, ACCOUNT, 10);
    await button(page, t(RU.sendRest(all - 10))).waitFor({ timeout: PATIENCE_MS });
    await sound('update, stopped to ask');
    let open = (): void => undefined;
    gate = new Promise((resolve) => (open = resolve));
    await button(page, t(RU.sendRest(all - 10))).click();
    await button(page, t(RU.pause)).waitFor({ timeout: PATIENCE_MS });
    await sound('update, running');
    open();
    await update.report(page);
    await page.getByRole('gridcell').nth(1).waitFor();
    await sound('update, the report');
    await page.getByRole('gridcell').nth(1).click();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await sound('update, a row');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await update.step(page, 'report');
  });

  it('in the jobs', async () => {
    const { page } = running;
    await goTo(page, 'jobs');
    await page.getByRole('gridcell').nth(1).waitFor();
    await sound('jobs, the list');
    await button(page, /^任务 \d+ 的操作$/)
      .first()
      .click();
    await page.getByRole('menu').waitFor();
    await sound('jobs, a menu');
    await page.keyboard.press('Escape');
    const finder = page.getByRole('textbox', { name: t(JOBS.find) });
    await finder.fill(sent);
    await finder.press('Enter');
    await page.getByRole('grid', { name: t(foundCount(2, number(2), sent)) }).waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('gridcell').nth(1).waitFor();
    await sound('jobs, an order found');
    await finder.fill('no-such-order');
    await finder.press('Enter');
    await page.getByText(t(JOBS.noneFound)).waitFor({ timeout: PATIENCE_MS });
    await sound('jobs, an order not found');
  });

  it('in the settings, in practice, and beside an error', async () => {
    const { page } = running;
    await goTo(page, 'settings');
    await radio(page, t(SETTINGS.proxyManual));
    await page.getByRole('spinbutton', { name: t(field(ACCOUNT, SETTINGS.perSecond)) }).waitFor();
    await sound('settings');
    await twin.close();
    await goTo(page, 'orders');
    await button(page.getByRole('form', { name: t(ORDERS.form) }), t(ORDERS.lookup)).click();
    await page.getByRole('alert').waitFor({ timeout: 2 * PATIENCE_MS });
    await sound('an error');
    await page.keyboard.press('Control+K');
    await page.getByRole('option', { name: t(PALETTE.practice) }).click();
    await page.getByText(t(APP.practice)).waitFor({ timeout: PATIENCE_MS });
    for (const screen of ['orders', 'accounts'] as const) {
      await goTo(page, screen);
      await sound(`${screen}, in practice`);
    }
  });
});
