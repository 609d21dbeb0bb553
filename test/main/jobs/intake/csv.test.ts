import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/contract/errors.ts';
import { csvRecord } from '../../../../src/main/jobs/export/cells.ts';
import { CsvParser } from '../../../../src/main/jobs/intake/csv.ts';
import type { CsvRecord, Delimiter } from '../../../../src/main/jobs/intake/csv.ts';

function parse(text: string, delimiter: Delimiter = ',', step = text.length): CsvRecord[] {
  const parser = new CsvParser(delimiter);
  const records: CsvRecord[] = [];
  for (let at = 0; at < text.length; at += Math.max(1, step)) records.push(...parser.push(text.slice(at, at + step)));
  return [...records, ...parser.end()];
}

function cellsOf(text: string, delimiter: Delimiter = ','): (readonly string[])[] {
  return parse(text, delimiter).map((record) => record.cells);
}

function errorOf(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('CsvParser', () => {
  it.each<[string, string, string[][]]>([
    [
      'cells and lines',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a last line without an end',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['empty cells at either side', ',a,\n', [['', 'a', '']]],
    ['a last empty cell without a line end', 'a,', [['a', '']]],
    ['an empty line', 'a\n\nb\n', [['a'], [], ['b']]],
    ['an empty quoted cell is a cell', '""\n', [['']]],
    ['an empty quoted cell at the end', 'a,""', [['a', '']]],
    ['doubled quotes', '"a""b"\n', [['a"b']]],
    ['only a quoted quote', '""""', [['"']]],
    ['a delimiter inside quotes', '"a,b",c', [['a,b', 'c']]],
    ['a quote inside an unquoted cell', 'a"b,5"\n', [['a"b', '5"']]],
    ['="…" unquoted', '="0123",x', [['="0123"', 'x']]],
    ['="…" quoted', '"=""0123""",x', [['="0123"', 'x']]],
    ['spaces are kept', ' a , b ', [[' a ', ' b ']]],
    ['only delimiters', ',,,', [['', '', '', '']]],
    ['a line break inside quotes', '"a\r\nb",c\r\n', [['a\r\nb', 'c']]],
  ])('reads %s', (_, text, cells) => {
    expect(cellsOf(text)).toEqual(cells);
  });

  it('reads tabs and semicolons', () => {
    expect(cellsOf('a\tb,c\n', '\t')).toEqual([['a', 'b,c']]);
    expect(cellsOf('a;b,c\n', ';')).toEqual([['a', 'b,c']]);
  });

  it('reads nothing from nothing', () => {
    expect(parse('')).toEqual([]);
  });

  it('counts CRLF, CR and LF as one line end each, inside quotes too', () => {
    const text = 'a\r\nb\rc\n"d\r\ne\rf\ng"\n\n"h"\r\r\ni';
    const expected = [
      [1, ['a']],
      [2, ['b']],
      [3, ['c']],
      [4, ['d\r\ne\rf\ng']],
      [8, []],
      [9, ['h']],
      [10, []],
      [11, ['i']],
    ];
    for (let step = 1; step <= text.length; step += 1) {
      expect(parse(text, ',', step).map((record) => [record.line, record.cells])).toEqual(expected);
    }
  });

  it('tells text after a closing quote, with the lines where the quote opened and closed', () => {
    expect(parse('a,b\nx,"1\n2" y,z\nok,fine\n')).toEqual([
      { line: 1, cells: ['a', 'b'], fault: null },
      { line: 2, cells: ['x', '1\n2 y', 'z'], fault: { column: 1, openedLine: 2, closedLine: 3 } },
      { line: 4, cells: ['ok', 'fine'], fault: null },
    ]);
  });

  it('names the line where an unclosed quote opened', () => {
    const error = errorOf(() => parse('a,b\nc,"d\ne,f\n'));
    expect(error.code).toBe('INTAKE_MALFORMED');
    expect(error.data).toEqual({ line: 2 });
    expect(error.text.message).toEqual({
      zh: '第 2 行的引号没有结束',
      en: 'The quote that opens on line 2 is never closed.',
    });
  });

  it('begins its count at the line it is told', () => {
    const parser = new CsvParser(',', 2);
    expect([...parser.push('a\nb'), ...parser.end()].map((record) => record.line)).toEqual([2, 3]);
    expect(parser.line).toBe(3);
  });

  it('reads a line of 10 MB, and 100,000 quotes', () => {
    const long = 'x'.repeat(10_000_000);
    const records = parse(`a,${long}\nb,c\n`, ',', 65_536);
    expect(records.map((record) => record.cells.map((cell) => cell.length))).toEqual([
      [1, 10_000_000],
      [1, 1],
    ]);
    const quotes = '"'.repeat(100_000);
    expect(parse(quotes, ',', 1_000)[0]?.cells[0]).toBe('"'.repeat(49_999));
    expect(errorOf(() => parse(`${quotes}"`)).data).toEqual({ line: 1 });
  });

  it('refuses a record beyond its limits, and takes one at them', () => {
    const limits = { recordChars: 10, cells: 3 };
    expect(new CsvParser(',', 1, limits).push('a,b,c\n')).toHaveLength(1);
    expect(errorOf(() => new CsvParser(',', 1, limits).push('a\nb,c,d,\n')).data).toEqual({ line: 2 });
    const fits = new CsvParser(',', 1, limits);
    fits.push('a\n12345');
    expect(fits.push('67890')).toEqual([]);
    expect(errorOf(() => fits.push('1')).text.message.en).toBe(
      'The row that begins on line 2 is too long for a table.',
    );
    const open = new CsvParser(',', 1, limits);
    open.push('a\nb\n"12');
    expect(errorOf(() => open.push('12345678')).text.message.en).toBe(
      'The quote that opens on line 3 is never closed.',
    );
    const many = new CsvParser(',', 1, limits);
    for (let row = 0; row < 20; row += 1) expect(many.push('1234\n')).toHaveLength(1);
  });

  it('reads back any cells, at any cut', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '中', ' '), maxLength: 6 }),
    );
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    const property = fc.property(
      table,
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('\n', '\r', '\r\n'),
      (rows, step, end) => {
        const text = rows.map((row) => csvRecord(row) + end).join('');
        const records = parse(text, ',', step);
        expect(records.map((record) => record.cells)).toEqual(rows);
        expect(records.every((record) => record.fault === null)).toBe(true);
        let line = 1;
        for (const [index, row] of rows.entries()) {
          expect(records[index]?.line).toBe(line);
          line += 1 + row.join('').split(/\r\n|\r|\n/u).length - 1 - seamsOf(row);
        }
      },
    );
    fc.assert(property, { seed: 1, numRuns: 300 });
  });

  it('gives the same for any cut of any text', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '='), maxLength: 40 });
    const outcome = (input: string, step: number): unknown => {
      try {
        return parse(input, ',', step);
      } catch (error) {
        return error instanceof AppError ? error.data : error;
      }
    };
    const property = fc.property(text, fc.integer({ min: 1, max: 5 }), (input, step) => {
      expect(outcome(input, step)).toEqual(outcome(input, input.length));
    });
    fc.assert(property, { seed: 1, numRuns: 300 });
  });
});

/** CR at the end of one cell and LF at the beginning of the next are two line ends, which joining makes one. */
function seamsOf(row: readonly string[]): number {
  const apart = row.reduce((sum, cell) => sum + cell.split(/\r\n|\r|\n/u).length - 1, 0);
  return row.join('').split(/\r\n|\r|\n/u).length - 1 - apart;
}
