/** The tallest scroll area, px. Browsers place nothing exactly beyond 16,777,216 px (2^24), and some clamp there. */
export const MOST_PX = 15_000_000;

/** How the scroll area stands for all rows. Up to MOST_PX both are the same; beyond, a pixel of the bar stands for several of the rows. */
export interface ScrollMap {
  /** Height of the scroll area, px. */
  readonly height: number;
  /** Greatest position of the bar, px. */
  readonly mostTop: number;
  /** Height of all rows, px. */
  readonly rowsHeight: number;
  /** Greatest position among the rows, px. */
  readonly mostOffset: number;
  /** Whether a pixel of the bar is more than one of the rows. */
  readonly mapped: boolean;
  /** Visible height of the rows, px. */
  readonly viewport: number;
}

/** Where the bar stands, and where among the rows the window begins, px. */
export interface Position {
  readonly top: number;
  readonly offset: number;
}

const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), most);

/** The map for a number of rows of one height under a viewport, px. */
export function scrollMap(rows: number, rowHeight: number, viewport: number): ScrollMap {
  const rowsHeight = rows * rowHeight;
  const height = Math.min(rowsHeight, MOST_PX);
  return {
    height,
    rowsHeight,
    viewport,
    mostTop: Math.max(0, height - viewport),
    mostOffset: Math.max(0, rowsHeight - viewport),
    mapped: rowsHeight > height,
  };
}

/** The place among the rows for a position of the bar: both ends meet, and it never runs backwards. */
export function offsetAt(map: ScrollMap, top: number): number {
  const at = clamp(top, map.mostTop);
  if (!map.mapped) return at;
  return at === map.mostTop ? map.mostOffset : at * (map.mostOffset / map.mostTop);
}

/** The position of the bar for a place among the rows: the inverse of `offsetAt`. */
export function topAt(map: ScrollMap, offset: number): number {
  const at = clamp(offset, map.mostOffset);
  if (!map.mapped) return at;
  return at === map.mostOffset ? map.mostTop : at * (map.mostTop / map.mostOffset);
}

/**
 * The position after the bar moved to `top`. A wheel's or a finger's step (at most two viewports) moves the rows by as many pixels, so
 * that every row can be reached by the wheel at any size; a drag of the bar goes where the map says. The ends are always the ends.
 */
export function follow(map: ScrollMap, from: Position, top: number): Position {
  const at = clamp(top, map.mostTop);
  const step = at - from.top;
  const near = map.mapped && Math.abs(step) <= 2 * map.viewport;
  return { top: at, offset: near ? clamp(from.offset + step, map.mostOffset) : offsetAt(map, at) };
}
