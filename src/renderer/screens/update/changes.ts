import type { RowView } from '../../../contract/job.ts';
import type { Bilingual } from '../../../contract/text.ts';
import { wordsFor, type Colour, type Field, type OperationDescriptor } from '../../../contract/vendor.ts';
import { t } from '../../i18n/index.ts';
import { valueText } from './reasons.ts';
import { SE } from './words-seen.ts';

/** A value as a person reads it, with the colour that it stands for. */
export interface Shown {
  readonly text: string;
  readonly colour: Colour | null;
}

/** A thing that the update changes, or that a row says beside it. */
export interface Changed {
  readonly id: string;
  readonly names: Bilingual;
  /** Whether the vendor's present value of it is read. */
  readonly isRead: boolean;
}

/** One value of a row, before and after. `before` null: not read; `after` null: the row does not write it, or it is not known yet. */
export interface Change {
  readonly before: Shown | null;
  readonly after: Shown | null;
}

/** What is changed, in the vendor's order: what is read of an order, then what a row has besides. */
export function changedThings(operation: OperationDescriptor): readonly Changed[] {
  const present = operation.present ?? [];
  const read = new Set(present.map(({ id }) => id));
  const rest = (operation.rowFields ?? []).filter(({ id, kind }) => kind !== 'order' && !read.has(id));
  return [
    ...present.map(({ id, names }) => ({ id, names, isRead: true })),
    ...rest.map(({ id, names }) => ({ id, names, isRead: false })),
  ];
}

function fieldOf(operation: OperationDescriptor, id: string): Field | undefined {
  return [...(operation.rowFields ?? []), ...operation.params].find((field) => field.id === id);
}

/** Whether a thing that is read is one that the update writes, so that it can be said how that changes. */
export function writesWhatIsRead({ present = [], rowFields = [], params }: OperationDescriptor): boolean {
  const written = new Set([...rowFields, ...params].map(({ id }) => id));
  return present.some(({ id }) => written.has(id));
}

/** A value that would be written, in words: that of a row, else the one that all rows share. */
function afterOf(
  operation: OperationDescriptor,
  params: Readonly<Record<string, string>>,
  row: RowView,
  id: string,
): Shown | null {
  const own = (row.writes ?? row.values)?.[id];
  const value = own ?? (operation.rowFields?.some((field) => field.id === id) === true ? undefined : params[id]);
  if (value === undefined || value === '') return null;
  const field = fieldOf(operation, id);
  return {
    text: valueText(field, value),
    colour: field?.choices?.find((choice) => choice.value === value)?.colour ?? null,
  };
}

/** A present value as a person reads it. */
export function presentText(operation: OperationDescriptor, id: string, value: string): string {
  const words = wordsFor(
    operation.present?.find((one) => one.id === id),
    value,
  );
  return words === undefined ? value : t(words);
}

function beforeOf(operation: OperationDescriptor, row: RowView, id: string): Shown | null {
  const value = row.seenValues?.[id];
  if (value === undefined) return null;
  const column = operation.present?.find((one) => one.id === id);
  return { text: presentText(operation, id, value), colour: column?.colours?.[value] ?? null };
}

/** A row's value before and after. */
export function changeOf(
  operation: OperationDescriptor,
  params: Readonly<Record<string, string>>,
  row: RowView,
  id: string,
): Change {
  return { before: beforeOf(operation, row, id), after: afterOf(operation, params, row, id) };
}

/** Whether both are known and differ. */
export function differs({ before, after }: Change): boolean {
  return before !== null && after !== null && before.text !== after.text;
}

/** What becomes of a row's values, in a word. */
export function changeWord(
  operation: OperationDescriptor,
  params: Readonly<Record<string, string>>,
  row: RowView,
): Bilingual {
  if (row.seenValues === null) return SE.notRead;
  const changes = changedThings(operation)
    .filter(({ isRead }) => isRead)
    .map(({ id }) => changeOf(operation, params, row, id));
  const main = changes.find(differs);
  if (main === undefined) return SE.same;
  const [before, after] = [main.before?.text ?? '', main.after?.text ?? ''];
  if (before === '') return SE.added;
  return after.startsWith(before) ? SE.appended : SE.replaced;
}

/** A text in three: what stays before, what differs, what stays after. */
export interface Marked {
  readonly head: string;
  readonly middle: string;
  readonly tail: string;
}

/** What two texts have in common at their ends, by whole characters, and what of each differs between. */
export function marked(before: string, after: string): { readonly before: Marked; readonly after: Marked } {
  const [one, other] = [Array.from(before), Array.from(after)];
  const most = Math.min(one.length, other.length);
  let head = 0;
  while (head < most && one[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < most - head && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail += 1;
  const cut = (signs: readonly string[]): Marked => ({
    head: signs.slice(0, head).join(''),
    middle: signs.slice(head, signs.length - tail).join(''),
    tail: tail === 0 ? '' : signs.slice(-tail).join(''),
  });
  return { before: cut(one), after: cut(other) };
}
