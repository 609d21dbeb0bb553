// A week of Suning's orders looked up in the window, and what a result can be done with; personal data on Polyv's, as Suning's has none.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTwin } from '../../src/main/twins/index.ts';
import type { PolyvOrder, SuningOrder, Twin } from '../../src/main/twins/index.ts';
import { MASK } from '../../src/renderer/screens/orders/columns.ts';
import { L } from '../../src/renderer/screens/orders/lookup-words.ts';
import { W as ORDERS } from '../../src/renderer/screens/orders/words.ts';
import { launchConsole } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import { createKeyringHome, openKeyring } from '../support/keyring.ts';
import type { KeyringHome, KeyringSession } from '../support/keyring.ts';
import { radio } from './assist.ts';
import { accountOf, addAccount, answerSave, button, choose, chooseAccount, goTo, journey, lookUp } from './pages.ts';
import { PATIENCE_MS, readCsv, readStatus, shownSpan, speak, t, textOf } from './pages.ts';

const SOURCE = { value: '201', name: 'Tmall flagship store' };
const COLUMN = { order: 'External order number', status: 'Order status', error: 'Error on acceptance' };

let folder: string;
let home: KeyringHome;
let keyring: KeyringSession;
let suning: Twin<SuningOrder>;
let polyv: Twin<PolyvOrder>;
let running: RunningConsole;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'suning-'));
  home = createKeyringHome();
  keyring = await openKeyring(home, 'unlocked');
  suning = await startTwin('suning', { orders: 12_000 });
  polyv = await startTwin('polyv', { orders: 1_000, vendorOptions: { covers: 'own' } });
  running = await launchConsole({ keyring, ...speak('en') });
  const pacing = { perSecond: 100, concurrency: 2 };
  await addAccount(running.page, accountOf(suning, 'Suning shop', { pacing }));
  await addAccount(running.page, accountOf(polyv, 'Polyv shop', { pacing }));
});
afterAll(async () => {
  await running.close();
  await Promise.all([suning.close(), polyv.close()]);
  await keyring.close();
  home.remove();
  rmSync(folder, { recursive: true });
});

journey();

const grid = () => running.page.getByRole('grid', { name: t(ORDERS.results) });
/** The cells of a column on the screen, from the first row. */
async function column(name: string): Promise<string[]> {
  const header = grid().getByRole('columnheader', { name });
  const at = await header.getAttribute('aria-colindex');
  return grid()
    .locator(`[role="gridcell"][aria-colindex="${at ?? ''}"]`)
    .allInnerTexts();
}

/** Saves the result as CSV by the dialog and reads it. */
async function exportTo(file: string, personal: boolean): Promise<string[][]> {
  const { page } = running;
  await answerSave(running, file);
  await button(page, t(ORDERS.export)).click();
  const dialog = page.getByRole('dialog', { name: t(ORDERS.exportTitle) });
  if (personal) await dialog.getByText(t(ORDERS.exportWith), { exact: true }).click();
  await button(dialog, /^Export [\d,]+ orders$/).click();
  await dialog.getByText(path.basename(file)).waitFor({ timeout: PATIENCE_MS });
  await button(dialog, t(ORDERS.close)).last().click();
  await dialog.waitFor({ state: 'hidden' });
  return readCsv(file);
}

let week: SuningOrder[] = [];

describe('a week of Suning’s orders', () => {
  it('is read whole: as many rows as the vendor has', async () => {
    const { page } = running;
    await goTo(page, 'orders');
    await chooseAccount(page, 'Suning shop');
    await choose(page, 'Order source', SOURCE.name);
    const { from, to } = await shownSpan(page, 'Start time', 'End time');
    await lookUp(page);
    week = Array.from({ length: suning.orderCount }, (_, at) => suning.order(at)).filter(
      ({ orderSource, createdAt }) => orderSource === SOURCE.value && createdAt >= from && createdAt <= to,
    );
    expect(week.length).toBeGreaterThan(400);
    const status = await readStatus(page, t(ORDERS.statusAll(week.length)));
    expect(status).not.toContain('incomplete');
    expect(await grid().getAttribute('aria-rowcount')).toBe(String(week.length + 1));
  });

  it('says that it is incomplete when a page cannot be read, names it, and goes on from there', async () => {
    const { page } = running;
    suning.setFaults([{ kind: 'html', when: { orders: ['<pageNo>3</pageNo>'] } }]);
    await lookUp(page);
    const bar = page.getByRole('region', { name: t(L.region) });
    await textOf(bar, /The result is incomplete · Page 3 of .* could not be read/);
    await button(bar, t(L.missing(1))).click();
    await textOf(bar.getByRole('listitem'), /^Page 3 of \d{4}-\d\d-\d\d \d\d:\d\d:\d\d to /);
    await readStatus(page, 'incomplete');
    expect(await grid().getAttribute('aria-rowcount')).toBe(String(week.length - 50 + 1));
    suning.setFaults([]);
    const before = suning.ledger.totals.arrivals;
    await button(bar, t(L.goOn)).click();
    const status = await readStatus(page, t(ORDERS.statusAll(week.length)));
    expect(status).not.toContain('incomplete');
    // The page itself, and the first and the last once more.
    expect(suning.ledger.totals.arrivals - before).toBe(3);
    await bar.waitFor({ state: 'hidden' });
  });

  it('is sorted by a click on a heading, both ways', async () => {
    const header = grid().getByRole('columnheader', { name: COLUMN.order });
    const numbers = week.map(({ number }) => number);
    const least = numbers.reduce((a, b) => (a < b ? a : b));
    const greatest = numbers.reduce((a, b) => (a > b ? a : b));
    await header.click();
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending');
    await expect.poll(async () => (await column(COLUMN.order))[0], { timeout: PATIENCE_MS }).toBe(least);
    await header.click();
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('descending');
    await expect.poll(async () => (await column(COLUMN.order))[0], { timeout: PATIENCE_MS }).toBe(greatest);
  });

  it('is filtered by status', async () => {
    const { page } = running;
    const failed = week.filter(({ orderStatus }) => orderStatus === '04');
    await choose(page, t(ORDERS.filterBy(COLUMN.status)), 'Failed');
    await readStatus(page, t(ORDERS.statusSome(failed.length, week.length)));
    await expect
      .poll(async () => [...new Set(await column(COLUMN.status))], { timeout: PATIENCE_MS })
      .toEqual(['Failed']);
    expect(failed.map(({ number }) => number)).toEqual(expect.arrayContaining(await column(COLUMN.order)));
  });

  it('is searched by an order’s number', async () => {
    const { page } = running;
    const wanted = week.find(({ orderStatus, jobs }) => orderStatus === '04' && jobs.length > 1);
    await page.getByLabel(t(ORDERS.find)).fill(wanted?.number ?? '?');
    await readStatus(page, t(ORDERS.statusSome(1, week.length)));
    await expect.poll(() => column(COLUMN.order), { timeout: PATIENCE_MS }).toEqual([wanted?.number]);
    // Its detail has what is below an order, in whole numbers.
    await grid()
      .getByText(wanted?.number ?? '?')
      .click();
    const detail = page.getByRole('dialog');
    for (const { jobId } of wanted?.jobs ?? []) await detail.getByText(jobId, { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'hidden' });
    await page.getByLabel(t(ORDERS.find)).fill('no such order');
    await button(page, t(ORDERS.clearFilter)).click();
    await readStatus(page, t(ORDERS.statusAll(week.length)));
  });

  it('is exported row by row as the vendor has it', async () => {
    const [header = [], ...rows] = await exportTo(path.join(folder, 'week.csv'), false);
    const at = header.indexOf(COLUMN.order);
    // Long numbers are written so that a spreadsheet leaves them alone.
    const exported = rows.map((row) => (row[at] ?? '').replace(/^="(.*)"$/, '$1'));
    expect(exported.sort()).toEqual(week.map(({ number }) => number).sort());
  });
});

describe('customers’ data', () => {
  let mobiles: Set<string>;

  it('is masked in the grid and in the detail, and shown when asked for', async () => {
    const { page } = running;
    await chooseAccount(page, 'Polyv shop');
    await lookUp(page);
    await readStatus(page, /orders/);
    expect(await page.content()).not.toMatch(/(?<![\d"=-])1[3-9]\d{9}(?!\d)/);
    await grid().getByRole('row').nth(1).locator('.opens').click();
    const detail = page.getByRole('dialog');
    const line = detail.locator('dl > div').filter({ hasText: 'Mobile' });
    await textOf(line, MASK);
    await button(detail, t(ORDERS.showPersonal)).click();
    const shown = await textOf(line, /1[3-9]\d{9}/);
    mobiles = new Set(/1[3-9]\d{9}/.exec(shown));
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'hidden' });
    // What was asked for once is masked again.
    await grid().getByRole('row').nth(1).locator('.opens').click();
    await textOf(line, MASK);
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'hidden' });
  });

  it('has pictures of its products that are fetched when they are asked for, by main alone', async () => {
    const { page } = running;
    await grid().getByRole('row').nth(1).locator('.opens').click();
    const detail = page.getByRole('dialog');
    const ask = button(detail, t(L.pictures));
    await ask.waitFor();
    const covers = () => polyv.ledger.arrivals.filter(({ path: at }) => at.startsWith('/covers/')).length;
    expect([covers(), await detail.locator('img').count()]).toEqual([0, 0]);
    await ask.click();
    const picture = detail.locator('img');
    await expect
      .poll(() => picture.evaluate((one) => (one as HTMLImageElement).naturalWidth), { timeout: PATIENCE_MS })
      .toBe(48);
    expect([covers(), (await picture.getAttribute('src'))?.slice(0, 22)]).toEqual([1, 'data:image/png;base64,']);
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'hidden' });
  });

  it('is looked up by order numbers that are pasted; one that the vendor does not know is named', async () => {
    const { page } = running;
    await radio(page, 'By order number');
    const numbers = [3, 40, 500].map((at) => polyv.orderNumber(at));
    await page.getByLabel('Order numbers').fill([...numbers, 'product20260101000000abcdef'].join('\n'));
    await lookUp(page);
    await readStatus(page, t(ORDERS.statusAll(3)));
    await expect
      .poll(async () => (await column('Order number')).toSorted(), { timeout: PATIENCE_MS })
      .toEqual(numbers.toSorted());
    const bar = page.getByRole('region', { name: t(L.region) });
    await textOf(bar, t(L.notFound(1)));
    await button(bar, t(L.details)).click();
    await textOf(bar, 'product20260101000000abcdef');
    await radio(page, 'Order list');
    await lookUp(page);
    await readStatus(page, /orders/);
  });

  it('goes into an export only when that is asked for', async () => {
    const total = Number(await grid().getAttribute('aria-rowcount'));
    const masked = await exportTo(path.join(folder, 'masked.csv'), false);
    const whole = await exportTo(path.join(folder, 'whole.csv'), true);
    const at = masked[0]?.indexOf('Mobile') ?? -1;
    expect(at).toBeGreaterThanOrEqual(0);
    expect([masked.length, whole.length]).toEqual([total, total]);
    expect(new Set(masked.slice(1).map((row) => row[at]))).toEqual(new Set([MASK]));
    const [mobile = '?'] = mobiles;
    expect(whole.filter((row) => row[at] === mobile).length).toBeGreaterThan(0);
    expect(whole.slice(1).map((row) => row[0])).toEqual(masked.slice(1).map((row) => row[0]));
  });
});
