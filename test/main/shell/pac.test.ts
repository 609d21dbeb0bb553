import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProxyList } from '../../../src/main/shell/pac.ts';

const proxy = (url: string): object => ({ kind: 'proxy', url });

describe('parseProxyList', () => {
  it.each([
    ['DIRECT', { kind: 'direct' }],
    ['', { kind: 'direct' }],
    [' ; ;', { kind: 'direct' }],
    ['direct', { kind: 'direct' }],
    ['PROXY proxy.corp:8080', proxy('http://proxy.corp:8080')],
    ['PROXY proxy.corp', proxy('http://proxy.corp:80')],
    ['PROXY proxy.corp:80', proxy('http://proxy.corp:80')],
    ['HTTPS proxy.corp', proxy('https://proxy.corp:443')],
    ['HTTPS proxy.corp:3129', proxy('https://proxy.corp:3129')],
    ['HTTP 127.0.0.1:7890', proxy('http://127.0.0.1:7890')],
    ['PROXY [::1]:8080', proxy('http://[::1]:8080')],
    ['PROXY a:1; PROXY b:2; DIRECT', proxy('http://a:1')],
    ['DIRECT; PROXY a:1', { kind: 'direct' }],
    ['  PROXY\t a:1 ;DIRECT', proxy('http://a:1')],
    ['SOCKS5 s:1080; PROXY a:1; DIRECT', proxy('http://a:1')],
    ['SOCKS5 s:1080; DIRECT', { kind: 'unsupported', what: 'SOCKS5 s:1080' }],
    ['SOCKS s:1080', { kind: 'unsupported', what: 'SOCKS s:1080' }],
    ['QUIC q:1; PROXY a:1', proxy('http://a:1')],
    ['PROXY', { kind: 'unsupported', what: 'PROXY' }],
    ['PROXY user:pass@a:1', { kind: 'unsupported', what: 'PROXY' }],
    ['PROXY a:99999', { kind: 'unsupported', what: 'PROXY a:99999' }],
    ['PROXY a/b:1', { kind: 'unsupported', what: 'PROXY' }],
  ])('reads %j', (list, wanted) => {
    expect(parseProxyList(list)).toEqual(wanted);
  });

  it('never goes straight where a proxy was named first, and never throws', () => {
    const word = fc.constantFrom('PROXY', 'HTTPS', 'SOCKS', 'SOCKS5', 'DIRECT', 'XX', '');
    const entry = fc.tuple(
      word,
      fc.string({ maxLength: 20 }).map((text) => text.replaceAll(';', '')),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
        const list = entries.map((parts) => parts.join(' ')).join('; ');
        const first = list
          .split(';')
          .map((part) => part.trim())
          .find((part) => part !== '');
        const read = parseProxyList(list);
        const straight = first === undefined || /^DIRECT(?:\s|$)/i.test(first);
        expect(read.kind === 'direct').toBe(straight);
        if (read.kind === 'proxy') {
          expect(new URL(read.url).username).toBe('');
          expect(read.url).toMatch(/^https?:\/\/[^/@]+:\d+$/);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
