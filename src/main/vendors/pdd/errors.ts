import type { Bilingual } from '../../../contract/text.ts';
import type { FailureClass } from '../../../contract/outcome.ts';
import type { ErrorEntry } from '../shared/errors.ts';

/** A line of the upstream table: whether a write that ended so is in doubt, beside what every line says. */
export interface PddEntry extends ErrorEntry {
  /** The upstream failed within itself: a write may have been done, a read may be repeated. */
  readonly doubtful?: boolean;
}

const CHECK_APP: Bilingual = {
  zh: '请在蜂巢开放平台核对 appid 与密钥后重新保存账号',
  en: 'Compare the appid and its secret with those in the H7B open platform and save the account again',
};
const AUTHORISE: Bilingual = {
  zh: '请在蜂巢开放平台让店铺重新授权，并核对卖家账号（不是店铺名）',
  en: "Have the shop authorise again in the H7B open platform, and check the seller's account name (not the shop's name)",
};
const ASK_GATEWAY: Bilingual = {
  zh: '请把代码、原话和请求编号交给蜂巢客服',
  en: "Give the code, the words and the request id to H7B's support desk",
};
const FIX_INPUT: Bilingual = { zh: '请按原话改正这一行后重试', en: 'Correct the row as the words say and retry' };
const WAIT: Bilingual = {
  zh: '控制台会稍等再继续；若常出现，请调低每秒次数',
  en: 'The console waits and goes on; if it recurs, lower the calls a second',
};
const LATER: Bilingual = { zh: '请稍后再试', en: 'Try again later' };
const SET_CLOCK: Bilingual = {
  zh: '控制台会按服务器时间改正后再签一次；若仍失败，请校准系统时钟',
  en: "The console signs once more with the server's time; if it still fails, set the system clock right",
};
const TOP_UP: Bilingual = {
  zh: '请在蜂巢开放平台充值或购买调用次数',
  en: 'Top up the balance or buy calls in the H7B open platform',
};

/** Refused before it acts: the account or the pace must be mended. */
function refused(code: string, failureClass: FailureClass, zh: string, en: string, remedy: Bilingual): PddEntry {
  return { code, reading: { zh, en }, remedy, class: failureClass, rejected: true };
}

/** The row failed. */
function failed(code: string, failureClass: FailureClass, zh: string, en: string, remedy: Bilingual): PddEntry {
  return { code, reading: { zh, en }, remedy, class: failureClass };
}

/** Failed within the upstream. */
function doubtful(code: string, failureClass: FailureClass, zh: string, en: string, remedy: Bilingual): PddEntry {
  return { code, reading: { zh, en }, remedy, class: failureClass, doubtful: true };
}

/**
 * Codes of Pinduoduo behind the gateway (pdd.md 1.7). Where they land is uncertain: in the gateway's `code`, in `data.error_code` or in an
 * `error_response`; all are read by this table.
 */
export const PDD_CODES: readonly PddEntry[] = [
  failed('10000', 'input', '参数错误：{words}', 'A parameter is wrong: {words}', FIX_INPUT),
  refused('10001', 'permission', '公共参数错误：{words}', 'A common parameter is wrong: {words}', CHECK_APP),
  refused('10016', 'permission', '应用已下线或不对', 'The application is offline or the wrong one', ASK_GATEWAY),
  refused('10017', 'permission', '应用类型不对', 'The application has the wrong type', ASK_GATEWAY),
  refused('10018', 'permission', '目标应用不对', 'The target application is the wrong one', ASK_GATEWAY),
  refused('10019', 'permission', '店铺授权已过期', "The shop's authorisation has expired", AUTHORISE),
  refused(
    '20004',
    'sign',
    '签名不对：密钥与 appid 不符',
    'The sign is wrong: the secret does not belong to the appid',
    CHECK_APP,
  ),
  refused('20005', 'permission', 'IP 不在白名单里', 'The IP address is not on the allow-list', {
    zh: '请在蜂巢开放平台把这台电脑的出口 IP 加入白名单',
    en: "Add this computer's public IP address to the allow-list in the H7B open platform",
  }),
  refused('20031', 'permission', '没有这个接口的授权', 'There is no grant for this interface', AUTHORISE),
  refused('20032', 'permission', '授权令牌或应用编号不对', 'The token or the client id is wrong', AUTHORISE),
  refused('20034', 'permission', '接口已下线', 'The interface is offline', ASK_GATEWAY),
  refused('20035', 'permission', '网关地址不对', 'The wrong gateway address', {
    zh: '请在账号设置里换另一个网关地址（kf 或 open）',
    en: "Choose the other gateway address (kf or open) in the account's settings",
  }),
  failed('21001', 'input', '请求参数错误：{words}', 'A request parameter is wrong: {words}', FIX_INPUT),
  failed('21002', 'input', '参数为空：{words}', 'A parameter is empty: {words}', FIX_INPUT),
  refused('30000', 'permission', '没有操作目标的权限', 'No permission for the target', AUTHORISE),
  refused('30001', 'permission', '应用与合作方不符', 'The client and the partner do not match', CHECK_APP),
  doubtful('50000', 'system', '拼多多系统错误', 'A system error at Pinduoduo', LATER),
  failed('50001', 'vendor', '拼多多业务失败：{words}', "Pinduoduo's business logic failed: {words}", {
    zh: '请按原话处理这一行',
    en: 'Act on the words for this row',
  }),
  doubtful('50002', 'system', '拼多多业务系统故障', 'A fault of the business system at Pinduoduo', LATER),
  doubtful('52001', 'system', '拼多多网关错误', 'A gateway error at Pinduoduo', LATER),
  doubtful('52002', 'system', '拼多多网关错误', 'A gateway error at Pinduoduo', LATER),
  failed('52004', 'input', '请求内容太大', 'The request is too large', {
    zh: '请缩短备注后重试',
    en: 'Shorten the note and retry',
  }),
  refused('52101', 'limit', '接口被限流', 'The interface is rate-limited', WAIT),
  doubtful('52102', 'limit', '服务暂时不可用', 'Temporarily unavailable', WAIT),
  doubtful('52103', 'limit', '服务暂时不可用', 'Temporarily unavailable', WAIT),
  refused('70031', 'limit', '调用过于频繁', 'Calls come too often', WAIT),
  refused('70032', 'permission', '禁止调用', 'The call is forbidden', ASK_GATEWAY),
  doubtful('70033', 'system', '接口维护中', 'The interface is under maintenance', LATER),
  refused('70034', 'permission', '触发了拼多多的风险控制', "Pinduoduo's risk control has stepped in", ASK_GATEWAY),
  refused('70035', 'permission', '触发了拼多多的风险控制', "Pinduoduo's risk control has stepped in", ASK_GATEWAY),
  refused('70036', 'quota', '测试状态的应用已用完调用次数', 'An application in test state has used up its calls', {
    zh: '请在开放平台让应用上线，或等到次日',
    en: 'Take the application live in the open platform, or wait for the next day',
  }),
];

/**
 * What the gateway itself refuses, known by its words alone: it publishes no table of its codes (pdd.md 1.6). Looked at before the numbers, as a
 * number of its own may mean several of these.
 */
export const GATEWAY_TEXTS: readonly PddEntry[] = [
  ...['*时间戳*', '*timestamp*'].map((code) =>
    refused(
      code,
      'clock',
      '请求的时间与网关相差超过 5 分钟：这台电脑的时钟可能不准',
      "The request's time is more than 5 minutes off the gateway's: this computer's clock may be wrong",
      SET_CLOCK,
    ),
  ),
  ...['*签名*', '*signature*', 'sign *', '* sign *', '*invalid sign'].map((code) =>
    refused(
      code,
      'sign',
      '签名不对：密钥与 appid 不符',
      'The sign is wrong: the secret does not belong to the appid',
      CHECK_APP,
    ),
  ),
  ...['*未授权*', '*授权已过期*', '*授权过期*', '*授权失效*', '*unauthorized*', '*not authorized*'].map((code) =>
    refused(
      code,
      'permission',
      '店铺没有授权，或授权已过期',
      'The shop has not authorised, or its authorisation has run out',
      AUTHORISE,
    ),
  ),
  ...['*余额不足*', '*额度不足*', '*次数不足*', '*次数已用完*', '*欠费*', '*insufficient balance*', '*quota*'].map(
    (code) =>
      refused(
        code,
        'quota',
        '蜂巢账户的余额或调用次数用完了',
        "The H7B account's balance or calls are used up",
        TOP_UP,
      ),
  ),
  ...['*限流*', '*过于频繁*', '*too frequent*'].map((code) =>
    refused(code, 'limit', '调用过于频繁', 'Calls come too often', WAIT),
  ),
];

/** The business's words about a row (pdd.md 1.5 and 1.9); no list of them is published. */
export const BUSINESS_TEXTS: readonly PddEntry[] = [
  failed('*订单不存在*', 'not_found', '没有这个订单', 'There is no such order', {
    zh: '请核对订单号是否完整、是否属于这个店铺',
    en: 'Check that the order number is whole and belongs to this shop',
  }),
  failed(
    '*3个月*',
    'state',
    '订单超过三个月，接口查不到',
    "The order is older than three months and out of the interface's reach",
    {
      zh: '请到拼多多商家后台处理；确认要写入时，可选择“读不到也写”',
      en: "Handle it in Pinduoduo's merchant console, or choose to write rows that can't be read",
    },
  ),
];
