import { describe, expect, it } from 'vitest';
import { hasFeed, NewerWatch, type NewerSource } from '../../../src/main/shell/newer-watch.ts';
import { expectBilingual } from '../vendors/shared/bilingual.ts';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });

/** A source that says what the test says, and keeps what it was asked. */
function sourceOf(change: Partial<NewerSource> = {}): NewerSource & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async look() {
      asked.push('look');
      return change.look === undefined ? '9.0.0' : change.look();
    },
    async load() {
      asked.push('load');
      await change.load?.();
    },
  };
}

describe('a feed', () => {
  const https = "provider: generic\nurl: 'https://example.com/feed/'\n";

  it('is taken where its updates can be verified: over https, on Windows with their publisher, on Linux never', () => {
    expect(hasFeed(`${https}publisherName:\n  - A\n`, 'win32')).toBe(true);
    expect(hasFeed(https, 'win32')).toBe(false);
    expect(hasFeed(https, 'darwin')).toBe(true);
    expect(hasFeed(https, 'linux')).toBe(false);
    expect(hasFeed('provider: generic\nurl: http://example.com/\npublisherName: A\n', 'win32')).toBe(false);
    expect(hasFeed(null, 'darwin')).toBe(false);
  });
});

describe('a newer version', () => {
  it('is never looked for without a feed', async () => {
    const watch = new NewerWatch(null, () => undefined);
    for (const wish of ['state', 'look', 'load'] as const) expect(await watch.ask(wish)).toEqual({ kind: 'none' });
    await watch.follow();
  });

  it('is looked for, loaded and made ready only as it is asked for, one step at a time', async () => {
    const source = sourceOf();
    const watch = new NewerWatch(source, () => undefined);
    expect(await watch.ask('state')).toEqual({ kind: 'not_looked' });
    expect(await watch.ask('load')).toEqual({ kind: 'not_looked' });
    expect(source.asked).toEqual([]);
    expect(await watch.ask('look')).toEqual({ kind: 'found', version: '9.0.0' });
    expect(source.asked).toEqual(['look']);
    expect(await watch.ask('load')).toEqual({ kind: 'ready', version: '9.0.0' });
    expect(await watch.ask('look')).toEqual({ kind: 'ready', version: '9.0.0' });
    expect(source.asked).toEqual(['look', 'load']);
  });

  it('is asked for once by two who ask at the same time, and says that it is loading meanwhile', async () => {
    let arrived = (): void => undefined;
    const source = sourceOf({ load: () => new Promise((resolve) => (arrived = resolve)) });
    const watch = new NewerWatch(source, () => undefined);
    await watch.ask('look');
    const both = [watch.ask('load'), watch.ask('load')];
    expect(await watch.ask('state')).toEqual({ kind: 'loading', version: '9.0.0' });
    arrived();
    expect(await Promise.all(both)).toEqual([1, 2].map(() => ({ kind: 'ready', version: '9.0.0' })));
    expect(source.asked).toEqual(['look', 'load']);
  });

  it('is loaded by itself where the setting wants that, and nothing is where there is none', async () => {
    const [some, none] = [sourceOf(), sourceOf({ look: async () => null })];
    const watch = new NewerWatch(some, () => undefined);
    await watch.follow();
    expect(await watch.ask('state')).toMatchObject({ kind: 'ready' });
    const other = new NewerWatch(none, () => undefined);
    await other.follow();
    expect([await other.ask('state'), none.asked]).toEqual([{ kind: 'current' }, ['look']]);
  });

  it.each([
    ['ERR_UPDATER_INVALID_SIGNATURE', /signature or hash, and was thrown away/u],
    ['ERR_CHECKSUM_MISMATCH', /signature or hash, and was thrown away/u],
    ['ENOTFOUND', /could not be looked for or loaded/u],
  ])('that fails with %s says so, is logged, and may be tried again', async (code, says) => {
    const failed: unknown[] = [];
    let fails = true;
    const source = sourceOf({ load: () => (fails ? Promise.reject(coded(code)) : Promise.resolve()) });
    const watch = new NewerWatch(source, (error) => failed.push(error));
    await watch.ask('look');
    const state = await watch.ask('load');
    if (state.kind !== 'failed') throw new Error(state.kind);
    expect(state.message.en).toMatch(says);
    expectBilingual(state.message, state.remedy);
    expect(failed).toEqual([coded(code)]);
    fails = false;
    await watch.follow();
    expect(await watch.ask('state')).toMatchObject({ kind: 'ready' });
  });
});
