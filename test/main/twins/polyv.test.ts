import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { POLYV_SAMPLE_BATCH, POLYV_SAMPLE_DETAIL, polyvTwin } from '../../../src/main/twins/polyv.ts';
import type { PolyvOrder, PolyvStatus } from '../../../src/main/twins/polyv.ts';
import { serveTwin } from '../../../src/main/twins/server.ts';
import type { Twin, TwinOptions } from '../../../src/main/twins/server.ts';

const vectorTime = 1_700_000_000_000;
const secret = '0123456789abcdef0123456789abcdef';
const base = '/live/v4/user/product/order/';
let twin: Twin<PolyvOrder>;

async function start(options: TwinOptions = {}): Promise<Twin<PolyvOrder>> {
  twin = await serveTwin('polyv', polyvTwin, { orders: 500, now: () => vectorTime, ...options });
  return twin;
}

afterEach(() => twin.close());

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
}

async function get(path: string): Promise<Answer> {
  return read(await fetch(twin.url + path));
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

/** Signed by the documents' rule, written out here once more on its own. */
function signed(parameters: Record<string, string>, at = vectorTime): string {
  const all: Record<string, string> = { appId: 'testappid1', timestamp: String(at), ...parameters };
  const joined = Object.entries(all)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => name + value)
    .join('');
  const sign = createHash('md5')
    .update(secret + joined + secret)
    .digest('hex')
    .toUpperCase();
  return new URLSearchParams({ ...all, sign }).toString();
}

const updateUrl = (): string => `${base}update-batch-status?${signed({})}`;

async function post(body: unknown, type = 'application/json; charset=UTF-8', url = updateUrl()): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return read(await fetch(twin.url + url, { method: 'POST', body: text, headers: { 'content-type': type } }));
}

const deliver = (...orderNos: string[]): Promise<Answer> => post({ orderNos, status: 'delivering' });

function firstWith(status: PolyvStatus): PolyvOrder {
  for (let index = 0; index < twin.orderCount; index += 1)
    if (twin.order(index).status === status) return twin.order(index);
  throw new Error(`no order ${status}`);
}

function refusal(answer: Answer): unknown {
  const { status, success, error, code } = answer.json;
  return { http: answer.status, code, status, success, error };
}

const refused = (http: number, desc: string, code = http, status = 'error'): unknown => ({
  http,
  code: http,
  status,
  success: false,
  error: { code, desc },
});

describe('the vectors of polyv.md A6', () => {
  const common = 'appId=testappid1&timestamp=1700000000000';
  const p5 = `${base}get?${common}&orderNo=${POLYV_SAMPLE_DETAIL}&sign=8BABD125ACCB3505C59BE59DC03FEC22`;
  const times = 'startCreateTime=2024-05-01%2000:00:00&endCreateTime=2024-05-31+23%3A59%3A59';
  const p7 = `${base}list?${common}&pageNumber=1&pageSize=20&status=wait_delivery&${times}&sign=B54C334FFF319D8A2BE2E539F3B592C6`;
  const p8 =
    `${base}get?${common}&orderNo=${POLYV_SAMPLE_DETAIL}&signatureMethod=SHA256&signatureNonce=584F3849-E5A0-4B59-98A5-2F373EFD0559` +
    '&sign=FCAD1DFF17E64B77219FAF6DB94CA137B8988F3E5432A129CF98F95450077108';

  it.each([
    ['P5', p5],
    ['P7', p7],
    ['P8', p8],
    ['P10, empty values left out of the sign', `${p5}&pageNumber=&signatureMethod=`],
  ])('accepts %s, and refuses it with one digit changed', async (_name, url) => {
    await start();
    expect((await get(url)).status).toBe(200);
    const changed = url.replace(/sign=(.)/, (_all, first: string) => `sign=${first === '0' ? '1' : '0'}`);
    expect(refusal(await get(changed))).toEqual(refused(403, 'invalid signature.'));
    expect(refusal(await get(url.replace('1700000000000', '1700000000001')))).toEqual(
      refused(403, 'invalid signature.'),
    );
  });

  it('accepts P6 with any body, since a JSON body is not signed, and answers the sample with data null', async () => {
    await start();
    const url = `${base}update-batch-status?${common}&sign=21DECF60861A0434FAFA54D12C2FFFC1`;
    const answer = await post({ orderNos: [POLYV_SAMPLE_BATCH], status: 'delivering' }, undefined, url);
    expect(answer.text).toMatch(
      /^\{"code":200,"status":"success","requestId":"[0-9a-f]{32}\.76\.17000000000000001","data":null,"success":true\}$/,
    );
    expect(twin.ledger.acted(POLYV_SAMPLE_BATCH)).toEqual([
      { seq: 1, order: POLYV_SAMPLE_BATCH, action: 'status', value: 'delivering', atMs: vectorTime, requestSeq: 1 },
    ]);
  });

  it('refuses a sign in lower case: the documents say upper', async () => {
    await start();
    expect(
      refusal(await get(p5.replace('8BABD125ACCB3505C59BE59DC03FEC22', '8babd125accb3505c59be59dc03fec22'))),
    ).toEqual(refused(403, 'invalid signature.'));
  });

  it('answers P5 as the sample of the detail page', async () => {
    await start();
    const { requestId, ...rest } = (await get(p5)).json;
    expect(requestId).toMatch(/^[0-9a-f]{32}\.\d+\.\d{17}$/);
    expect(rest).toEqual({
      code: 200,
      status: 'success',
      success: true,
      data: {
        orderNo: 'product202405221129011833ad',
        channelId: 4872391,
        viewerId: 'c_4nv36e832udqged0g7t565t4zoasuo9y',
        viewerNickName: '斌',
        transactionId: '4200002204202405229969120950',
        amount: 0.01,
        status: 'finish',
        expireTime: 1716349441000,
        payTime: 1716348582000,
        deliveryTime: 1717746827000,
        finishTime: 1717747300000,
        createTime: 1716348541000,
        addressExt: { mobile: '15812345678', name: '小明', area: '广东省/广州市/天河区', address: '详细地址01' },
        products: [
          {
            productSnapshotId: 1,
            amount: 0.01,
            quantity: 1,
            totalAmount: 0.01,
            productCover: '//liveimages.videocc.net/uploaded/images/2024/05/gwc3u3jkh0.jpg',
            productName: '键盘',
            deliveryType: 'express',
            customerServiceType: null,
            customerServiceContact: null,
          },
        ],
        expressEnabled: 'Y',
      },
    });
  });
});

describe('wrong requests, in the vendor’s words', () => {
  it.each([
    ['no appId', 'get?timestamp=1700000000000&sign=A', refused(400, 'appId is required.')],
    [
      'another appId',
      'get?appId=frlr1zazn3&timestamp=1700000000000&sign=A',
      refused(400, 'application not found.', 20001),
    ],
    ['no timestamp', 'get?appId=testappid1&sign=A', refused(400, 'param should not be empty: timestamp')],
    ['seconds', 'get?appId=testappid1&timestamp=1700000000&sign=A', refused(400, 'invalid timestamp.')],
    ['no sign', 'get?appId=testappid1&timestamp=1700000000000', refused(400, 'param should not be empty: sign')],
    ['no orderNo', `get?${signed({})}`, refused(400, 'param should not be empty: orderNo')],
    ['an unknown order', `get?${signed({ orderNo: 'x1' })}`, refused(400, 'order not found: x1.')],
    ['an unknown path', `delete?${signed({})}`, refused(404, 'illegal operation')],
    ['GET of the update', `update-batch-status?${signed({})}`, refused(404, 'illegal operation')],
    [
      'an unknown method of signing',
      `get?${signed({ signatureMethod: 'SHA1' })}`,
      refused(400, 'param validate error: signatureMethod'),
    ],
    ['an unknown status', `list?${signed({ status: 'paid' })}`, refused(400, 'param validate error: status')],
    [
      'an unknown delivery',
      `list?${signed({ deliveryType: 'air' })}`,
      refused(400, 'param validate error: deliveryType'),
    ],
    [
      'a day that is none',
      `list?${signed({ endPayTime: '2024-02-30 00:00:00' })}`,
      refused(400, 'invalid date time format'),
    ],
    ['a page that is no number', `list?${signed({ pageNumber: 'a' })}`, refused(400, 'param is not digit: pageNumber')],
    ['page 0', `list?${signed({ pageNumber: '0' })}`, refused(400, 'number range error')],
    ['a page too large', `list?${signed({ pageSize: '1001' })}`, refused(400, 'number range error')],
  ])('%s', async (_name, path, expected) => {
    await start();
    expect(refusal(await get(base + path))).toEqual(expected);
  });

  it('takes a timestamp three minutes old or early to the millisecond, by its own clock', async () => {
    await start({ clockSkewMs: 60_000 });
    const detail = (at: number): Promise<Answer> => get(`${base}get?${signed({ orderNo: POLYV_SAMPLE_DETAIL }, at)}`);
    const theirs = vectorTime + 60_000;
    expect((await detail(theirs - 180_000)).status).toBe(200);
    expect((await detail(theirs + 180_000)).status).toBe(200);
    expect(refusal(await detail(theirs - 180_001))).toEqual(refused(400, 'invalid timestamp.'));
    const late = await detail(theirs + 180_001);
    expect(refusal(late)).toEqual(refused(400, 'invalid timestamp.'));
    expect(late.headers.get('date')).toBe('Tue, 14 Nov 2023 22:14:20 GMT');
  });

  it.each([
    ['no JSON', '{', 'json format error'],
    ['an array', '[]', 'json format error'],
    ['null', 'null', 'json format error'],
    ['no orders', { status: 'delivering' }, 'param should not be empty: orderNos'],
    ['an empty list', { orderNos: [], status: 'delivering' }, 'param should not be empty: orderNos'],
    ['a text', { orderNos: 'a', status: 'delivering' }, 'param validate error: orderNos'],
    ['a number among them', { orderNos: ['a', 1], status: 'delivering' }, 'param validate error: orderNos'],
    ['1,001 orders', { orderNos: Array(1001).fill('a'), status: 'delivering' }, 'param length is incorrect: orderNos'],
    ['no status', { orderNos: ['a'] }, 'param should not be empty: status'],
    ['another target', { orderNos: ['a'], status: 'finish' }, 'param validate error: status'],
  ])('a body with %s', async (_name, body, desc) => {
    await start();
    expect(refusal(await post(body))).toEqual(refused(400, desc));
    expect(twin.ledger.totals).toEqual({ arrivals: 1, actions: 0, orders: 0 });
  });

  it('takes a JSON content type only', async () => {
    await start();
    expect(refusal(await post({ orderNos: ['a'], status: 'delivering' }, 'text/plain'))).toEqual(
      refused(400, 'json format error'),
    );
  });
});

describe('the batch update', () => {
  it('delivers what waits for delivery and names the others', async () => {
    await start();
    const [waiting, paying, done] = [firstWith('wait_delivery'), firstWith('wait_pay'), firstWith('finish')];
    const answer = await deliver(waiting.number, paying.number, done.number, 'product20240522112901ffffff');
    expect(answer.json['data']).toEqual({
      successOrderNos: [waiting.number],
      failOrderList: [
        { orderNo: paying.number, errCode: 40002, errMsg: 'order status error' },
        { orderNo: done.number, errCode: 40002, errMsg: 'order status error' },
        { orderNo: 'product20240522112901ffffff', errCode: 40001, errMsg: 'order not found' },
      ],
    });
    expect(twin.order(waiting.index)).toEqual({ ...waiting, status: 'delivering', deliveryTime: vectorTime });
    expect(twin.order(paying.index)).toEqual(paying);
    expect(twin.ledger.count(waiting.number)).toBe(1);
    expect(twin.ledger.count(paying.number)).toBe(0);
    expect(twin.ledger.arrivals).toEqual([
      {
        seq: 1,
        method: 'POST',
        path: `${base}update-batch-status`,
        reusedConnection: false,
        status: 200,
        actedOrders: 1,
      },
    ]);
  });

  it('names an order that comes twice in both lists, for it can be delivered once', async () => {
    await start();
    const { number } = firstWith('wait_delivery');
    expect((await deliver(number, number)).json['data']).toEqual({
      successOrderNos: [number],
      failOrderList: [{ orderNo: number, errCode: 40002, errMsg: 'order status error' }],
    });
    expect(twin.ledger.acted(number)).toHaveLength(1);
  });

  it('takes a thousand', async () => {
    await start({ orders: 1000, vendorOptions: { orders: 'waiting' } });
    const all = Array.from({ length: 1000 }, (_, index) => twin.orderNumber(index));
    expect((await deliver(...all)).json['data']).toBeNull();
    expect(twin.ledger.totals).toEqual({ arrivals: 1, actions: 1000, orders: 1000 });
  });

  it('always null, or always lists, when told so', async () => {
    await start({ vendorOptions: { data: 'null' } });
    expect((await deliver(firstWith('wait_pay').number)).json['data']).toBeNull();
    await twin.close();
    await start({ vendorOptions: { data: 'lists' } });
    const { number } = firstWith('wait_delivery');
    expect((await deliver(number)).json['data']).toEqual({ successOrderNos: [number], failOrderList: [] });
  });

  it('fails whole, and acts on none, under the unknown-order fault', async () => {
    await start({ vendorOptions: { orders: 'waiting' } });
    const [a, b, c] = [twin.orderNumber(0), twin.orderNumber(1), twin.orderNumber(2)];
    twin.setFaults([{ kind: 'unknown_order', when: { orders: [b] } }]);
    expect(refusal(await deliver(a, b, c))).toEqual(refused(400, `order not found: ${b}.`));
    expect(twin.ledger.totals.actions).toBe(0);
    expect((await deliver(a, c)).json['data']).toBeNull();
    twin.setFaults([{ kind: 'unknown_order' }]);
    expect(refusal(await deliver(b, c))).toEqual(refused(400, `order not found: ${b}.`));
  });
});

describe('order/list', () => {
  interface Page {
    pageNumber: number;
    pageSize: number;
    totalPages: number;
    totalItems: number;
    contents: Record<string, unknown>[];
  }
  const list = async (parameters: Record<string, string>): Promise<Page> =>
    (await get(`${base}list?${signed(parameters)}`)).json['data'] as Page;
  const all = (): PolyvOrder[] => Array.from({ length: twin.orderCount + 2 }, (_, index) => twin.order(index));

  it('pages through every order once, newest first, twenty a page by default', async () => {
    await start({ orders: 43 });
    const pages = await Promise.all(['1', '2', '3', '4'].map((pageNumber) => list({ pageNumber })));
    expect(pages.map((page) => page.contents.length)).toEqual([20, 20, 5, 0]);
    expect(
      pages.map(({ pageNumber, pageSize, totalPages, totalItems }) => [pageNumber, pageSize, totalPages, totalItems]),
    ).toEqual([1, 2, 3, 4].map((page) => [page, 20, 3, 45]));
    expect(pages.flatMap((page) => page.contents.map((row) => row['orderNo']))).toEqual(
      all().map((order) => order.number),
    );
    const times = all()
      .slice(0, 43)
      .map((order) => order.createTime);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  it.each([
    ['status', { status: 'finish' }, (order: PolyvOrder) => order.status === 'finish'],
    ['channel', { queryChannelId: '4872392' }, (order: PolyvOrder) => order.channelId === 4872392],
    ['delivery', { deliveryType: 'virtual' }, (order: PolyvOrder) => order.deliveryType === 'virtual'],
    [
      'both ends of a time',
      { startCreateTime: '2023-11-01 00:00:00', endCreateTime: '2023-11-02 11:22:33' },
      (order: PolyvOrder) =>
        order.createTime >= Date.UTC(2023, 9, 31, 16) && order.createTime <= Date.UTC(2023, 10, 2, 3, 22, 33),
    ],
    [
      'a pay time',
      { startPayTime: '2023-11-10 00:00:00' },
      (order: PolyvOrder) => order.payTime !== null && order.payTime >= Date.UTC(2023, 10, 9, 16),
    ],
    [
      'a delivery time',
      { endDeliveryTime: '2023-11-05 00:00:00' },
      (order: PolyvOrder) => order.deliveryTime !== null && order.deliveryTime <= Date.UTC(2023, 10, 4, 16),
    ],
    [
      'a finish time',
      { startFinishTime: '2023-11-05 00:00:00' },
      (order: PolyvOrder) => order.finishTime !== null && order.finishTime >= Date.UTC(2023, 10, 4, 16),
    ],
  ])('filters by %s', async (_name, parameters, wanted) => {
    await start();
    const page = await list({ pageSize: '1000', ...parameters });
    const expected = all()
      .filter(wanted)
      .map((order) => order.number);
    expect(expected.length).toBeGreaterThan(2);
    expect(expected.length).toBeLessThan(502);
    expect(page.contents.map((row) => row['orderNo'])).toEqual(expected);
    expect(page.totalItems).toBe(expected.length);
  });

  it('takes both ends of a time to the second', async () => {
    await start({ orders: 10 });
    const wall = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    const { createTime, number } = twin.order(4);
    const exact = await list({ startCreateTime: wall(createTime), endCreateTime: wall(createTime) });
    expect(exact.contents.map((row) => row['orderNo'])).toEqual([number]);
    expect((await list({ startCreateTime: wall(createTime + 1000) })).contents).toHaveLength(4 + 2);
    expect((await list({ endCreateTime: wall(createTime - 1000), status: '' })).totalItems).toBe(5);
  });

  it('shows a delivered order in its new state', async () => {
    await start({ orders: 50, vendorOptions: { orders: 'waiting' } });
    await deliver(twin.orderNumber(7));
    const page = await list({ status: 'delivering' });
    expect(page.contents).toHaveLength(1);
    expect(page.contents[0]).toMatchObject({
      orderNo: twin.orderNumber(7),
      status: 'delivering',
      deliveryTime: vectorTime,
    });
  });
});

describe('orders', () => {
  it('writes amounts with all digits, times only where they have come, and ids beyond 2^53', async () => {
    await start({ orders: 2000 });
    const paying = firstWith('wait_pay');
    const answer = await get(`${base}get?${signed({ orderNo: paying.number })}`);
    expect(answer.text).not.toMatch(/payTime|deliveryTime|finishTime|transactionId/);
    expect(answer.text).toContain(
      `"amount":${paying.amount},"status":"wait_pay","expireTime":${String(paying.createTime + 900_000)}`,
    );
    const trailing = Array.from({ length: 2000 }, (_, index) => twin.order(index)).find((order) =>
      order.amount.endsWith('0'),
    );
    expect(trailing?.amount).toMatch(/^\d+\.\d0$/);
    const ninth = await get(`${base}get?${signed({ orderNo: twin.orderNumber(9) })}`);
    expect(ninth.text).toContain('"productSnapshotId":9007199254741002,');
  });

  it('are the same for the same seed, and others for another', async () => {
    await start({ seed: 7 });
    const first = Array.from({ length: 20 }, (_, index) => twin.order(index));
    await twin.close();
    await start({ seed: 7 });
    expect(Array.from({ length: 20 }, (_, index) => twin.order(index))).toEqual(first);
    await twin.close();
    await start({ seed: 8 });
    expect(twin.order(0).number).not.toBe(first[0]?.number);
  });

  it('have numbers like the samples that lead back to them, among 200,000 too', async () => {
    await start({ orders: 200_000 });
    const indexes = [0, 1, 2, 77_777, 123_456, 199_998, 199_999];
    for (const index of indexes) {
      expect(twin.orderNumber(index)).toMatch(/^product20231[01]\d{8}[0-9a-f]{6}$/);
      expect(twin.indexOf(twin.orderNumber(index))).toBe(index);
    }
    expect(new Set(indexes.map((index) => twin.orderNumber(index))).size).toBe(indexes.length);
    expect([twin.orderNumber(200_000), twin.orderNumber(200_001)]).toEqual([POLYV_SAMPLE_DETAIL, POLYV_SAMPLE_BATCH]);
    expect(twin.indexOf(POLYV_SAMPLE_BATCH)).toBe(200_001);
    expect(twin.indexOf(twin.orderNumber(5).replace('product2', 'product1'))).toBe(-1);
  });
});

describe('limits', () => {
  it('blocks a client for five minutes after more than 1,500 requests in ten seconds', async () => {
    let nowMs = vectorTime;
    await start({ now: () => nowMs });
    const ask = async (): Promise<number> =>
      (await get(`${base}get?${signed({ orderNo: POLYV_SAMPLE_DETAIL }, nowMs)}`)).status;
    for (let call = 0; call < 1500; call += 50) {
      expect(new Set(await Promise.all(Array.from({ length: 50 }, ask)))).toEqual(new Set([200]));
    }
    nowMs += 9_999;
    const blocked = await get(`${base}get?${signed({ orderNo: POLYV_SAMPLE_DETAIL }, nowMs)}`);
    expect(refusal(blocked)).toEqual(refused(500, 'qps exceeds number of calls', 500, 'fail'));
    nowMs += 299_999;
    expect(await ask()).toBe(500);
    nowMs += 1;
    expect(await ask()).toBe(200);
  });

  it('takes the 1,501st ten seconds after the first', async () => {
    let nowMs = vectorTime;
    await start({ now: () => nowMs });
    for (let call = 0; call < 1500; call += 50) await Promise.all(Array.from({ length: 50 }, () => get(base)));
    nowMs += 10_000;
    expect((await get(`${base}get?${signed({ orderNo: POLYV_SAMPLE_DETAIL }, nowMs)}`)).status).toBe(200);
  });

  it('answers the limit in the older shape, or not at all, when told so', async () => {
    await start({ vendorOptions: { limitShape: 'old' }, faults: [{ kind: 'limit' }] });
    const old = await get(base);
    expect([old.status, old.json]).toEqual([
      500,
      { code: 500, status: 'fail', message: 'qps exceeds number of calls', data: '' },
    ]);
    await twin.close();
    await start({ vendorOptions: { block: 'close' }, faults: [{ kind: 'block' }] });
    await expect(get(base)).rejects.toThrow();
    await expect(get(base)).rejects.toThrow();
    expect(twin.ledger.totals.arrivals).toBe(2);
  });

  it('answers a failure in its envelope', async () => {
    await start({
      faults: [
        { kind: 'failure', when: { nth: [1] } },
        { kind: 'failure', code: '30001', message: 'channel forbid login' },
      ],
    });
    expect(refusal(await get(base))).toEqual(refused(500, 'access forbidden', 500, 'fail'));
    expect(refusal(await get(base))).toEqual(refused(500, 'channel forbid login', 30001, 'fail'));
  });
});
