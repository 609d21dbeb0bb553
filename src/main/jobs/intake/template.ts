import { writeFile } from 'node:fs/promises';
import type { Language } from '../../../contract/text.ts';
import { say } from '../../../contract/text.ts';
import type { Field, VendorId } from '../../../contract/vendor.ts';
import type { UpdateOperation } from '../../vendors/types.ts';
import { csvRecord, protectCell } from '../export/cells.ts';
import { asExportError } from '../export/file.ts';

export type TemplateFormat = 'csv' | 'xlsx';

export interface TemplateOptions {
  readonly language: Language;
  readonly format: TemplateFormat;
  /** Replace a file that is there; else EXPORT_EXISTS. */
  readonly overwrite: boolean;
}

/** Width of a template's column, in characters. */
const COLUMN_WIDTH = 28;
/** Rows that the choices are offered for. */
const CHOICE_ROWS = 10_000;
/** Excel takes a list of choices only up to this length. */
const MOST_CHOICE_CHARS = 255;

/** A file name for an operation's template. */
export function templateName(vendor: VendorId, operation: UpdateOperation, format: TemplateFormat): string {
  return `${vendor}-${operation.id}-template.${format}`;
}

function choicesOf(field: Field, language: Language): readonly string[] {
  return (field.choices ?? []).map(({ names }) => say(names, language));
}

/** What an example row has for a field. */
function exampleOf(field: Field, language: Language): string {
  return field.example ?? choicesOf(field, language)[0] ?? field.initial ?? '';
}

function csvTemplate(header: readonly string[], example: readonly string[]): string {
  return `\uFEFF${[header, example].map((row) => `${csvRecord(row.map(protectCell))}\r\n`).join('')}`;
}

/** Every column is formatted as text, so that a spreadsheet keeps what is typed or pasted there to the digit. */
async function workbookTemplate(
  operation: UpdateOperation,
  rows: readonly (readonly string[])[],
  language: Language,
): Promise<Uint8Array> {
  // Loaded when it is needed: nothing else in an intake writes a workbook.
  const { writeXlsx, colToLetter } = await import('hucre/xlsx');
  const fields = operation.rowFields;
  return writeXlsx({
    sheets: [
      {
        name: say(operation.names, language)
          .replaceAll(/[[\]:*?/\\]/gu, ' ')
          .slice(0, 31),
        columns: fields.map(() => ({ width: COLUMN_WIDTH, numFmt: '@' })),
        rows: rows.map((row) => [...row]),
        freezePane: { rows: 1 },
        dataValidations: fields.flatMap((field, index) => {
          const values = choicesOf(field, language);
          if (values.length === 0 || values.join(',').length > MOST_CHOICE_CHARS) return [];
          const letter = colToLetter(index);
          return [{ type: 'list' as const, values: [...values], range: `${letter}2:${letter}${CHOICE_ROWS}` }];
        }),
      },
    ],
  });
}

/**
 * Writes an operation's template: its fields' names, which an intake knows again, and one example row. Throws EXPORT_EXISTS, DISK_FULL,
 * FILE_UNREADABLE.
 */
export async function writeTemplate(
  path: string,
  operation: UpdateOperation,
  { language, format, overwrite }: TemplateOptions,
): Promise<void> {
  const header = operation.rowFields.map(({ names }) => say(names, language));
  const example = operation.rowFields.map((field) => exampleOf(field, language));
  const content =
    format === 'csv' ? csvTemplate(header, example) : await workbookTemplate(operation, [header, example], language);
  try {
    await writeFile(path, content, { flag: overwrite ? 'w' : 'wx', mode: 0o600 });
  } catch (cause) {
    throw asExportError(cause, path);
  }
}
