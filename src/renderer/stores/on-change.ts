import { effect } from 'vue';

/**
 * Calls, at once, when what is read has changed; ends with the store it is called in. Vue's own `watch` remembers the component that used the
 * store first: with it all of that screen would live as long as the store, and with the screen what was last typed into it.
 */
export function onChange<T>(read: () => T, changed: (now: T) => void): void {
  const again = effect(read, {
    scheduler: () => {
      const now = again();
      if (Object.is(now, before)) return;
      before = now;
      changed(now);
    },
  });
  let before = again();
}
