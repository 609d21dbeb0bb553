import { describe, expect, it } from 'vitest';
import type { LookupReading, Settings } from '../../../../src/main/vendors/types.ts';
import { accepted, detail, ORDER, refused, reply } from './support.ts';

function read(data: unknown, settings: Settings = {}): LookupReading {
  return detail().read(accepted(data), { order_sn: ORDER }, null, settings);
}
const values = (data: unknown, settings: Settings = {}): unknown => {
  const reading = read(data, settings);
  return reading.kind === 'page' ? reading.rows[0]?.values : reading.kind;
};

describe('order-detail', () => {
  it('reads an order to the digit', () => {
    const body =
      '{"code":0,"message":"ok","data":{"order_info":{"order_sn":"210324-137383117442221","remark":"催发货","remark_tag":2,' +
      '"remark_tag_name":"黄色","order_status":1,"created_time":"2024-05-01 00:00:00","pay_amount":0.10,"receiver_name":"小明",' +
      '"receiver_phone":"15812345678","receiver_address":"广东省"}},"trace_id":"t-1"}';
    expect(detail().read(reply(body), { order_sn: ORDER }, null, {})).toEqual({
      kind: 'page',
      next: null,
      requestId: 't-1',
      rows: [
        {
          values: {
            order_sn: ORDER,
            note: '催发货',
            tag: '2',
            tag_name: '黄色',
            order_status: '1',
            pay_amount: '0.10',
            created_time: '2024-05-01 00:00:00',
            receiver_name: '小明',
            receiver_phone: '15812345678',
            receiver_address: '广东省',
          },
        },
      ],
    });
  });

  it.each([
    ['order_info', { order_info: { order_sn: ORDER, remark: 'n' } }],
    ["Pinduoduo's own nesting", { order_info_get_response: { order_info: { order_sn: ORDER, remark: 'n' } } }],
    ['order', { order: { order_sn: ORDER, remark: 'n' } }],
    ['data itself', { order_sn: ORDER, remark: 'n' }],
    ['note', { order_info: { order_sn: ORDER, note: 'n' } }],
    ['memo', { order_info: { order_sn: ORDER, memo: 'n' } }],
    ['no order number', { order_info: { remark: 'n' } }],
    ['remark before note', { order_info: { remark: 'n', note: 'other' } }],
    ['an empty place before', { order_info: {}, order: { remark: 'n' } }],
  ])('finds the note in the likely places: %s', (_name, data) => {
    expect(values(data)).toEqual({ order_sn: ORDER, note: 'n' });
  });

  it('finds the note beside a place that is no object, and keeps what it does not know under its own name', () => {
    expect(values({ order_info: 'x', remark: 'n' })).toEqual({ order_sn: ORDER, note: 'n', order_info: 'x' });
  });

  it.each([
    [
      { tag: 3, tag_name: '绿' },
      { tag: '3', tag_name: '绿' },
    ],
    [
      { remark_tag: null, remark_tag_name: null },
      { tag: '', tag_name: '' },
    ],
    [{ remark_tag: 0 }, { tag: '' }],
    [
      { status: 5, create_time: 'c', receiver_mobile: 'm', address: 'a' },
      { order_status: '5', created_time: 'c', receiver_phone: 'm', receiver_address: 'a' },
    ],
  ])('reads %j', (fields, expected) => {
    expect(values({ order_info: { remark: 'n', ...fields } })).toEqual({ order_sn: ORDER, note: 'n', ...expected });
  });

  it('takes a null note for an empty one, but not a missing one', () => {
    expect(values({ order_info: { order_sn: ORDER, remark: null } })).toEqual({ order_sn: ORDER, note: '' });
    for (const data of [
      { order_info: { order_sn: ORDER } },
      {},
      null,
      { order_info: { order_sn: ORDER, remark: {} } },
    ]) {
      expect(read(data)).toEqual({
        kind: 'unreadable',
        why: {
          zh: '网关的答复里找不到备注；可在账号设置的“备注位置”里写明它在哪里',
          en: 'The gateway\'s reply holds no note where it was looked for; the account\'s setting "note path" can say where it is',
        },
      });
    }
  });

  it('looks where the setting says, and nowhere else', () => {
    const data = { order_info: { order_sn: ORDER, remark: 'old', extra: { seller: 'here' } } };
    expect(values(data, { notePath: 'order_info.extra.seller' })).toEqual({ order_sn: ORDER, note: 'here' });
    expect(values(data, { notePath: ' order_info.remark ' })).toEqual({ order_sn: ORDER, note: 'old' });
    expect(values(data, { notePath: 'order_info.nothing' })).toBe('unreadable');
    expect(values({ deep: { note: 'd' } }, { notePath: 'deep.note' })).toEqual({ order_sn: ORDER, note: 'd' });
  });

  it('does not take another order for the one asked for', () => {
    expect(read({ order_info: { order_sn: 'other', remark: 'n' } })).toEqual({
      kind: 'unreadable',
      why: {
        zh: '网关答复的是另一个订单，不是所查的',
        en: 'The gateway answered with another order than the one asked for',
      },
    });
  });

  it('hands failures on: the account stops, an order does not', () => {
    const of = (body: ReturnType<typeof reply>) => detail().read(body, { order_sn: ORDER }, null, {});
    expect(of(refused(50001, '订单不存在'))).toMatchObject({ kind: 'failed', failure: { class: 'not_found' } });
    expect(of(refused(20031, '卖家账号未授权'))).toMatchObject({ kind: 'rejected', failure: { class: 'permission' } });
    expect(of(reply('', 502)).kind).toBe('unreadable');
  });

  it('checks the order number before asking', () => {
    expect(detail().check({ order_sn: ` ${ORDER} ` }, {})).toEqual({
      ok: true,
      value: { order_sn: ORDER },
      warnings: [],
    });
    expect(detail().check({ order_sn: '2.1E+17' }, {})).toMatchObject({ problems: [{ code: 'order.scientific' }] });
    expect(detail().check({}, {})).toMatchObject({ problems: [{ code: 'field.required' }] });
  });

  it('marks what is personal', () => {
    const personal = detail().columns.filter((column) => column.personal === true);
    expect(personal.map((column) => column.id)).toEqual(['receiver_name', 'receiver_phone', 'receiver_address']);
    expect(detail().columns.filter((column) => column.kind === 'order')).toHaveLength(1);
  });
});
