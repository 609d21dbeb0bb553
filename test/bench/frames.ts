import type { Page } from 'playwright-core';

/** Times of frames (ms) while a grid is scrolled from its first to its last row, or, for comparison, while nothing is done. */
export function frames(page: Page, steps: number, scrolls: boolean): Promise<number[]> {
  return page.evaluate(
    async ([count, moving]) => {
      const grid = document.querySelector('[role="grid"]');
      const scroller = grid?.querySelector('[data-scroller]') ?? grid;
      if (!(scroller instanceof HTMLElement)) throw new Error('there is no grid');
      const last = scroller.scrollHeight - scroller.clientHeight;
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      const times: number[] = [];
      for (let step = 0; step <= count; step += 1) {
        const from = performance.now();
        if (moving) scroller.scrollTop = (last * step) / count;
        await frame();
        await frame();
        times.push(performance.now() - from);
      }
      // The last row itself must have come, or nothing was scrolled.
      const end = `[role="row"][aria-rowindex="${grid?.getAttribute('aria-rowcount') ?? ''}"]`;
      while (moving && document.querySelector(end) === null) await frame();
      scroller.scrollTop = 0;
      await frame();
      return times;
    },
    [steps, scrolls] as const,
  );
}

/** The value that 95 of 100 do not pass. */
export function p95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? NaN;
}
