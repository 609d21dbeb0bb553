import { expect, it } from 'vitest';
import { closeDoors } from '../../../src/main/shell/doors.ts';

function removed(isPackaged: boolean): string[] {
  const names: string[] = [];
  closeDoors({ isPackaged, commandLine: { removeSwitch: (name) => names.push(name) } });
  return names;
}

it('takes the switches away that open an installed console to others, and leaves a developer’s alone', () => {
  expect(removed(true)).toEqual(
    expect.arrayContaining(['remote-debugging-port', 'remote-debugging-pipe', 'load-extension', 'crash-dumps-dir']),
  );
  expect(removed(false)).toEqual([]);
});
