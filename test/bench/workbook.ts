import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { TWIN_CREDENTIALS } from '../../src/main/twins/index.ts';
import { CH, IN } from '../../src/renderer/screens/update/words.ts';
import { PR, RU } from '../../src/renderer/screens/update/words-run.ts';
import { language, t } from '../../src/renderer/i18n/index.ts';
import { launchConsole, type RunningConsole } from '../support/app.ts';
import { dropFile } from '../support/drop.ts';
import { buildApplication } from '../support/e2e-global.ts';
import { heapBytes } from '../support/heap.ts';
import { createKeyringHome, openKeyring } from '../support/keyring.ts';
import { credentialsOf } from '../support/twin-accounts.ts';
import { ensureDisplay } from '../support/xvfb.ts';
import { judged, median, megabytes, seconds, spread, told, type Figure } from './figures.ts';
import { benchFolder, ordersOf, POLYV_JOB, writePolyvWorkbook, type Orders } from './inputs.ts';
import { runChild, startTwinProcess } from './processes.ts';
import { longestTaskOf, watchTasks } from './tasks.ts';

const ROUNDS = 3;
const ACCOUNT = 'Bench';
/** For a step of 100,000 rows, on a machine under load. */
const PATIENCE_MS = 600_000;
/** No number is typed here. */
const CONFIRM_ABOVE = 1_000_000;

const times = (value: number): string => `${value.toFixed(2)}x`;
const ms = (value: number): string => `${value.toFixed(1)} ms`;

/** Reading the workbook into a journal, against hucre's stream of the same file alone: alternately, each in a process of its own. */
async function intakes(path: string, folder: string, rows: number): Promise<{ hucre: number[]; ours: number[] }> {
  const found: { hucre: number[]; ours: number[] } = { hucre: [], ours: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    found.hucre.push((await runChild('hucre', { path }))['ms'] ?? NaN);
    const intake = await runChild('intake', { path, ...POLYV_JOB, folder: join(folder, `journal-${round}`) });
    if (intake['rows'] !== rows) throw new Error(`${rows} rows were written, ${intake['rows'] ?? 0} read`);
    found.ours.push(intake['ms'] ?? NaN);
  }
  return found;
}

/** Asks main by the bridge, as the window's own clients do. */
async function invoke(page: Page, route: string, input: unknown): Promise<void> {
  const call = `orderConsole.invoke(${JSON.stringify(route)}, ${JSON.stringify(input)})`;
  const answer: { readonly ok: boolean } = await page.evaluate(call);
  if (!answer.ok) throw new Error(`${route} failed: ${JSON.stringify(answer)}`);
}

/** An account for the twin, in a console that asks for no number. */
async function prepare({ page }: RunningConsole, url: string): Promise<void> {
  await invoke(page, 'accounts.add', {
    label: ACCOUNT,
    vendor: 'polyv',
    environment: 'twin',
    baseUrl: url,
    ...credentialsOf('polyv', TWIN_CREDENTIALS.polyv),
    settings: {},
    consent: true,
    pacing: { perSecond: 100, concurrency: 4 },
  });
  await invoke(page, 'settings.change', { confirmAbove: CONFIRM_ABOVE });
  await page.evaluate(() => void (location.hash = '#/update'));
  await page.reload();
  await page.locator('[data-step="intake"]').waitFor();
}

/** The step whose longest task has a budget, as that of any running job. */
const SENT = 'sent';

/** A step of the way: how long it took and the page's longest task in it, ms. */
interface Step {
  readonly took: number;
  readonly longest: number;
}

/** From the file to the report, as a person goes. */
async function wayThrough({ page }: RunningConsole, path: string, rows: number): Promise<Record<string, Step>> {
  const steps: Record<string, Step> = {};
  const pageNow = (): Promise<number> => page.evaluate(() => performance.now());
  const press = (name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).click({ timeout: PATIENCE_MS });
  const step = (name: string): Promise<void> => page.locator(`[data-step="${name}"]`).waitFor({ timeout: PATIENCE_MS });
  const timed = async (what: string, work: () => Promise<void>): Promise<void> => {
    const from = await pageNow();
    await work();
    const to = await pageNow();
    steps[what] = { took: to - from, longest: await longestTaskOf(page, from, to) };
  };
  await timed('the file looked at', async () => {
    await dropFile(page, path);
    await page.getByRole('button', { name: t(IN.checkRows), disabled: false }).waitFor({ timeout: PATIENCE_MS });
  });
  await timed('read in and checked', async () => {
    await press(t(IN.checkRows));
    await step('check');
  });
  await timed('previewed', async () => {
    await press(t(CH.toPreview(rows)));
    await page.getByRole('button', { name: t(PR.send(rows, ACCOUNT)), disabled: false }).waitFor({
      timeout: PATIENCE_MS,
    });
  });
  const sure = page.getByRole('dialog').getByRole('button', { name: t(PR.sendVerb(rows)), exact: true });
  await timed('asked whether to send', async () => {
    await press(t(PR.send(rows, ACCOUNT)));
    await sure.waitFor({ timeout: PATIENCE_MS });
  });
  const over = page.getByRole('button', { name: t(RU.toReport), exact: true });
  const report = page.locator('[data-step="report"]');
  await timed(SENT, async () => {
    await sure.click();
    await over.or(report).first().waitFor({ timeout: PATIENCE_MS });
  });
  await timed('the report opened', async () => {
    if (await over.isVisible()) await over.click();
    await report.getByRole('gridcell').first().waitFor({ timeout: PATIENCE_MS });
  });
  return steps;
}

/** What the whole way costs the page. */
async function inTheWindow(
  folder: string,
  path: string,
  orders: Orders,
): Promise<{ steps: Record<string, Step>; heap: number }> {
  const home = createKeyringHome();
  const keyring = await openKeyring(home, 'unlocked');
  const twin = await startTwinProcess('polyv', orders, ['rate=off', 'orders=waiting', 'data=lists']);
  language.value = 'en';
  const running = await launchConsole({ keyring, dataFolder: join(folder, 'data'), lang: 'en_US.UTF-8' });
  try {
    await prepare(running, twin.url);
    const before = await heapBytes(running.page);
    await watchTasks(running.page);
    const steps = await wayThrough(running, path, orders.count);
    const { actions } = await twin.totals();
    if (actions !== orders.count) throw new Error(`${actions} of ${orders.count} orders were acted on`);
    return { steps, heap: (await heapBytes(running.page)) - before };
  } finally {
    await running.close();
    await twin.stop();
    await keyring.close();
    home.remove();
  }
}

/**
 * A workbook of 100,000 orders, from the file to the report in the window, sent to a twin: what it adds to the page's memory, and the longest
 * that the page's main thread was busy at a stretch in each step, of which that of a running job has a budget. Before that its intake
 * alone, against hucre's stream of the same file.
 */
export async function measureWorkbook(scale: number): Promise<Figure[]> {
  const orders = ordersOf(Math.round(100_000 * scale));
  const folder = benchFolder();
  buildApplication();
  const display = await ensureDisplay();
  try {
    const path = join(folder.path, 'orders.xlsx');
    await writePolyvWorkbook(path, orders);
    const { hucre, ours } = await intakes(path, folder.path, orders.count);
    const { steps, heap } = await inTheWindow(folder.path, path, orders);
    const rows = orders.count;
    return [
      judged(`Intake of an XLSX of ${rows} rows, of hucre's time`, median(ours) / median(hucre), { atMost: 3 }, times),
      told('the file', megabytes(statSync(path).size)),
      told('hucre alone', spread(hucre, seconds)),
      told('intake into the journal', spread(ours, seconds)),
      judged(`Heap after an XLSX of ${rows} rows was sent`, heap, { atMost: 10 * 2 ** 20 }, megabytes),
      judged('Longest task while it is sent (up to 50 ms: 0)', steps[SENT]?.longest ?? NaN, { atMost: 50 }, ms),
      ...Object.entries(steps).map(([what, { took, longest }]) =>
        told(`${what} / longest task`, `${seconds(took)} / ${ms(longest)}`),
      ),
    ];
  } finally {
    folder.remove();
    display.stop();
  }
}
