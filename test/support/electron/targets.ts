import { randomUUID } from 'node:crypto';
import type { CdpSession, Protocol } from './cdp.ts';
import { blankPage } from './chromium.ts';
import type { Chromium } from './chromium.ts';

export interface Target {
  readonly targetId: string;
  readonly session: CdpSession;
}

/** Chromium's windows: hands out the ones that main asked for, and closes any other. */
export class Targets {
  readonly #chromium: Chromium;
  /** Who waits for the page with a mark. */
  readonly #waiting = new Map<string, (targetId: string) => void>();
  /** A window that was opened before main asked for one. */
  #early: Promise<string> | null = null;
  readonly #claimed = new Map<string, () => void>();

  constructor(chromium: Chromium) {
    this.#chromium = chromium;
    const { browser } = chromium.connection;
    browser.on('Target.targetCreated', ({ targetInfo }) => this.#see(targetInfo));
    browser.on('Target.targetInfoChanged', ({ targetInfo }) => this.#see(targetInfo));
    browser.on('Target.targetDestroyed', ({ targetId }) => {
      const gone = this.#claimed.get(targetId);
      this.#claimed.delete(targetId);
      gone?.();
    });
  }

  /** Opens the first window at once: main will ask for it soon, and has much to do before. */
  async start(): Promise<void> {
    const discovered = this.#chromium.connection.browser.send('Target.setDiscoverTargets', {
      discover: true,
      filter: [{ type: 'page' }],
    });
    this.#early = this.#openPage();
    this.#early.catch(() => undefined);
    await discovered;
  }

  /** Takes or opens a window; `gone` is called once when its page goes, whoever closed it. */
  async open(gone: () => void): Promise<Target> {
    const { browser } = this.#chromium.connection;
    const page = this.#early ?? this.#openPage();
    this.#early = null;
    const targetId = await page;
    this.#claimed.set(targetId, gone);
    const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
    return { targetId, session: this.#chromium.connection.session(sessionId) };
  }

  async #openPage(): Promise<string> {
    const mark = randomUUID();
    const found = new Promise<string>((resolve) => this.#waiting.set(mark, resolve));
    if (!this.#chromium.openWindow(mark)) {
      const wish = { url: blankPage(mark), newWindow: true };
      await this.#chromium.connection.browser.send('Target.createTarget', wish);
    }
    return found;
  }

  close(targetId: string): void {
    this.#chromium.connection.browser.tell('Target.closeTarget', { targetId });
  }

  #see({ targetId, type, url, openerId }: Protocol.Target.TargetInfo): void {
    if (type !== 'page' || this.#claimed.has(targetId)) return;
    const mark = url.startsWith(blankPage('')) ? url.slice(blankPage('').length) : null;
    if (mark !== null) this.#claim(mark, targetId);
    // A page's own new window, or one that a person opened by Chromium's keys.
    else if (openerId !== undefined || url !== '') this.close(targetId);
  }

  #claim(mark: string, targetId: string): void {
    const resolve = this.#waiting.get(mark);
    this.#waiting.delete(mark);
    this.#claimed.set(targetId, () => undefined);
    resolve?.(targetId);
  }
}
