import { describe, expect, it } from 'vitest';
import { appError } from '../../../src/contract/errors.ts';
import {
  codeOf,
  ConnectError,
  isDnsError,
  isTlsError,
  lost,
  notSent,
  proxyFailed,
  rootOf,
  tlsFailed,
  transportFailure,
} from '../../../src/main/gateway/failures.ts';
import { expectBilingual } from '../vendors/shared/bilingual.ts';

const coded = (code: unknown, message = 'm'): Error => Object.assign(new Error(message), { code });

describe('the code of an error', () => {
  it.each<[unknown, string]>([
    [coded('ECONNRESET'), 'ECONNRESET'],
    [{ code: 'X' }, 'X'],
    [coded(7), ''],
    [new Error('none'), ''],
    [null, ''],
    [undefined, ''],
    ['ECONNRESET', ''],
  ])('of %s is %j', (error, code) => {
    expect(codeOf(error)).toBe(code);
  });
});

describe('the root of an error', () => {
  const chain = (depth: number): Error =>
    depth === 0 ? new Error('root') : new Error(`${depth}`, { cause: chain(depth - 1) });

  it('is at the bottom of its causes, eight at most', () => {
    expect(rootOf(chain(0))).toMatchObject({ message: 'root' });
    expect(rootOf(chain(8))).toMatchObject({ message: 'root' });
    expect(rootOf(chain(9))).toMatchObject({ message: '1' });
    expect(rootOf('text')).toBe('text');
    expect(rootOf(new Error('outer', { cause: 'text' }))).toBe('text');
  });

  it('of a circle is found', () => {
    const error = new Error('round');
    error.cause = error;
    expect(rootOf(error)).toBe(error);
  });
});

describe('errors of the handshake and of names', () => {
  it.each([
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_OSSL_X',
    'CERT_HAS_EXPIRED',
    'CRL_HAS_EXPIRED',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'ERROR_IN_CERT_NOT_BEFORE_FIELD',
    'INVALID_CA',
    'INVALID_PURPOSE',
    'PATH_LENGTH_EXCEEDED',
    'HOSTNAME_MISMATCH',
    'EPROTO',
  ])('%s is one of the handshake', (code) => {
    expect([isTlsError(coded(code)), isDnsError(coded(code))]).toEqual([true, false]);
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN', 'ENODATA', 'ENONAME'])('%s is one of names', (code) => {
    expect([isTlsError(coded(code)), isDnsError(coded(code))]).toEqual([false, true]);
  });

  it.each(['ECONNREFUSED', 'EPROTOTYPE', 'X_CERT_HAS_EXPIRED', 'X_ENOTFOUND', ''])('%j is neither', (code) => {
    expect([isTlsError(coded(code)), isDnsError(coded(code))]).toEqual([false, false]);
  });

  it('a handshake that is broken off is one, whatever its code', () => {
    const words = 'Client network socket disconnected before secure TLS connection was established';
    expect(isTlsError(coded('ECONNRESET', words))).toBe(true);
    expect(isTlsError({ message: words })).toBe(false);
  });
});

describe('a connection that never stood', () => {
  it('has a code of its own and says where it failed', () => {
    const cause = coded('ECONNREFUSED');
    const error = new ConnectError('proxy', cause);
    expect([error.name, error.code, error.stage, error.message, error.cause]).toEqual([
      'ConnectError',
      'GATEWAY_CONNECT',
      'proxy',
      'connect failed (proxy)',
      cause,
    ]);
  });

  it.each([
    [new ConnectError('origin', coded('ECONNREFUSED')), 'CONNECT_FAILED', 'ECONNREFUSED'],
    [new ConnectError('origin', coded('ENOTFOUND')), 'DNS_FAILED', 'ENOTFOUND'],
    [new ConnectError('origin', coded('CERT_HAS_EXPIRED')), 'TLS_FAILED', 'CERT_HAS_EXPIRED'],
    [new ConnectError('proxy', coded('ECONNREFUSED')), 'PROXY_FAILED', 'ECONNREFUSED'],
    [new ConnectError('proxy', coded('CERT_HAS_EXPIRED')), 'PROXY_FAILED', 'CERT_HAS_EXPIRED'],
    [coded('ENOTFOUND'), 'DNS_FAILED', 'ENOTFOUND'],
  ])('%s: %s', (error, code, own) => {
    const said = notSent('a.test:443', 'p:8080', error);
    expect([said.code, said.data['code'], said.data['host']]).toEqual([code, own, 'a.test:443']);
    expectBilingual(said.text.message, said.text.remedy);
    expect(said.text.message.zh).toMatch(/^没有发送：/u);
    expect(said.text.message.en).toMatch(/^Nothing was sent: /u);
  });

  it('through a proxy names the proxy, and its refusal', () => {
    const refused = new ConnectError('proxy', new Error('Proxy response (407) !== 200 when HTTP Tunneling'));
    const error = notSent('a.test:443', 'p:8080', refused);
    expect(error.data).toEqual({ host: 'a.test:443', proxy: 'p:8080', code: '', status: 407 });
    expect(error.text).toEqual({
      message: {
        zh: '没有发送：代理 p:8080 没有接通 a.test:443（应答 407）。',
        en: 'Nothing was sent: the proxy p:8080 made no connection to a.test:443 (it answered 407).',
      },
      remedy: {
        zh: '代理要求用户名和密码，请在代理设置里填写。',
        en: 'The proxy asks for a name and a password; enter them in the proxy setting.',
      },
    });
    expect(notSent('a.test:443', null, new ConnectError('proxy', 'odd')).data['proxy']).toBe('?');
    const plain = proxyFailed('a.test:443', 'p:1', undefined);
    expect(plain.text).toEqual({
      message: {
        zh: '没有发送：代理 p:1 没有接通 a.test:443。',
        en: 'Nothing was sent: the proxy p:1 made no connection to a.test:443.',
      },
      remedy: { zh: '请检查代理设置，或关掉代理再试。', en: 'Check the proxy setting, or try without the proxy.' },
    });
    expect(plain.data).toEqual({ host: 'a.test:443', proxy: 'p:1', code: '' });
  });

  it('names who issued a certificate that does not hold, and looks at the dates first', () => {
    const shown = tlsFailed('a.test:443', 'Company CA', coded('SELF_SIGNED_CERT_IN_CHAIN'));
    expect(shown.text.message).toEqual({
      zh: '没有发送：与 a.test:443 的加密连接无法确认对方身份，它出示的证书由“Company CA”签发。',
      en: 'Nothing was sent: the secure connection to a.test:443 could not be verified; the certificate it showed was issued by “Company CA”.',
    });
    expect(shown.text.remedy.en).toContain('If the issuer is an antivirus program');
    expect(shown.data).toEqual({ host: 'a.test:443', issuer: 'Company CA', code: 'SELF_SIGNED_CERT_IN_CHAIN' });
    for (const code of ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']) {
      const { remedy } = tlsFailed('a.test:443', '', coded(code)).text;
      expect(remedy.en).toContain("check this machine's date and time first");
      expect(remedy.zh).toContain('请先检查本机的日期和时间');
    }
  });
});

describe('a call that may have arrived', () => {
  it.each([
    ['UND_ERR_HEADERS_TIMEOUT', 'TIMED_OUT', '没有在时限内等到完整的应答', 'no whole reply came in time'],
    ['UND_ERR_BODY_TIMEOUT', 'TIMED_OUT', '没有在时限内等到完整的应答', 'no whole reply came in time'],
    [
      'GATEWAY_TOO_LARGE',
      'CONNECTION_LOST',
      '应答过大，没有读完',
      'the reply was too large and was not read to its end',
    ],
    ['ECONNRESET', 'CONNECTION_LOST', '连接在完整应答之前断开', 'the connection broke before a whole reply'],
  ])('%s is %s', (own, code, zh, en) => {
    const end = lost('a.test:443', coded(own));
    if (end.kind !== 'lost') throw new Error(end.kind);
    expect([end.error.code, end.error.data]).toEqual([code, { host: 'a.test:443', code: own }]);
    expect(end.why).toEqual({
      zh: `请求已发往 a.test:443，但${zh}。`,
      en: `The request went to a.test:443, but ${en}.`,
    });
    expect(end.error.text).toEqual({
      message: end.why,
      remedy: {
        zh: '对方可能已经处理，也可能没有：请先核对，不要直接重发。',
        en: 'The vendor may have acted on it or not: verify first, do not simply send again.',
      },
    });
  });
});

describe('a failure of the transport', () => {
  it.each([
    ['CONNECT_FAILED', 'console.connect_failed'],
    ['DNS_FAILED', 'console.dns_failed'],
    ['TLS_FAILED', 'console.tls_failed'],
    ['PROXY_FAILED', 'console.proxy_failed'],
    ['REQUEST_INVALID', 'console.request_invalid'],
  ] as const)('%s is %s', (code, own) => {
    const error = appError(code, { zh: '话', en: 'words' }, { zh: '做', en: 'do' });
    expect(transportFailure(error)).toEqual({
      code: own,
      message: '',
      class: 'transport',
      reading: { zh: '话', en: 'words' },
      remedy: { zh: '做', en: 'do' },
    });
  });
});
