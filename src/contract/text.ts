/** A text that a person reads, in both languages of the console. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The text in the person's language. */
export function say(text: Bilingual, language: Language): string {
  return language === 'zh-CN' ? text.zh : text.en;
}
