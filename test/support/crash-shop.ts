import type { JobOptions } from '../../src/main/jobs/types.ts';
import { startTwin } from '../../src/main/twins/index.ts';
import type { Twin, TwinOptions, TwinRequest } from '../../src/main/twins/index.ts';
import type { UpdateOperation, Values } from '../../src/main/vendors/types.ts';
import { operation } from '../../src/main/vendors/registry.ts';

/** The vendors with an update: Suning has none, it is read only. */
export const UPDATING = ['polyv', 'pdd', 'vending'] as const;
export type Updating = (typeof UPDATING)[number];

/** A twin with an input for a bulk update of its orders, and a watch over every update request that reaches it. */
export interface Shop {
  readonly vendor: Updating;
  readonly twin: Twin;
  readonly operation: UpdateOperation;
  readonly params: Values;
  readonly settings: Values;
  readonly options: JobOptions;
  /** The input as pasted, a header and `orders.length` rows. */
  readonly paste: string;
  readonly orders: readonly string[];
  /** Part of the path of the update's requests and of no other. */
  readonly path: string;
  isUpdate(request: TwinRequest): boolean;
  /** The orders that an update request names. */
  ordersOf(request: TwinRequest): readonly string[];
}

/** `yyyy-MM-dd HH:mm:ss` in Beijing. */
export function beijing(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

const OPTIONS: JobOptions = { readBefore: false, writeUnreadable: false, firstRows: null, verifyAfter: false };

interface ShopOptions {
  readonly seed: number;
  readonly rows: number;
  /** Polyv: a success lists every order, instead of `data: null`. */
  readonly lists?: boolean;
  /** Polyv: batches may be halved. */
  readonly halving?: boolean;
  /** Pinduoduo: the note is read before each write. */
  readonly readBefore?: boolean;
  /** Vending: paid orders, of each of which the first record is dispensed. */
  readonly dispenses?: boolean;
  readonly credentials?: Values;
  /** Goes before all that the shop would choose for its twin. */
  readonly twin?: TwinOptions;
}

async function polyvShop(options: ShopOptions): Promise<Shop> {
  const { seed, rows, credentials = {} } = options;
  const vendorOptions = { orders: 'waiting', rate: 'off', data: options.lists === true ? 'lists' : 'null' };
  const twin = await startTwin('polyv', { seed, orders: rows, vendorOptions, credentials, ...options.twin });
  const orders = Array.from({ length: rows }, (_, index) => twin.orderNumber(index));
  return {
    vendor: 'polyv',
    twin,
    operation: operation('polyv', 'update-status', 'update'),
    params: { status: 'delivering' },
    settings: options.halving === true ? { atomicFailureText: 'order not found' } : {},
    options: OPTIONS,
    paste: ['orderNo', ...orders].join('\n'),
    orders,
    path: 'update-batch-status',
    isUpdate: (request) => request.path.endsWith('/update-batch-status'),
    ordersOf: (request) => (JSON.parse(request.body.toString('utf8')) as { orderNos: string[] }).orderNos,
  };
}

async function pddShop({ seed, rows, readBefore = false, credentials = {}, twin: own }: ShopOptions): Promise<Shop> {
  // Orders are spread over 92 days, of which the oldest two cannot be read.
  const twin = await startTwin('pdd', { seed, orders: rows * 2, credentials, ...own });
  const orders = Array.from({ length: rows }, (_, index) => twin.orderNumber(index));
  return {
    vendor: 'pdd',
    twin,
    operation: operation('pdd', 'note-update', 'update'),
    params: {},
    settings: {},
    options: { ...OPTIONS, readBefore },
    paste: ['order_sn,note', ...orders.map((order, index) => `${order},"第 ${index + 1} 单, 加急"`)].join('\n'),
    orders,
    path: '/order/noteupdate',
    isUpdate: (request) => request.path.endsWith('/order/noteupdate'),
    ordersOf: (request) => [new URLSearchParams(request.body.toString('utf8')).get('order_sn') ?? ''],
  };
}

async function dispensingShop({ seed, rows, credentials = {}, twin: own }: ShopOptions): Promise<Shop> {
  const twin = await startTwin('vending', { seed, orders: rows, credentials, ...own });
  const made = Array.from({ length: rows }, (_, index) => twin.order(index));
  const lines = made.map(({ number, machineNo, records }) => `${number},${machineNo},${records[0]?.id ?? 0}`);
  return {
    vendor: 'vending',
    twin,
    operation: operation('vending', 'dispense', 'update'),
    params: {},
    settings: {},
    options: OPTIONS,
    paste: ['order_id,machine_no,record_id', ...lines].join('\n'),
    orders: made.map((order) => order.number),
    path: '/deliveries',
    isUpdate: ({ method, path }) => method === 'POST' && path.endsWith('/deliveries'),
    ordersOf: ({ body }) => {
      const { payload } = JSON.parse(body.toString('utf8')) as { payload: string };
      return [(JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as { order_id: string }).order_id];
    },
  };
}

async function vendingShop(options: ShopOptions): Promise<Shop> {
  if (options.dispenses === true) return dispensingShop(options);
  const { seed, rows, credentials = {}, twin: own } = options;
  const vendorOptions = { orders: 'unpaid', expiry: 'off' };
  const twin = await startTwin('vending', { seed, orders: rows, vendorOptions, credentials, ...own });
  const made = Array.from({ length: rows }, (_, index) => twin.order(index));
  const line = ({ number, machineNo, createdAt }: (typeof made)[number]): string =>
    `${number},${machineNo},${beijing(createdAt)}`;
  return {
    vendor: 'vending',
    twin,
    operation: operation('vending', 'order-update', 'update'),
    params: { status: '1' },
    settings: {},
    options: OPTIONS,
    paste: ['order_id,machine_no,created_at', ...made.map(line)].join('\n'),
    orders: made.map((order) => order.number),
    path: '/orders/',
    isUpdate: (request) => request.method === 'PUT',
    ordersOf: (request) => [decodeURIComponent(request.path.slice(request.path.lastIndexOf('/') + 1))],
  };
}

const SHOPS: Record<Updating, (options: ShopOptions) => Promise<Shop>> = {
  polyv: polyvShop,
  pdd: pddShop,
  vending: vendingShop,
};

/** Starts a vendor's twin with orders that can all be updated, and the input that updates them. */
export function openShop(vendor: Updating, options: ShopOptions): Promise<Shop> {
  return SHOPS[vendor](options);
}

/** A Suning lookup of everything over the week before `nowMs`. */
export function suningWeek(nowMs: number): Values {
  const startTime = beijing(nowMs - 7 * 24 * 3_600_000);
  return { orderSource: '201', startTime, endTime: beijing(nowMs), queryType: '0', pageSize: '50' };
}
