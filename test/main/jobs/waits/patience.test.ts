import { describe, expect, it } from 'vitest';
import type { PauseReason } from '../../../../src/main/jobs/types.ts';
import { patiently } from '../../../../src/main/jobs/waits/patience.ts';
import { errorOf } from '../runner/support.ts';
import { QuickTime } from './rig.ts';

interface Tried {
  readonly seconds: number[];
  readonly told: (PauseReason | null)[];
  readonly tries: number;
  readonly ended: unknown;
}

/** Does work that fails as told, then is done. */
async function tried(
  failures: readonly Error[],
  { stopAt, signal }: { stopAt?: number; signal?: AbortSignal } = {},
): Promise<Tried> {
  const time = new QuickTime();
  const told: (PauseReason | null)[] = [];
  const stop = new AbortController();
  let tries = 0;
  const work = async (): Promise<string> => {
    const error = failures[tries];
    tries += 1;
    if (error !== undefined) throw error;
    return 'done';
  };
  const ended = await patiently(work, {
    sleep: time.sleep,
    signal: signal ?? stop.signal,
    tellWaiting: (reason) => {
      told.push(reason);
      if (told.length === stopAt) stop.abort(new Error('stop'));
    },
  }).catch((error: unknown) => error);
  return { seconds: time.sleeps.map((ms) => ms / 1_000), told, tries, ended };
}

const full = errorOf('DISK_FULL');
const busy = errorOf('DATABASE_BUSY');

describe('work that the journal cannot take just now', () => {
  it('is done at once where it can, and nothing is told', async () => {
    expect(await tried([])).toEqual({ seconds: [], told: [], tries: 1, ended: 'done' });
  });

  it('is done again, ever more seldom, and what it waits for is told', async () => {
    expect(await tried([full, busy, full, full, full, full, full])).toEqual({
      seconds: [1, 2, 4, 8, 16, 30, 30],
      told: ['disk_full', 'database_busy', ...Array.from({ length: 5 }, () => 'disk_full'), null],
      tries: 8,
      ended: 'done',
    });
  });

  it('is given up after about ten minutes, with what was said last', async () => {
    const last = errorOf('DATABASE_BUSY');
    const failures = [...Array.from({ length: 24 }, () => full), last];
    const given = await tried(failures);
    expect([given.tries, given.ended === last, given.told.length]).toEqual([25, true, 24]);
    expect(given.seconds.reduce((sum, one) => sum + one, 0)).toBe(31 + 19 * 30);
    expect((await tried(failures.slice(1))).ended).toBe('done');
  });

  it.each([
    ['a journal that is broken', errorOf('DATABASE_FAILED')],
    ['another failure', errorOf('JOB_STATE')],
    ['a mistake of ours', new TypeError('x')],
  ])('is not tried again for %s', async (_, error) => {
    expect(await tried([error])).toEqual({ seconds: [], told: [], tries: 1, ended: error });
    expect((await tried([full, error])).ended).toBe(error);
  });

  it('is given up when that is wished: before a wait, or within it', async () => {
    const stopped = await tried([full], { signal: AbortSignal.abort(new Error('stop')) });
    expect(stopped).toEqual({ seconds: [], told: [], tries: 1, ended: full });
    expect(await tried([full, busy, full], { stopAt: 2 })).toEqual({
      seconds: [1, 2],
      told: ['disk_full', 'database_busy'],
      tries: 2,
      ended: busy,
    });
  });

  it('needs nobody who may wish that', async () => {
    const time = new QuickTime();
    const failures = [full];
    const work = async (): Promise<void> => {
      const error = failures.pop();
      if (error !== undefined) throw error;
    };
    await patiently(work, { sleep: time.sleep, tellWaiting: () => {} });
    expect(time.sleeps).toEqual([1_000]);
  });
});
