import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { INPUTS } from './plan.ts';

it('feeds 10,000 inputs and more, each kind from a test of its own', () => {
  expect(Object.values(INPUTS).reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(10_000);
  const tests = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(path.join(import.meta.dirname, name), 'utf8'))
    .join('');
  for (const name of Object.keys(INPUTS)) expect(tests.split(`fuzz('${name}'`), name).toHaveLength(2);
});
