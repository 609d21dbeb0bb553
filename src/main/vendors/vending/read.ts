import type { VendorFailure } from '../../../contract/outcome.ts';
import type { Bilingual } from '../../../contract/text.ts';
import { readJsonEnvelope, unreadable } from '../shared/envelope.ts';
import { explain, findEntry, vendorWords } from '../shared/errors.ts';
import type { JsonObject, JsonValue } from '../shared/json.ts';
import { asList, asText, field, isObject } from '../shared/json.ts';
import type { Failed, LookupReading, LookupRow, Rejected, Reply, RowReading, Unreadable } from '../types.ts';
import type { UpdateReading, UpdateRow, Values } from '../types.ts';
import { ACTION_TIMEOUT, ERRORS, ORDER_IS_PAID, REMEDIES } from './errors.ts';

const ORDER_FIELDS = ['order_id', 'trade_id', 'date', 'amount', 'status', 'pickup_code_id'] as const;
const RECORD_FIELDS = ['product_id', 'quantity', 'price', 'status', 'notify_sent'] as const;

/** The vendor's envelope, but neither a success nor a failure that can be trusted. */
export interface Doubtful {
  readonly kind: 'doubtful';
  readonly why: Bilingual;
  readonly failure?: VendorFailure;
}

export type Answer =
  { readonly kind: 'ok'; readonly data: JsonValue | undefined } | Failed | Rejected | Doubtful | Unreadable;

function isEnvelope(object: JsonObject): boolean {
  return asText(field(object, 'code')) !== undefined || typeof field(object, 'message') === 'string';
}

/** Statuses, as HTTP status or as code, after which the server may have acted all the same. */
function mayHaveActed(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status < 600);
}

/** HTTP 401 with the vendor's JSON: the headers were refused before anything was done (vending.md 2.2). */
function unauthorised(code: string, message: string): Rejected {
  const failure = explain(ERRORS, code, message, { fallback: 'permission' });
  const reading = {
    zh: '鼎商不接受账户的 Appid 或 AppSecret（HTTP 401）',
    en: "DingShang does not accept the account's Appid or AppSecret (HTTP 401)",
  };
  const known = findEntry(ERRORS, code) !== undefined;
  return { kind: 'rejected', failure: known ? failure : { ...failure, reading, remedy: REMEDIES.credentials } };
}

/** A `code` of 0, or none, without the success that belongs to it (vending.md 2.2: failure samples print code 0). */
function withoutCode(code: string | undefined, message: string, status: number): Failed | Doubtful {
  const words = vendorWords(message);
  if (code === undefined || words === '' || status !== 200 || isOk(message)) {
    return {
      kind: 'doubtful',
      why: {
        zh: `鼎商的答复说不清是成功还是失败（HTTP ${status}）`,
        en: `DingShang's reply says neither success nor failure (HTTP ${status})`,
      },
    };
  }
  const reading = {
    zh: `鼎商答了代码 0，但原话不是 ok：${words}；按失败处理`,
    en: `DingShang sent code 0, but its words are not "ok": ${words}; taken as failed`,
  };
  return { kind: 'failed', failure: { code, message: words, class: 'vendor', reading, remedy: REMEDIES.query } };
}

function isOk(message: string): boolean {
  return message.trim().toLowerCase() === 'ok';
}

/**
 * What a reply says, by the rule of vending.md 2.2: success is HTTP 200, code 0 and message "ok" together, where protobuf may leave the 0
 * out. Listed codes decide at any HTTP status; an unlisted one beside 408, 429 or 5xx, and 6015 (action timeout), leave it open.
 */
export function answerOf(reply: Reply): Answer {
  const envelope = readJsonEnvelope(reply, isEnvelope);
  if (envelope.kind === 'unreadable') return envelope;
  const code = asText(field(envelope.object, 'code'))?.trim();
  const message = asText(field(envelope.object, 'message')) ?? '';
  const silent = code === undefined || code === '0';
  if (reply.status === 401) return unauthorised(silent ? '401' : code, message);
  if (reply.status === 200 && silent && isOk(message)) return { kind: 'ok', data: field(envelope.object, 'data') };
  if (silent) return withoutCode(code, message, reply.status);
  const failure = explain(ERRORS, code, message);
  const entry = findEntry(ERRORS, code);
  if (entry?.rejected === true) return { kind: 'rejected', failure };
  const open = entry === undefined && (mayHaveActed(reply.status) || mayHaveActed(Number(code)));
  if (!open && code !== ACTION_TIMEOUT) return { kind: 'failed', failure };
  return {
    kind: 'doubtful',
    why: {
      zh: `鼎商答了代码 ${failure.code}（HTTP ${reply.status}），可能已经处理，也可能没有`,
      en: `DingShang sent code ${failure.code} (HTTP ${reply.status}): it may have acted or not`,
    },
    failure,
  };
}

/** An order's fields as texts; numbers that protobuf leaves out when zero are zero again. */
function orderRow(data: JsonObject): LookupRow | undefined {
  const given = field(data, 'records');
  const records = given === undefined || given === null || given === '' ? [] : (asList(given) ?? [given]);
  if (!records.every((record) => isObject(record))) return undefined;
  const texts = (object: JsonObject, names: readonly string[]): Values =>
    Object.fromEntries(names.map((name) => [name, asText(field(object, name)) ?? '']));
  return {
    values: {
      ...texts(data, ORDER_FIELDS),
      notify_send_count: asText(field(data, 'notify_send_count')) ?? '0',
    },
    lists: {
      records: records.map((record) => ({
        record_id: asText(field(record, 'record_id')) ?? asText(field(record, 'id')) ?? '',
        ...texts(record, RECORD_FIELDS),
      })),
    },
  };
}

/** Reads the query of one order. A success without an order is a page without rows; another order than asked for is not trusted. */
export function readOrderQuery(reply: Reply, orderId: string): LookupReading {
  const answer = answerOf(reply);
  if (answer.kind === 'doubtful') return unreadable(answer.why);
  if (answer.kind !== 'ok') return answer;
  const data = answer.data;
  if (!isObject(data) || Object.keys(data).length === 0) return { kind: 'page', rows: [], next: null };
  const row = orderRow(data);
  const answered = row?.values['order_id'];
  if (!row || (answered !== '' && answered !== orderId)) {
    return unreadable({
      zh: '鼎商答复里的订单不是所查的订单，或不是约定的形式',
      en: "The order in DingShang's reply is not the one asked for, or has an unknown form",
    });
  }
  return { kind: 'page', rows: [{ ...row, values: { ...row.values, order_id: orderId } }], next: null };
}

/** One row of an update by what the call answered. */
function rowReading(answer: Failed | Doubtful, row: UpdateRow): RowReading {
  if (answer.kind === 'doubtful') {
    const { why, failure } = answer;
    return { outcome: 'unknown', why, ...(failure === undefined ? {} : { failure }) };
  }
  const { failure } = answer;
  if (failure.code !== ORDER_IS_PAID || row.values['status'] !== '1') return { outcome: 'failed', failure };
  return {
    outcome: 'unknown',
    why: {
      zh: '鼎商说订单已支付：可能是前一次发送已经成功；要查询后才知道',
      en: 'DingShang says that the order is paid: an earlier call may have succeeded; a query will tell',
    },
    failure,
  };
}

/** A success is one for the order that was sent; an order id in the data, where there is one, must be the same. */
function succeeded(data: JsonValue | undefined, row: UpdateRow): RowReading {
  const answered = asText(field(data, 'order_id'));
  if (answered === undefined || answered === row.order) return { outcome: 'succeeded' };
  return {
    outcome: 'unknown',
    why: {
      zh: '鼎商答的是另一个订单号',
      en: 'DingShang answered with another order number',
    },
  };
}

/** Reads an update. "Order is paid" while sending "paid" is unknown, so that a query decides (design, Verifying). */
export function readOrderUpdate(reply: Reply, rows: readonly UpdateRow[]): UpdateReading {
  const answer = answerOf(reply);
  switch (answer.kind) {
    case 'ok':
      return { kind: 'answered', rows: rows.map((row) => succeeded(answer.data, row)) };
    case 'failed':
    case 'doubtful':
      return { kind: 'answered', rows: rows.map((row) => rowReading(answer, row)) };
    case 'rejected':
    case 'unreadable':
      return answer;
  }
}

/** Reads a ping: the headers were accepted, or why not. */
export function readPing(reply: Reply): { readonly kind: 'ok' } | Failed | Rejected | Unreadable {
  const answer = answerOf(reply);
  if (answer.kind === 'ok') return { kind: 'ok' };
  return answer.kind === 'doubtful' ? unreadable(answer.why) : answer;
}
