import type { Column, Field } from '../../../contract/vendor.ts';
import type { Bilingual } from '../../../contract/text.ts';
import { ORDER_WORDS, RECORD_WORDS, STATUSES } from './words.ts';
import { MACHINE_LOCK_S, ORDER_TTL_MIN } from './window.ts';

/** Visible ASCII without spaces: what may stand in a header, and no stray space from copying. */
const KEY_PATTERN = '[\\x21-\\x7e]+';

export const CREDENTIALS: readonly Field[] = [
  {
    id: 'appId',
    names: { zh: 'Appid', en: 'Appid' },
    help: {
      zh: '像 ds 加 16 位十六进制，在“商户信息”里',
      en: 'Looks like ds and 16 hex digits; in "merchant information"',
    },
    kind: 'text',
    required: true,
    pattern: KEY_PATTERN,
    maxLength: 128,
    example: 'ds0123456789abcdef',
  },
  {
    id: 'appSecret',
    names: { zh: 'AppSecret', en: 'AppSecret' },
    help: { zh: '每次调用都会随请求头发送，只走 HTTPS', en: 'Sent in a header with every call, over HTTPS alone' },
    kind: 'secret',
    required: true,
    pattern: KEY_PATTERN,
    maxLength: 256,
  },
  {
    id: 'signKey',
    names: { zh: '签名密钥（商户 ID / AppKey）', en: 'Sign key (merchant id / AppKey)' },
    help: {
      zh: '不是 AppSecret：开发者中心里的商户 ID（新版叫 AppKey），只用来签名',
      en: 'Not the AppSecret: the merchant id in the developer centre (AppKey in newer pages); it only signs',
    },
    kind: 'secret',
    required: true,
    pattern: KEY_PATTERN,
    maxLength: 256,
  },
];

export const SETTINGS: readonly Field[] = [
  {
    id: 'hexCase',
    names: { zh: '签名的大小写', en: 'Case of the sign' },
    kind: 'choice',
    required: true,
    initial: 'upper',
    choices: [
      { value: 'upper', names: { zh: '大写', en: 'Upper case' } },
      { value: 'lower', names: { zh: '小写', en: 'Lower case' } },
    ],
  },
  {
    id: 'valueEncoding',
    names: { zh: '签名里的取值编码', en: 'Encoding of values in the sign' },
    help: {
      zh: '文档示例都不编码；鼎商自己的几个程序库对特殊字符的做法不同。只有数字时结果都一样',
      en: "The documents' samples encode nothing; DingShang's own libraries differ for special characters. For digits all agree",
    },
    kind: 'choice',
    required: true,
    initial: 'plain',
    choices: [
      { value: 'plain', names: { zh: '不编码', en: 'None' } },
      { value: 'goQuery', names: { zh: 'Go 库的做法', en: 'As the Go library' } },
      { value: 'encodeURI2', names: { zh: 'JavaScript 库的做法', en: 'As the JavaScript library' } },
      { value: 'javaUrlEncoder', names: { zh: 'Kotlin 库的做法', en: 'As the Kotlin library' } },
    ],
  },
  {
    id: 'orderTtlMin',
    names: { zh: '未支付订单的有效分钟', en: 'Minutes that an unpaid order lives' },
    help: {
      zh: '平台在 20 分钟后让未支付的订单失效并退回库存',
      en: 'The platform expires an unpaid order after 20 minutes and returns its stock',
    },
    kind: 'integer',
    required: true,
    initial: String(ORDER_TTL_MIN),
    pattern: '[1-9]\\d{0,2}',
    example: '20',
  },
  {
    id: 'lockSeconds',
    names: { zh: '一台机器两次出货之间的秒数', en: 'Seconds between two dispenses of one machine' },
    help: {
      zh: '上一次有了结果就不再等；文档：默认 45，电子锁 15，电机 30，履带 90',
      en: 'The result of one ends the wait; by the documents 45 by default, electronic lock 15, motor 30, belt 90',
    },
    kind: 'integer',
    required: true,
    initial: String(MACHINE_LOCK_S),
    pattern: '[1-9]\\d{0,2}',
    example: '45',
  },
];

const RESTOCKS: Bilingual = {
  zh: '平台会当作付款失败，把商品数量退回库存',
  en: 'The platform takes it as a failed payment and returns the goods to stock',
};
const USER_PAYING: Bilingual = {
  zh: '按文档，“用户支付中”也算付款失败并退回库存；发送前请向鼎商确认',
  en: 'By the documents "user paying" counts as a failed payment too and restocks; ask DingShang before you send it',
};

const STATUS: Field = {
  id: 'status',
  names: { zh: '改成的状态', en: 'New status' },
  help: { zh: '每行可以自带；没有时用这里的', en: "A row's own status comes first; this is for rows without one" },
  kind: 'choice',
  required: false,
  choices: STATUSES.map(({ value, names }) => {
    if (value === '1') return { value, names };
    return { value, names, warning: value === '5' ? USER_PAYING : RESTOCKS };
  }),
};

export const ORDER_ID: Field = {
  id: 'order_id',
  names: { zh: '订单号', en: 'Order id' },
  help: { zh: '鼎商的订单号，只有数字', en: "DingShang's order id, digits only" },
  kind: 'order',
  required: true,
  // A whole number of at most 64 bits: with a zero in front it would be the same order as without.
  pattern: '[1-9]\\d{0,18}',
  example: '1234567',
  aliases: ['订单号', '订单编号', '订单id', '平台订单号', 'order id', 'order', 'order number', 'orderid'],
};

export const MACHINE_NO: Field = {
  id: 'machine_no',
  names: { zh: '设备编号', en: 'Machine number' },
  help: { zh: '一般是 8 位数字', en: 'Normally 8 digits' },
  kind: 'text',
  required: true,
  pattern: '[0-9A-Za-z_-]{1,32}',
  example: '12345678',
  aliases: ['设备编号', '设备号', '机器编号', '机器号', 'machine no', 'machine', 'machine number', 'device no'],
};

const RECORD_ID: Field = {
  id: 'record_id',
  names: { zh: '记录 id（详单 id）', en: 'Record id' },
  help: {
    zh: '订单里一件商品的记录，在“查询订单”的 records 里；一个指令只出一件',
    en: 'The record of one product of the order, among the records of "Query order"; one command dispenses one item',
  },
  kind: 'text',
  required: true,
  pattern: '[1-9]\\d{0,18}',
  example: '78',
  aliases: ['记录id', '记录编号', '详单id', '详单编号', 'record id', 'record', 'recordid'],
};

/** A dispense: which record of which order at which machine. */
export const DISPENSE_FIELDS: readonly Field[] = [ORDER_ID, MACHINE_NO, RECORD_ID];

/** What the rows of an update share. */
export const UPDATE_PARAMS: readonly Field[] = [STATUS];

export const ROW_FIELDS: readonly Field[] = [
  ORDER_ID,
  MACHINE_NO,
  { ...STATUS, aliases: ['状态', '订单状态', '支付状态', 'status', 'order status'] },
  {
    id: 'created_at',
    names: { zh: '下单时间', en: 'Created at' },
    help: {
      zh: '北京时间；有了它才能判断订单是否超过 20 分钟',
      en: 'Beijing time; only with it can the 20 minutes be judged',
    },
    kind: 'time',
    required: false,
    example: '2024-05-01 00:00:00',
    aliases: ['下单时间', '创建时间', '订单创建时间', 'created at', 'created', 'order time'],
  },
];

/** Columns of an order; those of the nested list are named `records.` and its field. */
export const COLUMNS: readonly Column[] = [
  { id: 'order_id', names: { zh: '订单号', en: 'Order id' }, kind: 'order' },
  { id: 'trade_id', names: { zh: '自定义订单号', en: 'Trade id' }, kind: 'order' },
  { id: 'date', names: { zh: '下单日期', en: 'Date' }, kind: 'text' },
  { id: 'amount', names: { zh: '订单总额', en: 'Amount' }, kind: 'amount' },
  { id: 'status', names: { zh: '状态', en: 'Status' }, kind: 'status', words: ORDER_WORDS },
  { id: 'notify_send_count', names: { zh: '出货通知数', en: 'Notices sent' }, kind: 'integer' },
  { id: 'pickup_code_id', names: { zh: '取货码 id', en: 'Pickup code id' }, kind: 'order' },
  { id: 'records.record_id', names: { zh: '记录 id', en: 'Record id' }, kind: 'order' },
  { id: 'records.product_id', names: { zh: '产品 id', en: 'Product id' }, kind: 'order' },
  { id: 'records.quantity', names: { zh: '数量', en: 'Quantity' }, kind: 'integer' },
  { id: 'records.price', names: { zh: '商品总金额', en: 'Price' }, kind: 'amount' },
  { id: 'records.status', names: { zh: '记录状态', en: 'Record status' }, kind: 'status', words: RECORD_WORDS },
  { id: 'records.notify_sent', names: { zh: '已推送出货状态', en: 'Notice sent' }, kind: 'text' },
];
