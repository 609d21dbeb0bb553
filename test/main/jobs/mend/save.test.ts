import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apply } from '../../../../src/main/jobs/journal/calls.ts';
import { eventsOf } from '../../../../src/main/jobs/journal/events.ts';
import { saveEdit, type Edited } from '../../../../src/main/jobs/mend/save.ts';
import type { Values } from '../../../../src/main/vendors/types.ts';
import { allRows, failure, straightJournal, testDatabases, type TestDatabases } from '../../../support/journal.ts';
import { failure as refusal } from '../intake/support.ts';
import { NOW_MS } from '../runner/support.ts';
import { contextOf, noteJob, NOTES, order, settle } from './support.ts';

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

const twoRows = (): number =>
  noteJob(databases, [
    [order(1), '', '', ''],
    [order(2), 'fit', '', ''],
  ]);

const save = (
  jobId: number,
  rowNo: number,
  values: Values,
  change: Parameters<typeof contextOf>[2] = {},
): Promise<Edited> => saveEdit(contextOf(databases, jobId, change), rowNo, values);

const REMEDY = { zh: '请重新打开任务，看它现在的状态。', en: 'Open the job again and look where the row stands.' };

describe('an edit of a row', () => {
  it('is saved in the row of a job that has not begun, with what the definition warns of', async () => {
    const jobId = twoRows();
    const edited = await save(jobId, 1, { order_sn: order(3), note: 'long' }, { settings: { noteMax: '3' } });
    expect(edited).toMatchObject({ saved: true, problems: [], warnings: [{ code: 'pdd.note_long' }] });
    expect(allRows(databases, jobId)[0]).toMatchObject({
      order: order(3),
      values: { note: 'long' },
      reason: 'pending',
      problem: null,
      mended: null,
    });
    expect(eventsOf(databases, { jobId, after: 0, limit: 9 })).toMatchObject([
      { rowNo: 1, kind: 'edited', atMs: NOW_MS, data: { fields: 'order_sn,note' } },
    ]);
  });

  it('is saved beside a row that failed, and compared with the one before', async () => {
    const jobId = twoRows();
    settle(databases, jobId, 2, { state: 'failed', failure: failure('F', 'input') });
    await save(jobId, 2, { order_sn: order(2), note: 'one' });
    await save(jobId, 2, { order_sn: order(2), note: 'one', tag: '1', tag_name: 'x' });
    expect(allRows(databases, jobId)[1]).toMatchObject({
      state: 'failed',
      values: { note: 'fit' },
      mended: { order: order(2), values: { note: 'one', tag: '1', tag_name: 'x' } },
    });
    expect(eventsOf(databases, { jobId, after: 0, limit: 9 }).map(({ data }) => data)).toEqual([
      { fields: 'note' },
      { fields: 'tag,tag_name' },
    ]);
  });

  it('that the check refuses is answered and not saved', async () => {
    const jobId = twoRows();
    expect(await save(jobId, 1, { order_sn: order(1), note: 'x', tag: '1' })).toMatchObject({
      saved: false,
      problems: [{ code: 'pdd.tag_pair', field: 'tag_name' }],
      warnings: [],
    });
    expect(allRows(databases, jobId)[0]?.reason).toBe('set_aside');
  });

  it('to an order that another row has is answered with its line, unless the key tells them apart', async () => {
    const jobId = twoRows();
    const values = { order_sn: order(2), note: 'n'.repeat(9) };
    expect(await save(jobId, 1, values, { settings: { noteMax: '3' } })).toEqual({
      saved: false,
      problems: [
        {
          code: 'duplicate',
          field: 'order_sn',
          message: { zh: '订单号：第 3 行已是这个订单', en: 'Order number: line 3 has this order already' },
        },
      ],
      warnings: [],
    });
    expect(await save(jobId, 1, values, { operation: { ...NOTES, rowKey: ['note'] } })).toMatchObject({ saved: true });
  });

  it('is refused for a row that may not be edited, and says why', async () => {
    const jobId = twoRows();
    settle(databases, jobId, 2, { state: 'succeeded' });
    const error = await refusal(() => save(jobId, 2, { order_sn: order(2), note: 'x' }));
    expect([error.code, error.text, error.data]).toEqual([
      'ROW_NOT_EDITABLE',
      {
        message: {
          zh: '第 3 行不能改：这一行已成功。',
          en: 'Line 3 cannot be edited: The row has succeeded.',
        },
        remedy: REMEDY,
      },
      { job: jobId, row: 2 },
    ]);
  });

  it('is refused for a row that moves on meanwhile', async () => {
    const jobId = twoRows();
    const rows = [{ rowNo: 2, order: order(2) }];
    const journal = straightJournal(databases, (name) => {
      if (name !== 'editRows') return;
      apply(databases, { entries: [{ kind: 'claim', jobId, accountId: 'shop-1', rows, hash: 'h', stampedAtMs: 1 }] });
    });
    const error = await refusal(() => save(jobId, 2, { order_sn: order(2), note: 'x' }, { journal }));
    expect([error.code, error.text]).toEqual([
      'ROW_NOT_EDITABLE',
      {
        message: { zh: '第 3 行不能改：它刚刚有了变化。', en: 'Line 3 cannot be edited: it has just changed.' },
        remedy: REMEDY,
      },
    ]);
  });
});
