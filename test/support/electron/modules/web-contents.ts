import { randomUUID } from 'node:crypto';
import { Emitter, nameStrictly, preventable } from '../provided.ts';
import { toApp, toChromium } from '../addresses.ts';
import type { CdpSession, Protocol } from '../cdp.ts';
import { codec } from '../codec.ts';
import { BINDING, mainWorldScript, PRELOAD_WORLD, preloadScript } from '../page-scripts.ts';
import { note, runtime } from '../runtime.ts';
import type { Target } from '../targets.ts';
import { app } from './app.ts';
import { FrameTree } from './frames.ts';
import type { WebFrameMain } from './frames.ts';
import { answerInvoke, hearSend } from './ipc.ts';
import { clickAccelerator } from './menu.ts';
import type { KeyStroke } from './menu.ts';
import { reportScheme, themeFeature } from './native-theme.ts';
import { NativeImage } from './native-image.ts';
import { answerRequest } from './requests.ts';
import { PERMISSIONS, session as sessions } from './session.ts';
import type { Session } from './session.ts';

export interface WebPreferences {
  readonly preload?: string;
  readonly session?: Session;
  readonly partition?: string;
  readonly nodeIntegrationInSubFrames?: boolean;
  readonly additionalArguments?: readonly string[];
  readonly zoomFactor?: number;
}

/** What a page needs of its window. */
export interface Owner {
  close(): void;
  focus(): void;
  /** The page's size changed, by a person. */
  resized(): void;
  /** The zoom changed: its view is to be laid out again. */
  zoomed(factor: number): void;
}

type WindowOpenHandler = (details: { url: string; frameName: string; features: string; disposition: string }) => {
  action: string;
};

/** What the page's shim tells. */
type FromPage =
  | { readonly kind: 'invoke'; readonly id: number; readonly channel: string; readonly args: string }
  | { readonly kind: 'send'; readonly channel: string; readonly args: string }
  | { readonly kind: 'open'; readonly url: string; readonly name: string }
  | { readonly kind: 'preload-error'; readonly message: string; readonly stack: string }
  | { readonly kind: 'resize' }
  | { readonly kind: 'scheme'; readonly dark: boolean }
  | ({ readonly kind: 'key' } & KeyStroke)
  | {
      readonly kind: 'context-menu';
      readonly x: number;
      readonly y: number;
      readonly editable: boolean;
      readonly selection: string;
      readonly link: string;
    };

interface Loading {
  readonly url: string;
  resolve(): void;
  reject(reason: Error): void;
}

const ERROR_CODES: Readonly<Record<string, number>> = {
  ERR_FAILED: -2,
  ERR_ABORTED: -3,
  ERR_BLOCKED_BY_CLIENT: -20,
  ERR_NAME_NOT_RESOLVED: -105,
  ERR_TUNNEL_CONNECTION_FAILED: -111,
};
const all = new Map<number, WebContents>();
let count = 0;

/** Electron's WebContents: one page. */
export class WebContents extends Emitter {
  readonly id = ++count;
  readonly session: Session;
  readonly debugger = null;
  /** Fulfilled once the page can be told things. */
  attached: Promise<void>;
  readonly #owner: Owner;
  readonly #preferences: WebPreferences;
  readonly #wishes = new Map<string, string>();
  #cdp: CdpSession | null = null;
  #frames: FrameTree | null = null;
  #targetId = '';
  #open: WindowOpenHandler = () => ({ action: 'allow' });
  #pending: string | null = null;
  #loading: Loading | null = null;
  #busy = false;
  #fresh = true;
  #zoom = 1;
  #destroyed = false;
  #crashed = false;
  #decided = '';

  constructor(owner: Owner, preferences: WebPreferences, target: Promise<Target>) {
    super();
    this.#owner = owner;
    this.#preferences = preferences;
    this.session = preferences.session ?? sessions.fromPartition(preferences.partition ?? '');
    this.#zoom = preferences.zoomFactor ?? 1;
    all.set(this.id, this);
    this.attached = this.#follow(target);
    app.emit('web-contents-created', preventable({}), this);
  }

  #follow(target: Promise<Target>): Promise<void> {
    const attached = target.then(({ targetId, session }) => this.#attach(targetId, session));
    attached.catch((error: unknown) => {
      if (!this.#destroyed && !app.isLeaving) note(`a window could not open: ${String(error)}`);
    });
    return attached;
  }

  /** Goes on in another page of Chromium's: the one it had is gone. */
  moveTo(target: Promise<Target>): void {
    this.#fresh = true;
    this.#cdp = null;
    this.attached = this.#follow(target);
  }

  async #attach(targetId: string, session: CdpSession): Promise<void> {
    this.#targetId = targetId;
    this.#cdp = session;
    this.#frames = new FrameTree(process.pid, (contextId, code) => this.#run(code, contextId));
    this.#listen(session);
    const { preload, nodeIntegrationInSubFrames = false, additionalArguments = [] } = this.#preferences;
    const options = {
      secret: `stand-in-${randomUUID()}`,
      preload: preload ?? null,
      everyFrame: nodeIntegrationInSubFrames,
      driven: runtime().driven,
      argv: [...runtime().argv.slice(0, 1), ...additionalArguments],
    };
    // Sent in one go; Chromium answers in this order.
    const [tree] = await Promise.all([
      session.send('Page.getFrameTree').then(({ frameTree }) => this.#frames?.follow(session, frameTree.frame)),
      session.send('Page.enable'),
      session.send('Inspector.enable'),
      session.send('Runtime.addBinding', { name: BINDING, executionContextName: PRELOAD_WORLD }),
      session.send('Runtime.enable'),
      session.send('Log.enable'),
      // For getPathForFile alone, whose pause it hears.
      session.send('Debugger.enable', { maxScriptsCacheSize: 0 }),
      session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      session.send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldScript(options) }),
      session.send('Page.addScriptToEvaluateOnNewDocument', {
        source: preloadScript(options),
        worldName: PRELOAD_WORLD,
      }),
      session.send('Emulation.setEmulatedMedia', { features: [themeFeature()] }),
    ]);
    return tree;
  }

  #listen(cdp: CdpSession): void {
    cdp.on('Fetch.requestPaused', (paused) => {
      answerRequest(this, paused).catch((error: unknown) => {
        if (!this.#destroyed && !app.isLeaving && !/Invalid InterceptionId|is gone/.test(String(error)))
          note(`a request was lost: ${String(error)}`);
      });
    });
    cdp.on('Runtime.bindingCalled', ({ payload, executionContextId }) => {
      this.#hear(JSON.parse(payload) as FromPage, this.frames.frameOf(executionContextId));
    });
    cdp.on('Debugger.paused', (paused) => void this.#answerPause(cdp, paused));
    cdp.on('Page.frameRequestedNavigation', ({ frameId, url }) => this.#wish(frameId, url));
    cdp.on('Page.windowOpen', ({ url, windowName }) => this.openWindow(toApp(url), windowName));
    cdp.on('Inspector.targetCrashed', () => this.#gone());
    cdp.on('Runtime.consoleAPICalled', ({ type, args, stackTrace }) => {
      const words = args.map((arg) => String(arg.value ?? arg.description ?? arg.type)).join(' ');
      const place = stackTrace?.callFrames[0];
      this.#console(type, words, place?.lineNumber ?? 0, place?.url ?? '');
    });
    cdp.on('Log.entryAdded', ({ entry }) =>
      this.#console(entry.level, entry.text, entry.lineNumber ?? 0, entry.url ?? ''),
    );
    this.#listenToLoading(cdp);
  }

  #listenToLoading(cdp: CdpSession): void {
    const isMain = (frameId: string): boolean =>
      this.#frames?.hasMain === true && frameId === this.frames.main.chromiumId;
    cdp.on('Page.frameStartedLoading', ({ frameId }) => {
      if (!isMain(frameId)) return;
      this.#busy = true;
      this.emit('did-start-loading');
    });
    cdp.on('Page.frameStoppedLoading', ({ frameId }) => {
      if (!isMain(frameId)) return;
      this.#busy = false;
      this.emit('did-stop-loading');
    });
    cdp.on('Page.frameNavigated', ({ frame }) => {
      this.#wishes.delete(frame.id);
      if (frame.parentId !== undefined || this.#pending === null) {
        if (frame.parentId === undefined && !this.#fresh)
          this.emit('did-navigate', preventable({}), this.getURL(), 200, 'OK');
        return;
      }
      this.#pending = null;
      this.emit('did-navigate', preventable({}), this.getURL(), 200, 'OK');
    });
    cdp.on('Page.navigatedWithinDocument', ({ frameId, url }) =>
      this.emit('did-navigate-in-page', preventable({}), toApp(url), isMain(frameId), 0, 0),
    );
    cdp.on('Page.domContentEventFired', () => {
      if (!this.#isBlank()) this.emit('dom-ready', preventable({}));
    });
    cdp.on('Page.loadEventFired', () => this.#loaded(cdp));
  }

  /** The document that a window has before main loads one. */
  #isBlank(): boolean {
    return this.getURL() === '';
  }

  #loaded(cdp: CdpSession): void {
    if (this.#isBlank()) return;
    // A driver emulates, too; the last word is main's.
    cdp.tell('Emulation.setEmulatedMedia', { features: [themeFeature()] });
    if (this.#fresh) cdp.tell('Page.resetNavigationHistory');
    this.#busy = false;
    this.emit('did-frame-finish-load', preventable({}), true, 0, 0);
    this.emit('did-finish-load');
    this.#loading?.resolve();
    this.#loading = null;
    const first = this.#fresh;
    this.#fresh = false;
    if (first) this.emit('-ready-to-show');
  }

  get cdp(): CdpSession {
    if (this.#cdp === null || this.#destroyed) throw new Error('Object has been destroyed');
    return this.#cdp;
  }

  get frames(): FrameTree {
    if (this.#frames === null) throw new Error('the page is not there yet');
    return this.#frames;
  }

  get mainFrame(): WebFrameMain {
    return this.frames.main;
  }

  get targetId(): string {
    return this.#targetId;
  }

  /** Notes what a page asked for itself, to tell it from what main or a driver asked for. */
  #wish(frameId: string, url: string): void {
    if (/^(?:https?|about|blob|data|javascript):/.test(url)) {
      this.#wishes.set(frameId, url);
      return;
    }
    // Another program's address: Chromium asks the network for nothing, so main hears of it here.
    const frame = this.frames.find(frameId);
    const event = preventable({
      url,
      isSameDocument: false,
      isMainFrame: frame?.parent === null,
      frame,
      initiator: frame,
    });
    this.emit('will-frame-navigate', event, url);
    if (frame?.parent === null && !event.defaultPrevented) this.emit('will-navigate', event, url);
    this.cdp.tell('Page.stopLoading');
  }

  /** Whether the page itself asked for the navigation of a frame that is about to happen. */
  takeWish(frameId: string): boolean {
    return this.#wishes.delete(frameId);
  }

  #hear(message: FromPage, frame: WebFrameMain | null): void {
    switch (message.kind) {
      case 'invoke':
        void answerInvoke(this, frame, message.channel, message.args).then((answer) =>
          this.#tell({ kind: 'reply', id: message.id, ...answer }, frame),
        );
        return;
      case 'send':
        hearSend(this, frame, message.channel, message.args);
        return;
      case 'open':
        this.openWindow(toApp(message.url), message.name);
        return;
      case 'preload-error':
        this.emit('preload-error', preventable({}), this.#preferences.preload ?? '', new Error(message.message));
        note(`the preload failed: ${message.stack}`);
        return;
      case 'resize':
        this.#owner.resized();
        return;
      case 'scheme':
        reportScheme(message.dark);
        return;
      case 'key':
        clickAccelerator(message);
        return;
      case 'context-menu':
        this.emit('context-menu', preventable({}), contextMenuOf(message, frame));
    }
  }

  #tell(message: object, frame: WebFrameMain | null): void {
    if (this.#destroyed || this.#crashed || this.#cdp === null || frame === null) return;
    const executionContextId = this.frames.contextOf(frame.chromiumId, PRELOAD_WORLD);
    if (executionContextId === null) return;
    this.#cdp.tell('Runtime.callFunctionOn', {
      functionDeclaration: 'function (text) { standInReceive(text) }',
      arguments: [{ value: JSON.stringify(message) }],
      executionContextId,
      silent: true,
    });
  }

  /** Answers `getPathForFile`, which paused the page with its File in `file`; lets it go on from any other pause. */
  async #answerPause(cdp: CdpSession, { callFrames }: Protocol.Debugger.pausedPayload): Promise<void> {
    const callFrameId = callFrames[0]?.callFrameId;
    try {
      if (callFrameId !== undefined && callFrames[0]?.functionName === 'pathOf') {
        const { result } = await cdp.send('Debugger.evaluateOnCallFrame', { callFrameId, expression: 'file' });
        const { path } = await cdp.send('DOM.getFileInfo', { objectId: result.objectId ?? '' });
        await cdp.send('Debugger.evaluateOnCallFrame', {
          callFrameId,
          expression: `found.path = ${JSON.stringify(path)}`,
        });
        await cdp.send('Runtime.releaseObject', { objectId: result.objectId ?? '' });
      }
    } catch {
      // A file that lies nowhere: its path stays ''.
    }
    cdp.tell('Debugger.resume');
  }

  openWindow(url: string, frameName: string): void {
    const { action } = this.#open({ url, frameName, features: '', disposition: 'new-window' });
    if (action === 'allow') note('a page opened a window, which main allows; the stand-in opens none');
  }

  #gone(): void {
    this.#crashed = true;
    this.#loading?.reject(new Error('ERR_FAILED (-2)'));
    this.#loading = null;
    this.emit('render-process-gone', preventable({}), { reason: 'crashed', exitCode: 5 });
  }

  #console(level: string, message: string, line: number, sourceId: string): void {
    const levels: Readonly<Record<string, number>> = { debug: 0, verbose: 0, log: 1, info: 1, warning: 2, error: 3 };
    const number = levels[level] ?? 1;
    const words = ['debug', 'info', 'warning', 'error'][number];
    this.emit(
      'console-message',
      preventable({ level: words, message, lineNumber: line, sourceId: toApp(sourceId), frame: this.mainFrame }),
      number,
      message,
      line,
      toApp(sourceId),
    );
  }

  /** Fulfilled when the page has loaded; rejects as Electron does: "ERR_… (-n) loading '…'". */
  async loadURL(url: string): Promise<void> {
    this.#pending = url;
    await this.attached;
    await this.#decidePermissions(toChromium(url));
    this.#loading?.reject(new Error(`ERR_ABORTED (-3) loading '${this.#loading.url}'`));
    const loaded = new Promise<void>((resolve, reject) => {
      this.#loading = { url, resolve, reject };
    });
    loaded.catch(() => undefined);
    this.#busy = true;
    this.#crashed = false;
    const { errorText = '' } = await this.cdp.send('Page.navigate', { url: toChromium(url) });
    if (errorText !== '') this.#failLoad(errorText.replace(/^net::/, ''), url);
    return loaded;
  }

  #failLoad(text: string, url: string): void {
    const code = ERROR_CODES[text] ?? -2;
    this.#busy = false;
    this.#pending = null;
    const loading = this.#loading;
    this.#loading = null;
    this.emit('did-fail-load', preventable({}), code, text, url, true, 0, 0);
    loading?.reject(Object.assign(new Error(`${text} (${code}) loading '${url}'`), { errno: code, code: text, url }));
  }

  /** Chromium never asks main about a permission, so main's handlers are asked beforehand and their answers are Chromium's. */
  async #decidePermissions(url: string): Promise<void> {
    if (!URL.canParse(url) || !/^https?:/.test(url)) return;
    const { origin } = new URL(url);
    if (this.#decided === origin || !this.session.hasPermissionHandlers) return;
    this.#decided = origin;
    const { browser } = chromium();
    await Promise.all(
      PERMISSIONS.map(async ([electron, name]) => {
        const granted = await this.session.decide(this, electron, toApp(origin));
        const permission = {
          name: name === 'midi-sysex' ? 'midi' : name,
          ...(name === 'midi-sysex' ? { sysex: true } : {}),
        };
        await browser
          .send('Browser.setPermission', { permission, setting: granted ? 'granted' : 'denied', origin })
          .catch(() => undefined);
      }),
    );
  }

  loadFile(file: string): Promise<void> {
    return this.loadURL(new URL(`file://${file}`).href);
  }

  getURL(): string {
    const url = this.#frames?.hasMain === true ? this.frames.main.url : '';
    if (this.#pending !== null) return new URL(this.#pending).href;
    return url.startsWith('data:text/html,stand-in') ? '' : url;
  }

  reload(): void {
    void this.attached.then(() => {
      this.#crashed = false;
      this.cdp.tell('Page.reload');
    });
  }

  reloadIgnoringCache(): void {
    void this.attached.then(() => this.cdp.tell('Page.reload', { ignoreCache: true }));
  }

  stop(): void {
    void this.attached.then(() => this.cdp.tell('Page.stopLoading'));
  }

  /** Tells the page's main frame. Throws "An object could not be cloned." */
  send(channel: string, ...args: unknown[]): void {
    const text = codec.encode(args);
    if (this.#frames?.hasMain === true) this.#tell({ kind: 'event', channel, args: text }, this.mainFrame);
  }

  sendToFrame(_frame: unknown, channel: string, ...args: unknown[]): void {
    this.send(channel, ...args);
  }

  async #run(code: string, contextId: number | null, userGesture = false): Promise<unknown> {
    await this.attached;
    const { result, exceptionDetails } = await this.cdp.send('Runtime.evaluate', {
      expression: code,
      awaitPromise: true,
      returnByValue: true,
      userGesture,
      ...(contextId === null ? {} : { contextId }),
    });
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as unknown;
  }

  executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    return this.#run(code, null, userGesture);
  }

  async insertCSS(css: string): Promise<string> {
    await this.attached;
    const { frameId } = { frameId: this.mainFrame.chromiumId };
    await this.cdp.send('DOM.enable');
    await this.cdp.send('CSS.enable');
    const { styleSheetId } = await this.cdp.send('CSS.createStyleSheet', { frameId, force: true });
    await this.cdp.send('CSS.setStyleSheetText', { styleSheetId, text: css });
    return styleSheetId;
  }

  async capturePage(rectangle?: { x: number; y: number; width: number; height: number }): Promise<NativeImage> {
    await this.attached;
    const clip = rectangle === undefined ? {} : { clip: { ...rectangle, scale: 1 } };
    const { data } = await this.cdp.send('Page.captureScreenshot', { format: 'png', ...clip });
    return NativeImage.fromPng(Buffer.from(data, 'base64'));
  }

  /** Ends the page's process, as a crash does. */
  forcefullyCrashRenderer(): void {
    this.cdp.tell('Page.crash');
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#open = handler;
  }

  get zoomFactor(): number {
    return this.#zoom;
  }
  set zoomFactor(factor: number) {
    this.#zoom = factor;
    this.#owner.zoomed(factor);
  }
  get zoomLevel(): number {
    return Math.log(this.#zoom) / Math.log(1.2);
  }
  set zoomLevel(level: number) {
    this.zoomFactor = 1.2 ** level;
  }
  setZoomFactor = (factor: number): void => void (this.zoomFactor = factor);
  getZoomFactor = (): number => this.#zoom;
  setZoomLevel = (level: number): void => void (this.zoomLevel = level);
  getZoomLevel = (): number => this.zoomLevel;

  close(): void {
    this.#owner.close();
  }

  /** The window is gone. */
  destroyed(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    all.delete(this.id);
    this.#loading?.reject(new Error(`ERR_FAILED (-2) loading '${this.#loading.url}'`));
    this.emit('destroyed');
  }

  edit(command: string): void {
    void this.#run(`document.execCommand(${JSON.stringify(command)})`, null, true).catch(() => undefined);
  }
  undo = (): void => this.edit('undo');
  redo = (): void => this.edit('redo');
  cut = (): void => this.edit('cut');
  copy = (): void => this.edit('copy');
  paste = (): void => this.edit('paste');
  pasteAndMatchStyle = (): void => this.edit('paste');
  delete = (): void => this.edit('delete');
  selectAll = (): void => this.edit('selectAll');

  setTheme(feature: { name: string; value: string }): void {
    void this.attached
      .then(() => this.#cdp?.tell('Emulation.setEmulatedMedia', { features: [feature] }))
      .catch(() => undefined);
  }

  isDestroyed = (): boolean => this.#destroyed;
  isCrashed = (): boolean => this.#crashed;
  isLoading = (): boolean => this.#busy || this.#pending !== null;
  isLoadingMainFrame = (): boolean => this.isLoading();
  isFocused = (): boolean => !this.#destroyed;
  focus = (): void => this.#owner.focus();
  getTitle = (): string => '';
  getType = (): string => 'window';
  getProcessId = (): number => this.#frames?.processId ?? 0;
  getOSProcessId = (): number => this.#frames?.processId ?? 0;
  getUserAgent = (): string => '';
  setUserAgent = (): void => undefined;
  setWebRTCIPHandlingPolicy = (): void => undefined;
  setVisualZoomLevelLimits = async (): Promise<void> => undefined;
  setBackgroundThrottling = (): void => undefined;
  setIgnoreMenuShortcuts = (): void => undefined;
  setAudioMuted = (): void => undefined;
  openDevTools = (): void => undefined;
  closeDevTools = (): void => undefined;
  toggleDevTools = (): void => undefined;
  isDevToolsOpened = (): boolean => false;
  getLastWebPreferences = (): WebPreferences => this.#preferences;
}

nameStrictly(WebContents, 'webContents');

interface Browser {
  readonly browser: CdpSession;
}

let current: Browser | null = null;

export function setChromium(browser: Browser): void {
  current = browser;
}

export function chromium(): Browser {
  if (current === null) throw new Error('Cannot create BrowserWindow before app is ready');
  return current;
}

export const allContents = (): WebContents[] => [...all.values()];

function contextMenuOf(
  { x, y, editable, selection, link }: Extract<FromPage, { kind: 'context-menu' }>,
  frame: WebFrameMain | null,
): object {
  const selected = selection !== '';
  return {
    x,
    y,
    frame,
    linkURL: toApp(link),
    linkText: '',
    pageURL: frame?.url ?? '',
    frameURL: '',
    srcURL: '',
    mediaType: 'none',
    hasImageContents: false,
    isEditable: editable,
    selectionText: selection,
    titleText: '',
    altText: '',
    misspelledWord: '',
    dictionarySuggestions: [],
    formControlType: 'none',
    menuSourceType: 'mouse',
    mediaFlags: {},
    editFlags: {
      canUndo: editable,
      canRedo: editable,
      canCut: editable && selected,
      canCopy: selected,
      canPaste: editable,
      canDelete: editable && selected,
      canSelectAll: true,
      canEditRichly: false,
    },
  };
}
