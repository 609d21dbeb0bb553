import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeXlsx } from 'hucre/xlsx';
import { pddTwin } from '../../src/main/twins/pdd.ts';
import { polyvTwin } from '../../src/main/twins/polyv.ts';

/** From these the twin makes the same orders as the input has. */
export interface Orders {
  readonly count: number;
  readonly seed: number;
  readonly epochMs: number;
}

/** Orders of today: a twin knows how old an order may be. */
export function ordersOf(count: number): Orders {
  return { count, seed: 7, epochMs: Math.floor(Date.now() / 1000) * 1000 };
}

/** A folder of this run, and how to remove it. */
export function benchFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'order-console-bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

const PRODUCTS = [
  '加厚纯棉四件套 1.8米床 雾霾蓝',
  '新疆灰枣 500g*3袋 免洗',
  '儿童保温杯 316不锈钢 480ml 粉色',
  '手机支架 桌面懒人折叠款',
];
const NOTES = [
  '缺货，已与买家电话确认改发红色大号，周五前补发',
  '买家要求周末送货，联系仓库改期',
  '礼品单，不放小票，附手写贺卡“生日快乐”',
  '退一件，补差价 12.50 元已转',
];
const MARKS = [
  ['', ''],
  ['1', '急单'],
  ['2', '改址'],
  ['4', '缺货'],
] as const;

/** One of a list, in turn. */
const turn = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

const HEADER = ['订单号', '下单时间', '商品', '数量', '实付金额(元)', '备注', '标记', '标记名称'];

const plain = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

function cellsOf(order: string, index: number, at: string): string[] {
  const note = `${turn(NOTES, index)} ${index % 10 === 0 ? '"重要", ' : ''}${index}`;
  const [tag, tagName] = turn(MARKS, index >> 2);
  const amount = `${(index % 40_000) / 100 + 9}`;
  return [order, at, turn(PRODUCTS, index >> 1), `${(index % 3) + 1}`, amount, note, tag, tagName];
}

/** The rows of an export such as sellers have, one an order of the twin's. */
function* exportRows(orders: Orders, number: (index: number) => string): Generator<string[]> {
  yield HEADER;
  for (let index = 0; index < orders.count; index += 1) {
    const at = new Date(orders.epochMs - index * 7_000).toISOString().slice(0, 19).replace('T', ' ');
    yield cellsOf(number(index), index, at);
  }
}

/** Writes an export such as sellers have: eight columns, Chinese notes, some cells quoted. */
function writeCsv(path: string, orders: Orders, number: (index: number) => string): void {
  const file = openSync(path, 'w');
  let text = '';
  for (const cells of exportRows(orders, number)) {
    text += `${cells.map(plain).join(',')}\r\n`;
    if (text.length < 256 * 1024) continue;
    writeSync(file, text);
    text = '';
  }
  writeSync(file, text);
  closeSync(file);
}

/** What an input of notes is for. */
export const NOTES_JOB = { vendor: 'pdd', operation: 'note-update', params: {} } as const;

/** An input of notes for Pinduoduo's orders. */
export function writeNotes(path: string, orders: Orders): void {
  const { seed, count, epochMs } = orders;
  const twin = pddTwin({ seed, orders: count, epochMs, credentials: {}, vendorOptions: {} });
  writeCsv(path, orders, (index) => twin.orderNumber(index));
}

/** Numbers of Polyv's orders. */
function polyvNumber({ seed, count, epochMs }: Orders): (index: number) => string {
  const twin = polyvTwin({ seed, orders: count, epochMs, credentials: {}, vendorOptions: {} });
  return (index) => twin.orderNumber(index);
}

/** The same columns with Polyv's orders. */
export function writePolyvOrders(path: string, orders: Orders): void {
  writeCsv(path, orders, polyvNumber(orders));
}

/** What an input of Polyv's orders is for. */
export const POLYV_JOB = { vendor: 'polyv', operation: 'update-status', params: { status: 'delivering' } } as const;

/** The same as a workbook, its quantities and amounts numbers. */
export async function writePolyvWorkbook(path: string, orders: Orders): Promise<void> {
  const rows = Array.from(exportRows(orders, polyvNumber(orders)), (cells, line) =>
    cells.map((cell, column) => (line > 0 && (column === 3 || column === 4) ? Number(cell) : cell)),
  );
  writeFileSync(path, await writeXlsx({ sheets: [{ name: '订单', rows }] }));
}
