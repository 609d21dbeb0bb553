import type { ShallowRef } from 'vue';
import { onBeforeUnmount, shallowRef, watch } from 'vue';
import type { RowWindow } from './window.ts';

/** How long a far jump waits for its rows before it is drawn without them, ms. */
const HOLD_MS = 60;

/**
 * The window as it is drawn: after a far jump only once its rows are read, so that they are drawn once and not first without a word. The database
 * mostly answers within a frame or two; where it does not, a bar that is dragged still shows each HOLD_MS where it is.
 */
export function useHeldWindow(
  shown: () => RowWindow,
  isFar: () => boolean,
  isRead: (first: number, last: number) => boolean,
): Readonly<ShallowRef<RowWindow>> {
  const held = shallowRef(shown());
  let timer: ReturnType<typeof setTimeout> | undefined;

  function release(): void {
    clearTimeout(timer);
    timer = undefined;
    held.value = shown();
  }

  watch([shown, () => isRead(shown().first, shown().last)], ([, read]) => {
    if (read || !isFar()) release();
    else timer ??= setTimeout(release, HOLD_MS);
  });
  onBeforeUnmount(() => clearTimeout(timer));
  return held;
}
