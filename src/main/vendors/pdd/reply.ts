import type { VendorFailure } from '../../../contract/outcome.ts';
import type { Failed, Rejected, Reply, Unreadable } from '../types.ts';
import { notEnvelope, readJsonEnvelope, retryAfterMs, unreadable } from '../shared/envelope.ts';
import { explain, findEntry } from '../shared/errors.ts';
import type { JsonObject, JsonValue } from '../shared/json.ts';
import { asInteger, asText, field, isObject, JsonNumber } from '../shared/json.ts';
import type { PddEntry } from './errors.ts';
import { BUSINESS_TEXTS, GATEWAY_TEXTS, PDD_CODES } from './errors.ts';

/** A refusal by the gateway or by Pinduoduo behind it. */
export interface PddRefusal {
  readonly kind: 'refused';
  readonly failure: VendorFailure;
  /** Refused before it acted. */
  readonly rejected: boolean;
  /** The upstream failed within itself: a write may have been done. */
  readonly doubtful: boolean;
  /** One of the tables lists it. */
  readonly listed: boolean;
  readonly retryAfterMs?: number;
}

/** The gateway's envelope, read. `accepted` is its `code` 0; whether the business succeeded stands in `data`. */
export type PddReply =
  | { readonly kind: 'accepted'; readonly data: JsonValue | undefined; readonly requestId?: string }
  | PddRefusal
  | Unreadable;

/** `{code, message, data}` of the gateway (pdd.md 1.5), or an `error_response` of Pinduoduo's, bare or within `data` (1.7). */
function isEnvelope(object: JsonObject): boolean {
  if (isObject(field(object, 'error_response'))) return true;
  const said = typeof field(object, 'message') === 'string' || isObject(field(object, 'data'));
  return asInteger(field(object, 'code')) !== undefined && said;
}

/**
 * A refusal explained. The gateway's words are looked at for its own refusals only: Pinduoduo's numbers speak for themselves, and words about an
 * order may contain anything.
 */
function pddRefusal(
  code: string,
  message: string,
  from: 'gateway' | 'upstream',
  about: { readonly requestId?: string | undefined; readonly retryAfterMs?: number | undefined },
): PddRefusal {
  const { requestId } = about;
  const byWords = (table: readonly PddEntry[]): PddEntry | undefined => findEntry(table, message.trim());
  const texts = from === 'gateway' && byWords(GATEWAY_TEXTS) !== undefined ? GATEWAY_TEXTS : BUSINESS_TEXTS;
  const byText = byWords(texts);
  const byCode = findEntry(PDD_CODES, code);
  // A number that says only "business failure" leaves the reading to the words.
  const wordsFirst = byText !== undefined && (from === 'gateway' || byCode === undefined || byCode.class === 'vendor');
  const entry = wordsFirst ? byText : byCode;
  const failure = wordsFirst
    ? explain(texts, code, message, { key: message.trim(), requestId })
    : explain(PDD_CODES, code, message, { requestId });
  return {
    kind: 'refused',
    failure,
    rejected: entry?.rejected === true,
    doubtful: entry?.doubtful === true,
    listed: entry !== undefined,
    ...(about.retryAfterMs === undefined ? {} : { retryAfterMs: about.retryAfterMs }),
  };
}

/** Pinduoduo's own failure envelope (pdd.md 1.7): `sub_msg` says more than `error_msg`. */
function upstreamRefusal(error: JsonObject, reply: Reply, traceId: string | undefined): PddRefusal {
  const code = asText(field(error, 'error_code')) ?? '';
  const words = [asText(field(error, 'error_msg')), asText(field(error, 'sub_msg'))].filter(
    (one) => (one ?? '') !== '',
  );
  const subCode = asText(field(error, 'sub_code')) ?? '';
  const message = `${[...new Set(words)].join('：')}${subCode === '' ? '' : ` [${subCode}]`}`;
  return pddRefusal(code, message, 'upstream', {
    requestId: asText(field(error, 'request_id')) ?? traceId,
    retryAfterMs: retryAfterMs(reply),
  });
}

/**
 * Reads the gateway's envelope. Accepted only with HTTP 200 and `code` the number 0 (pdd.md 1.5); every other `code` is a failure by the document's
 * words ("非0为失败"). A `code` 0 at another status, or 0 written as a text, contradicts the documents and is unreadable.
 */
export function readPdd(reply: Reply): PddReply {
  const read = readJsonEnvelope(reply, isEnvelope);
  if (read.kind === 'unreadable') return read;
  const { object } = read;
  const traceId = asText(field(object, 'trace_id'));
  const error = field(object, 'error_response') ?? field(object, 'data', 'error_response');
  if (isObject(error)) return upstreamRefusal(error, reply, traceId);
  const code = field(object, 'code');
  const message = asText(field(object, 'message')) ?? '';
  if (asInteger(code) !== 0) {
    const requestId = asText(field(object, 'data', 'request_id')) ?? traceId;
    const refused = pddRefusal(asText(code) ?? '', message, 'gateway', {
      requestId,
      retryAfterMs: retryAfterMs(reply),
    });
    // The gateway's own replies come with 200; at 429 or 5xx an unlisted one may be a proxy's, e.g. {"code":502,"message":"Bad Gateway"}.
    const proxied = reply.status === 429 || reply.status >= 500;
    return proxied && !refused.listed ? notEnvelope(reply, 'JSON') : refused;
  }
  if (reply.status !== 200 || !(code instanceof JsonNumber)) {
    return unreadable({
      zh: `网关的答复自相矛盾（HTTP ${reply.status}），不能算成功`,
      en: `The gateway's reply contradicts itself (HTTP ${reply.status}) and cannot count as a success`,
    });
  }
  return { kind: 'accepted', data: field(object, 'data'), ...(traceId === undefined ? {} : { requestId: traceId }) };
}

/** The refusal as a rejection, with the vendor's Retry-After where it sent one. */
export function rejection(refused: PddRefusal): Rejected {
  const { failure, retryAfterMs: wait } = refused;
  return { kind: 'rejected', failure, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

/**
 * The refusal within an accepted reply: `success` false, or an `error_msg` without the flag (pdd.md 1.5); null where there is none. `error_code` is
 * 1000000 on success and says nothing by itself.
 */
export function businessRefusal(data: JsonValue | undefined, requestId: string | undefined): PddRefusal | null {
  const success = field(data, 'success');
  const message = asText(field(data, 'error_msg')) ?? '';
  if (success === true || (success !== false && message === '')) return null;
  const code = asText(field(data, 'error_code')) ?? 'console.no_code';
  return pddRefusal(code, message, 'upstream', { requestId });
}

/** A reading call's reply: what was accepted, or how it failed. The upstream's passing limits may be repeated, as it changes nothing. */
export function readPddLookup(reply: Reply): Extract<PddReply, { kind: 'accepted' }> | Failed | Rejected | Unreadable {
  let read: PddReply = readPdd(reply);
  if (read.kind === 'accepted') {
    read = businessRefusal(read.data, asText(field(read.data, 'request_id')) ?? read.requestId) ?? read;
  }
  if (read.kind !== 'refused') return read;
  const { failure } = read;
  return read.rejected || failure.class === 'limit' ? rejection(read) : { kind: 'failed', failure };
}
