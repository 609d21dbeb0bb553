import { cpSync, mkdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from 'playwright-core';
import { EVENT_CHANNEL } from '../../src/contract/bridge.ts';
import type { ProgressView } from '../../src/contract/job.ts';
import { DATABASE_FILE } from '../../src/main/store/serve.ts';
import { launchConsole, ROOT, type RunningConsole } from '../support/app.ts';
import { buildApplication } from '../support/e2e-global.ts';
import { heapBytes } from '../support/heap.ts';
import { ensureDisplay } from '../support/xvfb.ts';
import { frames, p95 } from './frames.ts';
import { longestTaskOf, watchTasks } from './tasks.ts';
import { judged, median, megabytes, seconds, spread, told, type Figure } from './figures.ts';
import { benchFolder } from './inputs.ts';
import { startChild } from './processes.ts';

const ROUNDS = 5;
const STEPS = 200;
const EVENTS = 500;
/** Orders of the job that runs: at the practice account's pace some minutes. */
const JOB_ORDERS = 600;
const EMPTY_APP = join(import.meta.dirname, 'empty-app');

const ms = (value: number): string => `${value.toFixed(1)} ms`;

function buildEmptyApp(): void {
  const builder = join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const run = spawnSync(process.execPath, [builder, 'build', '--logLevel', 'warn', EMPTY_APP], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`the empty application could not be built\n${run.stdout}${run.stderr}`);
}

/** A data folder with one finished job of so many rows. */
async function filled(folder: string, rows: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const child = startChild('fill', { folder, rows, walBytes: 0, doubt: false });
  await child.lines.next();
  child.kill();
  await child.ended;
  const database = new DatabaseSync(join(folder, DATABASE_FILE));
  database.exec("UPDATE job SET state = 'finished'");
  database.close();
}

/** From the start of the program to what a person can use, ms. */
async function starts(rounds: number): Promise<{ empty: number[]; ready: number[]; rows: number[] }> {
  const found: { empty: number[]; ready: number[]; rows: number[] } = { empty: [], ready: [], rows: [] };
  // One of each first, which fills the system's file cache.
  for (let round = -1; round < rounds; round += 1) {
    const emptyFrom = performance.now();
    const empty = await launchConsole({ appFolder: EMPTY_APP });
    const emptyMs = performance.now() - emptyFrom;
    await empty.close();

    const from = performance.now();
    const full = await launchConsole({ args: ['--practice'] });
    const readyMs = performance.now() - from;
    await lookUp(full.page);
    const rowsMs = performance.now() - from;
    await full.close();
    if (round < 0) continue;
    found.empty.push(emptyMs);
    found.ready.push(readyMs);
    found.rows.push(rowsMs);
  }
  return found;
}

/** Looks orders up on the Orders screen and waits for their rows. */
async function lookUp(page: Page): Promise<void> {
  await page.locator('form button[type="submit"]').first().click();
  await page.locator('[role="grid"] [role="row"][aria-rowindex="2"] [role="gridcell"]').first().waitFor();
}

async function openJob(app: RunningConsole): Promise<void> {
  await app.page.evaluate(() => void (location.hash = '#/jobs/1'));
  await app.page.locator('[role="grid"] [role="row"][aria-rowindex="2"] [role="gridcell"]').first().waitFor();
}

/** Seconds of work of the page's main thread while something is done. The browser counts within one session alone, so it stays open. */
async function workOf(page: Page, doing: () => Promise<void>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const so = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
  };
  const before = await so();
  await doing();
  const after = await so();
  await session.detach();
  return after - before;
}

/** What one progress event costs the page's main thread, ms: events as main sends them, in the run panel that shows them. */
async function eventCost(app: RunningConsole, rows: number): Promise<number> {
  const progress: ProgressView = {
    jobId: 1,
    state: 'running',
    counts: { total: rows, succeeded: 0, failed: 0, unknown: 0, notSent: rows, sending: 0, pending: rows },
    rate: 123.4,
    leftMs: 60_000,
    reasons: [{ reading: { zh: '订单不存在', en: 'There is no such order' }, code: 'not_found', count: 3 }],
  };
  const tell = (): Promise<void> =>
    app.app.evaluate(
      async ({ BrowserWindow }, { channel, first, count }) => {
        const page = BrowserWindow.getAllWindows()[0]?.webContents;
        for (let done = 1; done <= count; done += 1) {
          const counts = { ...first.counts, succeeded: done, pending: first.counts.pending - done };
          page?.send(channel, 'progress', { ...first, counts });
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      },
      { channel: EVENT_CHANNEL, first: progress, count: EVENTS },
    );
  const worked = await workOf(app.page, async () => {
    await tell();
    await app.page.evaluate(() => new Promise(requestAnimationFrame));
  });
  return (worked * 1000) / EVENTS;
}

/**
 * The longest tasks of the page's main thread while a job of so many orders runs, and as its report opens after it, ms; tasks up to 50 ms are
 * told of as 0 by the browser.
 */
async function longestTasks(app: RunningConsole, orders: number): Promise<{ running: number; report: number }> {
  const { page } = app;
  await watchTasks(page);
  const [from, to] = await page.evaluate(async (count) => {
    const { orderConsole } = window as unknown as {
      orderConsole: { invoke(route: string, input: unknown): Promise<{ ok: boolean; data: never }> };
    };
    const call = async (route: string, input: unknown): Promise<never> => {
      const answer = await orderConsole.invoke(route, input);
      if (!answer.ok) throw new Error(`${route} failed: ${JSON.stringify(answer)}`);
      return answer.data;
    };
    const accounts: readonly { id: string; vendor: string }[] = await call('accounts.list', undefined);
    const accountId = accounts.find(({ vendor }) => vendor === 'pdd')?.id ?? '';
    const rows = Array.from({ length: count }, (_, index) => `230101-${String(index).padStart(15, '0')},hi`);
    const imported: { jobId: number } = await call('updates.import', {
      importId: 'bench',
      accountId,
      operation: 'note-update',
      params: {},
      source: { kind: 'paste', text: ['order_sn,note', ...rows].join('\n') },
      mapping: { order_sn: 0, note: 1 },
      options: { readBefore: false, writeUnreadable: true, verifyAfter: false },
    });
    location.hash = `#/jobs/${imported.jobId}`;
    await new Promise((resolve) => setTimeout(resolve, 500));
    const began = performance.now();
    await call('jobs.run', { jobId: imported.jobId, firstRows: null, confirmed: count });
    for (let seen = began; ;) {
      const { job }: { job: { state: string; busy: string | null } } = await call('jobs.get', {
        jobId: imported.jobId,
      });
      if (job.busy === null && job.state !== 'ready') {
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        return [began, seen] as const;
      }
      seen = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }, orders);
  return { running: await longestTaskOf(page, from, to), report: await longestTaskOf(page, to) };
}

/**
 * The window: its start against an empty electron-vite application on the same host, a grid of 1,000,000 rows against a frame in which nothing
 * is done, memory at 1,000,000 rows against 1,000, and what a running job costs the page.
 */
export async function measureWindow(scale: number): Promise<Figure[]> {
  const rows = Math.round(1_000_000 * scale);
  buildApplication();
  buildEmptyApp();
  const display = await ensureDisplay();
  const folder = benchFolder();
  try {
    const started = await starts(scale < 1 ? 2 : ROUNDS);
    await filled(join(folder.path, 'many'), rows);
    await filled(join(folder.path, 'few'), 1_000);

    const few = await launchConsole({ dataFolder: join(folder.path, 'few') });
    await openJob(few);
    await frames(few.page, 50, true);
    const fewHeap = await heapBytes(few.page);
    await few.close();

    cpSync(join(folder.path, 'many'), join(folder.path, 'copy'), { recursive: true });
    const many = await launchConsole({ dataFolder: join(folder.path, 'copy') });
    await openJob(many);
    await frames(many.page, 50, true);
    const idle = await frames(many.page, STEPS, false);
    const scrolled = await frames(many.page, STEPS, true);
    const manyHeap = await heapBytes(many.page);
    const cost = await eventCost(many, rows);
    await many.close();

    const practice = await launchConsole({ args: ['--practice'] });
    const longest = await longestTasks(practice, Math.max(50, Math.round(JOB_ORDERS * scale)));
    await practice.close();

    const times = (value: number): string => `${value.toFixed(2)}x`;
    return [
      judged(
        'Start to Orders with a page of rows, against an empty app',
        median(started.rows) / median(started.empty),
        { atMost: 2 },
        times,
      ),
      told('empty electron-vite app', spread(started.empty, seconds)),
      told('the console, ready', spread(started.ready, seconds)),
      told('the console, with rows', spread(started.rows, seconds)),
      judged(`Scrolling ${rows} rows, p95 against an idle frame`, p95(scrolled) / p95(idle), { atMost: 1.5 }, times),
      told('p95 idle / scrolling', `${ms(p95(idle))} / ${ms(p95(scrolled))}`),
      judged(`Heap at ${rows} rows above 1,000 rows`, manyHeap - fewHeap, { atMost: 10 * 2 ** 20 }, megabytes),
      told('heap at 1,000 rows', megabytes(fewHeap)),
      told("a progress event, page's main thread", `${cost.toFixed(2)} ms`),
      judged('Longest task while a job runs (up to 50 ms: 0)', longest.running, { atMost: 50 }, ms),
      told('longest task as its report opens', ms(longest.report)),
    ];
  } finally {
    folder.remove();
    display.stop();
  }
}
