import type { Field } from '../../../contract/vendor.ts';
import type { PingOperation, VendorDefinition } from '../types.ts';
import { SEPARATOR_SETTING } from './compose.ts';
import { orderDetail } from './detail.ts';
import { LIST_SETTINGS, orderList } from './list.ts';
import { noteUpdate } from './note.ts';
import { readPddLookup } from './reply.ts';
import { pddRequest } from './sign.ts';

const CREDENTIALS: readonly Field[] = [
  {
    id: 'appId',
    names: { zh: 'appid（合作伙伴 AppId）', en: 'appid (partner AppId)' },
    help: { zh: '蜂巢开放平台发给合作伙伴的 AppId', en: 'The AppId that the H7B open platform gave the partner' },
    kind: 'text',
    required: true,
    pattern: '[^\\s]+',
    example: 'uwkahf@jfs92',
  },
  {
    id: 'appSecret',
    names: { zh: '密钥（AppSecret）', en: 'AppSecret' },
    help: { zh: '与 appid 成对；只存进系统钥匙串', en: 'Goes with the appid; it is kept in the system keychain only' },
    kind: 'secret',
    required: true,
    pattern: '[^\\s]+',
  },
  {
    id: 'sellerNick',
    names: { zh: '卖家账号', en: "Seller's account" },
    help: {
      zh: '拼多多卖家账号，不是店铺名称；多为 pdd 加数字',
      en: "The seller's login at Pinduoduo, not the shop's name; usually pdd and digits",
    },
    kind: 'text',
    required: true,
    pattern: '\\S(?:.*\\S)?',
    example: 'pdd00000000001',
  },
];

const SETTINGS: readonly Field[] = [
  {
    id: 'hexCase',
    names: { zh: '签名大小写', en: "Sign's letter case" },
    kind: 'choice',
    required: true,
    initial: 'lower',
    choices: [
      { value: 'lower', names: { zh: '小写（文档）', en: 'lower (documented)' } },
      { value: 'upper', names: { zh: '大写', en: 'upper' } },
    ],
  },
  {
    id: 'emptyValues',
    names: { zh: '空值是否参与签名', en: 'Empty values in the sign' },
    kind: 'choice',
    required: true,
    initial: 'keep',
    choices: [
      { value: 'keep', names: { zh: '参与（文档）', en: 'kept (documented)' } },
      { value: 'skip', names: { zh: '不参与', en: 'skipped' } },
    ],
  },
  {
    id: 'noteMax',
    names: { zh: '备注超过多少字符时提醒', en: 'Warn of notes longer than' },
    help: {
      zh: '这是控制台自己的数；拼多多没有公布上限',
      en: "The console's own figure; Pinduoduo publishes no maximum",
    },
    kind: 'integer',
    required: true,
    initial: '500',
    pattern: '[1-9]\\d{0,5}',
    example: '500',
  },
  SEPARATOR_SETTING,
  {
    id: 'notePath',
    names: { zh: '备注位置', en: 'Note path' },
    help: {
      zh: '订单详情答复的 data 里备注所在的路径，用点分隔，例如 order_info.remark；留空则自动寻找（文档没有写明）',
      en: "Where the note stands in the data of the order detail's reply, with dots, e.g. order_info.remark; empty to look in the likely places (no document says)",
    },
    kind: 'text',
    required: false,
    initial: '',
    pattern: '[^\\s.]+(?:\\.[^\\s.]+)*',
    example: 'order_info.remark',
  },
  ...LIST_SETTINGS,
];

/** The gateway's account detail (pdd.md 1.9): appid, timestamp and sign alone. */
const accountDetail: PingOperation = {
  kind: 'ping',
  id: 'account-detail',
  names: { zh: '测试账号', en: 'Test the account' },
  params: [],
  warnings: [],
  proves: {
    zh: '证明 appid、密钥和时钟都对；不证明卖家账号已授权，也不证明能改备注',
    en: "Proves that the appid, the secret and the clock are right; not that the seller's account is authorised, nor that notes may be written",
  },
  request: (context) => pddRequest('/gateway/partner/account/detail', {}, context, { seller: false }),
  read: (reply) => {
    const read = readPddLookup(reply);
    if (read.kind !== 'accepted') return read;
    return { kind: 'ok', ...(read.requestId === undefined ? {} : { requestId: read.requestId }) };
  },
};

/** Pinduoduo's seller note through the H7B (蜂巢) gateway (seed 002, pdd.md). */
export const pdd: VendorDefinition = {
  id: 'pdd',
  names: { zh: '拼多多（蜂巢网关）', en: 'Pinduoduo (H7B gateway)' },
  credentials: CREDENTIALS,
  settings: SETTINGS,
  relay: true,
  hosts: [
    { url: 'https://kf.fw199.com', names: { zh: '现行文档的地址（kf）', en: "The present documents' address (kf)" } },
    { url: 'https://open.fw199.com', names: { zh: 'SDK 里的地址（open）', en: "The SDK's address (open)" } },
  ],
  limits: {
    // The gateway publishes no figures; these are ours (pdd.md 1.6).
    perSecond: 2,
    concurrency: 2,
    backOffMs: 10_000,
    clockToleranceMs: 300_000,
  },
  operations: [orderDetail, orderList, noteUpdate, accountDetail],
  notices: [
    {
      zh: '蜂巢平台按调用预付费，写备注前读取原备注会多用一次调用',
      en: 'The H7B platform is prepaid by the call; reading the present note before each write takes one call more',
    },
  ],
};
