import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appError } from '../../../src/contract/errors.ts';
import type { Log, LogLevel } from '../../../src/main/gateway/log.ts';
import { createLog, fileSink } from '../../../src/main/gateway/log.ts';
import { createRedactor } from '../../../src/main/gateway/redact.ts';
import { later } from './support.ts';

function logging(level?: LogLevel): { log: Log; lines: string[]; last: () => Record<string, unknown> } {
  const lines: string[] = [];
  const redactor = createRedactor();
  redactor.add('top-secret-1');
  redactor.add('987654321');
  const log = createLog({
    write: (line) => lines.push(line),
    redactor,
    now: () => 1_700_000_000_000,
    ...(level === undefined ? {} : { level }),
  });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

describe('a log line', () => {
  it('is one line of JSON with time, level, event and fields', () => {
    const { log, lines } = logging();
    log.info('call', {
      status: 200,
      ok: true,
      none: null,
      at: new Date(0),
      bad: new Date(NaN),
      list: [1, 'a', undefined],
      deep: { x: 1n },
    });
    expect(lines).toEqual([
      '{"time":"2023-11-14T22:13:20.000Z","level":"info","event":"call","status":200,"ok":true,"none":null,"at":"1970-01-01T00:00:00.000Z","bad":null,"list":[1,"a",null],"deep":{"x":"1"}}\n',
    ]);
    log.warn('a\nb');
    expect(lines[1]).toBe('{"time":"2023-11-14T22:13:20.000Z","level":"warn","event":"a\\nb"}\n');
  });

  it('is written from the level on that was asked for, info by default', () => {
    for (const [level, written] of [
      [undefined, ['info', 'warn', 'error']],
      ['debug', ['debug', 'info', 'warn', 'error']],
      ['warn', ['warn', 'error']],
      ['error', ['error']],
    ] as const) {
      const { log, lines } = logging(level);
      log.debug('e');
      log.info('e');
      log.warn('e');
      log.error('e');
      expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(written);
    }
  });

  it('hides secrets and phones in texts, numbers, keys, the event and errors', () => {
    const { log, lines, last } = logging();
    const cause = new Error('https://x.test/?key=top-secret-1');
    const error = appError(
      'CONNECT_FAILED',
      { zh: '坏', en: 'bad 13812345678' },
      { zh: '', en: '' },
      { data: { host: 'h' }, cause },
    );
    log.error('failed top-secret-1', {
      text: 'a top-secret-1 b 13812345678',
      number: 987654321,
      phone: 13812345678,
      big: 987654321n,
      'top-secret-1': 1,
      nested: { list: [{ key: 'dG9wLXNlY3JldC0x' }] },
      error,
    });
    expect(lines[0]).not.toMatch(/top-secret|987654321|13812345678|dG9wLXNlY3JldC0/);
    expect(last()).toMatchObject({
      event: 'failed •••',
      text: 'a ••• b •••',
      number: '•••',
      phone: '•••',
      big: '•••',
      '•••': 1,
      nested: { list: [{ key: '•••' }] },
      error: {
        name: 'AppError',
        code: 'CONNECT_FAILED',
        message: 'bad •••',
        data: { host: 'h' },
        cause: { name: 'Error', message: 'https://x.test/?key=•••' },
      },
    });
    expect((last()['error'] as { stack?: string }).stack).toBeUndefined();
    expect((last()['error'] as { cause: { stack: string } }).cause.stack).toContain('log.test.ts');
  });

  it('keeps numbers that are no secret as numbers', () => {
    const { log, last } = logging();
    log.info('e', { ms: 1_700_000_000_000, half: 0.5, big: 12345678901234567890n, nan: NaN });
    expect(last()).toMatchObject({ ms: 1_700_000_000_000, half: 0.5, big: '12345678901234567890', nan: null });
  });

  it('shows no bytes, bounds length and depth, and leaves functions out', () => {
    const { log, last } = logging();
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    log.info('e', {
      bytes: Buffer.from('top-secret-1'),
      long: 'x'.repeat(9_000),
      many: Array.from({ length: 200 }, (_, number) => number),
      loop,
      call: () => 1,
    });
    const line = last();
    expect(line['bytes']).toBe('<12 bytes>');
    expect(line['long']).toBe(`${'x'.repeat(8_192)}…`);
    expect((line['many'] as number[]).length).toBe(100);
    expect(line['loop']).toEqual({ self: { self: { self: { self: { self: '…' } } } } });
    expect('call' in line).toBe(false);
  });

  it('does not cut a secret in two', () => {
    const { log, lines } = logging();
    log.info('e', { text: `${'x'.repeat(8_186)}top-secret-1` });
    expect(lines[0]?.slice(-12)).toBe('xxxxxx•••"}\n');
  });

  it('never throws', () => {
    const redactor = createRedactor();
    const log = createLog({
      write: () => {
        throw new Error('disk full');
      },
      redactor,
    });
    expect(() => log.error('e')).not.toThrow();
    const { log: other, lines } = logging();
    other.info('e', {
      get bad(): string {
        throw new Error('getter');
      },
    });
    expect(lines).toEqual([]);
  });
});

describe('the log file', () => {
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'console-log-'));
    later(() => rmSync(path, { recursive: true, force: true }));
    return path;
  };

  it('is turned over before it grows too large, the oldest deleted', () => {
    const path = join(folder(), 'logs', 'console.log');
    const write = fileSink(path, 10, 2);
    for (const line of ['aaaa\n', 'bbbb\n', 'cccc\n', 'dddd\n', 'eeee\n', 'ffff\n', 'gggg\n']) write(line);
    expect(readdirSync(join(path, '..')).sort()).toEqual(['console.log', 'console.log.1', 'console.log.2']);
    expect(readFileSync(path, 'utf8')).toBe('gggg\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('eeee\nffff\n');
    expect(readFileSync(`${path}.2`, 'utf8')).toBe('cccc\ndddd\n');
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('goes on with what is there, counts bytes, and takes a line longer than the limit', () => {
    const path = join(folder(), 'console.log');
    writeFileSync(path, '12345678');
    const write = fileSink(path, 10, 1);
    write('中\n');
    expect(readFileSync(path, 'utf8')).toBe('中\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('12345678');
    write('a line that is longer\n');
    expect(readFileSync(path, 'utf8')).toBe('a line that is longer\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('中\n');
  });

  it('keeps no old one when none is wanted', () => {
    const path = join(folder(), 'console.log');
    const write = fileSink(path, 4, 0);
    write('aaa\n');
    write('bbb\n');
    expect(readFileSync(path, 'utf8')).toBe('bbb\n');
    expect(readdirSync(join(path, '..'))).toEqual(['console.log']);
  });
});
