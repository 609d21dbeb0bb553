// What goes wrong around the console: a vendor that is not there, files that are no tables, another console or command on the same data.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JOB_WORDS, PAUSE_WORDS, STATE_WORDS } from '../../src/contract/words.ts';
import { startTwin } from '../../src/main/twins/index.ts';
import type { PolyvOrder, Twin, TwinOptions } from '../../src/main/twins/index.ts';
import { W as APP } from '../../src/renderer/app/words.ts';
import { W as JOBS } from '../../src/renderer/screens/jobs/words.ts';
import { W as ORDERS } from '../../src/renderer/screens/orders/words.ts';
import { IN, W as UPDATE } from '../../src/renderer/screens/update/words.ts';
import { PAUSE_REMEDIES, RU } from '../../src/renderer/screens/update/words-run.ts';
import { isRealElectron, launchConsole, ROOT } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import { createKeyringHome, openKeyring } from '../support/keyring.ts';
import type { KeyringHome, KeyringSession } from '../support/keyring.ts';
import {
  accountOf,
  addAccount,
  answerOpen,
  button,
  dropFile,
  goTo,
  journey,
  lookUp,
  number,
  PATIENCE_MS,
  readStatus,
} from './pages.ts';
import { speak, t, textOf, update } from './pages.ts';

const ACCOUNT = 'Polyv shop';
const ORDERS_COUNT = 300;

/** Every order can be delivered, and each is named in the answer. */
const TWIN_OPTIONS = (port = 0, epochMs = Date.now()): TwinOptions => ({
  port,
  epochMs,
  orders: ORDERS_COUNT,
  vendorOptions: { orders: 'waiting', data: 'lists' },
});

let folder: string;
let home: KeyringHome;
let keyring: KeyringSession;
let twin: Twin<PolyvOrder>;
let running: RunningConsole;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'errors-'));
  home = createKeyringHome();
  keyring = await openKeyring(home, 'unlocked');
  twin = await startTwin('polyv', TWIN_OPTIONS());
  running = await launchConsole({ keyring, dataFolder: path.join(folder, 'data'), ...speak('en') });
  const pacing = { perSecond: 50, concurrency: 2 };
  await addAccount(running.page, accountOf(twin, ACCOUNT, { pacing }));
});
afterAll(async () => {
  await running.close();
  await twin.close();
  await keyring.close();
  home.remove();
  rmSync(folder, { recursive: true });
});

/** What an error note says: what happened, what to do, and its code. */
async function noteOf(page: Page): Promise<{ readonly what: string; readonly remedy: string; readonly code: string }> {
  const note = page.getByRole('alert').filter({ has: page.locator('code') });
  await note.first().waitFor({ timeout: PATIENCE_MS });
  const words = await note.first().locator('p').allInnerTexts();
  const code = await note.first().locator('code').innerText();
  return { what: words[0] ?? '', remedy: words[1] ?? '', code };
}

/** An outcome's entry in the report, by what it says. */
const outcome = (state: 'succeeded', rows: number): RegExp =>
  new RegExp(`${t(STATE_WORDS[state].words)}\\s*${number(rows)}$`);

/** What the bar on the program's icon was told, in order; the stand-in keeps it. */
const progressBars = (): Promise<{ fraction: number; mode: string }[]> =>
  running.app.evaluate(
    ({ BrowserWindow }) =>
      (BrowserWindow.getAllWindows()[0] as unknown as { progressBars: { fraction: number; mode: string }[] })
        .progressBars,
  );

const unreachable = (): string => `no connection to ${new URL(twin.url).host}`;

describe('a vendor that cannot be reached', () => {
  journey();

  it('is told of beside the rows that were read before', async () => {
    const { page } = running;
    await goTo(page, 'orders');
    await lookUp(page);
    const grid = page.getByRole('grid', { name: t(ORDERS.results) });
    const rows = await grid.getAttribute('aria-rowcount');
    const first = await grid.getByRole('row').nth(1).innerText();
    await twin.close();
    await lookUp(page);
    const note = await noteOf(page);
    expect(note).toMatchObject({ code: 'console.connect_failed' });
    expect(note.what).toContain(unreachable());
    expect(note.remedy).toMatch(/^Check the network/);
    await readStatus(page, t(ORDERS.statusMissed('')));
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe(rows);
    expect(await grid.getByRole('row').nth(1).innerText()).toBe(first);
  });

  it('makes a job wait, and says why, what happens next and what can be done', async () => {
    const { page } = running;
    const numbers = Array.from({ length: ORDERS_COUNT }, (_, at) => twin.orderNumber(at));
    await goTo(page, 'update');
    await update.paste(page, ['orderNo', ...numbers].join('\n'));
    await update.check(page);
    await update.toPreview(page, ORDERS_COUNT);
    await update.send(page, ORDERS_COUNT, ACCOUNT);
    await update.heading(page, t(RU.waits(PAUSE_WORDS.network)));
    const why = await textOf(page.locator('[data-waiting]'), unreachable());
    expect(why).toContain(t(PAUSE_REMEDIES.network));
    // Nothing was sent, so nothing has failed: it can go on now, pause or be cancelled.
    for (const name of [t(RU.goOnNow), t(RU.pause), t(RU.cancelRest(ORDERS_COUNT))])
      await button(page, name).waitFor({ timeout: PATIENCE_MS });
    if (!isRealElectron()) expect((await progressBars()).at(-1)).toEqual({ fraction: 0, mode: 'paused' });
    await goTo(page, 'jobs');
    await page.getByRole('grid').getByText(t(JOBS.waiting)).waitFor({ timeout: PATIENCE_MS });
  });

  it('sends every order once when it is there again, and tells by a notification that brings the job up', async () => {
    const { page, app } = running;
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    twin = await startTwin('polyv', TWIN_OPTIONS(twin.port, twin.epochMs));
    if (!isRealElectron()) {
      const shown = (): Promise<{ title: string; body: string }[]> =>
        app.evaluate(({ Notification }) =>
          (Notification as unknown as { shown: { title: string; body: string }[] }).shown.map(({ title, body }) => ({
            title,
            body,
          })),
        );
      await expect
        .poll(async () => (await shown()).at(-1)?.title, { timeout: 2 * PATIENCE_MS })
        .toMatch(new RegExp(`^Job \\d+: ${JOB_WORDS.finished.en}$`));
      expect((await shown()).at(-1)?.body).toBe(`${ORDERS_COUNT} ${STATE_WORDS.succeeded.words.en}`);
      const bars = await progressBars();
      const since = bars.slice(bars.findLastIndex(({ mode }) => mode === 'paused') + 1);
      expect(since.filter(({ fraction, mode }) => fraction >= 0 && mode === 'normal')).not.toEqual([]);
      expect(since.at(-1)?.fraction).toBe(-1);
      await app.evaluate(({ Notification }) => {
        (Notification as unknown as { shown: { emit(name: string): void }[] }).shown.at(-1)?.emit('click');
      });
      await expect
        .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()), {
          timeout: PATIENCE_MS,
        })
        .toBe(true);
      await page.waitForURL(/#\/jobs\/\d+/, { timeout: PATIENCE_MS });
    } else {
      // No one is there to click on the notification, and a page that is hidden draws nothing.
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
      await page.evaluate(() => void (location.hash = '#/jobs/1'));
    }
    await update.report(page);
    await button(page, outcome('succeeded', ORDERS_COUNT)).waitFor({ timeout: PATIENCE_MS });
    expect(twin.ledger.totals).toMatchObject({ orders: ORDERS_COUNT, actions: ORDERS_COUNT });
  });
});

describe('a file that is no table', () => {
  const files: readonly {
    readonly name: string;
    readonly bytes: Buffer;
    readonly code: string;
    readonly says: RegExp;
  }[] = [
    { name: 'empty.csv', bytes: Buffer.alloc(0), code: 'INTAKE_EMPTY', says: /"empty.csv" is empty/ },
    {
      name: 'book.xlsx',
      bytes: Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.from('\0\0xl/workbook.xml\0\0')]),
      code: 'INTAKE_MALFORMED',
      says: /"book.xlsx" is damaged/,
    },
    {
      name: 'picture.csv',
      bytes: Buffer.from('89504e470d0a1a0a0000000d', 'hex'),
      code: 'INTAKE_MALFORMED',
      says: /a PNG picture/,
    },
    {
      name: 'bytes.csv',
      bytes: Buffer.from(Array.from({ length: 4_096 }, (_, at) => (at * 7_919) % 256)),
      code: 'INTAKE_MALFORMED',
      says: /a binary file/,
    },
    { name: 'letter.docx', bytes: Buffer.from('x'), code: 'FILE_UNREADABLE', says: /no file that can be read in/ },
  ];

  it.each(['chosen', 'dropped'])('is refused with what it seems to be, and what to do, when it is %s', async (how) => {
    const { page } = running;
    for (const { name, bytes, code, says } of files) {
      const file = path.join(folder, name);
      writeFileSync(file, bytes);
      await page.evaluate(() => (location.hash = '#/orders'));
      await goTo(page, 'update');
      if (how === 'chosen') {
        await answerOpen(running, file);
        await button(page, new RegExp(`^(${t(IN.choose)}|${t(IN.chooseOther)})$`)).click();
      } else await dropFile(page, file);
      await textOf(page.getByRole('alert').filter({ has: page.locator('code') }), says);
      const note = await noteOf(page);
      expect([name, note.code, note.remedy === '']).toEqual([name, code, false]);
      await page.getByRole('button', { name: t(IN.checkRows), disabled: true }).waitFor();
    }
    // A table after all of them is taken, and the note is gone.
    const good = path.join(folder, 'good.csv');
    writeFileSync(good, `orderNo,note\n${twin.orderNumber(0)},one\n`);
    await dropFile(page, good);
    await page.getByText(twin.orderNumber(0)).waitFor({ timeout: PATIENCE_MS });
    expect(await page.getByRole('alert').count()).toBe(0);
    await button(page, t(IN.removeFile('good.csv'))).click();
  });
});

describe('a table without rows', () => {
  it('is told of when it is checked', async () => {
    const { page } = running;
    await goTo(page, 'update');
    await update.paste(page, 'orderNo,note\n');
    await update.check(page);
    expect(await noteOf(page)).toMatchObject({ code: 'INTAKE_EMPTY' });
  });
});

describe('the same data', () => {
  it('opens no second window: the first comes to the front', async () => {
    const { app } = running;
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    expect(await running.startAgain()).toBe(0);
    await expect
      .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.isVisible())), {
        timeout: PATIENCE_MS,
      })
      .toEqual([true]);
  });

  // The writer's lock is SQLite's own, which the real Electron of the tests lacks.
  it.skipIf(isRealElectron())('can only be looked at while a command writes it (needs Node 24)', async () => {
    const data = path.join(folder, 'shared');
    const notes = path.join(folder, 'notes.csv');
    const rows = Array.from({ length: 20_000 }, (_, at) => `261101-${String(at).padStart(15, '0')},note ${at}`);
    writeFileSync(notes, ['order_sn,note', ...rows].join('\n'));
    const command = writeInTerminal(data, notes);
    let second: RunningConsole | null = null;
    try {
      await command.sending;
      second = await launchConsole({ args: ['--practice'], dataFolder: data, ...speak('en') });
      const { page } = second;
      await page.getByText(t(APP.readOnly), { exact: true }).waitFor({ timeout: PATIENCE_MS });
      await goTo(page, 'update');
      await update.paste(page, 'orderNo\nproduct20240101000000aaaaaa');
      await textOf(page.locator('[data-step="intake"]'), t(UPDATE.readOnly));
      expect(await button(page, t(IN.checkRows)).isDisabled()).toBe(true);
      // What the command does is seen, and not touched.
      await goTo(page, 'jobs');
      await page.getByRole('grid').getByText(t(JOB_WORDS.running)).waitFor({ timeout: PATIENCE_MS });
      // Looking is for everyone.
      await goTo(page, 'orders');
      await button(page.getByRole('form', { name: t(ORDERS.form) }), t(ORDERS.lookup)).click();
      await page
        .getByRole('grid', { name: t(ORDERS.results) })
        .getByRole('row')
        .nth(1)
        .waitFor({ timeout: PATIENCE_MS });
    } finally {
      await command.end();
      await second?.close();
    }
  });
});

/** A job in the terminal on a data folder: `sending` is fulfilled once it has begun; `end` interrupts it. */
function writeInTerminal(data: string, input: string): { readonly sending: Promise<void>; end(): Promise<void> } {
  const flags = ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];
  const args = ['update', 'twin-pdd', 'note-update', input, '--twins', '--yes', '--json', '--data-folder', data];
  const child = spawn(process.execPath, [...flags, path.join(ROOT, 'src/cli/index.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const sending = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('"event":"progress"')) resolve();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('exit', () => reject(new Error(`the command ended before it was to:\n${said.slice(-2_000)}`)));
  });
  return {
    sending,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
    },
  };
}
