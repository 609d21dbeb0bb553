import type { ErrorCode, ErrorText } from './errors.ts';
import type { EventData, EventName } from './events.ts';
import type { ChosenFile, PageRoute, RouteInput, RouteOutput } from './routes.ts';

/** The only two IPC channels. */
export const INVOKE_CHANNEL = 'console:invoke';
export const EVENT_CHANNEL = 'console:event';

/** The origin of our only page. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'console';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** Codes of calls that the gate or the bridge itself refuses. */
export type GateCode = 'FOREIGN_SENDER' | 'UNKNOWN_ROUTE' | 'BAD_INPUT' | 'BAD_OUTPUT' | 'LOCKED';

/** An error as it crosses: data with a code, never a stack. */
export interface BridgeError {
  readonly code: ErrorCode | GateCode;
  readonly text: ErrorText;
  /** Plain facts (field, line, host …). */
  readonly data: Readonly<Record<string, string | number | boolean>>;
}

export type Envelope<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly error: BridgeError };

/** What the page has of main: one frozen object, `window.orderConsole`. */
export interface Bridge {
  /** Calls a route; never rejects. */
  invoke<R extends PageRoute>(route: R, input: RouteInput<R>): Promise<Envelope<RouteOutput<R>>>;
  /** Hears an event until the answer is called. */
  on<E extends EventName>(event: E, hear: (data: EventData<E>) => void): () => void;
  /** Makes a dropped or chosen file known to main, which accepts CSV and XLSX only. */
  takeFile(file: unknown): Promise<Envelope<ChosenFile>>;
}

/** The bridge's name on the page's `window`. */
export const BRIDGE = 'orderConsole';
