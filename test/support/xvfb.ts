import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface Display {
  /** For the environment variable DISPLAY. */
  readonly name: string;
  stop(): void;
}

const START_MS = 20_000;
/** The server ends with this shell, and the shell with its input: neither outlives who started them. */
const SCRIPT =
  'Xvfb -displayfd 3 -screen 0 "$1" -nolisten tcp >/dev/null 2>&1 & server=$!; cat >/dev/null; kill $server';

/** Starts an X server without a screen on a free display. Rejects in one line where Xvfb can't start. */
export async function startXvfb(screen = '3840x2160x24'): Promise<Display> {
  const child = spawn('sh', ['-c', SCRIPT, 'sh', screen], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const stop = (): void => void child.stdin?.destroy();
  const numbers = child.stdio[3] as Readable;
  let timer: NodeJS.Timeout | undefined;
  try {
    const number = await new Promise<string>((resolve, reject) => {
      let text = '';
      numbers.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (text.includes('\n')) resolve(text.trim());
      });
      numbers.on('close', () => reject(new Error('Xvfb did not start; Debian has it as the package xvfb')));
      child.on('error', reject);
      timer = setTimeout(() => reject(new Error(`Xvfb did not start within ${START_MS / 1000} s`)), START_MS);
    });
    child.unref();
    return { name: `:${number}`, stop };
  } catch (error) {
    stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A display for this process and its children: the one there is, or a new one. Only Linux needs one. */
export async function ensureDisplay(): Promise<Display> {
  const there = process.platform === 'linux' ? process.env['DISPLAY'] : "the system's";
  if (there !== undefined && there !== '') return { name: there, stop: () => undefined };
  const display = await startXvfb();
  process.env['DISPLAY'] = display.name;
  return display;
}
