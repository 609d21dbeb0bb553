import { malformedError } from './problems.ts';
import type { CellMark } from './workbook/marks.ts';

/** What is wrong with a record although it could be read to its end. */
export interface RecordFault {
  /** 0-based cell after whose closing quote there is more text. */
  readonly column: number;
  /** Lines where that quote opened and closed. */
  readonly openedLine: number;
  readonly closedLine: number;
}

/** One record of the input, cells as they stand. No cells: an empty line. */
export interface CsvRecord {
  /** Line where it begins, 1-based. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly fault: RecordFault | null;
  /** Of a workbook's row: what its spreadsheet made of some cells, by their 0-based column. */
  readonly marks?: Readonly<Record<number, CellMark>>;
}

/** Whether a record has nothing but spaces in it. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

export type Delimiter = ',' | '\t' | ';';

export interface CsvLimits {
  /** Most characters of a record: an unclosed quote must not swallow a file into memory. */
  readonly recordChars: number;
  /** Most cells of a record (Excel's own limit): more is no table. */
  readonly cells: number;
}
export const CSV_LIMITS: CsvLimits = { recordChars: 32 * 1024 * 1024, cells: 16_384 };

const QUOTE = 34;
const LF = 10;
const CR = 13;

type State = 'start' | 'plain' | 'quoted' | 'quote';

/**
 * Reads CSV piece by piece, at any cut (RFC 4180, and CR or LF alone as line ends). A quote inside an unquoted cell is an ordinary
 * character. Text after a closing quote is kept in the cell and told as the record's fault.
 */
export class CsvParser {
  readonly #delimiter: number;
  readonly #limits: CsvLimits;
  #state: State = 'start';
  #cells: string[] = [];
  /** The present cell's text from before the present position. */
  #cell = '';
  #fault: RecordFault | null = null;
  #line: number;
  #recordLine: number;
  #quoteLine = 0;
  /** The last character was CR: an LF now belongs to it. */
  #afterCr = false;
  #recordChars = 0;

  constructor(delimiter: Delimiter, firstLine = 1, limits: CsvLimits = CSV_LIMITS) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#line = firstLine;
    this.#recordLine = firstLine;
    this.#limits = limits;
  }

  /** The line that the next character stands on. */
  get line(): number {
    return this.#line;
  }

  /** Reads a piece and returns the records that it completes. Throws INTAKE_MALFORMED beyond a limit. */
  push(text: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    let at = 0;
    if (this.#afterCr && text.length > 0) {
      this.#afterCr = false;
      // Inside quotes the LF is still part of the cell; it only is no new line.
      if (text.charCodeAt(0) === LF) {
        if (this.#state === 'quoted') this.#cell += '\n';
        at = 1;
      }
    }
    let complete = 0;
    while (at < text.length) {
      const before = records.length;
      switch (this.#state) {
        case 'start':
          if (text.charCodeAt(at) === QUOTE) {
            this.#state = 'quoted';
            this.#quoteLine = this.#line;
            at += 1;
          } else this.#state = 'plain';
          break;
        case 'plain':
          at = this.#plain(text, at, records);
          break;
        case 'quoted':
          at = this.#quoted(text, at);
          break;
        case 'quote':
          at = this.#afterQuote(text, at, records);
          break;
      }
      if (records.length > before) complete = at;
    }
    this.#recordChars = records.length > 0 ? text.length - complete : this.#recordChars + text.length;
    if (this.#recordChars > this.#limits.recordChars) throw this.#tooLong();
    return records;
  }

  /** The end of the input: returns the last record when its line has no end. Throws INTAKE_MALFORMED on an unclosed quote. */
  end(): CsvRecord[] {
    if (this.#state === 'quoted') throw this.#unclosed();
    if (this.#state === 'start' && this.#cells.length === 0) return [];
    const records: CsvRecord[] = [];
    this.#endCell();
    this.#endRecord(records);
    return records;
  }

  #plain(text: string, from: number, records: CsvRecord[]): number {
    const delimiter = this.#delimiter;
    let at = from;
    let code = 0;
    for (; at < text.length; at += 1) {
      code = text.charCodeAt(at);
      if (code === delimiter || code === LF || code === CR) break;
    }
    this.#cell = this.#cell === '' ? text.slice(from, at) : this.#cell + text.slice(from, at);
    if (at === text.length) return at;
    if (code === delimiter) {
      this.#endCell();
      return at + 1;
    }
    if (this.#cells.length > 0 || at > from || this.#cell !== '') this.#endCell();
    return this.#endLine(text, at, code, records);
  }

  #endLine(text: string, at: number, code: number, records: CsvRecord[]): number {
    this.#line += 1;
    this.#endRecord(records);
    if (code === LF) return at + 1;
    if (at + 1 === text.length) {
      this.#afterCr = true;
      return at + 1;
    }
    return text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
  }

  #quoted(text: string, from: number): number {
    let at = from;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) break;
      if (code === CR) {
        this.#line += 1;
        if (at + 1 === text.length) this.#afterCr = true;
        else if (text.charCodeAt(at + 1) === LF) at += 1;
      } else if (code === LF) this.#line += 1;
    }
    this.#cell += text.slice(from, at);
    if (at < text.length) {
      this.#state = 'quote';
      at += 1;
    }
    return at;
  }

  /** A quote has been seen inside quotes: it is doubled, or it closed the cell. */
  #afterQuote(text: string, at: number, records: CsvRecord[]): number {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      this.#cell += '"';
      this.#state = 'quoted';
      return at + 1;
    }
    this.#state = 'plain';
    if (code === this.#delimiter) {
      this.#endCell();
      return at + 1;
    }
    if (code === LF || code === CR) {
      this.#endCell();
      return this.#endLine(text, at, code, records);
    }
    this.#fault ??= { column: this.#cells.length, openedLine: this.#quoteLine, closedLine: this.#line };
    return at;
  }

  #endCell(): void {
    if (this.#cells.length >= this.#limits.cells) throw this.#tooWide();
    this.#cells.push(this.#cell);
    this.#cell = '';
    this.#state = 'start';
  }

  #endRecord(records: CsvRecord[]): void {
    records.push({ line: this.#recordLine, cells: this.#cells, fault: this.#fault });
    this.#cells = [];
    this.#cell = '';
    this.#fault = null;
    this.#state = 'start';
    this.#recordLine = this.#line;
  }

  #unclosed(): Error {
    return malformedError(
      {
        zh: `第 ${this.#quoteLine} 行的引号没有结束`,
        en: `The quote that opens on line ${this.#quoteLine} is never closed.`,
      },
      {
        zh: '请补上这一行缺少的引号（或删去多余的），再重新导入',
        en: 'Close that quote (or take the extra one away) and import again.',
      },
      { line: this.#quoteLine },
    );
  }

  #tooLong(): Error {
    if (this.#state === 'quoted') return this.#unclosed();
    return malformedError(
      {
        zh: `从第 ${this.#recordLine} 行开始的一行太长，不像表格`,
        en: `The row that begins on line ${this.#recordLine} is too long for a table.`,
      },
      { zh: '请另存为“CSV UTF-8”后再导入', en: 'Save the table as "CSV UTF-8" and import that.' },
      { line: this.#recordLine },
    );
  }

  #tooWide(): Error {
    return malformedError(
      {
        zh: `第 ${this.#recordLine} 行超过 ${this.#limits.cells} 列，不像表格`,
        en: `Line ${this.#recordLine} has more than ${this.#limits.cells} columns, which is no table.`,
      },
      { zh: '请检查文件，另存为“CSV UTF-8”后再导入', en: 'Check the file, save it as "CSV UTF-8" and import that.' },
      { line: this.#recordLine },
    );
  }
}
