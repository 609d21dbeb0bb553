import { describe, expect, it } from 'vitest';
import { pddRequest, pddSign, pddText } from '../../../../src/main/vendors/pdd/sign.ts';
import { context, detail, ORDER, ping, SECRET, update } from './support.ts';

const DOCUMENTED = { hexCase: 'lower', emptyValues: 'keep' } as const;
const COMMON = { appid: 'test_app_001', timestamp: '1700000000', seller_nick: 'pdd00000000001', order_sn: ORDER };

describe('the sign, by the vectors of pdd.md 1.10', () => {
  it.each([
    [
      'P1',
      { note: 'hello' },
      'appidtest_app_001notehelloorder_sn210324-137383117442221seller_nickpdd00000000001timestamp1700000000',
      'b81af7e91d777c7976141d2f5a45131f',
    ],
    [
      'P2',
      { note: '我是通过API接口进来的说明哈', tag: '2', tag_name: '黄色' },
      'appidtest_app_001note我是通过API接口进来的说明哈order_sn210324-137383117442221seller_nickpdd00000000001tag2tag_name黄色timestamp1700000000',
      'dcce08acc03cba900849bdaf345400e4',
    ],
    [
      'P4',
      { note: 'x', tag: '', tag_name: '' },
      'appidtest_app_001notexorder_sn210324-137383117442221seller_nickpdd00000000001tagtag_nametimestamp1700000000',
      'a82b50b32ab636a5e83abca17eb1389a',
    ],
    [
      'P5',
      { note: 'x' },
      'appidtest_app_001notexorder_sn210324-137383117442221seller_nickpdd00000000001timestamp1700000000',
      'fd233b9e0ca68f3ea51dcd80fa1d03ed',
    ],
  ])('%s', (_id, fields, text, sign) => {
    const params = { ...COMMON, ...fields };
    expect(pddText(params, 'keep')).toBe(text);
    expect(pddSign(params, SECRET, DOCUMENTED)).toBe(sign);
    expect(pddSign(params, SECRET, { ...DOCUMENTED, hexCase: 'upper' })).toBe(sign.toUpperCase());
  });

  it('P4 skipped is P5: with empty values left out both agree', () => {
    const params = { ...COMMON, note: 'x', tag: '', tag_name: '' };
    expect(pddSign(params, SECRET, { ...DOCUMENTED, emptyValues: 'skip' })).toBe('fd233b9e0ca68f3ea51dcd80fa1d03ed');
  });
});

describe('the request', () => {
  const text = (body: Uint8Array | null): string => new TextDecoder().decode(body ?? undefined);
  const row = {
    order: ORDER,
    values: { note: '我是通过API接口进来的说明哈', tag: '2', tag_name: '黄色' },
  };

  it("reproduces the seed's sample: URL, headers and body bytes, with the sign of P2", () => {
    const request = update().request([row], {}, context());
    expect(request.method).toBe('POST');
    expect(request.url).toBe('https://kf.fw199.com/gateway/pdd/order/noteupdate');
    expect(request.headers).toEqual({
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    });
    expect(text(request.body)).toBe(
      'appid=test_app_001&seller_nick=pdd00000000001&timestamp=1700000000&order_sn=210324-137383117442221' +
        '&note=%E6%88%91%E6%98%AF%E9%80%9A%E8%BF%87API%E6%8E%A5%E5%8F%A3%E8%BF%9B%E6%9D%A5%E7%9A%84%E8%AF%B4%E6%98%8E%E5%93%88' +
        '&tag=2&tag_name=%E9%BB%84%E8%89%B2&sign=dcce08acc03cba900849bdaf345400e4',
    );
    expect(request.sign).toBe('dcce08acc03cba900849bdaf345400e4');
    expect(request.signedText).toBe(
      '•••appidtest_app_001note我是通过API接口进来的说明哈order_sn210324-137383117442221seller_nickpdd00000000001tag2tag_name黄色timestamp1700000000•••',
    );
  });

  it('leaves an unused mark out altogether, so that every reading of the rule agrees', () => {
    for (const values of [{ note: 'x' }, { note: 'x', tag: '', tag_name: '' }]) {
      const request = update().request([{ order: ORDER, values }], {}, context());
      expect(request.sign).toBe('fd233b9e0ca68f3ea51dcd80fa1d03ed');
      expect(text(request.body)).not.toContain('tag');
    }
  });

  it('signs raw values and encodes as a form: space as +, the rest by UTF-8 bytes', () => {
    const request = update().request([{ order: 'o', values: { note: 'a b&c=d+e%\n*-._~🎁' } }], {}, context());
    expect(text(request.body)).toContain('&note=a+b%26c%3Dd%2Be%25%0A*-._%7E%F0%9F%8E%81&sign=');
    expect(request.signedText).toContain('notea b&c=d+e%\n*-._~🎁order_sno');
  });

  it('stamps whole seconds', () => {
    expect(text(update().request([row], {}, context({ nowMs: 1_700_000_000_999 })).body)).toContain(
      'timestamp=1700000000&',
    );
  });

  it('follows the settings of the sign', () => {
    const upper = context({ settings: { hexCase: 'upper', emptyValues: 'skip' } });
    expect(update().request([row], {}, upper).sign).toBe('DCCE08ACC03CBA900849BDAF345400E4');
    const empty = { note: 'x', tag: '', tag_name: '' };
    expect(pddRequest('/p', { order_sn: ORDER, ...empty }, upper).sign).toBe('FD233B9E0CA68F3EA51DCD80FA1D03ED');
    expect(pddRequest('/p', { order_sn: ORDER, ...empty }, context({ settings: {} })).sign).toBe(
      'a82b50b32ab636a5e83abca17eb1389a',
    );
  });

  it('asks for the detail of one order', () => {
    const request = detail().request({ order_sn: ORDER }, null, context({ baseUrl: 'https://open.fw199.com' }));
    expect(request.url).toBe('https://open.fw199.com/gateway/pdd/order/detail');
    expect(text(request.body)).toBe(
      `appid=test_app_001&seller_nick=pdd00000000001&timestamp=1700000000&order_sn=${ORDER}&sign=${request.sign}`,
    );
    expect(request.sign).toBe(pddSign(COMMON, SECRET, DOCUMENTED));
  });

  it('tests the account with appid, timestamp and sign alone', () => {
    const request = ping().request(context());
    expect(request.url).toBe('https://kf.fw199.com/gateway/partner/account/detail');
    expect(text(request.body)).toBe(`appid=test_app_001&timestamp=1700000000&sign=${request.sign}`);
    expect(request.sign).toBe(pddSign({ appid: 'test_app_001', timestamp: '1700000000' }, SECRET, DOCUMENTED));
  });

  it('never shows the secret in what a person sees', () => {
    const request = update().request([{ order: 'o', values: { note: `has ${SECRET}` } }], {}, context());
    expect(request.signedText).not.toContain(SECRET);
    expect(request.signedText).toContain('notehas •••order_sno');
  });

  it('needs a row', () => {
    expect(() => update().request([], {}, context())).toThrow('note-update needs a row');
  });
});
