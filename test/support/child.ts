import { fork, spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a process ended, and all that it wrote. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** A process started from a file of this folder. */
export interface Child<M> {
  readonly process: ChildProcess;
  readonly messages: readonly M[];
  /** Resolves when it has ended and its output has been read whole. */
  readonly ended: Promise<ChildEnd>;
  /** Sends SIGKILL and waits for the end. */
  kill(): Promise<ChildEnd>;
}

const MOST_MS = 60_000;
const FLAGS = ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];

/** Nothing of the test runner's own environment: no proxy, no display, no session bus. */
function bareEnvironment(): Record<string, string> {
  return { PATH: '', HOME: '', ...passedOn(['PATH', 'HOME', 'TMPDIR', 'NODE_COMPILE_CACHE']) };
}

/** Those of this process's environment variables that are set, by name. */
export function passedOn(names: readonly string[]): Record<string, string> {
  const set = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(set);
}

/** Collects what a process writes; it is killed after a minute. */
function endOf(child: ChildProcess): Promise<ChildEnd> {
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  const patience = setTimeout(() => child.kill('SIGKILL'), MOST_MS);
  return new Promise<ChildEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(patience);
      resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) });
    });
  });
}

/** Starts `test/support/<file>` on this Node and hands it one message. */
export function startChild<M>(file: string, message: object): Child<M> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    execArgv: FLAGS,
    env: bareEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const messages: M[] = [];
  child.on('message', (one) => messages.push(one as M));
  const ended = endOf(child);
  // A child that has died already ends the message; how it died is told by `ended`.
  child.send(message, () => undefined);
  return {
    process: child,
    messages,
    ended,
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

/** Runs a command of the terminal program from its source, with `input` on stdin. */
export function runCli(args: readonly string[], input = ''): Promise<ChildEnd> {
  const program = fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url));
  const child = spawn(process.execPath, [...FLAGS, program, ...args], {
    env: { ...bareEnvironment(), LANG: 'en_US.UTF-8' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return endOf(child);
}
