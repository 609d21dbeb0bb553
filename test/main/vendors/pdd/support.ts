import type {
  LookupOperation,
  PingOperation,
  Reply,
  SigningContext,
  UpdateOperation,
} from '../../../../src/main/vendors/types.ts';
import { pdd } from '../../../../src/main/vendors/pdd/index.ts';

export const SECRET = 'test_secret_0123456789abcdef';
export const ORDER = '210324-137383117442221';

function operation(id: string) {
  const found = pdd.operations.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no operation ${id}`);
  return found;
}

export function detail(): LookupOperation {
  const found = operation('order-detail');
  if (found.kind !== 'lookup') throw new Error('order-detail is no lookup');
  return found;
}

export function update(): UpdateOperation {
  const found = operation('note-update');
  if (found.kind !== 'update') throw new Error('note-update is no update');
  return found;
}

export function ping(): PingOperation {
  const found = operation('account-detail');
  if (found.kind !== 'ping') throw new Error('account-detail is no ping');
  return found;
}

export function context(change: Partial<SigningContext> = {}): SigningContext {
  return {
    credentials: { appId: 'test_app_001', appSecret: SECRET, sellerNick: 'pdd00000000001' },
    settings: { hexCase: 'lower', emptyValues: 'keep', noteMax: '500', notePath: '' },
    baseUrl: 'https://kf.fw199.com',
    nowMs: 1_700_000_000_000,
    ...change,
  };
}

export function reply(body: string | object, status = 200, headers: Record<string, string> = {}): Reply {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: new TextEncoder().encode(text) };
}

/** What the gateway says when it accepted the call. */
export function accepted(data: unknown): Reply {
  return reply({ code: 0, message: 'ok', data });
}

/** What the gateway says when it refused the call. */
export function refused(code: number, message: string, status = 200): Reply {
  return reply({ code, message, data: null }, status);
}
