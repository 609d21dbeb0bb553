import { describe, expect, it } from 'vitest';
import { draftFor } from '../../../src/renderer/stores/account-draft.ts';
import { formatProblems, typedProblems } from '../../../src/renderer/stores/format-checks.ts';
import { RULED, TWO_SECRETS } from './support.ts';

const PATTERNED = {
  ...RULED,
  credentials: RULED.credentials.map((field) =>
    field.id === 'appId' ? { ...field, pattern: '[a-z0-9]{10}', maxLength: 10 } : field,
  ),
} as const;
const empty = draftFor(PATTERNED, null);
const wrong = (change: Partial<typeof empty>, secrets: Record<string, string> = {}): string[] =>
  Object.keys(formatProblems({ ...empty, ...change }, PATTERNED, secrets));

describe('the checks of what is being typed', () => {
  it('say nothing of what is still empty', () => {
    expect(wrong({})).toEqual([]);
  });

  it.each([
    ['a label that is too long', { label: 'x'.repeat(81) }, 'label'],
    ['an appId of another form', { plain: { appId: 'G4rqgmmjuo' } }, 'appId'],
    ['an appId that is too long', { plain: { appId: 'g4rqgmmjuo1' } }, 'appId'],
    ['an address without https', { vendorUrl: null, ownUrl: 'http://api.example.com' }, 'baseUrl'],
    ['an address with a path', { vendorUrl: null, ownUrl: 'https://api.example.com/v1' }, 'baseUrl'],
    ['a twin’s address that is none', { environment: 'twin', vendorUrl: null, ownUrl: '127.0.0.1' }, 'baseUrl'],
    ['a host that is none', { moreHosts: 'good.example.com\nhttps://bad' }, 'hosts'],
  ] as const)('name %s', (_, change, field) => {
    expect(wrong(change)).toEqual([field]);
  });

  it('name a secret with a space around it, and never its value', () => {
    const problems = formatProblems(empty, PATTERNED, { appSecret: ' Pl4nted' });
    expect(Object.keys(problems)).toEqual(['appSecret']);
    expect(JSON.stringify(problems)).not.toContain('Pl4nted');
    expect(wrong({}, { appSecret: 'Pl4nted\u0007x' })).toEqual(['appSecret']);
    expect(typedProblems(null, TWO_SECRETS, { appSecret: 'good', accessToken: 'bad\u3000' })).toHaveProperty(
      'accessToken',
    );
  });

  it('pass what is right', () => {
    expect(
      wrong(
        { label: 'Shop', plain: { appId: 'g4rqgmmjuo' }, vendorUrl: null, ownUrl: 'https://api.example.com:8443/' },
        { appSecret: 'good' },
      ),
    ).toEqual([]);
    expect(wrong({ environment: 'twin', vendorUrl: null, ownUrl: 'http://127.0.0.1:8080' })).toEqual([]);
  });
});
