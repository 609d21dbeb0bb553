import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What a main process was started with, and what it may ask of the process around it. */
export interface Runtime {
  /** As Electron has it: the program, its switches, the app's folder, the app's arguments. */
  readonly argv: readonly string[];
  readonly appFolder: string;
  readonly manifest: Manifest;
  /** A driver (Playwright) looks on: nothing waits for a person. */
  readonly driven: boolean;
}

export interface Manifest {
  readonly name: string;
  readonly productName?: string;
  readonly version: string;
  readonly main: string;
  readonly type?: string;
}

/** The text after `--name=`; '' for a bare switch, null when it is not there. */
export function switchValue(argv: readonly string[], name: string): string | null {
  const found = argv.findLast((argument) => argument === `--${name}` || argument.startsWith(`--${name}=`));
  return found === undefined ? null : found.slice(name.length + 3);
}

/** Reads the command line and the app's package.json. Throws in one line when there is no app. */
export function readCommandLine(argv: readonly string[]): Runtime {
  const folder = argv.slice(1).find((argument) => !argument.startsWith('-'));
  if (folder === undefined) throw new Error('no app folder is named');
  const appFolder = path.resolve(folder);
  let text: string;
  try {
    text = readFileSync(path.join(appFolder, 'package.json'), 'utf8');
  } catch {
    throw new Error(`there is no app in ${appFolder}: its package.json can't be read`);
  }
  const { name = 'app', version = '0.0.0', main = 'index.js', ...rest } = JSON.parse(text) as Partial<Manifest>;
  return {
    argv,
    appFolder,
    manifest: { ...rest, name, version, main },
    driven: switchValue(argv, 'remote-debugging-port') !== null,
  };
}

let current: Runtime | null = null;

export function setRuntime(runtime: Runtime): void {
  current = runtime;
}

/** The runtime of this process; set before the app's main is loaded. */
export function runtime(): Runtime {
  if (current === null) throw new Error('the stand-in has not started');
  return current;
}

/** Says something about the stand-in itself, for whoever reads main's log. */
export function note(text: string): void {
  process.stderr.write(`stand-in: ${text}\n`);
}

export function ensureFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}
