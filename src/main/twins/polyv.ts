import { hash, timingSafeEqual } from 'node:crypto';
import { mix } from './faults.ts';
import { beijingInstant, ListCache, madeBetween } from './orders.ts';
import { pointOf } from './picture.ts';
import { jsonText, polyvDeliverable, PolyvOrders, polyvStatuses } from './polyvOrders.ts';
import type { PolyvOrder } from './polyvOrders.ts';
import type { PartSetup, TwinPart, TwinReply, TwinRequest } from './server.ts';

export { POLYV_SAMPLE_BATCH, POLYV_SAMPLE_DETAIL } from './polyvOrders.ts';
export type { PolyvOrder, PolyvStatus } from './polyvOrders.ts';

const base = '/live/v4/user/product/order/';
const threeMinutesMs = 180_000;
const mostOrdersOfABatch = 1000;
const mostRowsOfAPage = 1000;

/** A refusal in the vendor's words (polyv.md A4). */
class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, desc: string, code = status) {
    super(desc);
    this.status = status;
    this.code = code;
  }
}

/** The filters of order/list (polyv.md A5), each null when not asked for. */
interface ListFilter {
  readonly status: string | null;
  readonly channelId: string | null;
  readonly deliveryType: string | null;
  /** What was asked for, to know the same question by. */
  readonly question: readonly (string | number | null)[];
  readonly made: { readonly from: number; readonly to: number };
  readonly ranges: readonly {
    readonly of: (index: number) => number | null;
    readonly from: number;
    readonly to: number;
  }[];
}

class PolyvTwin implements TwinPart<PolyvOrder> {
  readonly size: number;
  readonly rate?: NonNullable<TwinPart['rate']>;
  readonly #setup: PartSetup;
  readonly #orders: PolyvOrders;
  readonly #lists = new ListCache();

  constructor(setup: PartSetup) {
    this.#setup = setup;
    this.#orders = new PolyvOrders(setup);
    this.size = this.#orders.size;
    // polyv.md A4: 1500 requests in 10 s for one address, then blocked for five minutes.
    if (setup.vendorOptions['rate'] !== 'off') this.rate = { requests: 1500, windowMs: 10_000, blockMs: 300_000 };
  }

  orderNumber(index: number): string {
    return this.#orders.number(index);
  }

  indexOf(order: string): number {
    return this.#orders.indexOf(order);
  }

  order(index: number): PolyvOrder {
    return this.#orders.order(index);
  }

  handle(request: TwinRequest): TwinReply {
    const cover = this.#setup.vendorOptions['covers'] === 'own' ? coverOf(request.path) : null;
    if (cover !== null) return cover;
    try {
      const query = firstValues(request.query);
      verify(query, this.#setup.credentials, request.nowMs);
      const data = this.#dispatch(request, query);
      return {
        status: 200,
        body: `{"code":200,"status":"success","requestId":"${requestId(this.#setup.seed, request)}","data":${data},"success":true}`,
      };
    } catch (error) {
      if (error instanceof Refusal) return refused(error, requestId(this.#setup.seed, request));
      throw error;
    }
  }

  #dispatch(request: TwinRequest, query: ReadonlyMap<string, string>): string {
    const covers = this.#setup.vendorOptions['covers'] === 'own' ? (request.headers.host ?? null) : null;
    const route = `${request.method} ${request.path.startsWith(base) ? request.path.slice(base.length) : ''}`;
    switch (route) {
      case 'GET get':
        return this.#detail(query, covers);
      case 'GET list':
        return this.#list(query, covers);
      case 'POST update-batch-status':
        return this.#update(request);
      default:
        throw new Refusal(404, 'illegal operation');
    }
  }

  #detail(query: ReadonlyMap<string, string>, covers: string | null): string {
    const orderNo = query.get('orderNo') ?? '';
    if (orderNo === '') throw new Refusal(400, 'param should not be empty: orderNo');
    const index = this.#orders.indexOf(orderNo);
    if (index < 0) throw new Refusal(400, `order not found: ${orderNo}.`);
    return this.#orders.json(index, covers);
  }

  #update(request: TwinRequest): string {
    const numbers = batchOf(request);
    if (request.unknownOrders !== null) {
      const wanted = request.unknownOrders;
      const unknown = wanted.length === 0 ? numbers[0] : numbers.find((number) => wanted.includes(number));
      if (unknown !== undefined) throw new Refusal(400, `order not found: ${unknown}.`);
    }
    const done: string[] = [];
    const failed: string[] = [];
    for (const number of numbers) {
      const index = this.#orders.indexOf(number);
      const known = index >= 0;
      if (known && this.#orders.status(index) === polyvDeliverable) {
        this.#orders.deliver(index, request.nowMs);
        this.#lists.changed();
        request.act(index, number, 'status', 'delivering');
        done.push(jsonText(number));
      } else {
        // No document gives an errCode; these are the twin's own.
        const why = known
          ? '"errCode":40002,"errMsg":"order status error"'
          : '"errCode":40001,"errMsg":"order not found"';
        failed.push(`{"orderNo":${jsonText(number)},${why}}`);
      }
    }
    const form = this.#setup.vendorOptions['data'] ?? 'mixed';
    if (form === 'null' || (form === 'mixed' && failed.length === 0)) return 'null';
    return `{"successOrderNos":[${done.join(',')}],"failOrderList":[${failed.join(',')}]}`;
  }

  #list(query: ReadonlyMap<string, string>, covers: string | null): string {
    const pageNumber = pageParam(query, 'pageNumber', 1, Number.MAX_SAFE_INTEGER);
    const pageSize = pageParam(query, 'pageSize', 20, mostRowsOfAPage);
    const filter = filterOf(query, this.#orders);
    const all = this.#lists.get(JSON.stringify(filter.question), () => listed(this.#orders, filter));
    const first = (pageNumber - 1) * pageSize;
    const rows = all.slice(first, first + pageSize).map((index) => this.#orders.json(index, covers));
    const total = all.length;
    const pages = Math.ceil(total / pageSize);
    return `{"pageNumber":${String(pageNumber)},"pageSize":${String(pageSize)},"totalPages":${String(pages)},"totalItems":${String(total)},"contents":[${rows.join(',')}]}`;
  }

  limited(request: TwinRequest): TwinReply | 'close' {
    if (this.#setup.vendorOptions['block'] === 'close') return 'close';
    const desc = 'qps exceeds number of calls';
    if (this.#setup.vendorOptions['limitShape'] === 'old')
      return { status: 500, body: `{"code":500,"status":"fail","message":"${desc}","data":""}` };
    return refused(new Refusal(500, desc), requestId(this.#setup.seed, request));
  }

  failed(code: string | undefined, message: string | undefined, request: TwinRequest): TwinReply {
    const number = /^\d+$/.test(code ?? '') ? Number(code) : 500;
    return refused(new Refusal(500, message ?? 'access forbidden', number), requestId(this.#setup.seed, request));
  }
}

/**
 * Polyv's three order endpoints, from seeds 000 and 001 and polyv.md.
 * Vendor options: `data` = `mixed` (default: null when all succeed, lists when some fail), `null` (always) or `lists` (always);
 * `orders` = `waiting` (every generated order is wait_delivery); `rate` = `off`; `block` = `qps` (default) or `close`:
 * what a blocked client sees, which no document says; `covers` = `own` (products' pictures lie on the twin itself); `limitShape` = `v4` (default) or `old` (code, status, message, data).
 */
export function polyvTwin(setup: PartSetup): TwinPart<PolyvOrder> {
  return new PolyvTwin(setup);
}

/** Decoded parameters; of a name that comes twice, the first. */
function firstValues(query: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) if (!values.has(name)) values.set(name, value);
  return values;
}

/** The common parameters and the sign (polyv.md A1; texts A4). */
function verify(
  query: ReadonlyMap<string, string>,
  credentials: Readonly<Record<string, string>>,
  nowMs: number,
): void {
  const appId = query.get('appId') ?? '';
  if (appId === '') throw new Refusal(400, 'appId is required.');
  if (appId !== credentials['appId']) throw new Refusal(400, 'application not found.', 20001);
  const timestamp = query.get('timestamp') ?? '';
  if (timestamp === '') throw new Refusal(400, 'param should not be empty: timestamp');
  if (!/^\d{13}$/.test(timestamp) || Math.abs(nowMs - Number(timestamp)) > threeMinutesMs) {
    throw new Refusal(400, 'invalid timestamp.');
  }
  const sign = query.get('sign') ?? '';
  if (sign === '') throw new Refusal(400, 'param should not be empty: sign');
  const method = query.get('signatureMethod') ?? '';
  if (method !== '' && method !== 'MD5' && method !== 'SHA256')
    throw new Refusal(400, 'param validate error: signatureMethod');
  const names = [...query.keys()].filter((name) => name !== 'sign' && query.get(name) !== '').sort();
  const secret = credentials['appSecret'] ?? '';
  const signed = secret + names.map((name) => name + (query.get(name) ?? '')).join('') + secret;
  const wanted = hash(method === 'SHA256' ? 'sha256' : 'md5', signed, 'hex').toUpperCase();
  const given = Buffer.from(sign);
  if (given.length !== wanted.length || !timingSafeEqual(given, Buffer.from(wanted)))
    throw new Refusal(403, 'invalid signature.');
}

/** The order numbers of a batch update's body (seed 000). */
function batchOf(request: TwinRequest): readonly string[] {
  if (!(request.headers['content-type'] ?? '').toLowerCase().startsWith('application/json')) {
    throw new Refusal(400, 'json format error');
  }
  let body: unknown;
  try {
    body = JSON.parse(request.body.toString('utf8'));
  } catch {
    throw new Refusal(400, 'json format error');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal(400, 'json format error');
  const { orderNos, status } = body as { orderNos?: unknown; status?: unknown };
  if (orderNos === undefined || orderNos === null || (Array.isArray(orderNos) && orderNos.length === 0)) {
    throw new Refusal(400, 'param should not be empty: orderNos');
  }
  if (!Array.isArray(orderNos) || !orderNos.every((one): one is string => typeof one === 'string')) {
    throw new Refusal(400, 'param validate error: orderNos');
  }
  if (orderNos.length > mostOrdersOfABatch) throw new Refusal(400, 'param length is incorrect: orderNos');
  if (status === undefined || status === null || status === '')
    throw new Refusal(400, 'param should not be empty: status');
  if (status !== 'delivering') throw new Refusal(400, 'param validate error: status');
  return orderNos;
}

function pageParam(query: ReadonlyMap<string, string>, name: string, initial: number, most: number): number {
  const given = query.get(name) ?? '';
  if (given === '') return initial;
  if (!/^\d+$/.test(given)) throw new Refusal(400, `param is not digit: ${name}`);
  const value = Number(given);
  if (value < 1 || value > most) throw new Refusal(400, 'number range error');
  return value;
}

function filterOf(query: ReadonlyMap<string, string>, orders: PolyvOrders): ListFilter {
  const given = (name: string): string | null => {
    const value = query.get(name) ?? '';
    return value === '' ? null : value;
  };
  const instant = (name: string, open: number): number => {
    const value = given(name);
    if (value === null) return open;
    const ms = beijingInstant(value);
    if (Number.isNaN(ms)) throw new Refusal(400, 'invalid date time format');
    // An end names a whole second.
    return open > 0 ? ms + 999 : ms;
  };
  const status = given('status');
  if (status !== null && !(polyvStatuses as readonly string[]).includes(status))
    throw new Refusal(400, 'param validate error: status');
  const deliveryType = given('deliveryType');
  if (deliveryType !== null && deliveryType !== 'express' && deliveryType !== 'virtual') {
    throw new Refusal(400, 'param validate error: deliveryType');
  }
  const times = {
    Create: (index: number) => orders.created(index),
    Pay: (index: number) => orders.payTime(index),
    Delivery: (index: number) => orders.deliveryTime(index),
    Finish: (index: number) => orders.finishTime(index),
  };
  const ranges = Object.entries(times)
    .map(([name, of]) => ({
      of,
      from: instant(`start${name}Time`, -Infinity),
      to: instant(`end${name}Time`, Infinity),
    }))
    .filter((range) => range.from > -Infinity || range.to < Infinity);
  const channelId = given('queryChannelId');
  const made = { from: instant('startCreateTime', -Infinity), to: instant('endCreateTime', Infinity) };
  const bounds = Object.keys(times).flatMap((name) => [given(`start${name}Time`), given(`end${name}Time`)]);
  return { status, channelId, deliveryType, ranges, made, question: [status, channelId, deliveryType, ...bounds] };
}

/** The orders that pass, the newest first, the documents' samples last. */
function listed(orders: PolyvOrders, filter: ListFilter): readonly number[] {
  const { first, end } = madeBetween(orders.count, (index) => orders.created(index), filter.made.from, filter.made.to);
  const found: number[] = [];
  for (let index = first; index < end; index += 1) if (passes(orders, filter, index)) found.push(index);
  for (let index = orders.count; index < orders.size; index += 1) if (passes(orders, filter, index)) found.push(index);
  return found;
}

/** A picture of a product, served here where the twin's option says so: one point of a colour that its name decides. */
function coverOf(path: string): TwinReply | null {
  const number = /^\/covers\/(\d{1,9})\.(png|txt|big)$/.exec(path);
  if (number === null) return null;
  if (number[2] === 'txt') return { status: 200, body: 'no picture', contentType: 'image/png' };
  if (number[2] === 'big') return { status: 200, body: Buffer.alloc(4 * 1024 * 1024, 0x89), contentType: 'image/png' };
  return { status: 200, body: pointOf(Number(number[1])), contentType: 'image/png' };
}

function passes(orders: PolyvOrders, filter: ListFilter, index: number): boolean {
  if (filter.status !== null && orders.status(index) !== filter.status) return false;
  if (filter.channelId !== null && String(orders.channelId(index)) !== filter.channelId) return false;
  if (filter.deliveryType !== null && orders.deliveryType(index) !== filter.deliveryType) return false;
  return filter.ranges.every(({ of, from, to }) => {
    const ms = of(index);
    return ms !== null && ms >= from && ms <= to;
  });
}

function requestId(seed: number, request: TwinRequest): string {
  const hex = [1, 2, 3, 4]
    .map((part) =>
      mix(seed, request.seq, 200 + part)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');
  return `${hex}.76.${String(request.nowMs)}${String(request.seq % 10_000).padStart(4, '0')}`;
}

function refused(refusal: Refusal, id: string): TwinReply {
  const status = refusal.status >= 500 ? 'fail' : 'error';
  return {
    status: refusal.status,
    body: `{"code":${String(refusal.status)},"status":"${status}","requestId":"${id}","error":{"code":${String(refusal.code)},"desc":${jsonText(refusal.message)}},"success":false}`,
  };
}
