// From the first start to a finished job of 2,500 orders and its export, as a merchant comes by them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOG_LIMITS } from '../../src/contract/order-log.ts';
import type { Bilingual } from '../../src/contract/text.ts';
import { STATE_WORDS } from '../../src/contract/words.ts';
import { addedName } from '../../src/main/jobs/export/cells.ts';
import type { AddedColumn } from '../../src/main/jobs/export/cells.ts';
import { startTwin } from '../../src/main/twins/index.ts';
import type { PolyvOrder, Twin } from '../../src/main/twins/index.ts';
import { W as APP } from '../../src/renderer/app/words.ts';
import { W as GRID } from '../../src/renderer/components/grid/words.ts';
import { LOG } from '../../src/renderer/components/order-log-words.ts';
import { W as JOBS } from '../../src/renderer/screens/jobs/words.ts';
import { W as ORDERS } from '../../src/renderer/screens/orders/words.ts';
import { CH, IN } from '../../src/renderer/screens/update/words.ts';
import { PR, RE, RU } from '../../src/renderer/screens/update/words-run.ts';
import { W as WELCOME } from '../../src/renderer/screens/welcome/words.ts';
import { launchConsole } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import { createKeyringHome, openKeyring } from '../support/keyring.ts';
import type { KeyringHome, KeyringSession } from '../support/keyring.ts';
import {
  accountOf,
  addAccount,
  answerSave,
  button,
  choose,
  fillTime,
  goTo,
  journey,
  lookUp,
  number,
  PATIENCE_MS,
  readCsv,
} from './pages.ts';
import { readStatus, sayYes, shownSpan, speak, t, textOf, tick, titled, update } from './pages.ts';

const HOUR_MS = 3_600_000;
const BEIJING_MS = 8 * HOUR_MS;
const beijing = (ms: number): string => new Date(ms + BEIJING_MS).toISOString().slice(0, 19).replace('T', ' ');
const ACCOUNT = '旗舰店';
const ORDER = '订单号';
const INPUT_ROWS = 2_500;
const DAMAGED = '2.02405E+17';
const NOT_THERE = ['product20240101000000aaaaaa', 'product20240101000000bbbbbb', 'product20240101000000cccccc'];

/** A workbook's cell as a CSV has it. */
const textOfCell = (cell: unknown): string =>
  typeof cell === 'string' ? cell : cell === null || cell === undefined ? '' : JSON.stringify(cell);

let folder: string;
let home: KeyringHome;
let keyring: KeyringSession;
let twin: Twin<PolyvOrder>;
let running: RunningConsole;
/** How often each order number came in a whole update request. */
const arrivals = new Map<string, number>();
/** Awaited by each update request before anything is decided. */
let gate: (orders: number) => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'first-run-'));
  home = createKeyringHome();
  keyring = await openKeyring(home, 'unlocked');
  twin = await startTwin('polyv', { orders: 4_000 });
  twin.onArrival = async ({ path: at, body }) => {
    if (!at.endsWith('/update-batch-status')) return;
    const { orderNos } = JSON.parse(body.toString('utf8')) as { orderNos: string[] };
    for (const order of orderNos) arrivals.set(order, (arrivals.get(order) ?? 0) + 1);
    await gate(orderNos.length);
  };
  running = await launchConsole({ keyring, ...speak('zh-CN') });
});
afterAll(async () => {
  await running.close();
  await twin.close();
  await keyring.close();
  home.remove();
  rmSync(folder, { recursive: true });
});

const orders = (one: Twin<PolyvOrder>): PolyvOrder[] =>
  Array.from({ length: one.orderCount }, (_, at) => one.order(at));

/** The input: what can be delivered, what the vendor refuses, and what a check must set aside. */
function makeInput() {
  const all = orders(twin);
  const waiting = all.filter(({ status }) => status === 'wait_delivery').map((one) => one.number);
  const wrongState = all.filter(({ status }) => status === 'finish' || status === 'close').slice(0, 12);
  const wrong = [...wrongState.map((one) => one.number), ...NOT_THERE];
  const aside = [DAMAGED, waiting[3] ?? '', '', 'product２０２４0521129011833ad'];
  const good = waiting.slice(0, INPUT_ROWS - wrong.length - aside.length);
  // All that fail are in one call: of a call without a failure the vendor says nothing.
  const lines = [...good.slice(0, 40), ...aside, ...wrong, ...good.slice(40)];
  const fit = lines.filter((_, at) => at < 40 || at >= 40 + aside.length);
  return { text: [ORDER, ...lines].join('\n'), lines, fit, aside: aside.length, wrong };
}

journey();

describe('the first start', () => {
  it('welcomes the person, and one click leads to orders to practise on', async () => {
    const { page } = running;
    await titled(page, t(WELCOME.title));
    await button(page, t(WELCOME.practiseVerb)).click();
    await page.getByText(t(APP.practice)).waitFor({ timeout: PATIENCE_MS });
    await titled(page, t(APP.orders));
  });

  it('looks practice orders up, selects what is found and hands it to a bulk update', async () => {
    const { page } = running;
    // The practice twin's orders follow from its first moment of the day alone.
    const epochMs = Math.floor(Date.now() / (24 * HOUR_MS)) * 24 * HOUR_MS;
    const same = await startTwin('polyv', { epochMs });
    const from = epochMs - HOUR_MS;
    const expected = orders(same).filter((one) => one.status === 'wait_delivery' && one.createTime >= from);
    await same.close();
    expect(expected.length).toBeGreaterThan(50);

    await choose(page, '状态', '待发货');
    await fillTime(page, '创建时间从', beijing(from));
    await lookUp(page);
    await readStatus(page, t(ORDERS.statusAll(expected.length)));
    await page.getByRole('columnheader', { name: t(GRID.selectAll(expected.length)) }).click();
    await readStatus(page, t(ORDERS.statusSelected(expected.length)));
    await button(page, t(ORDERS.bulkSome(expected.length))).click();
    await update.step(page, 'intake');
    await page.getByText(t(IN.fromOrders)).waitFor();
    await update.check(page);
    await update.step(page, 'check');
    await page.getByText(t(CH.allFit)).waitFor();
    await update.toPreview(page, expected.length);
    await update.send(page, expected.length, 'twin-polyv');
    // Polyv says nothing about single orders when all is well, so they are verified without being asked for.
    await update.report(page);
    const rows = await update.export(running, expected.length, path.join(folder, 'practice.csv'));
    const [header = [], ...data] = rows;
    const outcome = header.indexOf(addedName('outcome', 'zh-CN', false));
    expect(data.map((row) => row[0]).sort()).toEqual(expected.map((one) => one.number).sort());
    expect(new Set(data.map((row) => row[outcome]))).toEqual(new Set([t(STATE_WORDS.succeeded.words)]));
  });

  it('leaves practice for the real workspace, which has none of it', async () => {
    const { page } = running;
    await button(page, t(APP.leavePractice)).click();
    await page.getByText(t(APP.practice)).waitFor({ state: 'hidden', timeout: PATIENCE_MS });
    await goTo(page, 'jobs');
    expect(await page.getByRole('grid').getByRole('row').count()).toBeLessThanOrEqual(1);
  });
});

describe('a job of 2,500 orders', () => {
  it('begins with a lookup that finds what the vendor has', async () => {
    const { page } = running;
    await addAccount(page, accountOf(twin, ACCOUNT));
    await goTo(page, 'orders');
    await choose(page, '状态', '待发货');
    const { from, to } = await shownSpan(page, '创建时间从', '创建时间到');
    await lookUp(page);
    const expected = orders(twin).filter(
      ({ status, createTime }) => status === 'wait_delivery' && createTime >= from && createTime <= to,
    );
    await readStatus(page, t(ORDERS.statusAll(expected.length)));
    const cells = await page.getByRole('grid').getByRole('row').allInnerTexts();
    expect(cells.some((text) => expected.some((one) => text.includes(one.number)))).toBe(true);
  });

  const input = (): ReturnType<typeof makeInput> => (made ??= makeInput());
  let made: ReturnType<typeof makeInput> | undefined;

  it('sets a duplicate and damaged numbers aside before anything is sent', async () => {
    const { page } = running;
    await goTo(page, 'update');
    await update.paste(page, input().text);
    await tick(page, t(IN.verifyAfter), false);
    await update.check(page);
    await update.step(page, 'check');
    for (const problem of ['重复的行', '被改成科学计数的订单号', '空行', '订单号里有全角字符'])
      await button(page, new RegExp(`^${problem}\\s*1\\b`)).waitFor();
    await textOf(page.locator('[data-step="check"]'), new RegExp(`${number(INPUT_ROWS)} 读入`));
    await update.toPreview(page, input().fit.length);
    expect(arrivals.size).toBe(0);
  });

  it('shows what will change and the first request, and no secret in it', async () => {
    const { page } = running;
    await update.step(page, 'preview');
    await page.getByText(t(PR.request)).click();
    const request = page.locator('details').filter({ hasText: t(PR.request) });
    await textOf(request, '/update-batch-status');
    await textOf(request, '•••');
    const html = await page.content();
    expect(html).toContain(input().fit[0]);
    expect(html).not.toContain(twin.credentials['appSecret']);
    expect(arrivals.size).toBe(0);
  });

  it('sends ten, then asks', async () => {
    const { page } = running;
    await update.send(page, input().fit.length, ACCOUNT, 10);
    await button(page, t(RU.sendRest(input().fit.length - 10))).waitFor({ timeout: PATIENCE_MS });
    expect([...arrivals.keys()]).toEqual(input().fit.slice(0, 10));
  });

  it('shows how far it is while it sends the rest', async () => {
    const { page } = running;
    let open = (): void => undefined;
    const held = new Promise<void>((resolve) => (open = resolve));
    // The last call is the one that is no full thousand.
    gate = (count) => (count < 1_000 ? held : Promise.resolve());
    const rest = input().fit.length - 10;
    await button(page, t(RU.sendRest(rest))).click();
    // More than a plain yes lets pass, and there is no way back.
    await sayYes(page, t(PR.sendVerb(rest)), rest);
    const bar = page.getByRole('progressbar', { name: t(RU.done) });
    await expect.poll(() => bar.getAttribute('aria-valuenow'), { timeout: PATIENCE_MS }).toBe('2010');
    expect(await bar.getAttribute('aria-valuemax')).toBe(String(input().fit.length));
    await button(page, t(RU.pause)).waitFor();
    await textOf(page.getByRole('region', { name: t(RU.wrong) }), 'order status error');
    open();
    await update.report(page);
  });

  it('groups what failed with its meaning and what to do', async () => {
    const { page } = running;
    const report = page.locator('[data-step="report"]');
    const wrongState = input().wrong.length - NOT_THERE.length;
    await textOf(button(report, /order status error/), new RegExp(`^\\S+ ${wrongState} .*${t(RU.whatToDo)}`));
    await textOf(button(report, /order not found/), new RegExp(`^\\S+ ${NOT_THERE.length} .*${t(RU.whatToDo)}`));
    // A group is a filter: its rows and no others are shown.
    await button(report, /order not found/).click();
    const rows = report.getByRole('grid').getByRole('row');
    await expect.poll(() => rows.count(), { timeout: PATIENCE_MS }).toBe(1 + NOT_THERE.length);
    expect((await rows.allInnerTexts()).slice(1).every((text, at) => text.includes(NOT_THERE[at] ?? '?'))).toBe(true);
  });

  it('verifies what is in doubt', async () => {
    const { page } = running;
    // Two of the four calls had no failure, of which Polyv says nothing.
    await button(page, t(RE.verify(10 + 486 + 1_000))).click();
    await update.report(page);
    const report = page.locator('[data-step="report"]');
    await button(report, new RegExp(`${t(STATE_WORDS.unknown.words)}\\s*0$`)).waitFor({ timeout: PATIENCE_MS });
  });

  it('exports every row as it stands, and as the vendor has it', async () => {
    const { fit, wrong, aside } = input();
    const [header = [], ...data] = await update.export(running, INPUT_ROWS, path.join(folder, 'job.csv'));
    const column = (name: AddedColumn): number => header.indexOf(addedName(name, 'zh-CN', false));
    expect(data).toHaveLength(INPUT_ROWS);
    // Row by row the order of the input, and nothing that a spreadsheet would turn into another number.
    expect(data.map((row) => row[0])).toEqual(input().lines.map((line) => (line === DAMAGED ? `="${line}"` : line)));
    const counts = new Map<string, number>();
    const differing: string[] = [];
    const seen = new Set<string>();
    for (const row of data) {
      const [order = ''] = row;
      const outcome = row[column('outcome')] ?? '';
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      const sent = row[column('orderSent')] !== '';
      // A duplicate's second row was never sent, whatever became of the first.
      const acted = sent || !seen.has(order) ? twin.ledger.acted(order).length : 0;
      seen.add(order);
      const wanted = acted > 0 ? STATE_WORDS.succeeded : sent ? STATE_WORDS.failed : STATE_WORDS.not_sent;
      if (acted > 1 || outcome !== t(wanted.words)) differing.push(`${order}: acted on ${acted} times, ${outcome}`);
      if (row[column('attempts')] !== (sent ? '1' : '0'))
        differing.push(`${order}: ${row[column('attempts')]} attempts`);
    }
    expect(differing).toEqual([]);
    const word = (state: keyof typeof STATE_WORDS): string => t(STATE_WORDS[state].words);
    expect(Object.fromEntries(counts)).toEqual({
      [word('succeeded')]: fit.length - wrong.length,
      [word('failed')]: wrong.length,
      [word('not_sent')]: aside,
    });
    expect(twin.ledger.totals.orders).toBe(fit.length - wrong.length);
    expect(twin.ledger.totals.actions).toBe(twin.ledger.totals.orders);
    expect([...arrivals.keys()].sort()).toEqual([...fit].sort());
    expect([...arrivals.values()].every((times) => times === 1)).toBe(true);
  });

  it('saves the same rows as a workbook, and its counts as a page to print', async () => {
    const { page } = running;
    const save = async (verb: Bilingual, file: string, said: Bilingual): Promise<Buffer> => {
      await answerSave(running, path.join(folder, file));
      await button(page, t(verb)).click();
      await page.getByText(t(said)).waitFor({ timeout: PATIENCE_MS });
      return readFileSync(path.join(folder, file));
    };
    const book = await readXlsx(await save(RE.saveXlsx, 'job.xlsx', RE.saved(INPUT_ROWS, 'job.xlsx')));
    const csv = readCsv(path.join(folder, 'job.csv'));
    const plain = csv.map((row) => row.map((cell) => /^="(.*)"$/.exec(cell)?.[1] ?? cell));
    const width = csv[0]?.length ?? 0;
    const rows = (book.sheets[0]?.rows ?? []).map((row) =>
      Array.from({ length: width }, (_, index) => textOfCell(row[index])),
    );
    // A workbook needs no protected cells, which its header says.
    expect(rows.slice(1)).toEqual(plain.slice(1));
    expect(rows[0]).toContain(addedName('outcome', 'zh-CN', true));
    const html = (await save(RE.saveHtml, 'job.html', RE.summarised('job.html'))).toString('utf8');
    const { fit, wrong, aside } = input();
    for (const n of [fit.length - wrong.length, wrong.length, aside, INPUT_ROWS]) expect(html).toContain(number(n));
    expect(html).not.toContain(fit[0]);
    expect(html).not.toMatch(/<script|https?:/);
  });

  it('tells what happened to one of its orders', async () => {
    const { page } = running;
    const [order = ''] = input().fit;
    await goTo(page, 'jobs');
    const finder = page.getByRole('textbox', { name: t(JOBS.find) });
    await finder.fill(order);
    await finder.press('Enter');
    await button(page, t(LOG.show)).press('Enter');
    const log = page.getByRole('group', { name: t(LOG.title(order)) });
    await log.getByText('已发送（共 1 次，此为最后一次）').waitFor({ timeout: PATIENCE_MS });
    await log.getByText(t(LOG_LIMITS)).waitFor();
    await button(log, t(LOG.copy)).press('Enter');
    await button(log, t(LOG.copied)).waitFor({ timeout: PATIENCE_MS });
    const copied = await running.app.evaluate(({ clipboard }) => clipboard.readText());
    expect(copied.split('\n').length).toBe(await log.getByRole('listitem').count());
  });
});
