import type { Account } from '../../contract/account.ts';
import { appError, type AppError } from '../../contract/errors.ts';
import type { Bilingual } from '../../contract/text.ts';
import { steady } from './clock.ts';
import { isLoopback, type Target } from './hosts.ts';
import { proxyFromEnvironment, type ProxyResolver } from './proxy.ts';
import { Transport } from './transport.ts';

/** Largest picture that is taken, bytes. */
export const MOST_PICTURE_BYTES = 2 * 1024 * 1024;
const CONNECTIONS = 2;

/** What a picture begins with, by its type: the bytes decide, whatever the reply's header says. */
const SIGNATURES: readonly { readonly type: string; readonly starts: readonly number[]; readonly at8?: string }[] = [
  { type: 'image/png', starts: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: 'image/jpeg', starts: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', starts: [0x47, 0x49, 0x46, 0x38] },
  { type: 'image/webp', starts: [0x52, 0x49, 0x46, 0x46], at8: 'WEBP' },
];

/** A picture as its bytes say what it is. */
export interface Picture {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** The type of a picture by its first bytes; null for anything else, SVG among it, which could hold a script. */
export function pictureType(bytes: Uint8Array): string | null {
  const found = SIGNATURES.find(({ starts, at8 }) => {
    if (!starts.every((byte, at) => bytes[at] === byte)) return false;
    return at8 === undefined || new TextDecoder('latin1').decode(bytes.subarray(8, 12)) === at8;
  });
  return found?.type ?? null;
}

function failed(why: Bilingual, remedy: Bilingual, cause?: unknown): AppError {
  return appError('PICTURE_FAILED', why, remedy, cause === undefined ? {} : { cause });
}

const REFUSED = (): AppError =>
  failed(
    {
      zh: '图片的地址不在供应商的图片主机上，没有去取。',
      en: "The picture's address is not on the vendor's picture hosts; it was not asked for.",
    },
    { zh: '可以在供应商后台查看这张图片。', en: "See it in the vendor's own console." },
  );

/** Where a picture lies: on one of the vendor's hosts by HTTPS, or for a twin on its own host. Throws PICTURE_FAILED for any other address. */
export function pictureTarget(
  account: Account,
  address: string,
  hosts: readonly string[],
): { target: Target; path: string } {
  const isTwin = account.environment === 'twin';
  // A vendor leaves the scheme out. No address goes on with characters that parsers drop or rewrite.
  const whole = address.startsWith('//') ? `${isTwin ? 'http' : 'https'}:${address}` : address;
  const url = /^[\x21-\x7e]+$/.test(whole) ? URL.parse(whole) : null;
  if (url === null || url.username !== '' || url.password !== '') throw REFUSED();
  const { hostname } = url;
  const loopback = isLoopback(hostname);
  const own = isTwin && loopback && url.protocol === 'http:' && account.hosts.includes(url.host);
  const listed = hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
  const theirs = !isTwin && url.protocol === 'https:' && url.port === '' && listed;
  if (!own && !theirs) throw REFUSED();
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? '443' : '80') : url.port;
  const target = { origin: url.origin, hostname, hostPort: `${hostname}:${port}`, secure, loopback };
  return { target, path: url.pathname + url.search };
}

/** Fetches pictures that a vendor's replies name, for a person who asked to see one. Nothing of the account goes with it. */
export class Pictures {
  readonly #transport: Transport;

  constructor(options: { readonly proxy?: ProxyResolver; readonly steadyNow?: () => number } = {}) {
    this.#transport = new Transport({
      timeouts: { connectMs: 10_000, headersMs: 15_000, bodyMs: 15_000 },
      maxBodyBytes: MOST_PICTURE_BYTES,
      proxy: options.proxy ?? proxyFromEnvironment(process.env),
      ca: [],
      steadyNow: options.steadyNow ?? steady(Date.now),
    });
  }

  /** One picture. `hosts`: the vendor's, their subdomains among them. Rejects with PICTURE_FAILED. */
  async read(account: Account, address: string, hosts: readonly string[]): Promise<Picture> {
    const { target, path } = pictureTarget(account, address, hosts);
    const headers = { accept: 'image/png,image/jpeg,image/gif,image/webp' };
    const request = {
      method: 'GET',
      url: target.origin + path,
      headers,
      body: null,
      signedText: '',
      sign: '',
    } as const;
    const end = await this.#transport.send('pictures', target, path, request, CONNECTIONS, () => {});
    if (end.kind !== 'replied') {
      const big = end.error.data['code'] === 'GATEWAY_TOO_LARGE';
      throw big ? tooLarge() : notReached(target.hostPort, end.error);
    }
    const { status, body } = end.reply;
    if (status !== 200) throw notReached(target.hostPort, `HTTP ${String(status)}`);
    const type = pictureType(body);
    if (type === null) {
      throw failed(
        { zh: '收到的不是图片。', en: 'What came is no picture.' },
        { zh: '可以在供应商后台查看这张图片。', en: "See it in the vendor's own console." },
      );
    }
    return { type, bytes: body };
  }

  /** Closes its connections. */
  async close(): Promise<void> {
    await this.#transport.close();
  }
}

function tooLarge(): AppError {
  return failed(
    { zh: '图片超过 2 MB，没有读取。', en: 'The picture is larger than 2 MB and was not read.' },
    { zh: '可以在供应商后台查看这张图片。', en: "See it in the vendor's own console." },
  );
}

function notReached(host: string, cause: unknown): AppError {
  return failed(
    { zh: `没有从 ${host} 取到图片。`, en: `No picture came from ${host}.` },
    { zh: '请检查网络，稍后再试。', en: 'Check the network and try again later.' },
    cause,
  );
}
