import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { serveTwin } from '../../../src/main/twins/server.ts';
import type { Twin, TwinOptions } from '../../../src/main/twins/types.ts';
import { vendingTwin } from '../../../src/main/twins/vending.ts';
import type { VendingOrder, VendingWord } from '../../../src/main/twins/vending.ts';

const vectorTime = 1_700_000_000_000;
const minuteMs = 60_000;
const prefix = '/api/openapi/v1';
let twin: Twin<VendingOrder>;
let nowMs = vectorTime;

async function start(options: TwinOptions = {}): Promise<Twin<VendingOrder>> {
  nowMs = vectorTime;
  twin = await serveTwin('vending', vendingTwin, { orders: 2000, now: () => nowMs, ...options });
  return twin;
}

afterEach(() => twin.close());

interface Answer {
  status: number;
  text: string;
  json: Record<string, unknown>;
}

const credentials = { Appid: 'ds0123456789abcdef', AppSecret: 'test_app_secret_01' };

async function call(
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = credentials,
): Promise<Answer> {
  const response = await fetch(twin.url + prefix + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, text, json: JSON.parse(text) as Record<string, unknown> };
}

const enclosed = (text: string): string => JSON.stringify({ payload: Buffer.from(text).toString('base64') });

/** Signed by the page's rule, written out here once more on its own. */
function payload(fields: Record<string, string | number>, key = 'testmerchant01'): string {
  const all: Record<string, string | number> = { timestamp: String(Math.floor(nowMs / 1000)), ...fields };
  const base = Object.entries(all)
    .filter(([, value]) => value !== '' && value !== 'NULL')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${String(value)}`)
    .join('&');
  const sign = createHash('md5').update(`${base}&key=${key}`).digest('hex').toUpperCase();
  return enclosed(JSON.stringify({ ...all, sign }));
}

function orderOf(status: VendingWord, machineNo?: string): VendingOrder {
  for (let index = 0; index < twin.orderCount; index += 1) {
    const order = twin.order(index);
    const young = nowMs - order.createdAt <= 20 * minuteMs;
    if (order.status === status && young && (machineNo === undefined || order.machineNo === machineNo)) return order;
  }
  throw new Error(`no ${status} order`);
}

function agedOrder(): VendingOrder {
  for (let index = 0; index < twin.orderCount; index += 1) {
    const order = twin.order(index);
    if (order.status === 'NOTPAY' && nowMs - order.createdAt > 20 * minuteMs) return order;
  }
  throw new Error('no expired order');
}

const update = (order: VendingOrder, status: string | number): Promise<Answer> =>
  call('PUT', `/orders/${order.number}`, payload({ machine_no: order.machineNo, status }));
const query = (order: VendingOrder): Promise<Answer> =>
  call('POST', `/orders/${order.number}`, payload({ machine_no: order.machineNo }));
const failure = (code: number, message: string): unknown => ({ code, message, data: {} });
const done = '{"code":0,"message":"ok","data":""}';
const now = (order: VendingOrder): VendingOrder => twin.order(order.index);

const vectors = {
  C1: 'eyJtYWNoaW5lX25vIjoiMTIzNDU2NzgiLCJzaWduIjoiOEJGN0I1NTQ2NTA1NkEyRDExMTZGNjhCQ0UxQjgzRTciLCJzdGF0dXMiOiIxIiwidGltZXN0YW1wIjoiMTcwMDAwMDAwMCJ9',
  C2: 'eyJtYWNoaW5lX25vIjoiMTIzNDU2NzgiLCJzaWduIjoiQUI1MkYwNjAwNUU2QzM0Qzg5MzNCODJDNjY1RDZEMTIiLCJzdGF0dXMiOiIyIiwidGltZXN0YW1wIjoiMTcwMDAwMDAwMCJ9',
  C3: 'eyJtYWNoaW5lX25vIjoiMTIzNDU2NzgiLCJzaWduIjoiMjE3MjZFQjVBQzU1OUYyMkE5OEZGMjlFMUVFQjhDQTgiLCJzdGF0dXMiOiIzIiwidGltZXN0YW1wIjoiMTcwMDAwMDAwMCJ9',
  C5: 'eyJtYWNoaW5lX25vIjoiMTIzNDU2NzgiLCJzaWduIjoiNzAxOEYxNDY4MkZFNzBGRjBFMzk1OUY4NkJGQTAyMDEiLCJ0aW1lc3RhbXAiOiIxNzAwMDAwMDAwIn0=',
} as const;
/** The seed's own request body. */
const seedBody =
  '{"payload":"eyJtYWNoaW5lX25vIjoiMTYzMjcxMjkiLCJzaWduIjoiOUM4NEZEMUNFMkM3Njg0OUU3Nzc4QUNGMkM1MEZGRjAiLCJzdGF0dXMiOjIsInRpbWVzdGFtcCI6IjE3MTQxMjgzNTgifQ=="}';

describe('the vectors of vending.md 2.4', () => {
  it.each([
    ['C1', vectors.C1, 'SUCCESS', '1'],
    ['C2', vectors.C2, 'REFUND', '2'],
    ['C3', vectors.C3, 'CLOSED', '3'],
  ])('%s is taken and acted on', async (_id, text, word, value) => {
    await start();
    const order = orderOf('NOTPAY', '12345678');
    const answer = await call('PUT', `/orders/${order.number}`, JSON.stringify({ payload: text }));
    expect(answer).toMatchObject({ status: 200, text: done });
    expect(now(order).status).toBe(word);
    expect(twin.ledger.acted(order.number)).toEqual([
      { seq: 1, order: order.number, action: 'update', value, atMs: vectorTime, requestSeq: 1 },
    ]);
  });

  it('C5 reads an order', async () => {
    await start();
    const order = orderOf('NOTPAY', '12345678');
    const answer = await call('POST', `/orders/${order.number}`, JSON.stringify({ payload: vectors.C5 }));
    expect(answer.json).toMatchObject({ code: 0, message: 'ok', data: { status: 'NOTPAY' } });
    expect(twin.ledger.totals).toEqual({ arrivals: 1, actions: 0, orders: 0 });
  });

  it("V1: the seed's body, its numeric status included, refunds the paid sample order", async () => {
    await start({ credentials: { signKey: 'kva' } });
    const answer = await call('PUT', '/orders/54', seedBody);
    expect(answer.text).toBe(done);
    expect(twin.order(twin.indexOf('54'))).toMatchObject({ status: 'REFUND', restocks: 1 });
  });

  it.each(['machine_no', 'status', 'timestamp', 'sign'])('a changed %s is a bad sign', async (name) => {
    await start();
    const order = orderOf('NOTPAY', '12345678');
    const fields = JSON.parse(Buffer.from(vectors.C1, 'base64').toString()) as Record<string, string>;
    const value = fields[name] ?? '';
    const changed = JSON.stringify({ ...fields, [name]: value.slice(0, -1) + (value.endsWith('2') ? '3' : '2') });
    const answer = await call('PUT', `/orders/${order.number}`, enclosed(changed));
    expect(answer).toMatchObject({ status: 200, json: failure(4006, 'sorry, payload sign invalid') });
    expect(now(order).status).toBe('NOTPAY');
  });

  it('a lower-case sign is refused; empty and NULL fields are left out of it', async () => {
    await start();
    const order = orderOf('NOTPAY', '12345678');
    const lower = Buffer.from(vectors.C5, 'base64').toString().replace('7018F146', '7018f146');
    expect((await call('POST', `/orders/${order.number}`, enclosed(lower))).json).toMatchObject({ code: 4006 });
    const padded = payload({ machine_no: '12345678', empty: '', none: 'NULL' });
    expect((await call('POST', `/orders/${order.number}`, padded)).json).toMatchObject({ code: 0 });
  });
});

describe('credentials', () => {
  it.each([
    ['no headers', {}, 10008, 'appid or appsecret is empty'],
    ['no secret', { Appid: 'ds0123456789abcdef' }, 10008, 'appid or appsecret is empty'],
    ['a wrong appid', { ...credentials, Appid: 'ds0' }, 10014, 'appid is invalid'],
    ['a wrong secret', { ...credentials, AppSecret: 'x' }, 10013, 'app secret is invalid'],
  ])('%s is HTTP 401', async (_name, headers: Record<string, string>, code, message) => {
    await start();
    expect(await call('POST', '/ping', undefined, headers)).toMatchObject({
      status: 401,
      json: failure(code, message),
    });
  });

  it.each([
    [{}, 4000, 'this appid of application is empty'],
    [{ ...credentials, Appid: 'ds0' }, 4001, 'this appid of application is invalid'],
    [{ ...credentials, AppSecret: 'x' }, 4009, 'sorry, this app secret is invalid'],
  ])('in the current table %#', async (headers: Record<string, string>, code, message) => {
    await start({ vendorOptions: { errorGeneration: 'current', errorStatus: '400' } });
    expect(await call('POST', '/ping', undefined, headers)).toMatchObject({
      status: 401,
      json: failure(code, message),
    });
  });

  it('ping answers pong without a body', async () => {
    await start();
    expect(await call('POST', '/ping')).toMatchObject({ status: 200, text: '{"code":0,"message":"ok","data":"pong"}' });
  });
});

describe('what a status does', () => {
  it.each([
    ['1', 'SUCCESS', 0],
    ['2', 'REFUND', 1],
    ['3', 'CLOSED', 1],
    ['4', 'REVOKED', 1],
    ['5', 'USERPAYING', 1],
    ['6', 'PAYERROR', 1],
  ] as const)('status %s makes an unpaid order %s and restocks %i times', async (status, word, restocks) => {
    await start();
    const order = orderOf('NOTPAY');
    expect((await update(order, status)).text).toBe(done);
    expect(now(order)).toMatchObject({ status: word, restocks });
    expect((await query(order)).json).toMatchObject({ data: { status: word } });
  });

  it.each([
    ['0', 10001],
    ['7', 10001],
    ['', 10001],
    ['11', 10001],
    ['paid', 10001],
  ])('status %j fails the form check', async (status, code) => {
    await start();
    const order = orderOf('NOTPAY');
    expect((await update(order, status)).json).toEqual(failure(code, '表单校验失败，请重新输入'));
    expect(twin.ledger.totals.actions).toBe(0);
  });

  it.each([
    ['legacy', 40006, '订单状态无效'],
    ['current', 6043, 'sorry, this order status is invalid'],
  ])('a paid order: once more 1 is 6049, 2 refunds, any other is the %s %i', async (errorGeneration, code, message) => {
    await start({ vendorOptions: { errorGeneration } });
    const order = orderOf('NOTPAY');
    await update(order, '1');
    expect((await update(order, '1')).json).toEqual(failure(6049, 'sorry, this order is paid'));
    for (const status of ['3', '4', '5', '6'])
      expect((await update(order, status)).json).toEqual(failure(code, message));
    expect(now(order)).toMatchObject({ status: 'SUCCESS', restocks: 0 });
    expect((await update(order, '2')).text).toBe(done);
    expect(now(order)).toMatchObject({ status: 'REFUND', restocks: 1 });
    expect(twin.ledger.acted(order.number).map((entry) => entry.value)).toEqual(['1', '2']);
  });

  it.each(['REFUND', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR', 'PICKUPCODE', 'TESTPAY'] as const)(
    'an order that is %s takes none',
    async (word) => {
      await start();
      const order = orderOf(word);
      for (const status of ['1', '2', '3', '4', '5', '6'])
        expect((await update(order, status)).json).toEqual(failure(40006, '订单状态无效'));
      expect(twin.ledger.totals.actions).toBe(0);
    },
  );

  it('any sequence of updates keeps to the rules', async () => {
    await start({ vendorOptions: { orders: 'unpaid' } });
    let next = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }), async (statuses) => {
        const order = twin.order(next++);
        const taken = [];
        for (const status of statuses) {
          const { json } = await update(order, String(status));
          if (json['message'] === 'ok') taken.push(status);
        }
        const [first, ...rest] = statuses;
        const expected = first === 1 && rest.includes(2) ? [1, 2] : [first];
        expect(taken).toEqual(expected);
        expect(now(order).restocks).toBe(expected.filter((status) => status !== 1).length);
        expect(twin.ledger.count(order.number)).toBe(expected.length);
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});

describe('the twenty minutes', () => {
  it('end a second after they are over, for update and query, and restock once', async () => {
    await start();
    const order = orderOf('NOTPAY');
    nowMs = order.createdAt + 20 * minuteMs;
    expect((await query(order)).json).toMatchObject({ code: 0, data: { status: 'NOTPAY' } });
    nowMs += 1;
    expect((await update(order, '1')).json).toEqual(failure(40005, '订单已过期'));
    expect((await update(order, '3')).json).toEqual(failure(40005, '订单已过期'));
    expect((await query(order)).json).toEqual(failure(40005, '订单已过期'));
    expect(now(order)).toMatchObject({ status: 'NOTPAY', expired: true, restocks: 1 });
    expect(twin.ledger.totals.actions).toBe(0);
  });

  it('at twenty minutes sharp an update is still taken', async () => {
    await start();
    const order = orderOf('NOTPAY');
    nowMs = order.createdAt + 20 * minuteMs;
    expect((await update(order, '1')).text).toBe(done);
    nowMs += minuteMs;
    expect((await query(order)).json).toMatchObject({ code: 0, data: { status: 'SUCCESS' } });
  });

  it('some generated orders are past them; the current table says 6042; a query can show them closed', async () => {
    await start({ vendorOptions: { errorGeneration: 'current', expiredQuery: 'closed' } });
    const order = agedOrder();
    expect((await update(order, '1')).json).toEqual(failure(6042, 'sorry, this order is expired'));
    expect((await query(order)).json).toMatchObject({ code: 0, data: { status: 'CLOSED' } });
  });

  it('can be switched off', async () => {
    await start({ vendorOptions: { expiry: 'off' } });
    expect((await update(agedOrder(), '1')).text).toBe(done);
  });
});

describe('wrong requests', () => {
  it('an order that does not exist, or of another machine, is not found', async () => {
    await start();
    const order = orderOf('NOTPAY', '12345678');
    const missing = failure(80002, '记录不存在');
    const put = (id: string, machine: string): Promise<Answer> =>
      call('PUT', `/orders/${id}`, payload({ machine_no: machine, status: '1' }));
    expect((await put('999', '12345678')).json).toEqual(missing);
    expect((await put(order.number, '16327129')).json).toEqual(missing);
    expect((await put('abc', '12345678')).json).toEqual(missing);
    expect((await put(order.number, '99999999')).json).toEqual(failure(30003, '设备不存在'));
    expect(twin.ledger.totals.actions).toBe(0);
  });

  it.each([
    ['no body', '', 400, 'Bad Request'],
    ['no JSON', 'payload=abc', 400, 'Bad Request'],
    ['a list', '[]', 400, 'Bad Request'],
    ['no payload', '{}', 400, 'Bad Request'],
    ['a payload that is no text', '{"payload":1}', 400, 'Bad Request'],
    ['URL-safe base64', JSON.stringify({ payload: 'eyJhIjoi4pyTPz8_In0=' }), 400, 'Bad Request'],
    ['unpadded base64', JSON.stringify({ payload: vectors.C5.replace('=', '') }), 400, 'Bad Request'],
    ['a payload that is no JSON', enclosed('machine_no=1'), 400, 'Bad Request'],
    ['a nested value', enclosed('{"machine_no":{"a":"1"}}'), 400, 'Bad Request'],
    ['bytes that are not UTF-8', JSON.stringify({ payload: 'eyJhIjoi/yJ9' }), 400, 'Bad Request'],
    ['no sign', enclosed('{"machine_no":"12345678","timestamp":"1700000000"}'), 4006, 'sorry, payload sign invalid'],
    ['no machine', payload({}), 10001, '表单校验失败，请重新输入'],
    ['a numeric machine', payload({ machine_no: 12345678 }), 10001, '表单校验失败，请重新输入'],
    ['no timestamp', payload({ machine_no: '12345678', timestamp: '' }), 10001, '表单校验失败，请重新输入'],
    [
      'milliseconds',
      payload({ machine_no: '12345678', timestamp: '1700000000000' }),
      10001,
      '表单校验失败，请重新输入',
    ],
    [
      'a numeric timestamp',
      payload({ machine_no: '12345678', timestamp: 1700000000 }),
      10001,
      '表单校验失败，请重新输入',
    ],
  ])('%s is refused', async (_name, body, code, message) => {
    await start();
    expect((await call('POST', '/orders/54', body)).json).toEqual(failure(code, message));
  });

  it('the timestamp has no window unless one is set', async () => {
    await start();
    const old = payload({ machine_no: '16327129', timestamp: '1000000000' });
    expect((await call('POST', '/orders/54', old)).json).toMatchObject({ code: 0 });
    await twin.close();
    await start({ vendorOptions: { timestampSeconds: '300' } });
    const edge = payload({ machine_no: '16327129', timestamp: '1699999700' });
    expect((await call('POST', '/orders/54', edge)).json).toMatchObject({ code: 0 });
    const over = payload({ machine_no: '16327129', timestamp: '1699999699' });
    expect((await call('POST', '/orders/54', over)).json).toMatchObject({ code: 10001 });
  });

  it.each([
    ['legacy', 'POST', '/nothing', 404, 'Not Found'],
    ['legacy', 'POST', '/orders/54/x', 404, 'Not Found'],
    ['legacy', 'POST', '/ping/1', 404, 'Not Found'],
    ['legacy', 'GET', '/orders/54', 404, 'Not Found'],
    ['current', 'POST', '/nothing', 6016, 'sorry, the route path is not found'],
    ['current', 'GET', '/orders/54', 6021, 'sorry, this method is not allowed'],
    ['current', 'PUT', '/orders', 6021, 'sorry, this method is not allowed'],
  ])('%s: %s %s is %i', async (errorGeneration, method, path, code, message) => {
    await start({ vendorOptions: { errorGeneration } });
    expect((await call(method, path)).json).toEqual(failure(code, message));
  });

  it('failures come with the HTTP status that is set', async () => {
    await start({ vendorOptions: { errorStatus: '400' } });
    expect(await call('POST', '/nothing')).toMatchObject({ status: 400, json: failure(404, 'Not Found') });
  });
});

describe('replies', () => {
  it("the query's sample order comes as the page prints it", async () => {
    await start();
    const answer = await call('POST', '/orders/54', payload({ machine_no: '16327129' }));
    expect(answer.json['data']).toEqual({
      order_id: 54,
      trade_id: '3f2a58ad69b74e86b8a1a3da6fd75cc1',
      date: '2024-04-26',
      amount: '3.00',
      status: 'SUCCESS',
      records: [70, 71, 72].map((id, at) => ({
        id,
        product_id: [121, 122, 131][at],
        quantity: 1,
        price: '1.00',
        status: 'WAITING_PICKED_UP',
        notify_sent: '0',
      })),
    });
  });

  it('order ids of nineteen digits keep them, as bare numbers; empty fields are left out', async () => {
    await start({ vendorOptions: { orders: 'unpaid' } });
    const long = twin.order(9);
    expect(long.number).toMatch(/^4\d{18}$/);
    const { text, json } = await query(long);
    expect(text).toContain(`{"code":0,"message":"ok","data":{"order_id":${long.number},"trade_id":"`);
    expect(Object.keys(json['data'] as object)).toEqual([
      'order_id',
      'trade_id',
      'date',
      'amount',
      'status',
      'records',
    ]);
    const { records } = json['data'] as { records: object[] };
    expect(Object.keys(records[0] ?? {})).toEqual(['id', 'product_id', 'quantity', 'price', 'notify_sent']);
  });

  it('a success can come without its zero code, and an update with its order id', async () => {
    await start({ vendorOptions: { omitZeroCode: 'on', updateData: 'order' } });
    const order = orderOf('NOTPAY');
    expect((await update(order, '1')).text).toBe(`{"message":"ok","data":{"order_id":${order.number}}}`);
    expect((await update(order, '1')).json).toMatchObject({ code: 6049 });
  });

  it('numbers lead back to their orders, whatever the seed', async () => {
    await start({ seed: 7, orders: 100_000 });
    const numbers = new Set<string>();
    for (let index = 0; index < 100_000; index += 7) {
      const number = twin.orderNumber(index);
      expect(twin.indexOf(number)).toBe(index);
      numbers.add(number);
    }
    expect(numbers.size).toBe(Math.ceil(100_000 / 7));
    expect([twin.indexOf(''), twin.indexOf('12'), twin.indexOf('10000000000x')]).toEqual([-1, -1, -1]);
  });
});

describe('making an order', () => {
  const tradeId = '12345678901234567890';
  const purchase = {
    machine_no: '12345678',
    notify_url: 'https://example.test/n',
    trade_id: tradeId,
    products: [{ product_id: 121, quantity: 2 }],
  };
  const create = (fields: Record<string, unknown> = {}): Promise<Answer> =>
    call('POST', '/orders', JSON.stringify({ ...purchase, ...fields }));

  it('takes plain JSON; the order is unpaid, lives twenty minutes and can be queried', async () => {
    await start();
    const made = await create();
    expect(made.text).toBe('{"code":0,"message":"ok","data":{"order_id":200000000001}}');
    const order = twin.order(twin.indexOf('200000000001'));
    expect(order).toMatchObject({ status: 'NOTPAY', machineNo: '12345678', tradeId, createdAt: vectorTime });
    expect((await query(order)).json).toMatchObject({ data: { order_id: 200000000001, amount: '3.00' } });
    expect(twin.ledger.acted('200000000001')).toMatchObject([{ action: 'create', value: tradeId }]);
    expect((await update(order, '1')).text).toBe(done);
  });

  it.each([
    [{ trade_id: '' }, 'legacy', 10001],
    [{ trade_id: '' }, 'current', 6041],
    [{ trade_id: '1'.repeat(19) }, 'legacy', 10001],
    [{ trade_id: '1'.repeat(33) }, 'legacy', 10001],
    [{ trade_id: '3f2a58ad69b74e86b8a1a3da6fd75cc1' }, 'current', 6040],
    [{ machine_no: '00000000' }, 'legacy', 30003],
    [{ machine_no: 12345678 }, 'legacy', 10001],
    [{ notify_url: '' }, 'legacy', 10001],
    [{ products: [] }, 'legacy', 10001],
    [{ products: [null] }, 'legacy', 10001],
    [{ products: [{ product_id: '1', quantity: 1 }] }, 'legacy', 10001],
    [{ products: [{ product_id: 1, quantity: 0 }] }, 'legacy', 10001],
  ])('%j in the %s table is %i', async (fields, errorGeneration, code) => {
    await start({ vendorOptions: { errorGeneration } });
    expect((await create(fields)).json).toMatchObject({ code, data: {} });
    expect(twin.ledger.totals.actions).toBe(0);
  });

  it('a trade id serves once', async () => {
    await start({ vendorOptions: { errorGeneration: 'current' } });
    await create();
    expect((await create()).json).toEqual(failure(6040, 'sorry, this trade id is exists'));
    expect((await create({ trade_id: '2'.repeat(32) })).json).toMatchObject({ data: { order_id: 200000000002 } });
  });
});

describe('dispensing', () => {
  const dispense = (order: VendingOrder, fields: Record<string, string> = {}): Promise<Answer> =>
    call(
      'POST',
      '/deliveries',
      payload({
        machine_no: order.machineNo,
        method: 'device.delivery.put',
        order_id: order.number,
        record_id: String(order.records[0]?.id ?? 0),
        ...fields,
      }),
    );

  it('moves a paid record once; the delivery can be asked for', async () => {
    await start({ vendorOptions: { errorGeneration: 'current' } });
    const order = orderOf('SUCCESS');
    const first = await dispense(order);
    expect(first.json).toMatchObject({
      code: 0,
      message: 'ok',
      data: { delivered_at: '2023-11-15 06:13:20', status: '未取货或正在出货' },
    });
    const { delivery_id: id } = first.json['data'] as { delivery_id: string };
    expect(id).toMatch(/^\d{16}$/);
    expect((await dispense(order)).json).toEqual(failure(6034, 'sorry, this order is already delivered'));
    expect(twin.ledger.acted(order.number)).toMatchObject([
      { action: 'delivery', value: String(order.records[0]?.id) },
    ]);
    const ask = (): Promise<Answer> => call('POST', `/deliveries/${id}`, payload({ machine_no: order.machineNo }));
    expect((await ask()).json['data']).toEqual({ delivered_at: '2023-11-15 06:13:20', status: '未取货或正在出货' });
    nowMs += 3000;
    expect((await ask()).json['data']).toEqual({
      delivered_at: '2023-11-15 06:13:20',
      status: '出货完成',
      pickup_at: '2023-11-15 06:13:23',
    });
    const { notify_send_count: sent, records } = (await query(order)).json['data'] as {
      notify_send_count: number;
      records: object[];
    };
    expect(sent).toBe(1);
    expect(records[0]).toMatchObject({ status: 'IS_SUCCESS', notify_sent: '1' });
    expect(now(order).records[0]).toMatchObject({ drops: 1 });
  });

  it("an unpaid one is refused with the sample's code 0", async () => {
    await start();
    expect((await dispense(orderOf('NOTPAY'))).json).toEqual(failure(0, '订单未支付'));
    expect((await dispense(orderOf('CLOSED'))).json).toEqual(failure(0, '订单未支付'));
    expect(twin.ledger.totals.actions).toBe(0);
  });

  it.each([
    ['another method', { method: 'device.delivery.get' }, 10001],
    ['another record', { record_id: '1' }, 80002],
    ['another order', { order_id: '1' }, 80002],
  ])('%s is refused', async (_name, fields, code) => {
    await start();
    expect((await dispense(orderOf('SUCCESS'), fields)).json).toMatchObject({ code });
  });

  it('after twenty minutes only a pickup code still serves; an unknown delivery is 404', async () => {
    await start();
    const paid = twin.order(twin.indexOf('54'));
    const pickup = twin.order(twin.indexOf('60'));
    nowMs = pickup.createdAt + 21 * minuteMs;
    expect((await dispense(paid)).json).toEqual(failure(40005, '订单已过期'));
    expect((await dispense(agedOrder())).json).toEqual(failure(40005, '订单已过期'));
    expect((await dispense(pickup)).json).toMatchObject({ code: 0, message: 'ok' });
    const answer = await call('POST', '/deliveries/1', payload({ machine_no: '12345678' }));
    expect(answer.json).toEqual(failure(404, 'Not Found'));
  });
});

describe('faults', () => {
  it.each([
    ['limit', 429, { code: 429, message: 'Too Many Requests', data: {} }],
    ['failure', 200, { code: 40006, message: '订单状态无效', data: {} }],
    ['unknown_order', 200, { code: 80002, message: '记录不存在', data: {} }],
  ] as const)('%s does not act', async (kind, status, json) => {
    await start({ faults: [{ kind }] });
    const order = orderOf('NOTPAY');
    expect(await update(order, '1')).toMatchObject({ status, json });
    expect(now(order).status).toBe('NOTPAY');
    expect(twin.ledger.totals).toEqual({ arrivals: 1, actions: 0, orders: 0 });
  });

  it('a named failure keeps its words; a reset after acting has acted', async () => {
    await start({ faults: [{ kind: 'failure', code: '30002', message: '设备已离线' }] });
    const order = orderOf('NOTPAY');
    expect((await update(order, '1')).json).toEqual(failure(30002, '设备已离线'));
    twin.setFaults([{ kind: 'reset_after' }]);
    await expect(update(order, '1')).rejects.toThrow('fetch failed');
    expect(now(order).status).toBe('SUCCESS');
    expect(twin.ledger.count(order.number)).toBe(1);
  });
});
