// Both languages: the one that the system speaks at the start, the other by the settings, and on no screen a word of the one in the other.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Language } from '../../src/contract/text.ts';
import { startTwin } from '../../src/main/twins/index.ts';
import * as contractWords from '../../src/contract/words.ts';
import { P as PALETTE } from '../../src/renderer/app/palette-words.ts';
import * as paletteWords from '../../src/renderer/app/palette-words.ts';
import { W as APP } from '../../src/renderer/app/words.ts';
import * as accountWords from '../../src/renderer/components/account-words.ts';
import * as accountsWords from '../../src/renderer/screens/accounts/words.ts';
import * as jobsWords from '../../src/renderer/screens/jobs/words.ts';
import { W as KEPT } from '../../src/renderer/screens/kept/words.ts';
import * as keptWords from '../../src/renderer/screens/kept/words.ts';
import { W as ORDERS } from '../../src/renderer/screens/orders/words.ts';
import * as ordersWords from '../../src/renderer/screens/orders/words.ts';
import { W as SIGN } from '../../src/renderer/screens/sign/words.ts';
import * as signWords from '../../src/renderer/screens/sign/words.ts';
import { W as AUDIT } from '../../src/renderer/screens/audit/words.ts';
import * as auditWords from '../../src/renderer/screens/audit/words.ts';
import { W as BACKUP } from '../../src/renderer/screens/backup/words.ts';
import * as backupWords from '../../src/renderer/screens/backup/words.ts';
import { W as SETTINGS } from '../../src/renderer/screens/settings/words.ts';
import * as settingsWords from '../../src/renderer/screens/settings/words.ts';
import * as runWords from '../../src/renderer/screens/update/words-run.ts';
import * as updateWords from '../../src/renderer/screens/update/words.ts';
import { W as WELCOME } from '../../src/renderer/screens/welcome/words.ts';
import * as welcomeWords from '../../src/renderer/screens/welcome/words.ts';
import { launchConsole } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import {
  button,
  chooseAccount,
  goTo,
  goToKept,
  invoke,
  journey,
  PATIENCE_MS,
  speak,
  t,
  titled,
  update,
} from './pages.ts';

const CJK = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;
/** Words of no language: nothing was put where a text belongs. */
const MISSING = /\bundefined\b|\[object |\bNaN\b/;
/** English with more than a name in it: three words in a row. */
const ENGLISH = /(?:^|[\s(“"])[A-Za-z][a-z’']+ [a-z][a-z’']+ [a-z][a-z’']+/;

/** What stands in the other language on purpose: a language's own name, and words that the practice account waits for from the vendor. */
const ALLOWED = ['简体中文', '语言：简体中文', 'order not found'];

/** Both texts of everything that is written in both languages, however deep it lies. */
function pairsIn(value: unknown): { readonly zh: string; readonly en: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { zh, en } = value as { zh?: unknown; en?: unknown };
  if (typeof zh === 'string' && typeof en === 'string') return [{ zh, en }];
  return Object.values(value).flatMap(pairsIn);
}
const WORDS = [
  contractWords,
  paletteWords,
  { APP },
  accountWords,
  accountsWords,
  jobsWords,
  keptWords,
  ordersWords,
  settingsWords,
  signWords,
  auditWords,
  backupWords,
];
const PAIRS = pairsIn([...WORDS, runWords, updateWords, welcomeWords]);

/** Every text that is seen or heard: texts, and names, hints and placeholders. What the person or a vendor wrote is marked as data. */
function textsOf(page: Page): Promise<{ readonly text: string; readonly where: string }[]> {
  return page.evaluate(() => {
    const found: { text: string; where: string }[] = [];
    const DATA = 'pre, code, .oc-order, [role="gridcell"].personal, textarea, .vendor';
    const shown = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true }) && element.closest('[aria-hidden="true"]') === null;
    const add = (text: string | null, element: Element, part: string): void => {
      const trimmed = text?.trim() ?? '';
      const name = `${element.tagName.toLowerCase()}.${element.className}`;
      if (trimmed !== '' && element.closest(DATA) === null) found.push({ text: trimmed, where: `${name} ${part}` });
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() !== null) {
      const parent = walker.currentNode.parentElement;
      if (parent !== null && shown(parent)) add(walker.currentNode.textContent, parent, 'text');
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      if (!shown(element)) continue;
      for (const name of ['aria-label', 'title', 'placeholder']) add(element.getAttribute(name), element, name);
    }
    return found;
  });
}

/** What on the screen is not in the language. */
async function strangers(page: Page, language: Language): Promise<string[]> {
  const pairs = [...PAIRS, ...pairsIn(await invoke(page, 'vendors.list'))];
  const inChinese = new Set(pairs.map(({ zh }) => zh));
  const inEnglish = new Set(pairs.map(({ en }) => en).filter((text) => !inChinese.has(text)));
  const isStrange = (text: string): boolean => {
    if (MISSING.test(text)) return true;
    return language === 'en' ? CJK.test(text) : inEnglish.has(text) || (ENGLISH.test(text) && !CJK.test(text));
  };
  const texts = await textsOf(page);
  expect(texts.length).toBeGreaterThan(5);
  return texts
    .filter(({ text }) => isStrange(text) && !ALLOWED.includes(text))
    .map(({ text, where }) => `${where}: ${text.slice(0, 80)}`);
}

/** The labels of the native menu, whatever its depth. */
function menuOf({ app }: RunningConsole): Promise<string[]> {
  return app.evaluate(({ Menu }) => {
    const labels = (menu: Electron.Menu | null | undefined): string[] =>
      (menu?.items ?? []).flatMap((item) => [item.label, ...labels(item.submenu)]).filter((label) => label !== '');
    return labels(Menu.getApplicationMenu());
  });
}

const LANGUAGES = ['zh-CN', 'en'] as const satisfies readonly Language[];
const ACCOUNTS = ['twin-polyv', 'twin-pdd', 'twin-suning', 'twin-vending'];
const NAMES: Readonly<Record<Language, string>> = { 'zh-CN': '简体中文', en: 'English' };

describe.each(LANGUAGES)('a console on a system that speaks %s', (first) => {
  const second = first === 'en' ? 'zh-CN' : 'en';
  let running: RunningConsole;

  beforeAll(async () => {
    running = await launchConsole({ args: ['--practice'], ...speak(first) });
  });
  afterAll(() => running.close());
  journey();

  /** Walks every screen and answers what is not in its language, by place. */
  async function walk(language: Language): Promise<Record<string, string[]>> {
    const { page } = running;
    const found: Record<string, string[]> = {};
    const look = async (place: string): Promise<void> => {
      const wrong = await strangers(page, language);
      if (wrong.length > 0) found[place] = wrong;
    };
    for (const screen of ['update', 'jobs', 'accounts', 'settings', 'orders'] as const) {
      await goTo(page, screen);
      await look(screen);
    }
    for (const account of ACCOUNTS) {
      await chooseAccount(page, account);
      await page.getByRole('form', { name: t(ORDERS.form) }).waitFor();
      await look(`orders of ${account}`);
      await goTo(page, 'update');
      await look(`update of ${account}`);
      await goTo(page, 'orders');
    }
    await chooseAccount(page, ACCOUNTS[0] ?? '');
    await page.getByRole('grid', { name: t(ORDERS.results) }).waitFor();
    await look('results');
    await button(page, t(ORDERS.export)).click();
    const dialog = page.getByRole('dialog', { name: t(ORDERS.exportTitle) });
    await dialog.waitFor();
    await look('export');
    await button(dialog, t(ORDERS.cancel)).click();
    await dialog.waitFor({ state: 'hidden' });
    await goToKept(page);
    await look('kept orders');
    await page.getByRole('link', { name: t(KEPT.tabPictures) }).click();
    await page.getByRole('heading', { name: t(KEPT.byState) }).waitFor();
    await look('pictures');
    for (const step of ['intake', 'check', 'run', 'report']) {
      await page.evaluate((at) => (location.hash = `#/jobs/1?step=${at}`), step);
      await page.locator(`[data-step="${step}"]`).waitFor();
      await look(`job, ${step}`);
    }
    await page.evaluate(() => (location.hash = '#/sign'));
    await titled(page, t(SIGN.title));
    await button(page, t(SIGN.make)).click();
    await page.getByText(t(SIGN.expired)).waitFor();
    await page.getByLabel(t(SIGN.pasted)).fill('a1b2c3d4'.repeat(4));
    await button(page, t(SIGN.compareNow)).click();
    await page.getByText(t(SIGN.differ(1))).waitFor();
    await look('sign desk');
    for (const [hash, words] of [
      ['#/audit', AUDIT],
      ['#/backup', BACKUP],
    ] as const) {
      await page.evaluate((to) => (location.hash = to), hash);
      await titled(page, t(words.title));
      await look(hash);
    }
    await page.evaluate(() => (location.hash = '#/welcome'));
    await titled(page, t(WELCOME.title));
    await look('welcome');
    await page.keyboard.press('Control+K');
    const palette = page.getByRole('dialog', { name: t(PALETTE.title) });
    await palette.waitFor();
    await look('palette');
    await palette.getByRole('combobox').fill('?');
    await palette.getByRole('heading', { name: t(PALETTE.keys) }).waitFor();
    await look('keys');
    await page.keyboard.press('Escape');
    return found;
  }

  async function expectMenu(language: Language): Promise<void> {
    const ofLanguage = (label: string): boolean => CJK.test(label) === (language === 'zh-CN');
    await expect
      .poll(async () => (await menuOf(running)).filter((label) => !ofLanguage(label)), { timeout: PATIENCE_MS })
      .toEqual([]);
    expect((await menuOf(running)).length).toBeGreaterThan(20);
  }

  it('speaks it at once, in the window and in the menu', async () => {
    await titled(running.page, t(APP.orders));
    expect(await running.page.evaluate(() => document.documentElement.lang)).toBe(first);
    await expectMenu(first);
  });

  it('speaks nothing else on any screen', async () => {
    const { page } = running;
    await lookUpSome(page);
    await runSome(page);
    expect(await walk(first)).toEqual({});
  });

  it(`speaks ${second} everywhere once that is chosen in the settings`, async () => {
    const { page } = running;
    await goTo(page, 'settings');
    await page
      .getByRole('radiogroup', { name: t(SETTINGS.language) })
      .getByText(NAMES[second])
      .click();
    speak(second);
    await titled(page, t(SETTINGS.title));
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(second);
    await expectMenu(second);
    expect(await walk(second)).toEqual({});
  });
});

/** A result in Orders that was stopped before its end. */
async function lookUpSome(page: Page): Promise<void> {
  await goTo(page, 'orders');
  const form = page.getByRole('form', { name: t(ORDERS.form) });
  await button(form, t(ORDERS.lookup)).click();
  await page
    .getByRole('grid', { name: t(ORDERS.results) })
    .getByRole('row')
    .nth(1)
    .waitFor({ timeout: PATIENCE_MS });
  await button(form, t(ORDERS.stop)).click();
  await button(form, t(ORDERS.lookup)).waitFor({ timeout: PATIENCE_MS });
}

/** A finished job with rows of three outcomes. */
async function runSome(page: Page): Promise<void> {
  const dayMs = 86_400_000;
  const twin = await startTwin('polyv', { epochMs: Math.floor(Date.now() / dayMs) * dayMs });
  const numbers = Array.from({ length: 40 }, (_, at) => twin.orderNumber(at));
  await twin.close();
  await goTo(page, 'update');
  await update.paste(page, ['orderNo', ...numbers, numbers[0]].join('\n'));
  await update.check(page);
  await update.toPreview(page, numbers.length);
  await update.send(page, numbers.length, 'twin-polyv');
  await update.report(page);
  await button(page, t(runWords.RE.export(numbers.length + 1))).waitFor();
}
