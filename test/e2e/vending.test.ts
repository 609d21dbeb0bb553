// Goods leave a machine once: paid records are dispensed and followed to their end, an unpaid one is kept back by what is read; and the time
// that an unpaid order has left is counted down.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTwin } from '../../src/main/twins/index.ts';
import type { Twin, VendingOrder } from '../../src/main/twins/index.ts';
import { LIST_WORDS, W as ORDERS } from '../../src/renderer/screens/orders/words.ts';
import { IN } from '../../src/renderer/screens/update/words.ts';
import { RE } from '../../src/renderer/screens/update/words-run.ts';
import { SE } from '../../src/renderer/screens/update/words-seen.ts';
import { launchConsole } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import { createKeyringHome, openKeyring } from '../support/keyring.ts';
import type { KeyringHome, KeyringSession } from '../support/keyring.ts';
import { accountOf, addAccount, button, choose, chooseAccount, goTo, journey } from './pages.ts';
import { lookUp, PATIENCE_MS, readStatus, speak, t, textOf, update } from './pages.ts';

const ACCOUNT = 'Machines';
const MINUTE_MS = 60_000;

let home: KeyringHome;
let keyring: KeyringSession;
let twin: Twin<VendingOrder>;
let running: RunningConsole;

beforeAll(async () => {
  home = createKeyringHome();
  keyring = await openKeyring(home, 'unlocked');
  twin = await startTwin('vending', { orders: 400, vendorOptions: { dispenseMs: '1000' } });
  running = await launchConsole({ keyring, ...speak('en') });
  await addAccount(running.page, accountOf(twin, ACCOUNT, { pacing: { perSecond: 100, concurrency: 4 } }));
});
afterAll(async () => {
  await running.close();
  await twin.close();
  await keyring.close();
  home.remove();
});

journey();

const commands = () => twin.ledger.actions.filter(({ action }) => action === 'delivery').map(({ order }) => order);
const all = (): VendingOrder[] => Array.from({ length: twin.orderCount }, (_, index) => twin.order(index));
const changes = () => running.page.getByRole('region', { name: t(SE.rows), exact: true });
const lineOf = ({ number, machineNo, records }: VendingOrder): string =>
  [number, machineNo, String(records[0]?.id ?? 0)].join(',');

it('dispenses paid records, follows them to their end, and keeps an unpaid one back', async () => {
  const { page } = running;
  const [first, ...more] = all().filter(({ status }) => status === 'SUCCESS');
  const second = more.find(({ machineNo }) => machineNo !== first?.machineNo);
  const unpaid = all().find(({ status }) => status === 'NOTPAY');
  if (first === undefined || second === undefined || unpaid === undefined) throw new Error('too few orders');
  await goTo(page, 'update');
  await chooseAccount(page, ACCOUNT);
  await choose(page, t(IN.operation), 'Dispense');
  await update.paste(page, ['order id,machine no,record id', ...[first, unpaid, second].map(lineOf)].join('\n'));
  // Nobody can have it dispense without a reading.
  const reads = page.getByRole('checkbox', { name: t(IN.readBefore) });
  expect([await reads.isChecked(), await reads.isDisabled()]).toEqual([true, true]);
  await update.check(page);
  await update.toPreview(page, 3);
  await button(page, t(SE.read(3))).click({ timeout: PATIENCE_MS });
  const forbidden = changes().getByRole('button', { name: t(SE.forbidden) });
  await textOf(forbidden, `1 ${t(SE.forbidden)}`);
  await forbidden.click();
  await textOf(changes(), /only paid \(SUCCESS\) and pickup code/);
  expect(await button(changes(), t(SE.putBack(1))).count()).toBe(0);
  expect(commands()).toEqual([]);
  await update.send(page, 2, ACCOUNT);
  await update.report(page);
  expect(commands().toSorted()).toEqual([first.number, second.number].toSorted());
  for (const { index } of [first, second]) {
    expect(twin.order(index).records[0]).toMatchObject({ status: 'IS_SUCCESS', drops: 1 });
  }
  expect(twin.order(unpaid.index).records[0]?.drops).toBe(0);
  await textOf(page.locator('[data-step="report"]'), 'The query shows: ');
});

it('counts down how long an unpaid order may still be sent', async () => {
  const { page } = running;
  const [order, other] = all().filter(({ status }) => status === 'NOTPAY');
  const beijing = new Date(twin.now() - 10 * MINUTE_MS + 8 * 60 * MINUTE_MS).toISOString();
  await goTo(page, 'update');
  await choose(page, t(IN.operation), 'Update order status');
  const line = (one: VendingOrder | undefined, created: string): string =>
    [one?.number, one?.machineNo, '1', created].join(',');
  const rows = [line(order, beijing.slice(0, 19).replace('T', ' ')), line(other, '')];
  await update.paste(page, ['order id,machine no,status,created at', ...rows].join('\n'));
  await update.check(page);
  await update.toPreview(page, 2);
  await changes()
    .getByRole('columnheader', { name: t(RE.col.left) })
    .waitFor({ timeout: PATIENCE_MS });
  const left = changes().getByRole('timer').first();
  const shown = await textOf(left, /^0\d:\d\d left$/);
  await expect.poll(() => left.innerText(), { timeout: PATIENCE_MS }).not.toBe(shown);
  // One of which only its first sight is known may end earlier.
  await textOf(changes().getByRole('timer').last(), /^at most 1\d:\d\d left$/);
});

it('shows orders with their records and dispenses, and the time that is left of the twenty minutes', async () => {
  const { page } = running;
  const done = all().find(({ records }) => records[0]?.status === 'IS_SUCCESS');
  const unpaid = all().find(({ status, expired }) => status === 'NOTPAY' && !expired);
  if (done === undefined || unpaid === undefined) throw new Error('too few orders');
  await goTo(page, 'orders');
  await chooseAccount(page, ACCOUNT);
  const made = new Date(twin.now() - 5 * MINUTE_MS + 8 * 60 * MINUTE_MS).toISOString().slice(0, 19).replace('T', ' ');
  const lines = [`${done.number} ${done.machineNo}`, `${unpaid.number} ${unpaid.machineNo} ${made}`];
  await page.getByRole('textbox', { name: /^Orders/ }).fill(lines.join('\n'));
  await lookUp(page);
  await readStatus(page, t(ORDERS.statusAll(2)));
  const grid = page.getByRole('grid', { name: t(ORDERS.results) });
  const detail = page.getByRole('dialog');
  await grid.locator('.opens').getByText(done.number, { exact: true }).click();
  await detail.getByRole('heading', { name: t(LIST_WORDS['records'] ?? { zh: '', en: '' }) }).waitFor();
  // What this console itself has dispensed of it is followed by the number that it was answered with.
  await textOf(
    detail.getByRole('group', { name: t(LIST_WORDS['deliveries'] ?? { zh: '', en: '' }) }),
    /5\d{15}.*Dispensed/,
  );
  await page.keyboard.press('Escape');
  await detail.waitFor({ state: 'hidden' });
  await grid.locator('.opens').getByText(unpaid.number, { exact: true }).click();
  await textOf(detail.getByRole('timer'), /^1[45]:\d\d left$/);
  await page.keyboard.press('Escape');
  await detail.waitFor({ state: 'hidden' });
});
