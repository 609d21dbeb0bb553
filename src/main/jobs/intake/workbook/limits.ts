/** What a workbook may be at most. Far above every table of orders, and far below what would hurt the machine. */
export interface WorkbookLimits {
  /** Files in the archive, and bytes of its list of them. */
  readonly entries: number;
  readonly directoryBytes: number;
  /** Bytes that one part, and all XML parts together, may unpack to. */
  readonly partBytes: number;
  readonly totalBytes: number;
  /** A part above `ratioBytes` may unpack to at most this many times its packed size: real sheets stay below 100. */
  readonly ratio: number;
  readonly ratioBytes: number;
  readonly sheets: number;
  readonly styles: number;
  readonly sharedStrings: number;
  readonly sharedChars: number;
  /** Characters of one cell; Excel's own limit is 32,767. */
  readonly cellChars: number;
  readonly columns: number;
  /** Empty rows between two rows of a table. */
  readonly gapRows: number;
  /** The reading thread's heap, MB. */
  readonly heapMegabytes: number;
  /** How long the thread may work on one answer, ms. */
  readonly answerMs: number;
}

const MB = 2 ** 20;

export const WORKBOOK_LIMITS: WorkbookLimits = {
  entries: 10_000,
  directoryBytes: 8 * MB,
  partBytes: 768 * MB,
  totalBytes: 1_536 * MB,
  ratio: 400,
  ratioBytes: 16 * MB,
  sheets: 500,
  styles: 100_000,
  sharedStrings: 5_000_000,
  sharedChars: 64 * MB,
  cellChars: 100_000,
  columns: 1_000,
  gapRows: 10_000,
  heapMegabytes: 320,
  answerMs: 120_000,
};

/** Rows of a sheet by the format (Excel's own limit). */
export const SHEET_ROWS = 1_048_576;
