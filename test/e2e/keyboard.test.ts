// The whole window by the keyboard alone: every control is reached, has a name and shows the focus; a bulk update is done without a mouse.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppState } from '../../src/contract/routes.ts';
import { P as PALETTE } from '../../src/renderer/app/palette-words.ts';
import { W as APP } from '../../src/renderer/app/words.ts';
import { W as GRID } from '../../src/renderer/components/grid/words.ts';
import { W as ACCOUNTS } from '../../src/renderer/screens/accounts/words.ts';
import { W as JOBS } from '../../src/renderer/screens/jobs/words.ts';
import { W as ORDERS } from '../../src/renderer/screens/orders/words.ts';
import { W as SETTINGS } from '../../src/renderer/screens/settings/words.ts';
import { CH, IN, W as UPDATE } from '../../src/renderer/screens/update/words.ts';
import { PR, RE, RU } from '../../src/renderer/screens/update/words-run.ts';
import { W as WELCOME } from '../../src/renderer/screens/welcome/words.ts';
import { launchConsole } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import { button, invoke, journey, PATIENCE_MS, readStatus, speak, t, titled, update } from './pages.ts';
import { chooseByKeys, focused, focusIs, tabTo, walkByTab } from './tabs.ts';

const DAY_MS = 24 * 3_600_000;
const beijing = (ms: number): string => new Date(ms + DAY_MS / 3).toISOString().slice(0, 19).replace('T', ' ');

const SCREENS = [
  ['1', t(APP.orders)],
  ['2', t(UPDATE.title)],
  ['3', t(JOBS.title)],
  ['4', t(ACCOUNTS.title)],
  ['5', t(SETTINGS.title)],
] as const;

let running: RunningConsole;
beforeAll(async () => {
  running = await launchConsole(speak('zh-CN'));
});
afterAll(() => running.close());

/** What is shown, gone through by Tab alone, with at least so many stops. */
async function sound(state: string, atLeast: number): Promise<void> {
  const { faults, stops } = await walkByTab(running.page);
  expect.soft(faults, state).toEqual([]);
  expect.soft(stops, state).toBeGreaterThanOrEqual(atLeast);
}

const press = (...keys: readonly string[]): Promise<void> =>
  keys.reduce((before, key) => before.then(() => running.page.keyboard.press(key)), Promise.resolve());

/** Goes to a screen by its key; the focus goes to its heading. */
async function goBy(digit: string): Promise<void> {
  const title = SCREENS.find(([key]) => key === digit)?.[1] ?? '';
  await press(`Control+${digit}`);
  await titled(running.page, title);
  await focusIs(running.page, 'heading', title);
}

journey();

describe('by the keyboard alone', () => {
  it('the welcome leads on', async () => {
    const { page } = running;
    await focusIs(page, 'heading', t(WELCOME.title));
    await sound('welcome', 8);
    await tabTo(page, 'button', t(WELCOME.practiseVerb));
    await press('Enter');
    await focusIs(page, 'heading', t(APP.orders));
    await page.getByText(t(APP.practice)).waitFor({ timeout: PATIENCE_MS });
  });

  it.each(SCREENS)('Ctrl+%s goes to the screen %s, and Tab through all of it', async (digit, title) => {
    // The welcome led to the first.
    if (digit === '1') await goBy('2');
    await goBy(digit);
    await sound(title, 8);
  });

  it('the walk itself sees what is wrong', async () => {
    const { page } = running;
    await page.evaluate(() => {
      const main = document.querySelector('main');
      for (const [id, tag] of [
        ['nameless', 'button'],
        ['unreached', 'span'],
        ['unseen', 'button'],
      ] as const) {
        const element = document.createElement(tag);
        element.id = id;
        element.setAttribute('class', id);
        element.setAttribute('role', 'button');
        if (id !== 'nameless') element.textContent = id;
        if (id === 'unseen') element.style.setProperty('outline', 'none', 'important');
        main?.append(element);
      }
    });
    const { faults } = await walkByTab(page);
    await page.evaluate(() => {
      for (const id of ['nameless', 'unreached', 'unseen']) document.getElementById(id)?.remove();
    });
    expect(faults).toEqual([
      'no name: <button class="nameless" role="button">',
      'not reached: <span class="unreached" role="button"> unreached',
      'no sign of the focus: <button class="unseen" role="button"> unseen',
    ]);
  });

  it('Ctrl+K asks for anything, and Esc gives the focus back', async () => {
    const { page } = running;
    await goBy('1');
    await tabTo(page, 'button', t(ORDERS.lookup));
    await press('Control+K');
    await focusIs(page, 'combobox', t(PALETTE.placeholder));
    await press('Escape');
    await focusIs(page, 'button', t(ORDERS.lookup));
    await press('Control+K');
    await focusIs(page, 'combobox', t(PALETTE.placeholder));
    await page.keyboard.type(t(JOBS.title));
    await page
      .getByRole('option', { name: t(APP.jobs) })
      .first()
      .waitFor();
    await press('ArrowDown', 'ArrowUp', 'Enter');
    await focusIs(page, 'heading', t(JOBS.title));
  });

  it('a setting changes by its arrows', async () => {
    const { page } = running;
    await goBy('5');
    await tabTo(page, 'radio', t(SETTINGS.densityCompact));
    await press('ArrowRight');
    await focusIs(page, 'radio', t(SETTINGS.densityComfortable));
    await expect
      .poll(() => invoke<AppState>(page, 'app.state'))
      .toMatchObject({ settings: { density: 'comfortable' } });
    await press('ArrowLeft');
    await expect.poll(() => invoke<AppState>(page, 'app.state')).toMatchObject({ settings: { density: 'compact' } });
  });

  it('orders are looked up, gone through, opened and selected', async () => {
    const { page } = running;
    await goBy('1');
    await tabTo(page, 'combobox', '状态');
    await chooseByKeys(page, '待发货');
    await focusIs(page, 'combobox', '状态');
    // A day's orders: all of them would be many pages at the vendor's pace.
    await tabTo(page, 'combobox', '创建时间从');
    await press('Control+A');
    await page.keyboard.type(beijing(Date.now() - DAY_MS));
    await press('Enter');
    await focusIs(page, 'combobox', '创建时间从');
    await tabTo(page, 'button', t(ORDERS.lookup), true);
    await press('Enter');
    const grid = page.getByRole('grid', { name: t(ORDERS.results) });
    await grid.getByRole('gridcell').nth(1).waitFor({ timeout: PATIENCE_MS });
    await focusIs(page, 'button', t(ORDERS.lookup));
    await sound('orders, found', 12);

    await tabTo(page, 'gridcell', t(GRID.select));
    await press('ArrowDown', 'ArrowRight');
    const { name: order } = await focused(page);
    expect(order).toMatch(/^product\d/);
    await press('Enter');
    await page.getByRole('dialog', { name: t(ORDERS.detail(order)) }).waitFor();
    await sound('an order', 3);
    await press('Escape');
    await focusIs(page, 'gridcell', order);
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    await press('Space', 'ArrowDown', 'ArrowDown', 'Shift+Space');
    await readStatus(page, t(ORDERS.statusSelected(3)));
    await press('Control+F');
    await focusIs(page, 'textbox', t(ORDERS.find));
    await tabTo(page, 'button', t(ORDERS.export));
    await press('Enter');
    await page.getByRole('dialog', { name: t(ORDERS.exportTitle) }).waitFor();
    await sound('an export', 4);
    await press('Escape');
    await focusIs(page, 'button', t(ORDERS.export));
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('a bulk update goes from a selection to its report', async () => {
    const { page } = running;
    const dialog = page.getByRole('dialog');
    const report = page.locator('[data-step="report"]');
    await tabTo(page, 'button', t(ORDERS.bulkSome(3)));
    await press('Enter');
    await focusIs(page, 'heading', new RegExp(`^(${t(UPDATE.title)}|${t(UPDATE.intake)})$`));
    // Once the input has been looked at, all of the step is there.
    await expect.poll(() => button(page, t(IN.checkRows)).isEnabled(), { timeout: PATIENCE_MS }).toBe(true);
    await page.locator('.sample').waitFor({ timeout: PATIENCE_MS });
    await sound('the intake', 12);
    await tabTo(page, 'button', t(IN.checkRows));
    await press('Enter');
    await focusIs(page, 'heading', t(UPDATE.check));
    await sound('the check', 8);
    await press('Escape');
    await focusIs(page, 'heading', t(UPDATE.intake));
    await tabTo(page, 'button', t(IN.toCheck));
    await press('Enter');
    await focusIs(page, 'heading', t(UPDATE.check));
    await tabTo(page, 'button', t(CH.toPreview(3)));
    await press('Enter');
    await focusIs(page, 'heading', t(UPDATE.preview));
    const send = t(PR.send(3, 'twin-polyv'));
    await page.getByText(t(PR.request)).waitFor({ timeout: PATIENCE_MS });
    await sound('the preview', 12);
    await tabTo(page, 'button', send);
    await press('Enter');
    await dialog.waitFor();
    // The safe button has the focus, so that one Enter too many sends nothing.
    await focusIs(page, 'button', '取消');
    await sound('the question', 3);
    await press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await focusIs(page, 'button', send);
    await press('Enter');
    await focusIs(page, 'button', '取消');
    await tabTo(page, 'button', t(PR.sendVerb(3)));
    await press('Enter');
    await button(page, t(RU.toReport))
      .or(report)
      .first()
      .waitFor({ timeout: 2 * PATIENCE_MS });
    await focusIs(page, 'heading', /./);
    if (await button(page, t(RU.toReport)).isVisible()) {
      await tabTo(page, 'button', t(RU.toReport));
      await press('Enter');
    }
    await report.waitFor({ timeout: PATIENCE_MS });
    await focusIs(page, 'heading', t(UPDATE.report));
    await page.getByRole('gridcell').nth(1).waitFor({ timeout: PATIENCE_MS });
    await sound('the report', 15);
    await tabTo(page, 'gridcell', /./);
    const { name } = await focused(page);
    await press('Enter');
    await button(dialog, t(RE.copyOrder)).waitFor({ timeout: PATIENCE_MS });
    await sound('a row', 2);
    await press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await focusIs(page, 'gridcell', name);
    await update.step(page, 'report');
  });

  it('a job is found by an order, and its menu opens', async () => {
    const { page } = running;
    await goBy('3');
    await page.getByRole('gridcell').nth(1).waitFor({ timeout: PATIENCE_MS });
    await sound('jobs', 10);
    await tabTo(page, 'gridcell', /./);
    const { name } = await focused(page);
    await press('Space');
    await focusIs(page, 'menuitem', /./);
    await press('ArrowDown', 'Escape');
    await focusIs(page, 'gridcell', name);
    await press('Enter');
    await update.step(page, 'report');
    await focusIs(page, 'heading', new RegExp(`^(${t(UPDATE.title)}|${t(UPDATE.report)})$`));
    await goBy('3');
    await press('Control+F');
    await focusIs(page, 'textbox', t(JOBS.find));
    await page.keyboard.type('no-such-order');
    await press('Enter');
    await page.getByText(t(JOBS.noneFound)).waitFor({ timeout: PATIENCE_MS });
    await sound('an order that is not found', 8);
    await tabTo(page, 'button', t(JOBS.back));
    await press('Escape');
    await page.getByRole('grid', { name: t(JOBS.list) }).waitFor();
    expect((await focused(page)).role).not.toBe('nothing');
  });

  it('an account is chosen by arrows, and a form for a new one filled in and left', async () => {
    const { page } = running;
    await goBy('4');
    await tabTo(page, 'option', /./);
    const { name: first } = await focused(page);
    await press('ArrowDown');
    expect((await focused(page)).name).not.toBe(first);
    await press('Enter');
    await focusIs(page, 'heading', /^twin-/);
    await tabTo(page, 'button', t(APP.leavePractice), true);
    await press('Enter');
    await focusIs(page, 'heading', t(WELCOME.title));
    await goBy('4');
    await tabTo(page, 'button', t(ACCOUNTS.add));
    await press('Enter');
    await focusIs(page, 'heading', t(ACCOUNTS.add));
    await tabTo(page, 'radio', /./);
    await press('ArrowDown');
    await page.getByRole('textbox', { name: t(ACCOUNTS.label) }).waitFor();
    await sound('a new account', 15);
    await tabTo(page, 'textbox', new RegExp(`^${t(ACCOUNTS.label)}`));
    await page.keyboard.type('x');
    await press('Escape');
    await page.getByRole('dialog', { name: t(ACCOUNTS.discardTitle) }).waitFor();
    await focusIs(page, 'button', '取消');
    await tabTo(page, 'button', t(ACCOUNTS.discard));
    await press('Enter');
    await page.getByRole('textbox', { name: t(ACCOUNTS.label) }).waitFor({ state: 'hidden' });
    await expect.poll(() => focused(page)).not.toMatchObject({ role: 'nothing' });
  });
});
