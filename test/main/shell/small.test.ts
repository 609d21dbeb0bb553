import { describe, expect, it } from 'vitest';
import { afterGone } from '../../../src/main/shell/crash-policy.ts';
import { languageOf } from '../../../src/main/shell/languages.ts';

describe('afterGone', () => {
  it('leaves alone what ended in order', () => {
    expect(afterGone('clean-exit', null, 0)).toBe('nothing');
    expect(afterGone('clean-exit', 0, 1)).toBe('nothing');
  });

  it.each(['crashed', 'oom', 'killed', 'abnormal-exit', 'launch-failed'])(
    'reloads after %s, and asks soon after',
    (reason) => {
      expect(afterGone(reason, null, 5_000)).toBe('reload');
      expect(afterGone(reason, 5_000, 64_999)).toBe('ask');
      expect(afterGone(reason, 5_000, 65_000)).toBe('reload');
    },
  );
});

describe('languageOf', () => {
  it.each([
    [['zh-CN'], 'zh-CN'],
    [['zh-Hant-TW', 'en'], 'zh-CN'],
    [['zh_CN'], 'zh-CN'],
    [['zh'], 'zh-CN'],
    [['en-GB', 'zh-CN'], 'en'],
    [['de'], 'en'],
    [['zhx'], 'en'],
    [[], 'en'],
  ])('%j is %s', (preferred, language) => {
    expect(languageOf(preferred)).toBe(language);
  });
});
