import type { Account, AccountTest } from '../../../src/contract/account.ts';
import type { BridgeError } from '../../../src/contract/bridge.ts';
import type { VendorDescriptor } from '../../../src/contract/vendor.ts';
import { BridgeFailure } from '../../../src/renderer/api/client.ts';

/** A vendor with a rule to agree to, one secret, one host and a ping. */
export const RULED: VendorDescriptor = {
  id: 'polyv',
  names: { zh: '保利威直播', en: 'Polyv live' },
  credentials: [
    { id: 'appId', names: { zh: 'appId', en: 'appId' }, kind: 'text', required: true, example: 'g4rqgmmjuo' },
    { id: 'appSecret', names: { zh: 'appSecret', en: 'appSecret' }, kind: 'secret', required: true },
  ],
  settings: [
    {
      id: 'signatureMethod',
      names: { zh: '签名方法', en: 'Signature method' },
      kind: 'choice',
      required: true,
      initial: 'MD5',
      choices: [
        { value: 'MD5', names: { zh: 'MD5', en: 'MD5' } },
        { value: 'SHA256', names: { zh: 'SHA256', en: 'SHA256' } },
      ],
    },
  ],
  hosts: [{ url: 'https://api.polyv.net', names: { zh: '保利威 API', en: 'Polyv API' } }],
  operations: [
    {
      id: 'ping',
      kind: 'ping',
      names: { zh: '测试账号', en: 'Test' },
      params: [],
      proves: { zh: '证明能读；不证明能写', en: 'Proves that it reads; not that it writes' },
      warnings: [],
    },
  ],
  notices: [{ zh: '超过 1500 次会被封', en: 'More than 1500 calls are blocked' }],
  consent: { zh: '严禁保存在客户端', en: 'Never keep it on a client' },
  limits: { perSecond: 5, concurrency: 2 },
};

/** A vendor without a rule or a ping, with an optional second secret among the plain fields and two hosts. */
export const TWO_SECRETS: VendorDescriptor = {
  id: 'suning',
  names: { zh: '苏宁开放平台', en: 'Suning open platform' },
  credentials: [
    { id: 'appKey', names: { zh: 'appKey', en: 'appKey' }, kind: 'text', required: true },
    { id: 'appSecret', names: { zh: 'appSecret', en: 'appSecret' }, kind: 'secret', required: true },
    { id: 'accessToken', names: { zh: 'access_token', en: 'access_token' }, kind: 'secret', required: false },
  ],
  settings: [
    { id: 'pageSize', names: { zh: '每页条数', en: 'Page size' }, kind: 'integer', required: true, initial: '50' },
    { id: 'path', names: { zh: '路径', en: 'Path' }, kind: 'text', required: false, initial: '' },
  ],
  hosts: [
    { url: 'https://open.suning.com', names: { zh: '正式', en: 'Live' } },
    { url: 'https://openpre.cnsuning.com', names: { zh: '预发', en: 'Pre-release' } },
  ],
  operations: [],
  notices: [],
  limits: { perSecond: 2, concurrency: 2 },
};

export const SHOP: Account = {
  id: 'polyv-1',
  label: 'Flagship',
  vendor: 'polyv',
  environment: 'live',
  baseUrl: 'https://api.polyv.net',
  hosts: ['api.polyv.net'],
  plain: { appId: 'g4rq' },
  settings: {},
  consentAt: '2026-05-01T00:00:00.000Z',
  createdAt: '2026-05-01T00:00:00.000Z',
};

export const SECOND: Account = {
  id: 'suning-2',
  label: 'Second',
  vendor: 'suning',
  environment: 'test',
  baseUrl: 'https://relay.example.com',
  hosts: ['relay.example.com', 'open.suning.com'],
  plain: { appKey: 'k' },
  settings: { pageSize: '20' },
  pacing: { perSecond: 4 },
  createdAt: '2026-05-01T00:00:00.000Z',
  lastUsedAt: '2026-05-02T00:00:00.000Z',
};

export const PASSED: AccountTest = {
  ok: true,
  proves: { zh: '证明能读', en: 'Proves that it reads' },
  failure: null,
  why: null,
  clockOffsetMs: 252_000,
};

/** An error of main about one field. */
export function invalid(field: string, code: BridgeError['code'] = 'ACCOUNT_INVALID'): BridgeFailure {
  return new BridgeFailure({
    code,
    text: { message: { zh: '这一项不对。', en: 'It is wrong.' }, remedy: { zh: '请改正。', en: 'Correct it.' } },
    data: { field },
  });
}
