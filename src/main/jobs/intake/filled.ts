import { appError } from '../../../contract/errors.ts';
import { bindTemplate, fillTemplate, parseTemplate, type BoundTemplate } from '../../../contract/template.ts';
import type { Field } from '../../../contract/vendor.ts';
import { damagedOrder, problemOf } from '../../vendors/shared/check.ts';
import type { Problem, UpdateOperation, Values } from '../../vendors/types.ts';
import { unwrapped } from './order.ts';

/** A row field that a text with placeholders fills in for every row, instead of a column. */
export interface FilledField {
  readonly field: Field;
  readonly bound: BoundTemplate;
}

/** The row field that the parameters fill by a template; null where they give none. */
export function templatedField(operation: UpdateOperation, params: Values): Field | null {
  const { template } = operation;
  if (template === undefined || (params[template.param] ?? '') === '') return null;
  return operation.rowFields.find(({ id }) => id === template.field) ?? null;
}

/** The row's fields as the intake wants them: one that is filled by a template needs no column. */
export function intakeFields(operation: UpdateOperation, params: Values): readonly Field[] {
  const filled = templatedField(operation, params);
  if (filled === null) return operation.rowFields;
  return operation.rowFields.map((field) => (field.id === filled.id ? { ...field, required: false } : field));
}

/**
 * Finds the columns of the template's placeholders in the input's header; null where no template is given. Throws INTAKE_TEMPLATE for a placeholder
 * that is no column, or more than one: nothing has been read in then.
 */
export function filledField(
  operation: UpdateOperation,
  params: Values,
  header: readonly string[] | null,
): FilledField | null {
  const field = templatedField(operation, params);
  if (field === null) return null;
  const parsed = parseTemplate(params[operation.template?.param ?? ''] ?? '');
  const bound = parsed.ok ? bindTemplate(parsed.template, header) : parsed;
  if (bound.ok) return { field, bound: bound.bound };
  const { message } = bound.fault;
  const columns = (header ?? []).filter((name) => name.trim() !== '').slice(0, 20);
  throw appError(
    'INTAKE_TEMPLATE',
    {
      zh: `${field.names.zh}的模板有误：${message.zh}`,
      en: `The template for "${field.names.en}" is not right: ${message.en}.`,
    },
    header === null
      ? {
          zh: '请在第一行加上列名，或去掉占位符',
          en: 'Add a first line with column names, or leave the placeholders out.',
        }
      : { zh: `可用的列：${columns.join('、')}`, en: `Columns found: ${columns.join(', ')}.` },
    { data: { field: field.id } },
  );
}

/** One row's text, or what keeps it from being filled in and in which column (0-based). */
export function fillRow(
  { field, bound }: FilledField,
  cells: readonly string[],
): { readonly text: string } | { readonly problem: Problem; readonly column: number } {
  for (const part of bound.parts) {
    if (part.kind === 'text') continue;
    const problem = cellProblem(field, part.name, cells[part.column] ?? '');
    if (problem !== null) return { problem, column: part.column };
  }
  const filled = fillTemplate(bound, (column) => unwrapped(cells[column] ?? ''));
  if (filled.ok) return { text: filled.text };
  return { problem: problemOf(filled.fault.code, field, filled.fault.message), column: filled.column };
}

/** A cell that must not get into a note: text that was lost, or a number that a spreadsheet has cut. */
function cellProblem(field: Field, name: string, cell: string): Problem | null {
  if (cell.includes('\uFFFD')) {
    return {
      ...problemOf('damaged_text', field, {
        zh: `{${name}} 的单元格含有“\uFFFD”，文字在之前的转换中已经损坏；请从原始系统重新导出`,
        en: `the cell for {${name}} holds "\uFFFD", so that its text was lost in an earlier conversion; export it again from its source`,
      }),
    };
  }
  const damage = damagedOrder(unwrapped(cell));
  if (damage === null || damage.code === 'order.number_format') return null;
  return problemOf('template.damaged', field, {
    zh: `{${name}} 的单元格“${cell.trim()}”像是被表格软件改坏的数字；请把该列设为“文本”后重新导出`,
    en: `the cell for {${name}}, "${cell.trim()}", looks like a number that a spreadsheet has damaged; set the column to "Text" and export again`,
  });
}
