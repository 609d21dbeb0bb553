import { appError } from '../../../contract/errors.ts';
import type { Bilingual } from '../../../contract/text.ts';
import { say } from '../../../contract/text.ts';
import { NOT_SENT_REASONS, OUTCOMES } from '../../../contract/outcome.ts';
import { REASON_WORDS, STATE_WORDS } from '../../../contract/words.ts';
import type { Job, JobCounts } from '../types.ts';
import { ADDED_COLUMNS } from './cells.ts';
import { ExportTable, refuseSending, type Exported, type ExportRequest } from './export.ts';
import { jobFacts, type Run } from './facts.ts';
import { wholeFile } from './file.ts';
import { ZipWriter } from './zip.ts';

export interface XlsxRequest extends Omit<ExportRequest, 'job' | 'raw'> {
  readonly job: Job;
  /** When it ran. */
  readonly runs: readonly Run[];
  readonly nowMs: number;
  /** Rows of a sheet, its header included; Excel's most when left out. */
  readonly sheetRows?: number;
}

/** Excel's limits (support.microsoft.com, "Excel specifications and limits"): rows and columns of a sheet, characters of a cell. */
export const SHEET_ROWS = 1_048_576;
const SHEET_COLUMNS = 16_384;
const CELL_CHARS = 32_767;
/** A sheet's text ends here, too: well before the 4 GiB of a zip's entry. */
const SHEET_CHARS = 1_000_000_000;

/** Texts are handed on in pieces of this size; between them the event loop gets its turn. */
const PIECE_CHARS = 64 * 1024;

const WORDS = {
  rows: { zh: '明细', en: 'Rows' },
  summary: { zh: '汇总', en: 'Summary' },
  total: { zh: '合计', en: 'total' },
  cutCells: { zh: '过长而截断的单元格', en: 'cells cut, being too long' },
} as const satisfies Record<string, Bilingual>;

/** What stands at the end of a cell that was cut. */
const CUT: Bilingual = { zh: '…（已截断，完整内容见 CSV 导出）', en: '… (cut; a CSV export has the whole)' };

/**
 * Writes a job as an Excel workbook: the CSV's columns with every cell a text as it is (so that no number is rounded and no formula runs), and the
 * job's counts and facts in a last sheet. Its header is the unprotected one, by which a re-import knows how cells are written. Same promise as
 * `exportCsv`: the file gets its name only when whole, and throws the same; USAGE where the input has more columns than Excel takes.
 *
 * Written by hand and not by a library, since none that streams writes a second sheet of another form: memory holds one page of rows.
 */
export async function exportXlsx(request: XlsxRequest): Promise<Exported> {
  const { path, counts } = request;
  refuseSending(counts);
  const table = new ExportTable(request, true);
  await wholeFile(path, request.overwrite === true, async (file) => {
    const zip = new ZipWriter(async (bytes) => {
      await file.appendFile(bytes);
    });
    await new Workbook(zip, table, request).write();
    table.check(counts);
  });
  return { path, rows: table.total };
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Cell styles, by their places in `STYLES`. */
const TEXT = 1;
const HEAD = 2;
const COUNT = 3;

/** Text (number format 49, `@`), so that a cell stays one when it is edited; headers bold on grey; grouped counts (format 3). */
const STYLES = `${DECLARED}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE7E9ED"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0"/><xf xfId="0" numFmtId="49" applyNumberFormat="1"/><xf xfId="0" numFmtId="49" fontId="1" fillId="2" applyNumberFormat="1" applyFont="1" applyFill="1"/><xf xfId="0" numFmtId="3" applyNumberFormat="1"/></cellXfs></styleSheet>`;

/** Writes the parts of a workbook, the rows' sheets as they come. */
class Workbook {
  readonly #zip: ZipWriter;
  readonly #table: ExportTable;
  readonly #request: XlsxRequest;
  readonly #names: string[] = [];
  #cut = 0;

  constructor(zip: ZipWriter, table: ExportTable, request: XlsxRequest) {
    this.#zip = zip;
    this.#table = table;
    this.#request = request;
  }

  async write(): Promise<void> {
    const { language } = this.#request;
    const records = cursor(this.#table.records());
    const header = (await records.next()) ?? [];
    if (header.length > SHEET_COLUMNS) throw tooWide(header.length);
    const rows = say(WORDS.rows, language);
    do {
      const name = this.#names.length === 0 ? rows : `${rows} ${this.#names.length + 1}`;
      await this.#sheet(name, this.#rows(header, records));
    } while (records.more());
    await this.#sheet(say(WORDS.summary, language), [this.#summary()]);
    await this.#frame();
  }

  async #sheet(name: string, texts: AsyncIterable<string> | Iterable<string>): Promise<void> {
    this.#names.push(name);
    await this.#zip.add(`xl/worksheets/sheet${this.#names.length}.xml`, texts);
  }

  /** One sheet of rows: its header, which stays in view, and as many records as it takes. */
  async *#rows(header: readonly string[], records: Cursor): AsyncGenerator<string> {
    const { sheetRows = SHEET_ROWS } = this.#request;
    const selected = this.#names.length === 1 ? ' tabSelected="1"' : '';
    yield `${DECLARED}<worksheet xmlns="${MAIN}"><sheetViews><sheetView${selected} workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>${this.#columns(header)}<sheetData>`;
    const letters = this.#letters(header.length);
    yield rowXml(1, header, letters, HEAD);
    let [row, chars, text] = [1, 0, ''];
    while (row < sheetRows && chars < SHEET_CHARS) {
      const record = await records.next();
      if (record === null) break;
      row += 1;
      text += rowXml(
        row,
        record.map((cell) => this.#cell(cell)),
        letters,
        TEXT,
      );
      if (text.length < PIECE_CHARS) continue;
      chars += text.length;
      yield text;
      text = '';
    }
    const all = `A1:${letters.at(-1) ?? 'A'}${row}`;
    // A long number kept as a text is no mistake that Excel need mark.
    yield `${text}</sheetData><autoFilter ref="${all}"/><ignoredErrors><ignoredError sqref="${all}" numberStoredAsText="1"/></ignoredErrors></worksheet>`;
  }

  #letters(width: number): readonly string[] {
    return Array.from({ length: width }, (_, index) => columnName(index));
  }

  #columns(header: readonly string[]): string {
    const { width } = this.#table;
    const widths = header.map((name, index) => {
      const added = ADDED_COLUMNS[index - width];
      const wide = added === 'reading' || added === 'remedy' || added === 'note' ? 44 : 20;
      return Math.max(wide, Math.min(40, shownWidth(name) + 3));
    });
    const cols = widths.map(
      (one, index) => `<col min="${index + 1}" max="${index + 1}" width="${one}" customWidth="1"/>`,
    );
    return cols.length === 0 ? '' : `<cols>${cols.join('')}</cols>`;
  }

  /** A cell that Excel takes; a longer one, which it would call damage of the file, is cut and says so. */
  #cell(text: string): string {
    if (text.length <= CELL_CHARS) return text;
    this.#cut += 1;
    const end = say(CUT, this.#request.language);
    const kept = text.slice(0, CELL_CHARS - end.length);
    // Not through the middle of a character of two halves.
    return (/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept) + end;
  }

  #summary(): string {
    const { job, counts, runs, nowMs, language } = this.#request;
    const lines: readonly (readonly [string, string | number])[] = [
      ...jobFacts(job, runs, nowMs, language).map(({ name, value }) => [name, value] as const),
      ['', ''],
      ...countLines(counts).map(([words, n]) => [words(language), n] as const),
      ...(this.#cut === 0 ? [] : [[say(WORDS.cutCells, language), this.#cut] as const]),
    ];
    const rows = lines.map(([name, value], index) => {
      const at = index + 1;
      const label = textCell(`A${at}`, name, HEAD);
      if (name === '') return '';
      return `<row r="${at}">${label}${typeof value === 'number' ? `<c r="B${at}" s="${COUNT}"><v>${value}</v></c>` : textCell(`B${at}`, value, TEXT)}</row>`;
    });
    return `${DECLARED}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="1" width="32" customWidth="1"/><col min="2" max="2" width="70" customWidth="1"/></cols><sheetData>${rows.join('')}</sheetData></worksheet>`;
  }

  /** What tells a program that opens the file where all is. */
  async #frame(): Promise<void> {
    const names = this.#names;
    const sheets = names.map((name, at) => `<sheet name="${escaped(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`);
    const relations = names.map(
      (_, at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`,
    );
    const types = names.map(
      (_, at) => `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="${TYPE}.worksheet+xml"/>`,
    );
    const styles = `<Relationship Id="rId${names.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/>`;
    const parts: readonly (readonly [string, string])[] = [
      ['xl/styles.xml', STYLES],
      [
        'xl/workbook.xml',
        `${DECLARED}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheets.join('')}</sheets></workbook>`,
      ],
      [
        'xl/_rels/workbook.xml.rels',
        `${DECLARED}<Relationships xmlns="${PACKAGE}/relationships">${relations.join('')}${styles}</Relationships>`,
      ],
      [
        '_rels/.rels',
        `${DECLARED}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      ],
      [
        '[Content_Types].xml',
        `${DECLARED}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>${types.join('')}</Types>`,
      ],
    ];
    for (const [path, text] of parts) await this.#zip.add(path, [text]);
    await this.#zip.end();
  }
}

/** The counts as lines: every outcome, each reason of not sent below it, the sum. */
function countLines(counts: JobCounts): readonly (readonly [(language: 'zh-CN' | 'en') => string, number])[] {
  const of = { succeeded: counts.succeeded, failed: counts.failed, unknown: counts.unknown, not_sent: counts.notSent };
  return [
    ...OUTCOMES.map(
      (state) =>
        [(l: 'zh-CN' | 'en') => `${STATE_WORDS[state].sign} ${say(STATE_WORDS[state].words, l)}`, of[state]] as const,
    ),
    ...NOT_SENT_REASONS.filter((reason) => (counts.byReason[reason] ?? 0) > 0).map(
      (reason) => [(l: 'zh-CN' | 'en') => `    ${say(REASON_WORDS[reason], l)}`, counts.byReason[reason] ?? 0] as const,
    ),
    [(l: 'zh-CN' | 'en') => say(WORDS.total, l), counts.total] as const,
  ];
}

function rowXml(row: number, cells: readonly string[], letters: readonly string[], style: number): string {
  let xml = `<row r="${row}">`;
  cells.forEach((cell, index) => {
    if (cell !== '') xml += textCell(`${letters[index] ?? ''}${row}`, cell, style);
  });
  return `${xml}</row>`;
}

function textCell(place: string, text: string, style: number): string {
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

/** What XML takes for its own, or can't hold: controls, a carriage return (which a reader would take for a line feed), the two that are no characters. */
const SPECIAL = /[&<>"\ufffe\uffff]|(?![\t\n\u007f-\u009f])\p{Cc}|_(?=x[0-9A-Fa-f]{4}_)/gu;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text in XML. What XML can't hold is written `_x000D_` as ECMA-376 (part 1, 22.9.2.19, ST_Xstring) has it, and so is what only looks like that. */
function escaped(text: string): string {
  return text.replace(
    SPECIAL,
    (sign) => ENTITIES[sign] ?? `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
  );
}

/** A column's name by its place: A … Z, AA … */
function columnName(index: number): string {
  const first = Math.floor(index / 26);
  return (first > 0 ? columnName(first - 1) : '') + String.fromCharCode(65 + (index % 26));
}

/** Columns of a typewriter that a text takes: a Chinese character is as wide as two. */
function shownWidth(text: string): number {
  return Array.from(text).reduce((sum, sign) => sum + ((sign.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1), 0);
}

/** Records one by one, with a look ahead. */
interface Cursor {
  /** The next; null at the end. */
  next(): Promise<readonly string[] | null>;
  /** Whether there is one more. Right after a `next`. */
  more(): boolean;
}

function cursor(pages: AsyncGenerator<readonly (readonly string[])[]>): Cursor {
  let page: readonly (readonly string[])[] = [];
  let at = 0;
  let ended = false;
  const fill = async (): Promise<void> => {
    while (at >= page.length && !ended) {
      const next = await pages.next();
      ended = next.done === true;
      [page, at] = [next.done === true ? [] : next.value, 0];
    }
  };
  return {
    async next() {
      await fill();
      const record = page[at] ?? null;
      at += 1;
      await fill();
      return record;
    },
    more: () => at < page.length,
  };
}

function tooWide(columns: number): Error {
  return appError(
    'USAGE',
    {
      zh: `表格有 ${columns} 列，Excel 最多 ${SHEET_COLUMNS} 列，没有生成文件`,
      en: `The table has ${columns} columns, and Excel takes ${SHEET_COLUMNS}; no file was made.`,
    },
    { zh: '请导出为 CSV', en: 'Export it as CSV.' },
    { data: { columns } },
  );
}
