import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, realpathSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Emitter, nameStrictly, preventable } from '../provided.ts';
import { ensureFolder, note, runtime, switchValue } from '../runtime.ts';
import { localeNow, systemLanguages } from '../locales.ts';
import { commandLine } from './command-line.ts';

/** What the end of the program needs of the rest. */
export interface Ending {
  /** Asks every window to close; the promise is false when one stays. */
  closeWindows(): Promise<boolean>;
  destroyWindows(): void;
  endChromium(): Promise<void>;
}

const NOTICE_MS = 5_000;

/** Electron's `app`. */
class App extends Emitter {
  isPackaged = false;
  userAgentFallback = '';
  applicationMenu: unknown = null;
  readonly commandLine = commandLine;
  readonly #paths = new Map<string, string>();
  readonly #notices = new Set<Promise<void>>();
  #name: string | null = null;
  #version: string | null = null;
  #ready = false;
  #makeReady: () => void = () => undefined;
  readonly #whenReady = new Promise<void>((resolve) => (this.#makeReady = resolve));
  #ending: Ending | null = null;
  #quitting = false;
  #leaving = false;
  #lock: net.Server | null = null;

  get name(): string {
    const { productName, name } = runtime().manifest;
    return this.#name ?? productName ?? name;
  }

  set name(name: string) {
    this.#name = name;
  }

  getName = (): string => this.name;
  setName = (name: string): void => void (this.#name = name);
  getVersion = (): string => this.#version ?? runtime().manifest.version;
  getAppPath = (): string => runtime().appFolder;
  getLocale = (): string => localeNow();
  getSystemLocale = (): string => systemLanguages()[0] ?? 'en-US';
  getLocaleCountryCode = (): string => this.getSystemLocale().split('-')[1] ?? '';
  getPreferredSystemLanguages = (): string[] => systemLanguages();

  whenReady = (): Promise<void> => this.#whenReady;
  isReady = (): boolean => this.#ready;

  /** Called by the host once Chromium runs. */
  becomeReady(ending: Ending): void {
    this.#ending = ending;
    this.#ready = true;
    this.emit('will-finish-launching');
    this.emit('ready', preventable({}), {});
    this.#makeReady();
  }

  /** True once the program is going, whatever the way. */
  get isLeaving(): boolean {
    return this.#leaving;
  }

  getPath(name: string): string {
    const set = this.#paths.get(name);
    if (set !== undefined) return set;
    const home = process.env['HOME'] ?? os.homedir();
    switch (name) {
      case 'home':
        return home;
      case 'appData':
        return process.env['XDG_CONFIG_HOME'] ?? path.join(home, '.config');
      case 'userData':
        return switchValue(runtime().argv, 'user-data-dir') ?? path.join(this.getPath('appData'), this.name);
      case 'sessionData':
        return this.getPath('userData');
      case 'temp':
        return os.tmpdir();
      case 'exe':
        return process.argv[0] ?? process.execPath;
      case 'module':
        return process.execPath;
      case 'logs':
        return path.join(this.getPath('userData'), 'logs');
      case 'crashDumps':
        return path.join(this.getPath('userData'), 'Crashpad');
      case 'desktop':
      case 'documents':
      case 'downloads':
      case 'music':
      case 'pictures':
      case 'videos':
        return personalFolder(name, home);
      default:
        throw new Error(`Failed to get '${name}' path`);
    }
  }

  setPath(name: string, folder: string): void {
    if (!path.isAbsolute(folder)) throw new Error('Path must be absolute');
    this.#paths.set(name, folder);
  }

  setAppLogsPath = (folder?: string): void =>
    this.setPath('logs', folder ?? path.join(this.getPath('userData'), 'logs'));

  /**
   * One program at a time on one user data folder: true for the first, for the others false, and the first one hears of them. The lock is an
   * abstract socket, which the system frees when its holder ends in whatever way.
   */
  requestSingleInstanceLock(additionalData: unknown = {}): boolean {
    if (this.#lock !== null) return true;
    const folder = realpathSync(ensureFolder(this.getPath('userData')));
    const address = `\0stand-in-${createHash('sha256').update(folder).digest('hex')}`;
    const server = net.createServer((socket) => this.#hearOther(socket));
    // Bound at once, or not at all; the error that says so again comes later.
    server.on('error', () => undefined);
    server.listen(address);
    if (server.listening) {
      server.unref();
      this.#lock = server;
      return true;
    }
    this.#notices.add(tellFirst(address, { argv: runtime().argv, cwd: process.cwd(), additionalData }));
    return false;
  }

  hasSingleInstanceLock = (): boolean => this.#lock !== null;

  releaseSingleInstanceLock(): void {
    this.#lock?.close();
    this.#lock = null;
  }

  #hearOther(socket: net.Socket): void {
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    socket.on('error', () => undefined);
    socket.on('end', () => {
      const { argv, cwd, additionalData } = JSON.parse(text) as {
        argv: string[];
        cwd: string;
        additionalData: unknown;
      };
      socket.end();
      const tell = (): void => void this.emit('second-instance', preventable({}), argv, cwd, additionalData);
      void this.#whenReady.then(tell);
    });
  }

  /** As in Electron: before-quit may prevent it, and so may any window's close. */
  quit(): void {
    if (this.#quitting || this.#leaving) return;
    const event = preventable({});
    this.#quitting = true;
    this.emit('before-quit', event);
    if (event.defaultPrevented) {
      this.#quitting = false;
      return;
    }
    const closed = this.#ending === null ? Promise.resolve(true) : this.#ending.closeWindows();
    void closed.then((all) => {
      this.#quitting = false;
      if (all) this.#willQuit();
    });
  }

  get isQuitting(): boolean {
    return this.#quitting;
  }

  #willQuit(): void {
    if (this.#leaving) return;
    const event = preventable({});
    this.emit('will-quit', event);
    if (!event.defaultPrevented) this.#leave(0);
  }

  /** Ends at once: windows are destroyed unasked, and neither before-quit nor will-quit is emitted. */
  exit(code = 0): void {
    if (!this.#leaving) this.#leave(code);
  }

  #leave(code: number): void {
    this.#leaving = true;
    this.#ending?.destroyWindows();
    this.emit('quit', preventable({}), code);
    const ended = this.#ending?.endChromium() ?? Promise.resolve();
    void Promise.allSettled([ended, ...this.#notices]).then(() => process.exit(code));
  }

  relaunch(): void {
    note('app.relaunch was asked for; the stand-in only ends');
  }

  focus = (): void => undefined;
  hide = (): void => undefined;
  show = (): void => undefined;
  enableSandbox = (): void => undefined;
  disableHardwareAcceleration = (): void => undefined;
  disableDomainBlockingFor3DAPIs = (): void => undefined;
  setAppUserModelId = (): void => undefined;
  setDesktopName = (): void => undefined;
  setAboutPanelOptions = (): void => undefined;
  showAboutPanel = (): void => note('the about panel was asked for');
  setBadgeCount = (): boolean => false;
  getBadgeCount = (): number => 0;
  setAsDefaultProtocolClient = (): boolean => false;
  removeAsDefaultProtocolClient = (): boolean => false;
  isDefaultProtocolClient = (): boolean => false;
  setSecureKeyboardEntryEnabled = (): void => undefined;
  isHardwareAccelerationEnabled = (): boolean => false;
  getGPUFeatureStatus = (): object => ({});
  getAppMetrics = (): object[] => [];
  accessibilitySupportEnabled = false;
}

nameStrictly(App, 'app');

function personalFolder(name: string, home: string): string {
  const key = {
    desktop: 'DESKTOP',
    documents: 'DOCUMENTS',
    downloads: 'DOWNLOAD',
    music: 'MUSIC',
    pictures: 'PICTURES',
    videos: 'VIDEOS',
  }[name];
  const asked = spawnSync('xdg-user-dir', [key ?? ''], { encoding: 'utf8', timeout: 5_000 }).stdout as string | null;
  const folder = asked?.trim() ?? '';
  if (folder !== '' && folder !== home && existsSync(folder)) return folder;
  return path.join(home, `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`);
}

function tellFirst(address: string, message: object): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(address, () => socket.end(JSON.stringify(message)));
    socket.setTimeout(NOTICE_MS, () => socket.destroy());
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
  });
}

/** The folder that Chromium keeps its own things in. */
export function profileFolder(): string {
  try {
    return ensureFolder(path.join(app.getPath('sessionData'), 'Chromium'));
  } catch {
    return mkdtempSync(path.join(os.tmpdir(), 'stand-in-'));
  }
}

export const app = new App();
