import type { Account } from '../../../src/contract/account.ts';
import type { PddOrder, PolyvOrder, VendingOrder } from '../../../src/main/twins/index.ts';
import type { Values } from '../../../src/main/vendors/types.ts';
import { STATUSES } from '../../../src/main/vendors/vending/words.ts';
import { beijing, openShop, UPDATING, type Shop } from '../crash-shop.ts';
import { credentialsOf } from '../twin-accounts.ts';
import type { ModelClock } from './clock.ts';

/** Orders of a sequence's twin: few, so that jobs meet over them. */
export const ORDERS = 12;

/** Kinds of shops: the vendors' updates, and the dispensing of paid orders. */
export const SHOPS = [...UPDATING, 'dispense'] as const;
export type ShopKind = (typeof SHOPS)[number];

/** What a sequence begins with. */
export interface Setup {
  readonly kind: ShopKind;
  readonly seed: number;
  /** Calls at once, and most rows of one call (where the vendor takes more than one). */
  readonly concurrency: number;
  readonly batchSize: number;
  readonly vendorOptions: Values;
  readonly settings: Values;
}

/** One row of an input, as a person may have it. */
export type InputRow =
  /** An order of the shop; rows of one order and variant are the same, of two variants they want different things. */
  | { readonly is: 'order'; readonly index: number; readonly variant: number }
  /** A well-formed number that the vendor does not have. */
  | { readonly is: 'strange'; readonly index: number }
  | { readonly is: 'blank' }
  /** A number that a spreadsheet has spoilt. */
  | { readonly is: 'damaged' }
  /** More cells than the header. */
  | { readonly is: 'wide'; readonly index: number };

/** A twin with its account, and inputs for it. */
export interface ModelShop {
  readonly shop: Shop;
  readonly account: Account;
  readonly secrets: Values;
  input(rows: readonly InputRow[]): string;
  /** The values of a row as a person would type them, by field id. */
  typed(index: number, variant: number): Values;
  /** Whether the order now is as a row with these values wants it. */
  asWanted(order: string, values: Values): boolean;
  /** Whether the vendor's lookup can still show this order. */
  readable(order: string): boolean;
}

const HEADERS: Record<ShopKind, string> = {
  polyv: 'orderNo',
  pdd: 'order_sn,note',
  vending: 'order_id,machine_no,created_at,status',
  dispense: 'order_id,machine_no,record_id',
};

/** What the two or three variants of a vending row want: paid, refunded, closed. */
const VENDING_STATUS = ['1', '2', '3'];

/** Well-formed numbers of no order: the last digits are no place of the twin's. */
function strangeNumber(kind: ShopKind, index: number): string {
  const digits = String(7_000_000 + index);
  if (kind === 'polyv') return `product20260101000000${Number(digits).toString(16).padStart(6, '0')}`;
  return kind === 'pdd' ? `260101-${digits.padStart(15, '9')}` : `88${digits}`;
}

function lineOf(kind: ShopKind, made: readonly Partial<VendingOrder>[]) {
  return (number: string, index: number, variant: number): string => {
    if (kind === 'polyv') return number;
    if (kind === 'pdd') return `${number},note ${variant} of ${index}`;
    const { machineNo = '12345678', createdAt = 0, records } = made[index] ?? {};
    if (kind === 'dispense') return `${number},${machineNo},${records?.[0]?.id ?? 0}`;
    return `${number},${machineNo},${beijing(createdAt)},${VENDING_STATUS[variant] ?? '1'}`;
  };
}

export async function openModelShop(setup: Setup, clock: ModelClock): Promise<ModelShop> {
  const { kind, seed } = setup;
  const vendor = kind === 'dispense' ? 'vending' : kind;
  const shop = await openShop(vendor, {
    seed,
    rows: ORDERS,
    dispenses: kind === 'dispense',
    twin: {
      orders: ORDERS,
      now: clock.trueNow,
      vendorOptions: { ...(vendor === 'polyv' ? { rate: 'off' } : {}), ...setup.vendorOptions },
    },
  });
  const { twin } = shop;
  const present = (order: string): unknown => twin.order(twin.indexOf(order));
  const made = shop.orders.map((order) => present(order) as Partial<VendingOrder>);
  const line = lineOf(kind, made);
  const text = (row: InputRow): string => {
    switch (row.is) {
      case 'order':
        return line(shop.orders[row.index] ?? '', row.index, row.variant);
      case 'strange':
        return line(strangeNumber(kind, row.index), row.index, 0);
      case 'blank':
        return '';
      case 'damaged':
        return line('2.0240521E+17', 0, 0);
      case 'wide':
        return `${line(shop.orders[row.index] ?? '', row.index, 0)},one,more`;
    }
  };
  const { plain, secrets } = credentialsOf(vendor, twin.credentials);
  return {
    shop,
    secrets,
    account: {
      id: 'shop-1',
      label: 'Shop 1',
      vendor,
      environment: 'twin',
      baseUrl: twin.url,
      hosts: [new URL(twin.url).host],
      plain,
      settings: setup.settings,
      pacing: { concurrency: setup.concurrency },
      createdAt: '2026-01-01T00:00:00.000Z',
    },
    typed: (at, variant) => {
      const cells = line(shop.orders[at] ?? '', at, variant).split(',');
      return Object.fromEntries(HEADERS[kind].split(',').map((name, column) => [name, cells[column] ?? '']));
    },
    input: (rows) => [HEADERS[kind], ...rows.map(text), ''].join('\n'),
    asWanted: (order, values) => {
      if (vendor === 'polyv') return ['delivering', 'finish'].includes((present(order) as PolyvOrder).status);
      if (vendor === 'pdd') return (present(order) as PddOrder).note === values['note'];
      if (kind === 'dispense') return (present(order) as VendingOrder).records[0]?.status === 'IS_SUCCESS';
      const wanted = STATUSES.find(({ value }) => value === values['status'])?.word;
      return (present(order) as VendingOrder).status === wanted;
    },
    readable: (order) => {
      if (vendor !== 'pdd') return true;
      return twin.now() - (present(order) as PddOrder).createdAt < 89 * 86_400_000;
    },
  };
}
