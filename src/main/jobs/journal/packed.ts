import type { Problem } from '../../vendors/types.ts';
import type { IntakeRow } from '../types.ts';

/**
 * Intake rows on their way to the database thread. `rows` is flat, five elements a row: line, order, where the row's cells end in `texts`, where
 * its values end there (null when it is set aside), problem. `texts` has the cells and values of all rows as JSON in UTF-8, one after the other.
 * Flat, and in the form that the database keeps, because the database's thread is the busier one: copying objects from thread to thread costs
 * several times what copying their texts does, and turning texts into UTF-8 there a tenth of writing them.
 */
export interface PackedRows {
  readonly rows: readonly PackedElement[];
  readonly texts: Uint8Array;
}
type PackedElement = number | string | Problem | null;

/** A row as it is written: cells and values are JSON in UTF-8. */
export interface PackedRow {
  readonly line: number;
  readonly order: string;
  readonly cells: Uint8Array;
  readonly values: Uint8Array | null;
  readonly problem: Problem | null;
}

const WIDTH = 5;
/** Room for the texts of a usual batch; it grows where more comes. */
const TEXT_BYTES = 1024 * 1024;
/** Most bytes of a UTF-16 code unit in UTF-8. */
const MOST_BYTES = 3;

/** Packs rows for `addRows`, as they come. */
export class RowPacker {
  readonly #encoder = new TextEncoder();
  #rows: PackedElement[] = [];
  #texts = new Uint8Array(TEXT_BYTES);
  #end = 0;

  /** How many rows wait to be taken. */
  get waiting(): number {
    return this.#rows.length / WIDTH;
  }

  add(rows: readonly IntakeRow[]): void {
    for (const { line, order, cells, values, problem } of rows) {
      const fit = problem === null && values !== null;
      this.#rows.push(line, order, this.#write(cells), fit ? this.#write(values) : null, problem);
    }
  }

  /** The rows added since the last taking; they are not kept here. */
  take(): PackedRows {
    const packed = { rows: this.#rows, texts: this.#texts.slice(0, this.#end) };
    this.#rows = [];
    this.#end = 0;
    return packed;
  }

  /** Answers where it ends. */
  #write(value: object): number {
    const json = JSON.stringify(value);
    const most = this.#end + json.length * MOST_BYTES;
    if (most > this.#texts.length) {
      const larger = new Uint8Array(2 * most);
      larger.set(this.#texts.subarray(0, this.#end));
      this.#texts = larger;
    }
    this.#end += this.#encoder.encodeInto(json, this.#texts.subarray(this.#end)).written;
    return this.#end;
  }
}

/** Rows packed at once. */
export function packRows(rows: readonly IntakeRow[]): PackedRows {
  const packer = new RowPacker();
  packer.add(rows);
  return packer.take();
}

/** The rows again, one by one. */
export function* unpackRows({ rows, texts }: PackedRows): Generator<PackedRow> {
  let from = 0;
  for (let at = 0; at < rows.length; at += WIDTH) {
    const cellsEnd = rows[at + 2] as number;
    const valuesEnd = rows[at + 3] as number | null;
    yield {
      line: rows[at] as number,
      order: rows[at + 1] as string,
      cells: texts.subarray(from, cellsEnd),
      values: valuesEnd === null ? null : texts.subarray(cellsEnd, valuesEnd),
      problem: rows[at + 4] as Problem | null,
    };
    from = valuesEnd ?? cellsEnd;
  }
}
