import type { BrowserWindow } from 'electron';
import { afterGone } from './crash-policy.ts';
import { ask } from './dialogs.ts';
import type { DialogHome } from './dialogs.ts';
import { WINDOW_GONE, WINDOW_STUCK } from './dialog-words.ts';

/** Told for the log. */
export interface Troubles {
  /** The page's process ended, with Electron's reason. */
  readonly pageGone: (reason: string, exitCode: number) => void;
  readonly pageStuck: () => void;
}

/**
 * Brings a window's page back when its process ends, and asks when it does not answer. Electron's crash reporter is never started: a dump of
 * memory can hold secrets, so none is written, let alone sent.
 */
export class PageKeeper {
  readonly #home: DialogHome;
  readonly #troubles: Troubles;
  readonly #quit: () => void;
  #lastGoneMs: number | null = null;

  constructor(home: DialogHome, troubles: Troubles, quit: () => void) {
    this.#home = home;
    this.#troubles = troubles;
    this.#quit = quit;
  }

  keep(window: BrowserWindow): void {
    const reload = (): void => {
      if (!window.isDestroyed()) window.webContents.reload();
    };
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      this.#troubles.pageGone(reason, exitCode);
      const now = Date.now();
      const next = afterGone(reason, this.#lastGoneMs, now);
      this.#lastGoneMs = now;
      if (next === 'reload') reload();
      if (next === 'ask') void ask(this.#home, WINDOW_GONE).then((quits) => (quits ? this.#quit() : reload()));
    });
    let stuck: AbortController | null = null;
    window.on('unresponsive', () => {
      if (stuck !== null) return;
      this.#troubles.pageStuck();
      stuck = new AbortController();
      void ask(this.#home, WINDOW_STUCK, stuck.signal).then((reloads) => {
        stuck = null;
        if (reloads && !window.isDestroyed()) window.webContents.forcefullyCrashRenderer();
      });
    });
    window.on('responsive', () => stuck?.abort());
  }
}
