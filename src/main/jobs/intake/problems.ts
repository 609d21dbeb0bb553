import type { AppError } from '../../../contract/errors.ts';
import { appError } from '../../../contract/errors.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Problem } from '../../vendors/types.ts';

/** A column's letters as a spreadsheet shows them: 0 is A, 26 is AA. */
export function columnLetters(index: number): string {
  let letters = '';
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    letters = String.fromCharCode(65 + (rest % 26)) + letters;
  }
  return letters;
}

/** A problem of a row, its line (and column, 0-based, when it has one, and sheet, of a workbook) put before the message. */
export function rowProblem(
  line: number,
  column: number | null,
  problem: Problem,
  sheet: string | null = null,
): Problem {
  const letters = column === null ? '' : columnLetters(column);
  const where = {
    zh: `第 ${line} 行${letters === '' ? '' : ` ${letters} 列`}`,
    en: `${sheet === null ? 'Line' : 'line'} ${line}${letters === '' ? '' : `, column ${letters}`}`,
  };
  if (sheet !== null) {
    where.zh = `工作表“${sheet}”${where.zh}`;
    where.en = `Sheet "${sheet}", ${where.en}`;
  }
  return {
    ...problem,
    message: { zh: `${where.zh}：${problem.message.zh}`, en: `${where.en}: ${problem.message.en}` },
  };
}

/** The input holds bytes that its encoding does not know, at a line. */
export function encodingError(encodingName: string, line: number, name: string): AppError {
  return appError(
    'INTAKE_ENCODING',
    {
      zh: `“${name}”第 ${line} 行有不属于 ${encodingName} 编码的字节，文字已经损坏或编码不对`,
      en: `"${name}" has bytes on line ${line} that are not ${encodingName}; its text is damaged or the encoding is another one.`,
    },
    {
      zh: '请在表格软件中打开并另存为“CSV UTF-8”，或指明文件的编码（utf-8、gbk、utf-16le、utf-16be）',
      en: 'Open it in a spreadsheet and save it as "CSV UTF-8", or name its encoding (utf-8, gbk, utf-16le, utf-16be).',
    },
    { data: { line, encoding: encodingName, file: name } },
  );
}

/** The input as a whole cannot be read as rows. */
export function malformedError(
  message: Bilingual,
  remedy: Bilingual,
  data: Record<string, string | number | boolean>,
): AppError {
  return appError('INTAKE_MALFORMED', message, remedy, { data });
}

/** The input has no data rows. */
export function emptyError(name: string, headerOnly: boolean): AppError {
  return appError(
    'INTAKE_EMPTY',
    headerOnly
      ? { zh: `“${name}”只有表头，没有数据行`, en: `"${name}" has a header and no data rows.` }
      : { zh: `“${name}”是空的`, en: `"${name}" is empty.` },
    {
      zh: '请选择含有订单号的文件，或粘贴订单号',
      en: 'Choose a file with order numbers, or paste some.',
    },
    { data: { file: name } },
  );
}

/** FILE_UNREADABLE: the system does not let the file be read; `cause` is what it said. */
export function unreadableError(name: string, cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why =
    code === 'ENOENT'
      ? { zh: '文件不存在', en: 'there is no such file' }
      : code === 'EISDIR'
        ? { zh: '这是一个文件夹', en: 'it is a folder' }
        : { zh: '没有权限，或被其他程序占用', en: 'no permission, or another program holds it' };
  return appError(
    'FILE_UNREADABLE',
    { zh: `无法读取“${name}”：${why.zh}`, en: `"${name}" cannot be read: ${why.en}.` },
    {
      zh: '请检查文件位置和权限，关闭占用它的程序后再试',
      en: 'Check where it lies and who may read it, close programs that hold it, and try again.',
    },
    { data: { file: name, code }, cause },
  );
}
