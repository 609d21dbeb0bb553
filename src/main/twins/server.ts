import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Faults } from './faults.ts';
import type { FaultKind, FaultRule } from './faults.ts';
import { Ledger } from './ledger.ts';
import type { LedgerArrival } from './ledger.ts';

export type TwinVendor = 'polyv' | 'pdd' | 'vending' | 'suning';

/** The credentials a twin takes unless told otherwise: made-up values, those of the vector tables. */
export const TWIN_CREDENTIALS = {
  polyv: { appId: 'testappid1', appSecret: '0123456789abcdef0123456789abcdef' },
  pdd: { appId: 'test_app_001', appSecret: 'test_secret_0123456789abcdef', sellerNick: 'pdd00000000001' },
  vending: { appId: 'ds0123456789abcdef', appSecret: 'test_app_secret_01', signKey: 'testmerchant01' },
  suning: { appKey: 'test-app-key', appSecret: 'test-app-secret' },
} as const satisfies Record<TwinVendor, Readonly<Record<string, string>>>;

/** An order as a twin holds it now; each vendor adds its own fields. */
export interface TwinOrder {
  readonly index: number;
  readonly number: string;
}

export interface TwinReply {
  readonly status: number;
  readonly body: string | Buffer;
  /** Default `application/json;charset=UTF-8`. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A whole request, as the vendor's part sees it. */
export interface TwinRequest {
  readonly seq: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** After the `?`, as it came. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly reusedConnection: boolean;
  /** The twin's clock, skew included. */
  readonly nowMs: number;
  /** Under an `unknown_order` fault: its order numbers (empty: the batch's first); else null. */
  readonly unknownOrders: readonly string[] | null;
  /** Enters one order acted on in the ledger; to be called for each, when its state is changed. */
  act(index: number, order: string, action: string, value: string): void;
}

/** What a vendor's part is made from. */
export interface PartSetup {
  readonly seed: number;
  /** How many orders are generated. */
  readonly orders: number;
  /** The newest order's time; the same seed, count and epoch give the same orders. */
  readonly epochMs: number;
  readonly credentials: Readonly<Record<string, string>>;
  readonly vendorOptions: Readonly<Record<string, string>>;
}

/** A vendor's part of its twin: pure of HTTP, one call a request, synchronous. */
export interface TwinPart<Order extends TwinOrder = TwinOrder> {
  /** Places for orders, the documents' sample orders after the generated ones included. */
  readonly size: number;
  orderNumber(index: number): string;
  /** Below 0 when there is no such order. Must not cost more with more orders. */
  indexOf(order: string): number;
  order(index: number): Order;
  /** Verifies, acts and answers in the vendor's words. `'close'` ends the connection without a reply. */
  handle(request: TwinRequest): TwinReply;
  /** The vendor's limit reply; also what a blocked client gets. */
  limited(request: TwinRequest): TwinReply | 'close';
  /** A failure in the vendor's own envelope; undefined asks for the part's own choice. */
  failed(code: string | undefined, message: string | undefined, request: TwinRequest): TwinReply;
  /** More than `requests` in `windowMs` block the client for `blockMs`. */
  readonly rate?: { readonly requests: number; readonly windowMs: number; readonly blockMs: number };
}

export type PartFactory<Order extends TwinOrder = TwinOrder> = (setup: PartSetup) => TwinPart<Order>;

export interface TwinOptions {
  /** 0 (default) takes a free one. */
  readonly port?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Default 100,000. */
  readonly orders?: number;
  /** The newest order's time, milliseconds; default the twin's clock at its start. */
  readonly epochMs?: number;
  /** Overrides of `TWIN_CREDENTIALS`. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** How far the twin's clock is ahead of `now`. */
  readonly clockSkewMs?: number;
  /** Default Date.now. */
  readonly now?: () => number;
  readonly faults?: readonly FaultRule[];
  /** Every reply waits so long. */
  readonly latencyMs?: number;
  /** Default `full`. */
  readonly ledger?: 'full' | 'counts';
  /** The vendor's own switches; each part's file lists them. */
  readonly vendorOptions?: Readonly<Record<string, string>>;
}

export type TwinHook = (request: TwinRequest) => void | Promise<void>;

/** A running twin. */
export interface Twin<Order extends TwinOrder = TwinOrder> {
  readonly vendor: TwinVendor;
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly port: number;
  readonly credentials: Readonly<Record<string, string>>;
  /** With the number of orders, what the generated orders follow from. */
  readonly seed: number;
  readonly epochMs: number;
  readonly ledger: Ledger;
  /** Generated orders: indexes 0 to orderCount − 1; the documents' sample orders follow. */
  readonly orderCount: number;
  orderNumber(index: number): string;
  indexOf(order: string): number;
  /** The order's state now. */
  order(index: number): Order;
  /** The twin's clock. */
  now(): number;
  setClockSkew(ms: number): void;
  setFaults(rules: readonly FaultRule[]): void;
  /** Awaited when a whole request has arrived, before anything is decided. */
  onArrival: TwinHook | null;
  /** Awaited when the request was handled, before the reply leaves. */
  onActed: TwinHook | null;
  /** Called when the reply was handed to the system, or its connection destroyed. */
  afterReply: TwinHook | null;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

const fiveMinutesMs = 300_000;
const mostBodyBytes = 16 * 1024 * 1024;
const noBody = Buffer.alloc(0);
const endings: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'limit',
  'block',
  'server_error',
  'reset_before',
  'reset_after',
  'close_reused',
  'truncated',
  'html',
  'empty',
  'failure',
  'silent',
]);
const actsByDefault: ReadonlySet<FaultKind> = new Set<FaultKind>(['reset_after', 'truncated', 'silent']);

const htmlPage =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>';

/** One twin's state between requests. */
class TwinServer {
  readonly part: TwinPart;
  readonly ledger: Ledger;
  readonly faults: Faults;
  onArrival: TwinHook | null = null;
  onActed: TwinHook | null = null;
  afterReply: TwinHook | null = null;
  skewMs: number;
  closed = false;
  readonly #now: () => number;
  readonly #latencyMs: number;
  readonly #seen = new WeakSet<object>();
  readonly #arrivals: Float64Array | null;
  #blockedUntilMs = -Infinity;
  #dateSecond = NaN;
  #dateText = '';

  constructor(part: TwinPart, options: TwinOptions, seed: number) {
    this.part = part;
    this.ledger = new Ledger(options.ledger ?? 'full', part);
    this.faults = new Faults(seed);
    this.faults.set(options.faults ?? []);
    this.skewMs = options.clockSkewMs ?? 0;
    this.#now = options.now ?? Date.now;
    this.#latencyMs = options.latencyMs ?? 0;
    this.#arrivals = part.rate === undefined ? null : new Float64Array(part.rate.requests).fill(-Infinity);
  }

  now(): number {
    return this.#now() + this.skewMs;
  }

  /** Reads the whole body, then goes on; a client that leaves meanwhile has sent no request. */
  receive(message: IncomingMessage, response: ServerResponse): void {
    const reused = this.#seen.has(message.socket);
    if (!reused) this.#seen.add(message.socket);
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostBodyBytes) message.socket.destroy();
      else chunks.push(chunk);
    });
    message.on('end', () => {
      if (size > mostBodyBytes) return;
      const body = chunks.length === 1 ? (chunks[0] ?? noBody) : chunks.length === 0 ? noBody : Buffer.concat(chunks);
      this.#serve(message, response, body, reused).catch((error: unknown) => {
        process.emitWarning(error instanceof Error ? error : String(error));
        message.socket.destroy();
      });
    });
  }

  async #serve(message: IncomingMessage, response: ServerResponse, body: Buffer, reused: boolean): Promise<void> {
    const url = message.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const query = mark < 0 ? '' : url.slice(mark + 1);
    const method = message.method ?? 'GET';
    const struck = this.faults.none
      ? []
      : this.faults.strike({ path, query, reused, bodyText: () => body.toString('latin1') });
    const arrival = this.ledger.arrive(method, path, reused);
    const skew = struck.find((rule) => rule.kind === 'clock_skew')?.ms ?? 0;
    const unknown = struck.find((rule) => rule.kind === 'unknown_order');
    const nowMs = this.now() + skew;
    const request: TwinRequest = {
      seq: arrival.seq,
      method,
      path,
      query,
      headers: message.headers,
      body,
      reusedConnection: reused,
      nowMs,
      unknownOrders: unknown === undefined ? null : (unknown.when?.orders ?? []),
      act: (index, order, action, value) => {
        this.ledger.act(arrival, index, order, action, value, nowMs);
      },
    };
    if (this.onArrival !== null) await this.onArrival(request);
    await this.#delay(struck, false);
    if (this.closed) return;
    const reply = this.#decide(request, struck);
    if (this.onActed !== null) await this.onActed(request);
    await this.#delay(struck, true);
    this.#send(message, response, arrival, reply, struck.find((rule) => endings.has(rule.kind))?.kind, nowMs);
    if (this.afterReply !== null) await this.afterReply(request);
  }

  async #delay(struck: readonly FaultRule[], acted: boolean): Promise<void> {
    let ms = acted ? 0 : this.#latencyMs;
    for (const rule of struck) if (rule.kind === 'latency' && (rule.acted ?? false) === acted) ms += rule.ms ?? 0;
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** The reply, or `'close'`; whatever is to be acted on has been when this returns. */
  #decide(request: TwinRequest, struck: readonly FaultRule[]): TwinReply | 'close' {
    const rule = struck.find((one) => endings.has(one.kind));
    if (rule?.kind === 'block') this.#blockedUntilMs = request.nowMs + (rule.ms ?? fiveMinutesMs);
    if (this.#blocked(request.nowMs)) return this.part.limited(request);
    if (rule === undefined) return this.part.handle(request);
    const acted = rule.acted ?? actsByDefault.has(rule.kind);
    const own = acted ? this.part.handle(request) : 'close';
    switch (rule.kind) {
      case 'limit': {
        const reply = this.part.limited(request);
        if (reply === 'close' || rule.retryAfter === undefined) return reply;
        return { ...reply, headers: { ...reply.headers, 'Retry-After': String(rule.retryAfter) } };
      }
      case 'server_error':
        return { status: rule.status ?? 500, body: rule.message ?? 'Internal Server Error', contentType: 'text/plain' };
      case 'html':
        return { status: rule.status ?? 200, body: rule.message ?? htmlPage, contentType: 'text/html; charset=utf-8' };
      case 'empty':
        return { status: rule.status ?? 200, body: '' };
      case 'failure':
        return this.part.failed(rule.code, rule.message, request);
      default:
        return own;
    }
  }

  /** Counts the arrival for the vendor's rate and says whether the client is blocked. */
  #blocked(nowMs: number): boolean {
    const rate = this.part.rate;
    if (rate !== undefined && this.#arrivals !== null) {
      const slot = this.ledger.totals.arrivals % rate.requests;
      const oldest = this.#arrivals[slot] ?? -Infinity;
      this.#arrivals[slot] = nowMs;
      if (nowMs - oldest < rate.windowMs && nowMs >= this.#blockedUntilMs) this.#blockedUntilMs = nowMs + rate.blockMs;
    }
    return nowMs < this.#blockedUntilMs;
  }

  #send(
    message: IncomingMessage,
    response: ServerResponse,
    arrival: LedgerArrival,
    reply: TwinReply | 'close',
    ending: FaultKind | undefined,
    nowMs: number,
  ): void {
    if (ending === 'silent') return;
    if (ending === 'reset_before' || ending === 'reset_after') {
      message.socket.resetAndDestroy();
      return;
    }
    if (ending === 'close_reused' || reply === 'close') {
      message.socket.destroy();
      return;
    }
    const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
    const headers = ['Date', this.#date(nowMs), 'Content-Type', reply.contentType ?? 'application/json;charset=UTF-8'];
    headers.push('Content-Length', String(body.length));
    if (reply.headers !== undefined)
      for (const [name, value] of Object.entries(reply.headers)) headers.push(name, value);
    arrival.status = reply.status;
    response.writeHead(reply.status, headers);
    if (ending === 'truncated') response.write(body.subarray(0, body.length >> 1), () => message.socket.destroy());
    else response.end(body);
  }

  #date(nowMs: number): string {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.#dateSecond) {
      this.#dateSecond = second;
      this.#dateText = new Date(second * 1000).toUTCString();
    }
    return this.#dateText;
  }
}

/**
 * Starts one vendor's twin: a real HTTP server on 127.0.0.1.
 * Rejects when the port is taken. The order of events for one request: read whole, entered in the ledger, `onArrival`,
 * latency, acted on, `onActed`, reply, `afterReply`.
 */
export async function serveTwin<Order extends TwinOrder>(
  vendor: TwinVendor,
  factory: PartFactory<Order>,
  options: TwinOptions = {},
): Promise<Twin<Order>> {
  const seed = options.seed ?? 1;
  const orders = options.orders ?? 100_000;
  const credentials: Readonly<Record<string, string>> = { ...TWIN_CREDENTIALS[vendor], ...options.credentials };
  const epochMs = options.epochMs ?? (options.now ?? Date.now)() + (options.clockSkewMs ?? 0);
  const part = factory({ seed, orders, epochMs, credentials, vendorOptions: options.vendorOptions ?? {} });
  const state = new TwinServer(part, options, seed);
  // A client's pause between two calls must not end its connection by chance: only faults close one.
  const server = createServer(
    { keepAliveTimeout: 120_000, requestTimeout: 0, headersTimeout: 0 },
    (message, response) => {
      response.sendDate = false;
      state.receive(message, response);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    vendor,
    url: `http://127.0.0.1:${String(port)}`,
    port,
    credentials,
    seed,
    epochMs,
    ledger: state.ledger,
    orderCount: orders,
    orderNumber: (index) => part.orderNumber(index),
    indexOf: (order) => part.indexOf(order),
    order: (index) => part.order(index),
    now: () => state.now(),
    setClockSkew: (ms) => {
      state.skewMs = ms;
    },
    setFaults: (rules) => {
      state.faults.set(rules);
    },
    get onArrival() {
      return state.onArrival;
    },
    set onArrival(hook) {
      state.onArrival = hook;
    },
    get onActed() {
      return state.onActed;
    },
    set onActed(hook) {
      state.onActed = hook;
    },
    get afterReply() {
      return state.afterReply;
    },
    set afterReply(hook) {
      state.afterReply = hook;
    },
    close: () => {
      state.closed = true;
      return new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}
