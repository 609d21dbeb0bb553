import { duration, rate, t } from '../i18n/index.ts';

/** Below this an offset lies within what a Date header can tell, and nothing is corrected. */
const RIGHT_MS = 2_000;
/** Beyond this the person is told to set the clock; vendors refuse signs a few minutes off. */
const WRONG_MS = 30_000;
const MINUTE_MS = 60_000;

/** How wrong this machine's clock is. `offsetMs`: the vendor's clock minus this machine's. */
export function clockState(offsetMs: number): 'right' | 'off' | 'wrong' {
  const distance = Math.abs(offsetMs);
  if (distance < RIGHT_MS) return 'right';
  return distance <= WRONG_MS ? 'off' : 'wrong';
}

/** The clock in words of the window's language: "your clock is 4 min 12 s slow". `offsetMs`: vendor's minus this machine's. */
export function clockWords(offsetMs: number): string {
  if (clockState(offsetMs) === 'right') return t({ zh: '本机时钟准确', en: 'your clock is right' });
  const span = duration(Math.abs(offsetMs));
  return offsetMs > 0
    ? t({ zh: `本机时钟慢了 ${span}`, en: `your clock is ${span} slow` })
    : t({ zh: `本机时钟快了 ${span}`, en: `your clock is ${span} fast` });
}

/** The offset as a figure for a narrow place: +0.3 s, −4 min 12 s. `offsetMs`: vendor's minus this machine's. */
export function clockFigure(offsetMs: number): string {
  const distance = Math.abs(offsetMs);
  const seconds = rate(distance / 1000);
  const span = distance < MINUTE_MS ? t({ zh: `${seconds} 秒`, en: `${seconds} s` }) : duration(distance);
  return `${offsetMs < 0 ? '−' : '+'}${span}`;
}
