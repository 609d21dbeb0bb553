import type { PropType, VNode } from 'vue';
import { defineComponent, h } from 'vue';
import type { CellSlots, GridColumn } from './columns.ts';

/** What is the same for every row of a grid: made anew only when the columns change, so that rows compare it by identity. */
export interface RowPlan {
  readonly columns: readonly GridColumn<object>[];
  readonly slots: CellSlots<object>;
  /** Attributes of each cell by column, without and with the tab stop. */
  readonly cells: readonly { readonly plain: CellAttributes; readonly active: CellAttributes }[];
  readonly selectable: boolean;
}
type CellAttributes = Readonly<Record<string, string | number | Readonly<Record<string, string>>>>;

/** Makes the plan of a grid's rows. The selection column, where there is one, is column 0. */
export function rowPlan(
  columns: readonly GridColumn<object>[],
  slots: CellSlots<object>,
  selectable: boolean,
): RowPlan {
  const attributes = (at: number, classes: string, frozen: object): RowPlan['cells'][number] => {
    const plain = {
      role: 'gridcell',
      class: classes,
      'aria-colindex': at + 1,
      'data-column': at,
      tabindex: -1,
      ...frozen,
    };
    return { plain, active: { ...plain, tabindex: 0 } };
  };
  const first = selectable ? [attributes(0, 'cell select frozen', {})] : [];
  const cells = columns.map((column, at) => attributes(at + first.length, cellClass(column), frozenAt(column, at)));
  return { columns, slots, cells: [...first, ...cells], selectable };
}

/** Where a frozen column's cells stand: a variable that the grid keeps. */
export function frozenAt(column: GridColumn<object>, at: number): { style?: Record<string, string> } {
  return column.frozen === true ? { style: { left: `var(--left-${String(at)})` } } : {};
}

/** The classes of a column's cells and header: alignment by kind, digits that line up. */
export function cellClass(column: GridColumn<object>): string {
  const align = column.align ?? (column.kind === 'amount' || column.kind === 'integer' ? 'end' : 'start');
  const marks = [column.frozen === true ? 'frozen' : '', column.personal === true ? 'personal' : ''];
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
    /** Where it lies, px. */
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
      const box = h('span', { class: selected ? 'box on' : 'box', 'aria-hidden': 'true' });
      cells.push(h('div', active === 0 ? at?.active : at?.plain, read ? [box] : []));
    }
    const offset = cells.length;
    plan.columns.forEach((column, position) => {
      const at = plan.cells[position + offset];
      const attributes = active === position + offset ? at?.active : at?.plain;
      if (!read) {
        cells.push(h('div', attributes, ''));
        return;
      }
      const text = column.text(row);
      const slot = plan.slots[`cell-${column.id}`];
      if (slot !== undefined) cells.push(h('div', attributes, [slot({ row, index, text })]));
      else if (column.opens === true) cells.push(h('div', attributes, [h('span', { class: 'opens' }, text)]));
      else cells.push(h('div', attributes, text));
    });
    return h(
      'div',
      {
        role: 'row',
        class: read ? 'row' : 'row unread',
        'aria-rowindex': index + 2,
        'data-row': index,
        ...(plan.selectable ? { 'aria-selected': selected } : {}),
        style: { transform: `translateY(${String(props.y)}px)` },
      },
      cells,
    );
  },
});
