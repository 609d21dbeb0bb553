import { Emitter, nameStrictly, provide } from '../provided.ts';
import { mapPolicy } from '../addresses.ts';
import { note } from '../runtime.ts';
import { SessionProtocol } from './protocol.ts';
import { app } from './app.ts';

export interface RequestDetails {
  readonly id: number;
  readonly url: string;
  readonly method: string;
  readonly resourceType: string;
  readonly webContentsId?: number;
  readonly frame?: unknown;
  readonly webContents?: unknown;
  readonly referrer: string;
  readonly timestamp: number;
}

interface Filter {
  readonly urls: readonly string[];
  readonly types?: readonly string[];
}

interface BeforeAnswer {
  readonly cancel?: boolean;
  readonly redirectURL?: string;
}

interface HeadersAnswer {
  readonly cancel?: boolean;
  readonly responseHeaders?: Record<string, string | string[]>;
}

type Listener<D, A> = (details: D, answer: (response: A) => void) => void;

interface Hook<D, A> {
  readonly filter: Filter;
  readonly hear: Listener<D, A>;
}

/** `<all_urls>` or scheme://host/path with stars, as extensions write it. */
export function matchesPattern(pattern: string, address: string): boolean {
  if (pattern === '<all_urls>') return true;
  const [, scheme = '', host = '', path = '/*'] = /^([^:]+):\/\/([^/]*)(\/.*)?$/.exec(pattern) ?? [];
  const url = new URL(address);
  const star = (text: string): RegExp =>
    new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
  const given = url.protocol.slice(0, -1);
  if (scheme === '*' ? !/^(?:https?|wss?)$/.test(given) : !star(scheme).test(given)) return false;
  const hostMatches = host.startsWith('*.')
    ? url.hostname === host.slice(2) || url.hostname.endsWith(host.slice(1))
    : star(host).test(host.includes(':') ? url.host : url.hostname);
  return hostMatches && star(path).test(`${url.pathname}${url.search}`);
}

const EVERYTHING: Filter = { urls: ['<all_urls>'] };

/** The part of Electron's `webRequest` that the stand-in has: before a request, and its reply's headers. */
class WebRequest {
  #before: Hook<RequestDetails, BeforeAnswer> | null = null;
  #headers: Hook<RequestDetails & { readonly responseHeaders: Record<string, string[]> }, HeadersAnswer> | null = null;

  onBeforeRequest(filter: unknown, hear?: unknown): void {
    this.#before = hook(filter, hear);
  }

  /** Heard for replies of own schemes alone. */
  onHeadersReceived(filter: unknown, hear?: unknown): void {
    this.#headers = hook(filter, hear);
  }

  /** What main says of a request; nothing when it does not care. */
  before(details: RequestDetails): Promise<BeforeAnswer> {
    return ask(this.#before, details, {});
  }

  headers(details: RequestDetails, responseHeaders: Record<string, string[]>): Promise<HeadersAnswer> {
    return ask(this.#headers, { ...details, responseHeaders }, {});
  }
}

Object.setPrototypeOf(WebRequest.prototype, Object.getPrototypeOf(provide('session.webRequest', {})) as object);

function hook<D, A>(filter: unknown, hear: unknown): Hook<D, A> | null {
  const listener = typeof filter === 'function' ? filter : hear;
  if (typeof listener !== 'function') return null;
  const chosen = typeof filter === 'object' && filter !== null ? (filter as Filter) : EVERYTHING;
  return { filter: chosen, hear: listener as Listener<D, A> };
}

function ask<D extends RequestDetails, A>(hooked: Hook<D, A> | null, details: D, none: A): Promise<A> {
  if (hooked === null) return Promise.resolve(none);
  const { urls, types } = hooked.filter;
  const wanted = urls.length === 0 || urls.some((pattern) => matchesPattern(pattern, details.url));
  if (!wanted || (types !== undefined && !types.includes(details.resourceType))) return Promise.resolve(none);
  return new Promise((resolve) => hooked.hear(details, resolve));
}

type PermissionRequest = (
  contents: unknown,
  permission: string,
  answer: (granted: boolean) => void,
  details: object,
) => void;
type PermissionCheck = (contents: unknown, permission: string, origin: string, details: object) => boolean;

/** Electron's permissions, and Chromium's names for them (`Browser.setPermission`). */
export const PERMISSIONS: readonly (readonly [electron: string, chromium: string])[] = [
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['midi', 'midi'],
  ['midiSysex', 'midi-sysex'],
  ['clipboard-read', 'clipboard-read'],
  ['clipboard-sanitized-write', 'clipboard-write'],
  ['media', 'camera'],
  ['media', 'microphone'],
  ['idle-detection', 'idle-detection'],
  ['storage-access', 'storage-access'],
  ['window-management', 'window-management'],
  ['persistent-storage', 'persistent-storage'],
  ['keyboardLock', 'keyboard-lock'],
  ['pointerLock', 'pointer-lock'],
];

/** One of Electron's sessions. All share Chromium's one profile; each has its own rules. */
export class Session extends Emitter {
  readonly protocol: SessionProtocol;
  readonly webRequest = new WebRequest();
  readonly #persistent: boolean;
  #request: PermissionRequest | null = null;
  #check: PermissionCheck | null = null;
  /** As `resolveProxy` answers; '' is the system's. */
  #proxy = '';

  constructor(persistent: boolean) {
    super();
    this.#persistent = persistent;
    this.protocol = new SessionProtocol();
    app.emit('session-created', this);
  }

  setPermissionRequestHandler(handler: PermissionRequest | null): void {
    this.#request = handler;
  }

  setPermissionCheckHandler(handler: PermissionCheck | null): void {
    this.#check = handler;
  }

  /** What main's handlers say of one permission. Without handlers everything is granted, as in Electron. */
  async decide(contents: unknown, permission: string, origin: string): Promise<boolean> {
    const details = { requestingUrl: `${origin}/`, isMainFrame: true, securityOrigin: `${origin}/` };
    if (this.#check !== null && !this.#check(contents, permission, origin, details)) return false;
    const request = this.#request;
    if (request === null) return true;
    return new Promise((resolve) => request(contents, permission, resolve, details));
  }

  get hasPermissionHandlers(): boolean {
    return this.#request !== null || this.#check !== null;
  }

  /** What a reply's headers become on their way to Chromium. */
  chromiumHeaders(headers: Record<string, string[]>): { name: string; value: string }[] {
    return Object.entries(headers).flatMap(([name, values]) =>
      values.map((value) => ({ name, value: /^content-security-policy/i.test(name) ? mapPolicy(value) : value })),
    );
  }

  /** Nothing of Chromium's goes to the network; only what `resolveProxy` answers changes. */
  async setProxy(config: { readonly mode?: string; readonly proxyRules?: string }): Promise<void> {
    if (config.mode === 'direct') this.#proxy = 'DIRECT';
    else if (config.proxyRules !== undefined) this.#proxy = rulesToList(config.proxyRules);
    else this.#proxy = '';
  }

  /** As a PAC script answers: DIRECT, or what *_proxy in the environment says. */
  async resolveProxy(address: string): Promise<string> {
    if (this.#proxy !== '') return this.#proxy;
    return proxyOfEnvironment(address);
  }

  isPersistent = (): boolean => this.#persistent;
  setDevicePermissionHandler = (): void => undefined;
  setUSBProtectedClassesHandler = (): void => undefined;
  setBluetoothPairingHandler = (): void => undefined;
  setDisplayMediaRequestHandler = (): void => undefined;
  setCertificateVerifyProc = (): void => undefined;
  setSpellCheckerEnabled = (): void => undefined;
  isSpellCheckerEnabled = (): boolean => false;
  setSpellCheckerLanguages = (): void => undefined;
  setDownloadPath = (): void => undefined;
  setUserAgent = (): void => undefined;
  setPreloads = (preloads: readonly string[]): void => {
    if (preloads.length > 0) note('session.setPreloads was asked for; only webPreferences.preload is run');
  };
  getPreloads = (): string[] => [];
  clearCache = async (): Promise<void> => undefined;
  clearCodeCaches = async (): Promise<void> => undefined;
  clearStorageData = async (): Promise<void> => undefined;
  clearData = async (): Promise<void> => undefined;
  clearHostResolverCache = async (): Promise<void> => undefined;
  clearAuthCache = async (): Promise<void> => undefined;
  closeAllConnections = async (): Promise<void> => undefined;
  forceReloadProxyConfig = async (): Promise<void> => undefined;
  getCacheSize = async (): Promise<number> => 0;
  flushStorageData = (): void => undefined;
  getStoragePath = (): string => app.getPath('sessionData');
  enableNetworkEmulation = (): never => {
    throw new Error('the stand-in does not provide session.enableNetworkEmulation');
  };
}

nameStrictly(Session, 'session');

function rulesToList(rules: string): string {
  const first = rules.split(';')[0]?.split(',')[0]?.replace(/^.*=/, '') ?? '';
  if (first === '' || first === 'direct://') return 'DIRECT';
  const [, scheme = 'http', host = ''] = /^(?:([a-z0-9]+):\/\/)?(.*)$/i.exec(first) ?? [];
  return `${{ http: 'PROXY', https: 'HTTPS', socks: 'SOCKS', socks4: 'SOCKS', socks5: 'SOCKS5' }[scheme] ?? 'PROXY'} ${host}`;
}

function proxyOfEnvironment(address: string): string {
  const { protocol, hostname } = new URL(address);
  const of = (name: string): string => process.env[name] ?? process.env[name.toUpperCase()] ?? '';
  const spared = of('no_proxy')
    .split(',')
    .map((host) => host.trim());
  if (/^(?:localhost|127\.|\[::1\])/.test(hostname)) return 'DIRECT';
  if (spared.some((host) => host === '*' || (host !== '' && hostname.endsWith(host.replace(/^\*?/, '')))))
    return 'DIRECT';
  const named = of(`${protocol.slice(0, -1)}_proxy`) || of('all_proxy');
  return named === '' ? 'DIRECT' : rulesToList(named.replace(/\/$/, ''));
}

const partitions = new Map<string, Session>();

/** Electron's `session`. */
export const session = provide('session', {
  defaultSession: new Session(true),
  fromPartition(name: string): Session {
    if (name === '') return session.defaultSession;
    const known = partitions.get(name) ?? new Session(name.startsWith('persist:'));
    partitions.set(name, known);
    return known;
  },
});
