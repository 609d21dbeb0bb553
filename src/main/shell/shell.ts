import { app, clipboard, net, powerMonitor, session as sessions, shell as system } from 'electron';
import type { BrowserWindow, Session, WebContents } from 'electron';
import path from 'node:path';
import type { Command } from '../../contract/events.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Language } from '../../contract/text.ts';
import { PageKeeper } from './crash.ts';
import type { Troubles } from './crash.ts';
import type { DevelopmentServer } from './development.ts';
import { ask, chooseBackup, chooseInput, chooseOutput } from './dialogs.ts';
import type { DialogHome } from './dialogs.ts';
import { lateQuestion, PAUSE_FAILED, quitQuestion } from './dialog-words.ts';
import { languageOf } from './languages.ts';
import { offerContextMenu, setMenu } from './menu.ts';
import type { HelpLink, MenuWish } from './menu-template.ts';
import { keepPagesInPlace, openExternal } from './navigation.ts';
import type { SystemProxy } from './pac.ts';
import { NetworkWatch } from './network-watch.ts';
import { Notifier, type Notice, type Shown } from './notifier.ts';
import { showNotification } from './notify.ts';
import { askPerson, canAskPerson } from './person.ts';
import { onAbsence, onSleep, Wakefulness } from './power.ts';
import { serve } from './protocol.ts';
import { QuitFlow } from './quit-flow.ts';
import { originOf } from './rules.ts';
import { closeToNetwork, refuseEverything } from './session.ts';
import type { Refused } from './session.ts';
import { systemProxy } from './system-proxy.ts';
import { groundNow, onThemeChange, setTheme } from './theme.ts';
import type { Grounds } from './theme.ts';
import { openWindow } from './window.ts';
import { StateFile } from './window-state.ts';

/** Keeps V8's compiled code between starts; the page itself stores nothing. */
const PARTITION = 'persist:console';
const PAUSE_MS = 10_000;
const SHUTDOWN_MS = 3_000;
const CLOSE_MS = 5_000;

/** How the bar on the program's icon looks. */
export type ProgressState = 'normal' | 'paused' | 'error';

export interface ShellOptions {
  /** The program's name, which is the window's title. */
  readonly name: string;
  /** The data folder. */
  readonly folder: string;
  /** The renderer's built folder, with `index.html`. */
  readonly renderer: string;
  /** The preload's built file. */
  readonly preload: string;
  /** A picture for the window where the system takes none from the program's file. */
  readonly icon?: string;
  readonly language: Language;
  readonly theme: Settings['theme'];
  readonly grounds: Grounds;
  /** Pages that Help offers. With `hosts` they are all that may be opened outside. */
  readonly links: readonly HelpLink[];
  /** Further hosts of pages that may be opened in the person's browser. */
  readonly hosts: readonly string[];
  readonly development: DevelopmentServer | null;
  /** Whether the developer tools may be opened: in packaged programs never. */
  readonly devTools: boolean;
  /** The window (opened for it, if need be) is to do what the menu says. */
  readonly onCommand: (command: Command) => void;
  /** The machine woke up. */
  readonly onResumed: () => void;
  readonly onSuspended: () => void;
  /** The system's screen was locked. */
  readonly onScreenLocked: () => void;
  /** Nobody has used the machine for so many seconds; told now and then. */
  readonly onIdle: (seconds: number) => void;
  /** The network came back, while it is watched. */
  readonly onNetwork: () => void;
  /** The person chose a notification: what it is about is to be shown in the window, which is open by then. */
  readonly onNotice: (shown: Shown) => void;
  readonly refused: Refused;
  readonly troubles: Troubles;
  readonly runningJobs: () => number;
  /** Pauses all jobs; fulfilled once nothing is in flight. */
  readonly pauseAll: () => Promise<void>;
  /** Closes the services; called once, at the very end. */
  readonly close: () => Promise<void>;
}

/** Everything of Electron that the rest of main may ask for. */
export interface Shell {
  /** The only origin whose main frame is to be heard. */
  readonly origin: string;
  /** Opens the window, or brings it to the front. */
  open(): void;
  /** The page, while there is a window. */
  page(): WebContents | null;
  setLanguage(language: Language): void;
  setTheme(theme: Settings['theme']): void;
  /** The bar on the program's icon: 0..1, null for none; its colour where the system has one. */
  setProgress(fraction: number | null, state: ProgressState): void;
  /** Tells by a notification of the system while the window is not in front, and calls for attention once. */
  notify(notice: Notice): void;
  /** Whether to look for a network that comes back. */
  watchNetwork(on: boolean): void;
  /** Keeps the machine from sleeping while a job runs. */
  setAwake(awake: boolean): void;
  /** The path of a CSV or XLSX that the person chose; null for none. */
  chooseInput(): Promise<string | null>;
  /** The path of a backup that the person chose; null for none. */
  chooseBackup(): Promise<string | null>;
  /** The path where a CSV is to be saved; null for none. */
  chooseOutput(name: string): Promise<string | null>;
  /** Opens one of `links` by its id, or any https page on the list. False when it is refused or can't be opened. */
  openLink(id: string): Promise<boolean>;
  openExternal(address: string): Promise<boolean>;
  /** Shows the data folder in the system's file manager. False when that fails. */
  showDataFolder(): Promise<boolean>;
  /** Shows a file in its folder. */
  reveal(file: string): void;
  copyText(text: string): Promise<void>;
  /** Whether the system can ask who the person is. */
  canAskPerson(): boolean;
  /** Lets the system ask; false when it is not the person. */
  askPerson(reason: string): Promise<boolean>;
  /** Loads the page anew. */
  reloadPage(): void;
  /** The system's proxy for an https address. */
  systemProxy(address: string): Promise<SystemProxy>;
  /** As the menu's Quit: asks if a job runs. */
  quit(): void;
}

/** The system's language, as far as the console has it. After Electron is ready. */
export const systemLanguage = (): Language => languageOf(app.getPreferredSystemLanguages());

/** Sets up sessions, protocol, menu and rules, without a window yet. To be called once, after Electron is ready. */
export async function createShell(options: ShellOptions): Promise<Shell> {
  const { development, devTools, refused } = options;
  keepPagesInPlace(development, refused);
  const session = sessions.fromPartition(PARTITION);
  for (const each of [session, sessions.defaultSession]) refuseEverything(each, refused);
  await closeToNetwork(session, { devTools, development, refused });
  if (development === null) serve(session, options.renderer);
  setTheme(options.theme);
  return new ElectronShell(options, session);
}

class ElectronShell implements Shell {
  readonly origin: string;
  readonly #options: ShellOptions;
  readonly #session: Session;
  readonly #state: StateFile;
  readonly #home: DialogHome;
  readonly #awake = new Wakefulness();
  readonly #keeper: PageKeeper;
  readonly #quits: QuitFlow;
  readonly #notifier: Notifier;
  readonly #network: NetworkWatch;
  #language: Language;
  #window: BrowserWindow | null = null;

  constructor(options: ShellOptions, session: Session) {
    this.#options = options;
    this.#session = session;
    this.#language = options.language;
    this.origin = originOf(options.development);
    this.#state = new StateFile(options.folder);
    this.#home = { window: () => this.#window, language: () => this.#language, title: options.name };
    this.#keeper = new PageKeeper(this.#home, options.troubles, () => this.quit());
    this.#quits = this.#quitFlow();
    this.#notifier = new Notifier(
      {
        window: () => this.#window,
        show: (made) => showNotification(made),
      },
      (shown) => {
        this.open();
        this.#whenLoaded(() => options.onNotice(shown));
      },
    );
    this.#network = new NetworkWatch(() => net.isOnline(), options.onNetwork);
    this.#listen();
    this.#setMenu();
  }

  open(): void {
    if (this.#window !== null) {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
      return;
    }
    const { name, preload, development, devTools, grounds, icon } = this.#options;
    const window = openWindow({
      title: name,
      preload,
      session: this.#session,
      state: this.#state,
      ground: groundNow(grounds),
      development,
      devTools,
      ...(icon === undefined ? {} : { icon }),
    });
    this.#window = window;
    this.#keeper.keep(window);
    offerContextMenu(window.webContents, () => this.#language);
    window.on('close', (event) => {
      // Closing the last window ends the program, but for macOS; the question comes while there still is a window.
      if (process.platform === 'darwin' || this.#quits.mayLeave()) return;
      event.preventDefault();
    });
    window.on('session-end', () => void this.#quits.shutDown());
    window.on('closed', () => {
      if (this.#window === window) this.#window = null;
    });
  }

  page(): WebContents | null {
    return this.#window === null || this.#window.isDestroyed() ? null : this.#window.webContents;
  }

  setLanguage(language: Language): void {
    this.#language = language;
    this.#setMenu();
  }

  setTheme(theme: Settings['theme']): void {
    setTheme(theme);
  }

  setProgress(fraction: number | null, state: ProgressState): void {
    this.#window?.setProgressBar(fraction ?? -1, { mode: state });
  }

  notify(notice: Notice): void {
    this.#notifier.tell(notice);
  }

  watchNetwork(on: boolean): void {
    this.#network.watch(on);
  }

  setAwake(awake: boolean): void {
    this.#awake.set(awake);
  }

  chooseInput(): Promise<string | null> {
    return chooseInput(this.#home);
  }

  chooseBackup(): Promise<string | null> {
    return chooseBackup(this.#home);
  }

  chooseOutput(name: string): Promise<string | null> {
    return chooseOutput(this.#home, name);
  }

  async openLink(id: string): Promise<boolean> {
    const link = this.#options.links.find((one) => one.id === id);
    return link !== undefined && this.openExternal(link.url);
  }

  openExternal(address: string): Promise<boolean> {
    const { links, hosts, refused } = this.#options;
    return openExternal(address, [...links.map(({ url }) => new URL(url).hostname), ...hosts], refused);
  }

  async showDataFolder(): Promise<boolean> {
    return (await system.openPath(path.resolve(this.#options.folder))) === '';
  }

  reveal(file: string): void {
    system.showItemInFolder(path.resolve(file));
  }

  async copyText(text: string): Promise<void> {
    await clipboard.writeText(text);
  }

  canAskPerson(): boolean {
    return canAskPerson();
  }

  askPerson(reason: string): Promise<boolean> {
    return askPerson(reason);
  }

  reloadPage(): void {
    this.page()?.reloadIgnoringCache();
  }

  systemProxy(address: string): Promise<SystemProxy> {
    return systemProxy(sessions.defaultSession, address);
  }

  quit(): void {
    app.quit();
  }

  #quitFlow(): QuitFlow {
    const { runningJobs, pauseAll, close } = this.#options;
    return new QuitFlow({
      running: runningJobs,
      pauseAll,
      close,
      askQuit: (running) => {
        this.open();
        return ask(this.#home, quitQuestion(running));
      },
      askLate: (signal) => ask(this.#home, lateQuestion(PAUSE_MS / 1000), signal),
      askFailed: () => ask(this.#home, PAUSE_FAILED),
      leave: () => app.quit(),
      pauseMs: PAUSE_MS,
      shutdownMs: SHUTDOWN_MS,
      closeMs: CLOSE_MS,
    });
  }

  #listen(): void {
    const { grounds, onResumed, onSuspended, onScreenLocked, onIdle } = this.#options;
    app.on('second-instance', () => this.open());
    app.on('activate', () => this.open());
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin') app.quit();
    });
    app.on('before-quit', (event) => {
      if (!this.#quits.mayLeave()) event.preventDefault();
    });
    powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
      event?.preventDefault();
      void this.#quits.shutDown();
    });
    // Sent by a system or a terminal that is closing: there is no one to answer a question.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => void this.#quits.shutDown());
    }
    onThemeChange(() => this.#window?.setBackgroundColor(groundNow(grounds)));
    onSleep({ suspended: onSuspended, resumed: onResumed });
    onAbsence({ screenLocked: onScreenLocked, idleFor: onIdle });
  }

  #setMenu(): void {
    const { name, links, devTools } = this.#options;
    setMenu({
      platform: process.platform,
      language: this.#language,
      name,
      links,
      devTools,
      onWish: (wish) => this.#grant(wish),
    });
  }

  #grant(wish: MenuWish): void {
    if (wish.kind === 'data_folder') void this.showDataFolder();
    if (wish.kind === 'link') void this.openLink(wish.id);
    if (wish.kind !== 'window') return;
    this.open();
    this.#whenLoaded(() => this.#options.onCommand(wish.command));
  }

  /** Once the page can hear it. */
  #whenLoaded(then: () => void): void {
    const page = this.page();
    if (page?.isLoading() === true) page.once('did-finish-load', then);
    else then();
  }
}
