import { expect } from 'vitest';
import type { Bilingual } from '../../../../src/contract/text.ts';

/** Every text is there in Chinese and in English, each in its own language and without an unfilled place. */
export function expectBilingual(...texts: readonly (Bilingual | undefined)[]): void {
  for (const text of texts) {
    expect(text?.zh).toMatch(/\p{Script=Han}/u);
    expect(text?.en).toMatch(/[a-z]{2}/i);
    expect(text?.en).not.toBe(text?.zh);
  }
}
