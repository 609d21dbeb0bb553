/** One kind of area in a picture, with its colour of the tokens (1 to 4). */
export interface PictureSeries {
  readonly id: string;
  readonly name: string;
  readonly colour: number;
}

/** One bar: how many of each series it has. */
export interface PictureBar {
  readonly id: string;
  readonly name: string;
  readonly counts: Readonly<Partial<Record<string, number>>>;
}

export const countOf = (bar: PictureBar, series: readonly PictureSeries[]): number =>
  series.reduce((sum, { id }) => sum + (bar.counts[id] ?? 0), 0);

/** A piece of a bar: where it begins and how long it is, in parts of the longest bar. */
export interface Piece {
  readonly id: string;
  readonly colour: number;
  readonly from: number;
  readonly length: number;
}

/** The pieces of a bar, one after the other; none of zero. `most` is the longest bar's count. */
export function piecesOf(bar: PictureBar, series: readonly PictureSeries[], most: number): readonly Piece[] {
  let from = 0;
  return series.flatMap(({ id, colour }) => {
    const length = most === 0 ? 0 : (bar.counts[id] ?? 0) / most;
    const piece = { id, colour, from, length };
    from += length;
    return length === 0 ? [] : [piece];
  });
}
