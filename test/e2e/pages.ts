// What a person does in the window, by role and name: shared by the specs that drive it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Language } from '../../src/contract/text.ts';
import type { NewAccountInput } from '../../src/contract/account.ts';
import type { Twin } from '../../src/main/twins/index.ts';
import { W as APP } from '../../src/renderer/app/words.ts';
import { W as ACCOUNT } from '../../src/renderer/components/account-words.ts';
import { typeToConfirm } from '../../src/renderer/components/confirm-words.ts';
import { language, number, t } from '../../src/renderer/i18n/index.ts';
import { W as KEPT } from '../../src/renderer/screens/kept/words.ts';
import { W as ORDERS } from '../../src/renderer/screens/orders/words.ts';
import { CH, IN, W as UPDATE } from '../../src/renderer/screens/update/words.ts';
import { PR, RE, RU } from '../../src/renderer/screens/update/words-run.ts';
import type { RunningConsole } from '../support/app.ts';
import { dropFile } from '../support/drop.ts';
import { credentialsOf } from '../support/twin-accounts.ts';

export { dropFile, number, t };

/** Environment of the language that the console is started in, which the specs' own words follow. */
export function speak(wanted: Language): { readonly lang: string } {
  language.value = wanted;
  return { lang: wanted === 'en' ? 'en_US.UTF-8' : 'zh_CN.UTF-8' };
}

/** How long a state may take to come on a machine under load, ms. */
export const PATIENCE_MS = 60_000;

export const button = (at: Page | Locator, name: string | RegExp): Locator =>
  at.getByRole('button', { name, exact: typeof name === 'string' });

type Screen = 'orders' | 'update' | 'jobs' | 'accounts' | 'settings';
const TITLES = { ...APP, update: UPDATE.title } as const;

/** Waits for the screen with this title. */
export function titled(page: Page, title: string): Promise<void> {
  return page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor({ timeout: PATIENCE_MS });
}

/** Goes to a screen by its place in the navigation. */
export async function goTo(page: Page, screen: Screen): Promise<void> {
  await page
    .getByRole('navigation', { name: t(APP.screens) })
    .getByRole('link', { name: t(APP[screen]), exact: true })
    .click();
  await titled(page, t(TITLES[screen]));
}

/** Waits until a locator's text meets a condition, and answers it. */
export async function textOf(at: Locator, wanted: string | RegExp): Promise<string> {
  let text = '';
  const matches = async (): Promise<string> => (text = (await at.innerText()).replace(/\s+/g, ' '));
  if (typeof wanted === 'string') await expect.poll(matches, { timeout: PATIENCE_MS }).toContain(wanted);
  else await expect.poll(matches, { timeout: PATIENCE_MS }).toMatch(wanted);
  return text;
}

/** Chooses in a list that opens. */
export async function choose(at: Page | Locator, name: string, option: string | RegExp): Promise<void> {
  const field = at.getByRole('combobox', { name, exact: true });
  const page = 'page' in at ? at.page() : at;
  await field.focus();
  await field.press('Enter');
  const list = page.getByRole('listbox').filter({ visible: true });
  await list.getByRole('option', { name: option, exact: typeof option === 'string' }).click();
}

/** Ticks a checkbox or clears it, by its label, as its own box is drawn over. */
export async function tick(at: Page | Locator, name: string, on: boolean): Promise<void> {
  const box = at.getByRole('checkbox', { name });
  if ((await box.isChecked()) !== on) await at.locator('label').filter({ has: box }).click();
  await expect.poll(() => box.isChecked()).toBe(on);
}

/** Steps of one way through the window: after one that failed the next would only wait in vain. */
export function journey(): void {
  let broken: string | null = null;
  beforeEach(() => {
    if (broken !== null) throw new Error(`an earlier step failed: ${broken}`);
  });
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') broken ??= task.name;
  });
}

/** Asks main by the bridge, as the window's own clients do; throws the code of a refusal. */
export async function invoke<T>(page: Page, route: string, input?: unknown): Promise<T> {
  const answer = await page.evaluate(
    ([name, value]) =>
      (
        window as unknown as {
          orderConsole: { invoke(r: unknown, i: unknown): Promise<{ ok: boolean; data: unknown; error: unknown }> };
        }
      ).orderConsole.invoke(name, value),
    [route, input] as const,
  );
  if (!answer.ok) throw new Error(`${route}: ${JSON.stringify(answer.error)}`);
  return answer.data as T;
}

/** The account that a running twin takes, as a form would send it. */
export function accountOf(
  twin: Pick<Twin, 'vendor' | 'url' | 'credentials'>,
  label: string,
  change: Partial<NewAccountInput> = {},
): NewAccountInput {
  return {
    label,
    vendor: twin.vendor,
    environment: 'twin',
    baseUrl: twin.url,
    ...credentialsOf(twin.vendor, twin.credentials),
    settings: {},
    consent: true,
    ...change,
  };
}

/** Gives the real workspace an account for a twin, its secret in the keyring, and shows the window anew. */
export async function addAccount(page: Page, account: NewAccountInput): Promise<void> {
  await invoke(page, 'accounts.add', account);
  await page.reload();
  await page.waitForSelector('[data-ready="true"]', { state: 'attached' });
}

/** Chooses the account in the top bar. */
export async function chooseAccount(page: Page, label: string): Promise<void> {
  const field = page.getByRole('combobox', { name: t(ACCOUNT.account), exact: true });
  await field.focus();
  await field.press('Enter');
  await page.getByRole('listbox').filter({ visible: true }).getByRole('option', { name: label }).click();
}

/** Fills in a time of a form. */
export async function fillTime(page: Page, name: string, value: string): Promise<void> {
  const field = page.getByRole('combobox', { name, exact: true });
  await field.fill(value);
  await field.press('Enter');
}

/** A span of time as a form shows it, in Beijing's time, both ends whole seconds, ms. */
export async function shownSpan(page: Page, from: string, to: string): Promise<{ from: number; to: number }> {
  const shown = async (name: string): Promise<number> =>
    Date.parse(`${(await page.getByRole('combobox', { name, exact: true }).inputValue()).replace(' ', 'T')}+08:00`);
  return { from: await shown(from), to: (await shown(to)) + 999 };
}

/** Looks up and waits until all pages are read. */
export async function lookUp(page: Page): Promise<void> {
  const form = page.getByRole('form', { name: t(ORDERS.form) });
  await button(form, t(ORDERS.lookup)).click();
  await page.getByRole('grid', { name: t(ORDERS.results) }).waitFor({ timeout: PATIENCE_MS });
  await button(form, t(ORDERS.lookup)).waitFor({ timeout: PATIENCE_MS });
}

/** Goes from the look-up to the orders that are kept, and waits until some are shown. */
export async function goToKept(page: Page): Promise<void> {
  await goTo(page, 'orders');
  await page.getByRole('link', { name: t(KEPT.tabKept) }).click();
  const grid = page.getByRole('grid', { name: t(KEPT.grid) });
  await grid.locator('[data-row="0"]:not([data-unread])').waitFor({ timeout: PATIENCE_MS });
}

/** Waits until the status bar says something, and answers all that it says. */
export const readStatus = (page: Page, wanted: string | RegExp): Promise<string> =>
  textOf(page.locator('.screen > [role="status"]'), wanted);

/** Says yes to the question that stands open; its number is typed where it asks for one. */
export async function sayYes(page: Page, verb: string, count: number): Promise<void> {
  const dialog = page.getByRole('dialog');
  await button(dialog, verb).waitFor({ timeout: PATIENCE_MS });
  const field = dialog.getByLabel(t(typeToConfirm(number(count))));
  if ((await field.count()) > 0) await field.fill(String(count));
  await button(dialog, verb).click();
}

/** The steps of a bulk update in the window. */
export const update = {
  step: (page: Page, name: 'intake' | 'check' | 'preview' | 'run' | 'report'): Promise<void> =>
    page.locator(`[data-step="${name}"]`).waitFor({ timeout: PATIENCE_MS }),
  /** Pastes as the system's clipboard would; typing thousands of lines is no person's way. */
  async paste(page: Page, text: string): Promise<void> {
    const field = page.getByLabel(t(IN.paste));
    await field.focus();
    await field.evaluate((element, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  },
  check: (page: Page): Promise<void> => button(page, t(IN.checkRows)).click({ timeout: PATIENCE_MS }),
  toPreview: (page: Page, rows: number): Promise<void> =>
    button(page, t(CH.toPreview(rows))).click({ timeout: PATIENCE_MS }),
  /** Sends all, or the first so many, and says yes. */
  async send(page: Page, rows: number, account: string, first: number | null = null): Promise<void> {
    if (first !== null) {
      await tick(page, t(PR.firstOnly), true);
      await page.getByRole('spinbutton', { name: t(PR.firstLabel) }).fill(String(first));
      await page.getByRole('spinbutton', { name: t(PR.firstLabel) }).press('Tab');
    }
    const words = first === null ? PR.send(rows, account) : PR.sendFirst(first, account);
    await button(page, t(words)).click({ timeout: PATIENCE_MS });
    await sayYes(page, t(PR.sendVerb(first ?? rows)), first ?? rows);
  },
  heading: (page: Page, name: string): Promise<void> =>
    page.getByRole('heading', { level: 2, name, exact: true }).waitFor({ timeout: PATIENCE_MS }),
  /** Waits for the end of what runs, a verification after it included, and looks at the report. */
  async report(page: Page): Promise<void> {
    const report = page.locator('[data-step="report"]');
    const ended = button(page, t(RU.toReport));
    // A page that follows its job goes there by itself.
    await ended
      .or(report)
      .first()
      .waitFor({ timeout: 2 * PATIENCE_MS });
    if (await ended.isVisible()) await ended.click();
    await report.waitFor({ timeout: PATIENCE_MS });
  },
  /** Saves the job as CSV to a path that the save dialog is to answer. */
  async export(running: RunningConsole, rows: number, file: string): Promise<string[][]> {
    const { page } = running;
    await answerSave(running, file);
    await button(page, t(RE.export(rows))).click();
    await page.getByText(t(RE.saved(rows, path.basename(file)))).waitFor({ timeout: PATIENCE_MS });
    return readCsv(file);
  },
};

/** Makes the save dialog answer a path. */
export function answerSave({ app }: RunningConsole, file: string): Promise<void> {
  return app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
}

/** Makes the dialog that chooses a file answer a path. */
export function answerOpen({ app }: RunningConsole, file: string): Promise<void> {
  return app.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, file);
}

/** The records of a CSV, its header first. */
export function readCsv(file: string): string[][] {
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  const records: string[][] = [];
  let [cell, record, quoted]: [string, string[], boolean] = ['', [], false];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === ',') {
      record.push(cell);
      cell = '';
    } else if (sign === '\n') {
      records.push([...record, cell.replace(/\r$/, '')]);
      [cell, record] = ['', []];
    } else cell += sign;
  }
  return records;
}
