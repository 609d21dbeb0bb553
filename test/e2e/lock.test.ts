// The window locked and opened again: the page holds nothing, main answers nothing, and a start does not get round it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { L } from '../../src/renderer/app/lock-words.ts';
import { W as ORDERS } from '../../src/renderer/screens/orders/words.ts';
import { W as SETTINGS } from '../../src/renderer/screens/settings/words.ts';
import { launchConsole } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import { foundInHeap } from '../support/heap.ts';
import { seriousFaults } from './assist.ts';
import { button, goTo, invoke, journey, PATIENCE_MS, speak, t } from './pages.ts';

const PASSPHRASE = 'tusk vineyard quarry 9';

let folder: string;
let running: RunningConsole;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'lock-'));
  running = await launchConsole({ args: ['--practice'], dataFolder: folder, ...speak('zh-CN') });
});
afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true });
});

const locked = (page: Page): Promise<void> =>
  page.getByRole('heading', { name: t(L.title) }).waitFor({ timeout: PATIENCE_MS });
const opened = (page: Page): Promise<unknown> =>
  page.waitForSelector('[data-ready="true"]', { state: 'attached', timeout: PATIENCE_MS });

async function unlock(page: Page, passphrase: string): Promise<void> {
  await page.getByLabel(t(L.passphrase)).fill(passphrase);
  await button(page, t(L.unlock)).click();
}

const emit = (event: string): Promise<unknown> =>
  running.app.evaluate(({ powerMonitor }, name) => powerMonitor.emit(name as 'lock-screen'), event);

journey();

describe('the lock', () => {
  it('leads to the settings while there is no passphrase, and is set up there', async () => {
    const { page } = running;
    await goTo(page, 'orders');
    await page.keyboard.press('Control+L');
    const heading = page.getByRole('heading', { level: 2, name: t(SETTINGS.lock), exact: true });
    await heading.waitFor({ timeout: PATIENCE_MS });
    await page.getByLabel(t(SETTINGS.lockFirst)).fill(PASSPHRASE);
    await button(page, t(SETTINGS.lockSetNow)).click();
    await page.getByText(t(SETTINGS.lockSet)).waitFor({ timeout: PATIENCE_MS });
  });

  it('leaves nothing of what the window held, neither shown nor in its memory, and main refuses it everything', async () => {
    const { page } = running;
    await goTo(page, 'orders');
    const form = page.getByRole('form', { name: t(ORDERS.form) });
    await button(form, t(ORDERS.lookup)).click();
    const grid = page.getByRole('grid', { name: t(ORDERS.results) });
    await grid.getByRole('gridcell').nth(1).waitFor({ timeout: PATIENCE_MS });
    await button(form, t(ORDERS.stop)).click();
    await button(form, t(ORDERS.lookup)).waitFor({ timeout: PATIENCE_MS });
    const cells = await page.getByRole('gridcell').allInnerTexts();
    const order = cells.map((text) => text.trim()).find((text) => /^[\w-]{10,}$/u.test(text)) ?? '';
    expect(order).not.toBe('');
    await page.keyboard.press('Control+L');
    await locked(page);
    expect(await page.content()).not.toContain(order);
    await expect.poll(() => foundInHeap(page, [order]), { timeout: PATIENCE_MS }).toEqual([]);
    for (const route of ['accounts.list', 'app.state', 'jobs.list', 'settings.change']) {
      await expect(invoke(page, route)).rejects.toThrow('LOCKED');
    }
    expect(await seriousFaults(running)).toEqual([]);
  });

  it('stays closed for a wrong passphrase and opens for the right one', async () => {
    const { page } = running;
    await unlock(page, 'not this one at all');
    await page.getByRole('alert').getByText('LOCK_PASSPHRASE').waitFor({ timeout: PATIENCE_MS });
    await unlock(page, PASSPHRASE);
    await opened(page);
    await page.getByRole('form', { name: t(ORDERS.form) }).waitFor({ timeout: PATIENCE_MS });
  });

  it.each(['lock-screen', 'suspend'])('closes by itself at %s', async (event) => {
    const { page } = running;
    await emit(event);
    await locked(page);
    await unlock(page, PASSPHRASE);
    await opened(page);
    if (event === 'suspend') await emit('resume');
  });

  it('is not got round by a start, and its passphrase is kept nowhere', async () => {
    await running.page.keyboard.press('Control+L');
    await locked(running.page);
    await running.close();
    running = await launchConsole({
      args: ['--practice'],
      dataFolder: folder,
      readySelector: '[data-locked="true"]',
      ...speak('zh-CN'),
    });
    await locked(running.page);
    await expect(invoke(running.page, 'accounts.list')).rejects.toThrow('LOCKED');
    await unlock(running.page, PASSPHRASE);
    await opened(running.page);
    expect(readFileSync(path.join(folder, 'lock.json'), 'utf8')).not.toContain(PASSPHRASE);
    expect(readFileSync(path.join(folder, 'audit.jsonl'), 'utf8')).toContain('"what":"lock.failed"');
  });
});
