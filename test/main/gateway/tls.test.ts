import { readFileSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { connect as tcpConnect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTls } from 'node:tls';
import { describe, expect, it, vi } from 'vitest';
import type { Account } from '../../../src/contract/account.ts';
import { issuerName, trustedCertificates } from '../../../src/main/gateway/connect.ts';
import type { GatewayOptions } from '../../../src/main/gateway/gateway.ts';
import type { Gateway, TransportEnd } from '../../../src/main/gateway/types.ts';
import { closedPort, gateway, listen, post, serveTcp, twin } from './support.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '../../fixtures/tls', name), 'utf8');
const CA = fixture('ca.pem');
const ISSUER = 'Console Test CA (Acme Antivirus)';
const quick = { connectMs: 300, headersMs: 200, bodyMs: 200 };

/** An HTTPS server with that certificate; counts the requests that arrive. */
async function serveHttps(certificate: string): Promise<{ port: number; arrivals: string[] }> {
  const arrivals: string[] = [];
  const server = createHttps({ key: fixture('server.key'), cert: fixture(certificate) }, (request, response) => {
    arrivals.push(request.url ?? '');
    if (request.url === '/reset') request.socket.destroy();
    else response.end('secure');
  });
  return { port: await listen(server), arrivals };
}

const local = (port: number): Account =>
  twin(port, { environment: 'live', baseUrl: `https://localhost:${port.toString()}`, hosts: ['localhost'] });
const shop: Account = twin(1, {
  id: 'shop',
  environment: 'live',
  baseUrl: 'https://api.shop.test',
  hosts: ['api.shop.test'],
});

const call = async (made: Gateway, account: Account, path = '/x'): Promise<TransportEnd> =>
  made.commit(await made.prepare(account, post(path)));
const verdict = (end: TransportEnd): string =>
  end.kind === 'replied' ? `replied ${end.reply.status.toString()}` : `${end.kind} ${end.error.code}`;
const dataOf = (end: TransportEnd): unknown => (end.kind === 'replied' ? null : end.error.data);
const secure = (options: Partial<GatewayOptions> = {}): Gateway => gateway({ timeouts: quick, ...options });

describe('https', () => {
  it('is sent when the certificate holds', async () => {
    const { port, arrivals } = await serveHttps('good.pem');
    const made = secure({ ca: [CA] });
    expect(verdict(await call(made, local(port)))).toBe('replied 200');
    expect(verdict(await call(made, local(port)))).toBe('replied 200');
    expect(arrivals).toEqual(['/x', '/x']);
  });

  it('names the issuer of a certificate that nobody here trusts, again and again', async () => {
    const { port, arrivals } = await serveHttps('good.pem');
    const made = secure();
    const host = `localhost:${port.toString()}`;
    for (let turn = 0; turn < 3; turn++) {
      const end = await call(made, local(port));
      expect(verdict(end)).toBe('not_sent TLS_FAILED');
      expect(dataOf(end)).toEqual({ host, issuer: ISSUER, code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
      expect(end.kind === 'not_sent' && end.error.text.message).toEqual({
        zh: `没有发送：与 ${host} 的加密连接无法确认对方身份，它出示的证书由“${ISSUER}”签发。`,
        en: `Nothing was sent: the secure connection to ${host} could not be verified; the certificate it showed was issued by “${ISSUER}”.`,
      });
      expect(end.kind === 'not_sent' && end.error.text.remedy.en).toContain('antivirus program or a company proxy');
    }
    expect(arrivals).toEqual([]);
  });

  it('refuses another’s certificate, more than once on the same gateway', async () => {
    const { port, arrivals } = await serveHttps('other-name.pem');
    const made = secure({ ca: [CA] });
    for (let turn = 0; turn < 3; turn++) {
      const end = await call(made, local(port));
      expect(verdict(end)).toBe('not_sent TLS_FAILED');
      expect(dataOf(end)).toMatchObject({ issuer: ISSUER, code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    }
    expect(arrivals).toEqual([]);
  });

  it('speaks of the date when a certificate has expired', async () => {
    const { port } = await serveHttps('expired.pem');
    const end = await call(secure({ ca: [CA] }), local(port));
    expect(dataOf(end)).toMatchObject({ issuer: ISSUER, code: 'CERT_HAS_EXPIRED' });
    expect(end.kind === 'not_sent' && end.error.text.remedy.en).toContain("check this machine's date and time first");
  });

  it('names no issuer when the handshake breaks off or is no handshake', async () => {
    const closing = await serveTcp((socket) => socket.on('data', () => socket.end()));
    const plain = await serveTcp((socket) => socket.on('data', () => socket.write('HTTP/1.1 400 Bad\r\n\r\n')));
    for (const port of [closing, plain]) {
      const end = await call(secure(), local(port));
      expect(verdict(end)).toBe('not_sent TLS_FAILED');
      expect(dataOf(end)).toMatchObject({ issuer: '' });
      expect(end.kind === 'not_sent' && end.error.text.message.en).toBe(
        `Nothing was sent: the secure connection to localhost:${port.toString()} could not be verified.`,
      );
    }
  });

  it('is not_sent when the handshake does not end in time', async () => {
    const port = await serveTcp((socket) => void socket.resume());
    const end = await call(secure(), local(port));
    expect(verdict(end)).toBe('not_sent CONNECT_FAILED');
    expect(dataOf(end)).toMatchObject({ code: 'UND_ERR_CONNECT_TIMEOUT' });
  });

  it('is lost when the connection breaks after the request', async () => {
    const { port, arrivals } = await serveHttps('good.pem');
    expect(verdict(await call(secure({ ca: [CA] }), local(port), '/reset'))).toBe('lost CONNECTION_LOST');
    expect(arrivals).toEqual(['/reset']);
  });

  it('is never HTTP/2', async () => {
    const offers: (string | false | null)[] = [];
    const server = createTls(
      { key: fixture('server.key'), cert: fixture('good.pem'), ALPNProtocols: ['h2', 'http/1.1'] },
      (socket) => {
        offers.push(socket.alpnProtocol);
        socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
        socket.on('error', () => undefined);
      },
    );
    const port = await listen(server);
    expect(verdict(await call(secure({ ca: [CA] }), local(port)))).toBe('replied 200');
    expect(offers).toEqual(['http/1.1']);
  });

  it('says so when a name has no address', async () => {
    const account = twin(1, {
      environment: 'live',
      baseUrl: 'https://no-such-host.invalid',
      hosts: ['no-such-host.invalid'],
    });
    const end = await call(gateway(), account);
    expect(verdict(end)).toBe('not_sent DNS_FAILED');
    expect(dataOf(end)).toMatchObject({ host: 'no-such-host.invalid:443' });
    expect(end.kind === 'not_sent' && end.error.text.message.zh).toBe(
      '没有发送：找不到主机 no-such-host.invalid:443 的地址。',
    );
  });
});

/** A CONNECT proxy: answers with `status`, and on 200 joins the tunnel to a port of this machine, whatever host was asked for. */
async function serveProxy(status: number, toPort: number): Promise<{ url: string; heads: string[] }> {
  const heads: string[] = [];
  const port = await serveTcp((socket) => {
    socket.once('data', (data) => {
      heads.push(data.toString('latin1'));
      if (status !== 200) {
        socket.end(`HTTP/1.1 ${status.toString()} No\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      const target: Socket = tcpConnect(toPort, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connected\r\n\r\n');
        socket.pipe(target).pipe(socket);
      });
      target.on('error', () => socket.destroy());
      socket.on('close', () => target.destroy());
    });
  });
  return { url: `http://127.0.0.1:${port.toString()}`, heads };
}

const shown = (url: string): string => new URL(url).host;

describe('through a proxy', () => {
  it('the request goes end to end encrypted, by the host’s name, with the proxy’s password', async () => {
    const origin = await serveHttps('good.pem');
    const proxy = await serveProxy(200, origin.port);
    const made = secure({ ca: [CA], proxy: { url: proxy.url.replace('//', '//me:p%40ss@') } });
    expect(verdict(await call(made, shop))).toBe('replied 200');
    expect(verdict(await call(made, shop))).toBe('replied 200');
    expect(origin.arrivals).toEqual(['/x', '/x']);
    expect(proxy.heads[0]).toContain('CONNECT api.shop.test:443 HTTP/1.1\r\n');
    expect(proxy.heads[0]?.toLowerCase()).toContain('proxy-authorization: basic bwu6cebzcw==\r\n');
    expect(proxy.heads.join('')).not.toContain('order=1');
  });

  it('is taken from the environment', async () => {
    const origin = await serveHttps('good.pem');
    const proxy = await serveProxy(200, origin.port);
    vi.stubEnv('https_proxy', proxy.url);
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('no_proxy', '');
    try {
      const { createGateway } = await import('../../../src/main/gateway/gateway.ts');
      const { facts } = await import('./support.ts');
      const made = createGateway({
        secrets: () => Promise.resolve({}),
        vendors: () => facts,
        timeouts: quick,
        ca: [CA],
      });
      expect(verdict(await call(made, shop))).toBe('replied 200');
      await made.close();
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it.each([403, 407, 502])('a refusal (%i) is not_sent and says what the proxy answered', async (status) => {
    const proxy = await serveProxy(status, 0);
    const end = await call(secure({ proxy: { url: proxy.url } }), shop);
    expect(verdict(end)).toBe('not_sent PROXY_FAILED');
    expect(dataOf(end)).toMatchObject({ host: 'api.shop.test:443', proxy: shown(proxy.url), status });
    expect(end.kind === 'not_sent' && end.error.text.message.en).toBe(
      `Nothing was sent: the proxy ${shown(proxy.url)} made no connection to api.shop.test:443 (it answered ${status.toString()}).`,
    );
    expect(end.kind === 'not_sent' && end.error.text.remedy.en).toBe(
      status === 407
        ? 'The proxy asks for a name and a password; enter them in the proxy setting.'
        : 'Check the proxy setting, or try without the proxy.',
    );
    expect(proxy.heads.length).toBe(1);
  });

  it('one that is not there is not_sent', async () => {
    const port = await closedPort();
    const end = await call(secure({ proxy: { url: `127.0.0.1:${port.toString()}` } }), shop);
    expect(verdict(end)).toBe('not_sent PROXY_FAILED');
    expect(dataOf(end)).toEqual({
      host: 'api.shop.test:443',
      proxy: `127.0.0.1:${port.toString()}`,
      code: 'ECONNREFUSED',
    });
  });

  it.each(['end', 'resetAndDestroy'] as const)('one that hangs up (%s) is asked once', async (close) => {
    let asked = 0;
    const port = await serveTcp((socket) =>
      socket.on('data', () => {
        asked++;
        socket[close]();
      }),
    );
    const end = await call(secure({ proxy: { url: `http://127.0.0.1:${port.toString()}` } }), shop);
    expect(verdict(end)).toBe('not_sent PROXY_FAILED');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(asked).toBe(1);
  });

  it('one that does not answer is not_sent', async () => {
    const port = await serveTcp((socket) => void socket.resume());
    const end = await call(secure({ proxy: { url: `http://127.0.0.1:${port.toString()}` } }), shop);
    expect(verdict(end)).toBe('not_sent PROXY_FAILED');
  });

  it('one that opens the encryption is named as issuer', async () => {
    const origin = await serveHttps('good.pem');
    const proxy = await serveProxy(200, origin.port);
    const end = await call(secure({ proxy: { url: proxy.url } }), shop);
    expect(verdict(end)).toBe('not_sent TLS_FAILED');
    expect(dataOf(end)).toMatchObject({ host: 'api.shop.test:443', issuer: ISSUER });
    expect(origin.arrivals).toEqual([]);
  });

  it('another’s certificate is refused, more than once', async () => {
    const origin = await serveHttps('other-name.pem');
    const proxy = await serveProxy(200, origin.port);
    const made = secure({ ca: [CA], proxy: { url: proxy.url } });
    for (let turn = 0; turn < 3; turn++) {
      const end = await call(made, shop);
      expect(verdict(end)).toBe('not_sent TLS_FAILED');
      expect(dataOf(end)).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID', issuer: ISSUER });
    }
    expect(origin.arrivals).toEqual([]);
  });

  it('a connection that breaks after the request is lost, with one arrival', async () => {
    const origin = await serveHttps('good.pem');
    const proxy = await serveProxy(200, origin.port);
    const end = await call(secure({ ca: [CA], proxy: { url: proxy.url } }), shop, '/reset');
    expect(verdict(end)).toBe('lost CONNECTION_LOST');
    expect(origin.arrivals).toEqual(['/reset']);
  });

  it('is not used for this machine, nor for hosts that are to be reached without', async () => {
    const origin = await serveHttps('good.pem');
    const proxy = await serveProxy(200, origin.port);
    expect(verdict(await call(secure({ ca: [CA], proxy: { url: proxy.url } }), local(origin.port)))).toBe(
      'replied 200',
    );
    const account = twin(1, { environment: 'live', baseUrl: 'https://a.invalid', hosts: ['a.invalid'] });
    expect(verdict(await call(gateway({ proxy: { url: proxy.url, noProxy: 'b.test, .invalid' } }), account))).toBe(
      'not_sent DNS_FAILED',
    );
    expect(proxy.heads).toEqual([]);
  });

  it('a setting that cannot be used is not_sent', async () => {
    const end = await call(secure({ proxy: { url: 'socks5://127.0.0.1:1080' } }), shop);
    expect(verdict(end)).toBe('not_sent PROXY_FAILED');
    expect(dataOf(end)).toMatchObject({ proxy: '?' });
  });
});

describe('what is trusted', () => {
  it('is Node’s store, the system’s and what is added, each once', () => {
    const stores: Record<string, string[]> = { default: ['a', 'b'], system: ['b', 'c'] };
    expect(trustedCertificates(['c', 'd'], (store) => stores[store ?? ''] ?? [])).toEqual(['a', 'b', 'c', 'd']);
  });

  it('does without a store that fails', () => {
    const failing = (store?: string): string[] => {
      if (store === 'system') throw new Error('no store');
      return ['a'];
    };
    expect(trustedCertificates(['d'], failing)).toEqual(['a', 'd']);
  });

  it('holds real certificates here', () => {
    expect(trustedCertificates([]).length).toBeGreaterThan(50);
  });
});

describe('an issuer’s name', () => {
  it.each([
    [{ CN: 'Root', O: 'Acme' }, 'Root (Acme)'],
    [{ CN: 'Acme', O: 'Acme' }, 'Acme'],
    [{ CN: 'Root' }, 'Root'],
    [{ O: 'Acme' }, 'Acme'],
    [{}, ''],
    [undefined, ''],
    [{ CN: ['A', 'B'], O: 'C' }, 'A, B (C)'],
    [{ CN: 'a\n\u202eb \t c' }, 'a b c'],
    [{ CN: 'x'.repeat(500) }, 'x'.repeat(100)],
  ])('%j', (issuer, name) => {
    expect(issuerName(issuer)).toBe(name);
  });
});
