import type { Language } from '../contract/text.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The language that a locale name (`zh_CN.UTF-8`, `zh-Hans`, `en-GB`) asks for: Chinese, or English for all others. */
export function languageOf(locale: string): Language {
  return /^zh(?:$|[-_.@])/iu.test(locale.trim()) ? 'zh-CN' : 'en';
}

/**
 * The person's language: `--lang` first, then the environment as POSIX orders it (LC_ALL, LC_MESSAGES, LANG), then the system's
 * (the only one that Windows has).
 */
export function chooseLanguage(wish: string | undefined, env: Environment, system = systemLocale()): Language {
  const locale = [wish, env.LC_ALL, env.LC_MESSAGES, env.LANG].find((value) => value !== undefined && value !== '');
  return languageOf(locale ?? system);
}

function systemLocale(): string {
  return new Intl.DateTimeFormat().resolvedOptions().locale;
}
