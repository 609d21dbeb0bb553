import type { PropType, VNode } from 'vue';
import { createTextVNode, defineComponent, h } from 'vue';
import { t } from '../../i18n/index.ts';
import type { CellSlots, GridColumn } from './columns.ts';
import { W } from './words.ts';

/** What is the same for every row of a grid: made anew only when the columns change, so that rows compare it by identity. */
export interface RowPlan {
  /** Those that are drawn. */
  readonly columns: readonly GridColumn<object>[];
  readonly slots: CellSlots<object>;
  /** Attributes of each drawn cell, the selection's first, without and with the tab stop. */
  readonly cells: readonly {
    readonly column: number;
    readonly plain: CellAttributes;
    readonly active: CellAttributes;
  }[];
  readonly selectable: boolean;
}
type CellAttributes = Readonly<Record<string, string | number | Readonly<Record<string, string>>>>;

/**
 * Makes the plan of a grid's rows: the columns that `draws` says, each at its own track. The selection column, where there is one, is
 * column 0.
 */
export function rowPlan(
  all: readonly GridColumn<object>[],
  draws: (at: number) => boolean,
  slots: CellSlots<object>,
  selectable: boolean,
): RowPlan {
  const attributes = (
    at: number,
    classes: string,
    style: Readonly<Record<string, string>>,
    named: Readonly<Record<string, string>> = {},
  ): RowPlan['cells'][number] => {
    const track = { ...style, gridColumn: String(at + 1) };
    const plain = {
      role: 'gridcell',
      class: classes,
      'aria-colindex': at + 1,
      'data-column': at,
      tabindex: -1,
      style: track,
      ...named,
    };
    return { column: at, plain, active: { ...plain, tabindex: 0 } };
  };
  const offset = selectable ? 1 : 0;
  const columns: GridColumn<object>[] = [];
  // It shows no text; whether it is on is the row's to say.
  const cells = selectable ? [attributes(0, 'cell select frozen', {}, { 'aria-label': t(W.select) })] : [];
  all.forEach((column, at) => {
    if (column.frozen !== true && !draws(at)) return;
    columns.push(column);
    cells.push(attributes(at + offset, cellClass(column), frozenAt(column, at).style ?? {}));
  });
  return { columns, slots, cells, selectable };
}

/** Where a frozen column's cells stand: a variable that the grid keeps. */
export function frozenAt(column: GridColumn<object>, at: number): { style?: Record<string, string> } {
  return column.frozen === true ? { style: { left: `var(--left-${String(at)})` } } : {};
}

const BOX = { class: 'box', 'aria-hidden': 'true' };

/** The classes of a column's cells and header: alignment by kind, digits that line up. */
export function cellClass(column: GridColumn<object>): string {
  const align = column.align ?? (column.kind === 'amount' || column.kind === 'integer' ? 'end' : 'start');
  const marks = [
    column.frozen === true ? 'frozen' : '',
    column.personal === true ? 'personal' : '',
    column.written === true ? 'vendor' : '',
  ];
  return ['cell', align, column.kind ?? 'text', ...marks].filter((mark) => mark !== '').join(' ');
}

/**
 * One row of a grid. It is drawn anew only when its own row, position, tab stop or selection changes; a row that is not read yet keeps its
 * cells, empty. Vue's render function without a template: the cells' attributes are shared objects, which cost a comparison each.
 */
export const GridRow = defineComponent({
  name: 'GridRow',
  props: {
    plan: { type: Object as PropType<RowPlan>, required: true },
    /** undefined while it is not read. */
    row: { type: Object as PropType<object | undefined>, default: undefined },
    index: { type: Number, required: true },
    /** Where it lies in the pane, px. */
    y: { type: Number, required: true },
    /** The column that has the tab stop, or -1. */
    active: { type: Number, required: true },
    selected: { type: Boolean, required: true },
  },
  setup: (props) => () => {
    const { plan, row, index, active, selected } = props;
    const cells: VNode[] = [];
    const read = row !== undefined;
    if (plan.selectable) {
      const at = plan.cells[0];
      const box = h('span', BOX);
      cells.push(h('div', active === 0 ? at?.active : at?.plain, [box]));
    }
    const offset = cells.length;
    plan.columns.forEach((column, position) => {
      const at = plan.cells[position + offset];
      const attributes = at === undefined || active !== at.column ? at?.plain : at.active;
      // Not an empty text, which has no box: one would have to be made for it when the row is read.
      const text = read ? column.text(row) : '\u00a0';
      const slot = plan.slots[`cell-${column.id}`];
      if (read && slot !== undefined) cells.push(h('div', attributes, [slot({ row, index, text })]));
      else if (column.opens === true)
        cells.push(h('div', attributes, [h('span', { class: 'opens' }, [createTextVNode(text)])]));
      else cells.push(h('div', attributes, [createTextVNode(text)]));
    });
    return h(
      'div',
      {
        role: 'row',
        class: 'row',
        'aria-rowindex': index + 2,
        'data-row': index,
        // An attribute, not a class: some rule of Element Plus has every element within restyled when a class changes.
        'data-unread': read ? undefined : '',
        ...(plan.selectable ? { 'aria-selected': selected } : {}),
        style: { transform: `translateY(${String(props.y)}px)` },
      },
      cells,
    );
  },
});
