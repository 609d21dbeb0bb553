import { fork, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
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

/** Starts `test/support/<file>` on this Node and hands it one message. It is killed after a minute. */
export function startChild<M>(file: string, message: object): Child<M> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  // Nothing of the test runner's own environment and arguments: the child is a plain Node on the sources.
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
  const child = fork(path, [], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'],
    env: { PATH, HOME, ...(TMPDIR === '' ? {} : { TMPDIR }) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const messages: M[] = [];
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.on('message', (one) => messages.push(one as M));
  const ended = new Promise<ChildEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) });
    });
  });
  const patience = new AbortController();
  void wait(MOST_MS, undefined, { signal: patience.signal, ref: false }).then(
    () => child.kill('SIGKILL'),
    () => undefined,
  );
  void ended.catch(() => undefined).then(() => patience.abort());
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
