import type { Dispatcher } from 'undici';
import { AppError } from '../../contract/errors.ts';
import type { SignedRequest } from '../vendors/types.ts';
import type { Timeouts } from './connect.ts';
import { Connections } from './connect.ts';
import type { ExchangeEnd, ExchangeLimits } from './exchange.ts';
import { Exchange } from './exchange.ts';
import { codeOf, lost, notSent, proxyFailed, rootOf, tlsFailed } from './failures.ts';
import type { Target } from './hosts.ts';
import { invalidRequest } from './hosts.ts';
import type { Proxy, ProxyResolver, ProxySetting } from './proxy.ts';
import { parseProxy, proxyOfSetting } from './proxy.ts';
import type { TransportEnd } from './types.ts';

export interface TransportOptions {
  readonly timeouts: Timeouts;
  readonly maxBodyBytes: number;
  /** A setting that holds for good, or a function that is asked for each origin. */
  readonly proxy: ProxySetting | ProxyResolver;
  /** Further certificates to trust (PEM). */
  readonly ca: readonly string[];
  /** A clock that never goes back, milliseconds. */
  readonly steadyNow: () => number;
}

/** How long the issuer of a certificate that failed is remembered. */
const ISSUER_MS = 60_000;

/** The way to one origin: through which proxy, over which connections. */
interface Route {
  readonly proxy: Proxy | null;
  readonly connections: number;
  readonly dispatcher: Dispatcher;
}

const portOf = ({ hostPort }: Target): string => hostPort.slice(hostPort.lastIndexOf(':') + 1);

/** Carries signed requests as bytes and says what surely happened. Each account has its own connections to each of its origins. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #connections: Connections;
  readonly #limits: ExchangeLimits;
  readonly #routes = new Map<string, Route>();
  /** Routes whose proxy is being asked for. */
  readonly #opening = new Map<string, Promise<Route>>();
  readonly #issuers = new Map<string, { readonly until: number; readonly name: Promise<string> }>();

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#connections = new Connections({ timeouts: options.timeouts, ca: options.ca });
    this.#limits = {
      maxBodyBytes: options.maxBodyBytes,
      headersMs: options.timeouts.headersMs,
      bodyMs: options.timeouts.bodyMs,
    };
  }

  /**
   * Sends a request once. `connections` is the account's concurrency, so no request waits for another's connection. `onSettled` is called
   * the moment the exchange is over, before a failure is explained. Never throws; an aborted `signal` ends it.
   */
  send(
    account: string,
    target: Target,
    path: string,
    request: SignedRequest,
    connections: number,
    onSettled: () => void,
    signal?: AbortSignal,
  ): Promise<TransportEnd> {
    const refused = (error: unknown): TransportEnd => {
      onSettled();
      return { kind: 'not_sent', error: error instanceof AppError ? error : notSent(target.hostPort, null, error) };
    };
    const carry = (route: Route): Promise<TransportEnd> => this.#carry(route, target, path, request, onSettled, signal);
    let route: Route | Promise<Route>;
    try {
      route = this.#route(account, target, connections);
    } catch (error) {
      return Promise.resolve(refused(error));
    }
    return route instanceof Promise ? route.then(carry, refused) : carry(route);
  }

  #carry(
    route: Route,
    target: Target,
    path: string,
    request: SignedRequest,
    onSettled: () => void,
    signal?: AbortSignal,
  ): Promise<TransportEnd> {
    const { steadyNow } = this.#options;
    const startedAt = steadyNow();
    return new Promise<TransportEnd>((resolve) => {
      const exchange = new Exchange(this.#limits, (end) => {
        signal?.removeEventListener('abort', onAbort);
        onSettled();
        if (end.ok) {
          const { status, headers, body } = end;
          resolve({ kind: 'replied', reply: { status, headers, body }, elapsedMs: steadyNow() - startedAt });
        } else {
          resolve(this.#failed(target, route.proxy, end));
        }
      });
      const onAbort = (): void => exchange.abort();
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted === true) return exchange.abort();
      const headers = { 'accept-encoding': 'identity', ...request.headers };
      route.dispatcher.dispatch(
        { origin: target.origin, path, method: request.method, headers, body: request.body },
        exchange,
      );
    });
  }

  /** Opens a connection to a target by the way that its calls take, and closes it: null when it stood, else why not. */
  async reach(target: Target, signal?: AbortSignal): Promise<AppError | null> {
    const url = await this.#proxyUrl(target);
    const proxy = url === null ? null : parseProxy(url);
    if (url !== null && proxy === null) return proxyFailed(target.hostPort, '?', undefined);
    const error = await this.#connections.reach(target, proxy, signal);
    if (error === null) return null;
    const why = notSent(target.hostPort, proxy?.shown ?? null, error);
    return why.code === 'TLS_FAILED'
      ? tlsFailed(target.hostPort, await this.#issuer(target, proxy), rootOf(error))
      : why;
  }

  /** Closes the connections of one account, or of all, once their calls are over. */
  async close(account?: string): Promise<void> {
    const closing: Promise<void>[] = [];
    for (const key of this.#opening.keys()) {
      if (account === undefined || key.startsWith(`${account} `)) this.#opening.delete(key);
    }
    for (const [key, route] of this.#routes) {
      if (account !== undefined && !key.startsWith(`${account} `)) continue;
      this.#routes.delete(key);
      closing.push(route.dispatcher.close());
    }
    await Promise.all(closing);
  }

  /** Throws PROXY_FAILED when the proxy cannot be used, and what the resolver rejects with. */
  #route(account: string, target: Target, connections: number): Route | Promise<Route> {
    const key = `${account} ${target.origin}`;
    const known = this.#routes.get(key);
    if (known?.connections === connections) return known;
    const { proxy } = this.#options;
    if (target.loopback) return this.#open(key, target, connections, null);
    if (typeof proxy !== 'function') {
      return this.#open(key, target, connections, proxyOfSetting(proxy, target.hostname, portOf(target)));
    }
    const opening = this.#opening.get(key);
    if (opening !== undefined) return opening;
    const asked: Promise<Route> = proxy(target.origin).then(
      (url) => {
        // Closed meanwhile: what was asked for may be out of date.
        if (this.#opening.get(key) !== asked) return this.#route(account, target, connections);
        this.#opening.delete(key);
        return this.#open(key, target, connections, url);
      },
      (error: unknown) => {
        if (this.#opening.get(key) === asked) this.#opening.delete(key);
        throw error;
      },
    );
    this.#opening.set(key, asked);
    return asked;
  }

  async #proxyUrl(target: Target): Promise<string | null> {
    const { proxy } = this.#options;
    if (target.loopback) return null;
    if (typeof proxy === 'function') return proxy(target.origin);
    return proxyOfSetting(proxy, target.hostname, portOf(target));
  }

  #open(key: string, target: Target, connections: number, url: string | null): Route {
    const proxy = url === null ? null : parseProxy(url);
    if (url !== null && proxy === null) throw proxyFailed(target.hostPort, '?', undefined);
    const before = this.#routes.get(key);
    const route = { proxy, connections, dispatcher: this.#connections.open(target, connections, proxy) };
    this.#routes.set(key, route);
    void before?.dispatcher.close();
    return route;
  }

  async #failed(target: Target, proxy: Proxy | null, end: ExchangeEnd & { ok: false }): Promise<TransportEnd> {
    if (end.started) return lost(target.hostPort, end.error);
    const code = codeOf(end.error);
    if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
      return { kind: 'not_sent', error: invalidRequest('request', end.error) };
    }
    const error = notSent(target.hostPort, proxy?.shown ?? null, end.error);
    if (error.code !== 'TLS_FAILED') return { kind: 'not_sent', error };
    const issuer = await this.#issuer(target, proxy);
    return { kind: 'not_sent', error: tlsFailed(target.hostPort, issuer, rootOf(end.error)) };
  }

  #issuer(target: Target, proxy: Proxy | null): Promise<string> {
    const now = this.#options.steadyNow();
    const known = this.#issuers.get(target.origin);
    if (known !== undefined && now < known.until) return known.name;
    const name = this.#connections.issuer(target, proxy);
    this.#issuers.set(target.origin, { until: now + ISSUER_MS, name });
    return name;
  }
}
