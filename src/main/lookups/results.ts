import { appError } from '../../contract/errors.ts';
import type { LookupDetail, LookupRowView, LookupView, SelectionChange } from '../../contract/lookup.ts';
import { wordsFor, type Column } from '../../contract/vendor.ts';
import type { LookupRow, Values } from '../vendors/types.ts';
import { columnOrder } from './compare.ts';
import { breather, sortInSteps } from './steps.ts';

/** What stands in place of personal data. */
export const MASK = '•••';
/** Sorted and filtered views that are kept of one result. */
const MOST_VIEWS = 4;

/** Rows of a view by their keys, in its order. */
type Keys = Uint32Array;

/** The rows that a selection has, and what they are shown as. */
export interface ResultExport {
  readonly keys: Keys;
  /** The row's values, personal data masked unless it was asked for. */
  row(key: number): LookupRow;
}

function unknownColumn(id: string): Error {
  return appError(
    'USAGE',
    { zh: `这个结果没有「${id}」列。`, en: `This result has no column "${id}".` },
    { zh: '请重新选择列。', en: 'Choose the column again.' },
    { data: { column: id } },
  );
}

function noRow(key: number): Error {
  return appError(
    'LOOKUP_GONE',
    { zh: '这一行不在查询结果里。', en: 'That row is not in the result.' },
    { zh: '请重新查询。', en: 'Look up again.' },
    { data: { key } },
  );
}

/** Two views that show the same rows in the same order have the same key. */
function viewKey({ sort, find, values }: LookupView): string {
  const wanted = Object.entries(values)
    .map(([column, list]) => [column, [...list].sort()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sort, find.trim().toLowerCase(), wanted]);
}

/**
 * The rows of one lookup as they were read, in main. A row's key is its number, from 0; keys never change, rows are only added. Personal data
 * leaves by `detail` and `exported` alone, and only when it is asked for; it is neither searched nor filtered by.
 */
export class ResultSet {
  readonly columns: readonly Column[];
  readonly #byId: ReadonlyMap<string, Column>;
  readonly #rows: LookupRow[] = [];
  readonly #views = new Map<string, Promise<Keys>>();
  /**
   * The selection. A change speaks of whole views; what it comes to is kept row by row, so that a row that arrives later is in no selection that
   * a person has not seen it in.
   */
  #chosen = new Uint8Array(0);
  #selected = 0;

  constructor(columns: readonly Column[]) {
    this.columns = columns;
    this.#byId = new Map(columns.map((column) => [column.id, column]));
  }

  get size(): number {
    return this.#rows.length;
  }

  /** How many rows are selected. */
  get selected(): number {
    return this.#selected;
  }

  /** Adds rows as they are read. Sorted and filtered views are made anew when they are next asked for. */
  add(rows: readonly LookupRow[]): void {
    for (const row of rows) this.#rows.push(row);
    this.#views.clear();
    if (this.#rows.length <= this.#chosen.length) return;
    const chosen = new Uint8Array(Math.max(1_024, 2 * this.#rows.length));
    chosen.set(this.#chosen);
    this.#chosen = chosen;
  }

  /** Puts rows that were read again in the place of what they were. */
  replace(changes: readonly { readonly place: number; readonly row: LookupRow }[]): void {
    for (const { place, row } of changes) if (place < this.#rows.length) this.#rows[place] = row;
    if (changes.length > 0) this.#views.clear();
  }

  /** One page of a view, by position, and how many rows the view has. Throws USAGE for a column that is not there or is personal. */
  async page(view: LookupView, offset: number, limit: number): Promise<{ total: number; rows: LookupRowView[] }> {
    const keys = await this.#keys(view);
    const rows = Array.from(keys.subarray(offset, offset + limit), (key) => this.#shown(key));
    return { total: keys.length, rows };
  }

  /** Everything of one row; personal data as it is when `personal`, else masked. Throws LOOKUP_GONE. */
  detail(key: number, personal: boolean): Omit<LookupDetail, 'until' | 'pictures'> {
    const row = this.#row(key);
    const isPersonal = (id: string): boolean => this.#isPersonal(id);
    const hasPersonal =
      Object.entries(row.values).some(([id, value]) => value !== '' && isPersonal(id)) ||
      Object.entries(row.lists ?? {}).some(([name, list]) =>
        list.some((one) => Object.keys(one).some((id) => this.#isPersonalInList(name, id))),
      );
    return { key, ...this.#seen(row, personal), personalShown: personal, hasPersonal };
  }

  /** A row as the vendor gave it, for main alone. Throws LOOKUP_GONE. */
  rowAt(key: number): LookupRow {
    return this.#row(key);
  }

  /** Changes the selection; answers how many rows are selected then. Throws as `page` and `detail` do. */
  async select(change: SelectionChange): Promise<number> {
    if (change.kind === 'none') return this.#selectNone();
    if (change.kind === 'one') {
      this.#row(change.key);
      this.#mark(change.key, change.selected);
      return this.#selected;
    }
    const keys = await this.#keys(change.view);
    if (change.kind === 'all') {
      this.#selectNone();
      for (const key of keys) this.#mark(key, true);
      return this.#selected;
    }
    const [from, to] = change.from <= change.to ? [change.from, change.to] : [change.to, change.from];
    for (const key of keys.subarray(from, to + 1)) this.#mark(key, change.selected);
    return this.#selected;
  }

  /** The values of one column in the selected rows, in the order they were read. */
  selectedValues(column: string): string[] {
    return this.#rows.flatMap((row, key) => (this.#chosen[key] === 1 ? [row.values[column] ?? ''] : []));
  }

  /** The rows of a view, or all that are selected in the view's order, for a file. */
  async exported(view: LookupView, options: { selectedOnly: boolean; personal: boolean }): Promise<ResultExport> {
    const { selectedOnly, personal } = options;
    const keys = selectedOnly
      ? (await this.#keys({ sort: view.sort, find: '', values: {} })).filter((key) => this.#chosen[key] === 1)
      : await this.#keys(view);
    return { keys, row: (key) => this.#seen(this.#row(key), personal) };
  }

  #row(key: number): LookupRow {
    const row = this.#rows[key];
    if (row === undefined) throw noRow(key);
    return row;
  }

  #selectNone(): number {
    this.#chosen.fill(0);
    this.#selected = 0;
    return 0;
  }

  #mark(key: number, selected: boolean): void {
    const before = this.#chosen[key] === 1;
    if (before === selected) return;
    this.#chosen[key] = selected ? 1 : 0;
    this.#selected += selected ? 1 : -1;
  }

  /** A value that no column describes is taken for personal: nobody has said that it is not. */
  #isPersonal(id: string): boolean {
    const column = this.#byId.get(id);
    return column === undefined || column.personal === true;
  }

  #isPersonalInList(list: string, id: string): boolean {
    return this.#byId.get(`${list}.${id}`)?.personal === true;
  }

  #shown(key: number): LookupRowView {
    const { values, lists = {} } = this.#row(key);
    const shown: Record<string, string> = {};
    for (const { id, personal } of this.columns) {
      const value = values[id] ?? '';
      if (value !== '') shown[id] = personal === true ? MASK : value;
    }
    const counts = Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.length]));
    return { key, selected: this.#chosen[key] === 1, values: shown, lists: counts };
  }

  #seen({ values, lists = {} }: LookupRow, personal: boolean): Required<LookupRow> {
    if (personal) return { values, lists };
    const masked = (of: Values, hides: (id: string) => boolean): Values =>
      Object.fromEntries(Object.entries(of).map(([id, value]) => [id, value !== '' && hides(id) ? MASK : value]));
    return {
      values: masked(values, (id) => this.#isPersonal(id)),
      lists: Object.fromEntries(
        Object.entries(lists).map(([name, list]) => [
          name,
          list.map((one) => masked(one, (id) => this.#isPersonalInList(name, id))),
        ]),
      ),
    };
  }

  #keys(view: LookupView): Promise<Keys> {
    const key = viewKey(view);
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const made = this.#make(view);
    this.#views.set(key, made);
    // One that failed is not kept.
    made.catch(() => this.#views.delete(key));
    const oldest = this.#views.keys().next().value;
    if (this.#views.size > MOST_VIEWS && oldest !== undefined) this.#views.delete(oldest);
    return made;
  }

  async #make(view: LookupView): Promise<Keys> {
    const breathe = breather();
    const passes = this.#filter(view);
    // What arrives from here on is in the next view.
    const size = this.#rows.length;
    const order = this.#order(view);
    const kept = new Uint32Array(size);
    let count = 0;
    for (let key = 0; key < size; key += 1) {
      const row = this.#rows[key];
      if (row !== undefined && passes(row.values)) kept[count++] = key;
      const pause = breathe();
      if (pause !== null) await pause;
    }
    const keys = kept.subarray(0, count);
    return order === null ? keys : sortInSteps(keys, order, breathe);
  }

  #order({ sort }: LookupView): ((a: number, b: number) => number) | null {
    if (sort === null) return null;
    const column = this.#byId.get(sort.column);
    if (column === undefined) throw unknownColumn(sort.column);
    const values = this.#rows.map((row) => row.values[column.id] ?? '');
    return columnOrder(column.kind, values, sort.descending);
  }

  /** Whether a row's values pass a view's filters. */
  #filter(view: LookupView): (values: Values) => boolean {
    const wanted = Object.entries(view.values).map(([id, list]) => {
      if (this.#isPersonal(id)) throw unknownColumn(id);
      return { id, list: new Set(list) };
    });
    const find = view.find.trim().toLowerCase();
    const searched = this.columns.filter((column) => column.personal !== true);
    return (values) =>
      wanted.every(({ id, list }) => list.has(values[id] ?? '')) &&
      (find === '' || searched.some((column) => holds(column, values[column.id] ?? '', find)));
  }
}

/** Whether a cell has the text (lower case), as the vendor wrote it or as either language says it. */
function holds(column: Column, value: string, find: string): boolean {
  if (value === '') return false;
  if (value.toLowerCase().includes(find)) return true;
  const words = wordsFor(column, value);
  return words !== undefined && (words.zh.toLowerCase().includes(find) || words.en.toLowerCase().includes(find));
}
