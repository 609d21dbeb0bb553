import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeNote } from '../../../../src/main/vendors/pdd/compose.ts';
import { noteUpdate } from '../../../../src/main/vendors/pdd/note.ts';
import type { UpdateRow, Values } from '../../../../src/main/vendors/types.ts';

const ORDER = '210324-137383117442221';
const APPEND = { mode: 'append', separator: '；' };
const rowOf = (values: Values): UpdateRow => ({ order: ORDER, values });
const sent = (row: Values, present: Values, params: Values = APPEND): Values =>
  composeNote(rowOf(row), present, params).values;
const before = (row: Values, present: Values, expected: Values | null = null): string | undefined =>
  noteUpdate.readBefore?.judge({
    row: rowOf(row),
    params: APPEND,
    found: { values: { order_sn: ORDER, ...present } },
    expected,
    nowMs: 0,
  }).kind;

describe('the shared parameters of notes', () => {
  const checked = (params: Values, settings: Values = {}): unknown => {
    const answer = noteUpdate.checkParams(params, settings);
    return answer.ok ? answer.value : answer.problems.map(({ code }) => code);
  };

  it('write over the present note by default, and keep the separator of an appended one with the job', () => {
    expect(checked({})).toEqual({ mode: 'overwrite' });
    expect(checked({ mode: 'append' })).toEqual({ mode: 'append', separator: '；' });
    expect(checked({ mode: 'append' }, { noteSeparator: ' / ' })).toEqual({ mode: 'append', separator: ' / ' });
    expect(checked({ mode: 'append', separator: '|' }, { noteSeparator: ' / ' })).toMatchObject({ separator: '|' });
    expect(checked({ separator: '|' })).toEqual({ mode: 'overwrite' });
  });

  it('refuse a template whose braces are not in order, before anything is read', () => {
    expect(checked({ template: '{物流单号}' })).toEqual({ mode: 'overwrite', template: '{物流单号}' });
    expect(checked({ template: '{物流单号' })).toEqual(['template.braces']);
    expect(checked({ mode: 'other' })).toEqual(['field.choice']);
  });

  it('make reading needed where a note is put after the present one', () => {
    expect(noteUpdate.readBefore?.requiredBy).toEqual({ param: 'mode', value: 'append' });
  });
});

describe('a note that is put after the present one', () => {
  it('stands after it and the separator, alone where there was none, and is never added twice', () => {
    expect(sent({ note: 'b' }, { note: 'a' })).toEqual({ note: 'a；b' });
    expect(sent({ note: 'b' }, { note: '' })).toEqual({ note: 'b' });
    expect(sent({ note: 'b' }, { note: 'a；b' })).toEqual({ note: 'a；b' });
    expect(sent({ note: 'b' }, { note: 'b' })).toEqual({ note: 'b' });
    expect(sent({ note: 'b' }, { note: 'ab' })).toEqual({ note: 'ab；b' });
    expect(sent({ note: 'b' }, { note: 'a' }, { mode: 'overwrite' })).toEqual({ note: 'b' });
  });

  it('keeps the order’s mark unless the row brings one', () => {
    const marked = { note: 'a', tag: '1', tag_name: '急' };
    expect(sent({ note: 'b' }, marked)).toEqual({ note: 'a；b', tag: '1', tag_name: '急' });
    expect(sent({ note: 'b', tag: '3', tag_name: '绿' }, marked)).toEqual({ note: 'a；b', tag: '3', tag_name: '绿' });
    expect(sent({ note: 'b' }, { note: 'a', tag: '1', tag_name: '' })).toEqual({ note: 'a；b' });
  });

  it('has nothing to do where it stands already, and is not written where the note was changed since it was seen', () => {
    expect(before({ note: 'b' }, { note: 'a' })).toBe('write');
    expect(before({ note: 'b' }, { note: 'a；b' })).toBe('nothing_to_do');
    expect(before({ note: 'b' }, { note: 'c' }, { note: 'a' })).toBe('changed');
    expect(before({ note: 'b' }, { note: 'a' }, { note: 'a' })).toBe('write');
    expect(before({ note: 'b', tag: '2', tag_name: '黄' }, { note: 'a；b', tag: '1', tag_name: '急' })).toBe('write');
  });

  it('is warned of by the length that it comes to', () => {
    const row = composeNote(rowOf({ note: 'bb' }), { note: 'aa' }, APPEND);
    expect(noteUpdate.warn?.(row, { noteMax: '4' }).map(({ code }) => code)).toEqual(['pdd.note_long']);
    expect(noteUpdate.warn?.(row, { noteMax: '5' })).toEqual([]);
  });

  it('composes the same twice, holds the whole of both, is confirmed by a look-up, and leads back to what was there', () => {
    const text = fc.string({ minLength: 1, maxLength: 12 });
    const mark = fc.constantFrom({ tag: '', tag_name: '' }, { tag: '2', tag_name: '黄色' });
    const values = fc.tuple(text, mark).map(([note, one]) => ({ note, ...one }));
    fc.assert(
      fc.property(text, values, fc.constantFrom('；', ' ', '||'), (note, present, separator) => {
        const params = { mode: 'append', separator };
        const once = composeNote(rowOf({ note }), present, params);
        expect(composeNote(rowOf({ note }), { ...present, ...once.values }, params)).toEqual(once);
        expect(once.values['note']?.startsWith(present.note)).toBe(true);
        expect(once.values['note']?.endsWith(note)).toBe(true);
        const facts = {
          params,
          found: { values: { order_sn: ORDER, ...present, ...once.values } },
          oldValues: present,
          nowMs: 0,
          sameReadingsAtMs: [],
          sentAtMs: 0,
          sinceEndMs: 0,
        };
        expect(noteUpdate.verify?.judge({ ...facts, row: once }).outcome).toBe('succeeded');
        const back = noteUpdate.undo?.(once, present, params);
        if (once.values['note'] === present.note) expect(back).toBeNull();
        else expect(back?.values).toEqual(present);
      }),
    );
  });

  it('is undone by writing over it, whatever the job did', () => {
    expect(noteUpdate.undoParams?.({ mode: 'append', separator: '；', template: '{a}' })).toEqual({
      mode: 'overwrite',
    });
  });
});
