import { describe, expect, it } from 'vitest';
import { composed, mustRead, needsPresent, writtenRow } from '../../../src/main/jobs/written.ts';
import type { JournalRow } from '../../../src/main/jobs/types.ts';
import { operation } from '../../../src/main/vendors/registry.ts';
import type { Values } from '../../../src/main/vendors/types.ts';
import { NOTES } from './mend/support.ts';
import { updateOperation } from './runner/support.ts';

const APPEND: Values = { mode: 'append', separator: '+' };
const OVER: Values = { mode: 'overwrite' };
const ROW = { order: 'o', values: { note: 'new' } };
const STATUS = operation('polyv', 'update-status', 'update');
const DISPENSE = operation('vending', 'dispense', 'update');

describe('a row as it is sent', () => {
  it('is made of the present values where the definition says so and they are known', () => {
    expect(composed(NOTES, ROW, { note: 'old' }, APPEND)).toEqual({ order: 'o', values: { note: 'old+new' } });
    expect(composed(NOTES, ROW, null, APPEND)).toBe(ROW);
    expect(composed(STATUS, ROW, { note: 'old' }, APPEND)).toBe(ROW);
  });
});

describe('what a row of the journal wrote, or would write', () => {
  const of = (change: Partial<JournalRow>, params: Values = APPEND) =>
    writtenRow(NOTES, params, { ...ROW, oldValues: null, seenValues: null, ...change });

  it.each<[string, Partial<JournalRow>, Values, Values | null]>([
    [
      'the values read before the write',
      { oldValues: { note: 'a' }, seenValues: { note: 'b' } },
      APPEND,
      { note: 'a+new' },
    ],
    ['else those that the preview showed', { seenValues: { note: 'b' } }, APPEND, { note: 'b+new' }],
    ['nothing where it depends on values that nobody knows', {}, APPEND, null],
    ['itself where it does not depend on them', {}, OVER, { note: 'new' }],
  ])('is made of %s', (_what, change, params, values) => {
    expect(of(change, params)).toEqual(values === null ? null : { order: 'o', values });
  });

  it('is nothing for one that is set aside', () => {
    expect(of({ values: null, oldValues: { note: 'a' } }, OVER)).toBeNull();
  });
});

describe('whether present values must be read', () => {
  it.each([
    ['a note over the present one', NOTES, OVER, false, false],
    ['a note after the present one', NOTES, APPEND, true, true],
    ['a note without a way to write', NOTES, {}, false, false],
    ['a status', STATUS, APPEND, false, false],
    ['what reads nothing before', updateOperation(), APPEND, false, false],
    ['what cannot be taken back', DISPENSE, {}, false, true],
  ] as const)('depends on the write: %s', (_what, update, params, needs, must) => {
    expect([needsPresent(update, params), mustRead(update, params)]).toEqual([needs, must]);
  });
});
