import type { Field } from '../../../contract/vendor.ts';
import { checkFields, problemOf } from '../shared/check.ts';
import { unreadable } from '../shared/envelope.ts';
import type { JsonValue } from '../shared/json.ts';
import { asInteger, asList, asText, field, isObject } from '../shared/json.ts';
import { shanghaiMs } from '../shared/time.ts';
import type { Checked, LookupOperation, LookupReading, LookupRow, Reply, Settings, Values } from '../types.ts';
import { COLUMNS, orderRow } from './detail.ts';
import { toOrder } from './orders.ts';
import { readPddLookup } from './reply.ts';
import { pddRequest } from './sign.ts';
import { REFUND_WORDS, STATUS_WORDS, TAG_COLOURS, TAG_WORDS } from './words.ts';

const HOUR_MS = 3_600_000;

/** Settings of the list, each with what its present page says (doc.fw199.com/docs/h7b/pdd-trade-list). */
export const LIST_SETTINGS: readonly Field[] = [
  {
    id: 'listVersion',
    names: { zh: '订单列表接口', en: 'Order list interface' },
    help: {
      zh: '现行文档是 v2；较早的 SDK 用 v1，时间为秒、每次最多 24 小时',
      en: 'The present documents have v2; the older SDK uses v1, with times in seconds and 24 hours at most',
    },
    kind: 'choice',
    required: true,
    initial: 'v2',
    choices: [
      { value: 'v2', names: { zh: 'order/v2/list（文档）', en: 'order/v2/list (documented)' } },
      { value: 'v1', names: { zh: 'order/list', en: 'order/list' } },
    ],
  },
  {
    id: 'listHours',
    names: { zh: '列表一次查询的小时数', en: 'Hours of one list query' },
    help: {
      zh: '更长的范围会分成这么长的几段来查；拼多多自己的接口限 24 小时，蜂巢没有写明',
      en: "A longer range is asked for in parts of this length; Pinduoduo's own interface takes 24 hours, the gateway does not say",
    },
    kind: 'integer',
    required: true,
    initial: '24',
    pattern: '[1-9]\\d{0,2}',
    example: '24',
  },
];

/** Rows of a page: 30 at most in v2, 100 in v1 (the SDK's comments). */
const PAGE_SIZES: Readonly<Record<string, number>> = { v2: 30, v1: 100 };

const choicesOf = (words: Readonly<Record<string, { zh: string; en: string }>>): NonNullable<Field['choices']> =>
  Object.entries(words).map(([value, names]) => {
    const colour = TAG_COLOURS[value];
    return { value, names, ...(words === TAG_WORDS && colour !== undefined ? { colour } : {}) };
  });
const ALL = { value: '5', names: { zh: '全部', en: 'all' } };

const FIELDS: readonly Field[] = [
  {
    id: 'start_confirm_at',
    names: { zh: '成交时间从', en: 'Time confirmed, from' },
    help: { zh: '北京时间；只能查到三个月内的', en: 'Beijing time; the last three months alone' },
    kind: 'time',
    required: true,
    example: '2024-05-01 00:00:00',
  },
  {
    id: 'end_confirm_at',
    names: { zh: '成交时间到', en: 'Time confirmed, to' },
    kind: 'time',
    required: true,
    example: '2024-05-31 23:59:59',
  },
  {
    id: 'order_status',
    names: { zh: '发货状态', en: 'Status' },
    kind: 'choice',
    required: true,
    initial: '5',
    choices: [...choicesOf(STATUS_WORDS), ALL],
  },
  {
    id: 'refund_status',
    names: { zh: '售后状态', en: 'Refund' },
    kind: 'choice',
    required: true,
    initial: '5',
    choices: [...choicesOf(REFUND_WORDS), ALL],
  },
  {
    id: 'remark_tag',
    names: { zh: '备注标记', en: 'Mark' },
    kind: 'choice',
    required: false,
    choices: choicesOf(TAG_WORDS),
  },
];

function check(params: Values): Checked<Values> {
  const checked = checkFields(FIELDS, params);
  const end = FIELDS[1];
  if (!checked.ok || end === undefined) return checked;
  const { start_confirm_at: from = '', end_confirm_at: to = '' } = checked.value;
  if (from <= to) return checked;
  const message = { zh: '不能早于开始时间', en: 'must not be before the start' };
  return { ok: false, problems: [problemOf('field.range', end, message)] };
}

const versionOf = (settings: Settings): string => (settings['listVersion'] === 'v1' ? 'v1' : 'v2');
const pageOf = (cursor: string | null): number => (cursor === null ? 1 : Number(cursor));

/** What the list takes: in v2 times as they are, in v1 seconds since 1970. */
function queryOf(params: Values, cursor: string | null, version: string): Values {
  const { start_confirm_at: from = '', end_confirm_at: to = '', remark_tag: tag = '', ...rest } = params;
  const time = (text: string): string => (version === 'v2' ? text : String((shanghaiMs(text) ?? 0) / 1000));
  return {
    ...rest,
    start_confirm_at: time(from),
    end_confirm_at: time(to),
    // Empty values are signed as well, so none is sent (pdd.md 1.4).
    ...(tag === '' ? {} : { remark_tag: tag }),
    page: String(pageOf(cursor)),
    page_size: String(PAGE_SIZES[version] ?? 30),
  };
}

/** UNCERTAIN: no document shows the reply. Where its list may stand: the gateway usually lifts what Pinduoduo answers. */
const PLACES = [['order_list'], ['order_list_get_response', 'order_list'], ['list'], ['orders']] as const;

function listIn(data: JsonValue | undefined): readonly JsonValue[] | undefined {
  for (const path of PLACES) {
    const found = field(data, ...path);
    if (found === null) return [];
    const list = asList(found);
    if (list !== undefined) return list;
  }
  return undefined;
}

function read(reply: Reply, cursor: string | null, settings: Settings): LookupReading {
  const answer = readPddLookup(reply);
  if (answer.kind !== 'accepted') return answer;
  const list = listIn(answer.data);
  if (list === undefined) {
    return unreadable({ zh: '网关的答复里没有订单列表', en: "The gateway's reply holds no list of orders" });
  }
  const rows: LookupRow[] = [];
  for (const one of list) {
    const order = isObject(one) ? asText(field(one, 'order_sn')) : undefined;
    if (order === undefined) {
      return unreadable({
        zh: '网关的答复里有一项不是订单，或没有订单号',
        en: "Something in the gateway's reply is no order, or has no order number",
      });
    }
    rows.push(orderRow(one, order, settings));
  }
  const size = PAGE_SIZES[versionOf(settings)] ?? 30;
  const page = pageOf(cursor);
  const inside = field(answer.data, 'order_list_get_response') ?? answer.data;
  const totalRows = asInteger(field(inside, 'total_count'));
  const hasNext = field(inside, 'has_next');
  const totalPages = totalRows === undefined ? undefined : Math.ceil(totalRows / size);
  const more =
    totalPages === undefined ? (typeof hasNext === 'boolean' ? hasNext : rows.length >= size) : page < totalPages;
  return {
    kind: 'page',
    rows,
    next: rows.length > 0 && more ? String(page + 1) : null,
    ...(totalPages === undefined ? {} : { totalPages }),
    ...(totalRows === undefined ? {} : { totalRows }),
    ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
  };
}

/** Orders by when they were confirmed, by status and mark, with their notes (pdd.md 1.9). The cursor is the page's number. */
export const orderList: LookupOperation = {
  kind: 'lookup',
  id: 'order-list',
  names: { zh: '订单列表', en: 'Order list' },
  params: FIELDS,
  warnings: [{ zh: '只能查到三个月内的订单', en: 'Only orders of the last three months can be read' }],
  columns: COLUMNS,
  check,
  plan: {
    kind: 'pages',
    cursorOf: (page) => (page === 1 ? null : String(page)),
    span: {
      begin: 'start_confirm_at',
      end: 'end_confirm_at',
      widestMs: (settings) => Number(settings['listHours'] ?? '24') * HOUR_MS,
      // No document gives its code; these are the words that Pinduoduo and the gateway have for it.
      outOfRange: ({ message }) => /24\s*小时|时间(?:间隔|跨度|范围)|超过.{0,8}(?:小时|天)|(?:3|三)个月/u.test(message),
    },
  },
  toOrder,
  request: (params, cursor, context) => {
    const version = versionOf(context.settings);
    const path = version === 'v1' ? '/gateway/pdd/order/list' : '/gateway/pdd/order/v2/list';
    return pddRequest(path, queryOf(params, cursor, version), context);
  },
  read: (reply, _params, cursor, settings) => read(reply, cursor, settings),
};
