import type { Ref } from 'vue';
import { onBeforeUnmount, onMounted, shallowRef, watch } from 'vue';

/** Columns beside the seen ones that are drawn too, px. */
const BESIDE = 240;

/** Which columns are drawn, both included, besides the frozen ones. */
export interface ColumnWindow {
  readonly first: number;
  readonly last: number;
}

/**
 * The columns that lie within the window, frozen ones (the first `frozen`, always drawn) apart. `widths` and the rest are px; `before` is what lies
 * left of all columns.
 */
export function columnWindow(
  widths: readonly number[],
  frozen: number,
  before: number,
  left: number,
  width: number,
): ColumnWindow {
  let start = before;
  let first = widths.length;
  let last = frozen - 1;
  widths.forEach((one, at) => {
    const end = start + one;
    if (at >= frozen && end >= left - BESIDE && start <= left + width + BESIDE) {
      first = Math.min(first, at);
      last = at;
    }
    start = end;
  });
  return { first: Math.min(first, last + 1), last };
}

/** Which columns to draw, followed by the scroller, and whether it stands away from the left edge. */
export function useColumnWindow(
  scroller: Readonly<Ref<HTMLElement | null>>,
  widths: () => readonly number[],
  frozen: () => number,
  before: () => number,
) {
  const shown = shallowRef<ColumnWindow>({ first: 0, last: Number.MAX_SAFE_INTEGER });
  const shifted = shallowRef(false);
  let left = 0;
  let width = 0;

  function publish(): void {
    // Before it is laid out everything is drawn.
    if (width === 0) return;
    const next = columnWindow(widths(), frozen(), before(), left, width);
    if (next.first !== shown.value.first || next.last !== shown.value.last) shown.value = next;
    shifted.value = left > 0;
  }

  function onScroll(): void {
    const now = scroller.value?.scrollLeft ?? 0;
    if (now === left) return;
    left = now;
    publish();
  }

  let observer: ResizeObserver | null = null;
  onMounted(() => {
    const { value: element } = scroller;
    if (element === null) return;
    element.addEventListener('scroll', onScroll, { passive: true });
    observer = new ResizeObserver(() => {
      width = element.clientWidth;
      publish();
    });
    observer.observe(element);
  });
  watch([widths, frozen, before], publish);
  onBeforeUnmount(() => {
    scroller.value?.removeEventListener('scroll', onScroll);
    observer?.disconnect();
  });

  return { shown, shifted };
}
