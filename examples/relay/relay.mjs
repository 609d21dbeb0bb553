// A reference signing relay: the merchant's own server keeps the vendor's secret and signs for the console, which never has it.
// It needs Node.js alone. Put it behind HTTPS (a reverse proxy), on a machine that only the console may reach.
//
//   RELAY_TOKEN     what the console must send as "Authorization: Bearer …"; at least 32 characters
//   RELAY_SECRETS   a file of { "polyv": "…", "pdd": "…" }: the vendors' secrets, readable by this server's user alone
//   PORT, HOST      where it listens; 127.0.0.1:8787 by default
//
// POST /v1/sign takes { v: 1, vendor, method, url, signedText, digest, hexCase } and answers { sign }:
//   url         the request's address, "{sign}" where the sign goes: for the relay to judge, and for its log
//   signedText  what is signed, "•••" at its beginning and end where the secret goes
//   digest      "MD5" or "SHA256", over the UTF-8 bytes; hexCase: "upper" or "lower"
// 401: the token is wrong; 403: this relay does not sign such a request; 400: it is not understood.
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const MASK = '•••';
const MOST_BYTES = 1024 * 1024;
const DIGESTS = { MD5: 'md5', SHA256: 'sha256' };

/** What this relay signs, by vendor: the hosts and paths of the console's own operations. Everything else is refused. */
const ALLOWED = {
  polyv: { hosts: ['api.polyv.net'], paths: ['/live/v4/user/product/'] },
  pdd: { hosts: ['kf.fw199.com', 'open.fw199.com'], paths: ['/'] },
};

function hashOf(text) {
  return createHash('sha256').update(text, 'utf8').digest();
}

/** Whether a request may be signed. `extraHosts` are further hosts, for tests against a stand-in of the vendor. */
function isAllowed(vendor, address, extraHosts) {
  const rule = Object.hasOwn(ALLOWED, vendor) ? ALLOWED[vendor] : undefined;
  if (rule === undefined || !URL.canParse(address.replace('{sign}', ''))) return false;
  const { hostname, pathname } = new URL(address.replace('{sign}', ''));
  return [...rule.hosts, ...extraHosts].includes(hostname) && rule.paths.some((path) => pathname.startsWith(path));
}

/** The sign of what the console asks for; null when it is not understood. */
export function signFor({ v, signedText, digest, hexCase }, secret) {
  if (v !== 1 || typeof signedText !== 'string' || !Object.hasOwn(DIGESTS, digest)) return null;
  const begins = signedText.startsWith(MASK);
  const ends = signedText.endsWith(MASK) && signedText.length > MASK.length;
  const inner = signedText.slice(begins ? MASK.length : 0, ends ? -MASK.length : undefined);
  // Without the secret in it the sign would be anybody's; with the mask in between the text would not be the console's.
  if (!(begins || ends) || inner.includes(MASK)) return null;
  const text = `${begins ? secret : ''}${inner}${ends ? secret : ''}`;
  const hex = createHash(DIGESTS[digest]).update(text, 'utf8').digest('hex');
  return hexCase === 'upper' ? hex.toUpperCase() : hex;
}

async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null;
  }
}

/** Makes the relay's server. `log` gets a line a request: never the token, the secret, the text or the sign. */
export function createRelay({ token, secrets, extraHosts = [], log = console.log }) {
  const wanted = hashOf(`Bearer ${token}`);

  async function answer(request) {
    if (request.method !== 'POST' || request.url !== '/v1/sign')
      return [404, { error: 'there is POST /v1/sign alone' }];
    if (!timingSafeEqual(hashOf(request.headers.authorization ?? ''), wanted)) return [401, { error: 'wrong token' }];
    const asked = await bodyOf(request);
    if (asked === null || typeof asked !== 'object') return [400, { error: 'no JSON object' }];
    const vendor = String(asked.vendor);
    const secret = Object.hasOwn(secrets, vendor) ? secrets[vendor] : undefined;
    if (secret === undefined || !isAllowed(vendor, String(asked.url), extraHosts)) {
      return [403, { error: 'not signed here' }];
    }
    const sign = signFor(asked, secret);
    return sign === null ? [400, { error: 'not understood' }] : [200, { sign }];
  }

  return createServer((request, response) => {
    answer(request)
      .catch(() => [500, { error: 'failed' }])
      .then(([status, body]) => {
        log(`${new Date().toISOString()} ${request.method} ${request.url} ${status}`);
        response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
        response.end(JSON.stringify(body));
      });
  });
}

if (process.argv[1] === import.meta.filename) {
  const {
    RELAY_TOKEN = '',
    RELAY_SECRETS = '',
    RELAY_EXTRA_HOSTS = '',
    PORT = '8787',
    HOST = '127.0.0.1',
  } = process.env;
  if (RELAY_TOKEN.length < 32) throw new Error('RELAY_TOKEN must have at least 32 characters');
  const secrets = JSON.parse(readFileSync(RELAY_SECRETS, 'utf8'));
  const extraHosts = RELAY_EXTRA_HOSTS.split(',').filter((host) => host !== '');
  const server = createRelay({ token: RELAY_TOKEN, secrets, extraHosts });
  server.listen(Number(PORT), HOST, () => console.log(`listening on ${HOST}:${server.address().port}`));
}
