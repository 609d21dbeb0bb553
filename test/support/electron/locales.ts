import { runtime, switchValue } from './runtime.ts';

/** The languages of the environment, best first, as glib reads them: LANGUAGE is a list, then LC_ALL, LC_MESSAGES, LANG. */
export function systemLanguages(environment: NodeJS.ProcessEnv = process.env): string[] {
  const of = (name: string): string => environment[name] ?? '';
  const locale = [of('LC_ALL'), of('LC_MESSAGES'), of('LANG')].find((text) => text !== '') ?? '';
  const list = isC(locale) ? [] : of('LANGUAGE').split(':');
  const tags = [...list, locale]
    .map((text) => text.replace(/[.@].*$/, '').replace('_', '-'))
    .filter((text) => !isC(text));
  // zh-CN is Chinese, too.
  return tags.length === 0 ? ['en-US'] : [...new Set(tags.flatMap((tag) => [tag, tag.split('-')[0] ?? tag]))];
}

const isC = (locale: string): boolean => /^(?:C|POSIX)?$/.test(locale);

/** The language of Chromium's own words: --lang, or the system's. */
export function localeNow(): string {
  const asked = switchValue(runtime().argv, 'lang') ?? '';
  return asked === '' ? (systemLanguages()[0] ?? 'en-US') : asked;
}
