// What was looked up is kept: found by its buyer, counted in pictures, saved as a view, read again, sent to an update, erased.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { W as KEPT } from '../../src/renderer/screens/kept/words.ts';
import { W as ORDERS } from '../../src/renderer/screens/orders/words.ts';
import { launchConsole } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import { button, choose, chooseAccount, goTo, goToKept, invoke, journey, PATIENCE_MS } from './pages.ts';
import { readStatus, speak, t, update } from './pages.ts';

interface Page {
  readonly total: number;
  readonly rows: readonly { readonly id: number; readonly order: string; readonly readAt: number }[];
}

let running: RunningConsole;
beforeAll(async () => {
  running = await launchConsole({ args: ['--practice'], ...speak('en') });
});
afterAll(() => running.close());

journey();

const EVERY = { find: '', vendors: [], accounts: [], states: [], days: null, from: null, until: null };
const pageOf = (filter: object): Promise<Page> =>
  invoke(running.page, 'orders.page', { view: { filter: { ...EVERY, ...filter }, sort: null }, offset: 0, limit: 200 });
const grid = () => running.page.getByRole('grid', { name: t(KEPT.grid) });

describe('kept orders', () => {
  it('are those of every look-up, of all vendors together', async () => {
    const { page } = running;
    await goTo(page, 'orders');
    for (const account of ['twin-polyv', 'twin-suning']) {
      await chooseAccount(page, account);
      const form = page.getByRole('form', { name: t(ORDERS.form) });
      await button(form, t(ORDERS.lookup)).click();
      await page.getByRole('grid', { name: t(ORDERS.results) }).waitFor({ timeout: PATIENCE_MS });
      // Practice has more orders than are wanted here; the few of a source are read before one can stop them.
      const ended = button(form, t(ORDERS.lookup)).waitFor({ timeout: PATIENCE_MS });
      await Promise.any([button(form, t(ORDERS.stop)).click(), ended]);
      await ended;
    }
    await goToKept(page);
    const { total } = await pageOf({});
    expect((await pageOf({ vendors: ['suning'] })).total).toBeGreaterThan(0);
    expect((await pageOf({ vendors: ['polyv'] })).total).toBeGreaterThan(0);
    await readStatus(page, t(KEPT.statusAll(total)));
  });

  it('are found by two characters of a buyer, who is not shown', async () => {
    const { page } = running;
    const [first] = (await pageOf({ vendors: ['polyv'] })).rows;
    const { facts } = await invoke<{ facts: { buyer: { name: string } } }>(page, 'orders.detail', {
      id: first?.id,
      personal: true,
    });
    const find = facts.buyer.name.slice(0, 2);
    await page.getByLabel(t(KEPT.find)).fill(find);
    const { total, rows } = await pageOf({ find });
    expect(rows.map(({ order }) => order)).toContain(first?.order);
    await readStatus(page, t(KEPT.statusSome(total)));
    expect(await grid().innerText()).not.toContain(facts.buyer.name);
    await button(page, t(KEPT.clearFilter)).click();
  });

  it('are counted in pictures, whose bars lead to them, and make a view that is saved and watched', async () => {
    const { page } = running;
    await page.getByRole('link', { name: t(KEPT.tabPictures) }).click();
    const { total } = await pageOf({ states: ['to_ship'] });
    await button(page, new RegExp(`^${t(KEPT.ofState('awaiting delivery', total))}`, 'u')).click();
    await readStatus(page, t(KEPT.statusSome(total)));
    await button(page, t(KEPT.views)).click();
    await page.getByRole('menuitem', { name: t(KEPT.saveView) }).click();
    await page
      .getByRole('dialog', { name: t(KEPT.saveTitle) })
      .getByRole('textbox')
      .fill('To ship');
    await button(page.getByRole('dialog', { name: t(KEPT.saveTitle) }), t(KEPT.save)).click();
    await button(page, `${t(KEPT.views)}: To ship`).click();
    await page.getByRole('menuitem', { name: t(KEPT.watch('To ship')) }).click();
    const dialog = page.getByRole('dialog', { name: t(KEPT.watchTitle('To ship')) });
    await dialog.getByText(t(KEPT.watchOn)).click();
    await button(dialog, t(KEPT.save)).click();
    await dialog.waitFor({ state: 'hidden' });
    const [view] = await invoke<{ watch: { everyMinutes: number; limit: number } }[]>(page, 'orders.views');
    expect(view?.watch).toEqual({ everyMinutes: 15, limit: total });
  });

  it('are read again at their vendor when that is asked for', async () => {
    const { page } = running;
    await choose(page, t(ORDERS.filterBy(t(KEPT.accounts))), 'Polyv live · twin-polyv');
    await page.keyboard.press('Escape');
    const wanted = { states: ['to_ship'], vendors: ['polyv'] };
    const before = await pageOf(wanted);
    await readStatus(page, t(KEPT.statusSome(before.total)));
    await grid().getByRole('gridcell').first().click();
    await button(page, t(KEPT.statusSelected(1))).click();
    await page.getByRole('menuitem', { name: t(KEPT.again(1)) }).click();
    await page.getByText(t(KEPT.readAgain(1, 1))).waitFor({ timeout: PATIENCE_MS });
    const newest = (list: Page): number => Math.max(...list.rows.map(({ readAt }) => readAt));
    expect(newest(await pageOf(wanted))).toBeGreaterThan(newest(before));
  });

  it('are selected by what they match and sent to an update of their account', async () => {
    const { page } = running;
    const { total } = await pageOf({ states: ['to_ship'], vendors: ['polyv'] });
    await button(page, t(KEPT.statusSelected(1))).click();
    await page.getByRole('menuitem', { name: t(ORDERS.selectAll(total)) }).click();
    await button(page, t(KEPT.bulkSome(total))).click({ timeout: PATIENCE_MS });
    await update.step(page, 'intake');
    await page
      .getByRole('cell', {
        name: (await pageOf({ states: ['to_ship'], vendors: ['polyv'] })).rows[0]?.order ?? '?',
      })
      .waitFor({
        timeout: PATIENCE_MS,
      });
  });

  it('are erased when that is asked for', async () => {
    const { page } = running;
    await goToKept(page);
    const { selected } = await invoke<{ selected: number }>(page, 'orders.chosen');
    const { total } = await pageOf({});
    await button(page, t(KEPT.statusSelected(selected))).click();
    await page.getByRole('menuitem', { name: t(KEPT.erase(selected)) }).click();
    await button(page.getByRole('dialog'), t(KEPT.eraseVerb(selected))).click();
    await page.getByText(t(KEPT.erased(selected, 0))).waitFor({ timeout: PATIENCE_MS });
    expect((await pageOf({})).total).toBe(total - selected);
  });
});
