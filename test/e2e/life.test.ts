// The life of the window: how it says that it cannot start, what it keeps from one start to the next, and how it ends while a job runs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quitQuestion } from '../../src/main/shell/dialog-words.ts';
import { startTwin } from '../../src/main/twins/index.ts';
import type { PolyvOrder, Twin } from '../../src/main/twins/index.ts';
import { W as GRID } from '../../src/renderer/components/grid/words.ts';
import { W as ORDERS } from '../../src/renderer/screens/orders/words.ts';
import { CH } from '../../src/renderer/screens/update/words.ts';
import { RU } from '../../src/renderer/screens/update/words-run.ts';
import { electronProgram, launchConsole, ROOT } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import { createKeyringHome, openKeyring } from '../support/keyring.ts';
import type { KeyringHome, KeyringSession } from '../support/keyring.ts';
import {
  accountOf,
  addAccount,
  button,
  dropFile,
  goTo,
  invoke,
  journey,
  lookUp,
  PATIENCE_MS,
  speak,
  t,
  tick,
  update,
} from './pages.ts';

const ACCOUNT = 'Flagship shop';
/** Orders of the first job, and of them those that are sent at first. */
const FEW = 12;
const FIRST = 5;
/** Two calls of Polyv's: one that is held, and the rest. */
const ROWS = 1_200;
const REST = 200;

let folder: string;
let home: KeyringHome;
let keyring: KeyringSession;
let twin: Twin<PolyvOrder>;
let running: RunningConsole;
/** Awaited by each update request before anything is decided. */
let gate: Promise<void> = Promise.resolve();
/** How often each order came in an update request. */
const arrivals = new Map<string, number>();

const launch = (): Promise<RunningConsole> =>
  launchConsole({ keyring, dataFolder: path.join(folder, 'data'), ...speak('en') });

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'life-'));
  home = createKeyringHome();
  keyring = await openKeyring(home, 'unlocked');
  // Every order can be delivered, and each is named in the answer.
  twin = await startTwin('polyv', { orders: FEW + ROWS, vendorOptions: { orders: 'waiting', data: 'lists' } });
  twin.onArrival = async ({ path: at, body }) => {
    if (!at.endsWith('/update-batch-status')) return;
    const { orderNos } = JSON.parse(body.toString('utf8')) as { orderNos: string[] };
    for (const order of orderNos) arrivals.set(order, (arrivals.get(order) ?? 0) + 1);
    await gate;
  };
  running = await launch();
  // What a person must type before many orders are sent is no matter of these tests.
  await invoke(running.page, 'settings.change', { confirmAbove: 1_000_000 });
  await addAccount(running.page, accountOf(twin, ACCOUNT, { pacing: { perSecond: 50, concurrency: 1 } }));
});
afterAll(async () => {
  await running.close();
  await twin.close();
  await keyring.close();
  home.remove();
  rmSync(folder, { recursive: true });
});

journey();

const orderNumbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => twin.orderNumber(from + at));

const boundsOf = ({ app }: RunningConsole): Promise<unknown> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds());

const heading = ({ page }: RunningConsole, name: string) => page.getByRole('columnheader', { name, exact: true });
const widthOf = async (at: RunningConsole, name: string): Promise<number> =>
  Math.round((await heading(at, name).boundingBox())?.width ?? 0);

describe('a start that cannot be', () => {
  it('is told of in a line, with what to do and without a stack', async () => {
    const data = path.join(folder, 'a-file');
    writeFileSync(data, '');
    const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ROOT];
    const env = { PATH: process.env['PATH'], DISPLAY: process.env['DISPLAY'], HOME: folder, LANGUAGE: 'en' };
    const child = spawn(electronProgram(), args, {
      env: { ...env, LANG: 'C.UTF-8', ORDER_CONSOLE_DATA: data },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'exit');
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await expect
      .poll(() => said, { timeout: PATIENCE_MS })
      .toMatch(/^Order Console: The console cannot start: .*a-file.* Check that its data folder/m);
    expect(said).not.toMatch(/^\s+at /m);
    // A box of the system's waits for a person.
    child.kill('SIGKILL');
    await ended;
  });
});

describe('the next start', () => {
  it('has the window, the columns and their widths as they were', async () => {
    const { app, page } = running;
    await goTo(page, 'orders');
    await lookUp(page);
    const before = await widthOf(running, 'Amount');
    const wider = before + 40;
    const box = await heading(running, 'Amount').boundingBox();
    const [edge, middle] = [(box?.x ?? 0) + before - 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
    await page.mouse.move(edge, middle);
    await page.mouse.down();
    await page.mouse.move(edge + 40, middle, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => widthOf(running, 'Amount')).toBe(wider);
    await button(page, t(GRID.columns)).click();
    await tick(page, 'Channel', false);
    await page.keyboard.press('Escape');
    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 30, width: 1010, height: 690 }),
    );
    await page.waitForFunction(() => innerWidth <= 1010, undefined, { timeout: PATIENCE_MS });
    const bounds = await boundsOf(running);
    expect(bounds).toMatchObject({ width: 1010, height: 690 });
    await running.close();

    running = await launch();
    expect(await boundsOf(running)).toEqual(bounds);
    await goTo(running.page, 'orders');
    await lookUp(running.page);
    expect(await widthOf(running, 'Amount')).toBe(wider);
    await button(running.page, t(GRID.columns)).click();
    const group = running.page.getByRole('group', { name: t(GRID.columns) });
    expect(await group.getByRole('checkbox', { name: 'Channel' }).isChecked()).toBe(false);
    await running.page.keyboard.press('Escape');
  });

  it('copies rows that are selected, as a spreadsheet takes them', async () => {
    const { app, page } = running;
    const boxes = page
      .getByRole('grid', { name: t(ORDERS.results) })
      .locator('[aria-rowindex] [role="gridcell"]:first-child');
    await boxes.nth(0).click();
    await boxes.nth(1).click();
    await button(page, t(ORDERS.statusSelected(2))).click();
    await page.getByRole('menuitem', { name: t(ORDERS.copyRows(2)) }).click();
    await page.getByText(t(ORDERS.copiedRows(2))).waitFor({ timeout: PATIENCE_MS });
    const copied = await app.evaluate(({ clipboard }) => clipboard.readText());
    const lines = copied.split('\n').map((line) => line.split('\t'));
    expect(lines.map((cells) => cells[0])).toEqual(['Order number', expect.any(String), expect.any(String)]);
    expect(new Set(lines.map((cells) => cells.length)).size).toBe(1);
    // Customers' data is masked here, too.
    const receivers = lines[0]?.indexOf('Mobile') ?? -1;
    expect(receivers).toBeGreaterThan(0);
    for (const cells of lines.slice(1)) expect(cells[receivers]).not.toMatch(/\d{5}/);
  });
});

describe('a file that is dropped', () => {
  it('becomes a job: the first few, then a question', async () => {
    const { page } = running;
    const orders = orderNumbers(0, FEW);
    const file = path.join(folder, 'orders.csv');
    writeFileSync(file, ['orderNo', ...orders].join('\r\n'));
    await goTo(page, 'update');
    await dropFile(page, file);
    await page.getByText('orders.csv').first().waitFor({ timeout: PATIENCE_MS });
    await update.check(page);
    await page.getByText(t(CH.allFit)).waitFor({ timeout: PATIENCE_MS });
    await update.toPreview(page, orders.length);
    await update.send(page, orders.length, ACCOUNT, FIRST);
    await button(page, t(RU.sendRest(orders.length - FIRST))).waitFor({ timeout: PATIENCE_MS });
    expect([...arrivals.keys()]).toEqual(orders.slice(0, FIRST));
    // What was left stands at the same place when its address is opened again.
    await goTo(page, 'orders');
    await page.evaluate(() => (location.hash = '#/jobs/1'));
    await update.step(page, 'run');
    await button(page, t(RU.sendRest(orders.length - FIRST))).click();
    await update.report(page);
    expect([...arrivals.keys()]).toEqual(orders);
    for (const step of ['intake', 'check', 'run'] as const) {
      await page.evaluate((name) => (location.hash = `#/jobs/1?step=${name}`), step);
      await update.step(page, step);
    }
  });
});

describe('quitting while a job runs', () => {
  /** Answers every box with the button of that number, and keeps what was asked. */
  const answer = ({ app }: RunningConsole, response: number): Promise<void> =>
    app.evaluate(({ dialog }, chosen) => {
      const kept = globalThis as unknown as { asked: string[] };
      kept.asked = [];
      dialog.showMessageBox = (...given: unknown[]) => {
        kept.asked.push((given.at(-1) as { message: string }).message);
        return Promise.resolve({ response: chosen, checkboxChecked: false });
      };
    }, response);
  const asked = ({ app }: RunningConsole): Promise<string[]> =>
    app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
  const quit = ({ app }: RunningConsole): Promise<void> =>
    app.evaluate(({ app: it }) => void setTimeout(() => it.quit()));
  let open = (): void => undefined;

  it('asks, and goes on when the person would rather stay', async () => {
    const { page } = running;
    gate = new Promise((resolve) => (open = resolve));
    await goTo(page, 'update');
    await update.paste(page, ['orderNo', ...orderNumbers(FEW, FEW + ROWS)].join('\n'));
    await update.check(page);
    await update.toPreview(page, ROWS);
    await update.send(page, ROWS, ACCOUNT);
    await expect.poll(() => arrivals.size, { timeout: PATIENCE_MS }).toBe(FEW + ROWS - REST);
    await answer(running, 0);
    await quit(running);
    await expect.poll(() => asked(running), { timeout: PATIENCE_MS }).toEqual([quitQuestion(1).message.en]);
    await button(page, t(RU.pause)).waitFor({ timeout: PATIENCE_MS });
  });

  it('waits for what is under way and pauses, when the person agrees', async () => {
    await answer(running, 1);
    await quit(running);
    await expect.poll(() => asked(running), { timeout: PATIENCE_MS }).toEqual([quitQuestion(1).message.en]);
    open();
    await running.ended();
    await running.close();
    expect(arrivals.size).toBe(FEW + ROWS - REST);
  });

  it('leaves a job that goes on in the next window, and sends no order twice', async () => {
    running = await launch();
    const { page } = running;
    await page.evaluate(() => (location.hash = '#/jobs/2'));
    await button(page, t(RU.resume(REST))).click({ timeout: PATIENCE_MS });
    await update.report(page);
    expect([arrivals.size, Math.max(...arrivals.values())]).toEqual([FEW + ROWS, 1]);
    expect(twin.ledger.totals).toMatchObject({ orders: FEW + ROWS, actions: FEW + ROWS });
  });
});
