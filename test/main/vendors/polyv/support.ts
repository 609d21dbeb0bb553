import type {
  LookupOperation,
  PingOperation,
  Reply,
  SigningContext,
  UpdateOperation,
} from '../../../../src/main/vendors/types.ts';
import { polyv } from '../../../../src/main/vendors/polyv/index.ts';

export const SECRET = '0123456789abcdef0123456789abcdef';

function operation(id: string) {
  const found = polyv.operations.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no operation ${id}`);
  return found;
}

export function lookup(id: 'order-get' | 'order-list'): LookupOperation {
  const found = operation(id);
  if (found.kind !== 'lookup') throw new Error(`${id} is no lookup`);
  return found;
}

export function update(): UpdateOperation {
  const found = operation('update-status');
  if (found.kind !== 'update') throw new Error('update-status is no update');
  return found;
}

export function ping(): PingOperation {
  const found = operation('ping');
  if (found.kind !== 'ping') throw new Error('ping is no ping');
  return found;
}

export function context(change: Partial<SigningContext> = {}): SigningContext {
  return {
    credentials: { appId: 'testappid1', appSecret: SECRET },
    settings: { signatureMethod: 'MD5', atomicFailureText: '' },
    baseUrl: 'https://api.polyv.net',
    nowMs: 1_700_000_000_000,
    ...change,
  };
}

export function reply(body: string | object, status = 200, headers: Record<string, string> = {}): Reply {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: new TextEncoder().encode(text) };
}

/** A success as the samples write it. */
export function success(data: unknown): Reply {
  return reply({ code: 200, status: 'success', requestId: 'req-1', data, success: true });
}

/** A failure as v4 writes it. */
export function failure(code: number, desc: string, errorCode: number = code): Reply {
  const status = code >= 500 ? 'fail' : 'error';
  const error = { code: errorCode, desc };
  return reply({ code, status, requestId: 'req-2', error, success: false }, code);
}
