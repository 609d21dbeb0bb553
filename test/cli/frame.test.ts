import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { appError } from '../../src/contract/errors.ts';
import { NOT_SENT_REASONS } from '../../src/contract/outcome.ts';
import { EXIT, exitOfCounts, Interrupted } from '../../src/cli/exit.ts';
import { runCommandLine, surviveClosedPipes, type CommandBody } from '../../src/cli/frame.ts';
import { watchInterrupts } from '../../src/cli/interrupts.ts';
import { chooseLanguage } from '../../src/cli/language.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  argv: readonly string[],
  bodies: Record<string, CommandBody> = {},
  lang = 'en_US.UTF-8',
): Promise<Ran> {
  let out = '';
  let err = '';
  const world = {
    stdin: new PassThrough(),
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    env: { LANG: lang },
    version: '1.2.3',
  };
  const code = await runCommandLine(argv, world, bodies);
  return { code, out, err };
}

const failing =
  (error: Error): CommandBody =>
  () =>
    Promise.reject(error);

describe('a command line', () => {
  it('runs the body of its command and keeps its exit code', async () => {
    const body: CommandBody = async ({ invocation, terminal }) => {
      terminal.line(`order ${invocation.arg('ORDER')}`);
      return EXIT.SOME_UNKNOWN;
    };
    expect(await run(['jobs', 'find', '42'], { 'jobs find': body })).toEqual({ code: 4, out: 'order 42\n', err: '' });
  });

  it('hands the language and --json on', async () => {
    const body: CommandBody = async ({ terminal }) => {
      terminal.object({ language: terminal.language });
      return EXIT.OK;
    };
    expect((await run(['demo', '--json'], { demo: body }, 'zh_CN.UTF-8')).out).toBe('{"language":"zh-CN"}\n');
    expect((await run(['demo', '--json', '--lang', 'en'], { demo: body }, 'zh_CN.UTF-8')).out).toBe(
      '{"language":"en"}\n',
    );
  });

  it('shows help and the version on stdout, and help for nothing at all on stderr with code 2', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' });
    expect(await run(['--version', '--json'])).toEqual({ code: 0, out: '{"version":"1.2.3"}\n', err: '' });
    const help = await run(['--help']);
    expect([help.code, help.err]).toEqual([0, '']);
    expect(help.out).toContain('Usage: npm run cli --');
    const nothing = await run([]);
    expect(nothing).toEqual({ code: 2, out: '', err: help.out });
    expect((await run(['demo', '-h'])).out).toContain('Usage: npm run cli -- demo');
  });

  it('tells of bad usage in the right language with code 2', async () => {
    const en = await run(['demo', '--sede', '1']);
    expect(en).toEqual({
      code: 2,
      out: '',
      err: 'demo has no option --sede. Did you mean --seed?\nSee the usage: npm run cli -- demo --help\n',
    });
    expect((await run(['demo', '--sede', '1', '--lang', 'zh'])).err).toContain('您是想用 --seed 吗？');
  });

  it('tells of an error with its cure; as an object, too, with --json', async () => {
    const error = appError('JOB_NOT_FOUND', { zh: '没有任务', en: 'No \u001B job' }, { zh: '请查看', en: 'Look' });
    expect(await run(['demo'], { demo: failing(error) })).toEqual({ code: 1, out: '', err: 'No \u{FFFD} job\nLook\n' });
    const json = await run(['demo', '--json'], { demo: failing(error) }, 'zh_CN');
    expect(JSON.parse(json.out)).toEqual({
      event: 'error',
      code: 'JOB_NOT_FOUND',
      message: '没有任务',
      remedy: '请查看',
    });
    expect(json.err).toBe('没有任务\n请查看\n');
  });

  it('ends with 130 when the person stopped a question', async () => {
    expect(await run(['demo'], { demo: failing(new Interrupted()) })).toEqual({
      code: 130,
      out: '',
      err: 'Interrupted.\n',
    });
  });

  it('tells of a mistake of ours by its kind and place, never by its own words', async () => {
    const ran = await run(['demo'], { demo: failing(new TypeError('pLanted\n  5ecret')) });
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('The program failed inside (TypeError).');
    expect(ran.err).toMatch(/\n\s+at .*frame\.test\.ts/u);
    expect(ran.err).not.toMatch(/pLanted|5ecret/u);
    const odd: CommandBody = () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- a library may throw anything
      throw 'pLanted';
    };
    expect((await run(['demo'], { demo: odd })).err).toContain('(string)');
    expect((await run(['demo'])).code).toBe(1);
  });
});

describe('the exit code of a job', () => {
  const counts = { unknown: 0, sending: 0, failed: 0, byReason: {} };
  it('puts doubt before failure before success', () => {
    expect(exitOfCounts(counts)).toBe(0);
    expect(exitOfCounts({ ...counts, failed: 1 })).toBe(3);
    expect(exitOfCounts({ ...counts, failed: 1, unknown: 1 })).toBe(4);
    expect(exitOfCounts({ ...counts, sending: 1 })).toBe(4);
  });

  it('counts what was kept from being sent as failed, and what was wished as well', () => {
    const of = (reason: string): number => exitOfCounts({ ...counts, byReason: { [reason]: 1 } });
    expect(NOT_SENT_REASONS.filter((reason) => of(reason) === 3)).toEqual([
      'set_aside',
      'changed_since_preview',
      'state_forbids',
      'unreadable',
      'too_late',
      'in_doubt_elsewhere',
      'rejected',
    ]);
    expect(NOT_SENT_REASONS.filter((reason) => of(reason) === 0)).toEqual([
      'pending',
      'nothing_to_do',
      'cancelled',
      'not_reached',
    ]);
  });
});

describe('the language', () => {
  it.each([
    ['zh', {}, 'en-US', 'zh-CN'],
    ['zh-CN', { LANG: 'en_US' }, 'en-US', 'zh-CN'],
    ['en', { LANG: 'zh_CN' }, 'zh-CN', 'en'],
    [undefined, { LANG: 'zh_CN.UTF-8' }, 'en-US', 'zh-CN'],
    [undefined, { LANG: 'zh_CN.UTF-8', LC_ALL: 'en_GB.UTF-8' }, 'zh-CN', 'en'],
    [undefined, { LC_MESSAGES: 'zh_TW', LANG: 'de_DE' }, 'en-US', 'zh-CN'],
    [undefined, { LC_ALL: '', LANG: 'C.UTF-8' }, 'zh-CN', 'en'],
    [undefined, {}, 'zh-Hans-CN', 'zh-CN'],
    [undefined, {}, 'zha', 'en'],
  ])('%s, %j, %s: %s', (wish, env, system, expected) => {
    expect(chooseLanguage(wish, env, system)).toBe(expected);
  });
});

describe('interrupts', () => {
  it('count one that is delivered several times once, and later ones again', () => {
    const source = new EventEmitter();
    let now = 1000;
    const told: string[] = [];
    const stop = watchInterrupts(
      { first: () => told.push('first'), second: () => told.push('second') },
      source,
      () => now,
    );
    source.emit('SIGINT');
    now += 249;
    source.emit('SIGINT');
    expect(told).toEqual(['first']);
    now += 1;
    source.emit('SIGINT');
    expect(told).toEqual(['first', 'second']);
    now += 1000;
    source.emit('SIGTERM');
    expect(told).toEqual(['first', 'second', 'second']);
    stop();
    expect(source.eventNames()).toEqual([]);
  });
});

describe('a reader that goes away', () => {
  it('ends nothing; other failures of the output are not hidden', () => {
    const output = new PassThrough();
    surviveClosedPipes(output);
    const failure = (code: string): Error => Object.assign(new Error(code), { code });
    expect(() => output.emit('error', failure('EPIPE'))).not.toThrow();
    expect(() => output.emit('error', failure('EIO'))).toThrow('EIO');
  });
});
