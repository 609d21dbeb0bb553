import type { LookupOperation, Reply, SigningContext } from '../../../../src/main/vendors/types.ts';
import { suning } from '../../../../src/main/vendors/suning/index.ts';

/** 2026-01-02 03:04:05 in Asia/Shanghai, the time of the page's vectors (suning.md B5). */
export const VECTOR_MS = Date.UTC(2026, 0, 1, 19, 4, 5);

export const SAMPLE = {
  orderSource: '201',
  startTime: '2014-01-14 12:20:00',
  endTime: '2014-01-14 12:20:00',
  queryType: '2',
  pageSize: '50',
} as const;

export function orderStatus(): LookupOperation {
  const operation = suning.operations.find(({ id }) => id === 'order-status');
  if (operation?.kind !== 'lookup') throw new Error('no lookup order-status');
  return operation;
}

export function context(change: Partial<SigningContext> = {}): SigningContext {
  return {
    credentials: { appKey: 'test-app-key', appSecret: 'test-app-secret' },
    settings: {},
    baseUrl: 'https://open.suning.com',
    nowMs: VECTOR_MS,
    ...change,
  };
}

export function reply(body: string | object, change: Partial<Omit<Reply, 'body'>> = {}): Reply {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status: 200, headers: {}, body: new TextEncoder().encode(text), ...change };
}
