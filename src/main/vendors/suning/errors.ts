import type { FailureClass } from '../../../contract/outcome.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { ErrorEntry } from '../shared/errors.ts';

/** The answer to a query without a hit: an error by its form, no rows by its meaning (suning.md B4). */
export const NO_RESULT = 'biz.handler.data-get:no-result';
/** The range of the query's time is longer, or lies further back, than is configured there. */
export const OUT_OF_RANGE = 'sys.check.query-time:outofrange';
/** What `returnMessage` says beside rows. */
export const SUCCESS = 'biz.handler.data-get:success';

const CHECK_INPUT: Bilingual = {
  zh: '检查查询条件后重试',
  en: 'Check the query and try again',
};
const CHECK_TIMES: Bilingual = {
  zh: '时间写成 2014-01-14 12:20:00（北京时间），开始不晚于结束',
  en: 'Write times as 2014-01-14 12:20:00 (Beijing time), the start not after the end',
};
const CHECK_PAGE: Bilingual = {
  zh: '页码用 1 到 99999，每页条数用 1 到 50',
  en: 'Use page numbers 1 to 99999 and page sizes 1 to 50',
};
const ASK_FORM: Bilingual = {
  zh: '这是控制台与苏宁之间的格式问题；换一种报文格式（XML 或 JSON）再试，仍不行请联系苏宁技术人员',
  en: "This is about the form of the message; try the account's other format (XML or JSON), then ask Suning's engineers",
};
const SLOW_DOWN: Bilingual = {
  zh: '控制台会等一会儿再试；经常出现时，把账户的速度调低，或向苏宁申请更高的额度',
  en: "The console waits and tries again; if it comes often, lower the account's pace or ask Suning for a higher quota",
};
const FIX_CLOCK: Bilingual = {
  zh: '控制台会按服务器的时间重新签名；仍不行时请校准这台电脑的时钟（苏宁只容许相差 10 分钟）',
  en: "The console signs again with the server's time; if that does not help, set this computer's clock (Suning allows 10 minutes)",
};
const NEW_TOKEN: Bilingual = {
  zh: '在苏宁开放平台重新授权，把新的 access_token 填进账户',
  en: 'Authorise again at the Suning open platform and put the new access_token into the account',
};
const ASK_PERMISSION: Bilingual = {
  zh: '在苏宁开放平台确认应用有权调用“订单状态查询”（suning.fourps.orderstatus.query）',
  en: 'See at the Suning open platform that the app may call the order status query (suning.fourps.orderstatus.query)',
};
const CHECK_KEY: Bilingual = {
  zh: '核对账户里的 appKey 和 appSecret（不要带空格），以及正式与预发环境是否选对',
  en: "Compare the account's appKey and appSecret (no spaces), and whether live or pre-release is meant",
};
const TRY_LATER: Bilingual = {
  zh: '稍后再试；一直这样请联系苏宁技术人员',
  en: "Try again later; if it stays, ask Suning's engineers",
};

function entry(
  code: string,
  failureClass: FailureClass,
  zh: string,
  en: string,
  remedy: Bilingual,
  rejected = false,
): ErrorEntry {
  return { code, class: failureClass, reading: { zh, en }, remedy, ...(rejected ? { rejected } : {}) };
}

/** This API's own codes (seed 004, second table; suning.md B4). */
const OWN: readonly ErrorEntry[] = [
  entry(NO_RESULT, 'not_found', '没有符合条件的订单', 'No order matches the query', CHECK_INPUT),
  entry(
    'isp.sys.service.unavailable.fpsos',
    'system',
    '苏宁的订单服务暂不可用',
    "Suning's order service is not available",
    TRY_LATER,
  ),
  entry(
    'biz.fourps.queryorderstatus.missing-parameter:*',
    'input',
    '缺少参数 {1}',
    'The parameter {1} is missing',
    CHECK_INPUT,
  ),
  entry(
    'biz.fourps.queryorderstatus.*:value-null-invalid',
    'input',
    '参数 {1} 是空的、太长或不合法',
    'The parameter {1} is empty, too long or not allowed',
    CHECK_INPUT,
  ),
];

/** Who may call: keys, tokens, permissions (seed 004, third table; tokens from suning.md B4). */
const ACCESS: readonly ErrorEntry[] = [
  entry(
    'sys.check.user-permission:inexistence',
    'permission',
    '文档给这个代码两种意思：访问令牌不存在，或者 appKey 不存在',
    'The documents give this code two meanings: the access token does not exist, or the appKey does not exist',
    {
      zh: '核对账户里的 appKey；应用需要授权时，再重新授权换一个 access_token',
      en: "Compare the account's appKey; where the app needs authorisation, authorise again for a new access_token",
    },
    true,
  ),
  entry(
    'sys.check.user-permission:overdue',
    'permission',
    '访问令牌已过期',
    'The access token has expired',
    NEW_TOKEN,
    true,
  ),
  entry(
    'sys.oauth.check.access_token:overdue',
    'permission',
    '访问令牌已过期',
    'The access token has expired',
    NEW_TOKEN,
    true,
  ),
  entry(
    'sys.oauth.check.access_token:inexistence',
    'permission',
    '访问令牌不存在',
    'The access token does not exist',
    NEW_TOKEN,
    true,
  ),
  entry(
    'sys.check.oauth-permission:authority',
    'permission',
    '店铺没有把这个接口授权给应用',
    'The shop has not authorised the app for this call',
    NEW_TOKEN,
    true,
  ),
  entry(
    'sys.check.api-permission:authority',
    'permission',
    '应用没有这个接口的权限',
    'The app may not call this API',
    ASK_PERMISSION,
    true,
  ),
  entry(
    'sys.check.api-permission:inexistence',
    'permission',
    '苏宁没有这个接口方法',
    'Suning has no such API method',
    ASK_PERMISSION,
    true,
  ),
  entry(
    'sys.check.api-permission:overdue',
    'permission',
    '这个接口方法已过期',
    'This API method has expired',
    ASK_PERMISSION,
    true,
  ),
  entry(
    'sys.check.method-permission:authority',
    'permission',
    '应用无权调用这个接口',
    'The app may not call this API',
    ASK_PERMISSION,
    true,
  ),
  entry(
    'sys.auth.vendor-request:errory',
    'permission',
    '无权操作这个供应商',
    'The app may not act for this supplier',
    {
      zh: '确认供应商编码与应用、店铺是同一家',
      en: 'See that the supplier code belongs to this app and shop',
    },
    true,
  ),
  entry('sys.check.app-sign:null', 'sign', '没有收到签名', 'No sign was received', CHECK_KEY, true),
  entry('sys.check.app-sign:error', 'sign', '签名不对', 'The sign is wrong', CHECK_KEY, true),
  entry(
    'sys.check.header-param:null',
    'sign',
    '请求头里缺少系统参数',
    'A system parameter is missing from the headers',
    {
      zh: '核对账户里的 appKey；中间若有代理，确认它没有删掉请求头（access_token 带下划线，常被删）',
      en: "Compare the account's appKey; a proxy in between may drop headers (access_token with its underscore is often dropped)",
    },
    true,
  ),
  entry(
    'sys.check.header-param:forbidden',
    'permission',
    '请求头里的参数被拒绝',
    'A parameter in the headers was refused',
    CHECK_KEY,
    true,
  ),
];

/** How often and when. */
const PACE: readonly ErrorEntry[] = [
  entry(
    'sys.controller.api-request:limit',
    'limit',
    '这个接口的请求次数超限',
    'Too many requests of this API',
    SLOW_DOWN,
    true,
  ),
  entry('sys.controller.api-access:limit', 'limit', '访问受限', 'Access is limited', SLOW_DOWN, true),
  entry('sys.controller.api-frequency:limit', 'limit', '访问太频繁', 'Access is too frequent', SLOW_DOWN, true),
  entry(
    'sys.check.app-time:error',
    'clock',
    '请求时间与苏宁的时钟相差太多（超过 10 分钟）',
    "The request's time is too far from Suning's clock (more than 10 minutes)",
    FIX_CLOCK,
    true,
  ),
  entry(
    'sys.check.request-apprequesttime:error',
    'clock',
    '请求时间与苏宁的时钟相差太多（超过 10 分钟），或格式不对',
    "The request's time is too far from Suning's clock (more than 10 minutes), or has the wrong form",
    FIX_CLOCK,
    true,
  ),
];

/** What was asked. */
const QUERY: readonly ErrorEntry[] = [
  entry('biz.handler.data-get:fail', 'system', '业务数据查询失败', 'The query failed', {
    zh: '检查查询条件；没有问题就稍后再试',
    en: 'Check the query; if nothing is wrong with it, try again later',
  }),
  entry(SUCCESS, 'vendor', '业务数据查询成功', 'The query succeeded', {
    zh: '不用处理',
    en: 'Nothing to do',
  }),
  entry('sys.check.request-params:error', 'input', '请求报文的结构不对', "The message's structure is wrong", ASK_FORM),
  entry(
    'sys.check.starttime-format:error',
    'input',
    '文档给这个代码两种意思：开始时间错误，或者开始时间的格式不合法',
    'The documents give this code two meanings: the start time is wrong, or its form is',
    CHECK_TIMES,
  ),
  entry('sys.check.endtime-format:error', 'input', '结束时间的格式不合法', "The end time's form is wrong", CHECK_TIMES),
  entry('sys.check.miss-time:starttime', 'input', '缺少开始时间', 'The start time is missing', CHECK_TIMES),
  entry('sys.check.miss-time:endtime', 'input', '缺少结束时间', 'The end time is missing', CHECK_TIMES),
  entry('sys.check.starttime-value:null', 'input', '开始时间是空的', 'The start time is empty', CHECK_TIMES),
  entry('sys.check.endtime-value:null', 'input', '结束时间是空的', 'The end time is empty', CHECK_TIMES),
  entry(
    'sys.check.query-time:error',
    'input',
    '开始时间晚于结束时间',
    'The start time is after the end time',
    CHECK_TIMES,
  ),
  entry(
    OUT_OF_RANGE,
    'input',
    '查询的时间范围超出苏宁的限制（文档没有写明是多长）',
    'The time range is longer than Suning allows (its documents do not say how long)',
    { zh: '把时间范围分成几段较短的来查', en: 'Ask for several shorter ranges' },
  ),
  entry('sys.check.pageno-format:error', 'input', '页码不对', 'The page number is wrong', CHECK_PAGE),
  entry('sys.check.pagesize-format:error', 'input', '每页条数不对', 'The page size is wrong', CHECK_PAGE),
  entry(
    'sys.check.page-param:error',
    'input',
    '页码或每页条数超出范围',
    'The page number or page size is out of range',
    CHECK_PAGE,
  ),
  entry(
    'sys.check.missing-parameter:apiversion',
    'input',
    '没有指定 API 版本号',
    'The API version is missing',
    ASK_FORM,
  ),
  entry(
    'sys.check.missing-parameter:appRequestTime',
    'input',
    '缺少请求时间',
    "The request's time is missing",
    ASK_FORM,
  ),
  entry(
    'sys.check.missing-nestElement:sn_body',
    'input',
    '报文里缺少 sn_body 节点',
    'The message has no sn_body',
    ASK_FORM,
  ),
  entry(
    'biz.handler.batch-handler:no-support',
    'input',
    '非查询类接口不支持批量操作',
    'Only queries may be sent in batches',
    ASK_FORM,
  ),
  entry(
    'biz.handler.request-message:error',
    'input',
    '一次查询里放了多个业务节点',
    'One query held several business nodes',
    ASK_FORM,
  ),
  entry(
    'sys.check.snunionid.length.is.not:48',
    'input',
    '混淆会员编码的长度不是 48 位',
    'The obfuscated member code is not 48 characters long',
    { zh: '用苏宁的转换器重新转换混淆会员编码', en: "Convert the member code again with Suning's converter" },
  ),
];

/** What the network between says. */
const NETWORK: readonly ErrorEntry[] = [
  entry('sys.error.network:failure', 'system', '苏宁内部的网络异常', 'A network fault at Suning', TRY_LATER),
  entry(
    'sys.error.network-status:*',
    'system',
    '苏宁内部响应失败，状态码 {1}',
    'A server at Suning failed with status {1}',
    TRY_LATER,
  ),
];

/**
 * Every code of seed 004 and of suning.md B4, the codes in production logs included. The document's `?` (a status code) is
 * written `*` here, as its `*` (a field's name).
 */
export const ERRORS: readonly ErrorEntry[] = [...OWN, ...ACCESS, ...PACE, ...QUERY, ...NETWORK];
