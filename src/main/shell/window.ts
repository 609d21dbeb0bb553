import { BrowserWindow, screen } from 'electron';
import type { Session } from 'electron';
import { fitWindow, LEAST_SIZE } from './window-state.ts';
import type { StateFile } from './window-state.ts';

export interface WindowOptions {
  readonly title: string;
  /** What to load. */
  readonly url: string;
  /** The preload's built file. */
  readonly preload: string;
  readonly session: Session;
  readonly state: StateFile;
  /** The ground's colour before the page is there. */
  readonly ground: string;
  readonly devTools: boolean;
  readonly icon?: string;
}

/** Opens the window where it was before, and shows it once its page has something to show. */
export function openWindow(options: WindowOptions): BrowserWindow {
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
  keepState(window, options.state);
  void window.loadURL(options.url).catch(() => {
    // A reply that is an error still is a page; a load that was stopped is no fault.
    if (!window.isDestroyed()) window.show();
  });
  return window;
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
