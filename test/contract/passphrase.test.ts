import { describe, expect, it } from 'vitest';
import { passphraseBits, strengthOf } from '../../src/contract/passphrase.ts';

describe('the passphrase meter', () => {
  it.each([
    '',
    '12345678',
    'password',
    'Password123!',
    'aaaaaaaaaaaaaaaaaaaaaaaa',
    'abababababababab',
    'qwertyuiopasdfghjkl',
    'abcdefghijklmnop',
    '19900101',
    '2024-05-01 2024-05-02',
    'woaini5201314',
    'order console',
    '旗舰店',
    '密码密码密码密码密码',
  ])('refuses %j', (text) => {
    expect(strengthOf(text)).toBe('weak');
  });

  it.each([
    ['korrekt pferd batterie', 'strong'],
    ['tusk-9vKq!', 'good'],
    ['hm3vk7qzr', 'fair'],
    ['紫藤爬上旧屋檐', 'good'],
  ])('takes %j', (text, strength) => {
    expect([strength, 'strong', 'good']).toContain(strengthOf(text));
    expect(strengthOf(text)).not.toBe('weak');
  });

  it('never counts a longer passphrase for less', () => {
    for (const text of ['tusk-9vKq!', 'hm3vk7qzr', '紫藤爬上旧屋檐']) {
      expect(passphraseBits(`${text} und`)).toBeGreaterThan(passphraseBits(text));
    }
  });
});
