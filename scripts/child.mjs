import { spawn } from 'node:child_process';
import os from 'node:os';
import { SetupError } from './say.mjs';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Whether a signal that reached this process must be handed on. A terminal gives Ctrl-C to every process of its
 * foreground group, so the child has it already; and on Windows `kill` would end the child instead of telling it.
 */
export function mustForward(signal, { platform = process.platform, terminal = hasTerminal() } = {}) {
  if (platform === 'win32') return false;
  return signal !== 'SIGINT' || !terminal;
}

function hasTerminal() {
  return Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY);
}

/**
 * Runs a program with this process's terminal and resolves with its exit code (128 + number when a signal ended it).
 * This process outlives Ctrl-C: what it means is the child's to decide.
 * @param {string} file @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<number>}
 */
export function runChild(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit', ...options });
    const handlers = FORWARDED.map((signal) => {
      const handler = () => void (mustForward(signal) && child.kill(signal));
      process.on(signal, handler);
      return () => process.off(signal, handler);
    });
    const settle = (end) => {
      for (const off of handlers) off();
      end();
    };
    child.once('error', (error) =>
      settle(() =>
        reject(new SetupError(`could not start ${file}: ${error.message}. Check that the file exists and may be run.`)),
      ),
    );
    child.once('close', (code, signal) => settle(() => resolve(exitCodeOf(code, signal))));
  });
}

/** The exit code that a shell would show for this ending. */
export function exitCodeOf(code, signal) {
  if (code !== null) return code;
  return 128 + (os.constants.signals[signal] ?? 0);
}
