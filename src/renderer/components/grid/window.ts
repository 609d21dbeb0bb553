import { observeElementRect, Virtualizer } from '@tanstack/vue-virtual';
import type { Ref } from 'vue';
import { nextTick, onBeforeUnmount, onMounted, shallowRef, watch } from 'vue';
import type { Position } from './scroll.ts';
import { follow, offsetAt, scrollMap, topAt } from './scroll.ts';

/** Height of the grid's header, px. */
export const HEAD_HEIGHT = 36;
/**
 * Rows that the virtualizer knows at a time. It keeps 24 bytes of each, so a million would cost 24 MB; all rows being of one height, a band of
 * them that follows the window gives the same answer.
 */
const BAND = 2_000;
const OVERSCAN = 6;

/** The rows that are drawn, both included (last < first: none), and how far they lie from where they would without the map, px. */
export interface RowWindow {
  readonly first: number;
  readonly last: number;
  readonly shift: number;
}

/** Which rows to draw, followed by the scroller; `total` and `rowHeight` (px) are getters. */
// eslint-disable-next-line max-lines-per-function -- one state that all of it moves: where the bar and the rows stand
export function useRowWindow(
  scroller: Readonly<Ref<HTMLElement | null>>,
  total: () => number,
  rowHeight: () => number,
) {
  const shown = shallowRef<RowWindow>({ first: 0, last: -1, shift: 0 });
  const height = shallowRef(0);
  const barWidth = shallowRef(0);
  let map = scrollMap(0, 1, 0);
  let position: Position = { top: 0, offset: 0 };
  let viewport = 0;
  let band = 0;
  let tell: ((offset: number, isScrolling: boolean) => void) | null = null;

  const options = () => ({
    count: Math.min(total(), BAND),
    estimateSize: rowHeight,
    overscan: OVERSCAN,
    getScrollElement: () => scroller.value,
    observeElementRect: (
      instance: Virtualizer<HTMLElement, Element>,
      then: (rect: { width: number; height: number }) => void,
    ) =>
      observeElementRect(instance, (rect) => {
        then(rect);
        measure();
      }),
    observeElementOffset: (
      _: Virtualizer<HTMLElement, Element>,
      then: (offset: number, isScrolling: boolean) => void,
    ) => {
      tell = then;
    },
    // The bar is moved here alone; the virtualizer knows only its band.
    scrollToFn: () => undefined,
  });
  const virtualizer = new Virtualizer<HTMLElement, Element>(options());

  function publish(): void {
    const rows = total();
    const count = Math.min(rows, BAND);
    const first = Math.floor(position.offset / rowHeight());
    const last = Math.ceil((position.offset + viewport) / rowHeight());
    const fits = (first - OVERSCAN >= band || band === 0) && (last + OVERSCAN < band + count || band + count === rows);
    if (!fits || band + count > rows) band = Math.min(Math.max(0, first - BAND / 2), rows - count);
    tell?.(position.offset - band * rowHeight(), false);
    const indexes = virtualizer.getVirtualIndexes();
    const next: RowWindow = {
      first: band + (indexes[0] ?? 0),
      last: band + (indexes.at(-1) ?? -1),
      shift: position.top - position.offset,
    };
    const { value: now } = shown;
    if (next.first !== now.first || next.last !== now.last || next.shift !== now.shift) shown.value = next;
  }

  function remap(): void {
    map = scrollMap(total(), rowHeight(), viewport);
    height.value = map.height;
  }

  function measure(): void {
    const element = scroller.value;
    if (element === null) return;
    viewport = Math.max(0, element.clientHeight - HEAD_HEIGHT);
    barWidth.value = element.offsetWidth - element.clientWidth;
    remap();
    publish();
  }

  function onScroll(): void {
    const element = scroller.value;
    if (element === null || element.scrollTop === position.top) return;
    position = follow(map, position, element.scrollTop);
    publish();
  }

  /** Puts the bar where the map says the rows are, which small steps left behind. */
  function settle(): void {
    const element = scroller.value;
    if (element === null) return;
    const top = topAt(map, position.offset);
    if (Math.abs(top - position.top) >= 1) element.scrollTop = top;
    position = { top: element.scrollTop, offset: map.mapped ? position.offset : offsetAt(map, element.scrollTop) };
    publish();
  }

  /** Scrolls no further than needed for the whole row to be seen. */
  function reveal(row: number, align: 'near' | 'centre' = 'near'): void {
    const start = row * rowHeight();
    const end = start + rowHeight();
    let { offset } = position;
    if (align === 'centre' && (start < offset || end > offset + viewport)) offset = start - viewport / 2;
    else if (start < offset) offset = start;
    else if (end > offset + viewport) offset = end - viewport;
    if (offset === position.offset) return;
    position = { top: position.top, offset: Math.min(Math.max(offset, 0), map.mostOffset) };
    settle();
  }

  watch([total, rowHeight], ([, tall], [, before]) => {
    if (tall !== before) position = { top: position.top, offset: position.offset * (tall / before) };
    virtualizer.setOptions(options());
    if (tall !== before) virtualizer.measure();
    remap();
    position = { top: position.top, offset: Math.min(position.offset, map.mostOffset) };
    publish();
    void nextTick(settle);
  });

  onMounted(() => {
    virtualizer._willUpdate();
    scroller.value?.addEventListener('scroll', onScroll, { passive: true });
    scroller.value?.addEventListener('scrollend', settle, { passive: true });
    measure();
  });
  onBeforeUnmount(() => {
    scroller.value?.removeEventListener('scroll', onScroll);
    scroller.value?.removeEventListener('scrollend', settle);
    virtualizer._didMount()();
  });

  return {
    shown,
    height,
    /** Width of the upright scroll bar, px: 0 where it lies over the rows. */
    barWidth,
    reveal,
    /** Rows that fit, and the first that is wholly seen. */
    page: () => Math.max(1, Math.floor(viewport / rowHeight())),
    firstSeen: () => Math.ceil(position.offset / rowHeight()),
    lastSeen: () => Math.max(0, Math.floor((position.offset + viewport) / rowHeight()) - 1),
  };
}
