import type { Bilingual } from '../../../contract/text.ts';
import type { Reply, Unreadable } from '../types.ts';
import type { JsonObject } from './json.ts';
import { decodeUtf8, isObject, parseJson } from './json.ts';

/** A reply that can't be trusted, with the reason in plain words. */
export function unreadable(why: Bilingual): Unreadable {
  return { kind: 'unreadable', why };
}

function isHtml(reply: Reply, text: string): boolean {
  return (
    /^\s*<(?:!doctype\s+html|html|head|body)\b/i.test(text) ||
    /^\s*text\/html\b/i.test(reply.headers['content-type'] ?? '')
  );
}

/** Reasons that lie in the HTTP status alone; null when the body may speak. */
function statusReason(status: number): Bilingual | null {
  if (status >= 300 && status < 400) {
    return {
      zh: `服务器要求转到别的地址（HTTP ${status}），控制台没有跟随`,
      en: `the server redirected elsewhere (HTTP ${status}), which the console does not follow`,
    };
  }
  if (status === 408) {
    return { zh: '服务器说请求超时（HTTP 408）', en: 'the server said that the request timed out (HTTP 408)' };
  }
  return null;
}

/**
 * Why a reply is no envelope of the vendor, for a reply whose body could not be read as `format`.
 * The status speaks first (3xx, 408, 429, 5xx), then the body: empty, HTML, truncated, something else.
 */
export function notEnvelope(reply: Reply, format: 'JSON' | 'XML'): Unreadable {
  const { status } = reply;
  const byStatus = statusReason(status);
  if (byStatus) return unreadable(byStatus);
  if (status === 429) {
    return unreadable({
      zh: '服务器说请求太多（HTTP 429），但不是供应商自己的答复',
      en: 'the server said "too many requests" (HTTP 429), but not in the vendor\'s own reply',
    });
  }
  if (status >= 500) {
    return unreadable({
      zh: `服务器出错（HTTP ${status}），没有供应商自己的答复`,
      en: `the server failed (HTTP ${status}) without the vendor's own reply`,
    });
  }
  if (reply.body.length === 0) {
    return unreadable({ zh: `答复是空的（HTTP ${status}）`, en: `the reply was empty (HTTP ${status})` });
  }
  const text = decodeUtf8(reply.body);
  if (text !== undefined && isHtml(reply, text)) {
    return unreadable({
      zh: `答复是一个网页，不是接口数据（HTTP ${status}）；可能被代理、防火墙或登录页拦下`,
      en: `the reply was a web page, not data (HTTP ${status}); a proxy, firewall or login page may stand between`,
    });
  }
  const declared = Number(reply.headers['content-length'] ?? Number.NaN);
  const cut = declared > reply.body.length && reply.headers['content-encoding'] === undefined;
  if (cut || (text !== undefined && beginsOnly(text.trim(), format))) {
    return unreadable({ zh: `答复不完整（HTTP ${status}）`, en: `the reply was cut short (HTTP ${status})` });
  }
  return unreadable({
    zh: `答复不是供应商的 ${format} 格式（HTTP ${status}）`,
    en: `the reply was not the vendor's ${format} (HTTP ${status})`,
  });
}

/** Whether the text begins as the format does but lacks its end. */
function beginsOnly(text: string, format: 'JSON' | 'XML'): boolean {
  if (format === 'XML') return text.startsWith('<') && !text.endsWith('>');
  return (text.startsWith('{') && !text.endsWith('}')) || (text.startsWith('[') && !text.endsWith(']'));
}

/**
 * A status that is never trusted, whatever the body says: a redirect (someone else may have answered) and 408.
 * Null when the body decides.
 */
export function untrustedStatus(reply: Reply): Unreadable | null {
  const why = statusReason(reply.status);
  return why && unreadable(why);
}

/**
 * The reply's JSON object when it is the vendor's own envelope, at any HTTP status but 3xx and 408; otherwise why it is not.
 * `isEnvelope` recognises the vendor by its fields.
 */
export function readJsonEnvelope(
  reply: Reply,
  isEnvelope: (object: JsonObject) => boolean,
): { readonly kind: 'envelope'; readonly object: JsonObject } | Unreadable {
  const untrusted = untrustedStatus(reply);
  if (untrusted) return untrusted;
  const value = parseJson(reply.body);
  return isObject(value) && isEnvelope(value) ? { kind: 'envelope', object: value } : notEnvelope(reply, 'JSON');
}

/**
 * The reply's Retry-After in milliseconds (0 or more): seconds, or an HTTP date counted from the reply's own Date header,
 * so that this machine's clock plays no part. Undefined when there is none that can be read.
 */
export function retryAfterMs(reply: Reply): number | undefined {
  const value = reply.headers['retry-after']?.trim();
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  if (!/[a-z]/i.test(value)) return undefined;
  const wait = Date.parse(value) - Date.parse(reply.headers['date'] ?? '');
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
