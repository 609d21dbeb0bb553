import { describe, expect, it } from 'vitest';
import { readHost, readOrigin } from '../../../src/main/vault/origin.ts';

describe('readOrigin', () => {
  it.each([
    ['https://api.example.com', 'https://api.example.com', 'api.example.com', true, false],
    ['https://API.example.com/', 'https://api.example.com', 'api.example.com', true, false],
    ['https://api.example.com:8443', 'https://api.example.com:8443', 'api.example.com:8443', true, false],
    ['https://api.example.com:443', 'https://api.example.com', 'api.example.com', true, false],
    ['http://127.0.0.1:80', 'http://127.0.0.1', '127.0.0.1', false, true],
    ['http://127.1:8080', 'http://127.0.0.1:8080', '127.0.0.1:8080', false, true],
    ['http://2130706433', 'http://127.0.0.1', '127.0.0.1', false, true],
    ['http://localhost:1', 'http://localhost:1', 'localhost:1', false, true],
    ['https://localhost.', 'https://localhost.', 'localhost.', true, true],
    ['https://a.localhost', 'https://a.localhost', 'a.localhost', true, true],
    ['http://[::1]:9', 'http://[::1]:9', '[::1]:9', false, true],
    ['http://[::ffff:127.0.0.1]', 'http://[::ffff:7f00:1]', '[::ffff:7f00:1]', false, true],
    ['http://0.0.0.0:5', 'http://0.0.0.0:5', '0.0.0.0:5', false, true],
    ['http://[::]:5', 'http://[::]:5', '[::]:5', false, true],
    ['https://127.0.0.1.example.com', 'https://127.0.0.1.example.com', '127.0.0.1.example.com', true, false],
    ['https://notlocalhost', 'https://notlocalhost', 'notlocalhost', true, false],
    ['https://128.0.0.1', 'https://128.0.0.1', '128.0.0.1', true, false],
    ['https://[2001:db8::1]', 'https://[2001:db8::1]', '[2001:db8::1]', true, false],
  ])('reads %s', (text, origin, host, secure, loopback) => {
    expect(readOrigin(text)).toEqual({ ok: true, origin, host, secure, loopback });
  });

  it.each([
    [''],
    ['api.example.com'],
    ['ftp://api.example.com'],
    ['file:///etc/passwd'],
    ['https://api.example.com/path'],
    ['https://api.example.com?'],
    ['https://api.example.com#'],
    ['https://api.example.com/?q=1'],
    ['https://user@api.example.com'],
    ['https://@api.example.com'],
    ['https://user:pass@api.example.com'],
    ['https://api.example.com\\x'],
    [' https://api.example.com'],
    ['https://api.exa\tmple.com'],
    ['javascript:alert(1)'],
  ])('refuses %j', (text) => {
    expect(readOrigin(text)).toEqual({ ok: false });
  });
});

describe('readHost', () => {
  it.each([
    ['api.example.com', 'api.example.com', false],
    ['API.example.com:8443', 'api.example.com:8443', false],
    ['127.0.0.1:8080', '127.0.0.1:8080', true],
  ])('reads %s', (text, host, loopback) => {
    expect(readHost(text)).toEqual({ host, loopback });
  });

  it.each([[''], ['a/b'], ['https://a'], ['a b'], ['u@a'], ['a?b'], ['a:99999'], ['*'], ['*.example.com']])(
    'refuses %j',
    (text) => {
      expect(readHost(text)).toBeNull();
    },
  );
});
