import type { Bilingual } from '../../../contract/text.ts';
import type { FailureClass } from '../../../contract/outcome.ts';
import type { ErrorEntry } from '../shared/errors.ts';

const FIX_INPUT: Bilingual = {
  zh: '请改正所指的内容后重试',
  en: 'Correct what is named and try again',
};
const CHECK_APP: Bilingual = {
  zh: '请在保利威直播后台核对 appId 与 appSecret 后重新保存账号',
  en: "Compare the appId and appSecret with those in Polyv's live console and save the account again",
};
const ASK_POLYV: Bilingual = {
  zh: '请把原话和请求编号交给保利威客服',
  en: "Give these words and the request id to Polyv's support desk",
};
const CHANNEL: Bilingual = {
  zh: '这是频道的状态，与订单无关；请到直播后台查看该频道',
  en: "This is about the channel's state, not the order; look at the channel in the live console",
};

/** A refusal for a parameter: the call is refused as a whole before it acts (seed 000, 接口约束 2: 若参数不正确则会响应400异常). */
function param(code: string, zh: string, en: string, remedy: Bilingual = FIX_INPUT): ErrorEntry {
  return { code, reading: { zh, en }, remedy, class: 'input', rejected: true };
}

function line(
  code: string,
  failureClass: FailureClass,
  zh: string,
  en: string,
  remedy: Bilingual,
  rejected = false,
): ErrorEntry {
  return { code, reading: { zh, en }, remedy, class: failureClass, rejected };
}

/**
 * Polyv's failures by their text, in lower case and without the full stop at the end: the documents give no numbers, and the HTTP status of the sign
 * layer's is not settled (polyv.md A4). `rejected` ones are refused before the call acts: the sign layer, permission, the rate limit and parameters.
 */
export const POLYV_TEXTS: readonly ErrorEntry[] = [
  line('appid is required', 'sign', '请求里没有 appId', 'The request had no appId', CHECK_APP, true),
  line('application not found', 'sign', '保利威找不到这个 appId', 'Polyv does not know this appId', CHECK_APP, true),
  line(
    'invalid signature',
    'sign',
    '签名不对：appSecret 与 appId 不符',
    'The sign is wrong: the appSecret does not belong to the appId',
    CHECK_APP,
    true,
  ),
  line(
    'invalid timestamp',
    'clock',
    '请求的时间不在 3 分钟之内：这台电脑的时钟可能不准',
    "The request's time is more than 3 minutes off: this computer's clock may be wrong",
    {
      zh: '控制台会按服务器时间改正后再签一次；若仍失败，请校准系统时钟',
      en: "The console signs once more with the server's time; if it still fails, set the system clock right",
    },
    true,
  ),
  line(
    'qps exceeds number of calls',
    'limit',
    '调用太频繁，保利威暂时不受理（同一 IP 10 秒超过 1500 次会被封 5 分钟）',
    'Too many calls; Polyv takes none for a while (over 1500 in 10 seconds from one IP means a block of 5 minutes)',
    {
      zh: '控制台会停 5 分钟再继续；若常出现，请调低每秒次数，并看看同一网络里还有谁在调用',
      en: 'The console waits 5 minutes and goes on; if it recurs, lower the calls a second and see who else calls from this network',
    },
    true,
  ),
  line(
    'access forbidden',
    'permission',
    '没有权限访问这个接口',
    'No permission for this interface',
    {
      zh: '请联系保利威为该账号开通此接口',
      en: 'Ask Polyv to open this interface to the account',
    },
    true,
  ),
  line('need to login', 'permission', '保利威要求先登录', 'Polyv asks for a login', CHECK_APP, true),
  line(
    'illegal domain',
    'permission',
    '请求来自未被允许的域名',
    'The request comes from a domain that is not allowed',
    {
      zh: '请在保利威后台检查域名白名单和账号的接口地址',
      en: "Check the domain list in Polyv's console and the account's address",
    },
    true,
  ),
  line('undefined error', 'system', '保利威的未知错误', 'An undefined error at Polyv', ASK_POLYV),
  line('redirect', 'vendor', '保利威要求转到别处', 'Polyv asks to go elsewhere', ASK_POLYV),
  line('illegal operation', 'state', '保利威认为这个操作不合法', 'Polyv calls this operation illegal', {
    zh: '请先查询订单，看它的状态是否允许这样改',
    en: 'Look the orders up first and see whether their status allows the change',
  }),
  line('channel forbid login', 'state', '频道禁止登录', 'The channel forbids logins', CHANNEL),
  line('channel already login', 'state', '频道已有人登录', 'The channel is logged in already', CHANNEL),
  line('channel in live', 'state', '频道正在直播', 'The channel is live', CHANNEL),
  line('channel in no live', 'state', '频道没有在直播', 'The channel is not live', CHANNEL),
  param('invalid date time format', '时间的写法不对', 'A time has the wrong form', {
    zh: '时间要写成 2024-05-01 00:00:00',
    en: 'Write times as 2024-05-01 00:00:00',
  }),
  param('param validate error*', '参数没有通过校验：{words}', 'A parameter did not pass: {words}'),
  param('param should not be empty*', '缺少参数：{words}', 'A parameter is missing: {words}'),
  param('param is not digit*', '参数必须全是数字：{words}', 'A parameter must be digits: {words}'),
  param('param is not number*', '参数必须是数：{words}', 'A parameter must be a number: {words}'),
  param('param length is incorrect*', '参数的长度不对：{words}', 'A parameter has the wrong length: {words}'),
  param('number range error*', '数值超出范围：{words}', 'A number is out of range: {words}'),
  param('json format error*', '请求体不是正确的 JSON', 'The request body was not valid JSON', ASK_POLYV),
  param(
    'param exceeds maximum value of integer*',
    '数值超过整数上限：{words}',
    'A number is beyond the largest integer: {words}',
  ),
  param('param is not color*', '参数必须是颜色值：{words}', 'A parameter must be a colour: {words}'),
  param('param is not boolean*', '参数必须是 Y 或 N：{words}', 'A parameter must be Y or N: {words}'),
  param('param is not date*', '参数必须是日期：{words}', 'A parameter must be a date: {words}'),
  // No document tells how a missing order is worded; these are the likely forms, and nothing but their reading depends on them.
  ...['order not found*', 'order not exist*', 'order does not exist*', '*订单不存在*'].map((code) =>
    line(code, 'not_found', '保利威没有这个订单：{words}', 'Polyv has no such order: {words}', {
      zh: '请核对订单号是否完整、是否属于这个账号',
      en: "Check that the order number is whole and belongs to this account's shop",
    }),
  ),
];

function unverified(code: string, zh: string, en: string): ErrorEntry {
  return {
    code,
    reading: {
      zh: `保利威的原话：{words}（代码 ${code} 据非官方资料是“${zh}”，未经证实）`,
      en: `Polyv's own words: {words} (code ${code} is "${en}" by unofficial sources, not verified)`,
    },
    remedy: {
      zh: '请以原话为准；看不懂时交给保利威客服',
      en: "Go by the vendor's words; if unclear, ask Polyv's support desk",
    },
    class: 'vendor',
  };
}

/**
 * Numbers in `error.code`. Only 20001 stands in the official documents (seeds 000 and 001); the others come from a command line tool that
 * contradicts itself and decide nothing (polyv.md A4).
 */
export const POLYV_CODES: readonly ErrorEntry[] = [
  line('20001', 'sign', '保利威找不到这个 appId', 'Polyv does not know this appId', CHECK_APP, true),
  unverified('20002', '签名错误', 'bad signature'),
  unverified('20003', '时间戳过期', 'timestamp expired'),
  unverified('20004', '重复请求', 'duplicate request'),
  unverified('20005', '请求方法错误', 'bad method'),
  unverified('10003', '参数错误或时间戳过期', 'parameter error or timestamp expired'),
  unverified('1000*', '参数错误', 'parameter error'),
  unverified('3000*', '频道错误', 'channel error'),
  unverified('4000*', '权限错误', 'permission error'),
  unverified('5000*', '服务器错误', 'server error'),
];

/** The envelope's own `code`, for failures whose text is in no list (polyv.md A4, global error page; seed 000). */
export const POLYV_STATUSES: readonly ErrorEntry[] = [
  param('400', '保利威说参数不正确：{words}', 'Polyv says that a parameter is wrong: {words}'),
  line(
    '401',
    'permission',
    '保利威拒绝了身份或签名：{words}',
    'Polyv refused the identity or the sign: {words}',
    CHECK_APP,
    true,
  ),
  line('403', 'permission', '保利威拒绝访问：{words}', 'Polyv refused access: {words}', CHECK_APP, true),
  line('500', 'vendor', '保利威的业务失败：{words}', "Polyv's business logic failed: {words}", ASK_POLYV),
];
