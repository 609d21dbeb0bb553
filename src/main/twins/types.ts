import type { IncomingHttpHeaders } from 'node:http';
import type { FaultKind, FaultRule } from './faults.ts';
import type { Ledger } from './ledger.ts';

export type TwinVendor = 'polyv' | 'pdd' | 'vending' | 'suning';

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
  /** Its clock without the skew: what goes on at machines does not follow a clock that is set wrong. */
  readonly trueMs: number;
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
  /** How many requests each kind of fault has struck since the start. */
  readonly faultsStruck: Readonly<Partial<Record<FaultKind, number>>>;
  /** Awaited when a whole request has arrived, before anything is decided. */
  onArrival: TwinHook | null;
  /** Awaited when the request was handled, before the reply leaves. */
  onActed: TwinHook | null;
  /** Called when the reply was handed to the system, or its connection destroyed. */
  afterReply: TwinHook | null;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}
