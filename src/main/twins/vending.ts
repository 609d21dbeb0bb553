import { hash } from 'node:crypto';
import { beijingTime } from './orders.ts';
import type { PartSetup, TwinPart, TwinReply, TwinRequest } from './types.ts';
import { wordOf } from './vendingDeliveries.ts';
import type { DeliveryWord } from './vendingDeliveries.ts';
import { VendingOrders } from './vendingOrders.ts';
import type { VendingOrder, VendingPurchase } from './vendingOrders.ts';

export { VENDING_SAMPLE_PAID, VENDING_SAMPLE_PICKUP } from './vendingOrders.ts';
export type { VendingOrder, VendingRecord, VendingWord } from './vendingOrders.ts';

type Generation = 'legacy' | 'current';

/**
 * What can go wrong, in both published tables (vending.md 2.8); numbers paired by text as there. A reason that the legacy table
 * lacks has its nearest legacy code, or the current one where the page knows no other (4006, 6049).
 */
const errorTable = {
  emptyCredentials: {
    legacy: [10008, 'appid or appsecret is empty'],
    current: [4000, 'this appid of application is empty'],
  },
  badAppid: { legacy: [10014, 'appid is invalid'], current: [4001, 'this appid of application is invalid'] },
  badSecret: { legacy: [10013, 'app secret is invalid'], current: [4009, 'sorry, this app secret is invalid'] },
  badBody: { legacy: [400, 'Bad Request'], current: [4003, 'sorry, invalid params'] },
  badForm: { legacy: [10001, '表单校验失败，请重新输入'], current: [4003, 'sorry, invalid params'] },
  badSign: { legacy: [4006, 'sorry, payload sign invalid'], current: [4006, 'sorry, payload sign invalid'] },
  noRoute: { legacy: [404, 'Not Found'], current: [6016, 'sorry, the route path is not found'] },
  badMethod: { legacy: [404, 'Not Found'], current: [6021, 'sorry, this method is not allowed'] },
  noMachine: { legacy: [30003, '设备不存在'], current: [6026, 'sorry, this machine is not found'] },
  noRecord: { legacy: [80002, '记录不存在'], current: [4004, 'sorry, record not found'] },
  expired: { legacy: [40005, '订单已过期'], current: [6042, 'sorry, this order is expired'] },
  badStatus: { legacy: [40006, '订单状态无效'], current: [6043, 'sorry, this order status is invalid'] },
  paid: { legacy: [6049, 'sorry, this order is paid'], current: [6049, 'sorry, this order is paid'] },
  // The page's own failure sample of /deliveries prints code 0 (vending.md 2.2, doc trap).
  unpaid: { legacy: [0, '订单未支付'], current: [6054, 'sorry, this order unpaid'] },
  // No document says what a machine's lock answers; these are the nearest of the two tables.
  locked: { legacy: [30004, '设备不在运营中'], current: [6015, 'sorry, action run timeout'] },
  delivered: { legacy: [40006, '订单状态无效'], current: [6034, 'sorry, this order is already delivered'] },
  noTrade: { legacy: [10001, '表单校验失败，请重新输入'], current: [6041, 'sorry, this trade id is empty'] },
  sameTrade: { legacy: [10001, '表单校验失败，请重新输入'], current: [6040, 'sorry, this trade id is exists'] },
  notCreated: { legacy: [400, 'Bad Request'], current: [6048, 'sorry, this order create failed'] },
} as const satisfies Record<string, Record<Generation, readonly [number, string]>>;
type Reason = keyof typeof errorTable;

class Refusal extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Written as a protobuf-backed server does: zero, empty and false fields of an object are left out; digits are kept. */
type Wire = string | number | bigint | readonly Wire[] | { readonly [key: string]: Wire };

/** Printed by the pages of /deliveries for the first two; the words of the record's table for the others (vending.md 2.5). */
const deliveryWords = {
  IS_DELIVERING: '未取货或正在出货',
  IS_SUCCESS: '出货完成',
  IS_FAILED: '出货失败',
  IS_TIMEOUT: '出货超时',
} as const satisfies Record<DeliveryWord, string>;
/** A record whose last command ended so may be dispensed again. */
const again: ReadonlySet<string> = new Set(['WAITING_PICKED_UP', 'IS_FAILED', 'IS_TIMEOUT']);
/** Results are told to notify_url. */
const notified: ReadonlySet<string> = new Set(['IS_SUCCESS', 'IS_FAILED', 'IS_TIMEOUT']);

const base = '/api/openapi/v1/';
const payloadText = new TextDecoder('utf-8', { fatal: true });

/**
 * DingShang's order calls, from seed 003 and vending.md.
 * Vendor options: `errorGeneration` = `legacy` (default, as the seed's sample) or `current`; `errorStatus` = the HTTP status of
 * failures other than credentials (default 200; no document says; credentials always 401); `omitZeroCode` = `on` leaves a `code` of 0
 * out, as protobuf would; `updateData` = `empty` (default, the sample's `""`) or `order` (the table's order_id); `expiredQuery` =
 * `refused` (default: the query's own failure sample) or `closed` (shown as CLOSED); `timestampSeconds` = widest timestamp
 * error taken (none by default: not published); `orders` = `unpaid` (every generated order is young and unpaid); `expiry` = `off`;
 * those of the machines are in vendingDeliveries.ts.
 */
export function vendingTwin(setup: PartSetup): TwinPart<VendingOrder> {
  return new VendingTwin(setup);
}

class VendingTwin implements TwinPart<VendingOrder> {
  readonly size: number;
  readonly #orders: VendingOrders;
  readonly #setup: PartSetup;
  readonly #options: PartSetup['vendorOptions'];
  readonly #generation: Generation;
  readonly #errorStatus: number;

  constructor(setup: PartSetup) {
    this.#orders = new VendingOrders(setup);
    this.#setup = setup;
    this.#options = setup.vendorOptions;
    this.#generation = this.#options['errorGeneration'] === 'current' ? 'current' : 'legacy';
    this.#errorStatus = Number(this.#options['errorStatus'] ?? 200);
    this.size = this.#orders.size;
  }

  orderNumber(index: number): string {
    return this.#orders.number(index);
  }

  indexOf(order: string): number {
    return this.#orders.indexOf(order);
  }

  order(index: number): VendingOrder {
    return this.#orders.order(index);
  }

  #envelope(status: number, code: number, message: string, data: string): TwinReply {
    const head = code === 0 && this.#options['omitZeroCode'] === 'on' ? '' : `"code":${String(code)},`;
    return { status, body: `{${head}"message":${JSON.stringify(message)},"data":${data}}` };
  }

  #refused(reason: Reason): TwinReply {
    const [code, message] = errorTable[reason][this.#generation];
    const credentials = reason === 'emptyCredentials' || reason === 'badAppid' || reason === 'badSecret';
    return this.#envelope(credentials ? 401 : this.#errorStatus, code, message, '{}');
  }

  handle(request: TwinRequest): TwinReply {
    this.#orders.seen(request.trueMs);
    try {
      checkHeaders(request, this.#setup.credentials);
      return this.#envelope(200, 0, 'ok', wire(this.#dispatch(request)));
    } catch (error) {
      if (error instanceof Refusal) return this.#refused(error.reason);
      throw error;
    }
  }

  #dispatch(request: TwinRequest): Wire {
    const route = request.path.startsWith(base) ? request.path.slice(base.length) : '';
    const [name = '', id, ...rest] = route.split('/');
    if (rest.length > 0 || id === '' || !['ping', 'orders', 'deliveries'].includes(name)) throw new Refusal('noRoute');
    if (name === 'ping' && id !== undefined) throw new Refusal('noRoute');
    if (request.method === 'PUT' && name === 'orders' && id !== undefined) return this.#update(request, id);
    if (request.method !== 'POST') throw new Refusal('badMethod');
    if (name === 'ping') return 'pong';
    if (name === 'orders') return id === undefined ? this.#create(request) : this.#query(request, id);
    return id === undefined ? this.#deliver(request) : this.#delivery(request, id);
  }

  /** The signed fields of a payload whose machine and timestamp are in order. */
  #signedFields(request: TwinRequest): ReadonlyMap<string, string> {
    const fields = payloadOf(request.body);
    verifySign(fields, this.#setup.credentials['signKey'] ?? '');
    const timestamp = textOf(fields, 'timestamp');
    if (!/^\d{10}$/.test(timestamp)) throw new Refusal('badForm');
    if (
      Math.abs(Math.floor(request.nowMs / 1000) - Number(timestamp)) >
      Number(this.#options['timestampSeconds'] ?? Infinity)
    )
      throw new Refusal('badForm');
    if (!this.#orders.hasMachine(textOf(fields, 'machine_no'))) throw new Refusal('noMachine');
    return new Map([...fields].map(([name, value]) => [name, String(value)]));
  }

  /** The index of an order of the payload's machine. */
  #find(request: TwinRequest, fields: ReadonlyMap<string, string>, order: string): number {
    const index = this.#orders.indexOf(order);
    if (index < 0 || request.unknownOrders !== null) throw new Refusal('noRecord');
    if (this.#orders.machine(index) !== fields.get('machine_no')) throw new Refusal('noRecord');
    return index;
  }

  /** PUT /orders/{order_id}: an unpaid order takes 1 to 6; a paid one can only be refunded (2). */
  #update(request: TwinRequest, id: string): Wire {
    const fields = this.#signedFields(request);
    const status = fields.get('status') ?? '';
    if (!/^[1-6]$/.test(status)) throw new Refusal('badForm');
    const index = this.#find(request, fields, id);
    if (this.#orders.expired(index, request.nowMs)) throw new Refusal('expired');
    const word = this.#orders.word(index);
    if (word === 'SUCCESS' && status === '1') throw new Refusal('paid');
    if (word !== 'NOTPAY' && !(word === 'SUCCESS' && status === '2')) throw new Refusal('badStatus');
    this.#orders.update(index, Number(status));
    request.act(index, id, 'update', status);
    return this.#options['updateData'] === 'order' ? { order_id: BigInt(id) } : '';
  }

  /** POST /orders/{order_id}. */
  #query(request: TwinRequest, id: string): Wire {
    const index = this.#find(request, this.#signedFields(request), id);
    const order = this.#orders.order(index);
    const expired = this.#orders.expired(index, request.nowMs);
    if (expired && this.#options['expiredQuery'] !== 'closed') throw new Refusal('expired');
    return {
      order_id: BigInt(id),
      trade_id: order.tradeId,
      date: beijingTime(order.createdAt).slice(0, 10),
      amount: yuan(order.records.reduce((sum, record) => sum + record.cents, 0)),
      status: expired ? 'CLOSED' : order.status,
      notify_send_count: order.records.filter((record) => notified.has(record.status)).length,
      records: order.records.map((record) => ({
        id: record.id,
        product_id: record.productId,
        quantity: record.quantity,
        price: yuan(record.cents),
        status: record.status,
        notify_sent: notified.has(record.status) ? '1' : '0',
      })),
      pickup_code_id: order.status === 'PICKUPCODE' ? index + 1 : 0,
    };
  }

  /** POST /orders: plain, unsigned JSON (vending.md 2.2). */
  #create(request: TwinRequest): Wire {
    const purchase = purchaseOf(request.body);
    if (purchase.tradeId === '') throw new Refusal('noTrade');
    if (this.#orders.hasTrade(purchase.tradeId)) throw new Refusal('sameTrade');
    if (purchase.tradeId.length < 20 || purchase.tradeId.length > 32) throw new Refusal('badForm');
    if (!this.#orders.hasMachine(purchase.machineNo)) throw new Refusal('noMachine');
    const index = this.#orders.create(purchase, request.nowMs);
    if (index < 0) throw new Refusal('notCreated');
    request.act(index, this.#orders.number(index), 'create', purchase.tradeId);
    return { order_id: BigInt(this.#orders.number(index)) };
  }

  /** POST /deliveries: one record of a paid or pickup-code order, within the order's twenty minutes. */
  #deliver(request: TwinRequest): Wire {
    const fields = this.#signedFields(request);
    if (fields.get('method') !== 'device.delivery.put') throw new Refusal('badForm');
    const id = fields.get('order_id') ?? '';
    const index = this.#find(request, fields, id);
    const order = this.#orders.order(index);
    const record = order.records.find((one) => String(one.id) === fields.get('record_id'));
    if (record === undefined) throw new Refusal('noRecord');
    if (order.status === 'NOTPAY' && !this.#orders.aged(index, request.nowMs)) throw new Refusal('unpaid');
    if (order.status !== 'PICKUPCODE' && this.#orders.aged(index, request.nowMs)) throw new Refusal('expired');
    if (order.status !== 'SUCCESS' && order.status !== 'PICKUPCODE') throw new Refusal('unpaid');
    if (!again.has(record.status)) throw new Refusal('delivered');
    const { deliveries } = this.#orders;
    if (deliveries.locked(order.machineNo, request.trueMs)) throw new Refusal('locked');
    const delivery = deliveries.begin(order.machineNo, record.id, request.trueMs);
    request.act(index, id, 'delivery', String(record.id));
    return {
      delivery_id: delivery.id,
      delivered_at: beijingTime(request.nowMs),
      status: deliveryWords.IS_DELIVERING,
    };
  }

  /** POST /deliveries/{delivery_id}. */
  #delivery(request: TwinRequest, id: string): Wire {
    const fields = this.#signedFields(request);
    const found = this.#orders.deliveries.get(id);
    // The dispense query's own failure sample: 404 Not Found.
    if (found === undefined || found.machineNo !== fields.get('machine_no')) throw new Refusal('noRoute');
    const word = wordOf(found, request.trueMs);
    return {
      delivered_at: beijingTime(found.atMs),
      status: deliveryWords[word],
      pickup_at: word === 'IS_SUCCESS' ? beijingTime(found.endMs) : '',
      fail_reason: word === 'IS_FAILED' ? found.reason : '',
    };
  }

  /** No limit is published; this is what a gateway in front of one would say. */
  limited(): TwinReply {
    return this.#envelope(429, 429, 'Too Many Requests', '{}');
  }

  failed(code: string | undefined, message: string | undefined): TwinReply {
    const [ownCode, ownMessage] = errorTable.badStatus[this.#generation];
    return this.#envelope(this.#errorStatus, code === undefined ? ownCode : Number(code), message ?? ownMessage, '{}');
  }
}

/** Both headers, compared with the merchant's (vending.md 2.2). */
function checkHeaders(request: TwinRequest, credentials: Readonly<Record<string, string>>): void {
  const appId = request.headers['appid'] ?? '';
  const appSecret = request.headers['appsecret'] ?? '';
  if (appId === '' || appSecret === '') throw new Refusal('emptyCredentials');
  if (appId !== credentials['appId']) throw new Refusal('badAppid');
  if (appSecret !== credentials['appSecret']) throw new Refusal('badSecret');
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal('badBody');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('badBody');
  return { ...value };
}

/** The flat fields inside `{"payload":"<standard, padded base64 of UTF-8 JSON>"}`. */
function payloadOf(body: Buffer): ReadonlyMap<string, string | number> {
  const payload = objectOf(body.toString('utf8'))['payload'];
  if (typeof payload !== 'string') throw new Refusal('badBody');
  const bytes = Buffer.from(payload, 'base64');
  // Buffer takes URL-safe, unpadded and dirty base64, too.
  if (bytes.toString('base64') !== payload) throw new Refusal('badBody');
  let text: string;
  try {
    text = payloadText.decode(bytes);
  } catch {
    throw new Refusal('badBody');
  }
  const fields = new Map<string, string | number>();
  for (const [name, value] of Object.entries(objectOf(text))) {
    if (typeof value !== 'string' && typeof value !== 'number') throw new Refusal('badBody');
    fields.set(name, value);
  }
  return fields;
}

/** vending.md 2.3: fields in ASCII order, empty and `NULL` ones and the sign left out, plain values, MD5 in upper case. */
function verifySign(fields: ReadonlyMap<string, string | number>, signKey: string): void {
  const names = [...fields.keys()].filter(
    (name) => name !== 'sign' && !['', 'NULL'].includes(String(fields.get(name))),
  );
  const pairs = names.sort().map((name) => `${name}=${String(fields.get(name))}&`);
  const sign = hash('md5', `${pairs.join('')}key=${signKey}`, 'hex').toUpperCase();
  if (fields.get('sign') !== sign) throw new Refusal('badSign');
}

/** A field that the documents call a string. */
function textOf(fields: ReadonlyMap<string, string | number>, name: string): string {
  const value = fields.get(name);
  if (typeof value !== 'string' || value === '') throw new Refusal('badForm');
  return value;
}

function purchaseOf(body: Buffer): VendingPurchase {
  const form = objectOf(body.toString('utf8'));
  const { machine_no: machineNo, notify_url: notifyUrl, trade_id: tradeId = '', products } = form;
  if (typeof machineNo !== 'string' || typeof notifyUrl !== 'string' || notifyUrl === '') throw new Refusal('badForm');
  if (typeof tradeId !== 'string' || !Array.isArray(products) || products.length === 0) throw new Refusal('badForm');
  return { machineNo, tradeId, products: products.map(productOf) };
}

function productOf(value: unknown): { readonly productId: number; readonly quantity: number } {
  if (typeof value !== 'object' || value === null) throw new Refusal('badForm');
  const { product_id: productId, quantity } = { product_id: undefined, quantity: undefined, ...value } as {
    product_id: unknown;
    quantity: unknown;
  };
  if (!isCount(productId) || !isCount(quantity)) throw new Refusal('badForm');
  return { productId, quantity };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function wire(value: Wire): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(wire).join(',')}]`;
  const kept = Object.entries(value).filter(([, field]) => field !== '' && field !== 0);
  return `{${kept.map(([name, field]) => `${JSON.stringify(name)}:${wire(field)}`).join(',')}}`;
}

function isList(value: Wire): value is readonly Wire[] {
  return Array.isArray(value);
}

function yuan(cents: number): string {
  return (cents / 100).toFixed(2);
}
