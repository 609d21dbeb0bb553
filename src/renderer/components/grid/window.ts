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
/** Rows above and below the seen ones that are drawn too, so that a step of the wheel shows no gap. */
const OVERSCAN = 6;
/** How long after the last step the rows are at rest. */
const REST_MS = 250;

/** Rows are placed within a pane that begins at every so many rows: a browser places nothing exactly beyond 16,777,216 px. */
const PANE = 512;

/** The rows that are drawn, both included (last < first: none), in a pane that begins with the row `base`, `paneY` px down the scroll area. */
export interface RowWindow {
  readonly first: number;
  readonly last: number;
  readonly base: number;
  readonly paneY: number;
}

/** Which rows to draw, followed by the scroller; `total` and `rowHeight` (px) are getters. */
// eslint-disable-next-line max-lines-per-function -- one state that all of it moves: where the bar and the rows stand
export function useRowWindow(
  scroller: Readonly<Ref<HTMLElement | null>>,
  total: () => number,
  rowHeight: () => number,
) {
  const shown = shallowRef<RowWindow>({ first: 0, last: -1, base: 0, paneY: 0 });
  const moving = shallowRef(false);
  let rest: ReturnType<typeof setTimeout> | undefined;
  const height = shallowRef(0);
  const barWidth = shallowRef(0);
  let map = scrollMap(0, 1, 0);
  let position: Position = { top: 0, offset: 0 };
  let viewport = 0;
  let band = 0;
  let jumping = false;
  let tell: ((offset: number, isScrolling: boolean) => void) | null = null;

  const options = () => ({
    count: Math.min(total(), BAND),
    estimateSize: rowHeight,
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
    const range = virtualizer.calculateRange();
    // A bar that is dragged shows other rows each time: those beside them are drawn once it rests.
    const beside = jumping ? 0 : OVERSCAN;
    const begin = Math.max(0, band + (range?.startIndex ?? 0) - beside);
    // Always as many, so that no element comes and goes when the window lies between rows.
    const fill = Math.ceil(viewport / rowHeight()) + 1 + 2 * beside;
    const end = range === null ? -1 : Math.min(rows, begin + fill) - 1;
    const base = begin - (begin % PANE);
    const paneY = base * rowHeight() + position.top - position.offset;
    const next: RowWindow = { first: begin, last: end, base, paneY };
    const { value: now } = shown;
    if (next.first !== now.first || next.last !== now.last || next.paneY !== now.paneY) shown.value = next;
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
    moving.value = true;
    jumping = Math.abs(element.scrollTop - position.top) > viewport;
    clearTimeout(rest);
    rest = setTimeout(onRest, REST_MS);
    position = follow(map, position, element.scrollTop);
    publish();
  }

  function onRest(): void {
    moving.value = false;
    jumping = false;
    publish();
  }

  function onScrollEnd(): void {
    if (!map.mapped) return;
    const near = 2 * viewport;
    const drift = Math.abs(topAt(map, position.offset) - position.top);
    // A small drift shows nowhere but at the ends, where the bar must have room left for the rows that are left.
    if (drift > 100 * near || position.top < near || map.mostTop - position.top < near) settle();
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
    scroller.value?.addEventListener('scrollend', onScrollEnd, { passive: true });
    measure();
  });
  onBeforeUnmount(() => {
    clearTimeout(rest);
    scroller.value?.removeEventListener('scroll', onScroll);
    scroller.value?.removeEventListener('scrollend', onScrollEnd);
    virtualizer._didMount()();
  });

  return {
    shown,
    /** Whether the rows are scrolling, or were a moment ago. */
    moving,
    height,
    /** Width of the upright scroll bar, px: 0 where it lies over the rows. */
    barWidth,
    /** Whether the bar went further than what was seen. */
    isFar: () => jumping,
    reveal,
    /** Rows that fit, and the first that is wholly seen. */
    page: () => Math.max(1, Math.floor(viewport / rowHeight())),
    firstSeen: () => Math.ceil(position.offset / rowHeight()),
    lastSeen: () => Math.max(0, Math.floor((position.offset + viewport) / rowHeight()) - 1),
  };
}
