import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Arch, Platform } from 'electron-builder';
import { electronProgram as ownElectron } from '../../../scripts/host.mjs';
import { placesOf } from '../../../scripts/package/config.ts';
import type { Flavour } from '../../../scripts/package/fuses.ts';
import { pack } from '../../../scripts/package/index.ts';
import { ROOT } from '../app.ts';
import { Inspector } from './inspector.ts';

/** The folder of the Electron that packages can be made of here; null where none was fetched and ELECTRON_PATH names none. */
export function electronFolder(): string | null {
  const program = ownElectron(ROOT);
  if (program === null) return null;
  // On macOS the program lies within its bundle.
  return process.platform === 'darwin' ? path.resolve(program, '../../../..') : path.dirname(program);
}

/** Whether that Electron has node:sqlite, as ours has. */
function hasSqlite(): boolean {
  const ask = "process.exit(require('node:module').isBuiltin('node:sqlite') ? 0 : 1)";
  const program = ownElectron(ROOT) ?? '';
  return spawnSync(program, ['-e', ask], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } }).status === 0;
}

/** What the test flavour carries where its Electron lacks node:sqlite. */
function extraOf(output: string): { readonly folder: string; readonly main: string } | null {
  if (hasSqlite()) return null;
  const folder = path.join(output, 'extra');
  const wasm = path.join(folder, 'node-sqlite3-wasm');
  mkdirSync(wasm, { recursive: true });
  for (const name of ['entry.cjs', 'sqlite.cjs']) cpSync(path.join(import.meta.dirname, name), path.join(folder, name));
  cpSync(path.join(ROOT, 'node_modules', 'node-sqlite3-wasm', 'dist'), wasm, { recursive: true });
  return { folder, main: 'entry.cjs' };
}

export interface PackedApp {
  readonly flavour: Flavour;
  readonly folder: string;
  readonly asar: string;
  readonly program: string;
}

const FOLDERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { linux: 'linux', win32: 'win', darwin: 'mac' };

/** Packs what lies in out/ into a folder below `output`, for this system. */
export async function packHere(flavour: Flavour, electron: string, output: string): Promise<PackedApp> {
  const own = path.join(output, flavour);
  const arch = process.arch === 'arm64' ? Arch.arm64 : Arch.x64;
  const extra = flavour === 'test' ? extraOf(own) : null;
  const options = { flavour, output: own, electron, env: {}, ...(extra === null ? {} : { extra }) };
  await pack(options, { platform: Platform.current(), arches: [arch], dir: true });
  const named = FOLDERS[process.platform] ?? process.platform;
  const inside = process.platform === 'darwin' ? ['-arm64', ''] : [`-${process.arch}-unpacked`, '-unpacked'];
  const folder = inside.map((end) => path.join(own, `${named}${end}`)).find((one) => existsSync(one));
  if (folder === undefined) throw new Error(`nothing was packed below ${own}`);
  const { asar, program } = placesOf(folder, process.platform);
  const file = process.platform === 'darwin' ? path.join(program, 'Contents', 'MacOS', 'Order Console') : program;
  return { flavour, folder, asar, program: file };
}

export interface Started {
  readonly child: ChildProcess;
  readonly home: string;
  readonly dataFolder: string;
  /** What it wrote to its standard output and error so far, and to its output alone. */
  words(): string;
  output(): string;
  /** Fulfilled when its words fit; rejects when it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends it, by force if need be, and removes its folders. */
  end(): Promise<void>;
}

/** Starts a packed program in a home of its own, without a keyring. */
export function start(app: PackedApp, args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const home = mkdtempSync(path.join(tmpdir(), 'packed-'));
  const dataFolder = path.join(home, 'data');
  const child = spawn(app.program, [...args], {
    cwd: home,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HOME: home,
      XDG_CONFIG_HOME: path.join(home, 'config'),
      XDG_CACHE_HOME: path.join(home, 'cache'),
      TMPDIR: home,
      LANG: 'C.UTF-8',
      LANGUAGE: 'en_GB',
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
      ORDER_CONSOLE_DATA: dataFolder,
      // Chromium refuses its sandbox to root.
      ...(process.getuid?.() === 0 ? { ELECTRON_DISABLE_SANDBOX: '1' } : {}),
      ...env,
    },
  });
  let words = '';
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (words += part.toString()));
  const ended = once(child, 'exit');
  return {
    child,
    home,
    dataFolder,
    words: () => words,
    output: () => output,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(words);
          if (found !== null) resolve(found);
        };
        for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
        child.once('exit', (code) =>
          reject(new Error(`it ended with ${String(code)} and never said ${String(pattern)}:\n${words}`)),
        );
        look();
      }),
    async end() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await ended;
      }
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The inspector of a started test flavour's main process. */
export async function inspect(started: Started): Promise<Inspector> {
  const [, address = ''] = await started.says(/Debugger listening on (ws:\S+)/u);
  return Inspector.open(address);
}
