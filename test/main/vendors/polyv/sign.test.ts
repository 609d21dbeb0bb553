import { describe, expect, it } from 'vitest';
import { polyvRequest, polyvSign, polyvText } from '../../../../src/main/vendors/polyv/sign.ts';
import { context, lookup, ping, SECRET, update } from './support.ts';

/** Inputs of the page's published vectors (polyv.md A6). */
const PUBLISHED = {
  secret: 'fsq2k5weced1h8vui657xtdva66whf0g',
  params: {
    appId: 'g4rqgmmjuo',
    timestamp: '1660270926732',
    channelIds: '2477096,2272655',
    startDay: '2022-05-20',
    endDay: '2022-06-18',
  },
};
const ORDER = 'product202405221129011833ad';

describe('the sign, by the vectors of polyv.md A6', () => {
  it('P1: MD5, empty parameters left out', () => {
    const params = { ...PUBLISHED.params, page: '', size: '' };
    expect(polyvSign(params, PUBLISHED.secret, 'MD5')).toBe('0D2BDA2FD04D93A2B8832B91FD973C4D');
    expect(polyvText(params)).toBe(
      'appIdg4rqgmmjuochannelIds2477096,2272655endDay2022-06-18startDay2022-05-20timestamp1660270926732',
    );
  });

  it('the trap: appId and timestamp alone give another sign', () => {
    const { appId, timestamp } = PUBLISHED.params;
    expect(polyvSign({ appId, timestamp }, PUBLISHED.secret, 'MD5')).toBe('0545CB7811874FB16247E9A0635B121F');
  });

  it('P3: SHA-256 with signatureMethod not among the parameters', () => {
    expect(polyvSign(PUBLISHED.params, PUBLISHED.secret, 'SHA256')).toBe(
      '42703C82180F933545C0E6E3372B5F6303C3A54F77629AA34C4CE3443F7B3B27',
    );
  });

  it('P5 and P10: order/get, with and without empty parameters', () => {
    const params = { appId: 'testappid1', timestamp: '1700000000000', orderNo: ORDER };
    expect(polyvSign(params, SECRET, 'MD5')).toBe('8BABD125ACCB3505C59BE59DC03FEC22');
    expect(polyvSign({ ...params, pageNumber: '', pageSize: '' }, SECRET, 'MD5')).toBe(
      '8BABD125ACCB3505C59BE59DC03FEC22',
    );
    expect(lookup('order-get').request({ orderNo: ORDER }, null, context()).sign).toBe(
      '8BABD125ACCB3505C59BE59DC03FEC22',
    );
  });

  it('P6: update-batch-status signs the query alone, whatever the body', () => {
    for (const order of ['a', ORDER]) {
      const rows = [{ order, values: {} }];
      expect(update().request(rows, { status: 'delivering' }, context()).sign).toBe('21DECF60861A0434FAFA54D12C2FFFC1');
    }
  });

  it('P7: order/list with times', () => {
    const params = {
      pageSize: '20',
      status: 'wait_delivery',
      startCreateTime: '2024-05-01 00:00:00',
      endCreateTime: '2024-05-31 23:59:59',
    };
    expect(lookup('order-list').request(params, null, context()).sign).toBe('B54C334FFF319D8A2BE2E539F3B592C6');
  });

  it('P8: signatureMethod and nonce are signed parameters', () => {
    const params = {
      appId: 'testappid1',
      timestamp: '1700000000000',
      orderNo: ORDER,
      signatureMethod: 'SHA256',
      signatureNonce: '584F3849-E5A0-4B59-98A5-2F373EFD0559',
    };
    expect(polyvSign(params, SECRET, 'SHA256')).toBe(
      'FCAD1DFF17E64B77219FAF6DB94CA137B8988F3E5432A129CF98F95450077108',
    );
  });
});

describe('the request', () => {
  it("reproduces the seed's sample: URL, headers and body bytes", () => {
    const request = update().request(
      [{ order: 'product2024052118172258515c', values: {} }],
      { status: 'delivering' },
      context({
        credentials: { appId: 'frlr1zazn3', appSecret: 'secret' },
        nowMs: 1_665_629_374_000,
      }),
    );
    expect(request.method).toBe('POST');
    // The sample's own sign belongs to an unknown secret, and its pageNumber is no parameter of this call (polyv.md A1).
    expect(request.url).toBe(
      'https://api.polyv.net/live/v4/user/product/order/update-batch-status' +
        '?appId=frlr1zazn3&timestamp=1665629374000&sign=C5ADCDBD93EF7225C9BC95A56866D037',
    );
    expect(request.headers).toEqual({
      accept: 'application/json',
      'content-type': 'application/json; charset=UTF-8',
    });
    expect(new TextDecoder().decode(request.body ?? undefined)).toBe(
      '{"orderNos":["product2024052118172258515c"],"status":"delivering"}',
    );
    expect(request.sign).toBe(polyvSign({ appId: 'frlr1zazn3', timestamp: '1665629374000' }, 'secret', 'MD5'));
  });

  it('puts all of a GET in the query, encoded after signing', () => {
    const request = lookup('order-list').request(
      { pageSize: '50', startPayTime: '2024-05-01 00:00:00' },
      '3',
      context(),
    );
    expect(request.method).toBe('GET');
    expect(request.body).toBeNull();
    expect(request.headers).toEqual({ accept: 'application/json' });
    expect(request.url).toBe(
      'https://api.polyv.net/live/v4/user/product/order/list?appId=testappid1&timestamp=1700000000000' +
        `&pageNumber=3&pageSize=50&startPayTime=2024-05-01%2000%3A00%3A00&sign=${request.sign}`,
    );
    expect(request.signedText).toBe(
      '•••appIdtestappid1pageNumber3pageSize50startPayTime2024-05-01 00:00:00timestamp1700000000000•••',
    );
  });

  it('reads one order at its own address', () => {
    expect(lookup('order-get').request({ orderNo: 'a/b&c' }, null, context()).url).toMatch(
      /^https:\/\/api\.polyv\.net\/live\/v4\/user\/product\/order\/get\?appId=testappid1&timestamp=1700000000000&orderNo=a%2Fb%26c&sign=[0-9A-F]{32}$/,
    );
  });

  it('sends and signs signatureMethod for SHA256 only', () => {
    const settings = { signatureMethod: 'SHA256' };
    const request = lookup('order-get').request({ orderNo: ORDER }, null, context({ settings }));
    expect(request.url).toContain(`&orderNo=${ORDER}&signatureMethod=SHA256&sign=`);
    expect(request.sign).toBe(
      polyvSign(
        { appId: 'testappid1', timestamp: '1700000000000', orderNo: ORDER, signatureMethod: 'SHA256' },
        SECRET,
        'SHA256',
      ),
    );
    expect(request.sign).toHaveLength(64);
    for (const other of [{}, { signatureMethod: 'MD5' }]) {
      expect(lookup('order-get').request({ orderNo: ORDER }, null, context({ settings: other })).url).not.toContain(
        'signatureMethod',
      );
    }
  });

  it('takes whole milliseconds and leaves empty parameters out', () => {
    const request = polyvRequest({ path: 'x', query: { a: '', b: '1' } }, context({ nowMs: 1_700_000_000_000.9 }));
    expect(request.url).toContain('/x?appId=testappid1&timestamp=1700000000000&b=1&sign=');
  });

  it('never shows the secret in what a person sees', () => {
    const request = polyvRequest({ path: 'x', query: { note: `has ${SECRET} inside` } }, context());
    expect(request.signedText).toBe('•••appIdtestappid1notehas ••• insidetimestamp1700000000000•••');
    expect(ping().request(context()).url).not.toContain(SECRET);
  });
});
