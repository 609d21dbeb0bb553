import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { closedPort, gateway, later, listen, serveHttp, serveTcp, twin } from './support.ts';

describe('whether a vendor can be reached', () => {
  it('is asked by a connection on which no byte is sent', async () => {
    let bytes = 0;
    const port = await serveTcp((socket) => socket.on('data', (chunk: Buffer) => (bytes += chunk.length)));
    expect(await gateway().reach(twin(port))).toBeNull();
    expect(bytes).toBe(0);
  });

  it('is no where nothing listens, and yes when it is there again', async () => {
    const port = await closedPort();
    const made = gateway();
    expect(await made.reach(twin(port))).toMatchObject({ code: 'CONNECT_FAILED' });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    later(() => new Promise<void>((resolve) => void server.close(() => resolve())));
    expect(await made.reach(twin(port))).toBeNull();
  });

  it('is asked by the proxy that calls take, whose refusal is told', async () => {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    const port = await listen(proxy);
    const made = gateway({ proxy: async () => `http://127.0.0.1:${port}` });
    const live = twin(1, { environment: 'live', baseUrl: 'https://api.example.test', hosts: ['api.example.test'] });
    expect(await made.reach(live)).toMatchObject({ code: 'PROXY_FAILED' });
    expect(asked).toEqual(['api.example.test:443']);
  });

  it('is refused for a host that is not the account’s, and needs no secret', async () => {
    const port = await serveHttp((_request, response) => response.end());
    const made = gateway({ secrets: () => Promise.reject(new Error('no secret is needed')) });
    expect(await made.reach(twin(port, { hosts: ['127.0.0.1:1'] }))).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
    expect(await made.reach(twin(port))).toBeNull();
  });
});
