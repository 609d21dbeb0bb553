import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import type { Redactor } from './redact.ts';
import { redactPhones } from './redact.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFields = Readonly<Record<string, unknown>>;

/** One JSON line an event. Secrets and customers' phones are hidden by the logger, by value, whatever is handed to it. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export interface LogOptions {
  /** Takes one line, its line end included. */
  readonly write: (line: string) => void;
  readonly redactor: Redactor;
  /** The machine's clock, milliseconds. */
  readonly now?: () => number;
  /** The lowest level that is written; `info` by default. */
  readonly level?: LogLevel;
}

const DEPTH = 6;
const STRING_MAX = 8_192;
const LIST_MAX = 100;

/** Cut after hiding: a secret cut in two would no longer be found. */
function cut(text: string): string {
  return text.length > STRING_MAX ? `${text.slice(0, STRING_MAX)}…` : text;
}

/** A value as plain JSON, its texts and numbers passed through `hide`; bytes are counted, never shown. */
function plain(value: unknown, hide: (text: string) => string, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return cut(hide(value));
    case 'number':
    case 'bigint': {
      const text = String(value);
      const hidden = hide(text);
      return hidden === text && typeof value === 'number' ? value : hidden;
    }
    case 'boolean':
      return value;
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value === null) return null;
  if (depth >= DEPTH) return '…';
  if (ArrayBuffer.isView(value)) return `<${value.byteLength.toString()} bytes>`;
  if (value instanceof Error) return plain(errorFields(value), hide, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value))
    return value.slice(0, LIST_MAX).map((item: unknown) => plain(item, hide, depth + 1) ?? null);
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) out[hide(key)] = plain(item, hide, depth + 1);
  return out;
}

function errorFields(error: Error): Record<string, unknown> {
  const code = 'code' in error ? error.code : undefined;
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    message: error.message,
    ...(error instanceof AppError ? { data: error.data } : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: error.cause }),
  };
}

/** A log that writes JSON lines: `time` (ISO 8601), `level`, `event`, then the fields. It never throws. */
export function createLog(options: LogOptions): Log {
  const { write, redactor } = options;
  const now = options.now ?? Date.now;
  const lowest = LOG_LEVELS.indexOf(options.level ?? 'info');
  const hide = (text: string): string => redactPhones(redactor.redact(text));
  const at =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}): void => {
      if (LOG_LEVELS.indexOf(level) < lowest) return;
      try {
        const shown = plain(fields, hide, 0) as Record<string, unknown>;
        write(`${JSON.stringify({ time: new Date(now()).toISOString(), level, event: hide(event), ...shown })}\n`);
      } catch {
        // A log that fails must not stop the work that it tells of.
      }
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/**
 * Writes lines to a file. Beyond `maxBytes` the file becomes `<path>.1`, that `<path>.2`, and so on; the oldest of `keep` old ones is deleted.
 * Synchronous, so that the last lines before a crash are there; readable by the owner alone.
 */
export function fileSink(path: string, maxBytes: number, keep: number): (line: string) => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let size = existsSync(path) ? statSync(path).size : 0;
  const rotate = (): void => {
    rmSync(keep > 0 ? `${path}.${keep.toString()}` : path, { force: true });
    for (let number = keep - 1; number >= 0; number--) {
      const from = number === 0 ? path : `${path}.${number.toString()}`;
      if (existsSync(from)) renameSync(from, `${path}.${(number + 1).toString()}`);
    }
    size = 0;
  };
  return (line) => {
    const bytes = Buffer.from(line, 'utf8');
    if (size > 0 && size + bytes.length > maxBytes) rotate();
    appendFileSync(path, bytes, { mode: 0o600 });
    size += bytes.length;
  };
}
