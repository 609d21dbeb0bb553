import type { Bilingual } from '../../../../contract/text.ts';
import { isBlank } from '../csv.ts';
import type { InputOptions, OpenedInput } from '../input.ts';
import { emptyError } from '../problems.ts';
import { lookIntoWorkbook, sheetRows, type SheetEnd, type WorkbookSheet } from './workbook.ts';

function noticesOf(sheet: string, sheets: readonly WorkbookSheet[], chosen: boolean, hiddenRows: number): Bilingual[] {
  const notices: Bilingual[] = [];
  if (sheets.length > 1 && !chosen) {
    notices.push({
      zh: `工作簿有 ${sheets.length} 个工作表，读取的是“${sheet}”。`,
      en: `The workbook has ${sheets.length} sheets; "${sheet}" is read.`,
    });
  }
  if (hiddenRows > 0) {
    notices.push({
      zh: `有 ${hiddenRows} 行在表格软件里被隐藏或筛掉了，也会读入。`,
      en: `${hiddenRows} row${hiddenRows === 1 ? ' is' : 's are'} hidden or filtered out in the spreadsheet, and read in all the same.`,
    });
  }
  return notices;
}

/**
 * Opens a workbook at a sheet; its rows are the records, their lines the numbers that the spreadsheet shows. It is read by a thread with
 * limits, and what one of its cells may not be is told with the record. Throws INTAKE_MALFORMED, INTAKE_EMPTY, FILE_UNREADABLE.
 */
export async function openWorkbook(path: string, name: string, options: InputOptions): Promise<OpenedInput> {
  const { sheet: wanted, countRows = false, workbook } = options;
  const look = await lookIntoWorkbook(path, name, { sheet: wanted ?? null, counts: countRows }, workbook);
  const { sheet, sheets, head } = look;
  const first = head.find(({ cells }) => !isBlank(cells));
  if (first === undefined) throw emptyError(name, false);
  let digest: string | null = null;
  let hiddenRows = sheets.find((one) => one.name === sheet)?.hiddenRows ?? 0;
  return {
    kind: 'file',
    name,
    encoding: null,
    delimiter: 'sheet',
    sheets,
    sheet,
    first,
    head,
    records: () => {
      const onEnd = (end: SheetEnd): void => {
        digest = end.sha256;
        hiddenRows = end.hiddenRows;
      };
      return sheetRows(path, name, sheet, onEnd, workbook);
    },
    notices: () => noticesOf(sheet, sheets, wanted !== undefined, hiddenRows),
    sha256: () => digest,
  };
}
