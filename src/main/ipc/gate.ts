import { APP_ORIGIN, type BridgeError, type Envelope, type GateCode } from '../../contract/bridge.ts';
import { AppError } from '../../contract/errors.ts';
import { UNLOCKING_ROUTES } from '../../contract/lock.ts';
import { ROUTES, type RouteInput, type RouteName, type RouteOutput } from '../../contract/routes.ts';
import type { z } from '../../contract/zod.ts';

/** One handler for every route: a missing one does not compile. */
export type Handlers = {
  readonly [R in RouteName]: (input: RouteInput<R>) => RouteOutput<R> | Promise<RouteOutput<R>>;
};

/** Who sent a call, as Electron tells it; null where the frame is gone already. */
export interface Sender {
  /** The frame's own address. */
  readonly url: string;
  readonly isMainFrame: boolean;
  /** Whether it comes from our window's contents, not from another one's. */
  readonly isOurWindow: boolean;
}

export interface GateOptions {
  readonly handlers: Handlers;
  /** For the log: what a person is not shown. */
  readonly log: (what: string, fields: Readonly<Record<string, unknown>>) => void;
  /** The page's origin; a development server's in development. */
  readonly origin?: string;
  /** Whether the window is locked: then only what opens it is answered. */
  readonly isLocked?: () => boolean;
}

/** Answers one call; never rejects. */
export type Gate = (sender: Sender | null, route: unknown, input: unknown) => Promise<Envelope<unknown>>;

const REFUSALS: Readonly<Record<GateCode, BridgeError['text']>> = {
  FOREIGN_SENDER: {
    message: { zh: '这个请求不是来自控制台自己的窗口。', en: "This call did not come from the console's own window." },
    remedy: { zh: '请重启控制台。', en: 'Restart the console.' },
  },
  UNKNOWN_ROUTE: {
    message: { zh: '控制台没有这个功能。', en: 'The console has no such function.' },
    remedy: { zh: '请重启控制台；如果还出现，请更新它。', en: 'Restart the console; update it if this comes again.' },
  },
  LOCKED: {
    message: { zh: '窗口已锁定。', en: 'The window is locked.' },
    remedy: { zh: '请先解锁。', en: 'Unlock it first.' },
  },
  BAD_INPUT: {
    message: { zh: '有一项内容的格式不对。', en: 'A value has the wrong form.' },
    remedy: { zh: '请检查填写的内容后重试。', en: 'Check what was filled in and try again.' },
  },
  BAD_OUTPUT: {
    message: { zh: '控制台内部的答复格式不对。', en: "The console's own answer has the wrong form." },
    remedy: { zh: '请重试；如果还出现，请查看日志。', en: 'Try again; look into the log if this comes again.' },
  },
};

const UNLOCKING: ReadonlySet<string> = new Set(UNLOCKING_ROUTES);

/** A refusal of the gate or the bridge, with plain facts that hold no value a person typed. */
export function refuse(code: GateCode, data: BridgeError['data'] = {}): { ok: false; error: BridgeError } {
  return { ok: false, error: { code, text: REFUSALS[code], data } };
}

const INTERNAL: BridgeError = {
  code: 'INTERNAL',
  text: {
    message: { zh: '程序内部出错。', en: 'An internal error happened.' },
    remedy: { zh: '请重试；如果还出现，请查看日志。', en: 'Try again; look into the log if this comes again.' },
  },
  data: {},
};

/** An error as it crosses: an AppError's code and texts, anything else as INTERNAL without a word of its own. */
export function bridgeError(error: unknown): BridgeError {
  return error instanceof AppError ? { code: error.code, text: error.text, data: error.data } : INTERNAL;
}

/** What lies behind an error's words, for the log alone. */
function causeOf(error: unknown): { readonly cause?: unknown } {
  const cause = error instanceof AppError ? error.cause : undefined;
  return cause === undefined || cause === '' ? {} : { cause };
}

type Taken = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly field: string };

/**
 * What a schema makes of a value, or the field that it does not take. Never throws: a schema that freezes what it took does for a typed array,
 * which a page can send and which can't be frozen.
 */
function taken(schema: z.ZodType, value: unknown): Taken {
  try {
    const parsed = schema.safeParse(value);
    if (parsed.success) return { ok: true, data: parsed.data };
    return { ok: false, field: parsed.error.issues[0]?.path.join('.') ?? '' };
  } catch {
    return { ok: false, field: '' };
  }
}

/** The origin of an address; `URL.origin` is 'null' for schemes of our own. */
function originOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, username } = new URL(url);
  return username === '' ? `${protocol}//${host}` : null;
}

/**
 * The gate: sender, then schema, then handler, then envelope. Only the main frame of our own window on our own origin passes; what is in no
 * schema reaches no handler, and nothing but what the route's schema names is answered.
 */
export function createGate(options: GateOptions): Gate {
  const { handlers, log, origin = APP_ORIGIN, isLocked = () => false } = options;

  async function answer(route: RouteName, input: unknown): Promise<Envelope<unknown>> {
    const wanted = taken(ROUTES[route].input, input);
    if (!wanted.ok) {
      const { field } = wanted;
      log('refused', { route, code: 'BAD_INPUT', field });
      return refuse('BAD_INPUT', { route, field });
    }
    let data: unknown;
    try {
      data = await (handlers[route] as (input: unknown) => unknown)(wanted.data);
    } catch (error) {
      const crossing = bridgeError(error);
      if (crossing.code === 'INTERNAL') log('failed', { route, error });
      else log('answered', { route, code: crossing.code, ...causeOf(error) });
      return { ok: false, error: crossing };
    }
    const made = taken(ROUTES[route].output, data);
    if (made.ok) return made;
    log('failed', { route, code: 'BAD_OUTPUT', field: made.field });
    return refuse('BAD_OUTPUT', { route });
  }

  return async (sender, route, input) => {
    if (sender?.isMainFrame !== true || !sender.isOurWindow || originOf(sender.url) !== origin) {
      log('refused', { code: 'FOREIGN_SENDER' });
      return refuse('FOREIGN_SENDER');
    }
    if (typeof route !== 'string' || !Object.hasOwn(ROUTES, route)) {
      log('refused', { code: 'UNKNOWN_ROUTE' });
      return refuse('UNKNOWN_ROUTE');
    }
    if (isLocked() && !UNLOCKING.has(route)) return refuse('LOCKED');
    return answer(route as RouteName, input);
  };
}
