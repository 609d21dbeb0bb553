import { hash } from 'node:crypto';
import { beijingInstant } from './orders.ts';
import type { PartSetup, TwinPart, TwinReply, TwinRequest } from './types.ts';
import { MessageError, readJson, readXml, xmlText } from './suningMessage.ts';
import type { MessageNode } from './suningMessage.ts';
import { SuningOrders, suningSources } from './suningOrders.ts';
import type { SuningOrder } from './suningOrders.ts';

export { SUNING_SAMPLE, suningSources } from './suningOrders.ts';
export type { SuningJob, SuningOrder } from './suningOrders.ts';

const method = 'suning.fourps.orderstatus.query';
const version = 'v1.2';
const path = '/api/http/sopRequest';
const tenMinutesMs = 600_000;
const dayMs = 86_400_000;
const mostRowsOfAPage = 50;
const rowsOfAPage = 10;
const lastPage = 99_999;
const bodyText = new TextDecoder('utf-8', { fatal: true });

/** The vendor's words for its codes, as seed 004 has them; the token codes as suning.md B4 names them, with our words. */
const words: Readonly<Record<string, string>> = {
  'biz.handler.data-get:no-result': '查询无结果',
  'isp.sys.service.unavailable.fpsos': '服务不可用(系统异常)',
  'sys.check.user-permission:inexistence': '用户key不存在',
  'sys.check.api-permission:inexistence': 'Api方法不存在',
  'sys.check.app-time:error': '请求参数错误api请求时间误差大',
  'sys.check.request-apprequesttime:error': '请求参数错误api请求时间误差大',
  'sys.check.request-params:error': '请求报文结构错误',
  'sys.check.pageno-format:error': 'pageNo格式错误,只允许1到99999之间的整数',
  'sys.check.pagesize-format:error': 'pageSize格式错误,只允许1到50之间的整数(订单相关是1到100)',
  'sys.check.page-param:error':
    'pageNo或者pageSize不在要求范围内,pageNo只允许1到99999之间的整数,pageSize只允许1到50之间的整数(订单相关是1到100)',
  'sys.check.miss-time:starttime': '不存在开始时间(节点)',
  'sys.check.miss-time:endtime': '不存在结束时间(节点)',
  'sys.check.starttime-value:null': '开始时间为空(值)',
  'sys.check.endtime-value:null': '结束时间为空(值)',
  'sys.check.starttime-format:error': '校验开始时间不合法,格式yyyy-MM-dd HH:mm:ss',
  'sys.check.endtime-format:error': '校验结束时间不合法,格式yyyy-MM-dd HH:mm:ss',
  'sys.check.query-time:error': '开始时间是否小于结束时间',
  'sys.check.query-time:outofrange': '时间查询是否超出指定范围',
  'sys.check.app-sign:null': '签名信息为空',
  'sys.check.app-sign:error': '签名信息错误',
  'sys.check.missing-parameter:apiversion': 'API版本号未指定',
  'sys.check.missing-parameter:appRequestTime': '请求时间丢失',
  'sys.check.missing-nestElement:sn_body': '缺少sn_body节点',
  'biz.handler.request-message:error': '查询类API输入多个业务节点',
  'sys.check.header-param:null': 'header参数为空',
  'sys.controller.api-frequency:limit': '访问频率限制',
  'sys.oauth.check.access_token:inexistence': '访问令牌不存在',
  'sys.oauth.check.access_token:overdue': '访问令牌已过期',
};

/** A refusal by one of the vendor's codes. */
class Refusal extends Error {
  readonly code: string;
  readonly words: string;

  constructor(code: string, ownWords = words[code] ?? '') {
    super(code);
    this.code = code;
    this.words = ownWords;
  }
}

interface Query {
  readonly source: string;
  readonly kind: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly pageNo: number;
  readonly pageSize: number;
}

/**
 * Suning's order status query, from seed 004 and suning.md.
 * A credential `accessToken` (none by default) is wanted in the header `access_token`.
 * Vendor options: `errorMsg` = `absent` (no error_msg); `errorHead` = `empty` (an empty sn_head beside sn_error);
 * `jsonNumbers` = `on` (sn_head's values as JSON numbers); `singleAsObject` = `on` (a list of one as an object in JSON);
 * `maxRangeDays` = widest time range (none by default: not documented); `clockCode` = the code of a clock error (default
 * `sys.check.app-time:error`; production logs show `sys.check.request-apprequesttime:error`); `token` = `overdue`.
 */
export function suningTwin(setup: PartSetup): TwinPart<SuningOrder> {
  return new SuningTwin(setup);
}

class SuningTwin implements TwinPart<SuningOrder> {
  readonly size: number;
  readonly #orders: SuningOrders;
  readonly #credentials: PartSetup['credentials'];
  readonly #options: PartSetup['vendorOptions'];

  constructor(setup: PartSetup) {
    this.#orders = new SuningOrders(setup);
    this.#credentials = setup.credentials;
    this.#options = setup.vendorOptions;
    this.size = this.#orders.size;
  }

  orderNumber(index: number): string {
    return this.#orders.number(index);
  }

  indexOf(order: string): number {
    return this.#orders.indexOf(order);
  }

  order(index: number): SuningOrder {
    return this.#orders.order(index);
  }

  #refused(request: TwinRequest, code: string, message: string): TwinReply {
    const withWords = this.#options['errorMsg'] !== 'absent' && message !== '';
    const withHead = this.#options['errorHead'] === 'empty';
    if (isJson(request)) {
      const error = { error_code: code, ...(withWords ? { error_msg: message } : {}) };
      const content = { ...(withHead ? { sn_head: {} } : {}), sn_error: error };
      return json(JSON.stringify({ sn_responseContent: content }));
    }
    const error = [element('error_code', code), ...(withWords ? [element('error_msg', message)] : [])];
    const content = [...(withHead ? ['<sn_head/>'] : []), parent('sn_error', error)];
    return xml(parent('sn_responseContent', content));
  }

  handle(request: TwinRequest): TwinReply {
    if (request.path !== path && !request.path.startsWith(`${path}/`))
      return { status: 404, body: '<html><body>404 Not Found</body></html>', contentType: 'text/html' };
    try {
      this.#checkHeaders(request);
      return this.#answer(request, this.#readQuery(request));
    } catch (error) {
      if (error instanceof Refusal) return this.#refused(request, error.code, error.words);
      throw error;
    }
  }

  /** The system parameters (suning.md B1, B2): presence, method, key, version, clock, sign, token. */
  #checkHeaders(request: TwinRequest): void {
    if (request.method !== 'POST') throw new Refusal('sys.check.request-params:error');
    const appMethod = header(request, 'appmethod');
    const appKey = header(request, 'appkey');
    const versionNo = header(request, 'versionno');
    const time = header(request, 'apprequesttime');
    const sign = header(request, 'signinfo');
    if (appMethod === '' || appKey === '') throw new Refusal('sys.check.header-param:null');
    if (versionNo === '') throw new Refusal('sys.check.missing-parameter:apiversion');
    if (time === '') throw new Refusal('sys.check.missing-parameter:appRequestTime');
    if (sign === '') throw new Refusal('sys.check.app-sign:null');
    const suffix = request.path.slice(path.length + 1);
    if (appMethod !== method || (suffix !== '' && suffix !== method))
      throw new Refusal('sys.check.api-permission:inexistence');
    if (appKey !== this.#credentials['appKey']) throw new Refusal('sys.check.user-permission:inexistence');
    if (versionNo !== version) throw new Refusal('sys.check.missing-parameter:apiversion');
    const timeMs = beijingInstant(time);
    // Written so that a time that can't be read (NaN) is refused, too.
    if (!(Math.abs(Math.floor(request.nowMs / 1000) * 1000 - timeMs) <= tenMinutesMs))
      throw new Refusal(this.#options['clockCode'] ?? 'sys.check.app-time:error');
    const body = request.body.toString('base64');
    const signed = `${this.#credentials['appSecret'] ?? ''}${appMethod}${time}${appKey}${versionNo}${body}`;
    if (hash('md5', signed, 'hex') !== sign) throw new Refusal('sys.check.app-sign:error');
    const token = this.#credentials['accessToken'] ?? '';
    if (token !== '' && header(request, 'access_token') !== token)
      throw new Refusal('sys.oauth.check.access_token:inexistence');
    if (this.#options['token'] === 'overdue') throw new Refusal('sys.oauth.check.access_token:overdue');
  }

  #readQuery(request: TwinRequest): Query {
    const fields = businessNode(messageOf(request));
    const source = parameter(fields, 'orderSource', suningSources);
    const fromMs = timeOf(fields, 'startTime');
    const toMs = timeOf(fields, 'endTime');
    const kind = parameter(fields, 'queryType', ['0', '1', '2']);
    const pageSize = whole(fields, 'pageSize', rowsOfAPage, mostRowsOfAPage);
    const pageNo = whole(fields, 'pageNo', 1, lastPage);
    if (fromMs > toMs) throw new Refusal('sys.check.query-time:error');
    if (toMs - fromMs > Number(this.#options['maxRangeDays'] ?? Infinity) * dayMs)
      throw new Refusal('sys.check.query-time:outofrange');
    return { source, kind, fromMs, toMs, pageNo, pageSize };
  }

  #answer(request: TwinRequest, query: Query): TwinReply {
    const { source, kind, fromMs, toMs, pageNo, pageSize } = query;
    const { total, indexes } = this.#orders.page(source, kind, fromMs, toMs, pageNo, pageSize);
    if (indexes.length === 0) throw new Refusal('biz.handler.data-get:no-result');
    const found = indexes.map((index) => this.#orders.order(index));
    const head: readonly (readonly [string, string])[] = [
      ['pageTotal', String(Math.ceil(total / pageSize))],
      ['pageNo', String(pageNo)],
      ['pageSize', String(pageSize)],
      ['returnMessage', 'biz.handler.data-get:success'],
    ];
    if (!isJson(request)) {
      const headNodes = head.map(([name, value]) => element(name, value));
      return xml(parent('sn_responseContent', [parent('sn_head', headNodes), parent('sn_body', found.map(orderXml))]));
    }
    const numbers = this.#options['jsonNumbers'] === 'on';
    const headNode = Object.fromEntries(
      head.map(([name, value]) => [name, numbers && name !== 'returnMessage' ? Number(value) : value]),
    );
    const body = { queryOrderStatus: this.#listOf(found.map((order) => this.#orderJson(order))) };
    return json(JSON.stringify({ sn_responseContent: { sn_head: headNode, sn_body: body } }));
  }

  #listOf(list: readonly object[]): unknown {
    return this.#options['singleAsObject'] === 'on' && list.length === 1 ? list[0] : list;
  }

  #orderJson(order: SuningOrder): object {
    const jobs = order.jobs;
    return {
      orderSource: order.orderSource,
      // A sibling's real answers have null for empty fields (suning.md B4).
      ...(order.orderError === undefined ? {} : { orderError: order.orderError === '' ? null : order.orderError }),
      orderId: order.number,
      orderStatus: order.orderStatus,
      ...(jobs.length === 0 ? {} : { jobList: this.#listOf(jobs) }),
    };
  }

  limited(request: TwinRequest): TwinReply {
    return this.failed('sys.controller.api-frequency:limit', undefined, request);
  }

  failed(code: string | undefined, message: string | undefined, request: TwinRequest): TwinReply {
    const refusal = new Refusal(code ?? 'isp.sys.service.unavailable.fpsos');
    return this.#refused(request, refusal.code, message ?? refusal.words);
  }
}

function header(request: TwinRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

/** `Format` decides, whatever the Content-Type says; XML without it (suning.md B2). */
function isJson(request: TwinRequest): boolean {
  return header(request, 'format').toLowerCase() === 'json';
}

function messageOf(request: TwinRequest): MessageNode {
  if (!['', 'xml', 'json'].includes(header(request, 'format').toLowerCase()))
    throw new Refusal('sys.check.request-params:error');
  try {
    const text = bodyText.decode(request.body);
    return isJson(request) ? readJson(text) : readXml(text);
  } catch (error) {
    // TypeError: not UTF-8.
    if (error instanceof MessageError || error instanceof TypeError)
      throw new Refusal('sys.check.request-params:error');
    throw error;
  }
}

/** sn_request > sn_body > queryOrderStatus, each once. */
function businessNode(message: MessageNode): ReadonlyMap<string, readonly MessageNode[]> {
  const malformed = 'sys.check.request-params:error';
  const request = only(message, 'sn_request', malformed, malformed);
  const body = only(request, 'sn_body', 'sys.check.missing-nestElement:sn_body', malformed);
  if (typeof body !== 'string' && [...body.values()].flat().length > 1)
    throw new Refusal('biz.handler.request-message:error');
  const node = only(body, 'queryOrderStatus', malformed, malformed);
  if (typeof node === 'string') throw new Refusal(malformed);
  return node;
}

function only(node: MessageNode, name: string, missing: string, repeated: string): MessageNode {
  const list = typeof node === 'string' ? undefined : node.get(name);
  const first = list?.[0];
  if (list === undefined || first === undefined) throw new Refusal(missing);
  if (list.length > 1) throw new Refusal(repeated);
  return first;
}

/** A field's text; undefined when its node is missing. */
function text(fields: ReadonlyMap<string, readonly MessageNode[]>, name: string): string | undefined {
  if (!fields.has(name)) return undefined;
  const malformed = 'sys.check.request-params:error';
  const value = only(fields, name, malformed, malformed);
  if (typeof value !== 'string') throw new Refusal(malformed);
  return value;
}

/** A required field that takes one of a list. */
function parameter(
  fields: ReadonlyMap<string, readonly MessageNode[]>,
  name: string,
  listed: readonly string[],
): string {
  const value = text(fields, name);
  if (value === undefined)
    throw new Refusal(`biz.fourps.queryorderstatus.missing-parameter:${name}`, `请求参数为空:${name}`);
  if (!listed.includes(value))
    throw new Refusal(
      `biz.fourps.queryorderstatus.${name.toLowerCase()}:value-null-invalid`,
      `请求参数非法,值为空或长度超长:${name}`,
    );
  return value;
}

function timeOf(fields: ReadonlyMap<string, readonly MessageNode[]>, name: 'startTime' | 'endTime'): number {
  const value = text(fields, name);
  const lower = name.toLowerCase();
  if (value === undefined) throw new Refusal(`sys.check.miss-time:${lower}`);
  if (value === '') throw new Refusal(`sys.check.${lower}-value:null`);
  const ms = beijingInstant(value);
  if (Number.isNaN(ms)) throw new Refusal(`sys.check.${lower}-format:error`);
  return ms;
}

/** An optional whole number from 1: no integer is a format error, one out of range is page-param's. */
function whole(
  fields: ReadonlyMap<string, readonly MessageNode[]>,
  name: 'pageSize' | 'pageNo',
  initial: number,
  most: number,
): number {
  const value = text(fields, name);
  if (value === undefined) return initial;
  if (!/^-?\d{1,9}$/.test(value)) throw new Refusal(`sys.check.${name.toLowerCase()}-format:error`);
  const number = Number(value);
  if (number < 1 || number > most) throw new Refusal('sys.check.page-param:error');
  return number;
}

function orderXml(order: SuningOrder): string {
  const numeric = order.index % 2 === 1;
  return parent('queryOrderStatus', [
    element('orderSource', order.orderSource),
    ...(order.orderError === undefined ? [] : [element('orderError', order.orderError, numeric)]),
    element('orderId', order.number),
    element('orderStatus', order.orderStatus),
    ...order.jobs.map((job) =>
      parent('jobList', [
        element('jobType', job.jobType),
        element('jobId', job.jobId),
        element('jobStatus', job.jobStatus, numeric),
      ]),
    ),
  ]);
}

function element(name: string, value: string, numeric = false): string {
  return `<${name}>${xmlText(value, numeric)}</${name}>`;
}

/** Spaces between elements, as the sample has them. */
function parent(name: string, children: readonly string[]): string {
  return `<${name}> ${children.join(' ')} </${name}>`;
}

function xml(body: string): TwinReply {
  return { status: 200, body, contentType: 'text/xml;charset=UTF-8' };
}

function json(body: string): TwinReply {
  return { status: 200, body };
}
