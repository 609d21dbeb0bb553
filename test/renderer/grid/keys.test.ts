import { expect, it } from 'vitest';
import type { ActiveCell } from '../../../src/renderer/components/grid/keys.ts';
import { moved } from '../../../src/renderer/components/grid/keys.ts';

const SPACE = { rows: 1_000, columns: 5, page: 20, first: 300 };
const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const at = (row: number, column: number): ActiveCell => ({ row, column });

it.each<[string, Partial<typeof NONE>, ActiveCell, ActiveCell | null]>([
  ['ArrowDown', {}, at(3, 2), at(4, 2)],
  ['ArrowDown', {}, at(999, 2), at(999, 2)],
  ['ArrowDown', {}, at(-1, 2), at(300, 2)],
  ['ArrowUp', {}, at(0, 2), at(-1, 2)],
  ['ArrowUp', {}, at(-1, 2), at(-1, 2)],
  ['ArrowLeft', {}, at(3, 0), at(3, 0)],
  ['ArrowRight', {}, at(3, 4), at(3, 4)],
  ['ArrowRight', { ctrlKey: true }, at(3, 1), at(3, 4)],
  ['PageDown', {}, at(990, 1), at(999, 1)],
  ['PageUp', {}, at(10, 1), at(0, 1)],
  ['PageUp', {}, at(-1, 1), null],
  ['Home', {}, at(7, 3), at(7, 0)],
  ['End', {}, at(7, 3), at(7, 4)],
  ['Home', { ctrlKey: true }, at(7, 3), at(0, 0)],
  ['End', { metaKey: true }, at(7, 3), at(999, 4)],
  ['ArrowRight', { altKey: true }, at(-1, 1), null],
  ['x', {}, at(7, 3), null],
])('%s %j from %j goes to %j', (key, held, from, to) => {
  expect(moved(from, { key, ...NONE, ...held }, SPACE)).toEqual(to);
});

it('stays at the header of a grid without rows', () => {
  expect(moved(at(-1, 0), { key: 'ArrowDown', ...NONE }, { ...SPACE, rows: 0, first: 0 })).toEqual(at(-1, 0));
});
