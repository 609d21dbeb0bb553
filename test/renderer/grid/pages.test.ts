import { describe, expect, it, vi } from 'vitest';
import type { PageSource } from '../../../src/renderer/components/grid/pages.ts';
import { MOST_PAGES, PAGE_SIZE, PageCache } from '../../../src/renderer/components/grid/pages.ts';

type Answer = (rows: readonly string[]) => void;

/** A source whose answers the test gives, in what order it likes. */
function slowSource(total: number, version = 1) {
  const asked: number[] = [];
  const answers = new Map<number, Answer>();
  const source: PageSource<string> = {
    total,
    version,
    page: (offset) =>
      new Promise((resolve) => {
        asked.push(offset / PAGE_SIZE);
        answers.set(offset / PAGE_SIZE, resolve);
      }),
  };
  const rowsOf = (page: number, word: string): string[] =>
    Array.from(
      { length: Math.min(PAGE_SIZE, total - page * PAGE_SIZE) },
      (_, at) => `${word}${String(page * PAGE_SIZE + at)}`,
    );
  const answer = async (page: number, word = 'row '): Promise<void> => {
    answers.get(page)?.(rowsOf(page, word));
    await Promise.resolve();
    await Promise.resolve();
  };
  return { source, asked, answer };
}

const quick = (total: number, version: number, word: string): PageSource<string> => ({
  total,
  version,
  page: (offset, limit) =>
    Promise.resolve(
      Array.from({ length: Math.min(limit, total - offset) }, (_, at) => `${word}${String(offset + at)}`),
    ),
});

describe('the pages of a grid', () => {
  it('reads what is seen, and says when it is there', async () => {
    const { source, asked, answer } = slowSource(1_000);
    const changed = vi.fn();
    const cache = new PageCache(source, changed, vi.fn());
    cache.want(40, 60);
    expect(asked).toEqual([0, 1]);
    expect(cache.at(45)).toBeUndefined();
    await answer(0);
    expect([cache.at(45), cache.at(55), changed.mock.calls.length]).toEqual(['row 45', undefined, 1]);
    expect([cache.has(40, 49), cache.has(40, 60)]).toEqual([true, false]);
    await answer(1);
    expect(cache.has(40, 60)).toBe(true);
  });

  it('asks for two pages at a time, and after a flight over many only for those it came to rest at', async () => {
    const { source, asked, answer } = slowSource(1_000_000);
    const cache = new PageCache(source, vi.fn(), vi.fn());
    for (let row = 0; row < 1_000_000; row += 50_000) cache.want(row, row + 20);
    expect(asked).toEqual([0, 1_000]);
    await answer(0);
    await answer(1_000);
    expect(asked).toEqual([0, 1_000, 19_000]);
  });

  it('keeps ten pages, the last seen ones', async () => {
    const cache = new PageCache(quick(100_000, 1, 'row '), vi.fn(), vi.fn());
    for (let page = 0; page < 25; page += 1) {
      cache.want(page * PAGE_SIZE, page * PAGE_SIZE + 10);
      await vi.waitUntil(() => cache.at(page * PAGE_SIZE) !== undefined);
    }
    expect(cache.size).toBe(MOST_PAGES);
    expect(cache.at(0)).toBeUndefined();
    expect(cache.at(15 * PAGE_SIZE)).toBe(`row ${String(15 * PAGE_SIZE)}`);
  });

  it('shows what it has until a new version is read, and never a row beyond the total', async () => {
    const cache = new PageCache(quick(250, 1, 'old '), vi.fn(), vi.fn());
    cache.want(200, 249);
    await vi.waitUntil(() => cache.at(249) !== undefined);
    const next = slowSource(240, 2);
    cache.take(next.source);
    expect([cache.at(200), cache.at(245)]).toEqual(['old 200', undefined]);
    await next.answer(4, 'new ');
    expect(cache.at(200)).toBe('new 200');
  });

  it('reads a page again that became stale while it was read', async () => {
    const first = slowSource(50, 1);
    const cache = new PageCache(first.source, vi.fn(), vi.fn());
    cache.want(0, 20);
    cache.take(quick(50, 2, 'new '));
    await first.answer(0, 'old ');
    await vi.waitUntil(() => cache.at(0) === 'new 0');
    expect(cache.at(49)).toBe('new 49');
  });

  it('says that a page could not be read, once, and tries again when the rows change', async () => {
    const failed = vi.fn();
    const page = vi.fn(() => Promise.reject(new Error('gone')));
    const cache = new PageCache<string>({ total: 50, version: 1, page }, vi.fn(), failed);
    cache.want(0, 20);
    await vi.waitUntil(() => failed.mock.calls.length === 1);
    cache.want(0, 20);
    expect(page).toHaveBeenCalledTimes(1);
    cache.take(quick(50, 2, 'row '));
    await vi.waitUntil(() => cache.at(0) === 'row 0');
    expect(failed).toHaveBeenCalledTimes(1);
  });
});
