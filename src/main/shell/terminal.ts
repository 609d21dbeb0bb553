import { app } from 'electron';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The word after the program's name by which the installed console runs in the terminal, without a window. */
const WORD = '--cli';

/** Whether the program was asked for in the terminal. Node.js' own programs have their first word in the same place, so the rest is theirs. */
export const isForTerminal = (): boolean => app.isPackaged && process.argv[1] === WORD;

/**
 * Runs the built terminal program in this process, for Electron's fuses keep it from being run as Node.js. It ends the process itself. What
 * Chromium keeps beside goes to a folder of the system's that is no console's.
 */
export function runInTerminal(entry: string): void {
  app.setPath('userData', path.join(app.getPath('temp'), 'order-console-terminal'));
  app.disableHardwareAcceleration();
  if (process.platform === 'darwin') app.dock?.hide();
  createRequire(import.meta.url)(entry);
}
