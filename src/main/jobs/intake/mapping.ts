import type { Bilingual } from '../../../contract/text.ts';
import type { AppError } from '../../../contract/errors.ts';
import { appError } from '../../../contract/errors.ts';
import type { Field } from '../../../contract/vendor.ts';
import { ownLayout, restoreCell } from '../export/cells.ts';
import type { OwnLayout } from '../export/cells.ts';
import { columnLetters } from './problems.ts';

/** What a header says about the fields. Columns are 0-based. */
export interface ProposedMapping {
  /** Column by field id. */
  readonly mapping: Readonly<Record<string, number>>;
  /** Columns that belong to no field. */
  readonly unmapped: readonly number[];
  /** Fields that several columns would fit. */
  readonly ambiguous: readonly { readonly field: string; readonly columns: readonly number[] }[];
  /** Fields that must be there and are not. */
  readonly missing: readonly string[];
}

/** What a person says: a header name or a 0-based column by field id. */
export type ExplicitMapping = Readonly<Record<string, string | number>>;

/** How the rows of an input are to be read. */
export interface IntakePlan {
  readonly hasHeader: boolean;
  /** The original header (that of an export of ours without its added columns); null when there is none. */
  readonly header: readonly string[] | null;
  readonly mapping: Readonly<Record<string, number>>;
  readonly unmapped: readonly number[];
  /** Whether the input is an export of this console, of which the original cells alone are taken. */
  readonly ownExport: boolean;
  /** Worth telling: columns without a name or with the same one. */
  readonly notices: readonly Bilingual[];
}

const BRACKETS = /[([{<【〔「『《].*?[)\]}>】〕」』》]/gu;

/** A header name for comparing: NFKC, without case, spaces and marks. */
export function headerKey(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\p{P}\p{S}\p{Z}\p{C}\s]/gu, '');
}

/** The name without what stands in brackets (units, remarks). */
function withoutBrackets(name: string): string {
  return name.normalize('NFKC').replaceAll(BRACKETS, '');
}

/** How well a column's name fits a field: 2 as it stands, 1 without its brackets, 0 not. */
function fit(name: string, keys: ReadonlySet<string>): 0 | 1 | 2 {
  const whole = headerKey(name);
  if (whole !== '' && keys.has(whole)) return 2;
  const bare = headerKey(withoutBrackets(name));
  return bare !== '' && keys.has(bare) ? 1 : 0;
}

function keysOf(field: Field): ReadonlySet<string> {
  return new Set([field.id, field.names.zh, field.names.en, ...(field.aliases ?? [])].map(headerKey));
}

/** Whether a cell can be an order's number, and so is no header name. */
function isOrderCell(cell: string, pattern: string | undefined): boolean {
  const text = restoreCell(cell.trim()).trim();
  const digits = text.match(/\d/gu)?.length ?? 0;
  if (digits === 0 || /\s/u.test(text)) return false;
  if (digits >= 6 || digits === text.length || /^\d[.,]\d+e\+?\d+$/iu.test(text)) return true;
  return digits >= 4 && pattern !== undefined && new RegExp(`^(?:${pattern})$`, 'u').test(text);
}

/**
 * Whether the first record is a header: it names the order's column, or none of its cells can be an order's number. So an unknown header is
 * never sent as an order, and a list without a header loses no row.
 */
export function detectHeader(firstRow: readonly string[], rowFields: readonly Field[]): boolean {
  if (ownLayout(firstRow) !== null) return true;
  const order = rowFields.find((field) => field.kind === 'order');
  if (order !== undefined && firstRow.some((name) => fit(name, keysOf(order)) > 0)) return true;
  return !firstRow.some((cell) => isOrderCell(cell, order?.pattern));
}

/** Finds each field's column by the names that sellers use; `taken` columns and `given` fields are left out. */
export function proposeMapping(
  header: readonly string[],
  rowFields: readonly Field[],
  given: Readonly<Record<string, number>> = {},
): ProposedMapping {
  const mapping: Record<string, number> = { ...given };
  const taken = new Set(Object.values(given));
  const ambiguous: { field: string; columns: readonly number[] }[] = [];
  for (const field of rowFields) {
    if (Object.hasOwn(given, field.id)) continue;
    const keys = keysOf(field);
    const fits = header.map((name, index) => (taken.has(index) ? 0 : fit(name, keys)));
    const best = Math.max(0, ...fits);
    const columns = best === 0 ? [] : fits.flatMap((one, index) => (one === best ? [index] : []));
    const [only] = columns;
    if (columns.length > 1) ambiguous.push({ field: field.id, columns });
    else if (only !== undefined) mapping[field.id] = only;
  }
  // A column that two fields claim belongs to neither until a person says so.
  for (const [field, column] of Object.entries(mapping)) {
    const claims = Object.entries(mapping).filter(([other, at]) => at === column && other !== field);
    if (claims.length > 0 && !Object.hasOwn(given, field)) ambiguous.push({ field, columns: [column] });
  }
  const unclear = new Set(ambiguous.map(({ field }) => field));
  const clear = Object.fromEntries(Object.entries(mapping).filter(([field]) => !unclear.has(field)));
  const used = new Set(Object.values(clear));
  return {
    mapping: clear,
    unmapped: header.flatMap((_, index) => (used.has(index) ? [] : [index])),
    ambiguous,
    missing: rowFields
      .filter((field) => field.required && field.initial === undefined && !Object.hasOwn(mapping, field.id))
      .map((field) => field.id),
  };
}

export interface SurveyOptions {
  readonly mapping?: ExplicitMapping;
  readonly hasHeader?: boolean;
  /** `mapping` is all of it: a field that it leaves out has no column. */
  readonly mappingIsWhole?: boolean;
}

/** What an input's first record says of it, unclear and missing columns included. */
export interface IntakeSurvey {
  readonly hasHeader: boolean;
  /** The original cells of the first record (those of an export of ours without its added columns). */
  readonly names: readonly string[];
  readonly proposed: ProposedMapping;
  readonly own: OwnLayout | null;
  readonly notices: readonly Bilingual[];
}

/**
 * Looks at an input's first record: header or not, which column seems to be which field. Throws INTAKE_MAPPING (two columns for one field, an
 * unknown name or column) and INTAKE_HEADER (a name that several columns have) for what `mapping` says alone.
 */
export function surveyIntake(
  firstRow: readonly string[],
  rowFields: readonly Field[],
  options: SurveyOptions = {},
): IntakeSurvey {
  const own = ownLayout(firstRow);
  const hasHeader = own !== null || (options.hasHeader ?? detectHeader(firstRow, rowFields));
  const names =
    own === null
      ? firstRow
      : own.originals.map((index) => (own.raw ? (firstRow[index] ?? '') : restoreCell(firstRow[index] ?? '')));
  const given = explicitColumns(options.mapping ?? {}, hasHeader ? names : null, names.length, rowFields);
  const byName = hasHeader && options.mappingIsWhole !== true;
  const proposed = byName ? proposeMapping(names, rowFields, given) : listMapping(names, rowFields, given);
  return { hasHeader, names, proposed, own, notices: hasHeader ? headerNotices(names) : [] };
}

/**
 * Decides how an input is read from its first record: header or not, which column is which field. Throws INTAKE_MAPPING (a required field
 * without a column, two columns for one, an unknown name or column) and INTAKE_HEADER (a name that several columns have).
 */
export function planIntake(
  firstRow: readonly string[],
  rowFields: readonly Field[],
  options: SurveyOptions = {},
): IntakePlan {
  const { hasHeader, names, proposed, own, notices } = surveyIntake(firstRow, rowFields, options);
  if (proposed.ambiguous.length > 0 || proposed.missing.length > 0)
    throw mappingError(proposed, names, hasHeader, rowFields);
  return {
    hasHeader,
    header: hasHeader ? names : null,
    mapping: proposed.mapping,
    unmapped: proposed.unmapped,
    ownExport: own !== null,
    notices,
  };
}

/** Without a header only a single column explains itself: the order's numbers. */
function listMapping(
  firstRow: readonly string[],
  rowFields: readonly Field[],
  given: Readonly<Record<string, number>>,
): ProposedMapping {
  const order = rowFields.find((field) => field.kind === 'order');
  const single = firstRow.length === 1 && order !== undefined && Object.keys(given).length === 0;
  return proposeMapping(
    firstRow.map(() => ''),
    rowFields,
    single ? { [order.id]: 0 } : given,
  );
}

function explicitColumns(
  explicit: ExplicitMapping,
  header: readonly string[] | null,
  width: number,
  rowFields: readonly Field[],
): Readonly<Record<string, number>> {
  const columns: Record<string, number> = {};
  for (const [id, wanted] of Object.entries(explicit)) {
    const field = rowFields.find((one) => one.id === id);
    if (field === undefined) {
      throw refused(
        { zh: `没有名为“${id}”的字段`, en: `There is no field "${id}".` },
        {
          zh: `可用的字段：${rowFields.map((one) => one.id).join('、')}`,
          en: `Fields: ${rowFields.map((one) => one.id).join(', ')}.`,
        },
        { field: id },
      );
    }
    columns[id] = explicitColumn(field, wanted, header, width);
  }
  const twice = Object.entries(columns).find(([id, at]) =>
    Object.entries(columns).some(([other, one]) => other !== id && one === at),
  );
  if (twice) {
    throw refused(
      {
        zh: `${columnLetters(twice[1])} 列被指定给了两个字段`,
        en: `Column ${columnLetters(twice[1])} is given to two fields.`,
      },
      { zh: '请给每个字段指定不同的列', en: 'Give each field a column of its own.' },
      { column: twice[1] + 1 },
    );
  }
  return columns;
}

function explicitColumn(
  field: Field,
  wanted: string | number,
  header: readonly string[] | null,
  width: number,
): number {
  if (typeof wanted === 'number') {
    if (Number.isInteger(wanted) && wanted >= 0 && wanted < width) return wanted;
    throw refused(
      {
        zh: `“${field.names.zh}”指定的第 ${wanted + 1} 列不存在，文件只有 ${width} 列`,
        en: `Column ${wanted + 1} for "${field.names.en}" does not exist; the input has ${width}.`,
      },
      { zh: `请指定 1 到 ${width} 之间的列`, en: `Name a column from 1 to ${width}.` },
      { field: field.id, column: wanted + 1 },
    );
  }
  const exact = indexesOf(header ?? [], (name) => name === wanted);
  const columns = exact.length > 0 ? exact : indexesOf(header ?? [], (name) => headerKey(name) === headerKey(wanted));
  const [only] = columns;
  if (only === undefined) {
    throw refused(
      {
        zh: `没有名为“${wanted}”的列。${found(header ?? []).zh}`,
        en: `No column is named "${wanted}". ${found(header ?? []).en}`,
      },
      { zh: '请核对列名，或用列的序号指定', en: 'Check the name, or give the column by its number.' },
      { field: field.id },
    );
  }
  if (columns.length > 1) {
    throw appError(
      'INTAKE_HEADER',
      {
        zh: `有 ${columns.length} 列都叫“${wanted}”（${lettersOf(columns)}）`,
        en: `${columns.length} columns are named "${wanted}" (${lettersOf(columns)}).`,
      },
      { zh: '请用列的序号指定，或改掉其中的列名', en: 'Give the column by its number, or rename one of them.' },
      { data: { field: field.id } },
    );
  }
  return only;
}

function indexesOf(header: readonly string[], wanted: (name: string) => boolean): readonly number[] {
  return header.flatMap((name, index) => (wanted(name) ? [index] : []));
}

function lettersOf(columns: readonly number[]): string {
  return columns.map(columnLetters).join(', ');
}

/** Names that the header has more than once, and columns without one. */
function headerNotices(header: readonly string[]): readonly Bilingual[] {
  const notices: Bilingual[] = [];
  const empty = indexesOf(header, (name) => name.trim() === '');
  if (empty.length > 0) {
    notices.push({ zh: `${lettersOf(empty)} 列没有列名`, en: `Without a name: column ${lettersOf(empty)}.` });
  }
  const byKey = new Map<string, number[]>();
  for (const [index, name] of header.entries()) {
    if (name.trim() !== '') byKey.set(name.trim(), [...(byKey.get(name.trim()) ?? []), index]);
  }
  for (const [name, columns] of byKey) {
    if (columns.length < 2) continue;
    notices.push({
      zh: `列名“${shortened(name)}”重复：${lettersOf(columns)} 列`,
      en: `The name "${shortened(name)}" occurs more than once: columns ${lettersOf(columns)}.`,
    });
  }
  return notices;
}

function shortened(name: string): string {
  const points = Array.from(name);
  return points.length > 24 ? `${points.slice(0, 24).join('')}…` : name;
}

function found(header: readonly string[]): Bilingual {
  if (header.length === 0) return { zh: '文件没有表头。', en: 'The input has no header.' };
  const names = header.slice(0, 20).map((name, index) => `${columnLetters(index)} ${shortened(name)}`);
  if (header.length > 20) names.push('…');
  return { zh: `找到的列：${names.join('、')}。`, en: `Columns found: ${names.join(', ')}.` };
}

function mappingError(
  proposed: ProposedMapping,
  names: readonly string[],
  hasHeader: boolean,
  rowFields: readonly Field[],
): AppError {
  const nameOf = (id: string): Bilingual => rowFields.find((field) => field.id === id)?.names ?? { zh: id, en: id };
  const said: Bilingual[] = proposed.ambiguous.map(({ field, columns }) => ({
    zh: `“${nameOf(field).zh}”对应到不止一列，或与别的字段同列：${lettersOf(columns)}。`,
    en: `"${nameOf(field).en}" fits more than one column, or shares one with another field: ${lettersOf(columns)}.`,
  }));
  const unclear = new Set(proposed.ambiguous.map(({ field }) => field));
  const missing = proposed.missing.filter((field) => !unclear.has(field));
  if (missing.length > 0) {
    said.push({
      zh: `没有找到必需的列：${missing.map((id) => nameOf(id).zh).join('、')}。`,
      en: `No column for: ${missing.map((id) => nameOf(id).en).join(', ')}.`,
    });
  }
  // Without a header the cells are data, maybe personal, so that only their number is told.
  const columns = hasHeader
    ? found(names)
    : { zh: `文件没有表头，共 ${names.length} 列。`, en: `The input has no header and ${names.length} column(s).` };
  return refused(
    { zh: [...said, columns].map((one) => one.zh).join(''), en: [...said, columns].map((one) => one.en).join(' ') },
    hasHeader
      ? { zh: '请改列名，或指定每个字段是哪一列', en: 'Rename the columns, or say which column each field is.' }
      : {
          zh: '请在第一行加上列名，或指定每个字段是第几列；只有订单号时，一行一个',
          en: 'Add a first line with column names, or say which column each field is; order numbers alone go one a line.',
        },
    { columns: names.length },
  );
}

function refused(message: Bilingual, remedy: Bilingual, data: Record<string, string | number>): AppError {
  return appError('INTAKE_MAPPING', message, remedy, { data });
}
