import { createHash, randomBytes } from 'node:crypto';
import type { Account } from '../../contract/account.ts';
import type { AppError } from '../../contract/errors.ts';
import { appError } from '../../contract/errors.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { Field } from '../../contract/vendor.ts';
import { MASK } from '../vendors/shared/digest.ts';
import type { Credentials, SignedRequest, SigningContext } from '../vendors/types.ts';
import { HostCheck } from './hosts.ts';
import type { Transport } from './transport.ts';
import type { Build } from './types.ts';

/** Where the merchant's own relay signs, below the origin that the account names. */
const PATH = '/v1/sign';
/** Stands in the URL that the relay is shown, where the sign goes. */
const PLACE = '{sign}';
/** What a dry run shows instead of a sign that only the relay can make. */
export const BY_RELAY = 'signed-by-the-relay';
const CONNECTIONS = 2;

function failed(account: Account, why: Bilingual, data: Readonly<Record<string, string | number>> = {}): AppError {
  return appError(
    'RELAY_FAILED',
    {
      zh: `账号“${account.label}”的签名中继没有签名：${why.zh}。`,
      en: `The signing relay of account "${account.label}" did not sign: ${why.en}.`,
    },
    {
      zh: '请检查中继的地址、令牌和它的日志；什么都没有发给供应商。',
      en: "Check the relay's address, its token and its log; nothing was sent to the vendor.",
    },
    { data: { account: account.id, ...data } },
  );
}

/** A request made with a stand-in for the secret, and what its sign is to be made of. */
interface Unsigned {
  readonly request: SignedRequest;
  readonly digest: 'MD5' | 'SHA256';
  readonly hexCase: 'upper' | 'lower';
}

/** The digest that, over the signed text with the stand-in in the secret's places, gives the request's sign; null when none does. */
function digestOf({ signedText, sign }: SignedRequest, standIn: string): Unsigned['digest'] | null {
  const inner = signedText.replace(/^•••|•••$/gu, '');
  // A text that has the mask itself in it would not be put together again as it was.
  if (inner.includes(MASK) || inner === signedText) return null;
  const text = signedText.replace(/^•••|•••$/gu, standIn);
  for (const [name, algorithm] of [
    ['MD5', 'md5'],
    ['SHA256', 'sha256'],
  ] as const) {
    if (createHash(algorithm).update(text, 'utf8').digest('hex') === sign.toLowerCase()) return name;
  }
  return null;
}

function bodyText(body: Uint8Array | null): string {
  return body === null ? '' : Buffer.from(body).toString('utf8');
}

/** The request with its sign replaced wherever it stands. */
function withSign(request: SignedRequest, sign: string): SignedRequest {
  const put = (text: string): string => text.replaceAll(request.sign, sign);
  return {
    method: request.method,
    url: put(request.url),
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, put(value)])),
    body: request.body === null ? null : Buffer.from(put(bodyText(request.body)), 'utf8'),
    signedText: request.signedText,
    sign,
  };
}

/** Whether the sign stands in the request to the letter, so that another can be put there. */
function showsSign({ url, headers, body, sign }: SignedRequest): boolean {
  return [url, bodyText(body), ...Object.values(headers)].some((text) => text.includes(sign));
}

/**
 * Signing by the merchant's own relay, for vendors that forbid their secret on a client: the request is made with a random stand-in for the
 * secret, the relay is sent the text that is signed, `•••` in the secret's places, and its sign is put where the other stood.
 */
export class RelaySigner {
  readonly #transport: Transport;
  readonly #secretFields: (account: Account) => readonly Field[];
  readonly #hosts = new HostCheck();

  constructor(transport: Transport, secretFields: (account: Account) => readonly Field[]) {
    this.#transport = transport;
    this.#secretFields = secretFields;
  }

  /**
   * The request, signed. RELAY_FAILED when the relay refuses or cannot be understood, what keeps it from being reached otherwise. `dry`: asks
   * nobody and shows that the relay would sign.
   */
  async sign(account: Account, build: Build, context: SigningContext, dry: boolean): Promise<SignedRequest> {
    const { relayToken = '', ...credentials } = context.credentials;
    const unsigned = this.#unsigned(account, build, { ...context, credentials });
    if (dry) return withSign(unsigned.request, BY_RELAY);
    return withSign(unsigned.request, await this.#ask(account, unsigned, relayToken));
  }

  #unsigned(account: Account, build: Build, context: SigningContext): Unsigned {
    const standIn = randomBytes(24).toString('hex');
    const stood: Credentials = Object.fromEntries(this.#secretFields(account).map(({ id }) => [id, standIn]));
    const request = build({ ...context, credentials: { ...context.credentials, ...stood } });
    const digest = digestOf(request, standIn);
    if (digest === null || !showsSign(request)) {
      throw failed(account, {
        zh: '这个供应商的请求不能由中继签名',
        en: "requests of this vendor can't be signed by a relay",
      });
    }
    return { request, digest, hexCase: /[A-F]/u.test(request.sign) ? 'upper' : 'lower' };
  }

  async #ask(account: Account, { request, digest, hexCase }: Unsigned, token: string): Promise<string> {
    const url = `${account.relay?.url ?? ''}${PATH}`;
    const { target, path } = this.#hosts.check({ ...account, hosts: [new URL(url).host] }, url);
    const asked = JSON.stringify({
      v: 1,
      vendor: account.vendor,
      method: request.method,
      url: request.url.replaceAll(request.sign, PLACE),
      signedText: request.signedText,
      digest,
      hexCase,
    });
    const end = await this.#transport.send(
      account.id,
      target,
      path,
      {
        method: 'POST',
        url,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json; charset=utf-8',
          accept: 'application/json',
        },
        body: Buffer.from(asked, 'utf8'),
        signedText: '',
        sign: '',
      },
      CONNECTIONS,
      () => undefined,
    );
    if (end.kind !== 'replied') {
      const { zh, en } = end.error.text.message;
      throw failed(account, { zh: zh.replace(/。$/u, ''), en: en.replace(/\.$/u, '') }, { host: target.hostPort });
    }
    const { status, body } = end.reply;
    if (status === 401 || status === 403) {
      throw failed(account, { zh: '它不接受这个令牌', en: 'it does not accept the token' }, { status });
    }
    if (status !== 200) throw failed(account, { zh: `它答复 ${status}`, en: `it answered ${status}` }, { status });
    return signIn(account, body, request.sign.length);
  }
}

function signIn(account: Account, body: Uint8Array, length: number): string {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    json = null;
  }
  const sign = typeof json === 'object' && json !== null && 'sign' in json ? json.sign : null;
  if (typeof sign === 'string' && sign.length === length && /^[0-9A-Fa-f]+$/u.test(sign)) return sign;
  throw failed(account, { zh: '它的答复里没有签名', en: 'there is no sign in its answer' });
}
