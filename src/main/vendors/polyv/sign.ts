import type { SignedRequest, SigningContext, Values } from '../types.ts';
import { MASK, mask, md5Hex, sha256Hex, sortedEntries, utf8 } from '../shared/digest.ts';

export type SignatureMethod = 'MD5' | 'SHA256';

/**
 * The text that is signed, without the secret at its ends: every query parameter whose value is not empty, sorted by key in code-unit order, key and raw
 * value run together (polyv.md A1).
 */
export function polyvText(params: Values): string {
  return sortedEntries(params)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => key + value)
    .join('');
}

/** The sign of the parameters: the digest of secret + text + secret in upper-case hex (polyv.md A1). */
export function polyvSign(params: Values, secret: string, method: SignatureMethod): string {
  const text = secret + polyvText(params) + secret;
  return (method === 'SHA256' ? sha256Hex(text) : md5Hex(text)).toUpperCase();
}

/** Where a call goes: all but the common parameters. */
export interface PolyvCall {
  /** Path without its common head, e.g. `order/get`. */
  readonly path: string;
  /** The endpoint's own query parameters; empty ones are left out, as every variant of the rule then agrees (polyv.md A1). */
  readonly query: Values;
  /** JSON text of a POST; it is not signed (polyv.md A1). */
  readonly json?: string;
}

/**
 * A signed call: GET with everything in the query, or POST with the common parameters in the query and JSON in the body (polyv.md A2).
 * `signatureMethod` is sent and signed for SHA256 only.
 */
export function polyvRequest(call: PolyvCall, context: SigningContext): SignedRequest {
  const { credentials, settings, baseUrl, nowMs } = context;
  const secret = credentials['appSecret'] ?? '';
  const method: SignatureMethod = settings['signatureMethod'] === 'SHA256' ? 'SHA256' : 'MD5';
  const params = Object.fromEntries(
    Object.entries({
      appId: credentials['appId'] ?? '',
      timestamp: String(Math.trunc(nowMs)),
      ...call.query,
      signatureMethod: method === 'SHA256' ? method : '',
    }).filter(([, value]) => value !== ''),
  );
  const sign = polyvSign(params, secret, method);
  const query = Object.entries({ ...params, sign })
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join('&');
  const post = call.json !== undefined;
  return {
    method: post ? 'POST' : 'GET',
    url: `${baseUrl}/live/v4/user/product/${call.path}?${query}`,
    headers: {
      accept: 'application/json',
      ...(post ? { 'content-type': 'application/json; charset=UTF-8' } : {}),
    },
    body: call.json === undefined ? null : utf8(call.json),
    signedText: `${MASK}${mask(polyvText(params), [secret])}${MASK}`,
    sign,
  };
}
