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
  readonly #claimed = new Map<string, () => void>();
  readonly #unclaimed = new Map<string, string>();
  #firstMark: string | null;

  constructor(chromium: Chromium, firstMark: string) {
    this.#chromium = chromium;
    this.#firstMark = firstMark;
    const { browser } = chromium.connection;
    browser.on('Target.targetCreated', ({ targetInfo }) => this.#see(targetInfo));
    browser.on('Target.targetInfoChanged', ({ targetInfo }) => this.#see(targetInfo));
    browser.on('Target.targetDestroyed', ({ targetId }) => {
      const gone = this.#claimed.get(targetId);
      this.#claimed.delete(targetId);
      gone?.();
    });
  }

  async start(): Promise<void> {
    await this.#chromium.connection.browser.send('Target.setDiscoverTargets', {
      discover: true,
      filter: [{ type: 'page' }],
    });
  }

  /** Takes or opens a window; `gone` is called once when its page goes, whoever closed it. */
  async open(gone: () => void): Promise<Target> {
    const { browser } = this.#chromium.connection;
    const mark = this.#firstMark ?? randomUUID();
    const first = this.#firstMark !== null;
    this.#firstMark = null;
    const found = new Promise<string>((resolve) => this.#waiting.set(mark, resolve));
    const known = this.#unclaimed.get(mark);
    if (known !== undefined) this.#claim(mark, known);
    else if (!first && !this.#chromium.openWindow(mark)) {
      await browser.send('Target.createTarget', { url: blankPage(mark), newWindow: true });
    }
    const targetId = await found;
    this.#claimed.set(targetId, gone);
    const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
    return { targetId, session: this.#chromium.connection.session(sessionId) };
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
    if (resolve === undefined) {
      this.#unclaimed.set(mark, targetId);
      return;
    }
    this.#unclaimed.delete(mark);
    this.#claimed.set(targetId, () => undefined);
    resolve(targetId);
  }
}
