import { describe, expect, it } from 'vitest';
import { EVERY_ORDER, type SavedView } from '../../../src/contract/kept.ts';
import { ViewWatch } from '../../../src/main/orders/watch.ts';

const view = (id: number, everyMinutes: number, limit: number | null = null): SavedView => ({
  id,
  name: `view ${id}`,
  view: { filter: EVERY_ORDER, sort: null },
  watch: { everyMinutes, limit },
});

interface Waiting {
  readonly run: () => void;
  readonly ms: number;
}

/** A watch over views that a test changes, on a clock that a test turns. */
function setUp(first: readonly SavedView[]) {
  const state = { views: first, count: 0, refuses: false };
  const waiting = new Set<Waiting>();
  const refreshed: number[] = [];
  const told: (readonly [number, number, number])[] = [];
  const logged: unknown[] = [];
  const watch = new ViewWatch({
    views: async () => state.views,
    refresh: async ({ id }) => {
      refreshed.push(id);
      if (state.refuses) throw new Error('no way');
    },
    count: async () => state.count,
    over: ({ id }, count, limit) => told.push([id, count, limit]),
    log: (error) => logged.push(error),
    later: (run, ms) => {
      const one = { run, ms };
      waiting.add(one);
      return () => void waiting.delete(one);
    },
  });
  /** Lets what waits for so many minutes have its turn, and everything that follows. */
  const pass = async (minutes: number): Promise<void> => {
    for (const one of [...waiting]) {
      if (one.ms !== minutes * 60_000) continue;
      waiting.delete(one);
      one.run();
    }
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return { state, watch, refreshed, told, logged, pass, waits: () => [...waiting].map(({ ms }) => ms / 60_000) };
}

describe('a watched view', () => {
  it('is refreshed as often as it says, again and again, and one that is not watched never', async () => {
    const { watch, refreshed, pass, waits } = setUp([view(1, 5), view(2, 60), { ...view(3, 5), watch: null }]);
    await watch.start();
    expect(waits()).toEqual([5, 60]);
    await pass(5);
    await pass(5);
    await pass(60);
    expect(refreshed).toEqual([1, 1, 2]);
    expect(waits()).toEqual([5, 60]);
  });

  it('is told of when it passes its limit, once until it has been below', async () => {
    const { state, watch, told, pass } = setUp([view(1, 5, 10)]);
    await watch.start();
    for (const count of [10, 11, 12, 10, 11]) {
      state.count = count;
      await pass(5);
    }
    expect(told).toEqual([
      [1, 11, 10],
      [1, 11, 10],
    ]);
  });

  it('is counted though it could not be refreshed, and goes on', async () => {
    const { state, watch, told, logged, pass, waits } = setUp([view(1, 5, 10)]);
    state.refuses = true;
    state.count = 11;
    await watch.start();
    await pass(5);
    expect([told.length, logged.length, waits()]).toEqual([1, 1, [5]]);
  });

  it('keeps its turn when others change, and begins anew when it does itself', async () => {
    const { state, watch, waits, pass, refreshed } = setUp([view(1, 5)]);
    await watch.start();
    state.views = [view(1, 5), view(2, 30)];
    await watch.start();
    expect(waits()).toEqual([5, 30]);
    state.views = [view(1, 15)];
    await watch.start();
    expect(waits()).toEqual([15]);
    await watch.close();
    expect(waits()).toEqual([]);
    await pass(15);
    expect(refreshed).toEqual([]);
  });
});
