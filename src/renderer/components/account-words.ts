import type { KeychainStateView } from '../../contract/account.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { Colour, Environment } from '../../contract/vendor.ts';
import { number } from '../i18n/index.ts';

/** Where an account's calls go, said wherever it is not the real shop. */
export const ENVIRONMENT_WORDS: Readonly<Record<Environment, Bilingual>> = {
  live: { zh: '正式', en: 'live' },
  test: { zh: '测试', en: 'test' },
  twin: { zh: '模拟', en: 'twin' },
};

/** The colours that a person may give an account. */
export const COLOUR_WORDS: Readonly<Record<Colour, Bilingual>> = {
  red: { zh: '红', en: 'red' },
  yellow: { zh: '黄', en: 'yellow' },
  green: { zh: '绿', en: 'green' },
  blue: { zh: '蓝', en: 'blue' },
  purple: { zh: '紫', en: 'purple' },
};

/** The keychain's state by word, sign and colour. */
export const KEYCHAIN_WORDS: Readonly<
  Record<
    KeychainStateView,
    { readonly sign: string; readonly style: 'good' | 'bad' | 'quiet'; readonly words: Bilingual }
  >
> = {
  not_checked: { sign: '○', style: 'quiet', words: { zh: '钥匙串未检查', en: 'keychain not checked' } },
  ready: { sign: '✓', style: 'good', words: { zh: '钥匙串可用', en: 'keychain ready' } },
  locked: { sign: '✕', style: 'bad', words: { zh: '钥匙串已锁', en: 'keychain locked' } },
  denied: { sign: '✕', style: 'bad', words: { zh: '钥匙串拒绝访问', en: 'keychain access denied' } },
  no_service: { sign: '✕', style: 'bad', words: { zh: '没有钥匙串服务', en: 'no keychain service' } },
  failed: { sign: '✕', style: 'bad', words: { zh: '钥匙串出错', en: 'keychain failed' } },
};

export const W = {
  account: { zh: '账号', en: 'Account' },
  noAccount: { zh: '还没有账号', en: 'No account yet' },
  clock: (offset: string) => ({ zh: `时钟 ${offset}`, en: `clock ${offset}` }),
  clockHint: {
    zh: '供应商的时钟减去本机的时钟。签名用的是供应商的时间，不必手动校准。',
    en: "The vendor's clock minus this machine's. Requests are signed with the vendor's time; nothing needs to be set.",
  },
  backingOff: (seconds: number) => ({
    zh: `供应商限流，${number(seconds)} 秒后继续`,
    en: `the vendor asked to wait; on again in ${number(seconds)} s`,
  }),
} as const;
