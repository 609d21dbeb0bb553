import type { Field } from '../../../contract/vendor.ts';
import { originalCells, ownLayout } from '../export/cells.ts';
import type { OwnLayout } from '../export/cells.ts';
import { problemOf } from '../../vendors/shared/check.ts';
import type { Problem, Settings, UpdateOperation, UpdateRow, Values } from '../../vendors/types.ts';
import type { IntakeRow } from '../types.ts';
import { isBlank } from './csv.ts';
import type { CsvRecord } from './csv.ts';
import type { OpenedInput } from './input.ts';
import { fillRow, type FilledField } from './filled.ts';
import { orderDamage, unwrapped } from './order.ts';
import { markProblem } from './workbook/marks.ts';
import { emptyError, rowProblem } from './problems.ts';

/** Most rows of a batch: few, so that little is alive, and copied about by the garbage collector, while the database is waited for. */
export const BATCH_ROWS = 100;

export interface RowOptions {
  readonly operation: UpdateOperation;
  readonly params: Values;
  readonly settings: Settings;
  /** 0-based column by field id, of the original columns. */
  readonly mapping: Readonly<Record<string, number>>;
  readonly hasHeader: boolean;
  /** The vendor's time now, ms, and when the console first saw an order; needed for operations with a deadline. */
  readonly clock?: { readonly nowMs: number; readonly seenAtMs: (order: string) => number };
  /** A field that a template fills in; its column, should it have one, is not used. */
  readonly filled?: FilledField | null;
  /** Told of each warning of a row that is fit to be sent. */
  readonly onWarning?: (line: number, warning: Problem) => void;
}

/** Most characters of a mapped cell: no vendor takes more, and the checks are not made for megabytes. */
export const CELL_CHARS = 10_000;

/** How an intake ended up. `total` is the number of rows that were handed out: all data rows, blank ones counted. */
export interface IntakeSummary {
  readonly total: number;
  readonly fit: number;
  readonly setAside: number;
  readonly byProblem: Readonly<Record<string, number>>;
}

/** Adds a batch to a summary. */
export function summarise(before: IntakeSummary, rows: readonly IntakeRow[]): IntakeSummary {
  const byProblem: Record<string, number> = { ...before.byProblem };
  let setAside = before.setAside;
  for (const { problem } of rows) {
    if (problem === null) continue;
    setAside += 1;
    byProblem[problem.code] = (byProblem[problem.code] ?? 0) + 1;
  }
  const total = before.total + rows.length;
  return { total, fit: total - setAside, setAside, byProblem };
}

/** A summary of nothing yet. */
export const NO_ROWS: IntakeSummary = { total: 0, fit: 0, setAside: 0, byProblem: {} };

/**
 * Every data row of the input exactly once, in order, in batches of at most `BATCH_ROWS`. A row that cannot be sent carries its problem
 * and never ends the reading. Throws INTAKE_EMPTY when there is no data row, and what `records` throws.
 */
export async function* readRows(input: OpenedInput, options: RowOptions): AsyncGenerator<IntakeRow[]> {
  const reader = new RowReader(input, options);
  let total = 0;
  for await (const records of input.records()) {
    for (let at = 0; at < records.length; at += BATCH_ROWS) {
      const rows: IntakeRow[] = [];
      for (const record of records.slice(at, at + BATCH_ROWS)) {
        const row = reader.row(record);
        if (row !== null) rows.push(row);
      }
      total += rows.length;
      if (rows.length > 0) yield rows;
    }
  }
  if (total === 0) throw emptyError(input.name, true);
}

interface MappedField {
  readonly field: Field;
  readonly column: number;
}

/** Turns records into rows, one after the other. */
class RowReader {
  readonly #options: RowOptions;
  readonly #sheet: string | null;
  readonly #layout: OwnLayout | null;
  /** Cells that a record may have. */
  readonly #width: number;
  readonly #fields: readonly MappedField[];
  #headerPending: boolean;

  constructor({ first, sheet }: OpenedInput, options: RowOptions) {
    this.#options = options;
    this.#sheet = sheet;
    this.#layout = options.hasHeader ? ownLayout(first.cells) : null;
    // In a sheet every cell has its place: one beside the table shifts nothing.
    this.#width = sheet === null ? (this.#layout?.originals.length ?? first.cells.length) : Infinity;
    this.#headerPending = options.hasHeader;
    this.#fields = options.operation.rowFields.flatMap((field) => {
      const column = options.mapping[field.id];
      return column === undefined || field.id === options.filled?.field.id ? [] : [{ field, column }];
    });
  }

  /** The record's row; null for the header. */
  row(record: CsvRecord): IntakeRow | null {
    if (this.#headerPending && !isBlank(record.cells)) {
      this.#headerPending = false;
      return null;
    }
    const cells = this.#original(record);
    const shape = this.#shapeProblem(record, cells);
    if (shape !== null || cells === null) return setAside(record.line, cells ?? record.cells, '', shape);
    return this.#checked(record.line, cells, record.marks);
  }

  /** A problem at a column of the original cells, named by where it stands in the file. */
  #at(line: number, column: number | null, problem: Problem): Problem {
    return rowProblem(line, column === null ? null : this.#inFile(column), problem, this.#sheet);
  }

  /** Where a column of the original cells stands in the file: in an export of ours elsewhere, when somebody has moved its columns. */
  #inFile(column: number): number {
    return this.#layout?.originals[column] ?? column;
  }

  #original(record: CsvRecord): readonly string[] | null {
    if (this.#layout === null || record.cells.length === 0) return record.cells;
    return record.cells.length > this.#layout.width ? null : originalCells(record.cells, this.#layout);
  }

  #shapeProblem(record: CsvRecord, cells: readonly string[] | null): Problem | null {
    const { line, fault } = record;
    if (fault !== null) {
      const problem = {
        code: 'malformed',
        message: {
          zh: `第 ${fault.openedLine} 行开始的引号在第 ${fault.closedLine} 行结束后还有文字；请改正引号（单元格里的引号要写两个）`,
          en: `there is text after the closing quote (opened on line ${fault.openedLine}, closed on line ${fault.closedLine}); mend the quotes (a quote inside a cell is written twice)`,
        },
      };
      return rowProblem(line, fault.column, problem, this.#sheet);
    }
    if (cells === null) {
      return this.#at(line, null, {
        code: 'malformed',
        message: {
          zh: '这一行与本软件导出的格式不符；请从原文件重新导入',
          en: 'the row does not fit the form of our own export any more; import it from the original file',
        },
      });
    }
    if (isBlank(cells)) {
      return this.#at(line, null, { code: 'blank', message: { zh: '空行', en: 'the row is blank' } });
    }
    if (cells.length <= this.#width) return null;
    return this.#at(line, null, {
      code: 'malformed',
      message: {
        zh: `有 ${cells.length} 个单元格，比第一行的 ${this.#width} 个多，内容可能错位；含分隔符的单元格要加引号`,
        en: `has ${cells.length} cells, the first row has ${this.#width}, so that contents may be shifted; a cell with a delimiter inside must be quoted`,
      },
    });
  }

  #checked(line: number, cells: readonly string[], marks: CsvRecord['marks']): IntakeRow {
    const { operation, params, settings, onWarning } = this.#options;
    const values: Record<string, string> = {};
    let order = '';
    for (const { field, column } of this.#fields) {
      const mark = marks === undefined ? null : this.#markOf(marks, column, field);
      if (mark !== null) return setAside(line, cells, '', this.#at(line, column, mark));
      const cell = cells[column] ?? '';
      if (cell.length > CELL_CHARS) return setAside(line, cells, '', this.#at(line, column, tooLong(field)));
      const value = field.kind === 'text' ? cell : unwrapped(cell);
      const problem = damageOf(cell, value, field);
      if (problem !== null) return setAside(line, cells, '', this.#at(line, column, problem));
      if (field.kind === 'order') order = value;
      values[field.id] = value;
    }
    const { filled } = this.#options;
    if (filled) {
      for (const part of filled.bound.parts) {
        const mark =
          part.kind === 'text' || marks === undefined ? null : this.#markOf(marks, part.column, filled.field);
        if (mark !== null && part.kind !== 'text')
          return setAside(line, cells, order, this.#at(line, part.column, mark));
      }
      const made = fillRow(filled, cells);
      if ('problem' in made) return setAside(line, cells, order, this.#at(line, made.column, made.problem));
      if (made.text.length > CELL_CHARS)
        return setAside(line, cells, order, this.#at(line, null, tooLong(filled.field)));
      values[filled.field.id] = made.text;
    }
    const checked = operation.checkRow(values, params, settings);
    if (!checked.ok) return setAside(line, cells, order, this.#joined(line, checked.problems));
    const { row, late } = timed(checked.value, this.#options);
    if (late !== null) return setAside(line, cells, row.order, this.#at(line, null, late));
    for (const warning of checked.warnings) onWarning?.(line, this.#at(line, this.#columnOf(warning), warning));
    return { line, cells, order: row.order, values: row.values, problem: null };
  }

  /** What a spreadsheet made of a field's cell. */
  #markOf(marks: NonNullable<CsvRecord['marks']>, column: number, field: Field): Problem | null {
    const mark = marks[this.#inFile(column)];
    return mark === undefined ? null : markProblem(mark, field);
  }

  #columnOf(problem: Problem): number | null {
    return this.#fields.find(({ field }) => field.id === problem.field)?.column ?? null;
  }

  /** All of a row's problems as one: the first's code and field, every message. */
  #joined(line: number, problems: readonly Problem[]): Problem {
    const [first, ...rest] = problems.map((problem) => this.#at(line, this.#columnOf(problem), problem));
    if (first === undefined) throw new TypeError('a refused row without a problem');
    return {
      ...first,
      message: {
        zh: [first, ...rest].map((one) => one.message.zh).join('；'),
        en: [first, ...rest].map((one) => one.message.en).join('; '),
      },
    };
  }
}

/** The row with the time at which its order was first seen, where its operation has a deadline, and the problem of one that is past it. */
function timed(
  row: UpdateRow,
  { operation: { deadline }, params, clock }: RowOptions,
): { readonly row: UpdateRow; readonly late: Problem | null } {
  if (deadline === undefined || clock === undefined) return { row, late: null };
  const seen = deadline.seen(row, clock.seenAtMs(row.order));
  if ((deadline.of(seen, params)?.atMs ?? Infinity) > clock.nowMs) return { row: seen, late: null };
  const { code, reading, remedy } = deadline.tooLate;
  const message = { zh: `${reading.zh}；${remedy.zh}`, en: `${reading.en}; ${remedy.en}` };
  return { row: seen, late: { code, message } };
}

function setAside(line: number, cells: readonly string[], order: string, problem: Problem | null): IntakeRow {
  return { line, cells, order, values: null, problem };
}

/** What is wrong with a cell before the vendor's own rules. */
export function damageOf(cell: string, value: string, field: Field): Problem | null {
  if (cell.includes('\uFFFD')) return lostText(field);
  return field.kind === 'order' ? orderDamage(value, field) : null;
}

export function tooLong(field: Field): Problem {
  return problemOf('field.too_long', field, {
    zh: `超过 ${CELL_CHARS} 个字符；请检查是否缺少引号或列错位`,
    en: `has more than ${CELL_CHARS} characters; look for a missing quote or shifted columns`,
  });
}

function lostText(field: Field): Problem {
  return {
    code: 'damaged_text',
    field: field.id,
    message: {
      zh: `${field.names.zh}：含有“\uFFFD”，文字在之前的转换中已经损坏；请从原始系统重新导出`,
      en: `${field.names.en}: holds "\uFFFD", so that its text was lost in an earlier conversion; export it again from its source`,
    },
  };
}
