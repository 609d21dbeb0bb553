// What a person makes of rows afterwards, in the window: a failed one mended and sent as a follow-up, notes undone, the number of rows typed
// where nothing can be undone, and rows in doubt decided.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STATE_WORDS } from '../../src/contract/words.ts';
import { startTwin, type PddOrder, type PolyvOrder, type Twin } from '../../src/main/twins/index.ts';
import { typeToConfirm } from '../../src/renderer/components/confirm-words.ts';
import { W as GRID } from '../../src/renderer/components/grid/words.ts';
import { IN } from '../../src/renderer/screens/update/words.ts';
import { DE, ME, WB } from '../../src/renderer/screens/update/words-mend.ts';
import { PR } from '../../src/renderer/screens/update/words-run.ts';
import { launchConsole, type RunningConsole } from '../support/app.ts';
import { createKeyringHome, openKeyring, type KeyringHome, type KeyringSession } from '../support/keyring.ts';
import {
  accountOf,
  addAccount,
  button,
  chooseAccount,
  goTo,
  journey,
  number,
  PATIENCE_MS,
  speak,
  t,
  textOf,
  tick,
  update,
} from './pages.ts';

const NOTES = 'Note shop';
const COURSES = 'Course shop';
/** More than a plain yes lets pass. */
const MANY = 120;

let folder: string;
let home: KeyringHome;
let keyring: KeyringSession;
let pdd: Twin<PddOrder>;
let polyv: Twin<PolyvOrder>;
let running: RunningConsole;
/** Orders with a note, which can be read. */
let noted: PddOrder[];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'mend-'));
  home = createKeyringHome();
  keyring = await openKeyring(home, 'unlocked');
  pdd = await startTwin('pdd', { orders: 200 });
  polyv = await startTwin('polyv', { orders: 2 * MANY, vendorOptions: { orders: 'waiting', data: 'lists' } });
  const recent = Array.from({ length: 200 }, (_, index) => pdd.order(index));
  noted = recent.filter(({ note, createdAt }) => note !== '' && pdd.now() - createdAt < 80 * 86_400_000).slice(0, 3);
  running = await launchConsole({ keyring, dataFolder: path.join(folder, 'data'), ...speak('en') });
  const pacing = { perSecond: 100, concurrency: 2 };
  await addAccount(running.page, accountOf(polyv, COURSES, { pacing }));
  await addAccount(running.page, accountOf(pdd, NOTES, { pacing }));
});
afterAll(async () => {
  await running.close();
  await Promise.all([pdd.close(), polyv.close(), keyring.close()]);
  home.remove();
  rmSync(folder, { recursive: true });
});

const notesNow = (): string[][] =>
  noted.map(({ index }) => pdd.order(index)).map(({ note, tag, tagName }) => [note, tag, tagName]);
const report = (): ReturnType<RunningConsole['page']['locator']> => running.page.locator('[data-step="report"]');
const outcome = (state: keyof typeof STATE_WORDS, count: number): RegExp =>
  new RegExp(`^.?\\s*${t(STATE_WORDS[state].words)}\\s*${number(count)}$`, 'i');

describe('rows of a job', () => {
  journey();
  const WRONG = '200101-000000000000001';
  let fresh: PddOrder;

  it('that failed is mended in place and sent as a follow-up', async () => {
    const { page } = running;
    fresh = pdd.order(Array.from({ length: 200 }, (_, at) => at).find((at) => pdd.order(at).note === '') ?? 0);
    await goTo(page, 'update');
    await chooseAccount(page, NOTES);
    const rows = [...noted.map(({ number: order }) => order), WRONG];
    await update.paste(page, ['订单号,备注', ...rows.map((order, at) => `${order},new note ${at}`)].join('\n'));
    await update.check(page);
    await update.toPreview(page, 4);
    // What can be undone says so before the run.
    await page.getByText(t(WB.some)).waitFor({ timeout: PATIENCE_MS });
    await update.send(page, 4, NOTES);
    await update.report(page);
    expect(notesNow().map(([note]) => note)).toEqual(['new note 0', 'new note 1', 'new note 2']);

    await report().getByRole('gridcell', { name: WRONG }).dblclick();
    const drawer = page.getByRole('dialog');
    await button(drawer, t(ME.edit)).click({ timeout: PATIENCE_MS });
    const form = drawer.getByRole('form', { name: t(ME.editing) });
    const order = form.getByRole('textbox', { name: 'Order number' });
    const note = form.getByRole('textbox', { name: 'Note', exact: true });
    expect(await order.inputValue()).toBe(WRONG);
    // Checked as one types, at the field.
    await note.fill('');
    await form.getByText('Note:').waitFor({ timeout: PATIENCE_MS });
    await expect.poll(() => note.getAttribute('aria-invalid')).toBe('true');
    await order.fill(fresh.number);
    await note.fill('mended');
    await button(form, t(ME.save)).click();
    await drawer.getByText(t(ME.mended)).waitFor({ timeout: PATIENCE_MS });
    await page.keyboard.press('Escape');
    await button(report(), t(ME.followUp(1))).click({ timeout: PATIENCE_MS });
    await textOf(page.getByRole('navigation', { name: t(ME.links) }), 'Follow-up of job 1');
    await update.send(page, 1, NOTES);
    await update.report(page);
    expect(pdd.order(fresh.index).note).toBe('mended');
    expect(pdd.ledger.actions).toHaveLength(4);
  });

  it('that wrote notes is undone by a job of its own', async () => {
    const { page } = running;
    const before = noted.map(({ note, tag, tagName }) => [note, tag, tagName]);
    const links = page.getByRole('navigation', { name: t(ME.links) });
    await links.getByRole('link').first().click();
    await textOf(links, 'Follow-up: job 2');
    await button(report(), t(WB.undo(3))).click({ timeout: PATIENCE_MS });
    await textOf(links, 'Sets back job 1');
    // Only prepared: nothing has been written back yet.
    expect(notesNow()).not.toEqual(before);
    await update.send(page, 3, NOTES);
    await update.report(page);
    expect(notesNow()).toEqual(before);
  });

  it('that cannot be undone say so, and are sent by their number alone', async () => {
    const { page } = running;
    polyv.setFaults([{ kind: 'truncated', when: { path: 'update-batch-status' } }]);
    await goTo(page, 'update');
    await chooseAccount(page, COURSES);
    const orders = Array.from({ length: MANY }, (_, at) => polyv.orderNumber(at));
    await update.paste(page, ['orderNo', ...orders].join('\n'));
    await tick(page, t(IN.verifyAfter), false);
    await update.check(page);
    await update.toPreview(page, MANY);
    await page.locator('[data-step="preview"]').getByText(t(WB.none)).waitFor({ timeout: PATIENCE_MS });
    await button(page, t(PR.send(MANY, COURSES))).click();
    const dialog = page.getByRole('dialog');
    const yes = button(dialog, t(PR.sendVerb(MANY)));
    const field = dialog.getByLabel(t(typeToConfirm(number(MANY))));
    await field.fill('12');
    expect(await yes.isDisabled()).toBe(true);
    await field.fill('120');
    expect(polyv.ledger.totals.arrivals).toBe(0);
    await yes.click();
    await update.report(page);
  });

  it('in doubt are decided in bulk, but for one', async () => {
    const { page } = running;
    await button(report(), t(DE.choose)).click({ timeout: PATIENCE_MS });
    const grid = report().getByRole('grid');
    await grid.getByRole('columnheader', { name: t(GRID.selectAll(MANY)) }).click({ timeout: PATIENCE_MS });
    await report()
      .getByText(t(DE.selected(MANY)))
      .waitFor({ timeout: PATIENCE_MS });
    await grid.getByRole('row').nth(1).getByRole('gridcell').first().click();
    await report()
      .getByText(t(DE.selected(MANY - 1)))
      .waitFor({ timeout: PATIENCE_MS });
    await button(report(), t(DE.yes(MANY - 1))).click();
    await button(page.getByRole('dialog'), t(DE.verb(MANY - 1))).click();
    await button(report(), outcome('succeeded', MANY - 1)).waitFor({ timeout: PATIENCE_MS });
    await button(report(), outcome('unknown', 1)).waitFor();
    // The last by its own detail, where the decision can be seen afterwards.
    await grid.getByRole('gridcell', { name: polyv.orderNumber(0) }).dblclick();
    const drawer = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: 'Line 2' }) });
    await button(drawer, t(DE.noOne)).click({ timeout: PATIENCE_MS });
    await button(page.getByRole('dialog'), t(DE.verb(1))).click();
    await drawer.getByText(/You decided at .*: it did not happen/).waitFor({ timeout: PATIENCE_MS });
    await page.keyboard.press('Escape');
    await button(report(), outcome('failed', 1)).waitFor({ timeout: PATIENCE_MS });
  });
});
