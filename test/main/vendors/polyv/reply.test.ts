import { describe, expect, it } from 'vitest';
import { readLookup, readPolyv } from '../../../../src/main/vendors/polyv/reply.ts';
import { failure, ping, reply, success } from './support.ts';

const contradiction = {
  kind: 'unreadable',
  why: {
    zh: '保利威的答复自相矛盾（HTTP 200），不能算成功',
    en: "Polyv's reply contradicts itself (HTTP 200) and cannot count as a success",
  },
};

describe('readPolyv', () => {
  it('takes a success with its data and request id', () => {
    expect(readPolyv(success({ a: 'b' }))).toEqual({ kind: 'success', data: { a: 'b' }, requestId: 'req-1' });
    expect(readPolyv(reply({ code: 200, status: 'success' }))).toEqual({ kind: 'success', data: undefined });
  });

  it.each([
    [{ code: 200, status: 'error', success: true }],
    [{ code: 200, status: 'success', success: false }],
    [{ code: 200, status: 'fail' }],
    [{ code: 400, status: 'success' }],
    [{ code: 400, status: 'error', success: true }],
  ])('calls %j a contradiction', (body) => {
    expect(readPolyv(reply(body))).toEqual(contradiction);
  });

  it('calls a success at another HTTP status a contradiction', () => {
    const body = { code: 200, status: 'success', success: true };
    expect(readPolyv(reply(body, 201)).kind).toBe('unreadable');
    expect(readPolyv(reply(body, 500))).toMatchObject({ why: { en: expect.stringContaining('(HTTP 500)') as string } });
  });

  it.each([
    ['{"code":200}', 200],
    ['{"status":"success"}', 200],
    ['{"code":"x","status":"success"}', 200],
    ['{"code":200,"status":500}', 200],
    ['{"timestamp":1,"status":500,"error":"Internal Server Error"}', 500],
    ['<html></html>', 502],
    ['', 200],
    ['{"code":200,"status":"success","data":{"successOrderNos":["a"', 200],
    ['{"code":200,"status":"success"}', 302],
    ['{"code":200,"status":"success"}', 408],
  ])('does not trust %j at HTTP %i', (body, status) => {
    expect(readPolyv(reply(body, status)).kind).toBe('unreadable');
  });

  it("reads the seed's failure: its code, words and request id", () => {
    const seed = {
      code: 400,
      status: 'error',
      requestId: 'd310b70bc329403f87f77f9203d50f89.128.16360831552223589',
      error: { code: 20001, desc: 'application not found.' },
      success: false,
    };
    expect(readPolyv(reply(seed, 400))).toEqual({
      kind: 'refused',
      failure: {
        code: '20001',
        message: 'application not found.',
        class: 'sign',
        reading: { zh: '保利威找不到这个 appId', en: 'Polyv does not know this appId' },
        remedy: {
          zh: '请在保利威直播后台核对 appId 与 appSecret 后重新保存账号',
          en: "Compare the appId and appSecret with those in Polyv's live console and save the account again",
        },
        requestId: 'd310b70bc329403f87f77f9203d50f89.128.16360831552223589',
      },
      rejected: true,
      code: 400,
      desc: 'application not found.',
    });
  });

  it('reads the older envelope with message, at any HTTP status', () => {
    for (const status of [200, 400, 403]) {
      expect(readPolyv(reply({ code: 400, status: 'error', message: 'invalid signature.', data: '' }, status))).toEqual(
        expect.objectContaining({ kind: 'refused', rejected: true, code: 400, desc: 'invalid signature.' }),
      );
    }
  });

  it('prefers error.desc over message', () => {
    const body = { code: 400, status: 'error', message: 'invalid timestamp.', error: { desc: 'invalid signature.' } };
    expect(readPolyv(reply(body, 400))).toMatchObject({ desc: 'invalid signature.', failure: { code: '400' } });
  });

  it.each([
    ['invalid signature.', 'sign'],
    ['Invalid Signature', 'sign'],
    ['  invalid   signature。 ', 'sign'],
    ['appId is required.', 'sign'],
    ['invalid timestamp.', 'clock'],
    ['INVALID TIMESTAMP', 'clock'],
    ['qps exceeds number of calls', 'limit'],
    ['qps exceeds number of calls.', 'limit'],
    ['access forbidden', 'permission'],
    ['need to login', 'permission'],
    ['illegal domain', 'permission'],
    ['param should not be empty: orderNos', 'input'],
    ['json format error', 'input'],
  ])('knows %j by its text at every code, and that it was not acted on', (desc, failureClass) => {
    for (const code of [400, 401, 403, 500]) {
      expect(readPolyv(failure(code, desc))).toMatchObject({ rejected: true, failure: { class: failureClass } });
    }
  });

  it.each([
    ['undefined error', 'system'],
    ['illegal operation', 'state'],
    ['redirect', 'vendor'],
    ['channel in live', 'state'],
    ['order not found: a1.', 'not_found'],
  ])('does not count %j as surely not acted on', (desc, failureClass) => {
    expect(readPolyv(failure(500, desc))).toMatchObject({ rejected: false, failure: { class: failureClass } });
  });

  it.each([
    [400, 'input', true],
    [401, 'permission', true],
    [403, 'permission', true],
    [500, 'vendor', false],
    [404, 'vendor', false],
  ])('decides unknown words by the envelope code %i', (code, failureClass, rejected) => {
    expect(readPolyv(failure(code, '没见过的话'))).toMatchObject({
      rejected,
      failure: { code: String(code), class: failureClass, message: '没见过的话' },
    });
  });

  it('shows unknown words in the reading', () => {
    expect(readPolyv(failure(400, 'strange thing'))).toMatchObject({
      failure: {
        reading: { zh: '保利威说参数不正确：strange thing', en: 'Polyv says that a parameter is wrong: strange thing' },
      },
    });
    expect(readPolyv(failure(404, 'strange thing'))).toMatchObject({
      failure: { reading: { en: "The vendor's own words (not in its documents): strange thing" } },
    });
    expect(readPolyv(failure(400, ''))).toMatchObject({
      failure: { reading: { en: 'Polyv says that a parameter is wrong: (no words)' } },
    });
  });

  it('takes the documented 20001 by its number when the words differ', () => {
    expect(readPolyv(failure(500, '应用不存在', 20001))).toMatchObject({
      rejected: true,
      failure: { code: '20001', class: 'sign', reading: { en: 'Polyv does not know this appId' } },
    });
  });

  it.each([
    [400, 20002, 'input', true],
    [400, 20003, 'input', true],
    [403, 40001, 'permission', true],
    [500, 50001, 'vendor', false],
    [404, 10003, 'vendor', false],
  ])('lets an unverified number decide nothing: HTTP %i, %i', (code, errorCode, failureClass, rejected) => {
    expect(readPolyv(failure(code, 'words', errorCode))).toMatchObject({
      rejected,
      failure: {
        code: String(errorCode),
        class: failureClass,
        reading: {
          en: expect.stringMatching(
            /^Polyv's own words: words \(code .* by unofficial sources, not verified\)$/,
          ) as string,
        },
      },
    });
  });

  it("takes a 429 for the vendor's only with the documented words", () => {
    const limit = { code: 500, status: 'fail', error: { code: 500, desc: 'qps exceeds number of calls' } };
    expect(readPolyv(reply(limit, 429, { 'retry-after': '60' }))).toMatchObject({
      kind: 'refused',
      rejected: true,
      failure: { class: 'limit' },
      retryAfterMs: 60_000,
    });
    expect(readPolyv(reply(limit, 429))).not.toHaveProperty('retryAfterMs');
    expect(readPolyv(reply({ code: 429, status: 'error', message: 'slow down' }, 429)).kind).toBe('unreadable');
    expect(readPolyv(reply({ code: 400, status: 'error', message: 'invalid signature.' }, 429)).kind).toBe(
      'unreadable',
    );
  });
});

describe('readLookup', () => {
  it('hands on data', () => {
    expect(readLookup(success(null))).toEqual({ kind: 'data', data: null, requestId: 'req-1' });
  });

  it.each(['invalid signature.', 'invalid timestamp.', 'qps exceeds number of calls', 'access forbidden'])(
    'rejects for what the account or the pace must mend: %s',
    (desc) => {
      expect(readLookup(failure(400, desc)).kind).toBe('rejected');
    },
  );

  it.each([
    [400, 'param should not be empty: orderNo'],
    [400, 'order not found: a1.'],
    [400, 'unknown words'],
    [500, 'undefined error'],
    [500, 'unknown words'],
  ])('answers with a failure otherwise: %i %s', (code, desc) => {
    expect(readLookup(failure(code, desc))).toMatchObject({ kind: 'failed', failure: { message: desc } });
  });

  it('takes a 429 in any form as a limit', () => {
    expect(readLookup(reply('<html>', 429, { 'retry-after': '7' }))).toMatchObject({
      kind: 'rejected',
      failure: { code: '429', message: '', class: 'limit' },
      retryAfterMs: 7000,
    });
    expect(readLookup(reply('', 429))).not.toHaveProperty('retryAfterMs');
    expect(readLookup(reply('', 503)).kind).toBe('unreadable');
  });
});

describe('ping', () => {
  it('asks for one row and changes nothing', () => {
    const request = ping().request({
      credentials: { appId: 'a', appSecret: 's' },
      settings: {},
      baseUrl: 'https://api.polyv.net',
      nowMs: 1,
    });
    expect(request.method).toBe('GET');
    expect(request.url).toMatch(/\/order\/list\?appId=a&timestamp=1&pageNumber=1&pageSize=1&sign=[0-9A-F]{32}$/);
  });

  it('is good on a success, and says what it does not prove', () => {
    expect(ping().read(success({ contents: [] }))).toEqual({ kind: 'ok', requestId: 'req-1' });
    expect(ping().read(reply({ code: 200, status: 'success' }))).toEqual({ kind: 'ok' });
    expect(ping().read(failure(403, 'invalid signature.')).kind).toBe('rejected');
    expect(ping().read(failure(500, 'undefined error')).kind).toBe('failed');
    expect(ping().read(reply('')).kind).toBe('unreadable');
    expect(ping().proves).toEqual({
      zh: '证明 appId、appSecret 和时钟都对，并且能读订单；不证明有权更新订单状态',
      en: 'Proves that the appId, the appSecret and the clock are right and that orders can be read; not that their status may be updated',
    });
  });
});
