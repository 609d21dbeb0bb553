import { describe, expect, it } from 'vitest';
import { base64, mask, md5Hex, sha256Hex, sortedEntries, utf8 } from '../../../../src/main/vendors/shared/digest.ts';

describe('digests', () => {
  it('gives the published digests of "abc"', () => {
    expect(md5Hex('abc')).toBe('900150983cd24fb0d6963f7d28e17f72');
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('takes text as its UTF-8 bytes', () => {
    expect(md5Hex('中')).toBe(md5Hex(Uint8Array.of(0xe4, 0xb8, 0xad)));
    expect(sha256Hex('中')).toBe(sha256Hex(Uint8Array.of(0xe4, 0xb8, 0xad)));
    expect([...utf8('中')]).toEqual([0xe4, 0xb8, 0xad]);
  });

  it('writes standard base64 with padding, in one line', () => {
    expect(base64('中')).toBe('5Lit');
    expect(base64('a')).toBe('YQ==');
    expect(base64(Uint8Array.of(0xfb, 0xff))).toBe('+/8=');
    expect(base64('x'.repeat(100))).not.toMatch(/\s/);
  });
});

describe('sortedEntries', () => {
  it('sorts by code unit, capitals first and astral before the end of the plane', () => {
    const entries = sortedEntries({ b: '2', a: '1', B: '3', a1: '4', '\u{1f381}': '5', '\uffee': '6', _: '7' });
    expect(entries.map(([key]) => key)).toEqual(['B', '_', 'a', 'a1', 'b', '\u{1f381}', '\uffee']);
    expect(entries.map(([, value]) => value)).toEqual(['3', '7', '1', '4', '2', '5', '6']);
  });
});

describe('mask', () => {
  it('replaces every occurrence of every secret', () => {
    expect(mask('s3cret-x-s3cret', ['s3cret'])).toBe('•••-x-•••');
    expect(mask('a b', ['a', 'b'])).toBe('••• •••');
  });

  it('takes longer secrets first, so that no rest of one is left', () => {
    expect(mask('abcdef', ['abc', 'abcdef'])).toBe('•••');
    expect(mask('abcdef', ['abcdef', 'abc'])).toBe('•••');
  });

  it('leaves the text alone for an empty secret', () => {
    expect(mask('text', [''])).toBe('text');
  });

  it('takes secrets literally', () => {
    expect(mask('a.c abc $&', ['a.c', '$&'])).toBe('••• abc •••');
  });
});
