import type { Problem } from '../../vendors/types.ts';
import type { IntakeRow } from '../types.ts';

/**
 * Intake rows on their way to the database thread, five elements a row: line, order, cells and values as JSON (values null when the row is
 * set aside), problem. Flat, because copying a row's objects from thread to thread costs several times what copying their texts does, and the
 * database's thread is the busier one.
 */
export type PackedRows = readonly PackedElement[];
type PackedElement = number | string | Problem | null;

/** A row as it is written. */
export interface PackedRow {
  readonly line: number;
  readonly order: string;
  readonly cells: string;
  readonly values: string | null;
  readonly problem: Problem | null;
}

const WIDTH = 5;

/** Packs rows for `addRows`, as they come. */
export class RowPacker {
  #packed: PackedElement[] = [];

  /** How many rows wait to be taken. */
  get waiting(): number {
    return this.#packed.length / WIDTH;
  }

  add(rows: readonly IntakeRow[]): void {
    for (const { line, order, cells, values, problem } of rows) {
      const fit = problem === null && values !== null;
      this.#packed.push(line, order, JSON.stringify(cells), fit ? JSON.stringify(values) : null, problem);
    }
  }

  /** The rows added since the last taking; they are not kept here. */
  take(): PackedRows {
    const packed = this.#packed;
    this.#packed = [];
    return packed;
  }
}

/** Rows packed at once. */
export function packRows(rows: readonly IntakeRow[]): PackedRows {
  const packer = new RowPacker();
  packer.add(rows);
  return packer.take();
}

/** The rows again, one by one. */
export function* unpackRows(packed: PackedRows): Generator<PackedRow> {
  for (let at = 0; at < packed.length; at += WIDTH) {
    yield {
      line: packed[at] as number,
      order: packed[at + 1] as string,
      cells: packed[at + 2] as string,
      values: packed[at + 3] as string | null,
      problem: packed[at + 4] as Problem | null,
    };
  }
}
