/** A job, or a saved view of orders. */
export type Shown = { readonly jobId: number } | { readonly viewId: number };

/** What a notification says, and what it brings up. */
export interface Notice {
  readonly title: string;
  readonly body: string;
  readonly shows: Shown;
}

/** A window as far as notifications need it. */
export interface NoticeWindow {
  isFocused(): boolean;
  isMinimized(): boolean;
  isVisible(): boolean;
  flashFrame(flash: boolean): void;
  once(event: 'focus', then: () => void): unknown;
}

/** A notification that is about to be shown; `click` brings up what it is about. */
export interface MadeNotice extends Notice {
  readonly click: () => void;
}

export interface NotifierPorts {
  readonly window: () => NoticeWindow | null;
  /** Shows it where the system can. */
  readonly show: (made: MadeNotice) => void;
}

/** Tells a person who looks elsewhere; calls for attention on the taskbar once, until the window has been looked at. */
export class Notifier {
  readonly #ports: NotifierPorts;
  readonly #choose: (shown: Shown) => void;
  #flashing = false;

  constructor(ports: NotifierPorts, choose: (shown: Shown) => void) {
    this.#ports = ports;
    this.#choose = choose;
  }

  /** Shows a notice, unless the window is in front and seen. */
  tell(notice: Notice): void {
    const window = this.#ports.window();
    if (window !== null && window.isFocused() && window.isVisible() && !window.isMinimized()) return;
    this.#ports.show({ ...notice, click: () => this.#choose(notice.shows) });
    if (window === null || this.#flashing) return;
    this.#flashing = true;
    window.flashFrame(true);
    window.once('focus', () => {
      this.#flashing = false;
      window.flashFrame(false);
    });
  }
}
