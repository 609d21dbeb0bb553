import { describe, expect, it } from 'vitest';
import { bypasses, parseProxy, proxyFromEnvironment } from '../../../src/main/gateway/proxy.ts';

describe('the environment', () => {
  it.each([
    [{}, { url: null, noProxy: '' }],
    [{ HTTPS_PROXY: 'http://p:1' }, { url: 'http://p:1', noProxy: '' }],
    [
      { HTTPS_PROXY: 'http://p:1', https_proxy: ' http://q:2 ' },
      { url: 'http://q:2', noProxy: '' },
    ],
    [
      { HTTP_PROXY: 'http://p:1', NO_PROXY: 'a.test' },
      { url: 'http://p:1', noProxy: 'a.test' },
    ],
    [
      { http_proxy: 'http://p:1', HTTPS_PROXY: 'http://s:1', no_proxy: 'b.test', NO_PROXY: 'a.test' },
      { url: 'http://s:1', noProxy: 'b.test' },
    ],
    [
      { HTTPS_PROXY: ' ', http_proxy: 'h:1' },
      { url: 'h:1', noProxy: '' },
    ],
  ])('%j', (environment, setting) => {
    expect(proxyFromEnvironment(environment)).toEqual(setting);
  });
});

describe('the list of hosts without proxy', () => {
  it.each([
    ['', 'api.polyv.net', '443', false],
    ['*', 'api.polyv.net', '443', true],
    ['api.polyv.net', 'api.polyv.net', '443', true],
    ['API.polyv.NET', 'api.polyv.net', '443', true],
    ['polyv.net', 'api.polyv.net', '443', true],
    ['.polyv.net', 'api.polyv.net', '443', true],
    ['*.polyv.net', 'api.polyv.net', '443', true],
    ['olyv.net', 'api.polyv.net', '443', false],
    ['api.polyv.net.evil', 'api.polyv.net', '443', false],
    ['a.test, b.test', 'b.test', '443', true],
    ['a.test b.test', 'b.test', '443', true],
    ['a.test,,b.test', 'c.test', '443', false],
    ['api.polyv.net:8443', 'api.polyv.net', '443', false],
    ['api.polyv.net:8443', 'api.polyv.net', '8443', true],
    ['10.0.0.5', '10.0.0.5', '443', true],
    ['::5', '[::5]', '443', true],
    ['[::5]', '[::5]', '443', true],
    ['[::5]:8443', '[::5]', '443', false],
    ['[::5]:8443', '[::5]', '8443', true],
  ])('%j holds %s:%s: %s', (list, host, port, held) => {
    expect(bypasses(list, host, port)).toBe(held);
  });
});

describe('a proxy’s URL', () => {
  it.each([
    ['http://proxy.test:3128', { uri: 'http://proxy.test:3128', shown: 'proxy.test:3128', authorization: null }],
    ['proxy.test:3128', { uri: 'http://proxy.test:3128', shown: 'proxy.test:3128', authorization: null }],
    ['http://proxy.test', { uri: 'http://proxy.test', shown: 'proxy.test:80', authorization: null }],
    ['https://proxy.test/', { uri: 'https://proxy.test', shown: 'proxy.test:443', authorization: null }],
    [
      'http://me:p%40ss@proxy.test:1',
      { uri: 'http://proxy.test:1', shown: 'proxy.test:1', authorization: 'Basic bWU6cEBzcw==' },
    ],
    ['http://me@proxy.test:1', { uri: 'http://proxy.test:1', shown: 'proxy.test:1', authorization: 'Basic bWU6' }],
    ['socks5://proxy.test:1080', null],
    ['http://', null],
    ['http://me:%@proxy.test', null],
  ])('%s', (text, proxy) => {
    expect(parseProxy(text)).toEqual(proxy);
  });
});
