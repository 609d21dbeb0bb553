import { MASK, base64, md5Hex } from '../shared/digest.ts';
import { shanghaiTime } from '../shared/time.ts';
import type { SignedRequest, SigningContext } from '../types.ts';

/** The API's version, the same in header and sign (suning.md B1). */
export const VERSION = 'v1.2';
const PATH = '/api/http/sopRequest';

/** What goes into the sign, as text. */
export interface SignParts {
  readonly appSecret: string;
  readonly appMethod: string;
  /** `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai, as in the header. */
  readonly appRequestTime: string;
  readonly appKey: string;
  /** The exact bytes of the request's body. */
  readonly body: Uint8Array;
}

/**
 * The text whose MD5 is the sign: appSecret + appMethod + appRequestTime + appKey + versionNo + base64(body), nothing between, base64 without
 * line breaks (suning.md B1).
 */
export function signText(parts: SignParts): string {
  return [parts.appSecret, parts.appMethod, parts.appRequestTime, parts.appKey, VERSION, base64(parts.body)].join('');
}

/** `signInfo`: 32 lower-case hex digits (suning.md B1; vectors B5). */
export function sign(parts: SignParts): string {
  return md5Hex(signText(parts));
}

/**
 * The signed POST of a business body (suning.md B2): system parameters in headers, `access_token` only when the account has one,
 * `/appMethod` after the path when the setting `methodSuffix` is `on`.
 */
export function signedRequest(
  appMethod: string,
  format: 'xml' | 'json',
  body: Uint8Array,
  context: SigningContext,
): SignedRequest {
  const { appKey = '', appSecret = '', accessToken = '' } = context.credentials;
  const appRequestTime = shanghaiTime(context.nowMs);
  const parts: SignParts = { appSecret, appMethod, appRequestTime, appKey, body };
  const signInfo = sign(parts);
  const suffix = context.settings['methodSuffix'] === 'on' ? `/${appMethod}` : '';
  return {
    method: 'POST',
    url: `${context.baseUrl}${PATH}${suffix}`,
    headers: {
      AppMethod: appMethod,
      AppRequestTime: appRequestTime,
      Format: format,
      signInfo,
      AppKey: appKey,
      VersionNo: VERSION,
      ...(accessToken === '' ? {} : { access_token: accessToken }),
      'Content-Type': format === 'xml' ? 'text/xml; charset=utf-8' : 'application/json; charset=UTF-8',
    },
    body,
    signedText: signText({ ...parts, appSecret: MASK }),
    sign: signInfo,
  };
}
