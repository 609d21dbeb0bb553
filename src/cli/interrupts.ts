import type { EventEmitter } from 'node:events';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A terminal, npm and a supervisor may each deliver the same Ctrl-C; within this time they count as one. */
export const SAME_INTERRUPT_MS = 250;

export interface InterruptHandlers {
  /** The first: finish what is under way and stop cleanly. */
  readonly first: () => void;
  /** The second, and each one after it: stop at once; what is under way stays `sending` in the journal. */
  readonly second: () => void;
}

/**
 * Turns Ctrl-C and its likes into a first wish and a second one. Returns how to stop listening.
 * `now` is in milliseconds.
 */
export function watchInterrupts(
  handlers: InterruptHandlers,
  source: Pick<EventEmitter, 'on' | 'off'> = process,
  now: () => number = () => performance.now(),
): () => void {
  let lastAt = -Infinity;
  let count = 0;
  const onSignal = (): void => {
    const at = now();
    if (at - lastAt < SAME_INTERRUPT_MS) return;
    lastAt = at;
    count += 1;
    if (count === 1) handlers.first();
    else handlers.second();
  };
  for (const signal of SIGNALS) source.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) source.off(signal, onSignal);
  };
}
