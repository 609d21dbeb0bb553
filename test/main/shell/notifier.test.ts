import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { NetworkWatch } from '../../../src/main/shell/network-watch.ts';
import { Notifier, type MadeNotice } from '../../../src/main/shell/notifier.ts';

/** A window that a test puts in front or away. */
class Window extends EventEmitter {
  focused = false;
  minimized = false;
  visible = true;
  readonly flashes: boolean[] = [];
  isFocused = (): boolean => this.focused;
  isMinimized = (): boolean => this.minimized;
  isVisible = (): boolean => this.visible;
  flashFrame = (flash: boolean): void => void this.flashes.push(flash);
}

function setUp(): { window: Window; shown: MadeNotice[]; chosen: unknown[]; notifier: Notifier } {
  const window = new Window();
  const shown: MadeNotice[] = [];
  const chosen: unknown[] = [];
  const ports = { window: () => window, show: (made: MadeNotice) => void shown.push(made) };
  return { window, shown, chosen, notifier: new Notifier(ports, (shown) => chosen.push(shown)) };
}

const NOTICE = { title: 'Job 7: finished', body: '3 succeeded', shows: { jobId: 7 } };

describe('a notification', () => {
  it('is shown while the window is elsewhere, and brings its job up', () => {
    const { shown, chosen, notifier } = setUp();
    notifier.tell(NOTICE);
    expect(shown).toMatchObject([NOTICE]);
    shown[0]?.click();
    expect(chosen).toEqual([{ jobId: 7 }]);
  });

  it.each([
    [{ focused: true }, 0],
    [{ focused: true, minimized: true }, 1],
    [{ focused: true, visible: false }, 1],
    [{ focused: false }, 1],
  ])('for a window %j is shown %i times', (state, times) => {
    const { window, shown, notifier } = setUp();
    Object.assign(window, state);
    notifier.tell(NOTICE);
    expect(shown).toHaveLength(times);
  });

  it('calls for attention once, until the window was looked at', () => {
    const { window, notifier } = setUp();
    notifier.tell(NOTICE);
    notifier.tell(NOTICE);
    expect(window.flashes).toEqual([true]);
    window.emit('focus');
    notifier.tell(NOTICE);
    expect(window.flashes).toEqual([true, false, true]);
  });

  it('is shown without a window, too', () => {
    const shown: MadeNotice[] = [];
    new Notifier({ window: () => null, show: (made) => void shown.push(made) }, () => {}).tell(NOTICE);
    expect(shown).toHaveLength(1);
  });
});

describe('the watch over the network', () => {
  it('tells when it comes back, and only while it is on', () => {
    let online = true;
    let look = (): void => {};
    let running = 0;
    const told: string[] = [];
    const watch = new NetworkWatch(
      () => online,
      () => told.push('back'),
      (then) => {
        look = then;
        running += 1;
        return () => void (running -= 1);
      },
    );
    watch.watch(true);
    watch.watch(true);
    expect(running).toBe(1);
    for (const next of [true, false, false, true, true]) {
      online = next;
      look();
    }
    expect(told).toEqual(['back']);
    watch.watch(false);
    expect(running).toBe(0);
  });
});
