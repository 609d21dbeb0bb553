import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../../../src/contract/outcome.ts';
import { chart, PATTERNS, roundAbove, swatch } from '../../../../src/main/jobs/export/chart.ts';
import type { Times } from '../../../../src/main/jobs/export/report.ts';
import { NOW, report, states } from './support.ts';

type Counts = ReturnType<typeof states>;

function timesOf(counts: readonly Counts[], widthS = 60, fromMs = NOW): Times {
  const buckets = counts.map((one, index) => ({ fromMs: fromMs + index * widthS * 1_000, counts: one }));
  return { ...report().times, buckets, widthS };
}

const drawn = (times: Times, language: 'en' | 'zh-CN' = 'en'): string => chart(times, language, 'Rows')?.text ?? '';

/** The elements of a name, each by its attributes, and the text in it. */
function elements(svg: string, name: string): Record<string, string>[] {
  return [...svg.matchAll(new RegExp(`<${name}\\s([^>]*?)/?>(?:([^<]*)</${name}>)?`, 'gu'))].map(
    ([, attributes = '', text = '']) => ({
      ...Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/gu)].map(([, key, value]) => [key, value])),
      ...(text === '' ? {} : { text }),
    }),
  );
}

const bars = (times: Times): (string | undefined)[][] =>
  elements(drawn(times), 'rect').map(({ x, y, width, height, fill }) => [x, y, width, height, fill]);

describe('the next round number', () => {
  it.each([
    [-5, 1],
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 5],
    [5, 5],
    [6, 10],
    [10, 10],
    [11, 20],
    [20, 20],
    [21, 50],
    [51, 100],
    [100, 100],
    [101, 200],
    [999, 1_000],
    [2_000_001, 5_000_000],
  ])('above %i is %i', (n, round) => {
    expect(roundAbove(n)).toBe(round);
  });
});

describe('an outcome’s pattern', () => {
  it('is told by its form, and has a colour of its own', () => {
    const colours = OUTCOMES.map((state) => {
      const [box] = elements(swatch(state).text, 'rect');
      expect(box?.['fill']).toBe(`url(#p-${state})`);
      const pattern = new RegExp(`<pattern id="p-${state}".*?</pattern>`, 'su').exec(PATTERNS.text)?.[0] ?? '';
      expect(box?.['stroke']).toMatch(/^#[0-9a-f]{6}$/u);
      expect(pattern).toContain(`fill="${box?.['stroke']}"`);
      return box?.['stroke'];
    });
    expect(new Set(colours).size).toBe(4);
  });
});

describe('a chart of outcomes', () => {
  it('is none where nothing has a time', () => {
    expect(chart(timesOf([]), 'en', 'Rows')).toBeNull();
  });

  it('stacks the outcomes of a span, each as tall as its count', () => {
    const times = timesOf([states({ succeeded: 4, failed: 2, not_sent: 1 }), states(), states({ unknown: 10 })]);
    expect(bars(times)).toEqual([
      ['68.53', '104.4', '48', '61.6', 'url(#p-succeeded)'],
      ['68.53', '73.6', '48', '30.8', 'url(#p-failed)'],
      ['68.53', '58.2', '48', '15.4', 'url(#p-not_sent)'],
      ['481.87', '12', '48', '154', 'url(#p-unknown)'],
    ]);
    const strokes = elements(drawn(times), 'rect').map(({ stroke }) => stroke);
    expect(strokes).toEqual(
      (['succeeded', 'failed', 'not_sent', 'unknown'] as const).map(
        (state) => elements(swatch(state).text, 'rect')[0]?.['stroke'],
      ),
    );
  });

  it('has thinner bars where there are many', () => {
    const all = bars(timesOf(Array.from({ length: 60 }, () => states({ succeeded: 1 }))));
    expect([all.length, all[0], all[59]]).toEqual([
      60,
      ['52.83', '12', '8.68', '154', 'url(#p-succeeded)'],
      ['662.49', '12', '8.68', '154', 'url(#p-succeeded)'],
    ]);
  });

  it.each<[number, 'en' | 'zh-CN', string[]]>([
    [1, 'en', ['0', '1']],
    [2, 'en', ['0', '1', '2']],
    [5, 'en', ['0', '5']],
    [1_500, 'zh-CN', ['0', '1,000', '2,000']],
  ])('has a scale for %i rows, whole numbers alone', (n, language, labels) => {
    const svg = drawn(timesOf([states({ succeeded: n })]), language);
    const lines = elements(svg, 'line').map(({ x1, x2, y1, y2 }) => [x1, x2, y1, y2]);
    expect(lines).toEqual(['166', '89', '12'].map((y) => ['52', '672', y, y]));
    const shown = elements(svg, 'text').filter((one) => one['x'] === '46');
    expect(shown.map(({ text }) => text)).toEqual(labels);
    expect(svg.replaceAll(/<text.*?<\/text>|<[^>]*>/gsu, '').trim()).toBe('');
    const heights = labels.length === 3 ? ['166', '89', '12'] : ['166', '12'];
    expect(shown.map(({ y }) => y)).toEqual(heights);
  });

  const DAY_END = Date.UTC(2026, 10, 23, 15, 59, 0);
  it.each<[string, number, number, string[]]>([
    ['seconds within a day', NOW, 60, ['17:00:00', '17:02:00']],
    ['dates beyond it', DAY_END, 60, ['11-23 23:59', '11-24 00:01']],
    ['seconds up to the last of a day', DAY_END, 29, ['23:59:00', '23:59:58']],
  ])('tells when it begins and ends, as %s', (_, fromMs, widthS, labels) => {
    const svg = drawn(timesOf([states({ failed: 1 }), states({ failed: 1 })], widthS, fromMs));
    expect(elements(svg, 'text').slice(-2)).toEqual([
      { x: '52', y: '183', 'text-anchor': 'start', text: labels[0] },
      { x: '672', y: '183', 'text-anchor': 'end', text: labels[1] },
    ]);
  });

  it.each<['en' | 'zh-CN', string]>([
    ['en', 'Rows: succeeded 1,201, failed 0, unknown 2, not sent 0'],
    ['zh-CN', 'Rows: 成功 1,201, 失败 0, 未知 2, 未发送 0'],
  ])('is read aloud as its sums, in %s', (language, label) => {
    const svg = drawn(timesOf([states({ succeeded: 1_200, unknown: 2 }), states({ succeeded: 1 })]), language);
    expect(elements(svg, 'svg')[0]).toMatchObject({ viewBox: '0 0 680 190', role: 'img', 'aria-label': label });
  });
});
