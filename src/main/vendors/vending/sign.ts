import { MASK, base64, md5Hex, sortedEntries, utf8 } from '../shared/digest.ts';
import type { Settings, SignedRequest, SigningContext, Values } from '../types.ts';

/** How values are written into the signed text; the vendor's own libraries differ (vending.md 2.3). */
export type ValueEncoding = 'plain' | 'goQuery' | 'encodeURI2' | 'javaUrlEncoder';

/** Percent-escapes of the characters that `encodeURIComponent` leaves and the pattern names. */
function escapeMore(text: string, more: RegExp): string {
  return text.replace(more, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** As Go's url.QueryEscape: letters, digits and `-_.~` stay, a space becomes `+`. */
function goQuery(text: string): string {
  return escapeMore(encodeURIComponent(text), /[!'()*]/g).replaceAll('%20', '+');
}

/** As Java's URLEncoder: letters, digits and `-_.*` stay, a space becomes `+`. */
function javaUrlEncoder(text: string): string {
  return escapeMore(encodeURIComponent(text), /[!'()~]/g).replaceAll('%20', '+');
}

function pair(key: string, value: string, encoding: ValueEncoding): string {
  switch (encoding) {
    case 'plain':
      return `${key}=${value}`;
    case 'goQuery':
      return `${goQuery(key)}=${goQuery(value)}`;
    case 'encodeURI2':
      return `${encodeURI(key)}=${encodeURI(encodeURI(value))}`;
    case 'javaUrlEncoder':
      return `${key}=${javaUrlEncoder(value)}`;
  }
}

/**
 * The text whose MD5 is the sign: fields sorted by name without `sign`, empty ones and the literal `NULL`, joined `k=v&k=v`, then `&key=` and
 * the sign key, which is the merchant id and not the AppSecret (vending.md 2.3).
 */
export function signText(fields: Values, signKey: string, encoding: ValueEncoding = 'plain'): string {
  const pairs = sortedEntries(fields)
    .filter(([key, value]) => key !== 'sign' && value !== '' && value !== 'NULL')
    .map(([key, value]) => pair(key, value, encoding));
  return [...pairs, `key=${signKey}`].join('&');
}

/** MD5 of the signed text, 32 hex digits, upper case unless told otherwise (vending.md 2.3; vectors 2.4). */
export function sign(
  fields: Values,
  signKey: string,
  options: { readonly encoding?: ValueEncoding; readonly hexCase?: 'upper' | 'lower' } = {},
): string {
  const hex = md5Hex(signText(fields, signKey, options.encoding));
  return options.hexCase === 'lower' ? hex : hex.toUpperCase();
}

/** The payload: base64 of the fields and their sign as JSON, keys sorted, every value a string (vending.md 2.2, 2.4). */
export function payloadOf(fields: Values, signature: string): string {
  return base64(JSON.stringify(Object.fromEntries(sortedEntries({ ...fields, sign: signature }))));
}

function encodingOf(settings: Settings): ValueEncoding {
  const chosen = settings['valueEncoding'];
  return chosen === 'goQuery' || chosen === 'encodeURI2' || chosen === 'javaUrlEncoder' ? chosen : 'plain';
}

/** The headers that identify the merchant on every call, in clear (vending.md 2.2). */
export function authHeaders(context: SigningContext): Record<string, string> {
  return { Appid: context.credentials['appId'] ?? '', AppSecret: context.credentials['appSecret'] ?? '' };
}

/** The signed call: `{"payload": …}` with the fields, a timestamp in whole seconds as text, and the sign (vending.md 2.2, 2.3). */
export function signedRequest(
  method: 'POST' | 'PUT',
  path: string,
  fields: Values,
  context: SigningContext,
): SignedRequest {
  const { signKey = '' } = context.credentials;
  const stamped: Values = { ...fields, timestamp: String(Math.floor(context.nowMs / 1000)) };
  const encoding = encodingOf(context.settings);
  const hexCase = context.settings['hexCase'] === 'lower' ? 'lower' : 'upper';
  const signature = sign(stamped, signKey, { encoding, hexCase });
  return {
    method,
    url: `${context.baseUrl}/api/openapi/v1${path}`,
    headers: { ...authHeaders(context), 'Content-Type': 'application/json' },
    body: utf8(JSON.stringify({ payload: payloadOf(stamped, signature) })),
    signedText: signText(stamped, MASK, encoding),
    sign: signature,
  };
}
