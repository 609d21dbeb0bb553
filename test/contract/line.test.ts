import { expect, it } from 'vitest';
import { withLine } from '../../src/contract/line.ts';
import { rowProblem } from '../../src/main/jobs/intake/problems.ts';

const MESSAGE = { zh: '不对', en: 'is wrong' };
const problem = { code: 'x', field: 'note', message: MESSAGE };

it('names the line of a message that does not', () => {
  expect(withLine(2, MESSAGE)).toEqual({ zh: '第 2 行：不对', en: 'Line 2: is wrong' });
});

it.each([
  ['of a text', null, null],
  ['of a text, with a column', 3, null],
  ['of a workbook', null, 'Orders'],
  ['of a workbook whose sheet has a quote in its name', 3, 'a "b", line 9'],
] as const)('leaves a row’s problem %s, which names it', (_what, column, sheet) => {
  const { message } = rowProblem(2, column, problem, sheet);
  expect(withLine(2, message)).toEqual(message);
});

it('takes no other line for it', () => {
  expect(withLine(2, { zh: '第 25 行', en: 'Line 25, above' }).en).toBe('Line 2: Line 25, above');
});
