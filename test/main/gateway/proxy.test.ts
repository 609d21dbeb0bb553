import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { appError } from '../../../src/contract/errors.ts';
import type { Target } from '../../../src/main/gateway/hosts.ts';
import type { ProxyResolver } from '../../../src/main/gateway/proxy.ts';
import { Transport } from '../../../src/main/gateway/transport.ts';
import type { TransportEnd } from '../../../src/main/gateway/types.ts';
import { bypasses, parseProxy, proxyFromEnvironment } from '../../../src/main/gateway/proxy.ts';

describe('the environment', () => {
  it.each([
    [{}, { url: null, noProxy: '' }],
    [{ HTTPS_PROXY: 'http://p:1' }, { url: 'http://p:1', noProxy: '' }],
    [
      { HTTPS_PROXY: 'http://p:1', https_proxy: ' http://q:2 ' },
      { url: 'http://q:2', noProxy: '' },
    ],
    [
      { HTTP_PROXY: 'http://p:1', NO_PROXY: 'a.test' },
      { url: 'http://p:1', noProxy: 'a.test' },
    ],
    [
      { http_proxy: 'http://p:1', HTTPS_PROXY: 'http://s:1', no_proxy: 'b.test', NO_PROXY: 'a.test' },
      { url: 'http://s:1', noProxy: 'b.test' },
    ],
    [
      { HTTPS_PROXY: ' ', http_proxy: 'h:1' },
      { url: 'h:1', noProxy: '' },
    ],
  ])('%j', (environment, setting) => {
    expect(proxyFromEnvironment(environment)).toEqual(setting);
  });
});

describe('the list of hosts without proxy', () => {
  it.each([
    ['', 'api.polyv.net', '443', false],
    ['*', 'api.polyv.net', '443', true],
    ['api.polyv.net', 'api.polyv.net', '443', true],
    ['API.polyv.NET', 'api.polyv.net', '443', true],
    ['polyv.net', 'api.polyv.net', '443', true],
    ['.polyv.net', 'api.polyv.net', '443', true],
    ['*.polyv.net', 'api.polyv.net', '443', true],
    ['olyv.net', 'api.polyv.net', '443', false],
    ['api.polyv.net.evil', 'api.polyv.net', '443', false],
    ['a.test, b.test', 'b.test', '443', true],
    ['a.test b.test', 'b.test', '443', true],
    ['a.test,,b.test', 'c.test', '443', false],
    ['api.polyv.net:8443', 'api.polyv.net', '443', false],
    ['api.polyv.net:8443', 'api.polyv.net', '8443', true],
    ['10.0.0.5', '10.0.0.5', '443', true],
    ['::5', '[::5]', '443', true],
    ['[::5]', '[::5]', '443', true],
    ['[::5]:8443', '[::5]', '443', false],
    ['[::5]:8443', '[::5]', '8443', true],
  ])('%j holds %s:%s: %s', (list, host, port, held) => {
    expect(bypasses(list, host, port)).toBe(held);
  });
});

describe('a proxy’s URL', () => {
  it.each([
    ['http://proxy.test:3128', { uri: 'http://proxy.test:3128', shown: 'proxy.test:3128', authorization: null }],
    ['proxy.test:3128', { uri: 'http://proxy.test:3128', shown: 'proxy.test:3128', authorization: null }],
    ['http://proxy.test', { uri: 'http://proxy.test', shown: 'proxy.test:80', authorization: null }],
    ['https://proxy.test/', { uri: 'https://proxy.test', shown: 'proxy.test:443', authorization: null }],
    [
      'http://me:p%40ss@proxy.test:1',
      { uri: 'http://proxy.test:1', shown: 'proxy.test:1', authorization: 'Basic bWU6cEBzcw==' },
    ],
    ['http://me@proxy.test:1', { uri: 'http://proxy.test:1', shown: 'proxy.test:1', authorization: 'Basic bWU6' }],
    ['socks5://proxy.test:1080', null],
    ['http://', null],
    ['http://me:%@proxy.test', null],
  ])('%s', (text, proxy) => {
    expect(parseProxy(text)).toEqual(proxy);
  });
});

describe('a proxy that is asked for', () => {
  const OUTSIDE = 'https://api.outside.test';

  /** A proxy that writes down where it was asked to lead, and leads nowhere. */
  async function refusingProxy(): Promise<{ readonly url: string; readonly asked: string[]; close(): void }> {
    const asked: string[] = [];
    const server = createServer();
    server.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close: () => server.close() };
  }

  function transport(proxy: ProxyResolver): Transport {
    return new Transport({
      timeouts: { connectMs: 5_000, headersMs: 5_000, bodyMs: 5_000 },
      maxBodyBytes: 1_000,
      proxy,
      ca: [],
      steadyNow: () => performance.now(),
    });
  }

  const target: Target = {
    origin: OUTSIDE,
    hostname: 'api.outside.test',
    hostPort: 'api.outside.test:443',
    secure: true,
    loopback: false,
  };
  const request = { method: 'GET', url: OUTSIDE, headers: {}, body: null, signedText: '', sign: '' } as const;
  const send = (over: Transport, settled = (): void => {}): Promise<TransportEnd> =>
    over.send('a', target, '/', request, 1, settled);
  const codeOf = (end: TransportEnd): string => (end.kind === 'not_sent' ? end.error.code : end.kind);

  it('is asked for once, and again after the connections were closed', async () => {
    const [first, second] = [await refusingProxy(), await refusingProxy()];
    const origins: string[] = [];
    let url = first.url;
    const over = transport(async (origin) => {
      origins.push(origin);
      return url;
    });
    expect((await Promise.all([send(over), send(over)])).map(codeOf)).toEqual(['PROXY_FAILED', 'PROXY_FAILED']);
    expect([origins, second.asked]).toEqual([[OUTSIDE], []]);
    url = second.url;
    await over.close();
    await send(over);
    expect(origins).toEqual([OUTSIDE, OUTSIDE]);
    expect(new Set(first.asked)).toEqual(new Set([target.hostPort]));
    expect(second.asked).toEqual([target.hostPort]);
    await over.close();
    for (const one of [first, second]) one.close();
  });

  it('is asked for anew when the connections are closed while it is being asked for', async () => {
    const old = await refusingProxy();
    const present = await refusingProxy();
    const answers: ((url: string) => void)[] = [];
    const over = transport(() => new Promise((resolve) => answers.push(resolve)));
    const sent = send(over);
    await over.close();
    answers[0]?.(old.url);
    await expect.poll(() => answers.length).toBe(2);
    answers[1]?.(present.url);
    expect(codeOf(await sent)).toBe('PROXY_FAILED');
    expect([old.asked, present.asked]).toEqual([[], [target.hostPort]]);
    await over.close();
    for (const one of [old, present]) one.close();
  });

  it('that cannot be told sends nothing, gives the slot back, and says why', async () => {
    const why = appError('PROXY_FAILED', { zh: '代', en: 'socks' }, { zh: '改', en: 'mend' });
    let settled = 0;
    const end = await send(
      transport(() => Promise.reject(why)),
      () => (settled += 1),
    );
    expect(end).toEqual({ kind: 'not_sent', error: why });
    expect(settled).toBe(1);
  });

  it('is not asked for on loopback', async () => {
    const over = transport(() => Promise.reject(new Error('asked')));
    const loopback = { ...target, origin: 'http://127.0.0.1:1', hostname: '127.0.0.1', hostPort: '127.0.0.1:1' };
    const end = await over.send('a', { ...loopback, secure: false, loopback: true }, '/', request, 1, () => {});
    expect(codeOf(end)).toBe('CONNECT_FAILED');
    await over.close();
  });
});
