import { checkFields, problemOf } from '../shared/check.ts';
import { utf8 } from '../shared/digest.ts';
import { shanghaiMs } from '../shared/time.ts';
import { escapeXml } from '../shared/xml.ts';
import type { Checked, LookupOperation, Settings, Values, VendorDefinition } from '../types.ts';
import { OUT_OF_RANGE } from './errors.ts';
import { COLUMNS, CREDENTIALS, PARAMS, SETTINGS } from './fields.ts';
import { toOrder } from './orders.ts';
import { readOrderStatus } from './read.ts';
import { signedRequest } from './sign.ts';

export const APP_METHOD = 'suning.fourps.orderstatus.query';

/** Fields of the query in the order of the document's sample (seed 004). */
const QUERY_FIELDS = ['orderSource', 'startTime', 'endTime', 'queryType', 'pageSize', 'pageNo'] as const;
const HOUR_MS = 3600_000;

function settingOf(settings: Settings, id: string): string {
  return settings[id] ?? SETTINGS.find((setting) => setting.id === id)?.initial ?? '';
}

/** The page a cursor stands for: the first for none. */
function pageOf(cursor: string | null): number {
  return cursor === null ? 1 : Number(cursor);
}

/**
 * The business body of one page, compact, every value a string, no declaration and no head (suning.md B2, B3; vectors S1, S2).
 * Returns the text whose UTF-8 bytes are signed and sent.
 */
export function orderStatusBody(params: Values, page: number, format: 'xml' | 'json'): string {
  const values: Values = { ...params, pageNo: String(page) };
  const given = QUERY_FIELDS.map((name) => [name, values[name] ?? ''] as const);
  if (format === 'json') {
    return JSON.stringify({ sn_request: { sn_body: { queryOrderStatus: Object.fromEntries(given) } } });
  }
  const inner = given.map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`).join('');
  return `<sn_request><sn_body><queryOrderStatus>${inner}</queryOrderStatus></sn_body></sn_request>`;
}

function fieldOf(id: string): { id: string; names: { zh: string; en: string } } {
  return PARAMS.find((param) => param.id === id) ?? { id, names: { zh: id, en: id } };
}

/** Start not after end. How long a range may be the documents do not say (suning.md B3): a long one is asked for in windows. */
function check(params: Values, settings: Settings): Checked<Values> {
  const checked = checkFields(PARAMS, params);
  if (!checked.ok) return checked;
  const start = shanghaiMs(checked.value['startTime'] ?? '') ?? 0;
  const end = shanghaiMs(checked.value['endTime'] ?? '') ?? 0;
  if (start > end) {
    const problem = problemOf('suning.time_order', fieldOf('endTime'), {
      zh: '不能早于开始时间',
      en: 'must not be before the start time',
    });
    return { ok: false, problems: [problem] };
  }
  return {
    ok: true,
    value: { pageSize: settingOf(settings, 'pageSize'), ...checked.value },
    warnings: checked.warnings,
  };
}

const orderStatus: LookupOperation = {
  id: 'order-status',
  kind: 'lookup',
  names: { zh: '订单状态查询', en: 'Order status query' },
  params: PARAMS,
  columns: COLUMNS,
  warnings: [
    {
      zh: '苏宁没有公布这个接口的时间范围限制；长的范围会分段来查，被拒绝时再分细',
      en: 'Suning publishes no limit of the time range; a long one is asked for in parts, smaller ones where it refuses them',
    },
  ],
  check,
  request(params, cursor, context) {
    const format = settingOf(context.settings, 'format') === 'json' ? 'json' : 'xml';
    const body = utf8(orderStatusBody(params, pageOf(cursor), format));
    return signedRequest(APP_METHOD, format, body, context);
  },
  plan: {
    kind: 'pages',
    cursorOf: (page) => (page === 1 ? null : String(page)),
    span: {
      begin: 'startTime',
      end: 'endTime',
      widestMs: (settings) => Number(settingOf(settings, 'windowHours')) * HOUR_MS,
      outOfRange: ({ code }) => code.toLowerCase() === OUT_OF_RANGE,
    },
  },
  toOrder,
  read(reply, params, cursor, settings) {
    return readOrderStatus(reply, pageOf(cursor), Number(params['pageSize'] ?? settingOf(settings, 'pageSize')));
  },
};

/** Suning open platform: the order status query of its fulfilment service (suning.md, seed 004). */
export const suning: VendorDefinition = {
  id: 'suning',
  names: { zh: '苏宁开放平台', en: 'Suning open platform' },
  credentials: CREDENTIALS,
  settings: SETTINGS,
  hosts: [
    { url: 'https://open.suning.com', names: { zh: '正式环境', en: 'Live' } },
    {
      url: 'https://openpre.cnsuning.com',
      names: { zh: '预发环境（需支持 HTTPS）', en: 'Pre-release (if it serves HTTPS)' },
    },
  ],
  // The documents give no numbers (suning.md B3), so the pace is slow on purpose.
  limits: { perSecond: 2, concurrency: 2, backOffMs: 10_000, clockToleranceMs: 600_000 },
  operations: [orderStatus],
  notices: [
    {
      zh: '苏宁的预发环境在文档里只有 http 地址；控制台不会把密钥发到没有加密的地址',
      en: "Suning's documents give the pre-release site an http address only; the console sends no key over an unencrypted connection",
    },
    {
      zh: '采用 OAuth 授权的应用才需要 access_token；它会过期，过期后请重新授权',
      en: 'Only apps with OAuth authorisation need an access_token; it expires and must then be renewed',
    },
  ],
};
