import type { CsvRecord } from '../csv.ts';
import type { CellMark } from './marks.ts';
import { dateText, numberMark, type Shape } from './formats.ts';
import { SHEET_ROWS } from './limits.ts';
import type { SheetPart, WorkbookParts } from './parts.ts';
import { damagedWorkbook, excessiveWorkbook, farCell } from './refusals.ts';
import { RichText, unescaped } from './strings.ts';
import { attributesOf, readXml, type XmlHandler } from './xml.ts';

/** Rows that are gathered before they are handed on. */
const BATCH_ROWS = 500;

/** A sheet's row: `line` is the number that the spreadsheet shows beside it. */
export type SheetRow = CsvRecord;

interface Cell {
  readonly column: number;
  /** The format's word for what its value is: `s` shared text, `n` number … */
  readonly type: string;
  readonly style: number;
  hasFormula: boolean;
}

/** A cell as a text, and what stands against taking it for what was typed. */
interface Read {
  readonly text: string;
  readonly mark: CellMark | null;
}

/** 0-based column of a reference such as `AB12`, and its row; null for what is none. */
export function cellPlace(reference: string): { readonly column: number; readonly row: number } | null {
  const found = /^([A-Z]{1,3})([1-9]\d{0,6})$/u.exec(reference);
  if (found === null) return null;
  let column = 0;
  for (const letter of found[1] ?? '') column = column * 26 + letter.charCodeAt(0) - 64;
  return { column: column - 1, row: Number(found[2]) };
}

/** Turns a sheet's XML into rows. Rows that are empty between two others are handed out, too; those before and after all others are not. */
export class SheetHandler implements XmlHandler {
  readonly #parts: WorkbookParts;
  readonly #sheet: string;
  #rows: SheetRow[] = [];
  #inData = false;
  /** Number of the present row, of the last one that was begun, and of the last one that had something in it. */
  #line = 0;
  #filledLine = 0;
  #inRow = false;
  #isHidden = false;
  #cells: string[] = [];
  #marks: Record<number, CellMark> | null = null;
  #nextColumn = 0;
  #cell: Cell | null = null;
  #inValue = false;
  #value = '';
  #inline: RichText | null = null;
  /** Rows with something in them, and how many of those the spreadsheet does not show. */
  filled = 0;
  hidden = 0;

  constructor(parts: WorkbookParts, sheet: string) {
    this.#parts = parts;
    this.#sheet = sheet;
  }

  /** The rows since the last call. */
  take(): SheetRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  /** How many rows wait to be taken. */
  get waiting(): number {
    return this.#rows.length;
  }

  open(name: string, attributes: string): void {
    if (this.#cell !== null) this.#openInCell(name);
    else if (name === 'c' && this.#inRow) this.#openCell(attributes);
    else if (name === 'row' && this.#inData) this.#openRow(attributes);
    else if (name === 'sheetData') this.#inData = true;
  }

  close(name: string): void {
    if (this.#cell !== null) this.#closeInCell(name);
    else if (name === 'row' && this.#inRow) this.#closeRow();
    else if (name === 'sheetData') this.#inData = false;
  }

  text(text: string): void {
    if (this.#cell === null) return;
    let length = 0;
    if (this.#inValue) {
      this.#value += text;
      length = this.#value.length;
    } else if (this.#inline !== null) length = this.#inline.add(text);
    const { archive } = this.#parts;
    if (length <= archive.limits.cellChars) return;
    throw excessiveWorkbook(archive.file, {
      zh: `第 ${this.#line} 行有一个单元格超过 ${archive.limits.cellChars} 个字符`,
      en: `a cell of row ${this.#line} has more than ${archive.limits.cellChars} characters`,
    });
  }

  #openRow(text: string): void {
    const { r, hidden } = attributesOf(text);
    const line = r === undefined ? this.#line + 1 : Number(r);
    if (!Number.isInteger(line) || line <= this.#line || line > SHEET_ROWS) {
      throw this.#damaged(
        `第 ${this.#line} 行之后的行号不对`,
        `the number of the row after row ${this.#line} is wrong`,
      );
    }
    this.#line = line;
    this.#inRow = true;
    this.#isHidden = hidden === '1' || hidden === 'true';
    this.#cells = [];
    this.#marks = null;
    this.#nextColumn = 0;
  }

  #closeRow(): void {
    this.#inRow = false;
    if (this.#cells.length === 0) return;
    const gap = this.#line - this.#filledLine - 1;
    if (this.filled > 0) {
      const { file, limits } = this.#parts.archive;
      if (gap > limits.gapRows) {
        const column = this.#cells.findIndex((_, at) => this.#isFilled(at));
        throw farCell(file, this.#sheet, column, this.#line);
      }
      for (let line = this.#filledLine + 1; line < this.#line; line += 1)
        this.#rows.push({ line, cells: [], fault: null });
    }
    this.filled += 1;
    if (this.#isHidden) this.hidden += 1;
    this.#filledLine = this.#line;
    const marks = this.#marks === null ? {} : { marks: this.#marks };
    this.#rows.push({ line: this.#line, cells: this.#cells, fault: null, ...marks });
  }

  #openCell(text: string): void {
    const { r, t = 'n', s = '0' } = attributesOf(text);
    const place = r === undefined ? { column: this.#nextColumn, row: this.#line } : cellPlace(r);
    if (place?.row !== this.#line) {
      throw this.#damaged(`第 ${this.#line} 行有位置不对的单元格`, `a cell of row ${this.#line} is out of its place`);
    }
    this.#nextColumn = place.column + 1;
    this.#cell = { column: place.column, type: t, style: Number(s), hasFormula: false };
    this.#value = '';
    this.#inline = null;
  }

  #openInCell(name: string): void {
    if (this.#inline !== null) this.#inline.open(name);
    else if (name === 'v') this.#inValue = true;
    else if (name === 'is') this.#inline = new RichText();
    else if (name === 'f' && this.#cell !== null) this.#cell.hasFormula = true;
  }

  #closeInCell(name: string): void {
    if (name === 'v') this.#inValue = false;
    else if (name === 'c') this.#closeCell();
    else this.#inline?.close(name);
  }

  #closeCell(): void {
    const cell = this.#cell;
    this.#cell = null;
    if (cell === null) return;
    const { text, mark } = this.#read(cell);
    if (text === '' && mark === null) return;
    const { file, limits } = this.#parts.archive;
    if (cell.column >= limits.columns) throw farCell(file, this.#sheet, cell.column, this.#line);
    while (this.#cells.length < cell.column) this.#cells.push('');
    if (this.#isFilled(cell.column)) {
      throw this.#damaged(`第 ${this.#line} 行有重复的单元格`, `row ${this.#line} has two cells of one place`);
    }
    this.#cells[cell.column] = text;
    if (mark !== null) (this.#marks ??= {})[cell.column] = mark;
  }

  /** Whether the present row has something at a column, be it only a formula that nobody has worked out. */
  #isFilled(column: number): boolean {
    return (this.#cells[column] ?? '') !== '' || this.#marks?.[column] !== undefined;
  }

  #read(cell: Cell): Read {
    if (cell.type === 'inlineStr') return { text: this.#inline?.take() ?? '', mark: null };
    const raw = this.#value;
    // A formula that no program has worked out yet.
    if (cell.hasFormula && raw === '' && cell.type !== 'str') return { text: '', mark: 'formula' };
    switch (cell.type) {
      case 's':
        return { text: raw === '' ? '' : this.#shared(raw), mark: null };
      case 'str':
        // A formula's text is used as it was worked out.
        return { text: unescaped(raw), mark: null };
      case 'b':
        return { text: raw === '1' ? 'TRUE' : 'FALSE', mark: 'boolean' };
      case 'e':
        return { text: raw, mark: 'error' };
      case 'd':
        return { text: raw, mark: 'date' };
      default:
        return raw === '' ? { text: '', mark: null } : this.#number(raw.trim(), cell);
    }
  }

  #number(raw: string, { style, hasFormula }: Cell): Read {
    const shape: Shape = this.#parts.shapes[style] ?? 'general';
    const mark = numberMark(raw, shape);
    const text = mark === 'date' ? dateText(raw, this.#parts.from1904) : raw;
    return { text, mark: mark === 'date' || !hasFormula ? mark : 'formula' };
  }

  #shared(raw: string): string {
    const text = this.#parts.strings?.at(Number(raw)) ?? null;
    if (text === null) {
      throw this.#damaged(
        `第 ${this.#line} 行引用的共享文字不存在`,
        `row ${this.#line} names a shared text that is not there`,
      );
    }
    return text;
  }

  #damaged(zh: string, en: string): Error {
    const { file } = this.#parts.archive;
    return damagedWorkbook(file, { zh: `工作表“${this.#sheet}”${zh}`, en: `in sheet "${this.#sheet}" ${en}` });
  }
}

/**
 * Reads a sheet to its end; `onRows` is given the rows as they come and ends the reading by answering false. Answers how many rows have
 * something in them and how many of those are hidden. Throws INTAKE_MALFORMED.
 */
export async function readSheet(
  parts: WorkbookParts,
  sheet: SheetPart,
  onRows: (rows: SheetRow[]) => boolean | Promise<boolean>,
): Promise<{ readonly filled: number; readonly hidden: number }> {
  const handler = new SheetHandler(parts, sheet.name);
  await readXml(parts.archive, sheet.entry, handler, () => handler.waiting < BATCH_ROWS || onRows(handler.take()));
  if (handler.waiting > 0) await onRows(handler.take());
  return { filled: handler.filled, hidden: handler.hidden };
}
