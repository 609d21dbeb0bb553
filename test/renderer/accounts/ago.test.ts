import { afterEach, expect, it } from 'vitest';
import { language } from '../../../src/renderer/i18n/index.ts';
import { ago } from '../../../src/renderer/components/ago.ts';

const NOW = Date.parse('2026-05-12T12:00:00.000Z');

afterEach(() => {
  language.value = 'zh-CN';
});

it.each([
  ['2026-05-12T11:59:30.000Z', 'just now', '刚刚'],
  ['2026-05-12T12:00:30.000Z', 'just now', '刚刚'],
  ['2026-05-12T11:57:00.000Z', '3 min. ago', '3分钟前'],
  ['2026-05-11T12:00:00.000Z', 'yesterday', '昨天'],
  ['2024-05-11T12:00:00.000Z', '2 yr. ago', '2年前'],
])('%s is %s', (at, en, zh) => {
  language.value = 'en';
  expect(ago(at, NOW)).toBe(en);
  language.value = 'zh-CN';
  expect(ago(at, NOW)).toBe(zh);
});
