import type { Field } from '../../../contract/vendor.ts';
import type { PingOperation, VendorDefinition } from '../types.ts';
import { orderGet, orderList } from './orders.ts';
import { readLookup } from './reply.ts';
import { polyvRequest } from './sign.ts';
import { updateStatus } from './update.ts';

const CREDENTIALS: readonly Field[] = [
  {
    id: 'appId',
    names: { zh: 'appId', en: 'appId' },
    help: {
      zh: '保利威直播后台 → 开发设置里的 appId',
      en: "The appId in the developer settings of Polyv's live console",
    },
    kind: 'text',
    required: true,
    pattern: '[^\\s]+',
    example: 'g4rqgmmjuo',
  },
  {
    id: 'appSecret',
    names: { zh: 'appSecret', en: 'appSecret' },
    help: {
      zh: '与 appId 在同一页；只存进系统钥匙串',
      en: 'On the same page as the appId; it is kept in the system keychain only',
    },
    kind: 'secret',
    required: true,
    pattern: '[^\\s]+',
  },
];

const SETTINGS: readonly Field[] = [
  {
    id: 'signatureMethod',
    names: { zh: '签名方法', en: 'Signature method' },
    kind: 'choice',
    required: true,
    initial: 'MD5',
    choices: [
      { value: 'MD5', names: { zh: 'MD5（默认）', en: 'MD5 (default)' } },
      { value: 'SHA256', names: { zh: 'SHA256', en: 'SHA256' } },
    ],
  },
  {
    id: 'atomicFailureText',
    names: { zh: '整批失败的原话', en: 'Words of a whole batch failing' },
    help: {
      zh: '若您确知保利威会因一个订单而整批不改，填它那时的原话（一部分即可），控制台会把这批对半拆开再发；文档没有这样写，默认不拆',
      en: 'If you know that Polyv refuses a whole batch for one order, put a part of its words here and the console halves such a batch; no document says so, so by default it does not',
    },
    kind: 'text',
    required: false,
    initial: '',
    maxLength: 100,
  },
];

/** Reads one row of the list: it proves the sign, changes nothing. */
const ping: PingOperation = {
  kind: 'ping',
  id: 'ping',
  names: { zh: '测试账号', en: 'Test the account' },
  params: [],
  warnings: [],
  proves: {
    zh: '证明 appId、appSecret 和时钟都对，并且能读订单；不证明有权更新订单状态',
    en: 'Proves that the appId, the appSecret and the clock are right and that orders can be read; not that their status may be updated',
  },
  request: (context) => polyvRequest({ path: 'order/list', query: { pageNumber: '1', pageSize: '1' } }, context),
  read: (reply) => {
    const read = readLookup(reply);
    if (read.kind !== 'data') return read;
    return { kind: 'ok', ...(read.requestId === undefined ? {} : { requestId: read.requestId }) };
  },
};

/** Polyv live v4: order detail, order list and the batch update of statuses (seeds 000 and 001, polyv.md). */
export const polyv: VendorDefinition = {
  id: 'polyv',
  names: { zh: '保利威直播', en: 'Polyv live' },
  credentials: CREDENTIALS,
  settings: SETTINGS,
  relay: true,
  hosts: [{ url: 'https://api.polyv.net', names: { zh: '保利威 API', en: 'Polyv API' } }],
  limits: {
    // Far below 1500 calls in 10 seconds from one IP, above which it is blocked for 5 minutes (polyv.md A4).
    perSecond: 5,
    concurrency: 2,
    backOffMs: 300_000,
    clockToleranceMs: 180_000,
  },
  operations: [orderGet, orderList, updateStatus, ping],
  notices: [
    {
      zh: '同一个出口 IP 10 秒内超过 1500 次调用，会被保利威封 5 分钟；同一网络里的其他程序也算在内',
      en: 'More than 1500 calls in 10 seconds from one public IP make Polyv block it for 5 minutes; other programs in the same network count too',
    },
  ],
  // The rule is quoted from the parameter table of seeds 000 and 001.
  consent: {
    zh: '保利威文档规定：“生成签名的appSecret密钥作为通信数据安全的关键信息,严禁保存在客户端直接使用,所有API都必须通过客户自己服务器中转调用POLYV服务器获取响应数据”。控制台会把 appSecret 存进这台电脑的系统钥匙串并直接调用保利威，与此规定不符。请确认您了解并自行承担。',
    en: "Polyv's documents rule: \"生成签名的appSecret密钥作为通信数据安全的关键信息,严禁保存在客户端直接使用,所有API都必须通过客户自己服务器中转调用POLYV服务器获取响应数据\" (the appSecret must never be kept on a client and used there directly; every call must go through the customer's own server). The console keeps the appSecret in this computer's system keychain and calls Polyv directly, against that rule. Confirm that you know this and take it upon yourself.",
  },
};
