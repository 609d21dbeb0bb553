import { describe, expect, it } from 'vitest';
import type { Field, VendorDescriptor } from '../../../src/contract/vendor.ts';
import {
  filledIn,
  firstLookup,
  firstValues,
  formProblems,
  splitFields,
} from '../../../src/renderer/screens/orders/form.ts';
import { POLYV, SUNING } from './vendors.ts';

/** 2026-05-12 01:30 in Beijing, still the 11th in UTC. */
const NOW = Date.UTC(2026, 4, 11, 17, 30);

function firstOf(vendor: VendorDescriptor) {
  const operation = firstLookup(vendor);
  if (operation === null) throw new Error(`${vendor.id} has no lookup`);
  return operation;
}

describe('a form as it is at first', () => {
  it('begins with a lookup that needs no order number, where there is one', () => {
    expect([firstOf(POLYV).id, firstOf(SUNING).id]).toEqual(['order-list', 'order-status']);
    expect(firstLookup({ ...POLYV, operations: POLYV.operations.slice(0, 1) })?.id).toBe('order-get');
    expect(firstLookup({ ...POLYV, operations: [] })).toBeNull();
  });

  it("asks Suning for its own orders of Beijing's last seven days at once: nothing is left to fill in", () => {
    const operation = firstOf(SUNING);
    const values = firstValues(SUNING, operation.params, NOW);
    expect(values).toEqual({
      orderSource: '203',
      startTime: '2026-05-06 00:00:00',
      endTime: '2026-05-12 23:59:59',
      queryType: '0',
    });
    expect(formProblems(operation.params, values)).toEqual({});
  });

  it('asks Polyv by the time of creation alone, and keeps the rest of its fields under "more"', () => {
    const operation = firstOf(POLYV);
    const values = firstValues(POLYV, operation.params, NOW);
    expect(values).toEqual({
      startCreateTime: '2026-05-06 00:00:00',
      endCreateTime: '2026-05-12 23:59:59',
      pageSize: '50',
    });
    const { first, more } = splitFields(operation.params, values);
    expect(first.map(({ id }) => id)).toEqual(['status', 'startCreateTime', 'endCreateTime']);
    expect(more).toHaveLength(operation.params.length - 3);
    const filled = splitFields(operation.params, { ...values, queryChannelId: '17' });
    expect(filled.first.map(({ id }) => id)).toContain('queryChannelId');
  });
});

const field = (more: Partial<Field>): Field => ({
  id: 'one',
  names: { zh: '一', en: 'One' },
  kind: 'text',
  required: false,
  ...more,
});

describe('what is wrong with a form', () => {
  it.each<[string, Partial<Field>, string, string | undefined]>([
    ['empty and wanted', { required: true }, '  ', 'Please fill this in.'],
    ['empty and not wanted', {}, '', undefined],
    [
      'too long, by characters and not by halves of them',
      { maxLength: 2 },
      '😀😀😀',
      'At most 2 characters; this has 3.',
    ],
    ['just as long as it may be', { maxLength: 2 }, '😀😀', undefined],
    ['no number', { kind: 'integer' }, '1.5', 'Must be a whole number.'],
    [
      'not wholly as the pattern',
      { pattern: '\\d+', example: '42' },
      '42a',
      'Not in the right form; it should look like 42.',
    ],
    ['an alternative of the pattern', { pattern: 'a|b' }, 'ab', 'Not in the right form.'],
    ['as the pattern', { pattern: '\\d+' }, ' 42 ', undefined],
  ])('%s', (_, more, value, problem) => {
    expect(formProblems([field(more)], { one: value })['one']?.en).toBe(problem);
  });

  it('finds an end before its begin', () => {
    const fields = [field({ id: 'startTime', kind: 'time' }), field({ id: 'endTime', kind: 'time' })];
    const problems = formProblems(fields, { startTime: '2026-05-02 00:00:00', endTime: '2026-05-01 23:59:59' });
    expect(Object.keys(problems)).toEqual(['endTime']);
  });

  it('sends what is filled in, without spaces around', () => {
    expect(filledIn([field({}), field({ id: 'two' })], { one: ' a b ', two: ' ', three: 'x' })).toEqual({ one: 'a b' });
  });
});
