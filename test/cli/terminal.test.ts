import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf, durationText, ProgressBar, type ProgressView } from '../../src/cli/progress.ts';
import { harmless, shortened, Terminal, wantsColor, widthOf } from '../../src/cli/terminal.ts';

class Screen {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  constructor(isTTY = false, columns?: number) {
    this.isTTY = isTTY;
    this.columns = columns;
  }
  write(text: string): boolean {
    this.text += text;
    return true;
  }
  /** What a person would see: cursor-up and clear-line are carried out, colours dropped. */
  seen(): string {
    const rows = [''];
    const plain = this.text.replaceAll(/\u001B\[\d+m/gu, '');
    for (const part of plain.split(/(\u001B\[1A\u001B\[2K|\n)/u)) {
      if (part === '\n') rows.push('');
      else if (part.startsWith('\u001B')) {
        rows.pop();
        rows[rows.length - 1] = '';
      } else rows.push(`${rows.pop() ?? ''}${part}`);
    }
    return rows.join('\n');
  }
}

function terminal(
  options: {
    tty?: boolean;
    columns?: number;
    json?: boolean;
    language?: 'en' | 'zh-CN';
    env?: Record<string, string>;
  } = {},
): {
  out: Screen;
  err: Screen;
  it: Terminal;
} {
  const out = new Screen(options.tty, options.columns);
  const err = new Screen(options.tty, options.columns);
  const { language = 'en', json = false, env = { NO_COLOR: '1' } } = options;
  return { out, err, it: new Terminal({ stdout: out, stderr: err, env, language, json }) };
}

describe('colours', () => {
  const tty = new Screen(true);
  const pipe = new Screen(false);
  it.each([
    ['a terminal', tty, {}, false, true],
    ['a pipe', pipe, {}, false, false],
    ['NO_COLOR', tty, { NO_COLOR: '1' }, false, false],
    ['an empty NO_COLOR', tty, { NO_COLOR: '' }, false, true],
    ['FORCE_COLOR in a pipe', pipe, { FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR=0', tty, { FORCE_COLOR: '0' }, false, false],
    ['FORCE_COLOR over NO_COLOR', pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    ['--no-color over FORCE_COLOR', tty, { FORCE_COLOR: '1' }, true, false],
    ['TERM=dumb', tty, { TERM: 'dumb' }, false, false],
  ])('%s', (_, output, env, noColor, wants) => {
    expect(wantsColor(output, env, noColor)).toBe(wants);
  });

  it('are put around a text', () => {
    expect(terminal({ env: { FORCE_COLOR: '1' } }).it.paint('red', 'x')).toBe('\u001B[31mx\u001B[39m');
    expect(terminal({ env: {} }).it.paint('red', 'x')).toBe('x');
  });
});

describe('text from elsewhere', () => {
  it('cannot steer the terminal', () => {
    expect(harmless('a\u001B[2Jb\u0007\u009B1m')).toBe('a\u{FFFD}[2Jb\u{FFFD}\u{FFFD}1m');
    expect(harmless('a\r\nb\tc')).toBe('a b c');
    expect(harmless('\u202Eabc\u2066')).toBe('\u{FFFD}abc\u{FFFD}');
    expect(harmless('订单 ok 👍')).toBe('订单 ok 👍');
  });

  it('is cut by columns, never through a character', () => {
    expect(shortened('abcdef', 6)).toBe('abcdef');
    expect(shortened('abcdef', 5)).toBe('abcd…');
    expect(shortened('订单编号', 8)).toBe('订单编号');
    expect(shortened('订单编号', 7)).toBe('订单编…');
    expect(shortened('订单编号', 6)).toBe('订单…');
    expect(shortened('👨‍👩‍👧abc', 4)).toBe('👨‍👩‍👧a…');
    expect(shortened('abc', 1)).toBe('…');
    expect(shortened('abc', 0)).toBe('');
  });

  it('fits whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 40 }), (text, width) => {
        expect(widthOf(shortened(harmless(text), width))).toBeLessThanOrEqual(width);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe('tables', () => {
  it('align columns, Chinese ones too, and numbers to the right', () => {
    const { it: terminal_, out } = terminal();
    terminal_.table(
      [{ title: '订单' }, { title: 'count', align: 'right' }, { title: 'x' }],
      [
        ['1', '20', 'a'],
        ['中文字', '3', ''],
      ],
    );
    expect(out.text).toBe(['订单    count  x', '──────  ─────  ─', '1          20  a', '中文字      3', ''].join('\n'));
  });

  it('are cut to the terminal, the widest column first, and whole in a pipe', () => {
    const rows = [['short', 'a'.repeat(50)]];
    const columns = [{ title: 'one' }, { title: 'two' }];
    expect(terminal({ tty: true, columns: 30 }).it.tableLines(columns, rows)[2]).toBe(`short  ${'a'.repeat(22)}…`);
    expect(terminal().it.tableLines(columns, rows)[2]).toBe(`short  ${'a'.repeat(50)}`);
  });

  it('colour cells without moving them, and defuse them', () => {
    const colour = terminal({ env: { FORCE_COLOR: '1' } }).it;
    const style = (cell: string): 'red' | undefined => (cell === 'bad' ? 'red' : undefined);
    const lines = colour.tableLines(
      [{ title: 'a', style }, { title: 'b' }],
      [
        ['bad', '\u001B[31m'],
        ['fine', 'y'],
      ],
    );
    expect(lines[2]).toBe('\u001B[31mbad\u001B[39m   \u{FFFD}[31m');
    expect(lines[3]).toBe('fine  y');
  });
});

describe('--json', () => {
  it('prints objects, one a line, and nothing else on stdout', () => {
    const { it: terminal_, out, err } = terminal({ json: true, tty: true });
    terminal_.line('for a person');
    terminal_.table([{ title: 'a' }], [['b']]);
    terminal_.footer('bar');
    terminal_.object({ a: '订单\n' });
    terminal_.note('hint');
    terminal_.error('bad', 'cure');
    expect(out.text).toBe('{"a":"订单\\n"}\n');
    expect(err.text).toBe('hint\nbad\ncure\n');
    const person = terminal();
    person.it.object({ a: 1 });
    expect(person.out.text).toBe('');
  });
});

describe('a footer', () => {
  it('stays below what is printed, and goes', () => {
    const { it: terminal_, out } = terminal({ tty: true, columns: 40 });
    terminal_.footer('bar 1', 'figures 1');
    terminal_.line('a result');
    terminal_.footer('bar 2');
    expect(out.seen()).toBe('a result\nbar 2\n');
    terminal_.footer();
    terminal_.line('the end');
    expect(out.seen()).toBe('a result\nthe end\n');
  });

  it('takes away as many rows as its lines filled', () => {
    const { it: terminal_, out } = terminal({ tty: true, columns: 10 });
    terminal_.footer('a'.repeat(21));
    terminal_.footer();
    expect(out.text.split('\u001B[1A\u001B[2K')).toHaveLength(4);
  });

  it('is no thing for a pipe', () => {
    const { it: terminal_, out } = terminal();
    terminal_.footer('bar');
    expect(out.text).toBe('');
  });
});

const VIEW: ProgressView = {
  total: 2500,
  succeeded: 1200,
  failed: 12,
  unknown: 3,
  notSent: 0,
  sending: 0,
  rate: 85.4,
  leftMs: 15_100,
};

describe('progress', () => {
  it('is a bar on a terminal, replaced in place and left at the end', () => {
    let now = 0;
    const { it: terminal_, out } = terminal({ tty: true, columns: 80 });
    const bar = new ProgressBar(terminal_, 'Polyv', () => now);
    bar.update({ ...VIEW, succeeded: 0, rate: null, leftMs: null, failed: 0, unknown: 0 });
    expect(out.seen()).toBe(`[${'░'.repeat(30)}] Polyv\n0/2500 (0%) · succeeded 0\n`);
    now = 99;
    bar.update(VIEW);
    expect(out.seen()).toContain('0/2500');
    now = 100;
    bar.update(VIEW);
    const half = `[${'█'.repeat(16)}${'░'.repeat(14)}] Polyv\n1215/2500 (48%) · succeeded 1200 · failed 12 · unknown 3 · 85 rows/s · 16s left\n`;
    expect(out.seen()).toBe(half);
    bar.update({ ...VIEW, succeeded: 2485, leftMs: 0 });
    bar.end();
    expect(out.seen()).toBe(
      `[${'█'.repeat(30)}] Polyv\n2500/2500 (100%) · succeeded 2485 · failed 12 · unknown 3 · 85 rows/s\n`,
    );
  });

  it('is a plain line every two seconds in a pipe, the last one always', () => {
    let now = 0;
    const { it: terminal_, out } = terminal({ language: 'zh-CN' });
    const bar = new ProgressBar(terminal_, '拼多多', () => now);
    for (now = 0; now < 4000; now += 100)
      bar.update({ ...VIEW, succeeded: now, total: 9999, rate: 3.14, leftMs: 125_000 });
    expect(out.text).toBe(
      '拼多多 15/9999 (0%) · 成功 0 · 失败 12 · 未知 3 · 每秒 3.1 行 · 还需 2m05s\n拼多多 2015/9999 (20%) · 成功 2000 · 失败 12 · 未知 3 · 每秒 3.1 行 · 还需 2m05s\n',
    );
    out.text = '';
    bar.end();
    expect(out.text).toMatch(/^拼多多 3915\/9999 .*\n$/u);
    out.text = '';
    bar.end();
    expect(out.text).toBe('');
  });

  it('is an object with --json', () => {
    const { it: terminal_, out } = terminal({ json: true });
    const bar = new ProgressBar(terminal_, 'x', () => 0);
    bar.update(VIEW);
    bar.end();
    expect(JSON.parse(out.text)).toEqual({ event: 'progress', label: 'x', ...VIEW });
  });

  it('says 100 % when all is done and not before', () => {
    const { it: terminal_, out } = terminal();
    const bar = new ProgressBar(terminal_, 'x', () => 0);
    bar.update({ ...VIEW, total: 100_000, succeeded: 99_984, sending: 1, leftMs: null, rate: null });
    expect(out.text).toBe('x 99999/100000 (99%) · succeeded 99984 · failed 12 · unknown 3 · sending 1\n');
  });

  it('shares the bar out in proportion, every outcome at least one cell', () => {
    expect(cellsOf([1, 1, 0], 1000, 30)).toEqual([1, 1, 0]);
    expect(cellsOf([999, 1, 0], 1000, 30)).toEqual([29, 1, 0]);
    expect(cellsOf([0, 0], 0, 30)).toEqual([0, 0]);
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: 5, maxLength: 5 }), (amounts) => {
        const total = amounts.reduce((a, b) => a + b, 0);
        const cells = cellsOf(amounts, total, 30);
        expect(cells.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(30);
        amounts.forEach((amount, index) => expect((cells[index] ?? 0) > 0).toBe(amount > 0));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it.each([
    [0, '0s'],
    [1, '1s'],
    [59_000, '59s'],
    [59_001, '1m00s'],
    [185_000, '3m05s'],
    [3_599_001, '1h00m'],
    [7_620_000, '2h07m'],
  ])('%i ms is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
