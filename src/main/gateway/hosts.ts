import type { Account } from '../../contract/account.ts';
import type { AppError } from '../../contract/errors.ts';
import { appError } from '../../contract/errors.ts';

/** Where a checked request goes. `origin` is canonical (lower case, no default port); `path` is exactly as signed. */
export interface Target {
  readonly origin: string;
  /** Host name alone, IPv6 in brackets. */
  readonly hostname: string;
  /** Host and port, the port always said. */
  readonly hostPort: string;
  readonly secure: boolean;
  readonly loopback: boolean;
}

/** Where a checked request goes, and the path that it asks for there. */
export interface Destination {
  readonly target: Target;
  readonly path: string;
}

const LOOPBACK_V4 = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/** Whether a canonical host name (as WHATWG URL prints it) is this machine: 127.0.0.0/8, ::1 or `localhost`. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || LOOPBACK_V4.test(hostname);
}

interface Entry {
  readonly hostname: string;
  /** null: the scheme's own port, and on loopback any port. */
  readonly port: string | null;
}

function parseEntry(entry: string): Entry | null {
  const text =
    entry.includes(':') && /^[0-9a-f:.]+$/i.test(entry) && entry.split(':').length > 2 ? `[${entry}]` : entry;
  if (!/^[A-Za-z0-9._:[\]-]+$/.test(text)) return null;
  const port = /:(\d{1,5})$/.exec(text.replace(/^\[[^\]]*\]/, 'h'))?.[1] ?? null;
  try {
    const url = new URL(`https://${text}`);
    return { hostname: url.hostname, port };
  } catch {
    return null;
  }
}

/** The text before the path: scheme, `://` and authority. Null when the URL does not begin so. */
function splitAuthority(url: string): string | null {
  const colon = url.indexOf('://');
  if (colon < 1) return null;
  let end = colon + 3;
  for (; end < url.length; end++) {
    const code = url.charCodeAt(end);
    if (code === 0x2f || code === 0x3f || code === 0x23 || code === 0x5c) break;
  }
  return url.slice(0, end);
}

function refused(account: Account, host: string): AppError {
  return appError(
    'HOST_NOT_ALLOWED',
    {
      zh: `没有发送：${host} 不在账号“${account.label}”的主机名单里，密钥不会发往那里。`,
      en: `Nothing was sent: ${host} is not on the host list of the account “${account.label}”, so its secret does not go there.`,
    },
    {
      zh: '请检查账号的接口地址；若地址无误，请把该主机加进账号的主机名单。',
      en: "Check the account's address; if it is right, add the host to the account's host list.",
    },
    { data: { host, account: account.id } },
  );
}

function insecure(account: Account, host: string): AppError {
  return appError(
    'HTTPS_REQUIRED',
    {
      zh: `没有发送：${host} 的地址不是 https，密钥和签名会以明文经过网络。`,
      en: `Nothing was sent: the address of ${host} is not https, so the sign and the data would cross the network in the clear.`,
    },
    {
      zh: '请把账号的接口地址改为 https:// 开头。',
      en: "Change the account's address to one that begins with https://.",
    },
    { data: { host, account: account.id } },
  );
}

/** An invalid request line or header: nothing is sent. `what` is a word for the log, never a value. */
export function invalidRequest(what: string, cause?: unknown): AppError {
  return appError(
    'REQUEST_INVALID',
    {
      zh: '没有发送：请求里有不能发送的字符或内容。',
      en: 'Nothing was sent: the request holds something that cannot be sent.',
    },
    { zh: '请检查账号的接口地址和这一行的内容。', en: "Check the account's address and the values of this row." },
    { data: { what }, cause },
  );
}

function checkOrigin(account: Account, authority: string): Target {
  // Characters that URL parsers drop or rewrite (tabs, line ends, full-width letters) never reach the parser.
  if (!/^[\x21-\x7e]+$/.test(authority)) throw refused(account, '?');
  let url: URL;
  try {
    url = new URL(authority);
  } catch {
    throw refused(account, '?');
  }
  const hostname = url.hostname;
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? '443' : '80') : url.port;
  const hostPort = `${hostname}:${port}`;
  if (authority.includes('@')) throw refused(account, hostPort);
  if (!secure && url.protocol !== 'http:') throw refused(account, hostPort);
  const loopback = isLoopback(hostname);
  const twin = account.environment === 'twin';
  if (!secure && !(loopback && twin)) throw insecure(account, hostPort);
  if (twin && !loopback) throw refused(account, hostPort);
  const listed = account.hosts.some((text) => {
    const entry = parseEntry(text);
    if (entry === null || entry.hostname !== hostname) return false;
    return entry.port === null ? loopback || url.port === '' : Number(entry.port) === Number(port);
  });
  if (!listed) throw refused(account, hostPort);
  return { origin: url.origin, hostname, hostPort, secure, loopback };
}

/**
 * Checks where requests may go: HTTPS, and a host on the account's list, compared whole and without case. An entry `host:port` means that
 * port alone; an entry `host` means 443, and on loopback any port. Plain HTTP goes to loopback alone and for a twin account alone, and a twin
 * account goes nowhere else. User names in the address and other schemes are refused. Each account's origins are checked once.
 */
export class HostCheck {
  readonly #known = new WeakMap<Account, Map<string, Target>>();
  /** Most updates go where the one before went. */
  #last: { readonly account: Account; readonly url: string; readonly to: Destination } | null = null;

  /** The target and the path of a request's URL. Throws HOST_NOT_ALLOWED, HTTPS_REQUIRED or REQUEST_INVALID. */
  check(account: Account, url: string): Destination {
    if (this.#last?.url === url && this.#last.account === account) return this.#last.to;
    const authority = splitAuthority(url);
    if (authority === null) throw refused(account, '?');
    let origins = this.#known.get(account);
    if (origins === undefined) this.#known.set(account, (origins = new Map<string, Target>()));
    let target = origins.get(authority);
    if (target === undefined) {
      target = checkOrigin(account, authority);
      origins.set(authority, target);
    }
    const rest = url.slice(authority.length);
    const path = rest === '' || rest.startsWith('?') ? `/${rest}` : rest;
    if (!/^\/[\x21\x22\x24-\x7e]*$/.test(path)) throw invalidRequest('url');
    const to = { target, path };
    this.#last = { account, url, to };
    return to;
  }
}
