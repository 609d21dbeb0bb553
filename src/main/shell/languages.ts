import type { Language } from '../../contract/text.ts';

/** The console's language for a person whose system prefers these, best first: Chinese, or English for all others. */
export function languageOf(preferred: readonly string[]): Language {
  return /^zh(?:$|[-_])/i.test(preferred[0] ?? '') ? 'zh-CN' : 'en';
}
