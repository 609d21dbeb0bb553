import type { LookupView } from '../../contract/lookup.ts';
import type { Language } from '../../contract/text.ts';
import { say } from '../../contract/text.ts';
import { appError } from '../../contract/errors.ts';
import { csvRecord, protectCell } from '../jobs/export/cells.ts';
import type { Lookup } from '../lookups/desk.ts';
import { replaceFile } from '../vault/accounts-file.ts';
import { vendor } from '../vendors/registry.ts';
import { shanghaiTime } from '../vendors/shared/time.ts';

export interface LookupFile {
  readonly path: string;
  readonly view: LookupView;
  readonly selectedOnly: boolean;
  /** Whether personal data is written as it is. */
  readonly personal: boolean;
  readonly language: Language;
}

/** A file name for a lookup's rows, good on every system: `polyv-order-list-20261123-164205.csv`, time of Beijing. */
export function lookupFileName({ account, operation }: Lookup, now: Date): string {
  const time = shanghaiTime(now.getTime()).replaceAll(/[-:]/gu, '').replace(' ', '-');
  return `${vendor(account.vendor).id}-${operation.id}-${time}.csv`;
}

/** Rows written at once. */
const PIECE_ROWS = 200;

/**
 * Writes a view of a lookup, or its selected rows alone, as CSV for a spreadsheet: values as the vendor gave them, numbers and formulas protected,
 * nested lists as JSON in the last column. The file gets its name when it is whole. Answers how many rows it has; throws DISK_FULL or
 * FILE_UNREADABLE, and what the view's columns throw.
 */
export async function writeLookup({ operation, results }: Lookup, file: LookupFile): Promise<number> {
  const rows = await results.exported(file.view, file);
  const { keys } = rows;
  const columns = operation.columns.filter((column) => !column.id.includes('.'));
  const line = (cells: readonly string[]): string => `${csvRecord(cells.map(protectCell))}\r\n`;
  function* pieces(): Generator<string> {
    const details = say({ zh: '明细', en: 'details' }, file.language);
    yield `\uFEFF${line([...columns.map((column) => say(column.names, file.language)), details])}`;
    for (let at = 0; at < keys.length; at += PIECE_ROWS) {
      let text = '';
      for (const key of keys.subarray(at, at + PIECE_ROWS)) {
        const { values, lists = {} } = rows.row(key);
        const nested = Object.values(lists).some((list) => list.length > 0) ? JSON.stringify(lists) : '';
        text += line([...columns.map((column) => values[column.id] ?? ''), nested]);
      }
      yield text;
    }
  }
  try {
    await replaceFile(file.path, pieces(), async () => true);
  } catch (cause) {
    throw notWritten(cause);
  }
  return keys.length;
}

/** DISK_FULL or FILE_UNREADABLE: why a file of orders was not made. */
export function notWritten(cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) {
    return appError(
      'DISK_FULL',
      { zh: '磁盘空间不足，没有生成文件。', en: 'The disk is full; no file was made.' },
      { zh: '请清理空间或换一个位置再导出。', en: 'Free some space or choose another place, and export again.' },
      { cause },
    );
  }
  return appError(
    'FILE_UNREADABLE',
    { zh: '文件无法写入，没有生成。', en: 'The file could not be written; none was made.' },
    {
      zh: '请检查那里的权限，关闭占用该文件的程序，或换一个位置再导出。',
      en: 'Check the rights there, close programs that hold the file, or choose another place, and export again.',
    },
    { cause, data: { code } },
  );
}
