import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Mailbox, type Wish } from '../../../src/main/jobs/mailbox.ts';
import { temporaryFolder } from '../../support/journal.ts';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, 'wishes');
});
afterEach(() => {
  vi.useRealTimers();
  folder.remove();
});

/** Looks until `done`, for the file system takes its time, on a busy machine some seconds. */
async function until(done: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!done()) {
    if (performance.now() > end) throw new Error('it did not happen');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a wish', () => {
  it('is a file of the job in a private folder, and is taken once', async () => {
    const mailbox = new Mailbox(path);
    await mailbox.leave(7, 'pause');
    expect(readdirSync(path)).toEqual(['7.pause']);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(await mailbox.take(7)).toEqual(['pause']);
    expect(readdirSync(path)).toEqual([]);
    expect(await mailbox.take(7)).toEqual([]);
  });

  it('reaches another process through the folder alone', async () => {
    await new Mailbox(path).leave(7, 'cancel');
    expect(await new Mailbox(path).take(7)).toEqual(['cancel']);
  });

  it('to cancel comes before one to pause', async () => {
    const mailbox = new Mailbox(path);
    await mailbox.leave(7, 'pause');
    await mailbox.leave(7, 'cancel');
    expect(await mailbox.take(7)).toEqual(['cancel', 'pause']);
  });

  it('is for its own job', async () => {
    const mailbox = new Mailbox(path);
    await mailbox.leave(17, 'pause');
    writeFileSync(join(path, '7.stop'), '');
    expect(await mailbox.take(7)).toEqual([]);
    expect(readdirSync(path).toSorted()).toEqual(['17.pause', '7.stop']);
  });

  it('left twice is one', async () => {
    const mailbox = new Mailbox(path);
    await mailbox.leave(7, 'pause');
    await mailbox.leave(7, 'pause');
    expect(await mailbox.take(7)).toEqual(['pause']);
  });

  it('is none where there is no folder', async () => {
    expect(await new Mailbox(path).take(7)).toEqual([]);
    expect(existsSync(path)).toBe(false);
  });

  it('that cannot be removed is carried out all the same, and so are the others', async () => {
    // A folder of that name cannot be removed as a file can.
    mkdirSync(join(path, '7.cancel'), { recursive: true });
    const mailbox = new Mailbox(path);
    await mailbox.leave(7, 'pause');
    expect(await mailbox.take(7)).toEqual(['cancel', 'pause']);
    expect(readdirSync(path)).toEqual(['7.cancel']);
  });
});

describe('watching', () => {
  it('carries wishes out as they come, every 250 ms, until it is told to end', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const mailbox = new Mailbox(path);
    const done: Wish[] = [];
    const end = mailbox.watch(7, (wish) => done.push(wish));
    await mailbox.leave(7, 'pause');
    vi.advanceTimersByTime(249);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(done).toEqual([]);
    vi.advanceTimersByTime(1);
    await until(() => done.length > 0);
    expect(done).toEqual(['pause']);
    await mailbox.leave(7, 'cancel');
    vi.advanceTimersByTime(250);
    await until(() => done.length > 1);
    expect(done).toEqual(['pause', 'cancel']);
    end();
    await mailbox.leave(7, 'pause');
    vi.advanceTimersByTime(1_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(done).toEqual(['pause', 'cancel']);
    expect(readdirSync(path)).toEqual(['7.pause']);
  });

  it('looks once at a time', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const mailbox = new Mailbox(path);
    let looks = 0;
    let release: () => void = () => {};
    mailbox.take = () => {
      looks += 1;
      return new Promise((resolve) => {
        release = () => resolve([]);
      });
    };
    const end = mailbox.watch(7, () => {});
    vi.advanceTimersByTime(1_000);
    expect(looks).toBe(1);
    release();
    await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(250);
    expect(looks).toBe(2);
    end();
  });

  it('does not keep the process alive', () => {
    const set = vi.spyOn(globalThis, 'setInterval');
    const end = new Mailbox(path).watch(7, () => {});
    const timer = set.mock.results[0]?.value as NodeJS.Timeout;
    expect(timer.hasRef()).toBe(false);
    end();
    set.mockRestore();
  });
});
