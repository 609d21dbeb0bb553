// What a person with a keyboard or a screen reader needs of the window: shared by the specs that look for it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { W as ACCOUNTS } from '../../src/renderer/screens/accounts/words.ts';
import type { RunningConsole } from '../support/app.ts';
import { PATIENCE_MS, t } from './pages.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const THEMES = ['light', 'dark'] as const;

type AxePage = Window & { axe: { run: (options: RunOptions) => Promise<AxeResults> } };

/** Chooses among radio buttons, by the label that is drawn over them. */
export function radio(at: Page | Locator, name: string): Promise<void> {
  // Sought within each label, so not from where the labels are.
  const page = 'page' in at ? at.page() : at;
  return at
    .locator('label')
    .filter({ has: page.getByRole('radio', { name }) })
    .click();
}

/** Puts axe into the page as a debugger may: neither the policy nor trusted types hold for it. */
export async function bringAxe(page: Page): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
}

/** Waits until nothing moves any more that ever comes to rest, so that colours are what they will be. */
export async function atRest(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document
        .getAnimations()
        .every(
          ({ playState, effect }) =>
            playState !== 'running' || effect === null || effect.getComputedTiming().endTime === Infinity,
        ),
    undefined,
    { timeout: PATIENCE_MS },
  );
}

async function showTheme({ app, page }: RunningConsole, theme: (typeof THEMES)[number]): Promise<void> {
  await app.evaluate(({ nativeTheme }, source) => {
    nativeTheme.themeSource = source;
  }, theme);
  await page.waitForFunction((dark) => document.documentElement.classList.contains('dark') === dark, theme === 'dark', {
    timeout: PATIENCE_MS,
  });
  await atRest(page);
}

/** What axe finds serious or critical on what is shown now, in light and in dark: a line for each element. */
export async function seriousFaults(running: RunningConsole): Promise<string[]> {
  const { page } = running;
  await bringAxe(page);
  const lines: string[] = [];
  for (const theme of THEMES) {
    await showTheme(running, theme);
    // What lies in its style sheets it reads from the document itself: nothing may be fetched here.
    const { violations } = await page.evaluate(() =>
      (window as unknown as AxePage).axe.run({ resultTypes: ['violations'], preload: false }),
    );
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      for (const { html, failureSummary = '' } of nodes)
        lines.push(`${theme}, ${impact}: ${id}: ${html.slice(0, 200)} ${failureSummary.replaceAll(/\s+/g, ' ')}`);
    }
  }
  return lines;
}

/** Waits until the account's test, which stands in its detail, ended with these words. */
export function testEnded(page: Page, words: string): Promise<void> {
  const part = page.getByRole('region', { name: t(ACCOUNTS.testPart), exact: true });
  return part.getByText(words, { exact: true }).waitFor({ timeout: PATIENCE_MS });
}
