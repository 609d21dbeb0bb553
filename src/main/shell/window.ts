import { BrowserWindow, screen } from 'electron';
import type { Session } from 'electron';
import { APP_ORIGIN } from '../../contract/bridge.ts';
import type { DevelopmentServer } from './development.ts';
import { isHome } from './rules.ts';
import { fitWindow, LEAST_SIZE } from './window-state.ts';
import type { StateFile } from './window-state.ts';

export interface WindowOptions {
  readonly title: string;
  /** The preload's built file. */
  readonly preload: string;
  readonly session: Session;
  readonly state: StateFile;
  /** The ground's colour before the page is there. */
  readonly ground: string;
  readonly development: DevelopmentServer | null;
  readonly devTools: boolean;
  readonly icon?: string;
}

/** Opens the window where it was before, and shows it once its page has something to show. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const url = options.development?.url ?? `${APP_ORIGIN}/`;
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id);
  const { bounds, maximized } = fitWindow(
    options.state.read(),
    [main, ...others].map(({ workArea }) => workArea),
  );
  const window = new BrowserWindow({
    ...bounds,
    minWidth: LEAST_SIZE.width,
    minHeight: LEAST_SIZE.height,
    show: false,
    title: options.title,
    backgroundColor: options.ground,
    // Everything in the menu is in the window, too; Alt shows it.
    autoHideMenuBar: true,
    ...(options.icon === undefined ? {} : { icon: options.icon }),
    webPreferences: {
      preload: options.preload,
      session: options.session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: options.devTools,
    },
  });
  // A page has no say over the window's name.
  window.on('page-title-updated', (event) => event.preventDefault());
  window.webContents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  // The way to an empty page (about:blank) is asked of no one, so the window comes back from it.
  window.webContents.on('did-navigate', (_event, address) => {
    if (!isHome(address, options.development)) load(window, url);
  });
  keepState(window, options.state);
  load(window, url);
  return window;
}

function load(window: BrowserWindow, url: string): void {
  window.loadURL(url).catch(() => {
    // Shown all the same: an empty window can be closed and says more than none.
    if (!window.isDestroyed()) window.show();
  });
}

function keepState(window: BrowserWindow, state: StateFile): void {
  const save = (): void => {
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
    state.save({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  };
  window.on('resize', save);
  window.on('move', save);
  window.on('maximize', save);
  window.on('unmaximize', save);
  window.on('close', () => {
    save();
    state.flush();
  });
}
