import type { Bilingual } from '../../../contract/text.ts';
import type { Field, OperationDescriptor, VendorDescriptor } from '../../../contract/vendor.ts';

export type FormValues = Readonly<Record<string, string>>;

const DAY_MS = 86_400_000;
const BEIJING_MS = 8 * 3_600_000;
const FIRST_DAYS = 7;
/** Fields that are shown at first, besides those that the person must fill in. */
const FIRST_FIELDS = 3;

/** The day of a moment (ms) in Beijing, in whose time the vendors' forms are: `yyyy-MM-dd`. */
export function beijingDay(ms: number): string {
  return new Date(ms + BEIJING_MS).toISOString().slice(0, 10);
}

/** The first begin and end among the fields: two times that follow each other, named so. */
function firstSpan(fields: readonly Field[]): readonly [Field, Field] | null {
  for (const [at, begin] of fields.entries()) {
    const end = fields[at + 1];
    if (begin.kind !== 'time' || end?.kind !== 'time') continue;
    if (/^(?:start|begin|from)/i.test(begin.id) && /^(?:end|to|until)/i.test(end.id)) return [begin, end];
  }
  return null;
}

/**
 * What a form holds at first: the fields' own initial values, the last seven days, today among them, for the first begin and end, and, where one of the choices of
 * a field is the vendor itself, that one. `nowMs` is the present.
 */
export function firstValues(vendor: VendorDescriptor, fields: readonly Field[], nowMs: number): FormValues {
  const values: Record<string, string> = {};
  for (const field of fields) {
    const own = field.choices?.find(
      ({ names }) => vendor.names.zh.includes(names.zh) || vendor.names.en.toLowerCase() === names.en.toLowerCase(),
    );
    const first = field.initial ?? (field.required ? own?.value : undefined);
    if (first !== undefined && first !== '') values[field.id] = first;
  }
  const span = firstSpan(fields);
  if (span !== null) {
    values[span[0].id] ??= `${beijingDay(nowMs - (FIRST_DAYS - 1) * DAY_MS)} 00:00:00`;
    values[span[1].id] ??= `${beijingDay(nowMs)} 23:59:59`;
  }
  return values;
}

/** The lookup to begin with: the first that needs no order number, else the first. */
export function firstLookup(vendor: VendorDescriptor): OperationDescriptor | null {
  const lookups = lookupsOf(vendor);
  const needsOrder = ({ params }: OperationDescriptor): boolean =>
    params.some(({ kind, required }) => required && (kind === 'order' || kind === 'orders'));
  return lookups.find((one) => !needsOrder(one)) ?? lookups[0] ?? null;
}

export const lookupsOf = (vendor: VendorDescriptor): readonly OperationDescriptor[] =>
  vendor.operations.filter(({ kind }) => kind === 'lookup');
export const updatesOf = (vendor: VendorDescriptor): readonly OperationDescriptor[] =>
  vendor.operations.filter(({ kind }) => kind === 'update');

/** Splits a form into what is shown at first and what lies under "more": nothing that the person must fill in, or has, is hidden. */
export function splitFields(
  fields: readonly Field[],
  values: FormValues,
): { readonly first: readonly Field[]; readonly more: readonly Field[] } {
  const own = ({ id, initial }: Field): boolean => (values[id] ?? '') !== (initial ?? '');
  const shown = fields.filter(
    (field, at) => at < FIRST_FIELDS || own(field) || (field.required && field.initial === undefined),
  );
  return { first: shown, more: fields.filter((field) => !shown.includes(field)) };
}

function problemOf(field: Field, value: string): Bilingual | null {
  if (value === '') return field.required ? { zh: '请填写这一项。', en: 'Please fill this in.' } : null;
  // Each order of a list by itself; main says which of them it is.
  if (field.kind === 'orders') return null;
  const length = [...value].length;
  if (field.maxLength !== undefined && length > field.maxLength) {
    return {
      zh: `最多 ${String(field.maxLength)} 个字符，现在是 ${String(length)} 个。`,
      en: `At most ${String(field.maxLength)} characters; this has ${String(length)}.`,
    };
  }
  if (field.kind === 'integer' && !/^-?\d+$/u.test(value)) return { zh: '请填整数。', en: 'Must be a whole number.' };
  if (field.pattern === undefined || new RegExp(`^(?:${field.pattern})$`, 'u').test(value)) return null;
  return field.example === undefined
    ? { zh: '格式不对。', en: 'Not in the right form.' }
    : { zh: `格式不对，应像 ${field.example}。`, en: `Not in the right form; it should look like ${field.example}.` };
}

/** What is wrong with a form, by field id; an end before its begin too. Main checks again before anything is sent. */
export function formProblems(fields: readonly Field[], values: FormValues): Readonly<Record<string, Bilingual>> {
  const problems: Record<string, Bilingual> = {};
  fields.forEach((field, at) => {
    const value = (values[field.id] ?? '').trim();
    const problem = problemOf(field, value);
    if (problem !== null) problems[field.id] = problem;
    const begin = at === 0 ? undefined : fields[at - 1];
    const began = begin === undefined ? '' : (values[begin.id] ?? '');
    if (field.kind !== 'time' || begin === undefined || firstSpan([begin, field]) === null) return;
    if (value !== '' && began !== '' && value < began)
      problems[field.id] = { zh: '结束时间早于开始时间。', en: 'The end is before the start.' };
  });
  return problems;
}

/** The form as it is sent: without empty fields and spaces around. */
export function filledIn(fields: readonly Field[], values: FormValues): FormValues {
  return Object.fromEntries(
    fields.map(({ id }) => [id, (values[id] ?? '').trim()] as const).filter(([, value]) => value !== ''),
  );
}
