import { hash } from 'node:crypto';
import { mix } from './faults.ts';
import {
  beijingDigits,
  beijingInstant,
  beijingTime,
  buyer,
  createdAt,
  ListCache,
  madeBetween,
  pick,
  Scatter,
} from './orders.ts';
import type { PartSetup, TwinOrder, TwinPart, TwinReply, TwinRequest } from './server.ts';

/** An order as the twin holds it. */
export interface PddOrder extends TwinOrder {
  readonly note: string;
  /** `1` to `5`, or empty when there is none; so is its name. */
  readonly tag: string;
  readonly tagName: string;
  /** `1` to `3`: to ship, shipped, received. */
  readonly status: string;
  /** Milliseconds. */
  readonly createdAt: number;
}

interface Note {
  readonly note: string;
  readonly tag: string;
  readonly tagName: string;
}

/** The order of the sample request (seed 002); made in 2021, so its detail is out of reach. */
export const PDD_SAMPLE = '210324-137383117442221';

const dayMs = 86_400_000;
const fiveMinutesMs = 300_000;
const threeMonthsMs = 90 * dayMs;
/** A little more than the detail reaches, so that the last orders can't be read. */
const spanMs = 92 * dayMs;
const mostRowsOfAPage = 30;
const mostRowsOfAnOldPage = 100;
const mostCharactersOfATagName = 3;
const numberShape = /^\d{6}-(\d{5})(\d{10})$/;
const goods = ['保温杯', '围巾 "加厚"', '数据线', '大码童装\\套装'] as const;
const noNote: Note = { note: '', tag: '', tagName: '' };
const someNotes: readonly Note[] = [
  { note: '催发货', tag: '1', tagName: '急单' },
  { note: '买家要求改地址,已联系', tag: '2', tagName: '黄色' },
  { note: '送礼 "不放小票" 🎁', tag: '', tagName: '' },
  { note: '老客户', tag: '5', tagName: '𬭎紫' },
];

/** A refusal of the gateway: `code` other than 0 (pdd.md 1.5). No code table is published; the upstream's numbers stand here (1.7). */
class Refusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

class PddOrders {
  readonly size: number;
  readonly #setup: PartSetup;
  readonly #scatter: Scatter;
  readonly #changed = new Map<number, Note>();

  constructor(setup: PartSetup) {
    this.#setup = setup;
    this.size = setup.orders + 1;
    this.#scatter = new Scatter(setup.seed, 32);
  }

  created(index: number): number {
    const { seed, orders, epochMs } = this.#setup;
    return index < orders ? createdAt(seed, index, orders, epochMs, spanMs) : Date.parse('2021-03-24T10:20:30+08:00');
  }

  /** `YYMMDD-` and fifteen digits: five of the seed's, ten that lead back to the index. */
  number(index: number): string {
    if (index >= this.#setup.orders) return PDD_SAMPLE;
    const head = String(mix(this.#setup.seed, index, 31) % 100_000).padStart(5, '0');
    const tail = String(this.#scatter.to(index)).padStart(10, '0');
    return `${beijingDigits(this.created(index)).slice(2, 8)}-${head}${tail}`;
  }

  indexOf(order: string): number {
    if (order === PDD_SAMPLE) return this.#setup.orders;
    const tail = Number(numberShape.exec(order)?.[2] ?? NaN);
    if (!(tail < 2 ** 32)) return -1;
    const index = this.#scatter.back(tail);
    return index < this.#setup.orders && this.number(index) === order ? index : -1;
  }

  note(index: number): Note {
    const changed = this.#changed.get(index);
    if (changed !== undefined) return changed;
    const { seed, orders, vendorOptions } = this.#setup;
    if (index >= orders || vendorOptions['notes'] === 'none') return noNote;
    const by = mix(seed, index, 32);
    return by % 5 === 0 ? pick(someNotes, by >>> 4) : noNote;
  }

  write(index: number, note: Note): void {
    this.#changed.set(index, note);
  }

  /** `1` to `3`: to ship, shipped, received. */
  status(index: number): string {
    return String((mix(this.#setup.seed, index, 34) % 3) + 1);
  }

  order(index: number): PddOrder {
    return {
      index,
      number: this.number(index),
      ...this.note(index),
      status: this.status(index),
      createdAt: this.created(index),
    };
  }

  /** `order_info` of the detail; the amount keeps its digits, a missing tag is null. */
  json(index: number): string {
    const { seed } = this.#setup;
    const { note, tag, tagName } = this.note(index);
    const who = buyer(seed, index);
    const amount = ((mix(seed, index, 33) % 50_000) / 100 + 0.1).toFixed(2);
    return (
      `{"order_sn":${JSON.stringify(this.number(index))},"remark":${JSON.stringify(note)},` +
      `"remark_tag":${tag === '' ? 'null' : tag},"remark_tag_name":${tagName === '' ? 'null' : JSON.stringify(tagName)},` +
      `"order_status":${this.status(index)},"refund_status":1,"created_time":"${beijingTime(this.created(index))}",` +
      `"item_list":[{"goods_id":${String(9_007_199_254_740_993n + BigInt(index))},"goods_name":${JSON.stringify(pick(goods, mix(seed, index, 35)))},"goods_count":${String((mix(seed, index, 36) % 3) + 1)}}],` +
      `"pay_amount":${amount},"receiver_name":${JSON.stringify(who.name)},"receiver_phone":"${who.mobile}",` +
      `"receiver_address":${JSON.stringify(`${who.area.replaceAll('/', ' ')} ${who.address}`)}}`
    );
  }
}

class PddTwin implements TwinPart<PddOrder> {
  readonly size: number;
  readonly #noteMax: number;
  readonly #setup: PartSetup;
  readonly #orders: PddOrders;
  readonly #lists = new ListCache();

  constructor(setup: PartSetup) {
    this.#setup = setup;
    this.#orders = new PddOrders(setup);
    this.size = this.#orders.size;
    this.#noteMax = Number(setup.vendorOptions['noteMax'] ?? Infinity);
  }

  orderNumber(index: number): string {
    return this.#orders.number(index);
  }

  indexOf(order: string): number {
    return this.#orders.indexOf(order);
  }

  order(index: number): PddOrder {
    return this.#orders.order(index);
  }

  handle(request: TwinRequest): TwinReply {
    try {
      const form = formOf(request);
      verify(form, this.#setup.credentials, request.nowMs);
      if (request.path === '/gateway/partner/account/detail') return this.#accountDetail(request);
      const nick = form.get('seller_nick') ?? '';
      if (nick === '') throw new Refusal(21002, '参数不能为空:seller_nick');
      if (nick !== this.#setup.credentials['sellerNick']) throw new Refusal(20031, '卖家账号未授权');
      return this.#dispatch(request, form);
    } catch (error) {
      if (error instanceof Refusal) return refused(error.code, error.message);
      throw error;
    }
  }

  #dispatch(request: TwinRequest, form: ReadonlyMap<string, string>): TwinReply {
    switch (request.path) {
      case '/gateway/pdd/order/noteupdate':
        return this.#noteUpdate(request, form);
      case '/gateway/pdd/order/detail':
        return this.#detail(request, form);
      case '/gateway/pdd/order/list':
      case '/gateway/pdd/order/v2/list':
        return this.#list(request, form);
      default:
        throw new Refusal(404, '接口不存在');
    }
  }

  #noteUpdate(request: TwinRequest, form: ReadonlyMap<string, string>): TwinReply {
    const order = required(form, 'order_sn');
    const note = required(form, 'note');
    const tag = form.get('tag') ?? '';
    const tagName = form.get('tag_name') ?? '';
    if ((tag === '') !== (tagName === '')) throw new Refusal(21001, '请求参数错误:tag与tag_name关联,都入参或都不入参');
    if (tag !== '' && !/^[1-5]$/.test(tag)) throw new Refusal(21001, '请求参数错误:tag');
    // pdd.md 1.7: the unit of "3 characters" is uncertain; code points.
    if ([...tagName].length > mostCharactersOfATagName)
      throw new Refusal(21001, '请求参数错误:tag_name长度最大为3个字符');
    const index = this.#orders.indexOf(order);
    if (index < 0 || request.unknownOrders !== null) return business(request, false, 50001, '订单不存在');
    if ([...note].length > this.#noteMax) return business(request, false, 50001, '备注长度超出限制');
    this.#orders.write(index, { note, tag, tagName });
    this.#lists.changed();
    request.act(index, order, 'note', note);
    // 1000000 beside success is Pinduoduo's ordinary success code, as in the sample.
    return business(request, true, 1_000_000, '');
  }

  #detail(request: TwinRequest, form: ReadonlyMap<string, string>): TwinReply {
    const index = this.#orders.indexOf(required(form, 'order_sn'));
    if (index < 0) throw new Refusal(50001, '订单不存在');
    // pdd.md 1.9: details reach three months back.
    if (request.nowMs - this.#orders.created(index) > threeMonthsMs)
      throw new Refusal(50001, '仅支持查询3个月内的订单');
    return ok(`{"order_info":${this.#orders.json(index)}}`, traceId(this.#setup.seed, request));
  }

  /**
   * Orders by when they were confirmed, which is when they were made here. v2 takes times as texts and 30 rows a page, v1 seconds since 1970, 100 rows and a
   * range of 24 hours (doc.fw199.com/docs/h7b/pdd-trade-list; the SDK's sample).
   */
  #list(request: TwinRequest, form: ReadonlyMap<string, string>): TwinReply {
    const v2 = request.path.includes('/v2/');
    const page = whole(form, 'page', 1, Number.MAX_SAFE_INTEGER);
    const pageSize = whole(form, 'page_size', mostRowsOfAPage, v2 ? mostRowsOfAPage : mostRowsOfAnOldPage);
    const status = oneOf(required(form, 'order_status'), 'order_status', ['1', '2', '3', '5']);
    oneOf(required(form, 'refund_status'), 'refund_status', ['1', '2', '3', '4', '5']);
    const tag = form.get('remark_tag') ?? '';
    const instant = (name: string): number => {
      const text = required(form, name);
      const ms = v2 ? beijingInstant(text) : /^\d{10}$/.test(text) ? Number(text) * 1000 : NaN;
      if (Number.isNaN(ms)) throw new Refusal(21001, `请求参数错误:${name}`);
      return ms;
    };
    const from = instant('start_confirm_at');
    const to = instant('end_confirm_at');
    const most = Number(this.#setup.vendorOptions['listHours'] ?? (v2 ? Infinity : 24)) * 3_600_000;
    if (to - from > most) throw new Refusal(21001, '开始时间结束时间间距超过24小时');
    const all = this.#lists.get(JSON.stringify([status, tag, from, to]), () => {
      const { first, end } = madeBetween(this.#setup.orders, (index) => this.#orders.created(index), from, to);
      const found: number[] = [];
      for (let index = first; index < end; index += 1) {
        if (tag !== '' && this.#orders.note(index).tag !== tag) continue;
        if (status === '5' || this.#orders.status(index) === status) found.push(index);
      }
      return found;
    });
    const start = (page - 1) * pageSize;
    const rows = all.slice(start, start + pageSize).map((index) => this.#orders.json(index));
    return ok(
      `{"total_count":${String(all.length)},"has_next":${String(start + pageSize < all.length)},"order_list":[${rows.join(',')}]}`,
      traceId(this.#setup.seed, request),
    );
  }

  #accountDetail(request: TwinRequest): TwinReply {
    return ok(
      `{"appid":${JSON.stringify(this.#setup.credentials['appId'])},"status":1}`,
      traceId(this.#setup.seed, request),
    );
  }

  limited(): TwinReply {
    return refused(52101, '当前接口被限流,请稍后重试');
  }

  failed(code: string | undefined, message: string | undefined, request: TwinRequest): TwinReply {
    return business(request, false, /^\d+$/.test(code ?? '') ? Number(code) : 50001, message ?? '业务服务错误');
  }
}

/**
 * The H7B gateway's Pinduoduo methods, from seed 002 and pdd.md.
 * Vendor options: `notes` = `none` (no order has a note at first; else every fifth or so has one);
 * `noteMax` = most characters of a note (none by default: no document gives one); `listHours` = widest range of a list (v1: 24).
 */
export function pddTwin(setup: PartSetup): TwinPart<PddOrder> {
  return new PddTwin(setup);
}

/** The fields of a form-encoded POST; of a name that comes twice, the first. */
function formOf(request: TwinRequest): Map<string, string> {
  const form = new Map<string, string>();
  if (request.method !== 'POST') throw new Refusal(10001, '请使用POST请求');
  const type = (request.headers['content-type'] ?? '').toLowerCase();
  if (!type.startsWith('application/x-www-form-urlencoded')) throw new Refusal(10001, '公共参数错误:Content-Type');
  for (const [name, value] of new URLSearchParams(request.body.toString('utf8'))) {
    if (!form.has(name)) form.set(name, value);
  }
  return form;
}

/** appid, timestamp and sign (pdd.md 1.3 and 1.4): raw values, empty ones included, the secret at both ends. */
function verify(form: ReadonlyMap<string, string>, credentials: Readonly<Record<string, string>>, nowMs: number): void {
  if (required(form, 'appid') !== credentials['appId']) throw new Refusal(20032, 'appid不存在');
  const timestamp = required(form, 'timestamp');
  if (
    !/^\d{10}$/.test(timestamp) ||
    Math.abs(Math.floor(nowMs / 1000) * 1000 - Number(timestamp) * 1000) > fiveMinutesMs
  ) {
    throw new Refusal(10001, '时间戳timestamp误差超过5分钟');
  }
  const sign = required(form, 'sign');
  const names = [...form.keys()].filter((name) => name !== 'sign').sort();
  const secret = credentials['appSecret'] ?? '';
  const signed = secret + names.map((name) => name + (form.get(name) ?? '')).join('') + secret;
  if (hash('md5', signed, 'hex') !== sign) throw new Refusal(20004, '签名sign校验失败');
}

function required(form: ReadonlyMap<string, string>, name: string): string {
  const value = form.get(name) ?? '';
  if (value === '') throw new Refusal(21002, `参数不能为空:${name}`);
  return value;
}

function oneOf(value: string, name: string, listed: readonly string[]): string {
  if (!listed.includes(value)) throw new Refusal(21001, `请求参数错误:${name}`);
  return value;
}

function whole(form: ReadonlyMap<string, string>, name: string, initial: number, most: number): number {
  const given = form.get(name) ?? '';
  if (given === '') return initial;
  const value = /^\d+$/.test(given) ? Number(given) : 0;
  if (value < 1 || value > most) throw new Refusal(21001, `请求参数错误:${name}`);
  return value;
}

/** noteupdate's `data`, as the sample writes it. */
function business(request: TwinRequest, success: boolean, errorCode: number, errorMessage: string): TwinReply {
  const id = `${String(request.nowMs)}${String(request.seq % 10_000).padStart(4, '0')}`;
  return ok(
    `{"error_code":${String(errorCode)},"request_id":"${id}","success":${String(success)},"error_msg":${JSON.stringify(errorMessage)}}`,
  );
}

function ok(data: string, trace?: string): TwinReply {
  const tail = trace === undefined ? '' : `,"trace_id":"${trace}"`;
  return { status: 200, body: `{"code":0,"message":"ok","data":${data}${tail}}` };
}

function refused(code: number, message: string): TwinReply {
  return { status: 200, body: `{"code":${String(code)},"message":${JSON.stringify(message)},"data":null}` };
}

function traceId(seed: number, request: TwinRequest): string {
  return [1, 2, 3, 4]
    .map((part) =>
      mix(seed, request.seq, 300 + part)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');
}
