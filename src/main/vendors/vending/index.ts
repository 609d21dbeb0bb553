import type { PingOperation, VendorDefinition } from '../types.ts';
import { deliveryQuery } from './delivery.ts';
import { dispense } from './dispense.ts';
import { CREDENTIALS, SETTINGS } from './fields.ts';
import { orderQuery } from './query.ts';
import { readPing } from './read.ts';
import { authHeaders } from './sign.ts';
import { orderUpdate } from './update.ts';

export { dispenseWindow } from './window.ts';
export type { DispenseWindow } from './window.ts';

const ping: PingOperation = {
  id: 'ping',
  kind: 'ping',
  names: { zh: '连通测试', en: 'Ping' },
  params: [],
  warnings: [],
  proves: {
    zh: '证明 Appid 和 AppSecret 有效；不检验签名密钥，签名密钥要用“查询订单”才能检验',
    en: 'Proves that Appid and AppSecret are valid; it does not test the sign key, which only "Query order" does',
  },
  request(context) {
    return {
      method: 'POST',
      url: `${context.baseUrl}/api/openapi/v1/ping`,
      headers: authHeaders(context),
      body: null,
      signedText: '',
      sign: '',
    };
  },
  read: readPing,
};

/** DingShang's vending platform: order update and query, dispense and its query, ping (vending.md, seed 003). */
export const vending: VendorDefinition = {
  id: 'vending',
  names: { zh: '鼎商云售货机', en: 'DingShang vending' },
  credentials: CREDENTIALS,
  settings: SETTINGS,
  hosts: [{ url: 'https://www.awish.vip', names: { zh: '鼎商云', en: 'DingShang cloud' } }],
  // No limits are published (vending.md 2.8), so the pace is slow on purpose; nor is the tolerance for timestamps.
  limits: { perSecond: 2, concurrency: 2, backOffMs: 10_000, clockToleranceMs: null },
  operations: [orderUpdate, dispense, orderQuery, deliveryQuery, ping],
  notices: [
    {
      zh: '鼎商要求每次调用都在请求头里带上 AppSecret；控制台只通过 HTTPS 发送，并且不写进日志',
      en: 'DingShang wants the AppSecret in a header of every call; the console sends it over HTTPS alone and never logs it',
    },
    {
      zh: '鼎商在 2025 年 11 月撤下了这套接口的文档；接口是否仍然开放，请先向鼎商确认',
      en: "DingShang took this interface's documents down in November 2025; ask whether it is still open",
    },
  ],
};
