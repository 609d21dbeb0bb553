import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { PDD_SAMPLE, pddTwin } from '../../../src/main/twins/pdd.ts';
import type { PddOrder } from '../../../src/main/twins/pdd.ts';
import { beijingTime } from '../../../src/main/twins/orders.ts';
import { serveTwin } from '../../../src/main/twins/server.ts';
import type { Twin, TwinOptions } from '../../../src/main/twins/server.ts';

const vectorTime = 1_700_000_000_000;
const secret = 'test_secret_0123456789abcdef';
const noteUpdate = '/gateway/pdd/order/noteupdate';
let twin: Twin<PddOrder>;

async function start(options: TwinOptions = {}): Promise<Twin<PddOrder>> {
  twin = await serveTwin('pdd', pddTwin, { orders: 500, now: () => vectorTime, ...options });
  return twin;
}

afterEach(() => twin.close());

interface Answer {
  status: number;
  text: string;
  json: Record<string, unknown>;
}

async function send(path: string, form: Record<string, string> | string, type?: string): Promise<Answer> {
  const response = await fetch(twin.url + path, {
    method: 'POST',
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
    headers: { 'content-type': type ?? 'application/x-www-form-urlencoded; charset=UTF-8' },
  });
  const text = await response.text();
  return { status: response.status, text, json: JSON.parse(text) as Record<string, unknown> };
}

const common = { appid: 'test_app_001', timestamp: '1700000000', seller_nick: 'pdd00000000001' };

/** Signed by the documents' rule, written out here once more on its own. */
function signed(fields: Record<string, string>, leaveOut: string[] = []): Record<string, string> {
  const all: Record<string, string> = { ...common, ...fields };
  for (const name of leaveOut) Reflect.deleteProperty(all, name);
  const joined = Object.keys(all)
    .sort()
    .map((name) => `${name}${all[name] ?? ''}`)
    .join('');
  return {
    ...all,
    sign: createHash('md5')
      .update(secret + joined + secret)
      .digest('hex'),
  };
}

const write = (fields: Record<string, string>): Promise<Answer> => send(noteUpdate, signed(fields));
const detail = (order: string): Promise<Answer> => send('/gateway/pdd/order/detail', signed({ order_sn: order }));
const refused = (code: number, message: string): unknown => ({ code, message, data: null });

describe('the vectors of pdd.md 1.10', () => {
  it.each([
    ['P1', { note: 'hello' }, 'b81af7e91d777c7976141d2f5a45131f'],
    ['P2', { note: '我是通过API接口进来的说明哈', tag: '2', tag_name: '黄色' }, 'dcce08acc03cba900849bdaf345400e4'],
    ['P4, empty values in the sign', { note: 'x', tag: '', tag_name: '' }, 'a82b50b32ab636a5e83abca17eb1389a'],
    ['P5', { note: 'x' }, 'fd233b9e0ca68f3ea51dcd80fa1d03ed'],
  ])('accepts %s, and refuses it with one digit or one field changed', async (_name, fields, sign) => {
    await start();
    const form = { ...common, order_sn: PDD_SAMPLE, ...fields };
    const wrong = refused(20004, '签名sign校验失败');
    expect((await send(noteUpdate, { ...form, sign: `0${sign.slice(1)}` })).json).toEqual(wrong);
    expect((await send(noteUpdate, { ...form, sign: sign.toUpperCase() })).json).toEqual(wrong);
    expect((await send(noteUpdate, { ...form, note: `${fields.note} `, sign })).json).toEqual(wrong);
    expect(twin.ledger.totals.actions).toBe(0);
    const answer = await send(noteUpdate, { ...form, sign });
    expect(answer.text).toBe(
      '{"code":0,"message":"ok","data":{"error_code":1000000,"request_id":"17000000000000004","success":true,"error_msg":""}}',
    );
    expect(twin.ledger.acted(PDD_SAMPLE)).toEqual([
      { seq: 1, order: PDD_SAMPLE, action: 'note', value: fields.note, atMs: vectorTime, requestSeq: 4 },
    ]);
    expect(twin.order(500)).toMatchObject({ note: fields.note, tag: 'tag' in fields ? fields.tag : '' });
  });
});

describe('wrong requests, in the vendor’s words', () => {
  it.each([
    ['no appid', ['appid'], {}, 21002, '参数不能为空:appid'],
    ['another appid', [], { appid: 'x' }, 20032, 'appid不存在'],
    ['no timestamp', ['timestamp'], {}, 21002, '参数不能为空:timestamp'],
    ['milliseconds', [], { timestamp: '1700000000000' }, 10001, '时间戳timestamp误差超过5分钟'],
    ['no seller_nick', ['seller_nick'], {}, 21002, '参数不能为空:seller_nick'],
    ['another seller', [], { seller_nick: 'pdd1' }, 20031, '卖家账号未授权'],
    ['no order_sn', ['order_sn'], {}, 21002, '参数不能为空:order_sn'],
    ['no note', ['note'], {}, 21002, '参数不能为空:note'],
    ['a tag alone', [], { tag: '1' }, 21001, '请求参数错误:tag与tag_name关联,都入参或都不入参'],
    ['a name alone', [], { tag_name: '红' }, 21001, '请求参数错误:tag与tag_name关联,都入参或都不入参'],
    ['tag 0', [], { tag: '0', tag_name: '红' }, 21001, '请求参数错误:tag'],
    ['tag 6', [], { tag: '6', tag_name: '红' }, 21001, '请求参数错误:tag'],
    [
      'a name of four characters',
      [],
      { tag: '1', tag_name: '一二三四' },
      21001,
      '请求参数错误:tag_name长度最大为3个字符',
    ],
  ])('%s', async (_name, leaveOut, fields, code, message) => {
    await start();
    const answer = await send(noteUpdate, signed({ order_sn: twin.orderNumber(0), note: 'x', ...fields }, leaveOut));
    expect([answer.status, answer.json]).toEqual([200, refused(code, message)]);
    expect(twin.ledger.totals.actions).toBe(0);
  });

  it('takes a form only, by POST only, on the paths it knows', async () => {
    await start();
    expect((await send(noteUpdate, '{}', 'application/json')).json).toEqual(
      refused(10001, '公共参数错误:Content-Type'),
    );
    expect(await (await fetch(twin.url + noteUpdate)).json()).toEqual(refused(10001, '请使用POST请求'));
    expect((await send('/gateway/pdd/order/decrypt', signed({}))).json).toEqual(refused(404, '接口不存在'));
    expect((await send(noteUpdate, { ...common })).json).toEqual(refused(21002, '参数不能为空:sign'));
  });

  it('takes a timestamp five minutes old or early to the second', async () => {
    await start({ orders: 1, clockSkewMs: 999 });
    const at = (timestamp: number): Promise<Answer> =>
      write({ order_sn: PDD_SAMPLE, note: 'x', timestamp: String(timestamp) });
    const late = refused(10001, '时间戳timestamp误差超过5分钟');
    expect((await at(1_700_000_300)).json['code']).toBe(0);
    expect((await at(1_699_999_700)).json['code']).toBe(0);
    expect((await at(1_700_000_301)).json).toEqual(late);
    expect((await at(1_699_999_699)).json).toEqual(late);
  });
});

describe('notes', () => {
  it('overwrites the note, and takes both tags away when they are left out', async () => {
    await start();
    const order = twin.orderNumber(3);
    await write({ order_sn: order, note: '加急 & 送礼=100%+1', tag: '5', tag_name: '𬭎𬭎𬭎' });
    const { data, trace_id: trace } = (await detail(order)).json;
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(data).toMatchObject({
      order_info: { order_sn: order, remark: '加急 & 送礼=100%+1', remark_tag: 5, remark_tag_name: '𬭎𬭎𬭎' },
    });
    await write({ order_sn: order, note: '第二' });
    expect((await detail(order)).json['data']).toMatchObject({
      order_info: { remark: '第二', remark_tag: null, remark_tag_name: null },
    });
    expect(twin.ledger.acted(order).map((entry) => [entry.seq, entry.value])).toEqual([
      [1, '加急 & 送礼=100%+1'],
      [2, '第二'],
    ]);
  });

  it('says success false for an order that is not there, a note too long, and a failure asked for', async () => {
    await start({ vendorOptions: { noteMax: '3' } });
    const failure = (error_msg: string, error_code = 50001): unknown => ({
      code: 0,
      message: 'ok',
      data: { error_code, request_id: expect.stringMatching(/^\d{17}$/) as string, success: false, error_msg },
    });
    expect((await write({ order_sn: '210324-000000000000000', note: 'x' })).json).toEqual(failure('订单不存在'));
    expect((await write({ order_sn: twin.orderNumber(0), note: '一二三四' })).json).toEqual(
      failure('备注长度超出限制'),
    );
    expect((await write({ order_sn: twin.orderNumber(0), note: '🎁🎁🎁' })).json['data']).toMatchObject({
      success: true,
    });
    twin.setFaults([{ kind: 'failure', code: '70034', message: '风控' }]);
    expect((await write({ order_sn: twin.orderNumber(0), note: 'x' })).json).toEqual(failure('风控', 70034));
    twin.setFaults([{ kind: 'failure' }]);
    expect((await write({ order_sn: twin.orderNumber(0), note: 'x' })).json).toEqual(failure('业务服务错误'));
    twin.setFaults([{ kind: 'unknown_order' }]);
    expect((await write({ order_sn: twin.orderNumber(0), note: 'x' })).json).toEqual(failure('订单不存在'));
    expect(twin.ledger.totals.actions).toBe(1);
  });

  it('says its limit', async () => {
    await start({ faults: [{ kind: 'limit', retryAfter: 2 }] });
    const response = await fetch(twin.url + noteUpdate, { method: 'POST', body: new URLSearchParams(common) });
    expect([response.status, response.headers.get('retry-after')]).toEqual([200, '2']);
    expect(await response.json()).toEqual(refused(52101, '当前接口被限流,请稍后重试'));
  });

  it('finds notes already there on some orders, on none when told so', async () => {
    await start();
    const notes = Array.from({ length: 500 }, (_, index) => twin.order(index)).filter((order) => order.note !== '');
    expect(notes.length).toBeGreaterThan(60);
    expect(notes.length).toBeLessThan(140);
    expect(notes.every((order) => (order.tag === '') === (order.tagName === ''))).toBe(true);
    await twin.close();
    await start({ vendorOptions: { notes: 'none' } });
    expect(Array.from({ length: 500 }, (_, index) => twin.order(index).note).join('')).toBe('');
  });
});

describe('detail, list and account', () => {
  it('shows an order with its digits and its buyer', async () => {
    await start();
    const answer = await detail(twin.orderNumber(0));
    expect(answer.text).toMatch(/"pay_amount":\d+\.\d\d,/);
    expect(answer.json['data']).toEqual({
      order_info: {
        order_sn: twin.orderNumber(0),
        remark: twin.order(0).note,
        remark_tag: twin.order(0).tag === '' ? null : Number(twin.order(0).tag),
        remark_tag_name: twin.order(0).tagName === '' ? null : twin.order(0).tagName,
        order_status: Number(twin.order(0).status),
        refund_status: 1,
        item_list: [
          {
            goods_id: expect.any(Number) as number,
            goods_name: expect.any(String) as string,
            goods_count: expect.any(Number) as number,
          },
        ],
        created_time: new Date(twin.order(0).createdAt + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' '),
        pay_amount: expect.any(Number) as number,
        receiver_name: expect.stringMatching(/^\S{2,5}$/) as string,
        receiver_phone: expect.stringMatching(/^1\d{10}$/) as string,
        receiver_address: expect.stringMatching(/室$/) as string,
      },
    });
  });

  it('does not reach orders older than three months, nor such that are not there', async () => {
    await start();
    const young = twin.order(480);
    expect(vectorTime - young.createdAt).toBeLessThan(90 * 86_400_000);
    expect((await detail(young.number)).json['code']).toBe(0);
    expect(vectorTime - twin.order(499).createdAt).toBeGreaterThan(90 * 86_400_000);
    expect((await detail(twin.orderNumber(499))).json).toEqual(refused(50001, '仅支持查询3个月内的订单'));
    expect((await detail('231114-000000000000000')).json).toEqual(refused(50001, '订单不存在'));
  });

  it('lists every order once, at most thirty a page, by time, status and tag', async () => {
    await start({ orders: 70 });
    const path = '/gateway/pdd/order/v2/list';
    const all = {
      order_status: '5',
      refund_status: '5',
      start_confirm_at: '2000-01-01 00:00:00',
      end_confirm_at: '2099-01-01 00:00:00',
    };
    const list = async (
      fields: Record<string, string>,
    ): Promise<{ total_count: number; has_next: boolean; order_list: { order_sn: string; order_status: number }[] }> =>
      (await send(path, signed({ ...all, ...fields }))).json['data'] as never;
    const pages = await Promise.all(['1', '2', '3'].map((page) => list({ page })));
    expect(pages.map((page) => [page.total_count, page.has_next, page.order_list.length])).toEqual([
      [70, true, 30],
      [70, true, 30],
      [70, false, 10],
    ]);
    expect(pages.flatMap((page) => page.order_list.map((row) => row.order_sn))).toEqual(
      Array.from({ length: 70 }, (_, index) => twin.orderNumber(index)),
    );
    await write({ order_sn: twin.orderNumber(8), note: 'x', tag: '4', tag_name: '蓝' });
    expect((await list({ remark_tag: '4' })).order_list.map((row) => row.order_sn)).toEqual([twin.orderNumber(8)]);
    expect((await list({ page_size: '10', page: '7' })).has_next).toBe(false);
    const shipped = await list({ order_status: '2' });
    expect(new Set(shipped.order_list.map((row) => row.order_status))).toEqual(new Set([2]));
    expect(shipped.total_count).toBe(
      Array.from({ length: 70 }, (_, index) => index).filter((index) => twin.order(index).status === '2').length,
    );
    // Both ends belong to the range.
    const at = beijingTime(twin.order(20).createdAt);
    expect((await list({ start_confirm_at: at, end_confirm_at: at })).order_list.map((row) => row.order_sn)).toContain(
      twin.orderNumber(20),
    );
    const old = await send(
      '/gateway/pdd/order/list',
      signed({ ...all, start_confirm_at: '1600000000', end_confirm_at: '1600086401' }),
    );
    expect(old.json).toEqual(refused(21001, '开始时间结束时间间距超过24小时'));
    for (const [name, value] of [
      ['page_size', '31'],
      ['page_size', '0'],
      ['page', 'x'],
      ['order_status', '4'],
      ['start_confirm_at', '1600000000'],
    ] as const) {
      expect((await send(path, signed({ ...all, [name]: value }))).json).toEqual(
        refused(21001, `请求参数错误:${name}`),
      );
    }
  });

  it('answers the account without a seller', async () => {
    await start();
    const answer = await send('/gateway/partner/account/detail', signed({}, ['seller_nick']));
    expect(answer.json).toMatchObject({ code: 0, message: 'ok', data: { appid: 'test_app_001' } });
    const wrong = { ...signed({}, ['seller_nick']), sign: 'x' };
    expect((await send('/gateway/partner/account/detail', wrong)).json).toEqual(refused(20004, '签名sign校验失败'));
  });

  it('numbers orders as the sample, each leading back, among 200,000 too', async () => {
    await start({ orders: 200_000 });
    for (const index of [0, 1, 99_999, 150_001, 199_999]) {
      expect(twin.orderNumber(index)).toMatch(/^23(08|09|10|11)[0-3]\d-\d{15}$/);
      expect(twin.indexOf(twin.orderNumber(index))).toBe(index);
    }
    expect([twin.orderNumber(200_000), twin.indexOf(PDD_SAMPLE)]).toEqual([PDD_SAMPLE, 200_000]);
    expect(twin.indexOf(twin.orderNumber(4).replace('23', '22'))).toBe(-1);
    expect(twin.indexOf('231114-999999999999999')).toBe(-1);
  });
});
