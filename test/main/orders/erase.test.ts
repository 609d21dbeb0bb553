import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/contract/account.ts';
import { EVERY_ORDER } from '../../../src/contract/kept.ts';
import type { OrderFacts } from '../../../src/contract/order.ts';
import { OrderKeeper } from '../../../src/main/orders/keeper.ts';
import { openReader } from '../../../src/main/store/database.ts';
import { temporaryFolder } from '../../support/journal.ts';
import { orderFacts } from '../../support/orders.ts';

const WORKER = new URL('../../../src/main/data-worker.ts', import.meta.url);
const DAY = 86_400_000;
const after: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of after.splice(0).reverse()) await end();
});

let today = 100 * DAY;
function keeperIn(folder: string, keepDays = 30): OrderKeeper {
  const account = async (id: string): Promise<Account> => ({ id, vendor: 'polyv' }) as Account;
  const keeper = new OrderKeeper({
    folder,
    worker: WORKER,
    account,
    keepDays: () => keepDays,
    busyMs: 50,
    now: () => today,
  });
  after.push(() => keeper.close());
  return keeper;
}

function newFolder(): string {
  const made = temporaryFolder();
  after.push(() => made.remove());
  return made.path;
}

/** Which of some texts stand in the bytes of any file of a folder, as UTF-8 or UTF-16. */
function traces(folder: string, texts: readonly string[]): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap((entry) => {
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    return texts
      .filter((text) => bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le')))
      .map((text) => `${entry.name}: ${text}`);
  });
}

/** What is personal of an order, or may be: no text of one order is a part of another's. */
const textsOf = (at: number) => {
  const four = String(at).padStart(4, '0');
  return {
    name: `顾客${four}号`,
    phone: `1380013${four}`,
    address: `杭州市第${four}街`,
    note: `note-of-${four}`,
    remark: `remark-of-${four}`,
    title: `course-of-${four}`,
  };
};
const person = (at: number): OrderFacts => {
  const { name, phone, address, note, remark, title } = textsOf(at);
  return orderFacts(`E${at}`, { buyer: { name, phone, address }, note, fields: { 'receiver.remark': remark }, title });
};
const personal = (at: number): string[] => Object.values(textsOf(at));

describe('erasing orders', () => {
  it('leaves no byte of what was personal in any file, and all of what was not erased', async () => {
    const folder = newFolder();
    const keeper = keeperIn(folder);
    const people = Array.from({ length: 3_000 }, (_, at) => person(at));
    await keeper.put('shop', people, today);
    // Read once more, so that old copies of the rows have been in pages that were written over.
    await keeper.put(
      'shop',
      people.slice(0, 1_500).map((one) => ({ ...one, state: 'shipped' as const })),
      today + 1,
    );
    const gone = [7, 8, 1_499, 2_500];
    expect(traces(folder, personal(7))).not.toEqual([]);
    const store = await keeper.open();
    const ids = (
      await Promise.all(
        gone.map((at) =>
          store.call('idsOfView', {
            view: { filter: { ...EVERY_ORDER, find: textsOf(at).name }, sort: null },
            offset: 0,
            limit: 9,
          }),
        ),
      )
    ).flat();
    expect(await keeper.erase({ kind: 'some', ids })).toBe(gone.length);
    expect(traces(folder, gone.flatMap(personal))).toEqual([]);
    expect(traces(folder, personal(9))).not.toEqual([]);
    expect(await keeper.erase({ kind: 'every' })).toBe(people.length - gone.length);
    expect(
      traces(
        folder,
        people.flatMap((_, at) => (at % 50 === 0 || at < 20 ? personal(at) : [])),
      ),
    ).toEqual([]);
  });

  it('says that copies may be left while another program reads, and none are once it has ended', async () => {
    const folder = newFolder();
    const keeper = keeperIn(folder);
    await keeper.put('shop', [person(1)], today);
    const other = openReader(join(folder, 'customers.db'));
    other.db.exec('BEGIN');
    other.prepare('SELECT count(*) FROM orders').get();
    await expect(keeper.erase({ kind: 'every' })).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
    other.db.exec('COMMIT');
    other.close();
    await keeper.erase({ kind: 'every' });
    expect(traces(folder, personal(1))).toEqual([]);
  });

  it('takes what was not read for as many days as the person sets, and nothing else', async () => {
    const folder = newFolder();
    today = 100 * DAY;
    const keeper = keeperIn(folder, 10);
    await keeper.put('shop', [person(1)], today - 10 * DAY - 1);
    await keeper.put('shop', [person(2)], today - 10 * DAY);
    expect(await keeper.eraseOld()).toBe(1);
    expect(traces(folder, personal(1))).toEqual([]);
    expect(traces(folder, personal(2))).not.toEqual([]);
    expect(await keeper.eraseOld()).toBe(0);
  });

  it('is told to who shows the orders, as keeping them is', async () => {
    const keeper = keeperIn(newFolder());
    let told = 0;
    const end = keeper.onChange(() => (told += 1));
    await keeper.put('shop', [person(1)], today);
    expect(told).toBe(1);
    await keeper.erase({ kind: 'every' });
    expect(told).toBe(2);
    end();
    await keeper.put('shop', [person(1)], today);
    expect(told).toBe(2);
  });
});
