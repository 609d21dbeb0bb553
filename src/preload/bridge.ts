import type { Bridge, BridgeError, Envelope } from '../contract/bridge.ts';
import { EVENT_CHANNEL, INVOKE_CHANNEL } from '../contract/bridge.ts';
import { EVENTS, type EventName } from '../contract/events.ts';
import { PRELOAD_ROUTES, ROUTES, type RouteName } from '../contract/routes.ts';

/** What the bridge needs of Electron. */
export interface Wire {
  invoke(channel: string, route: string, input: unknown): Promise<unknown>;
  on(channel: string, hear: (event: unknown, name: unknown, data: unknown) => void): void;
  /** The path of a file that the person dropped or chose; '' for one that lies nowhere. */
  pathOf(file: unknown): string;
}

function refused(code: BridgeError['code'], zh: string, en: string): { ok: false; error: BridgeError } {
  const remedy = {
    zh: '请重启控制台；如果还出现，请更新它。',
    en: 'Restart the console; update it if this comes again.',
  };
  return { ok: false, error: { code, text: { message: { zh, en }, remedy }, data: {} } };
}

const unknownRoute = (): Envelope<never> =>
  refused('UNKNOWN_ROUTE', '控制台没有这个功能。', 'The console has no such function.');
const badAnswer = (): Envelope<never> =>
  refused('BAD_OUTPUT', '控制台内部的答复格式不对。', "The console's own answer has the wrong form.");

function isEnvelope(value: unknown): value is Envelope<unknown> {
  if (typeof value !== 'object' || value === null || !('ok' in value)) return false;
  return value.ok === true || (value.ok === false && 'error' in value);
}

/**
 * The page's only way to main. It knows the contract's routes and events and nothing else, checks every answer against its schema, and hands on
 * neither Electron's objects nor its events.
 */
export function createBridge(wire: Wire): Bridge {
  const hearers = new Map<EventName, Set<(data: never) => void>>();
  wire.on(EVENT_CHANNEL, (_event, name, data) => {
    if (typeof name !== 'string' || !Object.hasOwn(EVENTS, name)) return;
    const event = name as EventName;
    const read = EVENTS[event].safeParse(data);
    if (!read.success) return;
    for (const hear of hearers.get(event) ?? []) hear(read.data as never);
  });

  async function call(route: RouteName, input: unknown): Promise<Envelope<unknown>> {
    let envelope: unknown;
    try {
      envelope = await wire.invoke(INVOKE_CHANNEL, route, input);
    } catch {
      // The value cannot be cloned, or main is going down: Electron's own words help no one.
      return refused('INTERNAL', '没有得到控制台主进程的答复。', "The console's main process did not answer.");
    }
    if (!isEnvelope(envelope)) return badAnswer();
    if (!envelope.ok) return envelope;
    const read = ROUTES[route].output.safeParse(envelope.data);
    return read.success ? { ok: true, data: read.data } : badAnswer();
  }

  return Object.freeze<Bridge>({
    invoke: async (route, input) => {
      const named: string = route;
      const forPage = Object.hasOwn(ROUTES, named) && !(PRELOAD_ROUTES as readonly string[]).includes(named);
      return forPage ? (call(route, input) as never) : unknownRoute();
    },
    on: (event, hear) => {
      const known = hearers.get(event) ?? new Set();
      hearers.set(event, known);
      known.add(hear);
      return () => void known.delete(hear);
    },
    takeFile: async (file) => {
      let path = '';
      try {
        path = wire.pathOf(file);
      } catch {
        // Not a file at all.
      }
      if (path === '') {
        return refused('FILE_UNREADABLE', '这不是磁盘上的文件。', 'This is no file on a disk.');
      }
      return call('files.register', { path }) as never;
    },
  });
}
