import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/contract/account.ts';
import { AppError } from '../../../src/contract/errors.ts';
import { HostCheck, invalidRequest, isLoopback } from '../../../src/main/gateway/hosts.ts';
import { twin } from './support.ts';

const live = (hosts: readonly string[], more: Partial<Account> = {}): Account =>
  twin(1, { id: 'live-1', label: 'Shop', environment: 'live', baseUrl: 'https://api.polyv.net', hosts, ...more });

/** The origin and path that a URL is sent to, or the code of its refusal. */
function check(account: Account, url: string): string {
  try {
    const { target, path } = new HostCheck().check(account, url);
    return `${target.origin} ${path}`;
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

describe('a live account', () => {
  const account = live(['api.polyv.net', 'relay.example:8443']);

  it.each([
    ['https://api.polyv.net/live/v4/x?a=1', 'https://api.polyv.net /live/v4/x?a=1'],
    ['https://api.polyv.net:443/x', 'https://api.polyv.net /x'],
    ['https://API.Polyv.NET/x', 'https://api.polyv.net /x'],
    ['HTTPS://api.polyv.net/x', 'https://api.polyv.net /x'],
    ['https://api.polyv.net', 'https://api.polyv.net /'],
    ['https://api.polyv.net?a=1', 'https://api.polyv.net /?a=1'],
    ['https://relay.example:8443/p', 'https://relay.example:8443 /p'],
  ])('may send to %s', (url, to) => {
    expect(check(account, url)).toBe(to);
  });

  it.each([
    'https://api.polyv.net.evil.test/',
    'https://evil.test/https://api.polyv.net/',
    'https://evil.test?api.polyv.net',
    'https://evil.test#api.polyv.net',
    'https://evil.test\\.api.polyv.net/',
    'https://xapi.polyv.net/',
    'https://sub.api.polyv.net/',
    'https://polyv.net/',
    'https://api.polyv.net./',
    'https://api.polyv.net@evil.test/',
    'https://api.polyv.net:443@evil.test/',
    'https://user:word@api.polyv.net/',
    'https://user@api.polyv.net/',
    'https://@api.polyv.net/',
    'https://api.polyv.net:8443/',
    'https://api.polyv.net:80/',
    'https://relay.example/',
    'https://relay.example:443/',
    'https://relay.example:84430/',
    'https://relay.example:08442/',
    'https://api.polyv。net/',
    'https://ａpi.polyv.net/',
    'https://api.polyv\t.net/',
    'https://api.polyv.net /',
    ' https://api.polyv.net/',
    'https:///api.polyv.net/',
    'https:/api.polyv.net/',
    'https:api.polyv.net/',
    '//api.polyv.net/',
    'api.polyv.net/',
    '://api.polyv.net/',
    'ftp://api.polyv.net/',
    'ws://api.polyv.net/',
    'wss://api.polyv.net/',
    'file://api.polyv.net/x',
    'javascript://api.polyv.net/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://',
    'https://%',
    '',
  ])('may not send to %j', (url) => {
    expect(check(account, url)).toBe('HOST_NOT_ALLOWED');
  });

  it.each([
    'http://api.polyv.net/',
    'HTTP://api.polyv.net/',
    'http://api.polyv.net:443/',
    'http://evil.test/',
    'http://127.0.0.1/',
    'http://localhost:8080/',
  ])('may not send in the clear to %s', (url) => {
    expect(check(account, url)).toBe('HTTPS_REQUIRED');
  });

  it('has a path of plain characters', () => {
    for (const path of ['/a b', '/a#b', '/中', '/a\n', '/a\u007f', '/a\u0000'])
      expect(check(account, `https://api.polyv.net${path}`)).toBe('REQUEST_INVALID');
    expect(check(account, 'https://api.polyv.net\\x')).toBe('REQUEST_INVALID');
    expect(check(account, 'https://api.polyv.net/~!$%&\'"()*+,;=:@[]{}|^`<>\\?')).toBe(
      'https://api.polyv.net /~!$%&\'"()*+,;=:@[]{}|^`<>\\?',
    );
  });

  it('takes a list written in capitals, and no entry that is more than a host', () => {
    expect(check(live(['API.POLYV.NET:443']), 'https://api.polyv.net/')).toBe('https://api.polyv.net /');
    for (const entry of [
      'https://api.polyv.net',
      'api.polyv.net/x',
      'u@api.polyv.net',
      '*.polyv.net',
      '*',
      '',
      'api.polyv.net?',
      'api.polyv.net.',
      ':443',
      '[',
      'api.polyv.net:',
    ])
      expect([entry, check(live([entry]), 'https://api.polyv.net/')]).toEqual([
        entry,
        entry === 'api.polyv.net:' ? 'https://api.polyv.net /' : 'HOST_NOT_ALLOWED',
      ]);
  });

  it('may name addresses, IPv6 with or without brackets', () => {
    expect(check(live(['10.0.0.5']), 'https://10.0.0.5/')).toBe('https://10.0.0.5 /');
    expect(check(live(['[2001:db8::5]:8443']), 'https://[2001:DB8:0::5]:8443/')).toBe('https://[2001:db8::5]:8443 /');
    expect(check(live(['2001:db8::5']), 'https://[2001:db8::5]/')).toBe('https://[2001:db8::5] /');
    expect(check(live(['[2001:db8::5]']), 'https://[2001:db8::5]:8443/')).toBe('HOST_NOT_ALLOWED');
    expect(check(live(['[2001:db8::5]:8443']), 'https://[2001:db8::5]/')).toBe('HOST_NOT_ALLOWED');
    expect(check(live(['10.0.0.5']), 'https://167772165/')).toBe('https://10.0.0.5 /');
  });

  it('may reach a relay on loopback by https when it is listed', () => {
    expect(check(live(['localhost']), 'https://localhost:9443/')).toBe('https://localhost:9443 /');
    expect(check(live(['localhost:9443']), 'https://localhost:9444/')).toBe('HOST_NOT_ALLOWED');
    expect(check(live(['localhost'], { environment: 'test' }), 'http://localhost/')).toBe('HTTPS_REQUIRED');
  });

  it('is told what to do, without the user name of the address', () => {
    try {
      new HostCheck().check(account, 'https://hush:word@evil.test/');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      const refusal = error as AppError;
      expect(refusal.data).toEqual({ host: 'evil.test:443', account: 'live-1' });
      expect(refusal.say('en')).toBe(
        "Nothing was sent: evil.test:443 is not on the host list of the account “Shop”, so its secret does not go there. Check the account's address; if it is right, add the host to the account's host list.",
      );
      expect(refusal.say('zh-CN')).not.toContain('hush');
    }
    try {
      new HostCheck().check(account, 'http://api.polyv.net/');
      expect.unreachable();
    } catch (error) {
      expect((error as AppError).data).toEqual({ host: 'api.polyv.net:80', account: 'live-1' });
      expect((error as AppError).say('zh-CN')).toBe(
        '没有发送：api.polyv.net:80 的地址不是 https，密钥和签名会以明文经过网络。 请把账号的接口地址改为 https:// 开头。',
      );
    }
  });
});

describe('a twin account', () => {
  it('may send in the clear to this machine alone', () => {
    const account = twin(8080, {
      hosts: ['127.0.0.1:8080', 'localhost', '[::1]:8080', '127.8.9.10', 'api.polyv.net', '10.0.0.5'],
    });
    expect(check(account, 'http://127.0.0.1:8080/x')).toBe('http://127.0.0.1:8080 /x');
    expect(check(account, 'http://127.1:8080/x')).toBe('http://127.0.0.1:8080 /x');
    expect(check(account, 'http://localhost:1234/')).toBe('http://localhost:1234 /');
    expect(check(account, 'http://[::1]:8080/')).toBe('http://[::1]:8080 /');
    expect(check(account, 'http://127.8.9.10/')).toBe('http://127.8.9.10 /');
    expect(check(account, 'https://127.0.0.1:8080/')).toBe('https://127.0.0.1:8080 /');
    expect(check(account, 'http://127.0.0.1:8081/')).toBe('HOST_NOT_ALLOWED');
    expect(check(account, 'http://127.0.0.2:8080/')).toBe('HOST_NOT_ALLOWED');
    expect(check(account, 'https://api.polyv.net/')).toBe('HOST_NOT_ALLOWED');
    expect(check(account, 'http://api.polyv.net/')).toBe('HTTPS_REQUIRED');
    expect(check(account, 'http://10.0.0.5/')).toBe('HTTPS_REQUIRED');
    expect(check(account, 'https://10.0.0.5/')).toBe('HOST_NOT_ALLOWED');
    expect(check(account, 'http://localhost.evil.test/')).toBe('HTTPS_REQUIRED');
    expect(check(account, 'http://127.0.0.1.evil.test/')).toBe('HTTPS_REQUIRED');
  });
});

describe('what is checked once', () => {
  it('is kept for each account by itself', () => {
    const hosts = new HostCheck();
    const account = live(['api.polyv.net']);
    const first = hosts.check(account, 'https://api.polyv.net/a').target;
    expect(hosts.check(account, 'https://api.polyv.net/b').target).toBe(first);
    // The very same URL as just before, too.
    expect(() => hosts.check(live(['other.example']), 'https://api.polyv.net/b')).toThrow('api.polyv.net:443');
    expect(() => hosts.check(live(['other.example']), 'https://api.polyv.net/a')).toThrow('api.polyv.net:443');
    expect(() => hosts.check(account, 'https://api.polyv.net.evil.test/a')).toThrow('api.polyv.net.evil.test:443');
    expect(first).toEqual({
      origin: 'https://api.polyv.net',
      hostname: 'api.polyv.net',
      hostPort: 'api.polyv.net:443',
      secure: true,
      loopback: false,
    });
  });
});

describe('a refusal', () => {
  const account = live(['api.polyv.net']);
  const refusal = (url: string): AppError => {
    try {
      new HostCheck().check(account, url);
    } catch (error) {
      if (error instanceof AppError) return error;
    }
    throw new Error('nothing was refused');
  };

  it('names the host and the account, and says what to do', () => {
    const error = refusal('https://evil.test/');
    expect(error.text).toEqual({
      message: {
        zh: '没有发送：evil.test:443 不在账号“Shop”的主机名单里，密钥不会发往那里。',
        en: 'Nothing was sent: evil.test:443 is not on the host list of the account “Shop”, so its secret does not go there.',
      },
      remedy: {
        zh: '请检查账号的接口地址；若地址无误，请把该主机加进账号的主机名单。',
        en: "Check the account's address; if it is right, add the host to the account's host list.",
      },
    });
    expect(error.data).toEqual({ host: 'evil.test:443', account: 'live-1' });
  });

  it.each(['no url', 'https:///x', 'https://ａ.test/', 'https://a b/', 'https://[/'])(
    'repeats nothing of %j',
    (url) => {
      expect(refusal(url).data).toEqual({ host: '?', account: 'live-1' });
    },
  );

  it('of plain HTTP says why', () => {
    const error = refusal('http://api.polyv.net/');
    expect(error.text).toEqual({
      message: {
        zh: '没有发送：api.polyv.net:80 的地址不是 https，密钥和签名会以明文经过网络。',
        en: 'Nothing was sent: the address of api.polyv.net:80 is not https, so the sign and the data would cross the network in the clear.',
      },
      remedy: {
        zh: '请把账号的接口地址改为 https:// 开头。',
        en: "Change the account's address to one that begins with https://.",
      },
    });
    expect(error.data).toEqual({ host: 'api.polyv.net:80', account: 'live-1' });
  });

  it('of a request that cannot be written keeps its values to itself', () => {
    const cause = new Error('why');
    const error = invalidRequest('header', cause);
    expect(error.code).toBe('REQUEST_INVALID');
    expect(error.text).toEqual({
      message: {
        zh: '没有发送：请求里有不能发送的字符或内容。',
        en: 'Nothing was sent: the request holds something that cannot be sent.',
      },
      remedy: {
        zh: '请检查账号的接口地址和这一行的内容。',
        en: "Check the account's address and the values of this row.",
      },
    });
    expect([error.data, error.cause]).toEqual([{ what: 'header' }, cause]);
    const path = refusal('https://api.polyv.net/a b');
    expect([path.code, path.data]).toEqual(['REQUEST_INVALID', { what: 'url' }]);
  });
});

describe('an entry of the host list', () => {
  it.each([
    ['::1', 'https://[::1]:9/', true],
    ['[fe80::1]', 'https://[fe80::1]/', true],
    ['fe80::1', 'https://[fe80::1]/', true],
    ['[fe80::1]:8443', 'https://[fe80::1]:8443/', true],
    ['[fe80::1]:8443', 'https://[fe80::1]/', false],
    ['fe80::443', 'https://[fe80::443]:443/', true],
    ['a.test:8443', 'https://a.test:8443/', true],
    ['a.test:8443x', 'https://a.test:8443/', false],
    ['a.test:', 'https://a.test/', true],
  ])('%s and %s: %s', (entry, url, may) => {
    expect(check(live([entry]), url).startsWith('https://')).toBe(may);
  });
});

describe('loopback', () => {
  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.255.255.254', true],
    ['[::1]', true],
    ['128.0.0.1', false],
    ['27.0.0.1', false],
    ['127.0.0.1.example', false],
    ['x127.0.0.1', false],
    ['[::2]', false],
    ['0.0.0.0', false],
    ['localhost.', false],
    ['sub.localhost', false],
  ])('%s: %s', (host, loopback) => {
    expect(isLoopback(host)).toBe(loopback);
  });
});
