import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { APP_METHOD, orderStatusBody } from '../../../../src/main/vendors/suning/index.ts';
import { sign, signText } from '../../../../src/main/vendors/suning/sign.ts';
import { SAMPLE, VECTOR_MS, context, orderStatus } from './support.ts';

const S1 =
  '{"sn_request":{"sn_body":{"queryOrderStatus":{"orderSource":"201","startTime":"2014-01-14 12:20:00","endTime":"2014-01-14 12:20:00","queryType":"2","pageSize":"50","pageNo":"1"}}}}';
const S2 =
  '<sn_request><sn_body><queryOrderStatus><orderSource>201</orderSource><startTime>2014-01-14 12:20:00</startTime><endTime>2014-01-14 12:20:00</endTime><queryType>2</queryType><pageSize>50</pageSize><pageNo>1</pageNo></queryOrderStatus></sn_body></sn_request>';
const JSON_SETTINGS = { format: 'json' };

function parts(body: string): Parameters<typeof sign>[0] {
  return {
    appSecret: 'test-app-secret',
    appMethod: APP_METHOD,
    appRequestTime: '2026-01-02 03:04:05',
    appKey: 'test-app-key',
    body: new TextEncoder().encode(body),
  };
}

describe('sign (suning.md B1, vectors B5)', () => {
  it.each([
    ['S1', S1, 180, 'a81cd32cea8d6cc850a1ce0978542c4c'],
    ['S2', S2, 256, 'f518338aaeab9236b566953246ec477d'],
    ['S4', S1.replace('"201"', '"天猫旗舰店"'), 192, '1b7b29e1a7764038c57e9d89e97847c4'],
  ])('%s', (_id, body, length, signInfo) => {
    expect(new TextEncoder().encode(body)).toHaveLength(length);
    expect(sign(parts(body))).toBe(signInfo);
  });

  it('S1-neg: never wraps base64 as old Java encoders do', () => {
    const wrapped = Buffer.from(S1).toString('base64').replace(/.{76}/g, '$&\r\n');
    const text = `test-app-secret${APP_METHOD}2026-01-02 03:04:05test-app-keyv1.2${wrapped}`;
    expect(createHash('md5').update(text).digest('hex')).toBe('69a44df34a9bfb7d9d896f12e56b23de');
    expect(sign(parts(S1))).not.toBe('69a44df34a9bfb7d9d896f12e56b23de');
    expect(signText(parts('ab'))).toBe(`test-app-secret${APP_METHOD}2026-01-02 03:04:05test-app-keyv1.2YWI=`);
  });
});

describe('the request of the order status query', () => {
  it('has the bytes of S2 by default and of S1 in JSON', () => {
    const xml = orderStatus().request(SAMPLE, null, context());
    expect(new TextDecoder().decode(xml.body ?? undefined)).toBe(S2);
    expect(xml.sign).toBe('f518338aaeab9236b566953246ec477d');
    const json = orderStatus().request(SAMPLE, null, context({ settings: JSON_SETTINGS }));
    expect(new TextDecoder().decode(json.body ?? undefined)).toBe(S1);
    expect(json.sign).toBe('a81cd32cea8d6cc850a1ce0978542c4c');
    const s4 = orderStatus().request(
      { ...SAMPLE, orderSource: '天猫旗舰店' },
      null,
      context({ settings: JSON_SETTINGS }),
    );
    expect(s4.sign).toBe('1b7b29e1a7764038c57e9d89e97847c4');
  });

  it('holds what the sample of the document holds', () => {
    // The document's own request texts, its layout spaces aside.
    expect(orderStatusBody(SAMPLE, 1, 'xml')).toBe(
      '<sn_request> <sn_body> <queryOrderStatus> <orderSource>201</orderSource> <startTime>2014-01-14 12:20:00</startTime> <endTime>2014-01-14 12:20:00</endTime> <queryType>2</queryType> <pageSize>50</pageSize> <pageNo>1</pageNo> </queryOrderStatus> </sn_body> </sn_request>'.replaceAll(
        '> <',
        '><',
      ),
    );
    expect(JSON.parse(orderStatusBody(SAMPLE, 1, 'json'))).toEqual(
      JSON.parse(
        '{ "sn_request": { "sn_body": { "queryOrderStatus": { "orderSource": "201", "startTime": "2014-01-14 12:20:00", "endTime": "2014-01-14 12:20:00", "queryType": "2", "pageSize": "50", "pageNo": "1" } } } }',
      ),
    );
  });

  it('carries the system parameters in headers, in XML', () => {
    const request = orderStatus().request(SAMPLE, null, context());
    expect(request.method).toBe('POST');
    expect(request.url).toBe('https://open.suning.com/api/http/sopRequest');
    expect(request.headers).toEqual({
      AppMethod: 'suning.fourps.orderstatus.query',
      AppRequestTime: '2026-01-02 03:04:05',
      Format: 'xml',
      signInfo: 'f518338aaeab9236b566953246ec477d',
      AppKey: 'test-app-key',
      VersionNo: 'v1.2',
      'Content-Type': 'text/xml; charset=utf-8',
    });
  });

  it('carries them in JSON, with access_token when the account has one, and the method in the path when set', () => {
    const request = orderStatus().request(
      SAMPLE,
      null,
      context({
        credentials: { appKey: 'k', appSecret: 's', accessToken: 't' },
        settings: { format: 'json', methodSuffix: 'on' },
        baseUrl: 'https://openpre.cnsuning.com',
      }),
    );
    expect(request.url).toBe('https://openpre.cnsuning.com/api/http/sopRequest/suning.fourps.orderstatus.query');
    expect(request.headers['access_token']).toBe('t');
    expect(request.headers['Format']).toBe('json');
    expect(request.headers['Content-Type']).toBe('application/json; charset=UTF-8');
    const without = orderStatus().request(
      SAMPLE,
      null,
      context({ credentials: { appKey: 'k', appSecret: 's', accessToken: '' } }),
    );
    expect(Object.keys(without.headers)).not.toContain('access_token');
  });

  it('leaves format and access_token out of the sign', () => {
    const plain = orderStatus().request(SAMPLE, null, context());
    const withToken = orderStatus().request(
      SAMPLE,
      null,
      context({ credentials: { appKey: 'test-app-key', appSecret: 'test-app-secret', accessToken: 't' } }),
    );
    expect(withToken.sign).toBe(plain.sign);
  });

  it('shows the signed text without the secret', () => {
    const request = orderStatus().request(SAMPLE, null, context());
    const body = Buffer.from(S2).toString('base64');
    expect(request.signedText).toBe(`•••${APP_METHOD}2026-01-02 03:04:05test-app-keyv1.2${body}`);
  });

  it('puts the cursor into pageNo', () => {
    expect(orderStatusBody(SAMPLE, 7, 'json')).toContain('"pageNo":"7"');
    const request = orderStatus().request(SAMPLE, '12', context());
    expect(new TextDecoder().decode(request.body ?? undefined)).toContain('<pageNo>12</pageNo>');
  });

  it('escapes values in XML and in JSON', () => {
    const params = { ...SAMPLE, orderSource: '<a>&"' };
    expect(orderStatusBody(params, 1, 'xml')).toContain('<orderSource>&lt;a&gt;&amp;&quot;</orderSource>');
    expect(orderStatusBody(params, 1, 'json')).toContain('"orderSource":"<a>&\\""');
  });

  it('writes an empty element for a value that is missing', () => {
    expect(orderStatusBody({}, 1, 'xml')).toContain('<orderSource></orderSource>');
  });
});

describe('the time of the request', () => {
  const zone = process.env['TZ'];
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  it.each(['UTC', 'America/New_York', 'Asia/Shanghai', 'Pacific/Kiritimati'])(
    'is that of Asia/Shanghai on a machine in %s',
    (name) => {
      process.env['TZ'] = name;
      for (const ms of [VECTOR_MS, Date.UTC(2024, 1, 28, 16, 0, 0), Date.UTC(2024, 11, 31, 15, 59, 59), 0]) {
        const shown = new Intl.DateTimeFormat('sv-SE', {
          timeZone: 'Asia/Shanghai',
          dateStyle: 'short',
          timeStyle: 'medium',
        }).format(ms);
        const request = orderStatus().request(SAMPLE, null, context({ nowMs: ms }));
        expect(request.headers['AppRequestTime']).toBe(shown);
      }
    },
  );
});
