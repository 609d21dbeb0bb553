import type { SignedRequest, SigningContext, Values } from '../types.ts';
import { MASK, mask, md5Hex, sortedEntries, utf8 } from '../shared/digest.ts';

/** The settings that the sign depends on: options should a tenant differ, the documented form first (pdd.md 1.4). */
export interface PddSignOptions {
  readonly hexCase: 'lower' | 'upper';
  readonly emptyValues: 'keep' | 'skip';
}

/** The text that is signed, without the secret at its ends: every parameter sorted by key, key and raw value run together (pdd.md 1.4). */
export function pddText(params: Values, emptyValues: PddSignOptions['emptyValues']): string {
  let text = '';
  for (const [key, value] of sortedEntries(params)) if (emptyValues === 'keep' || value !== '') text += key + value;
  return text;
}

/** The sign: MD5 of secret + text + secret, in lower-case hex unless the setting says upper (pdd.md 1.4). */
export function pddSign(params: Values, secret: string, options: PddSignOptions): string {
  return signOf(pddText(params, options.emptyValues), secret, options.hexCase);
}

function signOf(text: string, secret: string, hexCase: PddSignOptions['hexCase']): string {
  const hex = md5Hex(secret + text + secret);
  return hexCase === 'upper' ? hex.toUpperCase() : hex;
}

/**
 * A signed POST to the gateway, form-encoded in UTF-8 with a space as `+` (pdd.md 1.2), `timestamp` in whole seconds (1.3). Fields stand in the order
 * of the seed's sample: appid, seller_nick, timestamp, the method's own, sign. `seller` leaves seller_nick out for methods that don't take it.
 */
export function pddRequest(
  path: string,
  fields: Values,
  context: SigningContext,
  options: { readonly seller: boolean } = { seller: true },
): SignedRequest {
  const { credentials, settings, baseUrl, nowMs } = context;
  const secret = credentials['appSecret'] ?? '';
  const signOptions: PddSignOptions = {
    hexCase: settings['hexCase'] === 'upper' ? 'upper' : 'lower',
    emptyValues: settings['emptyValues'] === 'skip' ? 'skip' : 'keep',
  };
  const params: Values = {
    appid: credentials['appId'] ?? '',
    ...(options.seller ? { seller_nick: credentials['sellerNick'] ?? '' } : {}),
    timestamp: String(Math.floor(nowMs / 1000)),
    ...fields,
  };
  const text = pddText(params, signOptions.emptyValues);
  const sign = signOf(text, secret, signOptions.hexCase);
  return {
    method: 'POST',
    url: `${baseUrl}${path}`,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
    body: utf8(new URLSearchParams(Object.entries({ ...params, sign })).toString()),
    // Made when a person asks to see it: a job of many thousand calls never does.
    get signedText() {
      return `${MASK}${mask(text, [secret])}${MASK}`;
    },
    sign,
  };
}
