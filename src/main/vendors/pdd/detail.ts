import type { Bilingual } from '../../../contract/text.ts';
import type { Colour, Column, Field } from '../../../contract/vendor.ts';
import type { LookupOperation, LookupReading, Reply, Settings, Values } from '../types.ts';
import { checkFields } from '../shared/check.ts';
import { unreadable } from '../shared/envelope.ts';
import type { JsonValue } from '../shared/json.ts';
import { asText, field, isObject } from '../shared/json.ts';
import { readPddLookup } from './reply.ts';
import { pddRequest } from './sign.ts';

/** Colours of the note's mark (seed 002). */
export const TAG_WORDS: Readonly<Record<string, Bilingual>> = {
  '1': { zh: '红色', en: 'red' },
  '2': { zh: '黄色', en: 'yellow' },
  '3': { zh: '绿色', en: 'green' },
  '4': { zh: '蓝色', en: 'blue' },
  '5': { zh: '紫色', en: 'purple' },
};

/** Colours of the note's mark as a screen draws them. */
export const TAG_COLOURS: Readonly<Record<string, Colour>> = {
  '1': 'red',
  '2': 'yellow',
  '3': 'green',
  '4': 'blue',
  '5': 'purple',
};

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
  pay_amount: ['pay_amount'],
  created_time: ['created_time', 'create_time'],
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

const COLUMNS: readonly Column[] = [
  { id: 'order_sn', names: ORDER_FIELD.names, kind: 'order' },
  ...NOTE_COLUMNS,
  // Its numbers stand in none of the documents, so they are shown as they come.
  { id: 'order_status', names: { zh: '状态', en: 'Status' }, kind: 'status' },
  { id: 'pay_amount', names: { zh: '支付金额', en: 'Paid' }, kind: 'amount' },
  { id: 'created_time', names: { zh: '创建时间', en: 'Created' }, kind: 'time' },
  { id: 'receiver_name', names: { zh: '收货人', en: 'Receiver' }, kind: 'text', personal: true },
  { id: 'receiver_phone', names: { zh: '手机号', en: 'Mobile' }, kind: 'text', personal: true },
  { id: 'receiver_address', names: { zh: '地址', en: 'Address' }, kind: 'text', personal: true },
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
  const values: Record<string, string> = { order_sn: asked, note };
  for (const [id, names] of Object.entries(NAMES)) {
    const text = id === 'note' ? undefined : named(order, names);
    if (text !== undefined) values[id] = text;
  }
  // A mark that is not set comes as null, an empty text or 0.
  if (values['tag'] === '0') values['tag'] = '';
  const requestId = read.requestId === undefined ? {} : { requestId: read.requestId };
  return { kind: 'page', rows: [{ values }], next: null, ...requestId };
}

/** One order by its number; reaches three months back (pdd.md 1.9). */
export const orderDetail: LookupOperation = {
  kind: 'lookup',
  id: 'order-detail',
  names: { zh: '查询订单详情', en: 'Order detail' },
  params: [ORDER_FIELD],
  warnings: [{ zh: '只能查到三个月内的订单', en: 'Only orders of the last three months can be read' }],
  columns: COLUMNS,
  check: (params) => checkFields([ORDER_FIELD], params),
  request: (params, _cursor, context) =>
    pddRequest('/gateway/pdd/order/detail', { order_sn: params['order_sn'] ?? '' }, context),
  read: (reply, params, _cursor, settings) => readDetail(reply, params, settings),
};
