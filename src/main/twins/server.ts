import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Faults } from './faults.ts';
import type { FaultKind, FaultRule } from './faults.ts';
import { Ledger } from './ledger.ts';
import type { LedgerArrival } from './ledger.ts';
import type {
  PartFactory,
  Twin,
  TwinHook,
  TwinOptions,
  TwinOrder,
  TwinPart,
  TwinReply,
  TwinRequest,
  TwinVendor,
} from './types.ts';

export type {
  PartFactory,
  PartSetup,
  Twin,
  TwinHook,
  TwinOptions,
  TwinOrder,
  TwinPart,
  TwinReply,
  TwinRequest,
  TwinVendor,
} from './types.ts';

/** The credentials a twin takes unless told otherwise: made-up values, those of the vector tables. */
export const TWIN_CREDENTIALS = {
  polyv: { appId: 'testappid1', appSecret: '0123456789abcdef0123456789abcdef' },
  pdd: { appId: 'test_app_001', appSecret: 'test_secret_0123456789abcdef', sellerNick: 'pdd00000000001' },
  vending: { appId: 'ds0123456789abcdef', appSecret: 'test_app_secret_01', signKey: 'testmerchant01' },
  suning: { appKey: 'test-app-key', appSecret: 'test-app-secret' },
} as const satisfies Record<TwinVendor, Readonly<Record<string, string>>>;

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

/** A twin before and while it listens. */
class TwinServer<Order extends TwinOrder> implements Twin<Order> {
  readonly vendor: TwinVendor;
  readonly credentials: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly epochMs: number;
  readonly orderCount: number;
  readonly ledger: Ledger;
  port = 0;
  onArrival: TwinHook | null = null;
  onActed: TwinHook | null = null;
  afterReply: TwinHook | null = null;
  readonly #part: TwinPart<Order>;
  readonly #faults: Faults;
  readonly #server: Server;
  readonly #now: () => number;
  readonly #latencyMs: number;
  readonly #seen = new WeakSet<object>();
  /** When the last so many requests arrived, in turn, as many as the vendor's rate allows. */
  readonly #arrivals: Float64Array | null;
  #skewMs: number;
  #closed = false;
  #blockedUntilMs = -Infinity;
  #dateSecond = NaN;
  #dateText = '';

  constructor(vendor: TwinVendor, factory: PartFactory<Order>, options: TwinOptions) {
    this.vendor = vendor;
    this.seed = options.seed ?? 1;
    this.orderCount = options.orders ?? 100_000;
    this.credentials = { ...TWIN_CREDENTIALS[vendor], ...options.credentials };
    this.#now = options.now ?? Date.now;
    this.#skewMs = options.clockSkewMs ?? 0;
    this.epochMs = options.epochMs ?? this.now();
    this.#latencyMs = options.latencyMs ?? 0;
    const { seed, orderCount, epochMs, credentials } = this;
    const vendorOptions = options.vendorOptions ?? {};
    this.#part = factory({ seed, orders: orderCount, epochMs, credentials, vendorOptions });
    this.ledger = new Ledger(options.ledger ?? 'full', this.#part);
    this.#faults = new Faults(seed);
    this.#faults.set(options.faults ?? []);
    const rate = this.#part.rate;
    this.#arrivals = rate === undefined ? null : new Float64Array(rate.requests).fill(-Infinity);
    // A client's pause between two calls must not end its connection by chance: only faults close one.
    const patience = { keepAliveTimeout: 120_000, requestTimeout: 0, headersTimeout: 0 };
    this.#server = createServer(patience, (message, response) => {
      response.sendDate = false;
      this.#receive(message, response);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.port = address.port;
  }

  orderNumber(index: number): string {
    return this.#part.orderNumber(index);
  }

  indexOf(order: string): number {
    return this.#part.indexOf(order);
  }

  order(index: number): Order {
    return this.#part.order(index);
  }

  now(): number {
    return this.#now() + this.#skewMs;
  }

  setClockSkew(ms: number): void {
    this.#skewMs = ms;
  }

  setFaults(rules: readonly FaultRule[]): void {
    this.#faults.set(rules);
  }

  get faultsStruck(): Twin['faultsStruck'] {
    return this.#faults.struck;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const ended = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    this.#server.closeAllConnections();
    await ended;
  }

  /** Reads the whole body, then goes on; a client that leaves meanwhile has sent no request. */
  #receive(message: IncomingMessage, response: ServerResponse): void {
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
    const struck = this.#faults.none
      ? []
      : this.#faults.strike({ path, query, reused, bodyText: () => body.toString('latin1') });
    const arrival = this.ledger.arrive(method, path, reused);
    const skew = struck.find((rule) => rule.kind === 'clock_skew')?.ms ?? 0;
    const unknown = struck.find((rule) => rule.kind === 'unknown_order');
    const trueMs = this.now();
    const nowMs = trueMs + skew;
    const request: TwinRequest = {
      seq: arrival.seq,
      method,
      path,
      query,
      headers: message.headers,
      body,
      reusedConnection: reused,
      nowMs,
      trueMs,
      unknownOrders: unknown === undefined ? null : (unknown.when?.orders ?? []),
      act: (index, order, action, value) => {
        this.ledger.act(arrival, index, order, action, value, nowMs);
      },
    };
    if (this.onArrival !== null) await this.onArrival(request);
    await this.#delay(struck, false);
    if (this.#closed) return;
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
    if (rule?.kind === 'block') this.#blockedUntilMs = this.now() + (rule.ms ?? fiveMinutesMs);
    if (this.#blocked(request.seq, this.now())) return this.#part.limited(request);
    if (rule === undefined) return this.#part.handle(request);
    const acted = rule.acted ?? actsByDefault.has(rule.kind);
    const own = acted ? this.#part.handle(request) : 'close';
    switch (rule.kind) {
      case 'limit': {
        const reply = this.#part.limited(request);
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
        return this.#part.failed(rule.code, rule.message, request);
      default:
        return own;
    }
  }

  /** Counts the arrival for the vendor's rate and says whether the client is blocked. */
  #blocked(seq: number, nowMs: number): boolean {
    const rate = this.#part.rate;
    if (rate !== undefined && this.#arrivals !== null) {
      const slot = seq % rate.requests;
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
  const twin = new TwinServer(vendor, factory, options);
  await twin.listen(options.port ?? 0);
  return twin;
}
