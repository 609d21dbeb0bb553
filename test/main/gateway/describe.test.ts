import { describe, expect, it } from 'vitest';
import { describeRequest } from '../../../src/main/gateway/describe.ts';

describe('a signed request in words', () => {
  const secret = 's3cr3t/key+1';
  const request = {
    method: 'PUT' as const,
    url: `https://a.test/x?token=${encodeURIComponent(secret)}&sign=AB12`,
    headers: {
      'content-type': 'text/plain',
      authorization: `Basic ${Buffer.from(`app:${secret}`).toString('base64')}`,
    },
    body: Buffer.from(`{"note":"中","key":"${secret}"}`, 'utf8'),
    signedText: `appId1${secret}`,
    sign: 'AB12',
  };

  it('shows all but the secrets', () => {
    expect(describeRequest(request, { appSecret: secret, empty: '' })).toEqual({
      method: 'PUT',
      url: 'https://a.test/x?token=•••&sign=AB12',
      headers: { 'content-type': 'text/plain', authorization: 'Basic YXBwOn•••Q==' },
      body: '{"note":"中","key":"•••"}',
      signedText: 'appId1•••',
      sign: 'AB12',
    });
  });

  it('shows no body as nothing and bytes that are no text as their number', () => {
    expect(describeRequest({ ...request, body: null }, {}).body).toBe('');
    expect(describeRequest({ ...request, body: new Uint8Array([0xff, 0xfe, 0x00]) }, {}).body).toBe('<3 bytes>');
    expect(describeRequest({ ...request, body: Buffer.from('\ufeffa') }, {}).body).toBe('\ufeffa');
  });
});
