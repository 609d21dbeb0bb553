import { describe, expect, it } from 'vitest';
import { findPlanted, writingsOf } from '../support/planted.ts';

const SECRET = 'S3cr€t/+"秘"&<p>=%41\\é😀~Zq';

/** The secret in its usual writings, by other means than the search's own where there are any. */
const CARRIERS: Record<string, string | Buffer> = {
  raw: `appSecret=${SECRET}\n`,
  'JSON value': JSON.stringify({ deep: [{ appSecret: `a${SECRET}b` }] }),
  'JSON in JSON': JSON.stringify({ body: JSON.stringify({ key: SECRET }) }),
  'JSON \\u escapes': '"S3cr\\u20act/+\\"\\u79d8\\"&<p>=%41\\\\\\u00e9\\ud83d\\ude00~Zq"',
  'JSON \\u escapes, upper case': '"S3cr\\u20ACt/+\\"\\u79D8\\"&<p>=%41\\\\\\u00E9\\uD83D\\uDE00~Zq"',
  'form-encoded': new URLSearchParams({ a: '1', key: SECRET }).toString(),
  'URL query': `https://example.com/?key=${encodeURIComponent(SECRET)}&x`,
  'URL, lower case': 'S3cr%e2%82%act%2f%2b%22%e7%a7%98%22%26%3cp%3e%3d%2541%5c%c3%a9%f0%9f%98%80~Zq',
  'URL of a URL': encodeURIComponent(`?key=${encodeURIComponent(SECRET)}`),
  'base64 alone': Buffer.from(SECRET).toString('base64'),
  'base64, one before': Buffer.from(`k${SECRET}!`).toString('base64'),
  'base64, two before': Buffer.from(`id${SECRET}!!`).toString('base64'),
  base64url: Buffer.from(`user:${SECRET}`).toString('base64url'),
  'base64 of UTF-16LE': Buffer.from(`k${SECRET}`, 'utf16le').toString('base64'),
  'base64 of UTF-16BE': Buffer.from(`k${SECRET}`, 'utf16le').swap16().toString('base64'),
  hex: Buffer.from(SECRET).toString('hex'),
  'hex, upper case': Buffer.from(SECRET).toString('hex').toUpperCase(),
  'hex of UTF-16LE': Buffer.from(SECRET, 'utf16le').toString('hex'),
  'UTF-16LE': Buffer.from(`ab${SECRET}`, 'utf16le'),
  'UTF-16BE': Buffer.from(`ab${SECRET}`, 'utf16le').swap16(),
  'UTF-16LE at an odd byte': Buffer.concat([Buffer.from([1]), Buffer.from(SECRET, 'utf16le')]),
  'JSON in UTF-16LE': Buffer.from(JSON.stringify([SECRET]), 'utf16le'),
  'CSV cell': `1,"${SECRET.replaceAll('"', '""')}",2\r\n`,
  'XML attribute': '<a key="S3cr€t/+&quot;秘&quot;&amp;&lt;p&gt;=%41\\é😀~Zq"/>',
  'among other bytes': Buffer.concat([Buffer.alloc(70_000, 0xff), Buffer.from(SECRET), Buffer.alloc(10)]),
};

describe('the search for planted secrets', () => {
  it.each(Object.keys(CARRIERS))('finds one written as %s', (name) => {
    const carrier = CARRIERS[name] ?? '';
    const finds = findPlanted(
      { output: typeof carrier === 'string' ? Buffer.from(carrier) : carrier },
      { appSecret: SECRET },
    );
    expect(finds.length).toBeGreaterThan(0);
    expect(finds[0]?.secret).toBe('appSecret');
  });

  it('finds each of its own writings, and says which and where', () => {
    for (const { writing, bytes } of writingsOf(SECRET)) {
      const finds = findPlanted(
        { out: Buffer.concat([Buffer.from('.....'), bytes, Buffer.from('.')]) },
        {
          a: SECRET,
          b: 'b'.repeat(40),
        },
      );
      expect(finds, writing).toContainEqual({ output: 'out', secret: 'a', writing, offset: 5 });
      expect(finds.every((find) => find.secret === 'a')).toBe(true);
    }
  });

  it('finds nothing where there is nothing, or only a part', () => {
    const rest = [SECRET.slice(1), SECRET.slice(0, -1), Buffer.from(SECRET.slice(1)).toString('base64')].join('\n');
    expect(findPlanted({ rest: Buffer.from(rest) }, { appSecret: SECRET })).toEqual([]);
  });
});
