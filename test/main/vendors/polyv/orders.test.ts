import { describe, expect, it } from 'vitest';
import type { LookupReading, Reply, Values } from '../../../../src/main/vendors/types.ts';
import { failure, lookup, reply, success } from './support.ts';

/** The success sample of seed 001, with an id and an amount that a double would spoil. */
const SAMPLE = `{
    "code": 200,
    "status": "success",
    "requestId": "ffec4cf4227c42d09f780ed0d9aa19e7.71.17210379136070035",
    "data": {
        "orderNo": "product202405221129011833ad",
        "channelId": 4872391,
        "viewerId": "c_4nv36e832udqged0g7t565t4zoasuo9y",
        "viewerNickName": "斌",
        "transactionId": "4200002204202405229969120950",
        "amount": 0.10,
        "status": "finish",
        "expireTime": 1716349441000,
        "payTime": 1716348582000,
        "deliveryTime": 1717746827000,
        "finishTime": 1717747300000,
        "createTime": 1716348541000,
        "addressExt": {
            "mobile": "15812345678",
            "name": "小明",
            "area": "广东省/广州市/天河区",
            "address": "详细地址01"
        },
        "products": [
            {
                "productSnapshotId": 9007199254740993,
                "amount": 0.01,
                "quantity": 1,
                "totalAmount": 0.01,
                "productCover": "//liveimages.videocc.net/uploaded/images/2024/05/gwc3u3jkh0.jpg",
                "productName": "键盘",
                "deliveryType": "express",
                "customerServiceType": null,
                "customerServiceContact": null
            },
            null
        ],
        "expressEnabled": "Y"
    },
    "success": true
}`;
const ORDER = 'product202405221129011833ad';

const get = (body: Reply, orderNo = ORDER): LookupReading => lookup('order-get').read(body, { orderNo }, null, {});
const list = (body: Reply, cursor: string | null = null, params: Values = { pageSize: '2' }): LookupReading =>
  lookup('order-list').read(body, params, cursor, {});

describe('order-get', () => {
  it("reads the seed's sample to the digit, times in Beijing", () => {
    expect(get(reply(SAMPLE))).toEqual({
      kind: 'page',
      next: null,
      requestId: 'ffec4cf4227c42d09f780ed0d9aa19e7.71.17210379136070035',
      rows: [
        {
          values: {
            orderNo: ORDER,
            status: 'finish',
            amount: '0.10',
            channelId: '4872391',
            viewerId: 'c_4nv36e832udqged0g7t565t4zoasuo9y',
            viewerNickName: '斌',
            transactionId: '4200002204202405229969120950',
            expressEnabled: 'Y',
            createTime: '2024-05-22 11:29:01',
            payTime: '2024-05-22 11:29:42',
            deliveryTime: '2024-06-07 15:53:47',
            finishTime: '2024-06-07 16:01:40',
            expireTime: '2024-05-22 11:44:01',
            name: '小明',
            mobile: '15812345678',
            area: '广东省/广州市/天河区',
            address: '详细地址01',
          },
          lists: {
            products: [
              {
                productSnapshotId: '9007199254740993',
                amount: '0.01',
                quantity: '1',
                totalAmount: '0.01',
                productCover: '//liveimages.videocc.net/uploaded/images/2024/05/gwc3u3jkh0.jpg',
                productName: '键盘',
                deliveryType: 'express',
              },
            ],
          },
        },
      ],
    });
  });

  it('takes success without data as no order', () => {
    expect(get(success(null))).toEqual({ kind: 'page', rows: [], next: null, requestId: 'req-1' });
    expect(get(reply({ code: 200, status: 'success' }))).toEqual({ kind: 'page', rows: [], next: null });
  });

  it('leaves absent values absent and keeps a time of another form as it came', () => {
    const reading = get(success({ orderNo: ORDER, status: 'wait_pay', payTime: null, createTime: 1716348541 }));
    expect(reading).toMatchObject({
      rows: [{ values: { orderNo: ORDER, status: 'wait_pay', createTime: '1716348541' }, lists: { products: [] } }],
    });
  });

  it('does not take another order for the one asked for', () => {
    expect(get(success({ orderNo: 'other' }))).toEqual({
      kind: 'unreadable',
      why: {
        zh: '保利威答复的是另一个订单，不是所查的',
        en: 'Polyv answered with another order than the one asked for',
      },
    });
  });

  it.each([{}, [], 'text', { orderNo: null }])('does not take %j for an order', (data) => {
    expect(get(success(data))).toEqual({
      kind: 'unreadable',
      why: {
        zh: '保利威的答复里有一项不是订单，或没有订单号',
        en: "Something in Polyv's reply is no order, or has no order number",
      },
    });
  });

  it('hands failures on', () => {
    expect(get(failure(400, `order not found: ${ORDER}.`))).toMatchObject({
      kind: 'failed',
      failure: { class: 'not_found', requestId: 'req-2' },
    });
    expect(get(failure(403, 'invalid signature.')).kind).toBe('rejected');
    expect(get(reply('', 502)).kind).toBe('unreadable');
  });

  it('checks the order number before asking', () => {
    const check = (orderNo: string) => lookup('order-get').check({ orderNo }, {});
    expect(check(` ${ORDER} `)).toEqual({ ok: true, value: { orderNo: ORDER }, warnings: [] });
    expect(check('')).toMatchObject({ ok: false, problems: [{ code: 'field.required', field: 'orderNo' }] });
    expect(check('1.2E+17')).toMatchObject({ ok: false, problems: [{ code: 'order.scientific' }] });
  });
});

describe('order-list', () => {
  const page = (orders: readonly string[], more: object = {}) =>
    success({ pageNumber: 1, pageSize: 2, contents: orders.map((orderNo) => ({ orderNo, status: 'close' })), ...more });

  it('reads a page with its totals and goes on to the next', () => {
    expect(list(page(['a', 'b'], { totalPages: 2, totalItems: '3' }))).toEqual({
      kind: 'page',
      rows: [
        { values: { orderNo: 'a', status: 'close' }, lists: { products: [] } },
        { values: { orderNo: 'b', status: 'close' }, lists: { products: [] } },
      ],
      next: '2',
      totalPages: 2,
      totalRows: 3,
      requestId: 'req-1',
    });
    expect(list(page(['c'], { totalPages: 2, totalItems: 3 }), '2')).toMatchObject({ next: null, totalPages: 2 });
    expect(list(page(['c'], { totalPages: 12 }), '9')).toMatchObject({ next: '10' });
  });

  it('ends on an empty page whatever the totals say', () => {
    expect(list(page([], { totalPages: 9 }))).toMatchObject({ kind: 'page', rows: [], next: null });
  });

  it('without totals goes on while pages are full', () => {
    expect(list(page(['a', 'b']))).toMatchObject({ next: '2' });
    expect(list(page(['a', 'b']))).not.toHaveProperty('totalPages');
    expect(list(page(['a', 'b']))).not.toHaveProperty('totalRows');
    expect(list(page(['a']))).toMatchObject({ next: null });
  });

  it('takes null data or contents as none', () => {
    expect(list(success(null))).toEqual({ kind: 'page', rows: [], next: null, requestId: 'req-1' });
    expect(list(reply({ code: 200, status: 'success' }))).toEqual({ kind: 'page', rows: [], next: null });
    expect(list(success({ contents: null }))).toMatchObject({ kind: 'page', rows: [], next: null });
  });

  it('does not pass a missing list for an empty one', () => {
    for (const data of [{}, [], { contents: {} }]) {
      expect(list(success(data))).toEqual({
        kind: 'unreadable',
        why: { zh: '保利威的答复里没有订单列表', en: "Polyv's reply holds no list of orders" },
      });
    }
    for (const contents of [[null], ['a'], [{ status: 'close' }]]) {
      expect(list(success({ contents }))).toMatchObject({
        kind: 'unreadable',
        why: { en: "Something in Polyv's reply is no order, or has no order number" },
      });
    }
    expect(list(failure(500, 'undefined error')).kind).toBe('failed');
  });

  it('asks for the first page without a cursor', () => {
    const context = { credentials: {}, settings: {}, baseUrl: 'https://api.polyv.net', nowMs: 1 };
    expect(lookup('order-list').request({ pageSize: '50' }, null, context).url).toContain('pageNumber=1&pageSize=50&');
    expect(lookup('order-list').request({ pageSize: '50' }, '12', context).url).toContain('pageNumber=12&');
  });

  it('fills in the page size and takes every filter of the documents', () => {
    const check = (params: Values) => lookup('order-list').check(params, {});
    expect(check({})).toEqual({ ok: true, value: { pageSize: '50' }, warnings: [] });
    const all = {
      status: 'wait_delivery',
      startCreateTime: '2024-05-01 00:00:00',
      endCreateTime: '2024-05-31 23:59:59',
      startPayTime: '2024-05-01 00:00:00',
      endPayTime: '2024-05-01 00:00:00',
      startDeliveryTime: '2024-05-01 00:00:00',
      endDeliveryTime: '2024-05-31 23:59:59',
      startFinishTime: '2024-05-01 00:00:00',
      endFinishTime: '2024-05-31 23:59:59',
      deliveryType: 'express',
      queryChannelId: '4872391',
      pageSize: '1000',
    };
    expect(check(all)).toEqual({ ok: true, value: all, warnings: [] });
    expect(check({ status: '待发货', deliveryType: 'virtual' })).toMatchObject({
      value: { status: 'wait_delivery', deliveryType: 'virtual' },
    });
  });

  it('refuses page sizes and filters beyond the documents', () => {
    const code = (params: Values) => {
      const checked = lookup('order-list').check(params, {});
      return checked.ok ? null : checked.problems.map((problem) => `${problem.field ?? ''} ${problem.code}`);
    };
    expect(['0', '1001', '-1'].map((pageSize) => code({ pageSize }))).toEqual([
      ['pageSize field.pattern'],
      ['pageSize field.pattern'],
      ['pageSize field.pattern'],
    ]);
    expect(code({ pageSize: 'x' })).toEqual(['pageSize field.integer']);
    expect(code({ status: 'paid' })).toEqual(['status field.choice']);
    expect(code({ deliveryType: 'air' })).toEqual(['deliveryType field.choice']);
    expect(code({ queryChannelId: 'x1' })).toEqual(['queryChannelId field.pattern']);
    expect(code({ startPayTime: '2024-02-30 00:00:00' })).toEqual(['startPayTime field.time']);
  });

  it('refuses a range that ends before it begins', () => {
    const params = { startFinishTime: '2024-05-02 00:00:00', endFinishTime: '2024-05-01 23:59:59' };
    expect(lookup('order-list').check(params, {})).toEqual({
      ok: false,
      problems: [
        {
          code: 'field.range',
          field: 'endFinishTime',
          message: { zh: '完成时间到：不能早于开始时间', en: 'Time finished, to: must not be before the start' },
        },
      ],
    });
    expect(lookup('order-list').check({ endFinishTime: '2024-05-01 23:59:59' }, {}).ok).toBe(true);
  });
});
