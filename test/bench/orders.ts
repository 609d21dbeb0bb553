import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { EVERY_ORDER, KEPT_SORTS, type KeptFilter, type KeptView } from '../../src/contract/kept.ts';
import { COMMON_STATES } from '../../src/contract/order.ts';
import { gramsOf } from '../../src/main/orders/grams.ts';
import type { OrderProcedures } from '../../src/main/orders/procedures.ts';
import { SORTS } from '../../src/main/orders/query.ts';
import { startStore, type StoreClient } from '../../src/main/store/client.ts';
import { BUSY_MS, openWriter } from '../../src/main/store/database.ts';
import { CUSTOMERS } from '../../src/main/store/schema.ts';
import { launchConsole } from '../support/app.ts';
import { buildApplication } from '../support/e2e-global.ts';
import { heapBytes } from '../support/heap.ts';
import { orderFacts } from '../support/orders.ts';
import { ensureDisplay } from '../support/xvfb.ts';
import { judged, median, megabytes, told, type Figure } from './figures.ts';
import { frames, p95 } from './frames.ts';
import { benchFolder } from './inputs.ts';

const WORKER = new URL('../../src/main/data-worker.ts', import.meta.url);
const ORDERS = 1_000_000;
const ACCOUNTS = ['shop-1', 'shop-2', 'shop-3', 'shop-4', 'shop-5'];
const EPOCH = Date.UTC(2026, 0, 1);
const YEAR_MS = 365 * 86_400_000;
const PAGE = 100;
const MOST_MS = 200;
const MOST_RATIO = 2;
const STEPS = 200;
const SMALL = 1_000;

const milliseconds = (ms: number): string => `${ms.toFixed(1)} ms`;
const times = (ratio: number): string => `${ratio.toFixed(2)} ×`;
/** The same numbers in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const FAMILY = Array.from('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕');
const GIVEN = Array.from('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉梅红建国文斌宇浩凯晨欣怡佳雪');
const numberOf = (at: number): string => `2026${String(1_000_000_000 + at * 7).padStart(10, '0')}`;

/** Fills `customers.db`; the indices are made afterwards, as rows by the million fill them one by one for minutes. */
function fill(folder: string, count: number): void {
  const { db, close } = openWriter(join(folder, CUSTOMERS.file), process.platform, BUSY_MS, CUSTOMERS);
  const indices = db
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
    .all()
    .map((row) => ({ name: String(row['name']), sql: String(row['sql']) }));
  for (const { name } of indices) db.exec(`DROP INDEX ${name}`);
  db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; BEGIN');
  const next = random(5);
  for (const key of ACCOUNTS) db.prepare("INSERT INTO account (key, vendor) VALUES (?, 'polyv')").run(key);
  const order = db.prepare(
    `INSERT INTO orders (id, account, order_no, machine, state, vendor_state, created_at, paid_at, changed_at, read_at, amount, cents, title, personal)
     VALUES (?, ?, ?, '', ?, 'as it came', ?, ?, ?, ?, ?, ?, 'a course of ten evenings', 1)`,
  );
  const facts = db.prepare('INSERT INTO facts (id, json) VALUES (?, ?)');
  const grams: string[] = [];
  for (let at = 1; at <= count; at += 1) {
    const created = EPOCH + next(YEAR_MS);
    const paid = next(5) === 0 ? null : created + next(3_600_000);
    const cents = next(10_000_000);
    const buyer = {
      name: `${FAMILY[next(FAMILY.length)] ?? ''}${GIVEN[next(GIVEN.length)] ?? ''}${GIVEN[next(GIVEN.length)] ?? ''}`,
      phone: `13${String(next(10 ** 9)).padStart(9, '0')}`,
      address: '浙江省杭州市西湖区文三路 90 号',
    };
    const state = next(COMMON_STATES.length);
    const amount = (cents / 10_000).toFixed(2);
    order.run(
      at,
      1 + next(ACCOUNTS.length),
      numberOf(at),
      state,
      created,
      paid,
      created + next(YEAR_MS / 12),
      EPOCH + YEAR_MS + at,
      amount,
      cents,
    );
    facts.run(at, JSON.stringify(orderFacts(numberOf(at), { buyer, createdAt: created, paidAt: paid, amount })));
    for (const gram of gramsOf(buyer)) grams.push(`${gram}\n${at}`);
  }
  // Sorted, a table by its key is written from end to end.
  const gram = db.prepare('INSERT INTO gram (gram, id) VALUES (?, ?)');
  for (const one of grams.sort()) {
    const [text = '', id = ''] = one.split('\n');
    gram.run(text, Number(id));
  }
  for (const { sql } of indices) db.exec(sql);
  db.exec('COMMIT');
  close();
}

/** The same question in plain SQL: how many, and a page. */
interface Plain {
  readonly where: string;
  readonly values: readonly SQLInputValue[];
}

interface Case {
  readonly what: 'open' | 'sort' | 'filter' | 'search';
  readonly view: KeptView;
  readonly offset: number;
  readonly plain: Plain;
}

const view = (filter: Partial<KeptFilter>, sort: KeptView['sort'] = null): KeptView => ({
  filter: { ...EVERY_ORDER, ...filter },
  sort,
});

function cases(count: number): Case[] {
  const all: Plain = { where: '1', values: [] };
  const next = random(11);
  const list: Case[] = [{ what: 'open', view: view({}), offset: 0, plain: all }];
  for (const column of KEPT_SORTS) {
    for (const descending of [false, true]) {
      for (const offset of [0, Math.floor(count / 3), Math.floor(count / 2), count - PAGE]) {
        list.push({ what: 'sort', view: view({}, { column, descending }), offset, plain: all });
      }
    }
  }
  for (let round = 0; round < 12; round += 1) {
    const state = next(COMMON_STATES.length);
    const account = next(ACCOUNTS.length);
    const from = EPOCH + next(YEAR_MS - 40 * 86_400_000);
    const until = from + 30 * 86_400_000;
    const sort = { column: KEPT_SORTS[next(KEPT_SORTS.length)] ?? 'created', descending: round % 2 === 0 };
    const states = [COMMON_STATES[state] ?? 'other'];
    const accounts = [ACCOUNTS[account] ?? ''];
    list.push(
      { what: 'filter', view: view({ states }, sort), offset: 0, plain: { where: 'state = ?', values: [state] } },
      {
        what: 'filter',
        view: view({ accounts }, sort),
        offset: 0,
        plain: { where: 'account = ?', values: [account + 1] },
      },
      {
        what: 'filter',
        view: view({ states, accounts, from, until }, sort),
        offset: 0,
        plain: {
          where: 'state = ? AND account = ? AND created_at >= ? AND created_at < ?',
          values: [state, account + 1, from, until],
        },
      },
    );
    const number = numberOf(1 + next(count));
    const [family = '', one = '', two = ''] = [
      FAMILY[next(FAMILY.length)],
      GIVEN[next(GIVEN.length)],
      GIVEN[next(GIVEN.length)],
    ];
    const byGram: Plain = { where: 'id IN (SELECT id FROM gram WHERE gram = ?)', values: [family + one] };
    const begins = number.slice(0, 6 + next(7));
    list.push(
      { what: 'search', view: view({ find: family + one }, sort), offset: 0, plain: byGram },
      {
        what: 'search',
        view: view({ find: family + one + two }, sort),
        offset: 0,
        plain: {
          where: 'id IN (SELECT id FROM gram WHERE gram = ? INTERSECT SELECT id FROM gram WHERE gram = ?)',
          values: [family + one, one + two],
        },
      },
      {
        what: 'search',
        view: view({ find: begins }, { column: 'order', descending: false }),
        offset: 0,
        plain: { where: 'order_no >= ? AND order_no < ?', values: [begins, `${begins}\u{10ffff}`] },
      },
    );
  }
  return list;
}

function plainly(db: DatabaseSync, { view: { sort }, offset, plain: { where, values } }: Case): number {
  const { column, descending } = sort ?? { column: 'created', descending: true };
  const by = SORTS[column].columns.map((name) => `${name} ${descending ? 'DESC' : 'ASC'}`).join(', ');
  const began = performance.now();
  db.prepare(`SELECT count(*) FROM orders WHERE ${where}`).get(...values);
  db.prepare(
    `SELECT o.*, a.key FROM orders o JOIN account a ON a.id = o.account WHERE ${where.replaceAll(/\b(id IN)/gu, 'o.$1')}
     ORDER BY ${by.replaceAll(/\bid\b/gu, 'o.id')} LIMIT ? OFFSET ?`,
  ).all(...values, PAGE, offset);
  return performance.now() - began;
}

async function ours(store: StoreClient<OrderProcedures>, { view: wanted, offset }: Case): Promise<number> {
  const began = performance.now();
  await store.call('ordersAt', { view: wanted, offset, limit: PAGE });
  return performance.now() - began;
}

/** What the window holds and how it scrolls with the orders of a data folder on their screen. */
async function inTheWindow(folder: string): Promise<{ heap: number; idle: number; scrolled: number }> {
  const running = await launchConsole({ dataFolder: folder });
  const { page } = running;
  try {
    await page.evaluate(() => void (location.hash = '#/orders/kept'));
    await page.locator('[role="grid"] [role="row"][aria-rowindex="2"] [role="gridcell"]').first().waitFor();
    await frames(page, 50, true);
    const idle = p95(await frames(page, STEPS, false));
    const scrolled = p95(await frames(page, STEPS, true));
    return { heap: await heapBytes(page), idle, scrolled };
  } finally {
    await running.close();
  }
}

/** The grid's and the memory's budgets, as for a job's rows. */
async function keptInTheWindow(folder: string, count: number): Promise<Figure[]> {
  buildApplication();
  const display = await ensureDisplay();
  const small = benchFolder();
  try {
    fill(small.path, SMALL);
    const few = await inTheWindow(small.path);
    const many = await inTheWindow(folder);
    return [
      judged(
        `Orders: scrolling ${count} kept, p95 against an idle frame`,
        many.scrolled / many.idle,
        { atMost: 1.5 },
        times,
      ),
      told('p95 idle / scrolling', `${milliseconds(many.idle)} / ${milliseconds(many.scrolled)}`),
      judged(`Orders: heap at ${count} kept above ${SMALL}`, many.heap - few.heap, { atMost: 10 * 2 ** 20 }, megabytes),
    ];
  } finally {
    small.remove();
    display.stop();
  }
}

/**
 * Opening, sorting, filtering and searching 1,000,000 kept orders, each the first time that it is asked, over the worker thread as the window does;
 * and the same questions as plain SQL on a connection of its own, turn by turn. Budgets: at most 200 ms at the 95th percentile, and at most twice
 * the plain ones' time. The files are in the system's cache for both. Then the orders on their screen: frames while they are scrolled, and the
 * page's memory.
 */
export async function measureOrders(scale: number): Promise<Figure[]> {
  const count = Math.round(ORDERS * scale);
  const folder = benchFolder();
  try {
    fill(folder.path, count);
    const store = await startStore<OrderProcedures>(WORKER, {
      folder: folder.path,
      mode: 'write',
      database: 'customers',
    });
    const db = new DatabaseSync(join(folder.path, CUSTOMERS.file), { readOnly: true });
    db.exec('PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;');
    const taken: Record<Case['what'], { ours: number[]; plain: number[] }> = {
      open: { ours: [], plain: [] },
      sort: { ours: [], plain: [] },
      filter: { ours: [], plain: [] },
      search: { ours: [], plain: [] },
    };
    const all = cases(count);
    // Once without counting, so that neither pays for the first reading of a file.
    for (const one of all) plainly(db, one);
    for (const one of all) {
      const rounds = one.what === 'open' ? 20 : 1;
      for (let round = 0; round < rounds; round += 1) {
        taken[one.what].plain.push(plainly(db, one));
        // A write, after which nothing is known of views any more.
        await store.call('saveView', { name: 'bench', view: one.view, watch: null });
        taken[one.what].ours.push(await ours(store, one));
      }
    }
    db.close();
    await store.close();
    const asked = Object.entries(taken).flatMap(([what, { ours: own, plain }]) => [
      judged(`Orders: ${what}, ${count} kept, 95th percentile`, p95(own), { atMost: MOST_MS }, milliseconds),
      judged(`Orders: ${what}, against plain SQLite`, sum(own) / sum(plain), { atMost: MOST_RATIO }, times),
      told('median, and plain', `${milliseconds(median(own))}, ${milliseconds(median(plain))}`),
    ]);
    return [...asked, ...(await keptInTheWindow(folder.path, count))];
  } finally {
    folder.remove();
  }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
