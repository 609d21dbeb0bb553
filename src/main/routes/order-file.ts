import type { Account } from '../../contract/account.ts';
import { COMMON_STATE_WORDS } from '../../contract/order.ts';
import { say, type Bilingual, type Language } from '../../contract/text.ts';
import type { KeptView } from '../../contract/kept.ts';
import { csvRecord, protectCell } from '../jobs/export/cells.ts';
import { replaceFile } from '../vault/accounts-file.ts';
import { vendor } from '../vendors/registry.ts';
import { notWritten } from './lookup-file.ts';
import type { OrderDesk } from './order-desk.ts';
import { maskedFacts } from './personal.ts';

export interface OrderFile {
  readonly path: string;
  readonly view: KeptView;
  readonly selectedOnly: boolean;
  /** Whether personal data is written as it is. */
  readonly personal: boolean;
  readonly language: Language;
  readonly accounts: readonly Account[];
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** A moment (ms) in the zone of this machine, as `yyyy-MM-dd HH:mm:ss`; '' for none. */
export function localTime(atMs: number | null): string {
  if (atMs === null) return '';
  const at = new Date(atMs);
  const day = [String(at.getFullYear()), pad(at.getMonth() + 1), pad(at.getDate())].join('-');
  return `${day} ${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

/** A file name for kept orders, good on every system: `orders-20261123-164205.csv`. */
export function orderFileName(now: Date): string {
  return `orders-${localTime(now.getTime()).replaceAll(/[-:]/gu, '').replace(' ', '-')}.csv`;
}

type Found = Awaited<ReturnType<OrderDesk['facts']> extends AsyncGenerator<infer T> ? T : never>[number];

/** The columns of a file: what they are called, and what an order has there. */
function columnsOf({ accounts, language }: OrderFile): readonly (readonly [Bilingual, (one: Found) => string])[] {
  const labels = new Map(accounts.map(({ id, label }) => [id, label]));
  return [
    [{ zh: '订单号', en: 'Order' }, ({ row }) => row.order],
    [{ zh: '设备编号', en: 'Machine' }, ({ row }) => row.machine ?? ''],
    [{ zh: '供应商', en: 'Vendor' }, ({ row }) => say(vendor(row.vendor).names, language)],
    [{ zh: '账号', en: 'Account' }, ({ row }) => labels.get(row.accountId) ?? row.accountId],
    [{ zh: '状态', en: 'State' }, ({ row }) => say(COMMON_STATE_WORDS[row.state], language)],
    [{ zh: '供应商的状态', en: "Vendor's state" }, ({ row }) => row.vendorState],
    [{ zh: '下单时间', en: 'Created' }, ({ row }) => localTime(row.createdAt)],
    [{ zh: '付款时间', en: 'Paid' }, ({ row }) => localTime(row.paidAt)],
    [{ zh: '变更时间', en: 'Changed' }, ({ row }) => localTime(row.changedAt)],
    [{ zh: '金额', en: 'Amount' }, ({ row }) => row.amount ?? ''],
    [{ zh: '商品', en: 'Product' }, ({ row }) => row.title ?? ''],
    [{ zh: '标记', en: 'Mark' }, ({ row }) => row.tag?.name ?? ''],
    [{ zh: '备注', en: 'Note' }, ({ row }) => row.note ?? ''],
    [{ zh: '买家', en: 'Buyer' }, ({ facts }) => facts.buyer.name ?? ''],
    [{ zh: '电话', en: 'Phone' }, ({ facts }) => facts.buyer.phone ?? ''],
    [{ zh: '地址', en: 'Address' }, ({ facts }) => facts.buyer.address ?? ''],
    [{ zh: '读取时间', en: 'Read' }, ({ row }) => localTime(row.readAt)],
  ];
}

/**
 * Writes a view's orders, or the selected ones alone, as CSV for a spreadsheet, numbers and formulas protected, times in the zone of this machine.
 * The file gets its name when it is whole. Answers how many orders it has; throws DISK_FULL or FILE_UNREADABLE.
 */
export async function writeOrders(desk: OrderDesk, file: OrderFile): Promise<number> {
  const columns = columnsOf(file);
  const line = (cells: readonly string[]): string => `${csvRecord(cells.map(protectCell))}\r\n`;
  let count = 0;
  async function* pieces(): AsyncGenerator<string> {
    yield `\uFEFF${line(columns.map(([names]) => say(names, file.language)))}`;
    for await (const piece of desk.facts(file.view, file.selectedOnly)) {
      count += piece.length;
      yield piece
        .map(({ row, facts }) => {
          const shown = file.personal ? facts : maskedFacts(row.vendor, facts).facts;
          return line(columns.map(([, cell]) => cell({ row, facts: shown })));
        })
        .join('');
    }
  }
  try {
    await replaceFile(file.path, pieces(), async () => true);
  } catch (cause) {
    throw notWritten(cause);
  }
  return count;
}
