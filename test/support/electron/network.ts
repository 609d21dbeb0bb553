import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';

/** Whether Chromium may reach an address. */
export type Decide = (address: string) => Promise<boolean>;

/**
 * The only way from Chromium to any network: a proxy on loopback that lets it reach this machine alone, and asks main's `webRequest` listeners even
 * then. Ordinary requests of pages were asked about before they came here; sockets are seen here alone. Answers its host:port.
 */
export async function startProxy(decide: Decide): Promise<string> {
  const server = http.createServer((request, reply) => void forward(decide, request, reply));
  server.on('connect', (request, socket, head) => void tunnel(decide, request.url ?? '', socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port for the proxy');
  return `127.0.0.1:${address.port}`;
}

const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

async function forward(decide: Decide, request: IncomingMessage, reply: ServerResponse): Promise<void> {
  const address = request.url ?? '';
  if (!URL.canParse(address) || !LOOPBACK.test(new URL(address).host) || !(await decide(address))) {
    reply.writeHead(403).end();
    return;
  }
  const { method = 'GET', headers } = request;
  const onward = http.request(address, { method, headers }, (answer) => {
    reply.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(reply);
  });
  onward.on('error', () => reply.writeHead(502).end());
  request.pipe(onward);
}

async function tunnel(decide: Decide, authority: string, socket: Duplex, head: Buffer): Promise<void> {
  socket.on('error', () => undefined);
  if (!LOOPBACK.test(authority) || !(await decide(`ws://${authority}/`))) {
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    return;
  }
  const { hostname, port } = new URL(`http://${authority}`);
  const upstream = net.connect(Number(port === '' ? 80 : port), hostname.replace(/^\[|\]$/g, ''), () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    upstream.write(head);
    upstream.pipe(socket).pipe(upstream);
  });
  upstream.on('error', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
}
