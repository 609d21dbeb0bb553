import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSign, compareText, looksLikeSign, unwrapped } from '../../../src/main/gateway/sign-compare.ts';
import { MASK } from '../../../src/main/vendors/shared/digest.ts';

const MD5 = '0cc175b9c0f1b6a831c399e269772661';

describe('a pasted sign', () => {
  it('is known from a signed text, with what copying puts around it taken off', () => {
    expect(unwrapped(` "${MD5}"\r\n`)).toBe(MD5);
    expect(unwrapped(`\ufeff'${MD5}'`)).toBe(MD5);
    expect([MD5, MD5.toUpperCase(), MD5 + MD5, MD5.slice(1)].every(looksLikeSign)).toBe(true);
    expect(['appId123', `sign=${MD5}`, `${MD5} `, 'a=1&b=2'].some(looksLikeSign)).toBe(false);
  });

  it('is the same, or differs from a character on that is pointed at', () => {
    expect(compareSign(MD5, MD5, true)).toMatchObject({ same: true, at: null });
    const other = `${MD5.slice(0, 5)}f${MD5.slice(6)}`;
    expect(compareSign(MD5, other, false)).toMatchObject({
      same: false,
      at: 6,
      ours: { before: MD5.slice(0, 5), code: 'U+0035' },
      theirs: { before: MD5.slice(0, 5), code: 'U+0066' },
    });
  });

  it('is explained by its case, its length or the expired time before anything else', () => {
    expect(compareSign(MD5, MD5.toUpperCase(), true).hint?.en).toContain('case');
    expect(compareSign(MD5, MD5 + MD5, true)).toMatchObject({ at: 33, ours: { from: '', code: null } });
    expect(compareSign(MD5, MD5 + MD5, true).hint?.en).toContain('SHA-256');
    const other = 'f'.repeat(32);
    expect(compareSign(MD5, other, true).hint?.en).toContain('expired');
    expect(compareSign(MD5, other, false).hint?.en).toContain('paste the text');
  });
});

describe('a pasted text', () => {
  const ours = `${MASK}appId9timestamp1000000000000${MASK}`;

  it('is the same with the secrets masked, and with the secrets left out', () => {
    expect(compareText(ours, ours, null).same).toBe(true);
    expect(compareText(ours, ours.replaceAll(MASK, ''), null).same).toBe(true);
  });

  it('that differs in the place of a secret is not sent back from there', () => {
    expect(compareText(ours, `WRONGappId9timestamp1000000000000WRONG`, null)).toMatchObject({
      at: 1,
      theirs: null,
      hint: { en: expect.stringContaining('secret') },
    });
    const atEnd = compareText(`a=1&key=${MASK}`, 'a=1&key=WRONG', null);
    expect(atEnd).toMatchObject({ at: 9, theirs: null });
    expect(JSON.stringify(atEnd)).not.toContain('WRONG');
  });

  it('that differs in the time is told so while ours is the expired one', () => {
    const theirs = ours.replace('1000000000000', '1714185061000');
    expect(compareText(ours, theirs, '1000000000000').hint?.en).toContain('time');
    expect(compareText(ours, theirs, null).hint).toBeNull();
  });

  it.each([
    ['a=1&b=x y', 'a=1&b=x%20y', 'URL escapes'],
    ['a=1&b=x y', 'a=1&b=x+y', 'URL escapes'],
    ['a=1&b=x', 'a=1&b=\u3000x', 'space'],
    ['a=1', 'a=1&b=2', 'goes on'],
    ['a=1&b=2', 'a=1', 'ends'],
  ])('says what a difference of %j and %j most likely is', (mine, theirs, word) => {
    expect(compareText(mine, theirs, null).hint?.en).toContain(word);
  });

  it('is pointed at where it first differs, whatever the texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (mine, theirs) => {
        const found = compareText(mine, theirs, null);
        const [a, b] = [[...mine], [...theirs]];
        const at = found.same ? Math.max(a.length, b.length) : (found.at ?? 0) - 1;
        expect(a.slice(0, at)).toEqual(b.slice(0, at));
        expect(a[at] === b[at]).toBe(found.same);
      }),
    );
  });
});
