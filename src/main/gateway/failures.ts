import type { AppError } from '../../contract/errors.ts';
import { appError } from '../../contract/errors.ts';
import type { VendorFailure } from '../../contract/outcome.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { TransportEnd } from './types.ts';

/** A connection that never stood: no byte of a request can have left. `stage` says where it failed. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  /** A code of our own, so that no client takes it for one that it may repeat. */
  readonly code = 'GATEWAY_CONNECT';
  readonly stage: 'origin' | 'proxy';

  constructor(stage: 'origin' | 'proxy', cause: unknown) {
    super(`connect failed (${stage})`, { cause });
    this.stage = stage;
  }
}

/** The code of a system, TLS or undici error, '' when it has none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** The cause at the bottom of a chain of errors. */
export function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; depth < 8 && root instanceof Error && root.cause !== undefined; depth++) root = root.cause;
  return root;
}

const TLS_CODES =
  /^(?:ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERROR_IN_CERT_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|HOSTNAME_MISMATCH|EPROTO$)/;

/** Whether a connection failed in the TLS handshake (a certificate that does not hold, or a handshake broken off). */
export function isTlsError(error: unknown): boolean {
  if (TLS_CODES.test(codeOf(error))) return true;
  return error instanceof Error && error.message.includes('before secure TLS connection');
}

/** Whether a name could not be resolved. */
export function isDnsError(error: unknown): boolean {
  return /^(?:ENOTFOUND|EAI_|ENODATA|ENONAME)/.test(codeOf(error));
}

function dnsFailed(host: string, cause: unknown): AppError {
  return appError(
    'DNS_FAILED',
    { zh: `没有发送：找不到主机 ${host} 的地址。`, en: `Nothing was sent: the address of ${host} was not found.` },
    {
      zh: '请检查网络连接和 DNS；若公司网络须经代理，请在设置里填写代理。',
      en: 'Check the network connection and its DNS; if your network needs a proxy, enter it in the settings.',
    },
    { data: { host, code: codeOf(cause) }, cause },
  );
}

function connectFailed(host: string, cause: unknown): AppError {
  return appError(
    'CONNECT_FAILED',
    { zh: `没有发送：连接不上 ${host}。`, en: `Nothing was sent: no connection to ${host} could be made.` },
    {
      zh: '请检查网络、防火墙和账号的接口地址，稍后再试。',
      en: "Check the network, the firewall and the account's address, then try again.",
    },
    { data: { host, code: codeOf(cause) }, cause },
  );
}

/** The proxy could not be reached, refused the tunnel (`status`), or its setting cannot be used. `proxy` is host and port. */
export function proxyFailed(host: string, proxy: string, cause: unknown, status?: number): AppError {
  const said =
    status === undefined
      ? { zh: '', en: '' }
      : { zh: `（应答 ${status.toString()}）`, en: ` (it answered ${status.toString()})` };
  const remedy: Bilingual =
    status === 407
      ? {
          zh: '代理要求用户名和密码，请在代理设置里填写。',
          en: 'The proxy asks for a name and a password; enter them in the proxy setting.',
        }
      : { zh: '请检查代理设置，或关掉代理再试。', en: 'Check the proxy setting, or try without the proxy.' };
  return appError(
    'PROXY_FAILED',
    {
      zh: `没有发送：代理 ${proxy} 没有接通 ${host}${said.zh}。`,
      en: `Nothing was sent: the proxy ${proxy} made no connection to ${host}${said.en}.`,
    },
    remedy,
    { data: { host, proxy, code: codeOf(cause), ...(status === undefined ? {} : { status }) }, cause },
  );
}

/** The handshake failed; `issuer` is who signed the certificate that was shown, '' when that could not be learnt. */
export function tlsFailed(host: string, issuer: string, cause: unknown): AppError {
  const code = codeOf(cause);
  const by =
    issuer === ''
      ? { zh: '', en: '' }
      : { zh: `，它出示的证书由“${issuer}”签发`, en: `; the certificate it showed was issued by “${issuer}”` };
  const dated = code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID';
  return appError(
    'TLS_FAILED',
    {
      zh: `没有发送：与 ${host} 的加密连接无法确认对方身份${by.zh}。`,
      en: `Nothing was sent: the secure connection to ${host} could not be verified${by.en}.`,
    },
    dated
      ? {
          zh: '证书不在有效期内：请先检查本机的日期和时间，再联系对方。',
          en: "The certificate is outside its dates: check this machine's date and time first, then ask the vendor.",
        }
      : {
          zh: '若签发者是杀毒软件或公司代理，说明它在拆解加密连接：请把它的根证书装进系统，或让它放行该主机；否则不要继续。',
          en: 'If the issuer is an antivirus program or a company proxy, it opens encrypted connections: install its root certificate in the system or exempt this host; otherwise do not go on.',
        },
    { data: { host, issuer, code }, cause },
  );
}

const CHECK_ORDERS: Bilingual = {
  zh: '对方可能已经处理，也可能没有：请先核对，不要直接重发。',
  en: 'The vendor may have acted on it or not: verify first, do not simply send again.',
};

/** The request may have left and no whole reply came. */
export function lost(host: string, cause: unknown): TransportEnd {
  const code = codeOf(cause);
  const timedOut = code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
  const why: Bilingual = timedOut
    ? {
        zh: `请求已发往 ${host}，但没有在时限内等到完整的应答。`,
        en: `The request went to ${host}, but no whole reply came in time.`,
      }
    : code === 'GATEWAY_TOO_LARGE'
      ? {
          zh: `请求已发往 ${host}，但应答过大，没有读完。`,
          en: `The request went to ${host}, but the reply was too large and was not read to its end.`,
        }
      : {
          zh: `请求已发往 ${host}，但连接在完整应答之前断开。`,
          en: `The request went to ${host}, but the connection broke before a whole reply.`,
        };
  const error = appError(timedOut ? 'TIMED_OUT' : 'CONNECTION_LOST', why, CHECK_ORDERS, {
    data: { host, code },
    cause,
  });
  return { kind: 'lost', error, why };
}

/** Why a call that surely sent nothing failed, but for the issuer of a certificate. `proxy` is host and port of the proxy in use. */
export function notSent(host: string, proxy: string | null, error: unknown): AppError {
  const root = rootOf(error);
  if (error instanceof ConnectError && error.stage === 'proxy') {
    const status = /^Proxy response \((\d{3})\)/.exec(root instanceof Error ? root.message : '')?.[1];
    return proxyFailed(host, proxy ?? '?', root, status === undefined ? undefined : Number(status));
  }
  if (isTlsError(root)) return tlsFailed(host, '', root);
  return isDnsError(root) ? dnsFailed(host, root) : connectFailed(host, root);
}

const FAILURE_CODES: Readonly<Record<string, string>> = {
  CONNECT_FAILED: 'console.connect_failed',
  DNS_FAILED: 'console.dns_failed',
  TLS_FAILED: 'console.tls_failed',
  PROXY_FAILED: 'console.proxy_failed',
};

/** A call that surely sent nothing, as a failure of class `transport` with our own code (`console.…`). */
export function transportFailure(error: AppError): VendorFailure {
  const code = FAILURE_CODES[error.code] ?? 'console.request_invalid';
  return { code, message: '', class: 'transport', reading: error.text.message, remedy: error.text.remedy };
}
