import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFault } from '../../../src/main/vault/json-fault.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('jsonFault', () => {
  it.each([
    ['', 1, 1],
    ['{\n  "a": 1,\n}', 3, 1],
    ['{"a" 1}', 1, 6],
    ['[1,]', 1, 4],
    ['[1 2]', 1, 4],
    ['{"a":1} x', 1, 9],
    ['{"a":1', 1, 7],
    ['["abc', 1, 2],
    ['["a\tb"]', 1, 2],
    ['tru', 1, 1],
    ['[01]', 1, 3],
    ['{\n"a": nul\n}', 2, 6],
    ['{a:1}', 1, 2],
  ])('finds the fault of %j at line %i, column %i', (text, line, column) => {
    expect(jsonFault(text)).toEqual({ line, column });
  });

  it('finds a fault exactly where JSON.parse does', () => {
    const damagedJson = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', ',', '}', '[', '\\', '0', 'x', '\n'))
      .map(([json, at, put]) => {
        const cut = at % (json.length + 1);
        return json.slice(0, cut) + put + json.slice(cut + 1);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), damagedJson), (text) => (jsonFault(text) === null) === isJson(text)),
      { seed: 1, numRuns: 300 },
    );
  });
});
