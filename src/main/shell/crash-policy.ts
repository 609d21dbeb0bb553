/** What to do about a page's process that ended. */
export type AfterGone = 'nothing' | 'reload' | 'ask';

const SHORT_WHILE_MS = 60_000;

/** Reloads a page that crashed, once; asks when it does so again within a minute. What ended in order is left alone. */
export function afterGone(reason: string, previousMs: number | null, nowMs: number): AfterGone {
  if (reason === 'clean-exit') return 'nothing';
  return previousMs !== null && nowMs - previousMs < SHORT_WHILE_MS ? 'ask' : 'reload';
}
