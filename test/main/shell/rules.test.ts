import { describe, expect, it } from 'vitest';
import { developmentServer } from '../../../src/main/shell/development.ts';
import { isAllowedExternal, isHome, mayLoad, mayNavigate, originOf } from '../../../src/main/shell/rules.ts';

const server = developmentServer('http://localhost:5173/');
const closed = { devTools: false, development: null };

describe('isAllowedExternal', () => {
  const hosts = ['dev.polyv.net', 'open.pinduoduo.com', 'xn--fiqs8s.example'];

  it.each([
    'https://dev.polyv.net',
    'https://dev.polyv.net/2020/liveproduct/?a=b#c',
    'https://dev.polyv.net:443/x',
    'https://DEV.polyv.net/',
    'https://xn--fiqs8s.example/',
  ])('opens %s', (address) => {
    expect(isAllowedExternal(address, hosts)).toBe(true);
  });

  it.each([
    'http://dev.polyv.net/',
    'https://dev.polyv.net:8443/',
    'https://dev.polyv.net./',
    'https://user@dev.polyv.net/',
    'https://dev.polyv.net@evil.example/',
    'https://dev.polyv.net:x@evil.example/',
    'https://:pass@dev.polyv.net/',
    'https://evil.example/dev.polyv.net',
    'https://evil.example#dev.polyv.net',
    'https://sub.dev.polyv.net/',
    'https://polyv.net/',
    'https://dev.polyv.net.evil.example/',
    'https://xdev.polyv.net/',
    'https://中国.example/',
    'https://dev。polyv.net/',
    'https://evil.example\\@dev.polyv.net/',
    'https:\\\\dev.polyv.net/',
    'https:dev.polyv.net/',
    'https:/dev.polyv.net/',
    'https:///dev.polyv.net/',
    ' https://dev.polyv.net/',
    'https://dev.polyv.net/ x',
    'https://dev.po\tlyv.net/',
    'https://dev.polyv.net/\n',
    'https://dev.polyv.net/\0',
    'javascript:alert(1)//https://dev.polyv.net/',
    'file:///etc/passwd',
    'data:text/html,x',
    'ms-msdt:/id',
    'smb://dev.polyv.net/x',
    'app://console/',
    '',
    'dev.polyv.net',
    '//dev.polyv.net/',
  ])('refuses %j', (address) => {
    expect(isAllowedExternal(address, hosts)).toBe(false);
  });

  it('opens nothing where nothing is on the list', () => {
    expect(isAllowedExternal('https://dev.polyv.net/', [])).toBe(false);
  });
});

describe('mayLoad', () => {
  it('loads the page and nothing else', () => {
    expect(mayLoad('app://console/assets/a.js', closed)).toBe(true);
    for (const address of [
      'app://other/',
      'app://console.evil/',
      'app://console:1/',
      'http://console/',
      'https://example.com/',
      'ws://localhost:5173/',
      'http://localhost:5173/',
      'ftp://x/',
      'file:///etc/passwd',
      'devtools://devtools/bundled/x.html',
      'chrome-extension://x/',
      'blob:app://console/1',
      'data:text/html,x',
      'about:blank',
      '',
    ]) {
      expect(mayLoad(address, closed), address).toBe(false);
    }
  });

  it('loads the developer tools where they are on', () => {
    expect(mayLoad('devtools://devtools/bundled/x.html', { ...closed, devTools: true })).toBe(true);
    expect(mayLoad('https://devtools/', { ...closed, devTools: true })).toBe(false);
  });

  it('loads from the development server alone in development', () => {
    const options = { devTools: true, development: server };
    expect(mayLoad('http://localhost:5173/src/main.ts', options)).toBe(true);
    expect(mayLoad('ws://localhost:5173/?token=1', options)).toBe(true);
    expect(mayLoad('http://localhost:5174/', options)).toBe(false);
    expect(mayLoad('https://example.com/', options)).toBe(false);
  });
});

describe('the page’s place', () => {
  it('is our origin, or the development server’s', () => {
    expect(originOf(null)).toBe('app://console');
    expect(originOf(server)).toBe('http://localhost:5173');
    expect(isHome('app://console/#/jobs/1', null)).toBe(true);
    expect(isHome('about:blank', null)).toBe(false);
    expect(isHome('app://console/', server)).toBe(false);
  });

  it('is left by nothing but the development server’s reload', () => {
    expect(mayNavigate('app://console/', null)).toBe(false);
    expect(mayNavigate('https://example.com/', null)).toBe(false);
    expect(mayNavigate('http://localhost:5173/', null)).toBe(false);
    expect(mayNavigate('http://localhost:5173/#/x', server)).toBe(true);
    expect(mayNavigate('http://localhost:51730/', server)).toBe(false);
  });
});
