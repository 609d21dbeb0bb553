import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SECRET_IDLE_MS, SecretCache } from '../../../src/main/gateway/secrets.ts';

describe('secrets in memory', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A cache by the faked clock, and the accounts whose secrets were read. */
  function cache(): { secrets: SecretCache; reads: string[] } {
    const reads: string[] = [];
    const read = (id: string): Promise<Record<string, string>> => {
      reads.push(id);
      return Promise.resolve({ key: `${id}-${reads.length}` });
    };
    return { secrets: new SecretCache(read, () => performance.now()), reads };
  }

  it('are there at once after the first reading, and shared while it lasts', async () => {
    const { secrets, reads } = cache();
    const [first, second] = [secrets.get('a'), secrets.get('a')];
    expect(first).toBeInstanceOf(Promise);
    expect(second).toBe(first);
    expect(await first).toEqual({ key: 'a-1' });
    expect(secrets.get('a')).toEqual({ key: 'a-1' });
    expect(reads).toEqual(['a']);
  });

  it('live as long as they are used, and no longer', async () => {
    const { secrets, reads } = cache();
    await secrets.get('a');
    await vi.advanceTimersByTimeAsync(SECRET_IDLE_MS - 1);
    expect(secrets.get('a')).toEqual({ key: 'a-1' });
    await vi.advanceTimersByTimeAsync(SECRET_IDLE_MS - 1);
    expect(secrets.get('a')).toEqual({ key: 'a-1' });
    await vi.advanceTimersByTimeAsync(SECRET_IDLE_MS);
    expect(await secrets.get('a')).toEqual({ key: 'a-2' });
    expect(reads).toEqual(['a', 'a']);
  });

  it('are swept from memory by one timer, which ends with the last of them', async () => {
    const { secrets } = cache();
    expect(vi.getTimerCount()).toBe(0);
    await secrets.get('a');
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1000);
    await secrets.get('b');
    expect(vi.getTimerCount()).toBe(1);
    // The first sweep finds only the older unused.
    await vi.advanceTimersByTimeAsync(SECRET_IDLE_MS - 1000);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(SECRET_IDLE_MS);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are dropped one by one or all, and the timer with the last', async () => {
    const { secrets, reads } = cache();
    await secrets.get('a');
    await secrets.get('b');
    secrets.forget('a');
    expect(vi.getTimerCount()).toBe(1);
    expect(secrets.get('b')).toEqual({ key: 'b-2' });
    secrets.forget('b');
    expect(vi.getTimerCount()).toBe(0);
    await secrets.get('a');
    await secrets.get('b');
    secrets.forget();
    expect(vi.getTimerCount()).toBe(0);
    await secrets.get('b');
    expect(reads).toEqual(['a', 'b', 'a', 'b', 'b']);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('that could not be read are asked for again; a later reading is kept', async () => {
    let fail: (error: Error) => void = () => undefined;
    const answers: Promise<Record<string, string>>[] = [
      new Promise((_resolve, reject) => (fail = reject)),
      Promise.resolve({ key: 'second' }),
    ];
    let reads = 0;
    const secrets = new SecretCache(
      () => answers[reads++] ?? Promise.reject(new Error('no more')),
      () => 0,
    );
    const first = secrets.get('a');
    secrets.forget('a');
    expect(await secrets.get('a')).toEqual({ key: 'second' });
    fail(new Error('late'));
    await expect(first).rejects.toThrow('late');
    expect(secrets.get('a')).toEqual({ key: 'second' });
    expect(reads).toBe(2);
    secrets.forget('a');
    await expect(secrets.get('a')).rejects.toThrow('no more');
    await expect(secrets.get('a')).rejects.toThrow('no more');
    expect(reads).toBe(4);
  });
});
