import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { Emitter, nameStrictly, preventable } from '../provided.ts';
import { runtime } from '../runtime.ts';
import type { Target } from '../targets.ts';
import { app } from './app.ts';
import type { NativeImage } from './native-image.ts';
import { workArea } from './screen.ts';
import { chromium, WebContents } from './web-contents.ts';
import type { WebPreferences } from './web-contents.ts';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowOptions extends Partial<Rectangle> {
  readonly show?: boolean;
  readonly title?: string;
  readonly center?: boolean;
  readonly useContentSize?: boolean;
  readonly minWidth?: number;
  readonly minHeight?: number;
  readonly backgroundColor?: string;
  readonly fullscreen?: boolean;
  readonly webPreferences?: WebPreferences;
}

/** Where windows come from; set by the host. */
interface WindowSource {
  open(gone: () => void): Promise<Target>;
  close(targetId: string): void;
}

let source: WindowSource | null = null;
export function setWindowSource(given: WindowSource): void {
  source = given;
}

const windows = new Map<number, BrowserWindow>();
let count = 0;
/** The number of the window in front; 0 for none. */
let front = 0;

type State = 'normal' | 'maximized' | 'minimized' | 'fullscreen';

/** Electron's BrowserWindow, on one window of Chromium's. */
export class BrowserWindow extends Emitter {
  readonly id = ++count;
  readonly webContents: WebContents;
  readonly #ready: Promise<void>;
  #windowId = 0;
  #targetId = '';
  #normal: Rectangle;
  #state: State = 'normal';
  #visible: boolean;
  #gone = false;
  #ending = false;
  #title: string;
  #least: readonly [number, number];
  #menuBar = true;
  #background: string;
  #finish: () => void = () => undefined;
  /** Fulfilled once the window is gone. */
  readonly ended = new Promise<void>((resolve) => (this.#finish = resolve));

  constructor(options: WindowOptions = {}) {
    super();
    if (source === null) throw new Error('Cannot create BrowserWindow before app is ready');
    const { width = 800, height = 600, title = app.name, show = true, minWidth = 0, minHeight = 0 } = options;
    const area = workArea();
    const { x = area.x + Math.round((area.width - width) / 2), y = area.y + Math.round((area.height - height) / 2) } =
      options;
    this.#normal = {
      x: Math.max(0, x),
      y: Math.max(0, y),
      width: Math.max(width, minWidth),
      height: Math.max(height, minHeight),
    };
    this.#title = title;
    this.#least = [minWidth, minHeight];
    this.#visible = show;
    this.#background = options.backgroundColor ?? '#FFF';
    windows.set(this.id, this);
    front = this.id;
    const target = this.#openTarget();
    this.webContents = new WebContents(this.#owner(), options.webPreferences ?? {}, target);
    this.webContents.on('-ready-to-show', () => this.emit('ready-to-show'));
    this.#ready = this.webContents.attached.then(() => this.#dress());
    this.#ready.catch(() => undefined);
    app.emit('browser-window-created', preventable({}), this);
  }

  async #openTarget(): Promise<Target> {
    if (source === null) throw new Error('Chromium is not there');
    const target = await source.open(() => this.#closedFromOutside());
    this.#targetId = target.targetId;
    const { windowId } = await chromium().browser.send('Browser.getWindowForTarget', { targetId: target.targetId });
    this.#windowId = windowId;
    return target;
  }

  #owner(): ConstructorParameters<typeof WebContents>[0] {
    return {
      close: () => this.close(),
      focus: () => this.focus(),
      resized: () => void this.#look(),
      zoomed: () => void this.#layOut(),
    };
  }

  async #dress(): Promise<void> {
    this.setBackgroundColor(this.#background);
    if (this.#visible) await this.#place(this.#normal);
    if (this.webContents.zoomFactor !== 1) await this.#layOut();
  }

  /** Sends what changes the window, once there is one. */
  #do(act: () => Promise<unknown>): void {
    this.#ready.then(act).catch(() => undefined);
  }

  async #place({ x, y, width, height }: Rectangle): Promise<void> {
    await this.#setBounds({ windowState: 'normal' });
    await this.#setBounds({ left: x, top: y, width, height });
    if (this.webContents.zoomFactor !== 1) await this.#layOut();
  }

  #setBounds(bounds: {
    windowState?: 'normal' | 'maximized' | 'minimized' | 'fullscreen';
    left?: number;
    top?: number;
    width?: number;
    height?: number;
  }): Promise<unknown> {
    return chromium().browser.send('Browser.setWindowBounds', { windowId: this.#windowId, bounds });
  }

  /** Reads from Chromium what a person may have changed. A window that closes meanwhile has nothing to tell. */
  async #look(): Promise<void> {
    if (this.#gone || !this.#visible) return;
    const found = await chromium()
      .browser.send('Browser.getWindowBounds', { windowId: this.#windowId })
      .catch(() => null);
    if (found === null || this.isDestroyed()) return;
    const { bounds } = found;
    const { left = 0, top = 0, width = 0, height = 0, windowState = 'normal' } = bounds;
    if (windowState !== 'normal' || this.#state !== 'normal') {
      if (windowState === 'maximized' && this.#state === 'normal') this.#enter('maximized');
      return;
    }
    const { x, y, width: oldWidth, height: oldHeight } = this.#normal;
    this.#normal = { x: left, y: top, width, height };
    if (x !== left || y !== top) this.emit('move');
    if (oldWidth !== width || oldHeight !== height) this.emit('resize');
  }

  /** Chromium's debugger has no zoom, so the page is given a smaller view that is drawn larger. */
  async #layOut(): Promise<void> {
    await this.webContents.attached;
    const factor = this.webContents.zoomFactor;
    const { cdp } = this.webContents;
    await cdp.send('Emulation.clearDeviceMetricsOverride');
    if (factor === 1) return;
    const { cssVisualViewport } = await cdp.send('Page.getLayoutMetrics');
    await cdp.send('Emulation.setDeviceMetricsOverride', {
      width: Math.round(cssVisualViewport.clientWidth / factor),
      height: Math.round(cssVisualViewport.clientHeight / factor),
      deviceScaleFactor: factor,
      mobile: false,
    });
  }

  #enter(state: State): void {
    const before = this.#state;
    if (before === state) return;
    this.#state = state;
    if (before === 'maximized') this.emit('unmaximize');
    if (before === 'fullscreen') this.emit('leave-full-screen');
    if (before === 'minimized') this.emit('restore');
    if (state === 'maximized') this.emit('maximize');
    if (state === 'minimized') this.emit('minimize');
    if (state === 'fullscreen') this.emit('enter-full-screen');
    if (state !== 'minimized') this.emit('resize');
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  loadFile(file: string): Promise<void> {
    return this.loadURL(pathToFileURL(path.resolve(runtime().appFolder, file)).href);
  }

  show(): void {
    const hidden = !this.#visible;
    this.#visible = true;
    this.#do(async () => {
      if (this.#state === 'normal') await this.#place(this.#normal);
      await this.webContents.cdp.send('Page.bringToFront');
    });
    front = this.id;
    if (hidden) this.emit('show');
    if (hidden) this.emit('focus');
  }

  showInactive(): void {
    this.show();
  }

  hide(): void {
    if (!this.#visible) return;
    this.#visible = false;
    this.#do(() => this.#setBounds({ left: -4000, top: -4000 }));
    this.emit('hide');
  }

  focus(): void {
    front = this.id;
    this.#do(() => this.webContents.cdp.send('Page.bringToFront'));
  }

  blur = (): void => undefined;
  moveTop = (): void => this.focus();
  isVisible = (): boolean => this.#visible && !this.#gone && this.#state !== 'minimized';
  isFocused = (): boolean => front === this.id && !this.#gone;
  isMaximized = (): boolean => this.#state === 'maximized';
  isMinimized = (): boolean => this.#state === 'minimized';
  isFullScreen = (): boolean => this.#state === 'fullscreen';
  isNormal = (): boolean => this.#state === 'normal';

  /** Where there is no window manager to do it, the window is as large as the screen all the same. */
  maximize(): void {
    this.#visible = true;
    this.#do(async () => {
      await this.#setBounds({ windowState: 'maximized' });
      const { bounds } = await chromium().browser.send('Browser.getWindowBounds', { windowId: this.#windowId });
      if (bounds.windowState !== 'maximized') {
        const { x, y, width, height } = workArea();
        await this.#setBounds({ left: x, top: y, width, height });
      }
    });
    this.#enter('maximized');
  }

  unmaximize(): void {
    if (this.#state !== 'maximized') return;
    this.#enter('normal');
    this.#do(() => this.#place(this.#normal));
  }

  minimize(): void {
    this.#enter('minimized');
    this.#do(() => this.#setBounds({ windowState: 'minimized' }));
  }

  restore(): void {
    if (this.#state !== 'minimized') return;
    this.#enter('normal');
    this.#do(() => this.#place(this.#normal));
  }

  setFullScreen(full: boolean): void {
    this.#enter(full ? 'fullscreen' : 'normal');
    this.#do(() => (full ? this.#setBounds({ windowState: 'fullscreen' }) : this.#place(this.#normal)));
  }

  getBounds(): Rectangle {
    return this.#state === 'maximized' || this.#state === 'fullscreen' ? workArea() : { ...this.#normal };
  }

  getNormalBounds(): Rectangle {
    return { ...this.#normal };
  }

  setBounds(bounds: Partial<Rectangle>): void {
    const before = this.#normal;
    this.#normal = { ...before, ...bounds };
    if (this.#state === 'maximized') this.#enter('normal');
    if (this.#visible) this.#do(() => this.#place(this.#normal));
    const { x, y, width, height } = this.#normal;
    if (x !== before.x || y !== before.y) this.emit('move');
    if (width !== before.width || height !== before.height) this.emit('resize');
  }

  getSize = (): [number, number] => [this.getBounds().width, this.getBounds().height];
  getPosition = (): [number, number] => [this.getBounds().x, this.getBounds().y];
  setSize = (width: number, height: number): void => this.setBounds({ width, height });
  setPosition = (x: number, y: number): void => this.setBounds({ x, y });

  /** The page's own size; the window's frame comes on top of it. */
  setContentSize(width: number, height: number): void {
    this.#do(async () => {
      await this.#setBounds({ windowState: 'normal' });
      await chromium().browser.send('Browser.setContentsSize', { windowId: this.#windowId, width, height });
      await this.#look();
    });
  }

  getContentBounds = (): Rectangle => this.getBounds();
  getContentSize = (): [number, number] => this.getSize();
  getMinimumSize = (): readonly [number, number] => this.#least;
  setMinimumSize = (width: number, height: number): void => void (this.#least = [width, height]);
  center = (): void => {
    const area = workArea();
    this.setBounds({
      x: area.x + Math.round((area.width - this.#normal.width) / 2),
      y: area.y + Math.round((area.height - this.#normal.height) / 2),
    });
  };

  setBackgroundColor(color: string): void {
    this.#background = color;
    void this.webContents.attached
      .then(() => this.webContents.cdp.tell('Emulation.setDefaultBackgroundColorOverride', { color: rgba(color) }))
      .catch(() => undefined);
  }

  getBackgroundColor = (): string => this.#background;
  getTitle = (): string => this.#title;
  setTitle = (title: string): void => void (this.#title = title);
  capturePage = (rectangle?: Rectangle): Promise<NativeImage> => this.webContents.capturePage(rectangle);
  reload = (): void => this.webContents.reload();
  getMediaSourceId = (): string => `window:${this.#windowId}:0`;
  isDestroyed = (): boolean => this.#gone;
  isResizable = (): boolean => true;
  setMenu = (): void => undefined;
  removeMenu = (): void => undefined;
  setMenuBarVisibility = (visible: boolean): void => void (this.#menuBar = visible);
  isMenuBarVisible = (): boolean => this.#menuBar;
  setAutoHideMenuBar = (): void => undefined;
  /** What the bar on the program's icon was told, for tests: no window manager here draws it. */
  readonly progressBars: { readonly fraction: number; readonly mode: string }[] = [];
  setProgressBar = (fraction: number, { mode = 'normal' }: { readonly mode?: string } = {}): void =>
    void this.progressBars.push({ fraction, mode });
  setIcon = (): void => undefined;
  flashFrame = (): void => undefined;
  setOverlayIcon = (): void => undefined;
  setContentProtection = (): void => undefined;
  setEnabled = (): void => undefined;
  setRepresentedFilename = (): void => undefined;
  setDocumentEdited = (): void => undefined;
  setSkipTaskbar = (): void => undefined;
  setAlwaysOnTop = (): void => undefined;

  /** Asks main first; false when it stays. */
  tryClose(): boolean {
    if (this.#gone || this.#ending) return true;
    const event = preventable({});
    this.emit('close', event);
    if (event.defaultPrevented) return false;
    this.#ending = true;
    void this.webContents.attached.then(
      () => source?.close(this.#targetId),
      () => this.destroy(),
    );
    return true;
  }

  close(): void {
    this.tryClose();
  }

  destroy(): void {
    if (this.#gone) return;
    this.#gone = true;
    windows.delete(this.id);
    if (front === this.id) front = [...windows.keys()].at(-1) ?? 0;
    if (this.#targetId !== '') source?.close(this.#targetId);
    this.webContents.destroyed();
    this.emit('closed');
    this.#finish();
    if (windows.size > 0 || app.isQuitting || app.isLeaving) return;
    if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed');
    else app.quit();
  }

  /** The page is gone: main closed it, or a person did, whom main could not be asked about before. */
  #closedFromOutside(): void {
    if (this.#gone || app.isLeaving) return;
    if (this.#ending || this.tryClose()) {
      this.destroy();
      return;
    }
    const url = this.webContents.getURL();
    this.webContents.moveTo(this.#openTarget());
    this.#do(() => this.#place(this.#normal));
    void this.loadURL(url).catch(() => undefined);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows.values()];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return windows.get(front) ?? null;
  }

  static fromWebContents(contents: unknown): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.webContents === contents) ?? null;
  }

  static fromId(id: number): BrowserWindow | null {
    return windows.get(id) ?? null;
  }
}

nameStrictly(BrowserWindow, 'BrowserWindow');

/** `#RGB`, `#RRGGBB` and Electron's `#AARRGGBB`; anything else is white. */
function rgba(color: string): { r: number; g: number; b: number; a: number } {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(color)?.[1] ?? 'fff';
  const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const [a, rest] = full.length === 8 ? [full.slice(0, 2), full.slice(2)] : ['ff', full];
  const part = (at: number): number => Number.parseInt(rest.slice(at, at + 2), 16);
  return { r: part(0), g: part(2), b: part(4), a: Number.parseInt(a, 16) / 255 };
}
