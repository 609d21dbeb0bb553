import { describe, expect, it } from 'vitest';
import type {
  LookupRow,
  Settings,
  UpdateReading,
  UpdateRow,
  Values,
  Verdict,
  VerifyFacts,
} from '../../../../src/main/vendors/types.ts';
import { context, failure, lookup, reply, success, update } from './support.ts';

const rows: readonly UpdateRow[] = ['a1', 'b2', 'c3'].map((order) => ({ order, values: { orderNo: order } }));
function read(body: ReturnType<typeof reply>, settings: Settings = {}, sent = rows): UpdateReading {
  return update().read(body, sent, { status: 'delivering' }, settings);
}
const silent = {
  outcome: 'unknown',
  why: {
    zh: '保利威已受理，但没有说明每个订单的结果（文档的示例也是如此），要查询后才知道',
    en: "Polyv accepted the call but did not say what became of each order (as in its documents' sample); it takes a look-up to know",
  },
};
const inNeither = {
  outcome: 'unknown',
  why: {
    zh: '保利威的结果里没有提到这个订单，要查询后才知道',
    en: "Polyv's result does not mention this order; it takes a look-up to know",
  },
};
const inBoth = {
  outcome: 'unknown',
  why: {
    zh: '保利威把这个订单同时列为成功和失败，要查询后才知道',
    en: 'Polyv lists this order as both succeeded and failed; it takes a look-up to know',
  },
};

describe('the reply, row by row', () => {
  it("takes the documents' sample, success with data null, as unknown for every row", () => {
    const sample = `{
	"code": 200,
	"status": "success",
	"requestId": "d31c72c20ec2481cbbee4d326a1a6acc.76.17210368125610065",
	"data": null,
	"success": true
}`;
    expect(read(reply(sample))).toEqual({
      kind: 'answered',
      rows: [silent, silent, silent],
      requestId: 'd31c72c20ec2481cbbee4d326a1a6acc.76.17210368125610065',
    });
    expect(read(reply({ code: 200, status: 'success' }))).toEqual({ kind: 'answered', rows: [silent, silent, silent] });
    expect(read(success({}))).toMatchObject({ rows: [silent, silent, silent] });
  });

  it('tells the lists apart: succeeded, failed, in both, in neither', () => {
    const data = {
      successOrderNos: ['a1', 'both', 'stranger'],
      failOrderList: [
        { orderNo: 'b2', errCode: 123, errMsg: '订单状态不对' },
        { orderNo: 'both', errCode: 1, errMsg: 'x' },
        { orderNo: 'not-ours', errCode: 1, errMsg: 'x' },
        null,
        { errCode: 1 },
      ],
    };
    const sent = ['a1', 'b2', 'both', 'c3'].map((order) => ({ order, values: {} }));
    expect(read(success(data), {}, sent)).toEqual({
      kind: 'answered',
      requestId: 'req-1',
      rows: [
        { outcome: 'succeeded' },
        {
          outcome: 'failed',
          failure: {
            code: '123',
            message: '订单状态不对',
            class: 'vendor',
            reading: {
              zh: '供应商的原话（文档没有列出）：订单状态不对',
              en: "The vendor's own words (not in its documents): 订单状态不对",
            },
            remedy: {
              zh: '请按原话处理；看不懂时，把代码和请求编号交给供应商客服',
              en: "Act on the vendor's words; if they are unclear, give the code and the request id to the vendor's support desk",
            },
          },
        },
        inBoth,
        inNeither,
      ],
    });
  });

  it('reads one list without the other', () => {
    expect(read(success({ successOrderNos: ['a1'] }))).toMatchObject({
      rows: [{ outcome: 'succeeded' }, inNeither, inNeither],
    });
    expect(read(success({ successOrderNos: null, failOrderList: [{ orderNo: 'a1' }] }))).toMatchObject({
      rows: [{ outcome: 'failed', failure: { code: '', message: '' } }, inNeither, inNeither],
    });
    expect(read(success({ successOrderNos: [], failOrderList: [] }))).toMatchObject({
      rows: [inNeither, inNeither, inNeither],
    });
  });

  it('compares order numbers exactly', () => {
    expect(read(success({ successOrderNos: ['A1', ' a1', 'a1 '] }))).toMatchObject({
      rows: [inNeither, inNeither, inNeither],
    });
  });

  it('explains a failed row by its words where they are known', () => {
    const data = { failOrderList: [{ orderNo: 'a1', errCode: 9, errMsg: 'Order not found.' }] };
    expect(read(success(data))).toMatchObject({
      rows: [
        { failure: { code: '9', class: 'not_found', reading: { en: 'Polyv has no such order: Order not found.' } } },
        {},
        {},
      ],
    });
  });
});

describe('the whole call', () => {
  it.each([
    [403, 'invalid signature.', 'sign'],
    [400, 'invalid timestamp.', 'clock'],
    [500, 'qps exceeds number of calls', 'limit'],
    [500, 'access forbidden', 'permission'],
    [400, 'param validate error: status', 'input'],
    [400, 'words of no list', 'input'],
  ])('is rejected, surely not acted on: %i %s', (code, desc, failureClass) => {
    expect(read(failure(code, desc))).toMatchObject({
      kind: 'rejected',
      failure: { class: failureClass, message: desc },
    });
  });

  it("passes the vendor's Retry-After on, and nothing where there is none", () => {
    const body = { code: 500, status: 'fail', message: 'qps exceeds number of calls' };
    expect(read(reply(body, 500, { 'retry-after': '30' }))).toMatchObject({ kind: 'rejected', retryAfterMs: 30_000 });
    expect(read(reply(body, 500))).not.toHaveProperty('retryAfterMs');
  });

  it.each(['undefined error', 'illegal operation', 'words of no list'])(
    'leaves every row unknown after a business failure that may have come amid the batch: %s',
    (desc) => {
      const reading = read(failure(500, desc));
      if (reading.kind !== 'answered') throw new Error(reading.kind);
      expect(reading.requestId).toBe('req-2');
      expect(reading.rows).toHaveLength(3);
      for (const row of reading.rows) {
        expect(row).toMatchObject({ outcome: 'unknown', failure: { message: desc } });
        if (row.outcome !== 'unknown' || row.failure === undefined) throw new Error('no failure');
        expect(row.why).toEqual({
          zh: `保利威说整个调用失败，但没有说明是否已改了一部分。${row.failure.reading.zh}`,
          en: `Polyv says that the whole call failed, but not whether part of it was done. ${row.failure.reading.en}`,
        });
      }
    },
  );

  it('does not trust a 429, HTML, empty, truncated or redirected replies', () => {
    for (const [body, status] of [
      ['', 429],
      ['<html>', 200],
      ['', 200],
      ['{"code":200,"status":"succ', 200],
      ['{"code":200,"status":"success","data":null}', 302],
      ['Bad Gateway', 502],
    ] as const) {
      expect(read(reply(body, status)).kind).toBe('unreadable');
    }
  });

  it('calls a batch failed for one row only when the setting names its words, and at 400 only', () => {
    const settings = { atomicFailureText: ' Order Not Found ' };
    expect(read(failure(400, 'order not found: b2.'), settings)).toMatchObject({
      kind: 'batch_failed',
      failure: { message: 'order not found: b2.', class: 'not_found' },
    });
    expect(read(failure(500, 'order not found: b2.'), settings).kind).toBe('answered');
    expect(read(failure(400, 'invalid signature.'), settings).kind).toBe('rejected');
    for (const off of [{}, { atomicFailureText: '' }, { atomicFailureText: ' ' }]) {
      expect(read(failure(400, 'order not found: b2.'), off).kind).not.toBe('batch_failed');
      expect(read(failure(400, 'words of no list'), off).kind).toBe('rejected');
    }
  });
});

describe('the form', () => {
  it('takes delivering alone as the target', () => {
    expect(update().checkParams({}, {})).toEqual({ ok: true, value: { status: 'delivering' }, warnings: [] });
    expect(update().checkParams({ status: '待收货' }, {})).toMatchObject({ ok: true, value: { status: 'delivering' } });
    expect(update().checkParams({ status: 'finish' }, {})).toMatchObject({
      ok: false,
      problems: [{ code: 'field.choice' }],
    });
  });

  it('takes a row by its order number', () => {
    expect(update().checkRow({ orderNo: ' a1 ', other: 'x' }, {}, {})).toEqual({
      ok: true,
      value: { order: 'a1', values: { orderNo: 'a1' } },
      warnings: [],
    });
    expect(update().checkRow({}, {}, {})).toMatchObject({ ok: false, problems: [{ code: 'field.required' }] });
    expect(update().checkRow({ orderNo: 'a'.repeat(128) }, {}, {}).ok).toBe(true);
    expect(update().checkRow({ orderNo: 'a'.repeat(129) }, {}, {})).toMatchObject({
      problems: [{ code: 'field.too_long' }],
    });
  });

  it('sends up to 1000 order numbers in their order, as compact JSON', () => {
    expect(update()).toMatchObject({ batchSize: 1000, repeatable: 'afterVerify' });
    const body = (params: Values) =>
      new TextDecoder().decode(update().request(rows, params, context()).body ?? undefined);
    expect(body({ status: 'delivering' })).toBe('{"orderNos":["a1","b2","c3"],"status":"delivering"}');
    expect(body({})).toBe('{"orderNos":["a1","b2","c3"],"status":"delivering"}');
  });
});

const plan = update().verify;
if (plan === undefined) throw new Error('no verify plan');
const T = 1_700_000_000_000; // 2023-11-15 06:13:20 in Beijing

describe('verification', () => {
  const row: UpdateRow = { order: 'a1', values: { orderNo: 'a1' } };
  const found = (status: string): LookupRow => ({ values: { orderNo: 'a1', status } });
  function judge(change: Partial<VerifyFacts>): Verdict {
    const facts: VerifyFacts = {
      row,
      params: {},
      found: null,
      oldValues: null,
      nowMs: T,
      sameReadingsAtMs: [],
      sentAtMs: T - 1000,
      sinceEndMs: 1000,
    };
    return plan?.judge({ ...facts, ...change }) ?? { outcome: 'unknown', why: { zh: '', en: '' } };
  }
  const waiting = { found: found('wait_delivery') };

  it('looks one row up by its number and knows it again', () => {
    expect(plan.lookup(row)).toEqual({ operation: 'order-get', params: { orderNo: 'a1' } });
    expect(plan.matches(row, found('close'))).toBe(true);
    expect(plan.matches(row, { values: { orderNo: 'b2' } })).toBe(false);
  });

  it('sweeps by status and time: what was delivered about then, and what still waits and was made when the numbers say', () => {
    const sent = [
      'product20240521181722aa',
      'product20240522112901bb',
      'product20240230000000cc',
      'other',
      'xproduct20200101000000',
    ].map((order) => ({ order, values: {} }));
    const delivery = {
      startDeliveryTime: '2023-11-15 06:01:40',
      endDeliveryTime: '2023-11-15 06:23:20',
      pageSize: '500',
    };
    const calls = plan.sweep?.(sent, { nowMs: T, sentAtMs: T - 100_000 });
    expect(calls).toEqual([
      { operation: 'order-list', params: { status: 'delivering', ...delivery } },
      { operation: 'order-list', params: { status: 'finish', ...delivery } },
      {
        operation: 'order-list',
        params: {
          status: 'wait_delivery',
          startCreateTime: '2024-05-21 18:07:22',
          endCreateTime: '2024-05-22 11:39:01',
          pageSize: '500',
        },
      },
    ]);
    for (const call of calls ?? [])
      expect(lookup('order-list').check(call.params, {})).toMatchObject({ ok: true, value: call.params });
  });

  it('leaves out what no number dates', () => {
    expect(plan.sweep?.(rows, { nowMs: T, sentAtMs: T })).toHaveLength(2);
    const one = [{ order: 'product20240521181722aa', values: {} }];
    expect(plan.sweep?.(one, { nowMs: T, sentAtMs: T })).toHaveLength(3);
  });

  it.each([
    ['delivering', '待收货', 'being delivered'],
    ['finish', '已完成', 'finished'],
  ])('%s is the wanted state', (status, zh, en) => {
    expect(judge({ found: found(status) })).toEqual({
      outcome: 'succeeded',
      note: {
        zh: `查询确认：订单已处于所要的状态（${zh}）`,
        en: `confirmed by a look-up: the order is in the wanted state (${en})`,
      },
    });
  });

  it.each([
    ['close', '已关闭', 'closed'],
    ['wait_pay', '待支付', 'waiting for payment'],
  ])('%s failed for its state', (status, zh, en) => {
    expect(judge({ found: found(status) })).toEqual({
      outcome: 'failed',
      failure: {
        code: 'console.wrong_state',
        message: '',
        class: 'state',
        reading: {
          zh: `查询到订单${zh}，不能改为待收货`,
          en: `A look-up shows the order ${en}; it cannot be set to delivering`,
        },
        remedy: { zh: '请在保利威后台核对该订单', en: "Check the order in Polyv's console" },
      },
    });
  });

  it('wait_delivery stays unknown until three readings over 60 seconds agree', () => {
    const still = (afterMs: number) => ({
      outcome: 'unknown',
      why: {
        zh: '订单仍是待发货，可能还没生效，过一会儿再查',
        en: 'the order still waits for delivery; the change may be on its way, so it is looked up again',
      },
      again: { afterMs },
    });
    expect(judge(waiting)).toEqual(still(30_000));
    expect(judge({ ...waiting, sameReadingsAtMs: [T - 30_000] })).toEqual(still(30_000));
    expect(judge({ ...waiting, sameReadingsAtMs: [T - 60_000] })).toEqual(still(1000));
    expect(judge({ ...waiting, sameReadingsAtMs: [T - 20_000, T - 10_000] })).toEqual(still(40_000));
    expect(judge({ ...waiting, sameReadingsAtMs: [T - 59_999, T - 30_000] })).toEqual(still(1000));
    expect(judge({ ...waiting, sameReadingsAtMs: [T - 60_000, T - 30_000] })).toEqual({
      outcome: 'failed',
      failure: {
        code: 'console.not_applied',
        message: '',
        class: 'not_applied',
        reading: {
          zh: '一分钟内三次查询，订单都仍是待发货：这次修改没有生效',
          en: 'Three look-ups over a minute show the order still waiting for delivery: the change was not applied',
        },
        remedy: { zh: '可以重试', en: 'It can be retried' },
      },
    });
  });

  it('a missing order and an unlisted status stay unknown, for good', () => {
    expect(judge({ found: null })).toEqual({
      outcome: 'unknown',
      why: {
        zh: '保利威查不到这个订单，无法判断是否已改',
        en: 'Polyv shows no such order, so what became of it cannot be told',
      },
    });
    expect(judge({ found: found('frozen') })).toEqual({
      outcome: 'unknown',
      why: {
        zh: '查询到的状态“frozen”不在文档里，无法判断',
        en: 'the look-up shows status "frozen", which the documents do not list',
      },
    });
    expect(judge({ found: { values: {} } })).toMatchObject({
      outcome: 'unknown',
      why: { zh: '查询到的状态“”不在文档里，无法判断' },
    });
  });
});
