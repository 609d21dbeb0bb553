import Module from 'node:module';
import { provide } from './provided.ts';
import { app } from './modules/app.ts';
import { BrowserWindow } from './modules/browser-window.ts';
import { dialog } from './modules/dialog.ts';
import { ipcMain } from './modules/ipc.ts';
import { Menu, MenuItem } from './modules/menu.ts';
import { nativeImage } from './modules/native-image.ts';
import { nativeTheme } from './modules/native-theme.ts';
import { registerSchemesAsPrivileged } from './modules/protocol.ts';
import { screen } from './modules/screen.ts';
import { session } from './modules/session.ts';
import {
  clipboard,
  crashReporter,
  net,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  safeStorage,
  shell,
} from './modules/system.ts';
import { allContents } from './modules/web-contents.ts';
import type { WebContents } from './modules/web-contents.ts';

const { protocol } = session.defaultSession;

const webContents = provide('webContents', {
  getAllWebContents: (): WebContents[] => allContents(),
  getFocusedWebContents: (): WebContents | null => BrowserWindow.getFocusedWindow()?.webContents ?? null,
  fromId: (id: number): WebContents | undefined => allContents().find((contents) => contents.id === id),
  fromDevToolsTargetId: (id: string): WebContents | undefined =>
    allContents().find((contents) => contents.targetId === id),
});

const parts = {
  app,
  BrowserWindow,
  clipboard,
  crashReporter,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage: provide('nativeImage', nativeImage),
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol: Object.assign(protocol, { registerSchemesAsPrivileged }),
  safeStorage,
  screen,
  session,
  shell,
  webContents,
  /** Absent, as in an Electron before it. */
  utilityProcess: undefined,
};

/** The module that `electron` stands for in main. */
export const electron = provide('electron', parts);

const ADDRESS = 'stand-in:electron';
const KEY = 'standInElectron';

/** Lets `require('electron')` and `import … from 'electron'` answer with the stand-in, in this thread. */
export function installElectron(): void {
  Object.defineProperty(globalThis, KEY, { value: electron });
  const names = Object.keys(parts).map((name) => `export const ${name} = electron.${name};`);
  const esm = `const electron = globalThis.${KEY}; export default electron; ${names.join(' ')}`;
  Module.registerHooks({
    resolve: (specifier, context, next) => {
      if (!/^electron(?:\/(?:main|common))?$/.test(specifier)) return next(specifier, context);
      const format = context.conditions.includes('import') ? 'module' : 'commonjs';
      return { url: ADDRESS, format, shortCircuit: true };
    },
    load: (url, context, next) => {
      if (url !== ADDRESS) return next(url, context);
      const common = context.format === 'commonjs';
      return {
        format: common ? 'commonjs' : 'module',
        source: common ? `module.exports = globalThis.${KEY}` : esm,
        shortCircuit: true,
      };
    },
  });
}
