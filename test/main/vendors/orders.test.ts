import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderFactsSchema, type OrderFacts } from '../../../src/contract/order.ts';
import { closeTwins, startTwins, type Twins } from '../../../src/main/twins/index.ts';
import { operation, VENDORS, vendor } from '../../../src/main/vendors/registry.ts';
import type { LookupOperation, LookupRow, Values } from '../../../src/main/vendors/types.ts';

/** What each vendor's rows become in the common model, with the rows as the twins' replies are read. */
let twins: Twins;
const EPOCH_MS = Date.UTC(2026, 5, 1);

beforeAll(async () => {
  twins = await startTwins({ seed: 5, orders: 300, epochMs: EPOCH_MS, now: () => EPOCH_MS });
});
afterAll(() => closeTwins(twins));

async function rowOf(id: 'polyv' | 'pdd' | 'vending', name: string, params: Values): Promise<LookupRow> {
  const lookup = operation(id, name, 'lookup');
  const initials = vendor(id).settings.map((field) => [field.id, field.initial ?? ''] as const);
  const settings = Object.fromEntries(initials);
  const { url: baseUrl, credentials } = twins[id];
  const request = lookup.request(params, null, { credentials, settings, baseUrl, nowMs: EPOCH_MS });
  const { method, headers, body } = request;
  const reply = await fetch(request.url, { method, headers, body: body === null ? null : Buffer.from(body) });
  const whole = { status: reply.status, headers: Object.fromEntries(reply.headers), body: await reply.bytes() };
  const reading = lookup.read(whole, params, null, settings);
  const row = reading.kind === 'page' ? reading.rows[0] : undefined;
  if (row === undefined) throw new Error(JSON.stringify(reading));
  return row;
}

function factsOf(lookup: LookupOperation, row: LookupRow): OrderFacts {
  const facts = lookup.toOrder?.(row) ?? null;
  if (facts === null) throw new Error('no order');
  expect(orderFactsSchema.parse(facts)).toEqual(facts);
  return facts;
}

describe('an order in the common model', () => {
  it('of Suning has its jobs under it and its status in both words', () => {
    const lookup = operation('suning', 'order-status', 'lookup');
    const job = { jobType: '0', jobId: '18446744073709551616', jobStatus: '已揽收' };
    const values = { orderSource: '201', orderId: '0012', orderStatus: '05', orderError: '' };
    expect(factsOf(lookup, { values, lists: { jobList: [job, job] } })).toEqual({
      id: '0012',
      machine: null,
      state: 'closed',
      vendorState: '05',
      createdAt: null,
      paidAt: null,
      changedAt: null,
      times: {},
      amount: null,
      currency: 'CNY',
      buyer: { name: null, phone: null, address: null },
      note: null,
      tag: null,
      title: null,
      parts: [1, 2].map(() => ({ kind: 'job', id: '18446744073709551616', state: '已揽收', title: '0', fields: {} })),
      fields: { orderSource: '201' },
    });
    expect(lookup.toOrder?.({ values: { orderId: '' } })).toBeNull();
    expect(factsOf(lookup, { values: { orderId: '1', orderStatus: 'constructor' } }).state).toBe('other');
    expect(factsOf(lookup, { values: { orderId: '1', orderStatus: '77' } })).toMatchObject({
      state: 'other',
      vendorState: '77',
    });
  });

  it('of Polyv has its times, its amount to the digit, its buyer and its products', async () => {
    const at =
      Array.from({ length: 300 }, (_, index) => index).find((index) => twins.polyv.order(index).status === 'finish') ??
      0;
    const order = twins.polyv.order(at);
    const row = await rowOf('polyv', 'order-get', { orderNo: order.number });
    const facts = factsOf(operation('polyv', 'order-get', 'lookup'), row);
    expect(facts).toMatchObject({
      id: order.number,
      state: 'finished',
      vendorState: 'finish',
      createdAt: order.createTime,
      paidAt: order.payTime,
      changedAt: order.finishTime,
      amount: order.amount,
      fields: { channelId: String(order.channelId) },
    });
    expect(facts.buyer.phone).toMatch(/^1\d{10}$/);
    expect(facts.buyer.address).toContain('/');
    expect(facts.parts).toHaveLength(1);
    expect(facts.parts[0]).toMatchObject({
      kind: 'product',
      title: facts.title,
      fields: { totalAmount: order.amount },
    });
    expect(Object.values(facts.fields)).not.toContain(facts.buyer.phone);
    expect(facts.times['createTime']).toBe(row.values['createTime']);
  });

  it('of Pinduoduo has its note, its mark and its goods', async () => {
    const at =
      Array.from({ length: 200 }, (_, index) => index).find((index) => twins.pdd.order(index).tag === '1') ?? 0;
    const order = twins.pdd.order(at);
    const row = await rowOf('pdd', 'order-detail', { order_sn: order.number });
    const facts = factsOf(operation('pdd', 'order-detail', 'lookup'), row);
    expect(facts).toMatchObject({
      id: order.number,
      note: order.note,
      tag: { code: 1, name: order.tagName },
      createdAt: order.createdAt,
      vendorState: order.status,
      state: ['to_ship', 'shipped', 'finished'][Number(order.status) - 1],
    });
    expect(facts.parts[0]?.id).toMatch(/^9007199254\d{6}$/);
    expect(facts.buyer.phone).toMatch(/^1\d{10}$/);
    // A refund outweighs how far the goods are.
    const refunded = { ...row, values: { ...row.values, refund_status: '4' } };
    expect(factsOf(operation('pdd', 'order-list', 'lookup'), refunded).state).toBe('refund');
  });

  it('of a machine has the machine, its records and its dispenses', async () => {
    const paid =
      Array.from({ length: 300 }, (_, index) => index).find(
        (index) => twins.vending.order(index).status === 'SUCCESS',
      ) ?? 0;
    const order = twins.vending.order(paid);
    const params = { order_id: order.number, machine_no: order.machineNo, created_at: '2026-06-01 07:00:00' };
    const row = await rowOf('vending', 'order-query', params);
    const lookup = operation('vending', 'order-query', 'lookup');
    const facts = factsOf(lookup, row);
    expect(facts).toMatchObject({
      id: order.number,
      machine: order.machineNo,
      state: 'to_ship',
      vendorState: 'SUCCESS',
      createdAt: Date.UTC(2026, 4, 31, 23),
    });
    expect(facts.parts.map(({ id }) => id)).toEqual(order.records.map(({ id }) => String(id)));
    const records = row.lists?.['records'] ?? [];
    const lists = {
      records: records.map((record) => ({ ...record, status: 'IS_SUCCESS' })),
      deliveries: [{ delivery_id: '5', status: '出货完成', delivered_at: '2026-06-01 07:01:00', fail_reason: '' }],
    };
    const done = factsOf(lookup, { ...row, lists });
    expect(done.state).toBe('finished');
    expect(done.parts.at(-1)).toMatchObject({ kind: 'delivery', id: '5', state: '出货完成' });
  });

  it('is known for every lookup of orders, and for no other', () => {
    const without = Object.values(VENDORS).flatMap(({ id, operations }) =>
      operations.flatMap((one) => (one.kind === 'lookup' && one.toOrder === undefined ? [`${id} ${one.id}`] : [])),
    );
    expect(without).toEqual(['vending delivery-query']);
  });
});
