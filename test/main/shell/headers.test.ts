import { describe, expect, it } from 'vitest';
import { developmentServer } from '../../../src/main/shell/development.ts';
import { CONTENT_POLICY, SECURITY_HEADERS } from '../../../src/main/shell/headers.ts';

const directives = new Map(
  CONTENT_POLICY.split('; ').map((text) => {
    const [name = '', ...sources] = text.split(' ');
    return [name, sources] as const;
  }),
);

describe('the content policy', () => {
  it('allows nothing that it does not name', () => {
    expect(directives.get('default-src')).toEqual(["'none'"]);
  });

  it.each(['base-uri', 'form-action', 'frame-ancestors', 'object-src', 'connect-src'])('closes %s', (name) => {
    expect(directives.get(name)).toEqual(["'none'"]);
  });

  it.each(['script-src', 'style-src', 'font-src'])('takes %s from the program alone', (name) => {
    expect(directives.get(name)).toEqual(["'self'"]);
  });

  it('names no remote place, nothing inline and no eval', () => {
    expect(CONTENT_POLICY).not.toMatch(/unsafe|eval|https?:|wss?:|blob:|\*|nonce|sha\d/);
    expect(directives.get('img-src')).toEqual(["'self'", 'data:']);
  });

  it('lets a text become markup through Vue alone', () => {
    expect(directives.get('require-trusted-types-for')).toEqual(["'script'"]);
    expect(directives.get('trusted-types')).toEqual(['vue']);
  });

  it('names each directive once', () => {
    expect(directives.size).toBe(CONTENT_POLICY.split('; ').length);
  });
});

describe('the other headers', () => {
  it('are fit for a header', () => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
      expect(() => new Headers([[name, value]])).not.toThrow();
      expect(value).not.toBe('');
    }
  });

  it('give no feature to anyone', () => {
    for (const part of SECURITY_HEADERS['Permissions-Policy']!.split(', ')) expect(part).toMatch(/^[a-z-]+=\(\)$/);
  });
});

describe('developmentServer', () => {
  it('is on loopback, and its page may hear it', () => {
    const server = developmentServer('http://localhost:5173');
    expect(server).toMatchObject({ origin: 'http://localhost:5173', url: 'http://localhost:5173/' });
    expect(server?.policy).toContain("connect-src 'self' ws://localhost:5173");
    expect(server?.policy).toContain("script-src 'self';");
    expect(server?.policy).not.toContain('trusted-types');
  });

  it.each([
    undefined,
    '',
    'nonsense',
    'http://example.com:5173',
    'https://localhost:5173',
    'file:///x',
    'http://localhost.evil/',
  ])('is not %s', (address) => {
    expect(developmentServer(address)).toBeNull();
  });
});
