import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { instrument, type Mutant } from '../mutants/instrument.ts';
import { judgeBy, type Judgement } from '../mutants/judge.ts';
import { percentKilled, table, type Fate } from '../mutants/report.ts';
import { sampleOf } from '../mutants/sample.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const place = path.join(root, '.cache', `mutants-test-${process.pid}`);

const SOURCE = `
export function remember(): boolean {
  const seen = globalThis as { remembered?: boolean };
  seen.remembered = false;
  return seen.remembered;
}
export const NOTE = 'nobody reads';
export const LIMITS = { most: 3 };
export const isFew = (count: number): boolean => count < LIMITS.most;
export function stepsTo(end: number): number {
  let steps = 0;
  for (let at = 0; at < end; at++) steps++;
  return steps;
}
export const unreached = (): string => 'nobody asks';
`;

/** Runs in a thread alone, so that only the thread knows what it reaches. */
const THREAD = `
import { parentPort } from 'node:worker_threads';
parentPort?.once('message', (count: number) => parentPort?.postMessage(count + 1));
export const unreached = (): string => 'nobody asks';
`;

const TEST = `
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { isFew, LIMITS, remember, stepsTo } from '../../../src/main/vendors/part.ts';
it('has a thread add one', async () => {
  const worker = new Worker(new URL('../../../src/main/vendors/thread.ts', import.meta.url));
  const answer = once(worker, 'message');
  worker.postMessage(2);
  expect((await answer)[0]).toBe(3);
  await worker.terminate();
});
it('never passes', () => expect(remember()).toBe(true));
it('finds nothing left behind', () => expect(globalThis.remembered ?? false).toBe(false));
it('remembers nothing', () => expect(remember()).toBe(false));
it('knows few', () => expect([isFew(2), isFew(4), LIMITS]).toEqual([true, false, { most: 3 }]));
it('counts steps', () => expect(stepsTo(5)).toBe(5));
`;

const fate = (verdict: Fate['verdict'], file = 'src/main/vendors/a.ts'): Fate => ({
  mutant: { id: '1', file, line: 1, column: 1, mutator: 'X', replacement: '', ignored: null },
  verdict,
  by: null,
});

describe('mutants', () => {
  let mutants: Mutant[] = [];
  let judged = new Map<string, Judgement>();
  let words = '';
  const verdictOf = (line: string, replacement: string, source = 'part'): string => {
    const text = source === 'part' ? SOURCE : THREAD;
    const at = text.split('\n').findIndex((one) => one.includes(line)) + 1;
    const found = mutants.find(
      ({ file, ...mutant }) =>
        file.endsWith(`/${source}.ts`) && mutant.line === at && mutant.replacement === replacement,
    );
    if (found === undefined) throw new Error(`no mutant ${replacement} in ${line}`);
    return judged.get(found.id)?.verdict ?? 'no test';
  };

  beforeAll(async () => {
    const project = path.join(place, 'project');
    for (const [file, text] of [
      ['src/main/vendors/part.ts', SOURCE],
      ['src/main/vendors/thread.ts', THREAD],
      ['test/main/vendors/part.test.ts', TEST],
      ['package.json', '{ "name": "planted" }'],
      ['tsconfig.json', '{}'],
    ] as const) {
      mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
      writeFileSync(path.join(project, file), text);
    }
    const folder = path.join(place, 'copy');
    mutants = await instrument(project, folder, ['src/main/vendors/part.ts', 'src/main/vendors/thread.ts']);
    const ids = mutants.map(({ id }) => id);
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const judge = { root, folder, atLoad: () => true, inThreads: () => true };
    judged = await judgeBy(judge, 'test/main/vendors/part.test.ts', ids);
    words = told.mock.calls.join('\n');
    told.mockRestore();
  });
  afterAll(() => rmSync(place, { recursive: true, force: true, maxRetries: 3 }));

  it('kills what a test tells apart, also in what is made while modules load', () => {
    expect(verdictOf('count < LIMITS', 'count >= LIMITS.most')).toBe('killed');
    expect(verdictOf('{ most: 3 }', '{}')).toBe('killed');
  });

  it('lets live what no test tells apart or reaches', () => {
    expect(verdictOf('count < LIMITS', 'count <= LIMITS.most')).toBe('survived');
    expect(verdictOf('nobody asks', '""')).toBe('no test');
  });

  it('kills what only a thread reaches, and lets live what it does not', () => {
    expect(verdictOf('count + 1', 'count - 1', 'thread')).toBe('killed');
    expect(verdictOf('nobody asks', '""', 'thread')).toBe('no test');
  });

  it('leaves a test out that fails without a mutant, and says so', () => {
    expect(words).toContain('is not asked for: never passes');
    expect([...judged.values()].map(({ by }) => by)).not.toContain('never passes');
  });

  it('ends an endless loop', () => {
    expect(verdictOf('at < end', 'at--')).toMatch(/^(killed|timeout)$/);
  });

  it('blames no mutant for what another left behind', () => {
    expect(verdictOf('seen.remembered = false', 'true')).toBe('killed');
    expect(verdictOf('nobody reads', '""')).toBe('survived');
  });
});

describe('a sample of mutants', () => {
  const items = Array.from({ length: 100 }, (_, index) => index);

  it('is the same for the same seed, another for another, in the items’ order', () => {
    const one = sampleOf(items, 10, 1);
    expect(one).toHaveLength(10);
    expect(sampleOf(items, 10, 1)).toEqual(one);
    expect(sampleOf(items, 10, 2)).not.toEqual(one);
    expect(one.toSorted((a, b) => a - b)).toEqual(one);
  });

  it('is everything when more is asked for', () => {
    expect(sampleOf(items, 1000, 1)).toEqual(items);
  });
});

describe('the score', () => {
  it('counts what no test reaches as alive, and leaves the ignored out', () => {
    expect(percentKilled({ killed: 3, survived: 1, untested: 1 })).toBe(60);
    const { text, percent } = table(['killed', 'timeout', 'crash', 'survived', 'no test', 'ignored'].map(asFate));
    expect(percent).toBe(60);
    expect(text).toContain('killed: 1 of them by running over time, 1 by ending the process');
  });
});

function asFate(verdict: string): Fate {
  return fate(verdict as Fate['verdict']);
}
