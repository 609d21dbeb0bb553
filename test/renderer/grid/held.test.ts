// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, shallowRef } from 'vue';
import { useHeldWindow } from '../../../src/renderer/components/grid/held.ts';
import type { RowWindow } from '../../../src/renderer/components/grid/window.ts';

const at = (first: number): RowWindow => ({ first, last: first + 20, base: first - (first % 512), paneY: 0 });
const scope = effectScope();
beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A window that is followed, its jumps far or near, with the rows that are read. */
function followed() {
  const shown = shallowRef(at(0));
  const far = { value: true };
  const read = ref<readonly number[]>([0]);
  const held = scope.run(() =>
    useHeldWindow(
      () => shown.value,
      () => far.value,
      (first) => read.value.includes(first),
    ),
  );
  if (held === undefined) throw new Error('no scope');
  return { shown, far, read, held };
}

it('draws a far jump once its rows are read', async () => {
  const { shown, read, held } = followed();
  shown.value = at(5_000);
  await nextTick();
  expect(held.value.first).toBe(0);
  read.value = [0, 5_000];
  await nextTick();
  expect(held.value.first).toBe(5_000);
});

it('draws a near step at once, read or not', async () => {
  const { shown, far, held } = followed();
  far.value = false;
  shown.value = at(3);
  await nextTick();
  expect(held.value.first).toBe(3);
});

it('draws where a dragged bar is before its rows come, when they are late', async () => {
  const { shown, held } = followed();
  for (const first of [5_000, 9_000, 13_000]) {
    shown.value = at(first);
    await nextTick();
    vi.advanceTimersByTime(25);
  }
  expect(held.value.first).toBe(13_000);
});
