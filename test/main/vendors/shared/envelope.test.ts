import { describe, expect, it } from 'vitest';
import type { Reply } from '../../../../src/main/vendors/types.ts';
import {
  notEnvelope,
  readJsonEnvelope,
  retryAfterMs,
  unreadable,
  untrustedStatus,
} from '../../../../src/main/vendors/shared/envelope.ts';

function reply(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers, body: new TextEncoder().encode(body) };
}

const redirected = (status: number) => ({
  zh: `服务器要求转到别的地址（HTTP ${String(status)}），控制台没有跟随`,
  en: `the server redirected elsewhere (HTTP ${String(status)}), which the console does not follow`,
});
const html = {
  zh: '答复是一个网页，不是接口数据（HTTP 200）；可能被代理、防火墙或登录页拦下',
  en: 'the reply was a web page, not data (HTTP 200); a proxy, firewall or login page may stand between',
};
const cut = { zh: '答复不完整（HTTP 200）', en: 'the reply was cut short (HTTP 200)' };
const foreign = (format: string) => ({
  zh: `答复不是供应商的 ${format} 格式（HTTP 200）`,
  en: `the reply was not the vendor's ${format} (HTTP 200)`,
});

describe('notEnvelope', () => {
  it.each([
    [300, redirected(300)],
    [302, redirected(302)],
    [399, redirected(399)],
    [408, { zh: '服务器说请求超时（HTTP 408）', en: 'the server said that the request timed out (HTTP 408)' }],
    [
      429,
      {
        zh: '服务器说请求太多（HTTP 429），但不是供应商自己的答复',
        en: 'the server said "too many requests" (HTTP 429), but not in the vendor\'s own reply',
      },
    ],
    [
      500,
      {
        zh: '服务器出错（HTTP 500），没有供应商自己的答复',
        en: "the server failed (HTTP 500) without the vendor's own reply",
      },
    ],
    [
      503,
      {
        zh: '服务器出错（HTTP 503），没有供应商自己的答复',
        en: "the server failed (HTTP 503) without the vendor's own reply",
      },
    ],
  ])('names the status %i first', (status, why) => {
    expect(notEnvelope(reply(status, '<html>'), 'JSON')).toEqual({ kind: 'unreadable', why });
  });

  it.each(['<!DOCTYPE html><html>', '  <html lang="zh">', '<HEAD>', '<body class="x">'])(
    'names a web page: %j',
    (body) => {
      expect(notEnvelope(reply(200, body), 'JSON').why).toEqual(html);
      expect(notEnvelope(reply(200, body), 'XML').why).toEqual(html);
    },
  );

  it('knows a web page by its content type', () => {
    expect(notEnvelope(reply(200, 'Sorry', { 'content-type': 'text/html; charset=utf-8' }), 'JSON').why).toEqual(html);
    expect(notEnvelope(reply(200, 'Sorry', { 'content-type': 'x-text/html' }), 'JSON').why).toEqual(foreign('JSON'));
    expect(notEnvelope(reply(200, 'a <html> page'), 'JSON').why).toEqual(foreign('JSON'));
    expect(notEnvelope(reply(200, '<headline/>'), 'XML').why).toEqual(foreign('XML'));
  });

  it('names an empty reply', () => {
    expect(notEnvelope(reply(200, ''), 'JSON').why).toEqual({
      zh: '答复是空的（HTTP 200）',
      en: 'the reply was empty (HTTP 200)',
    });
  });

  it.each([
    ['{"code":200', 'JSON'],
    ['[1,2', 'JSON'],
    [' {"a":"}"', 'JSON'],
    ['<a><b>1</b', 'XML'],
  ] as const)('names a reply cut short: %j as %s', (body, format) => {
    expect(notEnvelope(reply(200, body), format).why).toEqual(cut);
  });

  it.each([
    ['{"a":1}', 'JSON'],
    ['[1]', 'JSON'],
    ['x}', 'JSON'],
    ['<a', 'JSON'],
    ['<a></b>', 'XML'],
    ['{"a"', 'XML'],
    ['ok', 'XML'],
  ] as const)('calls %j no %s of the vendor', (body, format) => {
    expect(notEnvelope(reply(200, body), format).why).toEqual(foreign(format));
  });

  it('knows a cut by the declared length, unless the body was compressed', () => {
    expect(notEnvelope(reply(200, '{}', { 'content-length': '3' }), 'JSON').why).toEqual(cut);
    expect(notEnvelope(reply(200, '{}', { 'content-length': '2' }), 'JSON').why).toEqual(foreign('JSON'));
    expect(notEnvelope(reply(200, '{}', { 'content-length': '3', 'content-encoding': 'gzip' }), 'JSON').why).toEqual(
      foreign('JSON'),
    );
  });

  it('copes with bytes that are no text', () => {
    const body = Uint8Array.of(0xff, 0xfe);
    expect(notEnvelope({ status: 200, headers: {}, body }, 'JSON').why).toEqual(foreign('JSON'));
  });

  it('holds no text of the body', () => {
    expect(JSON.stringify(notEnvelope(reply(200, '13800138000 secret'), 'JSON'))).not.toContain('secret');
  });
});

describe('untrustedStatus', () => {
  it('never trusts redirects and 408, and leaves the rest to the body', () => {
    expect(untrustedStatus(reply(301, '{}'))).toEqual({ kind: 'unreadable', why: redirected(301) });
    expect(untrustedStatus(reply(408, '{}'))?.why.en).toBe('the server said that the request timed out (HTTP 408)');
    for (const status of [200, 299, 400, 407, 409, 429, 500]) expect(untrustedStatus(reply(status, '{}'))).toBeNull();
  });
});

describe('readJsonEnvelope', () => {
  const own = (object: object): boolean => 'code' in object;

  it.each([200, 400, 403, 429, 500, 503])('takes the own envelope at HTTP %i', (status) => {
    expect(readJsonEnvelope(reply(status, '{"code":"x"}'), own)).toEqual({ kind: 'envelope', object: { code: 'x' } });
  });

  it('does not take it at a redirect or a 408', () => {
    expect(readJsonEnvelope(reply(302, '{"code":"x"}'), own)).toEqual(unreadable(redirected(302)));
    expect(readJsonEnvelope(reply(408, '{"code":"x"}'), own).kind).toBe('unreadable');
  });

  it.each(['{"other":1}', '[]', 'null', '1', '"code"'])('calls %j no envelope', (body) => {
    expect(readJsonEnvelope(reply(200, body), own)).toEqual(unreadable(foreign('JSON')));
  });
});

describe('retryAfterMs', () => {
  const of = (value: string, date?: string): number | undefined =>
    retryAfterMs(reply(429, '', { 'retry-after': value, ...(date === undefined ? {} : { date }) }));

  it('reads seconds', () => {
    expect(of('120')).toBe(120_000);
    expect(of(' 0 ')).toBe(0);
  });

  it("counts an HTTP date from the reply's own Date", () => {
    expect(of('Wed, 21 Oct 2015 07:28:30 GMT', 'Wed, 21 Oct 2015 07:28:00 GMT')).toBe(30_000);
    expect(of('Wed, 21 Oct 2015 07:27:00 GMT', 'Wed, 21 Oct 2015 07:28:00 GMT')).toBe(0);
  });

  it.each(['', 'soon', '-5', '1.5', '1234567890', '2015-10-21'])('knows nothing of %j', (value) => {
    expect(of(value, 'Wed, 21 Oct 2015 07:28:00 GMT')).toBeUndefined();
  });

  it('knows nothing of a date without a Date, or without the header', () => {
    expect(of('Wed, 21 Oct 2015 07:28:30 GMT')).toBeUndefined();
    expect(retryAfterMs(reply(429, ''))).toBeUndefined();
  });
});
