import type { Column, Field } from '../../../contract/vendor.ts';
import type { LookupOperation, LookupReading, LookupRow, Reply, Settings, Values } from '../types.ts';
import { checkFields, splitOrders } from '../shared/check.ts';
import { unreadable } from '../shared/envelope.ts';
import type { JsonObject, JsonValue } from '../shared/json.ts';
import { asList, asText, field, isObject } from '../shared/json.ts';
import { toOrder } from './orders.ts';
import { readPddLookup } from './reply.ts';
import { pddRequest } from './sign.ts';
import { REFUND_WORDS, STATUS_WORDS, TAG_COLOURS, TAG_WORDS } from './words.ts';

/** The order number. Its usual form is likely, not certain (pdd.md 1.3), so another one is warned of and not refused. */
export const ORDER_FIELD: Field = {
  id: 'order_sn',
  names: { zh: '订单号', en: 'Order number' },
  kind: 'order',
  required: true,
  example: '210324-137383117442221',
  maxLength: 64,
  aliases: [
    '订单号',
    '订单编号',
    '订单ID',
    '商家订单号',
    '拼多多订单号',
    '平台订单号',
    '单号',
    'order no',
    'order number',
    'order id',
    'order',
    'orderNo',
    'order_no',
    'order_sn',
    'ordersn',
  ],
};

/** Orders by their numbers, as many as are pasted. */
const ORDERS_FIELD: Field = {
  ...ORDER_FIELD,
  names: { zh: '订单号', en: 'Order numbers' },
  kind: 'orders',
  help: {
    zh: '可以粘贴很多个，用换行、空格或逗号分开；每个订单查询一次，按调用计费',
    en: 'As many as you like, on lines of their own or with spaces or commas between; each is one call that is paid for',
  },
};

/**
 * UNCERTAIN: no document shows the reply of /order/detail. The order is looked for in these places, in this order: the gateway's `data`
 * usually lifts what Pinduoduo answers to pdd.order.information.get (`order_info_get_response.order_info`).
 */
const PLACES = [['order_info'], ['order_info_get_response', 'order_info'], ['order'], []] as const;
/** UNCERTAIN, as above: names of a value within the order, Pinduoduo's own first. The setting `notePath` overrides those of the note. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  note: ['remark', 'note', 'memo'],
  tag: ['remark_tag', 'tag'],
  tag_name: ['remark_tag_name', 'tag_name'],
  order_status: ['order_status', 'status'],
  refund_status: ['refund_status'],
  pay_amount: ['pay_amount'],
  created_time: ['created_time', 'create_time'],
  confirm_time: ['confirm_time'],
  pay_time: ['pay_time'],
  shipping_time: ['shipping_time'],
  tracking_number: ['tracking_number'],
  receiver_name: ['receiver_name'],
  receiver_phone: ['receiver_phone', 'receiver_mobile'],
  receiver_address: ['receiver_address', 'address'],
};

/** The note and its mark: columns of the look-up, and what an update changes. */
export const NOTE_COLUMNS: readonly Column[] = [
  { id: 'note', names: { zh: '商家备注', en: 'Note' }, kind: 'text' },
  { id: 'tag', names: { zh: '标记', en: 'Mark' }, kind: 'status', words: TAG_WORDS, colours: TAG_COLOURS },
  { id: 'tag_name', names: { zh: '标记名称', en: 'Mark name' }, kind: 'text' },
];

/** Columns of an order; those of its goods are named `item_list.` and their field (the gateway's SDK has them so). */
export const COLUMNS: readonly Column[] = [
  { id: 'order_sn', names: ORDER_FIELD.names, kind: 'order' },
  ...NOTE_COLUMNS,
  { id: 'order_status', names: { zh: '状态', en: 'Status' }, kind: 'status', words: STATUS_WORDS },
  { id: 'refund_status', names: { zh: '售后', en: 'Refund' }, kind: 'status', words: REFUND_WORDS },
  { id: 'pay_amount', names: { zh: '支付金额', en: 'Paid' }, kind: 'amount' },
  { id: 'created_time', names: { zh: '创建时间', en: 'Created' }, kind: 'time' },
  { id: 'confirm_time', names: { zh: '成交时间', en: 'Confirmed' }, kind: 'time' },
  { id: 'pay_time', names: { zh: '支付时间', en: 'Paid at' }, kind: 'time' },
  { id: 'shipping_time', names: { zh: '发货时间', en: 'Delivered' }, kind: 'time' },
  { id: 'tracking_number', names: { zh: '运单号', en: 'Tracking number' }, kind: 'text' },
  { id: 'receiver_name', names: { zh: '收货人', en: 'Receiver' }, kind: 'text', personal: true },
  { id: 'receiver_phone', names: { zh: '手机号', en: 'Mobile' }, kind: 'text', personal: true },
  { id: 'receiver_address', names: { zh: '地址', en: 'Address' }, kind: 'text', personal: true },
  { id: 'item_list.goods_name', names: { zh: '商品', en: 'Goods' }, kind: 'text' },
  { id: 'item_list.goods_spec', names: { zh: '规格', en: 'Specification' }, kind: 'text' },
  { id: 'item_list.goods_count', names: { zh: '数量', en: 'Quantity' }, kind: 'integer' },
  { id: 'item_list.goods_price', names: { zh: '单价', en: 'Price' }, kind: 'amount' },
  { id: 'item_list.goods_id', names: { zh: '商品编号', en: 'Goods id' }, kind: 'text' },
];

/** A value that is there: a text or number as text, null as an empty text; undefined where there is none. */
function present(value: JsonValue | undefined): string | undefined {
  return value === null ? '' : asText(value);
}

function named(order: JsonValue | undefined, names: readonly string[]): string | undefined {
  return names.map((name) => present(field(order, name))).find((text) => text !== undefined);
}

/** The order within `data`: the first place that holds its number or its note. */
function orderIn(data: JsonValue | undefined): JsonValue | undefined {
  return PLACES.map((path) => field(data, ...path)).find(
    (place) =>
      isObject(place) &&
      (asText(field(place, 'order_sn')) !== undefined || named(place, NAMES['note'] ?? []) !== undefined),
  );
}

function readDetail(reply: Reply, params: Values, settings: Settings): LookupReading {
  const read = readPddLookup(reply);
  if (read.kind !== 'accepted') return read;
  const order = orderIn(read.data);
  const asked = params['order_sn'] ?? '';
  if (order !== undefined && (asText(field(order, 'order_sn')) ?? asked) !== asked) {
    return unreadable({
      zh: '网关答复的是另一个订单，不是所查的',
      en: 'The gateway answered with another order than the one asked for',
    });
  }
  const notePath = (settings['notePath'] ?? '').trim();
  const note = notePath === '' ? named(order, NAMES['note'] ?? []) : present(field(read.data, ...notePath.split('.')));
  if (note === undefined) {
    // An absent note must not pass for an empty one: it would be overwritten unseen.
    return unreadable({
      zh: '网关的答复里找不到备注；可在账号设置的“备注位置”里写明它在哪里',
      en: 'The gateway\'s reply holds no note where it was looked for; the account\'s setting "note path" can say where it is',
    });
  }
  const row = orderRow(order, asked, settings);
  const requestId = read.requestId === undefined ? {} : { requestId: read.requestId };
  return { kind: 'page', rows: [{ ...row, values: { ...row.values, note } }], next: null, ...requestId };
}

/** An order as a row, its values under one name whichever the gateway uses; what is not known of is kept under its own. */
export function orderRow(order: JsonValue | undefined, number: string, settings: Settings): LookupRow {
  const values: Record<string, string> = {};
  const known = new Set(Object.values(NAMES).flat());
  if (isObject(order)) {
    for (const [name, value] of Object.entries(order)) {
      const text = asText(value);
      if (text !== undefined && !known.has(name)) values[name] = text;
    }
  }
  for (const [id, names] of Object.entries(NAMES)) {
    const text = named(order, names);
    if (text !== undefined) values[id] = text;
  }
  const own = (settings['notePath'] ?? '').trim().split('.').at(-1) ?? '';
  const note = own === '' ? undefined : present(field(order, own));
  if (note !== undefined) values['note'] = note;
  // A mark that is not set comes as null, an empty text or 0.
  if (values['tag'] === '0') values['tag'] = '';
  const goods = (asList(field(order, 'item_list')) ?? []).filter(isObject).map((item) => textsOf(item));
  return { values: { ...values, order_sn: number }, ...(goods.length === 0 ? {} : { lists: { item_list: goods } }) };
}

function textsOf(object: JsonObject): Values {
  const entries = Object.entries(object).map(([name, value]) => [name, asText(value)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

/** Orders by their numbers, one call each; reaches three months back (pdd.md 1.9). */
export const orderDetail: LookupOperation = {
  kind: 'lookup',
  id: 'order-detail',
  names: { zh: '按订单号查询', en: 'By order number' },
  params: [ORDERS_FIELD],
  warnings: [{ zh: '只能查到三个月内的订单', en: 'Only orders of the last three months can be read' }],
  columns: COLUMNS,
  check: (params) => checkFields([ORDERS_FIELD], params),
  plan: {
    kind: 'each',
    calls: (params) => splitOrders(params['order_sn'] ?? '').map((name) => ({ name, params: { order_sn: name } })),
  },
  toOrder,
  request: (params, _cursor, context) =>
    pddRequest('/gateway/pdd/order/detail', { order_sn: params['order_sn'] ?? '' }, context),
  read: (reply, params, _cursor, settings) => readDetail(reply, params, settings),
};
