import { afterEach, describe, expect, it } from 'vitest';
import type { Language } from '../../src/contract/text.ts';
import { clockFigure, clockState, clockWords } from '../../src/renderer/components/clock.ts';
import { language } from '../../src/renderer/i18n/index.ts';

const SLOW_MS = 4 * 60_000 + 12_000;

afterEach(() => {
  language.value = 'zh-CN';
});

describe('the clock in words', () => {
  it.each<[Language, number, string]>([
    ['en', SLOW_MS, 'your clock is 4 min 12 s slow'],
    ['en', -SLOW_MS, 'your clock is 4 min 12 s fast'],
    ['en', 45_000, 'your clock is 45 s slow'],
    ['en', -180_000, 'your clock is 3 min fast'],
    ['en', 1_999, 'your clock is right'],
    ['en', -1_999, 'your clock is right'],
    ['en', 2_000, 'your clock is 2 s slow'],
    ['zh-CN', SLOW_MS, '本机时钟慢了 4 分 12 秒'],
    ['zh-CN', -SLOW_MS, '本机时钟快了 4 分 12 秒'],
    ['zh-CN', 0, '本机时钟准确'],
  ])('%s, %d ms: %s', (chosen, offsetMs, words) => {
    language.value = chosen;
    expect(clockWords(offsetMs)).toBe(words);
  });

  it.each<[Language, number, string]>([
    ['en', 300, '+0.3 s'],
    ['en', -300, '−0.3 s'],
    ['en', 0, '+0 s'],
    ['en', -SLOW_MS, '−4 min 12 s'],
    ['zh-CN', 300, '+0.3 秒'],
    ['zh-CN', SLOW_MS, '+4 分 12 秒'],
  ])('%s, %d ms as a figure: %s', (chosen, offsetMs, figure) => {
    language.value = chosen;
    expect(clockFigure(offsetMs)).toBe(figure);
  });

  it('is right below two seconds and wrong beyond thirty, either way', () => {
    expect([0, -1_999, 2_000, -30_000, 30_001, -30_001].map(clockState)).toEqual([
      'right',
      'right',
      'off',
      'off',
      'wrong',
      'wrong',
    ]);
  });
});
