import { describe, expect, it } from 'vitest';
import { FAILURE_CLASSES, NOT_SENT_REASONS, retryClassOf } from '../../../../src/contract/outcome.ts';
import {
  changedFields,
  checkEdit,
  editable,
  editingOf,
  fromCells,
  orderFieldOf,
  sameOrder,
} from '../../../../src/main/jobs/mend/edit.ts';
import type { Job, JobState, JournalRow } from '../../../../src/main/jobs/types.ts';
import type { Values } from '../../../../src/main/vendors/types.ts';
import { failure } from '../../../support/journal.ts';
import { job, row } from '../export/support.ts';
import { updateOperation } from '../runner/support.ts';
import { NOTE_SPEC, NOTES, order } from './support.ts';

const noteJob = (change: Partial<Job> = {}): Job => job({ ...NOTE_SPEC, ...change });
const notSent = (reason: JournalRow['reason'], rest: Partial<JournalRow> = {}): Partial<JournalRow> => ({
  state: 'not_sent',
  reason,
  ...rest,
});
const editing = (ofJob: Partial<Job>, ofRow: Partial<JournalRow>): unknown =>
  editingOf(noteJob(ofJob), row(1, ['a'], ofRow));

const NOTHING = { place: null, why: { zh: '这一行没有可改的', en: 'There is nothing to mend in this row' } };
const NO_USE = {
  place: null,
  why: {
    zh: '按供应商的答复，改了重发也没有用',
    en: 'By what the vendor said, mending and sending it again is of no use',
  },
};

describe('whether a row may be edited', () => {
  it.each<[string, Partial<Job>, Partial<JournalRow>, string, string]>([
    [
      'of a reverse job',
      { kind: 'undo' },
      { state: 'failed', failure: failure('F', 'input') },
      '撤销任务写回的是原来的值，不能改',
      'A reverse job writes back what was there before; it is not edited',
    ],
    [
      'that a follow-up has',
      {},
      { state: 'failed', failure: failure('F', 'input'), movedTo: 31 },
      '这一行已转入任务 31，请在那里改',
      'Job 31 has taken the row over; mend it there',
    ],
    ['that succeeded', {}, { state: 'succeeded' }, '这一行已成功', 'The row has succeeded'],
    ['that is under way', { state: 'running' }, { state: 'sending' }, '这一行正在发送', 'The row is being sent'],
    [
      'in doubt',
      {},
      { state: 'unknown' },
      '这一行结果未知，先查证或决定',
      'The row is in doubt; verify it or decide first',
    ],
  ])('is no for one %s, and why', (_which, ofJob, ofRow, zh, en) => {
    expect(editing(ofJob, ofRow)).toEqual({ place: null, why: { zh, en } });
  });

  it.each(FAILURE_CLASSES)('depends on whether mending cures its failure: %s', (failureClass) => {
    const isOfUse = retryClassOf(failureClass) !== 'never';
    const failed = { failure: failure('F', failureClass) };
    const answer = isOfUse ? { place: 'follow_up' } : NO_USE;
    expect(editing({}, { state: 'failed', ...failed })).toEqual(answer);
    expect(editing({}, notSent('rejected', failed))).toEqual(answer);
  });

  it('is yes for one that failed for no known cause', () => {
    expect(editing({}, { state: 'failed' })).toEqual({ place: 'follow_up' });
  });

  it.each(NOT_SENT_REASONS)('goes by why it was not sent: %s', (reason) => {
    const mendable = ['set_aside', 'rejected', 'unreadable'].includes(reason);
    const inPlace = ['set_aside', 'pending'].includes(reason);
    const later = mendable ? { place: 'follow_up' } : NOTHING;
    expect(editing({ state: 'paused' }, notSent(reason, { attempts: 0 }))).toEqual(later);
    expect(editing({ state: 'ready', startedAt: null }, notSent(reason, { attempts: 0 }))).toEqual(
      inPlace ? { place: 'row' } : later,
    );
  });

  it.each<[string, Partial<Job>, Partial<JournalRow>]>([
    ['has begun', { state: 'ready', startedAt: '2026-01-02T03:04:05.000Z' }, { attempts: 0 }],
    ['is paused before its start', { state: 'paused', startedAt: null }, { attempts: 0 }],
    ['has sent it before', { state: 'ready', startedAt: null }, { attempts: 1 }],
  ])('is never in the row itself of a job that %s', (_what, ofJob, ofRow) => {
    expect(editing(ofJob, notSent('set_aside', ofRow))).toEqual({ place: 'follow_up' });
    expect(editing(ofJob, notSent('pending', ofRow))).toEqual(NOTHING);
  });

  it.each<[JobState, unknown]>([
    ['intake', null],
    ['running', null],
    ['ready', 'follow_up'],
    ['paused', 'follow_up'],
    ['finished', 'follow_up'],
    ['cancelled', 'follow_up'],
  ])('goes by the state of the job: %s', (state, place) => {
    const busy = { place, why: { zh: '任务正在进行，先暂停', en: 'The job is at work; pause it first' } };
    expect(editing({ state }, { state: 'failed' })).toEqual(place === null ? busy : { place });
    expect(editing({ state }, notSent('rejected'))).toEqual(place === null ? busy : { place });
  });
});

describe('the values that a person edits', () => {
  const read = { order: order(1), values: { note: 'sent', tag: '1', tag_name: '红' } };

  it('are the mended ones where there are some, else those that are sent, else the cells, each with its order', () => {
    const cells = [order(3), 'cell', '', ''];
    const mended = { order: order(2), values: { note: 'mended' } };
    expect(editable(noteJob(), NOTES, row(1, cells, { ...read, mended }))).toEqual({
      order_sn: order(2),
      note: 'mended',
    });
    expect(editable(noteJob(), NOTES, row(1, cells, read))).toEqual({ order_sn: order(1), ...read.values });
    expect(editable(noteJob(), NOTES, row(1, cells, { values: null }))).toEqual({
      order_sn: order(3),
      note: 'cell',
      tag: '',
      tag_name: '',
    });
  });

  it('are read from cells as an intake does: a note as it stands, the rest freed of protections, absent cells empty', () => {
    const mapping = { order_sn: 2, note: 0, tag: 5 };
    expect(fromCells({ mapping }, NOTES, [' ="1" ', 'x', `="${order(1)}"`])).toEqual({
      order_sn: order(1),
      note: ' ="1" ',
      tag: '',
    });
  });
});

describe('the check of an edit', () => {
  const check = (values: Values, settings: Values = {}) => checkEdit(NOTES, values, {}, settings);
  const FIT = { order_sn: order(1), note: 'new' };

  it('lets fit values through as they will be sent, and drops those of no field', () => {
    expect(check({ ...FIT, tag: '红色', tag_name: 'a', order: 'x', other: 'y' })).toEqual({
      ok: true,
      value: { order: order(1), values: { note: 'new', tag: '1', tag_name: 'a' } },
      warnings: [],
    });
  });

  it('passes on what the definition warns of, by the account’s settings', () => {
    const checked = check({ ...FIT, note: 'four' }, { noteMax: '3' });
    expect(checked.ok && checked.warnings.map(({ code, field }) => [code, field])).toEqual([['pdd.note_long', 'note']]);
  });

  it('tells the definition’s own problems', () => {
    expect(check({ order_sn: order(1), note: 'x', tag: '1' })).toMatchObject({
      ok: false,
      problems: [{ code: 'pdd.tag_pair', field: 'tag_name' }],
    });
    expect(check({})).toMatchObject({ problems: [{ field: 'order_sn' }, { field: 'note' }] });
  });

  it('refuses a value above the longest cell, and not one of that length', () => {
    const long = (n: number): Values => ({ ...FIT, note: 'n'.repeat(n) });
    expect(check(long(10_000)).ok).toBe(true);
    expect(check(long(10_001))).toEqual({
      ok: false,
      problems: [
        {
          code: 'field.too_long',
          field: 'note',
          message: {
            zh: '备注：超过 10000 个字符；请检查是否缺少引号或列错位',
            en: 'Note: has more than 10000 characters; look for a missing quote or shifted columns',
          },
        },
      ],
    });
  });

  it('names a spreadsheet’s damage at its field before the definition is asked', () => {
    const checked = check({ order_sn: '2.1E+17', note: 'lost \uFFFD', tag: '1' });
    expect(checked.ok ? [] : checked.problems.map(({ code, field }) => [code, field])).toEqual([
      ['order.scientific', 'order_sn'],
      ['damaged_text', 'note'],
    ]);
  });

  it('hands the definition the job’s parameters, and every field, empty where none is given', () => {
    const asked: unknown[] = [];
    const operation = {
      ...NOTES,
      checkRow: (...args: Parameters<typeof NOTES.checkRow>) => {
        asked.push(args);
        return NOTES.checkRow(...args);
      },
    };
    checkEdit(operation, FIT, { mode: 'append' }, { noteMax: '9' });
    expect(asked).toEqual([[{ ...FIT, tag: '', tag_name: '' }, { mode: 'append' }, { noteMax: '9' }]]);
  });
});

describe('what an edit has changed', () => {
  it.each<[string, Values, string, Values, readonly string[]]>([
    ['nothing', { order_sn: 'a', note: 'x' }, 'a', { note: 'x' }, []],
    ['the order', { order_sn: 'a', note: 'x' }, 'b', { note: 'x' }, ['order_sn']],
    ['a field', { order_sn: 'a', note: 'x' }, 'a', { note: 'y' }, ['note']],
    ['fields that are gone or new', { order_sn: 'a', tag: '1' }, 'a', { note: 'y' }, ['note', 'tag']],
    ['no field that is empty in either', { order_sn: 'a', tag: '' }, 'a', { tag_name: '' }, []],
  ])('is %s', (_what, before, number, values, fields) => {
    expect(changedFields(NOTES, before, { order: number, values })).toEqual(fields);
  });
});

describe('the order of a row', () => {
  it('has one field of the operation, and an operation without it is a fault of the program', () => {
    expect(orderFieldOf(NOTES).id).toBe('order_sn');
    expect(() => orderFieldOf(updateOperation({ rowFields: NOTES.rowFields.slice(1) }))).toThrow(
      'update-status has no field of the order',
    );
  });

  it('that another row has is named with that row’s line', () => {
    expect(sameOrder(NOTES, 7)).toEqual({
      code: 'duplicate',
      field: 'order_sn',
      message: { zh: '订单号：第 7 行已是这个订单', en: 'Order number: line 7 has this order already' },
    });
  });
});
