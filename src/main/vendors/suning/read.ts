import type { VendorFailure } from '../../../contract/outcome.ts';
import { notEnvelope, retryAfterMs, unreadable, untrustedStatus } from '../shared/envelope.ts';
import { explain, findEntry, ownFailure } from '../shared/errors.ts';
import type { JsonObject, JsonValue } from '../shared/json.ts';
import { asInteger, asList, asText, decodeUtf8, field, isObject, parseJson } from '../shared/json.ts';
import { parseXml } from '../shared/xml.ts';
import type { Failed, LookupReading, LookupRow, Rejected, Reply, Unreadable, Values } from '../types.ts';
import { ERRORS, NO_RESULT, SUCCESS } from './errors.ts';

const ROOT = 'sn_responseContent';
/** Business name of the query: the element of each order. */
const NAME = 'queryOrderStatus';
const ORDER_FIELDS = ['orderSource', 'orderId', 'orderStatus', 'orderError'] as const;
const JOB_FIELDS = ['jobType', 'jobId', 'jobStatus'] as const;
/** Highest page number the vendor takes (seed 004). */
const LAST_PAGE = 99_999;

/** Absent in any of the ways the vendor has: missing, null, an empty text or element. */
function absent(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}

/** The envelope's content, whichever format came (suning.md B4: the root decides, not the Content-Type). */
function contentOf(reply: Reply): { readonly kind: 'content'; readonly content: JsonObject } | Unreadable {
  const untrusted = untrustedStatus(reply);
  if (untrusted) return untrusted;
  const isXml = decodeUtf8(reply.body)?.trimStart().startsWith('<') ?? false;
  if (isXml) {
    const read = parseXml(reply.body, { root: ROOT, lists: [NAME, 'jobList'] });
    if (read.ok && isObject(read.value) && isEnvelope(read.value)) return { kind: 'content', content: read.value };
    return read.ok || reply.status !== 200 ? notEnvelope(reply, 'XML') : unreadable(read.why);
  }
  const content = field(parseJson(reply.body), ROOT);
  return isObject(content) && isEnvelope(content) ? { kind: 'content', content } : notEnvelope(reply, 'JSON');
}

/** Whether the content says anything: an error, a body, or a head with a message or totals. An empty head alone is no "no orders". */
function isEnvelope(content: JsonObject): boolean {
  if (!absent(field(content, 'sn_error')) || isObject(field(content, 'sn_body'))) return true;
  return ['returnMessage', 'pageTotal', 'totalSize'].some(
    (name) => asText(field(content, 'sn_head', name)) !== undefined,
  );
}

/** A list as the vendor writes it: a list, one element alone, null, empty or missing (suning.md B4). Undefined for anything else. */
function elements(value: JsonValue | undefined): readonly JsonObject[] | undefined {
  if (absent(value)) return [];
  const given = (asList(value) ?? [value as JsonValue]).filter((element) => !absent(element));
  return given.every((element) => isObject(element)) ? given : undefined;
}

function texts(object: JsonObject, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, asText(field(object, name)) ?? '']));
}

function rowsOf(content: JsonObject): readonly LookupRow[] | undefined {
  const orders = elements(field(content, 'sn_body', NAME));
  if (!orders) return undefined;
  const rows: LookupRow[] = [];
  for (const order of orders) {
    const jobs = elements(field(order, 'jobList'));
    if (!jobs) return undefined;
    rows.push({ values: texts(order, ORDER_FIELDS), lists: { jobList: jobs.map((job) => texts(job, JOB_FIELDS)) } });
  }
  return rows;
}

/** The vendor's error code and words; undefined when `sn_error` is absent. Its presence decides, not the HTTP status. */
function errorOf(content: JsonObject): { readonly code: string; readonly message: string } | undefined {
  const raw = field(content, 'sn_error');
  const error = asList(raw)?.[0] ?? raw;
  if (absent(error)) return undefined;
  const message = asText(field(error, 'error_msg')) ?? '';
  return { code: asText(field(error, 'error_code'))?.trim() ?? asText(error) ?? '', message };
}

function failureOf(code: string, message: string): VendorFailure {
  if (code !== '') return explain(ERRORS, code, message);
  return {
    ...ownFailure(
      'console.no_code',
      'vendor',
      { zh: '苏宁说查询失败，但没有给出代码', en: 'Suning said that the query failed, but gave no code' },
      { zh: '稍后再试；一直这样请联系苏宁技术人员', en: "Try again later; if it stays, ask Suning's engineers" },
    ),
    message: message.slice(0, 500),
  };
}

/** A failed answer: `rejected` where the table says so, with the wait that the reply asks for. */
function refusal(code: string, message: string, reply: Reply): Failed | Rejected {
  const failure = failureOf(code, message);
  if (findEntry(ERRORS, code)?.rejected !== true) return { kind: 'failed', failure };
  const wait = retryAfterMs(reply);
  return { kind: 'rejected', failure, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

/** The number of pages and rows that the head tells, as numbers or texts; `totalSize` stands in for `pageTotal` (suning.md B4). */
function totalsOf(head: JsonValue | undefined, pageSize: number): { pages?: number; rows?: number } {
  const pageTotal = asInteger(field(head, 'pageTotal'));
  const totalSize = asInteger(field(head, 'totalSize'));
  const pages = pageTotal ?? (totalSize === undefined ? undefined : Math.ceil(totalSize / pageSize));
  return {
    ...(pages === undefined ? {} : { pages }),
    ...(totalSize === undefined ? {} : { rows: totalSize }),
  };
}

/**
 * Reads a reply of the order status query (suning.md B4): JSON or XML whichever came, at any HTTP status but 3xx and 408. `sn_error` decides;
 * `no-result` is a page without rows. `page` is the page asked for; when the head has no totals, a full page asks for the next one.
 */
export function readOrderStatus(reply: Reply, page: number, pageSize: number): LookupReading {
  const given = contentOf(reply);
  if (given.kind === 'unreadable') return given;
  const { content } = given;
  const error = errorOf(content);
  const head = field(content, 'sn_head');
  const said = asText(field(head, 'returnMessage'))?.trim() ?? '';
  const rows = rowsOf(content);
  if (!rows) {
    return unreadable({
      zh: '苏宁答复里的订单列表不是约定的形式',
      en: "The list of orders in Suning's reply has an unknown form",
    });
  }
  const failed =
    error ?? (rows.length === 0 && said !== '' && !sameCode(said, SUCCESS) ? { code: said, message: '' } : undefined);
  if (failed && sameCode(failed.code, NO_RESULT)) return { kind: 'page', rows: [], next: null };
  if (failed) return refusal(failed.code, failed.message, reply);
  const answered = asInteger(field(head, 'pageNo'));
  if (answered !== undefined && answered !== page) {
    return unreadable({
      zh: `要的是第 ${page} 页，苏宁答的是第 ${answered} 页`,
      en: `page ${page} was asked for, Suning answered page ${answered}`,
    });
  }
  const totals = totalsOf(head, pageSize);
  const more = totals.pages === undefined ? rows.length >= pageSize : page < totals.pages;
  return {
    kind: 'page',
    rows,
    next: more && page < LAST_PAGE ? String(page + 1) : null,
    ...(totals.pages === undefined ? {} : { totalPages: totals.pages }),
    ...(totals.rows === undefined ? {} : { totalRows: totals.rows }),
  };
}

function sameCode(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
