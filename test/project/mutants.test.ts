import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const TEST = `
import { expect, it } from 'vitest';
import { isFew, LIMITS, remember, stepsTo } from '../../../src/main/vendors/part.ts';
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
  const verdictOf = (line: string, replacement: string): string => {
    const at = SOURCE.split('\n').findIndex((text) => text.includes(line)) + 1;
    const found = mutants.find((mutant) => mutant.line === at && mutant.replacement === replacement);
    if (found === undefined) throw new Error(`no mutant ${replacement} in ${line}`);
    return judged.get(found.id)?.verdict ?? 'no test';
  };

  beforeAll(async () => {
    const project = path.join(place, 'project');
    for (const [file, text] of [
      ['src/main/vendors/part.ts', SOURCE],
      ['test/main/vendors/part.test.ts', TEST],
      ['package.json', '{ "name": "planted" }'],
      ['tsconfig.json', '{}'],
    ] as const) {
      mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
      writeFileSync(path.join(project, file), text);
    }
    const folder = path.join(place, 'copy');
    mutants = await instrument(project, folder, ['src/main/vendors/part.ts']);
    const ids = mutants.map(({ id }) => id);
    judged = await judgeBy({ root, folder, atLoad: () => true }, 'test/main/vendors/part.test.ts', ids);
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
