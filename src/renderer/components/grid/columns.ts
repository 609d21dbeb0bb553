import type { VNodeChild } from 'vue';
import { computed, shallowRef, watch } from 'vue';
import type { GridLayout } from '../../../contract/settings.ts';
import { useApp } from '../../stores/app.ts';

/** A column of a grid. Drawn as text unless the grid has a slot `cell-<id>` for it. */
export interface GridColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** px, before the person chose another. */
  readonly width: number;
  readonly align?: 'start' | 'end' | 'center';
  /** `order`: monospaced, never wrapped; `amount`, `integer`: right-aligned. */
  readonly kind?: 'text' | 'order' | 'status' | 'amount' | 'time' | 'integer' | 'boolean';
  /** Stays at the left while the rest scrolls. Frozen columns come first. */
  readonly frozen?: boolean;
  /** Personal data, shown as it comes: masked. */
  readonly personal?: boolean;
  /** Texts that a vendor or a person wrote, in whatever language. */
  readonly written?: boolean;
  readonly sortable?: boolean;
  /** Always shown: not in the column choice. */
  readonly fixed?: boolean;
  /** Its text is a link that opens the row. */
  readonly opens?: boolean;
  /** What is shown, and copied exactly. */
  text(row: Row): string;
  /** What is said on hover besides: the vendor's own value, a whole text. */
  hint?(row: Row): string | undefined;
}

/** How the person changed the selection; positions are 0-based and both included. */
export type GridSelect<Row> =
  | { readonly kind: 'one'; readonly row: Row; readonly index: number; readonly selected: boolean }
  | { readonly kind: 'range'; readonly from: number; readonly to: number; readonly selected: boolean }
  | { readonly kind: 'all' | 'none' };

/** A cell's slot gets its row, its position and its text. */
export interface CellScope<Row> {
  readonly row: Row;
  readonly index: number;
  readonly text: string;
}
export type CellSlots<Row> = Readonly<Record<string, ((scope: CellScope<Row>) => VNodeChild) | undefined>>;

export const LEAST_WIDTH = 48;
export const MOST_WIDTH = 1200;

const EMPTY: GridLayout = { hidden: [], widths: {} };

/** The columns that are shown, the frozen ones first. */
export function shownColumns<Row>(
  columns: readonly GridColumn<Row>[],
  hidden: readonly string[],
): readonly GridColumn<Row>[] {
  const shown = columns.filter((column) => column.fixed === true || !hidden.includes(column.id));
  return [...shown.filter(({ frozen }) => frozen === true), ...shown.filter(({ frozen }) => frozen !== true)];
}

/** Width of the column of checkboxes, px. */
export const SELECT_WIDTH = 40;

/** The grid's tracks and where each frozen column stands, as CSS variables: a width that changes touches no cell. */
export function gridVariables(widths: readonly number[], frozen: number, selectable: boolean): Record<string, string> {
  const all = selectable ? [SELECT_WIDTH, ...widths] : [...widths];
  const px = (value: number): string => `${String(value)}px`;
  // The last track takes the room that is left, and leaves some for the button of the column choice.
  const room = 40;
  const variables: Record<string, string> = {
    '--tracks': `${all.map(px).join(' ')} minmax(${px(room)}, 1fr)`,
    '--width': px(all.reduce((sum, width) => sum + width, room)),
  };
  let left = selectable ? SELECT_WIDTH : 0;
  widths.slice(0, frozen).forEach((width, at) => {
    variables[`--left-${String(at)}`] = px(left);
    left += width;
  });
  return variables;
}

/** The layout of one grid as the person left it: kept in the settings under `gridId`, shown at once. */
export function useGridLayout(gridId: () => string) {
  const app = useApp();
  // Shallow: what goes over the bridge must be plain objects.
  const layout = shallowRef<GridLayout>(EMPTY);
  watch([gridId, () => app.settings.grids], ([id, grids]) => (layout.value = grids[id] ?? EMPTY), { immediate: true });

  /** Sets a width (px) on the screen alone, as while it is dragged. */
  function widen(column: string, width: number): void {
    const kept = Math.round(Math.min(Math.max(width, LEAST_WIDTH), MOST_WIDTH));
    layout.value = { ...layout.value, widths: { ...layout.value.widths, [column]: kept } };
  }

  function show(column: string, shown: boolean): void {
    const hidden = layout.value.hidden.filter((id) => id !== column);
    layout.value = { ...layout.value, hidden: shown ? hidden : [...hidden, column] };
    keep();
  }

  function reset(): void {
    layout.value = EMPTY;
    keep();
  }

  function keep(): void {
    // A width that could not be kept is still the width on the screen; it is worth no error.
    app.change({ grids: { ...app.settings.grids, [gridId()]: layout.value } }).catch(() => undefined);
  }

  const widthOf = (column: Pick<GridColumn<never>, 'id' | 'width'>): number =>
    layout.value.widths[column.id] ?? column.width;

  return { hidden: computed(() => layout.value.hidden), widthOf, widen, show, reset, keep };
}
