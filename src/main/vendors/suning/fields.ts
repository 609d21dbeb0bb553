import type { Column, Field } from '../../../contract/vendor.ts';
import type { Bilingual } from '../../../contract/text.ts';

/** Visible ASCII without spaces: what may stand in a header, and no stray space from copying. */
const KEY_PATTERN = '[\\x21-\\x7e]+';

export const CREDENTIALS: readonly Field[] = [
  {
    id: 'appKey',
    names: { zh: 'appKey', en: 'appKey' },
    help: { zh: '苏宁开放平台“应用管理”里的 App Key', en: "The app's App Key at the Suning open platform" },
    kind: 'text',
    required: true,
    pattern: KEY_PATTERN,
    maxLength: 128,
  },
  {
    id: 'appSecret',
    names: { zh: 'appSecret', en: 'appSecret' },
    help: { zh: 'appKey 对应的密钥，只用来签名，不会发送', en: 'The key of this appKey; it signs and is never sent' },
    kind: 'secret',
    required: true,
    pattern: KEY_PATTERN,
    maxLength: 256,
  },
  {
    id: 'accessToken',
    names: { zh: 'access_token', en: 'access_token' },
    help: {
      zh: '只有采用 OAuth 授权的应用才需要；会过期，过期后要重新填写',
      en: 'Only for apps that use OAuth authorisation; it expires and must then be entered again',
    },
    kind: 'secret',
    required: false,
    pattern: KEY_PATTERN,
    maxLength: 512,
  },
];

export const SETTINGS: readonly Field[] = [
  {
    id: 'format',
    names: { zh: '报文格式', en: 'Message format' },
    kind: 'choice',
    required: true,
    initial: 'xml',
    choices: [
      { value: 'xml', names: { zh: 'XML', en: 'XML' } },
      { value: 'json', names: { zh: 'JSON', en: 'JSON' } },
    ],
  },
  {
    id: 'methodSuffix',
    names: { zh: '网址后加方法名', en: 'Method name after the address' },
    help: {
      zh: '官方 PHP SDK 会加，官方 Python SDK 不加；一般两种都行',
      en: 'The official PHP SDK adds it, the official Python SDK does not; both should work',
    },
    kind: 'choice',
    required: true,
    initial: 'off',
    choices: [
      { value: 'off', names: { zh: '不加', en: 'No' } },
      { value: 'on', names: { zh: '加', en: 'Yes' } },
    ],
  },
  {
    id: 'pageSize',
    names: { zh: '每页条数', en: 'Page size' },
    help: {
      zh: '1 到 50。文档的通用表里说订单类接口可到 100，但本接口写明最大 50；官方 PHP SDK 不让小于 10',
      en: "1 to 50. A general table says 100 for order APIs, but this API's page says 50 at most; the official PHP SDK refuses less than 10",
    },
    kind: 'integer',
    required: true,
    initial: '50',
    pattern: '[1-9]|[1-4]\\d|50',
    example: '50',
  },
  {
    id: 'windowHours',
    names: { zh: '一次查询的最长时间范围（小时）', en: 'Longest time range of one query (hours)' },
    help: {
      zh: '文档没有写明限制；更长的范围会分成这么长的几段来查，苏宁拒绝时再分细',
      en: 'The documents give no limit; a longer range is asked for in parts of this length, smaller ones where Suning refuses them',
    },
    kind: 'integer',
    required: true,
    initial: '168',
    pattern: '[1-9]\\d{0,3}',
    example: '168',
  },
];

/** Sales channels in the document's order (seed 004). */
const SOURCES: readonly (readonly [string, Bilingual])[] = [
  ['201', { zh: '天猫旗舰店', en: 'Tmall flagship store' }],
  ['202', { zh: '1688', en: '1688' }],
  ['203', { zh: '苏宁', en: 'Suning' }],
  ['204', { zh: '亚马逊中国', en: 'Amazon China' }],
  ['205', { zh: '当当', en: 'Dangdang' }],
  ['206', { zh: 'eBay', en: 'eBay' }],
  ['207', { zh: 'VIP', en: 'VIP' }],
  ['208', { zh: '一号店', en: 'Yihaodian' }],
  ['209', { zh: '国美', en: 'Gome' }],
  ['210', { zh: '拍拍', en: 'Paipai' }],
  ['211', { zh: '聚美', en: 'Jumei' }],
  ['212', { zh: '乐蜂', en: 'Lefeng' }],
  ['214', { zh: '京东', en: 'JD' }],
  ['301', { zh: '其他', en: 'Other' }],
];

export const PARAMS: readonly Field[] = [
  {
    id: 'orderSource',
    names: { zh: '订单来源', en: 'Order source' },
    kind: 'choice',
    required: true,
    choices: SOURCES.map(([value, names]) => ({ value, names })),
  },
  {
    id: 'startTime',
    names: { zh: '开始时间', en: 'Start time' },
    help: { zh: '北京时间', en: 'Beijing time' },
    kind: 'time',
    required: true,
    example: '2014-01-14 12:20:00',
  },
  {
    id: 'endTime',
    names: { zh: '结束时间', en: 'End time' },
    help: { zh: '北京时间，不早于开始时间', en: 'Beijing time, not before the start' },
    kind: 'time',
    required: true,
    example: '2014-01-14 12:20:00',
  },
  {
    id: 'queryType',
    names: { zh: '查询类型', en: 'Kind of orders' },
    kind: 'choice',
    required: true,
    initial: '0',
    choices: [
      { value: '0', names: { zh: '全部', en: 'All' } },
      { value: '1', names: { zh: '发货', en: 'Deliveries' } },
      { value: '2', names: { zh: '退货', en: 'Returns' } },
    ],
  },
  {
    id: 'pageSize',
    names: { zh: '每页条数', en: 'Page size' },
    help: { zh: '1 到 50；不填时用账户的设置', en: "1 to 50; the account's setting when empty" },
    kind: 'integer',
    required: false,
    pattern: '[1-9]|[1-4]\\d|50',
    example: '50',
  },
];

/** Columns of an order; those of the nested list are named `jobList.` and its field. */
export const COLUMNS: readonly Column[] = [
  {
    id: 'orderSource',
    names: { zh: '订单来源', en: 'Order source' },
    kind: 'text',
    words: Object.fromEntries(SOURCES),
  },
  { id: 'orderId', names: { zh: '外部订单号', en: 'External order number' }, kind: 'order' },
  {
    id: 'orderStatus',
    names: { zh: '订单状态', en: 'Order status' },
    kind: 'status',
    words: {
      '01': { zh: '待处理', en: 'Waiting' },
      '02': { zh: '处理完成', en: 'Done' },
      '03': { zh: '处理异常', en: 'Abnormal' },
      '04': { zh: '处理失败', en: 'Failed' },
      '05': { zh: '取消成功', en: 'Cancelled' },
    },
  },
  { id: 'orderError', names: { zh: '接单异常信息', en: 'Error on acceptance' }, kind: 'text' },
  {
    id: 'jobList.jobType',
    names: { zh: '作业类型', en: 'Job type' },
    kind: 'status',
    words: {
      '0': { zh: '配送', en: 'Delivery' },
      '1': { zh: '仓库', en: 'Warehouse' },
      '2': { zh: '售后', en: 'After-sales' },
    },
  },
  { id: 'jobList.jobId', names: { zh: '作业编码', en: 'Job number' }, kind: 'order' },
  // The documents list no values of jobStatus: it is shown as it came.
  { id: 'jobList.jobStatus', names: { zh: '作业状态', en: 'Job status' }, kind: 'status' },
];
