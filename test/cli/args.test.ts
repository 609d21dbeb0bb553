import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/contract/errors.ts';
import { languageWish, parse, type Invocation } from '../../src/cli/args.ts';
import { COMMANDS, GLOBAL_OPTIONS } from '../../src/cli/commands.ts';
import { distance, nearest } from '../../src/cli/nearest.ts';
import { commandUsage, usage } from '../../src/cli/usage.ts';

function run(...argv: string[]): Invocation {
  const parsed = parse(argv);
  if (parsed.kind !== 'run') throw new Error(`parsed as ${parsed.kind}`);
  return parsed.invocation;
}

/** The words of the refusal, both languages in one text. */
function refusal(...argv: string[]): string {
  try {
    parse(argv);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toBe('USAGE');
    const { message, remedy } = (error as AppError).text;
    return [message.en, remedy.en, message.zh, remedy.zh].join('\n');
  }
  throw new Error('not refused');
}

describe('the command line', () => {
  it('names a command, its arguments and options, in any order', () => {
    const one = run(
      '--json',
      'update',
      'shop',
      'note',
      '--first',
      '10',
      'a.csv',
      '--set',
      'tag=2',
      '--set=note=a=b',
      '-y',
    );
    expect(one.command.name).toBe('update');
    expect(['ACCOUNT', 'OPERATION', 'FILE'].map((name) => one.arg(name))).toEqual(['shop', 'note', 'a.csv']);
    expect(one.number('first')).toBe(10);
    expect(one.pairs('set')).toEqual({ tag: '2', note: 'a=b' });
    expect(one.flag('yes')).toBe(true);
    expect(one.flag('json')).toBe(true);
    expect(one.flag('dry-run')).toBe(false);
    expect(one.text('out')).toBeUndefined();
    expect(one.list('host')).toEqual([]);
  });

  it('takes a number behind --yes for the rows where the command has no other use for it', () => {
    const yes = (...argv: string[]): readonly [string, string | undefined] => {
      const one = run('jobs', 'resume', ...argv);
      return [one.arg('JOB'), one.text('yes')];
    };
    expect(yes('7', '--yes', '250')).toEqual(['7', '250']);
    expect(yes('--yes', '250', '7')).toEqual(['7', '250']);
    expect(yes('7', '-y', '250')).toEqual(['7', '250']);
    expect(yes('7', '--yes=250')).toEqual(['7', '250']);
    // Here it is the job's.
    expect(yes('--yes', '7')).toEqual(['7', '']);
    expect(yes('7', '--yes')).toEqual(['7', '']);
    expect(yes('7')).toEqual(['7', undefined]);
    expect(refusal('jobs', 'resume', '7', '--yes=many')).toContain('--yes takes a number of rows alone.');
    expect(refusal('jobs', 'cancel', '7', '--yes', '250')).toContain('at most 1');
  });

  it('reads field=value arguments, values with = and empty ones too', () => {
    const one = run('lookup', 'shop', 'orders', 'from=2026-01-01 00:00:00', 'q=a=b', 'empty=');
    expect(one.argPairs()).toEqual({ from: '2026-01-01 00:00:00', q: 'a=b', empty: '' });
    expect(run('lookup', 'shop', 'orders').argPairs()).toEqual({});
    expect(run('jobs', 'list').argPairs()).toEqual({});
  });

  it('takes - as a file, and what stands after -- as arguments', () => {
    expect(run('update', 'shop', 'note', '-').arg('FILE')).toBe('-');
    expect(run('update', 'shop', 'note', '--', '--odd.csv').arg('FILE')).toBe('--odd.csv');
  });

  it('keeps every value of a list', () => {
    expect(run('accounts', 'add', '--host', 'a.example', '--host', 'b.example').list('host')).toEqual([
      'a.example',
      'b.example',
    ]);
  });

  it('asks for help or the version', () => {
    expect(parse([])).toEqual({ kind: 'help', command: null });
    expect(parse(['-h'])).toEqual({ kind: 'help', command: null });
    expect(parse(['accounts', '--help'])).toEqual({ kind: 'help', command: null });
    expect(parse(['jobs', 'show', '--help'])).toMatchObject({ kind: 'help', command: { name: 'jobs show' } });
    expect(parse(['--version'])).toEqual({ kind: 'version' });
  });

  it('finds the wished language before anything is checked', () => {
    expect(languageWish(['nonsense', '--lang', 'zh'])).toBe('zh');
    expect(languageWish(['--lang=en', '--nonsense'])).toBe('en');
    expect(languageWish(['demo'])).toBeUndefined();
  });
});

describe('what is refused names the cure', () => {
  it.each([
    [['jbos', 'list'], 'There is no command jbos. Did you mean jobs?'],
    [['nonsense'], 'There is no command nonsense.\n'],
    [
      ['jobs'],
      'jobs needs one of: list, show, look, pause, resume, cancel, retry, verify, undo, decide, follow-up, export, find.\n',
    ],
    [['jobs', 'resmue', '3'], 'Did you mean resume?'],
    [['update', 'a', 'b', 'c', '--dryrun'], 'update has no option --dryrun. Did you mean --dry-run?'],
    [['jobs', 'list', '--zzz'], 'jobs list has no option --zzz.\n'],
    [['--jsn'], 'There is no option --jsn. Did you mean --json?'],
    [['jobs', 'list', '--first', '3'], 'jobs list has no option --first.'],
    [['jobs', 'show'], "jobs show needs JOB: the job's number"],
    [['jobs', 'show', ''], 'jobs show needs JOB'],
    [['jobs', 'list', 'x', 'y'], 'jobs list takes at most 0 arguments, and 2 were given.'],
    [['jobs', 'list', '--most'], '--most needs a value.'],
    [['jobs', 'list', '--most', '--json'], '--most needs a value.'],
    [['jobs', 'list', '--most='], '--most needs a value.'],
    [['jobs', 'list', '--most', '0'], '--most needs a whole number above 0.'],
    [['jobs', 'list', '--most', '1.5'], '--most needs a whole number above 0.'],
    [['jobs', 'list', '--most', '1', '--most', '2'], '--most may be given once only.'],
    [['accounts', 'add', '--per-second', '0'], '--per-second needs a number above 0.'],
    [['accounts', 'add', '--vendor', 'x'], '--vendor must be one of: polyv, pdd, vending, suning.'],
    [['accounts', 'add', '--environment', 'twin'], '--environment must be one of: live, test.'],
    [['jobs', 'list', '--json=yes'], '--json takes no value.'],
    [['lookup', 'a', 'b', 'nopair'], 'FIELD=VALUE must be written as field=value.'],
    [['lookup', 'a', 'b', '=x'], 'FIELD=VALUE must be written as field=value.'],
    [['lookup', 'a', 'b', 'x=1', 'x=2'], 'The field x is given twice.'],
    [['update', 'a', 'b', 'c', '--set', 'x'], '--set must be written as field=value.'],
  ])('%j', (argv, says) => {
    expect(refusal(...argv)).toContain(says);
  });

  it('takes the bounds', () => {
    expect(run('jobs', 'list', '--most', '999999999').number('most')).toBe(999_999_999);
    expect(refusal('jobs', 'list', '--most', '1000000000')).toContain('--most needs a whole number');
    expect(run('accounts', 'add', '--per-second', '0.5').number('per-second')).toBe(0.5);
  });
});

describe('a secret on the command line', () => {
  const secret = 'pLanted-5ecret';
  it.each([
    ['--app-secret', secret],
    [`--appSecret=${secret}`, ''],
    ['--sign-key', secret],
    ['--access_token', secret],
    ['--password', secret],
    ['--plain', `appSecret=${secret}`],
    ['--setting', `access-token=${secret}`],
  ])('is refused as %s, with why and how, and not repeated', (option, value) => {
    const words = refusal('accounts', 'add', ...(value === '' ? [option] : [option, value]));
    expect(words).toContain('A secret may not stand on the command line');
    expect(words).toContain('密钥不能写在命令行上');
    expect(words).toContain('--secrets-stdin');
    expect(words).not.toContain(secret);
  });

  it('in any wrong place is not repeated', () => {
    for (const argv of [
      ['accounts', 'add', secret],
      ['accounts', 'add', '--vendor', secret],
      ['accounts', 'add', '--per-second', secret],
      ['accounts', 'add', '--plain', secret],
      ['accounts', 'add', `--secrets-stdin=${secret}`],
      ['accounts', 'add', `--unknown=${secret}`],
      ['lookup', 'a', 'b', secret],
      ['lookup', 'a', 'b', `appSecret=${secret}`],
    ]) {
      expect(refusal(...argv)).not.toContain(secret);
    }
  });

  it('leaves app keys and the like alone', () => {
    expect(run('accounts', 'add', '--plain', 'appKey=abc', '--secrets-stdin').pairs('plain')).toEqual({
      appKey: 'abc',
    });
  });
});

describe('the table of commands', () => {
  it('gives one name one meaning, so that an option is read alike before and after the command', () => {
    const kinds = new Map<string, string>();
    for (const spec of [...GLOBAL_OPTIONS, ...COMMANDS.flatMap(({ options }) => options)]) {
      const meaning = `${spec.kind} ${spec.short ?? ''}`;
      expect(kinds.get(spec.name) ?? meaning, spec.name).toBe(meaning);
      kinds.set(spec.name, meaning);
    }
  });

  it('speaks both languages in every line', () => {
    for (const { about, args, options } of COMMANDS) {
      for (const { zh, en } of [about, ...args.map((one) => one.help), ...options.map((one) => one.help)]) {
        expect(zh).toMatch(/\p{Script=Han}/u);
        expect(en).toMatch(/^[\x20-\x7E]+$/u);
      }
    }
  });

  it('is shown whole by the usage', () => {
    for (const language of ['zh-CN', 'en'] as const) {
      const all = usage(language).join('\n');
      for (const command of COMMANDS) {
        expect(all).toContain(`  ${command.name} `);
        const own = commandUsage(command, language).join('\n');
        for (const { name } of [...command.options, ...GLOBAL_OPTIONS]) expect(own).toContain(`--${name}`);
      }
    }
    const [first] = commandUsage(COMMANDS.find((one) => one.name === 'lookup') ?? COMMANDS[0]!, 'en');
    expect(first).toBe('Usage: npm run cli -- lookup ACCOUNT OPERATION [FIELD=VALUE ...] [options]');
  });
});

describe('the nearest word', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['abc', 'abd', 1],
    ['abc', 'acb', 1],
    ['kitten', 'sitting', 3],
    ['ab', 'abcd', 2],
  ])('%s to %s is %i', (a, b, far) => {
    expect(distance(a, b)).toBe(far);
    expect(distance(b, a)).toBe(far);
  });

  it('is close, or the only one that begins so, or none', () => {
    expect(nearest('verfy', ['verify', 'retry'])).toBe('verify');
    expect(nearest('exp', ['export', 'find'])).toBe('export');
    expect(nearest('re', ['resume', 'retry'])).toBeUndefined();
    expect(nearest('DEMO', ['demo'])).toBe('demo');
    expect(nearest('xyz', ['export', 'find'])).toBeUndefined();
  });
});
