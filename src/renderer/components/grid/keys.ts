/** The cell that has the grid's tab stop: row -1 is the header; both 0-based. */
export interface ActiveCell {
  readonly row: number;
  readonly column: number;
}

/** What the keys move within. */
export interface KeySpace {
  readonly rows: number;
  readonly columns: number;
  /** Rows that are wholly visible. */
  readonly page: number;
  /** The first row that is wholly visible. */
  readonly first: number;
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Where a key moves the tab stop to; null when the key moves nothing. Shift moves as without it. */
export function moved(from: ActiveCell, pressed: Pressed, space: KeySpace): ActiveCell | null {
  if (pressed.altKey) return null;
  const far = pressed.ctrlKey || pressed.metaKey;
  const lastRow = space.rows - 1;
  const lastColumn = space.columns - 1;
  const to = (row: number, column: number): ActiveCell => ({
    row: Math.min(Math.max(row, -1), lastRow),
    column: Math.min(Math.max(column, 0), lastColumn),
  });
  // The header lies above the rows that are seen, not above the first of all.
  const below = from.row === -1 ? space.first : from.row + 1;
  switch (pressed.key) {
    case 'ArrowDown':
      return to(far ? lastRow : below, from.column);
    case 'ArrowUp':
      return to(far ? 0 : from.row - 1, from.column);
    case 'ArrowLeft':
      return to(from.row, far ? 0 : from.column - 1);
    case 'ArrowRight':
      return to(from.row, far ? lastColumn : from.column + 1);
    case 'PageDown':
      return to(from.row === -1 ? below : from.row + space.page, from.column);
    case 'PageUp':
      return from.row === -1 ? null : to(Math.max(0, from.row - space.page), from.column);
    case 'Home':
      return far ? to(0, 0) : to(from.row, 0);
    case 'End':
      return far ? to(lastRow, lastColumn) : to(from.row, lastColumn);
    default:
      return null;
  }
}
