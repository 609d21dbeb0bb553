import type { Bilingual, Language } from '../../../contract/text.ts';
import { say } from '../../../contract/text.ts';

/** What a spreadsheet takes for a formula when a cell begins with it (OWASP's list and the full-width signs that Excel takes, too). */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/u;
/** Texts that Excel would turn into another number: 12 digits and more, leading zeros, `12E34`. */
const NUMBER_AT_RISK = /^(?:\d{12,}|0\d+|\d+(?:\.\d*)?[eE][+-]?\d+)$/u;
const PROTECTED_NUMBER = /^="([\d.eE+-]+)"$/u;

/**
 * A cell as it is written for a spreadsheet: a number that Excel would damage becomes `="…"`, a cell that it would run as a formula
 * gets a `'` in front, and so does one that already begins with `'`, so that `restoreCell` is exact.
 */
export function protectCell(cell: string): string {
  if (NUMBER_AT_RISK.test(cell)) return `="${cell}"`;
  return cell.startsWith("'") || FORMULA_START.test(cell) ? `'${cell}` : cell;
}

/** The cell that `protectCell` was given, whatever it was: `restoreCell(protectCell(c)) === c`. */
export function restoreCell(cell: string): string {
  if (cell.startsWith("'")) return cell.slice(1);
  return PROTECTED_NUMBER.exec(cell)?.[1] ?? cell;
}

/** The cell as CSV text: quoted where it must be. */
export function csvCell(cell: string): string {
  return /[",;\t\r\n]|^\s|\s$/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** One CSV record without its line end. */
export function csvRecord(cells: readonly string[]): string {
  return cells.map(csvCell).join(',');
}

/**
 * What an export adds to the original cells, in this order. `line`: where the row begins in the input, by which a mended one is known again;
 * `surplus`: cells beyond the header, as a JSON list.
 */
export const ADDED_COLUMNS = [
  'outcome',
  'code',
  'reading',
  'remedy',
  'requestId',
  'time',
  'attempts',
  'orderSent',
  'note',
  'line',
  'surplus',
] as const;
export type AddedColumn = (typeof ADDED_COLUMNS)[number];

const NAMES: Record<AddedColumn, Bilingual> = {
  outcome: { zh: '结果', en: 'outcome' },
  code: { zh: '代码', en: 'code' },
  reading: { zh: '说明', en: 'reading' },
  remedy: { zh: '怎么办', en: 'what to do' },
  requestId: { zh: '平台请求号', en: 'vendor request id' },
  time: { zh: '时间（北京）', en: 'time (Beijing)' },
  attempts: { zh: '发送次数', en: 'times sent' },
  orderSent: { zh: '发出的订单号', en: 'order sent' },
  note: { zh: '备注', en: 'note' },
  line: { zh: '行号', en: 'line' },
  surplus: { zh: '多出的单元格', en: 'surplus cells' },
};

/** The prefix marks our columns, and whether the file's cells are protected, so that a re-import knows both from any one of them. */
const PREFIX = {
  protected: { zh: '控制台 ', en: 'Console ' },
  raw: { zh: '控制台原样 ', en: 'Console raw ' },
} as const;

/** The header name of an added column. */
export function addedName(column: AddedColumn, language: Language, raw: boolean): string {
  return say(PREFIX[raw ? 'raw' : 'protected'], language) + say(NAMES[column], language);
}

const BY_NAME: ReadonlyMap<string, { readonly column: AddedColumn; readonly raw: boolean }> = new Map(
  ADDED_COLUMNS.flatMap((column) =>
    [true, false].flatMap((raw) => [
      [addedName(column, 'zh-CN', raw), { column, raw }] as const,
      [addedName(column, 'en', raw), { column, raw }] as const,
    ]),
  ),
);

/** Where a re-imported export keeps what: the original columns, and the surplus cells. */
export interface OwnLayout {
  /** Whether the cells were written without protections. */
  readonly raw: boolean;
  /** Positions in the file of the original columns, in order. */
  readonly originals: readonly number[];
  /** Position of the rows' lines, null when that column has been deleted. */
  readonly line: number | null;
  /** Position of the surplus cells, null when that column has been deleted. */
  readonly surplus: number | null;
  /** Cells of a whole record. */
  readonly width: number;
}

/** Recognises an export of ours by its header, in either language and with columns moved or deleted; null when it is none. */
export function ownLayout(header: readonly string[]): OwnLayout | null {
  const found = header.map((name) => BY_NAME.get(name));
  const first = found.find((one) => one !== undefined);
  if (first === undefined) return null;
  const surplus = found.findIndex((one) => one?.column === 'surplus');
  const line = found.findIndex((one) => one?.column === 'line');
  return {
    raw: first.raw,
    originals: found.flatMap((one, index) => (one === undefined ? [index] : [])),
    line: line < 0 ? null : line,
    surplus: surplus < 0 ? null : surplus,
    width: header.length,
  };
}

/** The original cells of a record of our own export; null when they cannot be told (a damaged surplus cell). */
export function originalCells(record: readonly string[], layout: OwnLayout): readonly string[] | null {
  const restore = layout.raw ? (cell: string) => cell : restoreCell;
  const cells = layout.originals.map((index) => restore(record[index] ?? ''));
  const surplus = layout.surplus === null ? '' : restore(record[layout.surplus] ?? '');
  if (surplus === '') return cells;
  const rest = parseTexts(surplus);
  return rest === null ? null : [...cells, ...rest];
}

function parseTexts(json: string): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) && value.every((one): one is string => typeof one === 'string') ? value : null;
  } catch {
    return null;
  }
}
