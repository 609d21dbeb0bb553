import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { passedOn } from './child.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');
const STAND_IN = path.join(import.meta.dirname, 'electron', 'electron');

/** The program that runs apps in tests: what ELECTRON_PATH names, else the stand-in. */
export function electronProgram(): string {
  const named = process.env['ELECTRON_PATH'];
  return named === undefined || named === '' ? STAND_IN : named;
}

/** Whether Electron itself is under test, and not the stand-in. */
export const isRealElectron = (): boolean => electronProgram() !== STAND_IN;

const LAUNCH_MS = 60_000;
const READY_MS = 30_000;
const CLOSE_MS = 20_000;
const END_MS = 10_000;

export interface LaunchOptions {
  /** Kept afterwards; by default a fresh one, removed by `close` and `kill`. */
  readonly dataFolder?: string;
  /** Where secrets lie: the environment of a session that `openKeyring` opened. Without it there is no keyring at all. */
  readonly keyring?: { readonly env: Readonly<Record<string, string>> };
  readonly env?: Readonly<Record<string, string>>;
  /** After the app's folder. */
  readonly args?: readonly string[];
  /** Which app; the console by default. */
  readonly appFolder?: string;
  /** What the page has once it is there. */
  readonly readySelector?: string;
  /** The system's language, as LANGUAGE has it: zh_CN by default. */
  readonly lang?: string;
  /** Errors on the page that are part of the test. */
  readonly allowed?: readonly RegExp[];
}

export interface RunningConsole {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly dataFolder: string;
  /** Console errors, uncaught errors and policy violations so far, as texts. Those that were looked at fail nothing later. */
  violations(): readonly string[];
  /** What main wrote to its standard output and error. */
  log(): string;
  /** The address as main knows it: app://…, whatever the page itself is told. */
  url(): Promise<string>;
  /** Closes it as a person would, by force if need be; throws when the page had an error that nobody looked at. */
  close(): Promise<void>;
  /** SIGKILL to main; fulfilled once nothing of it runs any more. */
  kill(): Promise<void>;
  /** Starts the same program once more on the same data, as a person may; fulfilled with its exit code. */
  startAgain(args?: readonly string[]): Promise<number | null>;
  /** Fulfilled once it has ended by itself. */
  ended(): Promise<void>;
}

const running = new Set<Instance>();

/** Starts an app and waits until its page is there. */
export async function launchConsole(options: LaunchOptions = {}): Promise<RunningConsole> {
  const home = mkdtempSync(path.join(tmpdir(), 'console-e2e-'));
  const dataFolder = options.dataFolder ?? path.join(home, 'data');
  mkdirSync(dataFolder, { recursive: true });
  const command: Command = {
    program: electronProgram(),
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), options.appFolder ?? ROOT, ...(options.args ?? [])],
    env: environment(home, dataFolder, options),
    cwd: home,
  };
  let app: ElectronApplication;
  try {
    app = await _electron.launch({
      executablePath: command.program,
      args: [...command.args],
      env: command.env,
      cwd: command.cwd,
      timeout: LAUNCH_MS,
      // Light and dark are main's to decide.
      colorScheme: null,
    });
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
  const instance = new Instance(app, command, dataFolder, options);
  running.add(instance);
  try {
    await instance.start(options.readySelector ?? '[data-ready="true"]');
  } catch (error) {
    const kept = await instance.keepEvidence('start').catch(() => null);
    await instance.kill();
    throw new Error(`the app did not become ready${kept === null ? '' : ` (see ${kept})`}\n${instance.log()}`, {
      cause: error,
    });
  }
  return instance;
}

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  /** A temporary folder, in the environment of everything that belongs to this run. */
  readonly cwd: string;
}

/** Nothing of the person's own: no session bus, hence no keyring, and a home of its own. */
function environment(
  home: string,
  dataFolder: string,
  { keyring, env, lang = 'zh_CN' }: LaunchOptions,
): Record<string, string> {
  return {
    ...passedOn(['PATH', 'DISPLAY', 'XAUTHORITY', 'TMPDIR', 'CHROMIUM_PATH', 'NODE_COMPILE_CACHE']),
    HOME: home,
    // A locale that every machine has: file names are UTF-8 in it.
    LANG: 'C.UTF-8',
    LANGUAGE: lang,
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_CACHE_HOME: path.join(home, 'cache'),
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
    ORDER_CONSOLE_DATA: dataFolder,
    ...keyring?.env,
    ...env,
  };
}

class Instance implements RunningConsole {
  readonly app: ElectronApplication;
  readonly dataFolder: string;
  readonly #command: Command;
  readonly #allowed: readonly RegExp[];
  readonly #seen: string[] = [];
  readonly #ended: Promise<void>;
  readonly #process: ChildProcess;
  #page: Page | null = null;
  #looked = 0;
  #log = '';

  constructor(app: ElectronApplication, command: Command, dataFolder: string, options: LaunchOptions) {
    this.app = app;
    this.dataFolder = dataFolder;
    this.#command = command;
    this.#allowed = options.allowed ?? [];
    const child = app.process();
    // Playwright forgets it with the app.
    this.#process = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (part: Buffer) => (this.#log += part.toString()));
    this.#ended = new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      else child.once('exit', () => resolve());
    });
  }

  get page(): Page {
    if (this.#page === null) throw new Error('the app has no window yet');
    return this.#page;
  }

  async start(readySelector: string): Promise<void> {
    const page = await this.app.firstWindow({ timeout: READY_MS });
    this.#page = page;
    page.on('console', (message) => {
      if (message.type() === 'error')
        this.#seen.push(`${message.text()} (${message.location().url}:${message.location().lineNumber})`);
    });
    page.on('pageerror', (error) => this.#seen.push(error.stack ?? error.message));
    page.on('crash', () => this.#seen.push('the page crashed'));
    await page.waitForSelector(readySelector, { state: 'attached', timeout: READY_MS });
    await page.evaluate(WATCH_POLICY);
    await page.addInitScript(WATCH_POLICY);
  }

  violations(): readonly string[] {
    const fresh = this.#unexpected();
    this.#looked = this.#seen.length;
    return fresh;
  }

  #unexpected(): string[] {
    return this.#seen.slice(this.#looked).filter((text) => !this.#allowed.some((pattern) => pattern.test(text)));
  }

  log(): string {
    return this.#log;
  }

  url(): Promise<string> {
    return this.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL() ?? '');
  }

  async startAgain(args: readonly string[] = []): Promise<number | null> {
    const { program, args: first, env, cwd } = this.#command;
    const child = spawn(program, [...first, ...args], { env, cwd, stdio: 'ignore', timeout: LAUNCH_MS });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  }

  ended(): Promise<void> {
    return this.#ended;
  }

  async close(): Promise<void> {
    // A round trip: what the page reported before has arrived when it is answered.
    if (!this.page.isClosed()) await this.page.evaluate(() => null).catch(() => undefined);
    const left = this.#unexpected();
    await Promise.race([this.app.close().catch(() => undefined), wait(CLOSE_MS, undefined, { ref: false })]);
    const child = this.#process;
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (child.exitCode !== null || child.signalCode !== null) break;
      child.kill(signal);
      await Promise.race([this.#ended, wait(END_MS, undefined, { ref: false })]);
    }
    await this.#clear();
    if (left.length > 0) throw new Error(`the page had errors that the test did not expect:\n${left.join('\n')}`);
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
    await this.#clear();
  }

  /** Waits for what main left running, which ends by itself, and removes the temporary folder. */
  async #clear(): Promise<void> {
    running.delete(this);
    const deadline = Date.now() + END_MS;
    while (processesOf(this.#command.cwd).length > 0) {
      if (Date.now() > deadline) {
        const left = processesOf(this.#command.cwd);
        for (const pid of left) process.kill(pid, 'SIGKILL');
        throw new Error(`${left.length} processes outlived main by ${END_MS / 1000} s\n${this.#log}`);
      }
      await wait(20);
    }
    rmSync(this.#command.cwd, { recursive: true, force: true, maxRetries: 3 });
  }

  /** A picture of the page and main's log, in a folder that stays: its name. */
  async keepEvidence(name: string): Promise<string> {
    const folder = mkdtempSync(
      path.join(tmpdir(), `console-failed-${name.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 60)}-`),
    );
    writeFileSync(path.join(folder, 'main.log'), `${this.#log}\n--- page ---\n${this.#seen.join('\n')}\n`);
    await this.#page?.screenshot({ path: path.join(folder, 'page.png'), timeout: 5_000 }).catch(() => undefined);
    return folder;
  }
}

/** Runs in the page, again in every document: a violation of the policy becomes a console error. */
const WATCH_POLICY = `document.addEventListener('securitypolicyviolation', (event) => {
  console.error('policy violation: ' + event.effectiveDirective + ' blocked ' + event.blockedURI);
})`;

/** Processes whose command line or environment names a folder; none off Linux, where /proc is not. */
export function processesOf(folder: string): number[] {
  if (!existsSync('/proc/self/cmdline')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => ['cmdline', 'environ'].some((file) => readText(`/proc/${pid}/${file}`).includes(folder)));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Keeps pictures and logs of everything that runs: called when a test failed. */
export async function keepEvidenceOfAll(name: string): Promise<string[]> {
  return Promise.all([...running].map((instance) => instance.keepEvidence(name)));
}
