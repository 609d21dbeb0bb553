import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { QuitFlow } from '../../../src/main/shell/quit-flow.ts';
import type { Leaving } from '../../../src/main/shell/quit-flow.ts';

interface Hand<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/** A flow whose questions and works are answered by hand; `heard` is what happened in order. */
function stage(
  running: number,
  changes: Partial<Leaving> = {},
): {
  flow: QuitFlow;
  heard: string[];
  quit: Hand<boolean>;
  late: Hand<boolean>[];
  failed: Hand<boolean>;
  paused: Hand<undefined>;
  closed: Hand<undefined>;
} {
  const heard: string[] = [];
  const quit = Promise.withResolvers<boolean>();
  const failed = Promise.withResolvers<boolean>();
  const paused = Promise.withResolvers<undefined>();
  const closed = Promise.withResolvers<undefined>();
  const late: Hand<boolean>[] = [];
  const note = <T>(what: string, promise: Promise<T>): Promise<T> => {
    heard.push(what);
    return promise;
  };
  const flow = new QuitFlow({
    running: () => running,
    pauseAll: () => note('pause', paused.promise),
    close: () => note('close', closed.promise),
    askQuit: (jobs) => note(`ask ${jobs}`, quit.promise),
    askLate: (signal) => {
      const hand = Promise.withResolvers<boolean>();
      late.push(hand);
      signal.addEventListener('abort', () => hand.resolve(false));
      return note('late', hand.promise);
    },
    askFailed: () => note('failed', failed.promise),
    leave: () => heard.push(`leave ${String(flow.mayLeave())}`),
    pauseMs: 10_000,
    shutdownMs: 3_000,
    closeMs: 5_000,
    ...changes,
  });
  return { flow, heard, quit, late, failed, paused, closed };
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('quitting', () => {
  it('closes and leaves without a question when no job runs', async () => {
    const { flow, heard, closed } = stage(0);
    expect(flow.mayLeave()).toBe(false);
    expect(flow.mayLeave()).toBe(false);
    closed.resolve(undefined);
    await settle();
    expect(heard).toEqual(['close', 'leave true']);
    expect(flow.mayLeave()).toBe(true);
  });

  it('asks, pauses, closes and leaves, and asks once alone', async () => {
    const { flow, heard, quit, paused, closed } = stage(2);
    expect([flow.mayLeave(), flow.mayLeave()]).toEqual([false, false]);
    quit.resolve(true);
    await settle();
    expect(flow.mayLeave()).toBe(false);
    paused.resolve(undefined);
    await settle();
    closed.resolve(undefined);
    await settle();
    expect(heard).toEqual(['ask 2', 'pause', 'close', 'leave true']);
  });

  it('stays when told so, and asks again the next time', async () => {
    const { flow, heard, quit } = stage(1);
    flow.mayLeave();
    quit.resolve(false);
    await settle();
    flow.mayLeave();
    await settle();
    expect(heard).toEqual(['ask 1', 'ask 1']);
  });

  it('stays when the question can’t be shown', async () => {
    const { flow, heard } = stage(1, { askQuit: () => Promise.reject(new Error('no display')) });
    flow.mayLeave();
    await settle();
    expect(heard).toEqual([]);
    expect(flow.mayLeave()).toBe(false);
  });

  it('says when pausing takes long, waits on, and takes the question away once all is paused', async () => {
    const { flow, heard, quit, late, paused, closed } = stage(1);
    closed.resolve(undefined);
    flow.mayLeave();
    quit.resolve(true);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(heard).toEqual(['ask 1', 'pause']);
    await vi.advanceTimersByTimeAsync(1);
    expect(heard).toEqual(['ask 1', 'pause', 'late']);
    late[0]!.resolve(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(heard).toEqual(['ask 1', 'pause', 'late', 'late']);
    paused.resolve(undefined);
    await settle();
    expect(heard).toEqual(['ask 1', 'pause', 'late', 'late', 'close', 'leave true']);
  });

  it('leaves without the answers when told so', async () => {
    const { flow, heard, quit, late, closed } = stage(1);
    closed.resolve(undefined);
    flow.mayLeave();
    quit.resolve(true);
    await vi.advanceTimersByTimeAsync(10_000);
    late[0]!.resolve(true);
    await settle();
    expect(heard).toEqual(['ask 1', 'pause', 'late', 'close', 'leave true']);
  });

  it.each([
    [false, ['ask 1', 'pause', 'failed']],
    [true, ['ask 1', 'pause', 'failed', 'close', 'leave true']],
  ])('asks when pausing fails (quit all the same: %s)', async (leaves, wanted) => {
    const { flow, heard, quit, paused, failed, closed } = stage(1);
    closed.resolve(undefined);
    flow.mayLeave();
    quit.resolve(true);
    paused.reject(new Error('disk full'));
    failed.resolve(leaves);
    await settle();
    expect(heard).toEqual(wanted);
  });

  it('asks when pausing throws at once', async () => {
    const { flow, heard, quit } = stage(1, {
      pauseAll: () => {
        throw new Error('gone');
      },
    });
    flow.mayLeave();
    quit.resolve(true);
    await settle();
    expect(heard).toEqual(['ask 1', 'failed']);
  });

  it('leaves when closing hangs or fails', async () => {
    const hanging = stage(0);
    hanging.flow.mayLeave();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(hanging.heard).toEqual(['close', 'leave true']);
    const failing = stage(0);
    failing.flow.mayLeave();
    failing.closed.reject(new Error('locked'));
    await settle();
    expect(failing.heard).toEqual(['close', 'leave true']);
  });
});

describe('the system shutting down', () => {
  it('pauses without a question, and waits only so long', async () => {
    const { flow, heard, closed } = stage(2);
    closed.resolve(undefined);
    void flow.shutDown();
    expect(flow.mayLeave()).toBe(false);
    await vi.advanceTimersByTimeAsync(2_999);
    expect(heard).toEqual(['pause']);
    await vi.advanceTimersByTimeAsync(1);
    expect(heard).toEqual(['pause', 'close', 'leave true']);
  });

  it('leaves at once when no job runs', async () => {
    const { flow, heard, closed } = stage(0);
    closed.resolve(undefined);
    await flow.shutDown();
    await flow.shutDown();
    expect(heard).toEqual(['close', 'leave true']);
  });

  it.each([true, false])('does not wait for a question that stands open (answered %s later)', async (answered) => {
    const { flow, heard, quit, paused, closed } = stage(1);
    flow.mayLeave();
    void flow.shutDown();
    paused.resolve(undefined);
    closed.resolve(undefined);
    await settle();
    expect(heard).toEqual(['ask 1', 'pause', 'close', 'leave true']);
    quit.resolve(answered);
    await settle();
    expect(heard).toEqual(['ask 1', 'pause', 'close', 'leave true']);
    expect(flow.mayLeave()).toBe(true);
  });

  it('closes once when it comes while leaving', async () => {
    const { flow, heard, quit, paused, closed } = stage(1);
    flow.mayLeave();
    quit.resolve(true);
    paused.resolve(undefined);
    await settle();
    void flow.shutDown();
    closed.resolve(undefined);
    await settle();
    expect(heard.filter((what) => what === 'close')).toEqual(['close']);
    expect(heard.filter((what) => what === 'leave true')).toEqual(['leave true']);
  });
});
