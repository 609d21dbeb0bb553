import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apply } from '../../../../src/main/jobs/journal/calls.ts';
import { eventsOf } from '../../../../src/main/jobs/journal/events.ts';
import { mendFromFile, type MendedFromFile } from '../../../../src/main/jobs/mend/file.ts';
import type { JobSpec } from '../../../../src/main/jobs/types.ts';
import { allRows, failure, straightJournal, testDatabases, type TestDatabases } from '../../../support/journal.ts';
import { failure as refusal } from '../intake/support.ts';
import { NOW_MS } from '../runner/support.ts';
import { contextOf, HEADER, noteJob, NOTES, order, settle } from './support.ts';

const LINE = '控制台 行号';
const SURPLUS = '控制台 多出的单元格';

let databases: TestDatabases;
beforeEach(() => {
  databases = testDatabases();
});
afterEach(() => databases.close());

/** Takes a file of these records for mended rows. */
function mend(
  jobId: number,
  records: readonly (readonly string[])[],
  change: Parameters<typeof contextOf>[2] = {},
): Promise<MendedFromFile> {
  const text = records.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n');
  return mendFromFile(contextOf(databases, jobId, change), { kind: 'paste', text, name: 'mended.csv' });
}

const NONE = { read: 0, saved: 0, unchanged: 0, left: 0, refused: [] };
const TOP = [...HEADER, LINE];

/** A job that waits for its start: a row that is set aside for want of a note, and one that is fit. */
const twoRows = (change: Partial<JobSpec> = {}): number =>
  noteJob(
    databases,
    [
      [order(1), '', '', ''],
      [order(2), 'fit', '', ''],
    ],
    change,
  );

const written = (jobId: number) =>
  allRows(databases, jobId).map(({ order: number, values, reason }) => [number, values, reason]);

describe('a file of mended rows', () => {
  it('puts its cells in place of rows of a job that has not begun, by their lines in any order', async () => {
    const jobId = twoRows();
    expect(
      await mend(jobId, [
        TOP,
        [order(2), 'other', '红色', 'ok', '3'],
        ['', '', '', '', ''],
        [order(3), 'given', '', '', '2'],
      ]),
    ).toEqual({ ...NONE, read: 2, saved: 2 });
    expect(written(jobId)).toEqual([
      [order(3), { note: 'given' }, 'pending'],
      [order(2), { note: 'other', tag: '1', tag_name: 'ok' }, 'pending'],
    ]);
    expect(
      eventsOf(databases, { jobId, after: 0, limit: 9 }).map(({ rowNo, atMs, data }) => [rowNo, atMs, data]),
    ).toEqual([
      [2, NOW_MS, { fields: 'note,tag,tag_name' }],
      [1, NOW_MS, { fields: 'order_sn,note' }],
    ]);
  });

  it('keeps its cells beside rows that failed, for a follow-up, and leaves rows that are not to be mended', async () => {
    const jobId = noteJob(
      databases,
      [1, 2, 3].map((n) => [order(n), 'note', '', '']),
    );
    settle(databases, jobId, 1, { state: 'failed', failure: failure('F', 'input') });
    settle(databases, jobId, 2, { state: 'succeeded' });
    const records = [1, 2, 3].map((n) => [order(n), 'mended', '', '', String(n + 1)]);
    const context = contextOf(databases, jobId);
    const job = { ...context.job, state: 'paused' } as const;
    expect(await mend(jobId, [TOP, ...records], { job })).toEqual({ ...NONE, read: 3, saved: 1, left: 2 });
    expect(allRows(databases, jobId).map(({ mended }) => mended)).toEqual([
      { order: order(1), values: { note: 'mended' } },
      null,
      null,
    ]);
  });

  it('changes nothing where the cells are those of the input', async () => {
    const jobId = twoRows();
    const rows = [
      [` ="${order(1)}" `, '', '', '', '2'],
      [order(2), 'fit', '', '', '3'],
    ];
    expect(await mend(jobId, [TOP, ...rows])).toEqual({ ...NONE, read: 2, unchanged: 2 });
    expect(eventsOf(databases, { jobId, after: 0, limit: 9 })).toEqual([]);
  });

  it('tells rows that the check refuses by their lines, with the account’s settings and the job’s parameters', async () => {
    const jobId = twoRows();
    const sum = await mend(jobId, [TOP, [order(1), 'x', '1', '', '2'], [order(2), 'x', '', 'long', '3']]);
    expect(sum).toMatchObject({ read: 2, saved: 0, left: 0, unchanged: 0 });
    expect(sum.refused.map(({ line, problems }) => [line, problems.map(({ code, field }) => [code, field])])).toEqual([
      [2, [['pdd.tag_pair', 'tag_name']]],
      [3, [['field.too_long', 'tag_name']]],
    ]);
    const asked: unknown[] = [];
    const operation = {
      ...NOTES,
      checkRow: (...args: Parameters<typeof NOTES.checkRow>) => {
        asked.push(args.slice(1));
        return NOTES.checkRow(...args);
      },
    };
    await mend(jobId, [TOP, [order(1), 'x', '', '', '2']], { operation, settings: { noteMax: '7' } });
    expect(asked).toEqual([[{ mode: 'overwrite' }, { noteMax: '7' }]]);
  });

  it('refuses an order that another row has, and says which line', async () => {
    const jobId = twoRows();
    const sum = await mend(jobId, [TOP, [order(2), 'x', '', '', '2']]);
    expect(sum).toMatchObject({ read: 1, saved: 0, left: 0 });
    expect(sum.refused).toEqual([
      {
        line: 2,
        problems: [
          {
            code: 'duplicate',
            field: 'order_sn',
            message: { zh: '订单号：第 3 行已是这个订单', en: 'Order number: line 3 has this order already' },
          },
        ],
      },
    ]);
  });

  it('takes rows of one order apart by the definition’s key', async () => {
    const jobId = twoRows();
    const operation = { ...NOTES, rowKey: ['note'] };
    expect(await mend(jobId, [TOP, [order(2), 'another', '', '', '2']], { operation })).toMatchObject({ saved: 1 });
    expect(await mend(jobId, [TOP, [order(2), 'fit', '', '', '2']], { operation })).toMatchObject({
      refused: [{ line: 2 }],
    });
  });

  it('leaves a row that has moved on meanwhile', async () => {
    const jobId = twoRows();
    const journal = straightJournal(databases, (name) => {
      if (name !== 'editRows') return;
      const claim = { rowNo: 2, order: order(2) };
      apply(databases, {
        entries: [{ kind: 'claim', jobId, accountId: 'shop-1', rows: [claim], hash: 'h', stampedAtMs: 1 }],
      });
    });
    const rows = [1, 2].map((n) => [order(n), 'late', '', '', String(n + 1)]);
    expect(await mend(jobId, [TOP, ...rows], { journal })).toEqual({ ...NONE, read: 2, saved: 1, left: 1 });
  });

  it.each(['', '0', '02', '-2', '2.0', 'x2', '2x', '2xy', '99', '12345678901'])(
    'leaves a row whose line is none of the job: "%s"',
    async (line) => {
      const jobId = twoRows();
      expect(await mend(jobId, [TOP, [order(1), 'x', '', '', line]])).toEqual({ ...NONE, read: 1, left: 1 });
    },
  );

  it('knows a line with spaces around it, or protected from a spreadsheet', async () => {
    const jobId = twoRows();
    const rows = [
      [order(1), 'x', '', '', ' 2 '],
      [order(2), 'y', '', '', "'3"],
    ];
    expect(await mend(jobId, [TOP, ...rows])).toMatchObject({ saved: 2 });
  });

  it('finds the fields by their columns’ names, wherever they stand, and keeps the values of those that are gone', async () => {
    const jobId = noteJob(databases, [[order(1), 'note', '1', 'one']]);
    const top = [LINE, '标记名称', 'another', '商家备注'];
    expect(await mend(jobId, [top, ['2', 'two', 'z', ' new ']])).toMatchObject({ saved: 1 });
    expect(written(jobId)).toEqual([[order(1), { note: ' new ', tag: '1', tag_name: 'two' }, 'pending']]);
  });

  it('takes a cell that is missing at the end of a row for an empty one', async () => {
    const jobId = noteJob(databases, [[order(1), 'note', '1', 'one']]);
    const top = [LINE, '订单号', '商家备注', '标记', '标记名称'];
    expect(await mend(jobId, [top, ['2', order(1), 'new']])).toMatchObject({ saved: 1 });
    expect(written(jobId)).toEqual([[order(1), { note: 'new' }, 'pending']]);
  });

  it('goes by the fields’ names where the input had no header, and only by those that it had', async () => {
    const jobId = noteJob(databases, [[order(1), 'note', '', '']], { header: null, mapping: { order_sn: 0, note: 1 } });
    const top = ['order_sn', 'note', 'tag', 'tag_name', LINE];
    expect(await mend(jobId, [top, [order(1), 'new', '1', 'one', '2']])).toMatchObject({ saved: 1 });
    expect(written(jobId)).toEqual([[order(1), { note: 'new' }, 'pending']]);
  });

  it('restores the cells of an export, names of columns too, and takes those of a raw one as they stand', async () => {
    const header = ['=no', "'note"];
    const jobId = (): number => noteJob(databases, [[order(1), 'note']], { header, mapping: { order_sn: 0, note: 1 } });
    const [one, two] = [jobId(), jobId()];
    expect(
      await mend(one, [
        ["'=no", "''note", LINE],
        [`'${order(1)}`, "'=1+1", '2'],
      ]),
    ).toMatchObject({ saved: 1 });
    expect(written(one)).toEqual([[order(1), { note: '=1+1' }, 'pending']]);
    expect(
      await mend(two, [
        [...header, '控制台原样 行号'],
        [order(1), "'=1+1", '2'],
      ]),
    ).toMatchObject({ saved: 1 });
    expect(written(two)).toEqual([[order(1), { note: "'=1+1" }, 'pending']]);
  });

  it('leaves a row whose surplus cells are damaged', async () => {
    const jobId = twoRows();
    const rows = [
      [order(1), 'x', '', '', '2', '["more"]'],
      [order(2), 'x', '', '', '3', '["more'],
    ];
    expect(await mend(jobId, [[...TOP, SURPLUS], ...rows])).toEqual({ ...NONE, read: 2, saved: 1, left: 1 });
  });

  it('goes by what was mended before, not by the input, for what it names as changed', async () => {
    const jobId = twoRows();
    await mend(jobId, [TOP, [order(1), 'first', '1', 'one', '2']]);
    await mend(jobId, [
      [LINE, '商家备注'],
      ['2', 'second'],
    ]);
    expect(written(jobId)[0]).toEqual([order(1), { note: 'second', tag: '1', tag_name: 'one' }, 'pending']);
    expect(eventsOf(databases, { jobId, rowNo: 1, after: 0, limit: 9 }).map(({ data }) => data)).toEqual([
      { fields: 'note,tag,tag_name' },
      { fields: 'note' },
    ]);
  });

  it('looks rows up five hundred at a time', async () => {
    const jobId = twoRows();
    const looked: unknown[] = [];
    const journal = straightJournal(databases, (name, args) => {
      if (name === 'rowsAtLines') looked.push((args as { lines: readonly number[] }).lines.length);
    });
    const beyond = Array.from({ length: 1_001 }, (_, index) => ['x', '', '', '', String(index + 9)]);
    expect(await mend(jobId, [TOP, ...beyond], { journal })).toEqual({ ...NONE, read: 1_001, left: 1_001 });
    expect(looked).toEqual([500, 500, 1]);
  });

  it('keeps the first thousand refusals', async () => {
    const rows = Array.from({ length: 1_001 }, (_, index) => [order(index + 1), 'note', '', '']);
    const jobId = noteJob(databases, rows);
    const bad = rows.map(([number = ''], index) => [number, '', '', '', String(index + 2)]);
    const sum = await mend(jobId, [TOP, ...bad]);
    expect(sum).toMatchObject({ read: 1_001, saved: 0, left: 0, unchanged: 0 });
    expect(sum.refused.map(({ line }) => line)).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 2));
  });
});

describe('a file that is no export of the job', () => {
  it.each<[string, readonly string[]]>([
    ['without a column of ours', HEADER],
    ['whose lines have been deleted', [...HEADER, SURPLUS]],
  ])('is refused: one %s', async (_which, top) => {
    const jobId = twoRows();
    const error = await refusal(() => mend(jobId, [top, [order(1), 'x', '', '', '2']]));
    expect([error.code, error.text, error.data]).toEqual([
      'INTAKE_HEADER',
      {
        message: {
          zh: '“mended.csv”不是这个任务的导出文件，或没有“控制台 行号”一列，找不到对应的行。',
          en: '"mended.csv" is no export of this job, or lacks its column "Console line", so its rows cannot be told.',
        },
        remedy: {
          zh: '请用 jobs export 重新导出，只改单元格的内容，保留各列。',
          en: 'Export the job anew with "jobs export", change cells alone and keep the columns.',
        },
      },
      { file: 'mended.csv' },
    ]);
  });

  it('is refused by what reading it throws', async () => {
    const jobId = twoRows();
    await expect(
      mendFromFile(contextOf(databases, jobId), { kind: 'paste', text: '', name: 'none' }),
    ).rejects.toMatchObject({ code: 'INTAKE_EMPTY' });
  });
});
