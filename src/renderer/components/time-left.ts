import { computed, onScopeDispose, ref, type ComputedRef } from 'vue';
import { t } from '../i18n/index.ts';

const SECOND_MS = 1_000;

const now = ref(0);
let readers = 0;
let timer: ReturnType<typeof setInterval> | null = null;

/** A window that nobody sees counts nothing; it is right again as soon as it is seen. */
function set(): void {
  const wanted = readers > 0 && !document.hidden;
  if (wanted) now.value = Date.now();
  if (wanted && timer === null) timer = setInterval(() => (now.value = Date.now()), SECOND_MS);
  if (!wanted && timer !== null) {
    clearInterval(timer);
    timer = null;
  }
}

/** This machine's time (ms), each second anew while the window is seen: one timer for all that reads it. Of a component or an effect scope. */
export function useSecond(): ComputedRef<number> {
  if (readers === 0) document.addEventListener('visibilitychange', set);
  readers += 1;
  set();
  onScopeDispose(() => {
    readers -= 1;
    if (readers === 0) document.removeEventListener('visibilitychange', set);
    set();
  });
  return computed(() => now.value);
}

/** Time up to a deadline: 03:12, 1:03:12; hours without a sign of their own. Negative spans are none. `ms`: milliseconds. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND_MS));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor((seconds % 3_600) / 60))}:${two(seconds % 60)}`;
  return hours === 0 ? rest : `${String(hours)}:${rest}`;
}

/** How long is left until `atMs` at `nowMs`, in words; `atMost` where the end may come earlier. */
export function leftWords(atMs: number, nowMs: number, atMost = false): string {
  if (nowMs >= atMs) return t({ zh: '已过时限', en: 'expired' });
  const left = span(atMs - nowMs);
  return atMost ? t({ zh: `最多剩 ${left}`, en: `at most ${left} left` }) : t({ zh: `剩 ${left}`, en: `${left} left` });
}
