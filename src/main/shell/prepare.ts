import { app } from 'electron';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { registerScheme } from './protocol.ts';

export interface PrepareOptions {
  /** The program's name as people read it. */
  readonly name: string;
  /** How Windows knows it, for its taskbar and notifications. */
  readonly appId: string;
  /** The data folder; what Chromium keeps lies in `window` below it. One console at a time runs on one folder. */
  readonly folder: string;
}

/**
 * What must be done before Electron is ready. False when another console already runs on this folder: it has been told to come to the front,
 * and this one should end (`app.exit()`). Throws when the folder can't be made.
 */
export function prepare(options: PrepareOptions): boolean {
  app.setName(options.name);
  const own = path.join(options.folder, 'window');
  mkdirSync(own, { recursive: true, mode: 0o700 });
  app.setPath('userData', own);
  if (process.platform === 'win32') app.setAppUserModelId(options.appId);
  if (!app.requestSingleInstanceLock()) return false;
  registerScheme();
  return true;
}
