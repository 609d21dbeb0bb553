import { describe, expect, it } from 'vitest';
import type { UpdateReading } from '../../../../src/main/vendors/types.ts';
import { accepted, detail, ORDER, ping, refused, reply, update } from './support.ts';

const row = { order: ORDER, values: { note: 'x' } };
const read = (body: ReturnType<typeof reply>): UpdateReading => update().read(body, [row], {}, {});
const contradicts = {
  outcome: 'unknown',
  why: {
    zh: '答复自相矛盾（成功标志与错误说明不一致），要查询后才知道',
    en: 'the reply contradicts itself (its success flag and its error text differ); it takes a look-up to know',
  },
};
const noFlag = {
  outcome: 'unknown',
  why: {
    zh: '网关已受理，但答复里没有写明是否成功，要查询后才知道',
    en: 'the gateway accepted the call, but its reply does not say whether it succeeded; it takes a look-up to know',
  },
};

describe('a success', () => {
  it("is the seed's sample, error_code 1000000 included", () => {
    const data = { error_code: 1000000, request_id: '16189153887002808', success: true, error_msg: '' };
    expect(read(accepted(data))).toEqual({
      kind: 'answered',
      rows: [{ outcome: 'succeeded' }],
      requestId: '16189153887002808',
    });
  });

  it.each([{ success: true }, { success: true, error_msg: null }, { success: true, error_code: 77 }])(
    'needs no more than the flag: %j',
    (data) => {
      expect(read(accepted(data))).toEqual({ kind: 'answered', rows: [{ outcome: 'succeeded' }] });
    },
  );

  it('names the trace where there is no request id', () => {
    const body = { code: 0, message: 'ok', data: { success: true }, trace_id: 't-1' };
    expect(read(reply(body))).toMatchObject({ requestId: 't-1' });
  });

  it.each([
    { success: true, error_msg: '订单不存在' },
    { success: true, error_msg: {} },
  ])('is not one when the error text says otherwise: %j', (data) => {
    expect(read(accepted(data))).toEqual({ kind: 'answered', rows: [contradicts] });
  });

  it.each([{}, null, { success: 'true' }, { success: 1, error_msg: '' }, { error_code: 1000000 }])(
    'is not one without the flag: %j',
    (data) => {
      expect(read(accepted(data))).toEqual({ kind: 'answered', rows: [noFlag] });
    },
  );

  it('is not one at another HTTP status, or with code 0 as a text', () => {
    const data = { success: true };
    for (const [body, status] of [
      [{ code: 0, message: 'ok', data }, 201],
      [{ code: 0, message: 'ok', data }, 500],
      [{ code: '0', message: 'ok', data }, 200],
    ] as const) {
      expect(read(reply(body, status))).toEqual({
        kind: 'unreadable',
        why: {
          zh: `网关的答复自相矛盾（HTTP ${String(status)}），不能算成功`,
          en: `The gateway's reply contradicts itself (HTTP ${String(status)}) and cannot count as a success`,
        },
      });
    }
  });
});

describe('replies that are not to be trusted', () => {
  it.each([
    ['', 200],
    ['<html>', 200],
    ['{"code":0,"message":"ok","data":{"success":tr', 200],
    ['{"code":0}', 200],
    ['{"message":"ok","data":{"success":true}}', 200],
    ['{"code":"x","message":"ok"}', 200],
    ['{"error_response":"x"}', 200],
    ['{"code":0,"message":"ok","data":{"success":true}}', 302],
    ['{"code":0,"message":"ok","data":{"success":true}}', 408],
    ['{"code":502,"message":"Bad Gateway"}', 502],
    ['{"code":429,"message":"slow down"}', 429],
    ['oops', 503],
  ])('%j at HTTP %i', (body, status) => {
    expect(read(reply(body, status)).kind).toBe('unreadable');
  });

  it('takes an envelope with data in place of a message', () => {
    expect(read(reply({ code: 0, data: { success: true } }))).toMatchObject({ rows: [{ outcome: 'succeeded' }] });
  });

  it('takes a listed refusal at any status', () => {
    for (const status of [200, 401, 429, 500]) {
      expect(read(refused(52101, 'x', status))).toMatchObject({ kind: 'rejected', failure: { class: 'limit' } });
    }
    expect(read(refused(99, 'x', 499))).toMatchObject({ kind: 'answered', rows: [{ outcome: 'failed' }] });
    expect(read(refused(99, 'x', 500)).kind).toBe('unreadable');
    expect(read(refused(99, '签名不对', 500)).kind).toBe('rejected');
  });
});

describe("the gateway's own refusals, known by their words", () => {
  it.each([
    ['签名错误', 'sign'],
    ['invalid signature', 'sign'],
    ['sign error', 'sign'],
    ['bad sign given', 'sign'],
    ['invalid sign', 'sign'],
    ['时间戳timestamp误差超过5分钟', 'clock'],
    ['timestamp expired', 'clock'],
    ['请求时间戳无效', 'clock'],
    ['卖家账号未授权', 'permission'],
    ['店铺授权已过期', 'permission'],
    ['授权过期', 'permission'],
    ['授权失效，请重新授权', 'permission'],
    ['Unauthorized seller', 'permission'],
    ['seller is not authorized', 'permission'],
    ['账户余额不足', 'quota'],
    ['额度不足', 'quota'],
    ['调用次数不足', 'quota'],
    ['次数已用完', 'quota'],
    ['账户已欠费', 'quota'],
    ['insufficient balance', 'quota'],
    ['call quota exhausted', 'quota'],
    ['接口限流', 'limit'],
    ['调用过于频繁', 'limit'],
    ['too frequent', 'limit'],
  ])('%s is rejected as %s', (message, failureClass) => {
    for (const code of [-1, 1, 10001, 50001]) {
      expect(read(refused(code, message))).toMatchObject({
        kind: 'rejected',
        failure: { code: String(code), message, class: failureClass },
      });
    }
  });

  it('does not see a sign in a design', () => {
    expect(read(refused(1, 'design'))).toMatchObject({ kind: 'answered', rows: [{ outcome: 'failed' }] });
    expect(read(refused(1, 'signal lost'))).toMatchObject({ rows: [{ failure: { class: 'vendor' } }] });
  });

  it('takes any other code but 0 for a failed row, in the words of the vendor', () => {
    expect(read(reply({ code: 7, message: '莫名其妙', trace_id: 't-7' }))).toEqual({
      kind: 'answered',
      requestId: 't-7',
      rows: [
        {
          outcome: 'failed',
          failure: {
            code: '7',
            message: '莫名其妙',
            class: 'vendor',
            reading: {
              zh: '供应商的原话（文档没有列出）：莫名其妙',
              en: "The vendor's own words (not in its documents): 莫名其妙",
            },
            remedy: {
              zh: '请按原话处理；看不懂时，把代码和请求编号交给供应商客服',
              en: "Act on the vendor's words; if they are unclear, give the code and the request id to the vendor's support desk",
            },
            requestId: 't-7',
          },
        },
      ],
    });
    expect(read(refused(7, 'x'))).not.toHaveProperty('requestId');
  });

  it("names the request by data's id before the trace", () => {
    const body = { code: 7, message: 'x', data: { request_id: 'r-7' }, trace_id: 't-7' };
    expect(read(reply(body))).toMatchObject({ requestId: 'r-7' });
  });

  it("passes the vendor's Retry-After on", () => {
    const body = { code: 52101, message: '当前接口被限流,请稍后重试' };
    expect(read(reply(body, 200, { 'retry-after': '3' }))).toMatchObject({ kind: 'rejected', retryAfterMs: 3000 });
    expect(read(reply(body))).not.toHaveProperty('retryAfterMs');
  });
});

/** The four ways in which a failure of Pinduoduo's may reach us (pdd.md 1.7: which one is uncertain). */
const WAYS: readonly (readonly [string, (code: number, message: string) => ReturnType<typeof reply>])[] = [
  ["the gateway's code", (code, message) => refused(code, message)],
  ['data.error_code', (code, message) => accepted({ success: false, error_code: code, error_msg: message })],
  ['a bare error_response', (code, message) => reply({ error_response: { error_code: code, error_msg: message } })],
  [
    'an error_response in data',
    (code, message) => accepted({ error_response: { error_code: code, error_msg: message } }),
  ],
];

describe.each(WAYS)("Pinduoduo's failures through %s", (_way, wrap) => {
  it.each([
    [20004, 'sign'],
    [10019, 'permission'],
    [20005, 'permission'],
    [52101, 'limit'],
    [70031, 'limit'],
    [70034, 'permission'],
    [70036, 'quota'],
  ])('%i is rejected as %s', (code, failureClass) => {
    expect(read(wrap(code, 'x'))).toMatchObject({
      kind: 'rejected',
      failure: { code: String(code), message: 'x', class: failureClass },
    });
  });

  it.each([
    [10000, 'input'],
    [21001, 'input'],
    [21002, 'input'],
    [52004, 'input'],
    [50001, 'vendor'],
  ])('%i fails the row as %s', (code, failureClass) => {
    expect(read(wrap(code, 'x'))).toMatchObject({
      kind: 'answered',
      rows: [{ outcome: 'failed', failure: { code: String(code), class: failureClass } }],
    });
  });

  it.each([50000, 50002, 52001, 52002, 52102, 52103, 70033])(
    '%i after a write is unknown, not a limit; a read may be repeated or fails',
    (code) => {
      const reading = read(wrap(code, 'x'));
      expect(reading).toMatchObject({
        kind: 'answered',
        rows: [{ outcome: 'unknown', failure: { code: String(code), class: 'system' } }],
      });
      const of = detail().read(wrap(code, 'x'), { order_sn: ORDER }, null, {});
      expect(of).toMatchObject(
        code === 52102 || code === 52103
          ? { kind: 'rejected', failure: { class: 'limit' } }
          : { kind: 'failed', failure: { class: 'system' } },
      );
    },
  );

  it('knows a missing order by its words', () => {
    expect(read(wrap(50001, '订单不存在'))).toMatchObject({
      rows: [
        {
          outcome: 'failed',
          failure: { code: '50001', class: 'not_found', reading: { en: 'There is no such order' } },
        },
      ],
    });
    expect(detail().read(wrap(50001, '仅支持查询3个月内的订单'), { order_sn: ORDER }, null, {})).toMatchObject({
      kind: 'failed',
      failure: { class: 'state' },
    });
  });
});

describe("Pinduoduo's failures in detail", () => {
  it('says why a row is unknown after 52102', () => {
    expect(read(refused(52102, 'x'))).toMatchObject({
      rows: [
        {
          why: {
            zh: '服务暂时不可用；这时备注可能已写入，要查询后才知道',
            en: 'Temporarily unavailable; the note may have been written all the same, it takes a look-up to know',
          },
        },
      ],
    });
  });

  it("reads all of the upstream's envelope", () => {
    const error = {
      error_msg: '业务服务错误',
      sub_msg: '备注过长',
      sub_code: 'note.too_long',
      error_code: 50001,
      request_id: 'r-9',
    };
    expect(read(reply({ error_response: error, trace_id: 't-9' }))).toEqual({
      kind: 'answered',
      requestId: 'r-9',
      rows: [
        {
          outcome: 'failed',
          failure: {
            code: '50001',
            message: '业务服务错误：备注过长 [note.too_long]',
            class: 'vendor',
            reading: {
              zh: '拼多多业务失败：业务服务错误：备注过长 [note.too_long]',
              en: "Pinduoduo's business logic failed: 业务服务错误：备注过长 [note.too_long]",
            },
            remedy: { zh: '请按原话处理这一行', en: 'Act on the words for this row' },
            requestId: 'r-9',
          },
        },
      ],
    });
  });

  it('says repeated words once, and copes with none', () => {
    const message = (error: object): unknown => {
      const reading = read(reply({ error_response: error, trace_id: 't-9' }));
      const [first] = reading.kind === 'answered' ? reading.rows : [];
      return first?.outcome === 'failed' ? [first.failure.code, first.failure.message, first.failure.requestId] : first;
    };
    expect(message({ error_code: 50001, error_msg: 'a', sub_msg: 'a' })).toEqual(['50001', 'a', 't-9']);
    expect(message({ error_code: 50001, error_msg: '', sub_msg: 'b' })).toEqual(['50001', 'b', 't-9']);
    expect(message({ error_code: 50001 })).toEqual(['50001', '', 't-9']);
    expect(message({})).toEqual(['', '', 't-9']);
  });

  it("does not take an order's words for the gateway's", () => {
    const data = { success: false, error_code: 1, error_msg: '备注里的签名不允许' };
    expect(read(accepted(data))).toMatchObject({ rows: [{ outcome: 'failed', failure: { class: 'vendor' } }] });
    const listed = { success: false, error_code: 21001, error_msg: '订单不存在' };
    expect(read(accepted(listed))).toMatchObject({ rows: [{ failure: { class: 'input' } }] });
  });

  it('fails on success false even without a word or a number, and on an error text without the flag', () => {
    expect(read(accepted({ success: false, request_id: 'r-1' }))).toMatchObject({
      kind: 'answered',
      requestId: 'r-1',
      rows: [
        { outcome: 'failed', failure: { code: 'console.no_code', message: '', class: 'vendor', requestId: 'r-1' } },
      ],
    });
    expect(read(accepted({ error_msg: 'no', error_code: 5 }))).toMatchObject({
      rows: [{ outcome: 'failed', failure: { code: '5', message: 'no' } }],
    });
  });

  it('does not take the usual success code 1000000 with success false for anything known', () => {
    expect(read(accepted({ success: false, error_code: 1000000, error_msg: '订单已关闭' }))).toMatchObject({
      rows: [{ outcome: 'failed', failure: { code: '1000000', message: '订单已关闭', class: 'vendor' } }],
    });
  });
});

describe('ping', () => {
  it('is good when the gateway accepts', () => {
    expect(ping().read(reply({ code: 0, message: 'ok', data: {}, trace_id: 't-1' }))).toEqual({
      kind: 'ok',
      requestId: 't-1',
    });
    expect(ping().read(accepted(null))).toEqual({ kind: 'ok' });
  });

  it('fails as the gateway says', () => {
    expect(ping().read(refused(20004, '签名sign校验失败'))).toMatchObject({
      kind: 'rejected',
      failure: { class: 'sign' },
    });
    expect(ping().read(refused(1, 'x')).kind).toBe('failed');
    expect(ping().read(reply('')).kind).toBe('unreadable');
  });

  it('says what it does not prove', () => {
    expect(ping().proves).toEqual({
      zh: '证明 appid、密钥和时钟都对；不证明卖家账号已授权，也不证明能改备注',
      en: "Proves that the appid, the secret and the clock are right; not that the seller's account is authorised, nor that notes may be written",
    });
  });
});
