import { describe, expect, it } from 'vitest';
import { columnLetters, rowProblem } from '../../../../src/main/jobs/intake/problems.ts';

describe('columnLetters', () => {
  it.each([
    [0, 'A'],
    [25, 'Z'],
    [26, 'AA'],
    [51, 'AZ'],
    [52, 'BA'],
    [701, 'ZZ'],
    [702, 'AAA'],
    [16_383, 'XFD'],
  ])('%i is %s', (index, letters) => {
    expect(columnLetters(index)).toBe(letters);
  });
});

describe('rowProblem', () => {
  it('puts line and column before the message and keeps the rest', () => {
    const problem = { code: 'c', field: 'f', message: { zh: '错', en: 'wrong' } };
    expect(rowProblem(7, 2, problem)).toEqual({
      code: 'c',
      field: 'f',
      message: { zh: '第 7 行 C 列：错', en: 'Line 7, column C: wrong' },
    });
    expect(rowProblem(7, null, problem).message).toEqual({ zh: '第 7 行：错', en: 'Line 7: wrong' });
  });
});
