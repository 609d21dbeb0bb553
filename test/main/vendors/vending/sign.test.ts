import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { payloadOf, sign, signText } from '../../../../src/main/vendors/vending/sign.ts';
import { context, orderQuery, orderUpdate, ping, row, textOf } from './support.ts';

const decoded = (payload: string): unknown => JSON.parse(Buffer.from(payload, 'base64').toString('utf8'));

describe('sign: published vectors (vending.md 2.4)', () => {
  it('V1: the sample of the seed', () => {
    const fields = { machine_no: '16327129', status: '2', timestamp: '1714128358' };
    expect(signText(fields, 'kva')).toBe('machine_no=16327129&status=2&timestamp=1714128358&key=kva');
    expect(sign(fields, 'kva')).toBe('9C84FD1CE2C76849E7778ACF2C50FFF0');
  });

  it('V3: values with spaces and colons, unescaped', () => {
    const fields = {
      code_length: '7',
      count: '2',
      expired_at: '2024-12-31 23:59:59',
      machine_no: '16327129',
      method: 'pickup_code.product.id',
      product_id: '1323442',
      quantity: '1',
      sign: '6C73E1EE2B92089A61DC721E72BB3139',
      timestamp: '1714185061',
    };
    expect(signText(fields, 'kva')).toBe(
      'code_length=7&count=2&expired_at=2024-12-31 23:59:59&machine_no=16327129&method=pickup_code.product.id&product_id=1323442&quantity=1&timestamp=1714185061&key=kva',
    );
    expect(sign(fields, 'kva')).toBe('6C73E1EE2B92089A61DC721E72BB3139');
  });

  it('V4: values with addresses, unescaped', () => {
    const url = 'https://dash.awish.vip/storage/p50v9ggY/7c4a2139-38fc-4e42-933a-57ccd841e5db.jpg';
    const fields = {
      video_url: url,
      machine_id: '10003',
      view_type: '0',
      method: 'client.ads.push',
      id: '10',
      expired_at: '0',
      client_id: '16327132',
      timestamp: '1759112028',
      title: 'abc',
      is_visible: '0',
      cover_image: url,
    };
    expect(sign(fields, 'kva')).toBe('354D2CA0D6173F088E6993DFE2A11D5E');
  });

  it('V5: another key', () => {
    const fields = { client_id: '16327128', method: 'android.shutdown', timestamp: '1727494645' };
    expect(sign(fields, 'ds069ed4223ac1660f')).toBe('4D49FFFDE0DA4537160CFC258356277B');
  });

  it("V6: the Go library's flattened map, keys and values escaped", () => {
    const os = {
      version: '12.0.0',
      platform: 'linux',
      family: 'unix',
      locale: 'zh-CN',
      hostname: 'debian',
      os_type: 'linux',
      serial_sn: 'unknown',
      model_no: 'unknown',
    };
    const fields = {
      machine_no: '16327128',
      password: '599240',
      timestamp: '1722846152',
      ...Object.fromEntries(Object.entries(os).map(([name, value]) => [`os[${name}]`, value])),
    };
    expect(signText(fields, 'k', 'goQuery')).toContain(
      'machine_no=16327128&os%5Bfamily%5D=unix&os%5Bhostname%5D=debian',
    );
    expect(sign(fields, 'ds069ed4223ac1660f', { encoding: 'goQuery' })).toBe('AC7822FA3BA8DE95E73486CDC7B60CDF');
  });
});

describe('sign: encodings (vending.md 2.4)', () => {
  const fields = { machine_no: '12345678', notify_url: 'https://example.test/n?a=1&b=x y', timestamp: '1700000000' };

  it.each([
    ['plain', '8D154FFB9EA7520DAC08C755C21D6CF0'],
    ['goQuery', '8CC6E581B34DA72B921CE821051A583F'],
    ['encodeURI2', '771164CB5756053968F8222E6427ECC8'],
  ] as const)('%s', (encoding, expected) => {
    expect(sign(fields, 'testmerchant01', { encoding })).toBe(expected);
  });

  it('writes special characters as each library does', () => {
    const special = { 'a b': "-_.~*!'() /中" };
    expect(signText(special, 'k', 'plain')).toBe("a b=-_.~*!'() /中&key=k");
    expect(signText(special, 'k', 'goQuery')).toBe('a+b=-_.~%2A%21%27%28%29+%2F%E4%B8%AD&key=k');
    expect(signText(special, 'k', 'javaUrlEncoder')).toBe('a b=-_.%7E*%21%27%28%29+%2F%E4%B8%AD&key=k');
    expect(signText(special, 'k', 'encodeURI2')).toBe("a%20b=-_.~*!'()%2520/%25E4%25B8%25AD&key=k");
  });

  it('is the same for digits in every encoding', () => {
    const digits = { machine_no: '12345678', status: '1', timestamp: '1700000000' };
    for (const encoding of ['plain', 'goQuery', 'encodeURI2', 'javaUrlEncoder'] as const) {
      expect(sign(digits, 'testmerchant01', { encoding })).toBe('8BF7B55465056A2D1116F68BCE1B83E7');
    }
  });
});

describe('the signed text', () => {
  it('leaves out empty values, NULL and the sign, and nothing like them', () => {
    expect(signText({ a: '', b: 'NULL', sign: 'x', c: '0', d: 'null', e: ' ', Sign: 'y' }, 'k')).toBe(
      'Sign=y&c=0&d=null&e= &key=k',
    );
    expect(signText({}, 'k')).toBe('key=k');
  });

  it('does not depend on the order of the fields', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string()), fc.string(), (fields, key) => {
        const reversed = Object.fromEntries(Object.entries(fields).reverse());
        expect(sign(reversed, key)).toBe(sign(fields, key));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('is signed in lower case when the account says so', () => {
    const fields = { machine_no: '12345678', status: '1', timestamp: '1700000000' };
    expect(sign(fields, 'testmerchant01', { hexCase: 'lower' })).toBe('8bf7b55465056a2d1116f68bce1b83e7');
    expect(sign(fields, 'testmerchant01', { hexCase: 'upper' })).toBe('8BF7B55465056A2D1116F68BCE1B83E7');
  });
});

describe('the payload', () => {
  it("decodes the seed's base64 and writes it again byte for byte", () => {
    const seed =
      'eyJtYWNoaW5lX25vIjoiMTYzMjcxMjkiLCJzaWduIjoiOUM4NEZEMUNFMkM3Njg0OUU3Nzc4QUNGMkM1MEZGRjAiLCJzdGF0dXMiOjIsInRpbWVzdGFtcCI6IjE3MTQxMjgzNTgifQ==';
    expect(decoded(seed)).toEqual({
      machine_no: '16327129',
      sign: '9C84FD1CE2C76849E7778ACF2C50FFF0',
      status: 2,
      timestamp: '1714128358',
    });
    // The sample has the number 2 where its own table asks for a string, as we send it.
    const fields = { timestamp: '1714128358', status: '2', machine_no: '16327129' };
    const ours = payloadOf(fields, sign(fields, 'kva'));
    const text = Buffer.from(ours, 'base64').toString('utf8');
    expect(Buffer.from(text.replace('"status":"2"', '"status":2')).toString('base64')).toBe(seed);
  });

  it('is standard base64 of UTF-8', () => {
    expect(payloadOf({ a: '>>>???中' }, 's')).toBe(Buffer.from('{"a":">>>???中","sign":"s"}').toString('base64'));
    expect(payloadOf({ a: '>>>???中' }, 's')).toContain('/');
  });
});

describe('requests (vectors C1–C5)', () => {
  it.each([
    [
      'C1',
      '1',
      '8BF7B55465056A2D1116F68BCE1B83E7',
      'eyJtYWNoaW5lX25vIjoiMTIzNDU2NzgiLCJzaWduIjoiOEJGN0I1NTQ2NTA1NkEyRDExMTZGNjhCQ0UxQjgzRTciLCJzdGF0dXMiOiIxIiwidGltZXN0YW1wIjoiMTcwMDAwMDAwMCJ9',
    ],
    [
      'C2',
      '2',
      'AB52F06005E6C34C8933B82C665D6D12',
      'eyJtYWNoaW5lX25vIjoiMTIzNDU2NzgiLCJzaWduIjoiQUI1MkYwNjAwNUU2QzM0Qzg5MzNCODJDNjY1RDZEMTIiLCJzdGF0dXMiOiIyIiwidGltZXN0YW1wIjoiMTcwMDAwMDAwMCJ9',
    ],
    [
      'C3',
      '3',
      '21726EB5AC559F22A98FF29E1EEB8CA8',
      'eyJtYWNoaW5lX25vIjoiMTIzNDU2NzgiLCJzaWduIjoiMjE3MjZFQjVBQzU1OUYyMkE5OEZGMjlFMUVFQjhDQTgiLCJzdGF0dXMiOiIzIiwidGltZXN0YW1wIjoiMTcwMDAwMDAwMCJ9',
    ],
  ])('%s: the update', (_id, status, signature, payload) => {
    const request = orderUpdate().request([row(status)], {}, context());
    expect(request.method).toBe('PUT');
    expect(request.url).toBe('https://www.awish.vip/api/openapi/v1/orders/54');
    expect(request.sign).toBe(signature);
    expect(textOf(request.body)).toBe(`{"payload":"${payload}"}`);
    expect(request.headers).toEqual({
      Appid: 'ds0123456789abcdef',
      AppSecret: 'app-secret',
      'Content-Type': 'application/json',
    });
    expect(request.signedText).toBe(`machine_no=12345678&status=${status}&timestamp=1700000000&key=•••`);
  });

  it('C5: the query', () => {
    const request = orderQuery().request({ order_id: '54', machine_no: '12345678' }, null, context());
    expect(request.method).toBe('POST');
    expect(request.url).toBe('https://www.awish.vip/api/openapi/v1/orders/54');
    expect(request.sign).toBe('7018F14682FE70FF0E3959F86BFA0201');
    expect(textOf(request.body)).toBe(
      '{"payload":"eyJtYWNoaW5lX25vIjoiMTIzNDU2NzgiLCJzaWduIjoiNzAxOEYxNDY4MkZFNzBGRjBFMzk1OUY4NkJGQTAyMDEiLCJ0aW1lc3RhbXAiOiIxNzAwMDAwMDAwIn0="}',
    );
    expect(request.signedText).toBe('machine_no=12345678&timestamp=1700000000&key=•••');
  });

  it('the ping has no body and no sign', () => {
    expect(ping().request(context())).toEqual({
      method: 'POST',
      url: 'https://www.awish.vip/api/openapi/v1/ping',
      headers: { Appid: 'ds0123456789abcdef', AppSecret: 'app-secret' },
      body: null,
      signedText: '',
      sign: '',
    });
  });

  it('stamp whole seconds, cut and not rounded', () => {
    const request = orderUpdate().request([row()], {}, context({ nowMs: 1_700_000_000_999 }));
    expect(request.sign).toBe('8BF7B55465056A2D1116F68BCE1B83E7');
  });

  it("follow the account's settings", () => {
    const odd = row('1', { machine_no: 'a~b' });
    const with_ = (settings: Record<string, string>): string =>
      orderUpdate().request([odd], {}, context({ settings })).signedText;
    expect(with_({})).toBe('machine_no=a~b&status=1&timestamp=1700000000&key=•••');
    expect(with_({ valueEncoding: 'plain' })).toBe('machine_no=a~b&status=1&timestamp=1700000000&key=•••');
    expect(with_({ valueEncoding: 'javaUrlEncoder' })).toBe('machine_no=a%7Eb&status=1&timestamp=1700000000&key=•••');
    const spaced = row('1', { machine_no: 'a b' });
    const text = (valueEncoding: string): string =>
      orderUpdate().request([spaced], {}, context({ settings: { valueEncoding } })).signedText;
    expect(text('goQuery')).toBe('machine_no=a+b&status=1&timestamp=1700000000&key=•••');
    expect(text('encodeURI2')).toBe('machine_no=a%2520b&status=1&timestamp=1700000000&key=•••');
    const lower = orderUpdate().request([row()], {}, context({ settings: { hexCase: 'lower' } }));
    expect(lower.sign).toBe('8bf7b55465056a2d1116f68bce1b83e7');
    expect(textOf(lower.body)).toContain(
      payloadOf({ machine_no: '12345678', status: '1', timestamp: '1700000000' }, lower.sign),
    );
  });

  it('escape an order number in the path', () => {
    const request = orderUpdate().request([{ ...row(), order: '1/2?x' }], {}, context());
    expect(request.url).toBe('https://www.awish.vip/api/openapi/v1/orders/1%2F2%3Fx');
    expect(orderQuery().request({ order_id: '../1' }, null, context()).url).toBe(
      'https://www.awish.vip/api/openapi/v1/orders/..%2F1',
    );
  });

  it('carry exactly one order', () => {
    expect(() => orderUpdate().request([], {}, context())).toThrow(new RangeError('one order a call'));
    expect(() => orderUpdate().request([row(), row()], {}, context())).toThrow(new RangeError('one order a call'));
    expect(orderUpdate().batchSize).toBe(1);
    expect(orderUpdate().repeatable).toBe('never');
  });
});
