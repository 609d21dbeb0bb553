import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/contract/account.ts';
import { appError } from '../../../src/contract/errors.ts';
import type { LookupStatus } from '../../../src/contract/lookup.ts';
import type { OrderFacts, OrderSink } from '../../../src/contract/order.ts';
import type { LookupEnd } from '../../../src/main/gateway/types.ts';
import { LookupDesk, type LookupDeskOptions } from '../../../src/main/lookups/desk.ts';
import { operation as operationOf } from '../../../src/main/vendors/registry.ts';

/** Read page by page, so that the test says which page comes next. */
const { plan: _plan, ...operation } = operationOf('polyv', 'order-list', 'lookup');
const account: Account = {
  id: 'shop-1',
  label: 'Shop',
  vendor: 'polyv',
  environment: 'twin',
  baseUrl: 'http://127.0.0.1:1',
  hosts: ['127.0.0.1:1'],
  plain: {},
  settings: {},
  createdAt: '2026-01-01T00:00:00.000Z',
};

const page = (orders: readonly string[], next: string | null): LookupEnd => ({
  kind: 'page',
  rows: orders.map((orderNo) => ({ values: { orderNo } })),
  next,
  totalRows: 99,
  totalPages: 33,
});

/** A desk whose pages the test hands out. */
function deskWith(change: Partial<LookupDeskOptions> = {}): {
  desk: LookupDesk;
  told: LookupStatus[];
  used: string[];
  answer: (end: LookupEnd | Error) => Promise<void>;
  ended: (id: string) => Promise<LookupStatus>;
} {
  const asked: { resolve: (end: LookupEnd) => void; reject: (error: unknown) => void }[] = [];
  const told: LookupStatus[] = [];
  const used: string[] = [];
  const desk = new LookupDesk({
    gateway: {
      lookup: (_account, _operation, _params, _cursor, options) =>
        new Promise((resolve, reject) => {
          asked.push({ resolve, reject });
          options?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    },
    tell: (status) => told.push(status),
    onUsed: ({ id }) => used.push(id),
    now: () => 1_700_000_000_000,
    ...change,
  });
  return {
    desk,
    told,
    used,
    answer: async (end) => {
      await expect.poll(() => asked.length).toBeGreaterThan(0);
      const call = asked.shift();
      if (end instanceof Error) call?.reject(end);
      else call?.resolve(end);
    },
    ended: async (id) => {
      await expect.poll(() => desk.status(id).running).toBe(false);
      return desk.status(id);
    },
  };
}

describe('a lookup at the desk', () => {
  it('answers at once, tells of each page and of its end', async () => {
    const { desk, told, used, answer, ended } = deskWith();
    const first = desk.start(account, operation, {});
    expect(first).toMatchObject({
      running: true,
      rows: 0,
      pages: 0,
      readAtMs: null,
      accountId: 'shop-1',
      operation: 'order-list',
    });
    await answer(page(['a', 'b'], '2'));
    await answer(page(['c'], null));
    expect(await ended(first.lookupId)).toMatchObject({
      running: false,
      complete: true,
      rows: 3,
      pages: 2,
      totalRows: 99,
      totalPages: 33,
      readAtMs: 1_700_000_000_000,
    });
    expect(told.map(({ rows, running }) => [rows, running])).toEqual([
      [2, true],
      [3, true],
      [3, false],
    ]);
    expect(used).toEqual(['shop-1']);
    expect(desk.get(first.lookupId).results.size).toBe(3);
  });

  it('goes on where it was stopped, and tells what it cannot read until it has', async () => {
    const { desk, answer, ended } = deskWith();
    const { lookupId } = desk.start(account, operation, {});
    await answer(page(['a', 'b'], '2'));
    await answer({ kind: 'unknown', why: { zh: '断了', en: 'it broke' } });
    expect(await ended(lookupId)).toMatchObject({
      rows: 2,
      complete: false,
      canContinue: true,
      missingCount: 1,
      missing: [{ name: { en: 'Page 2' }, why: { en: 'it broke' } }],
    });
    expect(desk.goOn(lookupId)).toMatchObject({
      running: true,
      rows: 2,
      complete: false,
      why: null,
      canContinue: false,
    });
    await desk.stop(lookupId);
    expect(desk.status(lookupId)).toMatchObject({ why: { en: 'Stopped.' }, canContinue: true });
    desk.goOn(lookupId);
    await answer({ kind: 'unknown', why: { zh: '停了', en: 'the one of the stopped run' } });
    await answer(page(['b', 'c'], null));
    const status = await ended(lookupId);
    expect(status).toMatchObject({ rows: 3, complete: true, canContinue: false, missing: [] });
    // What is whole stays as it is.
    expect(desk.goOn(lookupId)).toEqual(status);
    const { rows } = await desk.get(lookupId).results.page({ sort: null, find: '', values: {} }, 0, 10);
    expect(rows.map(({ values }) => values['orderNo'])).toEqual(['a', 'b', 'c']);
  });

  it('hands what it finds to where orders are kept, page by page, and goes on beyond what memory holds', async () => {
    const kept: OrderFacts[] = [];
    const sink: OrderSink = {
      put: async (accountId, facts, readAtMs) => {
        expect([accountId, readAtMs]).toEqual(['shop-1', 1_700_000_000_000]);
        kept.push(...facts);
      },
    };
    const { desk, answer, ended } = deskWith({ sink, mostRows: 3 });
    const { lookupId } = desk.start(account, operation, {});
    await answer(page(['a', 'b'], '2'));
    await answer(page(['c', 'd', 'a'], null));
    expect(await ended(lookupId)).toMatchObject({ rows: 4, held: 3, complete: true });
    expect(kept.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'a']);
    expect(desk.get(lookupId).results.size).toBe(3);
  });

  it('whose finds cannot be kept says why, and asks for that page again when it goes on', async () => {
    let full = true;
    const sink: OrderSink = {
      put: () =>
        full
          ? Promise.reject(appError('DISK_FULL', { zh: '满了。', en: 'Full.' }, { zh: '清理。', en: 'Make room.' }))
          : Promise.resolve(),
    };
    const { desk, answer, ended } = deskWith({ sink });
    const { lookupId } = desk.start(account, operation, {});
    await answer(page(['a'], null));
    expect(await ended(lookupId)).toMatchObject({
      rows: 0,
      complete: false,
      why: { en: 'Full. Make room.' },
      canContinue: true,
    });
    full = false;
    desk.goOn(lookupId);
    await answer(page(['a'], null));
    expect(await ended(lookupId)).toMatchObject({ rows: 1, complete: true });
  });

  it('reads no more rows than it may keep, and says that there are more', async () => {
    const { desk, answer, ended } = deskWith({ mostRows: 3 });
    const { lookupId } = desk.start(account, operation, {});
    await answer(page(['a', 'b'], '2'));
    await answer(page(['c', 'd'], '3'));
    const status = await ended(lookupId);
    expect(status).toMatchObject({ rows: 3, complete: false });
    expect(status.why?.en).toMatch(/there are more/);
  });

  it('that can’t ask says why; nothing was used', async () => {
    const { desk, used, answer, ended } = deskWith();
    const { lookupId } = desk.start(account, operation, {});
    await answer(appError('KEYCHAIN_LOCKED', { zh: '锁着。', en: 'Locked.' }, { zh: '请解锁。', en: 'Unlock it.' }));
    expect(await ended(lookupId)).toMatchObject({
      complete: false,
      why: { zh: '锁着。 请解锁。', en: 'Locked. Unlock it.' },
    });
    expect(used).toEqual([]);
  });

  it('that breaks within the program says so and is logged', async () => {
    const logged: unknown[] = [];
    const { desk, answer, ended } = deskWith({ log: (error) => logged.push(error) });
    const { lookupId } = desk.start(account, operation, {});
    await answer(new Error('a bug'));
    expect((await ended(lookupId)).why?.en).toMatch(/internal error/);
    expect(logged).toMatchObject([{ message: 'a bug' }]);
  });

  it('with a wrong form does not begin', () => {
    const { desk, told } = deskWith();
    expect(() => desk.start(account, operation, { pageSize: '-1' })).toThrow(
      expect.objectContaining({ code: 'USAGE' }) as Error,
    );
    expect(told).toEqual([]);
  });

  it('is dropped, and stopped, when three newer ones have begun; nothing is told of it any more', async () => {
    const { desk, told } = deskWith();
    const ids = [1, 2, 3, 4].map(() => desk.start(account, operation, {}).lookupId);
    expect(() => desk.status(ids[0] ?? '')).toThrow(expect.objectContaining({ code: 'LOOKUP_GONE' }) as Error);
    for (const id of ids.slice(1)) expect(desk.status(id).running).toBe(true);
    await desk.stop(ids[1] ?? '');
    expect(desk.status(ids[1] ?? '')).toMatchObject({ running: false, why: { en: 'Stopped.' } });
    expect(new Set(told.map(({ lookupId }) => lookupId))).toEqual(new Set([ids[1]]));
    await desk.close();
    expect(() => desk.status(ids[3] ?? '')).toThrow();
  });
});
