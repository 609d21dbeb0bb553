import type { Bilingual } from '../../contract/text.ts';

/** What stands beside the field in which a number is typed. */
export const typeToConfirm = (count: string): Bilingual => ({
  zh: `输入 ${count} 以确认`,
  en: `Type ${count} to confirm`,
});
