import { createServer as createHttp } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTcp } from 'node:net';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { afterEach } from 'vitest';
import type { Account } from '../../../src/contract/account.ts';
import { createGateway } from '../../../src/main/gateway/gateway.ts';
import type { GatewayOptions, VendorFacts } from '../../../src/main/gateway/gateway.ts';
import type { Build, Gateway } from '../../../src/main/gateway/types.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs when the test is over, the latest first. */
export function later(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup);
}

/** The port of a server that listens on 127.0.0.1; it is closed, its connections cut, when the test is over. */
export async function listen(server: Server | TcpServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return (server.address() as AddressInfo).port;
}

export const serveHttp = (listener: RequestListener): Promise<number> => listen(createHttp(listener));
export const serveTcp = (onSocket: (socket: Socket) => void): Promise<number> => listen(createTcp(onSocket));

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createTcp();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

export const facts: VendorFacts = {
  credentials: [],
  limits: { perSecond: 1e9, concurrency: 10, backOffMs: 2_000, clockToleranceMs: null },
  settings: [
    { id: 'format', names: { zh: '格式', en: 'format' }, kind: 'text', required: false, initial: 'xml' },
    { id: 'zone', names: { zh: '区', en: 'zone' }, kind: 'text', required: false },
  ],
};

/** A twin account of a server on loopback. */
export function twin(port: number, more: Partial<Account> = {}): Account {
  return {
    id: 'twin-1',
    label: 'Twin',
    vendor: 'polyv',
    environment: 'twin',
    baseUrl: `http://127.0.0.1:${port.toString()}`,
    hosts: [`127.0.0.1:${port.toString()}`],
    plain: { appId: 'app-1' },
    settings: {},
    createdAt: '2026-01-01T00:00:00Z',
    ...more,
  };
}

export function gateway(options: Partial<GatewayOptions> = {}): Gateway {
  const made = createGateway({
    secrets: () => Promise.resolve({ appSecret: 'secret-1' }),
    vendors: () => facts,
    proxy: { url: null },
    ...options,
  });
  later(() => made.close());
  return made;
}

/** Builds a POST of a text to a path of the account's address. */
export const post =
  (path: string, body: string | null = 'order=1'): Build =>
  (context) => ({
    method: 'POST',
    url: context.baseUrl + path,
    headers: { 'content-type': 'text/plain' },
    body: body === null ? null : Buffer.from(body, 'utf8'),
    signedText: '',
    sign: '',
  });

/** A clock that only `advance` and sleeping move; who sleeps is woken in order of time. */
export function fakeClock(startMs = 1_700_000_000_000): {
  now: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  advance: (ms: number) => Promise<void>;
  readonly sleeping: number;
} {
  let now = startMs;
  let sleepers: { at: number; wake: () => void }[] = [];
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return {
    now: () => now,
    get sleeping() {
      return sleepers.length;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal.reason as Error);
        });
      }),
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        sleepers.sort((a, b) => a.at - b.at);
        const next = sleepers[0];
        if (next === undefined || next.at > end) break;
        sleepers.shift();
        now = Math.max(now, next.at);
        next.wake();
        await settle();
      }
      now = end;
    },
  };
}
