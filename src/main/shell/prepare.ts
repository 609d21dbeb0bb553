import { app } from 'electron';
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
 * and this one should end (`app.exit()`).
 */
export function prepare(options: PrepareOptions): boolean {
  app.setName(options.name);
  app.setPath('userData', path.join(options.folder, 'window'));
  if (process.platform === 'win32') app.setAppUserModelId(options.appId);
  // Known by its folder: data of its own, a console of its own.
  if (!app.requestSingleInstanceLock()) return false;
  registerScheme();
  return true;
}
