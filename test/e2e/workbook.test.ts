// A workbook in the window: its sheets, what Excel damaged, columns as last time, the same file once more, and what is no table of orders.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTwin } from '../../src/main/twins/index.ts';
import type { PolyvOrder, Twin } from '../../src/main/twins/index.ts';
import { FI } from '../../src/renderer/screens/update/words-file.ts';
import { CH, IN, W as UPDATE } from '../../src/renderer/screens/update/words.ts';
import { launchConsole } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import { createKeyringHome, openKeyring } from '../support/keyring.ts';
import type { KeyringHome, KeyringSession } from '../support/keyring.ts';
import { bookFiles, bookOf, compound, rowsOf, textCell, zipOf } from '../support/workbook.ts';
import { accountOf, addAccount, answerSave, button, choose, dropFile, goTo, journey, PATIENCE_MS } from './pages.ts';
import { speak, t, textOf, update } from './pages.ts';

const ACCOUNT = 'Polyv shop';
/** More than two of the vendor's calls hold. */
const ORDERS = 2_500;
const BIG = 'copy of orders.xlsx';

let folder: string;
let home: KeyringHome;
let keyring: KeyringSession;
let twin: Twin<PolyvOrder>;
let running: RunningConsole;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'workbook-'));
  home = createKeyringHome();
  keyring = await openKeyring(home, 'unlocked');
  twin = await startTwin('polyv', { orders: ORDERS + 1, vendorOptions: { orders: 'waiting', data: 'lists' } });
  running = await launchConsole({ keyring, dataFolder: path.join(folder, 'data'), ...speak('en') });
  await addAccount(running.page, accountOf(twin, ACCOUNT, { pacing: { perSecond: 50, concurrency: 2 } }));
});
afterAll(async () => {
  await running.close();
  await twin.close();
  await keyring.close();
  home.remove();
  rmSync(folder, { recursive: true });
});

/** Puts a file into the folder and drops it on the window. */
async function give(name: string, bytes: Buffer): Promise<void> {
  writeFileSync(path.join(folder, name), bytes);
  await dropFile(running.page, path.join(folder, name));
}

/** A workbook of orders beside another sheet, under a header that no operation knows; two of its cells are damaged. */
function book(orders: readonly string[]): Buffer {
  const rows = [
    ['下单', '哪一单'],
    ...orders.map((order) => ['x', order]),
    ['x', '<c r="@"><v>2.0240522112901183E+17</v></c>'],
    ['x', '<c r="@" s="1"><v>45434</v></c>'],
  ];
  return bookOf({
    sheets: [
      { name: 'Read me', data: rowsOf([['Orders are on the next sheet']]) },
      { name: 'Orders', data: rowsOf(rows) },
    ],
    styles: [0, 14],
  });
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => twin.orderNumber(index));

journey();

describe('a workbook', () => {
  it('is read at the sheet that is chosen, what Excel damaged is named, and all of its orders are sent', async () => {
    const { page } = running;
    await goTo(page, 'update');
    await give('orders.xlsx', book(numbers(ORDERS)));
    await choose(page, t(FI.sheet), t(FI.sheetRows('Orders', ORDERS + 3)));
    await page.getByText(twin.orderNumber(0)).waitFor({ timeout: PATIENCE_MS });
    await choose(page, `Order number ${t(IN.required)}`, /^B · 哪一单/);
    await update.check(page);
    await update.step(page, 'check');
    const why = page.getByRole('region', { name: t(CH.why) });
    await textOf(why, `Sheet "Orders", line ${String(ORDERS + 2)}`);
    await textOf(why, /scientific notation/);
    await textOf(why, /turned into a date/);
    await update.toPreview(page, ORDERS);
    await update.step(page, 'preview');
    expect(twin.ledger.totals.actions).toBe(0);
    await update.send(page, ORDERS, ACCOUNT);
    await update.report(page);
    expect(twin.ledger.totals).toMatchObject({ actions: ORDERS });
    const records = await update.export(running, ORDERS + 2, path.join(folder, 'report.csv'));
    expect(records).toHaveLength(ORDERS + 3);
  });

  it('with the same header has its columns as last time', async () => {
    const { page } = running;
    await button(page, t(UPDATE.newUpdate)).click();
    await give('more.xlsx', book([twin.orderNumber(ORDERS)]));
    await choose(page, t(FI.sheet), t(FI.sheetRows('Orders', 4)));
    await page.getByText(t(FI.asLastTime)).waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('button', { name: t(IN.checkRows), disabled: false }).waitFor({ timeout: PATIENCE_MS });
    await button(page, t(IN.removeFile('more.xlsx'))).click();
  });

  it('that was read in before is recognised under another name, and goes on when the person says so', async () => {
    const { page } = running;
    await give(BIG, book(numbers(ORDERS)));
    const note = page.getByRole('alert');
    await textOf(note, /imported as job 1 on .*: 2,500 of 2,502 rows succeeded/);
    await choose(page, t(FI.sheet), t(FI.sheetRows('Orders', ORDERS + 3)));
    await page.getByText(t(FI.asLastTime)).waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('button', { name: t(IN.checkRows), disabled: true }).waitFor({ timeout: PATIENCE_MS });
    await note.getByText(t(FI.again)).click();
    await page.getByRole('button', { name: t(IN.checkRows), disabled: false }).waitFor({ timeout: PATIENCE_MS });
    await button(page, t(IN.removeFile(BIG))).click();
    expect(twin.ledger.totals).toMatchObject({ actions: ORDERS });
  });

  it.each([
    [
      'a bomb',
      zipOf(
        bookFiles({ sheets: [{ name: 's', data: '' }] }).map((file) =>
          file.name.endsWith('sheet1.xml') ? { ...file, content: Buffer.alloc(40 * 2 ** 20) } : file,
        ),
      ),
      /beyond what is safe to read of a workbook.*packed tighter than any real table/,
    ],
    [
      'a cell far away',
      bookOf({ sheets: [{ name: 's', data: `<row r="1048576">${textCell('XFD1048576', 'x')}</row>` }] }),
      /something in cell .*far away from its table/,
    ],
    [
      'an encrypted file',
      compound(['Root Entry', 'EncryptionInfo', 'EncryptedPackage']),
      /encrypted with a password.*take the password away/,
    ],
  ])('that is %s is refused, with what to do', async (name, bytes, words) => {
    const { page } = running;
    await give(`${name}.xlsx`, bytes);
    await textOf(page.getByRole('alert'), words);
    await page.getByRole('button', { name: t(IN.checkRows), disabled: true }).waitFor();
    await button(page, t(IN.removeFile(`${name}.xlsx`))).click();
  });

  it('is saved empty as a template, which has the columns of the operation', async () => {
    const { page } = running;
    const file = path.join(folder, 'template.xlsx');
    await answerSave(running, file);
    await button(page, t(FI.asXlsx)).click();
    await page.getByText(t(FI.savedTemplate('template.xlsx'))).waitFor({ timeout: PATIENCE_MS });
    // Read again it is a table whose columns are known: by their names, as none was chosen for them before.
    await dropFile(page, file);
    await page.getByRole('combobox', { name: t(FI.sheet), exact: true }).waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('button', { name: t(IN.checkRows), disabled: false }).waitFor({ timeout: PATIENCE_MS });
  });
});
