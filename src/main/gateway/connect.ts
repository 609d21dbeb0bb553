import { connect as tlsConnect, createSecureContext, getCACertificates } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { isIP, Socket } from 'node:net';
import { buildConnector, Client, Pool, ProxyAgent } from 'undici';
import type { Dispatcher } from 'undici';
import { codeOf, ConnectError, isTlsError } from './failures.ts';
import type { Target } from './hosts.ts';
import type { Proxy } from './proxy.ts';

export interface Timeouts {
  /** TCP and TLS together, and a proxy's answer to CONNECT. */
  readonly connectMs: number;
  /** From the request to the reply's headers. */
  readonly headersMs: number;
  /** From the reply's headers to its end. */
  readonly bodyMs: number;
}

/** Certificates to trust: Node's and NODE_EXTRA_CA_CERTS, the system's store, and `extra` (PEM). A store that fails is left out. */
export function trustedCertificates(
  extra: readonly string[],
  read: typeof getCACertificates = getCACertificates,
): string[] {
  const all = new Set<string>();
  for (const store of ['default', 'system'] as const) {
    try {
      for (const certificate of read(store)) all.add(certificate);
    } catch {
      // The other store still counts; a missing root shows itself as a TLS failure that names the issuer.
    }
  }
  for (const certificate of extra) all.add(certificate);
  return [...all];
}

type Connector = ReturnType<typeof buildConnector>;

/**
 * Labels a connector's errors. undici decides by an error's code whether it connects again by itself (UND_ERR_SOCKET) or leaves a client
 * stuck (ERR_TLS_CERT_ALTNAME_INVALID); under our own code it does neither.
 */
function labelled(connector: Connector, label: (error: Error) => ConnectError): Connector {
  return (options, callback) => {
    connector(options, (...result) => {
      if (result[0] === null) callback(null, result[1]);
      else callback(label(result[0]), null);
    });
  };
}

const originError = (error: Error): ConnectError => new ConnectError('origin', error);
const proxyError = (error: Error): ConnectError => new ConnectError('proxy', error);
/** Behind a proxy only a failed handshake is the origin's; everything else is the proxy's own. */
const tunnelError = (error: Error): ConnectError => {
  if (error instanceof ConnectError) return error;
  const cause = codeOf(error) === 'UND_ERR_PRX_TLS' ? error.cause : error;
  return isTlsError(cause) ? new ConnectError('origin', cause) : new ConnectError('proxy', error);
};

/** An error that `labelled` has labelled. */
const labelOf = (error: Error): ConnectError => (error instanceof ConnectError ? error : originError(error));

interface ConnectSettings {
  readonly timeouts: Timeouts;
  readonly ca: readonly string[];
}

/** Opens connections: pools for requests, and single ones that look at a certificate and send nothing. */
export class Connections {
  readonly #settings: ConnectSettings;
  #context: SecureContext | null = null;

  constructor(settings: ConnectSettings) {
    this.#settings = settings;
  }

  /**
   * A dispatcher to one origin with at most that many connections: HTTP/1.1, one request at a time on each, kept alive, no retry, no
   * redirect, through the proxy when there is one. An exchange bounds its own head and body.
   */
  open(target: Target, connections: number, proxy: Proxy | null): Dispatcher {
    const { connectMs } = this.#settings.timeouts;
    const tls = target.secure ? { secureContext: this.#secureContext() } : {};
    const pool = { connections, pipelining: 1, allowH2: false, headersTimeout: 0, bodyTimeout: 0 };
    if (proxy === null) {
      const connector = buildConnector({ ...tls, timeout: connectMs, allowH2: false });
      return new Pool(target.origin, { ...pool, connect: labelled(connector, originError) });
    }
    return new ProxyAgent({
      ...pool,
      uri: proxy.uri,
      ...(proxy.authorization === null ? {} : { token: proxy.authorization }),
      requestTls: { ...tls, timeout: connectMs, allowH2: false },
      proxyTls: { ...this.#proxyTls(proxy), timeout: connectMs, allowH2: false },
      clientFactory: (url, options) => this.#proxyPool(url, options),
      factory: (origin, options) => {
        const { connect, ...rest } = options as { connect: Connector };
        return new Pool(origin, { ...rest, connect: labelled(connect, tunnelError) });
      },
    });
  }

  /**
   * Connects to a target as its calls would, the handshake verified, and sends no byte of a request: null when the connection stood, else the
   * labelled error.
   */
  async reach(target: Target, proxy: Proxy | null, signal?: AbortSignal): Promise<ConnectError | null> {
    const { connectMs: timeout } = this.#settings.timeouts;
    const separator = target.hostPort.lastIndexOf(':');
    const hostname = target.hostname.replace(/^\[|\]$/g, '');
    const port = target.hostPort.slice(separator + 1);
    const tls = target.secure ? { secureContext: this.#secureContext() } : {};
    const client =
      proxy === null
        ? null
        : new Client(proxy.uri, {
            connect: labelled(buildConnector({ ...this.#proxyTls(proxy), timeout, allowH2: false }), proxyError),
            headersTimeout: timeout,
          });
    try {
      const tunnel = await client?.connect({
        path: target.hostPort,
        headers: proxyHeaders(proxy),
        ...(signal === undefined ? {} : { signal }),
      });
      if (tunnel !== undefined && tunnel.statusCode !== 200) {
        return proxyError(new Error(`Proxy response (${tunnel.statusCode}) !== 200 when HTTP Tunneling`));
      }
      if (tunnel !== undefined && !target.secure) return null;
      const way = tunnel?.socket;
      const httpSocket = way instanceof Socket ? { httpSocket: way } : {};
      const connector = labelled(
        buildConnector({ ...tls, timeout, allowH2: false }),
        tunnel === undefined ? originError : tunnelError,
      );
      return await new Promise<ConnectError | null>((resolve) => {
        const protocol = target.secure ? 'https:' : 'http:';
        const ends = { hostname, host: target.hostPort, protocol, port };
        connector({ ...ends, ...httpSocket }, (...result) => {
          if (result[0] !== null) return resolve(labelOf(result[0]));
          result[1].on('error', () => undefined);
          result[1].destroy();
          resolve(null);
        });
      });
    } catch (error) {
      return error instanceof ConnectError ? error : proxyError(error as Error);
    } finally {
      await client?.destroy();
    }
  }

  /**
   * Who issued the certificate that the target shows: a handshake without verification on which no byte of a request is sent.
   * '' when it cannot be learnt.
   */
  async issuer(target: Target, proxy: Proxy | null): Promise<string> {
    const timeout = Math.min(this.#settings.timeouts.connectMs, 5_000);
    const separator = target.hostPort.lastIndexOf(':');
    const host = target.hostname.replace(/^\[|\]$/g, '');
    const port = Number(target.hostPort.slice(separator + 1));
    const client =
      proxy === null
        ? null
        : new Client(proxy.uri, { connect: { ...this.#proxyTls(proxy), timeout }, headersTimeout: timeout });
    try {
      const tunnel = await client?.connect({
        path: target.hostPort,
        headers: proxyHeaders(proxy),
      });
      if (tunnel !== undefined && tunnel.statusCode !== 200) return '';
      return await new Promise<string>((resolve) => {
        const socket = tlsConnect({
          ...(tunnel === undefined ? { host, port } : { socket: tunnel.socket }),
          ...(isIP(host) === 0 ? { servername: host } : {}),
          rejectUnauthorized: false,
          ALPNProtocols: ['http/1.1'],
        });
        const end = (issuer: string): void => {
          socket.destroy();
          resolve(issuer);
        };
        socket.setTimeout(timeout, () => end(''));
        socket.once('secureConnect', () => end(issuerName(socket.getPeerCertificate().issuer)));
        socket.on('error', () => end(''));
        socket.once('close', () => end(''));
      });
    } catch {
      return '';
    } finally {
      await client?.destroy();
    }
  }

  #secureContext(): SecureContext {
    this.#context ??= createSecureContext({ ca: trustedCertificates(this.#settings.ca) });
    return this.#context;
  }

  #proxyTls(proxy: Proxy): { secureContext?: SecureContext } {
    return proxy.uri.startsWith('https:') ? { secureContext: this.#secureContext() } : {};
  }

  #proxyPool(url: URL, options: object): Dispatcher {
    const { connect } = options as { connect: Connector };
    return new Pool(url, {
      pipelining: 1,
      headersTimeout: this.#settings.timeouts.connectMs,
      connect: labelled(connect, proxyError),
    });
  }
}

function proxyHeaders(proxy: Proxy | null): Record<string, string> {
  const authorization = proxy?.authorization ?? null;
  return authorization === null ? {} : { 'proxy-authorization': authorization };
}

/** A certificate's issuer in words: "Name (Organisation)". It comes from whoever answered, so marks and length are bounded. */
export function issuerName(issuer: Readonly<Record<string, string | string[] | undefined>> | undefined): string {
  const part = (value: string | string[] | undefined): string =>
    (Array.isArray(value) ? value.join(', ') : (value ?? ''))
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim()
      .slice(0, 100);
  const name = part(issuer?.['CN']);
  const organisation = part(issuer?.['O']);
  if (name === '' || organisation === '' || name === organisation) return name === '' ? organisation : name;
  return `${name} (${organisation})`;
}
