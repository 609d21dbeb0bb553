import type { Page } from 'playwright-core';

/** A stretch for which a page's main thread was busy: when it began on the page's own clock, and how long it took, ms. */
interface Task {
  readonly at: number;
  readonly ms: number;
}

/** Begins to watch how long the tasks of a page's main thread take. */
export function watchTasks(page: Page): Promise<void> {
  return page.evaluate(() => {
    const store = window as unknown as { tasks: { at: number; ms: number }[] };
    store.tasks = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) store.tasks.push({ at: entry.startTime, ms: entry.duration });
    }).observe({ type: 'longtask' });
  });
}

/** Those that began in a span of the page's clock since then; the browser tells of none that took up to 50 ms. */
async function tasksOf(page: Page, from: number, to: number): Promise<Task[]> {
  const tasks: Task[] = await page.evaluate(() => (window as unknown as { tasks: { at: number; ms: number }[] }).tasks);
  return tasks.filter(({ at }) => at >= from && at <= to);
}

/** The longest of them, ms; 0 where none took more than 50 ms. */
export async function longestTaskOf(page: Page, from = 0, to = Infinity): Promise<number> {
  return Math.max(0, ...(await tasksOf(page, from, to)).map(({ ms }) => ms));
}
