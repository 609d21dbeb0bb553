import type { Bilingual } from '../../../contract/text.ts';
import type { Column, Field } from '../../../contract/vendor.ts';
import type { Checked, LookupOperation, LookupReading, LookupRow, Reply, Values } from '../types.ts';
import { checkFields, problemOf, splitOrders } from '../shared/check.ts';
import { unreadable } from '../shared/envelope.ts';
import type { JsonObject, JsonValue } from '../shared/json.ts';
import { asInteger, asList, asText, field, isObject } from '../shared/json.ts';
import { shanghaiTime } from '../shared/time.ts';
import { toOrder } from './order-facts.ts';
import { readLookup } from './reply.ts';
import { polyvRequest } from './sign.ts';

/** The five statuses of an order (seed 001). */
export const STATUS_WORDS: Readonly<Record<string, Bilingual>> = {
  wait_pay: { zh: '待支付', en: 'waiting for payment' },
  wait_delivery: { zh: '待发货', en: 'waiting for delivery' },
  delivering: { zh: '待收货', en: 'being delivered' },
  finish: { zh: '已完成', en: 'finished' },
  close: { zh: '已关闭', en: 'closed' },
};
const DELIVERY_WORDS: Readonly<Record<string, Bilingual>> = {
  express: { zh: '快递', en: 'express' },
  virtual: { zh: '虚拟发货', en: 'virtual' },
};
const YES_NO: Readonly<Record<string, Bilingual>> = { Y: { zh: '是', en: 'yes' }, N: { zh: '否', en: 'no' } };

/** The order number, the same field for forms and rows. */
export const ORDER_FIELD: Field = {
  id: 'orderNo',
  names: { zh: '订单号', en: 'Order number' },
  kind: 'order',
  required: true,
  example: 'product202405221129011833ad',
  maxLength: 128,
  aliases: [
    '订单号',
    '订单编号',
    '订单ID',
    '商家订单号',
    '商品订单号',
    '单号',
    'order no',
    'order number',
    'order id',
    'order',
    'orderNo',
    'order_no',
    'order_sn',
  ],
};

/** Orders by their numbers, as many as are pasted. */
const ORDERS_FIELD: Field = {
  ...ORDER_FIELD,
  names: { zh: '订单号', en: 'Order numbers' },
  kind: 'orders',
  help: {
    zh: '可以粘贴很多个，用换行、空格或逗号分开；每个订单查询一次',
    en: 'As many as you like, on lines of their own or with spaces or commas between; each is one call',
  },
};

/** Times of an order as they come: milliseconds (seed 001). */
const TIMES = [
  ['createTime', '创建时间', 'Created'],
  ['payTime', '支付时间', 'Paid'],
  ['deliveryTime', '发货时间', 'Delivered'],
  ['finishTime', '完成时间', 'Finished'],
  ['expireTime', '支付截止时间', 'Payment due'],
] as const;
/** Products' pictures: the documents' sample lies on liveimages.videocc.net (seed 001). */
const PICTURES = { list: 'products', field: 'productCover', hosts: ['videocc.net'] } as const;
/** Width of the windows in which a list over a span of time is asked for: seven days. */
const WINDOW_MS = 7 * 86_400_000;
const ADDRESS = ['name', 'mobile', 'area', 'address'] as const;

/** An order's status: a column of both look-ups, and what an update changes. */
export const STATUS_COLUMN: Column = {
  id: 'status',
  names: { zh: '状态', en: 'Status' },
  kind: 'status',
  words: STATUS_WORDS,
};

const COLUMNS: readonly Column[] = [
  { id: 'orderNo', names: ORDER_FIELD.names, kind: 'order' },
  STATUS_COLUMN,
  { id: 'amount', names: { zh: '金额', en: 'Amount' }, kind: 'amount' },
  ...TIMES.map(([id, zh, en]): Column => ({ id, names: { zh, en }, kind: 'time' })),
  { id: 'channelId', names: { zh: '频道', en: 'Channel' }, kind: 'text' },
  { id: 'transactionId', names: { zh: '微信订单号', en: 'WeChat transaction' }, kind: 'text' },
  { id: 'expressEnabled', names: { zh: '有物流', en: 'Shipped by express' }, kind: 'status', words: YES_NO },
  { id: 'viewerId', names: { zh: '下单用户', en: 'Viewer' }, kind: 'text', personal: true },
  { id: 'viewerNickName', names: { zh: '下单用户昵称', en: 'Viewer name' }, kind: 'text', personal: true },
  { id: 'name', names: { zh: '收货人', en: 'Receiver' }, kind: 'text', personal: true },
  { id: 'mobile', names: { zh: '手机号', en: 'Mobile' }, kind: 'text', personal: true },
  { id: 'area', names: { zh: '省市区', en: 'Area' }, kind: 'text', personal: true },
  { id: 'address', names: { zh: '详细地址', en: 'Address' }, kind: 'text', personal: true },
  { id: 'products.productName', names: { zh: '商品', en: 'Product' }, kind: 'text' },
  { id: 'products.amount', names: { zh: '单价', en: 'Price' }, kind: 'amount' },
  { id: 'products.quantity', names: { zh: '数量', en: 'Quantity' }, kind: 'integer' },
  { id: 'products.totalAmount', names: { zh: '小计', en: 'Sum' }, kind: 'amount' },
  { id: 'products.deliveryType', names: { zh: '发货方式', en: 'Delivery' }, kind: 'status', words: DELIVERY_WORDS },
  { id: 'products.productCover', names: { zh: '封面图', en: 'Cover picture' }, kind: 'text' },
  { id: 'products.productSnapshotId', names: { zh: '快照编号', en: 'Snapshot' }, kind: 'order' },
];

/** The texts of an object's own fields, those that are neither text nor number left out. */
function texts(object: JsonValue | undefined, keys: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const key of keys) {
    const text = asText(field(object, key));
    if (text !== undefined) values[key] = text;
  }
  return values;
}

/** A ProductOrder as a row: amounts and ids to the digit, times in Asia/Shanghai, absent values absent (seed 001; polyv.md A5). */
export function orderRow(order: JsonObject): LookupRow {
  const times = texts(
    order,
    TIMES.map(([id]) => id),
  );
  for (const [id, text] of Object.entries(times)) {
    if (/^\d{13}$/.test(text)) times[id] = shanghaiTime(Number(text));
  }
  // What the documents do not know of is kept as well, under its own name.
  const values = { ...texts(order, Object.keys(order)), ...times, ...texts(field(order, 'addressExt'), ADDRESS) };
  const products = (asList(field(order, 'products')) ?? [])
    .filter(isObject)
    .map((product) => texts(product, Object.keys(product)));
  return { values, lists: { products } };
}

function notAnOrder(): LookupReading {
  return unreadable({
    zh: '保利威的答复里有一项不是订单，或没有订单号',
    en: "Something in Polyv's reply is no order, or has no order number",
  });
}

/** `order/get`: one order. Success without data is no order (the documents do not say how a missing one is answered). */
function readGet(reply: Reply, params: Values): LookupReading {
  const read = readLookup(reply);
  if (read.kind !== 'data') return read;
  const requestId = read.requestId === undefined ? {} : { requestId: read.requestId };
  if (read.data === undefined || read.data === null) return { kind: 'page', rows: [], next: null, ...requestId };
  const order = asText(field(read.data, 'orderNo'));
  if (!isObject(read.data) || order === undefined) return notAnOrder();
  if (order !== params['orderNo']) {
    return unreadable({
      zh: '保利威答复的是另一个订单，不是所查的',
      en: 'Polyv answered with another order than the one asked for',
    });
  }
  return { kind: 'page', rows: [orderRow(read.data)], next: null, ...requestId };
}

/** `order/list`: a page of `{pageNumber, pageSize, totalPages, totalItems, contents}` (polyv.md A5). An empty page is the last. */
function readList(reply: Reply, params: Values, cursor: string | null): LookupReading {
  const read = readLookup(reply);
  if (read.kind !== 'data') return read;
  const requestId = read.requestId === undefined ? {} : { requestId: read.requestId };
  if (read.data === undefined || read.data === null) return { kind: 'page', rows: [], next: null, ...requestId };
  const contents = field(read.data, 'contents');
  const list = contents === null ? [] : asList(contents);
  if (list === undefined) {
    return unreadable({ zh: '保利威的答复里没有订单列表', en: "Polyv's reply holds no list of orders" });
  }
  const rows: LookupRow[] = [];
  for (const one of list) {
    if (!isObject(one) || asText(field(one, 'orderNo')) === undefined) return notAnOrder();
    rows.push(orderRow(one));
  }
  const page = pageOf(cursor);
  const totalPages = asInteger(field(read.data, 'totalPages'));
  const totalRows = asInteger(field(read.data, 'totalItems'));
  const more = totalPages === undefined ? rows.length >= Number(params['pageSize']) : page < totalPages;
  return {
    kind: 'page',
    rows,
    next: rows.length > 0 && more ? String(page + 1) : null,
    ...(totalPages === undefined ? {} : { totalPages }),
    ...(totalRows === undefined ? {} : { totalRows }),
    ...requestId,
  };
}

function pageOf(cursor: string | null): number {
  return cursor === null ? 1 : Number(cursor);
}

function choicesOf(words: Readonly<Record<string, Bilingual>>): NonNullable<Field['choices']> {
  return Object.entries(words).map(([value, names]) => ({ value, names }));
}

const RANGES = [
  ['Create', '创建', 'created'],
  ['Pay', '支付', 'paid'],
  ['Delivery', '发货', 'delivered'],
  ['Finish', '完成', 'finished'],
] as const;

/** The filters of order/list (polyv.md A5); times are taken to be Beijing's. */
const LIST_FIELDS: readonly Field[] = [
  {
    id: 'status',
    names: { zh: '状态', en: 'Status' },
    kind: 'choice',
    required: false,
    choices: choicesOf(STATUS_WORDS),
  },
  ...RANGES.flatMap(([id, zh, en]): readonly Field[] => [
    {
      id: `start${id}Time`,
      names: { zh: `${zh}时间从`, en: `Time ${en}, from` },
      kind: 'time',
      required: false,
      example: '2024-05-01 00:00:00',
    },
    {
      id: `end${id}Time`,
      names: { zh: `${zh}时间到`, en: `Time ${en}, to` },
      kind: 'time',
      required: false,
      example: '2024-05-31 23:59:59',
    },
  ]),
  {
    id: 'deliveryType',
    names: { zh: '发货方式', en: 'Delivery' },
    kind: 'choice',
    required: false,
    choices: choicesOf(DELIVERY_WORDS),
  },
  {
    id: 'queryChannelId',
    names: { zh: '频道号', en: 'Channel id' },
    kind: 'text',
    required: false,
    pattern: '\\d+',
    example: '4872391',
  },
  {
    id: 'pageSize',
    names: { zh: '每页条数', en: 'Rows a page' },
    help: {
      zh: '文档没有写明这个接口的上限；同类接口是 1000',
      en: 'The documents give no maximum for this interface; comparable ones take 1000',
    },
    kind: 'integer',
    required: true,
    initial: '50',
    pattern: '[1-9]\\d{0,2}|1000',
    example: '50',
  },
];

/** The form of order/list: fields one by one, then each range's start not after its end. */
function checkList(params: Values): Checked<Values> {
  const checked = checkFields(LIST_FIELDS, params);
  if (!checked.ok) return checked;
  const { value } = checked;
  const problems = RANGES.flatMap(([id]) => {
    const [start, end] = [value[`start${id}Time`], value[`end${id}Time`]];
    const endField = LIST_FIELDS.find((one) => one.id === `end${id}Time`);
    // The form is fixed-width, so that texts compare as times do.
    if (start === undefined || end === undefined || start <= end || endField === undefined) return [];
    return [problemOf('field.range', endField, { zh: '不能早于开始时间', en: 'must not be before the start' })];
  });
  return problems.length > 0 ? { ok: false, problems } : checked;
}

/** Orders by their numbers, one call each (seed 001). */
export const orderGet: LookupOperation = {
  kind: 'lookup',
  id: 'order-get',
  names: { zh: '按订单号查询', en: 'By order number' },
  params: [ORDERS_FIELD],
  warnings: [],
  columns: COLUMNS,
  check: (params) => checkFields([ORDERS_FIELD], params),
  plan: {
    kind: 'each',
    calls: (params) => splitOrders(params['orderNo'] ?? '').map((name) => ({ name, params: { orderNo: name } })),
  },
  pictures: PICTURES,
  toOrder,
  request: (params, _cursor, context) =>
    polyvRequest({ path: 'order/get', query: { orderNo: params['orderNo'] ?? '' } }, context),
  read: (reply, params) => readGet(reply, params),
};

/** Orders page by page, by status, times, channel and way of delivery (polyv.md A5). The cursor is the page's number. */
export const orderList: LookupOperation = {
  kind: 'lookup',
  id: 'order-list',
  names: { zh: '查询订单列表', en: 'Order list' },
  params: LIST_FIELDS,
  warnings: [],
  columns: COLUMNS,
  check: checkList,
  plan: {
    kind: 'pages',
    cursorOf: (page) => (page === 1 ? null : String(page)),
    // No document limits the range; windows keep small what has to be read again when orders come or go meanwhile.
    span: { begin: 'startCreateTime', end: 'endCreateTime', widestMs: () => WINDOW_MS, outOfRange: () => false },
  },
  pictures: PICTURES,
  toOrder,
  request: (params, cursor, context) =>
    polyvRequest({ path: 'order/list', query: { pageNumber: String(pageOf(cursor)), ...params } }, context),
  read: (reply, params, cursor) => readList(reply, params, cursor),
};
