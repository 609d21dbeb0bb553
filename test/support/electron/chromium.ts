import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';
import type { Duplex, Readable, Writable } from 'node:stream';
import { CdpConnection } from './cdp.ts';

/** Debian's own start script costs time and adds switches; the program behind it is asked first. */
const PROGRAMS = ['/usr/lib/chromium/chromium', '/usr/lib/chromium-browser/chromium-browser'];
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const START_MS = 30_000;
const END_MS = 5_000;

const SWITCHES = [
  // Chromium ends when this pipe closes, so it outlives no main process, however that one ended.
  '--remote-debugging-pipe',
  '--test-type',
  // As Electron: a page of a file loads the files beside it, modules too.
  '--allow-file-access-from-files',
  '--no-first-run',
  '--no-default-browser-check',
  // It stays when its last window is closed: whether the program ends is main's to say.
  '--no-startup-window',
  '--disable-extensions',
  '--disable-sync',
  '--disable-component-update',
  '--disable-background-networking',
  '--disable-default-apps',
  '--disable-breakpad',
  '--disable-client-side-phishing-detection',
  '--disable-search-engine-choice-screen',
  '--disable-dev-shm-usage',
  '--disable-hang-monitor',
  '--disable-ipc-flooding-protection',
  '--disable-popup-blocking',
  '--disable-prompt-on-repost',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-back-forward-cache',
  '--hide-crash-restore-bubble',
  '--metrics-recording-only',
  '--password-store=basic',
  // One process for all frames of a page, so that one session hears them all.
  '--disable-site-isolation-trials',
  '--disable-features=IsolateSandboxedIframes,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,MediaRouter,OptimizationHints,Translate,PaintHolding,LensOverlay,NetworkTimeServiceQuerying,PreconnectToSearch,DestroyProfileOnBrowserClose',
];

/** The page that a window has before main loads one; its mark tells windows apart. */
export const blankPage = (mark: string): string => `data:text/html,stand-in%20${mark}`;

/** Chromium's program: what CHROMIUM_PATH names, or where distributions put it; null when there is none. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | null {
  const wanted = environment['CHROMIUM_PATH'];
  if (wanted !== undefined && wanted !== '') return existsSync(wanted) ? wanted : null;
  const folders = [...(environment['PATH'] ?? '').split(path.delimiter), '/usr/bin'].filter((folder) => folder !== '');
  const named = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...PROGRAMS, ...named].find((program) => existsSync(program)) ?? null;
}

/** A browser's own habits, of which Electron has none: remembering addresses, forms and passwords. */
const PREFERENCES = {
  history: { saving_disabled: true },
  credentials_enable_service: false,
  profile: { password_manager_enabled: false },
  autofill: { enabled: false, profile_enabled: false, credit_card_enabled: false },
  translate: { enabled: false },
};

/** Makes a profile that keeps nothing of what a page shows or is told. */
function prepareProfile(profile: string): void {
  const folder = path.join(profile, 'Default');
  mkdirSync(folder, { recursive: true });
  // Open windows, with what was typed in them, would be written into folders of these names; files in their place can't be entered.
  for (const name of ['Sessions', 'Sessions_Encrypted']) {
    rmSync(path.join(folder, name), { recursive: true, force: true });
    writeFileSync(path.join(folder, name), '');
  }
  writeFileSync(path.join(folder, 'Preferences'), JSON.stringify(PREFERENCES));
}

export interface ChromiumOptions {
  readonly profile: string;
  /** BCP 47. */
  readonly locale: string;
  /** The port for a driver beside the stand-in (0: any); null for none. */
  readonly port: string | null;
  readonly headless: boolean;
  /** False as root, whom Chromium refuses its sandbox, and where the command line says so. */
  readonly sandbox: boolean;
  /** host:port of the proxy that decides on everything Chromium wants from the network. */
  readonly proxy: string;
}

/** A running Chromium. */
export class Chromium {
  readonly connection: CdpConnection;
  readonly ended: Promise<void>;
  readonly #process: ChildProcess;
  readonly #program: string;
  readonly #options: ChromiumOptions;

  constructor(program: string, options: ChromiumOptions) {
    this.#program = program;
    this.#options = options;
    prepareProfile(options.profile);
    // A group of its own: Ctrl-C in the terminal is main's to answer.
    this.#process = spawn(program, this.#arguments(), {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      env: this.#environment(),
    });
    this.ended = new Promise((resolve) => {
      this.#process.once('exit', () => resolve());
      this.#process.once('error', () => resolve());
    });
    const [, , , out, incoming] = this.#process.stdio as unknown as [null, null, Readable, Writable, Duplex];
    this.connection = new CdpConnection(out, incoming);
  }

  /** Fulfilled once it answers; rejects with Chromium's own last words when it can't start. */
  async started(): Promise<void> {
    const words: string[] = [];
    const lines = createInterface({ input: this.#process.stderr ?? process.stdin });
    lines.on('line', (line) => {
      // A driver waits for this very line.
      if (line.startsWith('DevTools listening on ')) process.stderr.write(`${line}\n`);
      else if (words.push(line) > 20) words.shift();
    });
    let timer: NodeJS.Timeout | undefined;
    const failed = Promise.race([
      this.ended.then(() => 'ended'),
      new Promise((resolve) => {
        timer = setTimeout(() => resolve(`did not answer within ${START_MS / 1000} s`), START_MS);
      }),
    ]).then((how) => {
      throw new Error(`Chromium (${this.#program}) ${String(how)}: ${words.join(' / ')}`);
    });
    try {
      await Promise.race([this.connection.browser.send('Browser.getVersion'), failed]);
    } finally {
      failed.catch(() => undefined);
      clearTimeout(timer);
    }
  }

  /** Opens a window without tabs or address bar; its page is `blankPage(mark)`. False where only Chromium's plain windows can be had. */
  openWindow(mark: string): boolean {
    if (this.#options.headless) return false;
    // It hands its wish to the running one, which shares the profile, and ends. The pipe is for the case that there is none any more: it would
    // become the browser itself, and must not outlive main either.
    const { profile, sandbox } = this.#options;
    const switches = ['--remote-debugging-pipe', `--user-data-dir=${profile}`, ...(sandbox ? [] : ['--no-sandbox'])];
    const messenger = spawn(this.#program, [...switches, `--app=${blankPage(mark)}`], {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      env: this.#environment(),
    });
    for (const pipe of messenger.stdio) pipe?.on('error', () => undefined);
    messenger.on('error', () => undefined);
    void this.ended.then(() => messenger.kill('SIGKILL'));
    return true;
  }

  /** Ends it: by its own command, then by force. */
  async end(): Promise<void> {
    this.connection.browser.tell('Browser.close');
    const timer = setTimeout(() => this.kill(), END_MS);
    await this.ended;
    clearTimeout(timer);
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #arguments(): string[] {
    const { profile, locale, port, headless, sandbox, proxy } = this.#options;
    return [
      ...SWITCHES,
      `--user-data-dir=${profile}`,
      `--lang=${locale}`,
      `--accept-lang=${locale}`,
      `--proxy-server=${proxy}`,
      '--proxy-bypass-list=<-loopback>',
      ...(port === null ? [] : [`--remote-debugging-port=${port === '' ? '0' : port}`]),
      ...(headless ? ['--headless=new'] : []),
      ...(sandbox ? [] : ['--no-sandbox']),
      // Until main shows it. Window managers move it back into sight, which does no harm.
      '--window-position=-4000,-4000',
    ];
  }

  #environment(): NodeJS.ProcessEnv {
    return { ...process.env, LANGUAGE: this.#options.locale.replace('-', '_') };
  }
}
