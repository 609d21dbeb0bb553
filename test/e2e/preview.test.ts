// What is there is read before anything is sent: old value and new, what is kept back, and nothing written over what someone else has changed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobWithCounts } from '../../src/contract/job.ts';
import { startTwin } from '../../src/main/twins/index.ts';
import type { PddOrder, PolyvOrder, Twin } from '../../src/main/twins/index.ts';
import { W as JOBS } from '../../src/renderer/screens/jobs/words.ts';
import { PR } from '../../src/renderer/screens/update/words-run.ts';
import { SE } from '../../src/renderer/screens/update/words-seen.ts';
import { launchConsole } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import { createKeyringHome, openKeyring } from '../support/keyring.ts';
import type { KeyringHome, KeyringSession } from '../support/keyring.ts';
import { accountOf, addAccount, button, choose, chooseAccount, goTo, invoke, journey, number } from './pages.ts';
import { PATIENCE_MS, speak, t, textOf, update } from './pages.ts';

const PACING = { perSecond: 200, concurrency: 4 };
const DAY_MS = 86_400_000;
/** An order whose row lacks a cell, so that it is never sent. */
const NO_CELL = '210101-123456789012345';

let home: KeyringHome;
let keyring: KeyringSession;
let pdd: Twin<PddOrder>;
let polyv: Twin<PolyvOrder>;
let running: RunningConsole;

beforeAll(async () => {
  home = createKeyringHome();
  keyring = await openKeyring(home, 'unlocked');
  pdd = await startTwin('pdd', { orders: 200 });
  polyv = await startTwin('polyv', { orders: 400 });
  running = await launchConsole({ keyring, ...speak('en') });
  await addAccount(running.page, accountOf(pdd, 'PDD shop', { pacing: PACING }));
  await addAccount(running.page, accountOf(polyv, 'Polyv shop', { pacing: PACING }));
});
afterAll(async () => {
  await running.close();
  await Promise.all([pdd.close(), polyv.close()]);
  await keyring.close();
  home.remove();
});

journey();

const changes = () => running.page.getByRole('region', { name: t(SE.rows), exact: true });
const tab = (words: { zh: string; en: string }) => changes().getByRole('button', { name: t(words) });
const note = (order: PddOrder): string => pdd.order(order.index).note;

/** Reads what is there and waits until it is shown. */
async function look(rows: number): Promise<void> {
  const panel = running.page.getByRole('region', { name: t(SE.title), exact: true });
  await button(panel, t(SE.read(rows))).click({ timeout: PATIENCE_MS });
  await button(panel, t(SE.readAgain)).waitFor({ timeout: PATIENCE_MS });
}

async function jobsOf(): Promise<readonly JobWithCounts[]> {
  const { jobs } = await invoke<{ jobs: JobWithCounts[] }>(running.page, 'jobs.list', { offset: 0, limit: 20 });
  return jobs;
}

/** Someone else at the shop writes a note, and is done. */
async function someoneElse(order: PddOrder, text: string): Promise<void> {
  const { page } = running;
  const accounts = await invoke<{ id: string; vendor: string }[]>(page, 'accounts.list');
  const account = accounts.find(({ vendor }) => vendor === 'pdd');
  const { jobId } = await invoke<{ jobId: number }>(page, 'updates.import', {
    importId: 'someone',
    accountId: account?.id ?? '',
    operation: 'note-update',
    params: {},
    source: { kind: 'paste', text: `订单号,备注\n${order.number},${text}` },
    mapping: { order_sn: 0, note: 1 },
    options: { readBefore: false, writeUnreadable: false, verifyAfter: false },
  });
  await invoke(page, 'jobs.run', { jobId, firstRows: null });
  await expect.poll(() => note(order), { timeout: PATIENCE_MS }).toBe(text);
}

let marked: PddOrder;
let plain: PddOrder;
let done: PddOrder;

describe('notes put after the present ones', () => {
  it('fill a template in from the columns as it is typed', async () => {
    const { page } = running;
    const young = Array.from({ length: pdd.orderCount }, (_, index) => pdd.order(index)).filter(
      ({ createdAt }) => pdd.now() - createdAt < 80 * DAY_MS,
    );
    const [first, second] = young.filter((order) => order.note !== '' && order.tag !== '');
    const empty = young.find((order) => order.note === '');
    if (first === undefined || second === undefined || empty === undefined) throw new Error('too few notes');
    [marked, done, plain] = [first, second, empty];
    await goTo(page, 'update');
    await chooseAccount(page, 'PDD shop');
    await choose(page, 'How to write', 'After the present note');
    await page.getByLabel('Note for all rows').fill('sent by {carrier} {tracking no}');
    const rows = [marked, plain, done].map(({ number: order }, at) => `${order},SF,${String(100 + at)}`);
    await update.paste(page, ['order no,carrier,tracking no', ...rows, `${NO_CELL},SF,`].join('\n'));
    const shown = page.getByRole('status', { name: t(SE.template), exact: true });
    await textOf(shown, 'sent by SF 100');
    await update.check(page);
    await update.step(page, 'check');
    // The row whose cell is empty is named and set aside, never filled in by halves.
    await textOf(page.locator('[data-step="check"]'), 'the cell for {tracking no} is empty');
  });

  it('show old value and new, the mark by its word, before anything is sent', async () => {
    const { page } = running;
    await someoneElse(done, `${done.note}；sent by SF 102`);
    const acts = pdd.ledger.actions.length;
    await update.toPreview(page, 3);
    await look(3);
    await textOf(tab(SE.willChange), `2 ${t(SE.willChange)}`);
    await textOf(tab(SE.nothing), `1 ${t(SE.nothing)}`);
    const row = changes().getByRole('row').filter({ hasText: marked.number });
    await textOf(row, `${marked.note} → `);
    expect(await row.locator('ins').first().innerText()).toBe('；sent by SF 100');
    await textOf(row, t(SE.appended));
    expect(await row.locator('.colour-tag .patch').count()).toBe(1);
    expect(pdd.ledger.actions).toHaveLength(acts);
  });

  it('are kept under a name, and sent from there: exactly what was shown, but not over what someone changed', async () => {
    const { page } = running;
    await button(page, t(SE.keep)).click();
    const dialog = page.getByRole('dialog', { name: t(SE.keepTitle), exact: true });
    await dialog.getByRole('textbox').fill('Friday notes');
    await button(dialog, t(SE.keepVerb)).click();
    await page.getByText(t(SE.kept('Friday notes'))).waitFor({ timeout: PATIENCE_MS });
    await someoneElse(plain, 'by hand');
    await goTo(page, 'jobs');
    await page
      .getByRole('grid', { name: t(JOBS.list) })
      .getByText('Friday notes')
      .waitFor({ timeout: PATIENCE_MS });
    const kept = (await jobsOf()).find(({ job }) => job.title === 'Friday notes');
    await page.evaluate((id) => void (location.hash = `#/jobs/${String(id)}`), kept?.job.id ?? 0);
    await update.step(page, 'preview');
    await update.send(page, 2, 'PDD shop');
    await update.report(page);
    expect(note(marked)).toBe(`${marked.note}；sent by SF 100`);
    expect(pdd.order(marked.index)).toMatchObject({ tag: marked.tag, tagName: marked.tagName });
    expect(note(plain)).toBe('by hand');
    await button(page, t(SE.heldBack(1))).click();
    await update.step(page, 'preview');
    await tab(SE.changed).click();
    await button(changes(), t(SE.confirmChanged(1))).click();
    await button(page.getByRole('dialog'), t(SE.confirmVerb(1))).click();
    await button(page, t(PR.send(1, 'PDD shop'))).waitFor({ timeout: PATIENCE_MS });
    await update.send(page, 1, 'PDD shop');
    await expect.poll(() => note(plain), { timeout: PATIENCE_MS }).toBe('by hand；sent by SF 101');
  });
});

describe('orders whose state forbids the change', () => {
  it('are counted with the reason before sending, and sent only on the person’s word', async () => {
    const { page } = running;
    const all = Array.from({ length: polyv.orderCount }, (_, index) => polyv.order(index));
    const of = (status: string, n: number): readonly PolyvOrder[] =>
      all.filter((order) => order.status === status).slice(0, n);
    const [waiting, under, closed] = [of('wait_delivery', 3), of('delivering', 2), of('close', 1)];
    await goTo(page, 'update');
    await chooseAccount(page, 'Polyv shop');
    await update.paste(page, ['order no', ...[...waiting, ...under, ...closed].map((one) => one.number)].join('\n'));
    await update.check(page);
    await update.toPreview(page, 6);
    await look(6);
    await textOf(tab(SE.willChange), `3 ${t(SE.willChange)}`);
    await textOf(tab(SE.nothing), `2 ${t(SE.nothing)}`);
    await tab(SE.forbidden).click();
    await textOf(changes(), /The order is closed; only one that waits for delivery/);
    await button(changes(), t(SE.putBack(1))).click();
    await button(page.getByRole('dialog'), t(SE.putBackVerb(1))).click();
    await textOf(tab(SE.willChange), `${number(4)} ${t(SE.willChange)}`);
    expect(polyv.order(waiting[0]?.index ?? 0).status).toBe('wait_delivery');
  });
});
