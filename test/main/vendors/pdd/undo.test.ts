import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noteUpdate } from '../../../../src/main/vendors/pdd/note.ts';
import type { LookupRow, UpdateRow, Values } from '../../../../src/main/vendors/types.ts';

const ORDER = '210324-137383117442221';
const rowOf = (values: Values): UpdateRow => ({ order: ORDER, values });
const undo = (written: Values, old: Values): UpdateRow | null => noteUpdate.undo?.(rowOf(written), old, {}) ?? null;
const foundOf = (values: Values): LookupRow => ({ values: { order_sn: ORDER, ...values } });
const before = (row: UpdateRow, present: Values, expected: Values): string | undefined =>
  noteUpdate.readBefore?.judge({ row, params: {}, found: foundOf(present), expected, nowMs: 0 }).kind;

describe('the way back of a note', () => {
  it('is the note and the mark as they were, and none where nothing was changed', () => {
    const old = { note: 'old', tag: '1', tag_name: '急' };
    expect(undo({ note: 'new' }, old)).toEqual(rowOf(old));
    expect(undo({ note: 'new', tag: '2', tag_name: '黄' }, { note: 'new' })).toEqual(
      rowOf({ note: 'new', tag: '', tag_name: '' }),
    );
    expect(undo({ note: 'old' }, old)).toBeNull();
    expect(undo({ note: 'old', tag: '1', tag_name: '急' }, old)).toBeNull();
  });

  it('cannot bring back an empty note, nor a mark without its name, and the check says so at the field', () => {
    const problemOf = (old: Values): unknown => {
      const back = undo({ note: 'new' }, old);
      const checked = noteUpdate.checkRow({ ...back?.values, order_sn: ORDER }, {}, {});
      return checked.ok ? null : checked.problems[0]?.field;
    };
    expect(problemOf({ note: '' })).toBe('note');
    expect(problemOf({ note: 'old', tag: '1', tag_name: '' })).toBe('tag_name');
    expect(problemOf({ note: 'old' })).toBeNull();
  });

  it('is open only while what was written still stands; a mark that was not written may be any', () => {
    const back = rowOf({ note: 'old', tag: '', tag_name: '' });
    expect(before(back, { note: 'new', tag: '1', tag_name: '急' }, { note: 'new' })).toBe('write');
    expect(before(back, { note: 'other' }, { note: 'new' })).toBe('changed');
    expect(before(back, { note: 'new', tag: '2', tag_name: 'x' }, { note: 'new', tag: '1', tag_name: 'x' })).toBe(
      'changed',
    );
    expect(before(back, { note: 'old' }, { note: 'new' })).toBe('nothing_to_do');
    // The note is back, the mark is not.
    expect(before(back, { note: 'old', tag: '1', tag_name: '急' }, { note: 'old', tag: '1', tag_name: '急' })).toBe(
      'write',
    );
  });

  it('sends no mark where there was none', () => {
    const context = {
      credentials: { appId: 'a', appSecret: 's', sellerNick: 'n' },
      settings: {},
      baseUrl: 'https://h',
      nowMs: 0,
    };
    const body = (values: Values): URLSearchParams =>
      new URLSearchParams(Buffer.from(noteUpdate.request([rowOf(values)], {}, context).body ?? []).toString());
    expect([...body({ note: 'old', tag: '', tag_name: '' }).keys()]).not.toContain('tag');
    expect(body({ note: 'old', tag: '2', tag_name: '黄' }).get('tag_name')).toBe('黄');
  });

  it('leads back to what was written when it is gone twice', () => {
    const text = fc.string({ minLength: 1, maxLength: 12 });
    const values = fc.oneof(
      fc.record({
        note: text,
        tag: fc.constantFrom('1', '2', '5'),
        tag_name: fc.string({ minLength: 1, maxLength: 3 }),
      }),
      fc.record({ note: text, tag: fc.constant(''), tag_name: fc.constant('') }),
    );
    fc.assert(
      fc.property(values, values, (written, old) => {
        const back = undo(written, old);
        if (back === null) return;
        const again = undo(back.values, written);
        expect(again?.values).toEqual(written);
      }),
    );
  });
});
