import type { Bilingual } from '../../../contract/text.ts';
import { CSV_LIMITS, CsvParser } from './csv.ts';
import type { CsvRecord, Delimiter } from './csv.ts';
import { malformedError } from './problems.ts';

const MAGIC: readonly (readonly [string, string, Bilingual])[] = [
  ['504b0506', 'zip', { zh: '空的 ZIP 压缩包', en: 'an empty ZIP archive' }],
  ['25504446', 'pdf', { zh: 'PDF 文档', en: 'a PDF document' }],
  ['89504e47', 'png', { zh: 'PNG 图片', en: 'a PNG picture' }],
  ['ffd8ff', 'jpeg', { zh: 'JPEG 图片', en: 'a JPEG picture' }],
  ['47494638', 'gif', { zh: 'GIF 图片', en: 'a GIF picture' }],
  ['1f8b08', 'gzip', { zh: 'GZIP 压缩包', en: 'a GZIP archive' }],
  ['526172211a07', 'rar', { zh: 'RAR 压缩包', en: 'a RAR archive' }],
  ['377abcaf271c', '7z', { zh: '7z 压缩包', en: 'a 7z archive' }],
];
const BINARY: Bilingual = { zh: '二进制文件', en: 'a binary file' };
const WEB_PAGE: Bilingual = { zh: '网页或 XML 表格', en: 'a web page or XML table' };

function refusal(seems: string, what: Bilingual, name: string): Error {
  return malformedError(
    {
      zh: `“${name}”不是 CSV 文本，看内容像是${what.zh}（与扩展名无关）`,
      en: `"${name}" is no CSV text; by its content it seems to be ${what.en}, whatever its extension says.`,
    },
    {
      zh: '请在表格软件中打开，另存为“CSV UTF-8”后再导入',
      en: 'Open it in a spreadsheet, save it as "CSV UTF-8" and import that.',
    },
    { seems, file: name },
  );
}

/** A zip archive, as every XLSX is, and a compound file, as old and encrypted workbooks are. */
const PACKED = ['504b0304', 'd0cf11e0'];

/** Whether an input's first bytes are those of a format that workbooks have; which it is, the workbook's reader finds out. */
export function isPacked(head: Buffer): boolean {
  return PACKED.includes(head.subarray(0, 4).toString('hex'));
}

/** Refuses (INTAKE_MALFORMED, saying what it seems to be) an input whose first bytes are those of a known binary format. */
export function refuseBinary(head: Buffer, name: string): void {
  const hex = head.subarray(0, 8).toString('hex');
  const known = MAGIC.find(([magic]) => hex.startsWith(magic));
  if (known) throw refusal(known[1], known[2], name);
}

/** Refuses decoded text that is a web page or XML, as many shops' ".xls" downloads are. */
export function refuseMarkup(head: string, name: string): void {
  if (/^\s*<(?:!doctype|html|head|meta|table|\?xml|workbook)\b/iu.test(head)) throw refusal('html', WEB_PAGE, name);
}

/** The refusal of an input with NUL characters. */
export function nulRefusal(name: string): Error {
  return refusal('binary', BINARY, name);
}

const DELIMITERS: readonly Delimiter[] = [',', '\t', ';'];
const SAMPLE_RECORDS = 200;

/**
 * The delimiter that gives most records the first record's width, of more than one cell; on a tie the wider, then comma, tab, semicolon.
 * Null when none does: one column.
 */
export function detectDelimiter(sample: string): Delimiter | null {
  let best: { delimiter: Delimiter; fitting: number; width: number } | null = null;
  for (const delimiter of DELIMITERS) {
    const records = sampleRecords(sample, delimiter);
    const width = records[0]?.cells.length ?? 0;
    if (width < 2) continue;
    const fitting = records.filter((record) => record.cells.length === width && record.fault === null).length;
    if (best === null || fitting > best.fitting || (fitting === best.fitting && width > best.width)) {
      best = { delimiter, fitting, width };
    }
  }
  return best?.delimiter ?? null;
}

/** The sample's records that are not empty; the last one, which the sample may cut, only when there is no other. */
function sampleRecords(sample: string, delimiter: Delimiter): readonly CsvRecord[] {
  const parser = new CsvParser(delimiter, 1, { ...CSV_LIMITS, cells: Infinity });
  const records = parser.push(sample).filter((record) => record.cells.length > 0);
  if (records.length > 0) return records.slice(0, SAMPLE_RECORDS);
  // A quote that the sample leaves open is closed here: only the width matters.
  const rest = new CsvParser(delimiter, 1, { ...CSV_LIMITS, cells: Infinity });
  return [...rest.push(sample), ...rest.push('\n'), ...rest.push('"\n')].filter((record) => record.cells.length > 0);
}

/** Excel's own first line `sep=;`: the delimiter it names and its length with the line end; null without one. */
export function separatorLine(sample: string): { readonly delimiter: Delimiter; readonly length: number } | null {
  const found = /^"?sep=([,;\t])"?(?:\r\n|\r|\n)/iu.exec(sample);
  const delimiter = DELIMITERS.find((one) => one === found?.[1]);
  return found && delimiter !== undefined ? { delimiter, length: found[0].length } : null;
}

const LIST_MARKS = /[\s,;，；、]+/u;

/** Whether a text can be an order number: letters, digits, `-` and `_`, six and more, with four digits. */
function isOrderLike(token: string): boolean {
  return /^[A-Za-z0-9_-]{6,64}$/u.test(token) && (token.match(/\d/gu)?.length ?? 0) >= 4;
}

/**
 * Whether a pasted text is a plain list of order numbers, several a line. A table is not taken for a list: several lines of one same
 * width (two and more columns) may be one.
 */
export function isOrderList(text: string): boolean {
  const lines = text.split(/\r\n|\r|\n/u).filter((line) => line.trim() !== '');
  if (!lines.some((line) => LIST_MARKS.test(line.trim()))) return false;
  if (!lines.every((line) => line.split(LIST_MARKS).every((token) => token === '' || isOrderLike(token)))) return false;
  if (lines.length === 1) return true;
  return !DELIMITERS.some((delimiter) => {
    const widths = new Set(lines.map((line) => line.split(delimiter).filter((cell) => cell.trim() !== '').length));
    return widths.size === 1 && !widths.has(1);
  });
}

/** The records of a pasted list: one order number each, at its line; an empty line is an empty record, except the last. */
export function listRecords(text: string): CsvRecord[] {
  const lines = text.split(/\r\n|\r|\n/u);
  if (lines.at(-1) === '') lines.pop();
  return lines.flatMap((line, index) => {
    const tokens = line.split(LIST_MARKS).filter((token) => token !== '');
    const cells = tokens.length === 0 ? [[]] : tokens.map((token) => [token]);
    return cells.map((one) => ({ line: index + 1, cells: one, fault: null }));
  });
}
