import { describe, expect, it } from 'vitest';
import { explain } from '../../../../src/main/vendors/shared/errors.ts';
import { operation } from '../../../../src/main/vendors/registry.ts';
import type { LookupReading, Values } from '../../../../src/main/vendors/types.ts';
import { context } from './support.ts';

const list = operation('pdd', 'order-list', 'lookup');
const PARAMS = {
  start_confirm_at: '2024-05-01 00:00:00',
  end_confirm_at: '2024-05-01 23:59:59',
  order_status: '5',
  refund_status: '5',
};
const ORDER = '240501-000000000000001';

function sent(
  params: Values,
  cursor: string | null,
  settings: Values = {},
): { path: string; form: Record<string, string> } {
  const request = list.request(params, cursor, context({ settings }));
  const form = Object.fromEntries(new URLSearchParams(new TextDecoder().decode(request.body ?? undefined)));
  return { path: new URL(request.url).pathname, form };
}

function read(data: unknown, cursor: string | null = null, settings: Values = {}): LookupReading {
  const body = new TextEncoder().encode(JSON.stringify({ code: 0, message: 'ok', data }));
  return list.read({ status: 200, headers: {}, body }, PARAMS, cursor, settings);
}

describe('the list’s request', () => {
  it('goes to v2 with times as they are and thirty rows a page', () => {
    const { path, form } = sent(PARAMS, null);
    expect(path).toBe('/gateway/pdd/order/v2/list');
    expect(form).toMatchObject({ ...PARAMS, page: '1', page_size: '30', seller_nick: expect.any(String) as string });
    expect(form).not.toHaveProperty('remark_tag');
    expect(sent({ ...PARAMS, remark_tag: '4' }, '7').form).toMatchObject({ remark_tag: '4', page: '7' });
  });

  it('goes to v1 with seconds and a hundred rows where the setting says so', () => {
    const { path, form } = sent(PARAMS, null, { listVersion: 'v1' });
    expect(path).toBe('/gateway/pdd/order/list');
    expect(form).toMatchObject({ start_confirm_at: '1714492800', end_confirm_at: '1714579199', page_size: '100' });
  });

  it('is signed as all others are', () => {
    const { form } = sent(PARAMS, null);
    expect(form['sign']).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('the list’s form', () => {
  it('takes all by default, and no end before its start', () => {
    const { start_confirm_at, end_confirm_at } = PARAMS;
    expect(list.check({ start_confirm_at, end_confirm_at }, {})).toEqual({ ok: true, value: PARAMS, warnings: [] });
    expect(list.check({ start_confirm_at: end_confirm_at, end_confirm_at: start_confirm_at }, {})).toMatchObject({
      ok: false,
      problems: [{ code: 'field.range', field: 'end_confirm_at' }],
    });
    expect(list.check({ ...PARAMS, order_status: '4' }, {}).ok).toBe(false);
  });

  it('is asked for in windows of the setting', () => {
    const span = list.plan?.kind === 'pages' ? list.plan.span : undefined;
    expect(span?.widestMs({})).toBe(86_400_000);
    expect(span?.widestMs({ listHours: '2' })).toBe(7_200_000);
    const refusal = (words: string) => explain([], '21001', words);
    expect(span?.outOfRange(refusal('开始时间结束时间间距超过24小时'))).toBe(true);
    expect(span?.outOfRange(refusal('签名错误'))).toBe(false);
  });
});

describe('the list’s reply', () => {
  const row = { order_sn: ORDER, remark: 'n', remark_tag: 2, remark_tag_name: '黄', order_status: 1, buyer_memo: 'x' };

  it.each([
    ['data', { total_count: 61, order_list: [row] }],
    ['Pinduoduo’s own envelope', { order_list_get_response: { total_count: 61, order_list: [row] } }],
  ])('has notes and marks, and how many there are: in %s', (_name, data) => {
    expect(read(data, '2')).toEqual({
      kind: 'page',
      rows: [
        {
          values: { order_sn: ORDER, note: 'n', tag: '2', tag_name: '黄', order_status: '1', buyer_memo: 'x' },
        },
      ],
      next: '3',
      totalPages: 3,
      totalRows: 61,
    });
  });

  it('ends with its last page', () => {
    expect(read({ total_count: 61, order_list: [row] }, '3')).toMatchObject({ next: null });
    expect(read({ has_next: false, order_list: [row] })).toMatchObject({ next: null });
    expect(read({ has_next: true, order_list: [row] })).toMatchObject({ next: '2' });
    expect(read({ order_list: null })).toEqual({ kind: 'page', rows: [], next: null });
  });

  it.each([
    ['no list', { total_count: 0 }],
    ['something that is no order', { order_list: [{ remark: 'n' }] }],
    ['a text', { order_list: ['x'] }],
  ])('with %s is not understood', (_name, data) => {
    expect(read(data).kind).toBe('unreadable');
  });

  it('keeps the digits of goods', () => {
    const bytes = new TextEncoder().encode(
      `{"code":0,"message":"ok","data":{"total_count":1,"order_list":[{"order_sn":"${ORDER}","pay_amount":10.10,"item_list":[{"goods_id":9007199254740993,"goods_price":0.10}]}]}}`,
    );
    expect(list.read({ status: 200, headers: {}, body: bytes }, PARAMS, null, {})).toMatchObject({
      rows: [
        {
          values: { pay_amount: '10.10' },
          lists: { item_list: [{ goods_id: '9007199254740993', goods_price: '0.10' }] },
        },
      ],
    });
  });
});
