import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Emitter, nameStrictly, provide } from '../provided.ts';
import { note } from '../runtime.ts';

/** Electron's `shell`: nothing is opened, everything is kept. */
export const shell = provide('shell', {
  /** What was asked for, for tests. */
  asked: [] as { readonly what: string; readonly target: string }[],
  async openExternal(target: string): Promise<void> {
    shell.asked.push({ what: 'external', target });
    note(`a page outside was asked for: ${target}`);
  },
  async openPath(target: string): Promise<string> {
    shell.asked.push({ what: 'path', target });
    if (existsSync(target)) note(`a folder was asked for: ${target}`);
    return existsSync(target) ? '' : 'Failed to open path';
  },
  showItemInFolder(target: string): void {
    shell.asked.push({ what: 'item', target });
    note(`a file was to be shown in its folder: ${target}`);
  },
  beep: (): void => undefined,
});

let clip = '';

/** Electron's `clipboard`, in memory. */
export const clipboard = provide('clipboard', {
  writeText: (text: string): void => void (clip = text),
  readText: (): string => clip,
  clear: (): void => void (clip = ''),
  availableFormats: (): string[] => (clip === '' ? [] : ['text/plain']),
});

class PowerMonitor extends Emitter {
  getSystemIdleState = (): string => 'active';
  getSystemIdleTime = (): number => 0;
  getCurrentThermalState = (): string => 'unknown';
  isOnBatteryPower = (): boolean => false;
  onBatteryPower = false;
}

nameStrictly(PowerMonitor, 'powerMonitor');

/** Electron's `powerMonitor`: the machine never sleeps; tests emit its events. */
export const powerMonitor = new PowerMonitor();

const blockers = new Set<number>();
let lastBlocker = 0;

/** Electron's `powerSaveBlocker`, which blocks nothing. */
export const powerSaveBlocker = provide('powerSaveBlocker', {
  start(): number {
    blockers.add(++lastBlocker);
    return lastBlocker;
  },
  stop: (id: number): boolean => blockers.delete(id),
  isStarted: (id: number): boolean => blockers.has(id),
});

/** Electron's Notification: none is drawn, those shown are kept, and tests emit `click` on them. */
export class Notification extends Emitter {
  /** What was shown, for tests. */
  static readonly shown: Notification[] = [];
  readonly title: string;
  readonly body: string;

  constructor({ title = '', body = '' }: { readonly title?: string; readonly body?: string } = {}) {
    super();
    this.title = title;
    this.body = body;
  }

  static isSupported(): boolean {
    return true;
  }

  show = (): void => void Notification.shown.push(this);
  close = (): void => void this.emit('close');
}

nameStrictly(Notification, 'Notification');

/** Electron's `crashReporter`: nothing is ever written or sent. */
export const crashReporter = provide('crashReporter', {
  start: (): void => undefined,
  getUploadToServer: (): boolean => false,
  setUploadToServer: (): void => undefined,
  addExtraParameter: (): void => undefined,
  removeExtraParameter: (): void => undefined,
});

const noEncryption = (): never => {
  throw new Error(
    'Error while encrypting the text provided to safeStorage.encryptString. Encryption is not available.',
  );
};

/** Electron's `safeStorage`, as on a system without one. */
export const safeStorage = provide('safeStorage', {
  isEncryptionAvailable: (): boolean => false,
  encryptString: noEncryption,
  decryptString: noEncryption,
  getSelectedStorageBackend: (): string => 'basic_text',
});

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Electron's `net`: files, and Node.js' own fetch. */
export const net = provide('net', {
  async fetch(address: string | Request, options?: RequestInit): Promise<Response> {
    const url = typeof address === 'string' ? address : address.url;
    if (!url.startsWith('file:')) return fetch(address, options);
    const file = fileURLToPath(url);
    if (!existsSync(file)) throw new Error('net::ERR_FILE_NOT_FOUND');
    return new Response(readFileSync(file), {
      headers: { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' },
    });
  },
  isOnline: (): boolean => false,
  online: false,
});
