import type { Bilingual } from './text.ts';

/** A message about a line of an input, with the line named once: most messages name it themselves, those of a workbook after its sheet. */
export function withLine(line: number, message: Bilingual): Bilingual {
  const named = new RegExp(`^(?:Sheet ".*", line|Line) ${line}(?!\\d)`, 'u').test(message.en);
  return named ? message : { zh: `第 ${line} 行：${message.zh}`, en: `Line ${line}: ${message.en}` };
}
