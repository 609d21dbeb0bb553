import type { LookupRowView } from '../../../contract/lookup.ts';
import type { Bilingual } from '../../../contract/text.ts';
import { wordsFor, type Column, type OperationDescriptor } from '../../../contract/vendor.ts';
import type { GridColumn } from '../../components/grid/columns.ts';
import { t } from '../../i18n/index.ts';
import { LIST_WORDS, W } from './words.ts';

/** What stands for personal data until it is asked for. */
export const MASK = '•••';

const WIDTHS: Readonly<Record<Column['kind'], number>> = {
  order: 240,
  status: 148,
  amount: 104,
  time: 164,
  text: 136,
  integer: 88,
  boolean: 88,
};

const pad = (value: number): string => String(value).padStart(2, '0');

/** A vendor's time (`yyyy-MM-dd HH:mm:ss`, Beijing) in the person's zone and the same form; another text as it is. */
export function localTime(text: string): string {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(text);
  const at = new Date(`${parts?.[1] ?? ''}T${parts?.[2] ?? ''}+08:00`);
  if (parts === null || Number.isNaN(at.getTime())) return text;
  const day = `${String(at.getFullYear())}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${day} ${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

/** A value as a person reads it, and what is said besides: the vendor's own where the two differ. */
export function readable(column: Column | undefined, value: string): { text: string; hint: string | undefined } {
  const words = wordsFor(column, value);
  if (words !== undefined) return { text: t(words), hint: column?.own === true ? undefined : t(W.vendorValue(value)) };
  if (column?.kind === 'time') {
    const text = localTime(value);
    return { text, hint: text === value ? undefined : t(W.beijingTime(value)) };
  }
  if (column?.personal === true && value === MASK) return { text: value, hint: t(W.masked) };
  return { text: value, hint: undefined };
}

/** Columns of an operation apart from those of its nested lists, which are named `list.field`. */
export const ownColumns = ({ columns }: OperationDescriptor): readonly Column[] =>
  (columns ?? []).filter(({ id }) => !id.includes('.'));

/** The nested lists of an operation's rows that its columns name. */
export function listNames({ columns }: OperationDescriptor): readonly string[] {
  const names = (columns ?? []).filter(({ id }) => id.includes('.')).map(({ id }) => id.slice(0, id.indexOf('.')));
  return [...new Set(names)];
}

/** The columns by whose values rows can be chosen: those of which all the values are known. */
export const filterColumns = (operation: OperationDescriptor): readonly Column[] =>
  ownColumns(operation).filter(
    ({ kind, words, personal, own }) => kind === 'status' && words !== undefined && personal !== true && own !== true,
  );

export const listName = (name: string): Bilingual => LIST_WORDS[name] ?? { zh: name, en: name };

/** An operation's columns for the grid: the order's number first and frozen, what it is about next, personal data last. */
export function gridColumns(operation: OperationDescriptor): readonly GridColumn<LookupRowView>[] {
  const columns = ownColumns(operation);
  const key = columns.find(({ kind }) => kind === 'order');
  const drawn = columns.map((column): GridColumn<LookupRowView> => {
    const isKey = column === key;
    return {
      id: column.id,
      title: t(column.names),
      width: WIDTHS[column.kind],
      kind: column.kind,
      sortable: column.personal !== true,
      ...(column.personal === true ? { personal: true } : {}),
      ...(isKey ? { frozen: true, fixed: true, opens: true } : {}),
      text: (row) => readable(column, row.values[column.id] ?? '').text,
      hint: (row) => readable(column, row.values[column.id] ?? '').hint,
    };
  });
  const lists = listNames(operation).map((name): GridColumn<LookupRowView> => ({
    id: `list:${name}`,
    title: t(listName(name)),
    width: 96,
    kind: 'text',
    text: (row) => {
      const count = row.lists[name] ?? 0;
      return count === 0 ? '' : t(W.items(count));
    },
  }));
  return [...drawn, ...lists];
}

/** The number of a row's order, as it came. */
export function orderOf(operation: OperationDescriptor | null, values: Readonly<Record<string, string>>): string {
  const key = operation === null ? undefined : ownColumns(operation).find(({ kind }) => kind === 'order');
  return key === undefined ? '' : (values[key.id] ?? '');
}

/** A line of a table as text, for the clipboard: a tab or a line break within a cell becomes a space. */
export const tsvLine = (cells: readonly string[]): string =>
  cells.map((cell) => cell.replace(/[\t\r\n]+/g, ' ')).join('\t');
