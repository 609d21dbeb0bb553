import { afterEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/contract/account.ts';
import { createGateway } from '../../src/main/gateway/gateway.ts';
import type { Gateway } from '../../src/main/gateway/types.ts';
import { Reading, type LookupResult } from '../../src/main/lookups/run.ts';
import { startTwin, type FaultRule, type Twin, type VendingOrder } from '../../src/main/twins/index.ts';
import { operation, vendor } from '../../src/main/vendors/registry.ts';
import { shanghaiTime } from '../../src/main/vendors/shared/time.ts';
import type { LookupRow, Values } from '../../src/main/vendors/types.ts';
import { credentialsOf } from '../support/twin-accounts.ts';

/** Lookups of 200,000 orders over real HTTP, with replies that fail: complete and without doubles, compared with the twin's own orders. */
const ORDERS = 200_000;
const DAY_MS = 86_400_000;
/** What a busy vendor does now and then. No delays: they would only make the test slow. */
const FAULTS: readonly FaultRule[] = [
  { kind: 'server_error', when: { probability: 0.02 }, status: 503 },
  { kind: 'reset_after', when: { probability: 0.01 } },
  { kind: 'truncated', when: { probability: 0.01 } },
  { kind: 'html', when: { probability: 0.01 } },
  { kind: 'empty', when: { probability: 0.01 } },
];

let twin: Twin | null = null;
let gateway: Gateway | null = null;

afterEach(async () => {
  await gateway?.close();
  await twin?.close();
});

async function open(
  id: 'suning' | 'polyv' | 'pdd' | 'vending',
  options: Parameters<typeof startTwin>[1],
  settings: Values = {},
) {
  const started: Twin = await startTwin(id, { seed: 11, orders: ORDERS, ledger: 'counts', ...options });
  twin = started;
  const { plain, secrets } = credentialsOf(id, started.credentials);
  const account: Account = {
    id: 'shop-1',
    label: 'Shop',
    vendor: id,
    environment: 'twin',
    baseUrl: started.url,
    hosts: [new URL(started.url).host],
    plain,
    settings,
    pacing: { perSecond: 100_000, concurrency: 6 },
    createdAt: '2026-01-01T00:00:00.000Z',
  };
  gateway = createGateway({
    secrets: async () => secrets,
    vendors: vendor,
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        setImmediate(() => (signal?.aborted === true ? reject(signal.reason as Error) : resolve()));
      }),
    steadyNow: () => performance.now(),
  });
  return { account, gateway, twin: started };
}

/** Reads a lookup whole, going on where it failed as a person would; the orders' numbers and how it ended. */
async function readWhole(
  shop: Awaited<ReturnType<typeof open>>,
  name: string,
  params: Values,
): Promise<{ found: readonly string[]; result: LookupResult; runs: number }> {
  const { account, gateway: calls } = shop;
  const lookup = operation(account.vendor, name, 'lookup');
  const key = lookup.columns.find(({ kind }) => kind === 'order')?.id ?? '';
  const reading = new Reading({ gateway: calls, account, operation: lookup, params });
  const found: string[] = [];
  for (let runs = 1; ; runs += 1) {
    const result = await reading.run(({ fresh }) => {
      for (const { values } of fresh) found.push(values[key] ?? '');
    });
    if (result.complete || runs === 20) return { found, result, runs };
    expect(result.why).not.toBeNull();
  }
}

/** The numbers of a twin's orders that it should find, sorted. */
function expectedOf<O extends { readonly number: string }>(
  from: Twin<O & { index: number }>,
  wanted: (order: O) => boolean,
): string[] {
  const numbers: string[] = [];
  for (let index = 0; index < from.orderCount; index += 1) {
    const order = from.order(index);
    if (wanted(order)) numbers.push(order.number);
  }
  return numbers.sort();
}

const sorted = (found: readonly string[]): string[] => [...found].sort();

describe('Suning, 200,000 orders with faults on', () => {
  it.each([
    ['week', 7],
    ['year', 366],
  ])('answers a %s’s lookup complete and without doubles', async (_name, days) => {
    const shop = await open('suning', { faults: FAULTS, vendorOptions: { maxRangeDays: '5' } });
    const toMs = shop.twin.epochMs;
    const params = {
      orderSource: '201',
      queryType: '0',
      startTime: shanghaiTime(toMs - days * DAY_MS),
      endTime: shanghaiTime(toMs),
    };
    const { found, result } = await readWhole(shop, 'order-status', params);
    expect(result).toMatchObject({ complete: true, missing: [], why: null, share: 1 });
    const fromMs = Math.floor((toMs - days * DAY_MS) / 1000) * 1000;
    const all = shop.twin as unknown as Twin<{ index: number; number: string; orderSource: string; createdAt: number }>;
    const wanted = expectedOf(
      all,
      ({ orderSource, createdAt }) => orderSource === '201' && createdAt >= fromMs && createdAt <= toMs,
    );
    expect(wanted.length).toBeGreaterThan(days === 7 ? 10_000 : 90_000);
    expect(sorted(found)).toEqual(wanted);
    const struck = shop.twin.faultsStruck;
    expect(Object.keys(struck).length).toBe(FAULTS.length);
  });
});

describe('Polyv, 200,000 orders with faults on', () => {
  it('lists a year complete and without doubles', async () => {
    const shop = await open('polyv', { faults: FAULTS, vendorOptions: { rate: 'off' } });
    const toMs = shop.twin.epochMs;
    const params = {
      startCreateTime: shanghaiTime(toMs - 366 * DAY_MS),
      endCreateTime: shanghaiTime(toMs),
      status: 'finish',
      pageSize: '1000',
    };
    const { found, result } = await readWhole(shop, 'order-list', params);
    expect(result).toMatchObject({ complete: true, missing: [] });
    const all = shop.twin as unknown as Twin<{ index: number; number: string; status: string }>;
    const wanted = expectedOf(all, ({ status }) => status === 'finish');
    expect(wanted.length).toBeGreaterThan(10_000);
    expect(sorted(found)).toEqual(wanted);
  });

  it('finds thousands of pasted numbers, and names those that are not there', async () => {
    const shop = await open('polyv', { faults: FAULTS, vendorOptions: { rate: 'off' } });
    const numbers = Array.from({ length: 2_000 }, (_, at) => shop.twin.orderNumber(at * 97));
    const params = { orderNo: [...numbers, 'product20260101000000abcdef', ...numbers.slice(0, 50)].join('\n') };
    const { found, result } = await readWhole(shop, 'order-get', params);
    expect(result).toMatchObject({ complete: true, rows: 2_000, notFound: ['product20260101000000abcdef'] });
    expect(sorted(found)).toEqual(sorted(numbers));
  });
});

describe('Pinduoduo, 200,000 orders with faults on', () => {
  it.each(['v2', 'v1'])('lists a week by %s complete and without doubles', async (listVersion) => {
    const shop = await open('pdd', { faults: FAULTS, vendorOptions: { listHours: '12' } }, { listVersion });
    const toMs = shop.twin.epochMs;
    const params = { start_confirm_at: shanghaiTime(toMs - 7 * DAY_MS), end_confirm_at: shanghaiTime(toMs) };
    const { found, result } = await readWhole(shop, 'order-list', params);
    expect(result).toMatchObject({ complete: true, missing: [] });
    const fromMs = Math.floor((toMs - 7 * DAY_MS) / 1000) * 1000;
    const all = shop.twin as unknown as Twin<{ index: number; number: string; createdAt: number }>;
    const wanted = expectedOf(all, ({ createdAt }) => createdAt >= fromMs && createdAt <= toMs);
    expect(wanted.length).toBeGreaterThan(10_000);
    expect(sorted(found)).toEqual(wanted);
  });
});

describe('Vending, 200,000 orders with faults on', () => {
  it('finds orders at their machines with their records, and what was dispensed of them', async () => {
    const shop = await open('vending', { faults: [], vendorOptions: { dispenseMs: '0' } });
    const { account, gateway: calls } = shop;
    const all = shop.twin as unknown as Twin<VendingOrder>;
    const orders = Array.from({ length: 600 }, (_, at) => all.order(at * 31));
    const paid = orders.find(({ status }) => status === 'SUCCESS');
    if (paid === undefined) throw new Error('no paid order');
    const dispense = operation('vending', 'dispense', 'update');
    const row = {
      order: paid.number,
      values: { machine_no: paid.machineNo, record_id: String(paid.records[0]?.id ?? '') },
    };
    const prepared = await calls.prepare(account, (context) => dispense.request([row], {}, context));
    const end = await calls.update(prepared, dispense, [row], {});
    const track = end.kind === 'answered' ? end.rows[0]?.track : undefined;
    if (track === undefined) throw new Error(JSON.stringify(end));
    shop.twin.setFaults(FAULTS);
    const lines = orders.map(({ number, machineNo }) => `${number} ${machineNo}`);
    const reading = new Reading({
      gateway: calls,
      account,
      operation: operation('vending', 'order-query', 'lookup'),
      params: { order_id: [...lines, '123456 12345678'].join('\n') },
      tracks: async (order) => (order === paid.number ? [track] : []),
    });
    const rows = new Map<string, LookupRow>();
    let result = await reading.run(({ fresh }) => {
      for (const one of fresh) rows.set(one.values['order_id'] ?? '', one);
    });
    for (let runs = 1; !result.complete && runs < 20; runs += 1) {
      result = await reading.run(({ fresh }) => {
        for (const one of fresh) rows.set(one.values['order_id'] ?? '', one);
      });
    }
    expect(result).toMatchObject({ complete: true, missing: [] });
    expect(result.notFound).toEqual(['123456']);
    expect([...rows.keys()].sort()).toEqual(orders.map(({ number }) => number).sort());
    // Past its twenty minutes an unpaid order is known to have expired.
    const over = [...rows.values()].filter(({ values }) => values['pay_until_is'] === 'over');
    expect(over.length).toBe(
      orders.filter(({ status, createdAt }) => status === 'NOTPAY' && shop.twin.now() - createdAt > 1_200_000).length,
    );
    const found = rows.get(paid.number);
    expect(found?.values['machine_no']).toBe(paid.machineNo);
    expect(found?.lists?.['records']?.map(({ record_id: id }) => id)).toEqual(paid.records.map(({ id }) => String(id)));
    expect(found?.lists?.['deliveries']).toMatchObject([{ delivery_id: track['delivery_id'], status: '出货完成' }]);
    expect([...rows.values()].filter(({ lists }) => lists?.['deliveries'] !== undefined)).toHaveLength(1);
  });
});
