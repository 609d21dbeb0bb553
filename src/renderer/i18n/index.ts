import { computed, ref } from 'vue';
import type { Bilingual, Language } from '../../contract/text.ts';
import { say } from '../../contract/text.ts';

/** The language of the window; main decides it (the system's, or the person's choice). */
export const language = ref<Language>('zh-CN');

/** The text in the window's language; follows a change of it. */
export function t(text: Bilingual): string {
  return say(text, language.value);
}

const formats = computed(() => ({
  number: new Intl.NumberFormat(language.value),
  rate: new Intl.NumberFormat(language.value, { maximumFractionDigits: 1 }),
  percent: new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 1 }),
  dateTime: new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }),
  time: new Intl.DateTimeFormat(language.value, { timeStyle: 'short', hourCycle: 'h23' }),
}));

/** A count with its groups: 3,412. */
export const number = (value: number): string => formats.value.number.format(value);
export const rate = (value: number): string => formats.value.rate.format(value);
export const percent = (value: number): string => formats.value.percent.format(value);
/** A moment (ms, or ISO 8601) in the person's zone. */
export const dateTime = (at: number | string): string => formats.value.dateTime.format(new Date(at));
export const clockTime = (at: number | string): string => formats.value.time.format(new Date(at));

/** A time span (ms) in one or two units: 45 s, 3 min 20 s, 2 h 5 min. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const zh = language.value === 'zh-CN';
  const unit = (value: number, inZh: string, inEn: string): string => (zh ? `${value} ${inZh}` : `${value} ${inEn}`);
  if (seconds < 60) return unit(seconds, '秒', 's');
  const minutes = Math.floor(seconds / 60);
  const [big, small] =
    minutes < 60
      ? [unit(minutes, '分', 'min'), seconds % 60 === 0 ? '' : unit(seconds % 60, '秒', 's')]
      : [unit(Math.floor(minutes / 60), '小时', 'h'), minutes % 60 === 0 ? '' : unit(minutes % 60, '分', 'min')];
  return small === '' ? big : `${big} ${small}`;
}

/** A size in bytes: 812 B, 4.2 MB. */
export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = size;
  let at = 0;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  return `${at === 0 ? number(value) : rate(value)} ${units[at] ?? ''}`;
}
