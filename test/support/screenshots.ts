// npm run screenshots: the README's pictures, taken of the built console on the practice twins, in both languages.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Bridge } from '../../src/contract/bridge.ts';
import type { PageRoute, RouteInput, RouteOutput } from '../../src/contract/routes.ts';
import { launchConsole, ROOT } from './app.ts';
import type { RunningConsole } from './app.ts';
import { buildApplication } from './e2e-global.ts';
import { ensureDisplay } from './xvfb.ts';

const FOLDER = path.join(ROOT, 'docs', 'screens');
const LANGUAGES = { 'zh-CN': 'zh_CN.UTF-8', en: 'en_US.UTF-8' } as const;
const VIEW = { sort: null, find: '', values: {} };
const WIDTH = 1280;
const HEIGHT = 800;

/** Calls a route as the page would; throws with the code when it is refused. */
async function call<R extends PageRoute>(page: Page, route: R, input: RouteInput<R>): Promise<RouteOutput<R>> {
  const asked: readonly [string, unknown] = [route, input];
  const answer = await page.evaluate(
    ([name, value]) =>
      (window as unknown as { orderConsole: Bridge }).orderConsole.invoke(name as 'app.state', value as undefined),
    asked,
  );
  if (!answer.ok) throw new Error(`${route}: ${answer.error.code}`);
  return answer.data as RouteOutput<R>;
}

/** The order numbers of the first page of a lookup, once it has so many rows; then it is stopped. */
async function someOrders(page: Page, accountId: string, most: number): Promise<string[]> {
  const params = { status: 'wait_delivery', pageSize: '200' };
  const { lookupId } = await call(page, 'lookups.start', { accountId, operation: 'order-list', params });
  for (;;) {
    const { rows, running } = await call(page, 'lookups.status', { lookupId });
    if (rows >= most || !running) break;
    await page.waitForTimeout(100);
  }
  await call(page, 'lookups.stop', { lookupId });
  const { rows } = await call(page, 'lookups.page', { lookupId, view: VIEW, offset: 0, limit: most });
  return rows.map(({ values }) => values['orderNo'] ?? '');
}

/** Reads orders into a new job: good ones, a repeated one, two that Excel damaged, two that the vendor does not know. */
async function importJob(page: Page, accountId: string): Promise<number> {
  const orders = await someOrders(page, accountId, 200);
  const odd = [
    orders[0] ?? '',
    '1.23E+17',
    '2026000000000000000',
    'product20260101000000aaaa',
    'product20260101000000bbbb',
  ];
  const { jobId } = await call(page, 'updates.import', {
    importId: 'picture',
    accountId,
    operation: 'update-status',
    params: { status: 'delivering' },
    source: { kind: 'paste', text: ['订单号', ...orders, ...odd].join('\n') },
    mapping: { orderNo: 0 },
    options: { readBefore: false, writeUnreadable: false, verifyAfter: true },
  });
  return jobId;
}

async function finished(page: Page, jobId: number): Promise<void> {
  const { pending } = await call(page, 'jobs.preview', { jobId });
  await call(page, 'jobs.run', { jobId, firstRows: null, confirmed: pending });
  for (;;) {
    const { job } = await call(page, 'jobs.get', { jobId });
    if (job.busy === null && job.state === 'finished') return;
    await page.waitForTimeout(200);
  }
}

async function picture({ page }: RunningConsole, folder: string, name: string, ready: string): Promise<void> {
  await page.locator(ready).first().waitFor();
  await page.mouse.move(WIDTH / 2, 2);
  // Pictures of a moment: what fades in has faded in.
  await page.waitForTimeout(500);
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

async function takeAll(language: keyof typeof LANGUAGES): Promise<void> {
  const folder = path.join(FOLDER, language);
  mkdirSync(folder, { recursive: true });
  const running = await launchConsole({ args: ['--practice'], lang: LANGUAGES[language] });
  const { app, page } = running;
  try {
    await app.evaluate(
      ({ BrowserWindow }, [width, height]) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
      [WIDTH, HEIGHT] as const,
    );
    await call(page, 'settings.change', { theme: 'light' });
    const accounts = await call(page, 'accounts.list', undefined);
    const polyv = accounts.find(({ vendor }) => vendor === 'polyv')?.id ?? '';

    await page.locator('form button[type="submit"]').first().click();
    await picture(running, folder, 'orders', '[role="grid"] [role="row"][aria-rowindex="12"] [role="gridcell"]');

    const jobId = await importJob(page, polyv);
    await page.evaluate((job) => void (location.hash = `#/jobs/${job}`), jobId);
    await picture(running, folder, 'preview', 'details, summary');
    await finished(page, jobId);
    await picture(running, folder, 'report', '[role="grid"] [role="row"][aria-rowindex="10"] [role="gridcell"]');

    await page.evaluate(() => void (location.hash = '#/accounts'));
    await call(page, 'settings.change', { theme: 'dark' });
    await picture(running, folder, 'accounts-dark', 'h1');
  } finally {
    await running.close();
  }
}

buildApplication();
const display = await ensureDisplay();
try {
  for (const language of Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[]) await takeAll(language);
} finally {
  display.stop();
}
