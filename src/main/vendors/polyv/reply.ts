import type { VendorFailure } from '../../../contract/outcome.ts';
import type { Failed, Rejected, Reply, Unreadable } from '../types.ts';
import { notEnvelope, readJsonEnvelope, retryAfterMs, unreadable } from '../shared/envelope.ts';
import { explain, findEntry } from '../shared/errors.ts';
import type { JsonObject, JsonValue } from '../shared/json.ts';
import { asInteger, asText, field } from '../shared/json.ts';
import { POLYV_CODES, POLYV_STATUSES, POLYV_TEXTS } from './errors.ts';

/** Polyv's envelope, read: it succeeded, it refused, or it is not to be trusted. */
export type PolyvReply =
  | { readonly kind: 'success'; readonly data: JsonValue | undefined; readonly requestId?: string }
  | {
      readonly kind: 'refused';
      readonly failure: VendorFailure;
      /** The call was refused before it acted. */
      readonly rejected: boolean;
      /** The envelope's `code`. */
      readonly code: number;
      /** The vendor's own words. */
      readonly desc: string;
      readonly retryAfterMs?: number;
    }
  | Unreadable;

/** What the polyv documents call a failure, as the console sees it; `rejected` says whether the call was refused before it acted. */
function refusal(code: number, errorCode: string | undefined, desc: string, requestId: string | undefined) {
  const text = desc
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.。]+$/u, '');
  const byText = findEntry(POLYV_TEXTS, text);
  const shown = errorCode ?? String(code);
  if (byText) {
    return {
      failure: explain(POLYV_TEXTS, shown, desc, { key: text, requestId }),
      rejected: byText.rejected === true,
    };
  }
  const byCode = errorCode === undefined ? undefined : findEntry(POLYV_CODES, errorCode);
  const byStatus = findEntry(POLYV_STATUSES, String(code));
  const rejected = (byCode?.rejected ?? byStatus?.rejected) === true || byStatus?.rejected === true;
  if (!byCode) return { failure: explain(POLYV_STATUSES, shown, desc, { key: String(code), requestId }), rejected };
  const failure = explain(POLYV_CODES, shown, desc, { requestId });
  // An unverified number words the reading; what happens next is decided by the documented status.
  const decided = byCode.class === 'vendor' && byStatus ? { ...failure, class: byStatus.class } : failure;
  return { failure: decided, rejected };
}

/** Whether the object has the fields that every form of Polyv's envelope has (polyv.md A3). */
function isEnvelope(object: JsonObject): boolean {
  return asInteger(field(object, 'code')) !== undefined && typeof field(object, 'status') === 'string';
}

/**
 * Reads Polyv's envelope at any HTTP status (polyv.md A3): v4's `error.desc`, or the older `message`. Success only when the HTTP status, `code`,
 * `status` and `success` all say so; contradictions are unreadable. A 429 counts as the vendor's only when its words are the documented limit's
 * (polyv.md A4: what a blocked client sees is not settled).
 */
export function readPolyv(reply: Reply): PolyvReply {
  const read = readJsonEnvelope(reply, isEnvelope);
  if (read.kind === 'unreadable') return read;
  const { object } = read;
  const code = asInteger(field(object, 'code')) ?? 0;
  const status = field(object, 'status');
  const success = field(object, 'success');
  const requestId = asText(field(object, 'requestId'));
  if (code === 200 || status === 'success' || success === true) {
    const clean = reply.status === 200 && code === 200 && status === 'success' && success !== false;
    if (!clean) return contradiction(reply);
    return { kind: 'success', data: field(object, 'data'), ...(requestId === undefined ? {} : { requestId }) };
  }
  const desc = asText(field(object, 'error', 'desc')) ?? asText(field(object, 'message')) ?? '';
  const refused = refusal(code, asText(field(object, 'error', 'code')), desc, requestId);
  if (reply.status === 429 && refused.failure.class !== 'limit') return notEnvelope(reply, 'JSON');
  const wait = retryAfterMs(reply);
  return { kind: 'refused', ...refused, code, desc, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

function contradiction(reply: Reply): Unreadable {
  return unreadable({
    zh: `保利威的答复自相矛盾（HTTP ${reply.status}），不能算成功`,
    en: `Polyv's reply contradicts itself (HTTP ${reply.status}) and cannot count as a success`,
  });
}

/** What a refusal means for a call that reads: only what the account or the pace must mend is a rejection, the rest is an answer. */
function refusedLookup(refused: Extract<PolyvReply, { kind: 'refused' }>): Rejected | Failed {
  const { failure, rejected } = refused;
  const ofAccount = ['limit', 'clock', 'sign', 'permission', 'quota'].includes(failure.class);
  if (!rejected || !ofAccount) return { kind: 'failed', failure };
  return rejection(refused);
}

/** The refusal as a rejection, with the vendor's Retry-After where it sent one. */
export function rejection(refused: Extract<PolyvReply, { kind: 'refused' }>): Rejected {
  const { failure, retryAfterMs: wait } = refused;
  return { kind: 'rejected', failure, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

/** A reading call's reply: the data of a success, or how it failed. A 429 in any form is a limit, since a read may be repeated. */
export function readLookup(
  reply: Reply,
):
  | { readonly kind: 'data'; readonly data: JsonValue | undefined; readonly requestId?: string }
  | Failed
  | Rejected
  | Unreadable {
  const read = readPolyv(reply);
  switch (read.kind) {
    case 'success':
      return { ...read, kind: 'data' };
    case 'refused':
      return refusedLookup(read);
    case 'unreadable': {
      if (reply.status !== 429) return read;
      const wait = retryAfterMs(reply);
      const failure = explain(POLYV_TEXTS, '429', '', { key: 'qps exceeds number of calls' });
      return { kind: 'rejected', failure, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
    }
  }
}
