import { describe, expect, it } from 'vitest';
import type { ErrorEntry } from '../../../../src/main/vendors/shared/errors.ts';
import { explain, findEntry, ownFailure, vendorWords } from '../../../../src/main/vendors/shared/errors.ts';

const remedy = { zh: '改 {1}', en: 'mend {1}' };
function entry(code: string, en: string, failureClass: ErrorEntry['class'] = 'input'): ErrorEntry {
  return { code, reading: { zh: `读 ${en}`, en }, remedy, class: failureClass };
}
const table = [
  entry('a.*', 'short'),
  entry('a.missing:*', 'missing {1}, {1}'),
  entry('a.missing:id', 'exact'),
  entry('*.end', 'tail {1}'),
  entry('x(1)+', 'literal'),
  entry('says', 'they say: {words}'),
];

describe('findEntry', () => {
  it.each([
    ['a.missing:id', 'exact'],
    ['A.MISSING:ID', 'exact'],
    ['a.missing:other', 'missing {1}, {1}'],
    ['a.else', 'short'],
    ['a.', 'short'],
    ['b.end', 'tail {1}'],
    ['x(1)+', 'literal'],
    ['a.line\nbreak', 'short'],
  ])('finds %j', (code, reading) => {
    expect(findEntry(table, code)?.reading.en).toBe(reading);
  });

  it.each(['', 'a', 'b.endless', 'x11', 'za.b'])('finds nothing for %j', (code) => {
    expect(findEntry(table, code)).toBeUndefined();
  });
});

describe('explain', () => {
  it('gives the vendor code and words with our reading, remedy and class', () => {
    expect(explain(table, 'a.missing:pageNo', 'page number is missing', { requestId: 'r-1' })).toEqual({
      code: 'a.missing:pageNo',
      message: 'page number is missing',
      class: 'input',
      reading: { zh: '读 missing pageNo, pageNo', en: 'missing pageNo, pageNo' },
      remedy: { zh: '改 pageNo', en: 'mend pageNo' },
      requestId: 'r-1',
    });
  });

  it('fills in words, or says that there are none', () => {
    expect(explain(table, 'says', 'no $& way').reading.en).toBe('they say: no $& way');
    expect(explain(table, 'says', '').reading).toEqual({ zh: '读 they say: （没有说明）', en: 'they say: (no words)' });
  });

  it('searches by the key and shows the code', () => {
    expect(explain(table, '400', 'Words.', { key: 'a.missing:id' })).toMatchObject({
      code: '400',
      reading: { en: 'exact' },
    });
  });

  it("shows the vendor's own words for an unknown code", () => {
    expect(explain(table, 'zz', '原话')).toEqual({
      code: 'zz',
      message: '原话',
      class: 'vendor',
      reading: {
        zh: '供应商的原话（文档没有列出）：原话',
        en: "The vendor's own words (not in its documents): 原话",
      },
      remedy: {
        zh: '请按原话处理；看不懂时，把代码和请求编号交给供应商客服',
        en: "Act on the vendor's words; if they are unclear, give the code and the request id to the vendor's support desk",
      },
    });
  });

  it('names the unknown code when there are no words, in the class asked for', () => {
    expect(explain(table, 'zz', ' ', { fallback: 'input', requestId: undefined })).toMatchObject({
      message: '',
      class: 'input',
      reading: {
        zh: '供应商返回了文档没有列出的代码 zz，没有说明',
        en: 'The vendor sent code zz, which its documents do not list, without words',
      },
    });
    expect(explain(table, 'zz', '')).not.toHaveProperty('requestId');
  });
});

describe('vendorWords', () => {
  it('takes control characters out and trims', () => {
    expect(vendorWords(' a\u001b[31mb\r\nc\u0000\u009bd ')).toBe('a [31mb c d');
  });

  it('cuts after 500 characters by code point', () => {
    expect(vendorWords('🎁'.repeat(500))).toBe('🎁'.repeat(500));
    expect(vendorWords('🎁'.repeat(501))).toBe(`${'🎁'.repeat(500)}…`);
  });
});

describe('ownFailure', () => {
  it('has our code and no words of the vendor', () => {
    const reading = { zh: '读', en: 'r' };
    expect(ownFailure('console.x', 'state', reading, remedy)).toEqual({
      code: 'console.x',
      message: '',
      class: 'state',
      reading,
      remedy,
    });
  });
});
