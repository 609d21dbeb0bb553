import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getJob, listJobs } from '../../../../src/main/jobs/journal/jobs.ts';
import { makeReverse, reverseRow } from '../../../../src/main/jobs/mend/undo.ts';
import type { Job, JournalRow } from '../../../../src/main/jobs/types.ts';
import type { UpdateOperation, Values } from '../../../../src/main/vendors/types.ts';
import { allRows, straightJournal, testDatabases, type TestDatabases } from '../../../support/journal.ts';
import { job, row } from '../export/support.ts';
import { accountOf, NOW_MS } from '../runner/support.ts';
import { contextOf, NOTE_SPEC, noteJob, NOTES, order, settleRows } from './support.ts';

const UNREAD = {
  code: 'undo.unread',
  message: {
    zh: '写入前没有读到原来的值，不能撤销',
    en: 'its old value was not read before the write, so it cannot be set back',
  },
};
const SAME = {
  code: 'undo.same',
  message: {
    zh: '写入前已是这个值，没有可撤销的',
    en: 'it was the same before the write; there is nothing to set back',
  },
};
/** Without parameters of its own for the way back. */
const { undoParams: _undoParams, ...PLAIN_BACK } = NOTES;
const OLD: Values = { note: 'old', tag: '', tag_name: '' };

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

function reverse(
  change: Partial<JournalRow>,
  { params = {}, operation = NOTES }: { params?: Job['params']; operation?: UpdateOperation } = {},
) {
  const context = {
    operation,
    job: job({ ...NOTE_SPEC, params: { ...NOTE_SPEC.params, ...params } }),
    account: accountOf('shop-1', { vendor: 'pdd', settings: { noteMax: '9' } }),
  };
  const written = { order: order(4), values: { note: 'new' }, oldValues: OLD };
  return reverseRow(context, row(4, ['x', 'y'], { ...written, ...change }));
}

describe('the row that sets another back', () => {
  it('has the old values, in cells of its own, where the present ones still are those that were written', () => {
    expect(reverse({})).toEqual({
      line: 5,
      order: order(4),
      cells: [order(4), 'old', '', ''],
      values: OLD,
      expects: { note: 'new' },
      problem: null,
    });
  });

  it('takes for granted what was written over the old values, not what was read in', () => {
    expect(reverse({}, { params: { mode: 'append', separator: '+' } })).toMatchObject({
      values: OLD,
      expects: { note: 'old+new' },
    });
  });

  it.each<[string, Partial<JournalRow>, object]>([
    ['whose old values were not read', { oldValues: null }, UNREAD],
    ['that has no values', { values: null }, UNREAD],
    ['that was the same before', { values: { note: 'old' } }, SAME],
  ])('sets nothing back of one %s, and says so', (_which, change, problem) => {
    expect(reverse(change)).toEqual({
      line: 5,
      order: order(4),
      cells: [order(4), '', '', ''],
      values: null,
      expects: null,
      problem,
    });
  });

  it('sets nothing back by an operation that knows no way back', () => {
    const { undo: _undo, ...operation } = NOTES;
    expect(reverse({}, { operation })).toMatchObject({ values: null, problem: UNREAD });
  });

  it('is set aside with all that the vendor would not take, at the first field', () => {
    expect(reverse({ oldValues: { note: '', tag: '9', tag_name: 'long' } })).toEqual({
      line: 5,
      order: order(4),
      cells: [order(4), '', '', ''],
      values: null,
      expects: null,
      problem: {
        code: 'undo.refused',
        field: 'note',
        message: {
          zh: '原来的值写不回去：备注：必须填写；标记：只能是：1（红色）、2（黄色）、3（绿色）、4（蓝色）、5（紫色）；标记名称：最多 3 个字符，现在是 4 个',
          en: 'its old value cannot be written back: Note: is required; Mark: must be one of: 1 (red), 2 (yellow), 3 (green), 4 (blue), 5 (purple); Mark name: at most 3 characters, this has 4',
        },
      },
    });
  });

  it('names no field where the problem has none', () => {
    const problem = { code: 'p', message: { zh: '不行', en: 'no' } };
    const operation: UpdateOperation = { ...NOTES, checkRow: () => ({ ok: false, problems: [problem] }) };
    expect(reverse({}, { operation }).problem).toStrictEqual({
      code: 'undo.refused',
      message: { zh: '原来的值写不回去：不行', en: 'its old value cannot be written back: no' },
    });
  });

  it.each<[string, UpdateOperation, Values]>([
    ['the definition’s own parameters for the way back', NOTES, { mode: 'overwrite' }],
    ['those of the job where it has none', PLAIN_BACK, { mode: 'append' }],
  ])('is checked with %s', (_which, base, params) => {
    const asked: unknown[] = [];
    const checkRow: UpdateOperation['checkRow'] = (...args) => {
      asked.push(args);
      return NOTES.checkRow(...args);
    };
    reverse({}, { params: { mode: 'append' }, operation: { ...base, checkRow } });
    expect(asked).toEqual([[{ ...OLD, order_sn: order(4) }, params, { noteMax: '9' }]]);
  });
});

/** A job of notes of which each row succeeded over these old values; null: they were not read. */
function written(olds: readonly (Values | null)[], params: Values = { mode: 'append', separator: '+' }): number {
  const rows = olds.map((_, index) => [order(index + 1), 'new', '', '']);
  const jobId = noteJob(databases, [...rows, [order(9_999), 'waits', '', '']], {
    params,
    options: { readBefore: false, writeUnreadable: true, firstRows: 3, verifyAfter: true },
  });
  const done = olds.map((oldValues, index) => ({
    rowNo: index + 1,
    order: order(index + 1),
    state: 'succeeded' as const,
    ...(oldValues === null ? {} : { oldValues }),
  }));
  settleRows(databases, jobId, done);
  return jobId;
}

describe('a reverse job', () => {
  it('has every row that succeeded and no other, ready to run after a reading, and counts what becomes of them', async () => {
    const jobId = written([OLD, null, { note: '' }, { note: 'new' }, { note: 'new' }]);
    const undone = await makeReverse(contextOf(databases, jobId));
    expect(undone).toEqual({ jobId: jobId + 1, rows: 5, ready: 1, unread: 1, refused: 1, same: 2 });
    expect(getJob(databases, { id: jobId + 1 })).toMatchObject({
      vendor: 'pdd',
      accountId: 'shop-1',
      accountLabel: 'Shop 1',
      operation: 'note-update',
      params: { mode: 'overwrite' },
      source: { kind: 'paste', name: 'paste' },
      header: ['order_sn', 'note', 'tag', 'tag_name'],
      mapping: { order_sn: 0, note: 1, tag: 2, tag_name: 3 },
      options: { readBefore: true, writeUnreadable: false, firstRows: null, verifyAfter: true },
      kind: 'undo',
      state: 'ready',
      parentId: jobId,
      createdAt: new Date(NOW_MS).toISOString(),
    });
    expect(
      allRows(databases, jobId + 1).map((one) => [one.rowNo, one.line, one.reason, one.problem?.code ?? null]),
    ).toEqual([
      [1, 2, 'pending', null],
      [2, 3, 'set_aside', 'undo.unread'],
      [3, 4, 'set_aside', 'undo.refused'],
      [4, 5, 'set_aside', 'undo.same'],
      [5, 6, 'set_aside', 'undo.same'],
    ]);
  });

  it('keeps the job’s own parameters where the definition has none for the way back', async () => {
    const jobId = written([OLD]);
    const undone = await makeReverse(contextOf(databases, jobId, { operation: PLAIN_BACK }));
    expect(getJob(databases, { id: undone?.jobId ?? 0 }).params).toEqual({ mode: 'append', separator: '+' });
  });

  it('numbers its rows on from page to page', async () => {
    const jobId = written(Array.from({ length: 2_001 }, () => OLD));
    expect(await makeReverse(contextOf(databases, jobId))).toMatchObject({ rows: 2_001, ready: 2_001 });
    const rows = allRows(databases, jobId + 1);
    expect(rows.map(({ rowNo }) => rowNo)).toEqual(Array.from({ length: 2_001 }, (_, index) => index + 1));
    expect(rows.at(-1)).toMatchObject({ line: 2_002, order: order(2_001) });
  });

  it('is not made where no row can be set back, and leaves nothing', async () => {
    const jobId = written([null, { note: '' }]);
    expect(await makeReverse(contextOf(databases, jobId))).toBeNull();
    expect(listJobs(databases).map(({ id }) => id)).toEqual([jobId]);
    expect(await makeReverse(contextOf(databases, noteJob(databases, [[order(50), 'x']])))).toBeNull();
  });

  it('leaves nothing when the journal fails amid it, even where nothing can be taken back', async () => {
    const jobId = written([OLD]);
    const failing = (...names: readonly string[]) =>
      straightJournal(databases, (name) => {
        if (names.includes(name)) throw new Error(`no ${name}`);
      });
    for (const name of ['addReverseRows', 'finishIntake']) {
      await expect(makeReverse(contextOf(databases, jobId, { journal: failing(name) }))).rejects.toThrow(`no ${name}`);
      expect(listJobs(databases).map(({ id }) => id)).toEqual([jobId]);
    }
    const journal = failing('addReverseRows', 'dropIntake');
    await expect(makeReverse(contextOf(databases, jobId, { journal }))).rejects.toThrow('no addReverseRows');
  });
});
