import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteInput } from '../../../src/contract/routes.ts';
import { openInput } from '../../../src/main/jobs/intake/input.ts';
import { startTwins } from '../../../src/main/twins/index.ts';
import { bookOf, rowsOf } from '../../support/workbook.ts';
import { accountOf, folderOf, inFolder, TestConsole } from './support.ts';

const folder = folderOf();
let test: TestConsole;
let target: { accountId: string; operation: string };
beforeAll(async () => {
  test = await TestConsole.start(folder.path, { twins: () => startTwins({ orders: 20 }) });
  target = { accountId: await accountOf(test, 'pdd'), operation: 'note-update' };
});
afterAll(async () => {
  await test.console.close();
  folder.remove();
});

const ORDER = '240522-100000000000001';
const OTHER = '240522-100000000000002';
const options = { readBefore: false, writeUnreadable: false, verifyAfter: false };

async function fileOf(name: string, content: string | Buffer): Promise<{ kind: 'file'; fileId: string }> {
  const path = inFolder(folder.path, name);
  writeFileSync(path, content);
  return { kind: 'file', fileId: (await test.call('files.register', { path })).fileId };
}

const importing = (
  importId: string,
  source: RouteInput<'updates.import'>['source'],
  change: Partial<RouteInput<'updates.import'>> = {},
): RouteInput<'updates.import'> => ({
  ...target,
  importId,
  params: {},
  source,
  mapping: { order_sn: 0, note: 1 },
  options,
  ...change,
});

describe('a workbook', () => {
  it('shows its sheets with their rows, is read at the chosen one, and the job says which', async () => {
    const bytes = bookOf({
      sheets: [
        { name: '说明', data: rowsOf([['先看这里']]) },
        {
          name: '备注',
          data: rowsOf([
            ['订单号', '商家备注'],
            [ORDER, '好'],
            ['<c r="@"><v>2.4052210000000001E+17</v></c>', 'x'],
          ]),
        },
      ],
    });
    const source = await fileOf('book.xlsx', bytes);
    const first = await test.call('updates.look', { ...target, source });
    expect(first).toMatchObject({
      sheet: '说明',
      sheets: [
        { name: '说明', hidden: false, rows: 1 },
        { name: '备注', hidden: false, rows: 3 },
      ],
      encoding: null,
    });
    const chosen = { ...source, sheet: '备注' };
    const look = await test.call('updates.look', { ...target, source: chosen });
    expect(look).toMatchObject({ sheet: '备注', mapping: { order_sn: 0, note: 1 }, remembered: false, earlier: [] });
    expect(look.sample.map(({ line }) => line)).toEqual([2, 3]);

    const { jobId, rows } = await test.call('updates.import', importing('book', chosen));
    expect(rows).toBe(2);
    const { job, counts } = await test.call('jobs.get', { jobId });
    expect(job.source).toMatchObject({ kind: 'file', name: 'book.xlsx', sheet: '备注' });
    expect(counts.byProblem).toEqual({ 'cell.scientific': 1 });
    const damaged = await test.call('jobs.rows', { jobId, filter: { code: 'cell.scientific' }, offset: 0, limit: 5 });
    expect(damaged.rows[0]).toMatchObject({ line: 3, values: null });
    expect(damaged.rows[0]?.problem?.message.en).toMatch(/^Sheet "备注", line 3, column A: /u);
    expect((await test.call('jobs.reasons', { jobId }))[0]?.text?.zh).toBe('科学计数的单元格');
  });
});

describe('the columns of a header', () => {
  it('are proposed as they were last used, also when they have been moved', async () => {
    const name = 'moved.csv';
    const source = await fileOf(name, `单号甲,说明乙,别的\n${ORDER},a,b\n`);
    expect(await test.call('updates.look', { ...target, source })).toMatchObject({ remembered: false, mapping: {} });
    await test.call('updates.import', importing('columns', source, { mapping: { order_sn: 0, note: 2 } }));

    const moved = await fileOf(name, `别的,单号甲,说明乙\nb,${OTHER},a\n`);
    const look = await test.call('updates.look', { ...target, source: moved });
    expect(look).toMatchObject({ remembered: true, mapping: { order_sn: 1, note: 0 }, ambiguous: [], missing: [] });
    const other = await fileOf('other.csv', `别的,单号甲\nb,${OTHER}\n`);
    expect((await test.call('updates.look', { ...target, source: other })).remembered).toBe(false);
  });
});

describe('a file that was read in before', () => {
  it('is told of with its job, and refused until the person knows', async () => {
    const text = `订单号,商家备注\n${OTHER},again\n`;
    const { jobId } = await test.call('updates.import', importing('first', await fileOf('same.csv', text)));
    // Another name, the same bytes.
    const again = await fileOf('same-copy.csv', text);
    const look = await test.call('updates.look', { ...target, source: again });
    expect(look.earlier).toMatchObject([{ jobId, state: 'ready', total: 1, succeeded: 0 }]);

    const { total } = await test.call('jobs.list', { offset: 0, limit: 1 });
    const error = await test.refusal('updates.import', importing('second', again));
    expect([error.code, error.data]).toEqual(['INTAKE_REPEATED', { file: 'same-copy.csv', job: jobId }]);
    expect((await test.call('jobs.list', { offset: 0, limit: 1 })).total).toBe(total);

    const known = await test.call('updates.import', importing('third', again, { known: [jobId] }));
    const both = await test.call('updates.look', { ...target, source: again });
    expect(both.earlier.map((one) => one.jobId)).toEqual([known.jobId, jobId]);
    // Given up before anything was sent, it is no import to warn of; nor is one byte more the same file.
    await test.call('jobs.cancel', { jobId });
    await test.call('jobs.cancel', { jobId: known.jobId });
    expect((await test.call('updates.look', { ...target, source: again })).earlier).toEqual([]);
    const paste = { kind: 'paste', text } as const;
    expect((await test.call('updates.look', { ...target, source: paste })).earlier).toEqual([]);
  });
});

describe('a template', () => {
  it.each(['csv', 'xlsx'] as const)('as %s has the columns of its operation, and is known again', async (format) => {
    const path = inFolder(folder.path, `template.${format}`);
    test.desk.saveTo = (name) => (name === `pdd-note-update-template.${format}` ? path : '/wrong');
    const saved = await test.call('updates.template', { ...target, format });
    expect(saved).toMatchObject({ name: `template.${format}`, rows: 1 });
    const source = { kind: 'file', fileId: (await test.call('files.register', { path })).fileId } as const;
    const look = await test.call('updates.look', { ...target, source });
    expect(Object.keys(look.mapping).toSorted()).toEqual(['note', 'order_sn', 'tag', 'tag_name'].toSorted());
    expect(look).toMatchObject({ ambiguous: [], missing: [] });
    expect(look.sample).toHaveLength(1);
    const input = await openInput({ kind: 'file', path });
    expect(input.first.cells).toEqual(look.header);
  });

  it('is not written when the dialog is closed', async () => {
    test.desk.saveTo = null;
    expect(await test.call('updates.template', { ...target, format: 'csv' })).toBeNull();
    expect(existsSync(inFolder(folder.path, 'pdd-note-update-template.csv'))).toBe(false);
  });
});
