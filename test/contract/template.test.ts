import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindTemplate, fillTemplate, parseTemplate, templateText } from '../../src/contract/template.ts';

const HEADER = ['订单号', '物流单号', ' Carrier ', 'note'];

/** The text with a row's cells filled in, or the code of what is wrong. */
function filled(text: string, cells: readonly string[], header: readonly string[] | null = HEADER): string {
  const parsed = parseTemplate(text);
  const bound = parsed.ok ? bindTemplate(parsed.template, header) : parsed;
  if (!bound.ok) return bound.fault.code;
  const made = fillTemplate(bound.bound, (column) => cells[column] ?? '');
  return made.ok ? made.text : made.fault.code;
}

describe('a template', () => {
  const cells = ['1', ' SF100 ', '顺丰', ''];

  it('is filled in from the columns that it names, by their names but for case, spaces and full-width signs', () => {
    expect(filled('已发货 {物流单号}（{carrier}）', cells)).toBe('已发货 SF100（顺丰）');
    expect(filled('{ＣＡＲＲＩＥＲ}{ 物流单号 }', cells)).toBe('顺丰SF100');
    expect(filled('no placeholder', cells)).toBe('no placeholder');
  });

  it('has braces by doubling them, and fills a cell’s own braces in as they are', () => {
    expect(filled('{{{物流单号}}}', cells)).toBe('{SF100}');
    expect(filled('{{物流单号}}', cells)).toBe('{物流单号}');
    expect(filled('{物流单号}', ['', '{note}'])).toBe('{note}');
  });

  it.each([
    ['an unknown column', '{运单}', 'template.column'],
    ['a column without a header', '{A}', 'template.column'],
    ['an empty cell', 'x {note}', 'template.empty'],
    ['a brace that is not closed', 'a {物流单号', 'template.braces'],
    ['a brace that is not opened', 'a } b', 'template.braces'],
    ['a brace within a name', '{a{b}', 'template.braces'],
    ['no name', '{ }', 'template.empty_name'],
  ])('names %s and is not filled in', (_what, text, code) => {
    expect(filled(text, cells, text === '{A}' ? null : HEADER)).toBe(code);
  });

  it('names a column that there is twice, unless one has the very name', () => {
    expect(filled('{x}', ['1', '2'], ['X', 'x '])).toBe('2');
    expect(filled('{x}', ['1', '2'], ['x', 'x'])).toBe('template.ambiguous');
  });

  it('is the same text again, and is filled in for every name and every cell that is not empty', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 8 })
      .filter((one) => !/[{}]/.test(one) && one.trim() !== '' && one === one.trim());
    const cell = fc.string({ minLength: 1, maxLength: 12 }).filter((one) => one.trim() !== '');
    const rows = fc.uniqueArray(fc.tuple(name, cell, fc.string({ maxLength: 6 })), {
      minLength: 1,
      maxLength: 5,
      selector: ([one]) =>
        one
          .normalize('NFKC')
          .toLowerCase()
          .replaceAll(/[\s\p{Cf}]/gu, ''),
    });
    fc.assert(
      fc.property(rows, (parts) => {
        const text = parts.map(([one, , plain]) => `${plain.replaceAll(/[{}]/g, '$&$&')}{${one}}`).join('');
        const parsed = parseTemplate(text);
        expect(parsed.ok && templateText(parsed.template)).toBe(text);
        const header = parts.map(([one]) => one);
        const cells = parts.map(([, one]) => one);
        expect(filled(text, cells, header)).toBe(parts.map(([, one, plain]) => plain + one.trim()).join(''));
      }),
    );
  });
});
