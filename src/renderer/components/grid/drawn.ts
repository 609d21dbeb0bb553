import type { ShallowRef } from 'vue';
import { shallowRef, watchEffect } from 'vue';
import type { RowWindow } from './window.ts';

/**
 * The rows of a window with a name for each one's element. A row that comes in takes over the element of one that went out, where that stands, so
 * that nothing moves in the document while it scrolls; at rest they are put in their order, in which a screen reader reads them. `draw` makes a
 * row from its position and its position in the pane.
 */
export function useDrawnRows<Drawn extends { readonly index: number }>(
  shown: () => RowWindow,
  moving: () => boolean,
  draw: (index: number, place: number) => Drawn,
): Readonly<ShallowRef<readonly (Drawn & { readonly key: number })[]>> {
  const drawn = shallowRef<readonly (Drawn & { readonly key: number })[]>([]);
  /** The names of all elements there have been, in the order in which they stand in the document. */
  let order: number[] = [];
  watchEffect(() => {
    const { first, last, base } = shown();
    while (order.length < last - first + 1) order.push(order.length);
    const pool = order.length;
    const byKey = new Map<number, Drawn & { readonly key: number }>();
    for (let index = first; index <= last; index += 1) {
      byKey.set(index % pool, { ...draw(index, index - base), key: index % pool });
    }
    const place = (key: number): number => byKey.get(key)?.index ?? Number.MAX_SAFE_INTEGER;
    if (!moving()) order = order.toSorted((a, b) => place(a) - place(b));
    drawn.value = order.flatMap((key) => byKey.get(key) ?? []);
  });
  return drawn;
}
