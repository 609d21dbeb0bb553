import type { LookupOperation, PingOperation, Reply, SigningContext } from '../../../../src/main/vendors/types.ts';
import type { UpdateOperation, UpdateRow, Values } from '../../../../src/main/vendors/types.ts';
import { vending } from '../../../../src/main/vendors/vending/index.ts';

function operation(id: string): (typeof vending.operations)[number] {
  const found = vending.operations.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no operation ${id}`);
  return found;
}

export function orderUpdate(): UpdateOperation {
  const found = operation('order-update');
  if (found.kind !== 'update') throw new Error('order-update is no update');
  return found;
}

export function orderQuery(): LookupOperation {
  const found = operation('order-query');
  if (found.kind !== 'lookup') throw new Error('order-query is no lookup');
  return found;
}

export function ping(): PingOperation {
  const found = operation('ping');
  if (found.kind !== 'ping') throw new Error('ping is no ping');
  return found;
}

/** The computed vectors' key and time (vending.md 2.4). */
export function context(change: Partial<SigningContext> = {}): SigningContext {
  return {
    credentials: { appId: 'ds0123456789abcdef', appSecret: 'app-secret', signKey: 'testmerchant01' },
    settings: {},
    baseUrl: 'https://www.awish.vip',
    nowMs: 1_700_000_000_000,
    ...change,
  };
}

export function row(status = '1', change: Values = {}): UpdateRow {
  return { order: '54', values: { machine_no: '12345678', status, ...change } };
}

export function reply(body: string | object, change: Partial<Omit<Reply, 'body'>> = {}): Reply {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status: 200, headers: {}, body: new TextEncoder().encode(text), ...change };
}

export function textOf(body: Uint8Array | null): string {
  return new TextDecoder().decode(body ?? undefined);
}

export function dispense(): UpdateOperation {
  const found = operation('dispense');
  if (found.kind !== 'update') throw new Error('dispense is no update');
  return found;
}

export function deliveryQuery(): LookupOperation {
  const found = operation('delivery-query');
  if (found.kind !== 'lookup') throw new Error('delivery-query is no lookup');
  return found;
}
